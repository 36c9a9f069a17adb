"""Projections: how fast a demo is loaded, followed and rebuilt, and what a read of the rows costs beside a bare route.

Both servers are processes of their own and answer one client on one connection, in turns.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import asyncpg

from bench.client import HOST, Client
from bench.results import Result
from services.demo.load import Loaded, Wanted, load
from services.projections.project import Desk, advance
from services.projections.rebuild import rebuild
from services.projections.store import generations
from services.runtime.clock import china_day, system_clock
from services.runtime.database import create_pool
from services.runtime.release import RELEASE

LEDGER = "bench"
YEARS, SEED = 8, 1
EVENTS_OF_A_PERSON = 28
LOAD_AT_LEAST = 20_000.0
ROUNDS = 10
REQUESTS_A_ROUND = 300
WARM_UP_REQUESTS = 200
READY_DEADLINE_S = 30.0
STATUSES = ("eligible", "not_eligible", "needs_review")
PAGE = 100

Ask = Callable[[], str]


async def measure(url: str, events: int) -> list[Result]:
    """Return what loading, following and rebuilding so many events give, and the latencies of reads."""
    async with await create_pool(url) as pool:
        today = china_day(system_clock())
        people = max(events // EVENTS_OF_A_PERSON, 1)
        wanted = Wanted(LEDGER, practitioners=people, years=YEARS, seed=SEED, until=today)
        loaded = await load(pool, system_clock, "ledger.invalid", wanted, lambda practitioners, appended: None)
        async with pool.acquire() as connection:
            followed_s = await _follow(connection)
            began = time.perf_counter()
            report = await rebuild(connection, LEDGER, system_clock, RELEASE, verify=True, tell=lambda done, of: None)
            rebuilt_s = time.perf_counter() - began
            assert report.differences == 0
            assert report.compared == loaded.practitioners
            ids = [row[0] for row in await connection.fetch("SELECT practitioner_id FROM projections.standings")]
            await connection.execute("VACUUM ANALYZE projections.standings")
    return [*_rates(loaded, followed_s, rebuilt_s), *_latencies(url, ids)]


async def _follow(connection: asyncpg.Connection) -> float:
    """Take every event into rows as the worker does, and return the seconds."""
    began, desk = time.perf_counter(), Desk()
    generation = await generations.make(connection, LEDGER, "live", RELEASE, system_clock())
    while True:
        now = system_clock()
        next_ = await advance(connection, desk, generation, now, china_day(now))
        if next_ is None:
            return time.perf_counter() - began
        generation = next_


def _rates(loaded: Loaded, followed_s: float, rebuilt_s: float) -> list[Result]:
    load_rate = loaded.appended / loaded.seconds
    bar, holds = f"at least {LOAD_AT_LEAST:,.0f}", load_rate >= LOAD_AT_LEAST
    return [
        Result(f"demo of {loaded.appended:,} events", load_rate, None, "events/s", bar=bar, holds=holds),
        Result("worker, careers at once", loaded.events / followed_s, None, "events/s"),
        Result("worker", loaded.practitioners / followed_s, None, "people/s"),
        Result("rebuild with comparison", loaded.events / rebuilt_s, None, "events/s"),
    ]


def _latencies(url: str, ids: list[str]) -> list[Result]:
    random = Random(SEED)  # noqa: S311 - whom to ask about, no secret.
    with (
        _server(["-m", "services.server.http", "ledger", "projections"], url) as ours,
        _server(["-m", "bench.bare_app"], url) as bare,
    ):

        def standing() -> str:
            return f"/v1/ledgers/{LEDGER}/practitioners/{random.choice(ids)}/standing"

        def row() -> str:
            return f"/rows/{random.choice(ids)}"

        def cohort() -> str:
            status = random.choice(STATUSES)
            return f"/v1/ledgers/{LEDGER}/standings?determination=allowance&status={status}&limit={PAGE}"

        return [
            *_compare("live standing", ours, standing, bare, row),
            *_compare(f"cohort page of {PAGE} with counts", ours, cohort, bare, row),
        ]


def _compare(name: str, ours: Client, ask: Ask, bare: Client, row: Ask) -> list[Result]:
    _asked(ours, ask, WARM_UP_REQUESTS)
    _asked(bare, row, WARM_UP_REQUESTS)
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        mine += _asked(ours, ask, REQUESTS_A_ROUND)
        theirs += _asked(bare, row, REQUESTS_A_ROUND)
    return [
        _latency(f"{name}, p50", statistics.median(mine), statistics.median(theirs)),
        _latency(f"{name}, p99", _p99(mine), _p99(theirs)),
    ]


def _latency(name: str, ours_s: float, bare_s: float) -> Result:
    return Result(name, ours_s * 1e3, bare_s * 1e3, "ms", ratio=ours_s / bare_s)


def _p99(latencies: list[float]) -> float:
    return statistics.quantiles(latencies, n=100)[98]


def _asked(client: Client, ask: Ask, times: int) -> list[float]:
    return [client.ask(ask()) for _ in range(times)]


@contextmanager
def _server(command: list[str], url: str) -> Iterator[Client]:
    """Run a server that takes PORT and the URL of the database on standard input, and yield a client of it."""
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, *command],
        env={**os.environ, "PORT": str(port)},
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(url.encode())
        process.stdin.close()
        client = Client(port)
        _wait_until_it_listens(client)
        yield client
        client.close()
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_listens(client: Client) -> None:
    give_up_at = time.monotonic() + READY_DEADLINE_S
    while True:
        try:
            client.ask("/livez")
            return
        except OSError:
            client.close()
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
