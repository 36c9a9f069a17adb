"""`professional_years`: time in direct service."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from contracts.events.values import LAST_DAY
from contracts.policies.language import Rule
from services.core.calendar import ONE_DAY, AskedDay, Window, add_months
from services.core.facts.facts import Employment, Facts
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed, PlainNeed
from services.core.rules.parts import Context
from services.core.rules.result import Result
from services.core.rules.verdict import Node, Question, make_node
from services.core.rules.windows import Counted

DAYS_OF_A_MONTH = 31
"""Days left over from several spans add up to months of this length. The rest of a single span is always shorter."""


class YearsServed(Result, frozen=True):
    """Time in direct service, in whole years and remaining whole months."""

    years: int | None = None
    months: int | None = None

    KEY: ClassVar = "years"


class ProfessionalYears(Kind, frozen=True):
    """Whole years and months of direct service up to and including the day, counted once where they overlap (N-06)."""

    STATUSES: ClassVar = frozenset({"valid", "none"})
    RESULTS: ClassVar = (YearsServed,)

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            served = jobs_served(facts, day)
            months = months_up_to(day, merged(served))
            return make_node(
                name,
                rule,
                "valid" if served else "none",
                sources=tuple([source for job in served for source in job.sources]),
                reason=None if served else "no_direct_service",
                result=YearsServed(months // 12 if served else None, months % 12 if served else None),
            )

        return Compiled(answer)

    def needs(self, inquiry: Inquiry, _node: Node) -> Iterator[AnswerNeed]:
        """Yield an employment in direct service."""
        yield PlainNeed(code="direct_service", **inquiry.lack("direct_service").members())


def jobs_served(facts: Facts, day: AskedDay) -> list[Employment]:
    """Return the employments in direct service, of whatever role, that have begun by the day."""
    jobs = [job for job in facts.employments if job.direct_service]
    return [job for job in jobs if (job.last is None or job.last >= job.first) and day.reached(job.first)]


def months_up_to(day: AskedDay, spans: Iterable[Window]) -> int:
    """Return the whole months in the spans up to the day; the remaining days of all spans add up to further months.

    While service continues, the next whole month comes on the corresponding day, or when the remaining days suffice.
    """
    months = left_over = 0
    for span in spans:
        end = min(span.last, day.date) + ONE_DAY
        whole = (end.year - span.first.year) * 12 + end.month - span.first.month
        complete = add_months(span.first, whole)
        if complete > end:
            whole -= 1
            complete = add_months(span.first, whole)
        months += whole
        left_over += (end - complete).days
        if not day.reached(span.last):
            day.reached(add_months(span.first, whole + 1) - ONE_DAY)
            day.reached(day.date + (DAYS_OF_A_MONTH - left_over % DAYS_OF_A_MONTH) * ONE_DAY)
    return months + left_over // DAYS_OF_A_MONTH


def merged(jobs: Iterable[Employment]) -> list[Window]:
    """Return the spans of employments that are in order of their first day, with overlaps merged. An open one never
    ends."""
    spans: list[Window] = []
    for job in jobs:
        last = job.last or LAST_DAY
        if spans and job.first <= spans[-1].last + ONE_DAY:
            spans[-1] = Window(spans[-1].first, max(spans[-1].last, last))
        else:
            spans.append(Window(job.first, last))
    return spans
