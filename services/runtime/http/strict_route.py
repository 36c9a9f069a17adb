"""What every request must satisfy before anything else reads it. A router opts in by
`APIRouter(route_class=StrictRoute)`.

Refused here: another Host, a body that is too large, too slow, encoded, not of a media type that the route takes or
not strict JSON, and a query parameter that the route does not have, that is given twice or that is empty.
"""

import asyncio
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, TypeVar

from fastapi import Request, Response, params
from fastapi.dependencies.utils import get_flat_params, request_params_to_args
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts import strict_json
from contracts.mistakes import Mistakes, phrase
from services.runtime.http.invalid import mistakes_in
from services.runtime.http.languages import language_of_problem
from services.runtime.http.parameters import refuse_parameters
from services.runtime.http.problems import refusal_response
from services.runtime.http.refused_requests import REFUSAL
from services.runtime.refusals import Refusal

MAX_BODY_BYTES = 1_048_576
BODY_TIMEOUT_S = 10.0
MAX_BYTES_READ_AT_ONCE = 65_536
"""A larger body, or part of one, is read in a thread, so that other requests need not wait for it."""
PARSED_AT_ONCE = 2
MAX_QUOTED_CHARACTERS = 100
DECIDING_HEADERS = ("Content-Type", "Last-Event-ID")
ALTERNATIVES = (("known_at", "known_at_position"),)
METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_MEDIA_TYPE = re.compile(
    r"([a-z0-9.+-]+/[a-z0-9.+-]+)[ \t]*(;[ \t]*charset=(\"utf-8\"|utf-8)[ \t]*)?\Z", re.IGNORECASE | re.ASCII
)
_OWN_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{0,5})?\Z", re.IGNORECASE | re.ASCII)

_parsers = ThreadPoolExecutor(PARSED_AT_ONCE, "parsing")
"""Apart from where answers are computed: neither waits for the other."""

T = TypeVar("T")
BodyReader: TypeAlias = Callable[[bytes], Any]
"""Turns a body into what the route works with. Pure: it may run in a thread."""


Look: TypeAlias = Callable[[Request, Mistakes], None]
"""Adds what is wrong with several parameters, or with headers, whatever else is wrong. Raises nothing."""
LOOKS: dict[Callable[..., Any], tuple[Look, ...]] = {}
"""By endpoint."""
E = TypeVar("E", bound=Callable[..., Any])


def looked_at_by(*looks: Look) -> Callable[[E], E]:
    """Return what marks an endpoint as one whose requests are looked at so before it is called. What is found is told
    together with everything else that is wrong with parameters and headers."""

    def marked(endpoint: E) -> E:
        LOOKS[endpoint] = looks
        return endpoint

    return marked


def given(request: Request) -> Mapping[str, str]:
    """Return the parameters of the path and of the query that a request gives, as they are written. What is empty is
    refused as such."""
    return {**{name: value for name, value in request.query_params.items() if value}, **request.path_params}


@dataclass(eq=False)
class BodyTooLarge(Refusal):
    limit_bytes: int


@dataclass(eq=False)
class BodyTooSlow(Refusal):
    timeout_s: float


@dataclass(eq=False)
class UnsupportedMediaType(Refusal):
    """The body is not sent as a media type that the route takes, in UTF-8."""

    accepted: str


class UnsupportedEncoding(Refusal):
    """The body is sent with a Content-Encoding, which could hide a small body that grows."""


class ForeignHost(Refusal):
    """The request names another host: a page of another site could have sent it (DNS rebinding)."""


class StrictRequest(Request):
    """A request whose body is read within the bounds of its route, and whose JSON is strict."""

    def __init__(self, request: Request, route: "StrictRoute | type[StrictRoute]") -> None:
        super().__init__(request.scope, request.receive)
        self._route = route

    async def body(self) -> bytes:
        """Return the body. Raises BodyTooLarge before it is whole, BodyTooSlow, UnsupportedEncoding."""
        if not hasattr(self, "_body"):
            if "content-encoding" in self.headers:
                raise UnsupportedEncoding
            self._body = await self._read()
        return self._body

    async def json(self) -> Any:
        """Return the body as the route's reader parses it, by default its JSON value.

        Raises UnsupportedMediaType, what the reader raises (MalformedJson at least), and what `body` raises.
        """
        if not hasattr(self, "_json"):
            read = self._reader()
            # Windows' editors write a byte order mark; a reader may ignore it (RFC 8259, 8.1).
            body = (await self.body()).removeprefix(BOM_UTF8)
            self._json = await read_apart(len(body), read, body)
        return self._json

    def _reader(self) -> BodyReader:
        match = _MEDIA_TYPE.match(self.headers.get("content-type", ""))
        reader = self._route.body_readers.get(match[1].lower()) if match else None
        if reader is None:
            raise UnsupportedMediaType(" or ".join(self._route.body_readers))
        return reader

    async def _read(self) -> bytes:
        body = bytearray()
        limit_bytes, timeout_s = self._route.max_body_bytes, self._route.body_timeout_s
        if declared_bytes(self.headers.get("content-length", "0")) > limit_bytes:
            raise BodyTooLarge(limit_bytes)
        try:
            async with asyncio.timeout(timeout_s):
                async for chunk in self.stream():
                    body += chunk
                    if len(body) > limit_bytes:
                        raise BodyTooLarge(limit_bytes)
        except TimeoutError as error:
            raise BodyTooSlow(timeout_s) from error
        return bytes(body)


