"""What would change an answer, as codes with their data; the sentences stand in `words/advice.py`. Pure.

`need` is the name that clients read: that of a condition where it is one. `code` chooses the sentence. With `one_of`
the need is one of several ways of which any is enough.
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
"""What chooses the sentence of a need, and of what time does."""


class _Need(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What is missing from a day on."""

    need: str
    from_: Day
    one_of: Ways | None = None


class Plain(_Need, frozen=True, kw_only=True):
    """What has no data of its own."""

    code: Literal[
        "rule", "review", "recognition", "supervisor", "post", "direct_service", "senior_proof", "senior_proof_new"
    ]


class Certificate(_Need, frozen=True, kw_only=True):
    """Any one of the levels, lowest first."""

    code: Literal["certificate", "certificate_national"]
    levels: tuple[CertificateLevel, ...]


class Registration(_Need, frozen=True, kw_only=True):
    """A first registration, or a new one after the last day that the old one held."""

    code: Literal["registration", "registration_lapsed", "registration_ended"]
    held_until: Day | UnsetType = UNSET
    ended_on: Day | UnsetType = UNSET
    granted_until: Day | UnsetType = UNSET


class ServiceRecord(_Need, frozen=True, kw_only=True):
    code: Literal["service_record", "service_record_old"]
    within_months: int
    last_recorded_on: Day | UnsetType = UNSET


class Assessment(_Need, frozen=True, kw_only=True):
    """An assessment that covers the day `on`."""

    code: Literal["professional_role", "professional_role_denied"]
    on: Day


class Employment(_Need, frozen=True, kw_only=True):
    code: Literal["employment", "employment_here"]
    asked: Employed


class Degree(_Need, frozen=True, kw_only=True):
    code: Literal["degree", "degree_or_review"]
    fields: tuple[EducationField, ...]


class TalentTitle(_Need, frozen=True, kw_only=True):
    code: Literal["talent_title", "talent_title_new", "talent_title_review"]
    titles: tuple[Talent, ...]


class Rank(_Need, frozen=True, kw_only=True):
    """A designation as supervisor of one of the ranks."""

    code: Literal["supervisor_of_rank"] = "supervisor_of_rank"
    ranks: tuple[SupervisorRank, ...]


class RewardedLevel(_Need, frozen=True, kw_only=True):
    """A national certificate of one of the levels that a local standard rewards."""

    code: Literal["exam_reward"] = "exam_reward"
    rewarded: tuple[CertificateLevel, ...]


class Subject(_Need, frozen=True, kw_only=True):
    """A pass in a subject; by a last day where passes that still count wait for it."""

    code: Literal["exam_subject", "exam_subject_by"]
    until: Day | UnsetType = UNSET
    subject: ExamSubject


class SeniorReview(_Need, frozen=True, kw_only=True):
    code: Literal["senior_review"] = "senior_review"
    until: Day


class PersonDecides(_Need, frozen=True, kw_only=True):
    """A decision that a person has to take under the clause, and what leaves it open."""

    reason: Decision
    clause: str


class Renewal(_Need, frozen=True, kw_only=True):
    """The days on which a registration can be renewed; the first may lie behind."""

    code: Literal["renewal", "renewal_open"]
    until: Day


class Hours(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Hours short: by the last day of a window that stands still, from a day on in one that rolls."""

    code: Literal["hours", "hours_late", "hours_rolling"]
    need: TrainingUnit
    from_: Day | UnsetType = UNSET
    amount: str
    until: Day | UnsetType = UNSET
    one_of: Ways | None = None


class FactsOfADay(Struct, frozen=True, kw_only=True):
    """Nothing but facts of the day that decided."""

    code: Literal["decided"] = "decided"
    need: Literal["facts"] = "facts"
    on: Day


class TextTurns(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The first day of a text, its last one, or that it has ended."""

    code: Literal["in_force", "rule_ends", "rule_ended"]
    need: Literal["in_force", "rule"]
    from_: Day | UnsetType = UNSET
    until: Day | UnsetType = UNSET
    ended_on: Day | UnsetType = UNSET


class _InTime(Struct, frozen=True, kw_only=True):
    """What the answer is from the day `on` if nothing new is recorded."""

    need: Literal["time", "place"] = "time"
    on: Day
    status: Status
    reason: Reason | None


class Turns(_InTime, frozen=True, kw_only=True):
    """Another status, the same for another reason, or the answer in another place, whose rules hold after `until`."""

    code: Literal["time", "time_still", "place"]
    until: Day | UnsetType = UNSET


class HoursRunOut(_InTime, frozen=True, kw_only=True):
    """Another status, which the hours would prevent."""

    code: Literal["time_hours"] = "time_hours"
    amount: str
    unit: TrainingUnit


class Becomes(_InTime, frozen=True, kw_only=True):
    """Fields of the result that become others while the status stays. `money` is the unit of an amount."""

    code: Literal["time_stands"] = "time_stands"
    result: Mapping[str, Any]
    money: MoneyUnit | None


class FewerHours(_InTime, frozen=True, kw_only=True):
    """Hours counted from the day on, while the status stays."""

    code: Literal["time_counted"] = "time_counted"
    result: Mapping[Literal["counted_hours"], str | None]
    hours: TrainingUnit


InTime: TypeAlias = Turns | HoursRunOut | Becomes | FewerHours
Advice: TypeAlias = (
    Plain
    | Certificate
    | Registration
    | ServiceRecord
    | Assessment
    | Employment
    | Degree
    | TalentTitle
    | Rank
    | RewardedLevel
    | Subject
    | SeniorReview
    | PersonDecides
    | Renewal
    | Hours
    | FactsOfADay
    | TextTurns
    | InTime
)
