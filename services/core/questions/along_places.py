"""What would change an answer for who asks without naming a place, and is known to leave this one. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import UNSET, structs

from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.questions.advice import Advice, Becomes, FewerHours, InTime, Renewal, TextTurns, Turns
from services.core.questions.whole import WholeAnswer
from services.core.questions.would_change import what_stays
from services.core.rules.verdict import Node

MAX_MOVES = 8
"""How many changes of place are looked over for the first change of status."""


def along_places(here: WholeAnswer, place_until: Day | None, later: Iterable[WholeAnswer]) -> list[Advice]:
    """Return what would change `here` for who asks without naming a place, and leaves this one after `place_until`.

    `later` is the same question on the first day of each place that follows, under the rules of that place.
    """
    if place_until is None or place_until >= date.max:
        return list(here.would_change)
    told: list[Advice] = [one for one in here.would_change if not isinstance(one, InTime)]
    if any(isinstance(one, TextTurns) and one.until is not UNSET and one.until <= place_until for one in told):
        return [*told, *_in_time(here)]
    stay = here
    for moves, then in enumerate(later):
        passing = [one for one in _in_time(stay) if one.on < then.as_of]
        told += passing
        if moves == MAX_MOVES or any(one.status != here.node.status for one in passing):
            return told
        # Where neither text has the rule, another text is no change.
        silent = then.node.status == here.node.status == "undefined_in_policy"
        if not silent and (then.policy.digest != here.policy.digest or then.node.status != here.node.status):
            return [*(one for one in told if not _opens_from(one, then.as_of)), _moved(here, then)]
        told += what_stays(_after(stay.node, passing), then.node, then.as_of)
        stay = then
    return [*told, *_in_time(stay)]


def _opens_from(one: Advice, day: Day) -> bool:
    """Say whether a renewal opens no sooner than the day, when another answer stands."""
    return isinstance(one, Renewal) and one.from_ >= day


def _after(node: Node, passing: Iterable[InTime]) -> Node:
    """Return the answer as it stands after what time has changed of it while its status stays."""
    for one in passing:
        changed: Mapping[Any, Any] = one.result if isinstance(one, Becomes | FewerHours) else {}
        node = structs.replace(node, reason=one.reason, result=structs.replace(node.result, **changed))
    return node


def _in_time(answer: WholeAnswer) -> list[InTime]:
    return [one for one in answer.would_change if isinstance(one, InTime)]


def _moved(here: WholeAnswer, then: WholeAnswer) -> Turns:
    """Return what the answer becomes on the first day in another place; other rules are told only where they are."""
    status, reason = then.node.status, then.node.reason
    if then.policy.digest == here.policy.digest:
        return Turns(code="time", on=then.as_of, status=status, reason=reason)
    return Turns(code="place", need="place", on=then.as_of, status=status, reason=reason, until=then.as_of - ONE_DAY)
