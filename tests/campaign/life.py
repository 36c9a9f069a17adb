"""What remains of one person's events on a day: a second implementation, from the design alone (§3).

It imports only the standard library and no code of ours. If the text leaves a choice it takes the most literal one,
which a comment that begins "Choice" records.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from unicodedata import category, normalize

Event = Mapping[str, Any]

ONE_DAY = timedelta(days=1)
ENDS_OF_TIME = date(1900, 1, 1), date(2199, 12, 31)
# Fillers, joiners and selectors of a variant: nothing is shown for them, though they are letters or marks by category.
NOT_SHOWN = {chr(code) for code in (0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10))}
NOT_SHOWN |= {chr(code) for code in range(0xE0100, 0xE01F0)}
DRAWN_DASHES = {"−", "─", "━"}
REQUIRED = {
    "practitioner.enrolled": {"identity_type"},
    "education.recorded": {"level", "field"},
    "exam.subject_passed": {"level", "subject", "exam_year"},
    "senior_exam.proof_issued": {"valid_until"},
    "senior_review.applied": set(),
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
    "benefit.granted": {"benefit", "authority"},
    "event.corrected": {"target", "set", "reason"},
    "event.voided": {"target", "reason"},
}
# What an event says where it leaves a member out; else it says nothing of it (§3).
SAID_BY_ABSENCE: Mapping[str, dict[str, Any]] = {
    "employment.started": {"concurrent": False},
    "employment.ended": {"employment": "each that had begun"},
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


@lru_cache(10_000)
def folded(text: str) -> str:
    """Return a text as it is compared: NFKC, case and white space folded, dashes and brackets alike (§3)."""
    # Choice: white space, and what nothing is shown for, is left out wherever it stands, and every shape of dash or
    # bracket is the same one.
    likened = {"Pd": "-", "Ps": "(", "Pe": ")"}
    plain = normalize("NFKC", normalize("NFKC", text).casefold())
    seen = [sign for sign in plain if not sign.isspace() and category(sign) != "Cf" and sign not in NOT_SHOWN]
    return "".join("-" if sign in DRAWN_DASHES else likened.get(category(sign), sign) for sign in seen)


def folded_in(value: Any) -> Any:
    """Return data with every text in it folded."""
    if isinstance(value, Mapping):
        return {name: folded_in(child) for name, child in value.items()}
    if isinstance(value, list):
        return [folded_in(child) for child in value]
    return folded(value) if isinstance(value, str) else value


class Fact:
    """An event as its corrections leave it."""

    def __init__(self, event: Event, position: int, day: date, data: dict[str, Any], told_at: int) -> None:
        self.sent = event
        self.event_id: str = event["event_id"]
        self.type: str = event["type"]
        self.position = position
        self.day = day
        self.data = data
        self.told_at = told_at
        self.before: list[tuple[int, date, dict[str, Any]]] = []

    @cached_property
    def folded(self) -> Any:
        """The data with every text folded, of a fact that no longer changes."""
        return folded_in(self.data)


class Telling(NamedTuple):
    """What a fact said from a position on: as it is compared, and as an account."""

    since: int
    fact: Fact
    says: tuple[str, str, str]
    account: Mapping[str, Any]


def said(type_: str, day: str, data: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what two events that say the same have in common (§7.8): type, day and data, with folded texts."""
    return type_, day, json.dumps(folded_in(data), sort_keys=True)


