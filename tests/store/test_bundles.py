"""The feed in bundles: whatever is cut from them is what is recorded, and as much is kept as may be (ADR-0042)."""

import asyncpg
import msgspec
import pytest

from services.ledger import bundles as module
from services.ledger.append import Lanes
from services.ledger.bundles import Bundles
from services.runtime import journal
from services.runtime.journal import DamagedLedger
from services.runtime.stored_events import DamagedEvent, as_read
from tests.deciding import appending
from tests.lives import new_training

EVENTS = 11
SIZE = 4


@pytest.fixture
async def told(monkeypatch: pytest.MonkeyPatch, lanes: Lanes, ledger: str) -> str:
    """A ledger of two whole bundles and three events of a third."""
    monkeypatch.setattr(module, "BUNDLE_EVENTS", SIZE)
    for _ in range(EVENTS):
        await lanes.append(ledger, appending(new_training()))
    return ledger


async def recorded(connection: asyncpg.Connection, ledger: str) -> list[bytes]:
    page = await journal.feed_page(connection, ledger, after=0, limit=EVENTS)
    return [msgspec.json.encode(as_read(stored)) for stored in page.events]


async def test_every_stretch_is_what_is_recorded_there(pool: asyncpg.Pool, told: str) -> None:
    bundles = Bundles()
    async with pool.acquire() as connection:
        events = await recorded(connection, told)
        for after in range(EVENTS + 1):
            for up_to in range(after, EVENTS + 1):
                read = await bundles.read(connection, told, after, up_to, EVENTS)
                assert read == b",".join(events[after:up_to]), (after, up_to)


async def test_what_is_kept_is_not_read_again(pool: asyncpg.Pool, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bundles, read_behind = Bundles(), []
    feed_page = journal.feed_page

    async def counted(connection: asyncpg.Connection, ledger: str, *, after: int, limit: int) -> journal.Page:
        read_behind.append(after)
        return await feed_page(connection, ledger, after=after, limit=limit)

    monkeypatch.setattr(journal, "feed_page", counted)
    async with pool.acquire() as connection:
        for _ in range(2):
            await bundles.read(connection, told, 1, EVENTS, EVENTS)
    assert read_behind == [0, SIZE, 2 * SIZE, 2 * SIZE], "the last one is not whole yet"


async def test_what_is_read_least_goes_first(pool: asyncpg.Pool, told: str) -> None:
    async with pool.acquire() as connection:
        events = await recorded(connection, told)
        bundles = Bundles(most_bytes=len(b",".join(events[:SIZE])) + 1)
        for after in (0, SIZE, 0):
            await bundles.read(connection, told, after, after + SIZE, EVENTS)
            assert bundles.kept_bytes in (len(b",".join(events[:SIZE])), len(b",".join(events[SIZE : 2 * SIZE])))


async def damage(admin: asyncpg.Connection, statement: str) -> None:
    await admin.execute("ALTER TABLE ledger.events DISABLE TRIGGER ALL")
    await admin.execute(statement)


async def test_a_page_with_a_damaged_event_is_refused_and_one_beside_it_is_not(pool: asyncpg.Pool, told: str) -> None:
    async with pool.acquire() as connection:
        events = await recorded(connection, told)
        await damage(connection, r"UPDATE ledger.events SET leaf_hash = sha256('\x00') WHERE position = 3")
        bundles = Bundles()
        assert await bundles.read(connection, told, 0, 2, EVENTS) == b",".join(events[:2])
        assert await bundles.read(connection, told, 3, 6, EVENTS) == b",".join(events[3:6])
        with pytest.raises(DamagedEvent):
            await bundles.read(connection, told, 1, 3, EVENTS)


async def test_a_page_from_which_an_event_is_missing_is_refused(pool: asyncpg.Pool, told: str) -> None:
    async with pool.acquire() as connection:
        await damage(connection, "DELETE FROM ledger.events WHERE position IN (3, 11)")
        bundles = Bundles()
        for after, up_to in ((0, 4), (2, 4), (8, 11), (10, 11)):
            with pytest.raises(DamagedLedger):
                await bundles.read(connection, told, after, up_to, EVENTS)
