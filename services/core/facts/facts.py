"""What is recorded of one person, as known at one ledger position.

Facts are as recorded: whether a mark, a subject, a repeated report or an unverified record counts is for the rules.
Days are civil dates in China. A `last` of None means open. Every fact has the events that it rests on.
"""

from collections.abc import Hashable
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeAlias

from msgspec import Struct, structs

from contracts.events.facts import Evidence
from contracts.events.values import (
    CertificateLevel,
    Code,
    Day,
    DeterminationId,
    EducationField,
    EducationLevel,
    EmployerType,
    ExamLevel,
    ExamSubject,
    PostSeries,
    Role,
    SupervisorRank,
    TrainingSubject,
    TrainingUnit,
)

Sources = tuple[Evidence, ...]


class Enrolment(Struct, frozen=True):
    on: Day
    jurisdiction: str | None
    sources: Sources


class Education(Struct, frozen=True):
    """A degree or diploma."""

    on: Day
    level: EducationLevel
    field: EducationField
    sources: Sources


class ExamPass(Struct, frozen=True):
    """A subject reported as passed. `score` is in hundredths, and `pass_line` whose line was applied, if recorded."""

    on: Day
    level: ExamLevel
    subject: ExamSubject
    year: int
    score: int | None
    pass_line: Literal["national", "local"] | None
    sources: Sources


class SeniorProof(Struct, frozen=True):
    first: Day
    last: Day
    sources: Sources


class SeniorReview(Struct, frozen=True):
    """An application for the senior review, or its decision; `decided_on` and `passed` are None while undecided."""

    applied_on: Day
    decided_on: Day | None
    passed: bool | None
    sources: Sources


class Certificate(Struct, frozen=True):
    """`on` is the day of approval (R-11). On `withdrawn_on` the certificate is no longer held.

    A local one holds inside `valid_in`, if that is recorded (R-35). One that was withdrawn and obtained again on the
    same day is held without a break since `held_since`, or, by the days of issue, since `held_since_by_issue`.
    """

    level: CertificateLevel
    national: bool
    valid_in: str | None
    on: Day
    issued_on: Day | None
    withdrawn_on: Day | None
    held_since: Day
    held_since_by_issue: Day
    sources: Sources


class Registration(Struct, frozen=True):
    """`printed_last` is the last day as printed, if any (R-12). On `ended_on` the registration no longer holds.

    `level` is that of the certificate registered, if recorded (R-34), and `ending` why it ended early.
    """

    first: Day
    printed_last: Day | None
    ended_on: Day | None
    level: CertificateLevel | None
    ending: Literal["cancelled", "refused"] | None
    sources: Sources


class TrainingPart(Struct, frozen=True):
    """What one day of a training, or a degree, counts, in hundredths of a unit; a fraction if a reading divides it."""

    day: Day
    hundredths: int | Fraction
    sources: Sources


class Training(Struct, frozen=True):
    """A training. `parts` are its sessions, or the whole training on the day of completion (R-08).

    `repeats` is the event id of the first recorded report of the same training, and `resembles` that of the first one
    that may be of the same (R-10); None for that report itself.
    """

    event_id: str
    on: Day
    started_on: Day | None
    hundredths: int
    unit: TrainingUnit
    parts: tuple[TrainingPart, ...]
    in_sessions: bool
    subjects: tuple[TrainingSubject, ...]
    repeats: str | None
    resembles: str | None
    voided: bool
    sources: Sources


class Employment(Struct, frozen=True):
    """An employment from `first` to `last`, both inclusive. Empty where `last` lies before `first`."""

    event_id: str
    first: Day
    last: Day | None
    role: Role
    employer_type: EmployerType
    jurisdiction: str
    direct_service: bool
    concurrent: bool
    organization: str | None
    sources: Sources

    def holds_on(self, day: Day) -> bool:
        """Say whether the employment is held on `day`."""
        return self.first <= day and (self.last is None or day <= self.last)


