"""Readers who leave before they are answered."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import Request

from services.runtime.refusals import Refusal, without_frames

T = TypeVar("T")


class ReaderGone(Exception):
    """Nobody waits for the answer any more."""


async def while_read(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of the work, which is cancelled when its reader leaves. Raises ReaderGone.

    The body of the request must have been read.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait((working,))
    if working.cancelled():
        with suppress(asyncio.CancelledError):
            working.result()  # So it keeps neither its error nor the frames of that, which hold all that it has read.
        raise ReaderGone
    error = working.exception()
    if not isinstance(error, Refusal):
        return working.result()
    try:
        raise without_frames(error)
    finally:
        del working, error  # This frame is one of the error's now.


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
