"""A session stalled with PostgreSQL: no receipt is given from a transaction that nobody will commit."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest

from services.ledger.append import Lanes
from services.runtime import journal
from services.runtime.clock import system_clock
from services.runtime.limits import LIMITS
from tests.deciding import appending
from tests.lives import someone

IMPATIENT = LIMITS.times(0.06)
APPENDS = 40
OTHER_SESSIONS = """
SELECT pid
  FROM pg_stat_activity
 WHERE datname = current_database()
   AND pid <> pg_backend_pid()
"""
OPEN_TRANSACTIONS = """
SELECT count(*)
  FROM pg_stat_activity
 WHERE datname = current_database()
   AND state LIKE 'idle in transaction%'
"""


@contextmanager
def stopped(sessions: list[int]) -> Iterator[None]:
    """Suspend PostgreSQL's processes of these sessions until the end of the block."""
    for pid in sessions:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in sessions:
            os.kill(pid, signal.SIGCONT)


async def test_no_receipt_is_lost_when_a_session_stops_before_a_correction_and_goes_on_after_the_limit(
    database_url: str, pool: asyncpg.Pool, ledger: str
) -> None:
    """What the lane had sent is executed by the server only after the lane has given up."""
    lanes = Lanes(pool, system_clock, IMPATIENT)
    await lanes.append(ledger, appending(someone.trained(called="e0")))
    await lanes.append(ledger, appending(someone.corrected("e0", amount="13", called="c0")))
    observer = await asyncpg.connect(database_url)
    try:
        sessions = [row["pid"] for row in await observer.fetch(OTHER_SESSIONS)]
        with stopped(sessions), pytest.raises(TimeoutError):
            await lanes.append(ledger, appending(someone.corrected("e0", amount="14", called="c1")))
        for number in range(1, APPENDS):
            answer = await lanes.append(ledger, appending(someone.trained(called=f"e{number}")))
            page = await journal.feed_page(observer, ledger, after=answer.position - 1, limit=1)
            assert [(one.position, one.version) for one in page.events] == [(answer.position, answer.version)]
        await lanes.close()
        assert (await journal.head(observer, ledger)).position == answer.position
        assert await observer.fetchval(OPEN_TRANSACTIONS) == 0
    finally:
        await observer.close()
