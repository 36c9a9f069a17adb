"""When every connection is taken, each request is soon answered that it may be tried again."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.runtime.database import POOL_MAX_CONNECTIONS
from services.runtime.limits import LIMITS
from services.runtime.settings import Settings
from services.server.app import create_app
from tests.api.client import NEW_LEDGER
from tests.conftest import BASE_URL

HASTY = LIMITS.times(0.1)
SLACK_S = 2.0  # For a busy machine; whoever waits without a limit waits for ever here.
NAMES = {
    "ledger": "chengdu",
    "practitioner_id": "P-1",
    "event_id": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10",
    "determination": "allowance",
    "jurisdictions": "510100",
    "jurisdiction": "510100",
    "indicator": "chengdu.allowance",
    "standard_id": "jinjiang-2024",
    "organization": "taoxilu",
    "type": "training.completed",
    "code": "unknown-ledger",
}
WITHOUT_DATABASE = {
    "/livez",
    "/version",
    "/problems",
    "/problems/{code}",
    "/v1/event-types",
    "/v1/event-types/{type}",
    "/v1/policies",
    "/v1/policies/watch",
    "/v1/policies/{jurisdiction}",
}
SAYS_ITSELF = {"/metrics"}  # That the database is down is one of its figures.


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[FastAPI]:
    """The whole application, which waits a tenth as long for anything."""
    app = create_app(Settings(database_url=database_url, limits=HASTY))
    async with app.router.lifespan_context(app):
        yield app


def requests_to(paths: dict[str, Any]) -> Iterator[tuple[str, httpx.Request]]:
    """Yield a complete request for every operation of the description."""
    for path, operations in paths.items():
        for method, operation in operations.items():
            required = [one for one in operation.get("parameters", ()) if one["required"] and one["in"] == "query"]
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            yield (
                path,
                httpx.Request(
                    method.upper(),
                    BASE_URL + path.format_map(NAMES),
                    params={one["name"]: NAMES[one["name"]] for one in required},
                    json=body and body.get("example", NEW_LEDGER),
                ),
            )


async def test_every_route_says_within_the_limit_that_no_connection_came_free(
    app: FastAPI, made: httpx.AsyncClient
) -> None:
    paths = (await made.get("/openapi.json")).json()["paths"]

    async def ask(path: str, request: httpx.Request) -> tuple[str, int, str | None]:
        answer = await made.send(request)
        return f"{request.method} {path}", answer.status_code, answer.headers.get("Retry-After")

    async with AsyncExitStack() as held:
        for _ in range(POOL_MAX_CONNECTIONS):
            await held.enter_async_context(app.state.pool.acquire())
        began = time.monotonic()
        asked = [
            ask(path, request) for path, request in requests_to(paths) if path not in WITHOUT_DATABASE | SAYS_ITSELF
        ]
        answers = await asyncio.wait_for(asyncio.gather(*asked), timeout=60)
        seconds = time.monotonic() - began

    assert [answer for answer in answers if answer[1:] != (503, "1")] == []
    assert seconds < HASTY.acquire_s + SLACK_S
    assert len(answers) > len(WITHOUT_DATABASE)


async def test_whoever_asks_for_no_rows_is_answered_without_a_connection(app: FastAPI, made: httpx.AsyncClient) -> None:
    paths = (await made.get("/openapi.json")).json()["paths"]
    async with AsyncExitStack() as held:
        for _ in range(POOL_MAX_CONNECTIONS):
            await held.enter_async_context(app.state.pool.acquire())
        for path, request in requests_to(paths):
            if path in WITHOUT_DATABASE | SAYS_ITSELF:
                assert (await made.send(request)).status_code == httpx.codes.OK, path


async def test_a_limit_of_ones_own_goes_before_that_of_the_pool(app: FastAPI) -> None:
    async with AsyncExitStack() as held:
        for _ in range(POOL_MAX_CONNECTIONS):
            await held.enter_async_context(app.state.pool.acquire())
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await app.state.pool.acquire(timeout=0.01)
    assert time.monotonic() - began < HASTY.acquire_s