class Revised:
    """How the events of one stream read (design §3): corrections applied in position order."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = {event["event_id"]: event for event in events}
        self.positions = {event["event_id"]: index + 1 for index, event in enumerate(events)}
        self.voided = {
            event["data"]["target"]
            for event in events
            if event["type"] == "event.voided" and self._type(event["data"]["target"]) != "event.voided"
        }
        self.repeated = self._corrections_repeated(events)

    def _type(self, event_id: str) -> str | None:
        return self.events[event_id]["type"] if event_id in self.events else None

    def _corrections_of(self, event_id: str) -> list[Event]:
        return [
            event
            for event in self.events.values()
            if event["type"] == "event.corrected"
            and event["data"]["target"] == event_id
            and event["event_id"] not in self.voided
            and event["event_id"] not in self.repeated
            and not self._corrects_itself(event["event_id"])
        ]

    def _corrections_repeated(self, events: Sequence[Event]) -> set[str]:
        """Return the corrections that say again what an earlier one said, none of them voided or corrected."""
        standing = [one for one in events if one["type"] == "event.corrected" and one["event_id"] not in self.voided]
        # Choice: one that was itself corrected says something else, so it is no double.
        corrected = {one["data"]["target"] for one in standing}
        seen, repeated = set(), set()
        for one in standing:
            says = said(one["type"], one["occurred_on"], one["data"])
            if says in seen and one["event_id"] not in corrected:
                repeated.add(one["event_id"])
            seen.add(says)
        return repeated

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

    def reading(self, event: Event) -> Fact:
        day, data, told_at = event["occurred_on"], dict(event["data"]), self.positions[event["event_id"]]
        for correction in self._corrections_of(event["event_id"]):
            patch = self.reading(correction).data["set"]
            new_day = patch.get("occurred_on", day)
            new_data = _patched(data, patch.get("data", {}))
            if _valid(event["type"], new_day, new_data):
                day, data = new_day, new_data
                told_at = self.positions[correction["event_id"]]
        return Fact(event, self.positions[event["event_id"]], day_of(day), data, told_at)


class Life(Revised):
    """What remains of one stream (design §3): corrected, and without what was voided."""

    def __init__(self, events: Sequence[Event], otherwise: str | None = None) -> None:
        super().__init__(events)
        self.otherwise = otherwise
        read = [self.reading(event) for event in events if not event["type"].startswith("event.")]
        self.voided_facts = [fact for fact in read if fact.event_id in self.voided]
        standing = [fact for fact in read if fact.event_id not in self.voided]
        for fact in standing:
            fact.before = _said_before(fact, events)
        self.told_again = self._told_again(standing)
        # Choice: every report of a training is kept, since how they count is a reading and answers tell of each.
        self.facts = [
            fact for fact in standing if fact.type == "training.completed" or fact.event_id not in self.told_again
        ]
        days = [fact.day for fact in self.facts] + [day for fact in self.facts for day in _days_in(fact.data)]
        self.first_day = min(days, default=date(2020, 1, 1)) - ONE_DAY
        self.by_type: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self.by_type.setdefault(fact.type, []).append(fact)
        self._levels_on: dict[tuple[date, bool], set[str]] = {}

    def of(self, type_: str) -> list[Fact]:
        """Return the standing facts of a type in order of position."""
        return self.by_type.get(type_, [])

    def _told_again(self, facts: Sequence[Fact]) -> set[str]:
        """Return the ids of facts that say again what an earlier one says.

        What names a double of an employment names the first from now on, and an appointment that names none names that
        to which it falls. Choice: so an appointment without one is another than one in another employment of its day.
        """
        starts = [fact for fact in facts if fact.type == "employment.started"]
        first_jobs = _told_first(starts)
        others = [fact for fact in facts if fact.type != "employment.started"]
        for fact in others:
            fact.data = _in_first_job(fact.data, first_jobs)
        self.employments = self._employments(
            [fact for fact in starts if first_jobs[fact.event_id] == fact.event_id],
            [fact for fact in others if fact.type == "employment.ended"],
        )
        for fact in others:
            fact.data = self._in_its_job(fact.type, fact.day, fact.data)

        for fact in others:
            fact.before = [
                (since, day, self._in_its_job(fact.type, day, _in_first_job(data, first_jobs)))
                for since, day, data in fact.before
            ]
        told_first = first_jobs | _told_first(others)
        return {event_id for event_id, told in told_first.items() if told != event_id}

    def _in_its_job(self, type_: str, day: date, data: dict[str, Any]) -> dict[str, Any]:
        """Return what an event says, with the employment to which it falls if it is an appointment that names none."""
        if type_ != "promotion.granted" or "employment" in data:
            return data
        held = [fact for fact, first, last in self.employments if first <= day <= last]
        if not held:
            return data
        # Choice: without a name it belongs to the main employment of its day, else to the first concurrent.
        job = min(held, key=lambda fact: (fact.data.get("concurrent") is True, fact.day, fact.position))
        return {**data, "employment": job.event_id}

    def _employments(self, starts: Sequence[Fact], ends: Iterable[Fact]) -> list[tuple[Fact, date, date]]:
        """Return every employment with its first and last day; the last lies before the first where it never held."""
        self._succeeded = {start.event_id: _first_successor(start, starts) for start in starts}
        ended = [(start.event_id, start.day, self._succeeded[start.event_id], ENDS_OF_TIME[1]) for start in starts]
        self._ended = ends_taken(ended, [(day_of(end.data["last_day"]), end.data.get("employment")) for end in ends])
        found = []
        for start in starts:
            last = self._ended[start.event_id]
            successor = self._succeeded[start.event_id]
            found.append((start, start.day, last if successor is None else min(last, successor - ONE_DAY)))
        return found

    def runs_into(self, employment: Fact) -> date:
        """Return the last day into which an employment ran; one that another replaces runs into the day of that."""
        successor, ended = self._succeeded[employment.event_id], self._ended[employment.event_id]
        return ended if successor is None else min(successor, ended)

    def employments_on(self, day: date) -> list[Fact]:
        """Return every employment held on a day, concurrent ones too."""
        return [fact for fact, first, last in self.employments if first <= day <= last]

    def certificates_held(self, day: date) -> list[tuple[Fact, date]]:
        """Return every certificate held, whatever its scope, with the day that counts (R-11).

        A withdrawal takes what was obtained before its day, and no longer holds on its own day.
        """
        held = []
        for fact in self.of("certificate.obtained"):
            issued = day_of(fact.data["issued_on"]) if "issued_on" in fact.data else fact.day
            counts_from = issued if self.otherwise == "R-11" else fact.day
            # Choice: what a withdrawal takes is told by the day of approval, whichever day counts.
            withdrawn = any(
                other.data["level"] == fact.data["level"] and fact.day < other.day <= day
                for other in self.of("certificate.withdrawn")
            )
            if counts_from <= day and not withdrawn:
                held.append((fact, counts_from))
        return held

    def certificates_on(self, day: date, national: bool) -> set[str]:
        """Return the levels held; of national ones alone, where a basic one never is one (N-01)."""
        if (day, national) not in self._levels_on:
            held = (fact for fact, _ in self.certificates_held(day))
            found = {fact.data["level"] for fact in held if not national or is_national(fact)}
            self._levels_on[day, national] = found
        return self._levels_on[day, national]

    def registrations_begun(self, day: date) -> list[tuple[date, date, int, date, Fact]]:
        """Return (valid_from, granted on, position, last day it holds as far as `day` sees, fact) of each one begun."""
        found = []
        for first, granted_on, position, last, fact in self.terms_begun(day):
            for end in self.of("registration.ended"):
                # §3: an end takes what had begun before its day. Choice: before its day it has not happened.
                if first < end.day <= day:
                    last = min(last, end.day - ONE_DAY)
            found.append((first, granted_on, position, last, fact))
        return found

    def terms_begun(self, day: date) -> list[tuple[date, date, int, date, Fact]]:
        """Return (valid_from, granted on, position, last day as granted, fact) of every registration begun."""
        found = []
        for fact in self.of("registration.granted"):
            first = day_of(fact.data["valid_from"])
            if first <= day:
                found.append((first, fact.day, fact.position, self._last_day_of_term(fact, first), fact))
        return sorted(found, key=lambda term: term[:3])

    def _last_day_of_term(self, fact: Fact, first: date) -> date:
        """R-12: as printed, else the corresponding day three years later, or the day before it."""
        if "valid_until" in fact.data:
            return day_of(fact.data["valid_until"])
        return years_later(first, 3, self.otherwise) - ONE_DAY * (self.otherwise == "R-12")

    def supervisors_on(self, day: date) -> list[Fact]:
        """Return the designations as supervisor that hold on a day."""
        designated = self.of("supervisor.designated")
        as_told = [(fact.event_id, fact.day, None, _last_day_told(fact)) for fact in designated]
        last = ends_taken(as_told, [(day_of(end.data["last_day"]), None) for end in self.of("supervisor.ended")])
        return [fact for fact in designated if fact.day <= day <= last[fact.event_id]]

    def run_start(self, holds: Callable[[date], bool], as_of: date, not_before: date | None = None) -> date:
        """Return the first day of the unbroken run of days up to `as_of` on which something holds."""
        floor = max(not_before or self.first_day, self.first_day)
        day = as_of
        while day > floor and holds(day - ONE_DAY):
            day -= ONE_DAY
        return day


def is_national(certificate: Fact) -> bool:
    """Whether a certificate is of the national scheme; a basic one never is (N-01)."""
    return certificate.data["scope"] == "national" and certificate.data["level"] != "basic"


def _last_day_told(fact: Fact) -> date:
    return day_of(fact.data["last_day"]) if "last_day" in fact.data else ENDS_OF_TIME[1]


def _in_first_job(data: dict[str, Any], first_jobs: Mapping[str, str]) -> dict[str, Any]:
    """Return what an event says, with the employment that counts where it names a double of it."""
    named = data.get("employment")
    return {**data, "employment": first_jobs[named]} if named in first_jobs else dict(data)


def _said_before(fact: Fact, events: Sequence[Event]) -> list[tuple[int, date, dict[str, Any]]]:
    """Return what a fact has said since which position: as it was sent, and as it read after each later revision."""
    if not any(event["type"] == "event.corrected" and event["data"]["target"] == fact.event_id for event in events):
        return []
    read = [(fact.position, day_of(fact.sent["occurred_on"]), dict(fact.sent["data"]))]
    for position in range(fact.position, len(events) + 1):
        if position == fact.position or events[position - 1]["type"].startswith("event."):
            then = Revised(events[:position]).reading(fact.sent)
            read.append((position, then.day, then.data))
    return read


def _told_first(facts: Sequence[Fact]) -> dict[str, str]:
    """Return the id of the first that says the same, by the id of each fact.

    Choice: one says the same as another that had said so by the time at which it was sent, or that says so as its
    corrections leave it; so a fact that is sent again after its correction is a double, and stays one however often
    the first is corrected, and a double that was corrected to say more is none.
    """
    told = [
        Telling(since, other, said(other.type, day.isoformat(), data), _account(other.type, data))
        for other in facts
        for since, day, data in [(other.position, other.day, other.data), *other.before]
    ]
    told_first = {}
    told_of_a_day: dict[tuple[str, date], list[Fact]] = {}
    for fact in facts:
        mine, says = _account(fact.type, fact.data).items(), said(fact.type, fact.day.isoformat(), fact.data)
        by_then = [one for one in told if one.since <= fact.position and one.fact is not fact]
        same = [one for one in by_then if one.says == says]
        # Choice: what says less than another said before that one was corrected says the same too, and adds nothing.
        # Which reports of a training are of one is for R-10 alone.
        if not same and fact.type != "training.completed":
            same = [one for one in by_then if one.says[:2] == says[:2] and mine <= one.account.items()]
        first = min(same, key=lambda one: (one.since, one.fact.position), default=None)
        told_first[fact.event_id] = first.fact.event_id if first else fact.event_id
        if told_first[fact.event_id] == fact.event_id and fact.type != "training.completed":
            told_of_a_day.setdefault((fact.type, fact.day), []).append(fact)
    for accounts in told_of_a_day.values():
        for of_one_fact in _sorted_by_fact(accounts):
            told_first.update({fact.event_id: of_one_fact[0].event_id for fact in of_one_fact})
            of_one_fact[0].data = _all_told(of_one_fact)
    return {event_id: _led_to(told, told_first) for event_id, told in told_first.items()}


def _led_to(event_id: str, told_first: Mapping[str, str]) -> str:
    while told_first[event_id] != event_id:
        event_id = told_first[event_id]
    return event_id


def _account(type_: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event says, in folded texts, and what it says by leaving it out."""
    folded_data: dict[str, Any] = folded_in(data)
    return {**SAID_BY_ABSENCE.get(type_, {}), **folded_data}


