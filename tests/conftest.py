"""A real PostgreSQL for every test that needs one: one server per session, one fresh database per test.

What only such a test needs is imported where it is used: the rules need none of it, and they are run most often.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from services.runtime import postgres
from services.runtime.settings import Settings

if TYPE_CHECKING:
    import asyncpg
    import httpx
    from fastapi import FastAPI

RAM_DISK = Path("/dev/shm")  # noqa: S108 - only where there is one, and into a folder of a name of its own
ROOM_BYTES = 4 * 1024**3
BASE_URL = "http://127.0.0.1"


def pytest_configure() -> None:
    """Restore Ctrl-C and the hang-up: a shell that starts tests in the background, or `nohup`, leaves them ignored, for
    all commands under test as well."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--careers", type=int, default=30, help="how many random careers are judged twice")
    parser.addoption("--pack-careers", type=int, default=63, help="how many random packs meet a career")
    parser.addoption("--corrected", type=int, default=40, help="how many people are corrected in one bulk")
    parser.addoption("--career-events", type=int, default=300, help="how many events each of them has")
    parser.addoption("--chain-links", type=int, default=600, help="how long a chain of corrections is")
    parser.addoption("--kills", type=int, default=1, help="how often each process is killed in mid-stream")
    parser.addoption("--stalls", type=int, default=2, help="how often something stands still under load")
    parser.addoption("--minutes", type=float, default=0.05, help="how long everything fails that can")
    parser.addoption("--soak-minutes", type=float, default=0.05, help="how long the service meets what it refuses")
    parser.addoption("--http-cases", type=int, default=100, help="how many generated requests are sent at least")
    parser.addoption("--seed", type=int, default=None, help="of the random faults; told at the start of each run")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every account can reach, which pytest's tmp_path is not under root; in memory where there is room:
    every commit of a test goes to its disk."""
    in_memory = RAM_DISK.is_dir() and shutil.disk_usage(RAM_DISK).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="ledger-test-", dir=RAM_DISK if in_memory else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def with_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The URL of a server of this session's own, or of LEDGER_TEST_DATABASE_URL."""
    if url := os.environ.get("LEDGER_TEST_DATABASE_URL"):
        yield url
        return
    with open_folder() as folder, postgres.running(folder / "postgres") as server:
        yield server.url


@pytest.fixture(scope="session")
async def admin(cluster: str) -> "AsyncIterator[asyncpg.Connection]":
    import asyncpg

    connection = await asyncpg.connect(cluster)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def template(cluster: str, admin: "asyncpg.Connection") -> AsyncIterator[str]:
    """The name of a database that was migrated once, for the tests to clone."""
    from services.runtime.migrate import migrate

    name = f"template_{uuid4().hex}"
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    await migrate(with_database(cluster, name))
    yield name
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_url(cluster: str, admin: "asyncpg.Connection", template: str) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database of this test alone."""
    name = f"test_{uuid4().hex}"
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY = FILE_COPY")
    yield with_database(cluster, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def pool(database_url: str) -> "AsyncIterator[asyncpg.Pool]":
    from services.runtime.database import create_pool

    async with await create_pool(database_url) as pool:
        yield pool


@pytest.fixture
async def app(database_url: str) -> "AsyncIterator[FastAPI]":
    """The whole application, started, on this test's database."""
    from services.server.app import create_app

    app = create_app(Settings(database_url=database_url))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: "FastAPI") -> "AsyncIterator[httpx.AsyncClient]":
    import httpx

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
        yield client
