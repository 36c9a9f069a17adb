"""Every request has an id, is measured, and leaves one line in the log.

Neither line nor metric holds a path, a query value, a body or a name: the route's template and the ledger say enough.
"""

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from contracts.events.values import LEDGER_PATTERN
from services.runtime.http.answers import CompleteAnswers
from services.runtime.logs import ACCESS_LOGGER

REQUEST_ID_HEADER = "X-Request-Id"
HEADER_NAME = REQUEST_ID_HEADER.lower().encode()
"""In ASGI's spelling."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"
NO_ROUTE = "none"
"""The route label of requests that match no route."""

_request_id = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_ledger = re.compile(LEDGER_PATTERN)
_log = logging.getLogger(ACCESS_LOGGER)


@dataclass(frozen=True, slots=True)
class Served:
    """One request, in words from small sets, so that they can label a metric.

    `seconds_to_answer` ends where the answer begins: a feed followed for an hour was not slow for an hour. `status` is
    None if the client left before there was an answer."""

    method: str
    route: str
    status: int | None
    seconds_to_answer: float


def install(app: FastAPI, measure: Callable[[Served], None]) -> None:
    """Measure and log every request of the application, and complete its answers."""
    build = app.build_middleware_stack

    def stack() -> ASGIApp:
        # Around the whole stack: middleware that is added lies inside the one that answers an unforeseen failure.
        routes = iter_route_contexts(app.routes)
        templates = {route.endpoint: route.path for route in routes if route.endpoint and route.path}
        return RequestLog(CompleteAnswers(build()), templates, measure)

    app.build_middleware_stack = stack  # type: ignore[method-assign]  # As in `openapi.install`.


class RequestLog:
    """ASGI middleware, to stand around everything: it gives each request its id, and reports it at its end.

    `templates` has the whole path of each endpoint: a route knows only its own part, without the routers around it."""

    def __init__(self, app: ASGIApp, templates: Mapping[Any, str], measure: Callable[[Served], None]) -> None:
        self._app = app
        self._templates = templates
        self._measure = measure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _id_of(scope)
        status: int | None = None
        answered = began

        async def send_with_id(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], time.perf_counter()
                message["headers"] = [*message.get("headers", ()), (HEADER_NAME, request_id.encode())]
            await send(message)

        # Cleared here and not at the end: the server logs a failure only after this has returned.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            ended = time.perf_counter()
            served = Served(
                scope["method"] if scope["method"] in METHODS else OTHER_METHOD,
                self._route_of(scope),
                status,
                (ended if status is None else answered) - began,
            )
            self._measure(served)
            if _log.isEnabledFor(logging.INFO):
                _log.info("request", extra=_line(served, request_id, ended - began, scope))

    def _route_of(self, scope: Scope) -> str:
        own_part: str = getattr(scope.get("route"), "path", NO_ROUTE)
        return self._templates.get(scope.get("endpoint"), own_part)


def _id_of(scope: Scope) -> str:
    ids = [value.decode("latin-1") for name, value in scope["headers"] if name == HEADER_NAME]
    return ids[0] if len(ids) == 1 and _request_id.match(ids[0]) else str(uuid7())


def _line(served: Served, request_id: str, duration_s: float, scope: Scope) -> Mapping[str, Any]:
    ledger = scope.get("path_params", {}).get("ledger")
    line = {
        "request_id": request_id,
        "method": served.method,
        "route": served.route,
        "status": served.status,
        "duration_ms": round(duration_s * 1_000, 3),
    }
    # A text that cannot be a ledger's name is whatever the client chose to write there.
    return {**line, "ledger": ledger} if ledger is not None and _ledger.match(ledger) else line
