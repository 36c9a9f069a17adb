"""Continuing education: hours counted in a window, against a figure."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import ClassVar

from msgspec import Struct, structs

from contracts.events.values import Day
from contracts.places import stem
from contracts.policies.language import (
    CountedHours,
    HoursWindow,
    Rule,
)
from services.core.calendar import (
    AskedDay,
    Window,
    anniversary_year,
    calendar_year,
    leaves,
    rolling_years,
)
from services.core.facts.facts import Facts, Sources
from services.core.rules.conditions import (
    best_certificate,
    compile_condition,
    fits,
    last_granted_day,
)
from services.core.rules.hours import (
    Count,
    Counting,
    Hundredths,
    class_hour_factor,
    conversion_factor,
    count,
    degree_item,
    in_hundredths,
    printed,
)
from services.core.rules.result import Figure, Result
from services.core.rules.verdict import (
    Compiled,
    Context,
    Decided,
    LeftOut,
    Node,
    Question,
    Reason,
    Status,
    Workings,
    made,
    period_decided_on,
)


class HoursResult(Result, frozen=True):
    """Hours against a figure: all of it follows from the facts, so it stands also where nobody is judged."""

    counted_hours: Figure | None = None
    required_hours: Figure | None = None
    shortfall_hours: Figure | None = None
    window: Window | None = None
    met_on: Day | None = None
    not_counted: tuple[LeftOut, ...] = ()

    KEY: ClassVar = "shortfall_hours"
    ANNOUNCED: ClassVar = ("required_hours",)

    def facts_alone(self) -> Result:
        return self


class Reckoning(Struct, frozen=True):
    """Hours against a figure, on the day that decides. Without a figure, the rule does not apply."""

    window: Window
    decided_on: Day
    found: Count
    required: int | None
    applying: Node | None
    sources: Sources

    @property
    def shortfall(self) -> int | None:
        """What is short of the figure, in hundredths; 0 when it is reached."""
        return None if self.required is None else max(self.required - int(self.found.total), 0)


def counted_hours(spec: CountedHours, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer whether the hours in the window reach the figure; before its last day a shortfall is pending."""
    reckon = _reckoner(spec, rule, context)
    converts = "R-07" in rule.readings and conversion_factor(spec.unit, context) is None
    other_units = (Fraction(1), class_hour_factor(spec.unit)) if converts else ()
    rolls = spec.window.rolling_years is not None

    def status_of(facts: Facts, reckoning: Reckoning, day: AskedDay) -> Status:
        applying, found = reckoning.applying, reckoning.found
        if reckoning.required is None or (applying and applying.status != "met"):
            return "not_applicable"
        figure: Hundredths = reckoning.required
        if context.assumes("pro_rata_by_month"):
            figure *= _share_of_months(spec, facts, reckoning.window, context)
        short: Status = "not_met" if rolls or day.reached(reckoning.window.last) else "pending"
        met = found.total >= figure
        converted = other_units if found.other_unit else ()
        if any((found.total + found.other_unit * factor >= figure) != met for factor in converted):
            return "needs_review"
        if met:
            return "met"
        return "needs_review" if found.in_days else short

    def form(facts: Facts, day: AskedDay, question: Question) -> Node:
        counting, sources = _counting(spec.window, facts, day, question, context)
        if counting is None:
            return made(name, rule, "not_applicable", reason="no_window", result=HoursResult())
        reckoning = reckon(facts, counting)
        status = status_of(facts, reckoning, day)
        return made(
            name,
            rule,
            status,
            sources=sources + reckoning.sources + (_unconverted(facts, reckoning) if status == "needs_review" else ()),
            children=(reckoning.applying,) if reckoning.applying else (),
            reason="shortfall_of_last_years" if status == "not_met" and rolls else REASONS.get(status),
            result=_hours_result(reckoning),
            decided_on=reckoning.decided_on,
            rolling_years=spec.window.rolling_years,
            workings=Workings(spec.unit, facts.trainings, reckoning.found.items, reckoning.found.not_counted),
        )

    return Compiled(form, decided=_decided_by(spec, context))


def _reckoner(spec: CountedHours, rule: Rule, context: Context) -> Callable[[Facts, Counting], Reckoning]:
    """Return the counting of a rule's hours, its figure, and whom it concerns."""
    applies = compile_condition("applies_to", spec.applies_to, rule.clause, context) if spec.applies_to else None
    degree_hours = in_hundredths(spec.first_degree_hours) if spec.first_degree_hours else None
    required = in_hundredths(spec.required) if spec.required else None
    by_level = {level: in_hundredths(figure) for level, figure in (spec.required_by_level or {}).items()}

    def required_on(facts: Facts, day: AskedDay) -> tuple[int | None, Sources]:
        if not by_level:
            return required, ()
        best = best_certificate(facts, day, context, national_only=True)
        return (by_level.get(best.level), best.sources) if best else (None, ())

    def counted(facts: Facts, counting: Counting) -> Count:
        found = count(facts.trainings, counting, spec.unit, context)
        degree = degree_item(facts.educations, counting, degree_hours) if degree_hours else None
        if degree is None:
            return found
        return structs.replace(found, items=(*found.items, degree), total=found.total + degree.hundredths)

    def reckon(facts: Facts, counting: Counting) -> Reckoning:
        found = counted(facts, counting)
        figure, figure_sources = required_on(facts, counting.day)
        return Reckoning(
            window=counting.window,
            decided_on=counting.day.date,
            found=found,
            required=figure,
            applying=applies(facts, counting.day) if applies else None,
            sources=figure_sources + tuple(source for item in found.items for source in item.sources),
        )

    return reckon


