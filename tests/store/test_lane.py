"""The lane on a real PostgreSQL: dense numbers, one winner, nothing lost, whatever others write and whoever goes
away."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import msgspec
import pytest

from contracts.events.codec import leaf_hash, read_leaf, timestamp
from services.ledger import append as module
from services.ledger import turns
from services.ledger.append import Lanes, running_lanes
from services.ledger.domain.career import Answer, Append, seal
from services.ledger.domain.rejections import (
    ClocksApart,
    EventIdTaken,
    TargetOfAnotherPractitioner,
    VersionMismatch,
    VoidOfAVoid,
)
from services.ledger.remembered import RememberedVersions
from services.ledger.seats import Seats
from services.ledger.store.append import append_behind
from services.ledger.view import KeptStreams
from services.runtime import journal, notifications
from services.runtime.clock import system_clock
from services.runtime.journal import UnknownLedger
from services.runtime.limits import LIMITS
from services.runtime.notifications import CHANNEL, Notices
from services.runtime.refusals import DatabaseUnavailable
from services.runtime.stored_events import Stored, as_read
from tests.deciding import E1, E2, E3, E4, LEDGER, ME, SOMEBODY_ELSE, appending, new_event, new_events, uuid_of
from tests.lives import someone
from tests.releases import TOMORROW

PAGE = 97


async def everything(pool: asyncpg.Pool, ledger: str = LEDGER) -> list[Stored]:
    """Return the whole ledger as a reader pages it, after checking that it is dense and that every hash holds."""
    read: list[Stored] = []
    async with pool.acquire() as connection:
        while (page := await journal.feed_page(connection, ledger, after=len(read), limit=PAGE)).events:
            read.extend(page.events)
        assert page.head == len(read)
    assert [event.position for event in read] == list(range(1, len(read) + 1))
    versions: dict[str, int] = {}
    instants = []
    for event in read:
        leaf = read_leaf(event.leaf)
        versions[event.practitioner_id] = versions.get(event.practitioner_id, 0) + 1
        instants.append(leaf.recorded_at)
        assert event.version == versions[event.practitioner_id]
        assert event.leaf_hash == leaf_hash(event.leaf)
        assert (leaf.ledger, leaf.practitioner_id) == (ledger, event.practitioner_id)
    assert instants == sorted(instants)
    return read


async def test_a_receipt_says_what_is_stored(pool: asyncpg.Pool, lanes: Lanes, ledger: str) -> None:
    answer = await lanes.append(ledger, appending(E1, E2, recorded_by="portal"))
    stored = await everything(pool)
    for receipt, event in zip(answer.events, stored, strict=True):
        read = json.loads(msgspec.json.encode(as_read(event)))
        assert str(receipt.event_id) == read["event_id"]
        for name in ("position", "version", "recorded_at", "leaf_hash"):
            assert getattr(receipt, name) == read[name]
    row = await pool.fetchrow("SELECT * FROM ledger.events WHERE position = 2")
    assert (row["event_id"], row["type"], str(row["occurred_on"])) == (
        uuid_of("e2"),
        "training.completed",
        "2024-05-06",
    )
    assert timestamp(row["recorded_at"]) == answer.events[1].recorded_at
    assert read_leaf(row["leaf"]).recorded_by == "portal"


async def test_of_64_appends_that_expect_one_version_one_wins(
    pool: asyncpg.Pool, lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    await lanes.append(ledger, appending(someone.trained(called="e0")))
    outcomes = await asyncio.gather(
        *(
            (lanes, other_lanes)[number % 2].append(
                ledger, appending(someone.trained(called=f"e{number + 1}"), expected_version=1)
            )
            for number in range(64)
        ),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, VersionMismatch)]
    assert len(refused) == 63
    assert {refusal.current for refusal in refused} == {2}
    assert len(await everything(pool)) == 2


async def test_5000_events_of_32_writers_are_dense_while_two_readers_page(
    pool: asyncpg.Pool, lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    """No gap, no duplicate, none out of order, none skipped, though two processes write."""
    total, writers = 5_000, 32

    async def write(number: int) -> None:
        own = (lanes, other_lanes)[number % 2]
        for count in range(number, total, writers):
            await own.append(ledger, appending(someone.trained(called=f"e{count}"), to=f"P-{count % 40}"))

    async def read() -> list[int]:
        positions: list[int] = []
        async with pool.acquire() as connection:
            while len(positions) < total:
                page = await journal.feed_page(connection, ledger, after=len(positions), limit=PAGE)
                assert page.head >= len(positions) + len(page.events)
                positions.extend(event.position for event in page.events)
        return positions

    *_, first, second = await asyncio.gather(*(write(number) for number in range(writers)), read(), read())
    assert first == second == list(range(1, total + 1))
    stored = await everything(pool)
    assert {read_leaf(event.leaf).event_id for event in stored} == {uuid_of(f"e{count}") for count in range(total)}


async def test_two_processes_take_turns_on_one_stream(
    pool: asyncpg.Pool, lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    for count in range(20):
        answer = await (lanes, other_lanes)[count % 2].append(ledger, appending(someone.trained(called=f"e{count}")))
        assert (answer.position, answer.version) == (count + 1, count + 1)
    await everything(pool)


async def test_an_event_sent_to_two_processes_at_once_lands_once(
    pool: asyncpg.Pool, lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    command = appending(E1, E2)
    answers = await asyncio.gather(*(own.append(ledger, command) for own in (lanes, other_lanes) * 8))
    assert len({tuple(answer.events) for answer in answers}) == 1
    assert sum(not answer.replay for answer in answers) == 1
    assert len(await everything(pool)) == 2


async def test_a_rejection_in_a_batch_does_not_stop_the_others(pool: asyncpg.Pool, lanes: Lanes, ledger: str) -> None:
    await lanes.append(ledger, appending(E1.voided("e1", called="v1")))
    commands = [
        appending(E2),
        appending(someone.trained(amount="13", called="e1")),
        appending(E3, to=SOMEBODY_ELSE, expected_version=7),
        appending(someone.voided("v1", called="v2")),
        appending(E1, expected_version=0),
        appending(E4, to=SOMEBODY_ELSE, expected_version=0),
    ]
    outcomes = await asyncio.gather(*(lanes.append(ledger, one) for one in commands), return_exceptions=True)
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Answer, EventIdTaken, VersionMismatch, VoidOfAVoid, Answer, Answer]
    assert [one.replay for one in outcomes if isinstance(one, Answer)] == [False, True, False]
    assert len(await everything(pool)) == 4


async def test_a_stale_memory_refuses_nobody(pool: asyncpg.Pool, lanes: Lanes, other_lanes: Lanes, ledger: str) -> None:
    """What this process remembers says version 1; the other one has moved the stream to 2, as the client knows."""
    await lanes.append(ledger, appending(E1))
    await other_lanes.append(ledger, appending(E2))
    answer = await lanes.append(ledger, appending(E3, expected_version=2))
    assert (answer.position, answer.version) == (3, 3)


async def test_a_correction_sees_what_another_process_wrote(
    pool: asyncpg.Pool, lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    await lanes.append(ledger, appending(E1))
    await other_lanes.append(ledger, appending(someone.voided("e1", called="v1")))
    with pytest.raises(VoidOfAVoid):
        await lanes.append(ledger, appending(someone.voided("v1", called="v2")))
    await lanes.append(ledger, appending(someone.corrected("e1", amount="13", called="c1")))
    assert len(await everything(pool)) == 3


async def test_every_batch_is_recorded_behind_the_one_before_though_the_clock_is_turned_back(
    pool: asyncpg.Pool, ledger: str
) -> None:
    now = system_clock()
    ticks = [now + timedelta(seconds=second) for second in (-2, 0, -1, -4, 1)]
    async with running_lanes(pool, iter(ticks).__next__) as lanes:
        answers = [await lanes.append(ledger, appending(someone.trained(called=f"e{n}"))) for n in range(5)]
    step = timedelta(microseconds=1)
    instants = [ticks[0], now, now + step, now + 2 * step, ticks[4]]
    assert [answer.events[0].recorded_at for answer in answers] == [timestamp(instant) for instant in instants]
    await everything(pool)


async def test_a_clock_that_lies_behind_another_process_records_behind_the_head(
    pool: asyncpg.Pool, ledger: str
) -> None:
    """Numbered again under the lock, the batch gets a later instant, and its leaves are hashed again."""
    now = system_clock()
    async with (
        running_lanes(pool, lambda: now - timedelta(seconds=3)) as slow,
        running_lanes(pool, lambda: now) as fast,
    ):
        await slow.append(ledger, appending(E1))
        await fast.append(ledger, appending(E2))
        answer = await slow.append(ledger, appending(E3))
    assert answer.events[0].recorded_at == timestamp(now + timedelta(microseconds=1))
    await everything(pool)


@pytest.mark.parametrize("seconds", [-3_600, -6, 3, 3_600])
async def test_nothing_is_recorded_by_a_clock_that_is_not_the_databases(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, seconds: int
) -> None:
    async with running_lanes(pool, lambda: system_clock() + timedelta(seconds=seconds)) as wrong:
        for _ in range(2):
            with pytest.raises(ClocksApart) as refused:
                await wrong.append(ledger, appending(E1))
            assert refused.value.seconds == pytest.approx(seconds, abs=1)
        assert await everything(pool) == []
        assert (await lanes.append(ledger, appending(E1))).position == 1


async def test_a_ledger_whose_head_lies_in_the_future_goes_on_just_behind_it(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str
) -> None:
    """The database's own clock was ahead once; nobody waits for a year."""
    ahead = system_clock() + timedelta(days=365)
    await pool.execute("UPDATE ledger.heads SET recorded_at = $1", ahead)
    answers = [await lanes.append(ledger, appending(someone.trained(called=f"e{n}"))) for n in range(2)]
    steps = [timestamp(ahead + timedelta(microseconds=n)) for n in (1, 2)]
    assert [answer.events[0].recorded_at for answer in answers] == steps


