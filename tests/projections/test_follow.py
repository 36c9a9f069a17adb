"""The worker keeps the rows up to date with events, rules and the calendar, whatever happens to it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from contracts.document import plain
from contracts.events.codec import leaf_hash
from services.core.questions.standing import STANDING, stored
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from services.ledger.append import Lanes
from services.projections.ask import COST_OF_ONE, known, stored_at
from services.projections.project import BATCH_PEOPLE, Overtaken, RowJudge, advance, renew
from services.projections.rebuild import Report, rebuild
from services.projections.rulebook import PolicyBooks
from services.projections.store import generations
from services.projections.store.progress import WORKER_LEASE, Progress, is_followed, progress
from services.runtime import journal, slices
from services.runtime.clock import china_day, system_clock
from services.runtime.journal import head
from services.runtime.leases import lease
from services.runtime.limits import LIMITS
from services.runtime.release import RELEASE
from tests.campaign.careers import career
from tests.deciding import appending
from tests.lives import new_training
from tests.projections.conftest import caught_up, following, make, tell_careers, tell_standards, until

MANY_EVENTS = 5_000
ASKED_PEOPLE = 200


async def verified(pool: asyncpg.Pool, ledger: str) -> Report:
    async with pool.acquire() as connection:
        return await rebuild(connection, ledger, system_clock, RELEASE, verify=True, tell=lambda done, of: None)


async def follow_until_caught_up(url: str, pool: asyncpg.Pool) -> None:
    async with following(url):
        await until(lambda: caught_up(pool, system_clock()), "caught up")


async def how_far(pool: asyncpg.Pool, ledger: str) -> Progress:
    async with pool.acquire() as connection:
        return next(one for one in await progress(connection, china_day(system_clock())) if one.ledger == ledger)


async def assert_equal_to_a_rebuild(pool: asyncpg.Pool, ledger: str, people: int) -> None:
    report = await verified(pool, ledger)
    assert report.samples == []
    assert (report.people, report.compared, report.differences) == (people, people, 0)


async def assert_rows_say_what_is_evaluated(pool: asyncpg.Pool, ledger: str, people: int) -> None:
    """The rows of the first people equal what `evaluate` says when it is asked directly at the head."""
    books, today = PolicyBooks(), china_day(system_clock())
    async with pool.acquire() as connection:
        position = (await head(connection, ledger)).position
        rows = await connection.fetch("SELECT practitioner_id, standing FROM projections.standings LIMIT $1", people)
        assert len(rows) == people
        for row in rows:
            person = known(await stored_at(connection, books, ledger, row["practitioner_id"], position, COST_OF_ONE))
            rules = person.rules(today, None)
            said = {name: plain(stored(evaluate(rules, person.facts, Question(name, today)))) for name in STANDING}
            assert msgspec.json.decode(row["standing"]) == said, row["practitioner_id"]


async def test_rows_that_were_followed_equal_rows_that_were_rebuilt(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    async with following(database_url):
        await tell_careers(lanes, ledger, 30)
        await until(lambda: caught_up(pool, system_clock()), "caught up")
    await assert_equal_to_a_rebuild(pool, ledger, 30)


async def test_a_worker_that_was_stopped_over_five_thousand_events_catches_up_with_them(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, ASKED_PEOPLE)
    await follow_until_caught_up(database_url, pool)
    people = [f"P-{number % ASKED_PEOPLE}" for number in range(MANY_EVENTS)]
    await asyncio.gather(*(lanes.append(ledger, appending(new_training(), to=who)) for who in people))
    assert (await how_far(pool, ledger)).lag_s > 0
    await follow_until_caught_up(database_url, pool)
    assert (await how_far(pool, ledger)).lag_s == 0
    await assert_equal_to_a_rebuild(pool, ledger, ASKED_PEOPLE)
    await assert_rows_say_what_is_evaluated(pool, ledger, ASKED_PEOPLE)


async def test_a_rule_event_makes_every_row_due_and_the_worker_judges_it_anew(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    people = 20
    await tell_careers(lanes, ledger, people)
    await follow_until_caught_up(database_url, pool)
    told = next(career(seed) for seed in range(1_000) if career(seed).standards)
    await tell_standards(lanes, ledger, told)
    async with pool.acquire() as connection:
        live = await generations.live(connection, ledger)
        assert live is not None
        now = system_clock()
        await advance(connection, RowJudge(), live, now, china_day(now))
    assert (await how_far(pool, ledger)).due == people
    await follow_until_caught_up(database_url, pool)
    assert (await how_far(pool, ledger)).due == 0
    await assert_equal_to_a_rebuild(pool, ledger, people)


async def test_a_row_is_judged_anew_on_the_day_of_its_change(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 20)
    await follow_until_caught_up(database_url, pool)
    day = await pool.fetchval("SELECT min(next_change_on) FROM projections.standings")
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    async with following(database_url, lambda: noon):
        await until(lambda: caught_up(pool, noon), "caught up with the calendar")
    assert await pool.fetchval("SELECT min(next_change_on) FROM projections.standings") > day


async def poison(pool: asyncpg.Pool, ledger: str, practitioner_id: str) -> int:
    """Write an event past every check, as a bad disk or a manual change of the database would, and return its
    position."""
    leaf = b'{"no": "event"}'
    async with pool.acquire() as connection, connection.transaction():
        position: int = await connection.fetchval(
            "UPDATE ledger.heads SET position = position + 1 WHERE ledger = $1 RETURNING position", ledger
        )
        await connection.execute(
            """
            INSERT INTO ledger.events
                   (ledger, position, practitioner_id, version,
                    event_id, type, occurred_on, recorded_at, leaf, leaf_hash)
            SELECT $1, $2, $3, coalesce(max(version), 0) + 1, $4, 'training.completed', '2024-05-06', now(), $5, $6
              FROM ledger.events
             WHERE ledger = $1
               AND practitioner_id = $3
            """,
            ledger,
            position,
            practitioner_id,
            uuid4(),
            leaf,
            leaf_hash(leaf),
        )
    return position


async def test_a_poisonous_event_is_parked_with_its_error_and_does_not_stop_the_others(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 3)
    await follow_until_caught_up(database_url, pool)
    position = await poison(pool, ledger, "P-1")
    await lanes.close()
    await tell_more(pool, ledger)
    await follow_until_caught_up(database_url, pool)
    rows = {row["practitioner_id"] for row in await pool.fetch("SELECT practitioner_id FROM projections.standings")}
    assert rows == {"P-0", "P-2", "P-9"}, "nobody is shown by what may no longer be so"
    (parked,) = await pool.fetch("SELECT * FROM projections.parked")
    assert (parked["practitioner_id"], parked["position"]) == ("P-1", position)
    assert "DamagedEvent: what is stored at position" in parked["error"]
    assert (await how_far(pool, ledger)).parked == 1


async def test_a_poisonous_rule_stops_its_own_ledger_alone(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    other = await make(pool, "other")
    await tell_careers(lanes, ledger, 2)
    await poison(pool, ledger, "_rules")
    await lanes.append(other, appending(new_training(), to="P-1"))

    async def other_is_done() -> bool:
        done = {one.ledger: one for one in await all_progress(pool)}
        return done[other].position == done[other].head and done[ledger].parked == 1

    async with following(database_url):
        await until(other_is_done, "the other ledger is done and the rule is noted")
    assert (await how_far(pool, ledger)).position == 0


async def test_parked_people_of_a_ledger_whose_rules_cannot_be_read_do_not_stop_the_other_ledgers(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    other = await make(pool, "other")
    await tell_careers(lanes, ledger, 2)
    await follow_until_caught_up(database_url, pool)
    async with pool.acquire() as connection:
        live = await generations.live(connection, ledger)
        assert live is not None
        await generations.park(connection, live, [generations.Parked("P-1", 1, "an older fault")], system_clock())
    await poison(pool, ledger, "_rules")
    await pool.execute("UPDATE projections.generations SET rules_position = 1 WHERE ledger = $1", ledger)
    await lanes.append(other, appending(new_training(), to="P-1"))

    async def other_is_done() -> bool:
        done = {one.ledger: one for one in await all_progress(pool)}
        return done[other].position == done[other].head

    async with following(database_url):
        await until(other_is_done, "the other ledger is done")


async def all_progress(pool: asyncpg.Pool) -> list[Progress]:
    async with pool.acquire() as connection:
        return await progress(connection, china_day(system_clock()))


async def tell_more(pool: asyncpg.Pool, ledger: str) -> None:
    """Append a new person's events, by lanes that know the current head."""
    lanes = Lanes(pool, system_clock)
    await lanes.append(ledger, appending(new_training(), to="P-9"))
    await lanes.close()


