"""What is recorded of one person, as known at one ledger position.

Facts are as recorded: whether a mark, a subject, a repeated report or an unverified record counts is for the rules.
Days are civil dates in China. A `last` of None means open. Every fact has the events that it rests on.
"""

from fractions import Fraction
from typing import Literal, TypeAlias

from msgspec import Struct

from contracts.events.facts import Evidence, Finding
from contracts.events.values import (
    CertificateLevel,
    Code,
    Day,
    EducationField,
    EmployerType,
    ExamLevel,
    ExamSubject,
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
    on: Day
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
    applied_on: Day
    decided_on: Day
    passed: bool
    sources: Sources


class Certificate(Struct, frozen=True):
    """`on` is the day of approval (R-11). On `withdrawn_on` the certificate is no longer held."""

    level: CertificateLevel
    national: bool
    on: Day
    issued_on: Day | None
    withdrawn_on: Day | None
    sources: Sources


class Registration(Struct, frozen=True):
    """`printed_last` is the last day as printed, if any (R-12). On `ended_on` the registration no longer holds."""

    first: Day
    printed_last: Day | None
    ended_on: Day | None
    sources: Sources

    @property
    def ever_held(self) -> bool:
        """Whether it held on any day: not if it was ended on its own first day or before."""
        return self.ended_on is None or self.first < self.ended_on


class TrainingPart(Struct, frozen=True):
    """What one day of a training, or a degree, counts, in hundredths of a unit; a fraction if a reading divides it."""

    day: Day
    hundredths: int | Fraction
    sources: Sources


class Training(Struct, frozen=True):
    """A training. `parts` are its sessions, or the whole training on the day of completion (R-08).

    `repeats` is the event id of the first recorded report of the same training (R-10); None for that report itself.
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
    rank: SupervisorRank
    first: Day
    last: Day | None
    sources: Sources


class TalentTitle(Struct, frozen=True):
    talent: Code
    on: Day
    sources: Sources


class Recognition(Struct, frozen=True):
    level: CertificateLevel
    scope: str
    on: Day
    sources: Sources


Oddity: TypeAlias = Literal[
    "employment_unknown",
    "no_employment",
    "employment_over",
    "ends_before_it_begins",
    "never_held",
    "nothing_to_end",
]


class OddFact(Struct, frozen=True):
    """An event that is kept but cannot count, and why."""

    event_id: str
    problem: Oddity
    detail: str


class Facts(Struct, frozen=True):
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
    recognitions: tuple[Recognition, ...] = ()
    findings: tuple[Finding | OddFact, ...] = ()
