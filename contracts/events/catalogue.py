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
    MAX_COUNTED,
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
    OrganizationId,
    PostSeries,
    PractitionerId,
    Role,
    Score,
    StandardId,
    SupervisorRank,
    Text,
    TrainingSubject,
    TrainingUnit,
)
from contracts.mistakes import Misfit, Names, Phrase, phrase

OUT_OF_RANGE = phrase("day-out-of-range", first=FIRST_DAY, last=LAST_DAY)


class Broken(Misfit):
    """An invariant of one event does not hold. `pointer` is a JSON pointer below the struct that found it."""

    def __init__(self, pointer: str, what: Phrase) -> None:
        super().__init__(what)
        self.pointer = pointer


class Data(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `data` member of an event."""

    def __post_init__(self) -> None:
        for index, value in enumerate(astuple(self)):
            if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
                raise Broken(f"/{self.__struct_fields__[index]}", OUT_OF_RANGE)
        self.check()

    def check(self) -> None:
        """Raise Broken where the members contradict each other."""

    def check_against(self, occurred_on: Day) -> None:
        """Raise Broken where the members contradict the event's own day."""


def _in_order(first: Day | UnsetType, last: Day | UnsetType, pointer: str) -> None:
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise Broken(pointer, phrase("ends-before-it-begins", last=last, first=first))


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


class SeniorReviewApplied(Data, frozen=True):
    """The senior review was applied for on `occurred_on` (R-39)."""

    committee: Text | UnsetType = UNSET


class SeniorReviewDecided(Data, frozen=True):
    """The senior review was decided on `occurred_on` (N-05)."""

    applied_on: Day
    result: Literal["pass", "fail"]
    committee: Text | UnsetType = UNSET


class CertificateObtained(Data, frozen=True):
    """A certificate was approved on `occurred_on`, 批准日期 (R-11). A local one holds inside `valid_in` (R-35)."""

    level: CertificateLevel
    scope: Literal["national", "local"]
    basis: Literal["exam", "exam_and_review", "local_test"]
    issued_on: Day | UnsetType = UNSET
    valid_in: Jurisdiction | UnsetType = UNSET

    def check(self) -> None:
        if self.valid_in is not UNSET and self.scope != "local":
            raise Broken("/valid_in", phrase("place-without-local-scope"))


class CertificateWithdrawn(Data, frozen=True):
    """Certificates of `level` obtained before `occurred_on` no longer hold from that day on."""

    level: CertificateLevel
    reason: Text
    authority: Text


class RegistrationGranted(Data, frozen=True):
    """A registration holds from `valid_from` to `valid_until`, both inclusive; without a last day see R-12.

    It is of the certificate of `level` (R-34).
    """

    first: bool
    valid_from: Day
    valid_until: Day | UnsetType = UNSET
    level: CertificateLevel | UnsetType = UNSET
    place: Text | UnsetType = UNSET
    authority: Text | UnsetType = UNSET

    def check(self) -> None:
        _in_order(self.valid_from, self.valid_until, "/valid_until")


class RegistrationEnded(Data, frozen=True):
    """A registration that began before `occurred_on` is no longer valid on that day."""

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
                raise Broken("/sessions", phrase("amounts-do-not-add-up", total=total, amount=self.amount))

    def check_against(self, occurred_on: Day) -> None:
        if self.ended_on is not UNSET and self.ended_on != occurred_on:
            raise Broken("/ended_on", phrase("not-the-day-of-the-event", occurred_on=occurred_on))
        if self.started_on is not UNSET and self.started_on > occurred_on:
            raise Broken("/started_on", phrase("begins-after-it-ends", end=occurred_on))


class EmploymentStarted(Data, frozen=True):
    """Work for an employer began on `occurred_on`. Unless `concurrent` it ends the employment before it.

    `organization` is the id of the employer among the organizations of the ledger.
    """

    employer_type: EmployerType
    role: Role
    jurisdiction: Jurisdiction
    direct_service: bool
    employer: Text | UnsetType = UNSET
    organization: OrganizationId | UnsetType = UNSET
    in_establishment: bool | UnsetType = UNSET
    concurrent: bool | UnsetType = UNSET


class EmploymentEnded(Data, frozen=True):
    """`last_day` is the last day of `employment`.

    Without one, it is that of the employments running since before it; where there is none, of those begun on it.
    """

    last_day: Day
    employment: UUID | UnsetType = UNSET


class PromotionGranted(Data, frozen=True):
    """Any appointment to a post, first or higher. It ends with its employment (R-20). For `series` see R-32."""

    post: Text
    post_level: Annotated[int, Meta(ge=1, le=13)]
    series: PostSeries | UnsetType = UNSET
    method: Text | UnsetType = UNSET
    decision_no: Text | UnsetType = UNSET
    employment: UUID | UnsetType = UNSET


class PromotionEnded(Data, frozen=True):
    """The post was held up to and including `last_day`: those running since before it, or else those begun on it."""

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
    """A named authority, of the place `jurisdiction`, designated a supervisor of a rank (N-20, R-36)."""

    rank: SupervisorRank
    authority: Text
    jurisdiction: Jurisdiction | UnsetType = UNSET
    last_day: Day | UnsetType = UNSET

    def check_against(self, occurred_on: Day) -> None:
        _in_order(occurred_on, self.last_day, "/last_day")


class SupervisorEnded(Data, frozen=True):
    """Designations hold up to and including `last_day`: those running since before it, or else those made on it."""

    last_day: Day


class TalentDesignated(Data, frozen=True):
    """A talent title was conferred on `occurred_on`: a code of the vocabulary that the packs declare.

    `jurisdiction` is the place of the authority (R-36).
    """

    talent: Code
    authority: Text
    jurisdiction: Jurisdiction | UnsetType = UNSET


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
    """A benefit or reward was given. A rule may ask whether one fulfils the entitlement `determination`."""

    benefit: Text
    authority: Text
    determination: DeterminationId | UnsetType = UNSET


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


class PractitionerLinked(Data, frozen=True):
    """This stream and that of `same_as` are about one person, whose id from now on is `same_as`."""

    same_as: PractitionerId


class Patch(Data, frozen=True):
    """What a correction sets: a merge patch (RFC 7396) over `occurred_on` and `data`."""

    occurred_on: Day | UnsetType = UNSET
    data: Annotated[dict[str, Any], Meta(min_length=1)] | UnsetType = UNSET

    def check(self) -> None:
        if self.occurred_on is UNSET and self.data is UNSET:
            raise Broken("", phrase("all-left-out", names=Names(("occurred_on", "data"), "and")))


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
    """A dated local measure: amounts by level, and employer types added to the scope (CD-26, E28).

    One of a unit, not of the place as a whole, names its `organization` (R-27).
    """

    standard_id: StandardId
    jurisdiction: Jurisdiction
    determination: DeterminationId
    effective_from: Day
    tiers: Annotated[dict[CertificateLevel, Amount], Meta(min_length=1)]
    unit: MoneyUnit
    adds_employer_types: Annotated[tuple[EmployerType, ...], Meta(min_length=1, max_length=MAX_ITEMS)] | UnsetType = (
        UNSET
    )
    organization: OrganizationId | UnsetType = UNSET

    def check_against(self, occurred_on: Day) -> None:
        if self.effective_from != occurred_on:
            raise Broken("/effective_from", phrase("not-the-day-of-the-event", occurred_on=occurred_on))


class LocalStandardEnded(Data, frozen=True):
    """A local standard was repealed: `last_day` is the last day on which it applies."""

    standard_id: StandardId
    last_day: Day


class OrganizationRecorded(Data, frozen=True):
    """What is known of an organization from `occurred_on` on; the latest record of an id counts (E30).

    `approved_posts` are those approved for it (核定): of an institution its technical posts, of a community or village
    the social work posts that it set. `beds` are those of an elder-care institution.
    """

    organization: OrganizationId
    name: Text
    kind: EmployerType
    jurisdiction: Jurisdiction
    approved_posts: Annotated[int, Meta(ge=0, le=MAX_COUNTED)] | UnsetType = UNSET
    beds: Annotated[int, Meta(ge=0, le=MAX_COUNTED)] | UnsetType = UNSET


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
    | SeniorReviewApplied
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
    | PractitionerLinked
)


CORRECTION, VOID = "event.corrected", "event.voided"
LINKED = "practitioner.linked"
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
    "senior_review.applied": SeniorReviewApplied,
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
    LINKED: PractitionerLinked,
    **REVISION_TYPES,
}
"""What may be appended to a practitioner's stream."""
RULE_TYPES: Mapping[str, type[Data]] = {
    "local_standard.registered": LocalStandardRegistered,
    "local_standard.ended": LocalStandardEnded,
    "policy.adopted": PolicyAdopted,
    VOID: EventVoided,
}
"""What stands in the `_rules` stream."""
ORGANIZATION_TYPES: Mapping[str, type[Data]] = {
    "organization.recorded": OrganizationRecorded,
}
"""What stands in the `_organizations` stream."""
ALL_TYPES: Mapping[str, type[Data]] = {**PRACTITIONER_TYPES, **RULE_TYPES, **ORGANIZATION_TYPES}
