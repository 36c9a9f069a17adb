"""Cohorts over HTTP: people filtered by one determination, with counts and a cursor, as JSON or CSV."""

import asyncio
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, get_args

import asyncpg
import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from msgspec import Struct

from contracts.events.values import END, PRACTITIONER_PATTERN
from contracts.mistakes import Mistakes, one_of, phrase, said_of
from services.core.answers.rolling import read_spans, with_window
from services.core.questions.standing import STANDING
from services.core.rules.engine import ENGINE
from services.core.rules.kinds.registry import ANSWERS
from services.core.rules.verdict import Status
from services.projections.api.answering import CSV, JSON, documented_answer
from services.projections.api.parameters import MinPosition, Place
from services.projections.api.state import tables_turn
from services.projections.api.tables import ROW_COUNT_HEADER, Format, WholeTable, file_name, media_type_of
from services.projections.store import cohorts, generations, standings
from services.projections.store.cohorts import Cohort, Member
from services.projections.store.generations import Generation
from services.projections.store.standings import KEY_FIELDS
from services.runtime.clock import china_day
from services.runtime.database import transaction
from services.runtime.http.paging import link_to_next
from services.runtime.http.parameters import (
    DEFAULT_PAGE_EVENTS,
    MAX_PAGE_EVENTS,
    Described,
    InvalidParameter,
    LedgerId,
    Limit,
)
from services.runtime.http.problems import documented_problems
from services.runtime.http.strict_route import StrictRoute, given, looked_at_by
from services.runtime.journal import Connection, head
from services.runtime.known_at import check_reached
from services.runtime.refusals import Refusal

CATCH_UP_S = 2.0
POLL_INTERVAL_S = 0.05
STATUSES = get_args(Status)
MARK_CHARACTERS = 8
ABOUT_A_MEMBER = ("practitioner_id", "jurisdiction", "status")

RESULT_PATTERN = rf"^[^\u0000]+{END}"
CURSOR_PATTERN = rf"^[A-Za-z0-9_-]+{END}"

_practitioner_id = re.compile(PRACTITIONER_PATTERN)
_cursor_text = re.compile(CURSOR_PATTERN)


@dataclass(eq=False)
class ProjectionBehind(Refusal):
    """The rows have not reached the position that the client requires, or another engine judged some of them."""

    pointer: str | None
    position: int


class Rows(Struct, frozen=True):
    """The live rows at one instant, all judged by this engine. `due` tells whether some must be judged again."""

    generation: Generation | None
    due: bool

    @property
    def position(self) -> int:
        """The last event that they include; 0 without rows."""
        return 0 if self.generation is None else self.generation.position


router = APIRouter(prefix="/v1/ledgers/{ledger}/standings", route_class=StrictRoute, tags=["query"])


def look_at_filters(request: Request, found: Mistakes) -> None:
    """Add what is no determination, no status, no result of the determination, and no cursor."""
    asked = given(request)
    determination, status, result = (asked.get(name) for name in ("determination", "status", "result"))
    if determination is None:
        pass  # It is missing.
    elif determination not in STANDING:
        found.add("?determination", said_of(determination, phrase("not-one-of", expected=one_of(STANDING))))
    elif result is not None and determination not in KEY_FIELDS:
        found.add("?result", phrase("nothing-to-filter-by", determination=determination))
    if status is not None and status not in STATUSES:
        found.add("?status", said_of(status, phrase("not-one-of", expected=one_of(STATUSES))))
    if result is not None and "\0" in result:
        found.add("?result", phrase("no-such-result"))
    if "cursor" in asked and _decoded(asked["cursor"]) is None:
        found.add("?cursor", phrase("cursor-not-issued"))


