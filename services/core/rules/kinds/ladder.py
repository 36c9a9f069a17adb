"""The grade: the post held, against the certificates held."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal, TypeAlias

from msgspec import structs

from contracts.events.values import Day
from contracts.places import stem
from contracts.policies.language import (
    Ladder,
    Rule,
)
from services.core.calendar import ONE_DAY, AskedDay, earliest
from services.core.facts.facts import Certificate, Employment, Facts, Post
from services.core.rules.conditions import (
    LEVELS,
    best_certificate,
)
from services.core.rules.result import Code, Result
from services.core.rules.verdict import Compiled, Context, Node, Question, Reason, Status, made

BandName: TypeAlias = Literal["junior", "intermediate", "senior"]


class GradeResult(Result, frozen=True):
    """The post held, and what it asks for. The post stands also where nobody is judged."""

    recorded_post_level: int | None = None
    conforming_post_level: int | None = None
    post: str | None = None
    band: BandName | None = None
    conforming_since: Day | None = None
    missing: tuple[Code, ...] = ()
    reference_only: bool | None = None

    KEY: ClassVar = "recorded_post_level"
    ANNOUNCED: ClassVar = ("missing", "recorded_post_level")

    def facts_alone(self) -> Result:
        return GradeResult(recorded_post_level=self.recorded_post_level, post=self.post)


Held: TypeAlias = tuple[Status, int | None, Employment | None]
"""What makes one run of a grade: the status, the post level, the employment that the post is held in."""


def ladder(spec: Ladder, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer whether the post held needs no more than the certificates held (R-19).

    A higher certificate is enough, and marked (CD-19).
    """
    bands = {level: band.band for band in spec.bands for level in band.post_levels}
    reach = stem(context.jurisdiction)

    def enough(post: Post, held: Certificate | None) -> bool:
        band = bands.get(post.level)
        return band is not None and held is not None and LEVELS.index(held.level) >= LEVELS.index(band)

    def certificate(facts: Facts, day: AskedDay) -> Certificate | None:
        return best_certificate(facts, day, context, national_only=True)

    def standing_posts(facts: Facts) -> list[Post]:
        """Posts inside the place, without those that an employer should have refused if R-19 is read so."""
        posts = facts.posts
        if context.assumes("map_by_number"):
            posts = tuple(_carried_over(posts, facts.employments))
        inside = [post for post in posts if post.employment and post.employment.jurisdiction.startswith(reach)]
        if context.assumes("reject_the_event"):
            accepted = [
                post
                for post in inside
                if post.level not in bands or enough(post, certificate(facts, AskedDay(post.first)))
            ]
            return [_reopened(post, accepted) for post in accepted]
        return inside

    def state(facts: Facts, posts: list[Post], day: AskedDay) -> Held:
        post = _post_on(posts, day)
        if post is None:
            return "none", None, None
        fits = enough(post, certificate(facts, day))
        return "conforming" if fits else "not_conforming", post.level, post.employment

    def run(facts: Facts, day: AskedDay) -> Held:
        return state(facts, standing_posts(facts), day)

    def form(facts: Facts, day: AskedDay, _question: Question) -> Node:
        posts = standing_posts(facts)
        post = _post_on(posts, day)
        if post is None:
            return made(name, rule, "none", reason="no_post_here", result=GradeResult(reference_only=False))
        held = state(facts, posts, day)
        status, _, _ = held
        best = certificate(facts, day)
        fit = [
            other
            for other in posts
            if other.employment == post.employment and enough(other, best) and day.reached(other.first)
        ]
        last_fit = fit[-1] if fit else None
        ground = (post, last_fit) if last_fit and last_fit is not post else (post,)
        lacks = status == "not_conforming" and post.level in bands
        missing = (f"certificate:{bands[post.level]}",) if lacks else ()
        since = None
        reason: Reason | None = "certificate_missing" if missing else "level_outside_ladder"
        if status == "conforming":
            since = context.since_when(lambda _, at: state(facts, posts, at), facts, day, held)
            reason = None if best and best.level == bands[post.level] else "holder_exceeds"
        for_reference = (
            spec.binding_employer_types is not None
            and post.employment is not None
            and post.employment.employer_type not in spec.binding_employer_types
        )
        return made(
            name,
            rule,
            "not_applicable" if for_reference and context.assumes("ignore") else status,
            sources=tuple(source for one in ground for source in one.sources)
            + (post.employment.sources if post.employment else ())
            + (best.sources if best else ()),
            reason=reason,
            result=GradeResult(
                recorded_post_level=post.level,
                conforming_post_level=last_fit.level if last_fit else None,
                post=post.title,
                band=bands.get(post.level),
                conforming_since=since,
                missing=missing,
                reference_only=for_reference,
            ),
        )

    return Compiled(form, run=run)


def _post_on(posts: list[Post], day: AskedDay) -> Post | None:
    return next((post for post in reversed(posts) if day.within(post.first, post.last)), None)


def _reopened(post: Post, accepted: list[Post]) -> Post:
    """Return the post as it lasts when later appointments that were refused do not end it."""
    later = [other.first for other in accepted if other.first > post.first and other.employment == post.employment]
    next_post = min(later) - ONE_DAY if later else None
    job_last = post.employment.last if post.employment else None
    return structs.replace(post, last=earliest((next_post, post.ended_last, job_last)))


def _carried_over(posts: Sequence[Post], employments: Sequence[Employment]) -> Iterator[Post]:
    """Yield the posts, each followed by the same one by number in the employments after its own (R-20's alternative).

    There it lasts until another appointment is made.
    """
    appointed: dict[str, Day] = {}
    for post in posts:
        if post.employment:
            appointed.setdefault(post.employment.event_id, post.first)
    main = [job for job in employments if not job.concurrent]
    for post in posts:
        yield post
        while (job := _next_job(post, main)) is not None:
            first, another = max(post.first, job.first), appointed.get(job.event_id)
            if another is not None and another <= first:
                break
            last = earliest((post.own_last, job.last, another and another - ONE_DAY))
            post = structs.replace(post, employment=job, first=first, last=last)
            yield post


def _next_job(post: Post, main: Sequence[Employment]) -> Employment | None:
    """Return the employment after the one with which the post ends; None where it ended before, or no other follows."""
    job = post.employment
    if job is None or job.last is None or post.last != job.last:
        return None
    following = bisect_right(main, max(job.first, job.last), key=lambda later: later.first)
    return main[following] if following < len(main) else None
