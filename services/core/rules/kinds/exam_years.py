"""The next exam: the exam is held once a year, as a rule in the same month."""

from typing import Annotated

from msgspec import Meta

from services.core.rules.kinds.kind import Inquiry
from services.core.rules.terms import FirstExam

MonthOfYear = Annotated[int, Meta(ge=1, le=12)]


def next_exam_year(inquiry: Inquiry, held_in: MonthOfYear | None) -> int:
    """Return the year of the next exam: that of the day, unless its month is over or the person has sat it.

    It is never before the first one.
    """
    facts, as_of, level = inquiry.facts, inquiry.as_of, inquiry.question.level
    sat = any(exam.year == as_of.year and exam.on <= as_of for exam in facts.exam_passes)
    over = held_in is not None and as_of.month > held_in
    first_exam = inquiry.context.terms.known(FirstExam)
    first_held = first_exam.year_of(level) if first_exam and level else as_of.year
    return max(as_of.year + (1 if sat or over else 0), first_held)
