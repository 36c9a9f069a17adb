"""A command uses what runs on the data folder, else it starts it meanwhile and leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from services.cli import attached
from services.cli.attached import NotReachable
from services.runtime.migrate import newest_version
from services.runtime.settings import Settings
from tests.faults.service import ROOT, Service, wait_until

HELD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from services.cli.attached import service
from services.runtime.settings import Settings
with service(Settings(data=Path(sys.argv[1])), print) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def apart(open_folder: Path) -> Iterator[Service]:
    """A service on the module's folder, not running; stopped at the end if a test has started it."""
    service = Service(open_folder)
    yield service
    if service.is_alive():
        service.stop()


async def version_of(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        version: str = await connection.fetchval("SELECT version_num FROM alembic_version")
        return version
    finally:
        await connection.close()


def test_a_database_that_does_not_run_is_made_migrated_and_stopped_at_the_end(apart: Service, said: list[str]) -> None:
    with attached.database(Settings(data=apart.data), said.append) as url:
        assert asyncio.run(version_of(url)) == newest_version()
        with attached.database(Settings(data=apart.data), said.append) as again:
            assert again == url
        assert asyncio.run(version_of(url)) == newest_version()
    assert apart.processes() == []


def test_a_database_named_by_its_url_is_used_as_it_is(said: list[str]) -> None:
    settings = Settings(database_url="postgresql://elsewhere/ledger")
    with attached.database_as_it_is(settings, said.append) as (url, is_started):
        assert (url, is_started) == ("postgresql://elsewhere/ledger", False)


def test_a_running_server_is_used_and_goes_on(apart: Service, said: list[str]) -> None:
    apart.start_until_ready()
    with attached.service(Settings(data=apart.data), said.append) as server:
        assert server == attached.Reached(apart.url, is_started=False)
    with attached.database(Settings(data=apart.data), said.append) as database_url:
        assert database_url == apart.database_url
    assert apart.is_ready()
    assert said == []


def test_a_server_that_just_starts_is_waited_for(apart: Service, said: list[str]) -> None:
    apart.start()
    wait_until(lambda: "bringing the database" in apart.said, "about to be ready")
    with attached.service(Settings(data=apart.data), said.append) as server:
        assert server == attached.Reached(apart.url, is_started=False)


def test_a_server_that_does_not_run_is_started_and_stopped_at_the_end(apart: Service, said: list[str]) -> None:
    with attached.service(Settings(data=apart.data), said.append) as server:
        assert httpx.get(f"{server.url}/readyz").status_code == httpx.codes.OK
    assert "no server runs" in " ".join(said)
    assert apart.processes() == []


def test_a_killed_command_takes_the_server_it_started_with_it(apart: Service) -> None:
    command = subprocess.Popen(  # noqa: S603 - a program of this test
        [sys.executable, "-c", HELD_UNTIL_KILLED, str(apart.data)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert command.stdout is not None
    assert command.stdin is not None
    with command.stdout as told, command.stdin:
        wait_until(lambda: told.readline().startswith(b"http://"), "ready")
        os.kill(command.pid, signal.SIGKILL)
        command.wait()
    wait_until(lambda: not apart.processes(), f"nothing left, but {apart.processes()}")


def test_a_server_on_another_database_is_not_mistaken_for_this_one(apart: Service, said: list[str]) -> None:
    apart.start_until_ready()
    settings = Settings(data=apart.data, database_url="postgresql://somebody:secret@elsewhere/ledger")
    with pytest.raises(NotReachable, match=r"LEDGER_DATABASE_URL is postgresql://elsewhere/ledger: set it as there"):  # noqa: SIM117
        with attached.service(settings, said.append):
            pass


def test_a_service_that_cannot_start_says_why(open_folder: Path, said: list[str]) -> None:
    in_the_way = open_folder / "file"
    in_the_way.write_text("")
    with pytest.raises(NotReachable, match="cannot be used as a data folder"):  # noqa: SIM117
        with attached.service(Settings(data=in_the_way), said.append):
            pass
