"""Who appends next in a lane."""

import asyncio
from collections.abc import Sequence
from functools import cache

import pytest

from services.ledger.domain.career import Append
from services.ledger.turns import (
    MAX_BATCH_EVENTS,
    MAX_GROUP_EVENTS,
    MIN_SHARED_EVENTS,
    SHARING_S,
    Turns,
    Waiting,
)
from tests.deciding import appending
from tests.lives import someone

QUICK_S = 1e-4
NOW = 100.0


def waiting(*names: str) -> Waiting:
    return Waiting([command(name) for name in names], asyncio.get_running_loop().create_future())


@cache
def command(name: str) -> Append:
    return appending(someone.trained(called=name), to=name)


def group(name: str, commands: int = MAX_GROUP_EVENTS) -> Waiting:
    return waiting(*(f"{name}{number}" for number in range(commands)))


def names(commands: Sequence[Append]) -> list[str]:
    return [command.practitioner_id for command in commands]


def take(turns: Turns, now: float = NOW, write_s: float = QUICK_S) -> list[str]:
    """Return who has the next turn, after answering them."""
    batch = turns.next(now, write_s)
    commands = batch.commands()
    turns.put_back(batch.resolve([RuntimeError(command.practitioner_id) for command in commands]))
    return names(commands)


async def test_requests_of_one_command_come_in_their_order_and_together() -> None:
    turns = Turns()
    for name in "abc":
        turns.enter(waiting(name), is_group=False, now=NOW)
    assert take(turns) == ["a", "b", "c"]
    assert not turns


async def test_a_group_alone_comes_as_a_whole() -> None:
    turns = Turns()
    turns.enter(group("g"), is_group=True, now=NOW)
    assert len(take(turns)) == MAX_GROUP_EVENTS


async def test_small_groups_come_together_as_far_as_a_batch_has_room() -> None:
    turns = Turns()
    for number in range(12):
        turns.enter(group(str(number), 50), is_group=True, now=NOW)
    assert len(take(turns)) == MAX_BATCH_EVENTS
    assert len(take(turns)) == 100


async def test_groups_and_others_take_turns_and_those_of_groups_are_small() -> None:
    turns = Turns()
    waits = group("g", 100)
    turns.enter(waits, is_group=True, now=NOW)
    sizes = []
    for name in "abc":
        turns.enter(waiting(name), is_group=False, now=NOW)
        sizes.append(len(take(turns)))
        assert take(turns) == [name]
    assert sizes == [MIN_SHARED_EVENTS, MIN_SHARED_EVENTS, 100 - 2 * MIN_SHARED_EVENTS]
    assert [str(outcome) for outcome in await waits.answer] == [f"g{number}" for number in range(100)]


@pytest.mark.parametrize(("write_s", "events"), [(0.003, MIN_SHARED_EVENTS), (0.015, 200), (0.1, MAX_BATCH_EVENTS)])
async def test_turns_of_groups_are_larger_the_longer_writing_takes(write_s: float, events: int) -> None:
    turns = Turns()
    turns.enter(waiting("writer"), is_group=False, now=NOW)
    assert take(turns) == ["writer"]
    for number in range(12):
        turns.enter(group(str(number), 50), is_group=True, now=NOW)
    assert len(take(turns, write_s=write_s)) == events


@pytest.mark.parametrize("write_s", [0.001, 0.003, 0.005, 0.02, 0.1])
async def test_a_bulk_beside_a_rare_writer_waits_little_for_commits_however_long_they_take(write_s: float) -> None:
    """The work that one event makes is taken as 30 us, which is what the quickest make."""
    turns = Turns()
    turns.enter(waiting("writer"), is_group=False, now=NOW)
    take(turns)
    turns.enter(group("g"), is_group=True, now=NOW)
    count = 0
    while turns:
        take(turns, write_s=write_s)
        count += 1
    alone_s = write_s + MAX_GROUP_EVENTS * 30e-6
    assert count * write_s + MAX_GROUP_EVENTS * 30e-6 <= 3 * alone_s


async def test_a_group_that_was_cut_goes_behind_the_other_groups() -> None:
    turns = Turns()
    turns.enter(waiting("writer"), is_group=False, now=NOW)
    assert take(turns) == ["writer"]
    for name in "gh":
        turns.enter(group(name, 2 * MIN_SHARED_EVENTS), is_group=True, now=NOW)
    assert [take(turns)[0] for _ in range(4)] == ["g0", "h0", f"g{MIN_SHARED_EVENTS}", f"h{MIN_SHARED_EVENTS}"]


async def test_a_group_comes_as_a_whole_again_once_nobody_else_is_expected() -> None:
    turns = Turns()
    turns.enter(waiting("writer"), is_group=False, now=NOW)
    take(turns)
    turns.enter(group("g"), is_group=True, now=NOW)
    assert len(take(turns, NOW + SHARING_S / 2)) == MIN_SHARED_EVENTS
    assert len(take(turns, NOW + SHARING_S)) == MAX_GROUP_EVENTS - MIN_SHARED_EVENTS


async def test_a_command_that_is_larger_than_a_turn_comes_all_the_same() -> None:
    turns = Turns()
    turns.enter(waiting("writer"), is_group=False, now=NOW)
    take(turns)
    large = appending(*(someone.trained(called=str(number)) for number in range(2 * MIN_SHARED_EVENTS)), to="large")
    turns.enter(Waiting([large, large], asyncio.get_running_loop().create_future()), is_group=True, now=NOW)
    assert take(turns) == ["large"]
    assert take(turns) == ["large"]
    assert not turns


async def test_whoever_has_gone_away_gets_no_turn() -> None:
    turns = Turns()
    gone = waiting("a")
    gone.answer.cancel()
    turns.enter(gone, is_group=False, now=NOW)
    turns.enter(waiting("b"), is_group=False, now=NOW)
    assert take(turns) == ["b"]


async def test_a_batch_that_fails_fails_all_commands_of_a_cut_group() -> None:
    turns = Turns()
    turns.enter(waiting("writer"), is_group=False, now=NOW)
    take(turns)
    waits = group("g")
    turns.enter(waits, is_group=True, now=NOW)
    turns.next(NOW, QUICK_S).fail(failure := RuntimeError())
    assert await waits.answer == [failure] * MAX_GROUP_EVENTS
    assert not turns