class Post(Struct, frozen=True):
    """An appointment to a post, in an employment if one is known.

    `own_last` ignores the end of the employment (R-20); `ended_last` also ignores the next appointment (R-19).
    """

    first: Day
    last: Day | None
    own_last: Day | None
    ended_last: Day | None
    level: int
    title: str
    series: PostSeries | None
    employment: Employment | None
    sources: Sources


class Service(Struct, frozen=True):
    """A record of service on a platform, verified or not."""

    day: Day
    platform: str
    verified: bool
    sources: Sources


class Assessment(Struct, frozen=True):
    first: Day
    last: Day
    professional_role: bool
    decided_on: Day
    sources: Sources


class Supervision(Struct, frozen=True):
    """A designation; `jurisdiction` is the place of the authority, if recorded (R-36)."""

    rank: SupervisorRank
    jurisdiction: str | None
    first: Day
    last: Day | None
    sources: Sources


class TalentTitle(Struct, frozen=True):
    """A title; `jurisdiction` is the place of the authority, if recorded (R-36)."""

    talent: Code
    jurisdiction: str | None
    on: Day
    sources: Sources


class Declaration(Struct, frozen=True):
    """That somebody has a qualification from elsewhere. Alone it meets nothing (E32)."""

    on: Day
    sources: Sources


class Recognition(Struct, frozen=True):
    level: CertificateLevel
    scope: str
    on: Day
    sources: Sources


class Grant(Struct, frozen=True):
    """A benefit or reward given, and the entitlement that it fulfils, if recorded."""

    on: Day
    determination: DeterminationId | None
    sources: Sources


Oddity: TypeAlias = Literal[
    "told_twice",
    "told_in_part",
    "told_otherwise",
    "looks_told_twice",
    "nearly_told_twice",
    "not_happened_yet",
    "employment_unknown",
    "no_employment",
    "employment_over",
    "ends_before_it_begins",
    "nothing_to_end",
    "community_role_elsewhere",
    "full_time_twice",
    "assessed_before_employment",
    "registered_without_certificate",
    "registered_before_certificate",
    "certificate_gone",
    "registrations_overlap",
    "registration_length",
    "sanction_names_registration",
    "sanction_names_certificate",
    "issued_before_approval",
    "certificate_before_result",
    "withdraws_several",
    "certificate_not_given",
    "certificate_by_local_line",
    "certificate_before_first_exam",
    "proof_length",
    "proof_before_first_exam",
    "review_without_proof",
    "decided_before_applied",
    "review_decided_both_ways",
    "exam_year_to_come",
    "exam_not_held",
    "exam_without_subject",
    "score_below_pass_mark",
    "more_than_a_day",
    "session_outside",
    "entitlement_unnamed",
    "grant_counts_nowhere",
    "standard_counts_nowhere",
]


class OddFact(Struct, frozen=True):
    """An event that is kept but cannot count, or cannot be as it stands, and why."""

    event_id: str
    problem: Oddity
    detail: str


class Facts(Struct, frozen=True, dict=True):
    """All facts of one person. Each tuple is in order of its day, then of position; of spans the first day counts."""

    enrolments: tuple[Enrolment, ...] = ()
    educations: tuple[Education, ...] = ()
    exam_passes: tuple[ExamPass, ...] = ()
    senior_proofs: tuple[SeniorProof, ...] = ()
    senior_reviews: tuple[SeniorReview, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    registrations: tuple[Registration, ...] = ()
    trainings: tuple[Training, ...] = ()
    employments: tuple[Employment, ...] = ()
    posts: tuple[Post, ...] = ()
    services: tuple[Service, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    talents: tuple[TalentTitle, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    recognitions: tuple[Recognition, ...] = ()
    grants: tuple[Grant, ...] = ()

    @cached_property
    def derived(self) -> dict[Hashable, Any]:
        """What a rule works out of these facts alone and asks for on many days; it goes with the facts."""
        return {}

    @property
    def number(self) -> int:
        """How many facts there are."""
        return sum(map(len, structs.astuple(self)))
