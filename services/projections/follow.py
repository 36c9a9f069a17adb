"""The worker: keeps the live rows of every ledger up to date with its events, its rules and the calendar.

One worker at a time, by a lease. A worker that lost it unawares still writes nothing: each step moves a cursor, and
only from where the worker expects it. The next worker continues from there.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeAlias

import asyncpg
from msgspec import Struct

from services.projections.project import Overtaken, RowJudge, advance, renew
from services.projections.store import generations, progress, standings
from services.projections.store.generations import Generation, Parked
from services.runtime.clock import Clock, china_day
from services.runtime.database import DATABASE_AWAY, DATABASE_ERRORS, DatabaseError, end, open_session
from services.runtime.journal import RULES_STREAM, Connection
from services.runtime.leases import LeaseLost, lease
from services.runtime.limits import LIMITS, Limits
from services.runtime.notifications import POLL_INTERVAL_S, Bell, News

DUE_PAGE_ROWS = 250
RETRY_S = 0.5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""Wait before a ledger that cannot be projected is tried again."""
LOCKED = "its rows are held by another session"

Step: TypeAlias = Callable[[Generation, datetime, date], Awaitable[bool]]

_log = logging.getLogger(__name__)


class Follower:
    """Follows all ledgers of a database until it is cancelled.

    `holder` names this worker, or the one that it replaces, whose lease it then need not wait for.
    """

    def __init__(self, url: str, news: News, clock: Clock, made_by: str, holder: str, limits: Limits = LIMITS) -> None:
        self._url = url
        self._limits = limits
        self._holder = holder
        self._news = news
        self._clock = clock
        self._made_by = made_by

    async def run(self) -> None:
        """Follow for ever. While the database is away or another worker holds the lease, keep retrying."""
        with self._news.bell() as bell:
            while True:
                try:
                    await self._follow_with_a_lease(bell)
                except LeaseLost:
                    _log.warning("another worker has taken over")
                except (*DATABASE_ERRORS, DatabaseError) as error:
                    _log.warning("the database is away: %s: %s", type(error).__name__, error)
                await asyncio.sleep(RETRY_S)

    async def _follow_with_a_lease(self, bell: Bell) -> None:
        async with lease(self._url, progress.WORKER_LEASE, self._holder, self._limits) as held:
            while not await held.take():
                await bell.wait(POLL_INTERVAL_S)
            _log.info("following the ledgers")
            await held.while_held(self._follow(bell))

    async def _follow(self, bell: Bell) -> None:
        limits = replace(self._limits, lock_s=self._limits.lock_s / 4, statement_s=2 * self._limits.statement_s)
        connection = await open_session(self._url, "ledger projections", limits)
        try:
            round_ = _Round(connection, self._clock, self._made_by)
            while True:
                if not await round_.take():
                    await bell.wait(POLL_INTERVAL_S)
        finally:
            end(connection)


class _Round:
    """What one session of the worker remembers: the packs, and the ledgers that failed and are left alone for a
    while."""

    def __init__(self, connection: Connection, clock: Clock, made_by: str) -> None:
        self._connection = connection
        self._clock = clock
        self._made_by = made_by
        self._row_judge = RowJudge()
        self._failing: dict[str, _Failing] = {}
        self._unrenewed: set[str] | None = None  # Ledgers whose parked people still have to be judged again; None: all.

    async def take(self) -> bool:
        """Take one step in every ledger that needs it. False if none did."""
        now = self._clock()
        today = china_day(now)
        await self._renew_all_parked(now, today)
        behind = await progress.ledgers_behind(self._connection)
        stepped = [await self._unless_it_fails(ledger, self._advance, now, today) for ledger in behind]
        due = await standings.ledgers_due(self._connection, today)
        stepped += [await self._unless_it_fails(ledger, self._renew_due, now, today) for ledger in due]
        return any(stepped)

    async def _renew_all_parked(self, now: datetime, today: date) -> None:
        """Judge parked people again, once: this release may be able to."""
        if self._unrenewed is None:
            self._unrenewed = {generation.ledger for generation in await generations.all_live(self._connection)}
        for ledger in sorted(self._unrenewed):
            await self._unless_it_fails(ledger, self._renew_parked, now, today)
            if ledger not in self._failing:
                self._unrenewed.discard(ledger)

    async def _unless_it_fails(self, ledger: str, step: Step, now: datetime, today: date) -> bool:
        """Take a step; a ledger whose rules cannot be read does not stop the others."""
        failing = self._failing.get(ledger)
        if failing is not None and time.monotonic() < failing.again_at_s:
            return False
        try:
            stepped = await step(await self._live(ledger, now), now, today)
        except Overtaken:
            return True
        except asyncpg.LockNotAvailableError:  # The holder of the rows may be comparing them, or be suspended.
            self._pause(ledger, failing, LOCKED if failing is None else failing.what)
            return False
        except Exception as error:
            # asyncpg refuses a value by an InterfaceError that is a ValueError: the ledger's fault, not the database's.
            if isinstance(error, DATABASE_AWAY) and not isinstance(error, ValueError):
                raise
            await self._note(ledger, error, failing, now)
            return False
        self._failing.pop(ledger, None)
        return stepped

    async def _note(self, ledger: str, error: Exception, failing: "_Failing | None", now: datetime) -> None:
        """Log once what is wrong with a ledger, park its rules with that, and retry at growing intervals."""
        what = f"{type(error).__name__}: {error}"
        self._pause(ledger, failing, what)
        if failing is None or failing.what != what:
            _log.error("ledger %s cannot be projected", ledger, exc_info=error)
            if (live := await generations.live(self._connection, ledger)) is not None:
                await generations.park(self._connection, live, [Parked(RULES_STREAM, live.position + 1, what)], now)

    def _pause(self, ledger: str, failing: "_Failing | None", what: str) -> None:
        pause_s = FIRST_PAUSE_S if failing is None else min(2 * failing.pause_s, LONGEST_PAUSE_S)
        self._failing[ledger] = _Failing(what, pause_s, time.monotonic() + pause_s)

    async def _live(self, ledger: str, now: datetime) -> Generation:
        generation = await generations.live(self._connection, ledger)
        return generation or await generations.make(self._connection, ledger, "live", self._made_by, now)

    async def _advance(self, generation: Generation, now: datetime, today: date) -> bool:
        return await advance(self._connection, self._row_judge, generation, now, today) is not None

    async def _renew_due(self, generation: Generation, now: datetime, today: date) -> bool:
        people = await standings.due(self._connection, generation, today, DUE_PAGE_ROWS)
        if people:
            await renew(self._connection, self._row_judge, generation, people, now, today)
        return bool(people)

    async def _renew_parked(self, generation: Generation, now: datetime, today: date) -> bool:
        parked = await generations.parked(self._connection, generation)
        people = [person.practitioner_id for person in parked if person.practitioner_id != RULES_STREAM]
        for first in range(0, len(people), DUE_PAGE_ROWS):
            await renew(
                self._connection, self._row_judge, generation, people[first : first + DUE_PAGE_ROWS], now, today
            )
        return bool(people)


class _Failing(Struct, frozen=True):
    """A ledger that cannot be projected: what is wrong, and when it is tried again."""

    what: str
    pause_s: float
    again_at_s: float
    """By the monotonic clock."""
