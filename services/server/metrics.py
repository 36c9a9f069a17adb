"""`/metrics`: what the process has served, and how far ledgers and projections are, for Prometheus.

Figures from the database are read at each scrape, so they cover every process that writes, and none is a counter that a
restart would reset.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence

import asyncpg
from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Metric,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from services.core.rules.engine import ENGINE
from services.projections.store.generations import verified
from services.projections.store.progress import Progress, is_followed, progress
from services.runtime.clock import Clock, china_day
from services.runtime.database import DATABASE_AWAY, refuses, seconds_ahead, within
from services.runtime.http.requests import Served
from services.runtime.release import RELEASE
from services.server.connections import Connections, Late

DATABASE_TIMEOUT_S = 5.0
"""Below the ten seconds that Prometheus waits by default, so that it learns at least that the database is away."""
ANSWER_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
NO_ANSWER = "none"
BUILD_LABELS = ("version", "engine")
CLOCK_AHEAD = "By how much the clock of this process is ahead of the database's; negative if it is behind."
LOOP_AWAY = "The longest time since the last scrape in which the event loop had no turn for anybody else."

_log = logging.getLogger(__name__)

router = APIRouter(tags=["operations"])


class RequestMetrics:
    """What this process has served since it started."""

    def __init__(self) -> None:
        # Otherwise each has a second series for when it was first seen. The function has no type.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Counter(
            "http_requests", "Requests served.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "From the request to the start of its answer.",
            ("method", "route"),
            buckets=ANSWER_BUCKETS_S,
            registry=self.registry,
        )

        self._series: dict[tuple[str, str, int | None], tuple[Counter, Histogram]] = {}

    def measure(self, served: Served) -> None:
        """Count a request. Keeping the series makes this ten times as fast."""
        key = (served.method, served.route, served.status)
        if (series := self._series.get(key)) is None:
            status = NO_ANSWER if served.status is None else str(served.status)
            series = self._series[key] = (
                self._requests.labels(served.method, served.route, status),
                self._seconds.labels(served.method, served.route),
            )
        count, seconds = series
        count.inc()
        seconds.observe(served.seconds_to_answer)


class _Read(Collector):
    """Metric families that were read a moment ago."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {
            "description": "The Prometheus text format.",
            "content": {
                "text/plain": {
                    "schema": {"type": "string"},
                    "example": 'ledger_head_position{ledger="chengdu"} 812.0\n'
                    'ledger_projection_lag_seconds{ledger="chengdu"} 0.0\n',
                }
            },
        }
    },
)
async def read_metrics(request: Request) -> Response:
    """Requests by route, the connections in use, and for each ledger its head (the number of its events), the position,
    lag, parked people and due rows of its projection, and how many of these another engine judged."""
    state = request.app.state
    away = _gauge("event_loop_longest_absence_seconds", LOOP_AWAY, state.absence.take())
    families = [
        away,
        *_pool_families(state.pool),
        *_connection_families(state.connections),
        *await _database_families(state.pool, state.clock),
    ]
    text = generate_latest(state.metrics.registry) + generate_latest(_Read(families))
    return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _pool_families(pool: asyncpg.Pool) -> Iterator[Metric]:
    size, idle = pool.get_size(), pool.get_idle_size()
    yield _gauge("database_pool_connections_in_use", "Pool connections in use.", size - idle)
    yield _gauge("database_pool_connections_limit", "The most that can be in use at once.", pool.get_max_size())


def _connection_families(connections: Connections) -> Iterator[Metric]:
    yield _gauge("http_connections_open", "Open connections of clients.", len(connections))
    yield _gauge("http_connections_limit", "The most that can be open at once.", connections.limit)
    cut = CounterMetricFamily(
        "http_connections_cut", "Connections cut, by what they took too long for.", labels=("late",)
    )
    for late in (late for late in Late if late is not Late.KEPT):
        cut.add_metric((late,), connections.cut[late])
    yield cut


async def _database_families(pool: asyncpg.Pool, clock: Clock) -> list[Metric]:
    up = 0
    ahead_s: float | None = None
    followed = False
    ledgers: list[Progress] = []
    verifications: list[tuple[str, float]] = []

    async def read() -> None:
        nonlocal up, ahead_s, followed, ledgers, verifications
        async with pool.acquire() as connection:
            up = await connection.fetchval("SELECT 1")
            ahead_s = await seconds_ahead(connection, clock)
            followed = await is_followed(connection)
            ledgers = await progress(connection, china_day(clock()))
            verifications = [(ledger, at.timestamp()) for ledger, at in await verified(connection)]

    try:
        await within(DATABASE_TIMEOUT_S, read())
    except DATABASE_AWAY as error:
        if refuses(error):  # It answered but refuses: /readyz says what to do.
            up = 0
        _log.warning("metrics without figures of the ledgers: %s", type(error).__name__)
    return [
        _build_info(),
        _gauge("ledger_database_up", "Whether the database answered this scrape and permitted the reads.", up),
        *([] if ahead_s is None else [_gauge("ledger_clock_ahead_seconds", CLOCK_AHEAD, ahead_s)]),
        _gauge("ledger_projection_followed", "Whether a worker holds the lease.", followed),
        _by_ledger("ledger_head_position", "The last position.", ((p.ledger, p.head) for p in ledgers)),
        _by_ledger(
            "ledger_projection_position",
            "The position that the rows have reached.",
            ((p.ledger, p.position) for p in ledgers),
        ),
        _by_ledger(
            "ledger_projection_lag_seconds",
            "The age of the oldest event that the projection has not processed; 0 without any, negative if a clock "
            "was ahead.",
            ((p.ledger, p.lag_s) for p in ledgers),
        ),
        _by_ledger(
            "ledger_projection_behind_events",
            "How many events the projection has not processed.",
            ((p.ledger, p.behind) for p in ledgers),
        ),
        _by_ledger(
            "ledger_head_ahead_seconds",
            "How far the head is ahead of the database's clock; 0 if it is not.",
            ((p.ledger, p.head_ahead_s) for p in ledgers),
        ),
        _by_ledger(
            "ledger_projection_parked_people",
            "People whose events cannot be judged; ledgerctl doctor names them.",
            ((p.ledger, p.parked) for p in ledgers),
        ),
        _by_ledger(
            "ledger_projection_due_rows",
            "Rows that must be judged again: a rule or a day has come, or another engine judged them.",
            ((p.ledger, p.due) for p in ledgers),
        ),
        _by_ledger(
            "ledger_projection_rows_of_another_engine",
            "Due rows that another engine judged: an earlier one, or a later one before a downgrade.",
            ((p.ledger, p.of_another_engine) for p in ledgers),
        ),
        _by_ledger(
            "ledger_rebuild_last_success_timestamp_seconds",
            "When a rebuild, or its --verify, last found every row as the events make it.",
            verifications,
        ),
    ]


def _build_info() -> Metric:
    family = GaugeMetricFamily("ledger_build_info", "The release and engine that run; always 1.", labels=BUILD_LABELS)
    family.add_metric((RELEASE, str(ENGINE)), 1)
    return family


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value)


def _by_ledger(name: str, documentation: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, documentation, labels=("ledger",))
    for ledger, value in values:
        family.add_metric((ledger,), value)
    return family
