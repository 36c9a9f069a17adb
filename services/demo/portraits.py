"""People who each differ from a complete career in one thing, so that every condition of a rule meets both sides.
Pure."""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import add
from typing import get_args

from contracts.events.values import (
    FIRST_DAY,
    LAST_DAY,
    CertificateLevel,
    EducationField,
    EducationLevel,
    EmployerType,
    ExamLevel,
    ExamSubject,
    Role,
    SupervisorRank,
)
from services.demo.lives import Life, someone

Parts = Mapping[str, Life]
"""The parts of a life by subject."""

ELSEWHERE = "110000"
ANOTHER_PLATFORM = "另一服务平台"
POST_LEVELS = range(13, 0, -1)
AMOUNTS = (10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 120)
"""Hours a year; the figures of rules lie in between."""
YEARS = range(-1, 5)
"""The years of the varied lives, counted from the year in which the text came into force."""
YEARS_BEFORE, YEARS_AFTER = 3, 5
"""How far the lives reach around that year."""


def portraits(place: str, year: int, talents: Iterable[str], platform: str) -> Iterator[tuple[str, Life]]:
    """Yield the people of a place whose text came into force in a year, each with what is special about them.

    Each of the titles `talents` is conferred on some of them. Service is recorded on `platform`, for some elsewhere.
    """
    year = min(max(year, FIRST_DAY.year + YEARS_BEFORE), LAST_DAY.year - YEARS_AFTER)
    complete = _complete(place, year, platform)
    yield "everything in order", _in_turn(complete)
    for special, parts in (
        *_work(place, year, platform),
        *_degrees(year),
        *_other_things(place, year),
        *_titles(place, year, talents),
    ):
        yield special, _in_turn({**complete, **parts})
    for special, parts in (*_work(place, year, platform), *_degrees(year)):
        yield f"no certificate, {special}", _in_turn({**complete, "certificate": someone, **parts})


def _in_turn(parts: Parts) -> Life:
    """Return the whole life, each event learned on its day."""
    whole = reduce(add, parts.values())
    return Life(tuple(sorted(whole.events, key=lambda event: event.occurred_on)))


def _complete(place: str, year: int, platform: str) -> Parts:
    return {
        "employment": _employed(place, year),
        "certificate": _certified(year),
        "registration": _registered(year - 1) + _registered(year + 2, is_first=False),
        "service": _served(year, YEARS, platform),
        "assessment": _assessed(year, professional_role=True),
    }


def _work(place: str, year: int, platform: str) -> Iterator[tuple[str, Parts]]:
    """Yield what is special about work or its records, and the part of the life that differs."""
    for part in ("employment", "registration", "service", "assessment"):
        yield f"no {part}", {part: someone}
    yield "service on another platform", {"service": _served(year, YEARS, ANOTHER_PLATFORM)}
    yield "service of one year alone", {"service": _served(year, YEARS[:1], platform)}
    yield "no professional role", {"assessment": _assessed(year, professional_role=False)}
    for type_ in get_args(EmployerType):
        yield f"works for {type_}", {"employment": _employed(place, year, employer_type=type_)}
    for role in get_args(Role):
        yield f"works as {role}", {"employment": _employed(place, year, role=role)}
    indirect = _employed(place, year, direct_service=False)
    yield "no direct service", {"employment": indirect}
    yield "no direct service, no service record", {"employment": indirect, "service": someone}
    last_day = f"{year + 1}-10-31"
    left = _employed(place, year).left(last_day)
    yield "has left", {"employment": left}
    yield (
        "has left, after enough training",
        {"employment": left, "training": someone.trained(f"{year + 1}-05-20", "200")},
    )
    yield "has left, no direct service", {"employment": indirect.left(last_day)}
    yield "has left another role", {"employment": _employed(place, year, role="other").left(last_day)}
    yield "works elsewhere", {"employment": _employed(ELSEWHERE, year)}
    yield "works elsewhere, no service record", {"employment": _employed(ELSEWHERE, year), "service": someone}


def _degrees(year: int) -> Iterator[tuple[str, Parts]]:
    for field in get_args(EducationField):
        yield f"a degree in {field}", {"degree": someone.graduated(f"{year - 3}-06-30", field=field)}


def _educated(year: int) -> Iterator[tuple[str, Parts]]:
    """Yield those of each education, in social work or not, who obtained a junior certificate before a higher one."""
    both = _certified(year - 1, "junior") + _certified(year)
    for level in get_args(EducationLevel):
        for field in ("social_work", "other"):
            graduated = someone.graduated(f"{year - 3}-06-30", level, field)
            yield f"{level} education, {field}", {"degree": graduated, "certificate": both}


