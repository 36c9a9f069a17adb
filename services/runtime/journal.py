"""The only read statements over `ledger.events`. Both services read through these.

Positions are dense and become visible in their order, because every append holds the head's row until it commits: a
reader that pages by position skips nothing and sees nothing twice.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from msgspec import Struct

from contracts.events.codec import Leaf, UnreadableLeaf, in_todays_version, leaf_hash, read_leaf
from contracts.events.revisions import Recorded
from services.runtime.refusals import Refusal

Connection: TypeAlias = "asyncpg.Connection | PoolConnectionProxy"

RULES_STREAM = "_rules"
"""The stream of a ledger's own rule events, in the place of a practitioner id."""

HEAD = """
SELECT position,
       recorded_at
  FROM ledger.heads
 WHERE ledger = $1
"""
FEED_PAGE = """
SELECT h.position AS head,
       e.position,
       e.practitioner_id,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM ledger.heads h
  LEFT JOIN LATERAL (
       SELECT position, practitioner_id, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = h.ledger
          AND position > $2
        ORDER BY position
        LIMIT $3
       ) e ON true
 WHERE h.ledger = $1
 ORDER BY e.position
"""
# A version and its position grow together, so the stream up to a position is a prefix of its versions.
STREAM_PAGE = """
WITH known AS (
     SELECT coalesce(max(version), 0) AS version
       FROM ledger.events
      WHERE ledger = $1
        AND practitioner_id = $2
        AND position <= $3
     )
SELECT k.version AS head,
       e.position,
       e.practitioner_id,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM known k
  LEFT JOIN LATERAL (
       SELECT position, practitioner_id, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = $1
          AND practitioner_id = $2
          AND version > $4
          AND version <= k.version
        ORDER BY version
        LIMIT $5
       ) e ON true
 ORDER BY e.version
"""
STREAM = """
SELECT position,
       practitioner_id,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND practitioner_id = $2
   AND position <= $3
 ORDER BY version
"""
# Only whose events they are: a follower reads the whole streams of these people.
TOUCHED = """
SELECT position,
       practitioner_id
  FROM ledger.events
 WHERE ledger = $1
   AND position > $2
 ORDER BY position
 LIMIT $3
"""
# One person after the other: given all of them together, PostgreSQL may choose to read the whole ledger while its
# tables are small, and keeps that plan when they have grown.
STREAMS = """
SELECT e.practitioner_id,
       e.position,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM unnest($2::text[]) AS p (practitioner_id)
 CROSS JOIN LATERAL (
       SELECT practitioner_id, position, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = $1
          AND practitioner_id = p.practitioner_id
          AND position <= $3
        ORDER BY version
       ) e
"""
# By a partial index, one person after the other as above, so the limit ends the reading. A leaf that is not returned is
# not fetched: its row holds its length.
REVISIONS = """
SELECT practitioner_id,
       position,
       version,
       leaf,
       leaf_hash
  FROM (
       SELECT *,
              sum(octet_length(leaf)) OVER (ORDER BY ordinal, version) - octet_length(leaf) AS bytes_before
         FROM (
              SELECT p.ordinal,
                     e.*
                FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS p (practitioner_id, version, ordinal)
               CROSS JOIN LATERAL (
                     SELECT practitioner_id, position, version, leaf, leaf_hash
                       FROM ledger.events
                      WHERE ledger = $1
                        AND practitioner_id = p.practitioner_id
                        AND version > p.version
                        AND position <= $4
                        AND type IN ('event.corrected', 'event.voided')
                      ORDER BY version
                     ) e
               LIMIT $5
              ) AS first
       ) AS measured
 WHERE bytes_before < $6
 ORDER BY ordinal,
          version
"""
STREAMS_AFTER = """
SELECT practitioner_id,
       position,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND practitioner_id > $2
   AND practitioner_id <> $3
   AND position <= $4
 ORDER BY practitioner_id,
          version
 LIMIT $5
"""
RECORDED_BEHIND = """
SELECT e.ledger,
       e.recorded_at
  FROM unnest($1::text[], $2::bigint[]) AS p (ledger, position)
  JOIN ledger.events e
    ON e.ledger = p.ledger
   AND e.position = p.position + 1
"""
TIP = """
SELECT h.position AS head,
       (SELECT max(version)
          FROM ledger.events
         WHERE ledger = h.ledger
           AND practitioner_id = $2) AS version,
       (SELECT position
          FROM ledger.events
         WHERE ledger = h.ledger
           AND practitioner_id = $3
         ORDER BY version DESC
         LIMIT 1) AS rules_position
  FROM ledger.heads h
 WHERE h.ledger = $1
"""
# Every event is counted: this takes as long as reading an index of all of them.
BROKEN_STREAMS = """
SELECT practitioner_id
  FROM ledger.events
 WHERE ledger = $1
   AND position <= $2
 GROUP BY practitioner_id
HAVING count(*) <> max(version)
 ORDER BY practitioner_id
 LIMIT $3
"""
ROWS_AFTER = """
SELECT position,
       practitioner_id,
       event_id,
       type,
       occurred_on,
       recorded_at,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND position > $2
   AND position <= $3
 ORDER BY position
 LIMIT $4
"""
EXTENTS = """
SELECT h.ledger,
       h.position AS head,
       coalesce(e.last, 0) AS last,
       coalesce(e.events, 0) AS events
  FROM ledger.heads h
  LEFT JOIN (
       SELECT ledger,
              max(position) AS last,
              count(*) AS events
         FROM ledger.events
        GROUP BY ledger
       ) e
    ON e.ledger = h.ledger
 ORDER BY h.ledger
"""
EVENTS_BY_ID = """
SELECT event_id,
       position,
       practitioner_id,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND event_id = ANY($2::uuid[])
"""
VERSIONS = """
SELECT h.position,
       h.recorded_at,
       p.practitioner_id,
       (SELECT coalesce(max(version), 0)
          FROM ledger.events e
         WHERE e.ledger = h.ledger
           AND e.practitioner_id = p.practitioner_id) AS version
  FROM ledger.heads h
  LEFT JOIN unnest($2::text[]) AS p (practitioner_id) ON true
 WHERE h.ledger = $1
"""
# `recorded_at` never decreases with position, so the position is found by bisection: no index of its own to maintain.
POSITION_AT = """
WITH RECURSIVE halving (low, high) AS (
     SELECT 0::bigint,
            position
       FROM ledger.heads
      WHERE ledger = $1
      UNION ALL
     SELECT CASE WHEN e.recorded_at <= $2 THEN e.position ELSE h.low END,
            CASE WHEN e.recorded_at <= $2 THEN h.high ELSE e.position - 1 END
       FROM halving h
       JOIN ledger.events e
         ON e.ledger = $1
        AND e.position = (h.low + h.high + 1) / 2
      WHERE h.low < h.high
     )
SELECT low
  FROM halving
 WHERE low = high
"""


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


