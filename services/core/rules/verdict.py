"""The closed vocabularies of answers, and the tree that an evaluation builds."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeAlias, TypeVar

from msgspec import Struct, structs

from contracts.events.values import Day, ExamLevel, TrainingUnit
from contracts.policies.choices import Choices
from contracts.policies.language import Note, Rule, Text, Told
from services.core.calendar import AskedDay, RollingSpan
from services.core.facts.facts import Certificate, Employment, Facts, Recognition, Sources, Training, TrainingPart
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
    "title_perhaps_enough",
    "place_of_authority_unsaid",
    "place_of_certificate_unsaid",
    "certificate_older_than_the_rule",
    "certificate_not_registered",
    "granted_already",
    "no_local_standard_known",
    "conditions_stand_elsewhere",
    "no_education_on_record",
    "attestations_contradict",
    "service_records_in_question",
    "employer_not_listed",
    "left_before_the_deciding_day",
    "left_to_a_person",
]
"""Why an answer is open until a person has decided."""
Reason: TypeAlias = Literal[
    Decision,
    "no_certificate",
    "certificate_withdrawn",
    "certificate_of_another_time",
    "valid_only_locally",
    "no_registration",
    "registration_lapsed",
    "registration_cancelled",
    "registration_refused",
    "no_fitting_employment",
    "no_recent_service_record",
    "too_few_service_records",
    "no_attestation_covers_the_day",
    "professional_role_denied",
    "no_talent_title",
    "conferred_on_another_day",
    "designated_elsewhere",
    "no_ground_holds",
    "no_supervisor_designation",
    "no_post_here",
    "no_social_work_post",
    "holder_exceeds",
    "certificate_missing",
    "level_outside_ladder",
    "not_recognized_here",
    "no_direct_service",
    "no_proof",
    "proof_expired",
    "review_not_yet_applied_for",
    "review_undecided",
    "review_failed",
    "review_decided_both_ways",
    "subjects_missing",
    "passed_by_a_local_line",
    "too_few_years",
    "no_certificate_to_count_from",
    "education_opens_no_entry",
    "exam_not_held_yet",
    "shortfall_window_open",
    "shortfall",
    "shortfall_of_last_years",
    "rule_does_not_apply",
    "no_window",
    "no_such_term",
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


Period: TypeAlias = int | Day
"""A calendar year, or the first day of a registration term."""


class Question(Struct, frozen=True):
    """`period` is a calendar year for the annual figure, by default that of `as_of`, or the first day of a registration
    term, by default of the one begun last. `level` is for what is asked of a level of the exam, and `year` the exam
    year for exam.entry, by default that of `as_of`."""

    determination: str
    as_of: Day
    period: Period | None = None
    level: ExamLevel | None = None
    year: int | None = None

    @property
    def calendar_year(self) -> int | None:
        """The year that is asked about, if one is named."""
        return self.period if isinstance(self.period, int) else None

    @property
    def term_begun_on(self) -> Day | None:
        """The first day of the registration term that is asked about, if one is named."""
        return None if isinstance(self.period, int) else self.period


def period_of(text: str) -> Period:
    """Return the period that is written as YYYY or as YYYY-MM-DD. Raises ValueError."""
    return int(text) if len(text) == len("YYYY") else Day.fromisoformat(text)


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


class Verdict(Struct, frozen=True):
    """What a condition says of one person on one day: `met`, `not_met` or `needs_review`, and what it rests on.

    `held` are the certificates or recognized qualifications that it gives, the highest first, and `jobs` the
    employments that fit it. `detail` has what a condition counted.
    """

    status: Status
    reason: Reason | None = None
    sources: Sources = ()
    children: tuple["Node", ...] = ()
    held: tuple[Certificate | Recognition, ...] = ()
    jobs: tuple[Employment, ...] = ()
    detail: Struct | None = None


class Node(Verdict, frozen=True, kw_only=True):
    """The verdict of a rule or of a named part of it, with its clause.

    With `rolling`, the result's window moves every day and is not stored.
    """

    rule: str
    clause: str
    further_clauses: tuple[str, ...] = ()
    result: Result = EMPTY
    standards: tuple[str, ...] = ()
    decided_on: Day | None = None
    rolling: RollingSpan | None = None
    workings: Workings | None = None


class PolicyUsed(Struct, frozen=True):
    """The pack whose text answered."""

    jurisdiction: str
    edition: str
    digest: str
    document: str
    last_verified_on: Day
    standards: tuple[str, ...]


class Ground(Struct, frozen=True):
    """What every answer by one rule rests on: its text, its readings with their choices, and its sentences.

    `talents` are the words for talent titles, and `notes` what every answer by the pack says besides.
    """

    policy: PolicyUsed
    readings: tuple[str, ...]
    choices: Choices
    source_status: str
    told: Mapping[str, Told]
    talents: Mapping[str, Text]
    notes: tuple[Note, ...] = ()


class Determination(Struct, frozen=True):
    """The answer to one question about one person, and the ground on which it was judged.

    `until` is the last day on which the status and every stored field of the result stand if nothing new is recorded;
    None where nothing can change. It may be early, never late.
    """

    determination: str
    jurisdiction: str
    as_of: Day
    node: Node
    until: Day | None
    ground: Ground

    @property
    def readings(self) -> tuple[str, ...]:
        """The readings that the rule uses, in order."""
        return self.ground.readings

    @property
    def policy(self) -> PolicyUsed:
        """The pack whose text answered, with the local standards that the answer rests on."""
        standards = self.node.standards
        return structs.replace(self.ground.policy, standards=standards) if standards else self.ground.policy


Run: TypeAlias = Callable[[Facts, AskedDay], object]
"""Returns what stays the same during an unbroken run of an answer, such as the level held."""


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
    rolling: RollingSpan | None = None,
    workings: Workings | None = None,
) -> Node:
    """Return the verdict of a rule."""
    return Node(
        status,
        reason,
        sources,
        children,
        rule=name,
        clause=rule.clause,
        further_clauses=rule.further_clauses,
        result=result,
        standards=standards,
        decided_on=decided_on,
        rolling=rolling,
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
    return list(_clauses(node, {}))


def _clauses(node: Node, found: dict[str, None]) -> Iterable[str]:
    """Add the clauses of the tree to those found, in order."""
    for clause in (node.clause, *node.further_clauses):
        if clause:
            found[clause] = None
    for child in node.children:
        _clauses(child, found)
    return found