async def test_parked_people_are_judged_again_by_the_next_worker(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 2)
    await follow_until_caught_up(database_url, pool)
    async with pool.acquire() as connection:
        live = await generations.live(connection, ledger)
        assert live is not None
        fault = generations.Parked("P-1", live.position, "a release that could not read it")
        await generations.park(connection, live, [fault], system_clock())
        await connection.execute("DELETE FROM projections.standings WHERE practitioner_id = 'P-1'")

    async def nobody_is_parked() -> bool:
        return (await how_far(pool, ledger)).parked == 0

    async with following(database_url):
        await until(nobody_is_parked, "judged again")
    await assert_equal_to_a_rebuild(pool, ledger, 2)


HOLDER = "SELECT holder FROM runtime.leases WHERE name = $1"
END_OTHER_SESSIONS = """
SELECT pg_terminate_backend(pid, 5000)
  FROM pg_stat_activity
 WHERE datname = current_database()
   AND application_name IN ('ledger leases', 'ledger projections')
"""


async def test_one_worker_works_at_a_time_and_the_next_takes_over_when_it_stops(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    async def holds(holder: str) -> bool:
        return await pool.fetchval(HOLDER, WORKER_LEASE) == holder

    async with following(database_url, holder="second"):
        await until(lambda: holds("second"), "the second holds the lease while it is alone")
        async with following(database_url, holder="first"):
            await tell_careers(lanes, ledger, 3)
            await until(lambda: caught_up(pool, system_clock()), "caught up")
            assert await holds("second")
    await assert_equal_to_a_rebuild(pool, ledger, 3)
    assert await pool.fetchval(HOLDER, WORKER_LEASE) is None


async def test_a_worker_that_is_started_anew_need_not_wait_for_its_own_lease(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    async with lease(database_url, WORKER_LEASE, "this") as left_by_a_kill:
        assert await left_by_a_kill.take()
        await tell_careers(lanes, ledger, 2)
        async with following(database_url, holder="this"):
            await until(lambda: caught_up(pool, system_clock()), "caught up")


async def test_a_lease_that_a_clock_made_while_it_was_ahead_is_nobodys(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    ends = "clock_timestamp() + interval '1 hour'"
    await pool.execute(f"INSERT INTO runtime.leases VALUES ('{WORKER_LEASE}', 'of the future', {ends})")  # noqa: S608 - constants
    async with pool.acquire() as connection:
        assert not await is_followed(connection)
    async with following(database_url):
        await tell_careers(lanes, ledger, 1)
        await until(lambda: caught_up(pool, system_clock()), "caught up")


async def test_rows_that_somebody_holds_keep_no_other_ledger_waiting(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 1)
    await follow_until_caught_up(database_url, pool)
    later = await make(pool, "zz")
    async with pool.acquire() as holder, holder.transaction():
        await generations.hold_live(holder, ledger)
        await tell_careers(lanes, ledger, 2)
        await lanes.append(later, appending(new_training(), to="P-1"))

        async def later_is_followed() -> bool:
            return (await how_far(pool, later)).position == 1

        async with following(database_url, limits=LIMITS.times(0.05)):
            await until(later_is_followed, "the other ledger is followed")
            assert (await how_far(pool, ledger)).parked == 0
    await follow_until_caught_up(database_url, pool)


async def test_the_parked_of_a_ledger_that_is_held_at_the_start_are_judged_once_it_is_not(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 1)
    await follow_until_caught_up(database_url, pool)
    async with pool.acquire() as connection:
        live = await generations.live(connection, ledger)
        assert live is not None
        await generations.park(connection, live, [generations.Parked("P-0", 1, "another release")], system_clock())

    async def nobody_is_parked() -> bool:
        return (await how_far(pool, ledger)).parked == 0

    async with following(database_url, limits=LIMITS.times(0.05)):
        async with pool.acquire() as holder, holder.transaction():
            await generations.hold_live(holder, ledger)
            await until(lambda: worker_waits(pool), "the worker has met the lock")
        await until(nobody_is_parked, "judged anew")


async def worker_waits(pool: asyncpg.Pool) -> bool:
    waits: bool = await pool.fetchval(WORKER_WAITS)
    return waits


WORKER_WAITS = """
SELECT EXISTS (
       SELECT 1
         FROM pg_stat_activity
        WHERE datname = current_database()
          AND application_name = 'ledger projections'
          AND wait_event_type = 'Lock'
       )
"""


async def test_a_worker_goes_on_when_its_sessions_are_ended(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    async with following(database_url):
        await tell_careers(lanes, ledger, 2)
        await until(lambda: caught_up(pool, system_clock()), "caught up")
        await pool.fetch(END_OTHER_SESSIONS)
        await tell_careers(lanes, ledger, 4)
        await until(lambda: caught_up(pool, system_clock()), "caught up again")
    await assert_equal_to_a_rebuild(pool, ledger, 4)


async def test_whoever_was_overtaken_writes_nothing(pool: asyncpg.Pool, ledger: str, lanes: Lanes) -> None:
    await tell_careers(lanes, ledger, 2)
    now = system_clock()
    async with pool.acquire() as connection:
        first = await generations.make(connection, ledger, "live", RELEASE, now)
        second = await advance(connection, RowJudge(), first, now, china_day(now))
        assert second is not None
        before = await connection.fetch("SELECT xmin, practitioner_id FROM projections.standings ORDER BY 2")
        with pytest.raises(Overtaken):
            await advance(connection, RowJudge(), first, now, china_day(now))
        with pytest.raises(Overtaken):
            await renew(connection, RowJudge(), first, ["P-1"], now, china_day(now))
        assert before == await connection.fetch("SELECT xmin, practitioner_id FROM projections.standings ORDER BY 2")


async def test_a_batch_and_its_cursor_are_committed_together_or_not_at_all(
    pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 2)
    now = system_clock()
    async with pool.acquire() as connection:
        generation = await generations.make(connection, ledger, "live", RELEASE, now)
        await connection.execute("ALTER TABLE projections.standings ADD CONSTRAINT no CHECK (practitioner_id <> 'P-1')")
        with pytest.raises(asyncpg.CheckViolationError):
            await advance(connection, RowJudge(), generation, now, china_day(now))
        assert await generations.live(connection, ledger) == generation
        assert await connection.fetchval("SELECT count(*) FROM projections.standings") == 0


async def test_a_batch_ends_with_so_many_people_and_the_next_goes_on_behind_it(
    pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    people = BATCH_PEOPLE + 5
    for number in range(people):
        await lanes.append(ledger, appending(new_training(), to=f"P-{number}"))
    now, row_judge = system_clock(), RowJudge()
    async with pool.acquire() as connection:
        generation = await generations.make(connection, ledger, "live", RELEASE, now)
        positions = []
        while (next_ := await advance(connection, row_judge, generation, now, china_day(now))) is not None:
            generation = next_
            positions.append(generation.position)
    assert positions == [BATCH_PEOPLE, people]


async def test_others_get_the_loop_while_many_people_are_judged(
    pool: asyncpg.Pool, ledger: str, lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a worker could not renew its lease meanwhile, and two would take it from each other for ever."""
    monkeypatch.setattr(slices, "SLICE_S", 0.0)
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    await tell_careers(lanes, ledger, 20)
    now, row_judge = system_clock(), RowJudge()
    async with pool.acquire() as connection:
        generation = await generations.make(connection, ledger, "live", RELEASE, now)
        people = await journal.people(connection, ledger, [f"P-{number}" for number in range(20)], up_to=10_000)
        known = await row_judge.rules_known(connection, generation, 0, news=False)
        await row_judge.judge(connection, known, people[:1], china_day(now))  # Reads the rules, once.
        other = asyncio.ensure_future(take_turns())
        await row_judge.judge(connection, known, people, china_day(now))
        other.cancel()
    assert turns >= len(people) == 20


def test_lag_is_the_age_of_the_oldest_unprocessed_event_and_known_only_where_no_clock_was_ahead() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    def recorded(seconds_ago: int | None) -> Progress:
        oldest = None if seconds_ago is None else now - timedelta(seconds=seconds_ago)
        position = 2 if oldest is None else 1
        return Progress("l", 2, now, now, 1, position, oldest, parked=0, of_another_engine=0, due_otherwise=0)

    assert [recorded(ago).lag_s for ago in (7, 0, None, -9)] == [7, 0, 0, -9]
    assert [recorded(ago).is_late(5) for ago in (7, 5, 0, None, -9)] == [True, False, False, False, True]
