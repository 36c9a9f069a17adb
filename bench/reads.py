"""What a read of the rows costs beside a bare route: a live standing, and a page of a cohort.

Both servers are processes of their own and answer one client on one connection, in turns.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from typing import TypeAlias

from bench.client import HOST, Client
from bench.pairs import Side, turns
from bench.rows import LEDGER
from bench.sheet import Result, Sheet

SEED = 1
TURNS = 30
REQUESTS_A_TURN = 100
WARM_UP_REQUESTS = 200
READY_DEADLINE_S = 30.0
POLL_INTERVAL_S = 0.05
STATUSES = ("eligible", "not_eligible", "needs_review")
PAGE = 100

NextPath: TypeAlias = Callable[[], str]
Target: TypeAlias = tuple[Client, NextPath]


class NoServer(Exception):
    """A server ended, or was not ready in time."""


def measure(sheet: Sheet, url: str, ids: Sequence[str]) -> None:
    """Measure the latencies of reads about these people."""
    random = Random(SEED)  # noqa: S311 - whom to ask about, no secret.

    def standing() -> str:
        return f"/v1/ledgers/{LEDGER}/practitioners/{random.choice(ids)}/standing"

    def row() -> str:
        return f"/rows/{random.choice(ids)}"

    def cohort() -> str:
        status = random.choice(STATUSES)
        return f"/v1/ledgers/{LEDGER}/standings?determination=allowance&status={status}&limit={PAGE}"

    with (
        _server(["services.server.http", "ledger", "projections"], url) as ours,
        _server(["bench.bare_app"], url) as bare,
    ):
        with sheet.part("live standing"):
            _compare(sheet, "live standing", {"ours": (ours, standing), "bare": (bare, row)})
        with sheet.part("cohort page"):
            _compare(sheet, f"cohort page of {PAGE} with counts", {"ours": (ours, cohort), "bare": (bare, row)})


def _compare(sheet: Sheet, name: str, sides: Mapping[Side, Target]) -> None:
    latencies: dict[Side, list[float]] = {"ours": [], "bare": []}
    for side in latencies:
        _ask(sides[side], WARM_UP_REQUESTS)
    for turn, side in enumerate(turns(TURNS)):
        sheet.progress(f"{name}: {side}, turn {turn // 2 + 1} of {TURNS}")
        latencies[side] += _ask(sides[side], REQUESTS_A_TURN)
    for quantile, of in (("p50", statistics.median), ("p99", _p99)):
        ours, bare = of(latencies["ours"]), of(latencies["bare"])
        sheet.add(Result(f"{name}, {quantile}", ours * 1e3, "ms", bare * 1e3, ours / bare))


def _p99(latencies: Sequence[float]) -> float:
    return statistics.quantiles(latencies, n=100)[98]


def _ask(target: Target, times: int) -> list[float]:
    client, next_path = target
    return [client.ask(next_path()) for _ in range(times)]


@contextmanager
def _server(module_and_arguments: Sequence[str], url: str) -> Iterator[Client]:
    """Run a server that takes PORT and the URL of the database on standard input, and yield a client of it."""
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", *module_and_arguments],
        env={**os.environ, "PORT": str(port)},
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    client = Client(port)
    try:
        assert process.stdin is not None
        process.stdin.write(url.encode())
        process.stdin.close()
        _wait_until_it_answers(client, process, module_and_arguments[0])
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait()


def _wait_until_it_answers(client: Client, process: subprocess.Popen[bytes], name: str) -> None:
    give_up_at = time.monotonic() + READY_DEADLINE_S
    while True:
        try:
            client.ask("/livez")
            return
        except OSError as error:
            client.close()
            if process.poll() is not None:
                raise NoServer(f"{name} ended with {process.returncode}") from error
            if time.monotonic() > give_up_at:
                raise NoServer(f"{name} did not answer within {READY_DEADLINE_S:.0f} s") from error
            time.sleep(POLL_INTERVAL_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
