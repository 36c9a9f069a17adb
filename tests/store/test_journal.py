"""The journal's reads: one snapshot, a stream as of a position, the position at an instant, always by an index."""

from datetime import datetime, timedelta

import asyncpg
import pytest

from services.ledger.append import Lanes, running_lanes
from services.ledger.store import append as store
from services.runtime import journal
from services.runtime import journal_sql as sql
from services.runtime.clock import system_clock
from services.runtime.journal import UnknownLedger
from tests.deciding import INSTANT, ME, SOMEBODY_ELSE, appending, uuid_of
from tests.lives import id_of, someone

SECOND = timedelta(seconds=1)


@pytest.fixture
def zero() -> datetime:
    """The second 0."""
    return system_clock() - 3 * SECOND


@pytest.fixture
async def told(pool: asyncpg.Pool, ledger: str, zero: datetime) -> str:
    """A ledger of six events, two streams in turn, recorded in pairs at the seconds 0, 0, 1, 1, 2, 2."""
    for second in range(3):
        async with running_lanes(pool, lambda second=second: zero + second * SECOND) as lanes:  # type: ignore[misc]  # A lambda's default is how it keeps its own second.
            pair = [
                appending(someone.trained(called=f"m{second}")),
                appending(someone.trained(called=f"s{second}"), to=SOMEBODY_ELSE),
            ]
            await lanes.append_group(ledger, pair)
    return ledger


async def test_a_stream_is_read_as_it_stood_at_a_position(pool: asyncpg.Pool, told: str) -> None:
    async with pool.acquire() as connection:
        for position, known in [(0, 0), (1, 1), (2, 1), (3, 2), (5, 3), (99, 3)]:
            stream = await journal.stream(connection, told, ME, up_to=position)
            assert [event.event_id for event in stream] == [id_of(f"m{n}") for n in range(known)]
            page = await journal.stream_page(connection, told, ME, up_to=position, after_version=0, limit=2)
            assert ([event.version for event in page.events], page.head) == ([1, 2][:known], known)


async def test_a_page_goes_on_where_the_last_one_ended(pool: asyncpg.Pool, told: str) -> None:
    async with pool.acquire() as connection:
        page = await journal.feed_page(connection, told, after=2, limit=3)
        assert ([event.position for event in page.events], page.head) == ([3, 4, 5], 6)
        page = await journal.feed_page(connection, told, after=6, limit=3)
        assert (page.events, page.head) == ([], 6)
        page = await journal.stream_page(connection, told, ME, up_to=6, after_version=2, limit=3)
        assert ([event.version for event in page.events], page.head) == ([3], 3)


@pytest.mark.parametrize(
    ("seconds", "position"), [(-1, 0), (-0.000001, 0), (0, 2), (0.5, 2), (1, 4), (1.999999, 4), (2, 6), (9_999, 6)]
)
async def test_the_position_at_an_instant_is_the_last_one_recorded_by_then(
    pool: asyncpg.Pool, told: str, zero: datetime, seconds: float, position: int
) -> None:
    async with pool.acquire() as connection:
        assert await journal.position_at(connection, told, zero + seconds * SECOND) == position


async def test_an_empty_ledger_has_a_head_and_nothing_else(pool: asyncpg.Pool, ledger: str) -> None:
    async with pool.acquire() as connection:
        assert (await journal.head(connection, ledger)).position == 0
        assert await journal.position_at(connection, ledger, INSTANT) == 0
        assert (await journal.feed_page(connection, ledger, after=0, limit=1)).events == []
        assert await journal.stream(connection, ledger, ME, up_to=0) == []
        assert await journal.events_by_id(connection, ledger, [uuid_of("e1")]) == {}


async def test_an_unknown_ledger_is_said_so(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection:
        for reading in (
            journal.head(connection, "nowhere"),
            journal.feed_page(connection, "nowhere", after=0, limit=1),
            journal.position_at(connection, "nowhere", INSTANT),
            journal.versions(connection, "nowhere", [ME]),
        ):
            with pytest.raises(UnknownLedger):
                await reading


async def test_a_page_and_its_head_are_one_snapshot(pool: asyncpg.Pool, lanes: Lanes, ledger: str) -> None:
    """Of a ledger that grows, no page shows a head before its own last event, nor stops short of the head."""
    async with pool.acquire() as connection:
        for count in range(50):
            await lanes.append(ledger, appending(someone.trained(called=f"e{count}")))
            page = await journal.feed_page(connection, ledger, after=0, limit=1_000)
            assert len(page.events) == page.head == count + 1


PARAMETERS = {
    "HEAD": "'l'",
    "FEED_PAGE": "'l', 5, 10",
    "STREAM_PAGE": "'l', 'P-1', 5, 0, 10",
    "STREAM": "'l', 'P-1', 5, 0, 10",
    "EVENTS_BY_ID": "'l', ARRAY[gen_random_uuid()]",
    "VERSIONS": "'l', ARRAY['P-1']",
    "PEOPLE": "'l', ARRAY['P-1'], 5, 10",
    "LINKS": "'l', ARRAY['P-1'], 5",
    "EVER_LINKED": "'l', ARRAY['P-1'], 5",
    "STREAMS": "'l', ARRAY['P-1'], 5, 10",
    "STREAMS_AFTER": "'l', 'P-1', 5, 10",
    "TIP": "'l', ARRAY['P-1'], 5, '_rules'",
    "REVISIONS": "'l', ARRAY['P-1'], ARRAY[0], 5, 10, 1000",
    "POSITION_AT": "'l', now()",
}


@pytest.mark.parametrize("name", PARAMETERS)
async def test_every_read_goes_by_an_index_even_when_it_is_planned_on_an_empty_table(
    pool: asyncpg.Pool, name: str
) -> None:
    """A plan is kept for the life of its session, and the first appends plan on nothing."""
    async with pool.acquire() as connection:
        await connection.execute(f"PREPARE statement AS {getattr(sql, name)}")
        plan = await connection.fetch(f"EXPLAIN EXECUTE statement ({PARAMETERS[name]})")
        await connection.execute("DEALLOCATE statement")
    assert not [row[0] for row in plan if "Seq Scan on events" in row[0]]
    assert await pool.fetchval("SHOW plan_cache_mode") == "force_generic_plan"


@pytest.mark.parametrize("name", ["PEOPLE", "LINKS", "TIP"])
async def test_links_and_their_voids_are_found_by_what_they_name(pool: asyncpg.Pool, name: str) -> None:
    """Also by a plan that was made when there were none: no other index of a ledger's links or voids would do."""
    async with pool.acquire() as connection:
        await connection.execute(f"PREPARE statement AS {getattr(sql, name)}")
        plan = [row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE statement ({PARAMETERS[name]})")]
        await connection.execute("DEALLOCATE statement")
    scans = [line.strip(" ->").split(" on ")[0] for line in plan if " on events " in line]
    conditions = [line for line in plan if "Index Cond" in line and "names = " in line]
    assert scans.count("Index Scan using events_names") == len(conditions) == 4
    assert scans.count("Index Scan using events_links") == 2


async def test_an_append_finds_its_head_by_the_index(pool: asyncpg.Pool, ledger: str) -> None:
    async with pool.acquire() as connection:
        await connection.execute(f"PREPARE statement AS {store.APPEND}")
        plan = await connection.fetch(
            "EXPLAIN EXECUTE statement ('l', 0, now(), '{P-1}', '{1}', '{}', '{x}', '{2024-01-01}', '{}', '{}')"
        )
        await connection.execute("DEALLOCATE statement")
    assert any("Index Scan using heads_pkey" in row[0] for row in plan), [row[0] for row in plan]
