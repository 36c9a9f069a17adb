"""Windows of days. Both ends of a window are inside it."""

import calendar
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from msgspec import Struct

from contracts.events.values import Day

ONE_DAY = timedelta(days=1)
DAYS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""January first, in a year of 365 days."""


class Window(Struct, frozen=True, order=True):
    """The days from `first` to `last`, both inside."""

    first: Day
    last: Day

    def __contains__(self, day: Day) -> bool:
        return self.first <= day <= self.last


def add_months(day: Day, months: int, *, round_up: bool = False) -> Day:
    """Return the corresponding day `months` later (or earlier, if negative).

    Where the month has no such day the result is its last one (R-05, Civil Code 202), or with `round_up` the first day
    of the month after it, the alternative.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = 29 if month == 1 and calendar.isleap(year) else DAYS_OF_MONTHS[month]
    if day.day <= last:
        return date(year, month + 1, day.day)
    clamped = date(year, month + 1, last)
    return clamped + ONE_DAY if round_up else clamped


def calendar_year(year: int) -> Window:
    """Return January to December of `year` (R-06)."""
    return Window(date(year, 1, 1), date(year, 12, 31))


def rolling_years(years: int, as_of: Day, *, closed: bool = False, round_up: bool = False) -> Window:
    """Return the last `years` years up to `as_of`: the same day `years` ago is out (R-04), or in if `closed`."""
    same_day = add_months(as_of, -12 * years, round_up=round_up)
    return Window(same_day if closed else same_day + ONE_DAY, as_of)


def anniversary_year(start: Day, year: int) -> Window:
    """Return the year of membership that begins in calendar year `year`, counted from `start`."""
    first = add_months(start, 12 * (year - start.year))
    return Window(first, add_months(start, 12 * (year + 1 - start.year)) - ONE_DAY)


def last_day_before_next(day: Day, turns: Iterable[Day | None]) -> Day | None:
    """Return the day before the first of `turns` that lies after `day`; None where nothing can change."""
    # Asked thirty times for one standing, of few turns: a loop is twice as fast as a list of the later ones.
    following = None
    for turn in turns:
        if turn is not None and turn > day and (following is None or turn < following):
            following = turn
    return None if following is None else following - ONE_DAY


def earliest(days: Iterable[Day | None]) -> Day | None:
    """Return the earliest day, None meaning for ever."""
    first = None
    for day in days:
        if day is not None and (first is None or day < first):
            first = day
    return first


def next_change(until: Day | None) -> Day | None:
    """Return the first day on which something may change; None where nothing can."""
    return None if until is None or until >= date.max else until + ONE_DAY


def first_day_of_run(state: Callable[[Day], tuple[object, Day | None]], first: Day, day: Day) -> Day:
    """Return the first day of the unbroken run up to `day` on which `state` gives what it gives on `day`.

    `state` gives a value and the last day on which it surely stands. No day before `first` is looked at.
    """
    start = at = first
    value, until = state(at)
    while until is not None and until < day:
        at = until + ONE_DAY
        following, until = state(at)
        if following != value:
            start, value = at, following
    return start
