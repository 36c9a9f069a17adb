"""What would change an answer: what is missing and by when, and what time alone will do. Pure.

What time does is found by asking again on the day after the answer ends.
"""

from collections.abc import Iterator
from datetime import date

from contracts.events.values import Day
from contracts.policies.language import CountedHours
from services.core.calendar import ONE_DAY
from services.core.questions.advice import Advice, Becomes, FewerHours, HoursRunOut, InTime, TextTurns, Turns
from services.core.questions.asked import Asked
from services.core.questions.missing import missing
from services.core.questions.renewal import renewal
from services.core.rules.hours import printed
from services.core.rules.kinds.entitlements import AllowanceResult
from services.core.rules.kinds.talent import TalentResult
from services.core.rules.kinds.training_hours import HoursResult
from services.core.rules.parts import hours_asked
from services.core.rules.verdict import HOLDING, Determination, Node, Status

MAX_STEPS = 32
"""How many days on which something might change are looked at for the first change of status."""
WITHOUT_RULE: frozenset[Status] = frozenset({"not_in_force", "undefined_in_policy"})


def would_change(asked: Asked, found: Determination) -> tuple[Advice, ...]:
    """Return what would change the answer, what is missing first, then what time does to it."""
    node = found.node
    days = tuple(_rule_days(asked, node))
    # Where the end of the rule is the next change, one entry says so.
    ends = {one.until for one in days}
    turned = (one for one in _by_itself(asked, found) if one.on - ONE_DAY not in ends)
    return (*missing(asked, node), *renewal(asked, node), *turned, *days)


def _by_itself(asked: Asked, found: Determination) -> Iterator[InTime]:
    """Yield the day on which the status becomes another if nothing new is recorded, and what would keep it.

    Before it, the days on which the status stays and what it grants, lacks or is due to becomes another.
    """
    node = before = found.node
    until = None if node.status == "undefined_in_policy" else found.until
    hours = hours_asked(asked.rule)
    for _ in range(MAX_STEPS):
        if until is None or until >= date.max:
            return
        day = until + ONE_DAY
        answered = asked.on(day)
        later = answered.node
        if later.status != node.status:
            yield _turned(asked, node, later, day)
            return
        yield from what_stays(before, later, day)
        # Hours leave a rolling window one training after the other: the first is enough to see it.
        counted, now = _hours(later), _hours(node)
        if hours and counted and now and counted.counted_hours != now.counted_hours:
            yield FewerHours(
                on=day,
                status=later.status,
                reason=later.reason,
                result={"counted_hours": counted.counted_hours},
                hours=hours.unit,
            )
            hours = None
        until, before = answered.until, later


def what_stays(before: Node, later: Node, day: Day) -> Iterator[InTime]:
    """Yield what becomes another from the day on while the status stays."""
    was, now = before.result, later.result
    changed = {name: getattr(now, name) for name in now.TOLD if getattr(now, name) != getattr(was, name)}
    if changed:
        yield Becomes(
            on=day,
            status=later.status,
            reason=later.reason,
            result=changed,
            money=now.unit if isinstance(now, AllowanceResult) else None,
        )
    elif later.reason != before.reason:
        yield Turns(code="time_still", on=day, status=later.status, reason=later.reason)


def _turned(asked: Asked, node: Node, later: Node, day: Day) -> InTime:
    hours = hours_asked(asked.rule)
    if hours and (short := _short_by_then(hours, node, later)):
        return HoursRunOut(on=day, status=later.status, reason=later.reason, amount=short, unit=hours.unit)
    return Turns(code="time", on=day, status=later.status, reason=later.reason)


def _short_by_then(hours: CountedHours, node: Node, later: Node) -> str | None:
    """Return the hours short where it is hours leaving a rolling window that turn the status: more would keep it.

    They would not where something else held the status up to then, nor where they would not be asked about any more.
    """
    if not hours.window.rolling_years or node.status not in HOLDING or later.status in WITHOUT_RULE:
        return None
    now, then = _hours(node), _hours(later)
    if now is None or then is None or now.shortfall_hours != printed(0) or later.reason == "not_engaged":
        return None
    return None if then.shortfall_hours == printed(0) else then.shortfall_hours


def _hours(node: Node) -> HoursResult | TalentResult | None:
    return node.result if isinstance(node.result, HoursResult | TalentResult) else None


def _rule_days(asked: Asked, node: Node) -> Iterator[TextTurns]:
    """Yield the begin or the end of the days on which the text is in force, where it has a clause."""
    if not asked.rule.clause:
        return
    first, last, as_of = asked.context.first_day, asked.context.last_day, asked.as_of
    day = node.decided_on or as_of
    if day < first:
        yield TextTurns(code="in_force", need="in_force", from_=first)
    elif last is not None and day > last:
        yield TextTurns(code="rule_ended", need="rule", from_=as_of, ended_on=last)
    elif last is not None and as_of <= last and node.status not in WITHOUT_RULE:
        yield TextTurns(code="rule_ends", need="in_force", until=last)
