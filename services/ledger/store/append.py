"""The only statements that write events and move heads."""

from collections.abc import Sequence
from datetime import datetime

from services.ledger.domain.career import Entry
from services.runtime.clock import CLOCK_AHEAD_AT_MOST_S, CLOCK_BEHIND_AT_MOST_S
from services.runtime.journal import Connection, Head, UnknownLedger

# The holder of this row assigns the next positions; the others wait here until it commits.
LOCK_HEAD = """
SELECT position,
       recorded_at
  FROM ledger.heads
 WHERE ledger = $1
   FOR UPDATE
"""
# An instant of recording lies near the database's own clock, or just after a head that is ahead of it.
IS_TRUE_INSTANT = f"""recorded_at < $3
        AND $3 >= clock_timestamp() - interval '{CLOCK_BEHIND_AT_MOST_S} s'
        AND $3 <= greatest(
                clock_timestamp() + interval '{CLOCK_AHEAD_AT_MOST_S} s',
                recorded_at + interval '1 microsecond'
            )"""
# Moves the head only if it is where the caller expects, and inserts in the same statement: no row otherwise. The
# snapshot cannot be older than the head: positions only grow, so an unmoved head has not been passed.
APPEND = f"""
WITH head AS (
     UPDATE ledger.heads
        SET position = $2 + cardinality($4::text[]),
            recorded_at = $3
      WHERE ledger = $1
        AND position = $2
        AND {IS_TRUE_INSTANT}
     RETURNING ledger
     )
INSERT INTO ledger.events
       (ledger, position, practitioner_id, version, event_id, type, occurred_on, recorded_at, leaf, leaf_hash)
SELECT h.ledger,
       $2 + e.ordinal,
       e.practitioner_id,
       e.version,
       e.event_id,
       e.type,
       e.occurred_on,
       $3,
       e.leaf,
       e.leaf_hash
  FROM head h,
       unnest($4::text[], $5::int[], $6::uuid[], $7::text[], $8::date[], $9::bytea[], $10::bytea[])
       WITH ORDINALITY AS e (practitioner_id, version, event_id, type, occurred_on, leaf, leaf_hash, ordinal)
"""  # noqa: S608 - constants of this module; values are bound

# The same for one event, as a lone client sends it: without arrays it adds half as much to the cost of a bare INSERT.
APPEND_ONE = f"""
WITH head AS (
     UPDATE ledger.heads
        SET position = $2 + 1,
            recorded_at = $3
      WHERE ledger = $1
        AND position = $2
        AND {IS_TRUE_INSTANT}
     RETURNING ledger
     )
INSERT INTO ledger.events
       (ledger, position, practitioner_id, version, event_id, type, occurred_on, recorded_at, leaf, leaf_hash)
SELECT ledger, $2 + 1, $4, $5, $6, $7, $8, $3, $9, $10
  FROM head
"""  # noqa: S608 - as above


async def lock_head(connection: Connection, ledger: str) -> Head:
    """Return the head and lock it until the caller's transaction ends. Raises UnknownLedger."""
    row = await connection.fetchrow(LOCK_HEAD, ledger)
    if row is None:
        raise UnknownLedger(ledger)
    return Head(row["position"], row["recorded_at"])


async def append_behind(
    connection: Connection,
    ledger: str,
    position: int,
    recorded_at: datetime,
    entries: Sequence[Entry],
    limit_s: float | None = None,
) -> bool:
    """Write the entries after `position`. False, and nothing written, if the head is elsewhere, or the instant is too
    far from the database's clock.

    Raises asyncpg.UniqueViolationError, and writes nothing, if an event id or a version is there already, and
    TimeoutError after `limit_s`, by default the session's limit for a statement.
    """
    if len(entries) == 1:
        (entry,) = entries
        event = entry.event
        status = await connection.execute(
            APPEND_ONE,
            ledger,
            position,
            recorded_at,
            entry.practitioner_id,
            entry.version,
            event.event_id,
            event.type,
            event.occurred_on,
            entry.leaf,
            entry.leaf_hash,
            timeout=limit_s,
        )
        return status == "INSERT 0 1"
    status = await connection.execute(
        APPEND,
        ledger,
        position,
        recorded_at,
        [entry.practitioner_id for entry in entries],
        [entry.version for entry in entries],
        [entry.event.event_id for entry in entries],
        [entry.event.type for entry in entries],
        [entry.event.occurred_on for entry in entries],
        [entry.leaf for entry in entries],
        [entry.leaf_hash for entry in entries],
        timeout=limit_s,
    )
    return status == f"INSERT 0 {len(entries)}"
