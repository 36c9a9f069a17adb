"""Continuing education: hours counted in a window, against a figure."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from msgspec import structs

from contracts.events.values import Day
from services.projections.facts.facts import Facts, Sources
from services.projections.facts.windows import (
    ONE_DAY,
    Window,
    add_months,
    anniversary_year,
    calendar_year,
    earliest,
    last_day_before_next,
    rolling_years,
    stem,
)
from services.projections.policy.determination import Context, Form, Node, Question, Status, made, window_ends
from services.projections.policy.hours import (
    Count,
    Hundredths,
    class_hour_factor,
    count,
    degree_item,
    hour_turns,
    in_hundredths,
    printed,
)
from services.projections.policy.operators import (
    best_certificate,
    compile_condition,
    last_registered_day,
    registration_on,
)
from services.projections.policy.pack import (
    CountedHours,
    HoursWindow,
    Rule,
)

NO_HOURS: Mapping[str, Any] = {
    "counted_hours": None,
    "required_hours": None,
    "shortfall_hours": None,
    "window": None,
    "met_on": None,
    "not_counted": [],
}


def counted_hours(spec: CountedHours, name: str, rule: Rule, context: Context) -> Form:
    """Answer whether the hours in the window reach the figure; before its last day a shortfall is pending."""
    applies = compile_condition("applies_to", spec.applies_to, rule.clause, context) if spec.applies_to else None
    converts = "R-07" in rule.readings and not (context.assumes("one_to_one") or context.assumes("forty_five_minutes"))
    fixed = in_hundredths(spec.required) if spec.required else None

    def required_on(facts: Facts, day: Day) -> tuple[int | None, Sources, Day | None]:
        if spec.required_by_level is None:
            return fixed, (), None
        best, until = best_certificate(facts, day, context, national_only=True)
        figure = spec.required_by_level.get(best.level) if best else None
        return (in_hundredths(figure) if figure else None), (best.sources if best else ()), until

    def counted(facts: Facts, window: Window, day: Day) -> Count:
        found = count(facts.trainings, window, day, spec.unit, context)
        if spec.first_degree_hours:
            degree = degree_item(facts.educations, window, day, in_hundredths(spec.first_degree_hours))
            if degree:
                return structs.replace(found, items=(*found.items, degree))
        return found

    def status_of(found: Count, required: Hundredths, *, open_window: bool) -> Status:
        def reached(total: Hundredths) -> Status:
            return "met" if total >= required else "pending" if open_window else "not_met"

        status = reached(found.total)
        if converts and any(
            reached(found.total + found.other_unit * factor) != status
            for factor in (Fraction(1), class_hour_factor(spec.unit))
        ):
            return "needs_review"
        return "needs_review" if found.in_days and status != "met" else status

    def form(facts: Facts, question: Question) -> Node:
        window, sources, window_until = _window_of(spec.window, facts, question, context)
        if window is None:
            return made(name, rule, "not_applicable", window_until, reason="no_window", result=dict(NO_HOURS))
        deciding_day = min(question.as_of, window.last)
        found = counted(facts, window, deciding_day)
        required, required_sources, required_until = required_on(facts, deciding_day)
        applying = applies(facts, deciding_day) if applies else None
        untils = [window_until]
        if question.as_of < window.last:
            degrees = [education.on for education in facts.educations]
            turns = [turn for turn in (*hour_turns(facts.trainings), *degrees) if turn <= window.last]
            untils.append(last_day_before_next(question.as_of, (*turns, *_split_days(facts, context), window.last)))
            untils += [required_until, applying.until if applying else None]
        figure: Hundredths | None = required
        if required is not None and context.assumes("pro_rata_by_month"):
            figure = required * _share_of_months(spec, facts, window, context)
        if figure is None or (applying and applying.status != "met"):
            status: Status = "not_applicable"
        else:
            status = status_of(found, figure, open_window=question.as_of < window.last)
        shortfall = max(required - int(found.total), 0) if required is not None else None
        return made(
            name,
            rule,
            status,
            earliest(untils),
            sources=sources + required_sources + tuple(source for item in found.items for source in item.sources),
            children=(applying,) if applying else (),
            reason=_hours_reason(status, found),
            result={
                "counted_hours": printed(found.total),
                "required_hours": printed(required) if required is not None else None,
                "shortfall_hours": printed(shortfall) if shortfall is not None else None,
                "window": window_ends(window),
                "met_on": found.met_on(required) if required is not None else None,
                "not_counted": [{"event_id": id_, "reason": reason} for id_, reason in found.not_counted],
            },
            would_change=(
                ({"need": spec.unit, "amount": printed(shortfall or 0), "until": window.last.isoformat()},)
                if status in ("pending", "needs_review") and shortfall
                else ()
            ),
            decided_on=deciding_day,
        )

    return form


def _hours_reason(status: Status, found: Count) -> str | None:
    if status == "needs_review":
        return "unit_not_convertible"
    return {"pending": "shortfall_window_open", "not_met": "shortfall", "not_applicable": "rule_does_not_apply"}.get(
        status
    )


def _split_days(facts: Facts, context: Context) -> list[Day]:
    """Return further turns where a training is split over its days; each of them may change what counts."""
    if not context.assumes("pro_rata_by_day"):
        return []
    return [training.started_on for training in facts.trainings if training.started_on is not None]


def _share_of_months(spec: CountedHours, facts: Facts, window: Window, context: Context) -> Fraction:
    """Return the share of the window's months with work where the rule applies (R-22's alternative)."""
    reach = stem(context.jurisdiction)
    months = set(_months(window))
    covered: set[int] = set()
    for job in facts.employments:
        last = min(job.last or window.last, window.last)
        if job.jurisdiction.startswith(reach) and job.first <= last:
            covered |= months & set(_months(Window(max(job.first, window.first), last)))
    return Fraction(len(covered), len(months)) if spec.applies_to and covered else Fraction(1)


def _months(window: Window) -> range:
    return range(window.first.year * 12 + window.first.month, window.last.year * 12 + window.last.month + 1)


def _window_of(
    spec: HoursWindow, facts: Facts, question: Question, context: Context
) -> tuple[Window | None, Sources, Day | None]:
    """Return the window, the events that give it, and the last day on which the question has this window."""
    day = question.as_of
    if spec.calendar_year:
        year = question.period or day.year
        until = None if question.period else calendar_year(day.year).last
        return _year_window(year, facts, day, context), (), until
    if spec.rolling_years is not None:
        window = rolling_years(spec.rolling_years, day, closed=context.assumes("closed_both_ends"))
        if context.assumes("whole_calendar_years"):
            window = Window(calendar_year(day.year - spec.rolling_years).first, calendar_year(day.year - 1).last)
        leaving = [
            add_months(turn, 12 * spec.rolling_years) + ONE_DAY * shift
            for turn in (*hour_turns(facts.trainings), *(education.on for education in facts.educations))
            for shift in (-1, 0, 1)
        ]
        return window, (), last_day_before_next(day, (*hour_turns(facts.trainings), *leaving))
    if spec.registration_term:
        _, begun, _ = registration_on(facts, day, context)
        until = last_day_before_next(day, (term.first for term in facts.registrations))
        if begun is None:
            return None, (), until
        return Window(begun.first, last_registered_day(begun, context)), begun.sources, until
    if spec.from_day and spec.until_day:
        return Window(spec.from_day, spec.until_day), (), None
    raise ValueError("a window has exactly one kind")


def _year_window(year: int, facts: Facts, day: Day, context: Context) -> Window:
    """Return the year meant (R-06): the calendar year, or under an alternative one counted from a first day."""
    starts: list[Day] = []
    if context.assumes("registration_year"):
        starts = [term.first for term in facts.registrations if term.first <= day]
    elif context.assumes("employment_year"):
        reach = stem(context.jurisdiction)
        starts = [job.first for job in facts.employments if job.first <= day and job.jurisdiction.startswith(reach)]
    return anniversary_year(starts[-1], year) if starts else calendar_year(year)
