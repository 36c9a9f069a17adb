"""What a change of packs does to one person: which answers differ, in what, and on which days. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from msgspec import Struct, structs

from contracts.document import plain
from contracts.events.revisions import Recorded
from contracts.events.values import NATION, Day, DeterminationId, ExamLevel
from contracts.places import lies_in
from contracts.policies.digest import rules_of_document
from contracts.policies.language import Edition, LocalStandard
from contracts.policies.packs import PinnedPack
from contracts.policies.readings import Assumption
from services.core.calendar import ONE_DAY, earliest
from services.core.questions.judge import Unreadable, ask_one
from services.core.questions.known import Knowledge, UndatedQuestion, summarize
from services.core.questions.whole import alternatives_of
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import UNJUDGED, Determination

Difference = Literal["status", "result", "alternatives", "unjudged"]
"""What differs in an answer, most important first: its status; its result; the status under other readings; or the
answer of somebody who is not judged, neither before nor after."""


class Person(Struct, frozen=True):
    """Somebody whose answers are compared, with their events as a ledger would record them.

    An example of a pack is judged under the rules of its `place`; a career, whose `place` is None, under those of its
    place on each day.
    """

    name: str
    events: tuple[Recorded, ...]
    place: str | None = None

    def recorded(self) -> Sequence[Recorded]:
        """Return the events, as `judge` reads them."""
        return self.events

    @property
    def is_example(self) -> bool:
        """Whether this is an example of a pack."""
        return self.place is not None


class Cohort(Struct, frozen=True):
    """The people of one place, the local standards known there, and the last day that is compared."""

    people: Sequence[Person]
    standards: tuple[LocalStandard, ...]
    last: Day


class ComparedAnswer(Struct, frozen=True):
    """The part of an answer that is compared."""

    status: str
    result: Mapping[str, Any]
    alternatives: tuple[str, ...] = ()


class Span(Struct, frozen=True):
    """Days, both ends included, on which the packs before and after answer differently, with the answers of the first
    day."""

    first: Day
    last: Day
    before: ComparedAnswer
    after: ComparedAnswer

    @property
    def kind(self) -> Difference:
        """What differs."""
        if (self.before.status, self.before.result) == (self.after.status, self.after.result):
            return "alternatives"
        if {self.before.status, self.after.status} <= UNJUDGED:
            return "unjudged"
        return "result" if self.turn is None else "status"

    @property
    def turn(self) -> tuple[str, str] | None:
        """The statuses, where they differ."""
        return None if self.before.status == self.after.status else (self.before.status, self.after.status)

    @property
    def fields(self) -> set[str]:
        """The members of the result that differ."""
        names = {*self.before.result, *self.after.result}
        return {name for name in names if self.before.result.get(name) != self.after.result.get(name)}


@dataclass(frozen=True)
class Comparison:
    """The packs before and after a change of one place's pack, and the questions that both answer."""

    place: str
    before: Rulebook
    after: Rulebook
    questions: Mapping[str, UndatedQuestion]
    last: Day
    with_alternatives: bool

    def spans(self, person: Person) -> list[tuple[str, Span]] | Unreadable | None:
        """Return the spans in which this person's answers differ. None if they never worked there."""
        return ask_one(person, self.before, lambda knowledge: self._spans(person, knowledge))

    def _spans(self, person: Person, old: Knowledge) -> list[tuple[str, Span]] | None:
        if person.place is None and not any(lies_in(job.jurisdiction, self.place) for job in old.facts.employments):
            return None
        new = Knowledge(old.stream, old.facts, self.after)
        return [
            (label, span)
            for label, question in self.questions.items()
            for span in self._merged_spans(old, new, structs.replace(question, place=person.place))
        ]

    def _merged_spans(self, old: Knowledge, new: Knowledge, question: UndatedQuestion) -> Iterator[Span]:
        merged: Span | None = None
        for span in self._cut_spans(old, new, question):
            if merged and (merged.kind, merged.turn, merged.last + ONE_DAY) == (span.kind, span.turn, span.first):
                merged = structs.replace(merged, last=span.last)
            else:
                if merged:
                    yield merged
                merged = span
        if merged:
            yield merged

    def _cut_spans(self, old: Knowledge, new: Knowledge, question: UndatedQuestion) -> Iterator[Span]:
        """Yield the days on which answers differ, cut wherever either answer may change."""
        day: Day | None = min((fact.occurred_on for fact in old.stream.facts), default=self._first_day)
        while day is not None and day <= self.last:
            before, old_turn = self._compared_answer(old, question, day)
            after, new_turn = self._compared_answer(new, question, day)
            turn = earliest((old_turn, new_turn, self._stop_after(day)))
            if before != after:
                yield Span(day, self.last if turn is None or turn > self.last else turn - ONE_DAY, before, after)
            day = turn

    def _compared_answer(
        self, knowledge: Knowledge, question: UndatedQuestion, day: Day
    ) -> tuple[ComparedAnswer, Day | None]:
        """Return what is compared of the answer on `day`, and the first day on which the answer may change."""
        answer = knowledge.answer(question, day)
        summary = summarize(question, answer)
        alternatives = self._alternatives(knowledge, question, answer) if self.with_alternatives else ()
        compared = ComparedAnswer(summary.status, plain(summary.result), alternatives)
        return compared, knowledge.next_day(question, day, answer)

    def _alternatives(self, knowledge: Knowledge, question: UndatedQuestion, answer: Determination) -> tuple[str, ...]:
        """Return the statuses under other readings. They may also change on a day on which the answer does not."""
        rules = knowledge.rules(answer.jurisdiction)
        others = alternatives_of(rules, knowledge.facts, question.on(answer.as_of), answer)
        return tuple(f"{other.reading} {other.choice}: {other.status}" for other in others)

    def _stop_after(self, day: Day) -> Day | None:
        """Return the next day on which, under another reading, a text begins or has ended."""
        return next((stop for stop in self._stops if stop > day), None) if self.with_alternatives else None

    @cached_property
    def _stops(self) -> Sequence[Day]:
        days: set[Day] = set()
        for packs in (self.before.packs, self.after.packs):
            pinned = packs.get(self.place)
            for reading, names in pinned.choices.items() if pinned else ():
                for name in names:
                    editions = pinned.assuming(Assumption(reading, name)).editions if pinned else ()
                    days |= {edition.in_force.first_day for edition in editions}
                    days |= {edition.in_force.last_day + ONE_DAY for edition in editions if edition.in_force.last_day}
        return sorted(days)

    @cached_property
    def _first_day(self) -> Day:
        """The first day that is compared for a person without any fact."""
        return min(edition.in_force.first_day for edition in self._editions)

    @property
    def _editions(self) -> Iterator[Edition]:
        """The editions of the place's pack before the change, then those after it."""
        for packs in (self.before.packs, self.after.packs):
            if self.place in packs:
                yield from packs[self.place].pack.editions


