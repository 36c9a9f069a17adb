"""How many lanes write at once, and in which order the others follow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Seats:
    """A number of seats, each lent to whoever has waited longest."""

    def __init__(self, number: int) -> None:
        self._free = asyncio.Semaphore(number)
        self._waiting = 0

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a seat."""
        return self._waiting > 0

    @asynccontextmanager
    async def taken(self, timeout_s: float) -> AsyncIterator[None]:
        """Hold a seat during the block. Raises TimeoutError if none comes free in time."""
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout_s):
                await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()
