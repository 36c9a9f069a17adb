"""`make bench`: what the service costs over the bare work, on an embedded PostgreSQL with full durability.

Rounds alternate between the two, so that a slow moment of the machine hits both sides.
"""

import argparse
import json
import shutil
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import asyncpg
import uvloop

from bench import appends, bare, reads, standings
from bench.results import Result
from contracts.policies.shipped import shipped
from services.ledger.append import Lanes
from services.ledger.store.ledgers import make_ledger
from services.runtime import postgres
from services.runtime.clock import system_clock
from services.runtime.database import create_pool
from services.runtime.ledgers import LedgerRow
from services.runtime.migrate import migrate

ROUNDS = 7
ROUND_S = 2.0
WARM_UP_S = 0.5
CLIENTS = 64
EVENTS = 200_000
LONE_AT_MOST = 1.6
TOGETHER_AT_LEAST = 2.0


async def measure(url: str, rounds: int) -> list[Result]:
    """Return the results of all bars."""
    async with _ready(url) as (lanes, inserts):
        return [await _lone(lanes, inserts, rounds), await _together(lanes, inserts, rounds)]


async def _lone(lanes: Lanes, inserts: bare.Inserts, rounds: int) -> Result:
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(statistics.median(await appends.run(lanes, 1, ROUND_S)) * 1e6)
        theirs.append(statistics.median(await inserts.run(1, ROUND_S)) * 1e6)
    ratio = statistics.median(ours) / statistics.median(theirs)
    return Result(
        "a lone append, p50",
        statistics.median(ours),
        statistics.median(theirs),
        "µs",
        ratio,
        f"at most {LONE_AT_MOST}",
        ratio <= LONE_AT_MOST,
    )


async def _together(lanes: Lanes, inserts: bare.Inserts, rounds: int) -> Result:
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(len(await appends.run(lanes, CLIENTS, ROUND_S)) / ROUND_S)
        theirs.append(len(await inserts.run(CLIENTS, ROUND_S)) / ROUND_S)
    ratio = statistics.median(ours) / statistics.median(theirs)
    return Result(
        f"{CLIENTS} concurrent appends",
        statistics.median(ours),
        statistics.median(theirs),
        "events/s",
        ratio,
        f"at least {TOGETHER_AT_LEAST}",
        ratio >= TOGETHER_AT_LEAST,
    )


@asynccontextmanager
async def _ready(url: str) -> AsyncIterator[tuple[Lanes, bare.Inserts]]:
    """Yield a warm ledger and as many warm bare connections as there are clients."""
    async with (
        await create_pool(url) as pool,
        asyncpg.create_pool(url, min_size=CLIENTS, max_size=CLIENTS) as bare_pool,
    ):
        connections = [await bare_pool.acquire() for _ in range(CLIENTS)]
        await connections[0].execute(bare.MAKE_TABLE)
        row = LedgerRow(appends.LEDGER, "510100", "Bench", "ledger.invalid", system_clock(), {})
        await make_ledger(connections[0], row, shipped().values())
        lanes, inserts = Lanes(pool, system_clock), bare.Inserts(connections, appends.a_leaf())
        await appends.run(lanes, CLIENTS, WARM_UP_S)
        await inserts.run(CLIENTS, WARM_UP_S)
        try:
            yield lanes, inserts
        finally:
            await lanes.close()
            for connection in connections:
                await bare_pool.release(connection)


def _with_a_database(options: argparse.Namespace) -> list[Result]:
    results: list[Result] = []
    folder = Path(tempfile.mkdtemp(prefix="ledger-bench-"))
    folder.chmod(0o755)  # Under root the server runs as another account, which must pass.
    try:
        with postgres.running(folder / "postgres") as server:
            uvloop.run(migrate(server.url))
            if options.only != "reads":
                results += uvloop.run(measure(server.url, options.rounds))
            if options.only != "appends":
                results += uvloop.run(reads.measure(server.url, options.events))
    finally:
        shutil.rmtree(folder)
    return results


def main() -> int:
    """Print the figures. Returns 1 if a bar does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"of {ROUND_S:g} s for each side and bar")
    parser.add_argument("--events", type=int, default=EVENTS, help="of the demo that reads are measured on")
    parser.add_argument("--only", choices=("appends", "reads", "standings"), help="one part of it")
    options = parser.parse_args()
    results: list[Result] = []
    if options.only in (None, "standings"):
        results += standings.measure()
    if options.only != "standings":
        results += _with_a_database(options)
    if options.json:
        print(json.dumps([asdict(result) for result in results], ensure_ascii=False))
    for result in results if not options.json else ():
        print(result.line())
    return 1 if any(result.holds is False for result in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
