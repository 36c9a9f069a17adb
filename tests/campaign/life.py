"""What remains of one person's events on a day: a second implementation, from the design alone (§3).

It imports only the standard library and no code of ours. If the text leaves a choice it takes the most literal one,
which a comment that begins "Choice" records.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Event = Mapping[str, Any]

ONE_DAY = timedelta(days=1)
ENDS_OF_TIME = date(1900, 1, 1), date(2199, 12, 31)
REQUIRED = {
    "practitioner.enrolled": {"identity_type"},
    "education.recorded": {"level", "field"},
    "exam.subject_passed": {"level", "subject", "exam_year"},
    "senior_exam.proof_issued": {"valid_until"},
    "senior_review.decided": {"applied_on", "result"},
    "certificate.obtained": {"level", "scope", "basis"},
    "certificate.withdrawn": {"level", "reason", "authority"},
    "registration.granted": {"first", "valid_from"},
    "registration.ended": {"reason"},
    "training.completed": {"amount", "unit", "subjects"},
    "employment.started": {"employer_type", "role", "jurisdiction", "direct_service"},
    "employment.ended": {"last_day"},
    "promotion.granted": {"post", "post_level"},
    "promotion.ended": {"last_day"},
    "service.recorded": {"platform", "verified"},
    "assessment.recorded": {"covers_from", "covers_until", "professional_role"},
    "supervisor.designated": {"rank", "authority"},
    "supervisor.ended": {"last_day"},
    "talent.designated": {"talent", "authority"},
    "qualification.declared": {"origin", "qualification"},
    "qualification.recognized": {"origin", "level", "authority", "scope"},
    "event.corrected": {"target", "set", "reason"},
    "event.voided": {"target", "reason"},
}


def day_of(text: str) -> date:
    """Return an ISO date."""
    return date.fromisoformat(text)


def years_later(day: date, years: int, otherwise: str | None = None) -> date:
    """Return the corresponding day `years` later; without one the end of the month (R-05, N-17), else 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) if otherwise == "R-05" else date(day.year + years, 2, 28)


def chain_of(jurisdiction: str) -> list[str]:
    """Return a place and its parents, most specific first: 510107, 510100, 510000, 100000."""
    chain = [jurisdiction, jurisdiction[:4] + "00", jurisdiction[:2] + "0000", "100000"]
    return [place for index, place in enumerate(chain) if place not in chain[:index]]


def inside(place: str, jurisdiction: str) -> bool:
    """Whether a place lies in a jurisdiction."""
    return jurisdiction in chain_of(place)


class Fact:
    """An event as its corrections leave it."""

    def __init__(self, event: Event, position: int, day: date, data: dict[str, Any]) -> None:
        self.event_id: str = event["event_id"]
        self.type: str = event["type"]
        self.position = position
        self.day = day
        self.data = data


