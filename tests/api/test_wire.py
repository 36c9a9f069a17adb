"""HTTP/1.1 on the socket: requests in their order, and a bound and a deadline for each phase of one."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
from fastapi import FastAPI

from services.projections.api import indicators
from services.projections.count import Person
from services.runtime.http.strict_route import StrictRoute
from services.server import connections
from services.server.connections import HEAD_TIMEOUT_S, READ_TIMEOUT_S, REQUEST_TIMEOUT_S, REST_TIMEOUT_S, Late
from services.server.protocol import MAX_HEAD_BYTES, MAX_TRAILER_BYTES, MAX_WAITING_REQUESTS
from tests.api.client import EVENTS, LEDGER
from tests.api.serving import TIMEOUT_S, serving
from tests.lives import http, new_training

HOST = b"Host: 127.0.0.1\r\n"
CLOSE = b"Connection: close\r\n"
LIVEZ = b"GET /livez HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n"
KEEP_ALIVE_S = 5.0
"""uvicorn's own, which the tests' server has."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[bytes, bytes]
    body: bytes

    @property
    def code(self) -> str:
        code: str = json.loads(self.body)["code"]
        return code


@dataclass
class Line:
    """A connection of a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def all_replies(self) -> list[Reply]:
        """Return what comes until the server closes."""
        async with asyncio.timeout(TIMEOUT_S):
            return list(replies_in(await self.reader.read()))

    async def reply(self) -> Reply:
        """Return the next reply."""
        async with asyncio.timeout(TIMEOUT_S):
            head = await self.reader.readuntil(b"\r\n\r\n")
            (reply,) = replies_in(head, bodies=False)
            body = await self.reader.readexactly(int(reply.headers[b"content-length"]))
        return Reply(reply.status, reply.headers, body)


def replies_in(data: bytes, *, bodies: bool = True) -> Iterator[Reply]:
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        status, *fields = head.split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(b":") for field in fields)}
        length = int(headers.get(b"content-length", 0)) if bodies else 0
        yield Reply(int(status.split(b" ")[1]), headers, data[:length])
        data = data[length:]


@dataclass
class Server:
    app: FastAPI
    port: int

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Line(reader, writer)
        finally:
            writer.close()

    async def replies_to(self, *parts: bytes) -> list[Reply]:
        async with self.line() as line:
            await line.send(*parts)
            return await line.all_replies()

    async def has(self, number: int) -> None:
        """Wait until the server has this many connections."""
        async with asyncio.timeout(TIMEOUT_S):
            while len(self.connections) != number:  # noqa: ASYNC110 - a connection sets no event of a test
                await asyncio.sleep(0)

    @property
    def connections(self) -> connections.Connections:
        open_: connections.Connections = self.app.state.connections
        return open_

    def look(self, later_s: float, *, since: float | None = None) -> None:
        """Look after the connections, as if so much time had passed, from now on or since an instant."""
        self.connections.look((now() if since is None else since) + later_s)


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.fixture
async def server(app: FastAPI, made: httpx.AsyncClient) -> AsyncIterator[Server]:
    async with serving(app) as url:
        yield Server(app, urlsplit(url).port or 0)


def append_of(more: bytes = b"", *, version: bytes = b"1.1") -> tuple[bytes, bytes]:
    """Return the head without what says how long the body is, and the body."""
    body = msgspec.json.encode({"events": http(new_training())})
    head = (
        b"POST " + EVENTS.encode() + b" HTTP/" + version + b"\r\n" + HOST + b"Content-Type: application/json\r\n" + more
    )
    return head, body


def sized(more: bytes = b"") -> bytes:
    head, body = append_of(more)
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunk(data: bytes) -> bytes:
    return b"%x\r\n" % len(data) + data + b"\r\n"


def get(path: str, more: bytes = b"") -> bytes:
    return b"GET " + path.encode() + b" HTTP/1.1\r\n" + HOST + more + b"\r\n"


async def test_requests_that_are_sent_ahead_are_answered_in_order(server: Server) -> None:
    numbers = [b"%d" % number for number in range(MAX_WAITING_REQUESTS * 5)]
    requests = [get("/livez", b"X-Request-Id: " + number + b"\r\n") for number in numbers]
    *replies, last = await server.replies_to(b"".join(requests) + get("/nowhere", CLOSE))
    assert [reply.headers[b"x-request-id"] for reply in replies] == numbers
    assert last.status == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(
    "garbage", [b"garbage\r\n\r\n", b"\0\0\0", b"GET /livez HTTP/9.9\r\n\r\n", b"GET \xff HTTP/1.1\r\n"]
)
async def test_a_request_that_garbage_follows_is_answered_by_itself(server: Server, garbage: bytes) -> None:
    appended, refused = await server.replies_to(sized() + garbage)
    assert (appended.status, appended.headers[b"etag"]) == (201, b'"v1"')
    assert (refused.status, refused.code, refused.headers[b"connection"]) == (400, "malformed-request", b"close")
    assert refused.headers[b"cache-control"] == b"no-store"
    assert refused.headers[b"x-request-id"]


async def test_a_request_that_half_a_head_follows_is_answered_by_itself(server: Server) -> None:
    async with server.line() as line:
        await line.send(sized() + LIVEZ)
        assert (await line.reply()).status == httpx.codes.CREATED
        server.look(HEAD_TIMEOUT_S + 1)
        (late,) = await line.all_replies()
    assert (late.status, late.code) == (408, "head-too-slow")


async def test_a_head_is_bounded_as_a_whole_however_it_arrives(server: Server) -> None:
    fits = b"X: " + b"x" * (MAX_HEAD_BYTES - 100) + b"\r\n"
    (reply,) = await server.replies_to(LIVEZ + fits + CLOSE + b"\r\n")
    assert reply.status == httpx.codes.OK
    for head in (
        LIVEZ + fits + fits + b"\r\n",
        LIVEZ + b"X: y\r\n" * (MAX_HEAD_BYTES // 6) + b"\r\n",
        LIVEZ + b"X: " + b"x" * 3 * MAX_HEAD_BYTES,
        b"GET /" + b"x" * MAX_HEAD_BYTES + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    ):
        (refused,) = await server.replies_to(head)
        assert (refused.status, refused.code) == (431, "head-too-large")


async def test_trailers_decide_nothing_and_are_bounded(server: Server) -> None:
    """RFC 9110, 6.5.1: a gateway that sets headers could be bypassed by them."""
    head, body = append_of(CHUNKED + b"Trailer: If-Match\r\n")
    request = head + b"\r\n" + chunk(body) + b'0\r\nIf-Match: "v77"\r\nContent-Type: text/plain\r\n\r\n'
    appended, after = await server.replies_to(request + get("/livez", CLOSE))
    assert (appended.status, after.status) == (201, 200)
    for trailers in (b"X: " + b"x" * 10 * MAX_TRAILER_BYTES, b"X: y\r\n" * 10 * MAX_TRAILER_BYTES):
        (refused,) = await server.replies_to(head + b"\r\n" + chunk(body) + b"0\r\n", trailers)
        assert (refused.status, refused.code) == (431, "head-too-large")


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        (b"http://127.0.0.1/livez", b"example.org", 200),
        (b"HTTP://localhost:8000/livez", b"example.org", 200),
        (b"http://[::1]:8000/livez", b"example.org", 200),
        (b"http://example.org/livez", b"127.0.0.1", 421),
        (b"http://127.0.0.1", b"127.0.0.1", 200),
        (b"http://127.0.0.1@example.org/livez", b"127.0.0.1", 400),
        (b"http://me@127.0.0.1/livez", b"127.0.0.1", 400),
        (b"ftp://127.0.0.1/livez", b"127.0.0.1", 400),
    ],
)
async def test_an_absolute_target_is_judged_by_its_own_host(
    server: Server, target: bytes, host: bytes, status: int
) -> None:
    """RFC 9112, 3.2.2."""
    (reply,) = await server.replies_to(b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\n" + CLOSE + b"\r\n")
    assert reply.status == status, reply


@pytest.mark.parametrize(
    ("codings", "version"),
    [
        (b"Transfer-Encoding: gzip, chunked\r\n", b"1.1"),
        (b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", b"1.1"),
        (b"Transfer-Encoding: chunked, chunked\r\n", b"1.1"),
        (b"Transfer-Encoding: identity\r\n", b"1.1"),
        (CHUNKED, b"1.0"),
        (CHUNKED + b"Content-Length: 3\r\n", b"1.1"),
    ],
)
async def test_a_body_of_which_the_end_is_unclear_is_refused(server: Server, codings: bytes, version: bytes) -> None:
    """RFC 9112, 6.1 and 6.3."""
    head, body = append_of(codings, version=version)
    (refused,) = await server.replies_to(head + b"\r\n" + chunk(body) + b"0\r\n\r\n")
    assert (refused.status, refused.code) == (400, "malformed-request")
    assert json.loads((await server.replies_to(get(LEDGER, CLOSE)))[0].body)["head"] == 0


async def test_a_body_that_breaks_is_refused_in_its_turn(server: Server) -> None:
    head, body = append_of(CHUNKED)
    first, broken = await server.replies_to(sized() + head + b"\r\n" + chunk(body) + b"no length\r\n")
    assert (first.status, broken.status, broken.code) == (201, 400, "malformed-request")
    assert json.loads((await server.replies_to(get(LEDGER, CLOSE)))[0].body)["head"] == 1


async def test_who_asks_for_another_protocol_is_answered_in_this_one(server: Server) -> None:
    """RFC 9110, 7.8: as Java's client asks by default, with a body."""
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
    appended, after = await server.replies_to(sized(upgrade) + get("/livez", CLOSE + upgrade))
    assert (appended.status, after.status) == (201, 200)
    (refused,) = await server.replies_to(b"CONNECT 127.0.0.1:80 HTTP/1.1\r\n" + HOST + b"\r\n")
    assert refused.code == "malformed-request"


