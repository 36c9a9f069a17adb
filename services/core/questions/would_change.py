"""What would change an answer: what is missing and by when, and what time alone will do. Pure.

What time does is found by asking again on the day after the answer ends.
"""

from collections.abc import Iterator
from datetime import date

from contracts.events.values import Day
from contracts.policies.language import CountedHours
from services.core.calendar import ONE_DAY
from services.core.questions.missing import Asked, Entry, missing, renewal
from services.core.rules.hours import printed
from services.core.rules.parts import hours_asked
from services.core.rules.verdict import HOLDING, Determination, Node, Status, as_need
from services.core.words.catalogue import STANDS
from services.core.words.sentences import entry, measured, stands_in_words, verdict_in_words, why

MAX_STEPS = 32
"""How many days on which something might change are looked at for the first change of status."""
WITHOUT_RULE: frozenset[Status] = frozenset({"not_in_force", "undefined_in_policy"})


def would_change(asked: Asked, found: Determination) -> tuple[Entry, ...]:
    """Return what would change the answer, what is missing first, then what time does to it, each with its sentence."""
    node = found.node
    days = tuple(_rule_days(asked, node))
    # Where the end of the rule is the next change, one entry says so.
    ends = {date.fromisoformat(one["until"]) for one in days if "until" in one}
    turned = (one for one in _by_itself(asked, found) if date.fromisoformat(one["on"]) - ONE_DAY not in ends)
    return (*missing(asked, node), *renewal(asked, node), *turned, *days)


def _by_itself(asked: Asked, found: Determination) -> Iterator[Entry]:
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
        yield from what_stays(asked.question.determination, before, later, day)
        # Hours leave a rolling window one training after the other: the first is enough to see it.
        if hours and later.result["counted_hours"] != node.result["counted_hours"]:
            yield _counted(hours, later, day)
            hours = None
        until, before = answered.until, later


def _counted(hours: CountedHours, later: Node, day: Day) -> Entry:
    """Return the hours that are counted from the day on, while the status stays."""
    counted = later.result["counted_hours"]
    members = {"need": "time", "on": day.isoformat(), "status": later.status, "reason": later.reason}
    told = measured(counted or printed(0), hours.unit)
    return entry("time_counted", {**members, "result": {"counted_hours": counted}}, counted=told)


def what_stays(determination: str, before: Node, later: Node, day: Day) -> Iterator[Entry]:
    """Yield what becomes another from the day on while the status stays."""
    fields = [name for name in STANDS if name in before.result and name in later.result]
    changed = {name: later.result[name] for name in fields if later.result[name] != before.result[name]}
    members = {"need": "time", "on": day.isoformat(), "status": later.status, "reason": later.reason}
    if changed:
        told = stands_in_words(changed, later.result.get("unit"))
        yield entry("time_stands", {**members, "result": changed}, told=told)
    elif later.reason != before.reason:
        reason = why(later.status, later.reason)
        status = verdict_in_words(determination, later.status)
        yield entry("time_still_because" if reason else "time_still", members, status=status, reason=reason or status)


def _turned(asked: Asked, node: Node, later: Node, day: Day) -> Entry:
    members = {"need": "time", "on": day.isoformat(), "status": later.status, "reason": later.reason}
    status = verdict_in_words(asked.question.determination, later.status)
    hours = hours_asked(asked.rule)
    if hours and _hours_turn(hours, node, later):
        short = later.result["shortfall_hours"]
        kept = {**members, "amount": short, "unit": hours.unit}
        return entry("time_hours", kept, status=status, amount=measured(short, hours.unit))
    reason = why(later.status, later.reason)
    if reason is None:
        return entry("time", members, status=status)
    return entry("time_because", members, status=status, reason=reason)


def _hours_turn(hours: CountedHours, node: Node, later: Node) -> bool:
    """Return whether hours that leave a rolling window are what turns the status, so that more of them would keep it.

    They are not where something else held the status up to then, nor where they would not be asked about any more.
    """
    if not hours.window.rolling_years or node.status not in HOLDING or later.status in WITHOUT_RULE:
        return False
    now, then = node.result.get("shortfall_hours"), later.result.get("shortfall_hours")
    return now == printed(0) and then not in (None, printed(0)) and later.reason != "not_engaged"


def _rule_days(asked: Asked, node: Node) -> Iterator[Entry]:
    """Yield the begin or the end of the days on which the text is in force, where it has a clause."""
    if not asked.rule.clause:
        return
    first, last, as_of = asked.context.first_day, asked.context.last_day, asked.question.as_of
    day = node.decided_on or as_of
    if day < first:
        yield entry("in_force", as_need("in_force", first))
    elif last is not None and day > last:
        yield entry("rule_ended", {**as_need("rule", as_of), "ended_on": last.isoformat()})
    elif last is not None and as_of <= last and node.status not in WITHOUT_RULE:
        yield entry("rule_ends", {"need": "in_force", "until": last.isoformat()})
