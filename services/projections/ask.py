"""Answers computed from the events: journal, fold, evaluate, render. All but the first is pure, and computed apart from
the event loop, without a connection (ADR-0041)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

import asyncpg
from msgspec import Struct, structs

from contracts.document import plain
from contracts.events.facts import Finding, Stream
from contracts.events.revisions import Recorded, resolve
from contracts.places import parents
from services.core.answers.document import alternatives, answer, explained
from services.core.calendar import ONE_DAY
from services.core.facts.facts import Facts, OddFact
from services.core.facts.fold import fold
from services.core.facts.oddities import findings_of
from services.core.facts.place import place_on, place_until
from services.core.questions.along_places import MAX_MOVES
from services.core.questions.odd_by_rule import odd_by_rule
from services.core.questions.standing import stand
from services.core.questions.whole import WholeAnswer, alternatives_of, whole_answer
from services.core.rules.book import Rules
from services.core.rules.engine import ENGINE
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Determination, Question, judgement
from services.projections.rulebook import LedgerRules, PolicyBooks, check_readable
from services.runtime import journal
from services.runtime.computing import SMALL_COST_EVENTS, Unread
from services.runtime.journal import Connection, ManyEvents
from services.runtime.refusals import Refusal
from services.runtime.stored_events import StoredPerson

COST_OF_ONE, COST_OF_ALL = 5, 40
"""What one answer costs, and a page of all of them, for each event of the person: folding, and being looked at."""

Later: TypeAlias = Mapping[date, Rules]
"""The rules of the places that follow the person's own, by the first day in each, in order."""
NOWHERE: Later = {}


@dataclass(eq=False)
class UnknownDetermination(Refusal):
    """No determination has this name."""

    determination: str


class StoredKnowledge(Struct, frozen=True):
    """What is stored about one person, and the ledger's rules, as of one position: read, but not folded."""

    person: StoredPerson
    position: int
    book: LedgerRules
    rulebook: Rulebook


@dataclass(frozen=True)
class KnownPerson:
    """One person, under the id that all others are linked to, and the ledger's rules, as known at one position."""

    practitioner_id: str
    position: int
    recorded: Sequence[Recorded]
    stream: Stream
    facts: Facts
    book: LedgerRules
    rulebook: Rulebook

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

    def rules(self, as_of: date, named: str | None) -> Rules:
        """Return the rules of the place that the question names, or else of the person's own. Raises UnreadablePack."""
        return self.rules_of(named or self.place(as_of))

    def rules_of(self, place: str) -> Rules:
        """Return the rules of a place. Raises UnreadablePack."""
        check_readable(self.rulebook, parents(place))
        return self.rulebook.rules(place)

    def later(self, as_of: date, named: str | None) -> Later:
        """Return the rules of the places that the person is known to move to after `as_of`, none if the question names
        a place, which does not change. Raises UnreadablePack."""
        later: dict[date, Rules] = {}
        until = None if named else self.place_until(as_of)
        while until is not None and len(later) <= MAX_MOVES:
            first = until + ONE_DAY
            later[first] = self.rules_of(self.place(first))
            until = self.place_until(first)
        return later


async def stored_at(
    connection: Connection, books: PolicyBooks, ledger: str, practitioner_id: str, position: int, cost: int
) -> StoredKnowledge | Unread[StoredKnowledge]:
    """Return what is stored up to a position about the person of a stream: still unread, if an answer that costs so
    much for each event is a large one.

    Raises UnknownLedger, UnknownPractitioner."""
    at_most = SMALL_COST_EVENTS // cost
    try:
        person = await journal.person(connection, ledger, practitioner_id, up_to=position, at_most=at_most)
    except ManyEvents:
        person = None
    book = await books.known(connection, ledger, position)
    rulebook = await books.rulebook(connection, book)
    if person is not None:
        return StoredKnowledge(person, position, book, rulebook)

    async def read(pool: asyncpg.Pool) -> StoredKnowledge:
        whole = await journal.person_in_pages(pool, ledger, practitioner_id, up_to=position)
        return StoredKnowledge(whole, position, book, rulebook)

    return Unread(read)


def known(stored: StoredKnowledge) -> KnownPerson:
    """Return what the stored events amount to. Raises DamagedEvent."""
    person = stored.person
    recorded = person.recorded()
    stream = resolve(recorded)
    book, rulebook = stored.book, stored.rulebook
    return KnownPerson(person.practitioner_id, stored.position, recorded, stream, fold(stream), book, rulebook)


def determination(stored: StoredKnowledge, question: Question, today: date, place: str | None) -> dict[str, Any]:
    """Return the full answer to one question, by the rules of `place`, or else of the person's own. Raises
    DamagedEvent, UnreadablePack."""
    person = known(stored)
    later = person.later(question.as_of, place)
    return whole(person.rules(question.as_of, place), person, question, today, later=later)


def whole(
    rules: Rules, known: KnownPerson, question: Question, today: date, *, later: Later = NOWHERE
) -> dict[str, Any]:
    """Return the full answer to one question. `later` are the places after the person's own."""
    return answer(
        whole_answer(rules, known.facts, question),
        question,
        place_until=_last_day_here(later),
        ledger=known.book.ledger.ledger,
        practitioner_id=known.practitioner_id,
        known_at_position=known.position,
        projected=question.as_of > today,
        findings=(*known.findings, *odd_by_rule(rules, known.stream.facts, known.facts, question.as_of)),
        later=_later_answers(known, question, later),
    )


def _later_answers(known: KnownPerson, question: Question, later: Later) -> Iterator[WholeAnswer]:
    """Yield the answer to the same question on the first day in each later place, evaluated lazily."""
    for first, rules in later.items():
        yield whole_answer(rules, known.facts, structs.replace(question, as_of=first))


def _last_day_here(later: Later) -> date | None:
    return min(later) - ONE_DAY if later else None


def standing(
    stored: StoredKnowledge, as_of: date, today: date, place: str | None, include: frozenset[str]
) -> dict[str, Any]:
    """Return every determination of a person, by the rules of `place`, or else of the person's own. `include` adds
    explanation and alternatives. Raises DamagedEvent, UnreadablePack."""
    person = known(stored)
    until = None if place else person.place_until(as_of)
    return stands(person.rules(as_of, place), person, as_of, today, place_until=until, include=include)


def stands(
    rules: Rules,
    known: KnownPerson,
    as_of: date,
    today: date,
    *,
    place_until: date | None = None,
    include: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Return every determination of a person under the rules of one place."""
    result = stand(rules, known.facts, as_of, place_until)
    return standing_document(
        ledger=known.book.ledger.ledger,
        practitioner_id=known.practitioner_id,
        jurisdiction=result.jurisdiction,
        as_of=as_of,
        known_at_position=known.position,
        projected=as_of > today,
        next_change_on=result.next_change_on,
        determinations={
            name: _as_shown(rules, known, answer, include) for name, answer in result.determinations.items()
        },
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


def standing_document(*, determinations: Any, **about: Any) -> dict[str, Any]:
    """Return a standing in the shape that clients read."""
    return {**plain(about), "engine": ENGINE, "determinations": determinations}


def facts_of(recorded: Sequence[Recorded]) -> Facts:
    """Return the facts that a person's events amount to."""
    return fold(resolve(recorded))
