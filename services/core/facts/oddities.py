"""Events that are kept but cannot count, and why. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import UNSET

from contracts.events.catalogue import EmploymentEnded, PromotionGranted
from contracts.events.facts import Fact
from services.core.facts.employments import employment_of
from services.core.facts.facts import Certificate, Employment, OddFact, Registration, Sources


def unfit_employments(
    employments: Sequence[Employment],
    ended: Sequence[tuple[Fact, EmploymentEnded]],
    promoted: Sequence[tuple[Fact, PromotionGranted]],
) -> Iterator[OddFact]:
    """Yield what cannot count about employments and posts."""
    known = {job.event_id: job for job in employments}
    named = [(fact, data.employment) for fact, data in ended] + [(fact, data.employment) for fact, data in promoted]
    for fact, employment in named:
        if employment is not UNSET and str(employment) not in known:
            yield OddFact(fact.event_id, "employment_unknown", f"there is no employment {employment}")
    for fact, data in promoted:
        job = employment_of(fact.occurred_on, data, employments)
        if job is None and data.employment is UNSET:
            yield OddFact(fact.event_id, "no_employment", f"the post of {fact.occurred_on} has no employment")
        elif job is not None and job.last is not None and job.last < fact.occurred_on:
            yield OddFact(fact.event_id, "employment_over", f"the employment of {job.first} ended on {job.last}")
    for job in employments:
        if job.last is not None and job.last < job.first:
            yield OddFact(job.event_id, "ends_before_it_begins", f"begins {job.first}, ends {job.last}")


def never_held(certificates: Iterable[Certificate], registrations: Iterable[Registration]) -> Iterator[OddFact]:
    """Yield what was taken away on its own first day, as when a registration is ended and granted again on one day."""
    taken = [(held.on, held.withdrawn_on, held.sources) for held in certificates]
    taken += [(held.first, held.ended_on, held.sources) for held in registrations]
    for first, ended_on, sources in taken:
        if ended_on is not None and ended_on <= first:
            detail = f"begins {first}, and no longer holds on {ended_on}"
            yield OddFact(sources[0].event_id, "never_held", detail)


def idle_ends(ends: Iterable[Fact], sources_of_ended: Iterable[Sources]) -> Iterator[OddFact]:
    """Yield the ends and withdrawals that had nothing to end."""
    used = {evidence.event_id for sources in sources_of_ended for evidence in sources}
    for fact in ends:
        if fact.event_id not in used:
            yield OddFact(fact.event_id, "nothing_to_end", "nothing of the kind held on its day")
