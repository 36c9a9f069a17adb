"""`exam_entry`: whether somebody may sit the exam of a level in an exam year, by which education and years of work."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, get_args

from msgspec import Meta, Struct

from contracts.events.values import FIRST_DAY, LAST_DAY, Day, EducationField, EducationLevel, ExamLevel
from contracts.policies.language import Rule
from contracts.policies.packs import UnreadablePackError
from services.core.calendar import AskedDay, Window, calendar_year
from services.core.facts.facts import Education, Facts, Sources
from services.core.rules.conditions.certificates import (
    HeldOn,
    certificate_need,
    certificates_held,
    holds_level_or_higher,
    obtained_on,
)
from services.core.rules.kinds.exam_years import MonthOfYear, next_exam_year
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.kinds.professional_years import jobs_served, merged, months_up_to
from services.core.rules.needs import AnswerNeed, EntryNeed, PlainNeed
from services.core.rules.parts import Context
from services.core.rules.result import Code, Result
from services.core.rules.terms import CertificateTerm, FirstExam
from services.core.rules.verdict import Node, Question, Reason, make_node, result_of
from services.core.rules.windows import Counted

YearsOfWork = Annotated[int, Meta(ge=0, le=50)]
MONTHS_OF_YEAR = 12


class EntryResult(Result, frozen=True):
    """The education by which somebody may sit the exam, or may first; the whole years of work that it asks for, and
    those that there are by 31 December of the exam year; and the first exam year open by any education on record, if
    the work goes on."""

    route: Code | None = None
    years_required: int | None = None
    years: int | None = None
    eligible_from_exam_year: int | None = None


class Way(Struct, frozen=True, forbid_unknown_fields=True):
    """One of several kinds of `education`, in a `field` if one is named, and whole `years` of work.

    With `after_certificate` the years count from the day of a national certificate of that level.
    """

    education: tuple[EducationLevel, ...]
    years: YearsOfWork
    field: EducationField | None = None
    after_certificate: ExamLevel | None = None

    def is_opened_by(self, education: Education) -> bool:
        """Say whether somebody of this education may take the way."""
        return education.level in self.education and self.field in (None, education.field)


class _Progress(Struct, frozen=True):
    """How far somebody of the right education is on a way: from `first_year` on it is open, if ever.

    Without the certificate that the way asks for, `months` are not known.
    """

    name: str
    way: Way
    months: int | None
    first_year: int | None
    sources: Sources

    def open_in(self, year: int) -> bool:
        return self.first_year is not None and self.first_year <= year


class ExamEntry(Kind, frozen=True):
    """Entry to the exam of each level by any one of several ways (N-06).

    Years of work run to 31 December of the exam year, in an employment that has not ended to that day. What began after
    that day does not count, and a text that began after it does not answer. Of a year in which the exam was not held
    yet nobody is asked (N-01). The month `held_in`, in which the exam is held as a rule, decides no answer: advice
    names no exam before the next one.
    """

    STATUSES: ClassVar = frozenset({"eligible", "not_eligible", "needs_review"})
    RESULTS: ClassVar = (EntryResult,)
    OF_A_LEVEL: ClassVar = True

    levels: Mapping[ExamLevel, tuple[Mapping[str, Way], ...]]
    held_in: MonthOfYear | None = None

    def __post_init__(self) -> None:
        """Refuse a way that has no name, or several."""
        if any(len(named) != 1 for ways in self.levels.values() for named in ways):
            raise ValueError("a way is an object with one key, its name")

    @property
    def outermost(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for ways in self.levels.values() for named in ways for name in named))

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        if lacking := sorted({*get_args(ExamLevel)} - self.levels.keys()):
            raise UnreadablePackError(f"exam_entry has no level {', '.join(lacking)}")
        held_on = {level: certificates_held(context, (level,), "national") for level in get_args(ExamLevel)}
        by_issue = context.term(CertificateTerm).by_issue
        first_exam = context.terms.known(FirstExam)

        def progress(name: str, way: Way, facts: Facts, day: AskedDay, last: Day, first_held: int) -> _Progress | None:
            awarded = [education for education in facts.educations if day.reached(education.on)]
            opening = next((education for education in awarded if way.is_opened_by(education)), None)
            if opening is None:
                return None
            jobs = jobs_served(facts, day)
            begins, sources = _years_begin(way, held_on, facts, day, by_issue=by_issue)
            sources = opening.sources + sources + tuple(source for job in jobs for source in job.sources)
            if begins is None:
                return _Progress(name, way, None, None, sources)
            spans = [Window(max(span.first, begins), span.last) for span in merged(jobs) if span.last >= begins]
            first_year = _first_year(spans, way.years, max(opening.on.year, begins.year, first_held))
            return _Progress(name, way, _months(spans, last), first_year, sources)

        def answer(facts: Facts, day: AskedDay, question: Question, counted: Counted) -> Node:
            known, year, ways = counted.deciding_day, _exam_year(day, question), self.ways(question)
            first_held = first_exam.year_of(_level(question)) if first_exam else FIRST_DAY.year
            if year < first_held:
                return make_node(name, rule, "not_applicable", reason="exam_not_held_yet", result=EntryResult())
            last = calendar_year(year).last
            tried = [
                progress(way_name, way, facts, known, last, first_held)
                for named in ways
                for way_name, way in named.items()
            ]
            on_the_way = [one for one in tried if one is not None]
            if not any(known.reached(education.on) for education in facts.educations):
                years = _months(merged(jobs_served(facts, known)), last) // MONTHS_OF_YEAR
                return make_node(
                    name, rule, "needs_review", reason="no_education_on_record", result=EntryResult(years=years)
                )
            best = _best(on_the_way, year)
            if best is None:
                sources = tuple(source for education in facts.educations for source in education.sources)
                return make_node(
                    name, rule, "not_eligible", reason="education_opens_no_entry", result=EntryResult(), sources=sources
                )
            first_years = [one.first_year for one in on_the_way if one.first_year is not None]
            return make_node(
                name,
                rule,
                "eligible" if best.open_in(year) else "not_eligible",
                sources=best.sources,
                reason=None if best.open_in(year) else _reason(best),
                children=tuple(_node(one, rule, year) for one in on_the_way),
                result=EntryResult(
                    best.name,
                    best.way.years,
                    None if best.months is None else best.months // MONTHS_OF_YEAR,
                    min(first_years, default=None),
                ),
            )

        return Compiled(answer, _counted_in_the_exam_year)

    def ways(self, question: Question) -> Sequence[Mapping[str, Way]]:
        """Return the ways to the exam of the level asked about, by name. Raises ValueError without a level."""
        return self.levels[_level(question)]

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield the first exam from the next one on that is open, or what would open it.

        Whoever holds the certificate of the level, or a higher one, which is valid nationally, need not sit the exam.
        """
        result, level = result_of(node, EntryResult), inquiry.question.level
        if node.status != "not_eligible" or holds_level_or_higher(inquiry.context, level, inquiry.facts, inquiry.as_of):
            return
        if node.reason == "education_opens_no_entry":
            yield PlainNeed(code="education", **inquiry.lack("education").members())
        elif result.eligible_from_exam_year is not None:
            year = max(result.eligible_from_exam_year, next_exam_year(inquiry, self.held_in))
            yield EntryNeed(code="exam_entry_from", **inquiry.lack("years").members(), exam_year=year)
        else:
            named = {name: way for ways in self.ways(inquiry.question) for name, way in ways.items()}
            way = named[result.route or ""]
            if node.reason == "no_certificate_to_count_from" and way.after_certificate:
                yield certificate_need(inquiry.lack("certificate").members(), (way.after_certificate,), "national")
            if way.years:
                yield EntryNeed(code="exam_entry_years", **inquiry.lack("years").members(), years=way.years)


