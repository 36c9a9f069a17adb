"""Ledgers, appends, streams and events over HTTP; the others have modules of their own."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from msgspec.structs import asdict

from contracts.events.codec import NUMBER_OF_A_PERSON, PersonalDataInText, timestamp
from contracts.events.one_step import events_in_one_step
from contracts.events.personal import holds_personal_data
from contracts.events.values import LEDGER_PATTERN, PRACTITIONER_PATTERN
from contracts.mistakes import Mistakes
from contracts.policies.shipped import shipped
from services.ledger.api import bulk, documented, feed, organizations, standards, wire
from services.ledger.api.answering import as_json, recorded_in, stored_stream
from services.ledger.domain.career import Answer, Append
from services.ledger.domain.rejections import LedgerDiffers
from services.ledger.domain.revised_by import RevisedBy, revised_by
from services.ledger.store.ledgers import make_ledger
from services.runtime import journal
from services.runtime.http.computed import computed
from services.runtime.http.entity_tags import CONDITION_PATTERN, tag_condition
from services.runtime.http.paging import link_to_next
from services.runtime.http.parameters import (
    DEFAULT_PAGE_EVENTS,
    Described,
    EventId,
    InvalidParameter,
    KnownAt,
    KnownAtPosition,
    LedgerId,
    LedgerName,
    Limit,
    PractitionerId,
    StreamId,
    Version,
)
from services.runtime.http.problems import documented_problems
from services.runtime.http.short_ways import ShortWay, within_a_path
from services.runtime.http.strict_route import StrictRoute, looked_at_by, read_from_body
from services.runtime.journal import UnknownEvent, UnknownPractitioner
from services.runtime.known_at import check_reached, resolve_known_at
from services.runtime.ledgers import LedgerRow, ledger_named, ledgers_after
from services.runtime.stored_events import EventAsRead, PackedStream, StoredStream, as_read

CONDITIONS = ("If-Match", "If-None-Match")
# Both are read as lists, from every line of the header (RFC 9110, 5.3).
_Condition = Annotated[str, Described({"pattern": CONDITION_PATTERN})]
IfMatch = Annotated[
    _Condition | None,
    Header(
        alias="If-Match",
        description='The ETag of the stream on which the client decided, e.g. `"v17"`, or several; `*`: only if the '
        "stream exists; else 412. A weak tag never matches.",
    ),
]
IfNoneMatch = Annotated[
    _Condition | None,
    Header(
        alias="If-None-Match",
        description="`*`: only if the stream does not exist yet; tags: only if it is at none of these versions; "
        "else 412.",
    ),
]

router = APIRouter(prefix="/v1/ledgers", route_class=StrictRoute, tags=["ledger"])
router.include_router(feed.router)
router.include_router(bulk.router)
router.include_router(standards.router)
router.include_router(organizations.router)


class RevisedAsRead(EventAsRead, frozen=True, kw_only=True):
    """An event as clients read it, with the ids of the corrections and voids that have an effect on it."""

    corrected_by: Sequence[str]
    voided_by: Sequence[str]


class AppendRoute(StrictRoute):
    """A route whose body becomes events in one step."""

    body_readers = {"application/json": wire.read_append}  # noqa: RUF012 - as the base class says, one for all


appends = APIRouter(route_class=AppendRoute)


class LedgerRoute(StrictRoute):
    """A route whose body has two short members, which the framework looks at while others wait."""

    max_body_bytes = 65_536


making = APIRouter(route_class=LedgerRoute)


@making.put(
    "/{ledger}",
    summary="Make a ledger",
    status_code=201,
    response_model=wire.LedgerWithHead,
    responses={
        200: {"model": wire.LedgerWithHead, "description": "The same ledger exists."},
        **documented_problems("invalid-body", "ledger-differs", "personal-data-in-text"),
    },
)
async def create_ledger(request: Request, ledger: LedgerId, body: wire.NewLedger) -> Response:
    """Creates the ledger and pins the policy packs of this release for it. Sending it again changes nothing."""
    if holds_personal_data(body.title):
        raise PersonalDataInText(Mistakes.of("/title", NUMBER_OF_A_PERSON))
    packs = shipped().values()
    requested = LedgerRow(
        ledger=ledger,
        jurisdiction=body.jurisdiction,
        title=body.title,
        origin=request.app.state.settings.origin,
        created_at=request.app.state.clock(),
        founding_packs={pack.jurisdiction: pack.digest for pack in packs},
    )
    async with request.app.state.pool.acquire() as connection:
        is_new = await make_ledger(connection, requested, packs)
        stored = await ledger_named(connection, ledger)
        head = await journal.head(connection, ledger)
    if (stored.jurisdiction, stored.title) != (requested.jurisdiction, requested.title):
        raise LedgerDiffers(ledger, stored.jurisdiction, stored.title)
    return as_json({**_ledger(stored), "head": head.position}, 201 if is_new else 200)


router.include_router(making)  # Here, so that the routes are documented in the order of this module.


@router.get("", summary="List the ledgers", response_model=wire.LedgerPage)
async def list_ledgers(
    request: Request,
    after: Annotated[LedgerName | None, Query(description="`next_after` of the page before.")] = None,
    limit: Limit = DEFAULT_PAGE_EVENTS,
) -> Response:
    """In order of name."""
    async with request.app.state.pool.acquire() as connection:
        found = await ledgers_after(connection, after or "", limit + 1)
    page = found[:limit]
    next_after = page[-1].ledger if len(found) > limit else None
    body = {"ledgers": [_ledger(ledger) for ledger in page], "next_after": next_after}
    return as_json(body, headers=link_to_next(request, after=next_after))


@router.get(
    "/{ledger}",
    summary="One ledger",
    response_model=wire.LedgerWithHead,
    responses=documented_problems("unknown-ledger"),
)
async def read_ledger(request: Request, ledger: LedgerId) -> Response:
    """With its last position and the policy packs pinned when it was created."""
    async with request.app.state.pool.acquire() as connection:
        stored = await ledger_named(connection, ledger)
        head = await journal.head(connection, ledger)
    return as_json({**_ledger(stored), "head": head.position})


@router.get(
    "/{ledger}/events/{event_id}",
    summary="One event",
    response_model=wire.RevisedEvent,
    responses=documented_problems("unknown-ledger", "unknown-event"),
)
async def read_event(request: Request, ledger: LedgerId, event_id: EventId) -> Response:
    """As it was recorded, with the ids of the corrections and voids that have an effect on it."""
    async with request.app.state.pool.acquire() as connection:
        head = await journal.head(connection, ledger)
        stored = (await journal.events_by_id(connection, ledger, [event_id])).get(event_id)
        if stored is None:
            raise UnknownEvent(ledger, event_id)
        stream = await stored_stream(connection, ledger, stored.practitioner_id, head.position)
    by = await computed(request, _revised_by, stream, str(event_id))
    return as_json(RevisedAsRead(**asdict(as_read(stored)), corrected_by=by.corrected_by, voided_by=by.voided_by))


def _revised_by(stored: Sequence[StoredStream | PackedStream], event_id: str) -> RevisedBy:
    """Raises DamagedEvent."""
    return revised_by(recorded_in(stored), event_id)


def look_at_conditions(request: Request, found: Mistakes) -> None:
    """Add each condition that is not written as one."""
    for name in CONDITIONS:
        try:
            tag_condition(name, request.headers.getlist(name))
        except InvalidParameter as malformed:
            found.add_elsewhere(malformed.mistakes)


@appends.post(
    "/{ledger}/practitioners/{practitioner_id}/events",
    summary="Append events",
    status_code=201,
    response_model=wire.Appended,
    responses={
        200: {"model": wire.Appended, "description": "All were recorded before; these are the first receipts."},
        **documented_problems(
            "invalid-event",
            "unknown-ledger",
            "event-id-taken",
            "version-mismatch",
            "weak-tag",
            "void-of-a-void",
        ),
    },
    openapi_extra=documented.append_body(),
)
@looked_at_by(look_at_conditions)
async def append_events(
    request: Request,
    ledger: LedgerId,
    practitioner_id: PractitionerId,
    _: IfMatch = None,
    __: IfNoneMatch = None,
) -> Response:
    """Appends 1 to 100 events to one person's stream, all or none. Answered when they are durable.

    Safe to send again: an `event_id` that is recorded already is recognized by its content and answered with its first
    receipt, before `If-Match` is checked.
    """
    events = await read_from_body(request, wire.events_of)
    if_match, if_none_match = (tag_condition(name, request.headers.getlist(name)) for name in CONDITIONS)
    command = Append(practitioner_id, events, wire.expectation(if_match, if_none_match))
    return _receipts(await request.app.state.lanes.append(ledger, command))


router.include_router(appends)  # Here, as above.


async def append_in_one_step(request: Request, asked: Mapping[str, str], body: bytes) -> Response | None:
    """Append as `append_events` does, if the body becomes events in one step."""
    events = events_in_one_step(body, wire.MAX_EVENTS_IN_A_REQUEST)
    if events is None:
        return None
    command = Append(asked["practitioner_id"], events)
    return _receipts(await request.app.state.lanes.append(asked["ledger"], command))


short_ways = (
    feed.short_way,
    ShortWay(
        "POST",
        rf"/v1/ledgers/(?P<ledger>{within_a_path(LEDGER_PATTERN)})"
        rf"/practitioners/(?P<practitioner_id>{within_a_path(PRACTITIONER_PATTERN)})/events",
        "",
        append_events,
        append_in_one_step,
        unusual=[name.lower().encode() for name in CONDITIONS],
    ),
)


@router.get(
    "/{ledger}/practitioners/{practitioner_id}/events",
    summary="One person's stream",
    response_model=wire.EventPage,
    responses=documented_problems(
        "unknown-ledger", "unknown-practitioner", "known-at-too-recent", "position-past-head"
    ),
)
async def read_stream(
    request: Request,
    ledger: LedgerId,
    practitioner_id: StreamId,
    after_version: Version = 0,
    limit: Limit = DEFAULT_PAGE_EVENTS,
    known_at: KnownAt = None,
    known_at_position: KnownAtPosition = None,
) -> Response:
    """By version, as of a state of knowledge. `next_after`, `head` and the ETag are versions of the stream."""
    now = request.app.state.clock()
    async with request.app.state.pool.acquire() as connection:
        position = await resolve_known_at(connection, ledger, known_at, known_at_position, now)
        page = await journal.stream_page(
            connection, ledger, practitioner_id, up_to=position, after_version=after_version, limit=limit
        )
    if page.head == 0:
        raise UnknownPractitioner(ledger, practitioner_id, position)
    check_reached("?after_version", after_version, page.head)
    next_after = page.events[-1].version if page.events else after_version
    events = [as_read(event) for event in page.events]
    link = link_to_next(request, after_version=next_after if next_after < page.head else None)
    return as_json({"events": events, "next_after": next_after, "head": page.head}, etag=page.head, headers=link)


def _ledger(row: LedgerRow) -> dict[str, Any]:
    return {
        "ledger": row.ledger,
        "jurisdiction": row.jurisdiction,
        "title": row.title,
        "origin": row.origin,
        "created_at": timestamp(row.created_at),
        "founding_packs": row.founding_packs,
    }


def _receipts(answer: Answer) -> Response:
    body = {"position": answer.position, "version": answer.version, "events": answer.events}
    return as_json(body, 200 if answer.replay else 201, etag=answer.version)
