"""The way to a certificate: subjects passed within a window of exam years, and the senior review."""

from collections.abc import Iterator, Mapping

from contracts.events.values import Day, ExamSubject
from contracts.policies.language import (
    ExamComplete,
    ExamSubjects,
    Rule,
    SeniorRoute,
)
from services.core.calendar import AskedDay, Window, calendar_year
from services.core.facts.facts import ExamPass, Facts, SeniorProof, SeniorReview, Sources
from services.core.rules.result import Result
from services.core.rules.verdict import Compiled, Context, Node, Question, Reason, Status, make_node

PASS_MARK = 60_00
"""The national pass line of every subject, in hundredths (N-04)."""


class ExamResult(Result, frozen=True):
    """The window of exam years with the most subjects passed, and those subjects."""

    window: Window | None = None
    subjects: tuple[ExamSubject, ...] = ()


def exam_complete(spec: ExamComplete, name: str, rule: Rule, _context: Context) -> Compiled:
    """Answer whether all subjects of a level were passed within its consecutive exam years, rolling (N-03)."""

    def answer(facts: Facts, day: AskedDay, question: Question) -> Node:
        needed, counted = _needed(spec, question), _counted(facts, day, question)
        first_year, passed = _best_exam_window(counted, needed)
        missing = [subject for subject in needed.subjects if subject not in {exam.subject for exam in passed}]
        window = None
        if first_year is not None:
            window = Window(calendar_year(first_year).first, calendar_year(first_year + needed.years - 1).last)
        return make_node(
            name,
            rule,
            "not_met" if missing else "met",
            sources=tuple(source for exam in passed for source in exam.sources),
            reason="subjects_missing" if missing else None,
            result=ExamResult(window, tuple(s for s in needed.subjects if s not in missing)),
        )

    return Compiled(answer)


def subjects_to_pass(spec: ExamComplete, facts: Facts, question: Question) -> Iterator[tuple[ExamSubject, Day | None]]:
    """Yield each subject still to be passed, with a last day if earlier passes would no longer count after it."""
    needed, counted = _needed(spec, question), _counted(facts, AskedDay(question.as_of), question)
    year = question.as_of.year
    recent = [exam for exam in counted if exam.year + needed.years > year and exam.subject in needed.subjects]
    latest = calendar_year(min(exam.year for exam in recent) + needed.years - 1).last if recent else None
    for subject in needed.subjects:
        if subject not in {exam.subject for exam in recent}:
            yield subject, latest


def _needed(spec: ExamComplete, question: Question) -> ExamSubjects:
    if question.level is None:
        raise ValueError("exam.complete needs a level")
    return spec.levels[question.level]


def _counted(facts: Facts, day: AskedDay, question: Question) -> list[ExamPass]:
    of_level = (exam for exam in facts.exam_passes if exam.level == question.level)
    return [exam for exam in of_level if _passes(exam) and day.reached(exam.on)]


def _passes(exam: ExamPass) -> bool:
    """Say whether a pass counts: by its score, by a local line, or because no score is recorded (N-04)."""
    return exam.score is None or exam.score >= PASS_MARK or exam.pass_line == "local"  # noqa: S105 - an exam's pass line, no password.


def _best_exam_window(passes: list[ExamPass], needed: ExamSubjects) -> tuple[int | None, list[ExamPass]]:
    """Return the first year of the window with the most subjects, and a pass for each; the earliest complete one wins.

    Without any pass the year is None.
    """
    best: tuple[int | None, list[ExamPass]] = (None, [])
    for first_year in sorted({exam.year for exam in passes}):
        inside = [exam for exam in passes if first_year <= exam.year < first_year + needed.years]
        by_subject = {exam.subject: exam for exam in reversed(inside) if exam.subject in needed.subjects}
        complete = len(best[1]) == len(needed.subjects)
        if by_subject and len(by_subject) >= len(best[1]) and not complete:
            best = first_year, list(by_subject.values())
    return best


ROUTE_ORDER: tuple[Status, ...] = ("not_met", "pending", "needs_review", "met")

ROUTE_REASONS: Mapping[Status, Reason] = {
    "not_met": "proof_expired",
    "pending": "review_not_yet_passed",
    "needs_review": "decided_after_the_proof_expired",
}


def senior_route(_spec: SeniorRoute, name: str, rule: Rule, _context: Context) -> Compiled:
    """Answer whether the review was passed while a proof was valid (N-05); the best proof decides."""

    def answer(facts: Facts, day: AskedDay, _question: Question) -> Node:
        proofs = [proof for proof in facts.senior_proofs if day.reached(proof.first)]
        reviews = [review for review in facts.senior_reviews if review.passed and day.reached(review.decided_on)]
        outcomes = [_proof_outcome(proof, reviews, day) for proof in proofs]
        status, sources = max(outcomes, key=lambda outcome: ROUTE_ORDER.index(outcome[0]), default=("not_met", ()))
        return make_node(
            name,
            rule,
            status,
            sources=sources,
            reason=ROUTE_REASONS.get(status) if proofs else "no_proof",
        )

    return Compiled(answer)


def _proof_outcome(proof: SeniorProof, reviews: list[SeniorReview], day: AskedDay) -> tuple[Status, Sources]:
    inside = [review for review in reviews if proof.first <= review.applied_on <= proof.last]
    for review in inside:
        if proof.first <= review.decided_on <= proof.last:
            return "met", proof.sources + review.sources
    late = next((review for review in inside if review.decided_on > proof.last), None)
    if late:
        return "needs_review", proof.sources + late.sources
    return ("not_met" if day.reached(proof.last) else "pending"), proof.sources
