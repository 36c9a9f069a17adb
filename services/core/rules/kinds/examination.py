"""`exam_complete` and `senior_route`: subjects passed within a window of exam years, and the senior review."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, get_args

from msgspec import UNSET, Meta, Struct

from contracts.events.values import ExamLevel, ExamSubject
from contracts.policies.language import Rule
from contracts.policies.packs import UnreadablePackError
from services.core.calendar import AskedDay, Window, calendar_year
from services.core.facts.facts import ExamPass, Facts, SeniorProof, SeniorReview, Sources
from services.core.rules.hours import in_hundredths
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed, PlainNeed, SeniorReviewNeed, SubjectNeed
from services.core.rules.parts import Context
from services.core.rules.result import Result
from services.core.rules.terms import ExamTerm
from services.core.rules.verdict import Node, Question, Reason, Status, make_node
from services.core.rules.windows import Counted

BY_LOCAL_LINE = "local"
ExamYears = Annotated[int, Meta(ge=1, le=10)]


class ExamResult(Result, frozen=True):
    """The window of exam years with the most subjects passed, and those subjects."""

    window: Window | None = None
    subjects: tuple[ExamSubject, ...] = ()


class ExamSubjects(Struct, frozen=True, forbid_unknown_fields=True):
    """All `subjects` within so many consecutive exam years."""

    subjects: tuple[ExamSubject, ...]
    within_years: ExamYears


class ExamComplete(Kind, frozen=True):
    """All subjects of a level passed within its consecutive exam years, which roll (N-02, N-03)."""

    STATUSES: ClassVar = frozenset({"met", "not_met"})
    RESULTS: ClassVar = (ExamResult,)

    levels: Mapping[ExamLevel, ExamSubjects]

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        if lacking := sorted({*get_args(ExamLevel)} - self.levels.keys()):
            raise UnreadablePackError(f"exam_complete has no level {', '.join(lacking)}")
        mark = in_hundredths(context.term(ExamTerm).pass_mark)

        def answer(facts: Facts, day: AskedDay, question: Question, _counted: Counted) -> Node:
            needed = self.needed(question)
            first_year, passed = _best_exam_window(_exams_passed(facts, day, question, mark), needed)
            missing = [subject for subject in needed.subjects if subject not in {exam.subject for exam in passed}]
            window = None
            if first_year is not None:
                window = Window(
                    calendar_year(first_year).first, calendar_year(first_year + needed.within_years - 1).last
                )
            return make_node(
                name,
                rule,
                "not_met" if missing else "met",
                sources=tuple(source for exam in passed for source in exam.sources),
                reason="subjects_missing" if missing else None,
                result=ExamResult(window, tuple(s for s in needed.subjects if s not in missing)),
            )

        return Compiled(answer)

    def needed(self, question: Question) -> ExamSubjects:
        """Return the subjects of the level asked about. Raises ValueError without a level."""
        if question.level is None:
            raise ValueError("exam.complete needs a level")
        return self.levels[question.level]

    def needs(self, inquiry: Inquiry, _node: Node) -> Iterator[AnswerNeed]:
        """Yield each subject still to be passed, with a last day if earlier passes would no longer count after it."""
        mark = in_hundredths(inquiry.context.term(ExamTerm).pass_mark)
        question, day = inquiry.question, inquiry.as_of
        needed, passed = self.needed(question), _exams_passed(inquiry.facts, AskedDay(day), question, mark)
        recent = [
            exam for exam in passed if exam.year + needed.within_years > day.year and exam.subject in needed.subjects
        ]
        latest = calendar_year(min(exam.year for exam in recent) + needed.within_years - 1).last if recent else UNSET
        for subject in needed.subjects:
            if subject not in {exam.subject for exam in recent}:
                yield SubjectNeed(
                    code="exam_subject_by" if recent else "exam_subject",
                    **inquiry.lack(f"exam_subject:{subject}").members(),
                    until=latest,
                    subject=subject,
                )


def _exams_passed(facts: Facts, day: AskedDay, question: Question, mark: int) -> list[ExamPass]:
    """Return the exams of the level passed by the day: by the mark, by a local line, or without a score on record."""
    of_level = (exam for exam in facts.exam_passes if exam.level == question.level)
    return [
        exam
        for exam in of_level
        if (exam.score is None or exam.score >= mark or exam.pass_line == BY_LOCAL_LINE) and day.reached(exam.on)
    ]


def _best_exam_window(passes: list[ExamPass], needed: ExamSubjects) -> tuple[int | None, list[ExamPass]]:
    """Return the first year of the window with the most subjects, and a pass for each; the earliest complete one wins.

    Without any pass the year is None.
    """
    best: tuple[int | None, list[ExamPass]] = (None, [])
    for first_year in sorted({exam.year for exam in passes}):
        inside = [exam for exam in passes if first_year <= exam.year < first_year + needed.within_years]
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


class SeniorRoute(Kind, frozen=True):
    """The review passed while a proof was valid (N-05); the best proof decides."""

    STATUSES: ClassVar = frozenset(ROUTE_ORDER)
    RESULTS: ClassVar = (Result,)

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
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

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield the review, while a proof is valid, or a proof; nothing where the review waits for a decision."""
        proofs = [proof for proof in inquiry.facts.senior_proofs if proof.first <= inquiry.as_of]
        if node.status == "pending":
            last = max(proof.last for proof in proofs)
            yield SeniorReviewNeed(**inquiry.lack("senior_review").members(), until=last)
        elif node.status == "not_met":
            code: Literal["senior_proof_new", "senior_proof"] = "senior_proof_new" if proofs else "senior_proof"
            yield PlainNeed(code=code, **inquiry.lack("senior_proof").members())


def _proof_outcome(proof: SeniorProof, reviews: list[SeniorReview], day: AskedDay) -> tuple[Status, Sources]:
    inside = [review for review in reviews if proof.first <= review.applied_on <= proof.last]
    for review in inside:
        if proof.first <= review.decided_on <= proof.last:
            return "met", proof.sources + review.sources
    late = next((review for review in inside if review.decided_on > proof.last), None)
    if late:
        return "needs_review", proof.sources + late.sources
    return ("not_met" if day.reached(proof.last) else "pending"), proof.sources
