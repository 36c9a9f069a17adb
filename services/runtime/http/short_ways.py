"""Short ways: what is asked most often, as it is usually asked, is answered by a plain route before all others.

The described route of the framework answers whatever is written in another way, and everything that is wrong. Where
both can answer they answer the same (ADR-0042).
"""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from fastapi import Request, Response
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from contracts.events.values import END
from services.runtime.http.strict_route import (
    DECIDING_HEADERS,
    MAX_BYTES_READ_AT_ONCE,
    StrictRequest,
    StrictRoute,
    declared_bytes,
)

LONG_WAY = "ledger.long_way"
"""In the scope of a request that its short way has left to the described route."""
QUERY = "ledger.short_query"
"""In the scope: what the query holds, as it is written."""
JSON_ALONE = frozenset({b"*/*", b"application/json"})
OF_ANY_BODY = frozenset({b"content-length", b"content-type"})
UNUSUAL = frozenset({b"content-encoding", b"transfer-encoding"}).union(
    name.lower().encode() for name in DECIDING_HEADERS if name != "Content-Type"
)
"""Headers that no request has that is written as usual."""

Answer = Callable[[Request, Mapping[str, str], bytes], Awaitable[Response | None]]
"""Answers a request by its path and query, as they are written, and its body; None if the long way has to."""


def within_a_path(pattern: str) -> str:
    """Return a pattern of a whole text as one of a part of a path."""
    return pattern.removeprefix("^").removesuffix(END)


class ShortWay(BaseRoute):
    """Answers requests of one method whose path and query are of certain patterns.

    `described` is the endpoint that answers the same. `unusual` are headers, in lower case, that mean something to it:
    a request that has one goes the long way.
    """

    def __init__(
        self,
        method: str,
        path: str,
        query: str,
        described: Callable[..., Any],
        answer: Answer,
        *,
        unusual: Collection[bytes] = (),
    ) -> None:
        self.endpoint = described
        self._method = method
        self._has_body = method == "POST"
        self._path = re.compile(path)
        self._query = re.compile(query.encode())
        self._answer = answer
        self._unusual = UNUSUAL.union(unusual, () if self._has_body else OF_ANY_BODY)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether the request is written as usual, and what its path and query hold."""
        if scope["type"] != "http" or scope["method"] != self._method or LONG_WAY in scope:
            return Match.NONE, {}
        path = self._path.fullmatch(scope["path"])
        query = None if path is None else self._query.fullmatch(scope["query_string"])
        if path is None or query is None or not self._has_usual_headers(scope):
            return Match.NONE, {}
        return Match.FULL, {
            "endpoint": self.endpoint,
            "path_params": path.groupdict(),
            QUERY: query.groupdict(),
        }

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or leave it to the described route, which reads the body again."""
        request, body = StrictRequest(Request(scope, receive), StrictRoute), b""
        if self._has_body:
            body = await request.body()
            receive = _again(body, receive)
        query = {name: value.decode() for name, value in scope.pop(QUERY).items() if value is not None}
        response = await self._answer(request, {**scope["path_params"], **query}, body)
        if response is None:
            scope[LONG_WAY] = True
            await scope["router"](scope, receive, send)
        else:
            await response(scope, receive, send)

    def _has_usual_headers(self, scope: Scope) -> bool:
        accepted = types = lengths = 0
        for name, value in scope["headers"]:
            if name in self._unusual:
                return False
            if name == b"accept":
                accepted += 1
                if value not in JSON_ALONE:
                    return False
            elif self._has_body and name == b"content-type":
                types += 1
                if value != b"application/json":
                    return False
            elif self._has_body and name == b"content-length":
                lengths += 1
                if declared_bytes(value.decode("latin-1")) > MAX_BYTES_READ_AT_ONCE:
                    return False
        return accepted <= 1 and types == lengths == self._has_body


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what hands out a body that has been read, and then whatever follows it."""
    is_handed_out = False

    async def receive_again() -> Message:
        nonlocal is_handed_out
        if is_handed_out:
            return await receive()
        is_handed_out = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
