"""The bare work: INSERTs of the same row into a table with the same indexes, each its own commit, nothing checked.

The row is made where the prototype's loop makes it, inside the time that is taken: an id, an instant and the hash.
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
