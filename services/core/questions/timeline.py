"""When an answer changes, and why: along the days with knowledge fixed, or along knowledge with the day fixed. Pure.

Days are walked from one `until` to the next, never one by one; positions from one event to the next that could matter.
A walk is bounded by a `Budget`; where it ends early, `next_from` says where to go on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from contracts.events.catalogue import (
    REVISION_TYPES,
    AssessmentRecorded,
    RegistrationGranted,
    SeniorReviewDecided,
    TrainingCompleted,
)
from contracts.events.revisions import Evidence, Fact, Recorded
from contracts.events.values import Day
from contracts.policies.language import LocalStandard
from services.core.calendar import ONE_DAY
from services.core.questions.known import Asked, Knowledge, Said, said_by
from services.core.rules.verdict import Question

MAX_WORK_EVENTS = 100_000
"""Events folded or looked at for one page: up to two seconds of one core."""
MAX_SUSPECTS = 50
"""Events of one day that are left out one by one to see which of them decided. Of more, all are named together."""
ENDS = frozenset({"employment.ended", "promotion.ended", "supervisor.ended"})
"""Events whose `last_day` is the last day of something: they are felt on the day after."""

CauseKind: TypeAlias = Literal["fact", "correction", "rule", "time"]


class Cause(Struct, frozen=True, omit_defaults=True):
    """Why an answer changed: events by which it did, an edition that began or ended, a standard, or time alone."""

    cause: CauseKind
    events: tuple[Evidence, ...] = ()
    jurisdiction: str | None = None
    edition: str | None = None
    turn: Literal["begins", "ended"] | None = None
    standard: str | None = None


class DayChange(Struct, frozen=True):
    """The answer from the day `on`, which differs from that of the day before."""

    on: Day
    said: Said
    causes: tuple[Cause, ...]


class PositionChange(Struct, frozen=True):
    """The answer from a position, which differs from that known before it."""

    position: int
    said: Said
    causes: tuple[Cause, ...]


class OverDays(Struct, frozen=True):
    """`opening` holds on the first day asked about. `next_from` is the day on which the next page opens, if any."""

    opening: Said
    changes: tuple[DayChange, ...]
    next_from: Day | None


class OverKnowledge(Struct, frozen=True):
    """`opening` is what was known before the first position, None where nobody was. `next_from` is a position."""

    opening: Said | None
    changes: tuple[PositionChange, ...]
    next_from: int | None


@dataclass
class Budget:
    """What one page may hold and cost: a number of changes, and of events folded."""

    changes: int
    work: int = MAX_WORK_EVENTS

    def spend(self, events: int) -> None:
        """Take so many events off."""
        self.work -= events

    @property
    def exhausted(self) -> bool:
        """Say whether the page is full or has cost enough."""
        return self.changes <= 0 or self.work <= 0


def over_days(knowledge: Knowledge, asked: Asked, first: Day, last: Day, budget: Budget) -> OverDays:
    """Return what is said on `first`, and every day up to `last`, inclusive, on which that changes, with causes."""
    answer = knowledge.answer(asked, first)
    opening = said = said_by(asked, answer)
    changes: list[DayChange] = []
    day = first
    budget.spend(knowledge.glance)
    while (turn := knowledge.next_day(asked, day, answer)) is not None and turn <= last:
        # Always advance one step, so that paging terminates.
        if budget.exhausted and day > first:
            return OverDays(opening, tuple(changes), day)
        answer, before, day = knowledge.answer(asked, turn), said, turn
        said = said_by(asked, answer)
        budget.spend(knowledge.glance)
        if said != before:
            changes.append(DayChange(day, said, tuple(causes_of(knowledge, asked, day, said, budget))))
            budget.changes -= 1
            budget.spend(_length(said))
    return OverDays(opening, tuple(changes), None)


def causes_of(knowledge: Knowledge, asked: Asked, day: Day, said: Said, budget: Budget) -> Iterator[Cause]:
    """Yield why the answer of a day differs from that of the day before.

    A fact or standard of the day is a cause if without it the day would be answered otherwise. What still changes
    without any of them is due to an edition that begins or ended, else to time alone: a term, a window, an age.
    """
    happened = [fact for fact in knowledge.stream.facts if day in _felt_on(fact)]
    begun = [one for one in knowledge.standards if one.effective_from == day]
    quiet = knowledge
    found = False
    if happened or begun:
        quiet = knowledge.without({fact.event_id for fact in happened}, {one.evidence.event_id for one in begun})
        budget.spend(knowledge.size + 3 * knowledge.glance)
        for cause in _deciding(knowledge, quiet, asked, day, said, happened, begun, budget):
            found = True
            yield cause
    if not found or quiet.said(asked, day) != quiet.said(asked, day - ONE_DAY):
        yield _edition_turning(quiet, asked, day) or Cause("time")


def _deciding(
    knowledge: Knowledge,
    quiet: Knowledge,
    asked: Asked,
    day: Day,
    said: Said,
    happened: Sequence[Fact],
    begun: Sequence[LocalStandard],
    budget: Budget,
) -> Iterator[Cause]:
    """Yield the facts and standards of the day without which it would be answered otherwise."""
    if quiet.said(asked, day) == said:
        return
    deciding: Sequence[Fact] = ()
    standards: Sequence[LocalStandard] = ()
    if len(happened) + len(begun) > 1:
        suspects: Sequence[Fact] = happened if len(happened) <= MAX_SUSPECTS else ()
        budget.spend((knowledge.size + knowledge.glance) * (len(suspects) + len(begun)))
        deciding = [fact for fact in suspects if knowledge.without({fact.event_id}).said(asked, day) != said]
        standards = [one for one in begun if knowledge.without((), {one.evidence.event_id}).said(asked, day) != said]
    # Where each alone can be spared, because another does the same, they decide together.
    named = deciding or ([] if standards else happened)
    if named:
        yield Cause("fact", tuple(dict.fromkeys(one for fact in named for one in fact.evidence)))
    for one in standards or ([] if named else begun):
        yield Cause("rule", (one.evidence,), jurisdiction=one.jurisdiction, standard=one.standard_id)


def _edition_turning(knowledge: Knowledge, asked: Asked, day: Day) -> Cause | None:
    """Return the edition that begins on the day, or whose last day was the day before."""
    for at, begins in ((day, True), (day - ONE_DAY, False)):
        question = Question(asked.determination, at, asked.period, asked.level)
        found = knowledge.rules(knowledge.place(asked, at)).provision_for(knowledge.facts, question)
        if (found.first_day == day) if begins else (found.last_day == at):
            place, edition = found.pinned.pack.jurisdiction, found.edition.edition
            return Cause("rule", jurisdiction=place, edition=edition, turn="begins" if begins else "ended")
    return None


def _felt_on(fact: Fact) -> Iterable[Day]:
    """Return the days on which an event begins to count. Last days that were printed beforehand are time's."""
    data = fact.data
    if fact.type in ENDS:
        return (data.last_day + ONE_DAY,)  # type: ignore[attr-defined]  # Each of them has one.
    match data:
        case RegistrationGranted(valid_from=first) | AssessmentRecorded(covers_from=first):
            return (first, fact.occurred_on)
        case SeniorReviewDecided(applied_on=applied_on):
            return (applied_on, fact.occurred_on)
        case TrainingCompleted(sessions=[*sessions]):
            return (fact.occurred_on, *(session.day for session in sessions))
    return (fact.occurred_on,)


