"""A second reading of the rules, written from the design and the rule register alone.

It walks day by day and knows nothing of the engine: it imports the standard library and no line of ours. Where the
text leaves a choice it takes the most literal one, and the choice stands beside it as a comment that begins "Choice".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Event = Mapping[str, Any]
Answer = dict[str, Any]

ONE_DAY = timedelta(days=1)
LEVELS = ("basic", "junior", "intermediate", "senior")
RANKS = ("junior", "intermediate", "senior")
NATIONAL_LEVELS = LEVELS[1:]
ENDS_OF_TIME = date(1900, 1, 1), date(2199, 12, 31)

NATIONAL = {
    "certificate",
    "qualification",
    "registration",
    "exam.complete",
    "certificate.senior_route",
    "continuing_education.registration_term",
}
EDITIONS = {"510100": (date(2022, 3, 1), date(2027, 2, 28)), "410100": (date(2022, 2, 9), ENDS_OF_TIME[1])}
DEFINED = {
    # Choice: supervisor is a rule of the places that have supervisors (CD-06, ZZ-33), as N-20 leaves it to designation.
    "510100": {"grade", "allowance", "benefit.child_education", "benefit.apartment", "reward.new_talent", "supervisor"},
    "410100": {"grade", "allowance", "continuing_education.annual", "supervisor", "technical_staff"},
}
BANDS = {
    "510100": {**dict.fromkeys((11, 12), "junior"), **dict.fromkeys((8, 9, 10), "intermediate")},
    "410100": {**dict.fromkeys((11, 12, 13), "junior"), **dict.fromkeys((8, 9, 10), "intermediate")},
}
for _ladder in BANDS.values():
    _ladder.update(dict.fromkeys((5, 6, 7), "senior"))
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


def oracle(
    events: Sequence[Event],
    determination: str,
    as_of: date,
    jurisdiction: str,
    period: int | None = None,
    level: str | None = None,
    standards: Iterable[Mapping[str, Any]] = (),
) -> Answer:
    """Return status and result for `events` in the order in which they were recorded.

    `standards` are local standards as registered, each with its `position`.
    """
    life = events if isinstance(events, Life) else Life(events)
    return Reading(life, jurisdiction, tuple(standards)).answer(determination, as_of, period, level)


def day_of(text: str) -> date:
    """Return an ISO date."""
    return date.fromisoformat(text)


def years_later(day: date, years: int) -> date:
    """Return the corresponding day `years` later; without one the end of the month (R-05, N-17)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


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
    """What stands of one stream (design §3): corrections applied in position order, voided events gone."""

    def __init__(self, events: Sequence[Event]) -> None:
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
            # Choice: a withdrawal takes what was obtained on its own day too.
            withdrawn = any(
                other.data["level"] == fact.data["level"] and fact.day <= other.day <= day
                for other in self.of("certificate.withdrawn")
            )
            if fact.day <= day and not withdrawn:
                held.add(fact.data["level"])
        return held

    def registrations_begun(self, day: date) -> list[tuple[date, date, int, date]]:
        """Return (valid_from, granted on, position, last day it holds as far as `day` sees) of every one begun."""
        found = []
        for fact in self.of("registration.granted"):
            first = day_of(fact.data["valid_from"])
            # Choice: "granted_on + 3y" counts from valid_from, the date of its own that decides.
            last = day_of(fact.data["valid_until"]) if "valid_until" in fact.data else years_later(first, 3)
            for end in self.of("registration.ended"):
                # Choice: an end takes the registrations begun by its day; before its day it has not happened.
                if first <= end.day <= day:
                    last = min(last, end.day - ONE_DAY)
            if first <= day:
                found.append((first, fact.day, fact.position, last))
        return sorted(found)

    def terms_begun(self, day: date) -> list[tuple[date, date, int, date]]:
        """Return (valid_from, granted on, position, last day as granted) of every registration that held a day."""
        found = []
        for fact in self.of("registration.granted"):
            first = day_of(fact.data["valid_from"])
            last = day_of(fact.data["valid_until"]) if "valid_until" in fact.data else years_later(first, 3)
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


