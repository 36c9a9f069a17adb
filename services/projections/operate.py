"""A rebuild, and the way back from one, for an operator: each in a session of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from services.projections.rebuild import Report, Tell, go_back, only_one, rebuild
from services.projections.store import generations
from services.projections.store.generations import Generation
from services.runtime.clock import Clock
from services.runtime.database import end, open_session
from services.runtime.limits import PATIENT
from services.runtime.release import RELEASE


class Interrupted(Exception):
    """Ctrl-C was pressed. The message says what was done and what is left."""


async def rebuild_ledger(url: str, ledger: str, clock: Clock, *, verify: bool, tell: Tell) -> Report:
    """Rebuild a ledger in the database at `url`; with `verify`, only compare.

    Raises Interrupted, UnknownLedger, RebuildRunning, LeaseLost, GenerationGone, or a database error.
    """
    async with only_one(url, ledger) as held, _session(url) as connection:
        before = await generations.live(connection, ledger)
        try:
            return await held.while_held(rebuild(connection, ledger, clock, RELEASE, verify=verify, tell=tell))
        except asyncio.CancelledError as cancelled:
            async with _session(url) as another:  # The rebuild's own session ended with it.
                now = await generations.live(another, ledger)
                unfinished = await generations.numbers(another, ledger, "building")
            raise Interrupted(_what_is_left(before, now, unfinished)) from cancelled


async def go_back_in(url: str, ledger: str) -> int:
    """Switch back to the generation before the live one, and return its number. Raises NothingToGoBackTo, and what
    `rebuild_ledger` raises except Interrupted."""
    async with only_one(url, ledger), _session(url) as connection:
        return await go_back(connection, ledger)


def _what_is_left(before: Generation | None, now: Generation | None, unfinished: Sequence[int]) -> str:
    was = None if before is None else before.generation
    if now is not None and now.generation != was:
        return f"generation {now.generation} is live already; the next rebuild removes the ones that are too old"
    left = f"; generation {unfinished[-1]} is incomplete, and the next rebuild removes it" if unfinished else ""
    return f"nothing was switched{left}"


@asynccontextmanager
async def _session(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await open_session(url, "ledger rebuild", PATIENT)
    try:
        yield connection
    finally:
        end(connection)
