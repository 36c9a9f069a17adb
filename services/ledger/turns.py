"""Who appends next in a lane: requests of one command and groups take turns. Pure; time is an argument.

A group is many commands of one request, each with an outcome of its own. While others append too, groups take small
turns, so that nobody waits for a whole group; on a slow disk larger ones, so that groups do not wait for commits alone.
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
MIN_SHARED_EVENTS = 40  # That groups append between two appends of others; at most 5 ms of work.
SHARED_EVENT_S = 75e-6  # Of waiting for the disk, for each event of such a turn; its own work is 30 to 130 us.
SHARING_S = 1.0  # For how long after a request of one command the next is expected.
PREPARATION_S = 50e-6  # Of one request: parsing, deciding, sealing.

Outcome: TypeAlias = Answer | Exception


@dataclass(eq=False, slots=True)
class Waiting:
    """A request that has no answer yet."""

    commands: Sequence[Append]
    answer: asyncio.Future[Sequence[Outcome]]
    decided: Sequence[Outcome] = ()
    """What became of commands of the same group in batches before."""

    @property
    def events(self) -> int:
        return sum(len(command.events) for command in self.commands)

    def resolve(self, outcomes: Sequence[Outcome]) -> None:
        # A client that has gone away has cancelled its future; its events stand all the same.
        if not self.answer.done():
            self.answer.set_result([*self.decided, *outcomes])

    def fail(self, error: Exception) -> None:
        self.resolve([error] * len(self.commands))

    def rest(self, outcomes: Sequence[Outcome]) -> "Waiting":
        """Return what still waits of a group once its first commands have an outcome."""
        return Waiting(self.commands[len(outcomes) :], self.answer, [*self.decided, *outcomes])


@dataclass(frozen=True)
class Batch:
    """Requests whose commands are decided together: the first `max_events`, and one command at least."""

    waiting: Sequence[Waiting]
    max_events: int

    def commands(self) -> list[Append]:
        commands = [command for waiting in self.waiting for command in waiting.commands]
        totals = accumulate(len(command.events) for command in commands)
        fitting = sum(total <= self.max_events for total in totals)
        return commands[: max(fitting, 1)]

    def fail(self, error: Exception) -> None:
        """Answer everybody that this befell all that they still wait for."""
        for waiting in self.waiting:
            waiting.fail(error)

    def resolve(self, outcomes: Sequence[Outcome]) -> list[Waiting]:
        """Answer those who have all their outcomes, and return the others: outcomes may lack at the end."""
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
    """Who waits in one lane, and whose turn it is."""

    def __init__(self) -> None:
        self._single: deque[Waiting] = deque()
        self._groups: deque[Waiting] = deque()
        self._is_turn_of_groups = False
        self._single_until = -math.inf
        self._last_batch = 0

    def __bool__(self) -> bool:
        """Whether somebody waits."""
        return bool(self._single or self._groups)

    def enter(self, waiting: Waiting, *, is_group: bool, now: float) -> None:
        """Let a request wait. `now` is in seconds, of a clock that only goes forwards, as for `next`."""
        (self._groups if is_group else self._single).append(waiting)
        if not is_group:
            self._single_until = now + SHARING_S

    def next(self, now: float, write_s: float) -> Batch:
        """Take out who is next; nobody where all of them have gone away. The last batch took `write_s` to write."""
        self._is_turn_of_groups = bool(self._groups) and not (self._single and self._is_turn_of_groups)
        if self._is_turn_of_groups:
            max_events = _shared_events(write_s) if now < self._single_until else MAX_BATCH_EVENTS
            return _taken(self._groups, len(self._groups), max_events)
        batch = _taken(self._single, self._requests_to_take(write_s), MAX_BATCH_EVENTS)
        self._last_batch = len(batch.waiting)
        return batch

    def put_back(self, others: Sequence[Waiting]) -> None:
        """Let those of the last batch wait for their next turn. A group that was cut goes behind the other groups."""
        queue = self._groups if self._is_turn_of_groups else self._single
        queue.extendleft(waiting for waiting in reversed(others) if not waiting.decided)
        queue.extend(waiting for waiting in others if waiting.decided)

    def fail(self, error: Exception) -> None:
        """Answer everybody that this befell them, and let nobody wait."""
        for queue in (self._single, self._groups):
            while queue:
                queue.popleft().fail(error)

    def _requests_to_take(self, write_s: float) -> int:
        """All that wait; but half of those who take part where preparing them takes longer than writing them.

        Clients that were answered together come back together. Taken in two halves, one is prepared by this process
        while the database writes the other; a slow disk is better served by fewer commits.
        """
        taking_part = len(self._single) + self._last_batch
        if write_s < taking_part * PREPARATION_S:
            return (taking_part + 1) // 2
        return len(self._single)


def _shared_events(write_s: float) -> int:
    """Return how many events groups append while others append too.

    So many that the commit costs little beside their own work. Whoever waits meanwhile waits about as long as for one
    more commit.
    """
    return min(max(MIN_SHARED_EVENTS, int(write_s / SHARED_EVENT_S)), MAX_BATCH_EVENTS)


def _taken(queue: deque[Waiting], max_requests: int, max_events: int) -> Batch:
    batch: list[Waiting] = []
    events = 0
    while queue and len(batch) < max_requests and (not batch or events + queue[0].events <= max_events):
        waiting = queue.popleft()
        if not waiting.answer.done():
            batch.append(waiting)
            events += waiting.events
    return Batch(batch, max_events)
