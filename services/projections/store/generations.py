"""The statements on generations: each is one pass through all events of a ledger, and one of them is live."""

from collections.abc import Iterable
from datetime import datetime

import asyncpg
from msgspec import Struct

from services.core.rules.engine import ENGINE
from services.runtime.database import transaction
from services.runtime.journal import Connection

DELETE_PAGE_ROWS = 5_000

COLUMNS = """
       ledger,
       generation,
       position,
       rules_position,
       made_by,
       engine
"""
LIVE = f"""
SELECT {COLUMNS}
  FROM projections.generations
 WHERE ledger = $1
   AND state = 'live'
"""  # noqa: S608 - the columns are a constant; the name is bound
ALL_LIVE = f"""
SELECT {COLUMNS}
  FROM projections.generations
 WHERE state = 'live'
 ORDER BY ledger
"""  # noqa: S608 - as above
NUMBERS = """
SELECT generation
  FROM projections.generations
 WHERE ledger = $1
   AND state = $2
 ORDER BY generation
"""
MAKE = f"""
INSERT INTO projections.generations
       (ledger, generation, state, position, rules_position, made_by, made_at, engine)
SELECT $1,
       coalesce(max(generation), 0) + 1,
       $2,
       0,
       0,
       $3,
       $4,
       $5
  FROM projections.generations
 WHERE ledger = $1
RETURNING {COLUMNS}
"""  # noqa: S608 - as above
# Only from where the caller expects the cursor: one that was overtaken writes nothing.
ADVANCE = """
UPDATE projections.generations
   SET position = $4,
       rules_position = $5
 WHERE ledger = $1
   AND generation = $2
   AND position = $3
RETURNING true
"""
HOLD_LIVE = f"""{LIVE}
   FOR UPDATE
"""
HOLD = """
SELECT true
  FROM projections.generations
 WHERE ledger = $1
   AND generation = $2
   AND position = $3
   AND rules_position = $4
   FOR UPDATE
"""
RETIRE_LIVE = """
UPDATE projections.generations
   SET state = 'previous'
 WHERE ledger = $1
   AND state = 'live'
"""
MAKE_LIVE = """
UPDATE projections.generations
   SET state = 'live'
 WHERE ledger = $1
   AND generation = $2
   AND state IN ('building', 'previous')
RETURNING true
"""
# Marked first: if the deletion of rows, page by page, is cut off, the rest cannot be mistaken for a generation.
BEGIN_DROP = """
UPDATE projections.generations
   SET state = 'dropping'
 WHERE ledger = $1
   AND generation = $2
   AND state <> 'live'
RETURNING true
"""
FORGET = """
DELETE FROM projections.generations
 WHERE ledger = $1
   AND generation = $2
   AND state = 'dropping'
"""
VERIFIED = """
INSERT INTO projections.verifications
       (ledger, position, verified_at)
VALUES ($1, $2, clock_timestamp())
    ON CONFLICT (ledger) DO UPDATE
       SET position = excluded.position,
           verified_at = excluded.verified_at
"""
VERIFICATIONS = """
SELECT ledger,
       verified_at
  FROM projections.verifications
 ORDER BY ledger
"""
DROP_ROWS = """
DELETE FROM projections.standings
 WHERE ctid IN (
       SELECT s.ctid
         FROM projections.generations g
         JOIN projections.standings s
           ON s.ledger = g.ledger
          AND s.generation = g.generation
        WHERE g.ledger = $1
          AND g.generation = $2
          AND g.state = 'dropping'
        LIMIT $3
       )
"""
DROP_PARKED = """
DELETE FROM projections.parked
 WHERE ledger = $1
   AND generation = $2
"""
PARK = """
INSERT INTO projections.parked
       (ledger, generation, practitioner_id, position, error, parked_at)
SELECT $1,
       $2,
       p.practitioner_id,
       p.position,
       p.error,
       $6
  FROM unnest($3::text[], $4::bigint[], $5::text[]) AS p (practitioner_id, position, error)
    ON CONFLICT (ledger, generation, practitioner_id) DO UPDATE
       SET position = excluded.position,
           error = excluded.error,
           parked_at = excluded.parked_at
"""
UNPARK = """
DELETE FROM projections.parked
 WHERE ledger = $1
   AND generation = $2
   AND practitioner_id = ANY($3::text[])
"""
PARKED = """
SELECT practitioner_id,
       position,
       error
  FROM projections.parked
 WHERE ledger = $1
   AND generation = $2
 ORDER BY practitioner_id
"""


