"""The HTTP application: both services behind one door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from services.ledger.api import routes as ledger
from services.ledger.append import running_lanes
from services.projections.api import routes as projections
from services.runtime import problems
from services.runtime.clock import Clock, system_clock
from services.runtime.database import create_pool
from services.runtime.door import OwnHostOnly
from services.runtime.settings import Settings
from services.server import documentation, health, openapi

TITLE = "Practitioner career ledger"
VERSION = "0.1.0"

ROUTERS: tuple[APIRouter, ...] = (health.router, ledger.router, projections.router)


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """Compose the application for the database of `settings`, which must be named there."""
    url = settings.database_url
    if url is None:
        raise ValueError("the application needs settings.database_url")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with await create_pool(url) as pool, running_lanes(pool, clock) as app.state.lanes:
            app.state.pool = pool
            yield

    app = FastAPI(
        title=TITLE, version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.state.settings = settings
    app.state.clock = clock
    problems.install(app)
    app.add_middleware(OwnHostOnly)
    for router in ROUTERS:
        app.include_router(router)
    documentation.install(app)
    openapi.install(app)
    return app
