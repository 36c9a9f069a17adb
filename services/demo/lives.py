"""The one grammar for lives: the story and the portraits of the demo, and the people in tests. Pure.

`someone` is a person about whom nothing is known. Each event type has one method, named after the fact. It returns the
life with one more event, which the ledger learns after those before it, whatever its day. Here a certificate was
recorded late, and a correction says that the training was longer:

    life = (
        someone.employed("2021-01-01", "510107")
        .trained("2023-05-06", "40")
        .certified("2021-10-17", "senior", basis="exam_and_review")
        .left("2024-06-30")
        .corrected(2, amount="60")
    )

Every argument has a value that makes a valid event. Further members of its data are given by keyword, and so are its
`source` and what it is `called`: a short name by which corrections, voids and employments refer to it. An event without
a name goes by its number, counted from 1. A member that is None is left out. A day is a date or ISO text.

`services.demo.forms` writes a life in three forms:

    http(life)      [{"event_id": "00000000-...-000000000001", "type": "employment.started", ...}, ...]
    recorded(life)  (Recorded(position=1, version=1, event_id="00000000-...-000000000001", ...), ...)
    example(life)   [{"event": "employment.started", "on": "2021-01-01", "jurisdiction": "510107", ...}, ...]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from contracts.events.examples import EXAMPLES
from contracts.events.values import NATION

Day: TypeAlias = date | str
Name: TypeAlias = int | str | UUID
"""What an event is called: its number in the life, a short word, or its id itself."""

DEFAULT_PERSON = "P-1"
ON = "2024-05-06"
"""The day of events whose day does not matter."""
AUTHORITY = "民政局"
NO_DIGEST = f"sha256:{0:064x}"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event before it has an id. Where its data refers to other events it has their names."""

    type: str
    occurred_on: str
    data: Mapping[str, Any]
    name: Name | None
    source: Mapping[str, str] | None


