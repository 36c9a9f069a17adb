"""The bare route that reads are compared with: FastAPI, one SELECT by primary key, the stored JSON as it is."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI, Request, Response

from services.runtime.database import create_pool
from services.server.http import KEEP_ALIVE_TIMEOUT_S

ROW = """
SELECT standing
  FROM projections.standings
 WHERE ledger = 'demo'
   AND generation = 1
   AND practitioner_id = $1
"""


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
