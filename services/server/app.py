"""The HTTP application: both services behind one address."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from services.ledger.api import event_types
from services.ledger.api import routes as ledger
from services.ledger.append import running_lanes
from services.ledger.bundles import Bundles
from services.projections.api import cohorts, comparison, determination, indicators, policies, state, timeline
from services.runtime.clock import Clock, system_clock
from services.runtime.computing import Computing
from services.runtime.database import create_pool
from services.runtime.http import problems, requests
from services.runtime.http.strict_route import OwnHostOnly
from services.runtime.notifications import running_news
from services.runtime.release import RELEASE
from services.runtime.settings import Settings
from services.runtime.tail import Tails
from services.server import described, documentation, front, health, metrics, openapi, problem_pages, version
from services.server.absence import watched_loop
from services.server.connections import Connections

SERVICES: Mapping[str, Sequence[APIRouter]] = {
    "ledger": (ledger.router, event_types.router),
    "projections": (
        determination.router,
        timeline.router,
        comparison.router,
        cohorts.router,
        indicators.router,
        policies.router,
    ),
}


@cache
def routes_of(services: tuple[str, ...]) -> Sequence[BaseRoute]:
    """Return the routes of some services and of the server itself.

    They are the same in every application of a process: what FastAPI works out of a route takes as long as a request.
    """
    whole = APIRouter(generate_unique_id_function=openapi.operation_id)
    own = (front.router, problem_pages.router, health.router, metrics.router, version.router)
    for router in (*own, *(router for service in services for router in SERVICES[service])):
        whole.include_router(router)
    return whole.routes


def create_app(
    settings: Settings, clock: Clock = system_clock, *, services: Collection[str] = tuple(SERVICES)
) -> FastAPI:
    """Compose the application of some services for the database that `settings` must name."""
    url = settings.database_url
    if url is None:
        raise ValueError("the application needs settings.database_url")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            await create_pool(url, settings.limits) as app.state.pool,
            running_news(url) as app.state.news,
            running_lanes(app.state.pool, clock, settings.limits) as app.state.lanes,
            watched_loop() as app.state.absence,
        ):
            app.state.tails = Tails(app.state.pool, app.state.news)
            app.state.bundles = Bundles()
            state.prepare(app)
            with closing(Computing()) as app.state.computing:
                yield

    app = FastAPI(
        title=documentation.TITLE,
        version=RELEASE,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        license_info=dict(openapi.LICENSE),
        servers=[dict(server) for server in openapi.SERVERS],
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.metrics = metrics.RequestMetrics()
    app.state.connections = Connections()
    problems.install(app)
    problem_pages.install(app)
    requests.install(app, app.state.metrics.measure)
    app.add_middleware(OwnHostOnly)
    app.router.routes.extend(routes_of(tuple(services)))
    if "ledger" in services:
        app.router.routes[:0] = ledger.short_ways
    documentation.install(app)
    openapi.install(app)
    described.install(app)
    return app