@dataclass(frozen=True)
class Life:
    """The events of one person, in the order in which the ledger learns them.

    Lives are joined with `+`, repeated with `*` and cut with `[:]`, as tuples are.
    """

    events: tuple[Happening, ...] = ()
    person: str = DEFAULT_PERSON

    def __add__(self, other: "Life") -> "Life":
        return replace(self, events=self.events + other.events)

    def __mul__(self, times: int) -> "Life":
        return replace(self, events=self.events * times)

    def __getitem__(self, part: slice) -> "Life":
        return replace(self, events=self.events[part])

    def __iter__(self) -> Iterator["Life"]:
        """Yield each event as a life of its own."""
        return (self[at : at + 1] for at in range(len(self)))

    def __len__(self) -> int:
        return len(self.events)

    def of(self, person: str) -> "Life":
        """Return the same life for another person, with event ids of their own."""
        return replace(self, person=person)

    def without(self, *types: str) -> "Life":
        """Return the life without the events of these types."""
        return replace(self, events=tuple(event for event in self.events if event.type not in types))

    def but(self, other: "Life") -> "Life":
        """Return the life with its events of the types in `other` replaced by those of `other`."""
        types = {event.type for event in other.events}
        first = next((at for at, event in enumerate(self.events) if event.type in types), len(self))
        return self[:first] + other + self[first:].without(*types)

    def then(self, type_: str, on: Day | None = None, /, **members: Any) -> "Life":
        """Return the life with one more event of any type: the catalogue's example, with these members overridden."""
        day, data = EXAMPLES[type_]
        return self._then(type_, on or day, **{**data, **members})

    def enrolled(self, on: Day = ON, *, identity_type: str = "mainland", **more: Any) -> "Life":
        return self._then("practitioner.enrolled", on, identity_type=identity_type, **more)

    def graduated(self, on: Day = ON, level: str = "bachelor", field: str = "social_work", **more: Any) -> "Life":
        return self._then("education.recorded", on, level=level, field=field, **more)

    def passed(self, on: Day = ON, subject: str = "practice", level: str = "junior", **more: Any) -> "Life":
        """The year of the examination is that of the day."""
        exam = {"level": level, "subject": subject, "exam_year": int(_iso(on)[:4])}
        return self._then("exam.subject_passed", on, **exam | more)

    def senior_proof_issued(self, on: Day = ON, valid_until: Day = "2027-05-05", **more: Any) -> "Life":
        return self._then("senior_exam.proof_issued", on, valid_until=valid_until, **more)

    def senior_review_applied(self, on: Day = ON, **more: Any) -> "Life":
        return self._then("senior_review.applied", on, **more)

    def senior_review_decided(
        self, on: Day = ON, applied_on: Day | None = None, *, result: str = "pass", **more: Any
    ) -> "Life":
        return self._then("senior_review.decided", on, applied_on=applied_on or on, result=result, **more)

    def certified(self, on: Day = ON, level: str = "junior", **more: Any) -> "Life":
        return self._then("certificate.obtained", on, **{"level": level, "scope": "national", "basis": "exam"} | more)

    def certificate_withdrawn(self, on: Day = ON, level: str = "junior", **more: Any) -> "Life":
        why = {"reason": "弄虚作假", "authority": "人社部门"}
        return self._then("certificate.withdrawn", on, **{"level": level} | why | more)

    def registered(
        self, first: Day = ON, last: Day | None = None, *, on: Day | None = None, is_first: bool = True, **more: Any
    ) -> "Life":
        """Granted on its first day unless `on` says otherwise."""
        term = {"first": is_first, "valid_from": first, "valid_until": last}
        return self._then("registration.granted", on or first, **term, **more)

    def registration_ended(self, on: Day = ON, reason: str = "cancelled", **more: Any) -> "Life":
        return self._then("registration.ended", on, reason=reason, **more)

    def trained(self, on: Day = ON, amount: Any = "12.5", unit: str = "class_hour", **more: Any) -> "Life":
        return self._then(
            "training.completed", on, **{"amount": amount, "unit": unit, "subjects": ["sw_practice"]} | more
        )

    def employed(self, on: Day = ON, place: str = NATION, **more: Any) -> "Life":
        job = {"employer_type": "urban_community", "role": "community_worker", "direct_service": True}
        return self._then("employment.started", on, **job | {"jurisdiction": place} | more)

    def left(self, last_day: Day = ON, **more: Any) -> "Life":
        return self._ended("employment.ended", last_day, **more)

    def promoted(self, on: Day = ON, post_level: int = 12, post: str = "岗位", **more: Any) -> "Life":
        return self._then("promotion.granted", on, post=post, post_level=post_level, **more)

    def promotion_ended(self, last_day: Day = ON, **more: Any) -> "Life":
        return self._ended("promotion.ended", last_day, **more)

    def served(
        self, on: Day = ON, *, platform: str = "成都社工管理服务平台", verified: bool = True, **more: Any
    ) -> "Life":
        return self._then("service.recorded", on, platform=platform, verified=verified, **more)

    def assessed(
        self,
        first: Day = ON,
        last: Day = "2025-05-05",
        *,
        on: Day | None = None,
        professional_role: bool = True,
        **more: Any,
    ) -> "Life":
        """Made on the last day that it covers unless `on` says otherwise."""
        covers = {"covers_from": first, "covers_until": last}
        return self._then("assessment.recorded", on or last, **covers, professional_role=professional_role, **more)

    def supervisor_designated(self, on: Day = ON, rank: str = "junior", **more: Any) -> "Life":
        return self._then("supervisor.designated", on, **{"rank": rank, "authority": AUTHORITY} | more)

    def supervisor_ended(self, last_day: Day = ON, **more: Any) -> "Life":
        return self._ended("supervisor.ended", last_day, **more)

    def talent_designated(self, on: Day = ON, talent: str = "high_level", **more: Any) -> "Life":
        return self._then("talent.designated", on, **{"talent": talent, "authority": AUTHORITY} | more)

    def qualification_declared(self, on: Day = ON, **more: Any) -> "Life":
        return self._then("qualification.declared", on, **{"origin": "台湾", "qualification": "社会工作师"} | more)

    def qualification_recognized(self, on: Day = ON, level: str = "junior", scope: str = NATION, **more: Any) -> "Life":
        defaults = {"origin": "台湾", "authority": AUTHORITY, "level": level, "scope": scope}
        return self._then("qualification.recognized", on, **defaults | more)

    def honor_recorded(self, on: Day = ON, honor: str = "优秀社工", **more: Any) -> "Life":
        return self._then("honor.recorded", on, **{"honor": honor, "authority": AUTHORITY} | more)

    def role_recorded(self, on: Day = ON, role: str = "志愿者", **more: Any) -> "Life":
        return self._then("role.recorded", on, role=role, **more)

    def benefit_granted(self, on: Day = ON, benefit: str = "体检", **more: Any) -> "Life":
        return self._then("benefit.granted", on, **{"benefit": benefit, "authority": AUTHORITY} | more)

    def complaint_decided(self, on: Day = ON, finding: str = "dismissed", **more: Any) -> "Life":
        return self._then("complaint.decided", on, finding=finding, **more)

    def sanction_imposed(self, on: Day = ON, sanction: str = "警告", **more: Any) -> "Life":
        return self._then("sanction.imposed", on, sanction=sanction, **more)

    def sanction_lifted(self, on: Day = ON, sanction: str = "警告", **more: Any) -> "Life":
        return self._then("sanction.lifted", on, sanction=sanction, **more)

    def allowance_decided(self, on: Day = ON, period: str = "2024年5月", **more: Any) -> "Life":
        return self._then("allowance.decided", on, **{"period": period, "tier": "junior", "amount": "200"} | more)

    def linked(self, same_as: str = "P-2", *, on: Day = ON, **more: Any) -> "Life":
        return self._then("practitioner.linked", on, same_as=same_as, **more)

    def corrected(
        self,
        target: Name,
        /,
        *,
        occurred_on: Day | None = None,
        on: Day = ON,
        because: str = "登记有误",
        called: Name | None = None,
        source: Mapping[str, str] | None = None,
        **data: Any,
    ) -> "Life":
        """From now on `target` reads with another day, and with these members of its data; None removes a member."""
        patch = {"occurred_on": occurred_on and _iso(occurred_on), "data": data}
        changes = {name: value for name, value in patch.items() if value}
        return self._then(
            "event.corrected", on, target=target, set=changes, reason=because, called=called, source=source
        )

    def voided(self, target: Name, /, *, on: Day = ON, because: str = "重复登记", **more: Any) -> "Life":
        return self._then("event.voided", on, target=target, reason=because, **more)

    def standard_registered(self, on: Day = ON, place: str = NATION, **more: Any) -> "Life":
        """An event of the ledger's rules, not of the person; `recorded_rules` and `example` contain it."""
        first = _iso(on)
        about = {"standard_id": f"{place}-{first}", "jurisdiction": place, "determination": "allowance"}
        pays = {"effective_from": first, "tiers": {"junior": "200"}, "unit": "CNY_per_month"}
        return self._then("local_standard.registered", on, **about | pays | more)

    def standard_ended(self, standard_id: str = "standard", last_day: Day = ON, **more: Any) -> "Life":
        """An event of the ledger's rules, not of the person; `recorded_rules` and `example` contain it."""
        return self._ended("local_standard.ended", last_day, standard_id=standard_id, **more)

    def organization_recorded(self, on: Day = ON, organization: str = "O-1", **more: Any) -> "Life":
        """An event about an organization, not about the person; `recorded_organizations` contains it."""
        about = {"name": "社区", "kind": "urban_community", "jurisdiction": NATION}
        return self._then("organization.recorded", on, organization=organization, **about | more)

    def policy_adopted(self, on: Day = ON, place: str = NATION, digest: str = NO_DIGEST, **more: Any) -> "Life":
        """An event of the ledger's rules, not of the person; `recorded_rules` contains it."""
        return self._then("policy.adopted", on, **{"jurisdiction": place, "edition": _iso(on), "digest": digest} | more)

    def _then(self, type_: str, on: Day, /, **members: Any) -> "Life":
        name: Name | None = members.pop("called", None)
        source: Mapping[str, str] | None = members.pop("source", None)
        data = {
            member: _iso(value) if isinstance(value, date) else value
            for member, value in members.items()
            if value is not None
        }
        return replace(self, events=(*self.events, Happening(type_, _iso(on), data, name, source)))

    def _ended(self, type_: str, last_day: Day, *, on: Day | None = None, **more: Any) -> "Life":
        return self._then(type_, on or last_day, last_day=last_day, **more)


someone = Life()
"""A person about whom nothing is known."""


def _iso(day: Day) -> str:
    return day if isinstance(day, str) else day.isoformat()
