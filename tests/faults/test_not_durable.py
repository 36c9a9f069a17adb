"""A server that may lose what it has committed is refused at the start, and reported while it runs."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from services.runtime import postgres
from services.runtime.migrate import migrate
from services.runtime.settings import Settings
from services.server.app import create_app
from tests.cli.conftest import Command
from tests.conftest import BASE_URL
from tests.faults.service import free_port


@pytest.fixture(scope="module")
def server(open_folder: Path) -> Iterator[str]:
    """The URL of a server that the tests set otherwise."""
    with postgres.running(open_folder / "postgres") as server:
        asyncio.run(migrate(server.url))
        yield server.url


@asynccontextmanager
async def switched_off(url: str, setting: str) -> AsyncIterator[None]:
    connection = await asyncpg.connect(url)

    async def says(value: str) -> None:
        await connection.execute("SELECT pg_reload_conf()")
        while await connection.fetchval(f"SHOW {setting}") != value:
            pass

    await connection.execute(f"ALTER SYSTEM SET {setting} = off")
    await says("off")
    try:
        yield
    finally:
        await connection.execute(f"ALTER SYSTEM RESET {setting}")
        await says("on")
        await connection.close()


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
async def test_the_service_does_not_start_on_it_and_commands_say_what_to_do(
    server: str, tmp_path: Path, setting: str
) -> None:
    ledgerctl = Command(tmp_path, server)
    advice = f"{setting} is off, so a receipt would not survive a crash: ALTER SYSTEM SET {setting} = on"
    async with switched_off(server, setting):
        for command in (("serve", "--port", str(free_port())), ("migrate",), ("rebuild", "--ledger", "any")):
            told = await asyncio.to_thread(ledgerctl, *command)
            assert (told.returncode, advice in told.stderr) == (3, True), told.stderr
        found = json.loads((await asyncio.to_thread(ledgerctl, "doctor", "--json")).stdout)
        assert not found["healthy"]
        assert any(advice in one["detail"] for one in found["findings"])
    found = json.loads((await asyncio.to_thread(ledgerctl, "doctor", "--json")).stdout)
    assert {one["check"]: one["status"] for one in found["findings"]}["durability"] == "ok"


async def test_a_service_that_runs_says_that_it_is_not_ready_and_records_nothing_in_a_new_session(server: str) -> None:
    app = create_app(Settings(database_url=server))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        async with switched_off(server, "fsync"):
            refused = await client.get("/readyz")
            assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
            assert refused.json()["checks"]["durability"]["status"] == "failed"
            await app.state.pool.expire_connections()
            made = await client.put("/v1/ledgers/new", json={"jurisdiction": "510100", "title": "New"})
            assert (made.status_code, made.json()["code"]) == (503, "database-unavailable")
        assert (await client.get("/readyz")).json()["checks"]["durability"]["status"] == "ok"
