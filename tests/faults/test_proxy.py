"""The proxy knows a statement by its text and by its name, and passes on everything else."""

import asyncio

import asyncpg
import pytest

from services.ledger.store.append import APPEND, APPEND_ONE, LOCK_HEAD
from services.runtime import journal_sql as sql
from tests.faults.proxy import Fault, Moment, Proxy, Statement, proxied, statement_of

READS = (sql.HEAD, sql.FEED_PAGE, sql.STREAM_PAGE, sql.VERSIONS, sql.EVENTS_BY_ID)


def test_every_statement_of_an_append_is_known() -> None:
    assert statement_of("BEGIN ISOLATION LEVEL READ COMMITTED;") is Statement.BEGIN
    assert statement_of("COMMIT;") is Statement.COMMIT
    assert statement_of("ROLLBACK;") is Statement.ROLLBACK
    assert statement_of("ROLLBACK TO savepoint;") is None
    assert statement_of(LOCK_HEAD) is Statement.LOCK
    assert {statement_of(text) for text in (APPEND, APPEND_ONE)} == {Statement.APPEND}
    assert {statement_of(text) for text in READS} == {Statement.READ}
    assert statement_of("SELECT 1") is None


@pytest.mark.parametrize("moment", list(Moment))
async def test_a_prepared_statement_is_held_the_second_time_it_runs(database_url: str, moment: Moment) -> None:
    async with proxied(database_url) as proxy:
        connection = await asyncpg.connect(proxy.url)
        assert await connection.fetchrow(sql.HEAD, "nowhere") is None
        fault = proxy.hold(Statement.READ, moment, nth=2)
        assert await connection.fetchrow(sql.HEAD, "nowhere") is None
        asked = asyncio.create_task(connection.fetchrow(sql.HEAD, "nowhere"))
        await fault.struck.wait()
        assert not asked.done()
        fault.release()
        assert await asked is None
        assert proxy.seen[Statement.READ] == 3
        await connection.close()


async def test_a_held_commit_has_or_has_not_happened_as_its_moment_says(database_url: str) -> None:
    async with proxied(database_url) as proxy:
        through, beside = await asyncpg.connect(proxy.url), await asyncpg.connect(database_url)
        for moment, seen in ((Moment.BEFORE, 0), (Moment.AFTER, 1)):
            await beside.execute("DROP TABLE IF EXISTS marks; CREATE TABLE marks ()")
            fault = proxy.hold(Statement.COMMIT, moment)
            await through.execute("BEGIN")
            await through.execute("INSERT INTO marks DEFAULT VALUES")
            committed = asyncio.create_task(through.execute("COMMIT"))
            await fault.struck.wait()
            assert await beside.fetchval("SELECT count(*) FROM marks") == seen
            fault.release()
            await committed
        await through.close()
        await beside.close()


async def test_a_request_to_cancel_reaches_the_server(database_url: str) -> None:
    async with proxied(database_url) as proxy:
        connection = await asyncpg.connect(proxy.url)
        with pytest.raises(TimeoutError):
            await connection.execute("SELECT pg_sleep(60)", timeout=0.1)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
        await proxy.until_no_session_is_left()


async def test_a_statement_is_run_though_its_client_has_gone_meanwhile(database_url: str) -> None:
    """As after a stall of the network: what was sent arrives."""
    async with proxied(database_url) as proxy:
        beside = await asyncpg.connect(database_url)
        await beside.execute("CREATE TABLE marks ()")
        fault = await _gone_at_a_commit(proxy)
        assert await beside.fetchval("SELECT count(*) FROM marks") == 0
        fault.release()
        await fault.session_ended.wait()
        assert await beside.fetchval("SELECT count(*) FROM marks") == 1
        await beside.close()


async def _gone_at_a_commit(proxy: Proxy) -> Fault:
    connection = await asyncpg.connect(proxy.url)
    fault = proxy.hold(Statement.COMMIT, Moment.BEFORE)
    await connection.execute("BEGIN")
    await connection.execute("INSERT INTO marks DEFAULT VALUES")
    committed = asyncio.create_task(connection.execute("COMMIT"))
    await fault.struck.wait()
    connection.terminate()
    with pytest.raises(asyncpg.PostgresError):
        await committed
    return fault