async def test_every_phase_of_a_request_has_a_deadline(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StrictRoute, "body_timeout_s", 2 * REQUEST_TIMEOUT_S)  # The route itself would give up first.
    head, body = append_of(b"Content-Length: 1000\r\n")
    began = now()
    async with server.line() as silent, server.line() as half, server.line() as slow, server.line() as unread:
        await half.send(LIVEZ)
        await slow.send(head + b"\r\n" + body[:10])
        await unread.send(b"POST /livez HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n" + b"x")
        assert (await unread.reply()).status == httpx.codes.METHOD_NOT_ALLOWED
        await server.has(4)
        server.look(REST_TIMEOUT_S - 1, since=began)
        assert not server.connections.cut
        server.look(REST_TIMEOUT_S + 1)
        assert await unread.all_replies() == []
        server.look(HEAD_TIMEOUT_S + 1)
        assert await silent.all_replies() == []
        (reply,) = await half.all_replies()
        assert (reply.status, reply.code) == (408, "head-too-slow")
        server.look(REQUEST_TIMEOUT_S + 1)
        (reply,) = await slow.all_replies()
        assert (reply.status, reply.code) == (408, "body-too-slow")
    assert server.connections.cut == {Late.REST: 1, Late.SILENT: 1, Late.HEAD: 1, Late.BODY: 1}
    assert "connections cut because they were late: " in caplog.text
    for late in ("head 1", "silent 1", "body 1", "rest 1"):
        assert late in caplog.text
    (metrics,) = await server.replies_to(get("/metrics", CLOSE))
    assert b'http_connections_cut_total{late="head"} 1.0' in metrics.body
    assert b"http_connections_open 1.0" in metrics.body


