"""Time in direct service."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from contracts.events.values import LAST_DAY, Day
from contracts.policies.language import (
    ProfessionalYears,
    Rule,
)
from services.core.calendar import (
    ONE_DAY,
    AskedDay,
    Window,
    add_months,
)
from services.core.facts.facts import Employment, Facts
from services.core.rules.verdict import Compiled, Context, Node, Question, made

DAYS_OF_A_MONTH = 31
"""Days left over from several spans add up to months of this length; those of one span alone never reach it."""


def professional_years(_spec: ProfessionalYears, name: str, rule: Rule, _context: Context) -> Compiled:
    """Answer with whole years and months of direct service up to and including the day."""

    def form(facts: Facts, day: AskedDay, _question: Question) -> Node:
        jobs = [job for job in facts.employments if job.direct_service]
        served = [job for job in jobs if (job.last is None or job.last >= job.first) and day.reached(job.first)]
        months = _months_up_to(day, _merged(jobs))
        return made(
            name,
            rule,
            "valid" if served else "none",
            sources=tuple(source for job in served for source in job.sources),
            reason=None if served else "no_direct_service",
            result={"years": months // 12 if served else None, "months": months % 12 if served else None},
        )

    return Compiled(form)


def _months_up_to(day: AskedDay, spans: Sequence[Window]) -> int:
    """Return the whole months served. While service goes on they never fall, and the next one comes within 31 days."""
    months = sum_of_months(_up_to(day.date, spans))
    if any(day.within(span.first, span.last - ONE_DAY) for span in spans):
        days = range(1, DAYS_OF_A_MONTH + 1)
        same = bisect_right(days, months, key=lambda n: sum_of_months(_up_to(day.date + n * ONE_DAY, spans)))
        day.reached(day.date + min(same + 1, DAYS_OF_A_MONTH) * ONE_DAY)
    return months


def _merged(jobs: Iterable[Employment]) -> Sequence[Window]:
    """Return the spans of the employments, overlaps counted once; an open one goes on for ever."""
    merged: list[Window] = []
    for span in sorted(Window(job.first, job.last or LAST_DAY) for job in jobs):
        if span.last < span.first:
            continue
        if merged and span.first <= merged[-1].last + ONE_DAY:
            merged[-1] = Window(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return merged


def _up_to(day: Day, spans: Iterable[Window]) -> list[Window]:
    """Return what of the spans lies on `day` or before."""
    return [Window(span.first, min(span.last, day)) for span in spans if span.first <= day]


def sum_of_months(spans: list[Window]) -> int:
    """Return whole months in the spans, days left over from each adding up to further months."""
    months = days = 0
    for span in spans:
        end = span.last + ONE_DAY
        whole = (end.year - span.first.year) * 12 + end.month - span.first.month
        if add_months(span.first, whole) > end:
            whole -= 1
        months += whole
        days += (end - add_months(span.first, whole)).days
    return months + days // DAYS_OF_A_MONTH
