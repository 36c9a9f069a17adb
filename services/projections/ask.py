"""Answers computed from the events: journal, fold, evaluate, render."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

from msgspec import structs

from contracts.document import plain
from contracts.events.facts import Finding, Stream
from contracts.events.revisions import Recorded, resolve
from services.core.answers.document import alternatives, answer, explained
from services.core.calendar import ONE_DAY
from services.core.facts.facts import Facts, OddFact
from services.core.facts.fold import fold
from services.core.facts.oddities import findings_of
from services.core.facts.place import place_on, place_until
from services.core.questions.along_places import MAX_MOVES
from services.core.questions.odd_by_rule import odd_by_rule
from services.core.questions.standing import STANDING, Standing, stand
from services.core.questions.whole import WholeAnswer, alternatives_of, whole_answer
from services.core.rules.book import Rules
from services.core.rules.engine import ENGINE
from services.core.rules.verdict import Determination, Question, judgement
from services.projections.rulebook import LedgerRules, PolicyBooks, rulebook_at
from services.runtime import journal
from services.runtime.journal import Connection
from services.runtime.ledgers import ledger_named
from services.runtime.refusals import Refusal
from services.runtime.stored_events import StoredPerson

Later: TypeAlias = Mapping[date, Rules]
"""The rules of the places that follow the person's own, by the first day in each, in order."""
NOWHERE: Later = {}


@dataclass(eq=False)
class UnknownDetermination(Refusal):
    """No determination has this name."""

    determination: str


@dataclass(frozen=True)
class KnownPerson:
    """One person, under the id that all others are linked to, and the ledger's rules, as known at one position."""

    practitioner_id: str
    position: int
    recorded: Sequence[Recorded]
    stream: Stream
    facts: Facts
    book: LedgerRules

    @cached_property
    def findings(self) -> tuple[Finding | OddFact, ...]:
        """What is wrong with revisions and odd about facts, found when an answer tells it."""
        return findings_of(self.stream, self.facts)

    def place(self, as_of: date) -> str:
        """Return the person's place on the day."""
        return place_on(self.facts, as_of, self.book.ledger.jurisdiction)

    def place_until(self, as_of: date) -> date | None:
        """Return the last day on which the person's place is that of `as_of`; None if it never changes."""
        return place_until(self.facts, as_of, self.book.ledger.jurisdiction)


async def known_at(connection: Connection, ledger: str, practitioner_id: str, position: int) -> KnownPerson:
    """Return what the ledger knows at a position about the person of a stream. Raises UnknownLedger,
    UnknownPractitioner."""
    row = await ledger_named(connection, ledger)
    person = await journal.person(connection, ledger, practitioner_id, up_to=position)
    book = await rulebook_at(connection, row, position)
    recorded, stream, facts = await asyncio.to_thread(_read, person)
    return KnownPerson(person.practitioner_id, position, recorded, stream, facts, book)


async def rules_of_later_places(books: PolicyBooks, connection: Connection, known: KnownPerson, as_of: date) -> Later:
    """Return the rules of the places that the person is known to move to after `as_of`."""
    later: dict[date, Rules] = {}
    until = known.place_until(as_of)
    while until is not None and len(later) <= MAX_MOVES:
        first = until + ONE_DAY
        later[first] = await books.rules(connection, known.book, known.place(first))
        until = known.place_until(first)
    return later


async def determination(
    rules: Rules, known: KnownPerson, question: Question, today: date, *, later: Later = NOWHERE
) -> dict[str, Any]:
    """Return the full answer to one question. `later` are the places after the person's own, none if the request named
    a place."""

    # In a thread, so that one long career does not keep other requests waiting.
    return await asyncio.to_thread(_whole, rules, known, question, today, later)


def _whole(rules: Rules, known: KnownPerson, question: Question, today: date, later: Later) -> dict[str, Any]:
    return answer(
        whole_answer(rules, known.facts, question),
        question,
        place_until=_last_day_here(later),
        ledger=known.book.ledger.ledger,
        practitioner_id=known.practitioner_id,
        known_at_position=known.position,
        projected=question.as_of > today,
        findings=(*known.findings, *odd_by_rule(rules, known.facts, question.as_of)),
        later=_later_answers(known, question, later),
    )


def _later_answers(known: KnownPerson, question: Question, later: Later) -> Iterator[WholeAnswer]:
    """Yield the answer to the same question on the first day in each later place, evaluated lazily."""
    for first, rules in later.items():
        yield whole_answer(rules, known.facts, structs.replace(question, as_of=first))


def _last_day_here(later: Later) -> date | None:
    return min(later) - ONE_DAY if later else None


async def standing(
    rules: Rules, known: KnownPerson, as_of: date, today: date, *, of_own_place: bool, include: frozenset[str]
) -> dict[str, Any]:
    """Return every determination of a person under one place's rules. `include` adds explanation and alternatives."""

    def compute() -> tuple[Standing, dict[str, Any]]:
        result = stand(rules, known.facts, as_of, known.place_until(as_of) if of_own_place else None)
        documents = {name: _as_shown(rules, known, answer, include) for name, answer in result.determinations.items()}
        return result, documents

    result, determinations = await asyncio.to_thread(compute)
    return standing_document(
        ledger=known.book.ledger.ledger,
        practitioner_id=known.practitioner_id,
        jurisdiction=result.jurisdiction,
        as_of=as_of,
        known_at_position=known.position,
        projected=as_of > today,
        next_change_on=result.next_change_on,
        determinations=determinations,
    )


def _as_shown(rules: Rules, known: KnownPerson, determined: Determination, include: frozenset[str]) -> dict[str, Any]:
    """Return a determination as a standing shows it, with the optional members in `include`."""
    document = judgement(determined)
    if "alternatives" in include:
        question = Question(determined.determination, determined.as_of)
        document["alternatives"] = alternatives(alternatives_of(rules, known.facts, question, determined))
    if "explanation" in include:
        document["explanation"] = explained(determined)
    return document


async def whole_standing(
    rules: Rules, known: KnownPerson, as_of: date, today: date, *, later: Later
) -> list[dict[str, Any]]:
    """Return the full answer to every question of a standing."""

    def compute() -> list[dict[str, Any]]:
        return [_whole(rules, known, Question(name, as_of), today, later) for name in STANDING]

    return await asyncio.to_thread(compute)


def standing_document(*, determinations: Any, **about: Any) -> dict[str, Any]:
    """Return a standing in the shape that clients read."""
    return {**plain(about), "engine": ENGINE, "determinations": determinations}


def _read(person: StoredPerson) -> tuple[Sequence[Recorded], Stream, Facts]:
    recorded = person.recorded()
    stream = resolve(recorded)
    return recorded, stream, fold(stream)


def facts_of(recorded: Sequence[Recorded]) -> Facts:
    """Return the facts that a person's events amount to."""
    return fold(resolve(recorded))
