"""What a read of the rows costs beside a bare route: a live standing, and a page of a cohort.

Both servers are processes of their own and answer one client on one connection, in turns.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from random import Random
from typing import TypeAlias

from bench.client import Client
from bench.pairs import Side, turns
from bench.rows import LEDGER
from bench.servers import BARE, OURS, server
from bench.sheet import Result, Sheet

SEED = 1
TURNS = 30
REQUESTS_A_TURN = 100
WARM_UP_REQUESTS = 200
STATUSES = ("eligible", "not_eligible", "needs_review")
PAGE = 100

NextPath: TypeAlias = Callable[[], str]
Target: TypeAlias = tuple[Client, NextPath]


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
        server(OURS, url) as our_server,
        server(BARE, url) as bare_server,
        closing(Client(our_server.port)) as ours,
        closing(Client(bare_server.port)) as bare,
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
