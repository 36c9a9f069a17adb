"""The windows in which hours are counted, as a pack names them. Pure."""

from collections.abc import Callable
from typing import Annotated, ClassVar, Literal, TypeAlias

from msgspec import Meta, Struct

from contracts.events.values import Day
from contracts.places import stem
from services.core.calendar import (
    AskedDay,
    RollingSpan,
    Window,
    anniversary_year,
    calendar_year,
    leaving_day_after,
)
from services.core.facts.facts import Facts, Sources
from services.core.rules.conditions.registered import last_granted_day
from services.core.rules.hours import CountedDays
from services.core.rules.parts import Context
from services.core.rules.terms import Calendar
from services.core.rules.verdict import Question

Years = Annotated[int, Meta(ge=1, le=100)]


class NoParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """An empty object."""


class RollingYears(Struct, frozen=True, forbid_unknown_fields=True):
    """The last `years` up to the day: without the same day that long ago, with it, or whole calendar years (R-04)."""

    years: Years
    edge: Literal["open", "closed", "whole_calendar_years"]


class RollingWindow(Struct, frozen=True, forbid_unknown_fields=True):
    """The window of a condition, which has no deciding day: years that roll."""

    rolling_years: RollingYears
    rolls: ClassVar = True


class Period(Struct, frozen=True, forbid_unknown_fields=True):
    """The days from `first_day` to `last_day`, both included."""

    first_day: Day
    last_day: Day


class WindowSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """Exactly one kind of window: the year asked about by the calendar or from an anniversary, years that roll, the
    term of the registration, or a period."""

    calendar_year: NoParameters | None = None
    anniversary_of: Literal["registration", "employment"] | None = None
    rolling_years: RollingYears | None = None
    registration_term: NoParameters | None = None
    period: Period | None = None

    def __post_init__(self) -> None:
        """Refuse a window of several kinds, or of none."""
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a window has exactly one of {', '.join(self.__struct_fields__)}")

    @property
    def rolls(self) -> bool:
        """Whether the window moves with every day."""
        return self.rolling_years is not None


class Counted(Struct, frozen=True):
    """The deciding day, and the days that count with the events that the window rests on; None if there is no window.

    The deciding day is the day asked about, but at most the last day of the window or of the period in question.
    """

    deciding_day: AskedDay
    days: CountedDays | None = None
    sources: Sources = ()


Counting: TypeAlias = Callable[[Facts, AskedDay, Question], Counted]
"""Returns the days that an answer counts."""


def no_window(_facts: Facts, day: AskedDay, question: Question) -> Counted:
    """Return the deciding day of an answer that counts no days."""
    year = question.calendar_year
    return Counted(day if year is None else day.capped_at(calendar_year(year).last))


def counting_in(spec: WindowSpec, context: Context) -> Counting:
    """Return the function that gives the window of an answer."""
    if spec.rolling_years is not None:
        counting = rolling(spec.rolling_years, context)
        return lambda _facts, day, _question: Counted(day, counting(day))
    if spec.registration_term is not None:
        return _term(context)
    if spec.period is not None:
        return _fixed(Window(spec.period.first_day, spec.period.last_day))
    return _year(spec.anniversary_of, context)


def _fixed(window: Window) -> Counting:
    return lambda _facts, day, _question: _inside(window, day)


def _inside(window: Window, day: AskedDay, sources: Sources = ()) -> Counted:
    deciding_day = day.deciding_for(window)
    return Counted(deciding_day, CountedDays(window, deciding_day), sources)


def _term(context: Context) -> Counting:
    granted = last_granted_day(context)

    def counting(facts: Facts, day: AskedDay, question: Question) -> Counted:
        # The term counts as granted, even if it ended early.
        named = question.term_begun_on
        terms = [
            term for term in facts.registrations if (day.reached(term.first) if named is None else term.first == named)
        ]
        if not terms:
            return no_window(facts, day, question)
        return _inside(Window(terms[-1].first, granted(terms[-1])), day, terms[-1].sources)

    return counting


def rolling(spec: RollingYears, context: Context) -> Callable[[AskedDay], CountedDays]:
    """Return the function that gives the days that count of the years up to a day."""
    span = rolling_span(spec, context)
    if span is None:
        return _whole_years_before(spec.years)
    gone = leaving_day(spec, round_up=span.round_up)
    return lambda day: CountedDays(span.window(day.date), day, gone)


def leaving_day(spec: RollingYears, *, round_up: bool) -> Callable[[Day], Day]:
    """Return the function from a day to the first later day whose window does not include it."""
    if spec.edge == "whole_calendar_years":
        return lambda day: calendar_year(day.year + spec.years + 1).first
    return leaving_day_after(12 * spec.years, closed=spec.edge == "closed", round_up=round_up)


def rolling_span(spec: RollingYears | None, context: Context) -> RollingSpan | None:
    """Return the window that moves with every day; None for whole calendar years, and where no years are given."""
    if spec is None or spec.edge == "whole_calendar_years":
        return None
    return RollingSpan(spec.years, spec.edge == "closed", context.term(Calendar).round_up)


def _whole_years_before(years: int) -> Callable[[AskedDay], CountedDays]:
    def before_this_year(day: AskedDay) -> CountedDays:
        year = day.year()
        return CountedDays(Window(calendar_year(year - years).first, calendar_year(year - 1).last), day)

    return before_this_year


def _year(anniversary_of: Literal["registration", "employment"] | None, context: Context) -> Counting:
    """Return the year in question (R-06): the calendar year, or the one with the deciding day, counted from the first
    day of the latest registration or employment. Of a future year, it is the one that begins in it."""
    reach = stem(context.jurisdiction)
    # A calendar year lacks no day, so it asks for no term.
    round_up = anniversary_of is not None and context.term(Calendar).round_up

    def starts(facts: Facts, day: AskedDay) -> list[Day]:
        if anniversary_of == "registration":
            return [term.first for term in facts.registrations if day.reached(term.first)]
        jobs = (job for job in facts.employments if job.jurisdiction.startswith(reach))
        return [job.first for job in jobs if day.reached(job.first)]

    def window_of(facts: Facts, day: AskedDay, question: Question) -> Window:
        year = question.calendar_year or day.year()
        calendar = calendar_year(year)
        if anniversary_of is None:
            return calendar
        deciding_day = day.capped_at(calendar.last)
        begins = starts(facts, deciding_day)
        if not begins:
            return calendar
        window = anniversary_year(begins[-1], year, round_up=round_up)
        begun = deciding_day.reached(window.first) or not day.reached(calendar.first)
        return window if begun else anniversary_year(begins[-1], year - 1, round_up=round_up)

    return lambda facts, day, question: _inside(window_of(facts, day, question), day)
