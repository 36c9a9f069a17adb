"""Owns the processes of one running service: PostgreSQL and the HTTP server. None outlives it; if one dies, all stop.

Everything here runs in the main thread, because the kernel ties a child to the thread that starts it.
"""

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from types import FrameType

from services.runtime import postgres
from services.runtime.migrate import migrate
from services.runtime.processes import POLL_INTERVAL_S, LockHeld, exclusive_lock, tied_to_this_process
from services.runtime.settings import Settings

HOST = "127.0.0.1"
OTHER_START_DEADLINE_S = 20.0
READY_DEADLINE_S = 60.0
READY_REQUEST_TIMEOUT_S = 5.0
HTTP_STOP_DEADLINE_S = 10.0

Say = Callable[[str], None]


class CannotStart(Exception):
    """The service cannot start. The message says what to do."""


class ProcessDied(Exception):
    """A process of the running service died. The message says which, and what to do."""


class _StopRequested(BaseException):
    """Raised out of whatever the main thread does when SIGTERM or Ctrl-C arrives, so that all is undone in order."""


def serve(settings: Settings, say: Say, announce: Callable[[], None]) -> None:
    """Start everything, call `announce` once it answers, and return when SIGTERM or Ctrl-C has stopped it.

    Raises CannotStart, PostgresError, DatabaseError, ProcessDied.
    """
    try:
        with _stop_signals(), ExitStack() as parts:
            lock = _lock_data_folder(parts, settings.data, say)
            _check_port_is_free(settings.port)
            processes: dict[str, subprocess.Popen[bytes]] = {}
            url = settings.database_url
            if url is None:
                folder = settings.data / "postgres"
                say(f"{'starting' if folder.exists() else 'making'} the database in {folder}")
                server = parts.enter_context(postgres.running(folder, bindir=settings.pg_bindir))
                processes["PostgreSQL"] = server.process
                url = server.url
            say(f"bringing the database up to date, and starting the HTTP server on port {settings.port}")
            # It imports what it needs meanwhile, and waits for the URL before it opens the port.
            http_server = parts.enter_context(_http_server(settings, lock))
            processes["the HTTP server"] = http_server
            asyncio.run(migrate(url))
            _hand_over(url, http_server)
            _wait_until_ready(settings.port, processes)
            announce()
            _wait_for_a_death(processes)
    except _StopRequested:
        say("stopped")


@contextmanager
def _stop_signals() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        for each in numbers:  # Once is enough: a second Ctrl-C must not cut the stopping short.
            signal.signal(each, signal.SIG_IGN)
        raise _StopRequested

    numbers = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # Under nohup it stays ignored.
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _lock_data_folder(parts: ExitStack, data: Path, say: Say) -> int:
    """Hold the lock of the data folder until `parts` end, and return its descriptor."""

    def tell() -> None:
        say(f"another start still runs on {data}: waiting for it to go")

    try:
        data.mkdir(parents=True, exist_ok=True)
        return parts.enter_context(exclusive_lock(data / "lock", OTHER_START_DEADLINE_S, tell))
    except PermissionError as error:
        raise CannotStart(
            f"{error.filename} is closed to this user: another user started it first. Start it as that user, or name "
            "another folder by LEDGER_DATA."
        ) from error
    except OSError as error:
        raise CannotStart(f"{data} cannot be used as a data folder: {error.strerror}") from error
    except LockHeld as held:
        raise CannotStart(f"{held}. Stop the other one, or use another folder: LEDGER_DATA=... PORT=8001") from held


def _check_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(f"port {port} cannot be used ({error.strerror}): try PORT={port + 1} make run") from error


@contextmanager
def _http_server(settings: Settings, lock: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "services.server.http"],
        env={**os.environ, "PORT": str(settings.port), "LEDGER_ORIGIN": settings.origin},
        stdin=subprocess.PIPE,
        pass_fds=(lock,),  # Whoever waits for this lock waits for the port too.
        process_group=0,  # Ctrl-C in the terminal is for the supervisor.
        preexec_fn=tied_to_this_process(signal.SIGKILL),
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(HTTP_STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _hand_over(url: str, http_server: subprocess.Popen[bytes]) -> None:
    """Tell the HTTP server its database, by a pipe: the password appears in no list of processes and no environment."""
    assert http_server.stdin is not None  # noqa: S101 - `_http_server` asked for a pipe
    with suppress(BrokenPipeError), http_server.stdin as pipe:  # If it has died, the wait that follows says so.
        pipe.write(url.encode())


def _wait_until_ready(port: int, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    give_up_at = time.monotonic() + READY_DEADLINE_S
    while not _answers_ready(port):
        _check_all_live(processes)
        if time.monotonic() > give_up_at:
            raise CannotStart(
                f"the HTTP server does not answer /readyz after {READY_DEADLINE_S:.0f} s: see its log above"
            )
        time.sleep(POLL_INTERVAL_S)


def _answers_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=READY_REQUEST_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_for_a_death(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    while True:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)  # Sleeps until a child is dead, and leaves it to `poll`.
        _check_all_live(processes)


def _check_all_live(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise ProcessDied(
                f"{name} died ({_cause(process.returncode)}), so everything was stopped. Whatever was answered 201 is "
                "safe: start again."
            )


def _cause(returncode: int) -> str:
    return f"signal {signal.Signals(-returncode).name}" if returncode < 0 else f"exit code {returncode}"
