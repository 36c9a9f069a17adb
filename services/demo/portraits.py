"""People of whom each differs from a complete career in one thing: every condition of a rule finds both sides. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from contracts.events.values import (
    FIRST_DAY,
    LAST_DAY,
    CertificateLevel,
    EducationField,
    EmployerType,
    ExamLevel,
    ExamSubject,
    Role,
    SupervisorRank,
    Talent,
)

History = list[dict[str, Any]]
"""Events as the examples of a pack write them."""
Parts = Mapping[str, History]

ELSEWHERE = "110000"
AUTHORITY = "民政局"
POST_LEVELS = range(13, 0, -1)
AMOUNTS = (10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 120)
"""Hours a year; figures of rules lie between."""
YEARS = range(-1, 5)
"""Of the lives that are varied, from the year in which the text came into force."""
YEARS_BEFORE, YEARS_AFTER = 3, 5
"""How far the lives reach around that year."""


def portraits(place: str, year: int) -> Iterator[tuple[str, History]]:
    """Yield the people of a place whose text came into force in a year, each by what is special."""
    year = min(max(year, FIRST_DAY.year + YEARS_BEFORE), LAST_DAY.year - YEARS_AFTER)
    complete = _complete(place, year)
    yield "all is as it should be", _history(complete)
    for special, parts in (*_work(place, year), *_degrees(year), *_other_things(place, year)):
        yield special, _history({**complete, **parts})
    for special, parts in (*_work(place, year), *_degrees(year)):
        yield f"no certificate, {special}", _history({**complete, "certificate": [], **parts})


def _history(parts: Parts) -> History:
    return sorted((event for part in parts.values() for event in part), key=lambda event: str(event["on"]))


def _complete(place: str, year: int) -> Parts:
    return {
        "employment": [_employed(place, year)],
        "certificate": [_certified(year)],
        "registration": [
            _event(
                "registration.granted",
                f"{first}-01-01",
                first=first < year,
                valid_from=f"{first}-01-01",
                valid_until=f"{first + 2}-12-31",
            )
            for first in (year - 1, year + 2)
        ],
        "service": [
            _event("service.recorded", f"{year + one}-{month}-01", platform="平台", verified=True)
            for one in YEARS
            for month in ("03", "09")
        ],
        "assessment": [_assessed(year, professional_role=True)],
    }


def _work(place: str, year: int) -> Iterator[tuple[str, Parts]]:
    """Yield what is special about work or its records, and the part of the history that says so."""
    for part in ("employment", "registration", "service", "assessment"):
        yield f"no {part}", {part: []}
    yield "no professional role", {"assessment": [_assessed(year, professional_role=False)]}
    for type_ in get_args(EmployerType):
        yield f"works for {type_}", {"employment": [_employed(place, year, employer_type=type_)]}
    for role in get_args(Role):
        yield f"works as {role}", {"employment": [_employed(place, year, role=role)]}
    indirect = _employed(place, year, direct_service=False)
    yield "no direct service", {"employment": [indirect]}
    yield "no direct service, no service record", {"employment": [indirect], "service": []}
    yield "works elsewhere", {"employment": [_employed(ELSEWHERE, year)]}
    yield "works elsewhere, no service record", {"employment": [_employed(ELSEWHERE, year)], "service": []}


def _degrees(year: int) -> Iterator[tuple[str, Parts]]:
    for field in get_args(EducationField):
        yield f"a degree in {field}", {"degree": [_graduated(year - 3, field)]}


def _other_things(place: str, year: int) -> Iterator[tuple[str, Parts]]:
    for level in get_args(CertificateLevel):
        for scope in ("national", "local"):
            yield f"a {scope} {level} certificate", {"certificate": [_certified(year, level, scope)]}
        for type_ in ("public_institution", "urban_community"):
            job = [_employed(place, year, employer_type=type_)]
            climbed = {"certificate": [_certified(year, level)], "employment": job, "posts": _every_post(year)}
            yield f"a {level} certificate and every post of {type_}", climbed
        for scope in (place, ELSEWHERE):
            told = {"origin": "台湾", "level": level, "authority": AUTHORITY, "scope": scope}
            recognized = _event("qualification.recognized", f"{year + 1}-05-01", **told)
            yield f"a {level} qualification recognized in {scope}", {"certificate": [], "qualification": [recognized]}
    for talent in get_args(Talent):
        for day in (f"{year - 1}-06-01", f"{year + 1}-06-01"):
            told = {"talent": talent, "authority": AUTHORITY}
            yield f"{talent} talent on {day}", {"talent": [_event("talent.designated", day, **told)]}
    for rank in get_args(SupervisorRank):
        told = {"rank": rank, "authority": AUTHORITY}
        yield f"{rank} supervisor", {"supervisor": [_event("supervisor.designated", f"{year + 1}-05-01", **told)]}
    yield from _examined(year)
    yield from _trained(year)


def _examined(year: int) -> Iterator[tuple[str, Parts]]:
    """Yield those who pass all subjects in one year, one subject a year, and one subject alone."""
    for level in get_args(ExamLevel):
        at_once, in_turn = (
            [
                _event(
                    "exam.subject_passed",
                    f"{year + step * number}-06-15",
                    level=level,
                    subject=subject,
                    exam_year=year + step * number,
                )
                for number, subject in enumerate(get_args(ExamSubject))
            ]
            for step in (0, 1)
        )
        yield f"{level} examination in one year", {"exam": at_once}
        yield f"{level} examination, a subject a year", {"exam": in_turn}
        yield from ((f"{level} examination, {one['subject']} alone", {"exam": [one]}) for one in at_once)


def _trained(year: int) -> Iterator[tuple[str, Parts]]:
    """Yield those who are trained for as many hours each year, with a senior certificate or a new first degree."""
    for amount in AMOUNTS:
        told = {"amount": str(amount), "unit": "hour", "subjects": ["sw_practice"]}
        training = [_event("training.completed", f"{year + one}-05-20", **told) for one in YEARS]
        yield f"{amount} hours a year", {"training": training, "certificate": [_certified(year, "senior")]}
        graduated = {"training": training, "degree": [_graduated(year - 1, "social_work")]}
        yield f"{amount} hours a year after a first degree", graduated


def _every_post(year: int) -> History:
    """Return appointments from the lowest post to the highest, two a month."""
    return [
        _event(
            "promotion.granted",
            f"{year + 1}-{number // 2 + 1:02}-{number % 2 * 14 + 1:02}",
            post="岗位",
            post_level=post_level,
        )
        for number, post_level in enumerate(POST_LEVELS)
    ]


def _assessed(year: int, *, professional_role: bool) -> dict[str, Any]:
    return _event(
        "assessment.recorded",
        f"{year}-01-01",
        covers_from=f"{year - 1}-01-01",
        covers_until=f"{year + 5}-12-31",
        professional_role=professional_role,
    )


def _graduated(year: int, field: str) -> dict[str, Any]:
    return _event("education.recorded", f"{year}-06-30", level="bachelor", field=field)


def _event(type_: str, day: str, **data: Any) -> dict[str, Any]:
    return {"event": type_, "on": day, **data}


def _employed(place: str, year: int, **other: Any) -> dict[str, Any]:
    job = {"employer_type": "urban_community", "role": "full_time_community_worker", "direct_service": True}
    return _event("employment.started", f"{year - 2}-05-01", jurisdiction=place, **{**job, **other})


def _certified(year: int, level: str = "intermediate", scope: str = "national") -> dict[str, Any]:
    return _event("certificate.obtained", f"{year - 2}-10-18", level=level, scope=scope, basis="exam")
