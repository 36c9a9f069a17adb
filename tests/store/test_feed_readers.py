"""A reader that follows a ledger sees every event once and in order, however it reads and whatever is written
meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import asyncpg
import httpx
import msgspec
import pytest
from fastapi import FastAPI

from services.ledger.append import Lanes, running_lanes
from services.ledger.domain.career import Append
from services.runtime.clock import system_clock
from tests.api.serving import TIMEOUT_S, frames_of, serving
from tests.deciding import LEDGER, new_events
from tests.lives import id_of, someone

FEED = f"/v1/ledgers/{LEDGER}/events"
ANOTHER = "zhengzhou"
EVENTS = 600
WRITERS = 6
MOST_AT_ONCE = 7
LONGEST_PAUSE_S = 0.004
EVERYTHING = """
SELECT position,
       event_id
  FROM ledger.events
 WHERE ledger = $1
 ORDER BY position
"""

Seen: TypeAlias = list[tuple[int, str]]
"""Position and event id, as a reader met them."""
Reader: TypeAlias = Callable[[httpx.AsyncClient, random.Random, Seen], Awaitable[None]]


@pytest.fixture
async def live(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a real server with two ledgers."""
    async with serving(app) as base_url, httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S) as client:
        for ledger in (LEDGER, ANOTHER):
            made = await client.put(f"/v1/ledgers/{ledger}", json={"jurisdiction": "510100", "title": ledger})
            assert made.status_code == httpx.codes.CREATED, made.text
        yield client


async def by_page(client: httpx.AsyncClient, chance: random.Random, seen: Seen) -> None:
    after = 0
    while len(seen) < EVENTS:
        asked = {"after": after, "limit": chance.randint(1, 40), "wait": chance.choice([0, 1, 30])}
        page = (await client.get(FEED, params=asked)).json()
        seen.extend((event["position"], event["event_id"]) for event in page["events"])
        assert page["head"] >= page["next_after"] == (seen[-1][0] if seen else 0)
        after = page["next_after"]


async def by_line(client: httpx.AsyncClient, chance: random.Random, seen: Seen) -> None:
    while len(seen) < EVENTS:
        asked = {"after": seen[-1][0] if seen else 0, "limit": chance.randint(1, 40), "wait": chance.choice([0, 1, 30])}
        answer = await client.get(FEED, params=asked, headers={"Accept": "application/jsonl"})
        for line in answer.iter_lines():
            event = msgspec.json.decode(line)
            seen.append((event["position"], event["event_id"]))
        assert int(answer.headers["Ledger-Head"]) >= len(seen)


async def by_stream(client: httpx.AsyncClient, chance: random.Random, seen: Seen) -> None:
    """Leaves after a few events, in the middle of whatever the server is sending, and comes back."""
    while len(seen) < EVENTS:
        headers = {"Accept": "text/event-stream"}
        if seen:
            headers["Last-Event-ID"] = str(seen[-1][0])
        leaves_at = min(EVENTS, len(seen) + chance.randint(1, 150))
        async with client.stream("GET", FEED, headers=headers) as answer:
            async for frame in frames_of(answer):
                seen.append((frame.id, msgspec.json.decode(frame.data)["event_id"]))
                if len(seen) == leaves_at:
                    break


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_reader_skips_doubles_or_reorders_while_others_write(
    app: FastAPI, live: httpx.AsyncClient, pool: asyncpg.Pool, seed: int
) -> None:
    """Two processes write; a foreign transaction holds an old snapshot and the head of another ledger all the while."""
    readers: list[Reader] = [by_page, by_page, by_line, by_line, by_stream, by_stream, by_stream]
    seen: list[Seen] = [[] for _ in readers]
    foreign = await asyncpg.connect(dsn=app.state.settings.database_url)
    async with running_lanes(pool, system_clock) as other_lanes, foreign.transaction(isolation="repeatable_read"):
        await foreign.fetchval("SELECT count(*) FROM ledger.events")
        await foreign.execute("SELECT FROM ledger.heads WHERE ledger = $1 FOR UPDATE", ANOTHER)
        async with asyncio.timeout(TIMEOUT_S), asyncio.TaskGroup() as together:
            for number, (reader, own) in enumerate(zip(readers, seen, strict=True)):
                together.create_task(reader(live, chance_of(f"{seed}-{number}"), own))
            for number in range(WRITERS):
                lanes = (app.state.lanes, other_lanes)[number % 2]
                together.create_task(write(lanes, number, chance_of(f"{seed}-writer-{number}")))
        assert await foreign.fetchval("SELECT count(*) FROM ledger.events") == 0, "the foreign snapshot was old"
    await foreign.close()
    stored = await pool.fetch(
        "SELECT position, event_id FROM ledger.events WHERE ledger = $1 ORDER BY position", LEDGER
    )
    written = [(row["position"], str(row["event_id"])) for row in stored]
    assert [position for position, _ in written] == list(range(1, EVENTS + 1))
    assert {event_id for _, event_id in written} == {id_of(f"e{count}") for count in range(EVENTS)}
    assert all(own == written for own in seen)


def chance_of(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same delays again, no secret


async def write(lanes: Lanes, number: int, chance: random.Random) -> None:
    """Append every WRITERS-th event, a few at a time, with random pauses."""
    mine = new_events(*(someone.trained(called=f"e{count}") for count in range(number, EVENTS, WRITERS)))
    while mine:
        few, mine = mine[: (size := chance.randint(1, MOST_AT_ONCE))], mine[size:]
        await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE_S))  # The delay is the test, nothing is waited for.
        if chance.random() < 0.5:
            await lanes.append(LEDGER, Append(f"P-{chance.randint(1, 5)}", few))
        else:
            await lanes.append_group(LEDGER, [Append(f"P-{chance.randint(1, 5)}", [event]) for event in few])
