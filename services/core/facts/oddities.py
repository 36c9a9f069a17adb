"""What is odd about the facts of a person: events that are kept but cannot count, or cannot be as they stand. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import UNSET

from contracts.events import catalogue as c
from contracts.events.facts import Fact, Finding, Stream
from contracts.events.values import Day
from services.core.facts.by_type import FactsByType
from services.core.facts.facts import Facts, Grant, OddFact, Sources
from services.core.facts.fold import told_once
from services.core.facts.odd_certificates import (
    before_results,
    decided_before_applied,
    issued_before_approval,
    withdrawn_together,
)
from services.core.facts.odd_jobs import (
    community_roles_elsewhere,
    early_assessments,
    full_time_twice,
    unfit_employments,
)
from services.core.facts.odd_registrations import sanctioned_certificates, without_certificate
from services.core.facts.odd_repeats import told_of_another_day
from services.core.facts.odd_trainings import days_taken_twice, near_doubles, stray_sessions
from services.core.facts.sameness import Sameness, sameness_of

ENDS: Iterable[type[c.Data]] = (
    c.CertificateWithdrawn,
    c.RegistrationEnded,
    c.EmploymentEnded,
    c.PromotionEnded,
    c.SupervisorEnded,
)


def findings_of(stream: Stream, facts: Facts) -> tuple[Finding | OddFact, ...]:
    """Return the revisions of a stream that change nothing, and what is odd about the facts that it was folded to."""
    sameness = sameness_of(stream.facts)
    return *stream.findings, *_odd_facts(facts, stream, told_once(stream, sameness), sameness)


def _odd_facts(facts: Facts, stream: Stream, by_type: FactsByType, sameness: Sameness) -> Iterator[OddFact]:
    """Yield what is odd. `by_type` has what the facts were made of."""
    yield from _told_again(sameness)
    yield from _not_happened_yet(stream.facts)
    unfit = list(
        unfit_employments(
            facts.employments, by_type.of(c.EmploymentEnded), by_type.of(c.PromotionGranted), sameness.repeats
        )
    )
    yield from unfit
    yield from _idle_ends(facts, by_type, {odd.event_id for odd in unfit})
    yield from community_roles_elsewhere(facts.employments)
    yield from full_time_twice(facts.employments)
    yield from early_assessments(facts.assessments, facts.employments)
    yield from without_certificate(facts.registrations, facts.certificates)
    yield from sanctioned_certificates(stream.facts, facts.certificates)
    yield from withdrawn_together(facts.certificates)
    yield from issued_before_approval(facts.certificates)
    yield from before_results(facts)
    yield from _exam_years_to_come(facts)
    yield from _reviews_without_proof(facts)
    yield from decided_before_applied(facts.senior_reviews)
    yield from _decided_both_ways(by_type.of(c.SeniorReviewDecided))
    yield from told_of_another_day(facts, by_type, sameness.repeats)
    yield from near_doubles(by_type.of(c.TrainingCompleted), (*sameness.repeats, *sameness.resembles))
    yield from days_taken_twice(facts.trainings)
    yield from stray_sessions(facts.trainings)
    yield from _grants_of_nothing_named(facts.grants)


def _told_again(sameness: Sameness) -> Iterator[OddFact]:
    otherwise = {difference.event_id for difference in sameness.differences}
    for event_id, told in sameness.repeats.items():
        if event_id in sameness.in_part:
            yield OddFact(event_id, "told_in_part", f"says more or less of the same as {told}")
        elif event_id not in otherwise:
            yield OddFact(event_id, "told_twice", f"says the same as {told}")
    for difference in sameness.differences:
        detail = f"says otherwise than {difference.told} in {difference.member}"
        yield OddFact(difference.event_id, "told_otherwise", detail)
    for event_id, like in sameness.resembles.items():
        yield OddFact(event_id, "looks_told_twice", f"may say the same as {like}")


def _not_happened_yet(facts: Iterable[Fact]) -> Iterator[OddFact]:
    """Yield what was recorded before its day, or before a day on which it says that something happened."""
    for fact in facts:
        day = _last_day_of(fact)
        if fact.recorded_on is not None and fact.recorded_on < day:
            yield OddFact(fact.event_id, "not_happened_yet", f"of {day}, recorded on {fact.recorded_on}")


def _last_day_of(fact: Fact) -> Day:
    """Return the last day on which an event says that something happened: a last day of validity may lie ahead."""
    match fact.data:
        case c.CertificateObtained(issued_on=date() as day) | c.SeniorReviewDecided(applied_on=day):
            return max(fact.occurred_on, day)
        case c.TrainingCompleted(sessions=sessions) if sessions is not UNSET:
            return max(fact.occurred_on, *(session.day for session in sessions))
    return fact.occurred_on


def _idle_ends(facts: Facts, by_type: FactsByType, reported: set[str]) -> Iterator[OddFact]:
    """Yield the ends and withdrawals that had nothing to end."""
    ended: tuple[Iterable[Sources], ...] = (
        (job.sources for job in facts.employments),
        (certificate.sources for certificate in facts.certificates),
        (registration.sources for registration in facts.registrations),
        (post.sources for post in facts.posts),
        (supervision.sources for supervision in facts.supervisions),
    )
    used = {evidence.event_id for kind in ended for sources in kind for evidence in sources}
    for fact in (fact for kind in ENDS for fact, _ in by_type.of(kind)):
        if fact.event_id not in used and fact.event_id not in reported:
            yield OddFact(fact.event_id, "nothing_to_end", "nothing of the kind held on its day")


def _grants_of_nothing_named(grants: Iterable[Grant]) -> Iterator[OddFact]:
    """Yield the grants that do not say which entitlement they fulfil: no rule can tell that one was given already."""
    for grant in grants:
        if grant.determination is None:
            yield OddFact(grant.sources[0].event_id, "entitlement_unnamed", f"the grant of {grant.on} names none")


def _exam_years_to_come(facts: Facts) -> Iterator[OddFact]:
    """Yield the subjects of an exam that were passed before the year of that exam."""
    for exam in facts.exam_passes:
        if exam.year > exam.on.year:
            detail = f"passed on {exam.on}, in the exam of {exam.year}"
            yield OddFact(exam.sources[0].event_id, "exam_year_to_come", detail)


def _reviews_without_proof(facts: Facts) -> Iterator[OddFact]:
    """Yield the senior reviews applied for on a day on which no proof of passing the senior exam is on record."""
    for review in facts.senior_reviews:
        if not any(proof.first <= review.applied_on <= proof.last for proof in facts.senior_proofs):
            detail = f"applied for on {review.applied_on}, without a proof of that day"
            yield OddFact(review.sources[0].event_id, "review_without_proof", detail)


def _decided_both_ways(decided: Iterable[tuple[Fact, c.SeniorReviewDecided]]) -> Iterator[OddFact]:
    """Yield the decisions that come to another result than the first of the same application."""
    first: dict[Day, c.SeniorReviewDecided] = {}
    for fact, data in decided:
        if first.setdefault(data.applied_on, data).result != data.result:
            detail = f"{data.result} for the application of {data.applied_on}, decided otherwise before"
            yield OddFact(fact.event_id, "review_decided_both_ways", detail)
