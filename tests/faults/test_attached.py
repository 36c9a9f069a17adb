"""A command uses what runs on the data folder, or else starts it for itself and leaves nothing behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from services.cli.terms import FAILED, MODULE, NOT_REACHABLE
from services.client import attached
from services.client.attached import NotReachable
from services.client.sending import CHUNK_LINES, Sender
from services.ledger.api import examples
from services.runtime.migrate import newest_version
from services.runtime.settings import Settings, new_instance
from services.server import server_file
from services.server.server_file import RunningServer
from tests.api.client import LEDGER, NEW_LEDGER
from tests.cli.conftest import Command
from tests.faults.service import DEADLINE_S, ROOT, Service, standing_in, wait_until

SERVE = (sys.executable, "-m", MODULE, "serve", "ledger")
HELD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from services.client.attached import service
from services.runtime.settings import Settings
with service(Settings(data=Path(sys.argv[1])), print, sys.argv[2:]) as server:
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
    with attached.service(Settings(data=apart.data), said.append, SERVE) as server:
        assert server == attached.Reached(apart.url, is_started=False)
    with attached.database(Settings(data=apart.data), said.append) as database_url:
        assert database_url == apart.database_url
    assert apart.is_ready()
    assert said == []


def test_a_server_that_just_starts_is_waited_for(apart: Service, said: list[str]) -> None:
    apart.start()
    wait_until(lambda: "bringing the database" in apart.said, "about to be ready")
    with attached.service(Settings(data=apart.data), said.append, SERVE) as server:
        assert server == attached.Reached(apart.url, is_started=False)


def test_a_server_that_does_not_run_is_started_and_stopped_at_the_end(apart: Service, said: list[str]) -> None:
    with attached.service(Settings(data=apart.data), said.append, SERVE) as server:
        assert httpx.get(f"{server.url}/readyz").status_code == httpx.codes.OK
    assert "no server runs" in " ".join(said)
    assert apart.processes() == []


def test_a_killed_command_takes_the_server_it_started_with_it(apart: Service) -> None:
    command = subprocess.Popen(  # noqa: S603 - a program of this test
        [sys.executable, "-c", HELD_UNTIL_KILLED, str(apart.data), *SERVE],
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
    with pytest.raises(NotReachable, match=r"LEDGER_DATABASE_URL names elsewhere:5432/ledger: set it as there"):  # noqa: SIM117
        with attached.service(settings, said.append, SERVE):
            pass


@contextmanager
def told_of(data: Path, url: str) -> Iterator[Command]:
    """A data folder whose server is alive by its lock and `server.json`, at a URL where another one answers."""
    data.mkdir()
    gone = RunningServer(os.getpid(), url, server_file.SERVICES, None, new_instance())
    with ExitStack() as held:
        server_file.lock_services(held, data, server_file.SERVICES, deadline_s=0, on_wait=lambda: None)
        with server_file.announced(data, gone):
            yield Command(data, None)


def assert_refused(ledgerctl: Command, port: int, file: Path) -> None:
    """Assert that `import` refuses the server at the port, and that `doctor` reports it."""
    told = f"port {port} is answered by another instance, not by the server of this data folder, process {os.getpid()}"
    imported = ledgerctl("import", file, "--ledger", "chengdu")
    assert (imported.returncode, told in imported.stderr) == (NOT_REACHABLE, True), imported.stderr
    looked = ledgerctl("doctor", "--json")
    assert looked.returncode == FAILED
    (server,) = (finding for finding in json.loads(looked.stdout)["findings"] if finding["check"] == "server")
    assert (server["status"], told in server["detail"]) == ("failed", True), server


def test_nothing_is_appended_to_the_ledger_of_another_instance_on_the_port(
    apart: Service, open_folder: Path, tmp_path: Path
) -> None:
    apart.start_until_ready()
    made = httpx.put(f"{apart.url}{LEDGER}", json=NEW_LEDGER)
    with told_of(open_folder / "taken-over", apart.url) as ledgerctl:
        assert_refused(ledgerctl, apart.port, events_in(tmp_path, 1))
    assert made.json()["head"] == head_of(apart)


def test_a_stand_in_that_answers_with_200_is_asked_for_its_instance_alone(open_folder: Path, tmp_path: Path) -> None:
    with standing_in() as other, told_of(open_folder / "stood-in-for", other.url) as ledgerctl:
        assert_refused(ledgerctl, other.port, events_in(tmp_path, 1))
        assert set(other.asked) == {"/livez"}


def test_a_request_goes_over_the_connection_on_which_the_instance_was_named(said: list[str]) -> None:
    """If that is closed, another server may answer on the next one."""
    with standing_in("ours", "theirs") as other, httpx.Client() as client:
        server = RunningServer(os.getpid(), other.url, server_file.SERVICES, None, "ours")
        sender = Sender(client, lambda: server, "chengdu", said.append, validate_only=False)
        with pytest.raises(NotReachable, match="is answered by another instance"):
            sender.check_ledger()
        assert other.asked == ["/livez", "/livez"]


def test_an_import_waits_for_its_killed_server_and_sends_nothing_to_another_on_its_port(
    apart: Service, open_folder: Path, tmp_path: Path
) -> None:
    apart.start_until_ready()
    before = httpx.put(f"{apart.url}{LEDGER}", json=NEW_LEDGER).json()["head"]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = Command(apart.data, None).start("import", pipe, "--ledger", "chengdu")
    other, again = Service(open_folder / "other", apart.port), Service(apart.folder)
    other.folder.mkdir()
    try:
        with pipe.open("w") as writer:
            lines = events_in(tmp_path, CHUNK_LINES + 2).read_text().splitlines(keepends=True)
            writer.writelines(lines[: CHUNK_LINES + 1])  # It sends a chunk when it has read one line more.
            writer.flush()
            wait_until(lambda: head_of(apart) == before + CHUNK_LINES, "the first chunk is appended")
            apart.kill("supervisor")
            apart.exit_code()
            wait_until(lambda: not apart.runs("HTTP"), "killed")
            other.start_until_ready()
            made = httpx.put(f"{other.url}{LEDGER}", json=NEW_LEDGER)
            writer.writelines(lines[CHUNK_LINES + 1 :])
        assert process.stderr is not None
        # Before, it may say that the answer to its first chunk did not come.
        assert any("no server is ready" in line for line in iter(process.stderr.readline, ""))
        again.start_until_ready()
        _, stderr = process.communicate(timeout=DEADLINE_S)
        assert process.returncode == 0, stderr
        assert (head_of(again), head_of(other)) == (before + len(lines), made.json()["head"])
    finally:
        for service in (other, again):
            if service.is_alive():
                service.stop()


def events_in(folder: Path, count: int) -> Path:
    file = folder / "events.jsonl"
    with file.open("w") as lines:
        for _ in range(count):
            event = {**examples.NEW_EVENT, "event_id": str(uuid4()), "practitioner_id": "P-1"}
            lines.write(json.dumps(event) + "\n")
    return file


def head_of(service: Service) -> int:
    position: int = httpx.get(f"{service.url}{LEDGER}").json()["head"]
    return position


def test_a_service_that_cannot_start_says_why(open_folder: Path, said: list[str]) -> None:
    in_the_way = open_folder / "file"
    in_the_way.write_text("")
    with pytest.raises(NotReachable, match="cannot be used as a data folder"):  # noqa: SIM117
        with attached.service(Settings(data=in_the_way), said.append, SERVE):
            pass
