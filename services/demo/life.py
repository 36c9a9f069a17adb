"""One plausible career drawn at random: examined, registered, trained and promoted year after year.

Chances are shares of 1, met once a year. They are guesses that make every status occur, not statistics.
"""

from collections.abc import Sequence
from random import Random
from typing import Any, Literal, TypeVar

from services.demo.places import Place, organization_id
from services.demo.telling import CareerBuilder, anniversary, day_of, iso, year_of

Level = Literal["junior", "intermediate", "senior"]
Thing = TypeVar("Thing")

LEVELS: Sequence[Level] = ("junior", "intermediate", "senior")
SUBJECTS = {
    "junior": ("comprehensive", "practice"),
    "intermediate": ("comprehensive", "practice", "law_and_policy"),
    "senior": ("practice",),
}
TITLES = {"junior": "助理社会工作师", "intermediate": "社会工作师", "senior": "高级社会工作师"}
YEAR_DAYS = 365
REGISTRATION_YEARS = 3
SENIOR_PROOF_YEARS = 3
SENIOR_AFTER_YEARS = 5
DESIGNATION_YEARS = 3
VETERAN_YEARS = 9
BETWEEN_JOBS_DAYS = 45
REPORT_DAYS = 30  # The delay within which most facts reach the ledger.
LATE_DAYS = 300  # The delay of the others.
SESSION_HALVES = 14  # Half hours that fit into one day.
HALVES_OF_A_DAY = 2
SCORES = 30  # From the pass mark upwards.
PASS_MARK = 60

# Each value occurs as often as it is met.
JOBS: Sequence[tuple[str, str, bool]] = (
    *(("urban_community", "full_time_community_worker", True),) * 7,
    *(("urban_community", "community_worker", True),) * 3,
    *(("village", "full_time_community_worker", True),) * 2,
    *(("social_work_agency", "social_worker", True),) * 4,
    *(("public_institution", "social_worker", True),) * 3,
    ("social_organization", "social_worker", True),
    ("charity", "social_worker", True),
    ("mass_organization", "other", False),
    ("government", "other", False),
)
AIMS: Sequence[Sequence[Level]] = (*((),) * 2, *(LEVELS[:1],) * 4, *(LEVELS[:2],) * 4, LEVELS)
DEGREES = ("college", "college", "bachelor", "bachelor", "bachelor", "master")
FIELDS = ("social_work", "social_work", "sociology", "community_management", "civil_affairs_management", "other")
SW_SUBJECTS = (
    *(["sw_practice"],) * 2,
    ["sw_knowledge"],
    ["sw_ethics"],
    ["sw_knowledge", "sw_practice"],
    ["sw_supervision", "general"],
)
OTHER_UNITS = {"class_hour": ("hour", "hour", "day"), "hour": ("class_hour", "class_hour", "day")}
COURSES = ("个案工作实务", "小组工作方法", "社区工作方法", "社会工作伦理", "老年社会工作", "儿童社会工作", "督导实务")
PROVIDERS = ("社会工作协会", "民政干部学校", "社区学院")
TASKS = ("帮困扶弱", "心理疏导", "矛盾调处", "社区矫正", "社会融入")
METHODS = ("公开招聘", "竞争上岗")


