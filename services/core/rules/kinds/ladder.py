"""`ladder`: the grade, whether the certificates held are enough for the post held."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import Annotated, ClassVar, Literal, TypeAlias

from msgspec import Meta, structs

from contracts.events.values import CertificateLevel, Day, EmployerType, PostSeries
from contracts.places import stem
from contracts.policies.language import Rule
from services.core.calendar import ONE_DAY, AskedDay, earliest
from services.core.facts.facts import Certificate, Employment, Facts, Post, Sources
from services.core.rules.conditions.certificates import (
    CERTIFICATE_LEVELS,
    HeldOn,
    certificate_need,
    certificates_held,
)
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed, PostNeed
from services.core.rules.parts import Context
from services.core.rules.result import Code, Result
from services.core.rules.verdict import Node, Question, Reason, Status, make_node, result_of
from services.core.rules.windows import Counted

PostLevel = Annotated[int, Meta(ge=1, le=13)]
"""As in promotion.granted."""
BandName: TypeAlias = Literal["junior", "intermediate", "senior"]


class GradeResult(Result, frozen=True):
    """The post held, and what it requires. The post itself is given also where nobody is judged."""

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


OTHER_SERIES: PostSeries = "other"
"""The series of posts that no ladder for social workers speaks of."""
Held: TypeAlias = tuple[Status, int | None, Employment | None]
"""What an unbroken run of a grade has in common: status, post level, and the employment in which the post is held."""


class Ladder(Kind, frozen=True):
    """Whether the certificate held is high enough for the post held: posts by band, and each band's certificate (R-19).

    A certificate higher than needed is enough too, and the answer says so (CD-19). Outside `binding_employer_types`, if
    given, the grade is for reference only, or is not judged (R-18). An appointment without the certificate is kept, or
    refused (R-19); after a move a post ends, or is carried over by its number (R-20). The ladder speaks of social work
    posts, as which a post counts unless it is of another series; on a level that it does not list nobody is judged
    (R-32).
    """

    STATUSES: ClassVar = frozenset({"conforming", "not_conforming", "none"})
    RESULTS: ClassVar = (GradeResult,)
    SILENT: ClassVar = {"tells": "post"}

    bands: Mapping[BandName, tuple[PostLevel, ...]]
    binding_employer_types: tuple[EmployerType, ...] | None = None
    elsewhere: Literal["for_reference", "not_judged"] | None = None
    without_certificate: Literal["kept", "refused"] | None = None
    after_a_move: Literal["ends", "carried_by_number"] | None = None

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        scale = _Scale(
            bands={level: band for band, levels in self.bands.items() for level in levels},
            held_on=certificates_held(context, None, "national") if self.bands else _none_held,
            reach=stem(context.jurisdiction),
            refuses=self.without_certificate == "refused",
            carries_over=self.after_a_move == "carried_by_number",
        )

        def run(facts: Facts, day: AskedDay) -> Held:
            return scale.held(facts, scale.posts(facts), day)

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            posts = scale.posts(facts)
            post = _post_on(posts, day)
            if post is None:
                return self._without_post(name, rule, scale.post_of_other_series(facts, day))
            best = scale.certificate(facts, day)
            held = scale.judged(post, best)
            status, band = held[0], scale.bands.get(post.level)
            conforming = scale.last_conforming(posts, post.employment, best, day)
            since = None
            if status == "conforming":
                since = context.start_of_run(lambda _, at: scale.held(facts, posts, at), facts, day, held)
            reference_only = self._is_for_reference(post)
            return make_node(
                name,
                rule,
                "not_applicable" if reference_only and self.elsewhere == "not_judged" else status,
                sources=_sources(post, conforming, best),
                reason=_reason(status, band, best),
                result=GradeResult(
                    recorded_post_level=post.level,
                    conforming_post_level=conforming.level if conforming else None,
                    post=post.title,
                    band=band,
                    conforming_since=since,
                    missing=(f"certificate:{band}",) if status == "not_conforming" else (),
                    reference_only=reference_only,
                ),
            )

        return Compiled(answer, run=run)

    def _without_post(self, name: str, rule: Rule, other: Post | None) -> Node:
        """Return the answer about somebody without a social work post, but perhaps with one of another series."""
        return make_node(
            name,
            rule,
            "none",
            reason="no_social_work_post" if other else "no_post_here",
            sources=other.sources if other else (),
            result=GradeResult(reference_only=False),
        )

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield a certificate that is enough for the post, or a post; nothing where posts are not judged."""
        result = result_of(node, GradeResult)
        if node.status == "not_applicable":
            return
        if not result.missing:
            bands = self._opened(inquiry)
            yield PostNeed(code="post_open" if bands else "post", bands=bands, **inquiry.lack("post").members())
        enough = tuple(dropwhile(lambda level: level != result.band, CERTIFICATE_LEVELS))
        for need in result.missing:
            yield certificate_need(inquiry.lack(need).members(), enough, "national")

    def _opened(self, inquiry: Inquiry) -> tuple[CertificateLevel, ...]:
        """Return the bands for whose posts a certificate held on the day is enough, lowest first."""
        held = certificates_held(inquiry.context, None, "national")(inquiry.facts, AskedDay(inquiry.as_of))
        enough = CERTIFICATE_LEVELS[: CERTIFICATE_LEVELS.index(held[0].level) + 1] if held else ()
        return tuple(band for band in enough if band in self.bands)

    def _is_for_reference(self, post: Post) -> bool:
        """Say whether the ladder does not bind this type of employer (R-18)."""
        binding, employment = self.binding_employer_types, post.employment
        return binding is not None and employment is not None and employment.employer_type not in binding


