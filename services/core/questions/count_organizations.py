"""Indicators that are counted in organizations: posts and people of each, against what the text asks of it. Pure.

Only what is on record counts. What is missing about an organization leaves it open: its approved posts, the answer
about somebody there, somebody who may work there. Nothing says that all organizations are on record. So what they have
together only bounds the truth from below; and while the work of somebody is not that of any on record, what is asked of
each is not met by those on record, and nobody knows the mean.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from contracts.events.values import EmployerType, Role
from contracts.places import lies_in
from contracts.policies.language import OfOrganizations
from services.core.calendar import AskedDay
from services.core.facts.facts import Employment, Facts, Post
from services.core.facts.organizations import Organization
from services.core.questions.count import DatedIndicator, share
from services.core.rules.verdict import Status

HUNDRED = 100

Met: TypeAlias = Literal["met", "not_met", "needs_review"]
LeftOut: TypeAlias = Literal["organization_unsaid", "organization_unknown"]
"""Why the work of somebody is not that of any organization on record: none is named, or one that nobody recorded."""


class Working(Struct, frozen=True):
    """That one person works for one organization, and the posts held there: any, and one of social work (R-32).

    `organization` is None where none is named. `counts` says whether the person counts by the indicator's
    determination; None if a person must decide first.
    """

    practitioner_id: str
    organization: str | None
    kind: EmployerType
    jurisdiction: str
    role: Role
    in_post: bool
    in_social_work_post: bool
    counts: bool | None = True


class OrganizationLine(Struct, frozen=True):
    """How one organization stands; `status` and `required` are None where nothing is asked of each by itself.

    `of` is what the number is a share of, if it is one, and `required_rounded_up` the number if a remainder counts in
    full. `because` says what is not known. `people` are those counted, or the holders of posts where approved posts are
    counted.
    """

    organization: str
    name: str
    kind: EmployerType
    jurisdiction: str
    status: Met | None
    counted: int | None
    open: int
    of: int | None
    required: int | None
    required_rounded_up: int | None
    approved_posts: int | None
    posts_held: int
    because: str | None
    people: tuple[str, ...]


def working_on(practitioner_id: str, facts: Facts, day: AskedDay, counts: bool | None) -> Iterator[Working]:
    """Yield where a person works on a day."""
    posts = [post for post in facts.posts if day.within(post.first, post.last)]
    for job in facts.employments:
        if day.within(job.first, job.last):
            held = [post for post in posts if _is_in(post, job)]
            yield Working(
                practitioner_id,
                job.organization,
                job.employer_type,
                job.jurisdiction,
                job.role,
                bool(held),
                any(post.series != "other" for post in held),
                counts,
            )


def _is_in(post: Post, job: Employment) -> bool:
    return post.employment is not None and post.employment.event_id == job.event_id


@dataclass
class OrganizationCount:
    """What an indicator counts in the organizations of its place, gathered person by person.

    `organizations` are those of the ledger on the day. `unreadable` are people whose events cannot be read: where they
    work is not known. People are left out who work in the place, for an organization of a kind concerned, if it is not
    on record, whether they count or not; and if it is not named, those who may count.
    """

    dated: DatedIndicator
    organizations: Mapping[str, Organization]
    unreadable: int = 0
    _working: dict[str, list[Working]] = field(default_factory=dict)
    _left_out: dict[LeftOut, list[Working]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        here, kinds = self.dated.pinned.pack.jurisdiction, self.asked.at_least
        concerned = {
            id_: one for id_, one in self.organizations.items() if one.kind in kinds and lies_in(one.jurisdiction, here)
        }
        self.concerned: Mapping[str, Organization] = concerned

    @property
    def asked(self) -> OfOrganizations:
        """What the text asks of organizations."""
        asked = self.dated.indicator.organizations
        if asked is None:
            raise TypeError(self.dated.id)
        return asked

    def add(self, working: Iterable[Working]) -> None:
        """Add where one person works. The same person counts once in an organization."""
        for one in working:
            if one.organization is not None and one.organization in self.concerned:
                self._working.setdefault(one.organization, []).append(one)
            elif why := self._why_left_out(one):
                self._left_out.setdefault(why, []).append(one)

    def lines(self) -> list[OrganizationLine]:
        """Return how each organization stands that is concerned, in order of id, without those left out."""
        return [self._line(one) for one in self.concerned.values() if not self._is_left_out(one)]

    def figure(self) -> dict[str, Any]:
        """Return the figure, and what is left out of it."""
        lines = self.lines()
        statuses = Counter(line.status for line in lines)
        counted = sum(line.counted or 0 for line in lines)
        excluded = sum(self._is_left_out(one) for one in self.concerned.values())
        return {
            "organizations": len(lines),
            **{status: statuses[status] for status in ("met", "not_met", "needs_review")},
            "below": sum(_is_below(line.counted, line.required) for line in lines),
            "below_rounded_up": sum(_is_below(line.counted, line.required_rounded_up) for line in lines)
            if self.asked.rounded
            else None,
            "counted": counted,
            "open": sum(line.open for line in lines),
            **self._ratio(lines, counted),
            "posts_held": sum(line.posts_held for line in lines),
            "excluded": {"beds_unknown": excluded} if excluded else {},
            "people_left_out": {why: len(_people(working)) for why, working in sorted(self._left_out.items())},
            "unreadable": self.unreadable,
            "status": self._status(lines, counted),
        }

    def _ratio(self, lines: list[OrganizationLine], counted: int) -> dict[str, Any]:
        """Return the mean, or the share in those organizations of which it is known what it is a share of."""
        if self.asked.reckoned == "on_average":
            return {"of": None, "ratio": share(counted, len(lines)) if lines else None}
        known = [(line.counted, line.of) for line in lines if line.counted is not None and line.of is not None]
        of = sum(whole for _, whole in known)
        part = sum(some for some, _ in known)
        return {"of": of if self.asked.per_hundred else None, "ratio": share(part, of) if of else None}

    def _line(self, one: Organization) -> OrganizationLine:
        working = self._working.get(one.organization, [])
        counting = [person for person in working if self._is_asked_for(person)]
        sure = _people(person for person in counting if person.counts is True)
        unsure = len(_people(person for person in counting if person.counts is None).difference(sure))
        counted = self._counted(one, len(sure))
        of = getattr(one, self.asked.per_hundred) if self.asked.per_hundred else None
        required, rounded_up = self._required(one.kind, of)
        status: Met | None = None
        because = None
        if self.asked.reckoned != "together":
            unplaced = self._unplaced(one.kind, besides=sure)
            status, because = self._stands(counted, unsure, unplaced, required)
        return OrganizationLine(
            organization=one.organization,
            name=one.name,
            kind=one.kind,
            jurisdiction=one.jurisdiction,
            status=status,
            counted=counted,
            open=unsure,
            of=of,
            required=required,
            required_rounded_up=rounded_up,
            approved_posts=one.approved_posts,
            posts_held=len(_people(person for person in working if person.in_post)),
            because=because,
            people=tuple(sorted(sure)),
        )

    def _counted(self, one: Organization, people: int) -> int | None:
        match self.asked.counts:
            case "organizations":
                return 1
            case "approved_posts":
                return one.approved_posts
        return people

    def _required(self, kind: EmployerType, of: int | None) -> tuple[int | None, int | None]:
        """Return the number that an organization needs, and if a remainder counts in full."""
        number = self.asked.at_least[kind]
        if self.asked.reckoned == "together":
            return None, None
        if self.asked.per_hundred is None:
            return number, number
        if of is None:
            return None, None
        up = -(-number * of // HUNDRED)
        return (number * of // HUNDRED if self.asked.rounded == "down" else up), up

    def _stands(self, counted: int | None, unsure: int, unplaced: int, required: int | None) -> tuple[Met, str | None]:
        if counted is None or required is None:
            return "needs_review", "approved_posts_unknown"
        if counted >= required:
            return "met", None
        if counted + unsure >= required:
            return "needs_review", "people_open"
        if self.dated.lower_bound:
            return "needs_review", "lower_bound"
        if counted + unsure + unplaced >= required:
            return "needs_review", "people_left_out"
        return "not_met", None

    def _unplaced(self, kind: EmployerType, besides: Collection[str] = ()) -> int:
        """Return how many others may work in an organization of the kind without its being known."""
        if self.asked.counts not in ("people", "posts_held"):
            return 0
        left_out = (one for working in self._left_out.values() for one in working)
        loose = (one for one in left_out if one.kind == kind and self._may_count(one))
        return len(_people(loose).difference(besides)) + self.unreadable

    def _why_left_out(self, person: Working) -> LeftOut | None:
        """Return why the person's work shows that an organization concerned may be missing from the record, if it does.

        An organization not on record is concerned by its kind. Where beds say which are concerned, only somebody who
        may count there shows that it may be one.
        """
        if person.kind not in self.asked.at_least or person.organization in self.organizations:
            return None
        if not lies_in(person.jurisdiction, self.dated.pinned.pack.jurisdiction):
            return None
        if person.organization is None:
            return "organization_unsaid" if self._may_count(person) else None
        return "organization_unknown" if self.asked.per_hundred != "beds" or self._may_count(person) else None

    def _may_count(self, person: Working) -> bool:
        if self.asked.counts == "organizations":
            return True
        return person.counts is not False and self._is_asked_for(person)

    def _is_asked_for(self, person: Working) -> bool:
        match self.asked.counts:
            case "organizations":
                return False
            case "people":
                return not self.asked.roles or person.role in self.asked.roles
        return person.in_social_work_post

    def _is_left_out(self, one: Organization) -> bool:
        return self.asked.per_hundred == "beds" and one.beds is None

    def _status(self, lines: list[OrganizationLine], counted: int) -> Status | None:
        """Return how all of them stand; None if there are none of which anything could be said, or no mean."""
        if not self.dated.in_force:
            return "not_in_force"
        if not lines:
            return None
        some_missing = bool(self._left_out or self.unreadable)
        reached: Met
        if self.asked.reckoned == "together":
            reached = "met" if counted >= sum(self.asked.at_least.values()) else "needs_review"
        elif self.asked.reckoned == "on_average":
            if some_missing:
                return None
            reached = self._mean(lines, counted)
        else:
            reached = _worst(lines)
            if reached == "met" and some_missing:
                reached = "needs_review"
        return "pending" if reached != "met" and self.dated.deadline and not self.dated.final else reached

    def _mean(self, lines: list[OrganizationLine], counted: int) -> Met:
        """Return whether all of them have on average what is asked of each."""
        required = sum(line.required or 0 for line in lines)
        if counted >= required:
            return "met"
        possible = counted + sum(line.open for line in lines)
        return "needs_review" if self.dated.lower_bound or possible >= required else "not_met"


def _worst(lines: Iterable[OrganizationLine]) -> Met:
    found = {line.status for line in lines}
    return "not_met" if "not_met" in found else "needs_review" if "needs_review" in found else "met"


def _is_below(counted: int | None, required: int | None) -> bool:
    return counted is not None and required is not None and counted < required


def _people(working: Iterable[Working]) -> set[str]:
    return {one.practitioner_id for one in working}
