"""Certificates and senior reviews whose days cannot be as they stand. Pure.

Nothing follows from it: they count as recorded, and what is odd about them is told.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from contracts.events.values import FIRST_DAY, CertificateLevel, Day
from services.core.facts.facts import Certificate, ExamPass, Facts, OddFact, SeniorReview

WITHDRAWAL = "certificate.withdrawn"


class Result(Struct, frozen=True):
    """The year of an exam, and the day on which its result was told."""

    year: int
    told_on: Day


def withdrawn_together(certificates: Iterable[Certificate]) -> Iterator[OddFact]:
    """Yield the withdrawals that take certificates of different scope or place, though each names a level alone."""
    taken: dict[str, list[Certificate]] = {}
    for one in certificates:
        if withdrawal := next((source for source in one.sources if source.type == WITHDRAWAL), None):
            taken.setdefault(withdrawal.event_id, []).append(one)
    for event_id, together in taken.items():
        if len({(one.national, one.valid_in) for one in together}) > 1:
            named = ", ".join(one.sources[0].event_id for one in together)
            yield OddFact(event_id, "withdraws_several", f"takes {named}, of different scope or place")


def issued_before_approval(certificates: Iterable[Certificate]) -> Iterator[OddFact]:
    """Yield the certificates that were issued before they were approved (R-11)."""
    for one in certificates:
        if one.issued_on is not None and one.issued_on < one.on:
            detail = f"issued on {one.issued_on}, approved on {one.on}"
            yield OddFact(one.sources[0].event_id, "issued_before_approval", detail)


def before_results(facts: Facts) -> Iterator[OddFact]:
    """Yield the national certificates that are older than every recorded result of their level.

    A senior one rests on exam and review. The day of approval may be that of the exam, of which the result is told
    later in the year; but whatever was issued was issued on a result.
    """
    exams = _first_results(facts.exam_passes)
    passed = (review.decided_on for review in facts.senior_reviews if review.passed and review.decided_on)
    reviewed_on = min(passed, default=FIRST_DAY)
    for one in (one for one in facts.certificates if one.national):
        last = max(one.on, one.issued_on or one.on)
        first = exams.get(one.level, Result(FIRST_DAY.year, FIRST_DAY))
        before_exam = first.year > last.year if one.issued_on is None else first.told_on > last
        if before_exam or (one.level == "senior" and reviewed_on > last):
            detail = f"of {last}, every result on record is later"
            yield OddFact(one.sources[0].event_id, "certificate_before_result", detail)


def _first_results(passes: Iterable[ExamPass]) -> Mapping[CertificateLevel, Result]:
    """Return the first exam year of each level of which a result is on record, and the first day of one."""
    first: dict[CertificateLevel, Result] = {}
    for exam in passes:
        told_on = max(exam.on, exam.on.replace(exam.year, 1, 1))
        before = first.get(exam.level, Result(exam.year, told_on))
        first[exam.level] = Result(min(before.year, exam.year), min(before.told_on, told_on))
    return first


def decided_before_applied(reviews: Iterable[SeniorReview]) -> Iterator[OddFact]:
    """Yield the senior reviews that were decided before they were applied for."""
    for one in reviews:
        if one.decided_on is not None and one.decided_on < one.applied_on:
            detail = f"decided on {one.decided_on}, applied for on {one.applied_on}"
            yield OddFact(one.sources[-1].event_id, "decided_before_applied", detail)
