"""A database that is there and refuses: requests get 503 with what to do, commands say it and exit 3, and when the
operator has done it all goes on."""

import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import httpx
import pytest

from services.ledger.api import examples
from services.runtime.settings import Settings
from services.server.app import create_app
from tests.api.client import LEDGER
from tests.cli.conftest import Command
from tests.conftest import BASE_URL

PASSWORD = "only-for-this-test"  # noqa: S105 - of a role that lives as long as the test
OWNED = """
ALTER SCHEMA ledger OWNER TO {role};
ALTER SCHEMA projections OWNER TO {role};
ALTER SCHEMA runtime OWNER TO {role};
GRANT ALL ON ALL TABLES IN SCHEMA public, ledger, projections, runtime TO {role};
"""
CLOSED = """
SELECT pg_terminate_backend(pid)
  FROM pg_stat_activity
 WHERE usename = $1
"""


@dataclass(frozen=True)
class Database:
    """A database, and a role that works with it."""

    url: str
    name: str
    role: str
    admin: asyncpg.Connection
    inside: asyncpg.Connection
    """Of the administrator, too, in this very database."""

    async def do(self, statements: Sequence[str]) -> None:
        for statement in statements:
            by = self.inside if "SCHEMA" in statement else self.admin
            await by.execute(statement.format(database=self.name, role=self.role))

    async def close_sessions(self) -> None:
        await self.admin.execute(CLOSED, self.role)


@pytest.fixture
async def database(database_url: str, admin: asyncpg.Connection) -> AsyncIterator[Database]:
    parts, role = urlsplit(database_url), f"role_{uuid4().hex}"
    await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
    inside = await asyncpg.connect(database_url)
    await inside.execute(OWNED.format(role=role))
    url = parts._replace(netloc=f"{role}:{PASSWORD}@{parts.netloc.rpartition('@')[2]}").geturl()
    made = Database(url, parts.path.lstrip("/"), role, admin, inside)
    yield made
    await made.close_sessions()
    await inside.execute(f"REASSIGN OWNED BY {role} TO CURRENT_USER; DROP OWNED BY {role}")
    await inside.close()
    await admin.execute(f"DROP ROLE {role}")


REFUSALS: Mapping[str, tuple[Sequence[str], Sequence[str], str]] = {
    "may not log in": (("ALTER ROLE {role} NOLOGIN",), ("ALTER ROLE {role} LOGIN",), "check user and password"),
    "takes no connections": (
        ("ALTER DATABASE {database} ALLOW_CONNECTIONS false",),
        ("ALTER DATABASE {database} ALLOW_CONNECTIONS true",),
        "ALTER DATABASE ... ALLOW_CONNECTIONS true",
    ),
    "may not read": (
        ("ALTER SCHEMA ledger OWNER TO CURRENT_USER", "ALTER SCHEMA projections OWNER TO CURRENT_USER"),
        ("ALTER SCHEMA ledger OWNER TO {role}", "ALTER SCHEMA projections OWNER TO {role}"),
        "GRANT it",
    ),
    "lacks a schema": (
        ("ALTER SCHEMA projections RENAME TO elsewhere", "ALTER SCHEMA ledger RENAME TO put_away"),
        ("ALTER SCHEMA elsewhere RENAME TO projections", "ALTER SCHEMA put_away RENAME TO ledger"),
        "ledgerctl migrate, or see ledgerctl doctor",
    ),
}


@pytest.mark.parametrize(("close", "open_again", "advice"), REFUSALS.values(), ids=REFUSALS)
async def test_a_database_that_refuses_is_told_of_by_service_and_commands_and_all_goes_on_when_it_lets_in_again(
    database: Database, tmp_path: Path, close: Sequence[str], open_again: Sequence[str], advice: str
) -> None:
    app = create_app(Settings(database_url=database.url))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        assert (await client.put(LEDGER, json=examples.NEW_LEDGER)).status_code == httpx.codes.CREATED
        await database.do(close)
        await database.close_sessions()
        for refused in (
            await client.get("/readyz"),
            await client.get(LEDGER),
            await client.put(LEDGER, json=examples.NEW_LEDGER),
            await client.post(f"{LEDGER}/practitioners/P-1/events", json={"events": [examples.NEW_EVENT]}),
            await client.get(f"{LEDGER}/practitioners/P-1/standing"),
        ):
            assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE, refused.text
            assert int(refused.headers["Retry-After"]) >= 1
        assert "the database refuses" in (await client.get("/readyz")).json()["why"]
        assert "ledger_database_up 0.0" in (await client.get("/metrics")).text

        told = Command(tmp_path, database.url)("rebuild", "--ledger", "chengdu")
        assert (told.returncode, advice in told.stderr) == (3, True), told.stderr

        await database.do(open_again)
        assert (await client.get("/readyz")).status_code == httpx.codes.OK
        assert (await client.put(LEDGER, json=examples.NEW_LEDGER)).status_code == httpx.codes.OK


CASE = """
- id: nobody
  events: []
  asks: []
"""
COMMANDS = {
    "rebuild": ("rebuild", "--ledger", "demo"),
    "play": ("play",),
    "demo": ("demo", "--practitioners", "1"),
    "migrate": ("migrate",),
}
OF_A_VERSION = ("rebuild", "demo")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("//ledger@127.0.0.1:1/ledger", "check that PostgreSQL runs"),
        ("//ledger@127.0.0.1:port/ledger", "LEDGER_DATABASE_URL cannot be used: it is not the URL of a database"),
        ("mysql://localhost/ledger", "LEDGER_DATABASE_URL cannot be used: it is not the URL of a database"),
        (None, "the server has no such database"),
    ],
)
def test_a_command_whose_database_is_not_to_be_had_says_what_to_do(
    cluster: str, tmp_path: Path, command: str, path: str | None, advice: str
) -> None:
    if path is None:
        url = urlsplit(cluster)._replace(path="/nowhere").geturl()
    else:
        url = path if path.startswith("mysql") else f"postgresql:{path}"
    told = _run(Command(tmp_path, url), command, tmp_path)
    assert (told.returncode, advice in told.stderr) == (3, True), told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", OF_A_VERSION)
@pytest.mark.parametrize(
    ("version", "advice"), [("0001", "ledgerctl migrate"), ("9999", "start the release that brought it there")]
)
async def test_a_database_of_another_version_is_neither_rebuilt_nor_filled(
    database_url: str, pool: asyncpg.Pool, tmp_path: Path, command: str, version: str, advice: str
) -> None:
    await pool.execute("UPDATE alembic_version SET version_num = $1", version)
    told = _run(Command(tmp_path, database_url), command, tmp_path)
    assert (told.returncode, advice in told.stderr) == (3, True), told.stderr
    assert await pool.fetchval("SELECT count(*) FROM ledger.ledgers") == 0


def _run(ledgerctl: Command, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    arguments = COMMANDS[command]
    if command == "play":
        (folder / "cases.yaml").write_text(CASE)
        arguments = (*arguments, str(folder / "cases.yaml"))
    return ledgerctl(*arguments)