def _is_within(one: Fact, other: Fact) -> bool:
    """Whether the second fact says all that the first one says."""
    return one is not other and _account(one.type, one.data).items() <= _account(other.type, other.data).items()


def _differing(one: Fact, other: Fact) -> list[str]:
    mine, theirs = _account(one.type, one.data), _account(other.type, other.data)
    return [name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name]]


def _sorted_by_fact(accounts: Sequence[Fact]) -> list[list[Fact]]:
    """Return the accounts of one type and day by the fact of which they are, each in order of position (ADR-0028).

    An account within another is of its fact. Of the others those are of one fact that agree. One is of no other's fact
    if it agrees with two that do not agree with each other: it may be of either.
    """
    jobs = [one for one in accounts if one.type == "employment.started" and not one.data.get("concurrent")]
    others = [one for one in accounts if one not in jobs]
    # Choice: the main jobs of a day (§3) are one where each differs from some other in one member alone.
    found = _linked(jobs, lambda one, other: len(_differing(one, other)) <= 1)
    within = {
        one.event_id: fuller
        for one in others
        for fuller in reversed(others)
        if _is_within(one, fuller) and not any(_is_within(fuller, other) for other in others)
    }
    fullest = [one for one in others if one.event_id not in within]
    doubtful = {
        one.event_id
        for one in fullest
        for agreeing in [[other for other in fullest if not _differing(one, other)]]
        if any(_differing(left, right) for left in agreeing for right in agreeing)
    }
    found += [[one] for one in fullest if one.event_id in doubtful]
    sure = [one for one in fullest if one.event_id not in doubtful]
    found += _linked(sure, lambda one, other: not _differing(one, other))
    for one in others:
        if one.event_id in within:
            next(of_one for of_one in found if within[one.event_id] in of_one).append(one)
    return [sorted(of_one, key=lambda fact: fact.position) for of_one in found]


