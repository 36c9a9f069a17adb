"""The only reads of `ledger.events`, for both services.

Positions are dense and become visible in their order, because every append holds the head's row until it commits: a
reader that pages by position skips nothing and sees nothing twice.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from msgspec import Struct

from contracts.events.identity import Links, person_of
from contracts.events.revisions import Recorded
from services.runtime import journal_sql as sql
from services.runtime.refusals import Refusal
from services.runtime.stored_events import PackedStream, Stored, StoredPerson, StoredStream, packed

Connection: TypeAlias = "asyncpg.Connection | PoolConnectionProxy"

MAX_READ_AT_ONCE = 200
"""Events of a stream. More are read in a thread, so that others need not wait for it."""
RULES_STREAM = "_rules"
"""The stream of a ledger's own rule events, in the place of a practitioner id."""
NEWEST = 2**63 - 1
"""A position behind every event."""
ORGANIZATIONS_STREAM = "_organizations"
"""The stream of what a ledger records of organizations."""
PAGE_OF_LONG_STREAM = 1_000
"""So many events of a long stream are read at once, in some milliseconds."""


def is_own(stream: str) -> bool:
    """Say whether a stream is the ledger's own, and about nobody."""
    return stream.startswith("_")


@dataclass(eq=False)
class UnknownLedger(Refusal):
    """There is no ledger of this name."""

    ledger: str


@dataclass(eq=False)
class UnknownPractitioner(Refusal):
    """The stream has no event up to that position."""

    ledger: str
    practitioner_id: str
    position: int


@dataclass(eq=False)
class UnknownEvent(Refusal):
    """The ledger has no event of this id."""

    ledger: str
    event_id: UUID


class ManyEvents(Exception):
    """There are more events than were to be read at once."""


@dataclass(eq=False)
class DamagedLedger(Refusal):
    """The head and the events do not match."""

    ledger: str


class Head(Struct, frozen=True):
    """Where a ledger ends: its last position (0 when empty) and its instant (of the ledger's creation while empty)."""

    position: int
    recorded_at: datetime


class Page(Struct, frozen=True):
    """Some events and where the whole ends, in one snapshot: a position for the feed, a version for a stream."""

    events: list[Stored]
    head: int


class Tip(Struct, frozen=True):
    """The newest state that bears on one person: the ledger's head, the id of the person, the number and last position
    of the person's events in all linked streams, and the position of the last rule event (0 without any)."""

    head: int
    practitioner_id: str
    version: int
    position: int
    rules_position: int


class Link(Struct, frozen=True):
    """A link in force: the event, and the id that it leads to."""

    event_id: UUID
    same_as: str


class PeoplePage(Struct, frozen=True):
    """Some people, and the id of the last stream that was looked at: behind it the next page begins."""

    people: list[StoredPerson]
    last: str


class Extent(Struct, frozen=True):
    """How far a ledger reaches by its head, by its last event and by the number of its events. Equal unless it is
    damaged."""

    ledger: str
    head: int
    last: int
    events: int


async def head(connection: Connection, ledger: str) -> Head:
    """Return where the ledger ends. Raises UnknownLedger."""
    row = await connection.fetchrow(sql.HEAD, ledger)
    if row is None:
        raise UnknownLedger(ledger)
    return Head(row["position"], row["recorded_at"])


async def feed_page(connection: Connection, ledger: str, *, after: int, limit: int) -> Page:
    """Return at most `limit` events behind position `after`. Raises UnknownLedger."""
    rows = await connection.fetch(sql.FEED_PAGE, ledger, after, limit)
    if not rows:
        raise UnknownLedger(ledger)
    return _page(ledger, rows)


async def stream_page(
    connection: Connection, ledger: str, practitioner_id: str, *, up_to: int, after_version: int, limit: int
) -> Page:
    """Return at most `limit` events behind `after_version`, of those at position `up_to` or before."""
    return _page(ledger, await connection.fetch(sql.STREAM_PAGE, ledger, practitioner_id, up_to, after_version, limit))