async def test_a_connection_that_has_served_is_kept_for_a_while(server: Server) -> None:
    began = now()
    async with server.line() as line:
        await line.send(get("/livez"))
        await line.reply()
        server.look(KEEP_ALIVE_S - 1, since=began)
        await line.send(get("/livez"))
        assert (await line.reply()).status == httpx.codes.OK
        server.look(KEEP_ALIVE_S + 1)
        assert await line.all_replies() == []
    assert not server.connections.cut


async def test_an_answer_that_nobody_reads_is_given_up(server: Server) -> None:
    async with server.line() as line:
        await line.send(get("/openapi.json") * MAX_WAITING_REQUESTS)
        await line.reply()
        connection = next(iter(server.connections._open))
        async with asyncio.timeout(TIMEOUT_S):
            while not connection.transport.get_write_buffer_size():  # type: ignore[attr-defined]  # noqa: ASYNC110 - as above
                await asyncio.sleep(0)
        began = now()
        server.look(0, since=began)
        server.look(READ_TIMEOUT_S - 1, since=began)
        assert not server.connections.cut
        server.look(READ_TIMEOUT_S + 1)
        await server.has(0)
    assert server.connections.cut == {Late.ANSWER: 1}


async def test_connections_that_wait_make_room_and_those_with_a_request_do_not(server: Server) -> None:
    server.connections.limit = 3
    waiting = get(f"{LEDGER}/events?wait=30")
    async with server.line() as served, server.line() as first, server.line() as second:
        await served.send(get("/livez"))
        await served.reply()
        await first.send(LIVEZ)  # Half a head is no request.
        await server.has(3)
        async with server.line() as third:
            await third.send(waiting)
            assert await first.all_replies() == []  # The one that waits longest of those that never asked.
            await second.send(waiting)
            async with server.line() as fourth:
                await fourth.send(waiting)
                assert await served.all_replies() == []
                await server.has(3)
                (refused,) = await server.replies_to()
                assert (refused.status, refused.code) == (503, "too-many-connections")
                assert refused.headers[b"retry-after"] == b"1"
    assert server.connections.cut == {Late.CROWD: 3}


@pytest.mark.parametrize("encoding", [b"gzip", b"identity"])
async def test_an_answer_that_fails_halfway_is_cut_so_that_it_never_looks_whole(
    server: Server, monkeypatch: pytest.MonkeyPatch, encoding: bytes
) -> None:
    async def failing(*_: object) -> AsyncIterator[list[Person]]:
        yield []
        raise RuntimeError("the second page")

    accepts = b"Accept: text/csv\r\nAccept-Encoding: " + encoding + b"\r\n"
    table = get(f"{LEDGER}/indicators/I-07", accepts + CLOSE)
    end = b"0\r\n\r\n"
    async with server.line() as line:
        await line.send(table)
        assert (await line.reader.read()).endswith(end)
    monkeypatch.setattr(indicators, "people_from_events", failing)
    async with server.line() as line:
        await line.send(table)
        cut = await line.reader.read()
    assert b" 200 OK" in cut
    assert not cut.endswith(end)
