"""Every event type, its shape written once.

A struct that `codec.parse_data` makes is valid: what one event must satisfy by itself stands in its `check`. Types end
in a past participle. A released shape never changes; a new one is a new schema version and a step in `versions.py`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import astuple

from contracts.events.values import (
    FIRST_DAY,
    LAST_DAY,
    MAX_ITEMS,
    Amount,
    CertificateLevel,
    Code,
    Day,
    DeterminationId,
    Digest,
    EducationField,
    EducationLevel,
    EmployerType,
    ExamLevel,
    ExamSubject,
    Jurisdiction,
    MoneyUnit,
    Role,
    Score,
    StandardId,
    SupervisorRank,
    Text,
    TrainingSubject,
    TrainingUnit,
)


class Broken(ValueError):
    """An invariant of one event does not hold. `pointer` is a JSON pointer below the struct that found it."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail


class Data(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `data` member of an event."""

    def __post_init__(self) -> None:
        for index, value in enumerate(astuple(self)):
            if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
                raise Broken(f"/{self.__struct_fields__[index]}", "must be a date from 1900-01-01 to 2199-12-31")
        self.check()

    def check(self) -> None:
        """Raise Broken where the members contradict each other."""

    def check_against(self, occurred_on: Day) -> None:
        """Raise Broken where the members contradict the event's own day."""


def _in_order(first: Day | UnsetType, last: Day | UnsetType, pointer: str) -> None:
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise Broken(pointer, f"the last day {last} lies before the first day {first}")


class PractitionerEnrolled(Data, frozen=True):
    """A person enters the ledger. Carries no personal data."""

    identity_type: Literal["mainland", "taiwan", "hong_kong", "macao"]
    jurisdiction: Jurisdiction | UnsetType = UNSET


class EducationRecorded(Data, frozen=True):
    """A degree or diploma was awarded on `occurred_on`."""

    level: EducationLevel
    field: EducationField
    major: Text | UnsetType = UNSET
    institution: Text | UnsetType = UNSET


class ExamSubjectPassed(Data, frozen=True):
    """One subject of the national examination was passed (N-02 to N-04)."""

    level: ExamLevel
    subject: ExamSubject
    exam_year: Annotated[int, Meta(ge=1900, le=2199)]
    score: Score | UnsetType = UNSET
    pass_line: Literal["national", "local"] | UnsetType = UNSET


class SeniorExamProofIssued(Data, frozen=True):
    """The senior pass proof was issued; it opens the review until `valid_until`, inclusive (N-05)."""

    valid_until: Day

    def check_against(self, occurred_on: Day) -> None:
        _in_order(occurred_on, self.valid_until, "/valid_until")


class SeniorReviewDecided(Data, frozen=True):
    """The senior review was decided on `occurred_on` (N-05)."""

    applied_on: Day
    result: Literal["pass", "fail"]
    committee: Text | UnsetType = UNSET


class CertificateObtained(Data, frozen=True):
    """A certificate was approved on `occurred_on`, 批准日期 (R-11)."""

    level: CertificateLevel
    scope: Literal["national", "local"]
    basis: Literal["exam", "exam_and_review", "local_test"]
    issued_on: Day | UnsetType = UNSET


class CertificateWithdrawn(Data, frozen=True):
    """Certificates of `level` no longer hold from `occurred_on` on."""

    level: CertificateLevel
    reason: Text
    authority: Text


class RegistrationGranted(Data, frozen=True):
    """A registration holds from `valid_from` to `valid_until`, both inclusive; without a last day see R-12."""

    first: bool
    valid_from: Day
    valid_until: Day | UnsetType = UNSET
    place: Text | UnsetType = UNSET
    authority: Text | UnsetType = UNSET

    def check(self) -> None:
        _in_order(self.valid_from, self.valid_until, "/valid_until")


class RegistrationEnded(Data, frozen=True):
    """The registration is no longer valid on `occurred_on`."""

    reason: Literal["cancelled", "refused"]


class Session(Data, frozen=True):
    """One day of a training."""

    day: Day
    amount: Amount


class TrainingCompleted(Data, frozen=True):
    """A training was completed on `occurred_on`. One sw_ subject is enough to count as social work (R-09)."""

    amount: Amount
    unit: TrainingUnit
    subjects: Annotated[tuple[TrainingSubject, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
    started_on: Day | UnsetType = UNSET
    ended_on: Day | UnsetType = UNSET
    sessions: Annotated[tuple[Session, ...], Meta(min_length=1, max_length=MAX_ITEMS)] | UnsetType = UNSET
    provider: Text | UnsetType = UNSET
    course: Text | UnsetType = UNSET
    proof_no: Text | UnsetType = UNSET
    mode: Literal["in_person", "online"] | UnsetType = UNSET

    def check(self) -> None:
        if self.sessions is not UNSET:
            total = sum((Decimal(session.amount) for session in self.sessions), Decimal(0))
            if total != Decimal(self.amount):
                raise Broken("/sessions", f"the sessions add up to {total}, not to amount {self.amount}")

    def check_against(self, occurred_on: Day) -> None:
        if self.ended_on is not UNSET and self.ended_on != occurred_on:
            raise Broken("/ended_on", f"must equal occurred_on, {occurred_on}")
        if self.started_on is not UNSET and self.started_on > occurred_on:
            raise Broken("/started_on", f"lies after the training's end, {occurred_on}")


class EmploymentStarted(Data, frozen=True):
    """Work for an employer began on `occurred_on`. Unless `concurrent` it ends the employment before it."""

    employer_type: EmployerType
    role: Role
    jurisdiction: Jurisdiction
    direct_service: bool
    employer: Text | UnsetType = UNSET
    in_establishment: bool | UnsetType = UNSET
    concurrent: bool | UnsetType = UNSET


class EmploymentEnded(Data, frozen=True):
    """`last_day` is the last day of `employment`; without one, of every open one begun on or before it."""

    last_day: Day
    employment: UUID | UnsetType = UNSET


class PromotionGranted(Data, frozen=True):
    """Any appointment to a post, first or higher. It ends with its employment (R-20)."""

    post: Text
    post_level: Annotated[int, Meta(ge=1, le=13)]
    method: Text | UnsetType = UNSET
    decision_no: Text | UnsetType = UNSET
    employment: UUID | UnsetType = UNSET


class PromotionEnded(Data, frozen=True):
    """The post was held up to and including `last_day`."""

    last_day: Day
    reason: Text | UnsetType = UNSET


class ServiceRecorded(Data, frozen=True):
    """Service was recorded on a platform for `occurred_on`."""

    platform: Text
    verified: bool
    hours: Amount | UnsetType = UNSET
    field: Text | UnsetType = UNSET
    task: Text | UnsetType = UNSET
    project: Text | UnsetType = UNSET


class AssessmentRecorded(Data, frozen=True):
    """An assessment of the days `covers_from` to `covers_until`, both inclusive."""

    covers_from: Day
    covers_until: Day
    professional_role: bool
    result: Text | UnsetType = UNSET

    def check(self) -> None:
        _in_order(self.covers_from, self.covers_until, "/covers_until")


class SupervisorDesignated(Data, frozen=True):
    """A named authority designated a supervisor of a rank (N-20)."""

    rank: SupervisorRank
    authority: Text
    last_day: Day | UnsetType = UNSET

    def check_against(self, occurred_on: Day) -> None:
        _in_order(occurred_on, self.last_day, "/last_day")


class SupervisorEnded(Data, frozen=True):
    """Supervisor designations hold up to and including `last_day`."""

    last_day: Day


class TalentDesignated(Data, frozen=True):
    """A talent title was conferred on `occurred_on`: a code of the vocabulary that the packs declare."""

    talent: Code
    authority: Text


class QualificationDeclared(Data, frozen=True):
    """A qualification from elsewhere was declared. Alone it has no effect."""

    origin: Text
    qualification: Text


class QualificationRecognized(Data, frozen=True):
    """A qualification from elsewhere was recognized as `level` inside the jurisdiction `scope`."""

    origin: Text
    level: CertificateLevel
    authority: Text
    scope: Jurisdiction


class HonorRecorded(Data, frozen=True):
    """Recorded and listed, never inferred from."""

    honor: Text
    authority: Text


class RoleRecorded(Data, frozen=True):
    """Recorded and listed, never inferred from."""

    role: Text
    last_day: Day | UnsetType = UNSET

    def check_against(self, occurred_on: Day) -> None:
        _in_order(occurred_on, self.last_day, "/last_day")


class BenefitGranted(Data, frozen=True):
    """Recorded and listed, never inferred from."""

    benefit: Text
    authority: Text


class ComplaintDecided(Data, frozen=True):
    """Recorded and listed, never inferred from."""

    finding: Literal["upheld", "dismissed"]
    channel: Text | UnsetType = UNSET


class SanctionImposed(Data, frozen=True):
    """Recorded and listed, never inferred from."""

    sanction: Text
    last_day: Day | UnsetType = UNSET

    def check_against(self, occurred_on: Day) -> None:
        _in_order(occurred_on, self.last_day, "/last_day")


class SanctionLifted(Data, frozen=True):
    """Recorded and listed, never inferred from."""

    sanction: Text


class AllowanceDecided(Data, frozen=True):
    """Recorded and listed, never inferred from."""

    period: Text
    tier: CertificateLevel
    amount: Amount
    standard: StandardId | UnsetType = UNSET


class Patch(Data, frozen=True):
    """What a correction sets: a merge patch (RFC 7396) over `occurred_on` and `data`."""

    occurred_on: Day | UnsetType = UNSET
    data: Annotated[dict[str, Any], Meta(min_length=1)] | UnsetType = UNSET

    def check(self) -> None:
        if self.occurred_on is UNSET and self.data is UNSET:
            raise Broken("", "needs at least one of occurred_on and data")


class EventCorrected(Data, frozen=True):
    """From the moment it is known, `target` reads as patched by `set`."""

    target: UUID
    set: Patch
    reason: Text
    authority: Text | UnsetType = UNSET


class EventVoided(Data, frozen=True):
    """From the moment it is known, `target` never counted. May arrive before its target."""

    target: UUID
    reason: Text
    authority: Text | UnsetType = UNSET


class LocalStandardRegistered(Data, frozen=True):
    """A dated local measure: amounts by level, and employer types added to the scope (CD-26, E28)."""

    standard_id: StandardId
    jurisdiction: Jurisdiction
    determination: DeterminationId
    effective_from: Day
    tiers: Annotated[dict[CertificateLevel, Amount], Meta(min_length=1)]
    unit: MoneyUnit
    adds_employer_types: Annotated[tuple[EmployerType, ...], Meta(min_length=1, max_length=MAX_ITEMS)] | UnsetType = (
        UNSET
    )

    def check_against(self, occurred_on: Day) -> None:
        if self.effective_from != occurred_on:
            raise Broken("/effective_from", f"must equal occurred_on, {occurred_on}")


class PolicyAdopted(Data, frozen=True):
    """The ledger's authority adopted a pack, by digest."""

    jurisdiction: Jurisdiction
    edition: Text
    digest: Digest


PersonFact: TypeAlias = (
    PractitionerEnrolled
    | EducationRecorded
    | ExamSubjectPassed
    | SeniorExamProofIssued
    | SeniorReviewDecided
    | CertificateObtained
    | CertificateWithdrawn
    | RegistrationGranted
    | RegistrationEnded
    | TrainingCompleted
    | EmploymentStarted
    | EmploymentEnded
    | PromotionGranted
    | PromotionEnded
    | ServiceRecorded
    | AssessmentRecorded
    | SupervisorDesignated
    | SupervisorEnded
    | TalentDesignated
    | QualificationDeclared
    | QualificationRecognized
    | HonorRecorded
    | RoleRecorded
    | BenefitGranted
    | ComplaintDecided
    | SanctionImposed
    | SanctionLifted
    | AllowanceDecided
)


CORRECTION, VOID = "event.corrected", "event.voided"
REVISION_TYPES: Mapping[str, type[Data]] = {
    CORRECTION: EventCorrected,
    VOID: EventVoided,
}
"""What says something about another event."""
PRACTITIONER_TYPES: Mapping[str, type[Data]] = {
    "practitioner.enrolled": PractitionerEnrolled,
    "education.recorded": EducationRecorded,
    "exam.subject_passed": ExamSubjectPassed,
    "senior_exam.proof_issued": SeniorExamProofIssued,
    "senior_review.decided": SeniorReviewDecided,
    "certificate.obtained": CertificateObtained,
    "certificate.withdrawn": CertificateWithdrawn,
    "registration.granted": RegistrationGranted,
    "registration.ended": RegistrationEnded,
    "training.completed": TrainingCompleted,
    "employment.started": EmploymentStarted,
    "employment.ended": EmploymentEnded,
    "promotion.granted": PromotionGranted,
    "promotion.ended": PromotionEnded,
    "service.recorded": ServiceRecorded,
    "assessment.recorded": AssessmentRecorded,
    "supervisor.designated": SupervisorDesignated,
    "supervisor.ended": SupervisorEnded,
    "talent.designated": TalentDesignated,
    "qualification.declared": QualificationDeclared,
    "qualification.recognized": QualificationRecognized,
    "honor.recorded": HonorRecorded,
    "role.recorded": RoleRecorded,
    "benefit.granted": BenefitGranted,
    "complaint.decided": ComplaintDecided,
    "sanction.imposed": SanctionImposed,
    "sanction.lifted": SanctionLifted,
    "allowance.decided": AllowanceDecided,
    **REVISION_TYPES,
}
"""What may be appended to a practitioner's stream."""
RULE_TYPES: Mapping[str, type[Data]] = {
    "local_standard.registered": LocalStandardRegistered,
    "policy.adopted": PolicyAdopted,
}
"""What stands in the `_rules` stream."""
ALL_TYPES: Mapping[str, type[Data]] = {**PRACTITIONER_TYPES, **RULE_TYPES}
