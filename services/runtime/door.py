"""The door: what a request must be before anything looks at it. A router uses it by `APIRouter(route_class=DoorRoute)`.

Refused here: another Host, a body that is too large, too slow, encoded, not JSON or not strict JSON, and a query
parameter that the route does not have, that is given twice or that is empty.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts import strict_json
from services.runtime.parameters import InvalidParameter
from services.runtime.problems import refusal_response
from services.runtime.refusals import Refusal

MAX_BODY_BYTES = 1_048_576
BODY_TIMEOUT_S = 10.0
MAX_QUOTED_CHARACTERS = 100
DECIDING_HEADERS = ("If-Match", "If-None-Match", "Content-Type")
METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_JSON_MEDIA_TYPE = re.compile(r"application/json[ \t]*(;[ \t]*charset=(\"utf-8\"|utf-8)[ \t]*)?\Z", re.IGNORECASE)
_OWN_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{0,5})?\Z", re.IGNORECASE | re.ASCII)


@dataclass(eq=False)
class BodyTooLarge(Refusal):
    limit_bytes: int


@dataclass(eq=False)
class BodyTooSlow(Refusal):
    timeout_s: float


class UnsupportedMediaType(Refusal):
    """The body is not sent as application/json in UTF-8."""


class UnsupportedEncoding(Refusal):
    """The body is sent with a Content-Encoding, which could hide a small body that grows."""


class ForeignHost(Refusal):
    """The request names another host: a page of another site could have sent it (DNS rebinding)."""


class DoorRequest(Request):
    """A request whose body is read within bounds, and whose JSON is strict."""

    async def body(self) -> bytes:
        """Return the body. Raises BodyTooLarge before it is whole, BodyTooSlow, UnsupportedEncoding."""
        if not hasattr(self, "_body"):
            if "content-encoding" in self.headers:
                raise UnsupportedEncoding
            self._body = await self._read()
        return self._body

    async def json(self) -> Any:
        """Return the JSON value of the body. Raises UnsupportedMediaType, MalformedJson, and what `body` raises."""
        if not hasattr(self, "_json"):
            if not _JSON_MEDIA_TYPE.match(self.headers.get("content-type", "")):
                raise UnsupportedMediaType
            self._json = strict_json.parse(await self.body())
        return self._json

    async def _read(self) -> bytes:
        body = bytearray()
        if _declared_bytes(self.headers) > MAX_BODY_BYTES:
            raise BodyTooLarge(MAX_BODY_BYTES)
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                async for chunk in self.stream():
                    body += chunk
                    if len(body) > MAX_BODY_BYTES:
                        raise BodyTooLarge(MAX_BODY_BYTES)
        except TimeoutError as error:
            raise BodyTooSlow(BODY_TIMEOUT_S) from error
        return bytes(body)


class DoorRoute(APIRoute):
    """A route that is reached through the door."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        serve = super().get_route_handler()
        parameters = frozenset(
            field.alias
            for field in get_flat_params(self.dependant)
            if not isinstance(field.field_info, params.Path | params.Header | params.Cookie)
        )
        takes_body = bool(METHODS_WITH_BODY.intersection(self.methods or ()))

        async def serve_through_the_door(request: Request) -> Response:
            check_parameters(request, parameters)
            check_headers(request)
            admitted = DoorRequest(request.scope, request.receive)
            if takes_body:
                # Here and not in the route, because FastAPI would word what the parser refuses.
                await admitted.json()
            return await serve(admitted)

        return serve_through_the_door


def check_parameters(request: Request, known: frozenset[str]) -> None:
    """Raise InvalidParameter for a query parameter that is unknown, repeated or empty."""
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        quoted = name[:MAX_QUOTED_CHARACTERS]
        if name not in known:
            raise InvalidParameter(f"?{quoted}", "there is no such parameter here")
        if name in seen:
            raise InvalidParameter(f"?{quoted}", "is given twice")
        if not value:
            raise InvalidParameter(f"?{quoted}", "is empty")
        seen.add(name)


def check_headers(request: Request) -> None:
    """Raise InvalidParameter for a header that decides and is given twice: which of the two was meant?"""
    for name in DECIDING_HEADERS:
        if len(request.headers.getlist(name)) > 1:
            raise InvalidParameter(name, "is given twice")


class OwnHostOnly:
    """ASGI middleware: while access is open, a Host other than this machine's own names is refused with 421."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            hosts = Headers(scope=scope).getlist("host")
            if len(hosts) != 1 or not _OWN_HOST.match(hosts[0]):
                await refusal_response(ForeignHost())(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _declared_bytes(headers: Headers) -> int:
    declared = headers.get("content-length", "0")
    # The server has refused what is no number; a length of twenty digits is too long in any case.
    return int(declared) if declared.isdecimal() and len(declared) < 20 else MAX_BODY_BYTES + 1
