"""One plausible career drawn at random: examined, registered, trained and promoted year after year.

Chances are shares of 1, met once a year. They are guesses that make every status occur, not statistics.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import Any, TypeAlias, TypeVar

from services.demo.drawn import (
    AIMS,
    CHANNELS,
    COMMUNITY_ROLES,
    COURSES,
    DEGREES,
    FIELDS,
    INSTITUTIONS,
    JOBS,
    LEVELS,
    MAJORS,
    METHODS,
    OTHER_UNITS,
    PROJECTS,
    PROVIDERS,
    SERVICE_FIELDS,
    SUBJECTS,
    SW_SUBJECTS,
    TASKS,
    TITLES,
    Level,
)
from services.demo.places import Place, organization_id, organization_name, standards_of
from services.demo.telling import CareerBuilder, anniversary, day_of, iso, year_of

Source: TypeAlias = Mapping[str, str]
Thing = TypeVar("Thing")

YEAR_DAYS = 365
REGISTRATION_YEARS = 3
SENIOR_PROOF_YEARS = 3
SENIOR_AFTER_YEARS = 5
DESIGNATION_YEARS = 3
TERM_OF_OFFICE_YEARS = 5
SANCTION_DAYS = 180
VETERAN_YEARS = 9
BETWEEN_JOBS_DAYS = 45
REPORT_DAYS = 30  # The delay within which most facts reach the ledger.
LATE_DAYS = 300  # The delay of the others.
TRAINING_DAYS = 10  # The longest of several in a year are shorter.
SESSION_HALVES = 14  # Half hours that fit into one day.
HALVES_OF_A_DAY = 2
SCORES = 30  # From the pass mark upwards.
PASS_MARK = 60
LOCAL_LINE = 55
LOCAL_LINES_SINCE = 2022  # N-04
PRINTING_DAYS = (5, 20)  # From the approval of a certificate to its issue.

NEVER = 0  # The day before the first ordinal one.


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
        self._role = ""
        self._beside_until = NEVER
        self._aims = self._one(AIMS)
        self._certificates: dict[str, int] = {}
        self._passed: dict[str, int] = {}
        self._has_local_certificate = False
        self._registered_from = NEVER
        self._registered_until: int | None = None
        self._always_printed = True
        self._supervises: tuple[int, int] | None = None
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

    def _record(
        self, type_: str, day: int, data: dict[str, Any], *, known_on: int = NEVER, source: Source | None = None
    ) -> str:
        """Tell an event of `day` that nobody can know before `known_on`."""
        delay = self._chance()
        # One in twenty is late.
        days = int(delay * REPORT_DAYS) if delay < 0.95 else REPORT_DAYS + int((delay - 0.95) * 20 * LATE_DAYS)
        return self._telling.tell(type_, day, data, delay=max(days, known_on - day), source=source)

    # Entering, changing and leaving employments

    def _enter(self, entry: int) -> None:
        identity = "mainland" if self._happens(0.985) else self._one(("taiwan", "hong_kong", "macao"))
        self._telling.tell(
            "practitioner.enrolled", entry, {"identity_type": identity, "jurisdiction": self._place.jurisdiction}
        )
        if self._happens(0.9):
            self._graduate(self._day(entry - 12 * YEAR_DAYS, entry - YEAR_DAYS))
        if identity == "taiwan":
            self._recognize(entry)
        veteran = self._happens(0.35)
        self._start_job(
            entry - self._day(YEAR_DAYS, VETERAN_YEARS * YEAR_DAYS) if veteran else self._day(entry, entry + 90)
        )
        if veteran and self._aims:
            self._bring_certificate(year_of(entry))

    def _graduate(self, day: int) -> None:
        level = self._one(DEGREES)
        data = {"level": level, "field": "other" if level == "secondary" else self._one(FIELDS)}
        if level != "secondary":
            data["major"] = MAJORS[data["field"]]
            data["institution"] = self._one(INSTITUTIONS)
        self._record("education.recorded", day, data)

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
        if self._happens(0.5):
            data["employer"] = organization_name(self._district, employer_type)
        self._hired, self._role = day, role
        self._post = None
        self._job = self._record("employment.started", day, data)

    def _change_job(self, first: int, last: int) -> None:
        last_day = self._day(first, last - BETWEEN_JOBS_DAYS)
        if self._happens(0.7):  # Otherwise the next employment implies that this one ended.
            self._end_job(last_day)
        begins = self._day(last_day + 1, last_day + BETWEEN_JOBS_DAYS)
        if self._happens(0.15):
            self._place = self._one(self._places)
            self._register_anew(begins)
        self._district = self._one(self._place.districts)
        self._start_job(begins)

    def _leave(self, year_end: int) -> None:
        last_day = max(self._hired, year_end - int(self._chance() * 60))
        self._end_job(last_day)

    def _end_job(self, last_day: int) -> None:
        data = {"last_day": iso(last_day)}
        if last_day <= self._beside_until or self._happens(0.2):  # Else a job beside it would end with it.
            data["employment"] = self._job
        self._record("employment.ended", last_day, data)
        if self._supervises and self._supervises[0] < last_day < self._supervises[1]:
            self._record("supervisor.ended", last_day, {"last_day": iso(last_day)})
        self._supervises = None

    def _work_beside(self, day: int) -> None:
        """Hold another job beside the first for some months."""
        if not self._hired < day or day <= self._beside_until:
            return
        data = {
            "employer_type": "social_work_agency",
            "role": "social_worker",
            "jurisdiction": self._district,
            "direct_service": True,
            "organization": organization_id(self._district, "social_work_agency"),
            "concurrent": True,
        }
        job = self._record("employment.started", day, data)
        self._beside_until = day + self._day(60, 300)
        ended = {"last_day": iso(self._beside_until), "employment": job}
        self._record("employment.ended", self._beside_until, ended)

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
        if self._happens(0.2):
            self._pay(year, self._day(first, last))
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
        if year >= LOCAL_LINES_SINCE and not self._has_local_certificate and self._happens(0.06):
            self._pass_by_a_local_line(level, year)
            return
        # Junior needs all subjects in one year, intermediate in two consecutive years (N-03).
        since = year if level == "junior" else year - 1
        for subject in SUBJECTS[level]:
            if self._passed.get(level + subject, 0) < since and self._happens(0.65):
                self._pass(level, subject, year)
        if all(self._passed.get(level + subject, 0) >= since for subject in SUBJECTS[level]):
            self._certify(level, year)

    def _pass_by_a_local_line(self, level: Level, year: int) -> None:
        """Pass all subjects at once, one by the line of the place, in which alone the certificate is valid (N-04)."""
        local, *others = SUBJECTS[level]
        self._pass(level, local, year, local=True)
        for subject in others:
            self._pass(level, subject, year)
        self._has_local_certificate = True
        self._certify(level, year, scope="local")

    def _highest(self) -> Level | None:
        """Return the level of the highest national certificate."""
        return next((level for level in reversed(LEVELS) if level in self._certificates), None)

    def _highest_on(self, day: int) -> Level | None:
        """Return the level of the highest of those that were approved by the day."""
        return next((level for level in reversed(LEVELS) if self._certificates.get(level, day + 1) <= day), None)

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
        committee = {"committee": f"{self._place.name}高级社会工作师评审委员会"} if self._happens(0.5) else {}
        self._record("senior_review.applied", applied, committee)
        passed = self._happens(0.6)
        decided = applied + self._day(60, 150)
        result = {"applied_on": iso(applied), "result": "pass" if passed else "fail"}
        self._record("senior_review.decided", decided, result | committee)
        if passed:
            self._certify(
                "senior", year_of(decided) if decided < day_of(year_of(decided), 10) else year_of(decided) + 1
            )

    def _pass(self, level: str, subject: str, year: int, *, local: bool = False) -> None:
        """Pass a subject by the mark, or by a local line below it."""
        chance = self._chance()
        if local:
            score, line = LOCAL_LINE + int(chance * (PASS_MARK - LOCAL_LINE)), "local"
        else:
            score, line = PASS_MARK + int(chance * SCORES), "national"
            self._passed[level + subject] = year
        self._telling.tell(
            "exam.subject_passed",
            day_of(year, 6) + 10 + year % 7,
            {"level": level, "subject": subject, "exam_year": year, "score": str(score), "pass_line": line},
            delay=75,
        )

    def _certify(self, level: str, year: int, scope: str = "national", basis: str = "exam") -> None:
        if level == "senior":
            basis = "exam_and_review"
        approved = day_of(year, 10) + int(self._chance() * 60)
        issued = approved + self._day(*PRINTING_DAYS)
        data = {"level": level, "scope": scope, "basis": basis, "issued_on": iso(issued)}
        if scope == "local":
            data["valid_in"] = self._place.jurisdiction
        if scope == "national" or level == "basic":
            self._certificates[level] = approved
        scan = self._scan(f"{level}/{approved}") if self._happens(0.5) else None
        self._record("certificate.obtained", approved, data, known_on=issued, source=scan)
        registers_on = approved + self._day(20, 300)
        if self._registered_until is None and self._happens(0.85):
            self._grant(registers_on, first=True)
        elif scope == "national" and self._happens(0.5):
            self._register_anew(registers_on)

    def _scan(self, text: str) -> Source:
        """Return the source of what was read from a document, as it was scanned."""
        digest = sha256(f"{self._telling.practitioner_id}/{text}".encode()).hexdigest()
        return {"document": "证书扫描件", "digest": f"sha256:{digest}"}

    # Registration: for three years, renewed in time, renewed late, or lapsed for good

    def _grant(self, granted: int, *, first: bool, valid_from: int | None = None) -> None:
        valid_from = valid_from or granted
        data: dict[str, Any] = {"first": first, "valid_from": iso(valid_from)}
        self._registered_from = valid_from
        self._registered_until = anniversary(valid_from, REGISTRATION_YEARS) - 1
        if self._happens(0.5) and (level := self._highest_on(valid_from)):
            data["level"] = level
        if self._happens(0.5):
            data |= {"place": self._place.name or self._district, "authority": f"{self._place.name}民政局"}
        if self._happens(0.96):
            data["valid_until"] = iso(self._registered_until)
        else:  # The day is not printed, and three years apply all the same.
            self._always_printed = False
        self._record("registration.granted", granted, data)

    @property
    def _registered(self) -> range:
        """The days of the registration that began last or will begin next; empty without one that lasts."""
        return range(self._registered_from, (self._registered_until or NEVER) + 1)

    def _may_end(self, day: int) -> bool:
        """Say whether an end on the day would end this registration, and none of which no last day is printed."""
        return self._always_printed and day in self._registered[1:]

    def _register_anew(self, day: int) -> None:
        """Register in another place, or a higher certificate: the registration in force ends where the next begins."""
        if self._may_end(day):
            self._end_registration(day)
            self._grant(day, first=False)

    def _end_registration(self, day: int) -> None:
        """End the registration, which is known at once: the next one must not be known before."""
        self._telling.tell("registration.ended", day, {"reason": "cancelled"})

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
        if self._happens(0.3):
            data["series"] = "social_work"
        # Most wait for the certificate of the last autumn; the others are promoted without it.
        earliest = max(first, self._hired)
        day = self._day(earliest, max(earliest, last - 60))
        if self._happens(0.3):
            data["decision_no"] = f"社聘〔{year_of(day)}〕{self._day(1, 99)}号"
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
        span = days // parts
        for part in range(parts):
            amount = halves // parts if part else halves - halves // parts * (parts - 1)
            begins = first + part * (span + TRAINING_DAYS)  # So that no day has two of them.
            self._attend(self._day(begins, first + (part + 1) * span - 5), amount, unit, year)
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
            if self._happens(0.5):
                data["ended_on"] = iso(day)
        platform = None
        if 0.8 < form <= 0.9:
            data["mode"] = "online"
            platform = {"system": "继续教育在线平台"}
        event_id = self._record("training.completed", day, data, source=platform)
        self._trainings.append((event_id, day, data))

    def _serve(self, first: int, last: int) -> None:
        data = {
            "platform": self._place.platform,
            "verified": self._happens(0.93),
            "hours": _amount(2 + int(self._chance() * 14)),
            "task": self._one(TASKS),
        }
        if self._happens(0.3):
            data |= {"field": self._one(SERVICE_FIELDS), "project": self._one(PROJECTS)}
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

    def _pay(self, year: int, day: int) -> None:
        """Have the allowance of a community worker decided by the local standard of that day, if there is one."""
        tier = self._highest_on(day)
        if tier is None or self._role not in COMMUNITY_ROLES or day < self._hired:
            return
        for standard in reversed(standards_of([self._place])):
            here = standard["jurisdiction"] == self._district and "organization" not in standard
            if here and standard["effective_from"] <= iso(day) and tier in standard["tiers"]:
                amount = {"amount": standard["tiers"][tier], "standard": standard["standard_id"]}
                self._record("allowance.decided", day, {"period": f"{year}年", "tier": tier, **amount})
                return

    # Rare events

    def _meet_something_rare(self, first: int, last: int) -> None:
        day = self._day(first, last)
        fate = self._chance()
        authority = f"{self._place.name}民政局"
        if fate < 0.3:
            self._designate(day, authority)
        elif fate < 0.33:
            talent = self._one(("high_level", "national_leading", "government_special_allowance"))
            by = {"authority": authority, "jurisdiction": self._place.jurisdiction}
            self._record("talent.designated", day, {"talent": talent, **by})
        elif fate < 0.5:
            self._record("honor.recorded", day, {"honor": "优秀社会工作者", "authority": authority})
        elif fate < 0.65:
            ends = {"last_day": iso(anniversary(day, TERM_OF_OFFICE_YEARS) - 1)} if self._happens(0.5) else {}
            self._record("role.recorded", day, {"role": "社区两委成员", **ends})
        elif fate < 0.72:
            data = {"benefit": "人才公寓", "authority": authority, "determination": "benefit.apartment"}
            self._record("benefit.granted", day, data)
        elif fate < 0.83:
            self._suffer(day, authority)
        elif fate < 0.89:
            self._work_beside(day)
        elif self._hired < day:
            self._change_post(day)

    def _change_post(self, day: int) -> None:
        """Lose the post, or be appointed to one of another series beside it (R-32)."""
        if self._happens(0.3):
            data = {"post": "助理会计师（12级）", "post_level": 12, "series": "other"}
            self._record("promotion.granted", day, data)
        elif self._post is not None and self._post[1] <= day:
            self._record("promotion.ended", day, {"last_day": iso(day), "reason": "岗位调整"})
            self._post = None

    def _suffer(self, day: int, authority: str) -> None:
        """Be complained about, be warned, or lose the certificate."""
        fate = self._chance()
        if fate < 0.5:
            through = {"channel": self._one(CHANNELS)} if self._happens(0.5) else {}
            self._record("complaint.decided", day, {"finding": "upheld" if fate < 0.15 else "dismissed", **through})
        elif fate < 0.7:
            self._record("sanction.imposed", day, {"sanction": "警告", "last_day": iso(day + SANCTION_DAYS)})
            if self._happens(0.5):
                self._record("sanction.lifted", day + SANCTION_DAYS // 2, {"sanction": "警告"})
        else:
            self._lose_certificate(day, authority)

    def _lose_certificate(self, day: int, authority: str) -> None:
        """Lose the highest certificate for deceit in the exam, with it the registration, and sit no exam again."""
        level = self._highest_on(day - 1)
        if level is None or level != self._highest() or (self._registered and not self._may_end(day)):
            return
        why = {"reason": "考试作弊", "authority": authority}
        self._record("certificate.withdrawn", day, {"level": level, **why})
        if self._registered:
            self._end_registration(day)
        del self._certificates[level]
        self._aims, self._registered_until = (), None

    def _designate(self, day: int, authority: str) -> None:
        if "intermediate" in self._certificates:
            rank = "senior" if "senior" in self._certificates else self._one(("junior", "intermediate"))
            last_day = anniversary(day, DESIGNATION_YEARS) - 1
            by = {"authority": authority, "jurisdiction": self._place.jurisdiction}
            self._record("supervisor.designated", day, {"rank": rank, **by, "last_day": iso(last_day)})
            self._supervises = day, last_day

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
        elif fate < 0.5 and not {"sessions", "ended_on"} & data.keys():
            self._correct(event_id, noticed, {"occurred_on": iso(day + 1)}, "证明所载日期登记有误")
        elif fate < 0.75 and "sessions" not in data:
            amount = _amount(max(1, int(float(data["amount"]) * 2) + self._one((-8, -2, 1, 1, 4))))
            self._correct(event_id, noticed, {"data": {"amount": amount}}, "证明所载学时登记有误")
        else:
            self._revoke(event_id, noticed)
            self._trainings.pop()

    def _correct(self, target: str, day: int, change: dict[str, Any], reason: str) -> None:
        data = {"target": target, "set": change, "reason": reason, **self._by_an_authority()}
        self._telling.tell("event.corrected", day, data)

    def _revoke(self, target: str, day: int) -> None:
        data = {"target": target, "reason": "重复登记", **self._by_an_authority()}
        self._telling.tell("event.voided", day, data)

    def _by_an_authority(self) -> dict[str, str]:
        return {"authority": f"{self._place.name}民政局"} if self._happens(0.5) else {}


def _sessions(last_day: int, halves: int, most: int) -> list[dict[str, str]]:
    """Spread a training over the days up to its last, at `most` so many halves a day."""
    full, rest = divmod(halves, most)
    parts = [most] * full + [rest] * (rest > 0)
    return [{"day": iso(day), "amount": _amount(part)} for day, part in enumerate(parts, last_day - len(parts) + 1)]


def _amount(halves: int) -> str:
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)
