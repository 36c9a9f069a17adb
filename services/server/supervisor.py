"""Owns the processes of one running service: PostgreSQL, the HTTP server, the worker. None outlives it; one that dies
is started again.

Everything here runs in the main thread, because the kernel ties a child to the thread that starts it.
"""

import asyncio
import dataclasses
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import FrameType

from services.runtime import postgres
from services.runtime.migrate import migrate
from services.runtime.postgres_place import why_closed
from services.runtime.processes import POLL_INTERVAL_S, LockHeld, tied_to_this_process
from services.runtime.settings import DEFAULT_PORT, HIGHEST_PORT, HOST, HOST_6, Settings, new_instance
from services.server import server_file
from services.server.children import Child, Children, Process, cause
from services.server.server_file import RunningServer

OTHER_START_DEADLINE_S = 20.0
READY_DEADLINE_S = 60.0
READY_REQUEST_TIMEOUT_S = 5.0
TAKEOVER_INTERVAL_S = 0.5

POSTGRESQL = "PostgreSQL"
HTTP_SERVER = "the HTTP server"
WORKER = "the worker"
SERVICE_WITH_WORKER = "projections"

Say = Callable[[str], None]


class CannotStart(Exception):
    """The service cannot start. The message says what to do."""


class _StopRequested(BaseException):
    """Raised in the main thread when SIGTERM or Ctrl-C arrives, so that everything is undone in order."""


@dataclass(slots=True)
class _Stop:
    """Whether SIGTERM or Ctrl-C has come.

    While the service starts, the signal also interrupts whatever it waits for. Not later: Python discards what a
    handler raises inside a fork, so code that can stop easily checks `requested` as well.
    """

    requested: bool = False
    is_starting: bool = True

    def request(self, _number: int, _frame: FrameType | None) -> None:
        first, self.requested = not self.requested, True
        if first and self.is_starting:  # A second Ctrl-C must not cut the stopping short.
            raise _StopRequested

    def check(self) -> None:
        if self.requested:
            raise _StopRequested


@dataclass(frozen=True, slots=True)
class Job:
    """A program to run once beside the service: `python -m` with these arguments.

    `when_done` gets its standard output, which must be short, once it has succeeded.
    """

    name: str
    arguments: tuple[str, ...]
    when_done: Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class _Programs:
    """How the Python processes of one service are started."""

    settings: Settings
    locks: tuple[int, ...]  # Waiting for these locks includes waiting for the port.
    listeners: Sequence[socket.socket]

    def start(
        self,
        *arguments: str,
        stdin: int = subprocess.DEVNULL,
        stdout: int | None = None,
        inherited: tuple[int, ...] = (),
    ) -> Process:
        return subprocess.Popen(  # noqa: S603 - our own modules, and no argument comes from a request
            [sys.executable, "-m", *arguments],
            env=os.environ
            | {
                "LEDGER_DATA": str(self.settings.data),
                "PORT": str(self.settings.port),
                "LEDGER_ORIGIN": self.settings.origin,
                "LEDGER_INSTANCE": self.settings.instance,
            },
            stdin=stdin,
            stdout=stdout,
            pass_fds=(*self.locks, *inherited),
            process_group=0,  # Ctrl-C in the terminal is for the supervisor.
            preexec_fn=tied_to_this_process(signal.SIGKILL),
        )

    def start_http(self, services: Collection[str]) -> Process:
        """Start the HTTP server, which does its imports while it waits for the URL of its database."""
        listeners = tuple(listener.fileno() for listener in self.listeners)
        arguments = ("services.server.http", *services, "--listeners", *map(str, listeners))
        return self.start(*arguments, stdin=subprocess.PIPE, inherited=listeners)

    def start_worker(self) -> Process:
        return self.start("services.server.worker", stdin=subprocess.PIPE)


