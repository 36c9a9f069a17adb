"""Employments, and the posts held in them. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from msgspec import UNSET

from contracts.events.catalogue import EmploymentEnded, EmploymentStarted, PromotionEnded, PromotionGranted
from contracts.events.facts import Fact
from contracts.events.values import Day
from services.core.calendar import ONE_DAY, earliest
from services.core.facts.ends import Begun, End, ends_of, first_of, through
from services.core.facts.facts import Employment, Post, Sources
from services.core.facts.optional import known
from services.core.facts.same import Same, meant


def employments_of(
    started: Sequence[tuple[Fact, EmploymentStarted]], ended: Sequence[tuple[Fact, EmploymentEnded]], same: Same
) -> tuple[Employment, ...]:
    """Return the employments. A non-concurrent one ends at the latest on the day before the next one starts."""
    named = _ends_by_name(ended, same)
    unnamed = [through(end.last_day, fact) for fact, end in ended if end.employment is UNSET]
    main = [fact for fact, data in started if data.concurrent is not True]
    successor = dict(zip((fact.event_id for fact in main), main[1:], strict=False))
    own = [(named.get(fact.event_id), successor.get(fact.event_id)) for fact, _ in started]
    begun = [
        Begun(
            fact.occurred_on,
            earliest((end.last if end else None, following.occurred_on if following else None)),
        )
        for (fact, _), (end, following) in zip(started, own, strict=True)
    ]
    employments = []
    for (fact, data), (end, following), taken in zip(started, own, ends_of(begun, unnamed), strict=True):
        last, because = _last((end, taken), following)
        employments.append(
            Employment(
                event_id=fact.event_id,
                first=fact.occurred_on,
                last=last,
                role=data.role,
                employer_type=data.employer_type,
                jurisdiction=data.jurisdiction,
                direct_service=data.direct_service,
                concurrent=data.concurrent is True,
                organization=known(data.organization),
                sources=fact.evidence + because,
            )
        )
    return tuple(employments)


def _ends_by_name(ended: Iterable[tuple[Fact, EmploymentEnded]], same: Same) -> dict[str, End]:
    """Return the end of each employment that ends name: of several, the earliest."""
    named: dict[str, End] = {}
    for fact, end in ended:
        if end.employment is not UNSET:
            job, told = meant(str(end.employment), same), through(end.last_day, fact)
            named[job] = min(named.get(job, told), told, key=lambda one: one.last)
    return named


def _last(ends: Iterable[End | None], following: Fact | None) -> tuple[Day | None, Sources]:
    """Return the last day, and the events that it rests on.

    An end on the day on which the next begins leaves the day before as the last, and is named beside it.
    """
    end = first_of(ends)
    if following and (end is None or end.last >= following.occurred_on):
        beside = end.fact.evidence if end and end.last == following.occurred_on else ()
        return following.occurred_on - ONE_DAY, following.evidence + beside
    return (end.last, end.fact.evidence) if end else (None, ())


def posts_of(
    granted: Sequence[tuple[Fact, PromotionGranted]],
    ended: Iterable[tuple[Fact, PromotionEnded]],
    employments: Sequence[Employment],
    same: Same,
) -> tuple[Post, ...]:
    """Return the posts. A post lies inside its employment (R-20); the next appointment there ends it the day before.

    Social work posts and posts of another series end none of each other (R-32).
    """
    jobs = [employment_of(fact.occurred_on, data, employments, same) for fact, data in granted]
    following = _next_appointments(
        (fact, (job and job.event_id, data.series == "other")) for (fact, data), job in zip(granted, jobs, strict=True)
    )
    # On the day after its employment a post can still be ended: who moves is appointed anew on the day of the end.
    begun = [
        Begun(fact.occurred_on, job.last + ONE_DAY if job and job.last else None)
        for (fact, _), job in zip(granted, jobs, strict=True)
    ]
    taken = ends_of(begun, [through(end.last_day, fact) for fact, end in ended])
    posts = []
    for (fact, data), job, end in zip(granted, jobs, taken, strict=True):
        own_last, because = _last([end], following.get(fact.event_id))
        posts.append(
            Post(
                first=max(fact.occurred_on, job.first) if job else fact.occurred_on,
                last=earliest((own_last, job.last if job else None)),
                own_last=own_last,
                ended_last=end.last if end else None,
                level=data.post_level,
                title=data.post,
                series=known(data.series),
                employment=job,
                sources=fact.evidence + because,
            )
        )
    return tuple(posts)


def _next_appointments(attached: Iterable[tuple[Fact, Hashable]]) -> dict[str, Fact]:
    """Return the next appointment of the same kind in the same employment, by the event id of the one before."""
    return {before.event_id: after for before, after in _successions(attached)}


def _successions(attached: Iterable[tuple[Fact, Hashable]]) -> Iterator[tuple[Fact, Fact]]:
    latest: dict[Hashable, Fact] = {}
    for fact, where in attached:
        if where in latest:
            yield latest[where], fact
        latest[where] = fact


def employment_of(day: Day, data: PromotionGranted, employments: Sequence[Employment], same: Same) -> Employment | None:
    """Return the employment that the appointment names, or else one held on its day, preferably not concurrent."""
    if data.employment is not UNSET:
        named = meant(str(data.employment), same)
        return next((job for job in employments if job.event_id == named), None)
    held = [job for job in employments if job.holds_on(day)]
    return next((job for job in held if not job.concurrent), held[0] if held else None)
