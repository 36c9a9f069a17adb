"""A call to the database ends in time, even if the database neither answers nor hears the cancel."""

import asyncio
from contextlib import suppress

import pytest

from services.runtime.database import within


async def test_what_takes_too_long_is_given_up_though_it_cannot_be_cancelled() -> None:
    ended = asyncio.Event()

    async def hangs() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await ended.wait()

    with pytest.raises(TimeoutError):
        await within(0.01, hangs())
    ended.set()


async def test_what_comes_in_time_is_returned_and_what_is_raised_is_raised() -> None:
    async def answers() -> int:
        return 7

    async def refuses() -> None:
        raise ConnectionError

    assert await within(10, answers()) == 7
    with pytest.raises(ConnectionError):
        await within(10, refuses())
