"""The statements on cohorts: the people of a ledger filtered by one determination.

SQLAlchemy composes them from the filters that are set, once for each combination.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Dialect,
    Select,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from contracts.places import stem
from services.projections.store.generations import Generation
from services.projections.store.standings import key_column, status_column
from services.runtime.journal import Connection

CODE_DIGITS = 6

_asyncpg: Dialect = dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its dialects untyped.

_STANDINGS = table(
    "standings",
    *map(column, ("ledger", "generation", "practitioner_id", "engine", "jurisdiction", "standing", "rolling")),
    schema="projections",
)


class Cohort(Struct, frozen=True):
    """The filters of a cohort. A jurisdiction includes everything inside it; `key` is the field of the result that
    people filter by."""

    determination: str
    status: str | None = None
    jurisdiction: str | None = None
    key: str | None = None


class Member(Struct, frozen=True):
    """One person of a cohort, and the engine that judged. `result` and `rolling` are JSON."""

    practitioner_id: str
    engine: int
    jurisdiction: str
    status: str
    result: str
    rolling: str


async def members(
    connection: Connection, generation: Generation, cohort: Cohort, after: str, limit: int
) -> list[Member]:
    """Return the next `limit` people of the cohort after the id `after`."""
    sql, names = _page(cohort.determination, *_filters(cohort))
    values = {**_values(generation, cohort), "after": after, "limit": limit}
    return [Member(**row) for row in await connection.fetch(sql, *(values[name] for name in names))]


async def counts(connection: Connection, generation: Generation, cohort: Cohort) -> dict[str, int]:
    """Return how many people have each status; the cohort's own status filter is ignored."""
    _, *others = _filters(cohort)
    sql, names = _counts(cohort.determination, *others)
    values = _values(generation, cohort)
    rows = await connection.fetch(sql, *(values[name] for name in names))
    return {row["status"]: row["people"] for row in rows}


def _filters(cohort: Cohort) -> tuple[bool, bool, bool]:
    return cohort.status is not None, cohort.jurisdiction is not None, cohort.key is not None


def _values(generation: Generation, cohort: Cohort) -> Mapping[str, Any]:
    return {
        "ledger": generation.ledger,
        "generation": generation.generation,
        "status": cohort.status,
        "first_code": cohort.jurisdiction and stem(cohort.jurisdiction).ljust(CODE_DIGITS, "0"),
        "last_code": cohort.jurisdiction and stem(cohort.jurisdiction).ljust(CODE_DIGITS, "9"),
        "key": cohort.key,
        "determination": cohort.determination,
    }


def _of_generation() -> list[ColumnElement[bool]]:
    return [
        _STANDINGS.c.ledger == bindparam("ledger"),
        _STANDINGS.c.generation == bindparam("generation"),
    ]


def _conditions(determination: str, *, by_place: bool, by_key: bool) -> list[ColumnElement[bool]]:
    narrowed = _of_generation()
    if by_place:
        # All codes have six digits, so what lies inside a place is a range.
        narrowed.append(_STANDINGS.c.jurisdiction.between(bindparam("first_code"), bindparam("last_code")))
    if by_key:
        narrowed.append(column(key_column(determination)) == bindparam("key"))
    return narrowed


@cache
def _page(determination: str, by_status: bool, by_place: bool, by_key: bool) -> tuple[str, tuple[str, ...]]:
    status: ColumnClause[str] = column(status_column(determination))
    narrowed = _conditions(determination, by_place=by_place, by_key=by_key)
    if by_status:
        narrowed.append(status == bindparam("status"))
    result = _STANDINGS.c.standing.op("->")(bindparam("determination")).op("->")(literal_column("'result'"))
    return _compile(
        select(
            _STANDINGS.c.practitioner_id,
            _STANDINGS.c.engine,
            _STANDINGS.c.jurisdiction,
            status.label("status"),
            result.label("result"),
            _STANDINGS.c.rolling,
        )
        .where(*narrowed, _STANDINGS.c.practitioner_id > bindparam("after"))
        .order_by(_STANDINGS.c.practitioner_id)
        .limit(bindparam("limit"))
    )


@cache
def _counts(determination: str, by_place: bool, by_key: bool) -> tuple[str, tuple[str, ...]]:
    status: ColumnClause[str] = column(status_column(determination))
    narrowed = _conditions(determination, by_place=by_place, by_key=by_key)
    return _compile(
        select(status.label("status"), func.count().label("people")).where(*narrowed).group_by(status).order_by(status)
    )


def _compile(statement: Select[*tuple[Any, ...]]) -> tuple[str, tuple[str, ...]]:
    """Return the statement for asyncpg, and the names of its parameters in order."""
    compiled = statement.compile(dialect=_asyncpg)
    return str(compiled), tuple(compiled.positiontup or ())
