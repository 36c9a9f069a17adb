"""Corrections in bulk, of long careers and in a long chain, and what another writer of the ledger waits meanwhile.

Prints its figures (`pytest -s`); asserts only what does not depend on the machine.
"""

import asyncio
import gc
import json
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from msgspec.structs import replace

from services.ledger import append as module
from services.ledger.append import Lane, Lanes
from services.ledger.domain.career import Answer, Append
from services.ledger.store.append import lock_head
from services.ledger.store.ledgers import make_ledger
from services.runtime import journal
from services.runtime.ledgers import LedgerRow
from services.runtime.processes import collect_seldom
from tests.deciding import INSTANT, LEDGER, appending, new_events
from tests.lives import Life, http, id_of, new_training, someone

EVENTS_OF_A_COMMAND = 100
NAP_S = 1e-3
ALONE = 1_000  # Appends that the other writer makes while nobody else does.
BULK = f"/v1/ledgers/{LEDGER}/events"


@pytest.fixture(autouse=True)
def collected_seldom() -> Iterator[None]:
    """Collect garbage as a running service does."""
    thresholds = gc.get_threshold()
    collect_seldom()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.fixture
async def lanes(app: FastAPI, pool: asyncpg.Pool) -> Lanes:
    """The lanes of a running service, and a ledger."""
    async with pool.acquire() as connection:
        await make_ledger(connection, LedgerRow(LEDGER, "510100", "Chengdu", "ledger.invalid", INSTANT, {}), [])
    lanes: Lanes = app.state.lanes
    return lanes


@asynccontextmanager
async def longest_block(told: Callable[[float], None]) -> AsyncIterator[None]:
    """Tell at the end for how many seconds the event loop had no turn for somebody else, at the longest."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(NAP_S)
            longest = max(longest, time.perf_counter() - began - NAP_S)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        told(longest)


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For how many seconds each batch from now on has held the head's lock."""
    times: list[float] = []
    began = 0.0
    lock, remember = lock_head, Lane._remember

    async def locking(*arguments: Any) -> Any:
        nonlocal began
        head = await lock(*arguments)
        began = time.perf_counter()
        return head

    def remembering(*arguments: Any) -> None:  # Right behind the commit.
        nonlocal began
        if began:
            times.append(time.perf_counter() - began)
            began = 0.0
        remember(*arguments)

    monkeypatch.setattr(module, "lock_head", locking)
    monkeypatch.setattr(Lane, "_remember", remembering)
    return times


async def record_careers(lanes: Lanes, people: int, events: int) -> None:
    """Record careers of the event P-n, first, and many others."""
    (other,) = new_events(someone.trained())
    for person in range(people):
        (first,) = new_events(someone.trained(called=f"P-{person}"))
        told = [first, *(replace(other, event_id=uuid4()) for _ in range(events - 1))]
        for start in range(0, events, EVENTS_OF_A_COMMAND):
            await lanes.append(LEDGER, Append(f"P-{person}", told[start : start + EVENTS_OF_A_COMMAND]))


async def write_until(done: Callable[[int], bool], lanes: Lanes, person: str) -> list[float]:
    """Append one event after another, and return how many seconds each took."""
    (event,) = new_events(someone.trained())
    waits: list[float] = []
    while not done(len(waits)):
        began = time.perf_counter()
        await lanes.append(LEDGER, Append(person, [replace(event, event_id=uuid4())]))
        waits.append(time.perf_counter() - began)
    return waits


async def p99_beside(work: Callable[[], Any], lanes: Lanes) -> tuple[float, Any]:
    """Return the 99th percentile of what another writer waits while the work lasts, in ms, and the work's result."""
    working = asyncio.ensure_future(work())
    waits = await write_until(lambda _: working.done(), lanes, "writer")
    return p99_ms(waits), working.result()


def p99_ms(waits: Sequence[float]) -> float:
    return statistics.quantiles(waits, n=100, method="inclusive")[98] * 1_000 if len(waits) > 1 else waits[0] * 1_000


