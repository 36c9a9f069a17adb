"""Query parameters that several routes of this service take, and which combinations are valid."""

import re
from typing import Annotated, Literal

from fastapi import Query
from pydantic import AfterValidator

from contracts.events.values import ExamLevel
from contracts.places import checked_code
from services.core.questions.standing import DETERMINATIONS
from services.runtime.http.parameters import InvalidParameter, KnownAtPosition

ANNUAL, EXAM = "continuing_education.annual", "exam.complete"
INCLUDABLE = frozenset({"explanation", "alternatives"})

_year = re.compile(r"(19|20|21)[0-9]{2}\Z")


def _period(value: str | None) -> str | None:
    if value is not None and not _year.match(value):
        raise ValueError("must be a year from 1900 to 2199")
    return value


def _parse_include(value: str | None) -> str | None:
    if value is not None and not set(value.split(",")) <= INCLUDABLE:
        raise ValueError(f"must be any of {', '.join(sorted(INCLUDABLE))}, separated by commas")
    return value


Place = Annotated[
    Annotated[str, AfterValidator(checked_code)] | None,
    Query(description="The place whose rules apply: by default the person's own.", examples=["410100"]),
]
Period = Annotated[
    str | None,
    AfterValidator(_period),
    Query(description="A calendar year, for continuing_education.annual; by default that of as_of.", examples=["2023"]),
]
Level = Annotated[ExamLevel | None, Query(description="For exam.complete, which needs it.")]
Include = Annotated[
    str | None,
    AfterValidator(_parse_include),
    Query(description="Adds to each determination: explanation, alternatives.", examples=["explanation,alternatives"]),
]
Language = Annotated[
    Literal["zh", "en"] | None,
    Query(description="The language of a page, `text/html` or `text/plain`; by default zh.", examples=["en"]),
]
MinPosition = Annotated[KnownAtPosition, Query(description="Answer only from this position or later.")]


def check_question(determination: str, period: str | None, level: str | None, *, also: str | None = None) -> None:
    """Raise UnknownDetermination unless there is such a determination or it is one of `also`; InvalidParameter if it
    takes no period or level, or needs a level."""
    if determination not in (*DETERMINATIONS, also):
        raise InvalidParameter("?determination", f"must be one of {', '.join(DETERMINATIONS)}")
    if period is not None and determination != ANNUAL:
        raise InvalidParameter("?period", f"only {ANNUAL} takes a period")
    if (level is not None) != (determination == EXAM):
        raise InvalidParameter("?level", f"{EXAM} needs a level, and no other determination takes one")