def _linked(facts: Iterable[Fact], alike: Callable[[Fact, Fact], bool]) -> list[list[Fact]]:
    """Return the facts in groups, each of which holds whatever is like one in it."""
    left, groups = list(facts), []
    while left:
        group = [left.pop(0)]
        for one in group:  # Which grows meanwhile.
            group += [other for other in left if alike(one, other)]
            left = [other for other in left if other not in group]
        groups.append(group)
    return groups


def _all_told(accounts: Sequence[Fact]) -> dict[str, Any]:
    """Return what some accounts of one fact say: as it is told first, and where they differ, as it is told last."""
    told: dict[str, Any] = {}
    for name in {name for one in accounts for name in one.data}:
        saying = [one for one in accounts if name in one.data]
        differ = any(folded_in(one.data[name]) != folded_in(saying[0].data[name]) for one in saying)
        told[name] = (max(saying, key=lambda one: one.told_at) if differ else saying[0]).data[name]
    return told


def _first_successor(start: Fact, starts: Iterable[Fact]) -> date | None:
    """Return the day of the next main employment, which ends this one on the day before; a concurrent one has none."""
    if start.data.get("concurrent"):
        return None
    later = [
        other.day
        for other in starts
        if not other.data.get("concurrent") and (other.day, other.position) > (start.day, start.position)
    ]
    return min(later, default=None)


def _ran_into(first: date, successor: date | None, last: date, day: date) -> bool:
    """Whether something had begun before a day and went on to it.

    Choice: one that is replaced on that very day was still running, so an end of that day means it and not the new one.
    """
    return first < day <= last and (successor is None or day <= successor)


def ends_taken(
    running: Sequence[tuple[str, date, date | None, date]], ends: Iterable[tuple[date, str | None]]
) -> dict[str, date]:
    """Return the last day of each (name, first day, day of its successor, own last day) after the ends (§3).

    An end (last day, name) that names nothing takes what was running since before its day; where nothing was, what
    began on it. Choice: ends count in the order of their days, so what an earlier one took is no longer running.
    """
    last = {name: own for name, _, _, own in running}
    for day, named in sorted(ends, key=lambda end: end[0]):
        if named is not None:
            taken = [name for name, _, _, _ in running if name == named]
        else:
            taken = [name for name, first, successor, _ in running if _ran_into(first, successor, last[name], day)] or [
                name for name, first, _, _ in running if first == day <= last[name]
            ]
        for name in taken:
            last[name] = min(last[name], day)
    return last


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
    if type_ == "certificate.obtained" and "valid_in" in data and data["scope"] != "local":
        return False
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
