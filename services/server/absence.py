"""How long the event loop was away: whoever waits for it waits as long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

NAP_S = 0.05


class Absence:
    """The longest time in which the event loop had no turn for somebody else."""

    def __init__(self) -> None:
        self._longest_s = 0.0

    def take(self) -> float:
        """Return the longest absence since the last call, in seconds."""
        longest_s, self._longest_s = self._longest_s, 0.0
        return longest_s

    async def watch(self) -> None:
        """Watch, for ever."""
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + NAP_S
            await asyncio.sleep(NAP_S)
            self._longest_s = max(self._longest_s, clock() - due)


@asynccontextmanager
async def watched_loop() -> AsyncIterator[Absence]:
    """Yield the absence of the running loop, watched until the end of the block."""
    absence = Absence()
    watching = asyncio.create_task(absence.watch())
    try:
        yield absence
    finally:
        watching.cancel()
