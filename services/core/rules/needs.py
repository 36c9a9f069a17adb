"""What a condition or a kind of rule lacks, as codes with their data; the sentences are in `words/advice.py`. Pure.

`need` is the name that clients read; if a condition is missing, it is the name of the condition. `code` chooses the
sentence. With `one_of` the need is what one of several ways needs next, and any one way is enough.
"""

from typing import Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from contracts.events.values import (
    CertificateLevel,
    Code,
    Day,
    EducationField,
    EducationLevel,
    EmployerType,
    ExamSubject,
    Role,
    SupervisorRank,
    TrainingUnit,
)

Ways: TypeAlias = Literal["ground", "engagement", "route"]
"""Grounds of an entitlement, ways of being engaged in service, routes to professional quality."""


class Need(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Something that is missing, and the first day on which it would help."""

    need: str
    from_: Day
    one_of: Ways | None = None


class PlainNeed(Need, frozen=True, kw_only=True):
    """A need without data of its own."""

    code: Literal["rule", "review", "recognition", "supervisor", "direct_service", "education", "senior_proof_new"]


class CertificateNeed(Need, frozen=True, kw_only=True):
    """A certificate of any one of the levels, lowest first: any such, a national one, or one that is national or valid
    in the place."""

    code: Literal["certificate", "certificate_national", "certificate_valid_here"]
    levels: tuple[CertificateLevel, ...]


class RegistrationNeed(Need, frozen=True, kw_only=True):
    """A first registration, to be applied for by `until` if the text says so; or what the registrar must be asked.

    That is if `until` has passed, if a registration is over, or if no text says how the certificate is registered.
    """

    code: Literal[
        "registration",
        "registration_by",
        "registration_late",
        "registration_lapsed",
        "registration_cancelled",
        "registration_refused",
        "registration_unsaid",
    ]
    until: Day | UnsetType = UNSET
    held_until: Day | UnsetType = UNSET
    ended_on: Day | UnsetType = UNSET
    granted_until: Day | UnsetType = UNSET


class ServiceRecordNeed(Need, frozen=True, kw_only=True):
    """One service record, where one is enough: verified, if so, and on one of the `platforms`, if any are named."""

    code: Literal["service_record", "service_record_ever", "service_record_old"]
    verified: bool
    platforms: tuple[str, ...] = ()
    within_months: int | UnsetType = UNSET
    last_recorded_on: Day | UnsetType = UNSET


class ServiceRecordsNeed(Need, frozen=True, kw_only=True):
    """Several service records, and how many of them count on the day asked about."""

    code: Literal["service_records", "service_records_ever"]
    verified: bool
    platforms: tuple[str, ...] = ()
    within_months: int | UnsetType = UNSET
    at_least: int
    counted: int


class AssessmentNeed(Need, frozen=True, kw_only=True):
    """An assessment that covers the day `on`."""

    code: Literal["professional_role", "professional_role_denied"]
    on: Day


class EmploymentNeed(Need, frozen=True, kw_only=True):
    """An employment of one of the roles, for one of the types of employer; with `widened`, or of a type that a local
    standard adds."""

    code: Literal["employment", "employment_here"]
    roles: tuple[Role, ...] = ()
    employer_types: tuple[EmployerType, ...] = ()
    direct_service: bool = False
    widened: bool = False


class PostNeed(Need, frozen=True, kw_only=True):
    """An appointment to a post; `bands` are those for which the certificate held is enough, lowest first."""

    code: Literal["post", "post_open"]
    bands: tuple[CertificateLevel, ...] = ()


class DegreeNeed(Need, frozen=True, kw_only=True):
    """A degree of one of the levels and in one of the fields, of any or in any if none is named."""

    code: Literal["degree", "degree_any"]
    levels: tuple[EducationLevel, ...]
    fields: tuple[EducationField, ...]


class TalentTitleNeed(Need, frozen=True, kw_only=True):
    code: Literal["talent_title", "talent_title_here", "talent_title_new"]
    titles: tuple[Code, ...]


class RankNeed(Need, frozen=True, kw_only=True):
    """A designation as supervisor of one of the ranks."""

    code: Literal["supervisor_of_rank", "supervisor_of_rank_here"]
    ranks: tuple[SupervisorRank, ...]


class RewardedLevelNeed(Need, frozen=True, kw_only=True):
    """A national certificate of one of the levels that a local standard rewards."""

    code: Literal["exam_reward"] = "exam_reward"
    rewarded: tuple[CertificateLevel, ...]


class SubjectNeed(Need, frozen=True, kw_only=True):
    """A pass in a subject in the next exam; again, if an earlier pass no longer counts with it, or counts by a local
    line alone, so that the certificate would be valid only in that place."""

    code: Literal["exam_subject", "exam_subject_again", "exam_subject_by_the_mark"]
    exam_year: int
    subject: ExamSubject


class EntryNeed(Need, frozen=True, kw_only=True):
    """Years of work for entry to the exam: the first exam year in which they are full if the work goes on, or how many
    there must be."""

    code: Literal["exam_entry_from", "exam_entry_years"]
    exam_year: int | UnsetType = UNSET
    years: int | UnsetType = UNSET


class SeniorReviewNeed(Need, frozen=True, kw_only=True):
    """An application for the senior review while a proof is valid, or on its last day."""

    code: Literal["senior_review", "senior_review_today"]
    until: Day


class HoursNeed(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Hours that are missing: until the last day of a fixed window, on it, or after it; or from a day on in a rolling
    one."""

    code: Literal["hours", "hours_today", "hours_late", "hours_rolling"]
    need: TrainingUnit
    from_: Day | UnsetType = UNSET
    amount: str
    until: Day | UnsetType = UNSET
    one_of: Ways | None = None


class AnyOfNeeds(Need, frozen=True, kw_only=True):
    """Several ways to meet one part, any one of which is enough: what each of them needs next."""

    code: Literal["any_of"] = "any_of"
    any_of: tuple["ConditionNeed", ...]


class AllOfNeeds(Need, frozen=True, kw_only=True):
    """Several needs of one way among several: each of them is needed."""

    code: Literal["all_of"] = "all_of"
    all_of: tuple["ConditionNeed", ...]


ConditionNeed: TypeAlias = (
    PlainNeed
    | CertificateNeed
    | RegistrationNeed
    | ServiceRecordNeed
    | ServiceRecordsNeed
    | AssessmentNeed
    | EmploymentNeed
    | DegreeNeed
    | TalentTitleNeed
    | RankNeed
    | RewardedLevelNeed
    | HoursNeed
    | AnyOfNeeds
    | AllOfNeeds
)
"""What a condition may lack."""
AnswerNeed: TypeAlias = ConditionNeed | PostNeed | SubjectNeed | EntryNeed | SeniorReviewNeed
"""What an answer may lack."""