class _Database:
    """The service's database: LEDGER_DATABASE_URL, or the data folder's own PostgreSQL, run by this supervisor, or by
    another one on the same folder, from which this one takes over when it has gone."""

    def __init__(self, settings: Settings, held: ExitStack, children: Children, say: Say) -> None:
        self._settings, self._held, self._children, self._say = settings, held, children, say
        self._is_of_another = False
        self._look_again_at_s = 0.0
        self.url = settings.database_url or ""

    @property
    def folder(self) -> Path:
        return self._settings.data / "postgres"

    def start(self) -> None:
        """Return when the database answers. Raises PostgresError."""
        if self.url:
            return
        self._say(f"{'starting' if self.folder.exists() else 'making'} the database in {self.folder}")

        def tell() -> None:
            self._say(f"another process holds {self.folder}: waiting until its PostgreSQL is ready, or gone")

        cluster = postgres.take_or_find(self._held, self.folder, bindir=self._settings.pg_bindir, on_wait=tell)
        if isinstance(cluster, postgres.Cluster):
            self.url = cluster.url
            cluster.wait_until_ready(self._own(cluster).start())
        else:
            self.url = cluster
            self._is_of_another = True
            self._say("its PostgreSQL is already running and is shared")

    def tend(self) -> None:
        """Take over from the other supervisor if it has gone."""
        if not self._is_of_another or time.monotonic() < self._look_again_at_s:
            return
        self._look_again_at_s = time.monotonic() + TAKEOVER_INTERVAL_S
        if (cluster := postgres.take(self._held, self.folder, bindir=self._settings.pg_bindir)) is not None:
            self._say("the process that ran PostgreSQL has gone: running it from here")
            self._own(cluster)
            self._is_of_another = False

    def _own(self, cluster: postgres.Cluster) -> Child:
        child = Child(POSTGRESQL, cluster.start, lambda process: postgres.stop(process, self._say), cluster.is_ready)
        self._children.take(child, first=True)
        return child


def serve(
    settings: Settings,
    services: Collection[str],
    say: Say,
    when_ready: Callable[[str], Iterable[Job]],
    is_over: Callable[[], bool] = lambda: False,
) -> None:
    """Start the services, and return when SIGTERM or Ctrl-C has stopped them, or `is_over` is true. A process that dies
    meanwhile is started again.

    `when_ready` is called with the database's URL once the services answer, and returns the jobs to start then. Raises
    CannotStart, PostgresError, DatabaseError.
    """
    stop = _Stop()
    settings = dataclasses.replace(settings, instance=new_instance())
    try:
        # Locks are released after the children that need them have stopped.
        with _stop_signals(stop), ExitStack() as held, ExitStack() as parts:
            locks = _lock_data_folder(held, settings.data, services, say)
            programs = _Programs(settings, locks, _listen(settings.port))
            children = Children(say)
            parts.callback(children.stop_all)
            # Closed before the children stop, so that no client waits at a port that is no longer served.
            for listener in programs.listeners:
                parts.enter_context(listener)
            database = _Database(settings, held, children, say)
            server = Child(HTTP_SERVER, lambda: _hand_over(database.url, programs.start_http(services)))
            server.process = programs.start_http(services)
            children.take(server)
            database.start()
            say(f"bringing the database up to date, and starting {HTTP_SERVER} on port {settings.port}")
            asyncio.run(migrate(database.url))
            _hand_over(database.url, server.process)
            _wait_until_ready(settings, children, stop)
            stop.is_starting = False
            parts.enter_context(server_file.announced(settings.data, _running_server(settings, services)))
            if SERVICE_WITH_WORKER in services:
                children.take(Child(WORKER, lambda: _hand_over(database.url, programs.start_worker())))
            for job in when_ready(database.url):
                children.take(_child_for(job, programs))
            while not stop.requested and not is_over():
                children.tend()
                database.tend()
                time.sleep(POLL_INTERVAL_S)
    except _StopRequested:
        pass
    except Exception:  # asyncio mistakes the stop for a broken connection if it arrives in the middle of a read.
        if not stop.requested:
            raise
    say("stopped")


