"""Whether the process lives, and whether it can serve."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypeAlias

import asyncpg
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.projections.store.progress import Progress, progress
from services.runtime.clock import china_day
from services.runtime.database import DATABASE_AWAY, DATABASE_REFUSES, within
from services.runtime.journal import Connection
from services.runtime.migrate import newest_version, remedy_for, version_of
from services.runtime.problems import RETRY_AFTER_S

DATABASE_CHECK_TIMEOUT_S = 2.0
PROJECTIONS_CHECK_TIMEOUT_S = 1.0
LAG_WARNING_S = 30.0
"""A worker that lives is never so far behind, except after a bulk of events."""
AWAY = "the database is away: see that PostgreSQL runs and LEDGER_DATABASE_URL is right; this goes on by itself"
REFUSES = (
    "the database refuses: ledgerctl doctor says why. What LEDGER_DATABASE_URL names must be there, take connections, "
    "let its user in, read and write, and be migrated; this goes on by itself"
)

WELL: Mapping[str, str] = {
    "pool": "1 of 16 connections in use",
    "database": "reachable",
    "version": "0002, that of this release",
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
    """`unknown` is what could not be looked at because an earlier check failed."""

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


OUTDATED = Check(status="failed", detail="the database has version 0001 and this release needs 0002: ledgerctl migrate")
NOT_LOOKED_AT = Check(status="unknown", detail="not looked at")


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
async def livez(request: Request) -> Live:
    return Live(instance=request.app.state.settings.instance)


@router.get(
    "/readyz",
    summary="Can it serve, with its database?",
    response_model=Ready,
    responses={
        HTTPStatus.SERVICE_UNAVAILABLE: {
            "model": NotReady,
            "description": "It cannot, and `why` says what to do. Retry-After says when to ask again.",
        }
    },
)
async def readyz(request: Request) -> Ready | JSONResponse:
    """A projection that is behind is a warning: a standing is then computed from the events."""
    state = request.app.state
    instance = state.settings.instance
    checks = await _checks(state.pool, state.clock())
    why = [check.detail for check in checks.values() if check.status == "failed"]
    if not why:
        return Ready(instance=instance, checks=checks)
    answer = NotReady(instance=instance, why="; ".join(why), checks=checks)
    return JSONResponse(answer.model_dump(), HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(RETRY_AFTER_S)})


async def _checks(pool: asyncpg.Pool, now: datetime) -> dict[str, Check]:
    checks = dict.fromkeys(WELL, NOT_LOOKED_AT)

    async def look() -> None:
        async with pool.acquire() as connection:
            checks["pool"] = Check(status="ok", detail=_pool_use(pool))
            checks["version"] = await version_check(connection)
            checks["database"] = Check(status="ok", detail="reachable")

    try:
        await within(DATABASE_CHECK_TIMEOUT_S, look())
    except DATABASE_AWAY as error:
        if checks["pool"] is NOT_LOOKED_AT and pool.get_size() - pool.get_idle_size() == pool.get_max_size():
            detail = f"{_pool_use(pool)}, and none came free within {DATABASE_CHECK_TIMEOUT_S:g} s: try again"
            checks["pool"] = Check(status="failed", detail=detail)
        else:
            checks["database"] = _unusable(error)
    if checks["version"].status == "ok":
        checks["projections"] = await _projections_check(pool, now)
    return checks


def _unusable(error: Exception) -> Check:
    said = REFUSES if isinstance(error, DATABASE_REFUSES) else AWAY
    return Check(status="failed", detail=f"{said} ({type(error).__name__})")


async def version_check(connection: Connection) -> Check:
    """Say whether the database has the version that this release needs."""
    has, needs = await version_of(connection), newest_version()
    if has == needs:
        return Check(status="ok", detail=f"{has}, that of this release")
    detail = f"the database has version {has or 'none'} and this release needs {needs}: {remedy_for(has)}"
    return Check(status="failed", detail=detail)


async def _projections_check(pool: asyncpg.Pool, now: datetime) -> Check:
    async def look() -> list[Progress]:
        async with pool.acquire() as connection:
            return await progress(connection, china_day(now))

    try:
        ledgers = await within(PROJECTIONS_CHECK_TIMEOUT_S, look())
    except DATABASE_REFUSES as error:
        return _unusable(error)
    except DATABASE_AWAY as error:  # Counting takes long where much is due, and keeps nobody from reading.
        return Check(status="warning", detail=f"could not be looked at: {type(error).__name__}")
    behind = {one.ledger: lag for one in ledgers if (lag := one.lag_s(now)) > LAG_WARNING_S}
    parked = sum(one.parked for one in ledgers)
    said = []
    if behind:
        slowest = max(behind, key=behind.__getitem__)
        said.append(f"{len(behind)} behind, {slowest} by {behind[slowest]:.0f} s: ledgerctl doctor says why")
    if parked:
        said.append(f"{parked} people cannot be judged: ledgerctl doctor names them")
    return Check(status="warning" if said else "ok", detail="; ".join(said) or "every event is projected")


def _pool_use(pool: asyncpg.Pool) -> str:
    return f"{pool.get_size() - pool.get_idle_size()} of {pool.get_max_size()} connections in use"
