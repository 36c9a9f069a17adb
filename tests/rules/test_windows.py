"""Days, months and places. The sources are the Civil Code's rules on periods (N-17) and readings R-04 to R-06."""

from datetime import date

import pytest

from contracts.places import lies_in, parents
from services.core.calendar import Window, add_months, anniversary_year, rolling_years


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