async def stream(connection: Connection, ledger: str, practitioner_id: str, *, up_to: int) -> list[Recorded]:
    """Return the whole stream up to position `up_to`, inclusive, in order. Raises DamagedEvent."""
    rows = await connection.fetch(sql.STREAM, ledger, practitioner_id, up_to, 0, None)
    read = StoredStream(practitioner_id, [_stored(ledger, row) for row in rows]).recorded
    return read() if len(rows) <= MAX_READ_AT_ONCE else await asyncio.to_thread(read)


async def last_position(connection: Connection, ledger: str, stream: str, *, up_to: int) -> int:
    """Return the position of the last event of a stream up to position `up_to`, inclusive; 0 without any."""
    position: int | None = await connection.fetchval(sql.LAST_POSITION, ledger, stream, up_to)
    return position or 0


async def tip(connection: Connection, ledger: str, practitioner_id: str) -> Tip:
    """Return the newest state that bears on one person, in one snapshot. Raises UnknownLedger."""
    row = await connection.fetchrow(sql.TIP, ledger, [practitioner_id], NEWEST, RULES_STREAM)
    if row is None:
        raise UnknownLedger(ledger)
    return Tip(
        row["head"],
        row["practitioner_id"] or practitioner_id,
        row["version"] or 0,
        row["position"] or 0,
        row["rules_position"] or 0,
    )


async def touched(connection: Connection, ledger: str, *, after: int, limit: int) -> list[tuple[int, str]]:
    """Return position and stream of at most `limit` events behind position `after`, in order."""
    rows = await connection.fetch(sql.TOUCHED, ledger, after, limit)
    return [(row["position"], row["practitioner_id"]) for row in rows]


async def recorded_behind(connection: Connection, positions: Mapping[str, int]) -> dict[str, datetime]:
    """Return for each ledger when the event after a position was recorded, if there is one."""
    rows = await connection.fetch(sql.RECORDED_BEHIND, list(positions), list(positions.values()))
    return {row["ledger"]: row["recorded_at"] for row in rows}


async def person(
    connection: Connection, ledger: str, practitioner_id: str, *, up_to: int, at_most: int | None = None
) -> StoredPerson:
    """Return the person of this stream, as linked at a position, inclusive. Raises UnknownPractitioner, and ManyEvents
    if there are more than `at_most`."""
    for found in await people(connection, ledger, (practitioner_id,), up_to=up_to, at_most=at_most):
        if any(stream.practitioner_id == practitioner_id for stream in found.streams):
            return found
    raise UnknownPractitioner(ledger, practitioner_id, up_to)


async def person_in_pages(
    pool: asyncpg.Pool, ledger: str, practitioner_id: str, *, up_to: int, ever: bool = False
) -> StoredPerson:
    """Return the person of this stream, as linked at a position, inclusive, read as by `streams_in_pages`; with all
    streams that were `ever` linked, if so asked."""
    async with pool.acquire() as connection:
        in_force = await links(connection, ledger, (practitioner_id,), up_to=up_to)
        linked = {stream: link.same_as for stream, link in in_force.items()}
        wanted = {practitioner_id, *linked, *linked.values()}
        if ever:
            wanted.update(await ever_linked(connection, ledger, practitioner_id, up_to=up_to))
    streams = await streams_in_pages(pool, ledger, wanted, up_to=up_to)
    return StoredPerson(person_of(practitioner_id, linked), streams)


async def streams_in_pages(
    pool: asyncpg.Pool, ledger: str, practitioner_ids: Iterable[str], *, up_to: int
) -> list[PackedStream]:
    """Return these streams up to a position, inclusive; those without an event are left out.

    Each page is read on a session of its own, so that others have their turn in between. The position fixes what is
    read: pages need no common snapshot.
    """
    streams = []
    for stream in sorted(set(practitioner_ids)):
        pages: list[bytes] = []
        position = version = 0
        while True:
            async with pool.acquire() as connection:
                rows = await connection.fetch(sql.STREAM, ledger, stream, up_to, version, PAGE_OF_LONG_STREAM)
            if rows:
                pages.append(packed([_stored(ledger, row) for row in rows]))
                position, version = rows[-1]["position"], rows[-1]["version"]
            if len(rows) < PAGE_OF_LONG_STREAM:
                break
        if pages:
            streams.append(PackedStream(stream, pages, position, version))
    return streams


