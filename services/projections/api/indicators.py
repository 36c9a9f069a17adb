"""Indicators over HTTP: the figures that a ledger's packs define, and the people behind each."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse
from msgspec.structs import astuple

from services.core.questions.count import figure
from services.core.questions.count_organizations import OrganizationCount, OrganizationLine
from services.projections.api.answering import CSV, FROM_EVENTS, FROM_ROW, JSON, as_json, documented_answer
from services.projections.api.parameters import MinPosition
from services.projections.api.state import computing_of, now_of, policy_books, today_of
from services.projections.api.tables import Format, file_name, first_line, lines, media_type_of
from services.projections.count import (
    Count,
    Person,
    count_from_events,
    count_from_rows,
    count_in_organizations,
    describe,
    known_indicator,
    known_indicators,
    people_from_events,
    report,
)
from services.runtime.computing import Computing, in_time
from services.runtime.http.parameters import CivilDay, KnownAt, KnownAtPosition, LedgerId
from services.runtime.http.problems import documented_problems
from services.runtime.http.readers import while_read
from services.runtime.http.strict_route import StrictRoute
from services.runtime.journal import head
from services.runtime.known_at import check_reached, resolve_known_at

ABOUT_A_PERSON = ("practitioner_id", "jurisdiction", "status", "counted_as", "reason")

FIGURE_TIME_S = 600.0
"""How long a figure that is counted from events may take: most of its many computations wait for others."""

router = APIRouter(prefix="/v1/ledgers/{ledger}/indicators", route_class=StrictRoute, tags=["query"])


@router.get(
    "",
    summary="The indicators of a ledger's packs",
    responses=documented_answer("indicators", "Each indicator, without its figure.")
    | documented_problems("unknown-ledger"),
)
async def list_indicators(request: Request, ledger: LedgerId) -> Response:
    """Those that can be counted from people's facts, in order of id; others need figures that no such ledger holds."""
    async with request.app.state.pool.acquire() as connection:
        position = (await head(connection, ledger)).position
        known = await known_indicators(connection, policy_books(request), ledger, position, today_of(request))
    return as_json({"indicators": [describe(count) for count in known]})


@router.get(
    "/{indicator}",
    summary="One figure, with everything that defines it",
    responses=documented_answer(
        "indicator",
        "The figure.",
        {
            CSV: "\ufeffpractitioner_id,jurisdiction,status,counted_as,reason,level\r\n"
            '"=""P-1""","=""510107""",valid,counted,,junior\r\n'
        },
    )
    | documented_problems(
        "unknown-ledger", "unknown-indicator", "known-at-too-recent", "position-past-head", "not-acceptable"
    ),
)
async def read_indicator(
    request: Request,
    ledger: LedgerId,
    indicator: Annotated[str, Path(description="Its id in the rule register.", examples=["I-07"])],
    as_of: CivilDay = None,
    known_at: KnownAt = None,
    known_at_position: KnownAtPosition = None,
    min_position: MinPosition = None,
    form: Format = None,
) -> Response:
    """People of the pack's place, each judged by the rules of their own place on `decided_on`: the earlier of `as_of`
    and the deadline. From the deadline on the figure is `final`. Of hours that a text asks of whoever worked in the
    place within a window, people count whose place is elsewhere by then, too.

    A figure that is counted in organizations takes whoever works in those of the place, and lists them, a line each.

    People whose case needs a human decision are `open`, apart from the `counted`. As `text/csv` it lists everyone
    behind the figure, a line each, with how they count and why. For today and the newest state of knowledge the JSON
    figure is counted from the stored rows while they are fresh, otherwise from the events; `Served-From` says row or
    events. Both give the same bytes.
    """
    media_type = media_type_of(request, form)
    today = today_of(request)
    pool: asyncpg.Pool = request.app.state.pool
    async with pool.acquire() as connection:
        if min_position is not None:
            check_reached("?min_position", min_position, (await head(connection, ledger)).position)
        position = await resolve_known_at(connection, ledger, known_at, known_at_position, now_of(request))
        count = await known_indicator(connection, policy_books(request), ledger, position, as_of or today, indicator)
        people = count.dated.indicator.organizations is None
        live = people and media_type == JSON and known_at is None and known_at_position is None
        kinds = await count_from_rows(connection, count, today) if live else None
    if not people:
        counted = await while_read(
            request, in_time(count_in_organizations(pool, count, computing_of(request)), FIGURE_TIME_S)
        )
        if media_type == CSV:
            return Response(_table_of(counted), headers=_named(count), media_type=CSV)
        return as_json(report(count, counted.figure(), today), FROM_EVENTS)
    if media_type == CSV:
        return _table(pool, count, computing_of(request))
    if kinds is not None:
        return as_json(report(count, figure(count.dated, kinds), today), FROM_ROW)
    kinds = await while_read(request, in_time(count_from_events(pool, count, computing_of(request)), FIGURE_TIME_S))
    return as_json(report(count, figure(count.dated, kinds), today), FROM_EVENTS)


def _table(pool: asyncpg.Pool, count: Count, computing: Computing) -> StreamingResponse:
    """Return everyone as CSV. The position fixes who is read, so it needs no snapshot; if it fails, the connection is
    cut, and the client sees that the last chunk is missing."""
    columns = [*ABOUT_A_PERSON, *([count.dated.indicator.by] if count.dated.indicator.by else [])]

    async def parts() -> AsyncIterator[bytes]:
        yield first_line(columns)
        async for page in people_from_events(pool, count, computing):
            yield lines(columns, [_line(person)[: len(columns)] for person in page])

    return StreamingResponse(parts(), media_type=CSV, headers=_named(count))


def _table_of(counted: OrganizationCount) -> bytes:
    """Return a line for each organization, with the ids of the people behind its number."""
    columns = OrganizationLine.__struct_fields__
    return first_line(columns) + lines(columns, [astuple(line) for line in counted.lines()])


def _named(count: Count) -> dict[str, str]:
    name = file_name(count.dated.id, count.jurisdiction, count.dated.decided_on, f"p{count.position}")
    return {**FROM_EVENTS, "Content-Disposition": name}


def _line(person: Person) -> list[Any]:
    kind = person.kind
    because = person.reason if kind.because in (None, kind.status) else kind.because
    return [person.practitioner_id, person.jurisdiction, kind.status, kind.counted_as, because, kind.by]