def _other_things(place: str, year: int) -> Iterator[tuple[str, Parts]]:
    for level in get_args(CertificateLevel):
        for scope in ("national", "local"):
            certificate = {"certificate": _certified(year, level, scope)}
            yield f"a {scope} {level} certificate", certificate
            yield f"a {scope} {level} certificate and no employment", certificate | {"employment": someone}
        for valid_in in (place, ELSEWHERE):
            local = _certified(year, level, "local", valid_in=valid_in)
            yield f"a {level} certificate valid in {valid_in}", {"certificate": local}
        named = _registered(year - 1, level=level) + _registered(year + 2, is_first=False, level=level)
        yield f"a registration of {level}", {"registration": named}
        for type_ in ("public_institution", "urban_community"):
            job = _employed(place, year, employer_type=type_)
            climbed = {"certificate": _certified(year, level), "employment": job, "posts": _every_post(year)}
            yield f"a {level} certificate and every post of {type_}", climbed
        for scope in (place, ELSEWHERE):
            recognized = someone.qualification_recognized(f"{year + 1}-05-01", level, scope)
            yield (
                f"a {level} qualification recognized in {scope}",
                {"certificate": someone, "recognition": recognized},
            )
    for rank in get_args(SupervisorRank):
        for authority in (place, ELSEWHERE, None):
            designated = someone.supervisor_designated(f"{year + 1}-05-01", rank, jurisdiction=authority)
            yield f"{rank} supervisor, designated in {authority}", {"supervisor": designated}
    late = someone.certified(f"{year + 1}-10-18", "senior", basis="exam_and_review")
    yield "a certificate obtained later", {"certificate": late}
    yield "a higher certificate obtained later", {"certificate": _certified(year) + late}
    yield "the exam rewarded", {"grant": someone.benefit_granted(f"{year + 2}-03-01", determination="reward.exam")}
    yield from _educated(year)
    yield "a post of another series", {"posts": someone.promoted(f"{year + 1}-05-01", 10, series="other")}
    yield from _examined(year)
    yield from _trained(year)


def _titles(place: str, year: int, talents: Iterable[str]) -> Iterator[tuple[str, Parts]]:
    rewarded = someone.benefit_granted(f"{year + 2}-03-01", determination="reward.new_talent")
    for talent in talents:
        for day in (f"{year - 1}-06-01", f"{year + 1}-06-01"):
            for authority in (place, ELSEWHERE, None):
                title = someone.talent_designated(day, talent, jurisdiction=authority)
                yield f"{talent} talent on {day}, designated in {authority}", {"talent": title}
            yield f"{talent} talent on {day}, rewarded", {"talent": someone.talent_designated(day, talent) + rewarded}


def _examined(year: int) -> Iterator[tuple[str, Parts]]:
    """Yield those who pass all subjects in one year, one subject a year, and one subject alone."""
    for level in get_args(ExamLevel):
        at_once = in_turn = someone
        for number, subject in enumerate(get_args(ExamSubject)):
            at_once = at_once.passed(f"{year}-06-15", subject, level)
            in_turn = in_turn.passed(f"{year + number}-06-15", subject, level)
        yield f"{level} examination in one year", {"exam": at_once}
        yield f"{level} examination, a subject a year", {"exam": in_turn}
        for subject in get_args(ExamSubject):
            alone = someone.passed(f"{year}-06-15", subject, level)
            yield f"{level} examination, {subject} alone", {"exam": alone}


def _trained(year: int) -> Iterator[tuple[str, Parts]]:
    """Yield those who are trained for as many hours each year, with a senior certificate or a new first degree."""
    for amount in AMOUNTS:
        training = someone
        for offset in YEARS:
            training = training.trained(f"{year + offset}-05-20", str(amount), "hour")
        yield f"{amount} hours a year", {"training": training, "certificate": _certified(year, "senior")}
        graduated = {"training": training, "degree": someone.graduated(f"{year - 1}-06-30")}
        yield f"{amount} hours a year after a first degree", graduated


def _every_post(year: int) -> Life:
    """Return appointments from the lowest post to the highest, two a month."""
    climbed = someone
    for number, post_level in enumerate(POST_LEVELS):
        day = f"{year + 1}-{number // 2 + 1:02}-{number % 2 * 14 + 1:02}"
        climbed = climbed.promoted(day, post_level)
    return climbed


def _assessed(year: int, *, professional_role: bool) -> Life:
    first, last = f"{year - 1}-01-01", f"{year + 5}-12-31"
    return someone.assessed(first, last, on=f"{year}-01-01", professional_role=professional_role)


def _registered(year: int, *, is_first: bool = True, level: str | None = None) -> Life:
    return someone.registered(f"{year}-01-01", f"{year + 2}-12-31", is_first=is_first, level=level)


def _served(year: int, years: Iterable[int], platform: str) -> Life:
    """Return two records of service in each of the years, counted from `year`."""
    days = (f"{year + offset}-{day}" for offset in years for day in ("03-01", "09-01"))
    return reduce(add, (someone.served(day, platform=platform) for day in days))


def _employed(place: str, year: int, **other: str | bool) -> Life:
    return someone.employed(f"{year - 2}-05-01", place, **{"role": "full_time_community_worker"} | other)


def _certified(year: int, level: str = "intermediate", scope: str = "national", *, valid_in: str | None = None) -> Life:
    return someone.certified(f"{year - 2}-10-18", level, scope=scope, valid_in=valid_in)
