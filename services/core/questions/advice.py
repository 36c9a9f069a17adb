"""What would change an answer, as codes with their data; the sentences are in `words/advice.py`. Pure.

What conditions and kinds of rules lack is in `rules/needs.py`.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from contracts.events.values import CertificateLevel, Code, Day, MoneyUnit, TrainingUnit
from services.core.rules.needs import AnswerNeed, Need
from services.core.rules.verdict import Decision, Reason, Status


class DecisionNeed(Need, frozen=True, kw_only=True):
    """A decision that a person must take under `clause`, and why it is open; `titles` to which one held may amount."""

    reason: Decision
    clause: str
    titles: tuple[Code, ...] = ()


class Renewal(Need, frozen=True, kw_only=True):
    """The days on which a registration can be renewed under `clause`; the first may be past."""

    code: Literal["renewal", "renewal_open"]
    until: Day
    clause: str


class HigherRegistration(Need, frozen=True, kw_only=True):
    """The registration of a certificate, one of `levels`, that is higher than those registered; to be applied for by
    `until` if the text says so, or what the registrar must be asked. `result` has the fields of the result that become
    others with it, and `money` is the unit of an amount."""

    code: Literal["registration_higher", "registration_higher_by", "registration_higher_over"]
    levels: tuple[CertificateLevel]
    until: Day | UnsetType = UNSET
    result: Mapping[str, Any] | UnsetType = UNSET
    money: MoneyUnit | None = None


class FactsOfADay(Struct, frozen=True, kw_only=True):
    """The day that decided has passed: only facts about that day would change the answer."""

    code: Literal["decided"] = "decided"
    need: Literal["facts"] = "facts"
    on: Day


class FactsOfAPeriod(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The period whose last day decided has passed: only facts about its days would change the answer."""

    code: Literal["decided_in"] = "decided_in"
    need: Literal["facts"] = "facts"
    from_: Day
    until: Day


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
    AnswerNeed | DecisionNeed | Renewal | HigherRegistration | FactsOfADay | FactsOfAPeriod | TextInForce | TimedChange
)
