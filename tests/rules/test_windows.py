"""Days, months and places. The sources are the Civil Code's rules on periods (N-17) and readings R-04 to R-06."""

from datetime import date

import pytest

from contracts.places import lies_in, parents
from services.core.calendar import Window, add_months, anniversary_year, rolling_years
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.reckoning import HoursResult
from services.core.rules.verdict import Question, result_of
from tests.documents import LAW, invented_rule, invented_text, pack_with
from tests.lives import PINNED, facts_of, someone

ANNUAL, CITY = "continuing_education.annual", "990100"


def test_a_month_without_the_day_ends_on_its_last_one() -> None:
    """R-05, Civil Code 202."""
    assert add_months(date(2024, 2, 29), -60) == date(2019, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)


def test_under_the_alternative_it_is_the_first_of_the_next() -> None:
    assert add_months(date(2024, 2, 29), -60, round_up=True) == date(2019, 3, 1)


def test_the_same_day_five_years_ago_is_out() -> None:
    """R-04: (as_of - 5 years, as_of]."""
    assert rolling_years(5, date(2025, 7, 8)) == Window(date(2020, 7, 9), date(2025, 7, 8))
    assert rolling_years(5, date(2025, 7, 8), closed=True).first == date(2020, 7, 8)


def test_a_year_of_employment_runs_to_the_day_before_its_anniversary() -> None:
    assert anniversary_year(date(2022, 6, 1), 2023) == Window(date(2023, 6, 1), date(2024, 5, 31))


def test_a_year_from_29_february_begins_on_the_day_that_stands_for_it() -> None:
    """R-05."""
    start = date(2020, 2, 29)
    assert anniversary_year(start, 2021) == Window(date(2021, 2, 28), date(2022, 2, 27))
    assert anniversary_year(start, 2021, round_up=True) == Window(date(2021, 3, 1), date(2022, 2, 28))
    assert anniversary_year(start, 2023, round_up=True) == Window(date(2023, 3, 1), date(2024, 2, 28))


def year_asked_about(no_such_day: str, as_of: str) -> tuple[Window | None, date | None]:
    """Return the year of a registration of 29 February 2020 in an invented city, and until when it is said."""
    training = {"window": {"anniversary_of": "registration"}, "unit": "hour", "at_least": "10"}
    terms = LAW | {"calendar": {"no_such_day": no_such_day}}
    text = invented_text("2010-05-01", rules={ANNUAL: invented_rule(training=training)}, terms=terms)
    rules = compose(CITY, {**PINNED, CITY: pack_with(CITY, text)}, ())
    facts = facts_of(someone.certified("2019-01-01").registered("2020-02-29"))
    answer = evaluate(rules, facts, Question(ANNUAL, date.fromisoformat(as_of)))
    return result_of(answer.node, HoursResult).window, answer.until


@pytest.mark.parametrize(
    ("no_such_day", "as_of", "first"),
    [
        ("month_end", "2021-02-27", "2020-02-29"),
        ("month_end", "2021-02-28", "2021-02-28"),
        ("next_day", "2021-02-28", "2020-02-29"),
        ("next_day", "2021-03-01", "2021-03-01"),
    ],
)
def test_a_year_from_29_february_is_asked_about_from_its_first_day(no_such_day: str, as_of: str, first: str) -> None:
    """R-05, R-06."""
    window, until = year_asked_about(no_such_day, as_of)
    assert window is not None
    assert window.first == date.fromisoformat(first)
    assert until is None or until <= window.last


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("510107", ("510107", "510100", "510000", "100000")),
        ("510100", ("510100", "510000", "100000")),
        ("510000", ("510000", "100000")),
        ("100000", ("100000",)),
    ],
)
def test_parents_come_by_digits(place: str, expected: tuple[str, ...]) -> None:
    assert parents(place)[: len(expected)] == expected


def test_a_district_lies_in_its_city_its_province_and_the_nation_but_not_the_other_way_round() -> None:
    assert all(lies_in("510107", outer) for outer in ("510107", "510100", "510000", "100000"))
    assert not lies_in("510100", "510107")
    assert not lies_in("510107", "410100")