@dataclass(eq=False)
class DamagedLedger(Refusal):
    """The head and the events do not match."""

    ledger: str


@dataclass(eq=False)
class DamagedEvent(Refusal):
    """What is stored is not what was recorded."""

    position: int

    def __str__(self) -> str:
        return (
            f"what is stored at position {self.position} is not what was recorded there: {self.__cause__ or 'its hash'}"
        )


class Head(Struct, frozen=True):
    """Where a ledger ends: its last position (0 when empty) and its instant (of the ledger's creation while empty)."""

    position: int
    recorded_at: datetime


class Stored(Struct, frozen=True):
    """One event as its row holds it. `event_id` is set only if it was looked up by id."""

    ledger: str
    position: int
    practitioner_id: str
    version: int
    leaf: bytes
    leaf_hash: bytes
    event_id: UUID | None = None


class Page(Struct, frozen=True):
    """Some events and where the whole ends, in one snapshot: a position for the feed, a version for a stream."""

    events: list[Stored]
    head: int


class Tip(Struct, frozen=True):
    """The newest state that bears on one person: the ledger's head, the stream's version (0 without events), and the
    position of the last rule event (0 without any)."""

    head: int
    version: int
    rules_position: int


class Extent(Struct, frozen=True):
    """How far a ledger reaches by its head, by its last event and by the number of its events. Equal unless it is
    damaged."""

    ledger: str
    head: int
    last: int
    events: int


class StoredStream(Struct, frozen=True):
    """One stream, or the revisions of one, as its rows hold it, in order of version."""

    practitioner_id: str
    events: list[Stored]

    @property
    def position(self) -> int:
        """The position of the last event."""
        return self.events[-1].position

    @property
    def version(self) -> int:
        """The version of the last event."""
        return self.events[-1].version

    def leaves(self) -> Iterator[tuple[Stored, Leaf]]:
        """Yield the events of a whole stream with their leaves. Raises DamagedEvent, also for a missing version."""
        for version, stored in enumerate(self.events, 1):
            if stored.version != version:
                raise DamagedEvent(stored.position)
            yield stored, leaf_of(stored)

    def recorded(self) -> list[Recorded]:
        """Return the events of a whole stream, read. Raises DamagedEvent."""
        return [Recorded.of(leaf, stored.position, stored.version) for stored, leaf in self.leaves()]


