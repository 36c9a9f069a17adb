"""Continuing education: hours counted in a window, compared with a required figure."""

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
    leaving_day,
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
    CountedDays,
    HoursCount,
    Hundredths,
    class_hour_factor,
    conversion_factor,
    count_hours,
    decimal_text,
    degree_item,
    in_hundredths,
)
from services.core.rules.result import Figure, Result
from services.core.rules.verdict import (
    Compiled,
    Context,
    DecidingDay,
    LeftOut,
    Node,
    Question,
    Reason,
    Status,
    Workings,
    deciding_day_of_period,
    make_node,
)


class HoursResult(Result, frozen=True):
    """Hours compared with a required figure. All of it follows from the facts, so it needs no judgement."""

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
    """Hours counted for the deciding day, and the figure they are compared with. Without a figure no rule applies."""

    window: Window
    decided_on: Day
    count: HoursCount
    required: int | None
    applying: Node | None
    sources: Sources

    @property
    def shortfall(self) -> int | None:
        """What is missing from the figure, in hundredths; 0 once it is reached."""
        return None if self.required is None else max(self.required - int(self.count.total), 0)


def counted_hours(spec: CountedHours, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer whether the hours in the window reach the figure. Until the window's last day a shortfall is pending."""
    reckon = _reckoner(spec, rule, context)
    converts = "R-07" in rule.readings and conversion_factor(spec.unit, context) is None
    other_units = (Fraction(1), class_hour_factor(spec.unit)) if converts else ()
    rolls = spec.window.rolling_years is not None

    def status_of(facts: Facts, reckoning: Reckoning, day: AskedDay) -> Status:
        applying, count = reckoning.applying, reckoning.count
        if reckoning.required is None or (applying and applying.status != "met"):
            return "not_applicable"
        figure: Hundredths = reckoning.required
        if context.assumes("pro_rata_by_month"):
            figure *= _share_of_months(spec, facts, reckoning.window, context)
        short: Status = "not_met" if rolls or day.reached(reckoning.window.last) else "pending"
        met = count.total >= figure
        converted = other_units if count.other_unit else ()
        if any((count.total + count.other_unit * factor >= figure) != met for factor in converted):
            return "needs_review"
        if met:
            return "met"
        return "needs_review" if count.in_days else short

    def answer(facts: Facts, day: AskedDay, question: Question) -> Node:
        counting, sources = _counting(spec.window, facts, day, question, context)
        if counting is None:
            return make_node(name, rule, "not_applicable", reason="no_window", result=HoursResult())
        reckoning = reckon(facts, counting)
        status = status_of(facts, reckoning, day)
        return make_node(
            name,
            rule,
            status,
            sources=sources + reckoning.sources + (_unconverted(facts, reckoning) if status == "needs_review" else ()),
            children=(reckoning.applying,) if reckoning.applying else (),
            reason="shortfall_of_last_years" if status == "not_met" and rolls else REASON_OF_STATUS.get(status),
            result=_hours_result(reckoning),
            decided_on=reckoning.decided_on,
            rolling_years=spec.window.rolling_years,
            workings=Workings(spec.unit, facts.trainings, reckoning.count.items, reckoning.count.not_counted),
        )

    return Compiled(answer, deciding_day=_deciding_day_of(spec, context))


def _reckoner(spec: CountedHours, rule: Rule, context: Context) -> Callable[[Facts, CountedDays], Reckoning]:
    """Return the function that counts a rule's hours and finds its figure and whether it applies."""
    applies = compile_condition("applies_to", spec.applies_to, rule.clause, context) if spec.applies_to else None
    degree_hours = in_hundredths(spec.first_degree_hours) if spec.first_degree_hours else None
    required = in_hundredths(spec.required) if spec.required else None
    by_level = {level: in_hundredths(figure) for level, figure in (spec.required_by_level or {}).items()}

    def required_on(facts: Facts, day: AskedDay) -> tuple[int | None, Sources]:
        if not by_level:
            return required, ()
        best = best_certificate(facts, day, context, national_only=True)
        return (by_level.get(best.level), best.sources) if best else (None, ())

    def counted(facts: Facts, counting: CountedDays) -> HoursCount:
        count = count_hours(facts.trainings, counting, spec.unit, context)
        degree = degree_item(facts.educations, counting, degree_hours) if degree_hours else None
        if degree is None:
            return count
        return structs.replace(count, items=(*count.items, degree), total=count.total + degree.hundredths)

    def reckon(facts: Facts, counting: CountedDays) -> Reckoning:
        count = counted(facts, counting)
        figure, figure_sources = required_on(facts, counting.day)
        return Reckoning(
            window=counting.window,
            decided_on=counting.day.date,
            count=count,
            required=figure,
            applying=applies(facts, counting.day) if applies else None,
            sources=figure_sources + tuple(source for item in count.items for source in item.sources),
        )

    return reckon


REASON_OF_STATUS: Mapping[Status, Reason] = {
    "pending": "shortfall_window_open",
    "not_met": "shortfall",
    "not_applicable": "rule_does_not_apply",
    "needs_review": "unit_not_convertible",
}


def _hours_result(reckoning: Reckoning) -> HoursResult:
    count, required, shortfall = reckoning.count, reckoning.required, reckoning.shortfall
    return HoursResult(
        counted_hours=decimal_text(count.total),
        required_hours=None if required is None else decimal_text(required),
        shortfall_hours=None if shortfall is None else decimal_text(shortfall),
        window=reckoning.window,
        met_on=None if required is None else count.met_on(required),
        not_counted=count.not_counted,
    )


def _unconverted(facts: Facts, reckoning: Reckoning) -> Sources:
    """Return the trainings that leave the answer open because their unit is not converted."""
    unconverted = {item.event_id for item in reckoning.count.not_counted if item.reason == "unit_not_convertible"}
    return tuple(
        source for training in facts.trainings if training.event_id in unconverted for source in training.sources
    )


def _share_of_months(spec: CountedHours, facts: Facts, window: Window, context: Context) -> Fraction:
    """Return the share of the window's months in which there is work that the rule applies to (R-22's alternative)."""
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


def _deciding_day_of(spec: CountedHours, context: Context) -> DecidingDay:
    """Return the function that gives the deciding day: the day asked about, but at most the window's last day."""

    def deciding_day(facts: Facts, day: AskedDay, question: Question) -> AskedDay:
        counting, _ = _counting(spec.window, facts, day, question, context)
        return counting.day if counting else deciding_day_of_period(facts, day, question)

    return deciding_day


def _counting(
    spec: HoursWindow, facts: Facts, day: AskedDay, question: Question, context: Context
) -> tuple[CountedDays | None, Sources]:
    """Return the days that count, and the events that the window rests on; None if there is no window."""
    if spec.rolling_years is not None:
        return _rolling(spec.rolling_years, day, context), ()
    sources: Sources = ()
    if spec.calendar_year:
        window = _year_window(facts, day, question, context)
    elif spec.registration_term:
        # The term counts as granted, even if it ended early. A registration that never held has no term.
        terms = [term for term in facts.registrations if term.ever_held]
        begun = [term for term in terms if day.reached(term.first)]
        if not begun:
            return None, ()
        window, sources = Window(begun[-1].first, last_granted_day(begun[-1], context)), begun[-1].sources
    elif spec.from_day and spec.until_day:
        # The period is given in years. Its last year may be read as excluded, which leaves its first day.
        last = spec.until_day.replace(month=1, day=1) if context.assumes("start_of_year") else spec.until_day
        window = Window(spec.from_day, last)
    else:
        raise ValueError("a window has exactly one kind")
    return CountedDays(window, day.capped_at(window.last)), sources


def _rolling(years: int, day: AskedDay, context: Context) -> CountedDays:
    """Return the last years up to the day (R-04), or under an alternative the whole calendar years before this one."""
    if context.assumes("whole_calendar_years"):
        year = day.year()
        return CountedDays(Window(calendar_year(year - years).first, calendar_year(year - 1).last), day)
    closed, round_up = context.assumes("closed_both_ends"), context.assumes("round_up")
    window = rolling_years(years, day.date, closed=closed, round_up=round_up)
    return CountedDays(window, day, lambda on: leaving_day(on, 12 * years, closed=closed, round_up=round_up))


def _year_window(facts: Facts, day: AskedDay, question: Question, context: Context) -> Window:
    """Return the year in question (R-06): the calendar year, or under an alternative the one with the deciding day,
    counted from the first day of the latest registration or employment. Of a future year, it is the one that begins
    in it."""
    year = question.period or day.year()
    calendar = calendar_year(year)
    deciding_day = day.capped_at(calendar.last)
    starts: list[Day] = []
    if context.assumes("registration_year"):
        starts = [term.first for term in facts.registrations if deciding_day.reached(term.first)]
    elif context.assumes("employment_year"):
        jobs = (job for job in facts.employments if job.jurisdiction.startswith(stem(context.jurisdiction)))
        starts = [job.first for job in jobs if deciding_day.reached(job.first)]
    if not starts:
        return calendar
    window = anniversary_year(starts[-1], year)
    begun = deciding_day.reached(window.first) or not day.reached(calendar.first)
    return window if begun else anniversary_year(starts[-1], year - 1)
