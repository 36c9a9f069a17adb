"""Whether the process is alive, and whether it can serve."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import asyncpg
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.projections.store.progress import Progress, is_followed, progress
from services.runtime.clock import CLOCK_AHEAD_AT_MOST_S, CLOCK_BEHIND_AT_MOST_S, Clock, china_day
from services.runtime.database import DATABASE_AWAY, NotDurable, be_durable, refuses, seconds_ahead, within
from services.runtime.disk import MAKE_ROOM, why_full
from services.runtime.http.problems import RETRY_AFTER_S
from services.runtime.journal import Connection
from services.runtime.migrate import newest_version, remedy_for, version_of

DATABASE_CHECK_TIMEOUT_S = 2.0
PROJECTIONS_CHECK_TIMEOUT_S = 1.0
CLOCK_WARNING_S = 1.0
LAG_WARNING_S = 30.0
"""A live worker is never this far behind, except after a bulk append."""
AWAY = (
    "the database is away: check that PostgreSQL runs and LEDGER_DATABASE_URL is right; "
    "the service then goes on by itself"
)
REFUSES = (
    "the database refuses: ledgerctl doctor says why. The database of LEDGER_DATABASE_URL must exist, take "
    "connections, let its user log in, read and write, and be migrated; the service then goes on by itself"
)

WELL: Mapping[str, str] = {
    "pool": "1 of 16 connections in use",
    "database": "reachable",
    "version": "0005, that of this release",
    "durability": "what is committed is on disk before it is answered",
    "clock": "0.001 s from the database's, and no head lies ahead",
    "projections": "every event is projected",
}

EXAMPLE_INSTANCE = "6f1d0a3c9be24f7780c5d2e41ab93f06"
Instance: TypeAlias = Annotated[
    str, Field(description="The start of the service that answers: a random id, as in server.json.")
]

router = APIRouter(tags=["operations"])


class Live(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "live", "instance": EXAMPLE_INSTANCE}]})
    status: Literal["live"] = "live"
    instance: Instance


class Check(BaseModel):
    """`unknown` means that an earlier check failed, so this one was not made."""

    status: Literal["ok", "warning", "failed", "unknown"]
    detail: str


def _example(**others: Check) -> dict[str, Any]:
    checks = {name: Check(status="ok", detail=detail) for name, detail in WELL.items()} | others
    return {name: check.model_dump() for name, check in checks.items()}


class Ready(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "ready", "instance": EXAMPLE_INSTANCE, "checks": _example()}]}
    )
    status: Literal["ready"] = "ready"
    instance: Instance
    checks: dict[str, Check]


OUTDATED = Check(status="failed", detail="the database has version 0004 and this release needs 0005: ledgerctl migrate")
NOT_LOOKED_AT = Check(status="unknown", detail="not checked")


class NotReady(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "not_ready",
                    "instance": EXAMPLE_INSTANCE,
                    "why": OUTDATED.detail,
                    "checks": _example(version=OUTDATED, projections=NOT_LOOKED_AT),
                }
            ]
        }
    )
    status: Literal["not_ready"] = "not_ready"
    instance: Instance
    why: str
    checks: dict[str, Check]


@router.get("/livez", summary="Does the process answer?")
async def read_liveness(request: Request) -> Live:
    return Live(instance=request.app.state.settings.instance)


@router.get(
    "/readyz",
    summary="Can it serve, with its database?",
    response_model=Ready,
    responses={
        HTTPStatus.SERVICE_UNAVAILABLE: {
            "model": NotReady,
            "description": "It cannot, and `why` says what to do. Retry-After says when to try again.",
        }
    },
)
async def read_readiness(request: Request) -> Ready | JSONResponse:
    """A projection that is behind is a warning: standings are then computed from the events."""
    state = request.app.state
    instance = state.settings.instance
    checks = await _checks(state.pool, state.clock, state.settings.data)
    why = [check.detail for check in checks.values() if check.status == "failed"]
    if not why:
        return Ready(instance=instance, checks=checks)
    answer = NotReady(instance=instance, why="; ".join(why), checks=checks)
    return JSONResponse(answer.model_dump(), HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(RETRY_AFTER_S)})


async def _checks(pool: asyncpg.Pool, clock: Clock, data: Path) -> dict[str, Check]:
    checks = dict.fromkeys(WELL, NOT_LOOKED_AT)

    async def look() -> None:
        async with pool.acquire() as connection:
            checks["pool"] = Check(status="ok", detail=_pool_use(pool))
            checks["version"] = await version_check(connection)
            checks["durability"] = await durability_check(connection)
            checks["clock"] = clock_check(await seconds_ahead(connection, clock))
            checks["database"] = Check(status="ok", detail="reachable")

    try:
        await within(DATABASE_CHECK_TIMEOUT_S, look())
    except DATABASE_AWAY as error:
        if checks["pool"] is NOT_LOOKED_AT and pool.get_size() - pool.get_idle_size() == pool.get_max_size():
            detail = f"{_pool_use(pool)}, and none came free within {DATABASE_CHECK_TIMEOUT_S:g} s: try again"
            checks["pool"] = Check(status="failed", detail=detail)
        else:
            checks["database"] = unusable(error, data)
    if checks["version"].status == "ok":
        await _look_at_ledgers(pool, china_day(clock()), checks, data)
    return checks


def unusable(error: Exception, data: Path) -> Check:
    """Return why the database cannot be used, and what to do: `data` is where an embedded one lies."""
    why = REFUSES if refuses(error) else why_full(data) or AWAY
    if isinstance(error, asyncpg.DiskFullError):
        why = f"the disk of the database is full: {MAKE_ROOM}"
    return Check(status="failed", detail=f"{why} ({type(error).__name__})")


async def version_check(connection: Connection) -> Check:
    """Check that the database has the version that this release needs."""
    has, needs = await version_of(connection), newest_version()
    if has == needs:
        return Check(status="ok", detail=f"{has}, that of this release")
    detail = f"the database has version {has or 'none'} and this release needs {needs}: {remedy_for(has)}"
    return Check(status="failed", detail=detail)


async def durability_check(connection: Connection) -> Check:
    """Check that a receipt would survive a crash: a server's settings may change while it runs."""
    try:
        await be_durable(connection)
    except NotDurable as error:
        return Check(status="failed", detail=str(error))
    return Check(status="ok", detail=WELL["durability"])


