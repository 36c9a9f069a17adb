"""Leases: work that only one process may do at a time, for as long as it keeps renewing its claim.

A lease is a row, so it neither stays with a pooled session nor outlives a process that hangs. It only avoids duplicate
work: what its holder writes is checked against a cursor as well.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from services.runtime.database import DATABASE_ERRORS, AnyConnection, end, open_session
from services.runtime.limits import LIMITS, Limits

# By the database's clock alone. The holder of a lease may take it again. A lease that ends later than any lease can was
# written while the clock was ahead, and nobody holds it.
TAKE = """
INSERT INTO runtime.leases AS l
       (name, holder, until)
VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
    ON CONFLICT (name) DO UPDATE
       SET holder = excluded.holder,
           until = excluded.until
     WHERE l.holder = excluded.holder
        OR l.until NOT BETWEEN clock_timestamp() AND clock_timestamp() + make_interval(secs => $4)
RETURNING true
"""
IS_HELD = """
SELECT EXISTS (
       SELECT 1
         FROM runtime.leases
        WHERE name = $1
          AND until BETWEEN clock_timestamp() AND clock_timestamp() + make_interval(secs => $2)
       )
"""
GIVE_BACK = """
DELETE FROM runtime.leases
 WHERE name = $1
   AND holder = $2
"""
LONGEST_LEASE_S = 60.0
RENEWALS = 3
"""How often a lease is renewed before it would end."""

T = TypeVar("T")


async def is_held(connection: AnyConnection, name: str) -> bool:
    """Return whether anyone holds the lease. A process that has died or is suspended loses it."""
    held: bool = await connection.fetchval(IS_HELD, name, LONGEST_LEASE_S)
    return held


class LeaseLost(Exception):
    """Another process holds the lease now: this one was suspended for too long."""


@dataclass(frozen=True, slots=True)
class Lease:
    """`holder` names one process, or what takes its place; a lease lasts `seconds` from its last renewal on."""

    name: str
    holder: str
    seconds: float
    connection: asyncpg.Connection

    async def take(self) -> bool:
        """Take the lease, or renew it. False if another process has it."""
        return bool(await self.connection.fetchval(TAKE, self.name, self.holder, self.seconds, LONGEST_LEASE_S))

    async def while_held(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work and renew the lease meanwhile. Raises LeaseLost, and stops the work, once another process has
        it."""
        working = asyncio.ensure_future(work)
        renewing = asyncio.ensure_future(self._renew())
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                renewing.result()
        finally:
            for task in (working, renewing):
                task.cancel()
            await asyncio.gather(working, renewing, return_exceptions=True)
        return working.result()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self.seconds / RENEWALS)
            if not await self.take():
                raise LeaseLost(self.name)


@asynccontextmanager
async def lease(url: str, name: str, holder: str, limits: Limits = LIMITS) -> AsyncIterator[Lease]:
    """Yield a lease that is not taken yet, with a session of its own; at the end it is given back.

    Raises DatabaseError.
    """
    connection = await open_session(url, "ledger leases", limits)
    try:
        yield Lease(name, holder, limits.lease_s, connection)
    finally:
        with suppress(*DATABASE_ERRORS):
            await connection.execute(GIVE_BACK, name, holder, timeout=limits.lock_s)
        end(connection)