@dataclass(frozen=True)
class _Scale:
    """The posts of a place, and the certificate that each level needs."""

    bands: Mapping[int, BandName]
    held_on: HeldOn
    reach: str
    refuses: bool
    carries_over: bool

    def is_enough(self, certificate: Certificate | None, post: Post) -> bool:
        """Whether the certificate is as high as the post needs; never for a level outside the ladder."""
        band = self.bands.get(post.level)
        if band is None or certificate is None:
            return False
        return CERTIFICATE_LEVELS.index(certificate.level) >= CERTIFICATE_LEVELS.index(band)

    def certificate(self, facts: Facts, day: AskedDay) -> Certificate | None:
        """Return the highest national certificate held on `day`."""
        return next(iter(self.held_on(facts, day)), None)

    def posts(self, facts: Facts) -> list[Post]:
        """Return the posts inside the place; without those that an employer had to refuse, if R-19 is so read."""
        posts = tuple(post for post in facts.posts if post.series != OTHER_SERIES)
        if self.carries_over:
            posts = tuple(_carried_over(posts, facts.employments))
        inside = [post for post in posts if self._is_here(post)]
        if not self.refuses:
            return inside
        accepted = [
            post
            for post in inside
            if post.level not in self.bands or self.is_enough(self.certificate(facts, AskedDay(post.first)), post)
        ]
        return [_reopened(post, accepted) for post in accepted]

    def post_of_other_series(self, facts: Facts, day: AskedDay) -> Post | None:
        """Return the post of another series held on `day` inside the place, the latest if there are several."""
        return _post_on([post for post in facts.posts if post.series == OTHER_SERIES and self._is_here(post)], day)

    def _is_here(self, post: Post) -> bool:
        return post.employment is not None and post.employment.jurisdiction.startswith(self.reach)

    def held(self, facts: Facts, posts: Sequence[Post], day: AskedDay) -> Held:
        """Return the post held on `day` and whether it conforms."""
        post = _post_on(posts, day)
        return ("none", None, None) if post is None else self.judged(post, self.certificate(facts, day))

    def judged(self, post: Post, certificate: Certificate | None) -> Held:
        """Return the post as held with the certificate, and whether it conforms, if the ladder lists its level."""
        if post.level not in self.bands:
            return "undefined_in_policy", post.level, post.employment
        conforms = self.is_enough(certificate, post)
        return "conforming" if conforms else "not_conforming", post.level, post.employment

    def last_conforming(
        self, posts: Sequence[Post], employment: Employment | None, certificate: Certificate | None, day: AskedDay
    ) -> Post | None:
        """Return the post begun last in the employment for which the certificate is enough."""
        for post in reversed(posts):
            if post.employment == employment and self.is_enough(certificate, post) and day.reached(post.first):
                return post
        return None


def _none_held(_facts: Facts, _day: AskedDay) -> Sequence[Certificate]:
    """Return no certificate: without bands no post needs one."""
    return ()


def _reason(status: Status, band: BandName | None, best: Certificate | None) -> Reason | None:
    if status == "conforming":
        return None if best and best.level == band else "holder_exceeds"
    return "certificate_missing" if band else "level_outside_ladder"


def _sources(post: Post, conforming: Post | None, best: Certificate | None) -> Sources:
    return (
        post.sources
        + (conforming.sources if conforming and conforming is not post else ())
        + (post.employment.sources if post.employment else ())
        + (best.sources if best else ())
    )


def _post_on(posts: Sequence[Post], day: AskedDay) -> Post | None:
    for post in reversed(posts):
        if day.within(post.first, post.last):
            return post
    return None


def _reopened(post: Post, accepted: Sequence[Post]) -> Post:
    """Return the post as if refused appointments had not ended it."""
    later = [other.first for other in accepted if other.first > post.first and other.employment == post.employment]
    next_post = min(later) - ONE_DAY if later else None
    job_last = post.employment.last if post.employment else None
    return structs.replace(post, last=earliest((next_post, post.ended_last, job_last)))


def _carried_over(posts: Sequence[Post], employments: Sequence[Employment]) -> Iterator[Post]:
    """Yield the posts, each carried over by its number into the employments that follow (R-20's alternative).

    There it lasts until the next appointment.
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
    """Return the employment that follows the one with which the post ends; None if it ended before, or none follows."""
    job = post.employment
    if job is None or job.last is None or post.last != job.last:
        return None
    following = bisect_right(main, max(job.first, job.last), key=lambda later: later.first)
    return main[following] if following < len(main) else None