async def head(connection: Connection, ledger: str) -> Head:
    """Return where the ledger ends. Raises UnknownLedger."""
    row = await connection.fetchrow(HEAD, ledger)
    if row is None:
        raise UnknownLedger(ledger)
    return Head(row["position"], row["recorded_at"])


async def feed_page(connection: Connection, ledger: str, *, after: int, limit: int) -> Page:
    """Return at most `limit` events behind position `after`. Raises UnknownLedger."""
    rows = await connection.fetch(FEED_PAGE, ledger, after, limit)
    if not rows:
        raise UnknownLedger(ledger)
    return _page(ledger, rows)


async def stream_page(
    connection: Connection, ledger: str, practitioner_id: str, *, up_to: int, after_version: int, limit: int
) -> Page:
    """Return at most `limit` events behind `after_version`, of those at position `up_to` or before."""
    return _page(ledger, await connection.fetch(STREAM_PAGE, ledger, practitioner_id, up_to, after_version, limit))


async def stream(connection: Connection, ledger: str, practitioner_id: str, *, up_to: int) -> list[Recorded]:
    """Return the whole stream up to position `up_to`, inclusive, in order. Raises DamagedEvent."""
    rows = await connection.fetch(STREAM, ledger, practitioner_id, up_to)
    return StoredStream(practitioner_id, [_stored(ledger, row) for row in rows]).recorded()


async def tip(connection: Connection, ledger: str, practitioner_id: str) -> Tip:
    """Return the newest state that bears on one person, in one snapshot. Raises UnknownLedger."""
    row = await connection.fetchrow(TIP, ledger, practitioner_id, RULES_STREAM)
    if row is None:
        raise UnknownLedger(ledger)
    return Tip(row["head"], row["version"] or 0, row["rules_position"] or 0)


async def touched(connection: Connection, ledger: str, *, after: int, limit: int) -> list[tuple[int, str]]:
    """Return position and stream of at most `limit` events behind position `after`, in order."""
    return [(row["position"], row["practitioner_id"]) for row in await connection.fetch(TOUCHED, ledger, after, limit)]


async def recorded_behind(connection: Connection, positions: Mapping[str, int]) -> dict[str, datetime]:
    """Return for each ledger when the event after a position was recorded, if there is one."""
    rows = await connection.fetch(RECORDED_BEHIND, list(positions), list(positions.values()))
    return {row["ledger"]: row["recorded_at"] for row in rows}


async def stored_streams(
    connection: Connection, ledger: str, practitioner_ids: Iterable[str], *, up_to: int
) -> list[StoredStream]:
    """Return the streams of these people up to a position, inclusive; those without an event are left out."""
    return _streams(ledger, await connection.fetch(STREAMS, ledger, sorted(set(practitioner_ids)), up_to))


async def revisions(
    connection: Connection, ledger: str, behind: Mapping[str, int], *, up_to: int, limit: int, limit_bytes: int
) -> list[StoredStream]:
    """Return the corrections and voids of these people after a version of each, up to a position.

    In the order of the people. At most `limit` events, and no more once their leaves reach `limit_bytes`: then the last
    person's may be incomplete, and later people are missing.
    """
    people, versions = list(behind), list(behind.values())
    return _streams(ledger, await connection.fetch(REVISIONS, ledger, people, versions, up_to, limit, limit_bytes))


async def stored_streams_after(
    connection: Connection, ledger: str, practitioner_id: str, *, up_to: int, limit: int
) -> list[StoredStream]:
    """Return whole streams of the people that follow, about `limit` events in all; none after the last person.

    Read along the index by stream, so a page costs the same wherever it lies.
    """
    while True:
        rows = await connection.fetch(STREAMS_AFTER, ledger, practitioner_id, RULES_STREAM, up_to, limit)
        streams = _streams(ledger, rows)
        if len(rows) < limit:
            return streams
        if len(streams) > 1:
            return streams[:-1]  # The last stream may continue after the page.
        limit *= 2