async def read_apart(size_bytes: int, read: Callable[..., T], *arguments: Any) -> T:
    """Return `read(*arguments)`, which reads what a client sent in so many bytes: in a thread if these are many."""
    if size_bytes <= MAX_BYTES_READ_AT_ONCE:
        return read(*arguments)
    return await asyncio.get_running_loop().run_in_executor(_parsers, read, *arguments)


async def read_from_body(request: Request, read: Callable[[Any], T]) -> T:
    """Return what `read` makes of the body's JSON value, in a thread if the body is large."""
    return await read_apart(len(await request.body()), read, await request.json())


class StrictRoute(APIRoute):
    """A route that accepts strict requests only. A route with other bodies than JSON of up to a megabyte is a
    subclass."""

    max_body_bytes: ClassVar[int] = MAX_BODY_BYTES
    body_timeout_s: ClassVar[float] = BODY_TIMEOUT_S
    body_readers: ClassVar[Mapping[str, BodyReader]] = {"application/json": strict_json.parse}
    """By media type, in lower case."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        serve = super().get_route_handler()
        parameters = frozenset(
            field.alias
            for field in get_flat_params(self.dependant)
            if not isinstance(field.field_info, params.Path | params.Header | params.Cookie)
        )
        looks = LOOKS.get(self.endpoint, ())
        takes_body = bool(METHODS_WITH_BODY.intersection(self.methods or ()))

        async def serve_strictly(request: Request) -> Response:
            found, of_several = Mistakes(), Mistakes()
            look_at_parameters(request, parameters, found)
            look_at_headers(request, found)
            look_at_alternatives(request, parameters, of_several)
            for look in looks:
                look(request, of_several)
            if found.count or of_several.count:
                mistakes_in(self._what_the_framework_finds(request), found)
                found.add_elsewhere(of_several)
                refuse_parameters(found)
            admitted = StrictRequest(request, self)
            if takes_body:
                # Here and not in the route, because there FastAPI would word the refusals of the parser.
                await admitted.json()
            return await serve(admitted)

        return serve_strictly

    def _what_the_framework_finds(self, request: Request) -> Iterator[Mapping[str, Any]]:
        """Yield what it would say of the parameters, were there nothing else to say of them."""
        for fields, received in (
            (self.dependant.path_params, request.path_params),
            (self.dependant.query_params, request.query_params),
            (self.dependant.header_params, request.headers),
        ):
            yield from request_params_to_args(fields, received)[1]


def look_at_parameters(request: Request, known: frozenset[str], found: Mistakes) -> None:
    """Add each query parameter that is unknown, repeated or empty."""
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        quoted = f"?{name[:MAX_QUOTED_CHARACTERS]}"
        if name not in known:
            found.add(quoted, phrase("unknown-parameter", meant=found.meant.nearest(name, known)))
        elif name in seen:
            found.add(quoted, phrase("given-twice"))
        elif not value:
            found.add(quoted, phrase("empty"))
        seen.add(name)


def look_at_alternatives(request: Request, known: frozenset[str], found: Mistakes) -> None:
    """Add each parameter that is given beside one that says the same in another way."""
    for one, other in ALTERNATIVES:
        if {one, other} <= known and {one, other} <= request.query_params.keys():
            found.add(f"?{one}", phrase("given-together", other=other))


def look_at_headers(request: Request, found: Mistakes) -> None:
    """Add each deciding header that is given twice: it is unclear which one was meant."""
    for name in DECIDING_HEADERS:
        if len(request.headers.getlist(name)) > 1:
            found.add(name, phrase("given-twice"))


class OwnHostOnly:
    """ASGI middleware: what the server could not read as a request is refused for its reason; and while access is open,
    a Host other than this machine's own names with 421."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if REFUSAL in scope:
                await refusal_response(scope[REFUSAL], language_of_problem(scope))(scope, receive, send)
                return
            hosts = Headers(scope=scope).getlist("host")
            if len(hosts) != 1 or not _OWN_HOST.match(hosts[0]):
                await refusal_response(ForeignHost(), language_of_problem(scope))(scope, receive, send)
                return
        await self._app(scope, receive, send)


def declared_bytes(length: str) -> int:
    """Return how many bytes a Content-Length announces; what is no number, or has too many digits, is beyond every
    bound. The server takes leading zeros (RFC 9110, 8.6)."""
    digits = length.lstrip("0")
    return int(digits or "0") if length.isdecimal() and len(digits) < 20 else sys.maxsize
