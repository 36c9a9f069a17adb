"""Local standards over HTTP: registered, listed, ended on a day, and voided where they were entered by mistake."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response

from contracts.events.codec import NewEvent
from contracts.events.revisions import Recorded
from contracts.events.values import PRACTITIONER_PATTERN
from services.ledger.api import documented, wire
from services.ledger.api.answering import as_json, recorded_in, stored_stream
from services.ledger.domain.career import Append
from services.ledger.domain.rejections import EventIdTaken, LocalStandardTaken
from services.ledger.domain.standards import (
    StandardHistory,
    ending,
    histories,
    history_of,
    standard_event,
    voiding,
    voiding_end,
)
from services.runtime import journal
from services.runtime.clock import china_day
from services.runtime.http.computed import computed
from services.runtime.http.paging import link_to_next
from services.runtime.http.parameters import DEFAULT_PAGE_EVENTS, LedgerId, Limit, Position
from services.runtime.http.problems import documented_problems
from services.runtime.http.strict_route import StrictRoute, read_apart, read_from_body
from services.runtime.journal import RULES_STREAM
from services.runtime.known_at import check_reached
from services.runtime.ledgers import ledger_named
from services.runtime.stored_events import PackedStream, StoredStream

StandardId = Annotated[
    str,
    Path(
        description="The standard's id.",
        json_schema_extra={"pattern": PRACTITIONER_PATTERN},
        examples=["jinjiang-2024"],
    ),
]
Decide: TypeAlias = Callable[[StandardHistory], NewEvent | Recorded]
"""Returns the event to record about a standard, or the same one where it is recorded. Raises a Rejection."""

Stored: TypeAlias = Sequence[StoredStream | PackedStream]

router = APIRouter(prefix="/{ledger}/local-standards", route_class=StrictRoute)


@router.post(
    "",
    summary="Register a local standard",
    status_code=201,
    response_model=wire.Standard,
    responses={
        200: {"model": wire.Standard, "description": "It was registered before; this is its position."},
        **documented_problems("invalid-event", "unknown-ledger", "local-standard-taken", "outside-jurisdiction"),
    },
    openapi_extra=documented.standard_body(),
)
async def register_standard(request: Request, ledger: LedgerId) -> Response:
    """A dated measure of a place inside the ledger's jurisdiction, or of one organization there. It is known from its
    position on and never changes; it can be ended, or voided."""
    async with request.app.state.pool.acquire() as connection:
        place = (await ledger_named(connection, ledger)).jurisdiction
    event = await read_from_body(request, partial(standard_event, ledger, place))
    standard_id = event.raw["standard_id"]
    try:
        answer = await request.app.state.lanes.append(ledger, Append(RULES_STREAM, [event]))
    except EventIdTaken as taken:
        if taken.position is None:
            raise
        raise LocalStandardTaken("/standard_id", standard_id, taken.position) from taken
    history = await _history(request, ledger, standard_id)
    return as_json(history.document(), 200 if answer.replay else 201)


@router.get(
    "",
    summary="List the local standards",
    response_model=wire.StandardPage,
    responses=documented_problems("unknown-ledger", "position-past-head"),
)
async def list_standards(
    request: Request,
    ledger: LedgerId,
    after: Annotated[Position | None, Query(description="`next_after` of the page before, a position.")] = None,
    limit: Limit = DEFAULT_PAGE_EVENTS,
) -> Response:
    """In the order of registration, each with the position from which it is known, its last day if it was ended, and
    whether it was voided."""
    async with request.app.state.pool.acquire() as connection:
        head = await journal.head(connection, ledger)
        stored = await stored_stream(connection, ledger, RULES_STREAM, head.position)
    check_reached("?after", after or 0, head.position)
    page, next_after = await computed(request, _page, stored, after or 0, limit)
    body = {"local_standards": page, "next_after": next_after, "head": head.position}
    return as_json(body, headers=link_to_next(request, after=next_after))


@router.post(
    "/{standard_id}/end",
    summary="End a local standard",
    status_code=201,
    response_model=wire.StandardEnd,
    responses={
        200: {"model": wire.StandardEnd, "description": "The same end was recorded before; this is its position."},
        **documented_problems(
            "invalid-event",
            "unknown-ledger",
            "unknown-local-standard",
            "local-standard-ends-otherwise",
            "local-standard-voided",
            "end-before-beginning",
        ),
    },
    openapi_extra=documented.standard_end_body(),
)
async def end_standard(request: Request, ledger: LedgerId, standard_id: StandardId) -> Response:
    """It is repealed: `last_day` is the last day on which it applies, as known from the position of the end on."""
    body = await request.json()
    return await _record(request, ledger, standard_id, lambda history: ending(ledger, history, body))


@router.post(
    "/{standard_id}/void",
    summary="Void a local standard",
    status_code=201,
    response_model=wire.StandardVoid,
    responses={
        200: {"model": wire.StandardVoid, "description": "The same void was recorded before; this is its position."},
        **documented_problems("invalid-event", "unknown-ledger", "unknown-local-standard", "local-standard-voided"),
    },
    openapi_extra=documented.standard_void_body(),
)
async def void_standard(request: Request, ledger: LedgerId, standard_id: StandardId) -> Response:
    """It was entered by mistake: from the position of the void on it never counted. A void is final."""
    body, today = await request.json(), china_day(request.app.state.clock())
    return await _record(request, ledger, standard_id, lambda history: voiding(ledger, history, body, today))


@router.post(
    "/{standard_id}/end/void",
    summary="Void the end of a local standard",
    status_code=201,
    response_model=wire.StandardVoid,
    responses={
        200: {"model": wire.StandardVoid, "description": "The same void was recorded before; this is its position."},
        **documented_problems("invalid-event", "unknown-ledger", "unknown-local-standard", "local-standard-voided"),
    },
    openapi_extra=documented.standard_void_body(),
)
async def void_standard_end(request: Request, ledger: LedgerId, standard_id: StandardId) -> Response:
    """Its end was entered by mistake: the standard never ended, and may be ended on another day."""
    body, today = await request.json(), china_day(request.app.state.clock())
    return await _record(request, ledger, standard_id, lambda history: voiding_end(ledger, history, body, today))


async def _record(request: Request, ledger: str, standard_id: str, decide: Decide) -> Response:
    """Record what is decided about a standard, or answer with what was recorded before."""
    size_bytes = len(await request.body())
    made = await read_apart(size_bytes, decide, await _history(request, ledger, standard_id))
    if isinstance(made, Recorded):
        return as_json(_told(made.raw, made.event_id, made.position))
    try:
        answer = await request.app.state.lanes.append(ledger, Append(RULES_STREAM, [made]))
    except EventIdTaken:
        # Another request was faster: what it recorded is the same, or refuses this one.
        before = await read_apart(size_bytes, decide, await _history(request, ledger, standard_id))
        if not isinstance(before, Recorded):
            raise
        return as_json(_told(before.raw, before.event_id, before.position))
    told = _told(made.raw, str(made.event_id), answer.position)
    return as_json(told, 200 if answer.replay else 201)


async def _history(request: Request, ledger: str, standard_id: str) -> StandardHistory:
    """Return what was recorded of a standard. Raises UnknownLocalStandard."""
    async with request.app.state.pool.acquire() as connection:
        head = await journal.head(connection, ledger)
        stored = await stored_stream(connection, ledger, RULES_STREAM, head.position)
    history: StandardHistory = await computed(request, _one, stored, standard_id)
    return history


def _page(stored: Stored, after: int, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Return the standards of a page, and after which position the next one begins. Raises DamagedEvent."""
    behind = [one for one in histories(recorded_in(stored)).values() if one.registered.position > after]
    page = behind[:limit]
    return [one.document() for one in page], page[-1].registered.position if len(behind) > limit else None


def _one(stored: Stored, standard_id: str) -> StandardHistory:
    """Return what was recorded of one standard. Raises UnknownLocalStandard, DamagedEvent."""
    return history_of(standard_id, recorded_in(stored))


def _told(raw: dict[str, Any], event_id: str, position: int) -> dict[str, Any]:
    return {**raw, "event_id": event_id, "position": position}