async def test_a_client_that_goes_away_takes_nobody_with_it(pool: asyncpg.Pool, lanes: Lanes, ledger: str) -> None:
    tasks = [asyncio.create_task(lanes.append(ledger, appending(someone.trained(called=f"e{n}")))) for n in range(40)]
    await asyncio.sleep(0)  # All of them wait now; the lane has not begun.
    for task in tasks[::2]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, Answer) for outcome in outcomes[1::2])
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[::2])
    recorded = {read_leaf(event.leaf).event_id for event in await everything(pool)}
    assert recorded == {uuid_of(f"e{n}") for n in range(1, 40, 2)}


async def test_a_client_that_goes_away_during_the_commit_leaves_its_event(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    write = append_behind

    async def held(*arguments: object) -> bool:
        begun.set()
        await go_on.wait()
        return await write(*arguments)  # type: ignore[arg-type]  # Passed on as they came.

    monkeypatch.setattr(module, "append_behind", held)
    gone = asyncio.create_task(lanes.append(ledger, appending(E1)))
    await begun.wait()
    gone.cancel()
    stayed = asyncio.create_task(lanes.append(ledger, appending(E2)))
    go_on.set()
    assert (await stayed).position == 2
    assert len(await everything(pool)) == 2


@pytest.mark.parametrize("after_the_commit", [False, True], ids=["not recorded", "recorded"])
async def test_a_lost_connection_is_answered_and_the_event_sent_again_lands_once(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch, after_the_commit: bool
) -> None:
    await lanes.append(ledger, appending(someone.trained(called="e0")))
    write = append_behind

    async def lost(*arguments: object) -> bool:
        if after_the_commit:
            await write(*arguments)  # type: ignore[arg-type]  # Passed on as they came.
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    command = appending(E1)
    with monkeypatch.context() as patched:
        patched.setattr(module, "append_behind", lost)
        with pytest.raises(asyncpg.ConnectionDoesNotExistError):
            await lanes.append(ledger, command)
    answer = await lanes.append(ledger, command)
    assert (answer.position, answer.version, answer.replay) == (2, 2, after_the_commit)
    assert len(await everything(pool)) == 2


async def test_a_server_that_cuts_every_connection_is_found_again(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, admin: asyncpg.Connection
) -> None:
    await lanes.append(ledger, appending(someone.trained(called="e0")))
    database = await pool.fetchval("SELECT current_database()")
    await admin.fetch("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", database)
    for attempt in range(20):
        try:
            answer = await lanes.append(ledger, appending(E1))
            break
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            assert attempt < 19, "the lane never came back"
    assert (answer.position, answer.version) == (2, 2)


async def test_an_unknown_ledger_is_said_to_everyone_who_waits(lanes: Lanes) -> None:
    outcomes = await asyncio.gather(
        *(lanes.append("nowhere", appending(someone.trained(called=f"e{n}"))) for n in range(3)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [UnknownLedger] * 3


async def test_no_more_lanes_are_kept_than_there_is_room_for(
    lanes: Lanes, monkeypatch: pytest.MonkeyPatch, ledger: str
) -> None:
    monkeypatch.setattr(module, "MAX_LANES", 3)
    for number in range(10):
        with pytest.raises(UnknownLedger):
            await lanes.append(f"nowhere-{number}", appending(E1))
    assert (await lanes.append(ledger, appending(E1))).position == 1
    assert len(lanes) == 3


async def test_a_lane_that_forgets_what_it_wrote_reads_it_again(
    pool: asyncpg.Pool, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered = RememberedVersions(most=2)
    monkeypatch.setattr(module, "RememberedVersions", lambda: remembered)
    async with running_lanes(pool, system_clock) as lanes:
        for count in range(12):
            await lanes.append(ledger, appending(someone.trained(called=f"e{count}"), to=f"P-{count % 4}"))
    assert len(remembered) == 2
    assert len(await everything(pool)) == 12


async def test_requests_beyond_a_batch_wait_for_the_next(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "MAX_BATCH_EVENTS", 4)
    commands = [appending(*(someone.trained(called=f"e{n}-{k}") for k in range(3)), to=f"P-{n}") for n in range(5)]
    answers = await asyncio.gather(*(lanes.append(ledger, one) for one in commands))
    assert [answer.position for answer in answers] == [3, 6, 9, 12, 15]
    assert len(await everything(pool)) == 15


async def test_whoever_waits_when_the_service_stops_is_answered_first(pool: asyncpg.Pool, ledger: str) -> None:
    async with running_lanes(pool, system_clock) as lanes:
        tasks = [
            asyncio.create_task(lanes.append(ledger, appending(someone.trained(called=f"e{n}")))) for n in range(5)
        ]
        await asyncio.sleep(0)  # They wait.
    assert [task.result().position for task in tasks] == [1, 2, 3, 4, 5]


async def test_a_worker_that_is_cancelled_tells_whoever_waits(
    pool: asyncpg.Pool, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def never(*_: object) -> bool:
        begun.set()
        await asyncio.get_running_loop().create_future()
        return False

    monkeypatch.setattr(module, "append_behind", never)
    shared = module.Shared(pool, system_clock, LIMITS, Seats(1), Notices(pool), KeptStreams(), RememberedVersions())
    lane = module.Lane(ledger, shared)
    first = asyncio.create_task(lane.append(appending(E1)))
    await begun.wait()
    second = asyncio.create_task(lane.append(appending(E2)))
    await asyncio.sleep(0)  # It waits behind the batch.
    lane.cancel()
    outcomes = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable] * 2


async def test_ids_that_only_look_new_to_this_process_are_replays(
    pool: asyncpg.Pool, lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    events = new_events(someone.trained() * 3)
    first = await other_lanes.append(ledger, Append(ME, events))
    assert_same(await lanes.append(ledger, Append(ME, events)), first.events)


async def test_the_same_bytes_are_a_replay_in_the_next_version_too(
    pool: asyncpg.Pool, lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    """Though the event reads with one more member since."""
    first = await lanes.append(ledger, appending(E1))
    again = new_event(E1, TOMORROW)
    assert b'"schema_version":2' in seal(again, Append(ME, [again]), ledger, 1, system_clock()).leaf
    for process in (lanes, other_lanes):
        assert_same(await process.append(ledger, Append(ME, [again])), first.events)
    assert len(await everything(pool)) == 1


def assert_same(answer: Answer, receipts: Sequence[object]) -> None:
    assert answer.replay
    assert list(answer.events) == list(receipts)


async def test_whoever_listens_hears_of_an_append_and_not_of_a_replay(
    database_url: str, lanes: Lanes, ledger: str
) -> None:
    heard: asyncio.Queue[object] = asyncio.Queue()
    listener = await asyncpg.connect(database_url)
    await listener.add_listener(CHANNEL, lambda *told: heard.put_nowait(told[-1]))
    await lanes.append(ledger, appending(E1))
    assert await heard.get() == ledger
    await lanes.append(ledger, appending(E1))
    await lanes.close()
    await listener.execute("SELECT pg_notify($1, 'the end')", CHANNEL)
    assert await heard.get() == "the end"
    await listener.close()


async def test_appends_that_come_together_are_told_together(database_url: str, lanes: Lanes, ledger: str) -> None:
    heard: list[object] = []
    listener = await asyncpg.connect(database_url)
    await listener.add_listener(CHANNEL, lambda *told: heard.append(told[-1]))
    for number in range(40):
        await lanes.append(ledger, appending(someone.trained(called=f"e{number}")))
    await lanes.close()
    await listener.execute("SELECT 1")  # Notifications arrive before the answer.
    assert 1 <= len(heard) < 40
    await listener.close()


async def test_an_append_stands_though_nobody_can_be_told(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(notifications, "NOTIFY", "SELECT no_such_function($1, $2::text[])")
    assert (await lanes.append(ledger, appending(E1))).position == 1
    await lanes.close()
    assert "notifying readers failed" in caplog.text


async def test_each_command_of_a_group_has_an_outcome_of_its_own_and_sees_those_before_it(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str
) -> None:
    group = [
        appending(E1),
        appending(someone.voided("e1", called="v1")),
        appending(someone.voided("v1", called="v2")),
        appending(E1, to=SOMEBODY_ELSE),
        appending(E1),
        appending(E2, to=SOMEBODY_ELSE),
    ]
    kinds = [Answer, Answer, VoidOfAVoid, EventIdTaken, Answer, Answer]
    foreseen = await lanes.validate(ledger, group)
    assert [type(outcome) for outcome in foreseen] == kinds
    assert await everything(pool) == []
    outcomes = await lanes.append_group(ledger, group)
    assert [type(outcome) for outcome in outcomes] == kinds
    answers = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
    assert [(answer.position, answer.version, answer.replay) for answer in answers] == [
        (1, 1, False),
        (2, 2, False),
        (1, 1, True),
        (3, 1, False),
    ]
    assert len(await everything(pool)) == 3


async def test_what_would_become_of_many_commands_is_one_view(pool: asyncpg.Pool, lanes: Lanes, ledger: str) -> None:
    """A command of the third group still sees one of the first."""
    count = 2 * turns.MAX_GROUP_EVENTS
    commands = [appending(someone.trained(called=f"e{number}"), to=f"P-{number % 7}") for number in range(count)]
    again = [
        appending(someone.trained(called="e0"), to="P-0"),
        appending(someone.voided("e1", called="v1"), to="P-1"),
        appending(someone.voided("e1", called="v2"), to="P-2"),
    ]
    *fresh, replayed, voided, foreign = await lanes.validate(ledger, [*commands, *again])
    assert [one.position for one in fresh if isinstance(one, Answer)] == list(range(1, count + 1))
    assert isinstance(replayed, Answer)
    assert replayed.replay
    assert isinstance(voided, Answer)
    assert isinstance(foreign, TargetOfAnotherPractitioner)
    assert await everything(pool) == []


async def test_lone_appends_come_between_the_groups_of_a_bulk(pool: asyncpg.Pool, lanes: Lanes, ledger: str) -> None:
    async def bulk() -> None:
        for start in range(0, 5 * turns.MAX_GROUP_EVENTS, turns.MAX_GROUP_EVENTS):
            numbers = range(start, start + turns.MAX_GROUP_EVENTS)
            await lanes.append_group(
                ledger, [appending(someone.trained(called=f"b{n}"), to=f"P-{n % 9}") for n in numbers]
            )

    loading = asyncio.create_task(bulk())
    await asyncio.sleep(0)  # The first group waits.
    alone = [(await lanes.append(ledger, appending(someone.trained(called=f"e{n}")))).position for n in range(3)]
    assert not loading.done()
    await loading
    assert alone[-1] <= 3 * (turns.MAX_BATCH_EVENTS + 1)  # Each waits for one turn of the bulk at most.
    assert len(await everything(pool)) == 5 * turns.MAX_GROUP_EVENTS + 3


async def test_a_lane_that_is_closed_in_the_middle_of_a_long_write_ends_with_it(
    database_url: str, lanes: Lanes, ledger: str
) -> None:
    """Also when the waiting client has gone, and no other comes."""
    await lanes.append(ledger, appending(someone.trained(called="e0")))
    other = await asyncpg.connect(database_url)
    async with other.transaction():
        await other.execute("SELECT 1 FROM ledger.heads WHERE ledger = $1 FOR UPDATE", ledger)
        waiter = asyncio.create_task(lanes.append(ledger, appending(E1)))
        done, _ = await asyncio.wait([waiter], timeout=0.5)
        assert not done
        waiter.cancel()
        closing = asyncio.create_task(lanes.close())
        await asyncio.wait([waiter])
    await asyncio.wait_for(closing, timeout=10)
    await other.close()


async def test_a_row_that_the_database_refuses_fails_nobody_but_its_own_client(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str
) -> None:
    await pool.execute("ALTER TABLE ledger.events ADD CONSTRAINT no_seven CHECK (practitioner_id <> 'P-7')")
    commands = [appending(someone.trained(called=f"e{number}"), to=f"P-{number}") for number in range(20)]
    outcomes = await asyncio.gather(*(lanes.append(ledger, one) for one in commands), return_exceptions=True)
    refused = [number for number, outcome in enumerate(outcomes) if not isinstance(outcome, Answer)]
    assert refused == [7]
    assert isinstance(outcomes[7], asyncpg.CheckViolationError)
    assert len(await everything(pool)) == 19
