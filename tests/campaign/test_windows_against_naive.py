"""Year and month steps against a calendar written out day by day, over all days of 2019 to 2029, and over some of two
centuries against the two things that a step must keep.

The calendar here is made by counting, from one known day and the rule of leap years, and knows nothing of `datetime`'s
arithmetic nor of ours. Every question about two days ("is b within five years of a?") is a question of where a step
from a lands: so all steps from all days that land in these years stand for all pairs of days.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.calendar import Window, add_months, anniversary_year, calendar_year, rolling_years

FIRST_YEAR, LAST_YEAR = 2019, 2029
MONTHS = (LAST_YEAR - FIRST_YEAR + 1) * 12
SHORT = {4: 30, 6: 30, 9: 30, 11: 30}
YEARS_OF_WINDOWS = range(1, 11)
ONE_DAY = timedelta(days=1)


def length_of(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return SHORT.get(month, 31)


def months_of_days() -> Iterator[list[date]]:
    """Every month as the list of its days, by counting on from 2019-01-01."""
    day = date(FIRST_YEAR, 1, 1)
    for number in range(MONTHS):
        days = []
        for _ in range(length_of(FIRST_YEAR + number // 12, number % 12 + 1)):
            days.append(day)
            day += ONE_DAY
        yield days


CALENDAR = list(months_of_days())
DAYS = [day for days in CALENDAR for day in days]


def stepped(month: int, place: int, steps: int) -> date:
    """The day as far into the other month as this one is into its own, or the other month's last (R-05)."""
    other = CALENDAR[month + steps]
    return other[min(place, len(other) - 1)]


def test_the_calendar_written_out_has_every_day_of_its_years_once() -> None:
    assert len(DAYS) == (date(2030, 1, 1) - date(2019, 1, 1)).days == 11 * 365 + 3
    assert [(days[0].day, days[-1] + ONE_DAY) for days in CALENDAR[:-1]] == [(1, days[0]) for days in CALENDAR[1:]]


def test_every_step_of_months_between_two_days_lands_where_counting_lands() -> None:
    """R-05 and Civil Code 202: the corresponding day, or the last one of a month that has none."""
    landings = [[stepped(0, place, step) for step in range(MONTHS)] for place in range(31)]
    for month, days in enumerate(CALENDAR):
        steps = range(-month, MONTHS - month)
        for place, day in enumerate(days):
            assert [add_months(day, step) for step in steps] == landings[place], day


def test_every_step_of_years_from_every_day_lands_where_counting_lands() -> None:
    for month, days in enumerate(CALENDAR):
        for place, day in enumerate(days):
            for step in range(-(month // 12) * 12, MONTHS - month, 12):
                assert add_months(day, step) == stepped(month, place, step), (day, step)


def test_the_alternative_differs_only_where_there_is_no_such_day_and_then_by_one_day() -> None:
    """R-05's alternative: the first of the next month."""
    for month, days in enumerate(CALENDAR):
        for place, day in list(enumerate(days))[28:]:
            for step in range(-month, MONTHS - month):
                clamped = place >= len(CALENDAR[month + step])
                expected = stepped(month, place, step) + ONE_DAY * clamped
                assert add_months(day, step, round_up=True) == expected, (day, step)


@pytest.mark.parametrize("years", YEARS_OF_WINDOWS)
def test_of_all_pairs_of_days_those_are_within_the_last_years_that_comparing_year_month_and_day_says(
    years: int,
) -> None:
    """R-04: (as_of - n years, as_of]. A day lies within if, n years on, it is still to come.

    For one `as_of` the days within are one run, so its length and its first day say of every pair which it is.
    """
    keys = [(day.year, day.month, day.day) for day in DAYS]
    for as_of, (year, month, day) in zip(DAYS, keys, strict=True):
        # Where that year lacks the day, the first day after it begins the next month: the month end before is out.
        first = bisect_right(keys, (year - years, month, day))
        open_window, closed = rolling_years(years, as_of), rolling_years(years, as_of, closed=True)
        assert open_window.last == closed.last == as_of
        assert closed.first == open_window.first - ONE_DAY
        if year - years >= FIRST_YEAR:
            assert open_window.first == DAYS[first], (as_of, years)


def test_a_year_is_its_days_and_a_year_of_membership_ends_before_the_next_begins() -> None:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        within = [day for day in DAYS if day.year == year]
        assert calendar_year(year) == Window(within[0], within[-1])
    for month, days in enumerate(CALENDAR):
        for place, start in enumerate(days):
            for year in range(start.year, LAST_YEAR):
                steps = (year - start.year) * 12
                next_year = stepped(month, place, steps + 12)
                expected = Window(stepped(month, place, steps), next_year - ONE_DAY)
                assert anniversary_year(start, year) == expected, (start, year)


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.integers(-600, 600))
def test_a_step_of_months_lands_in_the_right_month_on_the_same_day_or_the_last(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + ONE_DAY).day == 1
