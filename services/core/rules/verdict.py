"""Status words, and the tree that an evaluation makes."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from contracts.events.values import Day, ExamLevel, TrainingUnit
from contracts.policies.language import LocalStandard, Rule, Text
from contracts.policies.readings import Assumption
from services.core.calendar import Window
from services.core.facts.facts import Facts, Sources, Training, TrainingPart

Status: TypeAlias = Literal[
    "met",
    "not_met",
    "pending",
    "eligible",
    "not_eligible",
    "conforming",
    "not_conforming",
    "valid",
    "lapsed",
    "none",
    "needs_review",
    "not_in_force",
    "not_applicable",
    "undefined_in_policy",
]


HOLDING: frozenset[Status] = frozenset({"met", "eligible", "conforming", "valid"})
"""Statuses that somebody gains or loses something by."""
UNJUDGED: frozenset[Status] = frozenset({"not_in_force", "not_applicable", "undefined_in_policy"})
"""Statuses that judge nobody. What the facts alone give stands beside them all the same."""


class Question(Struct, frozen=True):
    """`period` is a calendar year for the annual figure, by default that of `as_of`; `level` is for exam.complete."""

    determination: str
    as_of: Day
    period: int | None = None
    level: ExamLevel | None = None


class Workings(Struct, frozen=True):
    """What a count of hours was made from, kept for those who ask for its explanation."""

    unit: TrainingUnit
    trainings: tuple[Training, ...]
    counted: tuple[TrainingPart, ...]
    not_counted: tuple[tuple[str, str], ...]


class Node(Struct, frozen=True):
    """One rule or condition, answered for one day.

    `until` is the last day on which the status and every stored field of the result stand if nothing new is recorded;
    None where nothing can change. It may be early, never late. With `rolling_years` the result's window moves every day
    and is left out of that. `would_change` names what is missing; `WholeAnswer.would_change` says it whole.
    """

    rule: str
    status: Status
    until: Day | None
    clause: str
    text: Text
    sources: Sources = ()
    children: tuple["Node", ...] = ()
    reason: str | None = None
    result: Mapping[str, Any] = {}
    would_change: tuple[Mapping[str, Any], ...] = ()
    standards: tuple[str, ...] = ()
    decided_on: Day | None = None
    rolling_years: int | None = None
    workings: Workings | None = None
    further_clauses: tuple[str, ...] = ()
    interpretation: Text | None = None


class PolicyUsed(Struct, frozen=True):
    """The pack whose text answered."""

    jurisdiction: str
    edition: str
    digest: str
    document: str
    last_verified_on: Day
    standards: tuple[str, ...]


class Determination(Struct, frozen=True):
    """The answer to one question about one person: what is judged, by which readings and which text."""

    determination: str
    jurisdiction: str
    as_of: Day
    node: Node
    readings: tuple[str, ...]
    policy: PolicyUsed
    source_status: str


class Context(Struct, frozen=True):
    """What a rule is compiled for: the days of its edition, local standards, one assumption.

    `jurisdiction` is the pack's, inside which its rules look for work; `place` is the one asked about.
    """

    jurisdiction: str
    place: str
    first_day: Day
    last_day: Day | None
    standards: tuple[LocalStandard, ...] = ()
    assumption: Assumption | None = None

    def assumes(self, choice: str) -> bool:
        """Say whether the rule is read under this alternative."""
        return self.assumption is not None and self.assumption.choice == choice


Form: TypeAlias = Callable[[Facts, Question], Node]
"""A rule compiled: the answer to a question about one person, as if its text were in force."""


def made(name: str, rule: Rule, status: Status, until: Day | None, **rest: Any) -> Node:
    """Return the node of a rule, with the rule's clauses and sentences."""
    return Node(
        name,
        status,
        until,
        rule.clause,
        rule.text,
        further_clauses=rule.further_clauses,
        interpretation=rule.interpretation,
        **rest,
    )


def as_need(what: str, as_of: Day) -> Mapping[str, Any]:
    """Return what is missing from `as_of` on."""
    return {"need": what, "from": as_of.isoformat()}


def window_ends(window: Window | None) -> Mapping[str, Any] | None:
    """Return a window as results show it, both ends inclusive."""
    return None if window is None else {"from": window.first, "until": window.last}


def judgement(determination: Determination) -> dict[str, Any]:
    """Return what is judged: what rows keep of a determination and timelines compare."""
    node = determination.node
    return {
        "status": node.status,
        "reason": node.reason,
        "result": node.result,
        "clauses": clauses(node),
        "readings": determination.readings,
    }


def clauses(node: Node) -> list[str]:
    """Return the clauses of the tree, the rule's own first."""
    found = [node.clause, *node.further_clauses, *(clause for child in node.children for clause in clauses(child))]
    return list(dict.fromkeys(clause for clause in found if clause))