def _level(question: Question) -> ExamLevel:
    if question.level is None:
        raise ValueError("exam.entry needs a level")
    return question.level


def _exam_year(day: AskedDay, question: Question) -> int:
    return day.year() if question.year is None else question.year


def _counted_in_the_exam_year(_facts: Facts, day: AskedDay, question: Question) -> Counted:
    """Return the deciding day: the day asked about, but at most the last one of the exam year."""
    return Counted(day.capped_at(calendar_year(_exam_year(day, question)).last))


def _years_begin(
    way: Way, held_on: Mapping[ExamLevel, HeldOn], facts: Facts, day: AskedDay, *, by_issue: bool
) -> tuple[Day | None, Sources]:
    """Return the day from which years count, with the certificate that decides it; no day if that is not held."""
    if way.after_certificate is None:
        return Day.min, ()
    held = held_on[way.after_certificate](facts, day)
    first = min(held, key=lambda certificate: obtained_on(certificate, by_issue=by_issue), default=None)
    return (obtained_on(first, by_issue=by_issue), first.sources) if first else (None, ())


def _months(spans: Sequence[Window], last: Day) -> int:
    """Return the whole months up to the last day of an exam year: no day between is a turn."""
    return months_up_to(AskedDay(last), spans)


def _first_year(spans: Sequence[Window], years: int, not_before: int) -> int | None:
    """Return the first exam year by whose end the years are full; None if they never will be."""
    candidates = range(not_before, LAST_DAY.year + 1)
    full = MONTHS_OF_YEAR * years
    found = bisect_left(candidates, True, key=lambda year: _months(spans, calendar_year(year).last) >= full)
    return candidates[found] if found < len(candidates) else None


def _best(on_the_way: Sequence[_Progress], year: int) -> _Progress | None:
    """Return the first way that is open in the year; else the one that opens first; else one that lacks years alone."""
    return next((one for one in on_the_way if one.open_in(year)), None) or min(
        on_the_way,
        key=lambda one: (one.first_year is None, one.first_year or 0, one.months is None),
        default=None,
    )


def _reason(progress: _Progress) -> Reason:
    return "no_certificate_to_count_from" if progress.months is None else "too_few_years"


def _node(progress: _Progress, rule: Rule, year: int) -> Node:
    is_open = progress.open_in(year)
    return Node(
        "met" if is_open else "not_met",
        None if is_open else _reason(progress),
        progress.sources,
        rule=progress.name,
        clause=rule.clause,
    )
