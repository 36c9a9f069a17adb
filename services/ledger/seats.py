"""How many lanes write at once, and in which order the others follow."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress


class Seats:
    """A number of seats, each lent to whoever has waited longest."""

    def __init__(self, number: int) -> None:
        self._free = asyncio.Semaphore(number)
        self._waiting = 0
        self._unused: deque[Callable[[], None]] = deque()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a seat."""
        return self._waiting > 0

    @asynccontextmanager
    async def taken(self, timeout_s: float) -> AsyncIterator[None]:
        """Hold a seat during the block. Raises TimeoutError if none comes free in time."""
        self._waiting += 1
        if self._free.locked() and self._unused:
            self._unused.popleft()()
        try:
            async with asyncio.timeout(timeout_s):
                await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    @contextmanager
    def unused(self, leave: Callable[[], None]) -> Iterator[None]:
        """Keep a seat without using it. When another wants one, the `leave` of who kept it longest is called."""
        self._unused.append(leave)
        try:
            yield
        finally:
            with suppress(ValueError):  # It was told to leave.
                self._unused.remove(leave)