class Generation(Struct, frozen=True):
    """See `projections.generations`. `made_by` and `engine` are the release and the engine that began it."""

    ledger: str
    generation: int
    position: int
    rules_position: int
    made_by: str
    engine: int


class GenerationGone(Exception):
    """The generation is being dropped, or was: another rebuild intervened."""


class Parked(Struct, frozen=True):
    """A person whose events cannot be judged, the last position read, and what went wrong."""

    practitioner_id: str
    position: int
    error: str


async def live(connection: Connection, ledger: str) -> Generation | None:
    """Return the live generation; None if nothing was projected yet."""
    row = await connection.fetchrow(LIVE, ledger)
    return None if row is None else Generation(**row)


async def all_live(connection: Connection) -> list[Generation]:
    """Return the live generations of all ledgers."""
    return [Generation(**row) for row in await connection.fetch(ALL_LIVE)]


async def numbers(connection: Connection, ledger: str, state: str) -> list[int]:
    """Return the numbers of the generations in a state, oldest first."""
    return [row["generation"] for row in await connection.fetch(NUMBERS, ledger, state)]


async def make(connection: Connection, ledger: str, state: str, made_by: str, made_at: datetime) -> Generation:
    """Create the next generation, empty. Raises asyncpg.UniqueViolationError if another process was faster."""
    row = await connection.fetchrow(MAKE, ledger, state, made_by, made_at, ENGINE)
    if row is None:
        raise RuntimeError("unreachable: an aggregate always gives a row")
    return Generation(**row)


async def advance(connection: Connection, generation: Generation, position: int, rules_position: int) -> bool:
    """Move the cursor. False, and nothing moved, if it is no longer where `generation` says."""
    moved: bool | None = await connection.fetchval(
        ADVANCE, generation.ledger, generation.generation, generation.position, position, rules_position
    )
    return bool(moved)


async def hold(connection: Connection, generation: Generation) -> bool:
    """Hold the cursor until the transaction ends. False if it has moved."""
    held: bool | None = await connection.fetchval(
        HOLD, generation.ledger, generation.generation, generation.position, generation.rules_position
    )
    return bool(held)


async def hold_live(connection: Connection, ledger: str) -> Generation | None:
    """Return the live generation, and hold its cursor until the transaction ends."""
    row = await connection.fetchrow(HOLD_LIVE, ledger)
    return None if row is None else Generation(**row)


async def switch(connection: Connection, ledger: str, generation: int) -> None:
    """Make a generation live and the live one the previous, in one transaction.

    Raises GenerationGone, and changes nothing.
    """
    async with transaction(connection):
        await connection.execute(RETIRE_LIVE, ledger)
        if not await connection.fetchval(MAKE_LIVE, ledger, generation):
            raise GenerationGone(f"generation {generation} of {ledger}")


async def drop(connection: Connection, ledger: str, generation: int) -> None:
    """Remove a generation that is not live. Its number is free again only when no row of it is left."""
    if not await connection.fetchval(BEGIN_DROP, ledger, generation):
        return
    while await connection.execute(DROP_ROWS, ledger, generation, DELETE_PAGE_ROWS) != "DELETE 0":
        pass
    await connection.execute(DROP_PARKED, ledger, generation)
    await connection.execute(FORGET, ledger, generation)


async def park(connection: Connection, generation: Generation, parked: Iterable[Parked], at: datetime) -> None:
    """Record the people who cannot be judged."""
    rows = list(parked)
    if rows:
        await connection.execute(
            PARK,
            generation.ledger,
            generation.generation,
            [row.practitioner_id for row in rows],
            [row.position for row in rows],
            [row.error for row in rows],
            at,
        )


async def unpark(connection: Connection, generation: Generation, practitioner_ids: list[str]) -> None:
    """Delete the records of people who could now be judged."""
    await connection.execute(UNPARK, generation.ledger, generation.generation, practitioner_ids)


async def parked(connection: Connection, generation: Generation) -> list[Parked]:
    """Return the people who cannot be judged."""
    rows: list[asyncpg.Record] = await connection.fetch(PARKED, generation.ledger, generation.generation)
    return [Parked(**row) for row in rows]


async def note_verified(connection: Connection, ledger: str, position: int) -> None:
    """Record that every row up to a position was found as the events make it."""
    await connection.execute(VERIFIED, ledger, position)


async def verified(connection: Connection) -> list[tuple[str, datetime]]:
    """Return when each ledger was last verified, for those that were."""
    return [(row["ledger"], row["verified_at"]) for row in await connection.fetch(VERIFICATIONS)]