def chain(root: str, links: int) -> Iterator[dict[str, Any]]:
    """Tell a fact, its correction, the correction of that, and so on."""
    yield told(root, someone.trained(called=f"{root}/0"))
    yield told(root, someone.corrected(f"{root}/0", amount="13", called=f"{root}/1"))
    for number in range(2, links):
        yield told(
            root, someone.corrected(f"{root}/{number - 1}", reason=f"reason {number}", called=f"{root}/{number}")
        )


def told(person: str, life: Life) -> dict[str, Any]:
    """Return the one event of a life as an item."""
    (event,) = http(life)
    return {"practitioner_id": person, **event}


def body_of(items: Iterable[dict[str, Any]]) -> str:
    return json.dumps({"events": list(items)})


async def send(client: httpx.AsyncClient, body: str) -> httpx.Response:
    return await client.post(BULK, content=body, headers={"Content-Type": "application/json"}, timeout=None)


def assert_all_recorded(answer: httpx.Response) -> None:
    assert {item["status"] for item in answer.json()["items"]} == {201}


async def test_corrections_of_long_careers_go_in_at_once(
    lanes: Lanes, locked: list[float], pytestconfig: pytest.Config
) -> None:
    people, events = pytestconfig.getoption("--corrected"), pytestconfig.getoption("--career-events")
    await record_careers(lanes, people, events)
    for time_ in range(3):
        locked.clear()
        blocks: list[float] = []
        group = [
            appending(someone.corrected(f"P-{n}", amount="13", called=f"c{time_}/{n}"), to=f"P-{n}")
            for n in range(people)
        ]
        began = time.perf_counter()
        async with longest_block(blocks.append):
            outcomes = await lanes.append_group(LEDGER, group)
        seconds = time.perf_counter() - began
        assert all(isinstance(outcome, Answer) for outcome in outcomes)
        print(  # noqa: T201 - its figures are what it is run for
            f"\n{people} corrections over careers of {events} events: {seconds * 1_000:.0f} ms, "
            f"{sum(locked) * 1_000:.0f} ms under the lock, loop blocked {blocks[0] * 1_000:.1f} ms at the longest"
        )


async def test_a_chain_of_corrections_goes_in_and_another_writer_waits_little_longer(
    lanes: Lanes, client: httpx.AsyncClient, pool: asyncpg.Pool, locked: list[float], pytestconfig: pytest.Config
) -> None:
    links = pytestconfig.getoption("--chain-links")
    alone = p99_ms(await write_until(lambda count: count == ALONE, lanes, "writer"))
    facts = body_of(told(f"P-{n % 50}", new_training()) for n in range(links))
    beside_facts, answer = await p99_beside(lambda: send(client, facts), lanes)
    assert_all_recorded(answer)
    locked.clear()
    blocks: list[float] = []
    body = body_of(chain("chain", links))
    began = time.perf_counter()
    async with longest_block(blocks.append):
        beside_chain, answer = await p99_beside(lambda: send(client, body), lanes)
    seconds = time.perf_counter() - began
    assert_all_recorded(answer)
    assert_all_recorded(
        await send(client, body_of([told("chain", someone.corrected("chain/0", amount="14", called="last"))]))
    )
    async with pool.acquire() as connection:
        stream = await journal.stream(connection, LEDGER, "chain", up_to=1 << 40)
    assert [event.event_id for event in stream] == [id_of(f"chain/{n}") for n in range(links)] + [id_of("last")]
    print(  # noqa: T201 - its figures are what it is run for
        f"\na chain of {links} corrections: {seconds:.2f} s, {max(locked) * 1_000:.0f} ms under the lock and loop "
        f"blocked {max(blocks) * 1_000:.1f} ms at the longest; another writer's p99 {beside_chain:.1f} ms, "
        f"beside as many facts {beside_facts:.1f} ms, alone {alone:.1f} ms"
    )
