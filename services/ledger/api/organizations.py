"""Organizations over HTTP: what is recorded of each, and how it stands on a day."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response

from contracts.events.revisions import resolve
from contracts.events.values import PRACTITIONER_PATTERN, Day
from services.core.facts.organizations import Organization, organizations_of
from services.ledger.api import documented, wire
from services.ledger.api.answering import as_json, recorded_in, stored_stream
from services.ledger.domain.career import Append
from services.ledger.domain.organizations import organization_event
from services.ledger.domain.rejections import EventIdTaken, UnknownOrganization
from services.runtime import journal
from services.runtime.clock import china_day
from services.runtime.http.computed import computed
from services.runtime.http.paging import link_to_next
from services.runtime.http.parameters import A_TEXT, DEFAULT_PAGE_EVENTS, CivilDay, Described, LedgerId, Limit
from services.runtime.http.problems import documented_problems
from services.runtime.http.strict_route import StrictRoute, read_from_body
from services.runtime.journal import ORGANIZATIONS_STREAM
from services.runtime.ledgers import ledger_named
from services.runtime.stored_events import PackedStream, StoredStream

OrganizationId = Annotated[
    str,
    Path(
        description="The organization's id.", json_schema_extra={"pattern": PRACTITIONER_PATTERN}, examples=["taoxilu"]
    ),
]

Stored: TypeAlias = Sequence[StoredStream | PackedStream]

router = APIRouter(prefix="/{ledger}/organizations", route_class=StrictRoute)


@router.post(
    "",
    summary="Record an organization",
    status_code=201,
    response_model=wire.Organization,
    responses={
        200: {"model": wire.Organization, "description": "The same was recorded before; this is its position."},
        **documented_problems("invalid-event", "unknown-ledger", "event-id-taken", "outside-jurisdiction"),
    },
    openapi_extra=documented.organization_body(),
)
async def record_organization(request: Request, ledger: LedgerId) -> Response:
    """What is so of an organization from `occurred_on` on. The latest record counts, as a whole; an earlier one stays
    for questions about earlier days. Safe to send again: the event id is recognized."""
    async with request.app.state.pool.acquire() as connection:
        place = (await ledger_named(connection, ledger)).jurisdiction
    event = await read_from_body(request, partial(organization_event, place))
    try:
        answer = await request.app.state.lanes.append(ledger, Append(ORGANIZATIONS_STREAM, [event]))
    except EventIdTaken as taken:
        taken.pointer = "/event_id"
        raise
    told = {
        **event.raw,
        "occurred_on": event.occurred_on,
        "event_id": event.event_id,
        "position": answer.position,
    }
    return as_json(told, 200 if answer.replay else 201)


@router.get(
    "",
    summary="List the organizations",
    response_model=wire.OrganizationPage,
    responses=documented_problems("unknown-ledger"),
)
async def list_organizations(
    request: Request,
    ledger: LedgerId,
    as_of: CivilDay = None,
    after: Annotated[
        Annotated[str, Described(A_TEXT)] | None, Query(description="`next_after` of the page before.")
    ] = None,
    limit: Limit = DEFAULT_PAGE_EVENTS,
) -> Response:
    """In order of id, each as its latest record by `as_of` has it, by default by today."""
    stored, day, head = await _stored(request, ledger, as_of)
    page, next_after = await computed(request, _page, stored, day, after or "", limit)
    body = {"organizations": page, "next_after": next_after, "head": head}
    return as_json(body, headers=link_to_next(request, after=next_after))


@router.get(
    "/{organization}",
    summary="One organization",
    response_model=wire.Organization,
    responses=documented_problems("unknown-ledger", "unknown-organization"),
)
async def read_organization(
    request: Request, ledger: LedgerId, organization: OrganizationId, as_of: CivilDay = None
) -> Response:
    """As its latest record by `as_of` has it, by default by today."""
    stored, day, _ = await _stored(request, ledger, as_of)
    return as_json(await computed(request, _one, stored, day, organization))


async def _stored(request: Request, ledger: str, as_of: Day | None) -> tuple[Any, Day, int]:
    """Return what is stored of the organizations, the day in question, and the ledger's last position."""
    async with request.app.state.pool.acquire() as connection:
        head = await journal.head(connection, ledger)
        stored = await stored_stream(connection, ledger, ORGANIZATIONS_STREAM, head.position)
    return stored, as_of or china_day(request.app.state.clock()), head.position


def _page(stored: Stored, day: Day, after: str, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """Return the organizations of a page, and after which the next one begins. Raises DamagedEvent."""
    behind = [one for id_, one in _on(stored, day).items() if id_ > after]
    page = [_told(one) for one in behind[:limit]]
    return page, page[-1]["organization"] if len(behind) > limit else None


def _one(stored: Stored, day: Day, organization: str) -> dict[str, Any]:
    """Return one organization. Raises UnknownOrganization, DamagedEvent."""
    organizations = _on(stored, day)
    if organization not in organizations:
        raise UnknownOrganization(organization[:100])
    return _told(organizations[organization])


def _on(stored: Stored, day: Day) -> Mapping[str, Organization]:
    return organizations_of(resolve(recorded_in(stored)), day)


def _told(one: Organization) -> dict[str, Any]:
    """Return an organization as clients read it; what its record leaves out is left out."""
    members = {
        "organization": one.organization,
        "name": one.name,
        "kind": one.kind,
        "jurisdiction": one.jurisdiction,
        "approved_posts": one.approved_posts,
        "beds": one.beds,
        "occurred_on": one.on,
        "event_id": one.evidence.event_id,
        "position": one.evidence.position,
    }
    return {name: value for name, value in members.items() if value is not None}
