"""What a change of packs does to one person: which answers differ, from what to what, on which days. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from msgspec import Struct, structs

from contracts.events.revisions import Recorded
from contracts.events.values import NATION, Day, ExamLevel
from contracts.places import lies_in
from contracts.policies.digest import rules_of
from contracts.policies.language import Edition, LocalStandard
from contracts.policies.pinned import PinnedPack
from services.core.calendar import ONE_DAY, earliest
from services.core.questions.judge import Unreadable, ask_one
from services.core.questions.known import Asked, Knowledge, said_by
from services.core.questions.whole import alternatives_of
from services.core.rules.evaluate import evaluate
from services.core.rules.result import plain
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import UNJUDGED, Question

Kind = Literal["status", "result", "alternatives", "unjudged"]
"""What differs of an answer: its status; its result; the other readings told with it; or what stands where nobody is
judged, before as after. In order of what matters."""


class Person(Struct, frozen=True):
    """One who is asked, as a ledger would learn of the events.

    An example of a pack is asked under the rules of its `place`, a career (None) under those of where it works.
    """

    name: str
    events: tuple[Recorded, ...]
    place: str | None = None

    def recorded(self) -> Sequence[Recorded]:
        """Return the events, for whoever judges this person."""
        return self.events

    @property
    def is_example(self) -> bool:
        """Whether this is an example of a pack."""
        return self.place is not None


class Cohort(Struct, frozen=True):
    """The people of one place, the local standards that are known there, and the last day asked about."""

    people: Sequence[Person]
    standards: tuple[LocalStandard, ...]
    last: Day


class Answered(Struct, frozen=True):
    """What is compared of one answer."""

    status: str
    result: Mapping[str, Any]
    alternatives: tuple[str, ...] = ()


class Span(Struct, frozen=True):
    """Days, both ends inside, on which two sets of packs answer differently. The answers are those of the first day."""

    first: Day
    last: Day
    before: Answered
    after: Answered

    @property
    def kind(self) -> Kind:
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
    """The packs before and after the change of one place's alone, and what is asked of both."""

    place: str
    before: Rulebook
    after: Rulebook
    asked: Mapping[str, Asked]
    last: Day
    with_alternatives: bool

    def spans(self, person: Person) -> list[tuple[str, Span]] | Unreadable | None:
        """Return the spans in which this person's answers differ. None if they never worked there."""
        return ask_one(person, self.before, lambda known: self._spans(person, known))

    def _spans(self, person: Person, old: Knowledge) -> list[tuple[str, Span]] | None:
        if person.place is None and not any(lies_in(job.jurisdiction, self.place) for job in old.facts.employments):
            return None
        new = Knowledge(old.stream, old.facts, self.after)
        return [
            (label, span)
            for label, asked in self.asked.items()
            for span in self._differing(old, new, structs.replace(asked, place=person.place))
        ]

    def _differing(self, old: Knowledge, new: Knowledge, asked: Asked) -> Iterator[Span]:
        begun: Span | None = None
        for span in self._walked(old, new, asked):
            if begun and (begun.kind, begun.turn, begun.last + ONE_DAY) == (span.kind, span.turn, span.first):
                begun = structs.replace(begun, last=span.last)
            else:
                if begun:
                    yield begun
                begun = span
        if begun:
            yield begun

    def _walked(self, old: Knowledge, new: Knowledge, asked: Asked) -> Iterator[Span]:
        """Yield the days that differ, cut wherever either side may change."""
        day: Day | None = min((one.occurred_on for one in old.stream.facts), default=self._first_day)
        while day is not None and day <= self.last:
            was, now = old.answer(asked, day), new.answer(asked, day)
            turn = earliest((old.next_day(asked, day, was), new.next_day(asked, day, now), self._stop_after(day)))
            end = self.last if turn is None or turn > self.last else turn - ONE_DAY
            said, says = said_by(asked, was), said_by(asked, now)
            others, now_others = self._alternatives(old, asked, day), self._alternatives(new, asked, day)
            if (said, others) != (says, now_others):
                yield Span(
                    day,
                    end,
                    Answered(said.status, plain(said.result), others),
                    Answered(says.status, plain(says.result), now_others),
                )
            day = turn

    def _alternatives(self, known: Knowledge, asked: Asked, day: Day) -> tuple[str, ...]:
        """Return what other readings would say on the day, which may turn between two days that are looked at."""
        if not self.with_alternatives:
            return ()
        rules, question = known.rules(known.place(asked, day)), Question(asked.determination, day, None, asked.level)
        others = alternatives_of(rules, known.facts, question, evaluate(rules, known.facts, question))
        return tuple(f"{one.reading} {one.choice}: {one.status}" for one in others)

    def _stop_after(self, day: Day) -> Day | None:
        """Return the next day on which a text would begin, or have ended, under another reading."""
        return next((stop for stop in self._stops if stop > day), None) if self.with_alternatives else None

    @cached_property
    def _stops(self) -> Sequence[Day]:
        others = [other for edition in self._editions for other in edition.in_force.alternatives]
        firsts = {other.first_day for other in others if other.first_day}
        return sorted(firsts | {other.last_day + ONE_DAY for other in others if other.last_day})

    @cached_property
    def _first_day(self) -> Day:
        """The day from which a person without any fact is asked."""
        return min(edition.in_force.first_day for edition in self._editions)

    @property
    def _editions(self) -> Iterator[Edition]:
        """The editions of the place's pack, before and after."""
        for packs in (self.before.packs, self.after.packs):
            if self.place in packs:
                yield from packs[self.place].pack.editions


