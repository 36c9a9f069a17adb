"""News of appends: PostgreSQL notifies after a commit, and whoever waits reads the journal again.

A notification can be lost (a reconnect, a failover), so nobody relies on one: who waits does so for a bounded time, and
then reads anyway.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import asyncpg

from services.runtime.database import CONNECT_TIMEOUT_S

CHANNEL = "ledger_appended"
"""Its payload is the name of the ledger."""
RECONNECT_S = 0.5
POLL_INTERVAL_S = 1.0
"""How long a lost notification can delay whoever waits."""

_log = logging.getLogger(__name__)


class Bell:
    """Rings when one ledger, or any of them, has news. It is rung from its making on, heard or not."""

    def __init__(self, ledger: str | None) -> None:
        self.ledger = ledger
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Return when it rings, has rung since it was last heard, or after the time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        self._rung.clear()


class News:
    """The bells of this process."""

    def __init__(self) -> None:
        self._bells: set[Bell] = set()

    @contextmanager
    def bell(self, ledger: str | None = None) -> Iterator[Bell]:
        """Yield a bell for a ledger, by default for every one. Read after this and nothing is missed."""
        bell = Bell(ledger)
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    def ring(self, ledger: str | None = None) -> None:
        """Ring the bells of a ledger; without one, all of them."""
        for bell in self._bells:
            if ledger is None or bell.ledger in (None, ledger):
                bell.ring()

    async def follow(self, url: str) -> None:
        """Ring on every notification, for ever. While there is no connection, try again and again."""
        while True:
            try:
                await self._listen(url)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("no news from the database: %s: %s", type(error).__name__, error)
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self, url: str) -> None:
        lost = asyncio.Event()
        connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, lambda *heard: self.ring(str(heard[-1])))
            self.ring()  # Whatever was told before this connection listened.
            await lost.wait()
        finally:
            connection.terminate()


@asynccontextmanager
async def running_news(url: str) -> AsyncIterator[News]:
    """Yield the news of a database until the end of the block."""
    news = News()
    follower = asyncio.create_task(news.follow(url))
    try:
        yield news
    finally:
        follower.cancel()
        with suppress(asyncio.CancelledError):
            await follower
