"""Who appends next in a lane: requests of one command and groups take turns.

A group is many commands of one request, each with an outcome of its own. While others append too, groups take small
turns, so that no request waits for a whole group; on a slow disk larger ones, so that groups do not spend their time
waiting for commits.

No I/O and no clock: time is an argument. The futures of the waiting requests are kept here, and get their outcomes
here.
"""

import asyncio
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from services.ledger.domain.career import Answer, Append

MAX_BATCH_EVENTS = 500
MAX_GROUP_EVENTS = 400
MIN_SHARED_EVENTS = 40  # Events of groups between two appends of others; at most 5 ms of work.
SHARED_EVENT_S = 75e-6  # Disk wait allowed for each event of such a turn; its own work takes 30 to 130 us.
SHARING_S = 1.0  # How long after a request of one command the next is expected.

Outcome: TypeAlias = Answer | Exception


@dataclass(eq=False, slots=True)
class Waiting:
    """A request that has no answer yet."""

    commands: Sequence[Append]
    answer: asyncio.Future[Sequence[Outcome]]
    decided: Sequence[Outcome] = ()
    """The outcomes of the group's commands in earlier batches."""

    @property
    def events(self) -> int:
        return sum(len(command.events) for command in self.commands)

    def resolve(self, outcomes: Sequence[Outcome]) -> None:
        # A client that has gone away has cancelled its future; its events are recorded all the same.
        if not self.answer.done():
            self.answer.set_result([*self.decided, *outcomes])

    def fail(self, error: Exception) -> None:
        self.resolve([error] * len(self.commands))

    def rest(self, outcomes: Sequence[Outcome]) -> "Waiting":
        """Return the rest of a group once its first commands have an outcome."""
        return Waiting(self.commands[len(outcomes) :], self.answer, [*self.decided, *outcomes])


@dataclass(frozen=True)
class Batch:
    """Requests whose commands are decided together: the first `max_events`, and at least one command."""

    waiting: Sequence[Waiting]
    max_events: int

    def commands(self) -> Sequence[Append]:
        commands = [command for waiting in self.waiting for command in waiting.commands]
        if len(self.waiting) > 1 or len(commands) == 1:
            return commands  # Together they fit; only a group that is alone may have to be cut.
        totals = accumulate(len(command.events) for command in commands)
        fitting = sum(total <= self.max_events for total in totals)
        return commands[: max(fitting, 1)]

    def fail(self, error: Exception) -> None:
        """Answer every request with `error` for all commands that have no outcome yet."""
        for waiting in self.waiting:
            waiting.fail(error)

    def resolve(self, outcomes: Sequence[Outcome]) -> list[Waiting]:
        """Answer the requests whose outcomes are complete, and return the others: the last outcomes may be missing."""
        others: list[Waiting] = []
        first = 0
        for waiting in self.waiting:
            behind = first + len(waiting.commands)
            own = outcomes[first:behind]
            if len(own) == len(waiting.commands):
                waiting.resolve(own)
            else:
                others.append(waiting.rest(own))
            first = behind
        return others


class Turns:
    """The requests waiting in one lane, and whose turn it is."""

    def __init__(self) -> None:
        self._single: deque[Waiting] = deque()
        self._groups: deque[Waiting] = deque()
        self._is_turn_of_groups = False
        self._single_until = -math.inf

    def __bool__(self) -> bool:
        """Whether a request is waiting."""
        return bool(self._single or self._groups)

    def enter(self, waiting: Waiting, *, is_group: bool, now: float) -> None:
        """Queue a request. `now` is in seconds of a monotonic clock, as for `next`."""
        (self._groups if is_group else self._single).append(waiting)
        if not is_group:
            self._single_until = now + SHARING_S

    def next(self, now: float, write_s: float) -> Batch:
        """Remove and return the next batch, empty if every client has gone away. The last batch took `write_s` to
        write."""
        self._is_turn_of_groups = bool(self._groups) and not (self._single and self._is_turn_of_groups)
        if self._is_turn_of_groups:
            max_events = _shared_events(write_s) if now < self._single_until else MAX_BATCH_EVENTS
            return _take(self._groups, len(self._groups), max_events)
        return _take(self._single, len(self._single), MAX_BATCH_EVENTS)

    def put_back(self, others: Sequence[Waiting]) -> None:
        """Queue the rest of the last batch for its next turn. A group that was cut goes after the other groups."""
        queue = self._groups if self._is_turn_of_groups else self._single
        queue.extendleft(waiting for waiting in reversed(others) if not waiting.decided)
        queue.extend(waiting for waiting in others if waiting.decided)

    def fail(self, error: Exception) -> None:
        """Answer every waiting request with `error`."""
        for queue in (self._single, self._groups):
            while queue:
                queue.popleft().fail(error)


def _shared_events(write_s: float) -> int:
    """Return how many events of groups go into a turn while others append too.

    Enough that the commit costs little beside their own work. Requests that wait meanwhile wait about as long as for
    one more commit.
    """
    return min(max(MIN_SHARED_EVENTS, int(write_s / SHARED_EVENT_S)), MAX_BATCH_EVENTS)


def _take(queue: deque[Waiting], max_requests: int, max_events: int) -> Batch:
    batch: list[Waiting] = []
    events = 0
    while queue and len(batch) < max_requests and (not batch or events + queue[0].events <= max_events):
        waiting = queue.popleft()
        if not waiting.answer.done():
            batch.append(waiting)
            events += waiting.events
    return Batch(batch, max_events)
