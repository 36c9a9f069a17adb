"""What is odd about employments, posts and assessments. Pure."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import UNSET

from contracts.events.catalogue import EmploymentEnded, PromotionGranted
from contracts.events.facts import Fact
from contracts.events.values import EmployerType, Role
from services.core.facts.employments import employment_of
from services.core.facts.facts import Assessment, Employment, OddFact
from services.core.facts.same import Same, meant

COMMUNITY_ROLES: Collection[Role] = ("community_worker", "full_time_community_worker")
COMMUNITIES: Collection[EmployerType] = ("urban_community", "village")


def unfit_employments(
    employments: Sequence[Employment],
    ended: Sequence[tuple[Fact, EmploymentEnded]],
    promoted: Sequence[tuple[Fact, PromotionGranted]],
    same: Same,
) -> Iterator[OddFact]:
    """Yield what cannot count about employments and posts."""
    known = {job.event_id: job for job in employments}
    named = [(fact, data.employment) for fact, data in ended] + [(fact, data.employment) for fact, data in promoted]
    for fact, employment in named:
        if employment is not UNSET and meant(str(employment), same) not in known:
            yield OddFact(fact.event_id, "employment_unknown", f"there is no employment {employment}")
    for fact, end in ended:
        over = None if end.employment is UNSET else known.get(meant(str(end.employment), same))
        if (
            over
            and over.last
            and over.last < end.last_day
            and all(one.event_id != fact.event_id for one in over.sources)
        ):
            yield OddFact(fact.event_id, "employment_over", f"the employment of {over.first} ended on {over.last}")
    for fact, data in promoted:
        job = employment_of(fact.occurred_on, data, employments, same)
        if job is None and data.employment is UNSET:
            yield OddFact(fact.event_id, "no_employment", f"the post of {fact.occurred_on} has no employment")
        elif job is not None and job.last is not None and job.last < fact.occurred_on:
            yield OddFact(fact.event_id, "employment_over", f"the employment of {job.first} ended on {job.last}")
    for job in employments:
        if _is_empty(job):
            yield OddFact(job.event_id, "ends_before_it_begins", f"begins {job.first}, ends {job.last}")


def community_roles_elsewhere(employments: Iterable[Employment]) -> Iterator[OddFact]:
    """Yield the employments with the role of a community outside a community. The role counts as recorded."""
    for job in employments:
        if job.role in COMMUNITY_ROLES and job.employer_type not in COMMUNITIES:
            yield OddFact(job.event_id, "community_role_elsewhere", f"{job.role} of {job.employer_type}")


def full_time_twice(employments: Iterable[Employment]) -> Iterator[OddFact]:
    """Yield the full-time employments that begin while another is held."""
    held: Employment | None = None
    for job in employments:
        if job.role != "full_time_community_worker" or _is_empty(job):
            continue
        if held and held.holds_on(job.first):
            detail = f"the full-time employment of {held.first} is held on {job.first} too"
            yield OddFact(job.event_id, "full_time_twice", detail)
        if held is None or _ends_later(job, held):
            held = job


def _ends_later(job: Employment, other: Employment) -> bool:
    return other.last is not None and (job.last is None or job.last > other.last)


def early_assessments(assessments: Iterable[Assessment], employments: Iterable[Employment]) -> Iterator[OddFact]:
    """Yield the assessments made before the last employment began whose days they cover."""
    begun = [job.first for job in employments if not job.concurrent and not _is_empty(job)]
    for assessment in assessments:
        index = bisect_right(begun, assessment.last) - 1
        if index >= 0 and assessment.decided_on < begun[index]:
            detail = f"made on {assessment.decided_on}, before the employment of {begun[index]}"
            yield OddFact(assessment.sources[0].event_id, "assessed_before_employment", detail)


def _is_empty(job: Employment) -> bool:
    return job.last is not None and job.last < job.first