async def events_by_id(connection: Connection, ledger: str, event_ids: Iterable[UUID]) -> dict[UUID, Stored]:
    """Return those of `event_ids` that the ledger holds, in any stream."""
    rows = await connection.fetch(EVENTS_BY_ID, ledger, list(event_ids))
    return {row["event_id"]: _stored(ledger, row, row["event_id"]) for row in rows}


async def versions(connection: Connection, ledger: str, practitioner_ids: Iterable[str]) -> tuple[Head, dict[str, int]]:
    """Return the head and the version of each stream (0 when it has no event), in one snapshot.

    Raises UnknownLedger."""
    rows = await connection.fetch(VERSIONS, ledger, list(practitioner_ids))
    if not rows:
        raise UnknownLedger(ledger)
    return Head(rows[0]["position"], rows[0]["recorded_at"]), {row["practitioner_id"]: row["version"] for row in rows}


async def rows_after(
    connection: Connection, ledger: str, *, after: int, up_to: int, limit: int
) -> list[asyncpg.Record]:
    """Return whole rows of at most `limit` events behind position `after`, in order."""
    rows: list[asyncpg.Record] = await connection.fetch(ROWS_AFTER, ledger, after, up_to, limit)
    return rows


async def broken_streams(connection: Connection, ledger: str, *, up_to: int, limit: int) -> list[str]:
    """Return at most `limit` streams whose versions are not 1, 2, 3 and so on."""
    rows = await connection.fetch(BROKEN_STREAMS, ledger, up_to, limit)
    return [row["practitioner_id"] for row in rows]


async def extents(connection: Connection) -> list[Extent]:
    """Return the extent of every ledger, in one snapshot."""
    return [Extent(**row) for row in await connection.fetch(EXTENTS)]


async def position_at(connection: Connection, ledger: str, instant: datetime) -> int:
    """Return the last position recorded at or before `instant`, 0 when there is none.

    Raises UnknownLedger, and DamagedLedger if an event is missing."""
    position: int | None = await connection.fetchval(POSITION_AT, ledger, instant)
    if position is None:
        await head(connection, ledger)
        raise DamagedLedger(ledger)
    return position


def as_read(stored: Stored) -> dict[str, Any]:
    """Return an event as clients read it: its envelope and what the ledger added, flat, the data in its type's current
    version, a correction in that of its day. Raises DamagedEvent."""
    leaf = in_todays_version(leaf_of(stored))
    event: dict[str, Any] = {
        "event_id": str(leaf.event_id),
        "type": leaf.type,
        "occurred_on": leaf.occurred_on,
        "data": leaf.data,
        "ledger": leaf.ledger,
        "practitioner_id": leaf.practitioner_id,
        "version": stored.version,
        "position": stored.position,
        "recorded_at": leaf.recorded_at,
        "recorded_by": leaf.recorded_by,
        "schema_version": leaf.schema_version,
        "leaf_hash": b64encode(stored.leaf_hash).decode(),
    }
    return event if leaf.source is None else {**event, "source": leaf.source}


def leaf_of(stored: Stored) -> Leaf:
    """Return the leaf of an event.

    Raises DamagedEvent if it does not match its hash, cannot be read, or belongs to another ledger, person or id than
    its row."""
    if leaf_hash(stored.leaf) != stored.leaf_hash:
        raise DamagedEvent(stored.position)
    try:
        leaf = read_leaf(stored.leaf)
    except UnreadableLeaf as error:
        raise DamagedEvent(stored.position) from error
    if (leaf.ledger, leaf.practitioner_id) != (stored.ledger, stored.practitioner_id):
        raise DamagedEvent(stored.position)
    if stored.event_id not in (None, leaf.event_id):
        raise DamagedEvent(stored.position)
    return leaf


def _streams(ledger: str, rows: list[asyncpg.Record]) -> list[StoredStream]:
    return [
        StoredStream(practitioner_id, [_stored(ledger, row) for row in events])
        for practitioner_id, events in groupby(rows, key=lambda row: row["practitioner_id"])
    ]


def _page(ledger: str, rows: list[asyncpg.Record]) -> Page:
    # The outer join gives one row without an event when there is none.
    return Page([_stored(ledger, row) for row in rows if row["position"] is not None], rows[0]["head"])


def _stored(ledger: str, row: asyncpg.Record, event_id: UUID | None = None) -> Stored:
    return Stored(
        ledger, row["position"], row["practitioner_id"], row["version"], row["leaf"], row["leaf_hash"], event_id
    )
