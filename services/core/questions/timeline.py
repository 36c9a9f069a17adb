"""When an answer changes, and why: over the days with knowledge fixed, or over positions with the day fixed. Pure.

A walk over days goes from one `until` to the next, never day by day; a walk over positions from one relevant event to
the next. A `Budget` bounds each walk; where one ends early, `next_from` says where to continue.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from contracts.events.catalogue import (
    REVISION_TYPES,
    AssessmentRecorded,
    EmploymentEnded,
    PractitionerLinked,
    PromotionEnded,
    RegistrationGranted,
    SeniorReviewDecided,
    SupervisorEnded,
    TrainingCompleted,
)
from contracts.events.facts import Evidence, Fact
from contracts.events.revisions import Recorded
from contracts.events.values import Day
from contracts.policies.language import LocalStandard
from services.core.calendar import ONE_DAY
from services.core.facts.sameness import sameness_of
from services.core.questions.known import AnswerSummary, Knowledge, UndatedQuestion, summarize

MAX_WORK_EVENTS = 100_000
"""The most events that one page may fold or compare: up to two seconds of one core."""
MAX_SUSPECTS = 50
"""Up to this many events of one day are left out one by one to see which of them decided; more are named together."""

CauseKind: TypeAlias = Literal["fact", "correction", "rule", "time"]


class Cause(Struct, frozen=True, omit_defaults=True):
    """Why an answer changed: events, an edition or a local standard that began or ended, or time alone."""

    cause: CauseKind
    events: tuple[Evidence, ...] = ()
    jurisdiction: str | None = None
    edition: str | None = None
    turn: Literal["begins", "ended"] | None = None
    standard: str | None = None


class StandardTurn(Struct, frozen=True):
    """A local standard that begins on a day or ended on the day before, and the event that said so."""

    standard: LocalStandard
    evidence: Evidence
    turn: Literal["begins", "ended"]


class DayChange(Struct, frozen=True):
    """An answer that differs from that of the day before `on`."""

    on: Day
    summary: AnswerSummary
    causes: tuple[Cause, ...]


class PositionChange(Struct, frozen=True):
    """An answer that differs from that known before `position`."""

    position: int
    summary: AnswerSummary
    causes: tuple[Cause, ...]


class DaysPage(Struct, frozen=True):
    """`opening` is the answer on the first day of the page. `next_from` is the first day of the next page, if any."""

    opening: AnswerSummary
    changes: tuple[DayChange, ...]
    next_from: Day | None


class KnowledgePage(Struct, frozen=True):
    """`opening` is the answer before the first change, None if the person was unknown. `next_from` is a position."""

    opening: AnswerSummary | None
    changes: tuple[PositionChange, ...]
    next_from: int | None


@dataclass
class Budget:
    """What one page may still hold and cost: a number of changes, and of events folded."""

    changes: int
    work: int = MAX_WORK_EVENTS

    def spend(self, events: int) -> None:
        """Deduct the cost of folding this many events."""
        self.work -= events

    @property
    def exhausted(self) -> bool:
        """Whether the page is full or has used up its work."""
        return self.changes <= 0 or self.work <= 0


def walk_days(knowledge: Knowledge, question: UndatedQuestion, first: Day, last: Day, budget: Budget) -> DaysPage:
    """Return the answer on `first`, and each later one up to `last`, inclusive, on the day it changes, with causes."""
    answer = knowledge.answer(question, first)
    opening = summary = summarize(question, answer)
    changes: list[DayChange] = []
    day = first
    budget.spend(knowledge.evaluation_cost)
    while (turn := knowledge.next_day(question, day, answer)) is not None and turn <= last:
        # Always advance one step, so that paging terminates.
        if budget.exhausted and day > first:
            return DaysPage(opening, tuple(changes), day)
        answer, before, day = knowledge.answer(question, turn), summary, turn
        summary = summarize(question, answer)
        budget.spend(knowledge.evaluation_cost)
        if summary != before:
            changes.append(DayChange(day, summary, tuple(causes_of(knowledge, question, day, summary, budget))))
            budget.changes -= 1
            budget.spend(_size(summary))
    return DaysPage(opening, tuple(changes), None)


def causes_of(
    knowledge: Knowledge, question: UndatedQuestion, day: Day, summary: AnswerSummary, budget: Budget
) -> Iterator[Cause]:
    """Yield why the answer of `day` differs from that of the day before.

    A fact of the day, or a standard that turns on it, is a cause if the answer would differ without it. What changes
    without any of them is due to an edition that begins or ended, or else to time alone: a term, a window, an age.
    """
    same = sameness_of(knowledge.stream.facts).repeats
    told_once = (fact for fact in knowledge.stream.facts if fact.event_id not in same)
    happened = [fact for fact in told_once if day in _effective_days(fact)]
    turning = list(_standards_turning(knowledge.standards, day))
    unaffected = knowledge
    decided = False
    if happened or turning:
        unaffected = knowledge.without(
            {fact.event_id for fact in happened}, {turn.evidence.event_id for turn in turning}
        )
        budget.spend(knowledge.folding_cost + 3 * knowledge.evaluation_cost)
        for cause in _deciding(knowledge, unaffected, question, day, summary, happened, turning, budget):
            decided = True
            yield cause
    if not decided or unaffected.summary(question, day) != unaffected.summary(question, day - ONE_DAY):
        yield _edition_turning(unaffected, question, day) or Cause("time")


def _deciding(
    knowledge: Knowledge,
    unaffected: Knowledge,
    question: UndatedQuestion,
    day: Day,
    summary: AnswerSummary,
    happened: Sequence[Fact],
    turning: Sequence[StandardTurn],
    budget: Budget,
) -> Iterator[Cause]:
    """Yield the facts of the day and the turns of standards without which its answer would differ."""
    if unaffected.summary(question, day) == summary:
        return
    deciding_facts: Sequence[Fact] = ()
    deciding_turns: Sequence[StandardTurn] = ()
    if len(happened) + len(turning) > 1:
        suspects: Sequence[Fact] = happened if len(happened) <= MAX_SUSPECTS else ()
        budget.spend((knowledge.folding_cost + knowledge.evaluation_cost) * (len(suspects) + len(turning)))
        deciding_facts = [
            fact for fact in suspects if knowledge.without({fact.event_id}).summary(question, day) != summary
        ]
        deciding_turns = [
            turn
            for turn in turning
            if knowledge.without((), {turn.evidence.event_id}).summary(question, day) != summary
        ]
    # Where leaving out any one changes nothing, because another has the same effect, they decide together.
    named = deciding_facts or ([] if deciding_turns else happened)
    if named:
        yield Cause("fact", tuple(dict.fromkeys(standard for fact in named for standard in fact.evidence)))
    for turn in deciding_turns or ([] if named else turning):
        place, name = turn.standard.jurisdiction, turn.standard.standard_id
        yield Cause("rule", (turn.evidence,), jurisdiction=place, turn=turn.turn, standard=name)


def _standards_turning(standards: Iterable[LocalStandard], day: Day) -> Iterator[StandardTurn]:
    """Yield the standards that begin on the day, and those whose last day was the day before."""
    for standard in standards:
        if standard.effective_from == day:
            yield StandardTurn(standard, standard.evidence, "begins")
        if standard.ended_by is not None and standard.effective_until == day - ONE_DAY:
            yield StandardTurn(standard, standard.ended_by, "ended")


def _edition_turning(knowledge: Knowledge, question: UndatedQuestion, day: Day) -> Cause | None:
    """Return the edition that begins on the day, or whose last day was the day before."""
    for at, begins in ((day, True), (day - ONE_DAY, False)):
        provision = knowledge.rules(knowledge.place(question, at)).answering(knowledge.facts, question.on(at)).provision
        if (provision.first_day == day) if begins else (provision.last_day == at):
            place, edition = provision.source.pack.jurisdiction, provision.edition.edition
            return Cause("rule", jurisdiction=place, edition=edition, turn="begins" if begins else "ended")
    return None


def _effective_days(fact: Fact) -> Iterable[Day]:
    """Return the days on which an event begins to count; not a printed last day, whose passing is a matter of time."""
    match fact.data:
        case EmploymentEnded(last_day=last) | PromotionEnded(last_day=last) | SupervisorEnded(last_day=last):
            return (last + ONE_DAY,)
        case RegistrationGranted(valid_from=first) | AssessmentRecorded(covers_from=first):
            return (first, fact.occurred_on)
        case SeniorReviewDecided(applied_on=applied_on):
            return (applied_on, fact.occurred_on)
        case PractitionerLinked():
            return ()  # It says who somebody is, and that is known of every day.
        case TrainingCompleted(sessions=[*sessions]):
            return (fact.occurred_on, *(session.day for session in sessions))
    return (fact.occurred_on,)


def walk_knowledge(
    question: UndatedQuestion,
    as_of: Day,
    own: Sequence[Recorded],
    rule_events: Sequence[Recorded],
    known: Callable[[Sequence[Recorded], Sequence[Recorded]], Knowledge | None],
    budget: Budget,
    *,
    after: int = 0,
) -> KnowledgePage:
    """Return the answer about `as_of` as known at position `after`, and each later one at the position it changes.

    `own` has the events of every stream that was ever about the person, and `rule_events` those of the rules, each in
    order; `known` makes knowledge of a beginning of each. It is None before the person's first event: there is no
    answer then.
    """

    def summary_at(position: int) -> AnswerSummary | None:
        mine = [event for event in own if event.position <= position]
        rules = [event for event in rule_events if event.position <= position]
        budget.spend(1 + len(mine) + len(rules))
        knowledge = known(mine, rules) if mine else None
        return None if knowledge is None else knowledge.summary(question, as_of)

    opening = summary = summary_at(after)
    changes: list[PositionChange] = []
    at = after
    mine = {event.position for event in own}
    for event in sorted((*own, *rule_events), key=lambda event: event.position):
        if event.position <= after or not own or event.position < own[0].position:
            continue
        if budget.exhausted and at > after:
            return KnowledgePage(opening, tuple(changes), at)
        before, at = summary, event.position
        summary = summary_at(at)
        if summary is not None and summary != before:
            kind: CauseKind = "rule" if at not in mine else "correction" if event.type in REVISION_TYPES else "fact"
            evidence = Evidence(event.event_id, event.position, event.type)
            changes.append(PositionChange(at, summary, (Cause(kind, (evidence,)),)))
            budget.changes -= 1
            budget.spend(_size(summary))
    return KnowledgePage(opening, tuple(changes), None)


def _size(summary: AnswerSummary) -> int:
    return 1 + sum(len(value) for value in structs.astuple(summary.result) if isinstance(value, tuple))


def first_day_of_effect(knowledge: Knowledge) -> date | None:
    """Return the first day on which any event begins to count; None if none stands."""
    return min((day for fact in knowledge.stream.facts for day in _effective_days(fact)), default=None)
