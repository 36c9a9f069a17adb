"""Answers are computed beside the event loop: what is large in processes, which end when nobody waits any more."""

import asyncio
import gc
import os
import time
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import asyncpg
import pytest
from fastapi import Request
from starlette.types import Message, Receive

from services.core.rules.rulebook import Rulebook, UnreadPack
from services.projections.rulebook import check_readable
from services.runtime import computing as module
from services.runtime.computing import LARGE_AT_ONCE, SMALL_COST_EVENTS, AnswerTooCostly, Computing, Unread
from services.runtime.http.readers import ReaderGone, while_read
from services.runtime.ledgers import UnreadablePack

LARGE = SMALL_COST_EVENTS + 1
FOR_EVER_S = 600.0
FREED_WITHIN_S = 10.0


@pytest.fixture
async def computing(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Computing]:
    monkeypatch.setattr(module, "LARGE_TIME_S", FOR_EVER_S)  # However busy the machine is.
    computing = Computing()
    yield computing
    computing.close()


@contextmanager
def collecting_nothing() -> Iterator[None]:
    """Have nothing freed but what nobody refers to any more."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_what_is_small_is_computed_in_this_process_and_what_is_large_is_not(computing: Computing) -> None:
    assert await computing.run(SMALL_COST_EVENTS, os.getpid) == os.getpid()
    assert await computing.run(LARGE, os.getpid) != os.getpid()


async def test_a_process_answers_again_and_ends_with_the_application(computing: Computing) -> None:
    first = await computing.run(LARGE, os.getpid)
    assert await computing.run(LARGE, os.getpid) == first
    computing.close()
    assert not is_alive(first)


@pytest.mark.parametrize("cost", [SMALL_COST_EVENTS, LARGE])
async def test_what_the_work_raises_is_raised(computing: Computing, cost: int) -> None:
    unread = Rulebook("510100", {}, (), {"510100": UnreadPack("digest", "why")})
    with pytest.raises(UnreadablePack) as raised:
        await computing.run(cost, check_readable, unread, ["510100"])
    assert (raised.value.digest, raised.value.why) == ("digest", "why")


async def test_what_takes_longer_than_it_may_is_ended(computing: Computing, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = await computing.run(LARGE, os.getpid)
    monkeypatch.setattr(module, "LARGE_TIME_S", 0.1)
    with pytest.raises(AnswerTooCostly):
        await computing.run(LARGE, time.sleep, FOR_EVER_S)
    assert not is_alive(pid)


async def test_what_nobody_waits_for_any_more_is_ended_and_others_have_its_place(computing: Computing) -> None:
    gone = [asyncio.create_task(computing.run(LARGE, time.sleep, FOR_EVER_S)) for _ in range(4 * LARGE_AT_ONCE)]
    await asyncio.wait(gone, timeout=0.1)
    for task in gone:
        task.cancel()
    assert await computing.run(LARGE, abs, -1) == 1
    assert all(isinstance(each, asyncio.CancelledError) for each in await asyncio.gather(*gone, return_exceptions=True))


async def test_a_process_that_is_killed_fails_its_own_question_only(computing: Computing) -> None:
    pid = await computing.run(LARGE, os.getpid)
    working = asyncio.create_task(computing.run(LARGE, time.sleep, FOR_EVER_S))
    await asyncio.sleep(0)
    os.kill(pid, 9)
    with pytest.raises(EOFError):
        await working
    assert await computing.run(LARGE, abs, -1) == 1


async def test_what_an_answer_rests_on_is_read_when_its_turn_has_come(computing: Computing, pool: asyncpg.Pool) -> None:
    """Whoever waits holds nothing, and whoever has gone is not read for."""
    read: list[int] = []

    def unread(number: int) -> Unread[int]:
        async def reading(_: asyncpg.Pool) -> int:
            read.append(number)
            return number

        return Unread(reading)

    busy = [asyncio.create_task(computing.run(LARGE, time.sleep, FOR_EVER_S)) for _ in range(LARGE_AT_ONCE)]
    waiting = [asyncio.create_task(computing.run_on_unread(pool, unread(number), abs)) for number in range(4)]
    await asyncio.wait(waiting, timeout=0.1)
    assert read == []
    waiting[1].cancel()
    for task in busy:
        task.cancel()
    await asyncio.gather(*busy, *waiting, return_exceptions=True)
    assert read == [0, 2, 3]
    assert [task.result() for task in waiting if not task.cancelled()] == [0, 2, 3]


async def test_a_session_that_does_not_come_free_does_not_make_an_answer_costly(
    computing: Computing, pool: asyncpg.Pool
) -> None:
    async def reading(_: asyncpg.Pool) -> int:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await computing.run_on_unread(pool, Unread(reading), abs)


class Seconds(float):
    """What an answer rests on, and how long it takes."""


def for_ever() -> tuple[Seconds, "weakref.ref[Seconds]"]:
    seconds = Seconds(FOR_EVER_S)
    return seconds, weakref.ref(seconds)


async def freed(*references: "weakref.ref[Seconds]") -> None:
    """Return when nobody refers to these any more: a thread lets go of its work a moment after it has ended."""
    async with asyncio.timeout(FREED_WITHIN_S):
        while any(reference() is not None for reference in references):  # noqa: ASYNC110 - nothing is set when it is freed
            await asyncio.sleep(0)


def asked_by(receive: Receive, computing: Computing, seconds: Seconds) -> asyncio.Task[None]:
    """Have a reader ask for what takes so long."""
    request = Request({"type": "http"}, receive)
    return asyncio.create_task(while_read(request, computing.run(LARGE, time.sleep, seconds)))


async def test_a_reader_who_has_gone_leaves_nothing_in_memory(computing: Computing) -> None:
    """Whether the answer was being computed or waited for its turn: without a run of the collector, which is seldom."""
    has_gone = asyncio.Event()

    async def receive() -> Message:
        await has_gone.wait()
        return {"type": "http.disconnect"}

    kept = []
    with collecting_nothing():
        asking = []
        for _ in range(2 * LARGE_AT_ONCE):
            seconds, reference = for_ever()
            kept.append(reference)
            asking.append(asked_by(receive, computing, seconds))
        del seconds
        await asyncio.wait(asking, timeout=0.1)
        has_gone.set()
        assert {type(error) for error in await asyncio.gather(*asking, return_exceptions=True)} == {ReaderGone}
        del asking
        await freed(*kept)


async def test_an_answer_that_took_too_long_leaves_nothing_in_memory(
    computing: Computing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGE_TIME_S", 0.1)

    async def receive() -> Message:
        return await asyncio.Future()

    with collecting_nothing():
        seconds, reference = for_ever()
        asking = asked_by(receive, computing, seconds)
        del seconds
        (error,) = await asyncio.gather(asking, return_exceptions=True)
        assert isinstance(error, AnswerTooCostly)
        del asking, error
        await freed(reference)
