"""Query parameters that several routes of this service take, and which combinations are valid."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Annotated, Literal

from fastapi import Query, Request
from pydantic import AfterValidator

from contracts.events.values import END, FIRST_DAY, JURISDICTION_PATTERN, LAST_DAY, ExamLevel
from contracts.mistakes import Misfit, Mistakes, Names, Phrase, one_of, phrase, said_of
from contracts.places import checked_code
from services.core.questions.standing import DETERMINATIONS
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.verdict import period_of
from services.runtime.http.parameters import Described, KnownAtPosition
from services.runtime.http.strict_route import given

ANNUAL, TERM = "continuing_education.annual", "continuing_education.registration_term"
ENTRY = "exam.entry"
EXAMS = Names(tuple(sorted(OF_A_LEVEL)), "and")
WHOLE_STANDING = "standing"
INCLUDABLE = frozenset({"explanation", "alternatives"})
YEAR = r"(19|20|21)[0-9]{2}"
YEARS = {"first": FIRST_DAY.year, "last": LAST_DAY.year}
A_YEAR = phrase("year", **YEARS)
INCLUDE_PATTERN = "^{0}(,{0})*{1}".format(f"({'|'.join(sorted(INCLUDABLE))})", END)

_year = re.compile(rf"{YEAR}\Z")
_day = re.compile(rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}\Z")
FORMS: Mapping[str, tuple[re.Pattern[str], Phrase]] = {
    ANNUAL: (_year, A_YEAR),
    TERM: (_day, phrase("first-day-of-a-term", first=FIRST_DAY, last=LAST_DAY)),
}
"""How the period of each determination that takes one is written, and what it is."""


def _period(value: str) -> str:
    with suppress(ValueError):
        if any(form.match(value) for form, _ in FORMS.values()) and period_of(value):
            return value
    raise Misfit(phrase("wrong-form", expected=phrase("year-or-day", **YEARS)))


def _exam_year(value: str) -> str:
    if not _year.match(value):
        raise Misfit(phrase("wrong-form", expected=A_YEAR))
    return value


def _parse_include(value: str) -> str:
    if not set(value.split(",")) <= INCLUDABLE:
        raise Misfit(phrase("wrong-form", expected=phrase("any-of", names=Names(tuple(sorted(INCLUDABLE))))))
    return value


PlaceCode = Annotated[str, AfterValidator(checked_code), Described({"pattern": JURISDICTION_PATTERN})]
Place = Annotated[
    PlaceCode | None,
    Query(description="The place whose rules apply: by default the person's own.", examples=["410100"]),
]
Period = Annotated[
    Annotated[
        str,
        AfterValidator(_period),
        Described({"pattern": f"^{YEAR}(-[0-9]{{2}}-[0-9]{{2}})?{END}"}),
    ]
    | None,
    Query(
        description="A calendar year, for continuing_education.annual, by default that of as_of; or the first day of a "
        "registration term, for continuing_education.registration_term, by default of the one begun last.",
        examples=["2023"],
    ),
]
Level = Annotated[ExamLevel | None, Query(description=f"For {' and '.join(EXAMS.names)}, which need it.")]
ExamYear = Annotated[
    Annotated[str, AfterValidator(_exam_year), Described({"pattern": f"^{YEAR}{END}"})] | None,
    Query(description=f"An exam year, for {ENTRY}; by default that of as_of.", examples=["2027"]),
]
Include = Annotated[
    Annotated[str, AfterValidator(_parse_include), Described({"pattern": INCLUDE_PATTERN})] | None,
    Query(description="Adds to each determination: explanation, alternatives.", examples=["explanation,alternatives"]),
]
Language = Annotated[
    Literal["zh", "en"] | None,
    Query(description="The language of a page, `text/html` or `text/plain`; by default zh.", examples=["en"]),
]
MinPosition = Annotated[KnownAtPosition, Query(description="Answer only from this position or later.")]


def look_at_question(request: Request, found: Mistakes) -> None:
    """Add it if there is no such determination, and what it does not take of period, level and year, or lacks."""
    if request.path_params.get("determination", ENTRY) in DETERMINATIONS:  # Another one is no page of ours.
        _look_at_question(given(request), found, DETERMINATIONS)


def look_at_question_or_standing(request: Request, found: Mistakes) -> None:
    """As `look_at_question`; without a determination the question is about all of them."""
    _look_at_question({"determination": WHOLE_STANDING, **given(request)}, found, (WHOLE_STANDING, *DETERMINATIONS))


def _look_at_question(asked: Mapping[str, str], found: Mistakes, determinations: Collection[str]) -> None:
    if (determination := asked.get("determination")) is None:
        return  # It is missing.
    if determination not in determinations:
        found.add("?determination", said_of(determination, phrase("not-one-of", expected=one_of(DETERMINATIONS))))
        return
    if (period := asked.get("period")) is not None:
        _look_at_period(determination, period, found)
    if ("level" in asked) != (determination in OF_A_LEVEL):
        found.add("?level", phrase("level-of-an-exam", exams=EXAMS))
    if "year" in asked and determination != ENTRY:
        found.add("?year", phrase("takes-no-year", takers=ENTRY))


def _look_at_period(determination: str, period: str, found: Mistakes) -> None:
    if determination not in FORMS:
        found.add("?period", phrase("takes-no-period", takers=Names(tuple(FORMS), "and")))
        return
    form, meaning = FORMS[determination]
    if not form.match(period):
        found.add("?period", phrase("wrong-period", determination=determination, expected=meaning))