@contextmanager
def _stop_signals(stop: _Stop) -> Iterator[None]:
    numbers = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # Under nohup it stays ignored.
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop.request) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _lock_data_folder(held: ExitStack, data: Path, services: Collection[str], say: Say) -> tuple[int, ...]:
    """Hold the locks of the services on the data folder until `held` ends, and return their descriptors."""

    def other() -> str:
        for service in services:
            if (other := server_file.find(data, service)) is not None:
                return f"the service at {other.url}, process {other.pid}, runs on {data}"
        return f"another server is still starting or running on {data}"

    try:
        data.mkdir(parents=True, exist_ok=True)
        if not os.access(data, os.W_OK | os.X_OK):
            raise CannotStart(why_closed(data))

        def tell() -> None:
            say(f"{other()}: waiting for it to go")

        return server_file.lock_services(held, data, services, OTHER_START_DEADLINE_S, tell)
    except PermissionError as error:
        raise CannotStart(why_closed(data)) from error
    except OSError as error:
        raise CannotStart(f"{data} cannot be used as a data folder: {error.strerror}") from error
    except LockHeld as held_by_another:
        raise CannotStart(
            f"{other()}, and has not gone within {OTHER_START_DEADLINE_S:.0f} s. Stop it, or use another folder and "
            "port: LEDGER_DATA=... PORT=8001"
        ) from held_by_another


def _listen(port: int) -> list[socket.socket]:
    """Take the port until the end of the service: clients wait at it while the HTTP server starts or restarts.

    At both addresses of the loopback, if there are two: what another program served at one of them would be taken for
    this service by whoever calls `localhost`.
    """
    with ExitStack() as taken:
        # They listen at once: two sockets may be bound to one port as long as neither listens.
        listeners = [taken.enter_context(_listener(family, host, port)) for family, host in _loopbacks()]
        taken.pop_all()
        return listeners


def _loopbacks() -> Iterator[tuple[socket.AddressFamily, str]]:
    yield socket.AF_INET, HOST
    with suppress(OSError), socket.create_server((HOST_6, 0), family=socket.AF_INET6):
        yield socket.AF_INET6, HOST_6


def _listener(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        is_reserved = isinstance(error, PermissionError) or port == HIGHEST_PORT
        another = DEFAULT_PORT if is_reserved else port + 1
        why = os.strerror(error.errno or 0)  # Python adds the address to the text of the error.
        raise CannotStart(f"port {port} of {host} cannot be used ({why}): try PORT={another} make run") from error


def _hand_over(url: str, process: Process) -> Process:
    """Send a process the URL of its database, by a pipe: the password appears in no process list and no environment."""
    assert process.stdin is not None  # noqa: S101 - it was started with a pipe
    with suppress(BrokenPipeError), process.stdin as pipe:  # If it has died, its supervisor will notice.
        pipe.write(url.encode())
    return process


def _wait_until_ready(settings: Settings, children: Children, stop: _Stop) -> None:
    give_up_at = time.monotonic() + READY_DEADLINE_S

    def check() -> None:
        stop.check()
        for child in children.the_dead():
            raise CannotStart(f"{child.name} died ({cause(child)}) while starting: see its log above")
        if time.monotonic() > give_up_at:
            raise CannotStart(
                f"{HTTP_SERVER} does not answer /readyz after {READY_DEADLINE_S:.0f} s: see its log above"
            )

    while not _answers_ready(settings, check):
        check()
        time.sleep(POLL_INTERVAL_S)


def _answers_ready(settings: Settings, check_while_waiting: Callable[[], None]) -> bool:
    """Whether this very start answers as ready. The request waits at the port until the HTTP server is up."""
    with closing(http.client.HTTPConnection(HOST, settings.port, timeout=READY_REQUEST_TIMEOUT_S)) as connection:
        try:
            connection.request("GET", "/readyz")
            while not select.select([connection.sock], [], [], POLL_INTERVAL_S)[0]:
                check_while_waiting()
            answer = connection.getresponse()
            return answer.status == HTTPStatus.OK and server_file.instance_in(answer.read()) == settings.instance
        except (OSError, http.client.HTTPException):
            return False


def _running_server(settings: Settings, services: Collection[str]) -> RunningServer:
    return RunningServer(
        pid=os.getpid(),
        url=f"http://{HOST}:{settings.port}",
        services=tuple(services),
        database=server_file.name_of_database(settings.database_url),
        instance=settings.instance,
    )


def _child_for(job: Job, programs: _Programs) -> Child:
    def pass_on(process: Process) -> None:
        assert process.stdout is not None  # noqa: S101 - it was started with a pipe
        with process.stdout as pipe:
            job.when_done(pipe.read())

    return Child(job.name, lambda: programs.start(*job.arguments, stdout=subprocess.PIPE), when_done=pass_on)
