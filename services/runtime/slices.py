"""Work that would block the event loop for long, done in slices that let other tasks run in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

SLICE_S = 2e-3

T = TypeVar("T")


async def in_slices(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield the items. Other tasks get the loop whenever the items have taken SLICE_S together."""
    began = time.perf_counter()
    for item in items:
        yield item
        if time.perf_counter() - began > SLICE_S:
            await asyncio.sleep(0)
            began = time.perf_counter()
