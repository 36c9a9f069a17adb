"""Ledgers take turns at the connections, and leave half of them to readers."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

import asyncpg
import pytest

from services.ledger import append as module
from services.ledger.append import Lanes, running_lanes
from services.ledger.remembered import RememberedVersions
from services.ledger.store.ledgers import make_ledger
from services.runtime.clock import system_clock
from services.runtime.database import POOL_MAX_CONNECTIONS
from services.runtime.ledgers import LedgerRow
from tests.deciding import INSTANT, appending
from tests.lives import new_training

APPENDS = 300


@pytest.fixture
async def ledgers(pool: asyncpg.Pool) -> list[str]:
    """More ledgers than the pool has connections."""
    names = [f"ledger-{number}" for number in range(POOL_MAX_CONNECTIONS + 8)]
    async with pool.acquire() as connection:
        for name in names:
            await make_ledger(connection, LedgerRow(name, "510100", name, "ledger.invalid", INSTANT, {}), [])
    return names


async def recorded_until(number: int, lanes: Lanes, ledgers: Sequence[str], callers: int) -> Counter[str]:
    """Append to all ledgers at once until `number` events are recorded, and return how many are in each."""
    recorded: Counter[str] = Counter()

    async def call(ledger: str) -> None:
        while recorded.total() < number:
            await lanes.append(ledger, appending(new_training()))
            recorded[ledger] += 1

    await asyncio.gather(*(call(ledger) for ledger in ledgers for _ in range(callers)))
    return recorded


async def test_busy_ledgers_get_alike(
    pool: asyncpg.Pool, ledgers: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them would keep the only connection for ever: somebody always waits in its lane."""
    monkeypatch.setattr(module, "MAX_WRITING_LANES", 1)
    async with running_lanes(pool, system_clock) as lanes:
        recorded = await recorded_until(APPENDS, lanes, ledgers[:4], callers=3)
    assert min(recorded.values()) >= max(recorded.values()) / 2, recorded


async def test_a_reader_finds_a_connection_though_every_lane_waits_for_its_head(
    database_url: str, pool: asyncpg.Pool, ledgers: Sequence[str]
) -> None:
    other = await asyncpg.connect(database_url)
    async with running_lanes(pool, system_clock) as lanes, other.transaction():
        await other.execute("SELECT 1 FROM ledger.heads FOR UPDATE")
        writers = [asyncio.create_task(lanes.append(ledger, appending(new_training()))) for ledger in ledgers]
        while pool.get_size() - pool.get_idle_size() < POOL_MAX_CONNECTIONS // 2:  # noqa: ASYNC110 - the pool sets no event
            await asyncio.sleep(0)
        async with pool.acquire(timeout=1) as connection:
            assert await connection.fetchval("SELECT 1") == 1
        for writer in writers:
            writer.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*writers)
    await other.close()


def test_what_was_used_least_recently_is_forgotten_first() -> None:
    remembered = RememberedVersions(most=2)
    remembered.put("era", {"P-1": 1, "P-2": 2})
    assert remembered.of("era", ["P-1"]) == {"P-1": 1}
    remembered.put("era", {"P-3": 3})
    assert remembered.of("era", ["P-1", "P-2", "P-3"]) == {"P-1": 1, "P-3": 3}


def test_what_an_earlier_era_knew_counts_for_nothing() -> None:
    remembered = RememberedVersions()
    remembered.put("before", {"P-1": 1})
    assert remembered.of("now", ["P-1"]) == {}
