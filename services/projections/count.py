"""Indicators of a ledger: who is counted, from the rows that are kept beside the events, or from the events.

Both give the same figures; rows serve today as the newest events have made them, events every day and every state of
knowledge.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from contracts.places import lies_in
from contracts.policies.pinned import PinnedPack
from services.core.answers.document import plain
from services.core.facts.place import place_on
from services.core.questions.count import Asked, Kind, figure, indicators_of, kind_of, not_judged
from services.core.rules.book import Rules, compose
from services.core.rules.engine import ENGINE
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from services.projections.ask import facts_of
from services.projections.rulebook import PolicyBooks, Rulebook, rulebook_at
from services.projections.store import cohorts, generations, standings
from services.projections.store.cohorts import Cohort
from services.runtime import journal
from services.runtime.database import transaction
from services.runtime.journal import Connection, StoredStream
from services.runtime.ledgers import ledger_named
from services.runtime.refusals import Refusal

PAGE_PEOPLE = 1_000
PAGE_EVENTS = 5_000
"""A page is worked through in a thread: some hundred careers."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class UnknownIndicator(Refusal):
    """No pack that the ledger goes by has an indicator of this id."""

    ledger: str
    indicator: str


class Person(Struct, frozen=True):
    """How one person counts. `reason` is that of the answer; the place is unknown of one who cannot be judged."""

    practitioner_id: str
    jurisdiction: str | None
    kind: Kind
    reason: str | None = None


class Count(Struct, frozen=True):
    """An indicator, asked of one ledger as one position knows it."""

    asked: Asked
    book: Rulebook
    packs: Mapping[str, PinnedPack]
    position: int

    @property
    def jurisdiction(self) -> str:
        """The place whose people are counted."""
        return self.asked.pinned.pack.jurisdiction


async def known_indicators(
    connection: Connection, books: PolicyBooks, ledger: str, position: int, as_of: date
) -> list[Count]:
    """Return what can be asked of a ledger, in order of id. Raises UnknownLedger."""
    book = await rulebook_at(connection, await ledger_named(connection, ledger), position)
    packs = {place: await books.pack(connection, digest) for place, digest in book.digests.items()}
    found = indicators_of((packs[place] for place in sorted(packs)), as_of)
    return [Count(asked, book, packs, position) for asked in sorted(found, key=lambda one: one.id)]


async def known_indicator(
    connection: Connection, books: PolicyBooks, ledger: str, position: int, as_of: date, id_: str
) -> Count:
    """Return what is asked. Raises UnknownLedger, UnknownIndicator."""
    known = await known_indicators(connection, books, ledger, position, as_of)
    found = next((count for count in known if count.asked.id == id_), None)
    if found is None:
        raise UnknownIndicator(ledger, id_[:100])
    return found


async def counted_from_rows(connection: Connection, count: Count, today: date) -> Counter[Kind] | None:
    """Return how people count by their rows; None where these do not tell of that day as that position knows it."""
    if count.asked.decided_on != today:
        return None
    async with transaction(connection, isolation="repeatable_read", readonly=True):
        generation = await generations.live(connection, count.book.ledger.ledger)
        if (
            generation is None
            or generation.position != count.position
            or await standings.due(connection, generation, today, limit=1)
            or await generations.parked(connection, generation)
        ):
            return None
        cohort = Cohort(count.asked.indicator.determination, jurisdiction=count.jurisdiction)
        kinds: Counter[Kind] = Counter()
        after = ""
        while page := await cohorts.members(connection, generation, cohort, after, PAGE_PEOPLE):
            kinds.update(await asyncio.to_thread(_kinds_of, count, page))
            after = page[-1].practitioner_id
        return kinds


async def counted_from_events(pool: asyncpg.Pool, count: Count, turn: asyncio.Lock) -> Counter[Kind]:
    """Return how people count by their events."""
    kinds: Counter[Kind] = Counter()
    async for page in people_from_events(pool, count, turn):
        kinds.update(person.kind for person in page)
    return kinds


async def people_from_events(pool: asyncpg.Pool, count: Count, turn: asyncio.Lock) -> AsyncIterator[Sequence[Person]]:
    """Yield everybody whose place lies in the indicator's, page by page in order of id.

    The position fixes what is read, so no page needs the snapshot of another. However many count at once, they take
    turns: one page is worked through at a time, and standings are answered meanwhile.
    """
    rules: dict[str, Rules] = {}
    ledger, person = count.book.ledger.ledger, ""
    while True:
        async with pool.acquire() as connection:
            streams = await journal.stored_streams_after(
                connection, ledger, person, up_to=count.position, limit=PAGE_EVENTS
            )
        if not streams:
            return
        async with turn:
            page = await asyncio.to_thread(_people, count, rules, streams)
        yield page
        person = streams[-1].practitioner_id


def report(count: Count, kinds: Counter[Kind], today: date) -> dict[str, Any]:
    """Return the figure with everything that says what it is a figure of."""
    asked, edition, indicator = count.asked, count.asked.edition, count.asked.indicator
    return {
        **described(count),
        "ledger": count.book.ledger.ledger,
        "as_of": asked.as_of.isoformat(),
        "decided_on": asked.decided_on.isoformat(),
        "known_at_position": count.position,
        "projected": asked.as_of > today,
        "engine": ENGINE,
        "final": asked.final,
        "figure": figure(asked, kinds),
        "readings": list(dict.fromkeys((*edition.readings, *indicator.readings))),
        "policy": {
            "jurisdiction": count.jurisdiction,
            "edition": edition.edition,
            "digest": asked.pinned.digest,
            "document": edition.document,
            "last_verified_on": edition.last_verified_on.isoformat(),
        },
    }


def described(count: Count) -> dict[str, Any]:
    """Return what an indicator is, whoever is counted."""
    indicator = count.asked.indicator
    told = msgspec.to_builtins(indicator)
    return {
        "indicator": count.asked.id,
        "jurisdiction": count.jurisdiction,
        **{name: told[name] for name in ("clause", "name", "text", "interpretation", "determination", "target")},
        "deadline": plain(count.asked.deadline),
    }


def _kinds_of(count: Count, page: Sequence[cohorts.Member]) -> list[Kind]:
    return [
        kind_of(count.asked.indicator, member.status, msgspec.json.decode(member.result))  # type: ignore[arg-type]  # A row holds the words of an answer.
        for member in page
    ]


def _people(count: Count, rules: dict[str, Rules], streams: Sequence[StoredStream]) -> list[Person]:
    found = (_person(count, rules, stream) for stream in streams)
    return [person for person in found if person is not None]


def _person(count: Count, rules: dict[str, Rules], stream: StoredStream) -> Person | None:
    """Return how a person counts by the rules of their own place; None outside the indicator's.

    What one stream raises is that person's own: nobody else's figure is lost by it.
    """
    asked, place = count.asked, None
    try:
        facts = facts_of(stream.recorded())
        place = place_on(facts, asked.decided_on, count.book.ledger.jurisdiction)
        if not lies_in(place, count.jurisdiction):
            return None
        if place not in rules:
            rules[place] = compose(place, count.packs, count.book.standards)
        question = Question(asked.indicator.determination, asked.decided_on)
        node = evaluate(rules[place], facts, question).node
        return Person(stream.practitioner_id, place, kind_of(asked.indicator, node.status, node.result), node.reason)
    except Exception as error:  # Whatever it is, the others are counted.
        _log.error("cannot judge %s at position %s: %s", stream.practitioner_id, stream.position, type(error).__name__)
        return Person(stream.practitioner_id, place, not_judged())
