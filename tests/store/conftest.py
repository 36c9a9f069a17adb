"""A ledger and the lanes that append to it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.ledger.append import Lanes, running_lanes
from services.ledger.store.ledgers import make_ledger
from services.runtime.clock import system_clock
from services.runtime.ledgers import LedgerRow
from tests.deciding import INSTANT, LEDGER


@pytest.fixture
async def ledger(pool: asyncpg.Pool) -> str:
    """The name of an empty ledger."""
    row = LedgerRow(LEDGER, "510100", "Chengdu", "ledger.invalid", INSTANT, {})
    async with pool.acquire() as connection:
        await make_ledger(connection, row, [])
    return LEDGER


@pytest.fixture
async def lanes(pool: asyncpg.Pool, ledger: str) -> AsyncIterator[Lanes]:
    """The lanes of one process."""
    async with running_lanes(pool, system_clock) as lanes:
        yield lanes


@pytest.fixture
async def other_lanes(pool: asyncpg.Pool, ledger: str) -> AsyncIterator[Lanes]:
    """Lanes independent of the first: to the database, those of another process."""
    async with running_lanes(pool, system_clock) as lanes:
        yield lanes
