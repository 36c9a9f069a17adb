"""A lane whose session is lost takes another for the waiting commands."""

import asyncio
from datetime import timedelta

import pytest

from services.ledger.append import running_lanes
from services.ledger.domain.rejections import ClocksApart
from services.runtime.clock import system_clock
from services.runtime.database import create_pool
from tests.deciding import E1, E2, E3, appending
from tests.faults.proxy import Moment, Statement, proxied


async def test_whoever_waits_while_a_refusals_session_is_lost_is_served_by_another_at_once(
    database_url: str, ledger: str
) -> None:
    ahead = timedelta(0)
    async with (
        proxied(database_url) as proxy,
        await create_pool(proxy.url) as pool,
        running_lanes(pool, lambda: system_clock() + ahead) as lanes,
    ):
        await lanes.append(ledger, appending(E1))
        ahead = timedelta(seconds=60)
        rollback = proxy.hold(Statement.ROLLBACK, Moment.BEFORE)
        refused = asyncio.create_task(lanes.append(ledger, appending(E2)))
        await asyncio.wait_for(rollback.struck.wait(), timeout=30)
        ahead = timedelta(0)
        waiting = asyncio.create_task(lanes.append(ledger, appending(E3)))
        await asyncio.sleep(0)  # It has come to the door.
        proxy.cut_all()
        with pytest.raises(ClocksApart):
            await refused
        assert (await asyncio.wait_for(waiting, timeout=30)).position == 2
