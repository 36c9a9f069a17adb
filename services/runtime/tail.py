"""The end of each ledger, read once for all who follow it (ADR-0041).

Whoever stands at the end of a ledger waits for its tail, which reads the journal when there is news and keeps what it
read for a while. Whoever is behind what it keeps reads the journal on its own. So followers cost by ledger and not by
follower, and a slow one holds no more than the page that it is sending.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import asyncpg

from services.runtime import journal
from services.runtime.known_at import check_reached
from services.runtime.notifications import POLL_INTERVAL_S, News
from services.runtime.stored_events import Stored

PAGE_EVENTS = 500
KEPT_EVENTS = 1_000
KEPT_BYTES = 4 * 1024**2
PACE_S = 0.5e-3
"""For each follower, between two pages: what handing them a page takes stays a fifth of the time."""


class Stretch:
    """Events that follow one another, and where the ledger ended when they were read."""

    def __init__(self, events: Sequence[Stored], head: int) -> None:
        self.events = events
        self.head = head
        self._written: dict[Callable[[Stored], bytes], bytes] = {}

    @property
    def after(self) -> int:
        """The position before the first event."""
        return self.events[0].position - 1

    @property
    def size(self) -> int:
        """Of the leaves, in bytes."""
        return sum(len(stored.leaf) for stored in self.events)

    def written(self, write: Callable[[Stored], bytes]) -> bytes:
        """Return the events as `write` puts each: once for all who get this stretch."""
        if write not in self._written:
            self._written[write] = b"".join(map(write, self.events))
        return self._written[write]

    def behind(self, position: int, limit: int) -> "Stretch":
        """Return the events after a position, at most `limit` of them."""
        if position == self.after and len(self.events) <= limit:
            return self
        first = position - self.after
        return Stretch(self.events[first : first + limit], self.head)


class Tail:
    """The end of one ledger, for those of its followers who wait there."""

    def __init__(self, ledger: str, pool: asyncpg.Pool, news: News) -> None:
        self.followers = 0
        self._ledger = ledger
        self._pool = pool
        self._news = news
        self._kept: deque[Stretch] = deque()
        self._position = 0
        self._reader: asyncio.Task[None] | None = None
        self._moved = _moving()

    def kept(self, position: int, limit: int) -> Stretch | None:
        """Return events after a position, if they are kept."""
        for stretch in self._kept:
            if stretch.after <= position < stretch.after + len(stretch.events):
                return stretch.behind(position, limit)
        return None

    def stands_at(self, position: int) -> bool:
        """Whether the next event that the tail reads is the one after this position."""
        return self._reader is not None and position == self._position

    async def moved(self, position: int, wait_s: float) -> None:
        """Wait at a position, which is where the ledger ended a moment ago, until there may be events behind it.

        Raises what reading the journal raises.
        """
        if self._news.closed:
            return
        if self._reader is None:
            self._position = position
            self._reader = asyncio.create_task(self._read())
        moved = self._moved
        await asyncio.wait((moved,), timeout=wait_s)
        if moved.done() and (error := moved.exception()) is not None:
            raise error.with_traceback(None)

    def stop(self) -> None:
        """Read no further."""
        if self._reader is not None:
            self._reader.cancel()

    async def _read(self) -> None:
        try:
            with self._news.bell(self._ledger) as bell:
                while not self._news.closed:
                    if await self._read_page():
                        await asyncio.sleep(PACE_S * self.followers)
                    else:
                        await bell.wait(POLL_INTERVAL_S)
            self._move()
        except Exception as error:
            self._move(error)
        finally:
            self._reader = None
            self._kept.clear()

    async def _read_page(self) -> bool:
        async with self._pool.acquire() as connection:
            page = await journal.feed_page(connection, self._ledger, after=self._position, limit=PAGE_EVENTS)
        check_reached("?after", self._position, page.head)  # Not so once a ledger is restored to an earlier position.
        if not page.events:
            return False
        self._keep(Stretch(page.events, page.head))
        self._move()
        return True

    def _keep(self, stretch: Stretch) -> None:
        self._kept.append(stretch)
        self._position = stretch.events[-1].position
        while len(self._kept) > 1 and (
            sum(len(kept.events) for kept in self._kept) > KEPT_EVENTS
            or sum(kept.size for kept in self._kept) > KEPT_BYTES
        ):
            self._kept.popleft()

    def _move(self, error: Exception | None = None) -> None:
        """Wake everybody who waits."""
        moved, self._moved = self._moved, _moving()
        if error is None:
            moved.set_result(None)
        else:
            moved.set_exception(error)
            moved.exception()  # Perhaps nobody waits.


class Tails:
    """The tails of this process, each while somebody follows it."""

    def __init__(self, pool: asyncpg.Pool, news: News) -> None:
        self._pool = pool
        self._news = news
        self._tails: dict[str, Tail] = {}

    def __len__(self) -> int:
        """How many followers there are."""
        return sum(tail.followers for tail in self._tails.values())

    @contextmanager
    def of(self, ledger: str) -> Iterator[Tail]:
        """Yield the tail of a ledger to one follower."""
        if (tail := self._tails.get(ledger)) is None:
            tail = self._tails[ledger] = Tail(ledger, self._pool, self._news)
        tail.followers += 1
        try:
            yield tail
        finally:
            tail.followers -= 1
            if not tail.followers:
                tail.stop()
                del self._tails[ledger]


def _moving() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()
