"""What would change an answer: what is missing and by when, and what time alone will change. Pure.

To see what time changes, the question is evaluated again on the day after the answer ends.
"""

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.questions.advice import (
    Advice,
    FewerHours,
    HoursRunOut,
    ResultChange,
    StatusChange,
    TextInForce,
    TimedChange,
)
from services.core.questions.missing import missing
from services.core.questions.registering import higher_registration
from services.core.questions.renewal import renewal
from services.core.questions.results import announced_changes, money_of
from services.core.rules.conditions.trained import Trained
from services.core.rules.hours import decimal_text
from services.core.rules.kinds.kind import Inquiry, Kind
from services.core.rules.kinds.talent import Talent, TalentResult
from services.core.rules.kinds.training import Training
from services.core.rules.parts import words_of
from services.core.rules.reckoning import HoursResult
from services.core.rules.verdict import HOLDING, Determination, Node, Status

MAX_STEPS = 32
"""Days of possible change that are evaluated in search of the first change of status."""
HoursAsked: TypeAlias = Training | Trained
WITHOUT_RULE: frozenset[Status] = frozenset({"not_in_force", "undefined_in_policy"})


def would_change(inquiry: Inquiry, answer: Determination) -> tuple[Advice, ...]:
    """Return what would change the answer: first what is missing, then what time changes."""
    node = answer.node
    rule_days = tuple(_rule_days(inquiry, node))
    # If the next change is the end of the text, it is not listed twice.
    ends = {entry.until for entry in rule_days}
    in_time = (entry for entry in _changes_in_time(inquiry, answer) if entry.on - ONE_DAY not in ends)
    return (
        *missing(inquiry, node),
        *higher_registration(inquiry, node),
        *renewal(inquiry, node),
        *in_time,
        *rule_days,
    )


def _changes_in_time(inquiry: Inquiry, answer: Determination) -> Iterator[TimedChange]:
    """Yield the first change of status if nothing new is recorded, and what would prevent it.

    Before it come the days on which the status stays but its result or reason changes.
    """
    node = before = answer.node
    until = None if node.status == "undefined_in_policy" else answer.until
    hours = hours_asked(inquiry.kind)
    for _ in range(MAX_STEPS):
        if until is None or until >= date.max:
            return
        day = until + ONE_DAY
        next_answer = inquiry.on(day)
        later = next_answer.node
        if later.status != node.status:
            yield _status_change(inquiry, node, later, day)
            return
        yield from changes_within_status(before, later, day)
        # Trainings leave a rolling window one by one: reporting the first is enough.
        hours_later, hours_now = _hours(later), _hours(node)
        if hours and hours_later and hours_now and hours_later.counted_hours != hours_now.counted_hours:
            yield FewerHours(
                on=day,
                status=later.status,
                reason=later.reason,
                result={"counted_hours": hours_later.counted_hours},
                hours=hours.unit,
            )
            hours = None
        until, before = next_answer.until, later


def changes_within_status(before: Node, later: Node, day: Day) -> Iterator[TimedChange]:
    """Yield the changes of result or reason on `day`, between two answers of the same status."""
    changed = announced_changes(before, later)
    if changed:
        yield ResultChange(
            on=day,
            status=later.status,
            reason=later.reason,
            result=changed,
            money=money_of(later),
        )
    elif later.reason != before.reason:
        yield StatusChange(code="time_still", on=day, status=later.status, reason=later.reason)


def _status_change(inquiry: Inquiry, node: Node, later: Node, day: Day) -> TimedChange:
    hours = hours_asked(inquiry.kind)
    if hours and not _lacks_work(inquiry.kind, later) and (short := _short_by_then(hours, node, later)):
        return HoursRunOut(on=day, status=later.status, reason=later.reason, amount=short, unit=hours.unit)
    return StatusChange(code="time", on=day, status=later.status, reason=later.reason)


def _short_by_then(hours: HoursAsked, node: Node, later: Node) -> str | None:
    """Return the missing hours if the status changes because hours leave a rolling window, so that more would keep it.

    Hours would not keep it where something else held the status so far, or where the later answer no longer asks for
    them.
    """
    if not hours.window.rolls or node.status not in HOLDING or later.status in WITHOUT_RULE:
        return None
    now, then = _hours(node), _hours(later)
    if now is None or then is None or now.shortfall_hours != decimal_text(0):
        return None
    return None if then.shortfall_hours == decimal_text(0) else then.shortfall_hours


def _lacks_work(kind: Kind, later: Node) -> bool:
    """Say whether work is asked for that is missing or open by then, so that hours alone keep nothing."""
    asked = isinstance(kind, Talent) and "engaged" in kind.asked
    return asked and isinstance(later.result, TalentResult) and later.result.engaged is not True


def hours_asked(kind: Kind) -> HoursAsked | None:
    """Return the hours that a rule requires; None if it requires none."""
    if isinstance(kind, Training):
        return kind
    return next((word for word in words_of(kind) if isinstance(word, Trained)), None)


def _hours(node: Node) -> HoursResult | None:
    return node.result if isinstance(node.result, HoursResult) else None


def _rule_days(inquiry: Inquiry, node: Node) -> Iterator[TextInForce]:
    """Yield when the text comes into force or ceases to be, where it has a clause."""
    if not inquiry.rule.clause:
        return
    first, last, as_of = inquiry.context.first_day, inquiry.context.last_day, inquiry.as_of
    day = node.decided_on or as_of
    if day < first:
        yield TextInForce(code="in_force", need="in_force", from_=first)
    elif last is not None and day > last:
        yield TextInForce(code="rule_ended", need="rule", from_=as_of, ended_on=last)
    elif last is not None and as_of <= last and node.status not in WITHOUT_RULE and inquiry.text_ends:
        yield TextInForce(code="rule_ends", need="in_force", until=last)