REASONS: Mapping[Status, Reason] = {
    "pending": "shortfall_window_open",
    "not_met": "shortfall",
    "not_applicable": "rule_does_not_apply",
    "needs_review": "unit_not_convertible",
}


def _hours_result(reckoning: Reckoning) -> HoursResult:
    found, required, shortfall = reckoning.found, reckoning.required, reckoning.shortfall
    return HoursResult(
        counted_hours=printed(found.total),
        required_hours=None if required is None else printed(required),
        shortfall_hours=None if shortfall is None else printed(shortfall),
        window=reckoning.window,
        met_on=None if required is None else found.met_on(required),
        not_counted=found.not_counted,
    )


def _unconverted(facts: Facts, reckoning: Reckoning) -> Sources:
    """Return the trainings that leave the answer open: printed in a unit that is not converted."""
    left_out = {one.event_id for one in reckoning.found.not_counted if one.reason == "unit_not_convertible"}
    return tuple(source for one in facts.trainings if one.event_id in left_out for source in one.sources)


def _share_of_months(spec: CountedHours, facts: Facts, window: Window, context: Context) -> Fraction:
    """Return the share of the window's months with work that the rule applies to (R-22's alternative)."""
    concerned = spec.applies_to.employed if spec.applies_to else None
    if concerned is None:
        return Fraction(1)
    reach = stem(context.jurisdiction)
    months = set(_months(window))
    covered: set[int] = set()
    for job in facts.employments:
        last = min(job.last or window.last, window.last)
        if job.jurisdiction.startswith(reach) and fits(concerned, context, job) and job.first <= last:
            covered |= months & set(_months(Window(max(job.first, window.first), last)))
    return Fraction(len(covered), len(months)) if covered else Fraction(1)


def _months(window: Window) -> range:
    return range(window.first.year * 12 + window.first.month, window.last.year * 12 + window.last.month + 1)


def _decided_by(spec: CountedHours, context: Context) -> Decided:
    """Return the day that decides about the hours: the one asked about, or the last one of their window."""

    def decided(facts: Facts, day: AskedDay, question: Question) -> AskedDay:
        counting, _ = _counting(spec.window, facts, day, question, context)
        return counting.day if counting else period_decided_on(facts, day, question)

    return decided


def _counting(
    spec: HoursWindow, facts: Facts, day: AskedDay, question: Question, context: Context
) -> tuple[Counting | None, Sources]:
    """Return which days count, and the events that say so; None where there is no window."""
    if spec.rolling_years is not None:
        return _rolling(spec.rolling_years, day, context), ()
    sources: Sources = ()
    if spec.calendar_year:
        window = _year_window(facts, day, question, context)
    elif spec.registration_term:
        # The term is the one granted, whenever it ended; a registration that never held a day is none.
        terms = [term for term in facts.registrations if term.ended_on is None or term.first < term.ended_on]
        begun = [term for term in terms if day.reached(term.first)]
        if not begun:
            return None, ()
        window, sources = Window(begun[-1].first, last_granted_day(begun[-1], context)), begun[-1].sources
    elif spec.from_day and spec.until_day:
        # A period is given in years; its last one may be read as ending where it begins.
        last = spec.until_day.replace(month=1, day=1) if context.assumes("start_of_year") else spec.until_day
        window = Window(spec.from_day, last)
    else:
        raise ValueError("a window has exactly one kind")
    return Counting(window, day.standing_still_on(window.last)), sources


def _rolling(years: int, day: AskedDay, context: Context) -> Counting:
    """Return the last years up to the day (R-04), or under an alternative the whole calendar years before its own."""
    if context.assumes("whole_calendar_years"):
        year = day.year()
        return Counting(Window(calendar_year(year - years).first, calendar_year(year - 1).last), day)
    closed, round_up = context.assumes("closed_both_ends"), context.assumes("round_up")
    window = rolling_years(years, day.date, closed=closed, round_up=round_up)
    return Counting(window, day, lambda on: leaves(on, 12 * years, closed=closed, round_up=round_up))


def _year_window(facts: Facts, day: AskedDay, question: Question, context: Context) -> Window:
    """Return the year meant (R-06): the calendar year, or under an alternative the one that holds the deciding day,
    counted from the first day of the registration or employment begun last; of a year ahead, the one begun in it."""
    year = question.period or day.year()
    calendar = calendar_year(year)
    decided = day.standing_still_on(calendar.last)
    starts: list[Day] = []
    if context.assumes("registration_year"):
        starts = [term.first for term in facts.registrations if decided.reached(term.first)]
    elif context.assumes("employment_year"):
        jobs = (job for job in facts.employments if job.jurisdiction.startswith(stem(context.jurisdiction)))
        starts = [job.first for job in jobs if decided.reached(job.first)]
    if not starts:
        return calendar
    window = anniversary_year(starts[-1], year)
    begun = decided.reached(window.first) or not day.reached(calendar.first)
    return window if begun else anniversary_year(starts[-1], year - 1)
