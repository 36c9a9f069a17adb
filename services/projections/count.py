"""Counting a ledger's people for an indicator, from the stored rows or from the events.

Both give the same figures. Rows serve today at the newest position; events serve every day and every state of
knowledge.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from contracts.document import plain
from services.core.questions.count import (
    Classification,
    DatedIndicator,
    classify,
    classify_unreadable,
    figure,
    indicators_of,
)
from services.core.questions.judge import Unreadable, answer_each
from services.core.rules.engine import ENGINE
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Determination
from services.projections.rulebook import PolicyBooks, check_readable, rulebook_at
from services.projections.store import cohorts, generations, standings
from services.projections.store.cohorts import Cohort
from services.runtime import journal
from services.runtime.database import transaction
from services.runtime.journal import Connection
from services.runtime.ledgers import ledger_named
from services.runtime.refusals import Refusal
from services.runtime.stored_events import StoredStream

PAGE_PEOPLE = 1_000
PAGE_EVENTS = 5_000
"""A page of some hundred careers is judged in a thread."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class UnknownIndicator(Refusal):
    """None of the ledger's packs has an indicator of this id."""

    ledger: str
    indicator: str


class Person(Struct, frozen=True):
    """How one person counts. `reason` is that of the answer; the place is None if the person cannot be judged."""

    practitioner_id: str
    jurisdiction: str | None
    kind: Classification
    reason: str | None = None


class Count(Struct, frozen=True):
    """An indicator of one ledger, as known at one position."""

    dated: DatedIndicator
    ledger: str
    rulebook: Rulebook
    position: int

    @property
    def jurisdiction(self) -> str:
        """The place whose people are counted."""
        return self.dated.pinned.pack.jurisdiction


async def known_indicators(
    connection: Connection, books: PolicyBooks, ledger: str, position: int, as_of: date
) -> list[Count]:
    """Return the indicators of a ledger, in order of id. Raises UnknownLedger, UnreadablePack."""
    known = await rulebook_at(connection, await ledger_named(connection, ledger), position)
    rulebook = await books.rulebook(connection, known)
    check_readable(rulebook, known.digests)  # An unreadable pack may have any of them.
    indicators = indicators_of((rulebook.packs[place] for place in sorted(rulebook.packs)), as_of)
    return [Count(dated, ledger, rulebook, position) for dated in sorted(indicators, key=lambda dated: dated.id)]


async def known_indicator(
    connection: Connection, books: PolicyBooks, ledger: str, position: int, as_of: date, id_: str
) -> Count:
    """Return one indicator of a ledger. Raises UnknownLedger, UnknownIndicator, UnreadablePack."""
    counts = await known_indicators(connection, books, ledger, position, as_of)
    wanted = next((count for count in counts if count.dated.id == id_), None)
    if wanted is None:
        raise UnknownIndicator(ledger, id_[:100])
    return wanted


async def count_from_rows(connection: Connection, count: Count, today: date) -> Counter[Classification] | None:
    """Count people by their rows; None if the rows are not of that day and position."""
    if count.dated.decided_on != today:
        return None
    async with transaction(connection, isolation="repeatable_read", readonly=True):
        generation = await generations.live(connection, count.ledger)
        if (
            generation is None
            or generation.position != count.position
            or await standings.due(connection, generation, today, limit=1)
            or await generations.parked(connection, generation)
        ):
            return None
        cohort = Cohort(count.dated.indicator.determination, jurisdiction=count.jurisdiction)
        kinds: Counter[Classification] = Counter()
        after = ""
        while page := await cohorts.members(connection, generation, cohort, after, PAGE_PEOPLE):
            kinds.update(await asyncio.to_thread(_kinds_of, count, page))
            after = page[-1].practitioner_id
        return kinds


async def count_from_events(pool: asyncpg.Pool, count: Count, turn: asyncio.Lock) -> Counter[Classification]:
    """Count people by their events."""
    kinds: Counter[Classification] = Counter()
    async for page in people_from_events(pool, count, turn):
        kinds.update(person.kind for person in page)
    return kinds


async def people_from_events(pool: asyncpg.Pool, count: Count, turn: asyncio.Lock) -> AsyncIterator[Sequence[Person]]:
    """Yield everyone whose place lies in the indicator's, page by page in order of id.

    The position fixes what is read, so pages need no common snapshot. Concurrent counts take turns: one page is judged
    at a time, and standings are answered in between.
    """
    person = ""
    while True:
        async with pool.acquire() as connection:
            streams = await journal.stored_streams_after(
                connection, count.ledger, person, up_to=count.position, limit=PAGE_EVENTS
            )
        if not streams:
            return
        async with turn:
            page = await asyncio.to_thread(_people, count, streams)
        yield page
        person = streams[-1].practitioner_id


def report(count: Count, kinds: Counter[Classification], today: date) -> dict[str, Any]:
    """Return the figure with everything that defines it."""
    dated, edition, indicator = count.dated, count.dated.edition, count.dated.indicator
    return {
        **describe(count),
        "ledger": count.ledger,
        "as_of": dated.as_of.isoformat(),
        "decided_on": dated.decided_on.isoformat(),
        "known_at_position": count.position,
        "projected": dated.as_of > today,
        "engine": ENGINE,
        "final": dated.final,
        "figure": figure(dated, kinds),
        "readings": sorted({*edition.in_force.choices, *indicator.readings}),
        "policy": {
            "jurisdiction": count.jurisdiction,
            "edition": edition.edition,
            "digest": dated.pinned.digest,
            "document": edition.document,
            "last_verified_on": edition.last_verified_on.isoformat(),
        },
    }


def describe(count: Count) -> dict[str, Any]:
    """Return the description of an indicator, without its figure."""
    indicator = count.dated.indicator
    members = msgspec.to_builtins(indicator)
    return {
        "indicator": count.dated.id,
        "jurisdiction": count.jurisdiction,
        **{name: members[name] for name in ("clause", "name", "text", "interpretation", "determination", "target")},
        "deadline": plain(count.dated.deadline),
    }


def _kinds_of(count: Count, page: Sequence[cohorts.Member]) -> list[Classification]:
    return [
        classify(count.dated.indicator, member.status, msgspec.json.decode(member.result))  # type: ignore[arg-type]  # A row holds the words of an answer.
        for member in page
    ]


def _people(count: Count, streams: Sequence[StoredStream]) -> list[Person]:
    """Return how people count by the rules of their own place, without those outside the indicator's place."""
    dated = count.dated
    answers = answer_each(
        streams, count.rulebook, dated.indicator.determination, dated.decided_on, within=count.jurisdiction
    )
    return [_person(count, stream, each) for stream, each in zip(streams, answers, strict=True) if each is not None]


def _person(count: Count, stream: StoredStream, answer: Determination | Unreadable) -> Person:
    if isinstance(answer, Unreadable):
        _log.error("cannot judge %s at position %s: %s", stream.practitioner_id, stream.position, answer.error)
        return Person(stream.practitioner_id, None, classify_unreadable())
    node = answer.node
    kind = classify(count.dated.indicator, node.status, plain(node.result))
    return Person(stream.practitioner_id, answer.jurisdiction, kind, node.reason)