@router.get(
    "",
    summary="A cohort: people by the answer to one question",
    responses=documented_answer(
        "cohort",
        "A page of people, and the number with each status.",
        {
            CSV: "\ufeffpractitioner_id,jurisdiction,status,tier,amount,unit,standard,missing,unresolved,"
            "eligible_since\r\n"
            '"=""P-1""","=""510107""",not_eligible,,,,,registration,,\r\n'
        },
        ROW_COUNT_HEADER,
    )
    | documented_problems("unknown-ledger", "position-past-head", "projection-behind", "not-acceptable"),
)
@looked_at_by(look_at_filters)
async def read_cohort(
    request: Request,
    ledger: LedgerId,
    determination: Annotated[
        str,
        Query(description="Which question.", json_schema_extra={"enum": list(STANDING)}, examples=["allowance"]),
    ],
    status: Annotated[
        Annotated[str, Described({"enum": list(STATUSES)})] | None,
        Query(description="Only those with this status."),
    ] = None,
    jurisdiction: Place = None,
    result: Annotated[
        Annotated[str, Described({"pattern": RESULT_PATTERN})] | None,
        Query(
            description="Only those whose result has this in its main field: "
            + ", ".join(f"{field} of {name}" for name, field in KEY_FIELDS.items())
            + ".",
            examples=["senior"],
        ),
    ] = None,
    cursor: Annotated[
        Annotated[str, Described({"pattern": CURSOR_PATTERN})] | None,
        Query(description="`next_cursor` of the page before."),
    ] = None,
    limit: Limit = DEFAULT_PAGE_EVENTS,
    min_position: MinPosition = None,
    form: Format = None,
) -> Response:
    """In order of id, from the stored rows; `position` says how far these are, and `rows_due` whether some are just
    being judged again (a new rule, a day of change). `min_position` waits for both. After an upgrade to another engine
    there is no cohort until every row is judged again.

    `counts` has everyone whom the other filters leave, by status. As `text/csv` the answer is one table of one instant
    with a column for each field of the result; without `limit` it holds everyone. `jurisdiction` includes every place
    inside it.
    """
    cohort = Cohort(determination, status, jurisdiction, result)
    last = "" if cursor is None else _read_cursor(cursor, ledger, cohort)
    media_type = media_type_of(request, form)
    pool: asyncpg.Pool = request.app.state.pool
    today = china_day(request.app.state.clock())
    if media_type == CSV:
        at_most = limit if "limit" in request.query_params else None
        async with tables_turn(request), _snapshot(pool, ledger, min_position, today) as (connection, rows):
            return await _table(connection, rows, ledger, cohort, last, at_most, today)
    people: list[Member] = []
    counts: dict[str, int] = {}
    async with _snapshot(pool, ledger, min_position, today) as (connection, rows):
        if rows.generation is not None:
            people = await cohorts.members(connection, rows.generation, cohort, last, limit + 1)
            counts = await cohorts.counts(connection, rows.generation, cohort)
    page, more = people[:limit], len(people) > limit
    next_cursor = _cursor(page[-1].practitioner_id, ledger, cohort) if more else None
    document = {
        "standings": [_shown(member, cohort, today) for member in page],
        "counts": counts,
        "next_cursor": next_cursor,
        "position": rows.position,
        "engine": ENGINE,
        "rows_due": rows.due,
    }
    headers = {"Vary": "Accept", **link_to_next(request, cursor=next_cursor)}
    return Response(msgspec.json.encode(document), media_type=JSON, headers=headers)


@asynccontextmanager
async def _snapshot(
    pool: asyncpg.Pool, ledger: str, min_position: int | None, today: date
) -> AsyncIterator[tuple[Connection, Rows]]:
    """Open a snapshot of the live rows, waiting a while until this engine judged them all and, if a position is
    required, until they have reached it and none is due.

    Raises UnknownLedger, PositionPastHead, ProjectionBehind.
    """
    give_up_at = time.monotonic() + CATCH_UP_S
    while True:
        # One snapshot for the check and for what is read after it: another release's worker may write in between.
        async with pool.acquire() as connection, transaction(connection, isolation="repeatable_read", readonly=True):
            newest = await head(connection, ledger)
            check_reached("?min_position", min_position or 0, newest.position)
            generation, due, foreign = await generations.live(connection, ledger), False, False
            if generation is not None:
                due = bool(await standings.due(connection, generation, today, limit=1))
                foreign = await standings.any_of_another_engine(connection, generation)
            rows = Rows(generation, due)
            if not foreign and (min_position is None or (rows.position >= min_position and not due)):
                yield connection, rows
                return
        if time.monotonic() > give_up_at:
            raise ProjectionBehind(None if min_position is None else "?min_position", rows.position)
        await asyncio.sleep(POLL_INTERVAL_S)