class Life:
    """What shapes the years to come: the job, the certificates, the registration, the post."""

    def __init__(self, telling: CareerBuilder, random: Random, places: Sequence[Place]) -> None:
        self._telling = telling
        self._chance = random.random
        self._places = places
        self._place = self._one(places)
        self._district = self._one(self._place.districts)
        self._job = ""
        self._hired = 0
        self._aims = self._one(AIMS)
        self._certificates: dict[str, int] = {}
        self._passed: dict[str, int] = {}
        self._registered_until: int | None = None
        self._post: tuple[int, int] | None = None
        self._trainings: list[tuple[str, int, dict[str, Any]]] = []

    def tell(self, first_day: int, latest_entry: int, last_year: int) -> None:
        """Draw the life of a person who enters between two days, until the end of `last_year` or of work in the
        field."""
        # The square lets most enter early.
        entry = first_day + int((latest_entry - first_day) * self._chance() ** 2)
        self._telling.not_before = entry
        self._enter(entry)
        for year in range(year_of(entry), last_year + 1):
            self._year(year, max(day_of(year), entry + 1), day_of(year + 1) - 1)
            if self._happens(0.025):
                self._leave(day_of(year + 1) - 1)
                break

    # Draws. `Random.choice` and `randint` cost ten times as much as these.

    def _happens(self, chance: float) -> bool:
        return self._chance() < chance

    def _one(self, things: Sequence[Thing]) -> Thing:
        return things[int(self._chance() * len(things))]

    def _day(self, first: int, last: int) -> int:
        return first + int(self._chance() * (last - first + 1)) if first < last else first

    def _record(self, type_: str, day: int, data: dict[str, Any]) -> str:
        delay = self._chance()
        # One in twenty is late.
        days = int(delay * REPORT_DAYS) if delay < 0.95 else REPORT_DAYS + int((delay - 0.95) * 20 * LATE_DAYS)
        return self._telling.tell(type_, day, data, delay=days)

    # Entering, changing and leaving employments

    def _enter(self, entry: int) -> None:
        identity = "mainland" if self._happens(0.985) else self._one(("taiwan", "hong_kong", "macao"))
        self._telling.tell(
            "practitioner.enrolled", entry, {"identity_type": identity, "jurisdiction": self._place.jurisdiction}
        )
        if self._happens(0.9):
            self._record(
                "education.recorded",
                self._day(entry - 12 * YEAR_DAYS, entry - YEAR_DAYS),
                {"level": self._one(DEGREES), "field": self._one(FIELDS)},
            )
        if identity == "taiwan":
            self._recognize(entry)
        veteran = self._happens(0.35)
        self._start_job(
            entry - self._day(YEAR_DAYS, VETERAN_YEARS * YEAR_DAYS) if veteran else self._day(entry, entry + 90)
        )
        if veteran and self._aims:
            self._bring_certificate(year_of(entry))

    def _bring_certificate(self, entry_year: int) -> None:
        """A veteran may bring a certificate, with the examination behind it: all subjects in one year."""
        first_year = year_of(self._hired) + 1
        if first_year < entry_year and self._happens(0.7):
            year = first_year + int(self._chance() * (entry_year - first_year))
            level = "junior" if self._happens(0.7) or "intermediate" not in self._aims else "intermediate"
            for subject in SUBJECTS[level]:
                self._pass(level, subject, year)
            self._certify(level, year)

    def _start_job(self, day: int) -> None:
        employer_type, role, direct = self._one(JOBS)
        data: dict[str, Any] = {
            "employer_type": employer_type,
            "role": role,
            "jurisdiction": self._district,
            "direct_service": direct,
            "organization": organization_id(self._district, employer_type),
        }
        if employer_type == "public_institution":
            data["in_establishment"] = self._happens(0.8)
        self._hired = day
        self._post = None
        self._job = self._record("employment.started", day, data)

    def _change_job(self, first: int, last: int) -> None:
        last_day = self._day(first, last - BETWEEN_JOBS_DAYS)
        if self._happens(0.7):  # Otherwise the next employment implies that this one ended.
            self._record("employment.ended", last_day, {"last_day": iso(last_day)})
        if self._happens(0.15):
            self._place = self._one(self._places)
        self._district = self._one(self._place.districts)
        self._start_job(self._day(last_day + 1, last_day + BETWEEN_JOBS_DAYS))

    def _leave(self, year_end: int) -> None:
        last_day = max(self._hired, year_end - int(self._chance() * 60))
        self._record("employment.ended", last_day, {"last_day": iso(last_day)})

    # A year

    def _year(self, year: int, first: int, last: int) -> None:
        first = max(first, self._hired)
        if first > last:
            return
        if self._happens(0.08) and self._hired < first < last - BETWEEN_JOBS_DAYS:
            self._change_job(first, last)
        self._examine(year)
        self._register(last)
        self._appoint(first, last)
        self._train(year, first, last)
        if self._happens(0.55):
            self._serve(first, last)
        if self._happens(0.5):
            self._assess(year)
        if self._happens(0.12):
            self._meet_something_rare(first, last)
        if self._trainings and self._happens(0.1):
            self._revise(last)

    # Examinations and certificates

    def _examine(self, year: int) -> None:
        if self._place.has_local_test and not self._certificates and self._happens(0.05):
            self._certify("basic", year, scope="local", basis="local_test")
        held = self._highest()
        level = next((aim for aim in self._aims if held is None or LEVELS.index(aim) > LEVELS.index(held)), None)
        if level is None or year_of(self._hired) >= year or self._happens(0.35):
            return
        if level == "senior":
            self._examine_senior(year)
            return
        # Junior needs all subjects in one year, intermediate in two consecutive years (N-03).
        since = year if level == "junior" else year - 1
        for subject in SUBJECTS[level]:
            if self._passed.get(level + subject, 0) < since and self._happens(0.65):
                self._pass(level, subject, year)
        if all(self._passed.get(level + subject, 0) >= since for subject in SUBJECTS[level]):
            self._certify(level, year)

    def _highest(self) -> Level | None:
        """Return the level of the highest national certificate."""
        return next((level for level in reversed(LEVELS) if level in self._certificates), None)

    def _examine_senior(self, year: int) -> None:
        """Examination, proof, review in the year after, certificate: five years after the intermediate one at least."""
        approved = self._certificates["intermediate"]
        if approved + SENIOR_AFTER_YEARS * YEAR_DAYS > day_of(year, 6) or not self._happens(0.4):
            return
        self._aims = self._aims[:2]  # A person who fails the review after this does not try again.
        self._pass("senior", "practice", year)
        issued = day_of(year, 11)
        proof_until = anniversary(issued, SENIOR_PROOF_YEARS) - 1
        self._record("senior_exam.proof_issued", issued, {"valid_until": iso(proof_until)})
        applied = self._day(issued + 150, issued + 400)
        passed = self._happens(0.6)
        decided = applied + self._day(60, 150)
        self._record(
            "senior_review.decided",
            decided,
            {"applied_on": iso(applied), "result": "pass" if passed else "fail"},
        )
        if passed:
            self._certify(
                "senior", year_of(decided) if decided < day_of(year_of(decided), 10) else year_of(decided) + 1
            )

    def _pass(self, level: str, subject: str, year: int) -> None:
        self._passed[level + subject] = year
        score = PASS_MARK + int(self._chance() * SCORES)
        self._telling.tell(
            "exam.subject_passed",
            day_of(year, 6) + 10 + year % 7,
            {"level": level, "subject": subject, "exam_year": year, "score": str(score), "pass_line": "national"},
            delay=75,
        )

    def _certify(self, level: str, year: int, scope: str = "national", basis: str = "exam") -> None:
        if level == "senior":
            basis = "exam_and_review"
        approved = day_of(year, 10) + int(self._chance() * 60)
        self._certificates[level] = approved
        self._record("certificate.obtained", approved, {"level": level, "scope": scope, "basis": basis})
        if self._registered_until is None and self._happens(0.85):
            self._grant(approved + self._day(20, 300), first=True)

    # Registration: for three years, renewed in time, renewed late, or lapsed for good

    def _grant(self, granted: int, *, first: bool, valid_from: int | None = None) -> None:
        valid_from = valid_from or granted
        data: dict[str, Any] = {"first": first, "valid_from": iso(valid_from)}
        self._registered_until = anniversary(valid_from, REGISTRATION_YEARS) - 1
        if self._happens(0.96):  # Otherwise the day is not printed, and three years apply all the same.
            data["valid_until"] = iso(self._registered_until)
        self._record("registration.granted", granted, data)

    def _register(self, year_end: int) -> None:
        """Renew what ends by the end of the year; a veteran's registration may have ended several times before."""
        while self._registered_until is not None and self._registered_until <= year_end:
            ended = self._registered_until
            fate = self._chance()
            if fate < 0.72:
                self._grant(ended - self._day(0, 80), first=False, valid_from=ended + 1)
            elif fate < 0.9:
                self._grant(ended + self._day(30, 500), first=False)
            else:
                self._registered_until = None

    # Posts

    def _appoint(self, first: int, last: int) -> None:
        level = self._highest()
        band = self._place.bands.get(level or "junior", ())
        if not band or not self._happens(0.35 if self._post is None else 0.6):
            return
        if self._post is None:
            if level is None and not self._happens(0.25):  # Some are appointed before they are certified.
                return
            too_high = self._place.bands.get("intermediate", ()) if self._happens(0.1) else ()
            self._promote(first, last, (too_high or band)[0])
        elif self._post[0] > band[0]:
            self._promote(first, last, band[0])
        elif first - self._post[1] >= 3 * YEAR_DAYS and self._post[0] > band[-1]:
            self._promote(first, last, self._post[0] - 1)

    def _promote(self, first: int, last: int, post_level: int) -> None:
        level = next((level for level, levels in self._place.bands.items() if post_level in levels), "junior")
        data = {
            "post": f"{TITLES[level]}（{post_level}级）",
            "post_level": post_level,
            "method": self._one(METHODS),
        }
        if self._happens(0.4):
            data["employment"] = self._job
        # Most wait for the certificate of the last autumn; the others are promoted without it.
        earliest = max(first, self._hired)
        day = self._day(earliest, max(earliest, last - 60))
        self._record("promotion.granted", day, data)
        self._post = (post_level, day)

    # Training, service, assessment

    def _train(self, year: int, first: int, last: int) -> None:
        days = last - first
        if days < 60:
            return
        required = self._place.yearly_hours
        fate = self._chance()
        if fate < 0.66:
            halves = required * 2 + int(self._chance() * 12)
        elif fate < 0.76:
            halves = required * 2 - 1  # Half an hour short.
        elif fate < 0.94:
            halves = int(required * 2 * (0.3 + self._chance() * 0.6))
        else:
            return
        unit = self._place.unit if self._happens(0.95) else self._one(OTHER_UNITS[self._place.unit])
        if unit == "day":
            halves = 4 + int(self._chance() * 8)
        parts = 1 if halves < 24 or self._happens(0.6) else 2
        for part in range(parts):
            amount = halves // parts if part else halves - halves // parts * (parts - 1)
            self._attend(self._day(first, last - 5), amount, unit, year)
        if self._happens(0.08):
            data = {"amount": "4", "unit": self._place.unit, "subjects": ["political"], "course": "政治理论学习"}
            self._record("training.completed", self._day(first, last), data)

    def _attend(self, day: int, halves: int, unit: str, year: int) -> None:
        """Take part in one training of so many half hours, half class hours or half days."""
        amount = _amount(halves)
        most = HALVES_OF_A_DAY if unit == "day" else SESSION_HALVES
        data: dict[str, Any] = {
            "amount": amount,
            "unit": unit,
            "subjects": self._one(SW_SUBJECTS),
            "provider": self._one(PROVIDERS),
            "course": self._one(COURSES),
        }
        form = self._chance()
        if form < 0.6:
            data["proof_no"] = f"{year}-{self._district}-{int(form * 100_000)}"
        if form > 0.9:
            data["sessions"] = _sessions(day, halves, most)
        elif halves > most:
            data["started_on"] = iso(day - (halves - 1) // most)
        if 0.8 < form <= 0.9:
            data["mode"] = "online"
        event_id = self._record("training.completed", day, data)
        self._trainings.append((event_id, day, data))

    def _serve(self, first: int, last: int) -> None:
        data = {
            "platform": self._place.platform,
            "verified": self._happens(0.93),
            "hours": _amount(2 + int(self._chance() * 14)),
            "task": self._one(TASKS),
        }
        self._record("service.recorded", self._day(first, last), data)

    def _assess(self, year: int) -> None:
        """Assess the year before for a term that lasts to the end of this one."""
        day = max(day_of(year) + int(self._chance() * 80), self._hired)
        covers_from = max(day_of(year - 1), self._hired)
        data = {
            "covers_from": iso(covers_from),
            "covers_until": f"{year}-12-31",
            "professional_role": self._happens(0.9),
            "result": "合格" if self._happens(0.85) else "优秀",
        }
        self._record("assessment.recorded", day, data)

    # Rare events

    def _meet_something_rare(self, first: int, last: int) -> None:
        day = self._day(first, last)
        fate = self._chance()
        authority = f"{self._place.name}民政局"
        of_the_place = {"authority": authority, "jurisdiction": self._place.jurisdiction}
        if fate < 0.3:
            self._designate(day, of_the_place)
        elif fate < 0.33:
            talent = self._one(("high_level", "national_leading", "government_special_allowance"))
            self._record("talent.designated", day, {"talent": talent, **of_the_place})
        elif fate < 0.55:
            self._record("honor.recorded", day, {"honor": "优秀社会工作者", "authority": authority})
        elif fate < 0.75:
            self._record("role.recorded", day, {"role": "社区两委成员"})
        elif fate < 0.82:
            data = {"benefit": "人才公寓", "authority": authority, "determination": "benefit.apartment"}
            self._record("benefit.granted", day, data)
        elif fate < 0.9:
            self._record("complaint.decided", day, {"finding": "upheld" if fate < 0.84 else "dismissed"})
        elif fate < 0.92:
            self._record("sanction.imposed", day, {"sanction": "警告", "last_day": iso(day + 180)})
        elif self._post is not None and self._post[1] <= day:
            self._record("promotion.ended", day, {"last_day": iso(day), "reason": "岗位调整"})
            self._post = None

    def _designate(self, day: int, by: dict[str, str]) -> None:
        if "intermediate" in self._certificates:
            rank = "senior" if "senior" in self._certificates else self._one(("junior", "intermediate"))
            last_day = iso(anniversary(day, DESIGNATION_YEARS) - 1)
            self._record("supervisor.designated", day, {"rank": rank, **by, "last_day": last_day})

    def _recognize(self, entry: int) -> None:
        self._record("qualification.declared", entry, {"origin": "台湾", "qualification": "社会工作師"})
        if self._happens(0.5):
            data = {"origin": "台湾", "level": "intermediate", "authority": f"{self._place.name}民政局"}
            scope = {"scope": self._place.jurisdiction}
            self._record("qualification.recognized", entry + self._day(60, 400), {**data, **scope})

    # Corrections, voids, and the same training reported twice

    def _revise(self, year_end: int) -> None:
        event_id, day, data = self._trainings[-1]
        noticed = max(day, year_end) + self._day(5, 400)
        fate = self._chance()
        if fate < 0.35:
            # Another office reports it again: the same proof number, or the same course and days, is counted once
            #
            self._telling.tell("training.completed", day, data, delay=self._day(20, 120))
        elif fate < 0.75 and "sessions" not in data:
            amount = _amount(max(1, int(float(data["amount"]) * 2) + self._one((-8, -2, 1, 1, 4))))
            change = {"target": event_id, "set": {"data": {"amount": amount}}, "reason": "证明所载学时登记有误"}
            self._telling.tell("event.corrected", noticed, change)
        else:
            self._telling.tell("event.voided", noticed, {"target": event_id, "reason": "重复登记"})
            self._trainings.pop()


def _sessions(last_day: int, halves: int, most: int) -> list[dict[str, str]]:
    """Spread a training over the days up to its last, at `most` so many halves a day."""
    full, rest = divmod(halves, most)
    parts = [most] * full + [rest] * (rest > 0)
    return [{"day": iso(day), "amount": _amount(part)} for day, part in enumerate(parts, last_day - len(parts) + 1)]


def _amount(halves: int) -> str:
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)
