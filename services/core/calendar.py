"""Days, windows of days with both ends inside, and the day that a question asks about. Pure."""

import calendar
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

from contracts.events.values import FIRST_DAY, Day

ONE_DAY = timedelta(days=1)
DAYS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""January first, in a year of 365 days."""
MOST_MOVED = 4 * ONE_DAY
"""How far from the corresponding day a day may leave a window reckoned back: month ends move it by up to three days."""
MAX_LEAVING = 65_536
"""Days of leaving kept in memory: those of every day of two lifetimes."""


class Window(Struct, frozen=True, order=True, rename={"first": "from", "last": "until"}):
    """The days from `first` to `last`, both inside. Answers call them `from` and `until`."""

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


@lru_cache(MAX_LEAVING)
def leaves(day: Day, months: int, *, closed: bool = False, round_up: bool = False) -> Day:
    """Return the first day on which a window of `months`, reckoned back from it, no longer holds `day`.

    The same day that long ago is out (R-04), or in if `closed`. It is looked for, as windows are reckoned back: what is
    `months` after 29 February is another day than the one from which 29 February lies `months` back.
    """
    first_kept = day + ONE_DAY if closed else day
    gone = add_months(first_kept, months) - MOST_MOVED
    while add_months(gone, -months, round_up=round_up) < first_kept:
        gone += ONE_DAY
    return gone


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


class AskedDay:
    """The day that a question asks about, as rules see it: a day has been `reached` by then, or has not.

    Rules compare days by that alone. So the same evaluation would run alike on every later day, until one comes that
    was asked for here and was not yet reached; and on every earlier day, back to the last one that was. An answer that
    is made with an asked day therefore stands `until` the day before the first of those turns: perhaps longer, surely
    so long.

    `date` is for what moves with every day and decides nothing: where a rolling window lies.
    """

    __slots__ = ("date", "since", "turn")

    def __init__(self, day: Day) -> None:
        self.date = day
        self.since = FIRST_DAY
        self.turn = date.max

    def reached(self, turn: Day) -> bool:
        """Say whether the day has come."""
        if turn <= self.date:
            if turn > self.since:
                self.since = turn
            return True
        if turn < self.turn:
            self.turn = turn
        return False

    @property
    def until(self) -> Day | None:
        """The last day on which all that was made with this day surely stands; None where nothing can change it."""
        return None if self.turn == date.max else self.turn - ONE_DAY

    def within(self, first: Day, last: Day | None) -> bool:
        """Say whether the day lies between two days, both inside; without a last one the end is open."""
        return self.reached(first) and not (last is not None and self.reached(last + ONE_DAY))

    def year(self) -> int:
        """Return the calendar year of the day."""
        year = self.date.year
        self.within(date(year, 1, 1), date(year, 12, 31))
        return year

    def moving(self) -> Day:
        """Return the day for what changes with every day: it stands on this one alone."""
        self.within(self.date, self.date)
        return self.date

    def standing_still_on(self, last: Day) -> "AskedDay":
        """Return the day that decides where nothing after `last` counts."""
        return _Still(self, last)

    def latest_of_enough(self, number: int, days: Sequence[Day], gone: Callable[[Day], Day] | None) -> int | None:
        """Return the index of the latest of `days` reached, where `number` of them are and have not `gone` again.

        The days are in order, and those that come later go later. So enough are there from the day of the oldest that
        is needed until the newest that is needed goes, whatever comes and goes between.
        """
        end = bisect_right(days, self.date)
        begin = bisect_right(days, self.date, 0, end, key=gone) if gone else 0
        if end - begin >= number:
            self.reached(days[begin + number - 1])
            if gone:
                self.reached(gone(days[end - number]))
            return end - 1
        for day in days[max(end - 1, 0) : end + 1]:
            self.reached(day)
        if gone and begin:
            self.reached(gone(days[begin - 1]))
        return None


class _Still(AskedDay):
    """An asked day that never gets past `last`: what would come later is never reached, and is no turn."""

    __slots__ = ("_asked", "_last")

    def __init__(self, asked: AskedDay, last: Day) -> None:
        super().__init__(min(asked.date, last))
        self._asked = asked
        self._last = last

    def reached(self, turn: Day) -> bool:
        """Say whether the day has come, and came by the last day."""
        return turn <= self._last and self._asked.reached(turn)


def first_day_of_run(state: Callable[[AskedDay], object], value: object, day: AskedDay, first: Day) -> Day:
    """Return the first day of the unbroken run of `value`, which `state` gives on `day`.

    The run is followed backwards, from turn to turn. No day before `first` is looked at.
    """
    since = day.since
    while since > first:
        earlier = AskedDay(since - ONE_DAY)
        if state(earlier) != value:
            return since
        since = earlier.since
    return first


def last_day_of_run(state: Callable[[AskedDay], object], day: Day) -> Day | None:
    """Return the last day of the unbroken run in which `state` gives what it gives on `day`; None where none is."""
    asked = AskedDay(day)
    value = state(asked)
    while (until := asked.until) is not None:
        asked = AskedDay(until + ONE_DAY)
        if state(asked) != value:
            return until
    return None
