"""While the database is away the service says so and stays up; when it is back, the service goes on by itself."""

from pathlib import Path

import httpx

from services.ledger.api import examples
from services.runtime import postgres
from services.runtime.migrate import migrate
from services.runtime.settings import Settings
from services.server.app import create_app

LEDGER = "/v1/ledgers/chengdu"


async def test_requests_get_503_while_the_database_is_away_and_succeed_when_it_is_back(open_folder: Path) -> None:
    folder = open_folder / "away"
    with postgres.running(folder) as server:
        await migrate(server.url)
        app = create_app(Settings(database_url=server.url))
        lifespan = app.router.lifespan_context(app)
        await lifespan.__aenter__()  # Not `async with`: the database goes away in the middle.
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
        assert (await client.put(LEDGER, json=examples.NEW_LEDGER)).status_code == httpx.codes.CREATED

    for refused in (
        await client.get("/readyz"),
        await client.get(LEDGER),
        await client.put(LEDGER, json=examples.NEW_LEDGER),
        await client.post(f"{LEDGER}/practitioners/P-1/events", json={"events": [examples.NEW_EVENT]}),
        await client.get(f"{LEDGER}/practitioners/P-1/standing"),
    ):
        assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE, refused.text
        assert int(refused.headers["Retry-After"]) >= 1
    assert (await client.get("/livez")).status_code == httpx.codes.OK

    with postgres.running(folder):
        assert (await client.get("/readyz")).json()["status"] == "ready"
        assert (await client.put(LEDGER, json=examples.NEW_LEDGER)).status_code == httpx.codes.OK
        await client.aclose()
        await lifespan.__aexit__(None, None, None)
