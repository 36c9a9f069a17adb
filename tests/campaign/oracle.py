"""A second implementation of the rules, written from the design and the rule register alone.

It walks day by day and knows nothing of the engine: it imports only the standard library and no code of ours. If the
text leaves a choice it takes the most literal one, which a comment that begins "Choice" records.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.campaign.counting import Answer, hours, months_of_service
from tests.campaign.life import (
    ENDS_OF_TIME,
    ONE_DAY,
    Event,
    Fact,
    Life,
    chain_of,
    day_of,
    ends_taken,
    folded,
    inside,
    is_national,
    years_later,
)

LEVELS = ("basic", "junior", "intermediate", "senior")

LIAOCHENG, CHUXIONG, CHENGDU, ZHENGZHOU, FUJIAN = "371500", "532300", "510100", "410100", "350000"
# N-27: each national document begins on its own day, and none ends.
NATIONAL = {
    "certificate": date(2006, 9, 1),
    "recognition": date(2006, 9, 1),
    "exam.complete": date(2006, 9, 1),
    "exam.entry": date(2006, 9, 1),
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
    "R-10 each",
    "R-10 alike",
    "R-11",
    "R-12",
    "R-13",
    "R-15",
    "R-16",
    "R-17",
    "R-18",
    "R-23",
    "R-31",
    "R-33",
    "R-34",
    "R-36",
    "R-37",
    "R-38",
    "R-39",
    "R-41",
    "R-42",
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
# 等 leaves open whether agencies and social organizations are meant.
PLAN_EMPLOYERS_BY_AND_SO_ON = {"social_work_agency", "social_organization"}
# CX-12: Party, mass and self-governing organizations, public service and social management.
REWARDED_EMPLOYERS = {"urban_community", "village", "public_institution", "government", "mass_organization"}
GRANTED = "promotion.granted"
PLAN_PERIOD = date(2021, 1, 1), date(2025, 12, 31)
# CD-10, whose records CD-25 asks for.
PLATFORM = "成都社工管理服务平台"
# titles of the nation count everywhere, whoever says that they were conferred.
NATIONAL_TITLES = {"national_leading", "government_special_allowance"}
# N-10, N-11.
TERM_HOURS = {"junior": 72, "intermediate": 90, "senior": 90}
HOURS_OF_A_DEGREE = 90
# N-06, in years: those of a degree in social work, and how many more another one asks for; 员级 opens no exam.
ENTRY_YEARS = {
    "junior": {"secondary": (4, 0), "college": (2, 2), "bachelor": (0, 2), "master": (0, 2), "doctor": (0, 2)},
    "intermediate": {"college": (4, 2), "bachelor": (3, 2), "master": (1, 2), "doctor": (0, 2)},
}
# N-01: the years of the first exams.
FIRST_EXAM = {"junior": 2008, "intermediate": 2008, "senior": 2019}
YEARS_AFTER_JUNIOR_WITH_SECONDARY = 6
YEARS_AFTER_INTERMEDIATE = 5
LOOKED_AHEAD_YEARS = 10


def oracle(
    events: Sequence[Event],
    determination: str,
    as_of: date,
    jurisdiction: str,
    period: int | date | None = None,
    level: str | None = None,
    standards: Iterable[Mapping[str, Any]] = (),
    year: int | None = None,
) -> Answer:
    """Return status and result for `events` in the order in which they were recorded.

    `standards` are local standards as registered, each with its `position`, and its `last_day` if it was ended.
    """
    life = events if isinstance(events, Life) else Life(events)
    return Reading(life, jurisdiction, tuple(standards)).answer(determination, as_of, period, level, year)


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

    def answer(
        self,
        determination: str,
        as_of: date,
        period: int | date | None = None,
        level: str | None = None,
        year: int | None = None,
    ) -> Answer:
        """Return status and result. `period` is a year, or the first day of a registration term."""
        if determination in NATIONAL:
            return self._national(determination, as_of, period, level, year)
        if determination == "continuing_education.annual":
            return self._annual(as_of, period if isinstance(period, int) else as_of.year)
        if determination == "continuing_education.plan_period" and self.city == CHUXIONG:
            return self._plan_period(as_of)
        if self.city is None or not self._in_force(as_of) or determination not in DEFINED[self.city]:
            over = self.city is not None and not self._in_force(as_of)
            told = self._post_facts(as_of) if determination == "grade" else {}
            return {"status": "not_in_force" if over else "undefined_in_policy", "result": told}
        return self._of_the_place(determination, as_of)

    def _of_the_place(self, determination: str, as_of: date) -> Answer:
        if determination == "grade":
            return self._grade(as_of)
        if determination == "allowance":
            return self._allowance(as_of)
        if determination == "supervisor":
            return self._supervisor(as_of)
        if determination == "technical_staff":
            return self._level(as_of, "level", self._national_levels_on, self._first_in_force())
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
            return self._apartment(as_of)
        return self._new_talent(as_of)

    def _first_in_force(self) -> date:
        first = EDITIONS[str(self.city)][0]
        return PRINTED.get(str(self.city), first) if self.otherwise == "R-01" else first

    def _last_in_force(self) -> date:
        last = EDITIONS[str(self.city)][1]
        # the day that corresponds to the first day of force.
        return last + ONE_DAY if self.otherwise == "R-02" and self.city == CHENGDU else last

    def _in_force(self, day: date) -> bool:
        return self._first_in_force() <= day <= self._last_in_force()

    # National rules

    def _national(
        self, determination: str, as_of: date, period: int | date | None, level: str | None, year: int | None
    ) -> Answer:
        first = NATIONAL[determination]
        if determination == "continuing_education.registration_term":
            return self._registration_term(as_of, first, period if isinstance(period, date) else None)
        if determination == "exam.entry":
            return self._entry(as_of, first, str(level), as_of.year if year is None else year)
        if as_of < first:
            return _bare("not_in_force")
        if determination == "certificate":
            # Choice: every certificate is one, local and basic too, wherever a local one holds.
            return self._level(as_of, "level", lambda day: self.life.certificates_on(day, national=False), first)
        if determination == "recognition":
            return self._highest(as_of, "level", self._recognized_on, first)
        if determination == "registration":
            return self._registration(as_of)
        if determination == "exam.complete":
            return self._exam(as_of, str(level))
        if determination == "professional_years":
            return self._professional_years(as_of)
        return {"status": self._senior_route(as_of), "result": {}}

    def _national_levels_on(self, day: date) -> set[str]:
        return self.life.certificates_on(day, national=True)

    def _level(self, as_of: date, name: str, held_on: Callable[[date], set[str]], not_before: date) -> Answer:
        """Return the highest level held and the day from which it, or a higher one, was held without a break."""
        best = _highest(held_on(as_of))
        if best is None:
            return {"status": "none", "result": {name: None, "since": None}}
        since = self.life.run_start(lambda day: _reaches(held_on(day), best), as_of, not_before)
        return {"status": "valid", "result": {name: best, "since": since.isoformat()}}

    def _highest(self, as_of: date, name: str, held_on: Callable[[date], set[str]], not_before: date) -> Answer:
        """Return the highest designation or recognition that holds and the first day of its present run."""
        best = _highest(held_on(as_of))
        if best is None:
            return {"status": "none", "result": {name: None, "since": None}}
        # Choice: the run is that of the level reported beside it; §5 has another rule for certificates and titles.
        since = self.life.run_start(lambda day: _highest(held_on(day)) == best, as_of, not_before)
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
        first, _, _, last, _ = holding[-1] if holding else lapsed
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
            # N-04: a lower mark counts by a local line, for that place alone; here it counts.
            low = "score" in fact.data and Decimal(fact.data["score"]) < 60 and fact.data.get("pass_line") != "local"
            # Design §3: dates in the data decide, so a pass of an exam year to come is none yet. Choice: a year before
            # the first exam (N-01) is one like any other, as no text says what a pass of it would be worth.
            held = fact.day <= as_of and fact.data["exam_year"] <= as_of.year
            if fact.data["level"] == level and held and not low:
                passed.setdefault(fact.data["exam_year"], set()).add(fact.data["subject"])
        for year in range(1900, 2200):
            within = set().union(*(passed.get(year + offset, set()) for offset in range(years)))
            if needed <= within:
                return {"status": "met", "result": {"subjects": sorted(needed)}}
        return {"status": "not_met", "result": {}}

    # Who may sit an exam

    def _entry(self, as_of: date, in_force_from: date, level: str, year: int) -> Answer:
        """N-06: years of social work up to 31 December of the exam year, by education."""
        # Choice: one rule says who may sit an exam, of whatever level, from its first document on.
        # Choice: a degree obtained after the exam year says nothing about the education of that year.
        by = min(as_of, date(year, 12, 31))
        # Choice: the text of the exam year decides, and of a year without an exam (N-01) nobody is asked.
        if by < in_force_from:
            return _bare("not_in_force")
        if year < FIRST_EXAM[level]:
            return _bare("not_applicable")
        if not any(fact.day <= by for fact in self.life.of("education.recorded")):
            return _bare("needs_review")
        routes = self._entry_routes(by, level, year)
        result: dict[str, Any] = {}
        # Choice: the register does not say which of several degrees is told, so then nothing is read.
        if len(set(routes)) == 1:
            required, months = routes[0]
            result |= {"years_required": required, "years": months // 12}
        if any(months >= required * 12 for required, months in routes):
            return {"status": "eligible", "result": result}
        if routes:
            ahead = range(year + 1, year + LOOKED_AHEAD_YEARS)
            opening = (
                later
                for later in ahead
                if any(months >= required * 12 for required, months in self._entry_routes(by, level, later))
            )
            result["eligible_from_exam_year"] = next(opening, None)
        return {"status": "not_eligible", "result": result}

    def _entry_routes(self, by: date, level: str, year: int) -> list[tuple[int, int]]:
        """Return (years required, months of service) for each education on record that opens the exam of a year.

        Education, certificate and work count if they were there on the day asked about and by the end of the exam year
        asked about, which is `by`; work that has not ended goes on.
        """
        last = date(year, 12, 31)
        routes = []
        for fact in self.life.of("education.recorded"):
            if fact.day > by:
                continue
            education, is_social_work = fact.data["level"], fact.data["field"] == "social_work"
            required: int | None = None
            first: date | None = ENDS_OF_TIME[0]
            if level == "senior" and education not in ("secondary", "college"):
                first, required = self._certified_from("intermediate", by), YEARS_AFTER_INTERMEDIATE
            elif level == "intermediate" and education == "secondary":
                first, required = self._certified_from("junior", by), YEARS_AFTER_JUNIOR_WITH_SECONDARY
            elif education in ENTRY_YEARS.get(level, {}):
                of_social_work, more = ENTRY_YEARS[level][education]
                required = of_social_work + (0 if is_social_work else more)
            if required is not None and first is not None:
                routes.append((required, months_of_service(self.life, by, first, last) or 0))
        return routes

    def _certified_from(self, level: str, by: date) -> date | None:
        """Return the day on which a national certificate of a level that is held was obtained."""
        # Choice: the years after a certificate begin on its own day, and another level is not asked for.
        held = [each for each in self.life.certificates_held(by) if each[0].data["level"] == level]
        return min((self._obtained_on(*each) for each in held if is_national(each[0])), default=None)

    def _obtained_on(self, certificate: Fact, first: date) -> date:
        """A9: what is withdrawn and obtained again on one day is a re-issue, obtained when the first one was."""
        # Choice: again is a certificate of the same level and validity; one beside it that stays is another.
        kept = [fact.event_id for fact, _ in self.life.certificates_held(first)]
        replaced = [
            (fact, counts_from)
            for fact, counts_from in self.life.certificates_held(first - ONE_DAY)
            if fact.event_id not in kept and _validity(fact) == _validity(certificate)
        ]
        return min((self._obtained_on(*each) for each in replaced), default=first)

    def _professional_years(self, as_of: date) -> Answer:
        months = months_of_service(self.life, as_of, ENDS_OF_TIME[0], as_of)
        if months is None:
            return {"status": "none", "result": {"years": None, "months": None}}
        return {"status": "valid", "result": {"years": months // 12, "months": months % 12}}

    def _senior_route(self, as_of: date) -> str:
        """N-05, R-39: from the proof to a review applied for while it is valid."""
        if "senior" in self._national_levels_on(as_of):
            return "met"
        proofs = [fact for fact in self.life.of("senior_exam.proof_issued") if fact.day <= as_of]
        if not proofs:
            return "not_applicable"
        found = {status for proof in proofs for status in self._by_proof(proof, as_of)}
        return next((status for status in ("met", "pending") if status in found), "not_met")

    def _by_proof(self, proof: Fact, as_of: date) -> set[str]:
        last = day_of(proof.data["valid_until"])
        found = {"pending"} if as_of <= last else set()
        decided = [(day_of(fact.data["applied_on"]), fact) for fact in self.life.of("senior_review.decided")]
        # Choice: a decision tells the application that it decides, also on the days before it.
        applied = {fact.day for fact in self.life.of("senior_review.applied")} | {day for day, _ in decided}
        for day in applied:
            if not proof.day <= day <= min(last, as_of):
                continue
            decisions = [fact for of, fact in decided if of == day and fact.day <= as_of]
            if self.otherwise == "R-39":
                decisions = [fact for fact in decisions if proof.day <= fact.day <= last]
            elif not decisions:
                found.add("pending")
            if any(fact.data["result"] == "pass" for fact in decisions):
                found.add("met")
        return found

    # Hours

    def _registration_term(self, as_of: date, in_force_from: date, period: date | None) -> Answer:
        # Choice: the term is the one granted, whenever it ended; one that is named may lie ahead.
        begun = self.life.terms_begun(as_of)
        if period is not None:
            begun = [term for term in self.life.terms_begun(ENDS_OF_TIME[1]) if term[0] == period]
        if not begun:
            # Choice: without a term the deciding day is the day asked about, as for a term that has not ended.
            return _bare("not_in_force" if as_of < in_force_from else "not_applicable")
        first, _, _, last, _ = begun[-1]
        deciding = min(as_of, last)
        level = _highest(self._national_levels_on(deciding))
        required = None if level is None else TERM_HOURS[level]
        answer = hours(self.life, as_of, first, last, "hour", required, self._degrees())
        if deciding < in_force_from:
            answer["status"] = "not_in_force"
        elif required is None:
            answer["status"] = "not_applicable"
        return answer

    def _degrees(self) -> list[tuple[date, int]]:
        """R-41: a lump sum for each degree in social work, or for the first one ever."""
        # Choice: 取得学历 means a secondary school too; a degree is told twice where all that is told agrees (§3).
        days = sorted(fact.day for fact in self.life.of("education.recorded") if fact.data["field"] == "social_work")
        return [(day, HOURS_OF_A_DEGREE) for day in (days[:1] if self.otherwise == "R-41" else days)]

    def _plan_period(self, as_of: date) -> Answer:
        first, last = PLAN_PERIOD

        def concerned(work: Fact) -> bool:
            return self._direct_inside(work) and work.data["employer_type"] in PLAN_EMPLOYERS

        def perhaps(work: Fact) -> bool:
            listed = self.otherwise != "R-38" and work.data["employer_type"] in PLAN_EMPLOYERS_BY_AND_SO_ON
            return listed and self._direct_inside(work)

        answer = hours(self.life, as_of, first, last, "hour", 160, ())
        if not self._in_force(min(as_of, last)):
            return {**answer, "status": "not_in_force"}
        return self._for_whom(answer, as_of, first, last, concerned, perhaps)

    def _annual(self, as_of: date, year: int) -> Answer:
        first, last = date(year, 1, 1), date(year, 12, 31)

        def concerned(work: Fact) -> bool:
            practises = work.data["role"] != "other" or work.data["direct_service"] or self.otherwise == "R-31"
            return practises and inside(work.data["jurisdiction"], self.reach)

        answer = hours(self.life, as_of, first, last, "class_hour", 60, ())
        if self.city is not None and not self._in_force(min(as_of, last)):
            return {**answer, "status": "not_in_force"} if self.city == ZHENGZHOU else _bare("not_in_force")
        if self.city != ZHENGZHOU:
            return _bare("undefined_in_policy")
        return self._for_whom(answer, as_of, first, last, concerned, lambda _: False)

    def _for_whom(
        self,
        answer: Answer,
        as_of: date,
        first: date,
        last: date,
        concerned: Callable[[Fact], bool],
        perhaps: Callable[[Fact], bool],
    ) -> Answer:
        """Return the answer as it is for those whom the rule concerns on the deciding day.

        Where only that is open (R-37, R-38), reached hours are met and a shortfall is for a person to judge.
        """
        deciding = min(as_of, last)
        # Choice: a concurrent employment is an employment.
        if any(concerned(work) for work in self.life.employments_on(deciding)):
            return answer
        open_now = any(perhaps(work) for work in self.life.employments_on(deciding))
        # Choice: whoever left work of which it is open whether it is concerned is like whoever left work that is.
        left = self.otherwise != "R-37" and any(
            max(begun, first) <= min(ended, deciding) and (concerned(work) or perhaps(work))
            for work, begun, ended in self.life.employments
        )
        if not open_now and not left:
            return {**answer, "status": "not_applicable"}
        return {**answer, "status": "met" if answer["status"] == "met" else "needs_review"}

    def _direct_inside(self, work: Fact) -> bool:
        return bool(work.data["direct_service"]) and inside(work.data["jurisdiction"], self.reach)

    # Grade

    def _posts(self) -> list[tuple[Fact, Fact, date]]:
        """Return every appointment that belongs to an employment, with it and the last day the post was held."""
        employments = {fact.event_id: (fact, last) for fact, _, last in self.life.employments}
        granted = [
            (fact, *employments.get(fact.data.get("employment"), (None, None))) for fact in self.life.of(GRANTED)
        ]
        # Choice: for an end a post begins on the day of its appointment, also where its employment begins later. One
        # whose employment is unknown or voided runs, too, until it is ended; it counts for nothing else.
        running = [
            (fact.event_id, fact.day, self._post_replaced_on(fact, work, granted), ENDS_OF_TIME[1])
            for fact, work, _ in granted
        ]
        ends = [day_of(end.data["last_day"]) for end in self.life.of("promotion.ended")]
        last_days = ends_taken(running, [(day, None) for day in ends])
        found = [(fact, work, min(last, last_days[fact.event_id])) for fact, work, last in granted if work and last]
        return sorted(found, key=lambda each: (each[0].day, each[0].position))

    def _post_replaced_on(
        self, post: Fact, work: Fact | None, posts: Iterable[tuple[Fact, Fact | None, date | None]]
    ) -> date | None:
        """Return the day of the next appointment in the employment, or the day after which the employment ran on."""
        # Choice: appointments of one series replace each other, and a post runs no longer than its employment.
        later = [
            other.day
            for other, its_work, _ in posts
            if its_work is work
            and _is_of_ladder(other) == _is_of_ladder(post)
            and (other.day, other.position) > (post.day, post.position)
        ]
        return min([*later, self.life.runs_into(work)] if work else later, default=None)

    def _post_on(self, day: date) -> tuple[Fact, Fact] | None:
        """Return the social-work post (R-32) held on a day inside the jurisdiction, with its employment."""
        latest = {work.event_id: (fact, work, last) for fact, work, last in self._ladder_posts if fact.day <= day}
        held = [
            (fact, work)
            for fact, work, last in latest.values()
            if work.day <= day <= last and inside(work.data["jurisdiction"], self.reach)
        ]
        return max(held, key=lambda each: (each[0].day, each[0].position), default=None)

    @cached_property
    def _ladder_posts(self) -> list[tuple[Fact, Fact, date]]:
        return [post for post in self._posts() if _is_of_ladder(post[0])]

    def _post_facts(self, as_of: date) -> dict[str, Any]:
        held = self._post_on(as_of)
        return {
            "recorded_post_level": held[0].data["post_level"] if held else None,
            "post": held[0].data["post"] if held else None,
        }

    def _conforms(self, fact: Fact, day: date) -> bool:
        band = BANDS[str(self.city)].get(fact.data["post_level"])
        return band is not None and _reaches(self._national_levels_on(day), band)

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
        result["reference_only"] = self.city == CHENGDU and work.data["employer_type"] != "public_institution"
        # Choice: a ladder that is not for this employer says nothing of the level either, listed or not.
        if self.otherwise == "R-18" and result["reference_only"]:
            return {"status": "not_applicable", "result": result}
        if band is None:
            # a level that the text does not list is not judged, and what the facts alone give is told.
            return {"status": "undefined_in_policy", "result": {**self._post_facts(as_of), "band": None}}
        result["band"] = band
        # Choice: an earlier appointment conforms if its certificate is held on the day asked about, ended or not.
        for fact, its_work, _ in self._ladder_posts:
            if its_work is work and fact.day <= as_of and self._conforms(fact, as_of):
                result["conforming_post_level"] = fact.data["post_level"]
        if not self._conforms(post, as_of):
            result["missing"] = [f"certificate:{band}"]
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
        since = self.life.run_start(conforming, as_of, self._first_in_force())
        result["conforming_since"] = since.isoformat()
        return {"status": "conforming", "result": result}

    # Local standards

    def _measures(self, determination: str, place: str, work: Fact, day: date) -> list[Mapping[str, Any]]:
        """Return the measures of a place, and of what is around it, that apply on a day to an employment."""
        return [
            standard
            for standard in self.standards
            if standard["determination"] == determination
            and standard["jurisdiction"] in chain_of(place)
            and day_of(standard["effective_from"]) <= day <= day_of(standard.get("last_day", "2199-12-31"))
            # a measure of a unit is for those who work for it.
            and standard.get("organization") in (None, work.data.get("organization"))
        ]

    def _measures_for(self, determination: str, work: Fact, day: date) -> list[Mapping[str, Any]]:
        """Return the measures that cover an employment and are of the place asked about, or of one in or around it."""
        # Choice: no district answers with the measure of another one in which the person works.
        return [
            standard
            for standard in self._measures(determination, work.data["jurisdiction"], work, day)
            if inside(standard["jurisdiction"], self.jurisdiction)
            or inside(self.jurisdiction, standard["jurisdiction"])
        ]

    # Allowance

    def _fits(self, work: Fact, day: date) -> bool:
        if not inside(work.data["jurisdiction"], self.reach):
            return False
        role = work.data["role"]
        if role == "full_time_community_worker" or (
            role == "community_worker" and (self.city not in FULL_TIME_ONLY or self.otherwise == "R-17")
        ):
            return True
        measures = self._measures_for("allowance", work, day)
        added = {type_ for measure in measures for type_ in measure.get("adds_employer_types", ())}
        return role != "other" and work.data["employer_type"] in added

    def _counting_certificates(self, day: date) -> tuple[list[tuple[Fact, date]], list[tuple[Fact, date]]]:
        """Return the certificates that count here and those of which it is open, each with the day that counts."""
        held = self.life.certificates_held(day)
        if self.city != CHENGDU:
            return [each for each in held if is_national(each[0])], []
        counting = [each for each in held if self._counts_here(each[0], day)]
        unsaid = [each for each in held if each[0].data["scope"] == "local" and "valid_in" not in each[0].data]
        return counting, [each for each in unsaid if each not in counting]

    def _counts_here(self, certificate: Fact, day: date) -> bool:
        """R-35: a local certificate counts where the place worked in lies inside its `valid_in`."""
        if certificate.data["scope"] != "local":
            return True
        if "valid_in" not in certificate.data:
            return bool(certificate.data["level"] == "basic")
        # Choice: any work inside the city is meant, whatever the role; without such work, the place asked about.
        worked = [work.data["jurisdiction"] for work in self.life.employments_on(day)]
        places = [place for place in worked if inside(place, self.reach)] or [self.jurisdiction]
        return any(inside(place, certificate.data["valid_in"]) for place in places)

    def _covered(self, certificates: list[tuple[Fact, date]], registrations: list[Fact]) -> list[tuple[Fact, date]]:
        """R-34: the certificates that one of the registrations covers."""

        def covers(registration: Fact, certificate: Fact, counts_from: date) -> bool:
            level = certificate.data["level"]
            if level == "basic" or self.otherwise == "R-34":
                return True
            if "level" in registration.data:
                return bool(registration.data["level"] == level)
            return self._obtained_on(certificate, counts_from) <= day_of(registration.data["valid_from"])

        return [each for each in certificates if any(covers(one, *each) for one in registrations)]

    def _allowance_on(self, day: date) -> tuple[str, list[str], list[str], str | None, list[Fact]]:
        fitting = [work for work in self.life.employments_on(day) if self._fits(work, day)]
        counting, doubtful = self._counting_certificates(day)
        missing: list[str] = []
        unresolved: list[str] = []
        if not fitting:
            missing.append("role")
        # a doubtful one beside a sure one is left aside.
        certificates = counting or doubtful
        levels = {fact.data["level"] for fact, _ in certificates}
        if not certificates and self.city == FUJIAN:
            # FJ-11: 考取 means by exam, so a recognised qualification is doubtful. Choice: then its level is the tier.
            levels = self._recognized_on(day) - {"basic"}
        if not counting:
            (unresolved if levels else missing).append("certificate")
        if self.city in ASK_REGISTRATION:
            registrations = [term[4] for term in self.life.registrations_begun(day) if day <= term[3]]
            covered = self._covered(certificates, registrations)
            if not registrations:
                missing.append("registration")
            elif covered:
                levels = {fact.data["level"] for fact, _ in covered}
            elif certificates:
                unresolved.append("registration")
                levels = set()
        if self.city == CHENGDU:
            _sort_in("service_record", self._service_record(day), missing, unresolved)
            _sort_in("professional_role", self._professional_role(day), missing, unresolved)
        status = "not_eligible" if missing else "needs_review" if unresolved else "eligible"
        return status, missing, unresolved, _highest(levels), fitting

    def _service_record(self, day: date) -> bool | None:
        """R-16: a verified record of the last 12 months on the platform, or any verified one ever."""
        verified = self._verified_services(day)
        recent = [fact for fact in verified if years_later(day, -1, self.otherwise) < fact.day]
        on_platform = any(folded(fact.data["platform"]) == folded(PLATFORM) for fact in recent)
        if on_platform or (verified and self.otherwise == "R-16"):
            return True
        return None if verified else False

    def _professional_role(self, day: date) -> bool | None:
        """R-15: as an assessment attests that covers the day."""
        attested = {
            fact.data["professional_role"]
            for fact in self.life.of("assessment.recorded")
            if day_of(fact.data["covers_from"]) <= day <= day_of(fact.data["covers_until"])
            # as printed, or up to the day on which it was made.
            and (day <= fact.day or self.otherwise != "R-33")
        }
        if len(attested) == 1:
            return bool(attested.pop())
        # A role implied by records needs nobody's word. Choice: by any verified one, unless two words contradict.
        return True if self.otherwise == "R-15" and not attested and self._verified_services(day) else None

    def _allowance(self, as_of: date) -> Answer:
        status, missing, unresolved, tier, fitting = self._allowance_on(as_of)
        best: Mapping[str, Any] = {}
        since = None
        if status == "eligible":
            # Choice: the standards of every fitting employment's place compete, as far as it lies in the one asked.
            naming = [s for work in fitting for s in self._measures_for("allowance", work, as_of) if tier in s["tiers"]]
            best = max(naming, key=_precedence, default={})
            start = self.life.run_start(
                lambda day: self._allowance_on(day)[0] == "eligible", as_of, self._first_in_force()
            )
            since = start.isoformat()
            if self.otherwise == "R-13" and (start.year, start.month) == (as_of.year, as_of.month):
                status = "not_eligible"
        return {
            "status": status,
            "result": {
                "tier": None if status == "not_eligible" else tier,
                "amount": best["tiers"][tier] if best else None,
                "unit": best.get("unit"),
                "standard": best.get("standard_id"),
                "missing": missing,
                "unresolved": unresolved,
                "eligible_since": since,
            },
        }

    # Title and talent

    def _title(self, as_of: date) -> Answer:
        # Choice: a national certificate is one by exam, senior included (1.9), whatever basis was typed.
        held = self._level(as_of, "title", self._national_levels_on, self._first_in_force())
        if held["status"] == "valid":
            held["result"]["deemed"] = True
        return held

    def _verified_services(self, day: date) -> list[Fact]:
        return [fact for fact in self.life.of("service.recorded") if fact.data["verified"] and fact.day <= day]

    def _engaged(self, as_of: date) -> bool | None:
        """R-42: direct service now, wherever, or a verified record of the last 12 months; an older one is open."""
        if any(work.data["direct_service"] for work in self.life.employments_on(as_of)):
            return True
        verified = self._verified_services(as_of)
        if any(years_later(as_of, -1, self.otherwise) < fact.day for fact in verified):
            return True
        return (True if self.otherwise == "R-42" else None) if verified else False

    def _quality(self, as_of: date) -> Answer:
        return self._quality_by_routes(as_of) if self.city == LIAOCHENG else self._quality_by_registrar(as_of)

    def _quality_by_registrar(self, as_of: date) -> Answer:
        """CX-01: certain knowledge and skill, without a test of them; who has no certificate is for a registrar."""
        # Choice: Chuxiong's certificate is the national one too.
        certified = bool(self._national_levels_on(as_of))
        result = {"route": "certificate" if certified else None, "engaged": self._engaged(as_of)}
        return {"status": "met" if certified else "needs_review", "result": result}

    def _quality_by_routes(self, as_of: date) -> Answer:
        first, last = years_later(as_of, -5, self.otherwise) + ONE_DAY, as_of
        if self.otherwise == "R-04 closed":
            first -= ONE_DAY
        elif self.otherwise == "R-04 calendar":
            first, last = date(as_of.year - 5, 1, 1), date(as_of.year - 1, 12, 31)
        trained = hours(self.life, as_of, first, last, "hour", 120, ())
        # LC-05: 大专以上.
        fields = {
            fact.data["field"]
            for fact in self.life.of("education.recorded")
            if fact.day <= as_of and fact.data["level"] != "secondary"
        }
        routes = {
            "certificate": bool(self._national_levels_on(as_of)),
            "degree": bool(fields & RELATED_FIELDS),
            "hours": trained["status"] == "met",
        }
        route = next((name for name, holds in routes.items() if holds), None)
        # LC-05: the list of fields ends with 等, so a degree in another one is for a registrar to judge.
        doubtful = bool(fields) or trained["status"] == "needs_review"
        status = "met" if route else "needs_review" if doubtful else "not_met"
        return {"status": status, "result": {**trained["result"], "route": route, "engaged": self._engaged(as_of)}}

    def _talent(self, as_of: date) -> Answer:
        """Quality and engagement both; not engaged, quality alone does not do, doubtful or not."""
        quality, engaged = self._quality(as_of), self._engaged(as_of)
        if engaged is False:
            return {**quality, "status": "not_met"}
        if engaged is None and quality["status"] == "met":
            return {**quality, "status": "needs_review"}
        return quality

    # Designations

    def _ranks_on(self, day: date) -> set[str]:
        # Choice: R-36 is about benefits that ask for a designation; here it is valid or none (§5), whoever made it.
        return {fact.data["rank"] for fact in self.life.supervisors_on(day)}

    def _supervisor(self, as_of: date) -> Answer:
        return self._highest(as_of, "rank", self._ranks_on, self._first_in_force())

    def _titles_on(self, day: date) -> list[Fact]:
        return [fact for fact in self.life.of("talent.designated") if fact.day <= day]

    def _authority_counts(self, designation: Fact) -> bool | None:
        """R-36: whether the authority is of the text's place, of one in it or of one around it; open if unsaid."""
        if designation.data.get("talent") in NATIONAL_TITLES or self.otherwise == "R-36":
            return True
        if "jurisdiction" not in designation.data:
            return None
        place = designation.data["jurisdiction"]
        return inside(place, str(self.city)) or inside(str(self.city), place)

    def _high_level_benefit(self, as_of: date) -> Answer:
        """LC-22, CX-24, FJ-16: the text says 高层次 and names no title, so other titles than that are open."""
        titles = [(fact.data["talent"], self._authority_counts(fact)) for fact in self._titles_on(as_of)]
        # Choice: a national leading talent is of a high level everywhere (R-36: national titles count everywhere).
        if ("high_level", True) in titles or ("national_leading", True) in titles:
            return {"status": "eligible", "result": {}}
        # The authority is looked at before the title.
        open_ = any(counts is not False for _, counts in titles)
        return {"status": "needs_review" if open_ else "not_eligible", "result": {}}

    def _child_education(self, as_of: date) -> Answer:
        """CD-29: senior supervisors and national leading talents, and nobody else."""
        found = {
            self._authority_counts(fact) for fact in self.life.supervisors_on(as_of) if fact.data["rank"] == "senior"
        }
        if any(fact.data["talent"] == "national_leading" for fact in self._titles_on(as_of)):
            found.add(True)
        return {
            "status": "eligible" if True in found else "needs_review" if None in found else "not_eligible",
            "result": {},
        }

    def _granted(self, determination: str, as_of: date) -> bool:
        return any(
            fact.day <= as_of and fact.data.get("determination") == determination
            for fact in self.life.of("benefit.granted")
        )

    def _new_talent(self, as_of: date) -> Answer:
        """CD-30, of whichever authority: once, for a title conferred while the text is in force (R-23)."""
        new = {
            fact.data["talent"]
            for fact in self._titles_on(as_of)
            if self._first_in_force() <= fact.day <= self._last_in_force() or self.otherwise == "R-23"
        }
        if not new:
            return {"status": "not_eligible", "result": {}}
        # The list is open (等), so another talent title is for a person to judge, as is a second grant.
        named = bool(new & {"national_leading", "sichuan_high_end"}) and not self._granted("reward.new_talent", as_of)
        return {"status": "eligible" if named else "needs_review", "result": {}}

    def _exam_reward(self, as_of: date) -> Answer:
        """CX-12, FJ-10: direct service here, a certificate since the text is in force, a measure that names it."""
        serving = [work for work in self.life.employments_on(as_of) if self._direct_inside(work)]
        held = [each for each in self.life.certificates_held(as_of) if is_national(each[0])]
        if not serving or not held:
            return {"status": "not_eligible", "result": {}}
        # CX-12 names the bodies, and 等 leaves open whether another is meant.
        named = [work for work in serving if self.city != CHUXIONG or work.data["employer_type"] in REWARDED_EMPLOYERS]
        if not named:
            return {"status": "needs_review", "result": {}}
        serving = named
        since = [each[0] for each in held if self._first_in_force() <= self._obtained_on(*each)]
        # Choice: the text lets places give a reward and gives none, so without a measure that is known a person judges.
        # Choice: it is one of a place inside the one asked about where the person serves, else of the text's own place.
        naming = [
            (LEVELS.index(fact.data["level"]), standard)
            for work in serving
            for standard in self._measures_for("reward.exam", work, as_of)
            for fact in since
            if fact.data["level"] in standard["tiers"]
        ]
        if not naming or self._granted("reward.exam", as_of):
            return {"status": "needs_review", "result": {}}
        # Choice: of several certificates the highest that a measure names is rewarded, and only that.
        index, best = max(naming, key=lambda each: (each[0], _precedence(each[1])))
        tier = LEVELS[index]
        result = {
            "tier": tier,
            "amount": best["tiers"][tier],
            "unit": best["unit"],
            "standard": best["standard_id"],
        }
        return {"status": "eligible", "result": result}

    def _apartment(self, as_of: date) -> Answer:
        """CD-24: its conditions stand elsewhere, so a person judges those whom it can concern."""
        # Choice: any certificate that counts here, of whichever level, or any employment inside.
        working = any(inside(work.data["jurisdiction"], self.reach) for work in self.life.employments_on(as_of))
        concerned = working or any(self._counting_certificates(as_of))
        return {"status": "needs_review" if concerned else "not_eligible", "result": {}}


def _highest(levels: Iterable[str]) -> str | None:
    return max(levels, key=LEVELS.index, default=None)


def _validity(certificate: Fact) -> tuple[str, str, str | None]:
    return certificate.data["level"], certificate.data["scope"], certificate.data.get("valid_in")


def _reaches(levels: Iterable[str], level: str) -> bool:
    """Whether one of the levels is this one or a higher one."""
    return any(LEVELS.index(held) >= LEVELS.index(level) for held in levels)


def _is_of_ladder(post: Fact) -> bool:
    """R-32: without a series a post is taken as one of social work."""
    return post.data.get("series") != "other"


def _precedence(standard: Mapping[str, Any]) -> tuple[int, str, int]:
    """CD-26: the most specific place, then the latest first day, then the latest position."""
    return len(chain_of(standard["jurisdiction"])), standard["effective_from"], standard["position"]


def _sort_in(name: str, met: bool | None, missing: list[str], unresolved: list[str]) -> None:
    if met is None:
        unresolved.append(name)
    elif not met:
        missing.append(name)


def _bare(status: str) -> Answer:
    return {"status": status, "result": {}}
