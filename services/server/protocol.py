"""HTTP below the application: every phase of a request has a bound and a deadline, and what is not a request of HTTP is
answered with a problem document, in its turn."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import unquote

import httptools
import msgspec
from httptools.parser.url_parser import URL
from uuid_utils import uuid7
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from contracts.mistakes import phrase
from services.runtime.http.languages import OF_PROBLEMS
from services.runtime.http.problems import MEDIA_TYPE, RETRY_AFTER_S, headers_of_problem, problem_document
from services.runtime.http.refused_requests import REFUSAL, HeadTooLarge, HeadTooSlow, MalformedRequest
from services.runtime.http.requests import REQUEST_ID_HEADER
from services.runtime.http.strict_route import BodyTooSlow
from services.runtime.refusals import Refusal
from services.server.connections import (
    HEAD_TIMEOUT_S,
    MIN_READ_BYTES,
    READ_TIMEOUT_S,
    REQUEST_TIMEOUT_S,
    REST_TIMEOUT_S,
    Connections,
    Late,
)
from services.server.exchange import Exchange, Writer

MAX_HEAD_BYTES = 65_536
"""The request line and the headers together."""
MAX_TRAILER_BYTES = 8_192
MAX_WAITING_REQUESTS = 64
"""Requests that a client may send ahead. It is read on when the first of them is answered."""
PIECE_BYTES = 16_384
"""Parsed at once: a bound holds to within a piece."""
NO_METHOD = "-"
SCHEMES = (b"http", b"https")
OF_UPGRADES = (b"upgrade", b"http2-settings")


class ProblemProtocol(HttpToolsProtocol):
    """uvicorn's protocol with bounds, deadlines and refusals of our own.

    A refusal is an exchange like any other, whose scope holds the reason. So it waits for the answers to the requests
    before it, has an id, and is measured and logged."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._connections: Connections = cast("Any", config.app).state.connections
        self.waits_since: float | None = self.loop.time()
        self.has_served = False
        self._begun = 0.0  # When the request that is being read began, was last kept waiting by us, or was answered.
        self._in_head = self._in_body = self._is_upgrade = False
        self._head_bytes = 0
        self._loose_bytes = 0  # What came since a request, its body or a part of that began.
        self._went_on = False
        self._held = b""
        self._current: Exchange | None = None  # The one that the application answers; `cycle` is the last one read.
        self._hears_no_more = False
        self._ends_since: float | None = None
        self._taken: tuple[float, int] | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As uvicorn has it.
        super().connection_made(transport)
        self._writer = Writer(transport.write, self._end, transport.is_closing)
        if not self._connections.open(self):
            self._hears_no_more = True
            transport.write(_too_many_connections())
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._connections.forget(self)
        for exchange in (self._current, *(waiting for waiting, _ in self.pipeline)):
            if exchange is not None and not exchange.response_complete:
                cast("Exchange", exchange).lose()

    def late_for(self, now: float) -> Late | None:
        """Return what the connection takes too long for."""
        if self._is_not_read(now):
            return Late.ANSWER
        if self.transport.is_closing():
            return None
        if self._ends_since is not None:
            return Late.KEPT if now - self._ends_since > REST_TIMEOUT_S else None
        if self._hears_no_more:
            return None
        if self.flow.read_paused:
            self._begun = now  # We do not read on; that is not the client's doing.
        if self._in_head:
            return Late.HEAD if now - self._begun > HEAD_TIMEOUT_S else None
        if self._in_body and self.cycle.response_complete:
            return Late.REST if now - self._begun > REST_TIMEOUT_S else None
        if self._in_body:
            return Late.BODY if now - self._begun > REQUEST_TIMEOUT_S else None
        if self.waits_since is None:
            return None
        limit_s, late = (self.timeout_keep_alive, Late.KEPT) if self.has_served else (HEAD_TIMEOUT_S, Late.SILENT)
        return late if now - self.waits_since > limit_s else None

    def _is_not_read(self, now: float) -> bool:
        waiting = self.transport.get_write_buffer_size()
        if not waiting:
            self._taken = None
            return False
        taken = self._writer.written_bytes - waiting
        if self._taken is None or taken - self._taken[1] >= MIN_READ_BYTES:
            self._taken = now, taken
        return now - self._taken[0] > READ_TIMEOUT_S

    def cut(self, late: Late) -> None:
        """Refuse a request that is late, or close the connection."""
        match late:
            case Late.HEAD:
                self._refuse(HeadTooSlow(HEAD_TIMEOUT_S))
            case Late.BODY:
                self._refuse(BodyTooSlow(REQUEST_TIMEOUT_S))
            case _:
                self._hears_no_more = True
                self.transport.abort()

    def _end(self) -> None:
        """Close after the last answer. While the client still sends, an abrupt end could take the answer from it
        (RFC 9112, 9.6), so the rest is heard for a while."""
        if self._ends_since is not None:
            return
        self._hears_no_more, self._ends_since = True, self.loop.time()
        if self._in_head or self._in_body or self._held:
            self.flow.resume_reading()
            self.transport.write_eof()
        else:
            self.transport.close()

    # What comes in

    def data_received(self, data: bytes) -> None:
        if self._hears_no_more:
            return
        if self._held:
            self._held += data
            self.flow.pause_reading()
        elif len(data) <= PIECE_BYTES and len(self.pipeline) < MAX_WAITING_REQUESTS:
            self._parse(data)
        else:
            self._parse_in_pieces(data)

    def _parse_in_pieces(self, data: bytes) -> None:
        for start in range(0, len(data), PIECE_BYTES):
            if self._hears_no_more:
                return
            if len(self.pipeline) >= MAX_WAITING_REQUESTS:
                self._held = data[start:]
                self.flow.pause_reading()
                return
            self._parse(data[start : start + PIECE_BYTES])

    def _parse(self, piece: bytes) -> None:
        self._went_on = False
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as upgrade:
            self._go_on_without_upgrade(piece[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(MalformedRequest(phrase("not-http")))
        else:
            self._loose_bytes = 0 if self._went_on else self._loose_bytes + len(piece)
            self._check_bounds()

    def _check_bounds(self) -> None:
        if self._in_head and self._loose_bytes > MAX_HEAD_BYTES:
            self._refuse(HeadTooLarge(MAX_HEAD_BYTES))
        elif self._in_body and self._loose_bytes > MAX_TRAILER_BYTES:
            self._refuse(HeadTooLarge(MAX_TRAILER_BYTES))

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """Read the request again without what asks for another protocol, as RFC 9110 (7.8) lets a server do; the parser
        would take its body for that protocol."""
        self._is_upgrade = False
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(MalformedRequest(phrase("for-proxies")))
            return
        kept = [(name, value) for name, value in self.headers if name not in (*OF_UPGRADES, b"connection")]
        options = [option for name, value in self.headers if name == b"connection" for option in value.split(b",")]
        if any(option.strip().lower() == b"close" for option in options):
            kept.append((b"connection", b"close"))
        head = b"".join(b"%b: %b\r\n" % header for header in kept)
        line = b"%b %b HTTP/%b\r\n" % (method, self.url, self.parser.get_http_version().encode())
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._parse(line + head + b"\r\n")
        self._parse_in_pieces(rest)

    # What the parser finds

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._begun = True, self.loop.time()
        self._head_bytes, self._went_on = 0, True

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._head_bytes += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # Trailers are dropped: they come too late to decide anything (RFC 9110, 6.5.1).
            self._head_bytes += len(name) + len(value) + 4
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._hears_no_more:
            return
        if self.parser.should_upgrade():
            self._is_upgrade = True
            return
        self._in_body = self._went_on = True
        try:
            if self._head_bytes > MAX_HEAD_BYTES:
                raise HeadTooLarge(MAX_HEAD_BYTES)
            version = self.parser.get_http_version()
            self._check_framing(version)
            self._read_target(version)
        except Refusal as why:
            self._refuse(why)
        else:
            self._take(self._exchange(keep_alive=version != "1.0" and self.parser.should_keep_alive()))

    def _check_framing(self, version: str) -> None:
        """Raise MalformedRequest if it is unclear where the body ends (RFC 9112, 6.1)."""
        codings = [value for name, value in self.headers if name == b"transfer-encoding"]
        if codings and (version == "1.0" or [coding.strip().lower() for coding in codings] != [b"chunked"]):
            raise MalformedRequest(phrase("not-chunked"))

    def _read_target(self, version: str) -> None:
        """Complete the scope. Raises MalformedRequest."""
        try:
            target = httptools.parse_url(self.url)
        except httptools.HttpParserInvalidURLError as error:
            raise MalformedRequest(phrase("target-not-a-url")) from error
        if target.schema is not None:
            self._take_host_of(target)
        raw_path = target.path or b"/"
        self.scope["method"] = self.parser.get_method().decode("ascii")
        self.scope["http_version"] = version
        self.scope["path"] = self.root_path + _unquoted(raw_path)
        self.scope["raw_path"] = self.root_path.encode("ascii") + raw_path
        self.scope["query_string"] = target.query or b""

    def _take_host_of(self, target: URL) -> None:
        """Put the host of an absolute target in place of the Host header, as RFC 9112 (3.2.2) asks."""
        if target.schema.lower() not in SCHEMES or not target.host or target.userinfo is not None:
            raise MalformedRequest(phrase("target-not-of-http"))
        host = b"[%b]" % target.host if b":" in target.host else target.host
        if target.port is not None:
            host += b":%d" % target.port
        self.headers = [(name, value) for name, value in self.headers if name != b"host"]
        self.headers.append((b"host", host))
        self.scope["headers"] = self.headers

    def on_body(self, body: bytes) -> None:
        self._went_on = True
        if self._hears_no_more or self.cycle.response_complete:
            return
        self.cycle.body += body
        if len(self.cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        self.cycle.message_event.set()

    def on_message_complete(self) -> None:
        if self._hears_no_more or self._is_upgrade:
            return
        self._in_body = False
        if self.cycle.response_complete:
            self.waits_since = self.loop.time()
            return
        self.cycle.more_body = False
        self.cycle.message_event.set()

    # Exchanges

    def _exchange(self, *, keep_alive: bool) -> Exchange:
        return Exchange(
            scope=self.scope,
            transport=cast("asyncio.Transport", self._writer),
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )

    def _take(self, exchange: Exchange) -> None:
        """Have an exchange answered, after those before it."""
        self.waits_since = None
        self.cycle = exchange
        if self._current is None:
            self._start(exchange)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((exchange, self.app))

    def _start(self, exchange: Exchange) -> None:
        self._current = exchange
        self._start_asgi_task(exchange, self.app)

    def _refuse(self, why: Refusal) -> None:
        """Answer with a refusal in its turn, and hear no more: where the next request begins cannot be known."""
        if self._hears_no_more:
            return
        self._hears_no_more = True
        last = cast("Exchange | None", self.cycle)
        if self._in_body and last is not None and last.scope is self.scope:
            if last.response_complete:
                self._end()
            else:
                last.break_off(why)
            return
        if not self._in_head and not self._in_body:
            HttpToolsProtocol.on_message_begin(self)  # Nothing of a request came: there is no scope yet.
        self.scope["method"], self.scope["path"] = NO_METHOD, ""
        self.scope["raw_path"] = self.scope["query_string"] = b""
        cast("dict[str, Any]", self.scope)[REFUSAL] = why
        refused = self._exchange(keep_alive=False)
        refused.more_body = False
        self._take(refused)

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        self.has_served, self._current = True, None
        if self.transport.is_closing() or self._ends_since is not None:
            return
        self.flow.resume_reading()
        if self.pipeline:
            exchange, _ = self.pipeline.pop()
            self._start(cast("Exchange", exchange))
        elif self._in_body:
            self._begun = self.loop.time()
        else:
            self.waits_since = self.loop.time()
        if self._held:
            held, self._held = self._held, b""
            self._parse_in_pieces(held)


def _unquoted(raw_path: bytes) -> str:
    path = raw_path.decode("ascii")
    return unquote(path) if "%" in path else path


def _too_many_connections() -> bytes:
    code = "too-many-connections"
    body = msgspec.json.encode(problem_document(code))
    head: Sequence[str] = (
        "HTTP/1.1 503 Service Unavailable",
        f"content-type: {MEDIA_TYPE}",
        f"content-length: {len(body)}",
        f"retry-after: {RETRY_AFTER_S}",
        "cache-control: no-store",
        *(f"{name.lower()}: {value}" for name, value in headers_of_problem(code, OF_PROBLEMS).items()),
        f"{REQUEST_ID_HEADER.lower()}: {uuid7()}",
        "connection: close",
    )
    return "\r\n".join([*head, "", ""]).encode() + body
