"""How a command reaches the data folder's database or HTTP server: a running one is used, otherwise one is started."""

import asyncio
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from services.runtime import postgres
from services.runtime.database import DATABASE_ERRORS, DatabaseError, open_session, what_to_do
from services.runtime.migrate import check_version, migrate
from services.runtime.processes import POLL_INTERVAL_S, tied_to_this_process
from services.runtime.settings import HOST, Settings
from services.server import server_file
from services.server.server_file import RunningServer

SERVICE_DEADLINE_S = 120.0  # The first start creates a database.
SERVICE_STOP_DEADLINE_S = 60.0
ENTRANCE = "ledger"
"""The service whose routes the commands use."""
STANDINGS = "projections"
"""The service that answers standings."""

Say = Callable[[str], None]


class NotReachable(Exception):
    """The service cannot be reached, nor started. The message says what to do."""


@contextmanager
def database(settings: Settings, say: Say) -> Iterator[str]:
    """Yield the URL of the database: LEDGER_DATABASE_URL, or the data folder's own, used if it runs, otherwise started
    for this block and migrated. A running one has been reached and has this release's version.

    Raises NotReachable, PostgresError, DatabaseError.
    """
    refuse_another_database(settings)
    with database_as_it_is(settings, say) as (url, is_started):
        asyncio.run(migrate(url) if is_started else _check(url))
        yield url


@contextmanager
def database_as_it_is(settings: Settings, say: Say) -> Iterator[tuple[str, bool]]:
    """Like `database`, whatever its version; and whether it was started for this block."""
    if settings.database_url is not None:
        yield settings.database_url, False
        return
    with ExitStack() as parts:
        yield _own_database(parts, settings, say)


async def _check(url: str) -> None:
    connection = await open_session(url, "ledgerctl")
    try:
        await check_version(connection)
    except DATABASE_ERRORS as error:
        raise DatabaseError(what_to_do(error)) from error
    finally:
        await connection.close()


def refuse_another_database(settings: Settings) -> None:
    """Raise NotReachable if a server runs on the data folder but uses another database than the settings."""
    for name in server_file.SERVICES:
        running_server(settings, name)


def running_server(settings: Settings, service: str = ENTRANCE) -> RunningServer | None:
    """Return the HTTP server that is ready on the data folder, or None. Raises NotReachable if it uses another database
    than the settings. `is_answered` says whether it is the one that answers at its URL."""
    server = server_file.find(settings.data, service)
    own = server_file.name_of_database(settings.database_url)
    if server is not None and server.database != own:
        raise NotReachable(
            f"the server at {server.url} works on {server.database or settings.data}, and here LEDGER_DATABASE_URL "
            f"{f'names {own}' if own else 'is not set'}: set it as there, or name another folder by LEDGER_DATA"
        )
    return server


def is_answered(server: RunningServer) -> bool:
    """Whether the server answers at its URL. Raises NotReachable if another one does."""
    instance = server_file.instance_at(server.url)
    if instance is not None:
        check_instance(server, instance)
    return instance is not None


def check_instance(server: RunningServer, instance: str) -> None:
    """Raise NotReachable if the instance that answers at the server's URL is another one."""
    if instance != server.instance:
        raise NotReachable(
            f"port {urlsplit(server.url).port} is answered by another instance, not by the server of this data folder, "
            f"process {server.pid}: stop one of the two, and start it again with another PORT"
        )


@dataclass(frozen=True, slots=True)
class Reached:
    """The HTTP server at a base URL; and whether it was started for this command, and ends with it."""

    url: str
    is_started: bool


@contextmanager
def service(settings: Settings, say: Say, serve: Sequence[str]) -> Iterator[Reached]:
    """Yield the HTTP server of the ledger on the data folder, used if it runs, otherwise started for this block by the
    command `serve`, to which a port is added. Raises NotReachable."""
    if (url := _url_of_running(settings, say)) is not None:
        yield Reached(url, is_started=False)
        return
    say(f"no server runs on {settings.data}: starting one for this command")
    with tempfile.TemporaryFile() as log, _own_service(settings, serve, log) as process:
        yield Reached(_url_once_ready(settings, process, log), is_started=True)


def how_to_start(settings: Settings) -> tuple[str, int]:
    """Return the command that starts the missing services on the data folder, and its port."""
    if server_file.is_held(settings.data, STANDINGS):  # At most one of each kind runs on a folder.
        return f"ledgerctl serve {ENTRANCE} --port {settings.port + 1}", settings.port + 1
    return "ledgerctl serve", settings.port


def _own_database(parts: ExitStack, settings: Settings, say: Say) -> tuple[str, bool]:
    folder = settings.data / "postgres"

    def tell() -> None:
        say(f"another process holds {folder}: waiting until its PostgreSQL is ready, or gone")

    cluster = postgres.take_or_find(parts, folder, bindir=settings.pg_bindir, on_wait=tell)
    if isinstance(cluster, str):
        return cluster, False
    process = cluster.start()
    parts.callback(postgres.stop, process)
    cluster.wait_until_ready(process)
    return cluster.url, True


def _url_of_running(settings: Settings, say: Say) -> str | None:
    """Return the URL of the server on the data folder, once it has started, or None if there is none."""
    give_up_at = time.monotonic() + SERVICE_DEADLINE_S
    waits = False
    while (server := running_server(settings)) is None or not is_answered(server):
        if not server_file.is_held(settings.data, ENTRANCE):
            return None
        if time.monotonic() > give_up_at:
            raise NotReachable(
                f"a server on {settings.data} is not ready after {SERVICE_DEADLINE_S:.0f} s: see its log"
            )
        if not waits:
            say(f"a server starts, or stops, on {settings.data}: waiting for it")
            waits = True
        time.sleep(POLL_INTERVAL_S)
    return server.url


@contextmanager
def _own_service(settings: Settings, serve: Sequence[str], log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - our own command, and no argument comes from a request
        [*serve, "--port", str(_free_port())],
        env=os.environ | {"LEDGER_DATA": str(settings.data)},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        process_group=0,  # Ctrl-C in the terminal is for this command, which stops the service last.
        preexec_fn=tied_to_this_process(signal.SIGTERM),
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(SERVICE_STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()  # Its children die with it.
            process.wait()


def _url_once_ready(settings: Settings, process: subprocess.Popen[bytes], log: IO[bytes]) -> str:
    give_up_at = time.monotonic() + SERVICE_DEADLINE_S
    while (server := running_server(settings)) is None or not is_answered(server):
        if process.poll() is not None or time.monotonic() > give_up_at:
            log.seek(0)
            raise NotReachable(f"the service did not start. Its output:\n{log.read().decode(errors='replace').strip()}")
        time.sleep(POLL_INTERVAL_S)
    return server.url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
