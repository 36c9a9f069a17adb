"""The feed in its three forms, and waiting for news."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import FastAPI

from services.ledger.api import feed
from services.runtime import journal, notifications, tail
from services.runtime.journal import Page
from tests.api.client import LEDGER, append, assert_problem
from tests.api.serving import TIMEOUT_S, frames_of, serving
from tests.lives import new_training, someone

FEED = f"{LEDGER}/events"
LINES = {"Accept": "application/jsonl"}
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
async def told(made: httpx.AsyncClient) -> httpx.AsyncClient:
    """A ledger of five events."""
    for number in range(5):
        await append(made, new_training(course=f"课程\u2028{number}"))
    return made


@pytest.fixture
async def live(app: FastAPI, told: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a real server of that ledger."""
    async with serving(app) as base_url, httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S) as client:
        yield client


async def page(client: httpx.AsyncClient, **parameters: Any) -> Any:
    answer = await client.get(FEED, params=parameters)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("application/*", "application/json"),
        ("application/json;q=0.5, application/jsonl", "application/jsonl"),
        ("application/jsonl;q=0.5, application/json;q=0.4, */*;q=0.1", "application/jsonl"),
        ("*/*, application/jsonl", "application/jsonl"),
        ("application/json;q=0, */*", "application/jsonl"),
        ("Application/JSONL ; charset=utf-8", "application/jsonl"),
        ("text/*;q=0.9, application/json;q=0.8", "text/event-stream"),
        ("text/event-stream", "text/event-stream"),
        ("application/jsonl;q=2, application/json;q=0.1", "application/json"),
    ],
)
async def test_the_accept_header_chooses_the_form(told: httpx.AsyncClient, accept: str | None, media_type: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    told.headers.pop("Accept", None)
    answer = await told.get(FEED, params={"wait": 0}, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["Content-Type"].partition(";")[0] == media_type
    assert "Accept" in answer.headers["Vary"].split(", ")


@pytest.mark.parametrize("accept", ["text/csv", "application/json;q=0", "image/*", "json", "application/xml, */*;q=0"])
async def test_a_form_that_there_is_not_is_refused(told: httpx.AsyncClient, accept: str) -> None:
    assert_problem(await told.get(FEED, headers={"Accept": accept}), 406, "not-acceptable", "Accept")


async def test_lines_are_the_events_of_the_page(told: httpx.AsyncClient) -> None:
    answer = await told.get(FEED, params={"after": 1, "limit": 3}, headers=LINES)
    assert answer.headers["Ledger-Head"] == "5"
    assert answer.text.endswith("}\n")
    lines = [msgspec.json.decode(line) for line in answer.content.splitlines()]
    assert lines == (await page(told, after=1, limit=3))["events"]


async def test_an_empty_page_of_lines_is_empty(told: httpx.AsyncClient) -> None:
    answer = await told.get(FEED, params={"after": 5}, headers=LINES)
    assert (answer.status_code, answer.content, answer.headers["Ledger-Head"]) == (200, b"", "5")


@pytest.mark.parametrize("headers", [{}, LINES, STREAM])
@pytest.mark.parametrize("wait", [{}, {"wait": 30}])
async def test_who_continues_beyond_the_head_is_told(
    told: httpx.AsyncClient, headers: dict[str, str], wait: dict[str, int]
) -> None:
    """He follows another ledger, or one that was restored: at the position he waits for, he has missed others."""
    answer = await told.get(FEED, params={"after": 6, **wait}, headers=headers)
    assert_problem(answer, 422, "position-past-head", "?after")


async def test_a_stream_that_is_continued_beyond_the_head_is_refused(told: httpx.AsyncClient) -> None:
    answer = await told.get(FEED, params={"after": 2}, headers={**STREAM, "Last-Event-ID": "6"})
    assert_problem(answer, 422, "position-past-head", "Last-Event-ID")


async def test_a_stream_ends_when_its_ledger_is_restored_to_an_earlier_position(
    live: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "POLL_INTERVAL_S", 0.01)
    async with live.stream("GET", FEED, params={"after": 4}, headers=STREAM) as answer:
        frames = frames_of(answer)
        assert (await anext(frames)).id == 5

        async def restored(*_: object, **__: object) -> Page:
            return Page([], 3)

        monkeypatch.setattr(journal, "feed_page", restored)
        assert [frame async for frame in frames] == []


@pytest.mark.parametrize("wait", ["31", "-1", "0.5", "1e1", "", "x"])
@pytest.mark.parametrize("headers", [{}, LINES, STREAM])
async def test_a_wait_that_is_none_is_refused(told: httpx.AsyncClient, wait: str, headers: dict[str, str]) -> None:
    answer = await told.get(FEED, params={"wait": wait}, headers=headers)
    assert_problem(answer, 400, "invalid-parameter", "?wait")


async def test_a_page_that_has_events_waits_for_none(told: httpx.AsyncClient) -> None:
    async with asyncio.timeout(TIMEOUT_S / 2):
        assert len((await page(told, wait=30))["events"]) == 5


@pytest.mark.parametrize("headers", [{}, LINES])
async def test_an_empty_page_is_answered_when_there_is_news(
    app: FastAPI, told: httpx.AsyncClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "POLL_INTERVAL_S", TIMEOUT_S)  # So that it is the notification that is heard.
    waiting = asyncio.create_task(told.get(FEED, params={"after": 5, "wait": 30}, headers=headers))
    await has_followers(app, 1)
    await append(told, someone.trained().of("P-2"))
    answer = await waiting
    assert b'"position":6' in answer.content


async def test_news_that_nobody_told_is_found_by_looking(
    app: FastAPI, told: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "POLL_INTERVAL_S", 0.01)
    monkeypatch.setattr(notifications, "NOTIFY", "SELECT $1, $2::text[]")
    waiting = asyncio.create_task(page(told, after=5, wait=30))
    await has_followers(app, 1)
    await append(told, new_training())
    assert [event["position"] for event in (await waiting)["events"]] == [6]


async def test_an_empty_page_is_answered_after_its_time(told: httpx.AsyncClient) -> None:
    assert await page(told, after=5, wait=1) == {"events": [], "next_after": 5, "head": 5}


async def test_an_unknown_ledger_has_no_feed_of_any_form(told: httpx.AsyncClient) -> None:
    for headers in ({}, LINES, STREAM):
        answer = await told.get("/v1/ledgers/nowhere/events", params={"wait": 30}, headers=headers)
        assert_problem(answer, 404, "unknown-ledger")


async def test_a_stream_tells_what_there_is_and_then_what_comes(live: httpx.AsyncClient) -> None:
    async with live.stream("GET", FEED, params={"after": 2}, headers=STREAM) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        frames = frames_of(answer)
        seen = [await anext(frames) for _ in range(3)]
        for _ in range(3):
            await append(live, new_training())
            seen.append(await anext(frames))
    assert [frame.id for frame in seen] == [3, 4, 5, 6, 7, 8]
    assert [msgspec.json.decode(frame.data) for frame in seen] == (await page(live, after=2))["events"]


async def test_a_stream_begins_with_a_hint_when_to_come_back(live: httpx.AsyncClient) -> None:
    answer = await live.get(FEED, params={"wait": 0, "after": 4}, headers=STREAM)
    hint, frame, rest = answer.text.split("\n\n")
    assert hint == "retry: 1000"
    assert frame.startswith('id: 5\ndata: {"event_id":')
    assert rest == ""


async def test_a_stream_goes_on_behind_the_last_event_id(live: httpx.AsyncClient) -> None:
    headers = {**STREAM, "Last-Event-ID": "3"}
    answer = await live.get(FEED, params={"wait": 0, "after": 1}, headers=headers)
    assert answer.text.count("id: ") == 2
    assert "id: 4\n" in answer.text


@pytest.mark.parametrize("given", ["", "x", "-1", "01", "1.0", "１", "9007199254740992", "9" * 5_000])
@pytest.mark.parametrize("form", ["text/event-stream", "application/jsonl", "*/*"])
async def test_a_last_event_id_that_is_no_position_is_refused(told: httpx.AsyncClient, form: str, given: str) -> None:
    headers = [("Accept", form), ("Last-Event-ID", given.encode())]
    answer = await told.get(FEED, params={"wait": 0}, headers=headers)
    assert_problem(answer, 400, "invalid-parameter", "Last-Event-ID")


async def test_a_last_event_id_is_given_once(told: httpx.AsyncClient) -> None:
    headers = [("Accept", "text/event-stream"), ("Last-Event-ID", "1"), ("Last-Event-ID", "1")]
    assert_problem(await told.get(FEED, headers=headers), 400, "invalid-parameter", "Last-Event-ID")


async def test_a_stream_ends_after_its_limit(live: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "STREAM_PAGE_EVENTS", 2)
    async with live.stream("GET", FEED, params={"limit": 7}, headers=STREAM) as answer:
        frames = frames_of(answer)
        seen = [(await anext(frames)).id for _ in range(5)]
        await append(live, someone.trained() * 4)
        seen += [frame.id async for frame in frames]
    assert seen == [1, 2, 3, 4, 5, 6, 7]


async def test_a_stream_ends_when_nothing_came_for_its_wait(live: httpx.AsyncClient) -> None:
    async with live.stream("GET", FEED, params={"wait": 1}, headers=STREAM) as answer:
        assert [frame.id async for frame in frames_of(answer)] == [1, 2, 3, 4, 5]


async def test_a_quiet_stream_has_a_heartbeat(live: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT_S", 0.01)
    async with live.stream("GET", FEED, params={"after": 5}, headers=STREAM) as answer:
        lines = answer.aiter_lines()
        beats = 0
        while beats < 3:
            beats += await anext(lines) == ":"


async def test_a_stream_ends_when_the_service_does(app: FastAPI, live: httpx.AsyncClient) -> None:
    async with live.stream("GET", FEED, headers=STREAM) as answer:
        frames = frames_of(answer)
        assert [(await anext(frames)).id for _ in range(5)] == [1, 2, 3, 4, 5]
        await has_followers(app, 1)
        app.state.news.close()
        assert [frame.id async for frame in frames] == []
    assert await page(live, after=5, wait=30) == {"events": [], "next_after": 5, "head": 5}


async def test_a_client_that_leaves_takes_the_tail_with_it(app: FastAPI, live: httpx.AsyncClient) -> None:
    async with live.stream("GET", FEED, headers=STREAM) as answer:
        await anext(frames_of(answer))
        await has_followers(app, 1)
    await has_followers(app, 0)


async def test_a_stream_ends_without_a_trace_when_the_database_is_away(
    app: FastAPI, live: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tail, "POLL_INTERVAL_S", 0.01)
    async with live.stream("GET", FEED, headers=STREAM) as answer:
        frames = frames_of(answer)
        await anext(frames)

        async def away(*_: object, **__: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(journal, "feed_page", away)
        async for _ in frames:
            pass
    assert "ends: ConnectionRefusedError" in caplog.text


async def test_many_idle_streams_hold_no_connection_of_the_pool(app: FastAPI, live: httpx.AsyncClient) -> None:
    count = app.state.pool.get_max_size() + 4
    async with httpx.AsyncClient(
        base_url=live.base_url, timeout=TIMEOUT_S, limits=httpx.Limits(max_connections=None)
    ) as many:
        waiting = [asyncio.create_task(page(many, after=5, wait=30)) for _ in range(count)]
        await has_followers(app, count)
        await append(live, new_training())
        assert [len(one["events"]) for one in await asyncio.gather(*waiting)] == [1] * count


async def test_however_many_follow_a_ledger_its_end_is_read_once(
    app: FastAPI, live: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal is read for each follower once, to find the end, and then by the tail: for the news, and to see that
    there is no more."""
    reads, followers = 0, 30
    read = journal.feed_page

    async def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(*arguments, **options)

    async def follow() -> list[int | None]:
        async with live.stream("GET", f"{FEED}?after=5&limit=1", headers=STREAM) as answer:
            return [frame.id async for frame in frames_of(answer) if frame.id]

    monkeypatch.setattr(tail, "POLL_INTERVAL_S", TIMEOUT_S)
    monkeypatch.setattr(journal, "feed_page", counted)
    following = [asyncio.create_task(follow()) for _ in range(followers)]
    await has_followers(app, followers)
    await append(live, new_training())
    assert await asyncio.gather(*following) == [[6]] * followers
    assert reads <= followers + 4


async def has_followers(app: FastAPI, count: int) -> None:
    """Wait until this many readers follow."""
    async with asyncio.timeout(TIMEOUT_S):
        while len(app.state.tails) != count:  # noqa: ASYNC110 - the tails of the service set no event of a test
            await asyncio.sleep(0)