async def people(
    connection: Connection, ledger: str, practitioner_ids: Iterable[str], *, up_to: int, at_most: int | None = None
) -> list[StoredPerson]:
    """Return the people of these streams, each once, as linked at a position, inclusive; streams without an event are
    left out. Raises ManyEvents if there are more than `at_most` in all."""
    limit = None if at_most is None else at_most + 1
    rows = await connection.fetch(sql.PEOPLE, ledger, sorted(set(practitioner_ids)), up_to, limit)
    if len(rows) == limit:
        raise ManyEvents
    links = {row["practitioner_id"]: row["same_as"] for row in rows if row["same_as"] is not None}
    return _people(_streams(ledger, rows), links)


async def links(connection: Connection, ledger: str, practitioner_ids: Iterable[str], *, up_to: int) -> dict[str, Link]:
    """Return the links of these people that are in force at a position, by the stream in which they stand."""
    rows = await connection.fetch(sql.LINKS, ledger, sorted(set(practitioner_ids)), up_to)
    return {row["practitioner_id"]: Link(row["event_id"], row["same_as"]) for row in rows}


async def ever_linked(connection: Connection, ledger: str, practitioner_id: str, *, up_to: int) -> list[str]:
    """Return all streams that may have been about the person of one at any position up to the given one, with those
    whose links were voided."""
    rows = await connection.fetch(sql.EVER_LINKED, ledger, [practitioner_id], up_to)
    return [row["practitioner_id"] for row in rows]


async def relinked(connection: Connection, ledger: str, *, after: int, up_to: int) -> set[str]:
    """Return the ids of all people whose streams may be others at one of two positions than at the other."""
    rows = await connection.fetch(sql.RELINKED, ledger, after, up_to)
    moved = {row["practitioner_id"] for row in rows}
    for position in (after, up_to) if moved else ():
        for stream, link in (await links(connection, ledger, moved, up_to=position)).items():
            moved |= {stream, link.same_as}
    return moved


async def stored_streams(
    connection: Connection, ledger: str, practitioner_ids: Iterable[str], *, up_to: int, at_most: int | None = None
) -> list[StoredStream]:
    """Return these streams up to a position, inclusive; those without an event are left out. Raises ManyEvents if there
    are more than `at_most` in all."""
    limit = None if at_most is None else at_most + 1
    rows = await connection.fetch(sql.STREAMS, ledger, sorted(set(practitioner_ids)), up_to, limit)
    if len(rows) == limit:
        raise ManyEvents
    return _streams(ledger, rows)


async def revisions(
    connection: Connection, ledger: str, behind: Mapping[str, int], *, up_to: int, limit: int, limit_bytes: int
) -> list[StoredStream]:
    """Return the corrections and voids of these people after a version of each, up to a position.

    In the order of the people. At most `limit` events, and no more once their leaves reach `limit_bytes`: then the last
    person's may be incomplete, and later people are missing.
    """
    people, versions = list(behind), list(behind.values())
    return _streams(ledger, await connection.fetch(sql.REVISIONS, ledger, people, versions, up_to, limit, limit_bytes))


async def people_after(
    connection: Connection, ledger: str, practitioner_id: str, *, up_to: int, limit: int
) -> PeoplePage | None:
    """Return the people whose id follows, each with all streams, as linked at a position; None behind the last stream.

    Read along the index by stream, about `limit` events in all, so a page costs the same wherever it lies. Where its
    streams are linked to those of other pages it has fewer people than streams, even none.
    """
    page = await _streams_after(connection, ledger, practitioner_id, up_to=up_to, limit=limit)
    if not page:
        return None
    ids = [stream.practitioner_id for stream in page]
    in_force = {stream: link.same_as for stream, link in (await links(connection, ledger, ids, up_to=up_to)).items()}
    of_this_page = {id_ for id_ in ids if id_ not in in_force}
    elsewhere = {stream for stream in in_force if stream not in ids and person_of(stream, in_force) in of_this_page}
    others = await stored_streams(connection, ledger, elsewhere, up_to=up_to) if elsewhere else []
    found = _people([*page, *others], in_force)
    return PeoplePage([each for each in found if each.practitioner_id in of_this_page], ids[-1])


