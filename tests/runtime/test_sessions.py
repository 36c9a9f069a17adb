"""A session in doubt is ended and never used again; what a session commits stays committed."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from services.runtime.clock import system_clock
from services.runtime.database import (
    DATABASE_AWAY,
    create_pool,
    end,
    has_ended,
    is_away,
    open_session,
    seconds_ahead,
    transaction,
)
from services.runtime.limits import LIMITS

ROOT = Path(__file__).parents[2]
SHORT_S = 0.05
IMPATIENT = LIMITS.times(0.05)
OWN = re.compile(r"\.transaction\(|asyncpg\.(connect|create_pool)\(|advisory_lock")


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    session = await open_session(database_url, "test")
    yield session
    end(session)


async def ended(session: asyncpg.Connection) -> bool:
    await asyncio.sleep(0)
    return has_ended(session)


async def test_a_session_ends_with_a_statement_that_is_cut_short_by_its_time_limit(session: asyncpg.Connection) -> None:
    with pytest.raises(TimeoutError):
        await session.execute("SELECT pg_sleep(60)", timeout=SHORT_S)
    assert await ended(session)


async def test_a_session_ends_with_a_statement_that_is_cancelled(session: asyncpg.Connection) -> None:
    waiting = asyncio.create_task(session.execute("SELECT pg_sleep(60)"))
    await asyncio.wait([waiting], timeout=SHORT_S)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert await ended(session)


async def test_a_session_ends_with_a_time_limit_that_passes_before_its_statement_is_bound(database_url: str) -> None:
    """The process stood still between the answer to Parse and Bind, so the driver sends no more of the statement."""
    async with await create_pool(database_url, LIMITS.times(0.01)) as pool, pool.acquire() as session:
        preparing = asyncio.create_task(session.fetch("SELECT 1"))
        await asyncio.sleep(0)  # Parse has left.
        time.sleep(0.4)  # noqa: ASYNC251 - the whole process stands still
        with pytest.raises(TimeoutError):
            await preparing
        assert await ended(session)


async def test_a_transaction_that_fails_is_rolled_back_and_its_session_goes_on(session: asyncpg.Connection) -> None:
    await session.execute("CREATE TABLE t (n int)")

    async def fail() -> None:
        async with transaction(session):
            await session.execute("INSERT INTO t VALUES (1)")
            await session.execute("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await fail()
    assert not session.is_in_transaction()
    assert await session.fetchval("SELECT count(*) FROM t") == 0


async def test_a_transaction_that_runs_out_of_time_ends_its_session(session: asyncpg.Connection) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SHORT_S), transaction(session):
            await session.execute("SELECT pg_sleep(60)")
    assert await ended(session)


async def test_a_transaction_that_is_cancelled_between_its_statements_ends_its_session(
    session: asyncpg.Connection,
) -> None:
    async def stay() -> None:
        async with transaction(session):
            await session.execute("SELECT 1")
            await asyncio.get_running_loop().create_future()

    staying = asyncio.create_task(stay())
    await asyncio.wait([staying], timeout=SHORT_S)
    staying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await staying
    assert has_ended(session)


async def test_a_transaction_whose_session_was_lost_raises_what_its_block_raised(
    session: asyncpg.Connection, admin: asyncpg.Connection
) -> None:
    async def lose() -> None:
        async with transaction(session):
            await admin.fetch("SELECT pg_terminate_backend($1, 5000)", session.get_server_pid())
            raise ValueError("of the block")

    with pytest.raises(ValueError, match="of the block"):
        await lose()
    assert has_ended(session)


async def test_the_server_ends_a_session_that_idles_in_a_transaction(database_url: str) -> None:
    idle = await open_session(database_url, "test", IMPATIENT)
    gone = asyncio.Event()
    idle.add_termination_listener(lambda _: gone.set())
    await idle.execute("BEGIN")
    await asyncio.wait_for(gone.wait(), timeout=10)


async def test_who_stood_still_in_a_transaction_and_goes_on_finds_the_database_away(database_url: str) -> None:
    """The server's farewell is then the answer to the next statement, as after SIGSTOP and SIGCONT."""
    idle = await open_session(database_url, "test", IMPATIENT)
    await idle.execute("BEGIN")
    pid = idle.get_server_pid()

    async def until_the_server_has_ended_it() -> None:
        watching = await open_session(database_url, "test")
        while await watching.fetchval("SELECT count(pg_sleep(0.01)) FROM pg_stat_activity WHERE pid = $1", pid):
            pass
        end(watching)

    with ThreadPoolExecutor(1) as thread:  # This loop stands still meanwhile.
        thread.submit(asyncio.run, until_the_server_has_ended_it()).result()
    with pytest.raises(DATABASE_AWAY):
        await idle.fetch("SELECT 1")


@pytest.mark.parametrize(
    "farewell",
    [
        asyncpg.IdleInTransactionSessionTimeoutError,
        asyncpg.TransactionTimeoutError,
        asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError,
        asyncpg.PostgresIOError,
        asyncpg.DiskFullError,
    ],
)
def test_whatever_the_server_ends_a_session_for_is_a_database_away(farewell: type[asyncpg.PostgresError]) -> None:
    assert is_away(farewell("a farewell"))


async def test_the_server_gives_up_a_lock_and_a_statement_by_itself(database_url: str, pool: asyncpg.Pool) -> None:
    waiting = await open_session(database_url, "test", IMPATIENT)
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("SELECT pg_advisory_xact_lock(1)")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await waiting.execute("SELECT pg_advisory_lock(1)")
    with pytest.raises(asyncpg.QueryCanceledError):
        await waiting.execute("SELECT pg_sleep(60)", timeout=60)
    end(waiting)


async def test_a_session_commits_to_disk_whatever_the_database_says(
    database_url: str, admin: asyncpg.Connection
) -> None:
    async with await create_pool(database_url) as pool:
        name = await pool.fetchval("SELECT current_database()")
        await admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        session = await open_session(database_url, "test")
        assert await session.fetchval("SHOW synchronous_commit") == "on"
        await admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = remote_apply")
        stricter = await open_session(database_url, "test")
        assert await stricter.fetchval("SHOW synchronous_commit") == "remote_apply"
        end(session)
        end(stricter)


@pytest.mark.parametrize(
    ("before_s", "after_s", "ahead_s"), [(-5, 5, 0), (60, 70, 60), (-70, -60, -60)], ids=["slow", "ahead", "behind"]
)
async def test_a_slow_answer_is_no_difference_of_clocks(
    session: asyncpg.Connection, before_s: float, after_s: float, ahead_s: float
) -> None:
    readings = iter((before_s, after_s))

    def clock() -> datetime:
        return system_clock() + timedelta(seconds=next(readings))

    assert await seconds_ahead(session, clock) == pytest.approx(ahead_s, abs=2)


def test_every_session_and_every_transaction_is_made_in_one_place() -> None:
    """Made elsewhere, one would have other limits, or stay open when its user gives up."""
    own = {"services/runtime/database.py"}
    places = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "services").rglob("*.py")
        if OWN.search(path.read_text(encoding="utf-8"))
    }
    assert places == own
