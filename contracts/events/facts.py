"""What a person's streams amount to: the facts, the events they rest on, and what is wrong with revisions. Pure."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from msgspec import Struct

from contracts.events.catalogue import Data
from contracts.events.values import Day

Problem: TypeAlias = Literal[
    "target_unknown", "void_of_a_void", "correction_cycle", "target_would_be_invalid", "told_twice"
]


class Evidence(Struct, frozen=True):
    """A pointer to an event that an answer rests on."""

    event_id: str
    position: int
    type: str


class Telling(Struct, frozen=True):
    """What an event said from position `since` on, and of which day."""

    occurred_on: Day
    data: Data
    since: int


class Fact(Struct, frozen=True):
    """An event as its corrections leave it. `evidence` names it and the corrections that apply.

    `recorded_on` is the day in China on which the last of these was recorded; None outside any ledger. `before` has
    what the event said before it said this, in order, also by corrections that were voided since.
    """

    event_id: str
    position: int
    type: str
    occurred_on: Day
    data: Data
    evidence: tuple[Evidence, ...]
    recorded_on: Day | None = None
    before: tuple[Telling, ...] = ()


class Finding(Struct, frozen=True):
    """A revision that changes nothing, and why."""

    event_id: str
    target: str
    problem: Problem
    detail: str


@dataclass(frozen=True)
class Stream:
    """The events that remain, those that were voided (as they read before), and the revisions that do not apply."""

    facts: tuple[Fact, ...]
    voided: tuple[Fact, ...]
    findings: tuple[Finding, ...]
