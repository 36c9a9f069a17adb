"""The closed vocabularies of answers, and the tree that an evaluation builds."""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, TypeVar

from msgspec import Struct

from contracts.events.values import Day, ExamLevel, TrainingUnit
from contracts.policies.language import LocalStandard, Rule, Text
from contracts.policies.readings import Assumption
from services.core.calendar import AskedDay, calendar_year, first_day_of_run
from services.core.facts.facts import Facts, Sources, Training, TrainingPart
from services.core.rules.result import EMPTY, EventId, Result

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


Decision: TypeAlias = Literal[
    "unit_not_convertible",
    "field_not_listed",
    "quality_has_no_test",
    "recognized_not_by_exam",
    "title_not_listed",
    "no_local_standard_known",
    "conditions_stand_elsewhere",
    "decided_after_the_proof_expired",
    "attestations_contradict",
]
"""Why an answer is open until a person has decided."""
Reason: TypeAlias = Literal[
    Decision,
    "no_certificate",
    "certificate_withdrawn",
    "no_registration",
    "registration_lapsed",
    "no_fitting_employment",
    "no_recent_service_record",
    "too_few_service_records",
    "no_attestation_covers_the_day",
    "professional_role_denied",
    "no_talent_title",
    "conferred_on_another_day",
    "no_ground_holds",
    "no_supervisor_designation",
    "no_post_here",
    "holder_exceeds",
    "certificate_missing",
    "level_outside_ladder",
    "not_recognized_here",
    "no_direct_service",
    "no_proof",
    "proof_expired",
    "review_not_yet_passed",
    "subjects_missing",
    "shortfall_window_open",
    "shortfall",
    "shortfall_of_last_years",
    "rule_does_not_apply",
    "no_window",
    "edition_not_in_force",
    "not_engaged",
    "no_professional_quality",
    "no_degree",
    "no_degree_in_the_field",
    "no_such_rule",
    "no_standard_in_the_text",
    "no_text_known",
]
"""Why a status is what it is."""
NotCounted: TypeAlias = Literal[
    "outside_window",
    "voided",
    "duplicate",
    "not_professional_subject",
    "unit_not_convertible",
]
"""Why a training is not counted."""
HOLDING: frozenset[Status] = frozenset({"met", "eligible", "conforming", "valid"})
"""Statuses that grant something: gaining or losing one matters to the person."""
UNJUDGED: frozenset[Status] = frozenset({"not_in_force", "not_applicable", "undefined_in_policy"})
"""Statuses that judge nobody. Results that follow from the facts alone are given all the same."""


class Question(Struct, frozen=True):
    """`period` is a calendar year for the annual figure, by default that of `as_of`; `level` is for exam.complete."""

    determination: str
    as_of: Day
    period: int | None = None
    level: ExamLevel | None = None


class LeftOut(Struct, frozen=True):
    """A training that is not counted, and why."""

    event_id: EventId
    reason: NotCounted


class Workings(Struct, frozen=True):
    """What a count of hours was computed from, kept for its explanation."""

    unit: TrainingUnit
    trainings: tuple[Training, ...]
    counted: tuple[TrainingPart, ...]
    not_counted: tuple[LeftOut, ...]


class Node(Struct, frozen=True):
    """The answer of one rule or condition for one day.

    With `rolling_years`, the result's window moves every day and is not stored.
    """

    rule: str
    status: Status
    clause: str
    text: Text
    sources: Sources = ()
    children: tuple["Node", ...] = ()
    reason: Reason | None = None
    result: Result = EMPTY
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
    """The answer to one question about one person, with the readings and the text that judged it.

    `until` is the last day on which the status and every stored field of the result stand if nothing new is recorded;
    None where nothing can change. It may be early, never late.
    """

    determination: str
    jurisdiction: str
    as_of: Day
    node: Node
    until: Day | None
    readings: tuple[str, ...]
    policy: PolicyUsed
    source_status: str