class Life:
    """What remains of one stream (design §3): corrections applied in position order, voided events removed."""

    def __init__(self, events: Sequence[Event], otherwise: str | None = None) -> None:
        self.otherwise = otherwise
        self.events = {event["event_id"]: event for event in events}
        self.positions = {event["event_id"]: index + 1 for index, event in enumerate(events)}
        self.voided = {
            event["data"]["target"]
            for event in events
            if event["type"] == "event.voided" and self._type(event["data"]["target"]) != "event.voided"
        }
        read = [self._read(event) for event in events if not event["type"].startswith("event.")]
        self.facts = [fact for fact in read if fact.event_id not in self.voided]
        self.voided_facts = [fact for fact in read if fact.event_id in self.voided]
        self.employments = self._employments()
        days = [fact.day for fact in self.facts] + [day for fact in self.facts for day in _days_in(fact.data)]
        self.first_day = min(days, default=date(2020, 1, 1)) - ONE_DAY
        self.by_type: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self.by_type.setdefault(fact.type, []).append(fact)

    def _type(self, event_id: str) -> str | None:
        return self.events[event_id]["type"] if event_id in self.events else None

    def _corrections_of(self, event_id: str) -> list[Event]:
        return [
            event
            for event in self.events.values()
            if event["type"] == "event.corrected"
            and event["data"]["target"] == event_id
            and event["event_id"] not in self.voided
            and not self._corrects_itself(event["event_id"])
        ]

    def _corrects_itself(self, event_id: str) -> bool:
        # Choice: corrections that correct each other in a ring do not apply; the text is silent.
        seen: set[str] = set()
        link = self.events[event_id]["data"]["target"]
        while link in self.events and self._type(link) == "event.corrected" and link not in seen:
            if link == event_id:
                return True
            seen.add(link)
            link = self.events[link]["data"]["target"]
        return link == event_id

    def _read(self, event: Event) -> Fact:
        day, data = event["occurred_on"], dict(event["data"])
        for correction in self._corrections_of(event["event_id"]):
            patch = self._read(correction).data["set"]
            new_day = patch.get("occurred_on", day)
            new_data = _patched(data, patch.get("data", {}))
            if _valid(event["type"], new_day, new_data):
                day, data = new_day, new_data
        return Fact(event, self.positions[event["event_id"]], day_of(day), data)

    def of(self, type_: str) -> list[Fact]:
        """Return the standing facts of a type in order of position."""
        return self.by_type.get(type_, [])

    def _employments(self) -> list[tuple[Fact, date, date]]:
        """Return every employment with its first and last day; the last lies before the first where it never held."""
        starts = [fact for fact in self.facts if fact.type == "employment.started"]
        ends = [fact for fact in self.facts if fact.type == "employment.ended"]
        found = []
        for start in starts:
            last = ENDS_OF_TIME[1]
            for end in ends:
                end_day = day_of(end.data["last_day"])
                named = end.data.get("employment")
                # Choice: "open" is read on the last day itself, so the earliest of several ends counts.
                if named == start.event_id or (named is None and start.day <= end_day):
                    last = min(last, end_day)
            if not start.data.get("concurrent"):
                for other in starts:
                    if not other.data.get("concurrent") and (other.day, other.position) > (start.day, start.position):
                        last = min(last, other.day - ONE_DAY)
            found.append((start, start.day, last))
        return found

    def employments_on(self, day: date) -> list[Fact]:
        """Return every employment held on a day, concurrent ones too."""
        return [fact for fact, first, last in self.employments if first <= day <= last]

    def certificates_on(self, day: date, national: bool) -> set[str]:
        """Return the levels held. A withdrawn certificate no longer holds on the day of the withdrawal."""
        held = set()
        for fact in self.of("certificate.obtained"):
            if national and (fact.data["scope"] != "national" or fact.data["level"] == "basic"):
                continue
            issued = day_of(fact.data["issued_on"]) if "issued_on" in fact.data else fact.day
            holds_from = issued if self.otherwise == "R-11" else fact.day
            # Choice: a withdrawal takes what was obtained on its own day too.
            withdrawn = any(
                other.data["level"] == fact.data["level"] and fact.day <= other.day <= day
                for other in self.of("certificate.withdrawn")
            )
            if holds_from <= day and not withdrawn:
                held.add(fact.data["level"])
        return held

    def registrations_begun(self, day: date) -> list[tuple[date, date, int, date]]:
        """Return (valid_from, granted on, position, last day it holds as far as `day` sees) of every one begun."""
        found = []
        for fact in self.of("registration.granted"):
            first = day_of(fact.data["valid_from"])
            # Choice: "granted_on + 3y" counts from valid_from, the date of its own that decides.
            last = self._last_day_of_term(fact, first)
            for end in self.of("registration.ended"):
                # Choice: an end takes the registrations begun by its day; before its day it has not happened.
                if first <= end.day <= day:
                    last = min(last, end.day - ONE_DAY)
            if first <= day:
                found.append((first, fact.day, fact.position, last))
        # Choice: one that was taken away on its first day is told only where there is no other.
        held = [term for term in found if term[3] >= term[0]]
        return sorted(held or found)

    def _last_day_of_term(self, fact: Fact, first: date) -> date:
        """R-12: as printed, else the corresponding day three years later, or the day before it."""
        if "valid_until" in fact.data:
            return day_of(fact.data["valid_until"])
        return years_later(first, 3, self.otherwise) - ONE_DAY * (self.otherwise == "R-12")

    def terms_begun(self, day: date) -> list[tuple[date, date, int, date]]:
        """Return (valid_from, granted on, position, last day as granted) of every registration that held a day."""
        found = []
        for fact in self.of("registration.granted"):
            first = day_of(fact.data["valid_from"])
            last = self._last_day_of_term(fact, first)
            if first <= day and not any(end.day == first for end in self.of("registration.ended")):
                found.append((first, fact.day, fact.position, last))
        return sorted(found)

    def supervisor_ranks_on(self, day: date) -> set[str]:
        """Return the ranks held on a day."""
        ranks = set()
        for fact in self.of("supervisor.designated"):
            last = day_of(fact.data["last_day"]) if "last_day" in fact.data else ENDS_OF_TIME[1]
            for end in self.of("supervisor.ended"):
                if fact.day <= day_of(end.data["last_day"]):
                    last = min(last, day_of(end.data["last_day"]))
            if fact.day <= day <= last:
                ranks.add(fact.data["rank"])
        return ranks

    def run_start(self, holds: Callable[[date], bool], as_of: date, not_before: date | None = None) -> date:
        """Return the first day of the unbroken run of days up to `as_of` on which something holds."""
        floor = max(not_before or self.first_day, self.first_day)
        day = as_of
        while day > floor and holds(day - ONE_DAY):
            day -= ONE_DAY
        return day


def _days_in(value: Any) -> list[date]:
    if isinstance(value, dict):
        return [day for child in value.values() for day in _days_in(child)]
    if isinstance(value, list):
        return [day for child in value for day in _days_in(child)]
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return [day_of(value)]
    return []


def _patched(target: Any, patch: Any) -> Any:
    """Return a merge patch applied (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _patched(merged.get(name), value)
    return merged


def _valid(type_: str, day: str, data: Mapping[str, Any]) -> bool:
    """Whether an event would still be valid, as far as the generated corrections can break one."""
    if not REQUIRED.get(type_, set()) <= data.keys():
        return False
    if type_ == "event.corrected":
        patch = data["set"]
        return bool(patch) and patch.keys() <= {"occurred_on", "data"} and all(patch.values())
    if type_ == "training.completed":
        parts = [Decimal(session["amount"]) for session in data.get("sessions", ())]
        if parts and sum(parts) != Decimal(data["amount"]):
            return False
    in_order = [
        (data.get("valid_from", day), data.get("valid_until")),
        (data.get("covers_from"), data.get("covers_until")),
        (data.get("started_on"), day if type_ == "training.completed" else None),
        (day if type_ == "supervisor.designated" else None, data.get("last_day")),
    ]
    if any(first and last and last < first for first, last in in_order):
        return False
    return "ended_on" not in data or data["ended_on"] == day
