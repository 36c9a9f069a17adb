"""A pooler before PostgreSQL: one that keeps a backend for each session serves, one that shares it between transactions
is refused in a sentence, and if it begins to share later the answer is 503."""

import os
import pwd
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest

from services.runtime.database import DatabaseError, open_session
from services.runtime.settings import Settings
from services.server.app import create_app
from tests.api.client import LEDGER, NEW_LEDGER, append
from tests.cli.conftest import Command
from tests.conftest import BASE_URL
from tests.faults.service import free_port, wait_until
from tests.lives import new_training

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
CONFIGURATION = """
[databases]
* = host={host} port={port} user={user} password={password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = 30
logfile = {folder}/log
pidfile = {folder}/pid
"""
TOLD = "a pooler that pools transactions stands before PostgreSQL"

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="no pgbouncer here: apt-get install pgbouncer")

Pooled: TypeAlias = Callable[[str], str]


class Pooler:
    """A PgBouncer before the server of a database."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.database_url, self.port = folder, database_url, free_port()

    @property
    def url(self) -> str:
        return f"postgresql://ledger@127.0.0.1:{self.port}{urlsplit(self.database_url).path}"

    def configure(self, mode: str) -> None:
        parts = urlsplit(self.database_url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        text = CONFIGURATION.format(
            host=parts.hostname or query["host"],
            port=parts.port or 5432,
            user=parts.username,
            password=parts.password,
            listen=self.port,
            mode=mode,
            folder=self.folder,
        )
        (self.folder / "pgbouncer.ini").write_text(text)

    @contextmanager
    def running(self, mode: str) -> Iterator[subprocess.Popen[bytes]]:
        self.configure(mode)
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        shutil.chown(self.folder, account.pw_uid, account.pw_gid)
        process = subprocess.Popen(  # noqa: S603 - the program that the test is about
            [str(PGBOUNCER), "-q", str(self.folder / "pgbouncer.ini")],
            user=account.pw_uid if os.geteuid() == 0 else None,
            group=account.pw_gid if os.geteuid() == 0 else None,
        )
        try:
            wait_until(lambda: (self.folder / "pid").exists(), "pgbouncer runs")
            yield process
        finally:
            process.kill()
            process.wait()
            (self.folder / "pid").unlink(missing_ok=True)


@pytest.fixture
def pooler(open_folder: Path, database_url: str) -> Pooler:
    folder = open_folder / urlsplit(database_url).path.strip("/")
    folder.mkdir()
    return Pooler(folder, database_url)


@pytest.fixture
async def behind(pooler: Pooler) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application behind a pooler in session mode."""
    with pooler.running("session"):
        app = create_app(Settings(database_url=pooler.url))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client,
        ):
            yield client


async def test_a_pooler_that_keeps_a_backend_for_each_session_serves_with_its_limits(
    pooler: Pooler, behind: httpx.AsyncClient
) -> None:
    assert (await behind.put(LEDGER, json=NEW_LEDGER)).status_code == httpx.codes.CREATED
    await append(behind, new_training())
    assert (await behind.get("/readyz")).status_code == httpx.codes.OK
    session = await open_session(pooler.url, "test")
    assert await session.fetchval("SHOW lock_timeout") == "4s"
    await session.close()


@pytest.mark.parametrize("mode", ["transaction", "statement"])
async def test_one_that_shares_a_backend_is_refused_by_every_command(pooler: Pooler, mode: str, tmp_path: Path) -> None:
    with pooler.running(mode):
        for _ in range(2):  # The second finds the statements that the first has prepared.
            with pytest.raises(DatabaseError, match=TOLD):
                await open_session(pooler.url, "test")
        ledgerctl = Command(tmp_path / "data", pooler.url)
        for command in (("serve", "--port", str(free_port())), ("migrate",)):
            told = ledgerctl(*command)
            assert told.returncode == 3
            assert TOLD in told.stderr
            assert "Traceback" not in told.stderr


async def test_one_that_begins_to_share_gives_503_and_never_500(pooler: Pooler, behind: httpx.AsyncClient) -> None:
    assert (await behind.put(LEDGER, json=NEW_LEDGER)).status_code == httpx.codes.CREATED
    with pooler.running("transaction"):
        statuses = [(await behind.get(LEDGER)).status_code for _ in range(40)]
        statuses += [(await behind.get("/readyz")).status_code for _ in range(3)]
    assert set(statuses) <= {httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE}


@pytest.mark.parametrize("error", [asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError])
async def test_a_statement_that_is_gone_is_answered_503_with_what_to_do(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    from services.ledger.api import routes

    async def fails(*_: object) -> None:
        raise error("prepared statement")

    monkeypatch.setattr(routes, "ledger_named", fails, raising=False)
    answer = await client.get(LEDGER)
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
