"""One step of a generation: streams are read, folded, evaluated and written, and the cursor moves in the same
transaction. The worker, the pages that are due and a rebuild all take this step."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct, structs

from services.core.facts.facts import Facts
from services.core.facts.place import place_on, place_until
from services.core.questions.standing import stand
from services.core.rules.book import Rules
from services.projections.ask import facts_of
from services.projections.rulebook import PolicyBooks, Rulebook, rulebook_at
from services.projections.store import generations, standings
from services.projections.store.generations import Generation, Parked
from services.projections.store.standings import Row
from services.runtime import journal
from services.runtime.database import transaction
from services.runtime.journal import RULES_STREAM, Connection, StoredStream
from services.runtime.ledgers import UnreadablePack, ledger_named

BATCH_EVENTS = 20_000
BATCH_PEOPLE = 1_000
"""A batch ends with whichever comes first: its transaction is short, and no stream is read for each of its events."""
LONGEST_ERROR_CHARACTERS = 500

_log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Somebody else moved the cursor, or switched to another generation. Nothing was written; look again."""


class Judged(Struct, frozen=True):
    """The rows of some people, and the people who cannot be judged."""

    rows: list[Row]
    parked: list[Parked]


class Desk:
    """What judging needs besides the streams: packs, and the rulebook of each ledger as last read."""

    def __init__(self) -> None:
        self._books = PolicyBooks()
        self._rulebooks: dict[str, Rulebook] = {}

    async def rulebook(self, connection: Connection, generation: Generation, position: int, *, news: bool) -> Rulebook:
        """Return the rules known at a position. Without `news` no rule event lies between the generation and it."""
        known = self._rulebooks.get(generation.ledger)
        if news or known is None or known.position != generation.rules_position:
            known = await rulebook_at(connection, await ledger_named(connection, generation.ledger), position)
            self._rulebooks[generation.ledger] = known
        return known

    async def judge(
        self, connection: Connection, book: Rulebook, streams: Iterable[StoredStream], today: date
    ) -> Judged:
        """Return each person's row for today. What one stream raises is that person's own."""
        judged = Judged([], [])
        for stream in streams:
            try:
                facts = facts_of(stream.recorded())
                place = place_on(facts, today, book.ledger.jurisdiction)
            except Exception as error:  # Whatever it is, the others go on.
                judged.parked.append(_parked(stream, error))
                continue
            try:
                rules = await self._books.rules(connection, book, place)
            except UnreadablePack as unreadable:  # Theirs whose place it rules.
                judged.parked.append(_parked(stream, unreadable))
                continue
            try:
                judged.rows.append(_row(stream, facts, rules, book, today))
            except Exception as error:  # As above.
                judged.parked.append(_parked(stream, error))
        return judged


async def advance(
    connection: Connection,
    desk: Desk,
    generation: Generation,
    now: datetime,
    today: date,
    *,
    most_events: int = BATCH_EVENTS,
) -> Generation | None:
    """Take the next events into the rows of a generation, `most_events` at the most.

    Returns the generation as it then stands, None where there are no events. Raises Overtaken.
    """
    limit = min(most_events, BATCH_EVENTS)
    touched = await journal.touched(connection, generation.ledger, after=generation.position, limit=limit)
    if not touched:
        return None
    position, people, rules = _first_batch(touched)
    book = await desk.rulebook(connection, generation, position, news=rules)
    streams = await journal.stored_streams(connection, generation.ledger, people, up_to=position)
    judged = await desk.judge(connection, book, streams, today)
    async with transaction(connection):
        if not await generations.advance(connection, generation, position, book.position):
            raise Overtaken
        await _keep(connection, generation, judged, now)
    return structs.replace(generation, position=position, rules_position=book.position)


async def renew(
    connection: Connection, desk: Desk, generation: Generation, people: Sequence[str], now: datetime, today: date
) -> None:
    """Judge people anew as the generation knows them: another engine, older rules, a day that has come, a release that
    can read them.

    Raises Overtaken.
    """
    book = await desk.rulebook(connection, generation, generation.position, news=False)
    streams = await journal.stored_streams(connection, generation.ledger, people, up_to=generation.position)
    judged = await desk.judge(connection, book, streams, today)
    async with transaction(connection):
        if not await generations.hold(connection, generation):
            raise Overtaken
        await _keep(connection, generation, judged, now)


async def _keep(connection: Connection, generation: Generation, judged: Judged, now: datetime) -> None:
    await standings.write(connection, generation, judged.rows)
    await generations.unpark(connection, generation, [RULES_STREAM, *(row.practitioner_id for row in judged.rows)])
    await standings.remove(connection, generation, [one.practitioner_id for one in judged.parked])
    await generations.park(connection, generation, judged.parked, now)


def _first_batch(touched: Sequence[tuple[int, str]]) -> tuple[int, list[str], bool]:
    """Return the last position of the batch, whose events they are, and whether a rule event is among them."""
    people: dict[str, None] = {}
    position, rules = touched[0][0], False
    for position, practitioner_id in touched:  # noqa: B007 - the last one is the answer.
        if practitioner_id == RULES_STREAM:
            rules = True
        else:
            people[practitioner_id] = None
        if len(people) == BATCH_PEOPLE:
            break
    return position, list(people), rules


def _row(stream: StoredStream, facts: Facts, rules: Rules, book: Rulebook, today: date) -> Row:
    until = place_until(facts, today, book.ledger.jurisdiction)
    standing = stand(rules, facts, today, until)
    return Row(stream.practitioner_id, stream.version, stream.position, book.position, standing)


def _parked(stream: StoredStream, error: Exception) -> Parked:
    what = f"{type(error).__name__}: {error}"[:LONGEST_ERROR_CHARACTERS].replace("\0", "")
    _log.error("parked %s at position %s: %s", stream.practitioner_id, stream.position, what)
    return Parked(stream.practitioner_id, stream.position, what)