class Reading:
    """One question after another about one life under the rules of one place."""

    def __init__(self, life: Life, jurisdiction: str, standards: tuple[Mapping[str, Any], ...]) -> None:
        self.life = life
        self.jurisdiction = jurisdiction
        self.standards = standards
        self.city = next((place for place in chain_of(jurisdiction) if place in EDITIONS), None)
        # Choice: a city's rule looks for work in the city, whichever district is asked about.
        self.reach = self.city or jurisdiction

    def answer(self, determination: str, as_of: date, period: int | None, level: str | None) -> Answer:
        """Return status and result."""
        if determination in NATIONAL:
            return self._national(determination, as_of, level)
        if determination == "continuing_education.annual":
            return self._annual(as_of, period or as_of.year)
        if self.city is None:
            return {"status": "undefined_in_policy", "result": {}}
        if not self._in_force(as_of):
            return {"status": "not_in_force", "result": self._post_facts(as_of) if determination == "grade" else {}}
        if determination not in DEFINED[self.city]:
            return {"status": "undefined_in_policy", "result": {}}
        if determination == "grade":
            return self._grade(as_of)
        if determination == "allowance":
            return self._allowance(as_of)
        if determination == "supervisor":
            return self._highest(as_of, "rank", self.life.supervisor_ranks_on, EDITIONS[self.city][0])
        if determination == "technical_staff":
            first = EDITIONS[self.city][0]
            return self._highest(as_of, "level", lambda day: self.life.certificates_on(day, national=True), first)
        if determination == "benefit.child_education":
            return self._child_education(as_of)
        if determination == "benefit.apartment":
            # CD-24: the conditions stand elsewhere, so the text alone never decides.
            return {"status": "needs_review", "result": {}}
        return self._new_talent(as_of)

    def _in_force(self, day: date) -> bool:
        first, last = EDITIONS[str(self.city)]
        return first <= day <= last

    # National rules

    def _national(self, determination: str, as_of: date, level: str | None) -> Answer:
        if determination == "certificate":
            # Choice: every certificate is one, local and basic too.
            return self._highest(as_of, "level", lambda day: self.life.certificates_on(day, national=False))
        if determination == "qualification":
            return self._highest(as_of, "level", self._recognized_on)
        if determination == "registration":
            return self._registration(as_of)
        if determination == "exam.complete":
            return self._exam(as_of, str(level))
        if determination == "certificate.senior_route":
            return {"status": self._senior_route(as_of), "result": {}}
        return self._registration_term(as_of)

    def _highest(
        self, as_of: date, name: str, held_on: Callable[[date], set[str]], not_before: date | None = None
    ) -> Answer:
        """Return the highest level held and the first day of the run on which it was the highest."""

        def highest(day: date) -> str | None:
            return max(held_on(day), key=LEVELS.index, default=None)

        best = highest(as_of)
        if best is None:
            return {"status": "none", "result": {name: None, "since": None}}
        # Choice: the run is that of the level reported beside it.
        since = self.life.run_start(lambda day: highest(day) == best, as_of, not_before)
        return {"status": "valid", "result": {name: best, "since": since.isoformat()}}

    def _recognized_on(self, day: date) -> set[str]:
        return {
            fact.data["level"]
            for fact in self.life.of("qualification.recognized")
            if fact.day <= day and inside(self.jurisdiction, fact.data["scope"])
        }

    def _registration(self, as_of: date) -> Answer:
        begun = self.life.registrations_begun(as_of)
        if not begun:
            return {"status": "none", "result": {"valid_from": None, "valid_until": None}}
        holding = [term for term in begun if as_of <= term[3]]
        # Choice: the latest begun of those that hold, else the one that lasted longest, up to the day it last held.
        lapsed = max(begun, key=lambda term: term[3])
        first, _, _, last = holding[-1] if holding else lapsed
        status = "valid" if holding else "lapsed"
        return {"status": status, "result": {"valid_from": first.isoformat(), "valid_until": last.isoformat()}}

    def _exam(self, as_of: date, level: str) -> Answer:
        needed = {
            "junior": {"comprehensive", "practice"},
            "intermediate": {"comprehensive", "practice", "law_and_policy"},
            "senior": {"practice"},
        }[level]
        years = 2 if level == "intermediate" else 1
        passed: dict[int, set[str]] = {}
        for fact in self.life.of("exam.subject_passed"):
            low = "score" in fact.data and Decimal(fact.data["score"]) < 60 and fact.data.get("pass_line") != "local"
            if fact.data["level"] == level and fact.day <= as_of and not low:
                passed.setdefault(fact.data["exam_year"], set()).add(fact.data["subject"])
        for year in range(1900, 2200):
            within = set().union(*(passed.get(year + offset, set()) for offset in range(years)))
            if needed <= within:
                return {"status": "met", "result": {"subjects": sorted(needed)}}
        return {"status": "not_met", "result": {}}

    def _senior_route(self, as_of: date) -> str:
        found = set()
        for proof in self.life.of("senior_exam.proof_issued"):
            if proof.day > as_of:
                continue
            last = day_of(proof.data["valid_until"])
            if as_of < last:
                found.add("pending")
            for review in self.life.of("senior_review.decided"):
                applied = day_of(review.data["applied_on"])
                if review.data["result"] == "pass" and review.day <= as_of and proof.day <= applied <= last:
                    if proof.day <= review.day <= last:
                        found.add("met")
                    elif review.day > last:
                        found.add("needs_review")
        return next((status for status in ("met", "needs_review", "pending") if status in found), "not_met")

    def _registration_term(self, as_of: date) -> Answer:
        # Choice: the term is the one granted, whenever it ended; ended before it held a day it was none.
        begun = self.life.terms_begun(as_of)
        if not begun:
            return {"status": "not_applicable", "result": {}}
        first, _, _, last = begun[-1]
        deciding = min(as_of, last)
        level = max(self.life.certificates_on(deciding, national=True), key=LEVELS.index, default=None)
        required = {None: None, "junior": 72, "intermediate": 90, "senior": 90}[level]
        degrees = sorted(
            (fact.day, fact.position)
            for fact in self.life.of("education.recorded")
            if fact.data["field"] == "social_work"
        )
        extra = [(degrees[0][0], Decimal(90))] if degrees else []
        answer = self._hours(as_of, first, last, "hour", required, extra)
        if required is None:
            answer["status"] = "not_applicable"
        return answer

    # Hours

    def _annual(self, as_of: date, year: int) -> Answer:
        first, last = date(year, 1, 1), date(year, 12, 31)
        deciding = min(as_of, last)
        answer = self._hours(as_of, first, last, "class_hour", 60, [])
        if self.city is not None and not self._in_force(deciding):
            return {**answer, "status": "not_in_force"} if self.city == "410100" else _bare("not_in_force")
        if self.city != "410100":
            return _bare("undefined_in_policy")
        # Choice: a concurrent employment is an employment.
        if not any(inside(work.data["jurisdiction"], self.reach) for work in self.life.employments_on(deciding)):
            answer["status"] = "not_applicable"
        return answer

    def _hours(
        self, as_of: date, first: date, last: date, unit: str, required: int | None, extra: list[tuple[date, Decimal]]
    ) -> Answer:
        until = min(as_of, last)
        counted = [(day, amount) for day, amount in extra if first <= day <= until]
        reasons = {fact.event_id: "voided" for fact in self.life.voided_facts if fact.type == "training.completed"}
        convertible, days_seen = Fraction(0), False
        seen: set[Any] = set()
        for fact in self.life.of("training.completed"):
            identity = _identity(fact)
            parts = [(day_of(part["day"]), Decimal(part["amount"])) for part in fact.data.get("sessions", ())] or [
                (fact.day, Decimal(fact.data["amount"]))
            ]
            within = [(day, amount) for day, amount in parts if first <= day <= until]
            if identity in seen:
                reasons[fact.event_id] = "duplicate"
            elif not within:
                reasons[fact.event_id] = "outside_window"
            elif not any(subject.startswith("sw_") for subject in fact.data["subjects"]):
                reasons[fact.event_id] = "not_professional_subject"
            elif fact.data["unit"] != unit:
                reasons[fact.event_id] = "unit_not_convertible"
                days_seen = days_seen or fact.data["unit"] == "day"
                if fact.data["unit"] != "day":
                    convertible += sum(Fraction(amount) for _, amount in within)
            else:
                # Choice: a training of which some sessions count is counted, and has no reason.
                counted += within
            seen.add(identity)
        total = sum((amount for _, amount in counted), Decimal(0))
        met_on, running = None, Decimal(0)
        for day, amount in sorted(counted):
            running += amount
            if required is not None and met_on is None and running >= required:
                met_on = day.isoformat()
        # one to one, or 45 minutes to a class hour.
        factors = (Fraction(1), Fraction(4, 3) if unit == "class_hour" else Fraction(3, 4))
        if required is None or total >= required:
            status = "met"
        elif days_seen or any(Fraction(total) + convertible * factor >= required for factor in factors):
            status = "needs_review"
        else:
            status = "pending" if as_of < last else "not_met"
        return {
            "status": status,
            "result": {
                "counted_hours": total,
                "required_hours": None if required is None else Decimal(required),
                "shortfall_hours": None if required is None else max(Decimal(0), required - total),
                "window": {"from": first.isoformat(), "until": last.isoformat()},
                "met_on": met_on,
                "not_counted": [{"event_id": id_, "reason": reason} for id_, reason in sorted(reasons.items())],
            },
        }

    # Grade

    def _posts(self) -> list[tuple[Fact, Fact | None, date]]:
        """Return every appointment with its employment and the last day it was held."""
        found = []
        employments = {fact.event_id: (fact, first, last) for fact, first, last in self.life.employments}
        for fact in self.life.of("promotion.granted"):
            if "employment" in fact.data:
                # Choice: an appointment in an employment that is unknown or voided belongs to none.
                work, _, last = employments.get(fact.data["employment"], (None, None, ENDS_OF_TIME[1]))
            else:
                open_then = [(w, f, e) for w, f, e in self.life.employments if f <= fact.day <= e]
                # Choice: without a name it belongs to the main employment of its day, else to the first concurrent.
                open_then.sort(key=_main_first)
                work, _, last = open_then[0] if open_then else (None, None, ENDS_OF_TIME[1])
            for end in self.life.of("promotion.ended"):
                if fact.day <= day_of(end.data["last_day"]):
                    last = min(last, day_of(end.data["last_day"]))
            found.append((fact, work, last))
        return sorted(found, key=lambda each: (each[0].day, each[0].position))

    def _post_on(self, day: date) -> tuple[Fact, Fact] | None:
        """Return the post held on a day inside the jurisdiction, with its employment."""
        latest: dict[str, tuple[Fact, Fact, date]] = {}
        for fact, work, last in self._all_posts:
            if work is not None and fact.day <= day:
                latest[work.event_id] = (fact, work, last)
        held = [
            (fact, work)
            for fact, work, last in latest.values()
            if work.day <= day <= last and inside(work.data["jurisdiction"], self.reach)
        ]
        return max(held, key=lambda each: (each[0].day, each[0].position), default=None)

    @property
    def _all_posts(self) -> list[tuple[Fact, Fact | None, date]]:
        if not hasattr(self, "_kept_posts"):
            self._kept_posts = self._posts()
        return self._kept_posts

    def _post_facts(self, as_of: date) -> dict[str, Any]:
        held = self._post_on(as_of)
        return {
            "recorded_post_level": held[0].data["post_level"] if held else None,
            "post": held[0].data["post"] if held else None,
        }

    def _conforms(self, fact: Fact, day: date) -> bool:
        band = BANDS[str(self.city)].get(fact.data["post_level"])
        held = self.life.certificates_on(day, national=True)
        return band is not None and any(LEVELS.index(level) >= LEVELS.index(band) for level in held)

    def _grade(self, as_of: date) -> Answer:
        held = self._post_on(as_of)
        result: dict[str, Any] = {
            **self._post_facts(as_of),
            "conforming_post_level": None,
            "band": None,
            "conforming_since": None,
            "missing": [],
            "reference_only": False,
        }
        if held is None:
            return {"status": "none", "result": result}
        post, work = held
        band = BANDS[str(self.city)].get(post.data["post_level"])
        result["band"] = band
        result["reference_only"] = self.city == "510100" and work.data["employer_type"] != "public_institution"
        # Choice: an earlier appointment conforms if its certificate is held on the day asked about, ended or not.
        for fact, its_work, _ in self._all_posts:
            if its_work is work and fact.day <= as_of and self._conforms(fact, as_of):
                result["conforming_post_level"] = fact.data["post_level"]
        if not self._conforms(post, as_of):
            result["missing"] = [f"certificate:{band}"] if band else []
            return {"status": "not_conforming", "result": result}

        def conforming(day: date) -> bool:
            then = self._post_on(day)
            return (
                then is not None
                and then[0].data["post_level"] == post.data["post_level"]
                and then[1] is work
                and self._conforms(post, day)
            )

        # conforming from the later of appointment and certificate. Choice: appointed to the same level again in
        # the same employment, the run goes on.
        since = self.life.run_start(conforming, as_of, EDITIONS[str(self.city)][0])
        result["conforming_since"] = since.isoformat()
        return {"status": "conforming", "result": result}

    # Allowance

    def _standards_for(self, work: Fact | None, day: date) -> list[Mapping[str, Any]]:
        """Return the standards that concern an employment, or the place asked about where there is none."""
        place = work.data["jurisdiction"] if work else self.jurisdiction
        return [
            standard
            for standard in self.standards
            if standard["determination"] == "allowance"
            and standard["jurisdiction"] in chain_of(place)
            and day_of(standard["effective_from"]) <= day
        ]

    def _fits(self, work: Fact, day: date) -> bool:
        if not inside(work.data["jurisdiction"], self.reach):
            return False
        role = work.data["role"]
        if role == "full_time_community_worker" or (self.city == "410100" and role == "community_worker"):
            return True
        added = {type_ for s in self._standards_for(work, day) for type_ in s.get("adds_employer_types", ())}
        return role != "other" and work.data["employer_type"] in added

    def _allowance_on(self, day: date) -> tuple[str, list[str], list[str], str | None, list[Fact]]:
        fitting = [work for work in self.life.employments_on(day) if self._fits(work, day)]
        held = self.life.certificates_on(day, national=self.city == "410100")
        missing, unresolved = [], []
        if not fitting:
            missing.append("role")
        if not held:
            missing.append("certificate")
        if self.city == "510100":
            if not any(day <= term[3] for term in self.life.registrations_begun(day)):
                missing.append("registration")
            a_year_ago = years_later(day, -1)
            services = self.life.of("service.recorded")
            if not any(fact.data["verified"] and a_year_ago < fact.day <= day for fact in services):
                missing.append("service_record")
            attested = [
                fact.data["professional_role"]
                for fact in self.life.of("assessment.recorded")
                if day_of(fact.data["covers_from"]) <= day <= day_of(fact.data["covers_until"])
            ]
            # Choice: assessments that contradict each other are as good as none.
            if len(set(attested)) != 1:
                unresolved.append("professional_role")
            elif not attested[0]:
                missing.append("professional_role")
        tier = max(held, key=LEVELS.index, default=None)
        status = "not_eligible" if missing else "needs_review" if unresolved else "eligible"
        return status, missing, unresolved, tier, fitting

    def _allowance(self, as_of: date) -> Answer:
        status, missing, unresolved, tier, fitting = self._allowance_on(as_of)
        amount = standard = since = None
        if status == "eligible":
            # Choice: the standards of every fitting employment's place compete.
            naming = [s for work in fitting for s in self._standards_for(work, as_of) if tier in s["tiers"]]
            if naming:
                best = max(
                    naming,
                    key=lambda s: (len(chain_of(s["jurisdiction"])), s["effective_from"], s["position"]),
                )
                amount, standard = best["tiers"][tier], best["standard_id"]
            first = EDITIONS[str(self.city)][0]
            since = self.life.run_start(lambda day: self._allowance_on(day)[0] == "eligible", as_of, first).isoformat()
        return {
            "status": status,
            "result": {
                "tier": None if status == "not_eligible" else tier,
                "amount": amount,
                "standard": standard,
                "missing": missing,
                "unresolved": unresolved,
                "eligible_since": since,
            },
        }

    # Benefits and rewards

    def _child_education(self, as_of: date) -> Answer:
        talents = {fact.data["talent"] for fact in self.life.of("talent.designated") if fact.day <= as_of}
        met = "senior" in self.life.supervisor_ranks_on(as_of) or "national_leading" in talents
        return {"status": "eligible" if met else "not_eligible", "result": {}}

    def _new_talent(self, as_of: date) -> Answer:
        first, last = EDITIONS["510100"]
        new = {
            fact.data["talent"] for fact in self.life.of("talent.designated") if first <= fact.day <= min(as_of, last)
        }
        if new & {"national_leading", "sichuan_high_end"}:
            return {"status": "eligible", "result": {}}
        # Choice: the list is open (等), so another talent title is for a person to judge, as in LC-05.
        return {"status": "needs_review" if new else "not_eligible", "result": {}}


def _main_first(held: tuple[Fact, date, date]) -> tuple[bool, date, int]:
    return held[0].data.get("concurrent") is True, held[0].day, held[0].position


def _bare(status: str) -> Answer:
    return {"status": status, "result": {}}


def _identity(fact: Fact) -> tuple[Any, ...]:
    """Return what two reports of one training share (R-10)."""
    data = fact.data
    if "proof_no" in data:
        return "proof", data.get("provider"), data["proof_no"]
    # Choice: the dates are all that are told, sessions included; amounts agree as numbers and subjects as a set.
    return (
        "like",
        data.get("provider"),
        data.get("course"),
        data.get("started_on"),
        fact.day,
        tuple(session["day"] for session in data.get("sessions", ())),
        Decimal(data["amount"]),
        data["unit"],
        frozenset(data["subjects"]),
    )
