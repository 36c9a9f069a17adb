"""Plausible careers and careers that should not have happened, drawn from a seed.

A career is a list of events in the order in which they were recorded, which is rarely the order of their dates, and the
local standards of the ledger. Every event is valid by itself; together they may be as odd as records get. The themes
are what the rules of each place require, near their limits. The career of a seed is the same while this module stays as
it is: a new theme or place gives the old seeds other careers, so a seed is only meaningful with its commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

Event = dict[str, Any]

CHENGDU, CHENGDU_DISTRICTS = "510100", ("510107", "510108")
ZHENGZHOU, ZHENGZHOU_DISTRICT = "410100", "410103"
LIAOCHENG, LIAOCHENG_DISTRICT = "371500", "371502"
CHUXIONG, CHUXIONG_COUNTY = "532300", "532301"
FUJIAN, FUJIAN_CITY, FUJIAN_DISTRICT = "350000", "350100", "350102"
ELSEWHERE = "110105"
PLACES = (
    CHENGDU,
    *CHENGDU_DISTRICTS,
    ZHENGZHOU,
    ZHENGZHOU_DISTRICT,
    LIAOCHENG,
    LIAOCHENG_DISTRICT,
    CHUXIONG,
    CHUXIONG_COUNTY,
    FUJIAN,
    FUJIAN_CITY,
    FUJIAN_DISTRICT,
    ELSEWHERE,
)
HOME_PLACES = tuple(place for place in PLACES if place not in (ELSEWHERE, FUJIAN_CITY))
LEVELS = ("basic", "junior", "intermediate", "senior")
EMPLOYERS = (
    "urban_community",
    "village",
    "public_institution",
    "social_organization",
    "social_work_agency",
    "enterprise",
    "charity",
)
ORGANIZATIONS = ("org-1", "org-2")
ROLES = ("community_worker", "full_time_community_worker", "full_time_community_worker", "social_worker", "other")
DEGREES = ("secondary", "college", "bachelor", "bachelor", "master", "doctor")
FIELDS = (
    "social_work",
    "social_work",
    "sociology",
    "social_policy",
    "civil_affairs_management",
    "community_management",
    "other",
    "other",
)
TALENTS = ("national_leading", "sichuan_high_end", "yi_leading", "high_level", "government_special_allowance")
PLATFORM, OTHER_PLATFORM = "成都社工管理服务平台", "全国志愿服务信息系统"
# What an entitlement may be fulfilled by, two of which a rule looks at.
GRANTS = ("reward.exam", "reward.exam", "reward.new_talent", "reward.new_talent", "benefit.apartment", "allowance")
# Free texts, which are compared folded; every other text is an id, a code or a day.
FREE_TEXTS = {
    *("provider", "course", "proof_no", "authority", "employer", "post", "platform", "committee"),
    *("benefit", "origin", "qualification", "honor", "institution"),
}
PLAIN_SIGNS = "".join(map(chr, range(0x21, 0x7F)))
FULL_WIDTH = str.maketrans(PLAIN_SIGNS, "".join(chr(ord(sign) + 0xFEE0) for sign in PLAIN_SIGNS))
LEAP_DAYS = (date(2016, 2, 29), date(2020, 2, 29), date(2024, 2, 29))
# First and last days of the texts, what the other readings make of them, and both ends of the plan period of CX-08.
EDGES = (
    date(2020, 7, 7),
    date(2020, 7, 8),
    date(2021, 1, 27),
    date(2021, 1, 28),
    date(2021, 1, 29),
    date(2021, 7, 11),
    date(2021, 7, 12),
    date(2022, 2, 8),
    date(2022, 2, 9),
    date(2022, 2, 28),
    date(2022, 3, 1),
    date(2020, 12, 31),
    date(2021, 1, 1),
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2025, 12, 30),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2027, 2, 28),
    date(2027, 3, 1),
)
CENTRES = (date(2017, 6, 1), date(2020, 6, 1), date(2022, 3, 1), date(2024, 2, 29), date(2025, 6, 30), date(2027, 2, 1))
ONE_DAY = timedelta(days=1)
FIRST_POSITION = 100_000
"""That of the first local standard, after all events of the person."""


@dataclass(frozen=True)
class Career:
    """The events of one person as recorded, and the local standards of the ledger, with `last_day` if one was ended.

    `turns` are days about which the rules of its theme are best asked.
    """

    seed: int
    home: str
    events: tuple[Event, ...]
    standards: tuple[Event, ...]
    turns: tuple[date, ...] = ()

    def days(self) -> list[date]:
        """Return every date that stands anywhere in the career, in order."""
        return sorted({day for event in (*self.events, *self.standards) for day in _days_in(event)})


def career(seed: int) -> Career:
    """Return the career of a seed, the same for ever while this module stays as it is."""
    return _Drawing(Random(seed)).career(seed)  # noqa: S311 - careers that can be drawn again, no secrets.


def questioned_days(random: Random, life: Career, count: int) -> list[date]:
    """Return days on which something may turn: facts, anniversaries, terms, year ends and editions, a day around."""
    days = life.days()
    found: list[date] = []
    for _ in range(count):
        turn = random.random()
        if life.turns and random.random() < 0.6:
            found.append(random.choice(life.turns) + random.choice((-1, 0, 0, 0, 1)) * ONE_DAY)
            continue
        if days and turn < 0.5:
            day = random.choice(days)
        elif days and turn < 0.75:
            # Late facts rest on early ones, so this is when most conditions hold together.
            day = days[len(days) * 3 // 4] + timedelta(days=random.randint(-300, 300))
        else:
            day = random.choice(EDGES)
        turn = random.random()
        if turn < 0.12:
            day = _moved(day, 1)
        elif turn < 0.2:
            day = _moved(day, 3)
        elif turn < 0.28:
            day = _moved(day, 5)
        elif turn < 0.33:
            day = date(day.year, 12, 31)
        elif turn < 0.38:
            day += timedelta(days=random.randint(-400, 400))
        found.append(day + random.choice((-1, 0, 0, 1)) * ONE_DAY)
    return found


def _moved(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _days_in(value: Any) -> list[date]:
    if isinstance(value, dict):
        return [day for child in value.values() for day in _days_in(child)]
    if isinstance(value, list | tuple):
        return [day for child in value for day in _days_in(child)]
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return [date.fromisoformat(value)]
    return []


class _Drawing:
    """One career being drawn."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.events: list[Event] = []
        self.centre = random.choice(CENTRES)
        self.home = random.choice(HOME_PLACES)
        self.rewarded = False
        self.turns: list[date] = []

    def career(self, seed: int) -> Career:
        chance = self.random.random
        themes = (
            self._allowance_theme,
            self._allowance_theme,
            self._ladder_theme,
            self._ladder_theme,
            self._ladder_theme,
            self._year_theme,
            self._year_theme,
            self._term_theme,
            self._unprinted_end_theme,
            self._exam_theme,
            self._five_years_theme,
            self._five_years_theme,
            self._plan_theme,
            self._plan_theme,
            self._recognition_theme,
            self._degree_theme,
            self._talent_theme,
            self._talent_theme,
            self._reward_theme,
            self._reward_theme,
            self._moving_theme,
            self._complete_theme,
            self._complete_theme,
            self._leaving_theme,
            self._leaving_theme,
            self._engagement_theme,
            self._senior_theme,
            self._entry_theme,
            self._lump_sum_theme,
            self._one_day_theme,
            self._plausible_start,
        )
        self.random.choice(themes)()
        for _ in range(self.random.choice((0, 0, 0, 1, 1, 2, 4, 16))):
            self.random.choice(self._kinds())()
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self._double()
        for _ in range(self.random.choice((0, 0, 1, 3, 6))):
            self._revision()
        if chance() < 0.6:
            self.random.shuffle(self.events)
        return Career(seed, self.home, tuple(self.events), tuple(self._standards()), tuple(self.turns))

    def _kinds(self) -> Sequence[Callable[[], None]]:
        return (
            self._employment,
            self._employment,
            self._employment_end,
            self._certificate,
            self._certificate,
            self._withdrawal,
            self._registration,
            self._registration,
            self._registration_end,
            self._training,
            self._training,
            self._duplicate_training,
            self._promotion,
            self._promotion,
            self._promotion_end,
            self._service,
            self._assessment,
            self._supervisor,
            self._supervisor_end,
            self._talent,
            self._exam,
            self._senior_exam,
            self._education,
            self._qualification,
            self._grant,
            self._listed,
            self._double,
            self._end_of_a_beginning,
        )

    # Small draws

    def _one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def _sometimes(self, probability: float) -> bool:
        return self.random.random() < probability

    def _day(self, spread: int = 900) -> date:
        turn = self.random.random()
        if turn < 0.12:
            return self.random.choice(LEAP_DAYS)
        if turn < 0.3:
            return self.random.choice(EDGES)
        if turn < 0.5 and self.events:
            day = date.fromisoformat(self.random.choice(self.events)["occurred_on"])
            return _moved(day, self._one(0, 0, 0, 1, -1, 3)) + self._one(-1, 0, 1) * ONE_DAY
        return self.centre + timedelta(days=self.random.randint(-spread, spread))

    def _add(self, type_: str, day: date, **data: Any) -> Event:
        event = {
            "event_id": str(UUID(int=self.random.getrandbits(128), version=4)),
            "type": type_,
            "occurred_on": day.isoformat(),
            "data": {name: value for name, value in data.items() if value is not None},
        }
        self.events.append(event)
        return event

    def _maybe(self, probability: float, value: Any) -> Any:
        return value if self._sometimes(probability) else None

    def _written(self, text: str) -> str:
        """Return a text as somebody else may write it: as it is, in full width, in small letters, or with a blank."""
        return str(
            self._one(text, text, text.translate(FULL_WIDTH), text.lower(), f"{text[:1]}　{text[1:]}", f"{text} ")
        )

    def _authority(self) -> dict[str, Any]:
        """Return an authority and perhaps its place: that of the person, one around it, or another."""
        city = f"{self.home[:4]}00"
        places = (self.home, city, city, f"{self.home[:2]}0000", "100000", *PLACES)
        return {"authority": self._one("民政局", "民政部"), "jurisdiction": self._maybe(0.7, self._one(*places))}

    def _days(self) -> list[date]:
        return [date.fromisoformat(event["occurred_on"]) for event in self.events]

    def _of(self, type_: str) -> list[Event]:
        return [event for event in self.events if event["type"] == type_]

    # Themes: what the rules ask for, so that small oddities decide

    def _start(self, spread: int = 700) -> date:
        return self.centre - timedelta(days=self.random.randint(0, spread))

    def _job(self, day: date, **fixed: Any) -> Event:
        self._employment(day=day, place=self.home)
        event = self.events[-1]
        event["data"] = {name: value for name, value in event["data"].items() if name != "concurrent"} | fixed
        return event

    def _around(self, day: date, days: int) -> date:
        return day + timedelta(days=self.random.randint(-days, days))

    def _plausible_start(self) -> None:
        if self._sometimes(0.5):
            return
        start = self._start()
        self._add("practitioner.enrolled", start, identity_type="mainland", jurisdiction=self.home)
        self._employment(day=start, place=self.home)
        self._certificate(day=self._around(start, 400))
        self._registration(day=self._around(start, 300))

    def _allowance_theme(self) -> None:
        self.home = self._one("510107", "510107", "510108", "510100", "410103", self.home, *HOME_PLACES)
        start = max(self._start(), date(2020, 6, 1) if self.home[:2] in ("37", "35") else date(2021, 6, 1))
        work = ("full_time_community_worker",) * 3 + ("community_worker", "social_worker")
        self._job(start, role=self._one(*work))
        for _ in range(self._one(1, 1, 2, 3)):
            self._certificate(day=self._around(start, 300))
        for _ in range(self.random.randint(1, 3)):
            self._registration(day=self._around(start, 300))
        for _ in range(self.random.randint(2, 6)):
            self._service(day=start + timedelta(days=self.random.randint(0, 900)), verified=True)
        for _ in range(self.random.choice((0, 1, 2, 2, 3))):
            self._assessment(day=self._around(start, 300), role=self._sometimes(0.8))
        if self._sometimes(0.4):
            self._job(start + timedelta(days=self.random.randint(1, 900)), role=self._one(*ROLES))
        if self._sometimes(0.3):
            self._employment_end()
        self.turns = [day for day in self._days() if day > start]

    def _ladder_theme(self) -> None:
        self.home = self._one(*CHENGDU_DISTRICTS, ZHENGZHOU_DISTRICT, ZHENGZHOU_DISTRICT, self.home)
        start = max(self._start(), date(2020, 6, 1))
        job = self._job(start, employer_type=self._one("public_institution", "public_institution", "village"))
        for _ in range(self.random.randint(1, 3)):
            self._certificate(day=self._around(start, 600))
        for _ in range(self.random.randint(1, 4)):
            self._promotion(day=start + timedelta(days=self.random.randint(0, 1200)))
            if self._sometimes(0.5):
                self.events[-1]["data"]["employment"] = job["event_id"]
        if self._sometimes(0.3):
            self._withdrawal()
        if self._sometimes(0.4):
            moved = start + timedelta(days=self.random.randint(300, 1500))
            self._job(moved, jurisdiction=self._one(*PLACES))
            self._promotion(day=moved + self._one(-1, 0, 0, 1) * ONE_DAY)
        self.turns = [max(day, date(2022, 3, 1)) for day in self._days()]

    def _year_theme(self) -> None:
        self.home = self._one("410100", "410103")
        year = self._one(2021, 2022, 2023, 2024, 2026)
        self._job(date(year, 1, 1) + timedelta(days=self.random.randint(-400, 400)))
        self._trainings_between(date(year, 1, 1), date(year, 12, 31), "class_hour")
        self.turns = [date(year, 12, 31), *(day for day in self._days() if day.year == year)]

    def _term_theme(self) -> None:
        start = self._start()
        self._certificate(day=self._around(start, 300))
        self.events[-1]["data"] = {"level": self._one("junior", "junior", "intermediate"), "scope": "national"}
        self.events[-1]["data"]["basis"] = "exam"
        self._registration(day=start)
        self._trainings_between(start, _moved(start, 3), "hour")
        if self._sometimes(0.3):
            self._registration(day=_moved(start, 3) + self._one(-90, 0, 1) * ONE_DAY)
        if self._sometimes(0.3):
            self._education()
        self.turns = [_moved(start, 3), _moved(start, 3) + ONE_DAY, *self._days()]

    def _unprinted_end_theme(self) -> None:
        """A registration without a printed last day (R-12), from a day that the third year may not have (R-05)."""
        start = self._one(*LEAP_DAYS, self._start())
        self._add("registration.granted", start, first=True, valid_from=start.isoformat())
        self._certificate(day=start - timedelta(days=self.random.randint(0, 300)))
        if self._sometimes(0.5):
            self._trainings_between(start, _moved(start, 3), "hour")
        self.turns = [_moved(start, 3), _moved(start, 3), _moved(start, 3) + ONE_DAY, start]

    def _complete_theme(self) -> None:
        """All that an allowance of Chengdu or Liaocheng asks for, and then something that may spoil or mend it."""
        self.home = self._one("510107", "510107", "510108", CHENGDU, LIAOCHENG_DISTRICT)
        start = self._one(date(2022, 3, 1), date(2021, 5, 1), date(2023, 1, 10))
        job = self._job(start, role="full_time_community_worker", employer_type="urban_community", direct_service=True)
        certified = start - timedelta(days=self.random.randint(0, 300))
        basis = {"level": self._one("junior", "junior", "intermediate"), "scope": "national", "basis": "exam"}
        if self._sometimes(0.8):
            self._add("certificate.obtained", certified, **basis)
        else:
            self._certificate(day=certified)
        term = {"valid_from": start.isoformat(), "valid_until": _moved(start, 6).isoformat()}
        if self._sometimes(0.9):
            level = self._maybe(0.4, self._one(basis["level"], basis["level"], *LEVELS))
            self._add("registration.granted", start, first=True, **term, level=level)
        for _ in range(self._one(1, 1, 2, 3)):
            self._service(day=start + timedelta(days=self.random.randint(-30, 900)), verified=self._sometimes(0.9))
        if self._sometimes(0.8):
            made = start + timedelta(days=self.random.randint(-100, 900))
            covers = {"covers_from": start.isoformat(), "covers_until": _moved(start, 4).isoformat()}
            self._add("assessment.recorded", made, **covers, professional_role=self._sometimes(0.9))
        for _ in range(self._one(0, 1, 1, 2)):
            self._one(self._certificate, self._certificate, self._withdrawal, self._registration, self._double)()
        if self._sometimes(0.2):
            self._employment_end()
            self.events[-1]["data"]["employment"] = job["event_id"]
        self.turns = [max(start, date.fromisoformat(event["occurred_on"])) for event in self.events]
        self.turns += [_moved(day, 1) for day in self.turns]

    def _leaving_theme(self) -> None:
        """Work that a rule of hours is about, left for another place, role or employer before the deciding day."""
        self.home = self._one(ZHENGZHOU, ZHENGZHOU_DISTRICT, CHUXIONG, CHUXIONG_COUNTY)
        in_zhengzhou = self.home[:2] == "41"
        year = self._one(2022, 2023, 2024) if in_zhengzhou else self._one(2021, 2022, 2024)
        first = date(year, 1, 1)
        last = date(year, 12, 31) if in_zhengzhou else date(2025, 12, 31)
        employers = ("urban_community", "social_work_agency", "social_organization", "public_institution")
        begun = first + timedelta(days=self.random.randint(-500, 200))
        role = self._one("social_worker", "community_worker", "other")
        self._job(begun, employer_type=self._one(*employers), role=role, direct_service=self._sometimes(0.75))
        for _ in range(self._one(0, 1, 1, 2)):
            day = self._one(first, last, last + ONE_DAY, self._around(last, 300))
            if self._sometimes(0.5):
                self._add("employment.ended", day, last_day=day.isoformat())
            else:
                self._job(
                    day,
                    jurisdiction=self._one(self.home, *PLACES),
                    employer_type=self._one(*employers, "enterprise"),
                    role=self._one("other", "other", "social_worker"),
                    direct_service=self._sometimes(0.4),
                )
        self.turns = [last, last, last - timedelta(days=30), last + timedelta(days=10)]
        self.turns += [day for day in self._days() if day >= first]
        unit, figure = ("class_hour", 60) if in_zhengzhou else ("hour", 160)
        self._parts_of(figure, unit, (first, first, first - ONE_DAY), last)

    def _engagement_theme(self) -> None:
        """Talent by records of service alone, about a year old, with quality of one kind or another."""
        self.home = self._one(LIAOCHENG_DISTRICT, CHUXIONG_COUNTY)
        start = max(self._start(), date(2021, 8, 1))
        if self._sometimes(0.6):
            self._certificate(day=self._around(start, 300))
        if self._sometimes(0.5):
            self._education()
        for _ in range(self._one(1, 1, 2)):
            self._service(day=self._around(start, 300), verified=self._sometimes(0.9))
        if self._sometimes(0.3):
            self._job(start, direct_service=self._sometimes(0.3))
        if self._sometimes(0.3):
            self._employment_end()
        self.turns = [_moved(day, years) for day in self._days() for years in (0, 1)]

    def _senior_theme(self) -> None:
        """From a pass proof to the review, applied for and decided around the end of the proof."""
        for _ in range(self._one(1, 1, 2)):
            self._senior_exam()
        if self._sometimes(0.3):
            self._certificate()
            self.events[-1]["data"] |= {"level": "senior"}
        self.turns = sorted({day for event in self.events for day in _days_in(event)})

    def _entry_theme(self) -> None:
        """Education of some kind and years of service about as long as an exam asks for."""
        begun = self._start() - timedelta(days=self.random.randint(0, 2000))
        for _ in range(self._one(0, 1, 1, 1, 2)):
            self._education(day=begun + timedelta(days=self.random.randint(-2000, 600)))
        if self._sometimes(0.6):
            self._certificate(day=begun + timedelta(days=self.random.randint(-600, 900)))
            self.events[-1]["data"] |= {"level": self._one("junior", "intermediate")}
        for _ in range(self._one(1, 1, 2)):
            begun = self._one(begun, date(begun.year, 1, 1), date(begun.year, 1, 2))
            job = self._job(begun, direct_service=self._sometimes(0.9))
            served = _moved(begun, self._one(1, 2, 4, 6)) + self._one(-1, -2, 0, 200) * ONE_DAY
            if self._sometimes(0.4):
                self._add("employment.ended", served, last_day=served.isoformat(), employment=job["event_id"])
            begun = served + timedelta(days=self._one(1, 2, 300))
        self.turns = [_moved(day, years) for day in self._days() for years in (1, 2, 4)]

    def _lump_sum_theme(self) -> None:
        """Degrees in social work inside and beside a term, some reported twice."""
        start = self._start()
        self._certificate(day=start - timedelta(days=self.random.randint(0, 300)))
        self.events[-1]["data"] = {"level": self._one("junior", "intermediate"), "scope": "national", "basis": "exam"}
        self._registration(day=start)
        for _ in range(self._one(1, 2, 2, 3)):
            self._education(day=start + timedelta(days=self.random.randint(-900, 1200)))
            self.events[-1]["data"]["field"] = self._one("social_work", "social_work", "sociology")
            if self._sometimes(0.3):
                data = {name: value for name, value in self.events[-1]["data"].items() if name != "institution"}
                self._add("education.recorded", date.fromisoformat(self.events[-1]["occurred_on"]), **data)
        if self._sometimes(0.5):
            self._trainings_between(start, _moved(start, 3), "hour")
        self.turns = [*self._days(), _moved(start, 3), _moved(start, 3)]

    def _one_day_theme(self) -> None:
        """Something ends on the very day on which another of its kind begins, recorded in either order."""
        start = max(self._start(), date(2021, 8, 1))
        turn = start + timedelta(days=self.random.randint(1, 700))
        begin, end = self._one(
            (lambda day: self._certificate(day=day), "certificate.withdrawn"),
            (lambda day: self._registration(day=day), "registration.ended"),
            (lambda day: self._supervisor(day=day), "supervisor.ended"),
            (lambda day: self._promotion(day=day), "promotion.ended"),
            (lambda day: self._job(day), "employment.ended"),
        )
        if end != "employment.ended":
            self._job(start - timedelta(days=self.random.randint(0, 300)), employer_type="public_institution")
        if end in ("promotion.ended", "registration.ended"):
            self._certificate(day=self._around(start, 100))
        for day in self._one((start, turn), (start, turn), (turn,), (turn, start)):
            begin(day)
        if end == "registration.ended" and self._sometimes(0.8):
            self.events[-1]["data"] |= {"valid_from": turn.isoformat(), "valid_until": _moved(turn, 3).isoformat()}
        self._ending(end, turn)
        if self._sometimes(0.3):
            self._ending(end, self._one(turn + ONE_DAY, turn - ONE_DAY, self._day()))
        self.turns = [turn, turn + timedelta(days=200)]

    def _exam_theme(self) -> None:
        for _ in range(self.random.randint(1, 4)):
            self._exam()
        for _ in range(self.random.randint(0, 2)):
            self._senior_exam()
        self.turns = [date(day.year, 12, 31) for day in self._days()]

    def _five_years_theme(self) -> None:
        """Talent in Liaocheng: 120 hours within five years, most of them, with or without a degree or work to match."""
        self.home = self._one(LIAOCHENG, LIAOCHENG_DISTRICT)
        until = self._one(*EDGES, *LEAP_DAYS, *self._days_around(self.centre))
        if self._sometimes(0.8):
            self._job(self._around(until, 900), direct_service=self._sometimes(0.8))
        first = _moved(until, -5)
        first_days = (first, first, first + ONE_DAY, first - ONE_DAY)
        self.turns = [until]
        self._parts_of(120, self._one("hour", "hour", "class_hour"), first_days, until)
        if self._sometimes(0.3):
            self._education()
        if self._sometimes(0.2):
            self._certificate()
        for _ in range(self._one(0, 0, 1, 2)):
            self._service(day=_moved(until, self._one(-1, 0)) + self._one(-1, 0, 1) * ONE_DAY)

    def _plan_theme(self) -> None:
        """The programme of Chuxiong: 160 hours from 2021 to 2025, for direct service with certain employers."""
        self.home = self._one(CHUXIONG, CHUXIONG_COUNTY)
        self._job(date(2020, 6, 1), direct_service=self._sometimes(0.9))
        if self._sometimes(0.3):
            self._job(self._day(), direct_service=self._sometimes(0.8))
        if self._sometimes(0.3):
            last = self._one(date(2025, 12, 30), date(2025, 12, 31), self._day())
            self._add("employment.ended", last, last_day=last.isoformat())
        first_days = (date(2020, 12, 31), date(2021, 1, 1), date(2021, 1, 1), date(2021, 7, 12))
        last = self._one(date(2025, 12, 31), date(2025, 12, 31), date(2026, 1, 1), date(2025, 12, 30))
        self.turns = [date(2025, 12, 31), last, *(day for day in self._days() if day.year > 2020)]
        self._parts_of(160, self._one("hour", "hour", "class_hour"), first_days, last)
        if self._sometimes(0.3):
            self._certificate()

    def _recognition_theme(self) -> None:
        """Fujian: an allowance by certificate, and a qualification from elsewhere recognized inside or outside."""
        self.home = self._one(FUJIAN, FUJIAN_CITY, FUJIAN_DISTRICT)
        start = max(self._start(), date(2020, 12, 1))
        self._add("practitioner.enrolled", start, identity_type=self._one("taiwan", "mainland"), jurisdiction=self.home)
        self._job(start, role=self._one("community_worker", *ROLES))
        for _ in range(self._one(1, 1, 2)):
            self._qualification()
            if self._sometimes(0.6):
                self.events[-1]["occurred_on"] = self._around(start, 300).isoformat()
        if self._sometimes(0.4):
            self._certificate(day=self._around(start, 600))
        if self._sometimes(0.3):
            self._withdrawal()

    def _talent_theme(self) -> None:
        """Benefits by designation of some authority, wherever the person works, and what was granted already."""
        for _ in range(self._one(1, 1, 2)):
            self._talent()
        if self._sometimes(0.5):
            self._supervisor()
        if self._sometimes(0.3):
            self._grant()
        if self._sometimes(0.5):
            self._job(self._start())
        self.turns = [max(day, date(2022, 3, 1)) for day in self._days()]

    def _reward_theme(self) -> None:
        """Certificates of several levels, and local measures that name some of them."""
        self.home = self._one(CHUXIONG, CHUXIONG_COUNTY, FUJIAN, FUJIAN_CITY, FUJIAN_DISTRICT)
        self.rewarded = True
        for _ in range(self._one(1, 2, 2)):
            self._certificate(day=self._one(None, *EDGES))
            data = {name: value for name, value in self.events[-1]["data"].items() if name != "valid_in"}
            self.events[-1]["data"] = data | {"scope": "national"}
        if self._sometimes(0.8):
            self._job(self._start(), direct_service=self._sometimes(0.85))
        if self._sometimes(0.25):
            self._grant()
        self.turns = [max(day, date(2021, 8, 1)) + self._one(0, 200) * ONE_DAY for day in self._days()]

    def _degree_theme(self) -> None:
        """Talent in Liaocheng by a degree of any field, engaged or not, and nothing else to go by."""
        self.home = self._one(LIAOCHENG, LIAOCHENG_DISTRICT)
        start = max(self._start(), date(2019, 1, 1))
        for _ in range(self._one(1, 1, 2)):
            self._education()
        if self._sometimes(0.7):
            self._job(start, direct_service=self._sometimes(0.8))
        if self._sometimes(0.4):
            self._service(day=self._around(start, 400))

    def _moving_theme(self) -> None:
        """Work in one province after another, with what every allowance asks for now and then."""
        day = self._start()
        self._certificate(day=self._around(day, 200))
        self._registration(day=self._around(day, 200))
        for _ in range(self.random.randint(2, 4)):
            self._employment(day=day, place=self._one(*PLACES))
            if self._sometimes(0.7):
                self.events[-1]["data"] |= {"role": "full_time_community_worker", "direct_service": True}
            if self._sometimes(0.3):
                self._employment_end()
            day += timedelta(days=self._one(1, 30, 365, 366, self.random.randint(1, 900)))

    def _days_around(self, day: date) -> tuple[date, ...]:
        return tuple(self._around(day, 900) for _ in range(20))

    def _parts_of(self, figure: int, unit: str, first_days: Sequence[date], last: date) -> None:
        """Record trainings that come to the figure, or to a quarter of an hour beside it, some at the window's ends."""
        left = figure + self._one(0, 0, 0, Decimal("-0.25"), Decimal("0.25"), -40, 40)
        days = [self._one(*first_days), last, *(last - timedelta(days=self.random.randint(0, 1900)) for _ in range(3))]
        while left > 0 and days:
            amount = left if len(days) == 1 else min(left, self._one(20, 30, 40, Decimal("59.5"), 60))
            left -= amount
            day = days.pop(self.random.randrange(len(days)))
            self._add(
                "training.completed",
                day,
                amount=str(amount),
                unit=unit if self._sometimes(0.9) else self._one("hour", "class_hour", "day"),
                subjects=self._one(*(["sw_knowledge"], ["sw_practice"], ["sw_ethics"]) * 4, ["general"]),
                sessions=self._maybe(0.3, self._halves(day, Decimal(amount))),
                course=self._one("伦理", "督导", "个案", "小组", "社区"),
            )
            if self._sometimes(0.1):
                self._duplicate_training()

    def _halves(self, day: date, amount: Decimal) -> list[dict[str, str]] | None:
        """Return two sessions of one training, the first up to a month earlier; none where an amount will not halve."""
        half = amount / 2
        if half * 100 % 1:
            return None
        earlier = day - timedelta(days=self._one(1, 1, 2, 31))
        return [{"day": each.isoformat(), "amount": f"{half:.2f}"} for each in (earlier, day)]

    def _trainings_between(self, first: date, last: date, unit: str) -> None:
        for _ in range(self.random.randint(1, 7)):
            inside = first + timedelta(days=self.random.randint(0, (last - first).days))
            self._training(self._one(inside, inside, inside, first, first - ONE_DAY, last, last + ONE_DAY))
            if self._sometimes(0.8):
                self.events[-1]["data"] |= {"unit": unit, "subjects": ["sw_practice"]}
            if self._sometimes(0.15):
                self._duplicate_training()

    # Facts

    def _employment(self, day: date | None = None, place: str | None = None) -> None:
        day = day or self._day()
        self._add(
            "employment.started",
            day,
            employer_type=self._one(*EMPLOYERS),
            role=self._one(*ROLES),
            jurisdiction=place or self._one(self.home, self.home, *PLACES),
            direct_service=self._sometimes(0.7),
            employer=self._maybe(0.3, "雇主(甲)"),
            organization=self._maybe(0.25, self._one(*ORGANIZATIONS)),
            in_establishment=self._maybe(0.2, True),
            concurrent=self._maybe(0.25, self._sometimes(0.8)),
        )

    def _employment_end(self) -> None:
        day = self._day()
        employments = self._of("employment.started")
        named = None
        if employments and self._sometimes(0.5):
            chosen = self.random.choice(employments)
            named = chosen["event_id"]
            if self._sometimes(0.9):
                day = max(day, date.fromisoformat(chosen["occurred_on"]))
        self._add("employment.ended", day, last_day=self._near(day), employment=named)

    def _ending(self, type_: str, day: date) -> None:
        """End whatever of a kind can be ended, on a day."""
        if type_ == "certificate.withdrawn":
            self._withdrawal(day)
        elif type_ == "registration.ended":
            self._registration_end(day)
        else:
            self._add(type_, day, last_day=day.isoformat())

    def _end_of_a_beginning(self) -> None:
        """End something on a day on which something of its kind began, or begin something on the day of an end."""
        ends = {
            "certificate.obtained": "certificate.withdrawn",
            "registration.granted": "registration.ended",
            "promotion.granted": "promotion.ended",
            "supervisor.designated": "supervisor.ended",
            "employment.started": "employment.ended",
        }
        begun = [event for event in self.events if event["type"] in ends]
        if begun:
            event = self.random.choice(begun)
            day = event["data"].get("valid_from", event["occurred_on"])
            self._ending(ends[event["type"]], date.fromisoformat(day))

    def _double(self) -> None:
        """Tell a fact or a correction again, perhaps with texts in other widths."""
        facts = [event for event in self.events if event["type"] != "event.voided"]
        if not facts:
            return
        fact = self.random.choice(facts)
        otherwise = self._sometimes(0.4)
        data = {
            name: self._written(value) if otherwise and name in FREE_TEXTS else value
            for name, value in fact["data"].items()
        }
        self._add(fact["type"], date.fromisoformat(fact["occurred_on"]), **data)

    def _near(self, day: date) -> str:
        return (day + self._one(-1, 0, 0, 0, 1, 30) * ONE_DAY).isoformat()

    def _certificate(self, day: date | None = None) -> None:
        day = day or self._day()
        level = self._one("basic", "junior", "junior", "junior", "intermediate", "intermediate", "senior")
        scope = "local" if level == "basic" and self._sometimes(0.85) else self._one("national", "national", "local")
        places = (self.home, f"{self.home[:4]}00", CHENGDU, f"{self.home[:2]}0000", *PLACES)
        self._add(
            "certificate.obtained",
            day,
            level=level,
            scope=scope,
            basis=self._one("exam", "exam_and_review", "local_test"),
            issued_on=self._maybe(0.3, (day + timedelta(days=self.random.randint(0, 90))).isoformat()),
            valid_in=self._maybe(0.6, self._one(*places)) if scope == "local" else None,
        )

    def _withdrawal(self, day: date | None = None) -> None:
        level = self._one(*LEVELS)
        held = self._of("certificate.obtained")
        if held and self._sometimes(0.8):
            level = self.random.choice(held)["data"]["level"]
        self._add("certificate.withdrawn", day or self._day(), level=level, reason="撤销", authority="民政局")

    def _registration(self, day: date | None = None) -> None:
        day = day or self._day()
        first = day + timedelta(days=self._one(0, 0, 0, 1, 31, -10))
        last = self._one(
            None,
            None,
            _moved(first, 3),
            _moved(first, 3) - ONE_DAY,
            first,
            first + timedelta(days=self.random.randint(1, 900)),
        )
        self._add(
            "registration.granted",
            day,
            first=self._sometimes(0.6),
            valid_from=first.isoformat(),
            valid_until=last.isoformat() if last else None,
            level=self._maybe(
                0.4, self._one(*LEVELS, *(one["data"]["level"] for one in self._of("certificate.obtained")))
            ),
        )

    def _registration_end(self, day: date | None = None) -> None:
        self._add("registration.ended", day or self._day(), reason=self._one("cancelled", "refused"))

    def _training(self, day: date | None = None) -> None:
        day = day or self._day()
        amount, sessions, started = (
            self.random.choice(("8", "20", "30", "60", "59.5", "0.5", "72", "90", "12.25")),
            None,
            None,
        )
        if self._sometimes(0.35):
            parts = [self.random.choice(("4", "8.5", "30", "36", "0.25")) for _ in range(self.random.randint(1, 4))]
            days = [day - timedelta(days=self.random.choice((0, 1, 2, 30, 365))) for _ in parts]
            if self._sometimes(0.1):
                days[0] = day + ONE_DAY
            sessions = [{"day": each.isoformat(), "amount": part} for each, part in zip(days, parts, strict=True)]
            amount = f"{sum(float(part) for part in parts):.2f}"
        if self._sometimes(0.4):
            started = (day - timedelta(days=self.random.choice((0, 1, 5, 40)))).isoformat()
        subjects = self._one(["sw_knowledge"], ["sw_practice"], ["sw_ethics", "political"], ["general"], ["political"])
        self._add(
            "training.completed",
            day,
            amount=amount,
            unit=self._one("hour", "class_hour", "hour", "class_hour", "day"),
            subjects=subjects,
            started_on=started,
            ended_on=self._maybe(0.2, day.isoformat()),
            sessions=sessions,
            provider=self._maybe(0.5, self._written(self._one("协会(A)", "学院"))),
            course=self._maybe(0.4, self._written(self._one("伦理", "督导-B"))),
            proof_no=self._maybe(0.3, self._written(self._one("A1", "A2", "A-3"))),
        )

    def _duplicate_training(self) -> None:
        trainings = self._of("training.completed")
        if not trainings:
            return self._training()
        like = self.random.choice(trainings)
        data = dict(like["data"])
        day = date.fromisoformat(like["occurred_on"])
        for name in ("proof_no", "provider", "course", "started_on", "sessions", "mode"):
            if self._sometimes(0.12):
                data.pop(name, None)
            elif name in FREE_TEXTS and name in data:
                data[name] = self._written(data[name])
        if self._sometimes(0.2):
            data["provider"] = self._one("学院", "协会(A)", "大学")
        if self._sometimes(0.15):
            data["proof_no"] = self._one("A1", "A2")
        if self._sometimes(0.15):
            data["mode"] = "online"
        if self._sometimes(0.1) and "started_on" not in data and "ended_on" not in data:
            day = self._day()
        if self._sometimes(0.1):
            data["subjects"] = list(reversed(data["subjects"]))
        if self._sometimes(0.1) and "." not in data["amount"]:
            data["amount"] += ".0"
        self._add("training.completed", day, **data)
        return None

    def _promotion(self, day: date | None = None) -> None:
        day = day or self._day()
        employments = self._of("employment.started")
        named = None
        if employments and self._sometimes(0.4):
            chosen = self.random.choice(employments)
            named = chosen["event_id"]
            if self._sometimes(0.8):
                day = max(day, date.fromisoformat(chosen["occurred_on"]))
        level = self._one(1, 4, 5, 7, 8, 9, 10, 10, 11, 11, 12, 12, 12, 13, 13)
        series = self._one(None, None, None, "social_work", "other")
        post = f"岗位{level}级"
        self._add("promotion.granted", day, post=post, post_level=level, series=series, employment=named)

    def _promotion_end(self) -> None:
        day = self._day()
        self._add("promotion.ended", day, last_day=self._near(day))

    def _service(self, day: date | None = None, verified: bool | None = None) -> None:
        known = self._sometimes(0.7) if verified is None else verified
        platform = self._written(self._one(*(PLATFORM,) * 5, OTHER_PLATFORM))
        self._add("service.recorded", day or self._day(), platform=platform, verified=known)

    def _assessment(self, day: date | None = None, role: bool | None = None) -> None:
        first = day or self._day()
        last = first + timedelta(days=self._one(0, 30, 364, 900, self.random.randint(0, 1500)))
        self._add(
            "assessment.recorded",
            last if self._sometimes(0.7) else self._day(),
            covers_from=first.isoformat(),
            covers_until=last.isoformat(),
            professional_role=self._sometimes(0.6) if role is None else role,
        )

    def _supervisor(self, day: date | None = None) -> None:
        day = day or self._day()
        last = (day + timedelta(days=self._one(0, 1, 365, 800))).isoformat()
        rank = self._one("junior", "intermediate", "senior", "senior")
        self._add("supervisor.designated", day, rank=rank, last_day=self._maybe(0.4, last), **self._authority())

    def _supervisor_end(self) -> None:
        day = self._day()
        self._add("supervisor.ended", day, last_day=self._near(day))

    def _talent(self) -> None:
        self._add("talent.designated", self._day(), talent=self._one(*TALENTS), **self._authority())

    def _grant(self) -> None:
        self._add(
            "benefit.granted",
            self._day(),
            benefit="奖励",
            authority="民政局",
            determination=self._maybe(0.8, self._one(*GRANTS)),
        )

    def _exam(self) -> None:
        level = self._one("junior", "intermediate", "intermediate", "senior")
        year = self._day().year
        subjects = ["comprehensive", "practice", "law_and_policy"]
        for subject in self.random.sample(subjects, self._one(1, 2, 3, 3)):
            its_year = year + self._one(0, 0, 0, 0, 1, 2)
            self._add(
                "exam.subject_passed",
                date(its_year, 8, 1) + timedelta(days=self.random.randint(0, 100)),
                level=level,
                subject=subject,
                exam_year=its_year + self._one(0, 0, 0, 0, 0, 0, 0, 1),
                score=self._maybe(0.6, self._one("60", "59.5", "40", "75", "75", "100", "60.00")),
                pass_line=self._maybe(0.5, self._one("national", "local")),
            )

    def _senior_exam(self) -> None:
        day = self._day()
        last = _moved(day, self._one(3, 3, 1)) if self._sometimes(0.8) else day
        self._add("senior_exam.proof_issued", day, valid_until=last.isoformat())
        for _ in range(self.random.randint(0, 2)):
            applied = self._one(day, last, last + ONE_DAY, day - ONE_DAY, day + timedelta(days=300))
            if self._sometimes(0.5):
                self._add("senior_review.applied", applied, committee=self._maybe(0.3, "评审委员会"))
                if self._sometimes(0.4):
                    continue
            decided = applied + timedelta(days=self._one(0, 1, 90, 400, -1))
            decided = self._one(decided, decided, last, last + ONE_DAY)
            self._add(
                "senior_review.decided",
                decided,
                applied_on=applied.isoformat(),
                result=self._one("pass", "pass", "fail"),
            )

    def _education(self, day: date | None = None) -> None:
        self._add(
            "education.recorded",
            day or self._day(),
            level=self._one(*DEGREES),
            field=self._one(*FIELDS),
            institution=self._maybe(0.2, self._one("四川大学", "郑州大学")),
        )

    def _qualification(self) -> None:
        day = self._day()
        if self._sometimes(0.3):
            self._add("qualification.declared", day, origin="台湾", qualification="社会工作師")
            return
        scope = self._one("510100", "510107", "410100", "350000", "350000", "350100", "350102", "100000", "510000")
        self._add(
            "qualification.recognized", day, origin="台湾", level=self._one(*LEVELS), authority="民政厅", scope=scope
        )

    def _listed(self) -> None:
        self._add("honor.recorded", self._day(), honor="三八红旗手", authority="妇联")
        self._add("sanction.imposed", self._day(), sanction="警告")

    # Revisions

    def _revision(self) -> None:
        if not self.events:
            return
        target = self.random.choice(self.events)
        day = self._day()
        if self._sometimes(0.35):
            self._add("event.voided", day, target=target["event_id"], reason="误录")
            return
        if target["type"] == "event.voided":
            self._add(
                "event.corrected", day, target=target["event_id"], set={"data": {"reason": "重复"}}, reason="更正"
            )
            return
        if target["type"] == "event.corrected":
            root, depth = self._root(target)
            patch = self._patch_for(root)
            for _ in range(depth):
                patch = {"data": {"set": patch}}
        else:
            patch = self._patch_for(target)
        self._add("event.corrected", day, target=target["event_id"], set=patch, reason="更正")

    def _root(self, event: Event) -> tuple[Event, int]:
        """Return the fact that a correction, or a correction of one, is about, and how many corrections lie between."""
        by_id = {each["event_id"]: each for each in self.events}
        depth = 0
        while event["type"] == "event.corrected":
            event = by_id[event["data"]["target"]]
            depth += 1
        return event, depth

    def _patch_for(self, target: Event) -> dict[str, Any]:
        day = self._day().isoformat()
        if self._sometimes(0.4):
            return {"occurred_on": day}
        changes: dict[str, tuple[dict[str, Any], ...]] = {
            "certificate.obtained": (
                {"level": self._one(*LEVELS)},
                {"scope": "national", "valid_in": None},
                {"scope": "national"},
                {"scope": "local"},
                {"scope": "local", "valid_in": self._one(*PLACES)},
                {"valid_in": None},
            ),
            "registration.granted": (
                {"valid_from": day},
                {"valid_until": day},
                {"valid_until": None},
                {"level": self._one(*LEVELS)},
                {"level": None},
            ),
            "training.completed": (
                {"amount": "60"},
                {"amount": "60", "sessions": None},
                {"unit": "class_hour"},
                {"subjects": ["sw_ethics"]},
                {"proof_no": "A1"},
                {"proof_no": None, "course": "伦理"},
                {"started_on": day},
            ),
            "employment.started": (
                {"jurisdiction": self._one(*PLACES)},
                {"role": self._one(*ROLES)},
                {"concurrent": True},
                {"concurrent": None},
                {"employer_type": "public_institution"},
                {"direct_service": self._sometimes(0.5)},
            ),
            "employment.ended": ({"last_day": day}, {"employment": None}),
            "promotion.granted": (
                {"post_level": self._one(4, 10, 11, 12, 13)},
                {"employment": None},
                {"series": self._one("social_work", "other", None)},
            ),
            "promotion.ended": ({"last_day": day},),
            "service.recorded": ({"verified": True}, {"verified": False}, {"platform": OTHER_PLATFORM}),
            "assessment.recorded": ({"professional_role": True}, {"covers_until": day}, {"covers_from": day}),
            "supervisor.designated": (
                {"rank": "senior"},
                {"last_day": day},
                {"last_day": None},
                {"jurisdiction": self._one(*PLACES)},
                {"jurisdiction": None},
            ),
            "exam.subject_passed": ({"score": "61"}, {"pass_line": None}),
            "senior_exam.proof_issued": ({"valid_until": day},),
            "senior_review.decided": ({"applied_on": day}, {"result": "pass"}),
            "certificate.withdrawn": ({"level": self._one(*LEVELS)},),
            "talent.designated": (
                {"talent": "national_leading"},
                {"talent": "high_level"},
                {"jurisdiction": self._one(*PLACES)},
                {"jurisdiction": None},
            ),
            "benefit.granted": ({"determination": self._one(*GRANTS)}, {"determination": None}),
            "education.recorded": ({"field": self._one(*FIELDS)}, {"level": self._one(*DEGREES)}),
            "qualification.recognized": ({"scope": self._one(*PLACES)}, {"level": self._one(*LEVELS)}),
        }
        choices = changes.get(target["type"])
        return {"data": self.random.choice(choices)} if choices else {"occurred_on": day}

    # Rules

    def _standards(self) -> list[Event]:
        found = []
        for number in range(self._one(0, 0, 1, 2, 4) + self.rewarded):
            tiers = {level: f"{self.random.randint(1, 20)}00" for level in LEVELS if self._sometimes(0.7)}
            own = (self.home, self.home, self.home, f"{self.home[:4]}00")
            place = self._one(*own, "510107", "510108", "410103", LIAOCHENG_DISTRICT, CHUXIONG_COUNTY, FUJIAN_CITY)
            data: dict[str, Any] = {
                "standard_id": f"S{number}",
                "jurisdiction": place,
                "determination": "reward.exam" if self._sometimes(0.6 if self.rewarded else 0.15) else "allowance",
                "effective_from": self._day().isoformat(),
                "tiers": tiers or {"junior": "300"},
                "unit": self._one("CNY_per_month", "CNY_per_year", "CNY_once"),
            }
            if self._sometimes(0.2):
                ended_on = date.fromisoformat(data["effective_from"]) + timedelta(days=self.random.randint(0, 900))
                data["last_day"] = ended_on.isoformat()
            if self._sometimes(0.15):
                data["organization"] = self._one(*ORGANIZATIONS)
            if self._sometimes(0.5):
                data["adds_employer_types"] = sorted({self._one(*EMPLOYERS), self._one(*EMPLOYERS)})
            found.append({"position": FIRST_POSITION + number, **data})
        return found