def over_knowledge(
    asked: Asked,
    as_of: Day,
    own: Sequence[Recorded],
    rule_events: Sequence[Recorded],
    known: Callable[[Sequence[Recorded], Sequence[Recorded]], Knowledge],
    budget: Budget,
    *,
    after: int = 0,
) -> OverKnowledge:
    """Return what is said of `as_of` at position `after`, and every later position at which that changes.

    `own` and `rule_events` are the two streams that an answer depends on, each in order; `known` tells what the
    beginnings of both amount to. Nothing is said before the person's first event.
    """

    def said_at(position: int) -> Said | None:
        mine = [event for event in own if event.position <= position]
        rules = [event for event in rule_events if event.position <= position]
        budget.spend(1 + len(mine) + len(rules))
        return known(mine, rules).said(asked, as_of) if mine else None

    opening = said = said_at(after)
    changes: list[PositionChange] = []
    at = after
    mine = {event.position for event in own}
    for event in sorted((*own, *rule_events), key=lambda one: one.position):
        if event.position <= after or not own or event.position < own[0].position:
            continue
        if budget.exhausted and at > after:
            return OverKnowledge(opening, tuple(changes), at)
        before, at = said, event.position
        said = said_at(at)
        if said is not None and said != before:
            kind: CauseKind = "rule" if at not in mine else "correction" if event.type in REVISION_TYPES else "fact"
            evidence = Evidence(event.event_id, event.position, event.type)
            changes.append(PositionChange(at, said, (Cause(kind, (evidence,)),)))
            budget.changes -= 1
            budget.spend(_length(said))
    return OverKnowledge(opening, tuple(changes), None)


def _length(said: Said) -> int:
    return 1 + sum(len(value) for value in structs.astuple(said.result) if isinstance(value, tuple))


def first_day_told(knowledge: Knowledge) -> date | None:
    """Return the day of the earliest event that stands; None where none does."""
    return min((day for fact in knowledge.stream.facts for day in _felt_on(fact)), default=None)
