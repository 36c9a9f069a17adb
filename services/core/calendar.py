"""Days, windows of days with both ends included, and the day that a question asks about. Pure."""

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache

from msgspec import Struct

from contracts.events.values import FIRST_DAY, Day

ONE_DAY = timedelta(days=1)
MINUTES_OF_HOUR = 60
DAYS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""From January on, in a year of 365 days."""
MAX_SHIFT = 4 * ONE_DAY
"""How much earlier than the corresponding day a search begins: month ends shift it by up to three days."""
MAX_CACHED_LEAVING_DAYS = 65_536
"""For each number of months: enough for every day of two lifetimes."""


class Window(Struct, frozen=True, order=True, rename={"first": "from", "last": "until"}):
    """The days from `first` to `last`, both included. Answers call them `from` and `until`."""

    first: Day
    last: Day

    def __contains__(self, day: Day) -> bool:
        return self.first <= day <= self.last


def add_months(day: Day, months: int, *, round_up: bool = False) -> Day:
    """Return the corresponding day `months` later (or earlier, if negative).

    If the month has no such day, it is the last day of the month (R-05, Civil Code 202), or with `round_up`, the
    alternative, the first day of the next one.
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
    """Return the last `years` years up to `as_of`, without the same day `years` ago (R-04), or with it if `closed`."""
    same_day = add_months(as_of, -12 * years, round_up=round_up)
    return Window(same_day if closed else same_day + ONE_DAY, as_of)


class RollingSpan(Struct, frozen=True, omit_defaults=True):
    """A window of the last `years` years that moves with every day, and how its first day is reckoned back."""

    years: int
    closed: bool = False
    round_up: bool = False

    def window(self, day: Day) -> Window:
        """Return the window as of `day`."""
        return rolling_years(self.years, day, closed=self.closed, round_up=self.round_up)


def anniversary_year(start: Day, year: int, *, round_up: bool = False) -> Window:
    """Return the year that begins on the anniversary of `start` in calendar year `year` (R-05)."""
    first, next_first = (add_months(start, 12 * (of - start.year), round_up=round_up) for of in (year, year + 1))
    return Window(first, next_first - ONE_DAY)


@cache
def leaving_day_after(months: int, *, closed: bool = False, round_up: bool = False) -> Callable[[Day], Day]:
    """Return the function from a day to the first day whose window of the last `months` no longer includes it.

    The window is without the same day that long ago (R-04), or with it if `closed`. Windows are reckoned backwards, so
    this day is searched for: the day `months` after 29 February is not the day from which 29 February is `months` ago.
    """

    @lru_cache(MAX_CACHED_LEAVING_DAYS)
    def leaving_day(day: Day) -> Day:
        first_kept = day + ONE_DAY if closed else day
        gone = add_months(first_kept, months) - MAX_SHIFT
        while add_months(gone, -months, round_up=round_up) < first_kept:
            gone += ONE_DAY
        return gone

    return leaving_day


def earliest(days: Iterable[Day | None]) -> Day | None:
    """Return the earliest day; None means never."""
    first = None
    for day in days:
        if day is not None and (first is None or day < first):
            first = day
    return first


def next_change(until: Day | None) -> Day | None:
    """Return the first day on which something may change; None if nothing can."""
    return None if until is None or until >= date.max else until + ONE_DAY


