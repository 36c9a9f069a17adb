"""Health and documentation: what an operator and a reader need, without any other host."""

import logging
import re
import shutil
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import structlog
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from contracts.policies.language import LANGUAGE
from contracts.policies.shipped import shipped
from services.core.rules.engine import ENGINE
from services.projections.operate import rebuild_ledger
from services.projections.store.progress import WORKER_LEASE
from services.runtime import disk
from services.runtime.clock import system_clock
from services.runtime.database import POOL_MAX_CONNECTIONS
from services.runtime.leases import lease
from services.runtime.logs import ACCESS_FIELDS, ACCESS_LOGGER
from services.runtime.release import RELEASE
from services.runtime.settings import Settings
from services.server.app import create_app
from services.server.health import WELL, unusable
from tests.api.client import LEDGER, append
from tests.conftest import BASE_URL
from tests.lives import new_training


async def test_the_service_says_that_it_lives_and_is_ready_and_what_it_looked_at(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    instance = app.state.settings.instance
    assert (await client.get("/livez")).json() == {"status": "live", "instance": instance}
    ready = (await client.get("/readyz")).json()
    assert (ready["status"], ready["instance"]) == ("ready", instance)
    assert {name: check["status"] for name, check in ready["checks"].items()} == dict.fromkeys(WELL, "ok")


async def test_a_database_of_another_version_is_not_ready_and_the_answer_says_what_to_run(
    app: FastAPI, client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await pool.execute("UPDATE alembic_version SET version_num = '0000'")
    answer = await client.get("/readyz")
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.headers["Retry-After"]
    assert answer.json()["why"].endswith("ledgerctl migrate")
    assert answer.json()["instance"] == app.state.settings.instance
    await pool.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "start the release" in (await client.get("/readyz")).json()["why"]
    await pool.execute("DROP TABLE alembic_version")
    assert "has version none" in (await client.get("/readyz")).json()["why"]


async def test_a_pool_without_a_free_connection_is_not_ready_and_the_answer_says_so(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    async with AsyncExitStack() as held:
        for _ in range(POOL_MAX_CONNECTIONS):
            await held.enter_async_context(app.state.pool.acquire())
        answer = await client.get("/readyz")
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert f"{POOL_MAX_CONNECTIONS} of {POOL_MAX_CONNECTIONS} connections in use" in answer.json()["why"]
    assert (await client.get("/readyz")).status_code == httpx.codes.OK


async def test_a_database_that_is_away_is_not_ready_and_counts_as_down(app: FastAPI, client: httpx.AsyncClient) -> None:
    await app.state.pool.close()
    answer = await client.get("/readyz")
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.json()["why"].startswith("the database is away")
    assert figure(await client.get("/metrics"), "ledger_database_up") == 0


async def test_metrics_count_requests_by_the_template_of_their_route(made: httpx.AsyncClient) -> None:
    for practitioner_id in ("P-1", "P-2"):
        await made.get(f"{LEDGER}/practitioners/{practitioner_id}/standing")
    await made.post(f"{LEDGER}/events", json={"events": []})
    await made.get("/no/such/path")
    await made.request("BREW", "/livez")
    answer = await made.get("/metrics")
    route = "/v1/ledgers/{ledger}/practitioners/{practitioner_id}/standing"
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert figure(answer, "http_requests_total", method="GET", route=route, status="404") == 2
    assert figure(answer, "http_request_duration_seconds_count", method="GET", route=route) == 2
    assert figure(answer, "http_requests_total", method="POST", route="/v1/ledgers/{ledger}/events", status="400") == 1
    assert figure(answer, "http_requests_total", method="GET", route="none", status="404") == 1
    assert figure(answer, "http_requests_total", method="other", route="/livez", status="405") == 1
    assert figure(answer, "ledger_database_up") == 1
    assert figure(answer, "database_pool_connections_limit") == POOL_MAX_CONNECTIONS
    assert "P-1" not in answer.text


async def test_metrics_say_how_far_each_ledger_and_its_projection_are(made: httpx.AsyncClient) -> None:
    event = {"event_id": str(uuid4()), "type": "practitioner.enrolled", "occurred_on": "2025-01-02"}
    appended = await made.post(
        f"{LEDGER}/practitioners/P-1/events", json={"events": [{**event, "data": {"identity_type": "mainland"}}]}
    )
    assert appended.status_code == httpx.codes.CREATED, appended.text
    answer = await made.get("/metrics")
    assert figure(answer, "ledger_head_position", ledger="chengdu") == 1
    assert figure(answer, "ledger_projection_position", ledger="chengdu") == 0
    assert figure(answer, "ledger_projection_lag_seconds", ledger="chengdu") > 0
    assert figure(answer, "ledger_projection_parked_people", ledger="chengdu") == 0
    assert figure(answer, "ledger_projection_due_rows", ledger="chengdu") == 0


async def test_a_projection_that_is_behind_is_a_warning_and_keeps_nobody_from_reading(
    database_url: str, made: httpx.AsyncClient
) -> None:
    event = {"event_id": str(uuid4()), "type": "practitioner.enrolled", "occurred_on": "2025-01-02"}
    await made.post(
        f"{LEDGER}/practitioners/P-1/events", json={"events": [{**event, "data": {"identity_type": "mainland"}}]}
    )

    answer = await made.get("/readyz")
    assert answer.status_code == httpx.codes.OK
    check = answer.json()["checks"]["projections"]
    assert check == {"status": "warning", "detail": "1 behind, and no worker follows: ledgerctl serve starts one"}
    async with lease(database_url, WORKER_LEASE, "a worker") as held:
        assert await held.take()
        assert (await made.get("/readyz")).json()["checks"]["projections"]["status"] == "ok"
    assert figure(await made.get("/metrics"), "ledger_projection_followed") == 0


# A ledger that was made long ago, as most were.
OF_YESTERDAY = """
INSERT INTO ledger.ledgers
SELECT 'old', jurisdiction, title, origin, created_at
  FROM ledger.ledgers;
INSERT INTO ledger.heads VALUES ('old', 0, clock_timestamp() - interval '1 day')
"""


@pytest.mark.parametrize("seconds", [-3_600, 3_600])
async def test_a_clock_that_is_not_the_databases_is_told_and_nothing_is_recorded(
    database_url: str, made: httpx.AsyncClient, pool: asyncpg.Pool, seconds: int
) -> None:
    await pool.execute(OF_YESTERDAY)
    app = create_app(Settings(database_url=database_url), lambda: system_clock() + timedelta(seconds=seconds))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.get("/readyz")
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert "nothing is recorded: let NTP set the clocks" in answer.json()["why"]
        event = {"event_id": str(uuid4()), "type": "practitioner.enrolled", "occurred_on": "2025-01-02"}
        refused = await client.post(
            "/v1/ledgers/old/practitioners/P-1/events",
            json={"events": [{**event, "data": {"identity_type": "mainland"}}]},
        )
        assert (refused.status_code, refused.json()["code"]) == (503, "clocks-apart")
        assert refused.headers["Retry-After"]
        metrics = await client.get("/metrics")
        assert figure(metrics, "ledger_clock_ahead_seconds") == pytest.approx(seconds, abs=1)
    assert (await made.get("/v1/ledgers/old")).json()["head"] == 0


async def test_a_head_in_the_future_hides_neither_itself_nor_a_worker_that_stands_still(
    database_url: str, made: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    """A clock was two hours ahead for one append; the age of that event says nothing."""
    await pool.execute("UPDATE ledger.heads SET recorded_at = clock_timestamp() + interval '2 hours'")
    event = {"event_id": str(uuid4()), "type": "practitioner.enrolled", "occurred_on": "2025-01-02"}
    await made.post(
        f"{LEDGER}/practitioners/P-1/events", json={"events": [{**event, "data": {"identity_type": "mainland"}}]}
    )
    async with lease(database_url, WORKER_LEASE, "one that stands still") as held:
        assert await held.take()
        checks = (await made.get("/readyz")).json()["checks"]
        metrics = await made.get("/metrics")
    assert checks["clock"]["status"] == "warning"
    assert checks["clock"]["detail"].startswith("the head of chengdu lies 7")
    assert checks["projections"]["status"] == "warning"
    assert "by 1 events, whose instants lie in the future" in checks["projections"]["detail"]
    assert figure(metrics, "ledger_projection_behind_events", ledger="chengdu") == 1
    assert figure(metrics, "ledger_head_ahead_seconds", ledger="chengdu") > 7_000


async def test_figures_that_cannot_be_read_in_time_leave_the_service_ready(
    made: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE projections.standings IN ACCESS EXCLUSIVE MODE")
        ready = await made.get("/readyz")
        metrics = await made.get("/metrics")
    assert ready.status_code == httpx.codes.OK
    assert ready.json()["checks"]["projections"]["status"] == "warning"
    assert figure(metrics, "ledger_database_up") == 1
    assert "ledger_head_position{" not in metrics.text


async def test_metrics_are_refused_under_a_foreign_host(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics", headers={"Host": "ledger.example"})
    assert answer.status_code == httpx.codes.MISDIRECTED_REQUEST


@pytest.mark.parametrize("path", ["/livez", "/no/such/path", "/v1/ledgers?limit=x", "/v1/ledgers/unknown", "/docs"])
async def test_every_answer_has_the_id_of_its_request(client: httpx.AsyncClient, path: str) -> None:
    named = await client.get(path, headers={"X-Request-Id": "portal-1.a_B"})
    assert named.headers.get_list("X-Request-Id") == ["portal-1.a_B"]
    assert UUID((await client.get(path)).headers["X-Request-Id"]).version == 7


@pytest.mark.parametrize("given", ["", "a" * 65, "a b", "a\u00e9", 'a"}'])
async def test_an_id_that_could_not_stand_in_a_log_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/livez", headers={"X-Request-Id": given.encode()})
    assert UUID(answer.headers["X-Request-Id"]).version == 7


async def test_a_failure_has_the_id_in_its_answer_and_in_the_line_of_its_incident(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise RuntimeError("a fault of ours")

    app.add_api_route("/fail", fail)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        with caplog.at_level(logging.INFO):
            answer = await client.get("/fail", headers={"X-Request-Id": "r-1"})
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert answer.headers["X-Request-Id"] == "r-1"
    assert structlog.contextvars.get_contextvars() == {"request_id": "r-1"}
    (line,) = access_lines(caplog)
    assert (line["status"], line["route"]) == (500, "/fail")


async def test_one_line_tells_of_a_request_without_what_it_holds(
    made: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, ACCESS_LOGGER):
        await made.get(f"{LEDGER}/practitioners/P-1/standing?as_of=2025-06-30")
    (line,) = access_lines(caplog)
    assert line["method"] == "GET"
    assert line["route"] == "/v1/ledgers/{ledger}/practitioners/{practitioner_id}/standing"
    assert line["status"] == httpx.codes.NOT_FOUND
    assert line["ledger"] == "chengdu"
    assert line["duration_ms"] > 0
    assert "P-1" not in str(line)
    assert "2025" not in line["route"]


async def test_a_text_that_is_no_ledger_is_not_logged_as_one(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, ACCESS_LOGGER):
        await client.get("/v1/ledgers/%E5%BC%A0%E4%B8%89")
    (line,) = access_lines(caplog)
    assert "ledger" not in line


def access_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    records = [vars(record) for record in caplog.records if record.name == ACCESS_LOGGER]
    return [{name: record[name] for name in ACCESS_FIELDS if name in record} for record in records]


def figure(answer: httpx.Response, name: str, **labels: str) -> float:
    (value,) = (
        sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )
    return float(value)


async def test_it_says_which_release_answers_and_by_what_it_judges(client: httpx.AsyncClient) -> None:
    digests = {place: pack.digest for place, pack in shipped().items()}
    told = (await client.get("/version")).json()
    assert told == {"release": RELEASE, "engine": ENGINE, "language": LANGUAGE, "packs": digests}
    assert figure(await client.get("/metrics"), "ledger_build_info", version=RELEASE, engine=str(ENGINE)) == 1


async def test_a_metric_says_when_the_rows_were_last_found_as_the_events_make_them(
    made: httpx.AsyncClient, database_url: str, pool: asyncpg.Pool
) -> None:
    name = "ledger_rebuild_last_success_timestamp_seconds"

    async def rebuilt(*, verify: bool) -> None:
        await rebuild_ledger(database_url, "chengdu", system_clock, verify=verify, tell=lambda *_: None)

    await append(made, new_training())
    await rebuilt(verify=False)  # There was no row to compare with.
    assert name not in {sample.split("{")[0] for sample in (await made.get("/metrics")).text.splitlines()}
    await rebuilt(verify=True)
    first = figure(await made.get("/metrics"), name, ledger="chengdu")
    assert abs(first - system_clock().timestamp()) < 60
    await pool.execute("UPDATE projections.standings SET jurisdiction = '100000'")
    await rebuilt(verify=True)
    assert figure(await made.get("/metrics"), name, ledger="chengdu") == first


@pytest.mark.parametrize(
    ("error", "free_bytes", "told"),
    [
        (asyncpg.DiskFullError("no space"), 1, "the disk of the database is full: make room"),
        (ConnectionRefusedError(), 1, "are free at {postgres}: make room: PostgreSQL stops when the disk is full"),
        (ConnectionRefusedError(), disk.TOO_LITTLE_DISK_BYTES, "the database is away: check that PostgreSQL runs"),
    ],
)
def test_a_full_disk_is_told_as_the_doctor_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, free_bytes: int, told: str
) -> None:
    (tmp_path / "postgres").mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_bytes, total=10**9))
    assert told.format(postgres=tmp_path / "postgres") in unusable(error, tmp_path).detail


async def test_the_documentation_page_loads_everything_from_here(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert len(loaded) == 3
    for path in loaded:
        assert path.startswith("/")
        assert (await client.get(path)).status_code == httpx.codes.OK
    assert "://" not in page


async def test_the_api_description_holds_the_operations_and_an_example_of_each_answer(
    client: httpx.AsyncClient,
) -> None:
    description = (await client.get("/openapi.json")).json()
    assert description["openapi"].startswith("3.1")
    answers = [
        content
        for path in ("/livez", "/readyz", "/metrics")
        for answer in description["paths"][path]["get"]["responses"].values()
        for media_type, content in answer["content"].items()
        if media_type != "application/problem+json"
    ]
    assert len(answers) == 4
    for content in answers:
        schema = description["components"]["schemas"].get(content["schema"].get("$ref", "/").rsplit("/", 1)[1], {})
        assert "example" in content or "examples" in schema