def changed_places(before: Mapping[str, PinnedPack], after: Mapping[str, PinnedPack]) -> list[str]:
    """Return the places whose pack is new, has gone, or has another digest."""
    places = sorted({*before, *after})
    return [place for place in places if digest_at(before, place) != digest_at(after, place)]


def digest_at(packs: Mapping[str, PinnedPack], place: str) -> str | None:
    """Return the digest of a place's pack; None if it has none."""
    return packs[place].digest if place in packs else None


def comparison_of(
    place: str,
    before: Mapping[str, PinnedPack],
    after: Mapping[str, PinnedPack],
    cohort: Cohort,
    *,
    with_alternatives: bool,
) -> Comparison:
    """Return the comparison of `before` with the same packs in which only that of `place` is taken from `after`.

    Only determinations that the change can touch are compared, `with_alternatives` also under other readings.
    """
    new = {code: pinned for code, pinned in before.items() if code != place}
    if place in after:
        new[place] = after[place]
    return Comparison(
        place=place,
        before=Rulebook(NATION, before, cohort.standards),
        after=Rulebook(NATION, new, cohort.standards),
        questions=dict(_questions_about(touched_determinations(before.get(place), after.get(place)))),
        last=cohort.last,
        with_alternatives=with_alternatives,
    )


def touched_determinations(before: PinnedPack | None, after: PinnedPack | None) -> list[str]:
    """Return the determinations that a change of a pack can touch.

    They are all of an edition whose days changed, and every one if an edition that defines a term did: other texts use
    its terms.
    """
    old, new = _editions(before), _editions(after)
    touched: set[str] = set()
    for edition in {*old, *new}:
        was, now = old.get(edition, {}), new.get(edition, {})
        rules, changed = was.get("rules", {}), now.get("rules", {})
        if _about(was) == _about(now):
            touched |= {name for name in {*rules, *changed} if rules.get(name) != changed.get(name)}
        elif was.get("terms") or now.get("terms"):
            touched |= {*get_args(DeterminationId)}
        else:
            touched |= {*rules, *changed}
    return sorted(touched)


def _questions_about(determinations: Sequence[str]) -> Iterator[tuple[str, UndatedQuestion]]:
    """Yield each question with its label; for an examination, one question for each level."""
    for name in determinations:
        if name in OF_A_LEVEL:
            yield from ((f"{name} ({level})", UndatedQuestion(name, level=level)) for level in get_args(ExamLevel))
        else:
            yield name, UndatedQuestion(name)


def _editions(pinned: PinnedPack | None) -> dict[str, Any]:
    rules = rules_of_document(pinned.current) if pinned else {"editions": ()}
    return {edition["edition"]: edition for edition in rules["editions"]}


def _about(edition: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in edition.items() if name not in ("rules", "indicators", "document")}
