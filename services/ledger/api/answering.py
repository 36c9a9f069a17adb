"""What answers of the ledger rest on, and answers as HTTP responses."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from fastapi import Response

from contracts.events.revisions import Recorded
from services.runtime import journal
from services.runtime.computing import SMALL_COST_EVENTS, Unread
from services.runtime.http.entity_tags import strong_tag
from services.runtime.journal import Connection, ManyEvents
from services.runtime.stored_events import PackedStream, StoredStream

JSON = "application/json"
MAX_SMALL_EVENTS = SMALL_COST_EVENTS // 5
"""Of a stream that is told at once: each event is read, and looked at some times."""


async def stored_stream(
    connection: Connection, ledger: str, stream: str, up_to: int
) -> Sequence[StoredStream] | Unread[Sequence[PackedStream]]:
    """Return a stream up to a position, or how it is read beside the event loop if it is long. Not even its events are
    parsed here."""
    try:
        return await journal.stored_streams(connection, ledger, (stream,), up_to=up_to, at_most=MAX_SMALL_EVENTS)
    except ManyEvents:
        return Unread(lambda pool: journal.streams_in_pages(pool, ledger, (stream,), up_to=up_to))


def recorded_in(stored: Sequence[StoredStream | PackedStream]) -> list[Recorded]:
    """Return the events of what `stored_stream` has read; none if there is no such stream. Raises DamagedEvent."""
    return [event for stream in stored for event in stream.recorded()]


def as_json(
    value: Any, status: int = 200, *, etag: int | None = None, headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """Return the answer as JSON. `etag` is the version of a stream."""
    tag = {} if etag is None else {"ETag": strong_tag(f"v{etag}")}
    return Response(msgspec.json.encode(value), status, {**tag, **headers}, JSON)