def _shown(member: Member, cohort: Cohort, today: date) -> dict[str, Any]:
    return {
        "practitioner_id": member.practitioner_id,
        "jurisdiction": member.jurisdiction,
        "status": member.status,
        "result": _result(member, cohort, today),
    }


def _result(member: Member, cohort: Cohort, today: date) -> Any:
    """Return the result, with a rolling window as of today."""
    span = read_spans(member.rolling).get(cohort.determination)
    if span is None:
        return msgspec.Raw(member.result.encode())
    return with_window(msgspec.json.decode(member.result), span, today)


async def _table(
    connection: Connection, rows: Rows, ledger: str, cohort: Cohort, after: str, at_most: int | None, today: date
) -> StreamingResponse:
    """Return the cohort as CSV. It is read page by page in one snapshot, so that even a large one is of one instant and
    does not fill the memory, and sent when the connection is free again."""
    fields = ANSWERS[cohort.determination].result.__struct_fields__
    table = WholeTable((*ABOUT_A_MEMBER, *fields))
    last, left = after, at_most
    while rows.generation is not None and left != 0:
        size = MAX_PAGE_EVENTS if left is None else min(left, MAX_PAGE_EVENTS)
        people = await cohorts.members(connection, rows.generation, cohort, last, size)
        table.add([_flat(member, cohort, today) for member in people])
        if len(people) < size:
            break
        last = people[-1].practitioner_id
        left = None if left is None else left - len(people)
    place = cohort.jurisdiction or ledger
    name = file_name(cohort.determination, place, today, f"p{rows.position}")
    headers = {**table.headers, "Content-Disposition": name, "Vary": "Accept"}
    return StreamingResponse(table.parts(), media_type=CSV, headers=headers)


def _flat(member: Member, cohort: Cohort, today: date) -> list[Any]:
    """Return one line: each field of the result in a column of its own, in the order of its struct."""
    raw = _result(member, cohort, today)
    result: Mapping[str, Any] = msgspec.json.decode(raw) if isinstance(raw, msgspec.Raw) else raw
    fields = ANSWERS[cohort.determination].result.__struct_fields__
    return [member.practitioner_id, member.jurisdiction, member.status, *(result[name] for name in fields)]


def _cursor(practitioner_id: str, ledger: str, cohort: Cohort) -> str:
    return urlsafe_b64encode(f"{_mark(ledger, cohort)}{practitioner_id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str, ledger: str, cohort: Cohort) -> str:
    """Return the id after which the page begins. Raises InvalidParameter if ledger or filters differ."""
    mark, practitioner_id = _decoded(cursor) or ("", "")
    if mark != _mark(ledger, cohort):
        raise InvalidParameter(Mistakes.of("?cursor", phrase("cursor-of-others")))
    return practitioner_id


def _decoded(cursor: str) -> tuple[str, str] | None:
    """Return the mark of a cursor, and the id after which its page begins; None if it is none of ours."""
    if not _cursor_text.match(cursor):
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        return None
    mark, practitioner_id = text[:MARK_CHARACTERS], text[MARK_CHARACTERS:]
    return (mark, practitioner_id) if _practitioner_id.match(practitioner_id) else None


def _mark(ledger: str, cohort: Cohort) -> str:
    """Return what tells the ledger and the filters of a cursor apart."""
    return sha256(msgspec.json.encode((ledger, cohort))).hexdigest()[:MARK_CHARACTERS]
