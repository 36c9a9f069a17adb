"""The lane: all waiting commands are decided in order, numbered and committed together, without a timer (ADR-0003).

One lane for each ledger and process. Half of the pool's connections serve lanes, a batch each in turn, so that ledgers
do not wait for each other and readers find a connection (ADR-0041). A lane remembers the head and the versions that it
wrote; while no other process writes, a batch costs a single statement. Whenever that memory may be wrong - the head
moved, an id is there already, a command would be refused - the batch is decided again under the head's row lock, so no
client is refused because of stale memory.

Requests of one command and groups take turns (`turns`); a bulk append is several groups, one after another.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import NoReturn

import asyncpg
from msgspec import Struct

from services.ledger.domain.career import Answer, Append
from services.ledger.domain.draft import Draft, instant_behind
from services.ledger.domain.rejections import ClocksApart, Rejection
from services.ledger.remembered import Era, RememberedVersions
from services.ledger.seats import Seats
from services.ledger.store.append import append_behind, lock_head
from services.ledger.turns import MAX_GROUP_EVENTS, Batch, Outcome, Turns, Waiting
from services.ledger.view import KeptStreams, View
from services.runtime import journal
from services.runtime.clock import CLOCK_AHEAD_AT_MOST_S, CLOCK_BEHIND_AT_MOST_S, Clock
from services.runtime.database import (
    POOL_MAX_CONNECTIONS,
    SessionInDoubt,
    end,
    has_ended,
    is_away,
    seconds_ahead,
    transaction,
)
from services.runtime.journal import Connection, DamagedLedger, Head
from services.runtime.limits import LIMITS, Limits
from services.runtime.notifications import Notices
from services.runtime.refusals import DatabaseUnavailable, Refusal, without_frames
from services.runtime.slices import in_slices

DECIDING_LIMIT_S = 50e-3  # For one batch, under the head's lock. Most need a third of this.
READING_SHARE = 0.25  # Share of a batch's time: it may read twice, and has to decide and write.
MAX_LANES = 200
LINGER_S = 0.2
MAX_WRITING_LANES = POOL_MAX_CONNECTIONS // 2  # Readers always find a connection.


class Shared(Struct, frozen=True):
    """What the lanes of one process share."""

    pool: asyncpg.Pool
    clock: Clock
    limits: Limits
    seats: Seats
    notices: Notices
    kept: KeptStreams
    remembered: RememberedVersions


class _SessionEnded(Exception):
    """The session was in doubt and has ended. Those still waiting need another one."""


class Lane:
    """Appends to one ledger, in the order in which they came."""

    def __init__(self, ledger: str, shared: Shared) -> None:
        self.ledger = ledger
        self._pool = shared.pool
        self._clock = shared.clock
        self._limits = shared.limits
        self._seats = shared.seats
        self._notices = shared.notices
        self._kept = shared.kept
        self._remembered = shared.remembered
        self._era: Era = object()
        self._turns = Turns()
        self._worker: asyncio.Task[None] | None = None
        self._doorbell: asyncio.Future[bool] | None = None
        self._used = False
        self._closing = False
        self._write_s = 0.0
        self._head: Head | None = None

    async def append(self, command: Append) -> Answer:
        """Return the receipts once they are durable. Raises a Rejection, UnknownLedger or a database error.

        After a database error it is not known whether the events are recorded: the client sends them again.
        """
        (outcome,) = await self._enter((command,), is_group=False)
        if isinstance(outcome, Exception):
            try:
                raise outcome
            finally:
                del outcome  # The frames of an error hold this one: it would hold them in turn.
        return outcome

    async def append_group(self, commands: Sequence[Append]) -> Sequence[Outcome]:
        """Return the outcome of each command, in order; an exception is what `append` would raise.

        A group has at most MAX_GROUP_EVENTS events. Each command sees those before it.
        """
        return await self._enter(commands, is_group=True)

    def _enter(self, commands: Sequence[Append], *, is_group: bool) -> asyncio.Future[Sequence[Outcome]]:
        answer: asyncio.Future[Sequence[Outcome]] = asyncio.get_running_loop().create_future()
        self._turns.enter(Waiting(commands, answer), is_group=is_group, now=time.monotonic())
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        self._ring(somebody=True)
        return answer

    @property
    def idle(self) -> bool:
        """Whether no command is waiting."""
        return not self._turns and (self._worker is None or self._doorbell is not None)

    async def close(self) -> None:
        """Return when every waiting command has been answered."""
        self._closing = True  # A busy worker would not hear the bell.
        if self._worker is not None:
            self._leave()
            await asyncio.wait([self._worker])

    def cancel(self) -> None:
        """Stop at once; waiting clients are told that the outcome is unknown."""
        if self._worker is not None:
            self._worker.cancel()

    async def _work(self) -> None:
        """Answer every command, with a connection for one batch, and for the next ones while no other lane waits."""
        refusal: Exception | None = None
        try:
            while self._turns:
                async with self._seats.taken(self._limits.acquire_s), self._pool.acquire() as connection:
                    with suppress(_SessionEnded):
                        await self._serve(connection)
        except Exception as error:  # No connection is available: waiting clients are told so.
            refusal = error
        finally:
            self._worker = None
            self._turns.fail(refusal or DatabaseUnavailable())

    async def _serve(self, connection: Connection) -> None:
        """Answer every command, then keep the connection for a while, unless another lane wants it: a client that
        appends often appends again soon."""
        if not await self._answer_everybody(connection):
            return
        self._look_later()
        try:
            with self._seats.unused(self._leave):
                while await self._rung() and await self._answer_everybody(connection):
                    pass
        finally:
            self._timer.cancel()

    async def _answer_everybody(self, connection: Connection) -> bool:
        """Answer the commands that wait. False, with some perhaps left, when the lane is to leave the connection."""
        self._used = True
        while self._turns:
            if has_ended(connection):
                return False
            batch = self._turns.next(time.monotonic(), self._write_s)
            if batch.waiting:
                await self._append(connection, batch)
            if self._seats.wanted:
                return False
        return True

    async def _rung(self) -> bool:
        """Wait for a command. True when one came, False after LINGER_S without any, when another lane wants the
        connection, or when the lane is closed."""
        if self._turns or self._closing:
            return not self._closing
        self._doorbell = asyncio.get_running_loop().create_future()
        try:
            return await self._doorbell
        finally:
            self._doorbell = None

    def _ring(self, *, somebody: bool) -> None:
        if self._doorbell is not None and not self._doorbell.done():
            self._doorbell.set_result(somebody)

    def _leave(self) -> None:
        self._ring(somebody=False)

    def _look_later(self) -> None:
        # One timer for as long as a connection is kept: one for each append would cost more than it waits for.
        self._used = False
        self._timer = asyncio.get_running_loop().call_later(LINGER_S, self._leave_if_unused)

    def _leave_if_unused(self) -> None:
        if self._used or self._doorbell is None:
            self._look_later()
        else:
            self._leave()

    async def _append(self, connection: Connection, batch: Batch) -> None:
        """Append the batch and answer it. Raises _SessionEnded if the session cannot be used again."""
        try:
            outcomes = await self._record(connection, batch.commands())
        except Refusal as refusal:
            batch.fail(refusal)
        except BaseException as error:
            # The outcome of the statement is unknown: the server may open, or commit, a transaction later, when it
            # wakes. So the session ends here, with whatever it has open, and the lane reads the head again.
            end(connection)
            self._head = None
            batch.fail(error if isinstance(error, Exception) else DatabaseUnavailable())
            if not isinstance(error, Exception):  # The worker itself was cancelled.
                raise
            raise _SessionEnded from error
        else:
            self._turns.put_back(batch.resolve(outcomes))
            if any(isinstance(outcome, Answer) and not outcome.replay for outcome in outcomes):
                self._notices.tell(self.ledger)

    async def _record(self, connection: Connection, commands: Sequence[Append]) -> Sequence[Outcome]:
        """Return the outcomes once they are committed. Raises SessionInDoubt inside a transaction that nobody will
        commit."""
        _check_no_transaction_is_open(connection)
        outcomes: Sequence[Outcome] | None = None
        if not any(command.rests_on_stream for command in commands):
            outcomes = await self._optimistically(connection, commands)
        if outcomes is None:
            async with asyncio.timeout(self._limits.write_s):
                outcomes = await self._apart(connection, commands)
        _check_no_transaction_is_open(connection)
        return outcomes

    async def _optimistically(self, connection: Connection, commands: Sequence[Append]) -> list[Answer] | None:
        """Append relying on what this process remembers. None, and nothing written, if that does not suffice."""
        head, versions = await self._recall(connection, {command.practitioner_id for command in commands})
        draft = Draft(self.ledger, head.position, instant_behind(head.recorded_at, self._clock()), versions)
        try:
            answers = [draft.add(command) for command in commands]
            began = time.perf_counter()
            # The driver's limit for one statement: a timer around it would add a tenth to a lone append.
            if not await append_behind(
                connection, self.ledger, head.position, draft.recorded_at, draft.entries, self._limits.write_s
            ):
                return None
            self._write_s = time.perf_counter() - began
        except Rejection:
            return None
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if is_away(error):
                raise
            return None  # An id is there already, or the database refuses a row, which must fail its own client only.
        self._remember(head, draft)
        return answers

    async def _recall(self, connection: Connection, streams: Collection[str]) -> tuple[Head, Mapping[str, int]]:
        """Return head and versions as this process remembers them; read them if it does not know them all."""
        head, versions = self._head, self._remembered.of(self._era, streams)
        if head is not None and len(versions) == len(streams):
            return head, versions
        async with asyncio.timeout(self._limits.write_s):
            head, versions = await journal.versions(connection, self.ledger, streams)
        self._learn(head, versions)
        return head, versions

    async def _apart(self, connection: Connection, commands: Sequence[Append]) -> list[Outcome]:
        """Append under the lock; if a row is refused, only the first half, so that it fails no client but its own."""
        try:
            return await self._carefully(connection, commands)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if is_away(error):
                raise
            if half := len(commands) // 2:
                return await self._apart(connection, commands[:half])
            # Under the head's lock, with all ids checked, none of our rows can be there already.
            return [DamagedLedger(self.ledger) if isinstance(error, asyncpg.UniqueViolationError) else error]

    async def _carefully(self, connection: Connection, commands: Sequence[Append]) -> list[Outcome]:
        """Decide and append while no other process can. A refused command does not stop the others.

        Only the first commands get an outcome if reading for all of them, or deciding them, would take long; none if
        reading for the first one takes long. The reading goes on when they have their next turn.
        """
        view = View(self.ledger, self._kept)
        reading_s = READING_SHARE * self._limits.write_s
        if any(command.rests_on_stream for command in commands):
            commands = commands[: await view.learn(connection, commands, reading_s)]
        async with transaction(connection, isolation="read_committed"):
            head = await lock_head(connection, self.ledger)
            if head.position != view.position:
                commands = commands[: await view.learn(connection, commands, reading_s)]
            self._learn(head, view.versions)
            draft = view.draft(head, instant_behind(head.recorded_at, self._clock()))
            outcomes = await _attempts(view, draft, commands, DECIDING_LIMIT_S)
            if draft.entries and not await append_behind(
                connection, self.ledger, head.position, draft.recorded_at, draft.entries
            ):
                await self._refuse_a_wrong_clock(connection)
        self._remember(head, draft)
        view.keep(draft)
        return outcomes

    async def _refuse_a_wrong_clock(self, connection: Connection) -> NoReturn:
        """Raise ClocksApart, or DatabaseUnavailable if the clocks agree and only the batch took too long."""
        seconds = await seconds_ahead(connection, self._clock)
        if -CLOCK_BEHIND_AT_MOST_S <= seconds <= CLOCK_AHEAD_AT_MOST_S:
            raise DatabaseUnavailable
        raise ClocksApart(seconds)

    def _learn(self, head: Head, versions: Mapping[str, int]) -> None:
        if head != self._head:
            self._era = object()  # Another process wrote, perhaps to any stream.
        self._head = head
        self._remembered.put(self._era, versions)

    def _remember(self, head: Head, draft: Draft) -> None:
        self._head = Head(head.position + len(draft.entries), draft.recorded_at) if draft.entries else head
        self._remembered.put(self._era, draft.versions)


class Lanes:
    """The lanes of this process, by ledger."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock, limits: Limits = LIMITS) -> None:
        seats, notices = Seats(MAX_WRITING_LANES), Notices(pool)
        self._shared = Shared(pool, clock, limits, seats, notices, KeptStreams(), RememberedVersions())
        self._lanes: OrderedDict[str, Lane] = OrderedDict()

    async def append(self, ledger: str, command: Append) -> Answer:
        """See `Lane.append`."""
        return await self._lane(ledger).append(command)

    async def append_group(self, ledger: str, commands: Sequence[Append]) -> Sequence[Outcome]:
        """See `Lane.append_group`."""
        return await self._lane(ledger).append_group(commands)

    async def validate(self, ledger: str, commands: Sequence[Append]) -> list[Outcome]:
        """Return the outcomes that the commands would have if they were appended now in this order. Nothing is written.

        Raises UnknownLedger or a database error.
        """
        outcomes: list[Outcome] = []
        async with (
            self._shared.pool.acquire() as connection,
            transaction(connection, isolation="repeatable_read", readonly=True),
        ):
            head = await journal.head(connection, ledger)
            view = View(ledger, KeptStreams())
            draft = view.draft(head, instant_behind(head.recorded_at, self._shared.clock()))
            while commands:
                count = await view.learn(connection, commands[:MAX_GROUP_EVENTS])
                outcomes.extend(await _attempts(view, draft, commands[:count]))
                commands = commands[count:]
        return outcomes

    def _lane(self, ledger: str) -> Lane:
        if ledger not in self._lanes:
            self._make_room()
            self._lanes[ledger] = Lane(ledger, self._shared)
        self._lanes.move_to_end(ledger)
        return self._lanes[ledger]

    def __len__(self) -> int:
        return len(self._lanes)

    async def close(self) -> None:
        """Return when every lane has answered and every notification is sent."""
        for lane in list(self._lanes.values()):
            await lane.close()
        await self._shared.notices.close()

    def _make_room(self) -> None:
        # A lane's memory only saves a read, so the least recently used one can go, unless a command waits in it.
        if len(self._lanes) >= MAX_LANES:
            idle = next((ledger for ledger, lane in self._lanes.items() if lane.idle), None)
            if idle is not None:
                del self._lanes[idle]


@asynccontextmanager
async def running_lanes(pool: asyncpg.Pool, clock: Clock, limits: Limits = LIMITS) -> AsyncIterator[Lanes]:
    """Yield the lanes; at the end, wait until every command has been answered."""
    lanes = Lanes(pool, clock, limits)
    try:
        yield lanes
    finally:
        await lanes.close()


def _check_no_transaction_is_open(connection: Connection) -> None:
    if connection.is_in_transaction():
        raise SessionInDoubt("the session is inside a transaction that nobody will commit")


async def _attempts(view: View, draft: Draft, commands: Iterable[Append], limit_s: float = math.inf) -> list[Outcome]:
    """Decide the commands in order, at least one and as many as the limit leaves time for."""
    outcomes: list[Outcome] = []
    began = time.perf_counter()
    async for command in in_slices(commands):
        outcomes.append(_attempt(view, draft, command))
        if time.perf_counter() - began > limit_s:
            break
    return outcomes


def _attempt(view: View, draft: Draft, command: Append) -> Outcome:
    try:
        view.check(command)
        return draft.add(command)
    except Refusal as refusal:
        return without_frames(refusal)
    except Exception as failure:  # A command's failure affects no other command.
        return failure
