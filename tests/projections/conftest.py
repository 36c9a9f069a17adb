"""Ledgers with careers in them, and a worker that follows them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from contracts.events.catalogue import RULE_TYPES
from contracts.events.codec import parse_event
from contracts.policies.shipped import shipped
from services.ledger.append import Lanes, running_lanes
from services.ledger.domain.career import Append
from services.ledger.domain.rejections import Rejection
from services.ledger.store.ledgers import make_ledger
from services.projections.follow import Follower
from services.projections.store.progress import progress
from services.runtime.clock import Clock, china_day, system_clock
from services.runtime.journal import RULES_STREAM
from services.runtime.ledgers import LedgerRow
from services.runtime.limits import LIMITS, Limits
from services.runtime.notifications import running_news
from services.runtime.release import RELEASE
from tests.campaign.careers import Career, career
from tests.campaign.test_oracle import rule_events

NATION = "100000"
PEOPLE = 60
DEADLINE_S = 60.0
POLL_INTERVAL_S = 0.01


async def make(pool: asyncpg.Pool, ledger: str, jurisdiction: str = NATION) -> str:
    """Make an empty ledger that pins the packs of this release."""
    packs = shipped().values()
    row = LedgerRow(
        ledger,
        jurisdiction,
        "Test",
        "ledger.invalid",
        system_clock(),
        {pack.jurisdiction: pack.digest for pack in packs},
    )
    async with pool.acquire() as connection:
        await make_ledger(connection, row, packs)
    return ledger


async def tell(lanes: Lanes, ledger: str, practitioner_id: str, life: Career) -> None:
    """Append the events of a career, each by itself, as far as the ledger accepts them."""
    for event in life.events:
        with suppress(Rejection):
            await lanes.append(ledger, Append(practitioner_id, [parse_event(event)]))


async def tell_standards(lanes: Lanes, ledger: str, life: Career) -> None:
    """Register the local standards of a career, and end those that end."""
    for event in rule_events(life):
        data = {**event["data"], "standard_id": f"{event['data']['standard_id']}-{life.seed}"}
        told = parse_event({**event, "event_id": str(uuid4()), "data": data}, types=RULE_TYPES)
        await lanes.append(ledger, Append(RULES_STREAM, [told]))


async def tell_careers(lanes: Lanes, ledger: str, count: int) -> None:
    """Append the careers of the first seeds to a ledger."""
    for seed in range(count):
        life = renamed(career(seed), seed)
        await tell(lanes, ledger, f"P-{seed}", life)


def renamed(life: Career, seed: int) -> Career:
    """Return the career with event ids of its own: those that a seed draws are unique within one career."""
    import re

    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

    def new(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: new(child) for name, child in value.items()}
        if isinstance(value, list):
            return [new(child) for child in value]
        if isinstance(value, str) and pattern.fullmatch(value):
            return f"{seed:08x}{value[8:]}"
        return value

    return Career(life.seed, life.home, tuple(new(event) for event in life.events), life.standards)


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a condition."""
    give_up_at = time.monotonic() + DEADLINE_S
    while not await condition():
        assert time.monotonic() < give_up_at, f"not within {DEADLINE_S:.0f} s: {what}"
        await asyncio.sleep(POLL_INTERVAL_S)


async def caught_up(pool: asyncpg.Pool, now: datetime) -> bool:
    """Whether every row is what its events, rules and the calendar make it."""
    async with pool.acquire() as connection:
        return all(one.position == one.head and one.due == 0 for one in await progress(connection, china_day(now)))


@asynccontextmanager
async def following(
    url: str, clock: Clock = system_clock, holder: str = "this", limits: Limits = LIMITS
) -> AsyncIterator[None]:
    """A worker that runs as long as the block."""
    async with running_news(url) as news:
        task = asyncio.create_task(Follower(url, news, clock, RELEASE, holder, limits).run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def ledger(pool: asyncpg.Pool) -> str:
    """The name of an empty national ledger."""
    return await make(pool, "demo")


@pytest.fixture
async def lanes(pool: asyncpg.Pool, ledger: str) -> AsyncIterator[Lanes]:
    async with running_lanes(pool, system_clock) as lanes:
        yield lanes


@pytest.fixture
async def projected(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes, client: httpx.AsyncClient
) -> httpx.AsyncClient:
    """A client of a service whose rows are up to date with sixty careers."""
    await tell_careers(lanes, ledger, PEOPLE)
    async with following(database_url):
        await until(lambda: caught_up(pool, system_clock()), "caught up")
    return client
