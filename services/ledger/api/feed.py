"""The feed: every event of a ledger by position, as a page, as lines or as a stream of server-sent events.

Positions have no gap and appear in their order, so a reader that continues after the last one it saw misses nothing. No
reader holds a pool connection while it waits for news or its client reads; those who stand at the end of a ledger share
its tail.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse

from contracts.events.values import LEDGER_PATTERN
from contracts.mistakes import Mistakes
from services.ledger.api import examples, wire
from services.ledger.bundles import Bundle
from services.runtime import journal
from services.runtime.database import DATABASE_ERRORS
from services.runtime.http.negotiation import preferred
from services.runtime.http.paging import link_to_next
from services.runtime.http.parameters import (
    DEFAULT_PAGE_EVENTS,
    POSITION_IN_A_HEADER,
    Described,
    InvalidParameter,
    LedgerId,
    PageOrStreamLimit,
    Position,
    Wait,
    position_of_header,
)
from services.runtime.http.problems import documented_problems
from services.runtime.http.short_ways import ShortWay, within_a_path
from services.runtime.http.strict_route import StrictRoute, looked_at_by
from services.runtime.known_at import PositionPastHead, check_reached
from services.runtime.notifications import News
from services.runtime.stored_events import Stored, as_read
from services.runtime.tail import PAGE_EVENTS, Stretch, Tail, Tails

JSON, LINES, EVENT_STREAM = "application/json", "application/jsonl", "text/event-stream"
FORMS = (JSON, LINES, EVENT_STREAM)
STREAM_PAGE_EVENTS = PAGE_EVENTS
HEARTBEAT_S = 15.0
RETRY_MS = 1_000
"""How long a client of a stream should wait before it reconnects."""

_LINE_BREAKS = [(character.encode(), b"\\u%04x" % ord(character)) for character in "\u0085\u2028\u2029"]

LastEventId = Annotated[
    Annotated[str, Described(POSITION_IN_A_HEADER)] | None,
    Header(alias="Last-Event-ID", description="For a stream: the position to continue after; overrides `after`."),
]

_log = logging.getLogger(__name__)

router = APIRouter(route_class=StrictRoute)


def look_at_last_event(request: Request, found: Mistakes) -> None:
    """Add it if it is no position, also where no stream is asked for."""
    if (text := request.headers.get("Last-Event-ID")) is not None:
        try:
            position_of_header("Last-Event-ID", text)
        except InvalidParameter as malformed:
            found.add_elsewhere(malformed.mistakes)


@router.get(
    "/{ledger}/events",
    summary="The feed",
    response_model=wire.EventPage,
    responses={
        200: {
            "headers": {
                "Ledger-Head": {"schema": {"type": "integer"}, "description": "For lines: the ledger's last position."}
            },
            "content": {
                LINES: {"schema": {"type": "string"}, "example": examples.EVENT_LINE},
                EVENT_STREAM: {"schema": {"type": "string"}, "example": examples.EVENT_FRAME},
            },
        },
        **documented_problems("unknown-ledger", "position-past-head", "not-acceptable"),
    },
)
@looked_at_by(look_at_last_event)
async def read_feed(
    request: Request,
    ledger: LedgerId,
    after: Position = 0,
    limit: PageOrStreamLimit = None,
    wait: Wait = None,
    last_event_id: LastEventId = None,
) -> Response:
    """Every event by position. Positions have no gap, so a reader that continues from `next_after` misses nothing.

    `Accept` chooses: `application/json`, a page; `application/jsonl`, the same page, one event per line;
    `text/event-stream`, the recorded events and then new ones as they come, one event per frame whose `id` is its
    position.
    """
    media_type = preferred(request, FORMS)
    reader = _Reader(request, ledger)
    if media_type == EVENT_STREAM:
        if last_event_id is not None:
            after = position_of_header("Last-Event-ID", last_event_id)
            reader.continues_by = "Last-Event-ID"
        # Read before the answer begins, so that an error becomes a problem document.
        first = await reader.page(after, min(limit or STREAM_PAGE_EVENTS, STREAM_PAGE_EVENTS))
        frames = _frames(reader, first, after, limit, wait)
        return StreamingResponse(frames, headers={"Vary": "Accept"}, media_type=EVENT_STREAM)
    if media_type == JSON and not wait:
        return await _in_bundles(request, ledger, after, limit or DEFAULT_PAGE_EVENTS)
    page = await _page_or_news(reader, after, limit or DEFAULT_PAGE_EVENTS, wait or 0)
    next_after = page.events[-1].position if page.events else after
    if media_type == LINES:
        return _as_lines(request, page, next_after)
    return _as_json(request, Bundle.of(after, page.events).written, next_after, page.head)


async def read_page(request: Request, asked: Mapping[str, str], _: bytes) -> Response:
    """Return a page as JSON, as `read_feed` does."""
    return await _in_bundles(
        request, asked["ledger"], int(asked["after"]), int(asked.get("limit", DEFAULT_PAGE_EVENTS))
    )


short_way = ShortWay(
    "GET",
    rf"/v1/ledgers/(?P<ledger>{within_a_path(LEDGER_PATTERN)})/events",
    r"after=(?P<after>0|[1-9][0-9]{0,14})(?:&limit=(?P<limit>[1-9][0-9]{0,2}))?",
    read_feed,
    read_page,
)
"""As a reader asks that follows the links."""


async def _in_bundles(request: Request, ledger: str, after: int, limit: int) -> Response:
    state = request.app.state
    async with state.pool.acquire() as connection:
        head = (await journal.head(connection, ledger)).position
        check_reached("?after", after, head)
        next_after = min(after + limit, head)
        events = await state.bundles.read(connection, ledger, after, next_after, head)
    return _as_json(request, events, next_after, head)


def _as_json(request: Request, events: bytes, next_after: int, head: int) -> Response:
    body = b'{"events":[%b],"next_after":%d,"head":%d}' % (events, next_after, head)
    return Response(body, headers=_headers(request, next_after, head), media_type=JSON)


def _as_lines(request: Request, page: Stretch, next_after: int) -> Response:
    headers = {"Ledger-Head": str(page.head), **_headers(request, next_after, page.head)}
    return Response(b"".join(_event(stored) + b"\n" for stored in page.events), headers=headers, media_type=LINES)


def _headers(request: Request, next_after: int, head: int) -> dict[str, str]:
    return {"Vary": "Accept", **link_to_next(request, after=next_after if next_after < head else None)}


class _Reader:
    """Reads one ledger for one client: from its tail while it stands there, and otherwise on its own."""

    def __init__(self, request: Request, ledger: str) -> None:
        self.ledger = ledger
        self.continues_by = "?after"
        self.news: News = request.app.state.news
        self.tails: Tails = request.app.state.tails
        self._pool = request.app.state.pool
        self._head = 0

    async def page(self, after: int, limit: int) -> Stretch:
        """Return the page after position `after`. Raises UnknownLedger, PositionPastHead."""
        async with self._pool.acquire() as connection:
            page = await journal.feed_page(connection, self.ledger, after=after, limit=limit)
        check_reached(self.continues_by, after, page.head)
        self._head = page.head
        return Stretch(page.events, page.head)

    async def next(self, tail: Tail, after: int, limit: int, wait_s: float) -> Stretch:
        """Return events after position `after`, empty if none came in time. Raises as `page`."""
        if (kept := tail.kept(after, limit)) is not None:
            return kept
        if after < self._head and not tail.stands_at(after):
            return await self.page(after, limit)
        await tail.moved(after, wait_s)
        self._head = max(self._head, after)
        return tail.kept(after, limit) or Stretch((), self._head)


async def _page_or_news(reader: _Reader, after: int, limit: int, wait_s: float) -> Stretch:
    """Return the page after position `after`; an empty one only when nothing came for `wait_s`, or the process ends."""
    page = await reader.page(after, limit)
    if page.events or not wait_s:
        return page
    ends = _now() + wait_s
    with reader.tails.of(reader.ledger) as tail:
        while not page.events and (left := ends - _now()) > 0 and not reader.news.closed:
            page = await reader.next(tail, after, limit, left)
    return page


async def _frames(
    reader: _Reader, page: Stretch, after: int, limit: int | None, wait_s: float | None
) -> AsyncIterator[bytes]:
    """Yield the frames of a stream, a page at a time.

    It ends after `limit` events, after `wait_s` without any, when the process ends, or when the database is away or no
    longer reaches the position: a client that was cut off reconnects with the last position it saw, and is told why.
    """
    yield b"retry: %d\n\n" % RETRY_MS
    with reader.tails.of(reader.ledger) as tail:
        quiet = _Quiet(wait_s)
        left = limit
        try:
            while True:
                if page.events:
                    yield page.written(_frame)
                    after = page.events[-1].position
                    left = None if left is None else left - len(page.events)
                    quiet = _Quiet(wait_s)
                elif quiet.over or reader.news.closed:
                    return
                elif quiet.wants_heartbeat():
                    yield b":\n\n"
                if left == 0 or reader.news.closed:
                    return
                page = await reader.next(tail, after, min(left or STREAM_PAGE_EVENTS, STREAM_PAGE_EVENTS), quiet.left_s)
        except (*DATABASE_ERRORS, PositionPastHead) as error:
            _log.warning("a stream of %s ends: %s: %s", reader.ledger, type(error).__name__, error)


class _Quiet:
    """The time since the last event that a stream sent."""

    def __init__(self, wait_s: float | None) -> None:
        self._heartbeat_at = _now() + HEARTBEAT_S
        self._ends_at = None if wait_s is None else _now() + wait_s

    @property
    def over(self) -> bool:
        """Whether the stream has waited as long as it may."""
        return self._ends_at is not None and _now() >= self._ends_at

    @property
    def left_s(self) -> float:
        """How long there is nothing to do without news."""
        until = self._heartbeat_at if self._ends_at is None else min(self._heartbeat_at, self._ends_at)
        return max(0.0, until - _now())

    def wants_heartbeat(self) -> bool:
        """Say once whether a heartbeat is due."""
        if _now() < self._heartbeat_at:
            return False
        self._heartbeat_at = _now() + HEARTBEAT_S
        return True


def _now() -> float:
    return asyncio.get_running_loop().time()


def _frame(stored: Stored) -> bytes:
    return b"id: %d\ndata: %b\n\n" % (stored.position, _event(stored))


def _event(stored: Stored) -> bytes:
    """Return the event as one line, also for readers that treat every Unicode line break as one, as Python does."""
    line = msgspec.json.encode(as_read(stored))
    for line_break, escaped in _LINE_BREAKS:
        line = line.replace(line_break, escaped)
    return line
