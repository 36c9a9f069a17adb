"""What RFC 9110 and 9111 ask of every answer, in one place: HEAD, what caches may keep, 304, and compression."""

import asyncio
import re
import zlib
from collections.abc import MutableSequence
from functools import lru_cache
from http import HTTPStatus
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.runtime.http.entity_tags import GZIP_SUFFIX, tag_condition
from services.runtime.http.negotiation import quality_of
from services.runtime.http.parameters import InvalidParameter

MIN_COMPRESSED_BYTES = 1_024
COMPRESSION_LEVEL = 4
"""Of zlib: of an answer about a person it leaves a fifth, as level 9 does, in a third of the time."""
MAX_BYTES_COMPRESSED_AT_ONCE = 65_536
"""More is compressed in a thread, so that other requests need not wait for it."""
GZIP_WINDOW = 16 + zlib.MAX_WBITS

NOT_KEPT = b"no-store"
ASKED_AGAIN = b"private, no-cache"
"""Only the client itself keeps it, and asks each time whether it is still so."""
KEPT_IN_304 = frozenset({b"cache-control", b"content-location", b"date", b"etag", b"expires", b"vary"})
OF_A_ROUTE = ("route", "endpoint", "path_params")

Headers: TypeAlias = MutableSequence[tuple[bytes, bytes]]

# Not a stream of events: each of them is to leave at once.
_compressible = re.compile(rb"(text/(?!event-stream)|application/([a-z.-]+\+)?(json|jsonl|xml|javascript)\b)")
_strong_tag = re.compile(rb'"([!#-~\x80-\xff]*)"\Z')


class CompleteAnswers:
    """ASGI middleware, to stand around the whole application.

    HEAD is answered as GET without the body. An answer with an entity tag is kept by its client alone, and is 304 if
    the client has it; any other is kept by nobody, because what is known of people must not stay on the way. A body of
    a kilobyte and more is compressed for whoever accepts gzip, under a tag of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self._answer_head(scope, receive, send)
        else:
            await self._app(scope, receive, _Answer(scope, send).send)

    async def _answer_head(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = {**scope, "method": "GET"}
        answered = False

        async def send_head(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                await send(message)
            elif not answered:
                answered = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        async def receive_until_answered() -> Message:
            # Nobody reads the rest of a body that never ends.
            return {"type": "http.disconnect"} if answered else await receive()

        try:
            await self._app(asked, receive_until_answered, _Answer(asked, send_head).send)
        finally:
            scope.update({name: asked[name] for name in OF_A_ROUTE if name in asked})


class _Answer:
    """One answer on its way out."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._compressor: zlib._Compress | None = None
        self._is_over = False

    async def send(self, message: Message) -> None:
        """Pass on a message of the application, completed. The start is held back until the body begins."""
        if message["type"] == "http.response.start":
            self._start = message
        elif self._is_over:
            return
        elif self._start is not None:
            start, self._start = {**self._start, "headers": list(self._start.get("headers", ()))}, None
            await self._begin(start, message)
        else:
            await self._send(await self._compressed(message))

    async def _begin(self, start: Message, message: Message) -> None:
        headers: Headers = start["headers"]
        # Only what GET is answered has a tag of its own: that of an append is the tag of what it appended to.
        tag = _value_of(headers, b"etag") if self._scope["method"] == "GET" else None
        if _value_of(headers, b"cache-control") is None:
            headers.append((b"cache-control", NOT_KEPT if tag is None else ASKED_AGAIN))
        compressed = False
        if _may_be_compressed(start, message):
            _add_to_vary(headers)
            compressed = accepts_gzip(_value_of(self._scope["headers"], b"accept-encoding") or b"")
        if compressed:
            headers = start["headers"] = _headers_of_compressed(headers)
        if tag is not None and start["status"] == HTTPStatus.OK and self._is_known(tag):
            await self._send_unchanged(headers)
            return
        if compressed:
            self._compressor = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, GZIP_WINDOW)
            message = await self._compressed(message)
            if not message.get("more_body", False):
                headers.append((b"content-length", b"%d" % len(message["body"])))
        await self._send(start)
        await self._send(message)

    def _is_known(self, tag: bytes) -> bool:
        """Whether the client has what the tag names. A condition that cannot be read asks nothing."""
        lines = [value.decode("latin-1") for name, value in self._scope["headers"] if name == b"if-none-match"]
        try:
            condition = tag_condition("If-None-Match", lines)
        except InvalidParameter:
            return False
        strong = _strong_tag.match(tag)
        return condition is not None and strong is not None and condition.names(strong[1].decode("latin-1"))

    async def _send_unchanged(self, headers: Headers) -> None:
        self._is_over = True
        kept = [(name, value) for name, value in headers if name.lower() in KEPT_IN_304]
        await self._send({"type": "http.response.start", "status": HTTPStatus.NOT_MODIFIED, "headers": kept})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _compressed(self, message: Message) -> Message:
        if self._compressor is None or message["type"] != "http.response.body":
            return message
        body, more = message.get("body", b""), message.get("more_body", False)
        if len(body) > MAX_BYTES_COMPRESSED_AT_ONCE:
            body = await asyncio.to_thread(_part, self._compressor, body, more=more)
        else:
            body = _part(self._compressor, body, more=more)
        return {**message, "body": body}


@lru_cache(maxsize=128)
def accepts_gzip(accepted: bytes) -> bool:
    """Whether a client that sends this Accept-Encoding takes gzip (RFC 9110, 12.5.3)."""
    qualities = quality_of(accepted.decode("latin-1"))
    return qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0))) > 0


def _may_be_compressed(start: Message, message: Message) -> bool:
    headers = start["headers"]
    return (
        message["type"] == "http.response.body"
        and (message.get("more_body", False) or len(message.get("body", b"")) >= MIN_COMPRESSED_BYTES)
        and start["status"] != HTTPStatus.PARTIAL_CONTENT
        and _compressible.match(_value_of(headers, b"content-type") or b"") is not None
        and _value_of(headers, b"content-encoding") is None
    )


def _part(compressor: "zlib._Compress", body: bytes, *, more: bool) -> bytes:
    # What was sent can be read at once, although it costs some bytes: a table may take long to its end.
    return compressor.compress(body) + compressor.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)


def _headers_of_compressed(headers: Headers) -> Headers:
    """Return the headers of an answer whose body is compressed, still without its length."""
    others = [
        (name, _tag_of_compressed(value) if name.lower() == b"etag" else value)
        for name, value in headers
        if name.lower() not in (b"content-length", b"accept-ranges")
    ]
    return [*others, (b"content-encoding", b"gzip")]


def _tag_of_compressed(tag: bytes) -> bytes:
    return _strong_tag.sub(rb'"\1' + GZIP_SUFFIX.encode() + b'"', tag)


def _add_to_vary(headers: Headers) -> None:
    for place, (name, value) in enumerate(headers):
        if name.lower() == b"vary":
            headers[place] = (name, value + b", Accept-Encoding")
            return
    headers.append((b"vary", b"Accept-Encoding"))


def _value_of(headers: Headers, name: bytes) -> bytes | None:
    """Return the first value of a header, or None."""
    for own, value in headers:
        if own == name or own.lower() == name:
            return value
    return None