Run: TypeAlias = Callable[[Facts, AskedDay], object]
"""Returns what stays the same during an unbroken run of an answer, such as the level held."""


class Context(Struct, frozen=True):
    """What a rule is compiled for: the days of its edition, the local standards, and at most one assumption.

    `jurisdiction` is that of the pack, inside which its rules look for work; `place` is the one asked about.
    `first_text_on` is the day on which the first text of the pack about the determination began; if several texts, of
    this place or around it, are about it, `run_of_texts` asks the one that answers on each day.
    """

    jurisdiction: str
    place: str
    first_day: Day
    last_day: Day | None
    first_text_on: Day
    run_of_texts: Run | None = None
    standards: tuple[LocalStandard, ...] = ()
    assumption: Assumption | None = None

    def assumes(self, choice: str) -> bool:
        """Say whether the rule is read by this alternative."""
        return self.assumption is not None and self.assumption.choice == choice

    def start_of_run(self, run: Run, facts: Facts, day: AskedDay, value: object) -> Day:
        """Return the first day of the unbroken run of `value`, which holds on `day`, across successive texts."""
        over_texts = self.run_of_texts or run
        return first_day_of_run(lambda at: over_texts(facts, at), value, day, self.first_text_on)


Evaluator: TypeAlias = Callable[[Facts, AskedDay, Question], Node]
"""Answers a question about one person as if its text were in force.

It compares days only with the `AskedDay`, never with `as_of` of the question.
"""


DecidingDay: TypeAlias = Callable[[Facts, AskedDay, Question], AskedDay]
"""Returns the deciding day: the day asked about, but at most the last day of the period or window in question."""


def deciding_day_of_period(_facts: Facts, day: AskedDay, question: Question) -> AskedDay:
    """Return the day asked about, but at most the last day of the question's period, if it has one."""
    return day if question.period is None else day.capped_at(calendar_year(question.period).last)


class Compiled(Struct, frozen=True):
    """A compiled rule: its answer, its deciding day, and the run by which an answer says since when it holds."""

    answer: Evaluator
    deciding_day: DecidingDay = deciding_day_of_period
    run: Run | None = None


ResultOf = TypeVar("ResultOf", bound=Result)


def result_of(node: Node, kind: type[ResultOf]) -> ResultOf:
    """Return the result of a node as this type. Raises TypeError if it is of another."""
    if not isinstance(node.result, kind):
        raise TypeError(f"{node.rule} gives {type(node.result).__name__}, not {kind.__name__}")
    return node.result


def make_node(
    name: str,
    rule: Rule,
    status: Status,
    *,
    reason: Reason | None = None,
    result: Result = EMPTY,
    sources: Sources = (),
    children: tuple[Node, ...] = (),
    standards: tuple[str, ...] = (),
    decided_on: Day | None = None,
    rolling_years: int | None = None,
    workings: Workings | None = None,
) -> Node:
    """Return a node with the clauses and sentences of its rule."""
    return Node(
        name,
        status,
        rule.clause,
        rule.text,
        further_clauses=rule.further_clauses,
        interpretation=rule.interpretation,
        reason=reason,
        result=result,
        sources=sources,
        children=children,
        standards=standards,
        decided_on=decided_on,
        rolling_years=rolling_years,
        workings=workings,
    )


def judgement(determination: Determination) -> dict[str, Any]:
    """Return the judgement in a determination: what rows store and timelines compare."""
    node = determination.node
    return {
        "status": node.status,
        "reason": node.reason,
        "result": node.result,
        "clauses": clauses(node),
        "readings": determination.readings,
    }


def clauses(node: Node) -> list[str]:
    """Return every clause of the tree once, the rule's own first."""
    all_clauses = [
        node.clause,
        *node.further_clauses,
        *(clause for child in node.children for clause in clauses(child)),
    ]
    return list(dict.fromkeys(clause for clause in all_clauses if clause))
