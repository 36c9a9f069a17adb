"""Appends beside bare INSERTs on the same server: one client alone, and many at once."""

import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from bench import appends, bare
from bench.database import check_durable
from bench.pairs import PAIRS, Pairs, Side, turns
from bench.sheet import Sheet
from contracts.policies.shipped import shipped
from services.ledger.append import running_lanes
from services.ledger.store.ledgers import make_ledger
from services.runtime.clock import system_clock
from services.runtime.database import create_pool
from services.runtime.ledgers import LedgerRow

TURN_S = 2.0
WARM_UP_S = 0.5
CLIENTS = 64
LONE_AT_MOST = 1.3
TOGETHER_AT_LEAST = 3.0
P99_AT_MOST = 0.5

Run = Callable[[int, float], Awaitable[list[float]]]
"""Returns the latency in seconds of every commit that some clients made in some seconds."""


async def measure(sheet: Sheet, url: str, pairs: int = PAIRS, turn_s: float = TURN_S) -> None:
    """Measure one client alone and many. Raises NotDurable if commits are too cheap to be durable."""
    async with _ready(url) as runs:

        async def p50_us(side: Side) -> tuple[float]:
            return (statistics.median(await runs[side](1, turn_s)) * 1e6,)

        async def together(side: Side) -> tuple[float, float]:
            took = await runs[side](CLIENTS, turn_s)
            return len(took) / turn_s, statistics.quantiles(took, n=100)[98] * 1e3

        name = "a lone append, p50"
        (lone,) = await _paired(sheet, name, pairs, p50_us)
        sheet.add(lone.result(name, "µs", at_most=LONE_AT_MOST))
        name = f"{CLIENTS} concurrent appends"
        rates, p99 = await _paired(sheet, name, pairs, together)
        sheet.add(rates.result(name, "events/s", at_least=TOGETHER_AT_LEAST))
        sheet.add(p99.result(f"{name}, p99", "ms", at_most=P99_AT_MOST))


async def _paired(
    sheet: Sheet, name: str, pairs: int, figures: Callable[[Side], Awaitable[tuple[float, ...]]]
) -> Sequence[Pairs]:
    """Return the pairs of each figure that a turn gives."""
    taken: list[tuple[Side, tuple[float, ...]]] = []
    for turn, side in enumerate(turns(pairs)):
        sheet.progress(f"{name}: {side}, pair {turn // 2 + 1} of {pairs}")
        taken.append((side, await figures(side)))
    paired = [Pairs() for _ in taken[0][1]]
    for side, of_turn in taken:
        for pairs_of_figure, figure in zip(paired, of_turn, strict=True):
            pairs_of_figure.add(side, figure)
    return paired


@asynccontextmanager
async def _ready(url: str) -> AsyncIterator[Mapping[Side, Run]]:
    """Yield both sides, warm: the ledger, and a bare connection for each client."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(await create_pool(url))
        bare_pool = await stack.enter_async_context(asyncpg.create_pool(url, min_size=CLIENTS, max_size=CLIENTS))
        connections = [await stack.enter_async_context(bare_pool.acquire()) for _ in range(CLIENTS)]
        for connection in connections:
            await check_durable(connection)
        async with pool.acquire() as connection:
            await check_durable(connection)
        await connections[0].execute(bare.MAKE_TABLE)
        row = LedgerRow(appends.LEDGER, "510100", "Bench", "ledger.invalid", system_clock(), {})
        await make_ledger(connections[0], row, shipped().values())
        lanes = await stack.enter_async_context(running_lanes(pool, system_clock))
        inserts = bare.Inserts(connections, appends.a_leaf())

        async def append(clients: int, seconds: float) -> list[float]:
            return await appends.run(lanes, clients, seconds)

        runs: Mapping[Side, Run] = {"ours": append, "bare": inserts.run}
        for run in runs.values():
            await run(CLIENTS, WARM_UP_S)
        yield runs