def changed_places(before: Mapping[str, PinnedPack], after: Mapping[str, PinnedPack]) -> list[str]:
    """Return the places whose pack is new, gone, or has another digest."""
    places = sorted({*before, *after})
    return [place for place in places if digest_of(before, place) != digest_of(after, place)]


def digest_of(packs: Mapping[str, PinnedPack], place: str) -> str | None:
    """Return the digest of the pack of a place; None where there is no pack."""
    return packs[place].digest if place in packs else None


def compared(
    place: str,
    before: Mapping[str, PinnedPack],
    after: Mapping[str, PinnedPack],
    cohort: Cohort,
    *,
    with_alternatives: bool,
) -> Comparison:
    """Return the comparison that the change of one place's pack asks for, if with what other readings say."""
    new = {one: pinned for one, pinned in before.items() if one != place}
    if place in after:
        new[place] = after[place]
    return Comparison(
        place=place,
        before=Rulebook(NATION, before, cohort.standards),
        after=Rulebook(NATION, new, cohort.standards),
        asked=dict(_asked(touched_determinations(before.get(place), after.get(place)))),
        last=cohort.last,
        with_alternatives=with_alternatives,
    )


def touched_determinations(before: PinnedPack | None, after: PinnedPack | None) -> list[str]:
    """Return the determinations that a change of a pack can touch: all of an edition whose days or readings changed."""
    old, new = _editions(before), _editions(after)
    touched: set[str] = set()
    for edition in {*old, *new}:
        was, now = old.get(edition, {}), new.get(edition, {})
        names = {*was.get("determinations", {}), *now.get("determinations", {})}
        if _about(was) != _about(now):
            touched |= names
        else:
            touched |= {name for name in names if was["determinations"].get(name) != now["determinations"].get(name)}
    return sorted(touched)


def _asked(determinations: Sequence[str]) -> Iterator[tuple[str, Asked]]:
    """Yield each question with its label: of an examination, one for each level."""
    for name in determinations:
        if name == "exam.complete":
            yield from ((f"{name} ({level})", Asked(name, level=level)) for level in get_args(ExamLevel))
        else:
            yield name, Asked(name)


def _editions(pinned: PinnedPack | None) -> dict[str, Any]:
    return {edition.edition: rules_of(edition) for edition in (pinned.pack.editions if pinned else ())}


def _about(edition: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in edition.items() if name not in ("determinations", "indicators", "document")}
