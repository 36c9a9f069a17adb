"""Employments, and the posts held in them. Pure."""

from collections.abc import Sequence

from msgspec import UNSET

from contracts.events.catalogue import EmploymentEnded, EmploymentStarted, PromotionEnded, PromotionGranted
from contracts.events.facts import Fact
from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.facts.facts import Employment, Post


def employments_of(
    started: Sequence[tuple[Fact, EmploymentStarted]], ended: Sequence[tuple[Fact, EmploymentEnded]]
) -> tuple[Employment, ...]:
    """Return the employments. A non-concurrent one ends at the latest on the day before the next one starts."""
    main = [fact for fact, data in started if data.concurrent is not True]
    successor = dict(zip((fact.event_id for fact in main), main[1:], strict=False))
    employments = []
    for fact, data in started:
        ends = [
            (end.last_day, end_fact)
            for end_fact, end in ended
            if (
                str(end.employment) == fact.event_id
                if end.employment is not UNSET
                else end.last_day >= fact.occurred_on
            )
        ]
        if next_job := successor.get(fact.event_id):
            ends.append((next_job.occurred_on - ONE_DAY, next_job))
        last, because = min(ends, key=lambda end: end[0], default=(None, None))
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
                sources=fact.evidence + (because.evidence if because else ()),
            )
        )
    return tuple(employments)


def posts_of(
    granted: Sequence[tuple[Fact, PromotionGranted]],
    ended: Sequence[tuple[Fact, PromotionEnded]],
    employments: Sequence[Employment],
) -> tuple[Post, ...]:
    """Return the posts. A post lies inside its employment (R-20); the next appointment there ends it the day before."""
    posts = []
    attached = [(fact, data, employment_of(fact.occurred_on, data, employments)) for fact, data in granted]
    for index, (fact, data, employment) in enumerate(attached):
        ends = [(end.last_day, end_fact) for end_fact, end in ended if end.last_day >= fact.occurred_on]
        ended_last = min((last for last, _ in ends), default=None)
        following = (later for later, _, job in attached[index + 1 :] if job == employment)
        if next_post := next(following, None):
            ends.append((next_post.occurred_on - ONE_DAY, next_post))
        own_last, because = min(ends, key=lambda end: end[0], default=(None, None))
        lasts = [last for last in (own_last, employment.last if employment else None) if last is not None]
        posts.append(
            Post(
                first=max(fact.occurred_on, employment.first) if employment else fact.occurred_on,
                last=min(lasts, default=None),
                own_last=own_last,
                ended_last=ended_last,
                level=data.post_level,
                title=data.post,
                employment=employment,
                sources=fact.evidence + (because.evidence if because else ()),
            )
        )
    return tuple(posts)


def employment_of(day: Day, data: PromotionGranted, employments: Sequence[Employment]) -> Employment | None:
    """Return the employment that the appointment names, or else one held on its day, preferably not concurrent."""
    if data.employment is not UNSET:
        return next((job for job in employments if job.event_id == str(data.employment)), None)
    held = [job for job in employments if job.holds_on(day)]
    return next((job for job in held if not job.concurrent), held[0] if held else None)