async def _streams_after(
    connection: Connection, ledger: str, practitioner_id: str, *, up_to: int, limit: int
) -> list[StoredStream]:
    """Return whole streams that follow, about `limit` events in all; none after the last one."""
    while True:
        rows = await connection.fetch(sql.STREAMS_AFTER, ledger, practitioner_id, up_to, limit)
        streams = _streams(ledger, rows)
        if len(rows) < limit:
            return streams
        if len(streams) > 1:
            return streams[:-1]  # The last stream may continue after the page.
        limit *= 2


async def events_by_id(connection: Connection, ledger: str, event_ids: Iterable[UUID]) -> dict[UUID, Stored]:
    """Return those of `event_ids` that the ledger holds, in any stream."""
    rows = await connection.fetch(sql.EVENTS_BY_ID, ledger, list(event_ids))
    return {row["event_id"]: _stored(ledger, row, row["event_id"], row["type"]) for row in rows}


async def versions(connection: Connection, ledger: str, practitioner_ids: Iterable[str]) -> tuple[Head, dict[str, int]]:
    """Return the head and the version of each stream (0 when it has no event), in one snapshot.

    Raises UnknownLedger."""
    rows = await connection.fetch(sql.VERSIONS, ledger, list(practitioner_ids))
    if not rows:
        raise UnknownLedger(ledger)
    return Head(rows[0]["position"], rows[0]["recorded_at"]), {row["practitioner_id"]: row["version"] for row in rows}


async def rows_after(
    connection: Connection, ledger: str, *, after: int, up_to: int, limit: int
) -> list[asyncpg.Record]:
    """Return whole rows of at most `limit` events behind position `after`, in order."""
    rows: list[asyncpg.Record] = await connection.fetch(sql.ROWS_AFTER, ledger, after, up_to, limit)
    return rows


async def broken_streams(connection: Connection, ledger: str, *, up_to: int, limit: int) -> list[str]:
    """Return at most `limit` streams whose versions are not 1, 2, 3 and so on."""
    rows = await connection.fetch(sql.BROKEN_STREAMS, ledger, up_to, limit)
    return [row["practitioner_id"] for row in rows]


async def extents(connection: Connection) -> list[Extent]:
    """Return the extent of every ledger, in one snapshot."""
    return [Extent(**row) for row in await connection.fetch(sql.EXTENTS)]


async def position_at(connection: Connection, ledger: str, instant: datetime) -> int:
    """Return the last position recorded at or before `instant`, 0 when there is none.

    Raises UnknownLedger, and DamagedLedger if an event is missing."""
    position: int | None = await connection.fetchval(sql.POSITION_AT, ledger, instant)
    if position is None:
        await head(connection, ledger)
        raise DamagedLedger(ledger)
    return position


def _streams(ledger: str, rows: list[asyncpg.Record]) -> list[StoredStream]:
    return [
        StoredStream(practitioner_id, [_stored(ledger, row) for row in events])
        for practitioner_id, events in groupby(rows, key=lambda row: row["practitioner_id"])
    ]


def _people(streams: Iterable[StoredStream], links: Links) -> list[StoredPerson]:
    """Return the people of streams, in order of id."""
    people: dict[str, list[StoredStream]] = {}
    for stream in streams:
        people.setdefault(person_of(stream.practitioner_id, links), []).append(stream)
    return [StoredPerson(practitioner_id, own) for practitioner_id, own in sorted(people.items())]


def _page(ledger: str, rows: list[asyncpg.Record]) -> Page:
    # The outer join gives one row without an event when there is none.
    return Page([_stored(ledger, row) for row in rows if row["position"] is not None], rows[0]["head"])


def _stored(ledger: str, row: asyncpg.Record, event_id: UUID | None = None, type_: str | None = None) -> Stored:
    return Stored(
        ledger, row["position"], row["practitioner_id"], row["version"], row["leaf"], row["leaf_hash"], event_id, type_
    )
