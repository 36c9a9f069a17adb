"""`exam_complete` and `senior_route`: subjects passed within a window of exam years, and the senior review."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, get_args

from msgspec import Meta, Struct

from contracts.events.values import CertificateLevel, Day, ExamLevel, ExamSubject
from contracts.policies.language import Rule
from contracts.policies.packs import UnreadablePackError
from services.core.calendar import AskedDay, Window, calendar_year
from services.core.facts.facts import ExamPass, Facts, SeniorProof, SeniorReview
from services.core.rules.conditions.certificates import certificates_held, holds_level_or_higher
from services.core.rules.hours import in_hundredths
from services.core.rules.kinds.exam_years import MonthOfYear, next_exam_year
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed, PlainNeed, SeniorReviewNeed, SubjectNeed
from services.core.rules.parts import Context
from services.core.rules.result import Result
from services.core.rules.terms import ExamTerm
from services.core.rules.verdict import Node, Question, Reason, Status, Verdict, make_node
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
    """All subjects of a level passed within its consecutive exam years, which roll (N-02, N-03).

    Where a score under the mark is needed, which counts by a local line alone, the reason says so: the certificate is
    then valid only in that place (N-04). The exam is held once a year, as a rule in the month `held_in`, which decides
    no answer, only which exam is the next.
    """

    STATUSES: ClassVar = frozenset({"met", "not_met"})
    RESULTS: ClassVar = (ExamResult,)
    OF_A_LEVEL: ClassVar = True

    levels: Mapping[ExamLevel, ExamSubjects]
    held_in: MonthOfYear | None = None

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        if lacking := sorted({*get_args(ExamLevel)} - self.levels.keys()):
            raise UnreadablePackError(f"exam_complete has no level {', '.join(lacking)}")
        mark = in_hundredths(context.term(ExamTerm).pass_mark)

        def answer(facts: Facts, day: AskedDay, question: Question, _counted: Counted) -> Node:
            needed, counting = self.needed(question), _exams_passed(facts, day, question, mark)
            by_the_mark = [exam for exam in counting if reaches(exam, mark)]
            first_year, passed = _best_exam_window(by_the_mark, needed)
            is_local = len(passed) < len(needed.subjects)
            if is_local:
                first_year, passed = _best_exam_window(counting, needed)
            missing = [subject for subject in needed.subjects if subject not in {exam.subject for exam in passed}]
            reason: Reason | None = "passed_by_a_local_line" if is_local else None
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
                reason="subjects_missing" if missing else reason,
                result=ExamResult(window, tuple(s for s in needed.subjects if s not in missing)),
            )

        return Compiled(answer)

    def needed(self, question: Question) -> ExamSubjects:
        """Return the subjects of the level asked about. Raises ValueError without a level."""
        if question.level is None:
            raise ValueError("exam.complete needs a level")
        return self.levels[question.level]

    def first_complete_year(self, level: ExamLevel, passes: Iterable[ExamPass]) -> int | None:
        """Return the first exam year in which all subjects of a level are passed within its exam years."""
        needed, latest = self.levels[level], dict[ExamSubject, int]()
        for exam in sorted(passes, key=lambda exam: exam.year):
            if exam.level == level and exam.subject in needed.subjects:
                latest[exam.subject] = exam.year
                if len(latest) == len(needed.subjects) and min(latest.values()) > exam.year - needed.within_years:
                    return exam.year
        return None

    def needs(self, inquiry: Inquiry, _node: Node) -> Iterator[AnswerNeed]:
        """Yield each subject to be passed in the next exam: also one passed before, if that pass counts no longer.

        Of a subject that counts by a local line alone it is told that the certificate would be valid only in that place
        unless it is passed again by the mark (N-04).

        Nothing is left to sit for whoever holds a national certificate of the level or of a higher one.
        """
        if holds_level_or_higher(inquiry.context, inquiry.question.level, inquiry.facts, inquiry.as_of):
            return
        mark = in_hundredths(inquiry.context.term(ExamTerm).pass_mark)
        question, facts, as_of = inquiry.question, inquiry.facts, inquiry.as_of
        needed, passed = self.needed(question), _exams_passed(facts, AskedDay(as_of), question, mark)
        next_year = next_exam_year(inquiry, self.held_in)
        counting = [exam for exam in passed if exam.year + needed.within_years > next_year]
        of_any_year, of_these = {exam.subject for exam in passed}, {exam.subject for exam in counting}
        by_the_mark = {exam.subject for exam in counting if reaches(exam, mark)}
        for subject in needed.subjects:
            if subject not in of_these:
                yield SubjectNeed(
                    code="exam_subject_again" if subject in of_any_year else "exam_subject",
                    **inquiry.lack(f"exam_subject:{subject}").members(),
                    exam_year=next_year,
                    subject=subject,
                )
        for subject in needed.subjects:
            if subject in of_these - by_the_mark:
                yield SubjectNeed(
                    code="exam_subject_by_the_mark",
                    **inquiry.lack(f"exam_subject_by_the_mark:{subject}").members(),
                    exam_year=next_year,
                    subject=subject,
                )


def _exams_passed(facts: Facts, day: AskedDay, question: Question, mark: int) -> list[ExamPass]:
    """Return the exams of the level passed by the day: by the mark, by a local line, or without a score on record.

    None counts before its exam year has begun.
    """
    return [
        exam
        for exam in facts.exam_passes
        if exam.level == question.level
        and is_passed(exam, mark)
        and day.reached(max(exam.on, calendar_year(exam.year).first))
    ]


def is_passed(exam: ExamPass, mark: int) -> bool:
    """Say whether a subject counts as passed: by the mark, by a local line, or without a score on record."""
    return exam.score is None or exam.score >= mark or exam.pass_line == BY_LOCAL_LINE


def reaches(exam: ExamPass, mark: int) -> bool:
    """Say whether a pass holds everywhere: by its score, or unless it is reported as one by a local line."""
    return exam.score >= mark if exam.score is not None else exam.pass_line != BY_LOCAL_LINE


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


SENIOR: Sequence[CertificateLevel] = ("senior",)
ROUTE_ORDER: tuple[Status, ...] = ("not_met", "pending", "met")
HOW_FAR: Sequence[Reason | None] = (
    "proof_expired",
    "review_not_yet_applied_for",
    "review_failed",
    "review_undecided",
    "review_decided_both_ways",
    "certificate_withdrawn",
    None,
)
"""Of proofs with the same status the one decides that led furthest."""


class SeniorRoute(Kind, frozen=True):
    """From the pass proof to the review: applied for while a proof is valid, and passed (N-05); the best proof decides.

    Whoever holds the senior certificate is through. A failed review leaves the rest of the proof's term for another
    application, and after it a new proof is needed. A passed review stays passed where the certificate that came of it
    was withdrawn, or where the same application is decided otherwise, too; the reason says so. With
    `review_inside: decided` the decision, too, must have come while the proof was valid (R-39).
    """

    STATUSES: ClassVar = frozenset(ROUTE_ORDER)
    RESULTS: ClassVar = (Result,)

    review_inside: Literal["applied", "decided"] | None = None

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        held_on = certificates_held(context, SENIOR, "national")

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            if held := held_on(facts, day):
                return make_node(name, rule, "met", sources=held[0].sources)
            proofs = [proof for proof in facts.senior_proofs if day.reached(proof.first)]
            if not proofs:
                return make_node(name, rule, "not_applicable", reason="no_proof")
            outcomes = [self._outcome(proof, facts, day) for proof in proofs]
            best = max(outcomes, key=lambda outcome: (ROUTE_ORDER.index(outcome.status), HOW_FAR.index(outcome.reason)))
            return make_node(name, rule, best.status, sources=best.sources, reason=best.reason)

        return Compiled(answer)

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield the application, while a proof is valid, or a new proof; nothing where a decision is awaited on an
        application made with the proof that lasts longest."""
        if node.status == "pending":
            day = AskedDay(inquiry.as_of)
            last = self._last_day_to_apply(inquiry.facts, day)
            if last is not None:
                code: Literal["senior_review_today", "senior_review"] = (
                    "senior_review_today" if day.reached(last) else "senior_review"
                )
                yield SeniorReviewNeed(code=code, **inquiry.lack("senior_review").members(), until=last)
        elif node.status == "not_met":
            yield PlainNeed(code="senior_proof_new", **inquiry.lack("senior_proof").members())

    def _last_day_to_apply(self, facts: Facts, day: AskedDay) -> Day | None:
        """Return the last day of the valid proofs; None if there is none, or one that lasts so long has led to an
        application that is undecided."""
        valid = [proof for proof in facts.senior_proofs if day.within(proof.first, proof.last)]
        last = max((proof.last for proof in valid), default=None)
        longest = [self._outcome(proof, facts, day) for proof in valid if proof.last == last]
        return None if any(outcome.reason == "review_undecided" for outcome in longest) else last

    def _outcome(self, proof: SeniorProof, facts: Facts, day: AskedDay) -> Verdict:
        """Return how far the review has come that was applied for while a proof was valid."""
        inside = [
            review
            for review in facts.senior_reviews
            if proof.first <= review.applied_on <= proof.last and day.reached(review.applied_on)
        ]
        decided = [review for review in inside if review.decided_on and day.reached(review.decided_on)]
        passed = [
            _passed(review, decided, proof, facts, day)
            for review in reversed(decided)
            if review.passed and (self.review_inside != "decided" or _decided_inside(review, proof))
        ]
        if passed:
            return max(passed, key=lambda verdict: HOW_FAR.index(verdict.reason))
        is_valid, days_decided = day.within(proof.first, proof.last), {review.applied_on for review in decided}
        for review in inside:
            if review.applied_on not in days_decided and (is_valid or self.review_inside != "decided"):
                return Verdict("pending", "review_undecided", proof.sources + review.sources)
        failed = tuple(source for review in decided if not review.passed for source in review.sources)
        if failed:
            return Verdict("pending" if is_valid else "not_met", "review_failed", proof.sources + failed)
        if is_valid:
            return Verdict("pending", "review_not_yet_applied_for", proof.sources)
        return Verdict("not_met", "proof_expired", proof.sources)


def _passed(
    review: SeniorReview, decided: Iterable[SeniorReview], proof: SeniorProof, facts: Facts, day: AskedDay
) -> Verdict:
    """Return the verdict on a passed review, which says so if a senior certificate was withdrawn since, or if the same
    application is decided otherwise, too."""
    sources = proof.sources + review.sources
    for certificate in facts.certificates:
        passed_on, gone = review.decided_on, certificate.withdrawn_on
        came_of_it = certificate.level in SENIOR and certificate.national
        if came_of_it and passed_on and gone and passed_on <= gone and day.reached(gone):
            return Verdict("met", "certificate_withdrawn", sources + certificate.sources)
    for other in decided:
        if other.applied_on == review.applied_on and not other.passed:
            return Verdict("met", "review_decided_both_ways", sources + other.sources)
    return Verdict("met", None, sources)


def _decided_inside(review: SeniorReview, proof: SeniorProof) -> bool:
    return review.decided_on is not None and proof.first <= review.decided_on <= proof.last
