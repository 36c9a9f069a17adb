"""News of appends: PostgreSQL notifies after a commit, and waiting readers read the journal again.

A notification can be lost (a reconnect, a failover), so nobody relies on one: readers wait for a bounded time, and then
read anyway.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import asyncpg

from services.runtime.database import DATABASE_ERRORS, DatabaseError, end, open_session

CHANNEL = "ledger_appended"
"""Its payload is the name of the ledger."""
RECONNECT_S = 0.5
POLL_INTERVAL_S = 1.0
"""How long a lost notification can delay a waiting reader."""
NOTIFY_INTERVAL_S = 0.02
"""The shortest time between two notifications of one process."""
NOTIFY_TIMEOUT_S = 5.0
NOTIFY = """
SELECT pg_notify($1, ledger)
  FROM unnest($2::text[]) AS ledger
"""

_log = logging.getLogger(__name__)


class Bell:
    """Rings when one ledger, or any of them, has news. It counts from its creation, whether anyone waits or not."""

    def __init__(self, ledger: str | None) -> None:
        self.ledger = ledger
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Return when it rings, if it has rung since the last wait, or after the timeout."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        self._rung.clear()


class News:
    """The bells of this process."""

    def __init__(self) -> None:
        self._bells: set[Bell] = set()
        self._closed = False

    def __len__(self) -> int:
        """How many bells there are."""
        return len(self._bells)

    @property
    def closed(self) -> bool:
        """Whether the process is about to end, so that waiting readers should answer what they have."""
        return self._closed

    def close(self) -> None:
        """Ring every bell for the last time: no stream and no waiting reader shall hold up the end of the process."""
        self._closed = True
        self.ring()

    @contextmanager
    def bell(self, ledger: str | None = None) -> Iterator[Bell]:
        """Yield a bell for a ledger, by default for all. Nothing is missed by a reader that reads after this."""
        bell = Bell(ledger)
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    def ring(self, ledger: str | None = None) -> None:
        """Ring the bells of a ledger; without a name, all of them."""
        for bell in self._bells:
            if ledger is None or bell.ledger in (None, ledger):
                bell.ring()

    async def follow(self, url: str) -> None:
        """Ring on every notification, for ever. While there is no connection, keep retrying."""
        while True:
            try:
                await self._listen(url)
            except (*DATABASE_ERRORS, DatabaseError) as error:
                _log.warning("no news from the database: %s: %s", type(error).__name__, error)
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self, url: str) -> None:
        lost = asyncio.Event()
        connection = await open_session(url, "ledger news")
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, lambda *heard: self.ring(str(heard[-1])))
            self.ring()  # For whatever was notified before this connection listened.
            await lost.wait()
        finally:
            end(connection)


class Notices:
    """Notifies others of this process's appends: off their path, batched, one statement at a time."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._ledgers: set[str] = set()
        self._telling: asyncio.Task[None] | None = None

    def tell(self, ledger: str) -> None:
        """Schedule a notification that the ledger has news."""
        self._ledgers.add(ledger)
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def close(self) -> None:
        """Return when every notification is sent."""
        if self._telling is not None:
            await self._telling

    async def _tell(self) -> None:
        try:
            while self._ledgers:
                ledgers, self._ledgers = self._ledgers, set()
                await self._notify(sorted(ledgers))
                await asyncio.sleep(NOTIFY_INTERVAL_S)
        finally:
            self._telling = None

    async def _notify(self, ledgers: list[str]) -> None:
        try:
            await self._pool.execute(NOTIFY, CHANNEL, ledgers, timeout=NOTIFY_TIMEOUT_S)
        except DATABASE_ERRORS as error:  # The events are recorded all the same, and readers poll.
            _log.warning("notifying readers failed: %s: %s", type(error).__name__, error)


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