class AskedDay(Struct, eq=False):
    """The day that a question asks about, as rules see it: another day is `reached` by then, or is not.

    Rules compare days only in this way. So an evaluation runs alike on every later day before the first turn that it
    asked for and that was not reached, and on every earlier day back to the last turn that was. Its answer therefore
    holds at least `until` the day before that first turn, and perhaps longer.

    `date` is for what moves with every day and decides nothing, such as the place of a rolling window.
    """

    date: Day
    since: Day = FIRST_DAY
    turn: Day = date.max

    def reached(self, turn: Day) -> bool:
        """Say whether `turn` is this day or an earlier one."""
        if turn <= self.date:
            if turn > self.since:
                self.since = turn
            return True
        if turn < self.turn:
            self.turn = turn
        return False

    def count_reached(self, turns: Sequence[Day]) -> int:
        """Return how many of the turns, which are in order, are reached."""
        number = bisect_right(turns, self.date)
        for turn in turns[max(number - 1, 0) : number + 1]:
            self.reached(turn)
        return number

    @property
    def until(self) -> Day | None:
        """The last day on which an answer given with this day is certain to hold; None if nothing can change it."""
        return None if self.turn == date.max else self.turn - ONE_DAY

    def within(self, first: Day, last: Day | None) -> bool:
        """Say whether the day lies from `first` to `last`, both included; without a last day the end is open."""
        return self.reached(first) and not (last is not None and self.reached(last + ONE_DAY))

    def year(self) -> int:
        """Return the calendar year of the day."""
        year = self.date.year
        self.within(date(year, 1, 1), date(year, 12, 31))
        return year

    def exact_date(self) -> Day:
        """Return the day for an answer that changes every day: it holds on this day alone."""
        self.within(self.date, self.date)
        return self.date

    def meets(self, first: Day, last: Day | None) -> bool:
        """Say whether the days from `first` to `last`, both included, meet those that this day decides for.

        They are the days of its window up to this day; without a window it is this day alone.
        """
        return self.within(first, last)

    def capped_at(self, last: Day) -> "AskedDay":
        """Return this day, but never later than `last`: what comes after it is never reached."""
        return _CappedDay(min(self.date, last), asked=self, last=last)

    def deciding_for(self, window: Window) -> "AskedDay":
        """Return this day as the one that decides for a window: at the latest its last day."""
        return _DecidingDay(min(self.date, window.last), asked=self, last=window.last, first=window.first)

    def bounds(self, window: Window, days: Iterable[Day], gone: Callable[[Day], Day] | None) -> tuple[Day, Day]:
        """Return the first and the last day that count in the window, for telling which of `days` do.

        A day counts once it is reached; in a window that rolls with this day, until `gone` of it is reached too. Only
        the days next to the bounds are asked about: any other one changes after them, or has changed before.
        """
        first, last = window.first, min(window.last, self.date)
        in_order = sorted(days)
        begin, end = bisect_left(in_order, first), bisect_right(in_order, last)
        before, inside, after = in_order[:begin], in_order[begin:end], in_order[max(begin, end) :]
        if inside:
            self.reached(inside[-1])
        if after and (gone or after[0] <= window.last):
            self.reached(after[0])
        if gone and inside:
            self.reached(gone(inside[0]))
        if gone and before:
            self.reached(gone(before[-1]))
        return first, last

    def latest_if_enough(self, number: int, days: Sequence[Day], gone: Callable[[Day], Day] | None) -> int | None:
        """Return the index of the latest of `days` reached, if at least `number` of them count; None if fewer do.

        A day counts once it is reached, until `gone` of it is reached too. The days are in order, and so are the days
        on which they stop counting. So the answer holds from the oldest needed day until the newest needed one stops
        counting, whatever happens in between.
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


class _CappedDay(AskedDay, eq=False, kw_only=True):
    """An asked day that never passes `last`: later days are never reached, and are no turns."""

    asked: AskedDay
    last: Day

    def reached(self, turn: Day) -> bool:
        """Say whether `turn` is this day or an earlier one, and not after the last day."""
        return turn <= self.last and self.asked.reached(turn)


class _DecidingDay(_CappedDay, eq=False, kw_only=True):
    """The day that decides for the window from `first` to `last`."""

    first: Day

    def meets(self, first: Day, last: Day | None) -> bool:
        """Say whether the days from `first` to `last` meet those of the window up to this day."""
        begin = max(first, self.first)
        return (last is None or begin <= last) and self.reached(begin)


def first_day_of_run(state: Callable[[AskedDay], object], value: object, day: AskedDay, first: Day) -> Day:
    """Return the first day of the unbroken run of `value`, which `state` returns on `day`.

    The run is followed backwards from turn to turn, but not beyond `first`.
    """
    since = day.since
    while since > first:
        earlier = AskedDay(since - ONE_DAY)
        if state(earlier) != value:
            return since
        since = earlier.since
    return first


def last_day_of_run(state: Callable[[AskedDay], object], day: Day) -> Day | None:
    """Return the last day of the unbroken run in which `state` gives what it gives on `day`; None if it never ends."""
    asked = AskedDay(day)
    value = state(asked)
    while (until := asked.until) is not None:
        asked = AskedDay(until + ONE_DAY)
        if state(asked) != value:
            return until
    return None
