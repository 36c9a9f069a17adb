"""The worker keeps the rows up to date with events, rules and the calendar, whatever happens to it."""

import asyncpg

from services.ledger.append import Lanes
from services.projections.rebuild import Report, rebuild
from services.runtime.clock import system_clock
from services.runtime.release import RELEASE
from tests.projections.conftest import caught_up, following, tell_careers, until


async def verified(pool: asyncpg.Pool, ledger: str) -> Report:
    async with pool.acquire() as connection:
        return await rebuild(connection, ledger, system_clock, RELEASE, verify=True, tell=lambda done, of: None)


async def test_rows_that_were_followed_equal_rows_that_were_rebuilt(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 40)
    async with following(database_url):
        await until(lambda: caught_up(pool, system_clock()), "caught up")
    report = await verified(pool, ledger)
    assert report.samples == []
    assert (report.people, report.compared, report.differences, report.parked) == (40, 40, 0, 0)
