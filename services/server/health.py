"""Whether the process lives, and whether it can serve."""

import asyncio
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from services.runtime.problems import DATABASE_AWAY, RETRY_AFTER_S

DATABASE_CHECK_TIMEOUT_S = 2.0

router = APIRouter(tags=["operations"])


class Live(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "live"}]})
    status: Literal["live"] = "live"


class Ready(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ready"}]})
    status: Literal["ready"] = "ready"


class NotReady(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "not_ready", "why": "the database is away"}]})
    status: Literal["not_ready"] = "not_ready"
    why: str


@router.get("/livez", summary="Does the process answer?")
async def livez() -> Live:
    return Live()


@router.get(
    "/readyz",
    summary="Can it serve, with its database?",
    response_model=Ready,
    responses={HTTPStatus.SERVICE_UNAVAILABLE: {"model": NotReady, "description": "The database is away."}},
)
async def readyz(request: Request) -> Ready | JSONResponse:
    try:
        async with asyncio.timeout(DATABASE_CHECK_TIMEOUT_S):
            await request.app.state.pool.fetchval("SELECT 1")
    except tuple(DATABASE_AWAY) as error:
        answer = NotReady(why=f"the database is away: {type(error).__name__}")
        headers = {"Retry-After": str(RETRY_AFTER_S)}
        return JSONResponse(answer.model_dump(), HTTPStatus.SERVICE_UNAVAILABLE, headers)
    return Ready()
