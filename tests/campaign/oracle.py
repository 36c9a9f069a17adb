"""A second implementation of the rules, written from the design and the rule register alone.

It walks day by day and knows nothing of the engine: it imports only the standard library and no code of ours. If the
text leaves a choice it takes the most literal one, which a comment that begins "Choice" records.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.campaign.life import ENDS_OF_TIME, ONE_DAY, Event, Fact, Life, day_of, years_later

Answer = dict[str, Any]

LEVELS = ("basic", "junior", "intermediate", "senior")

LIAOCHENG, CHUXIONG, CHENGDU, ZHENGZHOU, FUJIAN = "371500", "532300", "510100", "410100", "350000"
# N-27: each national document begins on its own day, and none ends.
NATIONAL = {
    "certificate": date(2006, 9, 1),
    "qualification": date(2006, 9, 1),
    "exam.complete": date(2006, 9, 1),
    # Choice: years of professional work are asked for by the nation (N-06); LC-14 only wants them computable.
    "professional_years": date(2006, 9, 1),
    "registration": date(2009, 4, 8),
    "continuing_education.registration_term": date(2009, 9, 7),
    "certificate.senior_route": date(2018, 3, 6),
}
EDITIONS = {
    # signed on the first day, and no end is stated. CD-35: the one text with both days.
    LIAOCHENG: (date(2020, 7, 8), ENDS_OF_TIME[1]),
    FUJIAN: (date(2021, 1, 28), ENDS_OF_TIME[1]),
    CHUXIONG: (date(2021, 7, 12), ENDS_OF_TIME[1]),
    ZHENGZHOU: (date(2022, 2, 9), ENDS_OF_TIME[1]),
    CHENGDU: (date(2022, 3, 1), date(2027, 2, 28)),
}
# printed a day after it was signed.
PRINTED = {FUJIAN: date(2021, 1, 29)}
# The alternatives of rules.md 1.3 that can be taken here, each named by its reading and, where there are two, a word.
OTHERWISE = (
    "R-01",
    "R-02",
    "R-04 closed",
    "R-04 calendar",
    "R-05",
    "R-07 alike",
    "R-07 minutes",
    "R-08",
    "R-09",
    "R-10",
    "R-11",
    "R-12",
    "R-13",
    "R-15",
    "R-16",
    "R-17",
    "R-18",
    "R-23",
)
DEFINED = {
    # LC-15/16, LC-03..06, LC-24, LC-22. The ladder is by reference, without numbers (LC-14): undefined.
    LIAOCHENG: {"title", "talent", "talent.quality", "allowance", "benefit.settlement"},
    # CX-01, CX-08, CX-21, CX-24, CX-12, CX-11.
    CHUXIONG: {
        "talent",
        "talent.quality",
        "continuing_education.plan_period",
        "allowance",
        "benefit.settlement",
        "benefit.child_education",
        "reward.exam",
        "technical_staff",
    },
    # FJ-11, FJ-16, FJ-10, FJ-08. Choice: schooling by equal treatment (FJ-16) is not a rule of the text.
    FUJIAN: {"allowance", "benefit.settlement", "reward.exam", "technical_staff"},
    # Choice: supervisor is a rule of the places that have supervisors (CD-06, ZZ-33), as N-20 leaves it to designation.
    CHENGDU: {"grade", "allowance", "benefit.child_education", "benefit.apartment", "reward.new_talent", "supervisor"},
    ZHENGZHOU: {"grade", "allowance", "continuing_education.annual", "supervisor", "technical_staff"},
}
BANDS = {
    CHENGDU: {**dict.fromkeys((11, 12), "junior"), **dict.fromkeys((8, 9, 10), "intermediate")},
    ZHENGZHOU: {**dict.fromkeys((11, 12, 13), "junior"), **dict.fromkeys((8, 9, 10), "intermediate")},
}
for _ladder in BANDS.values():
    _ladder.update(dict.fromkeys((5, 6, 7), "senior"))
# Chuxiong and Chengdu ask for full-time workers, the others for either.
FULL_TIME_ONLY = {CHUXIONG, CHENGDU}
ASK_REGISTRATION = {LIAOCHENG, CHENGDU}
# LC-05: social work and the related fields that the text names.
RELATED_FIELDS = {"social_work", "sociology", "social_policy", "civil_affairs_management", "community_management"}
# CX-08: urban and rural communities, public-benefit institutions, charitable organisations.
PLAN_EMPLOYERS = {"urban_community", "village", "public_institution", "charity"}
PLAN_PERIOD = date(2021, 1, 1), date(2025, 12, 31)
# Choice: days that fill no calendar month of their run are put together, and 31 of them are surely a month.
DAYS_OF_A_MONTH_PUT_TOGETHER = 31


def chain_of(jurisdiction: str) -> list[str]:
    """Return a place and its parents, most specific first: 510107, 510100, 510000, 100000."""
    chain = [jurisdiction, jurisdiction[:4] + "00", jurisdiction[:2] + "0000", "100000"]
    return [place for index, place in enumerate(chain) if place not in chain[:index]]


def inside(place: str, jurisdiction: str) -> bool:
    """Whether a place lies in a jurisdiction."""
    return jurisdiction in chain_of(place)


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


class Reading:
    """One question after another about one life under the rules of one place."""

    def __init__(self, life: Life, jurisdiction: str, standards: tuple[Mapping[str, Any], ...]) -> None:
        self.life = life
        self.otherwise = life.otherwise
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
        if determination == "continuing_education.plan_period" and self.city == CHUXIONG:
            return self._plan_period(as_of)
        if self.city is None or not self._in_force(as_of) or determination not in DEFINED[self.city]:
            over = self.city is not None and not self._in_force(as_of)
            told = self._post_facts(as_of) if determination == "grade" else {}
            return {"status": "not_in_force" if over else "undefined_in_policy", "result": told}
        if determination == "grade":
            return self._grade(as_of)
        if determination == "allowance":
            return self._allowance(as_of)
        if determination == "supervisor":
            return self._highest(as_of, "rank", self.life.supervisor_ranks_on, EDITIONS[self.city][0])
        if determination == "technical_staff":
            first = EDITIONS[self.city][0]
            return self._highest(as_of, "level", lambda day: self.life.certificates_on(day, national=True), first)
        if determination == "title":
            return self._title(as_of)
        if determination == "talent.quality":
            return self._quality(as_of)
        if determination == "talent":
            return self._talent(as_of)
        if determination == "reward.exam":
            return self._exam_reward(as_of)
        if determination == "benefit.settlement" or (determination, self.city) == ("benefit.child_education", CHUXIONG):
            return self._high_level_benefit(as_of)
        if determination == "benefit.child_education":
            return self._child_education(as_of)
        if determination == "benefit.apartment":
            # CD-24: the conditions stand elsewhere, so the text alone never decides.
            return {"status": "needs_review", "result": {}}
        return self._new_talent(as_of)

    def _in_force(self, day: date) -> bool:
        first, last = EDITIONS[str(self.city)]
        if self.otherwise == "R-01":
            first = PRINTED.get(str(self.city), first)
        # the day that corresponds to the first day of force.
        return first <= day <= (last + ONE_DAY if self.otherwise == "R-02" and self.city == CHENGDU else last)

    # National rules

    def _national(self, determination: str, as_of: date, level: str | None) -> Answer:
        first = NATIONAL[determination]
        if determination == "continuing_education.registration_term":
            return self._registration_term(as_of, first)
        if as_of < first:
            return _bare("not_in_force")
        if determination == "certificate":
            # Choice: every certificate is one, local and basic too.
            return self._highest(as_of, "level", lambda day: self.life.certificates_on(day, national=False), first)
        if determination == "qualification":
            return self._highest(as_of, "level", self._recognized_on, first)
        if determination == "registration":
            return self._registration(as_of)
        if determination == "exam.complete":
            return self._exam(as_of, str(level))
        if determination == "professional_years":
            return self._professional_years(as_of)
        return {"status": self._senior_route(as_of), "result": {}}

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
        # Choice: a recognition holds in the place asked about, or in one inside it where the person works.
        worked = [work.data["jurisdiction"] for work in self.life.employments_on(day)]
        places = {self.jurisdiction, *(place for place in worked if inside(place, self.jurisdiction))}
        return {
            fact.data["level"]
            for fact in self.life.of("qualification.recognized")
            if fact.day <= day and any(inside(place, fact.data["scope"]) for place in places)
        }

    def _registration(self, as_of: date) -> Answer:
        begun = self.life.registrations_begun(as_of)
        if not begun:
            return {"status": "none", "result": {"valid_from": None, "valid_until": None}}
        holding = [term for term in begun if as_of <= term[3]]
        # Choice: the latest begun of those that hold, else of those that lasted longest, up to the day it last held.
        lapsed = max(reversed(begun), key=lambda term: term[3])
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

    def _registration_term(self, as_of: date, in_force_from: date) -> Answer:
        # Choice: the term is the one granted, whenever it ended; ended before it held a day it was none.
        begun = self.life.terms_begun(as_of)
        if not begun:
            return _bare("not_in_force" if as_of < in_force_from else "not_applicable")
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
        if deciding < in_force_from:
            answer["status"] = "not_in_force"
        elif required is None:
            answer["status"] = "not_applicable"
        return answer

    def _professional_years(self, as_of: date) -> Answer:
        # Choice: any employment with direct service is professional work, whatever the role, and no day counts twice.
        runs: list[tuple[date, date]] = []
        for fact, first, last in sorted(self.life.employments, key=lambda each: each[1]):
            last = min(last, as_of)
            if not fact.data["direct_service"] or last < first:
                continue
            if runs and first <= runs[-1][1] + ONE_DAY:
                runs[-1] = (runs[-1][0], max(runs[-1][1], last))
            else:
                runs.append((first, last))
        months, days = 0, 0
        for first, last in runs:
            whole = 0
            while months_later(first, whole + 1) <= last + ONE_DAY:
                whole += 1
            months += whole
            days += (last + ONE_DAY - months_later(first, whole)).days
        if not runs:
            return {"status": "none", "result": {"years": None, "months": None}}
        years, months = divmod(months + days // DAYS_OF_A_MONTH_PUT_TOGETHER, 12)
        return {"status": "valid", "result": {"years": years, "months": months}}

    # Hours

    def _plan_period(self, as_of: date) -> Answer:
        first, last = PLAN_PERIOD
        deciding = min(as_of, last)
        answer = self._hours(as_of, first, last, "hour", 160, [])
        concerned = any(
            inside(work.data["jurisdiction"], self.reach)
            and work.data["direct_service"]
            and work.data["employer_type"] in PLAN_EMPLOYERS
            for work in self.life.employments_on(deciding)
        )
        if not self._in_force(deciding):
            answer["status"] = "not_in_force"
        elif not concerned:
            answer["status"] = "not_applicable"
        return answer

    def _annual(self, as_of: date, year: int) -> Answer:
        first, last = date(year, 1, 1), date(year, 12, 31)
        deciding = min(as_of, last)
        answer = self._hours(as_of, first, last, "class_hour", 60, [])
        if self.city is not None and not self._in_force(deciding):
            return {**answer, "status": "not_in_force"} if self.city == ZHENGZHOU else _bare("not_in_force")
        if self.city != ZHENGZHOU:
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
            if self.otherwise == "R-08" and "sessions" not in fact.data and "started_on" in fact.data:
                parts = _spread(day_of(fact.data["started_on"]), fact.day, Decimal(fact.data["amount"]))
            within = [(day, amount) for day, amount in parts if first <= day <= until]
            if identity in seen and self.otherwise != "R-10":
                reasons[fact.event_id] = "duplicate"
            elif not within:
                reasons[fact.event_id] = "outside_window"
            elif self.otherwise != "R-09" and not any(topic.startswith("sw_") for topic in fact.data["subjects"]):
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
        total = sum((Fraction(amount) for _, amount in counted), Fraction(0))
        met_on, running = None, Fraction(0)
        for day, amount in sorted(counted):
            running += Fraction(amount)
            if required is not None and met_on is None and running >= required:
                met_on = day.isoformat()
        # one to one, or 45 minutes to a class hour.
        factors = [Fraction(1), Fraction(4, 3) if unit == "class_hour" else Fraction(3, 4)]
        if self.otherwise in ("R-07 alike", "R-07 minutes"):
            # The factor is known then, so nothing is open but training in days.
            counted.append((until, convertible * factors[self.otherwise == "R-07 minutes"]))
            total, factors = sum((Fraction(amount) for _, amount in counted), Fraction(0)), []
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
                "required_hours": required,
                "shortfall_hours": None if required is None else max(Fraction(0), required - total),
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
        result["reference_only"] = self.city == CHENGDU and work.data["employer_type"] != "public_institution"
        # Choice: an earlier appointment conforms if its certificate is held on the day asked about, ended or not.
        for fact, its_work, _ in self._all_posts:
            if its_work is work and fact.day <= as_of and self._conforms(fact, as_of):
                result["conforming_post_level"] = fact.data["post_level"]
        if self.otherwise == "R-18" and result["reference_only"]:
            return {"status": "not_applicable", "result": result}
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
        """Return the standards that concern an employment, or the city asked about where there is none in the place."""
        # Choice: no district answers with the measure of another one in which the person works.
        inside_it = work and inside(work.data["jurisdiction"], self.jurisdiction)
        place = work.data["jurisdiction"] if work and inside_it else self.reach
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
        if role == "full_time_community_worker" or (
            role == "community_worker" and (self.city not in FULL_TIME_ONLY or self.otherwise == "R-17")
        ):
            return True
        added = {type_ for s in self._standards_for(work, day) for type_ in s.get("adds_employer_types", ())}
        return role != "other" and work.data["employer_type"] in added

    def _allowance_on(self, day: date) -> tuple[str, list[str], list[str], str | None, list[Fact]]:
        fitting = [work for work in self.life.employments_on(day) if self._fits(work, day)]
        held = self.life.certificates_on(day, national=self.city != CHENGDU)
        missing, unresolved = [], []
        if not fitting:
            missing.append("role")
        if not held:
            # FJ-11: 考取 means by exam, so a recognised qualification is doubtful. Choice: then its level is the tier.
            held = self._recognized_on(day) - {"basic"} if self.city == FUJIAN else set()
            (unresolved if held else missing).append("certificate")
        if self.city in ASK_REGISTRATION and not any(day <= term[3] for term in self.life.registrations_begun(day)):
            missing.append("registration")
        if self.city == CHENGDU:
            # of the last 12 months, or any ever.
            served = self._verified_services(day) if self.otherwise == "R-16" else self._served_within_a_year(day)
            if not served:
                missing.append("service_record")
            attested = [
                fact.data["professional_role"]
                for fact in self.life.of("assessment.recorded")
                if day_of(fact.data["covers_from"]) <= day <= day_of(fact.data["covers_until"])
            ]
            # Choice: assessments that contradict each other are as good as none.
            if len(set(attested)) != 1:
                # a role implied by records needs nobody's word.
                if self.otherwise != "R-15" or not self._served_within_a_year(day):
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
            # Choice: the standards of every fitting employment's place compete, as far as it lies in the one asked.
            naming = [s for work in fitting for s in self._standards_for(work, as_of) if tier in s["tiers"]]
            if naming:
                best = max(
                    naming,
                    key=lambda s: (len(chain_of(s["jurisdiction"])), s["effective_from"], s["position"]),
                )
                amount, standard = best["tiers"][tier], best["standard_id"]
            first = EDITIONS[str(self.city)][0]
            start = self.life.run_start(lambda day: self._allowance_on(day)[0] == "eligible", as_of, first)
            since = start.isoformat()
            if self.otherwise == "R-13" and (start.year, start.month) == (as_of.year, as_of.month):
                status = "not_eligible"
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

    # Title and talent

    def _title(self, as_of: date) -> Answer:
        # Choice: a national certificate is one by exam, senior included (1.9), whatever basis was typed.
        held = self._highest(
            as_of, "title", lambda day: self.life.certificates_on(day, national=True), EDITIONS[LIAOCHENG][0]
        )
        if held["status"] == "valid":
            held["result"]["deemed"] = True
        return held

    def _served_within_a_year(self, day: date) -> bool:
        """R-16: a verified service record of the last 12 months."""
        return any(years_later(day, -1, self.otherwise) < served for served in self._verified_services(day))

    def _verified_services(self, day: date) -> list[date]:
        served = [fact.day for fact in self.life.of("service.recorded") if fact.data["verified"]]
        return [each for each in served if each <= day]

    def _engaged(self, as_of: date) -> bool:
        """LC-03, CX-01: direct service now, wherever, or a verified service record."""
        working = any(work.data["direct_service"] for work in self.life.employments_on(as_of))
        return working or self._served_within_a_year(as_of)

    def _quality(self, as_of: date) -> Answer:
        return self._quality_by_routes(as_of) if self.city == LIAOCHENG else self._quality_by_registrar(as_of)

    def _quality_by_registrar(self, as_of: date) -> Answer:
        """CX-01: certain knowledge and skill, without a test of them; who has no certificate is for a registrar."""
        # Choice: Chuxiong's certificate is the national one too.
        certified = bool(self.life.certificates_on(as_of, national=True))
        result = {"route": "certificate" if certified else None, "engaged": self._engaged(as_of)}
        return {"status": "met" if certified else "needs_review", "result": result}

    def _quality_by_routes(self, as_of: date) -> Answer:
        first, last = years_later(as_of, -5, self.otherwise) + ONE_DAY, as_of
        if self.otherwise == "R-04 closed":
            first -= ONE_DAY
        elif self.otherwise == "R-04 calendar":
            first, last = date(as_of.year - 5, 1, 1), date(as_of.year - 1, 12, 31)
        hours = self._hours(as_of, first, last, "hour", 120, [])
        fields = {fact.data["field"] for fact in self.life.of("education.recorded") if fact.day <= as_of}
        routes = {
            "certificate": bool(self.life.certificates_on(as_of, national=True)),
            "degree": bool(fields & RELATED_FIELDS),
            "hours": hours["status"] == "met",
        }
        route = next((name for name, holds in routes.items() if holds), None)
        # LC-05: the list of fields ends with 等, so a degree in another one is for a registrar to judge.
        doubtful = bool(fields) or hours["status"] == "needs_review"
        status = "met" if route else "needs_review" if doubtful else "not_met"
        return {"status": status, "result": {**hours["result"], "route": route, "engaged": self._engaged(as_of)}}

    def _talent(self, as_of: date) -> Answer:
        """Quality and engagement both; not engaged, quality alone does not do, doubtful or not."""
        quality = self._quality(as_of)
        return quality if self._engaged(as_of) else {**quality, "status": "not_met"}

    # Benefits and rewards

    def _high_level_benefit(self, as_of: date) -> Answer:
        talents = {fact.data["talent"] for fact in self.life.of("talent.designated") if fact.day <= as_of}
        # Choice: 高层次 is undefined but is a designation of its own; no other one says it (LC-22: only by E20).
        return {"status": "eligible" if "high_level" in talents else "not_eligible", "result": {}}

    def _exam_reward(self, as_of: date) -> Answer:
        held = self.life.certificates_on(as_of, national=True)
        if not held:
            return {"status": "not_eligible", "result": {}}
        # Choice: the text lets places give a reward and gives none, so a local measure must name the level.
        # Choice: it may be one of the place asked about, or of a place inside it where the person works.
        worked = [work.data["jurisdiction"] for work in self.life.employments_on(as_of)]
        places = {self.jurisdiction, *(place for place in worked if inside(place, self.jurisdiction))}
        measures = [
            standard
            for standard in self.standards
            if standard["determination"] == "reward.exam"
            and any(standard["jurisdiction"] in chain_of(place) for place in places)
            and day_of(standard["effective_from"]) <= as_of
        ]
        given = any(level in standard["tiers"] for standard in measures for level in held)
        return {"status": "eligible" if given else "needs_review", "result": {}}

    def _child_education(self, as_of: date) -> Answer:
        talents = {fact.data["talent"] for fact in self.life.of("talent.designated") if fact.day <= as_of}
        met = "senior" in self.life.supervisor_ranks_on(as_of) or "national_leading" in talents
        return {"status": "eligible" if met else "not_eligible", "result": {}}

    def _new_talent(self, as_of: date) -> Answer:
        first, last = EDITIONS[CHENGDU]
        new = {
            fact.data["talent"]
            for fact in self.life.of("talent.designated")
            if fact.day <= as_of and (first <= fact.day <= last or self.otherwise == "R-23")
        }
        if new & {"national_leading", "sichuan_high_end"}:
            return {"status": "eligible", "result": {}}
        # Choice: the list is open (等), so another talent title is for a person to judge, as in LC-05.
        return {"status": "needs_review" if new else "not_eligible", "result": {}}


def _main_first(held: tuple[Fact, date, date]) -> tuple[bool, date, int]:
    return held[0].data.get("concurrent") is True, held[0].day, held[0].position


def _spread(first: date, last: date, amount: Decimal) -> list[tuple[date, Any]]:
    """R-08: as much on every day from the first to the last."""
    days = (last - first).days + 1
    return [(first + ONE_DAY * number, Fraction(amount) / days) for number in range(days)]


def months_later(day: date, months: int) -> date:
    """Return the corresponding day `months` later; without one the end of the month (R-05, N-17)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


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
