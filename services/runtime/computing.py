"""Where answers are computed: beside the event loop, each within a time (ADR-0041).

What reads few events is computed in a thread of this process. What reads many is computed in a process of its own,
which takes nobody else's turn of the interpreter and can be ended at any moment: when its time is over, or when whoever
asked has gone. Pure code needs to know of neither.
"""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Generic, TypeVar

import asyncpg

from services.runtime.processes import die_with_parent
from services.runtime.refusals import Refusal, without_frames

SMALL_COST_EVENTS = 5_000
"""Up to this many events folded or looked at by a rule, computing takes a tenth of a second."""
SMALL_AT_ONCE = 2
LARGE_AT_ONCE = 2
LARGE_TIME_S = 10.0
"""From the question to its answer, waiting for others included."""
NICENESS = 5
"""Large answers yield to everything else on the machine."""
LENGTH_BYTES = 8

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True)
class Unread(Generic[S]):
    """What an answer rests on, if that is too long to be read while others wait: a large answer reads it when its turn
    has come, and only then holds sessions and memory."""

    read: Callable[[asyncpg.Pool], Awaitable[S]]


@dataclass(eq=False)
class AnswerTooCostly(Refusal):
    """The answer could not be computed in the time that it may take."""

    timeout_s: float


class Computing:
    """Computes for one application, until it is closed."""

    def __init__(self) -> None:
        self._small = ThreadPoolExecutor(SMALL_AT_ONCE, "computing")
        self._large = ThreadPoolExecutor(LARGE_AT_ONCE, "waiting for an answer")
        self._seats = asyncio.Semaphore(LARGE_AT_ONCE)
        self._idle: list[Helper] = []

    async def run(self, cost_events: int, work: Callable[..., T], *arguments: Any) -> T:
        """Return `work(*arguments)`. Raises what that raises, or AnswerTooCostly.

        `work` is pure, a function of a module, and so are its arguments data. If it is cancelled, it stops.
        """
        if cost_events <= SMALL_COST_EVENTS:
            return await self.run_small(work, *arguments)
        return await self._in_turn(lambda: self._apart(work, arguments))  # type: ignore[no-any-return]  # It was pickled.

    async def run_small(self, work: Callable[..., T], *arguments: Any) -> T:
        """Return `work(*arguments)`, which costs little. See `run`."""
        return await asyncio.get_running_loop().run_in_executor(self._small, work, *arguments)

    async def run_on_unread(
        self, pool: asyncpg.Pool, unread: Unread[Any], work: Callable[..., T], *arguments: Any
    ) -> T:
        """Return `work` of what is still to be read, and of the arguments, as a large answer. See `run`."""

        async def read_and_compute() -> Any:
            return await self._apart(work, (await unread.read(pool), *arguments))

        return await self._in_turn(read_and_compute)  # type: ignore[no-any-return]  # As in `run`.

    async def _in_turn(self, compute: Callable[[], Awaitable[Any]]) -> Any:
        """Return what is computed, in the order in which it was asked for."""

        async def compute_seated() -> Any:
            async with self._seats:
                return await compute()

        return await in_time(compute_seated(), LARGE_TIME_S)

    async def _apart(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        helper = self._idle.pop() if self._idle else Helper()
        asking = asyncio.get_running_loop().run_in_executor(self._large, helper.ask, work, arguments)
        try:
            answer, error = await asyncio.shield(asking)
        except BaseException:
            helper.end()
            await asyncio.wait((asking,))  # The thread notices at once.
            asking.cancelled() or asking.exception()  # Looked at, and not raised: it would hold this frame.
            raise
        self._idle.append(helper)
        if error is not None:
            raise error
        return answer

    def close(self) -> None:
        """End all processes."""
        for helper in self._idle:
            helper.end()
        self._small.shutdown(wait=False, cancel_futures=True)
        self._large.shutdown(wait=False, cancel_futures=True)


async def in_time(answering: Coroutine[Any, Any, T], most_s: float) -> T:
    """Return the result of the work, if it is there in `most_s` seconds. Raises AnswerTooCostly."""
    limit = asyncio.timeout(most_s)
    try:
        async with limit:
            return await answering
    except TimeoutError:
        if not limit.expired():  # The pool's: it had no session.
            raise
    finally:
        del limit  # It holds the task, whose error holds this frame, and all that was read.
    raise AnswerTooCostly(most_s)


class Helper:
    """One process that computes. It starts with its first question, in a second."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = False
        self._ended = False

    def ask(self, work: Callable[..., T], arguments: tuple[Any, ...]) -> tuple[T | None, Exception | None]:
        """Return the result, or what the work raised. Raises EOFError if the process ends meanwhile."""
        self._asked = True
        if self._process is None:
            command = [sys.executable, "-m", __name__, str(os.getpid())]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - this module
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise RuntimeError("unreachable: both are pipes")
        try:
            if self._ended:  # Before it began.
                raise EOFError
            _write(to, (work, arguments))
            answer: tuple[T | None, Exception | None] = _read(back)
        except (OSError, EOFError) as error:
            self._bury(self._process)
            raise EOFError from error
        self._asked = False
        return answer

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._ended = True
        if self._process is not None:
            self._process.kill()
            if not self._asked:
                self._bury(self._process)

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def main() -> None:
    """Answer questions from standard input, until it ends."""
    die_with_parent(int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # A terminal sends it to everybody; the parent decides.
    os.nice(NICENESS)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(EOFError, BrokenPipeError):
        while True:
            work, arguments = _read(questions)
            # Should nobody be left to end it, it ends by itself.
            signal.setitimer(signal.ITIMER_REAL, 2 * LARGE_TIME_S)
            _write(answers, _outcome(work, arguments))
            signal.setitimer(signal.ITIMER_REAL, 0)


def _outcome(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    try:
        return work(*arguments), None
    except Exception as error:
        return None, without_frames(error)


def _write(pipe: IO[bytes], value: Any) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(LENGTH_BYTES) + data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> Any:
    """Return the next value. Raises EOFError."""
    length = int.from_bytes(_exactly(pipe, LENGTH_BYTES))
    return pickle.loads(_exactly(pipe, length))  # noqa: S301 - our own process wrote it


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


if __name__ == "__main__":
    main()
