"""What would change an answer, as codes with their data; the sentences are in `words/advice.py`. Pure.

`need` is the name that clients read; if a condition is missing, it is the name of the condition. `code` chooses the
sentence. With `one_of` the need is one of several, and any one of them is enough.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from contracts.events.values import (
    CertificateLevel,
    Day,
    EducationField,
    ExamSubject,
    MoneyUnit,
    SupervisorRank,
    Talent,
    TrainingUnit,
)
from contracts.policies.language import Employed
from services.core.rules.verdict import Decision, Reason, Status

Ways: TypeAlias = Literal["ground", "engagement", "route"]
"""Grounds of an entitlement, ways of being engaged in service, routes to professional quality."""

Need: TypeAlias = Literal[
    "hours",
    "hours_late",
    "hours_rolling",
    "decided",
    "in_force",
    "rule_ends",
    "rule_ended",
    "rule",
    "registration",
    "registration_lapsed",
    "registration_ended",
    "renewal",
    "renewal_open",
    "certificate",
    "certificate_national",
    "service_record",
    "service_record_old",
    "service_records",
    "professional_role",
    "professional_role_denied",
    "employment",
    "employment_here",
    "degree",
    "degree_or_review",
    "talent_title",
    "talent_title_new",
    "talent_title_review",
    "supervisor_of_rank",
    "exam_reward",
    "exam_subject",
    "exam_subject_by",
    "senior_review",
    "senior_proof",
    "senior_proof_new",
    "recognition",
    "supervisor",
    "direct_service",
    "post",
    "review",
    "place",
    "time",
    "time_still",
    "time_hours",
    "time_stands",
    "time_counted",
]
"""What chooses the sentence of an entry of advice."""


class _Need(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Something that is missing, and the first day on which it would help."""

    need: str
    from_: Day
    one_of: Ways | None = None


class PlainNeed(_Need, frozen=True, kw_only=True):
    """A need without data of its own."""

    code: Literal[
        "rule", "review", "recognition", "supervisor", "post", "direct_service", "senior_proof", "senior_proof_new"
    ]


class CertificateNeed(_Need, frozen=True, kw_only=True):
    """A certificate of any one of the levels, lowest first."""

    code: Literal["certificate", "certificate_national"]
    levels: tuple[CertificateLevel, ...]


class RegistrationNeed(_Need, frozen=True, kw_only=True):
    """A first registration, or a new one after the last day that the old one held."""

    code: Literal["registration", "registration_lapsed", "registration_ended"]
    held_until: Day | UnsetType = UNSET
    ended_on: Day | UnsetType = UNSET
    granted_until: Day | UnsetType = UNSET


class ServiceRecordNeed(_Need, frozen=True, kw_only=True):
    """One service record, where one is enough."""

    code: Literal["service_record", "service_record_old"]
    within_months: int
    last_recorded_on: Day | UnsetType = UNSET


class ServiceRecordsNeed(_Need, frozen=True, kw_only=True):
    """Several service records, and how many of them count on the day asked about."""

    code: Literal["service_records"] = "service_records"
    within_months: int
    at_least: int
    counted: int


class AssessmentNeed(_Need, frozen=True, kw_only=True):
    """An assessment that covers the day `on`."""

    code: Literal["professional_role", "professional_role_denied"]
    on: Day


class EmploymentNeed(_Need, frozen=True, kw_only=True):
    code: Literal["employment", "employment_here"]
    spec: Employed


class DegreeNeed(_Need, frozen=True, kw_only=True):
    code: Literal["degree", "degree_or_review"]
    fields: tuple[EducationField, ...]


class TalentTitleNeed(_Need, frozen=True, kw_only=True):
    code: Literal["talent_title", "talent_title_new", "talent_title_review"]
    titles: tuple[Talent, ...]


class RankNeed(_Need, frozen=True, kw_only=True):
    """A designation as supervisor of one of the ranks."""

    code: Literal["supervisor_of_rank"] = "supervisor_of_rank"
    ranks: tuple[SupervisorRank, ...]


class RewardedLevelNeed(_Need, frozen=True, kw_only=True):
    """A national certificate of one of the levels that a local standard rewards."""

    code: Literal["exam_reward"] = "exam_reward"
    rewarded: tuple[CertificateLevel, ...]


class SubjectNeed(_Need, frozen=True, kw_only=True):
    """A pass in a subject; with a last day if earlier passes would no longer count after it."""

    code: Literal["exam_subject", "exam_subject_by"]
    until: Day | UnsetType = UNSET
    subject: ExamSubject


class SeniorReviewNeed(_Need, frozen=True, kw_only=True):
    code: Literal["senior_review"] = "senior_review"
    until: Day


class DecisionNeed(_Need, frozen=True, kw_only=True):
    """A decision that a person must take under `clause`, and why it is open."""

    reason: Decision
    clause: str


class Renewal(_Need, frozen=True, kw_only=True):
    """The days on which a registration can be renewed; the first may be past."""

    code: Literal["renewal", "renewal_open"]
    until: Day


class HoursNeed(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Hours that are missing: until the last day of a fixed window, or from a day on in a rolling one."""

    code: Literal["hours", "hours_late", "hours_rolling"]
    need: TrainingUnit
    from_: Day | UnsetType = UNSET
    amount: str
    until: Day | UnsetType = UNSET
    one_of: Ways | None = None


class FactsOfADay(Struct, frozen=True, kw_only=True):
    """The day that decided has passed: only facts about that day would change the answer."""

    code: Literal["decided"] = "decided"
    need: Literal["facts"] = "facts"
    on: Day


class TextInForce(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The first day of a text, its last one, or the day on which it ended."""

    code: Literal["in_force", "rule_ends", "rule_ended"]
    need: Literal["in_force", "rule"]
    from_: Day | UnsetType = UNSET
    until: Day | UnsetType = UNSET
    ended_on: Day | UnsetType = UNSET


class _TimedChange(Struct, frozen=True, kw_only=True):
    """The answer from the day `on`, if nothing new is recorded."""

    need: Literal["time", "place"] = "time"
    on: Day
    status: Status
    reason: Reason | None


class StatusChange(_TimedChange, frozen=True, kw_only=True):
    """Another status, the same status for another reason, or the answer in another place, to which the person moves
    after `until`."""

    code: Literal["time", "time_still", "place"]
    until: Day | UnsetType = UNSET


class HoursRunOut(_TimedChange, frozen=True, kw_only=True):
    """Another status, which the missing hours would prevent."""

    code: Literal["time_hours"] = "time_hours"
    amount: str
    unit: TrainingUnit


class ResultChange(_TimedChange, frozen=True, kw_only=True):
    """Fields of the result that change while the status stays. `money` is the unit of an amount."""

    code: Literal["time_stands"] = "time_stands"
    result: Mapping[str, Any]
    money: MoneyUnit | None


class FewerHours(_TimedChange, frozen=True, kw_only=True):
    """Hours that count from the day on, while the status stays."""

    code: Literal["time_counted"] = "time_counted"
    result: Mapping[Literal["counted_hours"], str | None]
    hours: TrainingUnit


TimedChange: TypeAlias = StatusChange | HoursRunOut | ResultChange | FewerHours
Advice: TypeAlias = (
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
    | SubjectNeed
    | SeniorReviewNeed
    | DecisionNeed
    | Renewal
    | HoursNeed
    | FactsOfADay
    | TextInForce
    | TimedChange
)