def clock_check(seconds: float) -> Check:
    """Check that appends are accepted with this clock, `ahead_s` ahead of the database's."""
    detail = f"{abs(seconds):.3f} s {'ahead of' if seconds > 0 else 'behind'} the database's"
    if not -CLOCK_BEHIND_AT_MOST_S <= seconds <= CLOCK_AHEAD_AT_MOST_S:
        return Check(status="failed", detail=f"{detail}, so nothing is recorded: let NTP set the clocks of both hosts")
    return Check(status="warning" if abs(seconds) > CLOCK_WARNING_S else "ok", detail=detail)


async def _look_at_ledgers(pool: asyncpg.Pool, today: date, checks: dict[str, Check], data: Path) -> None:
    """Check how far the projections are, and whether a head lies in the future."""

    async def look() -> tuple[list[Progress], bool]:
        async with pool.acquire() as connection:
            return await progress(connection, today), await is_followed(connection)

    try:
        ledgers, followed = await within(PROJECTIONS_CHECK_TIMEOUT_S, look())
    except DATABASE_AWAY as error:  # Counting takes long if much is due, and a failure here stops no reader.
        too_long = Check(status="warning", detail=f"could not be checked: {type(error).__name__}")
        checks["projections"] = unusable(error, data) if refuses(error) else too_long
    else:
        checks["projections"] = _projections_check(ledgers, followed=followed)
        ahead = max(ledgers, key=lambda progress: progress.head_ahead_s, default=None)
        if checks["clock"].status == "ok" and ahead is not None and ahead.head_ahead_s > CLOCK_AHEAD_AT_MOST_S:
            checks["clock"] = Check(
                status="warning",
                detail=f"the head of {ahead.ledger} lies {ahead.head_ahead_s:.0f} s in the future: a clock was ahead. "
                "Until then events are recorded at the head's instant",
            )


def _projections_check(ledgers: Sequence[Progress], *, followed: bool) -> Check:
    behind = [progress for progress in ledgers if progress.behind]
    late = [progress for progress in behind if progress.is_late(LAG_WARNING_S)]
    parked = sum(progress.parked for progress in ledgers)
    of_another_engine = sum(progress.of_another_engine for progress in ledgers)
    warnings = []
    if late:
        slowest = max(late, key=lambda progress: progress.lag_s)
        warnings.append(f"{len(late)} behind, {slowest.ledger} {lag_in_words(slowest)}: ledgerctl doctor says why")
    elif behind and not followed:
        warnings.append(f"{len(behind)} behind, and no worker follows: ledgerctl serve starts one")
    if parked:
        warnings.append(f"{parked} people cannot be judged: ledgerctl doctor names them")
    if of_another_engine:
        warnings.append(f"{of_another_engine} rows are of another engine: the worker judges them again")
    return Check(status="warning" if warnings else "ok", detail="; ".join(warnings) or "every event is projected")


def lag_in_words(of: Progress) -> str:
    """Return in words how far a ledger is behind."""
    return f"by {of.lag_s:.0f} s" if of.lag_s >= 0 else f"by {of.behind} events, whose instants lie in the future"


def _pool_use(pool: asyncpg.Pool) -> str:
    return f"{pool.get_size() - pool.get_idle_size()} of {pool.get_max_size()} connections in use"
