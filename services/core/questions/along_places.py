"""What would change an answer when the question names no place and the person is known to leave this one. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import UNSET, structs

from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.questions.advice import (
    Advice,
    FewerHours,
    Renewal,
    ResultChange,
    StatusChange,
    TextInForce,
    TimedChange,
)
from services.core.questions.whole import WholeAnswer
from services.core.questions.would_change import changes_within_status
from services.core.rules.verdict import Node

MAX_MOVES = 8
"""Changes of place that are followed in search of the first change of status."""


def along_places(here: WholeAnswer, place_until: Day | None, later: Iterable[WholeAnswer]) -> list[Advice]:
    """Return what would change `here` for a person who leaves this place after the day `place_until`.

    `later` has the answers to the same question on the first day in each following place, under its rules.
    """
    if place_until is None or place_until >= date.max:
        return list(here.would_change)
    advice: list[Advice] = [entry for entry in here.would_change if not isinstance(entry, TimedChange)]
    if any(
        isinstance(entry, TextInForce) and entry.until is not UNSET and entry.until <= place_until for entry in advice
    ):
        return [*advice, *_in_time(here)]
    stay = here
    for moves, then in enumerate(later):
        passing = [entry for entry in _in_time(stay) if entry.on < then.as_of]
        advice += passing
        if moves == MAX_MOVES or any(entry.status != here.node.status for entry in passing):
            return advice
        # If neither text has the rule, a different text changes nothing.
        both_silent = then.node.status == here.node.status == "undefined_in_policy"
        if not both_silent and (then.policy.digest != here.policy.digest or then.node.status != here.node.status):
            return [*(entry for entry in advice if not _opens_after(entry, then.as_of)), _change_of_place(here, then)]
        advice += changes_within_status(_changed_by(stay.node, passing), then.node, then.as_of)
        stay = then
    return [*advice, *_in_time(stay)]


def _opens_after(entry: Advice, day: Day) -> bool:
    """Say whether the entry is a renewal that opens on `day` or later, when another answer stands."""
    return isinstance(entry, Renewal) and entry.from_ >= day


def _changed_by(node: Node, passing: Iterable[TimedChange]) -> Node:
    """Return the answer after changes over time that left its status as it was."""
    for entry in passing:
        changed: Mapping[Any, Any] = entry.result if isinstance(entry, ResultChange | FewerHours) else {}
        node = structs.replace(node, reason=entry.reason, result=structs.replace(node.result, **changed))
    return node


def _in_time(answer: WholeAnswer) -> list[TimedChange]:
    return [entry for entry in answer.would_change if isinstance(entry, TimedChange)]


def _change_of_place(here: WholeAnswer, then: WholeAnswer) -> StatusChange:
    """Return the answer of the first day in another place, which is named only if it answers by another pack."""
    status, reason = then.node.status, then.node.reason
    if then.policy.digest == here.policy.digest:
        return StatusChange(code="time", on=then.as_of, status=status, reason=reason)
    return StatusChange(
        code="place", need="place", on=then.as_of, status=status, reason=reason, until=then.as_of - ONE_DAY
    )
