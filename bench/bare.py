"""The bare work: INSERTs of the same rows into a table with the same indexes, equally durable, without any checks.

A single row is built within the measured time, as the service does it: an id, an instant and the hash. Many rows at
once are copies of rows that the service wrote.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from contracts.events.codec import leaf_hash
from services.runtime.clock import system_clock
from services.runtime.journal import Connection

MAKE_TABLE = """
CREATE SCHEMA IF NOT EXISTS bench;
DROP TABLE IF EXISTS bench.events;
CREATE TABLE bench.events (LIKE ledger.events INCLUDING ALL);
"""
INSERT = """
INSERT INTO bench.events
       (ledger, position, practitioner_id, version, event_id, type, occurred_on, recorded_at, leaf, leaf_hash)
VALUES ('bare', $1, $2, $3, $4, 'training.completed', $5, $6, $7, $8)
"""
NEXT_ROWS = """
SELECT practitioner_id,
       version,
       event_id,
       type,
       occurred_on,
       recorded_at,
       leaf,
       leaf_hash,
       position
  FROM ledger.events
 WHERE ledger = $1
   AND position > $2
 ORDER BY position
 LIMIT $3
"""
INSERT_MANY = """
INSERT INTO bench.events
       (ledger, position, practitioner_id, version, event_id, type, occurred_on, recorded_at, leaf, leaf_hash)
SELECT 'bare',
       $1 + e.ordinal,
       e.practitioner_id,
       e.version,
       e.event_id,
       e.type,
       e.occurred_on,
       e.recorded_at,
       e.leaf,
       e.leaf_hash
  FROM unnest($2::text[], $3::int[], $4::uuid[], $5::text[], $6::date[], $7::timestamptz[], $8::bytea[], $9::bytea[])
       WITH ORDINALITY
    AS e (practitioner_id, version, event_id, type, occurred_on, recorded_at, leaf, leaf_hash, ordinal)
"""
DAY = date(2023, 5, 6)
STREAMS_OF_A_CLIENT = 50
POSITIONS_OF_A_CLIENT = 10_000_000


class Inserts:
    """The connections of some clients, and how many rows each has written."""

    def __init__(self, connections: Sequence[Connection], leaf: bytes) -> None:
        self._connections = connections
        self._written = [0] * len(connections)
        self._leaf = leaf

    async def run(self, clients: int, seconds: float) -> list[float]:
        """Return the latency of every INSERT that `clients` made in `seconds`."""
        latencies: list[float] = []
        stop = time.perf_counter() + seconds
        await asyncio.gather(*(self._client(number, stop, latencies) for number in range(clients)))
        return latencies

    async def _client(self, number: int, stop: float, latencies: list[float]) -> None:
        connection = self._connections[number]
        while time.perf_counter() < stop:
            count = self._written[number] = self._written[number] + 1
            started = time.perf_counter()
            await connection.execute(
                INSERT,
                number * POSITIONS_OF_A_CLIENT + count,
                f"P-{number}-{count % STREAMS_OF_A_CLIENT}",
                count,
                uuid4(),
                DAY,
                system_clock(),
                self._leaf,
                leaf_hash(self._leaf),
            )
            latencies.append(time.perf_counter() - started)


async def insert_again(connection: Connection, ledger: str, rows_a_commit: int) -> float:
    """Insert every event of a ledger into the bare table, and return the seconds. The time excludes reading them."""
    await connection.execute(MAKE_TABLE)
    position, seconds = 0, 0.0
    while rows := await connection.fetch(NEXT_ROWS, ledger, position, rows_a_commit):
        *columns, positions = map(list, zip(*rows, strict=True))
        began = time.perf_counter()
        await connection.execute(INSERT_MANY, position, *columns)
        seconds += time.perf_counter() - began
        position = positions[-1]
    return seconds
