"""The bare routes that HTTP is compared with: FastAPI, one statement each, the stored JSON as it is."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel

from bench.bare import INSERT
from contracts.events.codec import leaf_hash
from services.runtime.clock import system_clock
from services.runtime.database import create_pool
from services.server.http import KEEP_ALIVE_TIMEOUT_S

ROW = """
SELECT standing
  FROM projections.standings
 WHERE ledger = 'demo'
   AND generation = 1
   AND practitioner_id = $1
"""
FEED = """
SELECT event
  FROM bench.feed
 WHERE position > $1
 ORDER BY position
 LIMIT $2
"""


class Event(BaseModel):
    """An event as it is sent, its data unchecked."""

    event_id: UUID
    type: str
    occurred_on: date
    data: dict[str, Any]


class Events(BaseModel):
    """The body of an append."""

    events: list[Event]


def bare_app(url: str) -> FastAPI:
    """Return the application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with await create_pool(url) as app.state.pool:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/rows/{practitioner_id}")
    async def row(request: Request, practitioner_id: str) -> Response:
        standing: str = await request.app.state.pool.fetchval(ROW, practitioner_id)
        return Response(standing, media_type="application/json")

    positions = count(1)

    @app.post("/events/{practitioner_id}", status_code=201)
    async def insert(request: Request, practitioner_id: str, body: Events) -> dict[str, int]:
        (event,) = body.events
        position = next(positions)
        leaf = event.model_dump_json().encode()
        await request.app.state.pool.execute(
            INSERT,
            position,
            practitioner_id,
            position,
            event.event_id,
            event.occurred_on,
            system_clock(),
            leaf,
            leaf_hash(leaf),
        )
        return {"position": position}

    @app.get("/events")
    async def feed(request: Request, after: int, limit: int) -> Response:
        rows = await request.app.state.pool.fetch(FEED, after, limit)
        events = b",".join(row["event"] for row in rows)
        return Response(b'{"events":[%b]}' % events, media_type="application/json")

    return app


if __name__ == "__main__":
    uvicorn.run(
        bare_app(sys.stdin.read()),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT_S,
    )
