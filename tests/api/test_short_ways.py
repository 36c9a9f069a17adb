"""What is asked as it usually is takes a short way, and is answered as the described route answers it (ADR-0042)."""

from collections.abc import Mapping
from copy import copy
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import FastAPI
from starlette.routing import Match

from services.ledger.api.routes import short_ways
from services.runtime.http.short_ways import LONG_WAY, ShortWay
from tests.api.client import LEDGER, append
from tests.conftest import BASE_URL
from tests.lives import http, new_training

FEED = f"{LEDGER}/events"
STREAM = f"{LEDGER}/practitioners/P-1/events"
OF_ONE_ANSWER = ("x-request-id", "date")
JSON: Mapping[str, str] = {"Content-Type": "application/json"}


@pytest.fixture
async def long(app: FastAPI, made: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of the same application without short ways."""

    async def without(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, LONG_WAY: True}, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(without), base_url=BASE_URL)


def told(answer: httpx.Response) -> Any:
    """What two answers must have in common."""
    headers = {name: value for name, value in answer.headers.items() if name not in OF_ONE_ANSWER}
    return answer.status_code, headers, answer.content


def is_short(method: str, url: str, **headers: str) -> bool:
    """Whether a request takes a short way."""
    request = httpx.Request(method, BASE_URL + url, headers=headers)
    scope = {
        "type": "http",
        "method": method,
        "path": request.url.path,
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    return any(way.matches(copy(scope))[0] is Match.FULL for way in short_ways)


PAGES = {
    "of all": ("?after=0&limit=3", {}, True),
    "of the default size": ("?after=1", {}, True),
    "of the largest size": ("?after=1&limit=999", {"Accept": "application/json"}, True),
    "at the head": ("?after=5&limit=2", {"Accept": "*/*"}, True),
    "beyond the head": ("?after=6&limit=2", {}, True),
    "in Chinese beyond the head": ("?after=6", {"Accept-Language": "zh-CN"}, True),
    "compressed": ("?after=0", {"Accept-Encoding": "gzip"}, True),
    "from the beginning": ("", {}, False),
    "in another order": ("?limit=2&after=1", {}, False),
    "of no size": ("?after=1&limit=0", {}, False),
    "too large": ("?after=1&limit=1001", {}, False),
    "of a number with a sign": ("?after=%2B1", {}, False),
    "twice": ("?after=1&after=2", {}, False),
    "that waits": ("?after=5&wait=0", {}, False),
    "of lines": ("?after=1", {"Accept": "application/jsonl"}, False),
    "of what is wanted less": ("?after=1", {"Accept": "application/json;q=0.1"}, False),
    "after the last event of a stream": ("?after=1", {"Last-Event-ID": "2"}, False),
}


@pytest.mark.parametrize(("query", "headers", "short"), PAGES.values(), ids=PAGES)
async def test_a_page_of_the_feed_is_the_same_on_either_way(
    made: httpx.AsyncClient, long: httpx.AsyncClient, query: str, headers: dict[str, str], short: bool
) -> None:
    for source in ({}, {}, {"system": "portal"}, {}, {"document": "川人社 12"}):
        (event,) = http(new_training())
        answer = await made.post(STREAM, json={"events": [event | ({"source": source} if source else {})]})
        assert answer.status_code == httpx.codes.CREATED, answer.text
    assert is_short("GET", FEED + query, **headers) is short
    assert told(await made.get(FEED + query, headers=headers)) == told(await long.get(FEED + query, headers=headers))


async def test_a_page_of_a_ledger_that_does_not_exist_is_refused_on_either_way(
    made: httpx.AsyncClient, long: httpx.AsyncClient
) -> None:
    nowhere = "/v1/ledgers/nowhere/events?after=0"
    assert is_short("GET", nowhere)
    refused = await made.get(nowhere)
    assert refused.status_code == httpx.codes.NOT_FOUND
    assert told(refused) == told(await long.get(nowhere))


async def test_head_is_answered_on_the_short_way(made: httpx.AsyncClient, long: httpx.AsyncClient) -> None:
    assert told(await made.head(f"{FEED}?after=0")) == told(await long.head(f"{FEED}?after=0"))


def event(**members: Any) -> dict[str, Any]:
    (usual,) = http(new_training())
    return {**usual, **members}


BODIES = {
    "of one event": lambda: {"events": [event()]},
    "of several": lambda: {"events": [event() for _ in range(100)]},
    "of too many": lambda: {"events": [event() for _ in range(101)]},
    "of none": lambda: {"events": []},
    "of an event twice": lambda: {"events": [event()] * 2},
    "of an unknown type": lambda: {"events": [event(type="training.complete")]},
    "of a wrong day": lambda: {"events": [event(occurred_on="2024-02-30")]},
    "with another member": lambda: {"events": [event()], "more": 1},
    "of personal data": lambda: {"events": [event(source={"document": "13800138000"})]},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_an_append_is_answered_the_same_on_either_way(
    made: httpx.AsyncClient, long: httpx.AsyncClient, body: Any
) -> None:
    """What is recorded has its first receipts on both."""
    content = msgspec.json.encode(body())
    assert is_short("POST", STREAM, **JSON, **{"Content-Length": str(len(content))})
    first = await made.post(STREAM, content=content, headers=JSON)
    again = [told(await client.post(STREAM, content=content, headers=JSON)) for client in (made, long)]
    assert again[0] == again[1]
    assert again[0][2] == first.content


@pytest.mark.parametrize("zeros", [1, 25, 5_000])
async def test_a_length_may_begin_with_zeros_on_either_way(
    made: httpx.AsyncClient, long: httpx.AsyncClient, zeros: int
) -> None:
    """RFC 9110, 8.6: one digit or more."""
    content = msgspec.json.encode({"events": [event()]})
    headers = {**JSON, "Content-Length": "0" * zeros + str(len(content))}
    assert is_short("POST", STREAM, **headers)
    first = await made.post(STREAM, content=content, headers=headers)
    assert first.status_code == httpx.codes.CREATED, first.text
    again = await long.post(STREAM, content=content, headers=headers)
    assert (again.status_code, again.content) == (httpx.codes.OK, first.content)


USUAL = {"Content-Type": "application/json", "Content-Length": "100"}
UNUSUAL = {
    "on a condition": {**USUAL, "If-Match": '"v1"'},
    "if there is no stream": {**USUAL, "If-None-Match": "*"},
    "encoded": {**USUAL, "Content-Encoding": "gzip"},
    "in parts": {**USUAL, "Transfer-Encoding": "chunked"},
    "of a named charset": {**USUAL, "Content-Type": "application/json; charset=utf-8"},
    "of no type": {"Content-Length": "100"},
    "that is large": {**USUAL, "Content-Length": "65537"},
    "for another answer": {**USUAL, "Accept": "text/html"},
    "after an event of a stream": {**USUAL, "Last-Event-ID": "1"},
    "of a length of too many digits": {**USUAL, "Content-Length": "1" * 5_000},
}


@pytest.mark.parametrize("headers", UNUSUAL.values(), ids=UNUSUAL)
def test_an_append_goes_the_long_way(headers: dict[str, str]) -> None:
    assert is_short("POST", STREAM, **USUAL)
    assert not is_short("POST", STREAM, **headers)


@pytest.mark.parametrize(
    "url",
    [
        f"{STREAM}?dry=true",
        f"{LEDGER}/practitioners/_rules/events",
        f"{LEDGER}/practitioners/P%201/events",
        f"{LEDGER}/practitioners/{'P' * 65}/events",
        "/v1/ledgers/Chengdu/practitioners/P-1/events",
        f"{STREAM}/",
    ],
)
def test_what_is_not_an_append_goes_the_long_way(url: str) -> None:
    assert not is_short("POST", url, **USUAL)


async def test_an_append_on_the_short_way_is_counted_as_that_route(made: httpx.AsyncClient) -> None:
    await append(made, new_training())
    figures = (await made.get("/metrics")).text
    template = "/v1/ledgers/{ledger}/practitioners/{practitioner_id}/events"
    assert f'http_requests_total{{method="POST",route="{template}",status="201"}} 1.0' in figures


def test_every_short_way_stands_for_a_described_route(app: FastAPI) -> None:
    ways = [route for route in app.router.routes if isinstance(route, ShortWay)]
    assert ways == list(short_ways)
    described = {operation["operationId"] for path in app.openapi()["paths"].values() for operation in path.values()}
    for way in ways:
        name = "".join(word.title() for word in way.endpoint.__name__.split("_"))
        assert name[0].lower() + name[1:] in described
