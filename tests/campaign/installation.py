"""Services and a PostgreSQL as an operator runs them, in real processes, with everything on the way that can fail."""

import asyncio
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from services.runtime import postgres
from services.runtime.postgres import Cluster
from services.runtime.postgres_place import PostgresError
from tests.conftest import open_folder
from tests.faults.proxy import Proxy, proxied
from tests.faults.service import DEADLINE_S, LEDGERCTL, POLL_INTERVAL_S, ROOT, Service

LIMITS = 0.1
"""The factor on every limit of the services under test."""
LONGEST_LIMIT_S = 30.0 * LIMITS
SHORTEST_LIMIT_S = 4.0 * LIMITS
LIBFAKETIME = ("usr/lib/*/faketime/libfaketimeMT.so.1", "usr/lib*/faketime/libfaketimeMT.so.1")
# The supervisor keeps its own clock: under libfaketime, Python's `time.sleep` fails.
LEDGERCTL_BY_ANOTHER_PYTHON = """
import sys
from services.cli.entry import main
_, sys.executable, *sys.argv = sys.argv
main()
"""
TMPFS_BYTES = 2 << 30
OUTPUT_BYTES = 2_000
MAX_WAL = "128MB"
OTHER_SESSIONS = """
SELECT count(*)
  FROM pg_stat_activity
 WHERE backend_type = 'client backend'
   AND pid <> pg_backend_pid()
"""


@dataclass
class OfferedService(Service):
    """A service on a database that it does not run itself."""

    database: str = ""
    python: Path = Path(sys.executable)
    """By which the supervisor runs the HTTP server and the worker."""

    def start(self, *arguments: str, by_make: bool = False) -> None:
        assert not by_make
        if self.process is not None:
            self.exit_code()
        with self._output_file.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - the program under test
                [sys.executable, "-c", LEDGERCTL_BY_ANOTHER_PYTHON, str(self.python), "ledgerctl", "serve", *arguments],
                cwd=ROOT,
                env=self._environment | {"PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def output(self) -> str:
        """The end of what it has written."""
        with self._output_file.open("rb") as output:
            output.seek(max(0, output.seek(0, os.SEEK_END) - OUTPUT_BYTES))
            return output.read().decode(errors="replace")

    def ledgerctl(self, *arguments: str) -> str:
        ended = subprocess.run(  # noqa: S603 - the program under test
            [str(LEDGERCTL), *arguments], cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "LEDGER_DATA": str(self.data),
            "LEDGER_DATABASE_URL": self.database,
            "LEDGER_TEST_LIMITS": str(LIMITS),
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
        }


@dataclass
class Database:
    """A PostgreSQL of the test's own, with full durability. It is started again when it is killed."""

    cluster: Cluster
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def url(self) -> str:
        return self.cluster.url

    def processes(self) -> list[int]:
        """Return the postmaster and its children."""
        return [self.process.pid, *(pid for pid in _pids() if _parent_of(pid) == self.process.pid)]

    def sessions(self) -> list[int]:
        return [pid for pid in self.processes() if b"postgres: ledger postgres" in _read(pid, "cmdline")]

    async def revive(self) -> None:
        """Start it again if it has ended, as often as it takes."""
        give_up_at = time.monotonic() + DEADLINE_S
        while self.process.poll() is not None:
            self.process = self.cluster.start()
            try:
                await asyncio.to_thread(self.cluster.wait_until_ready, self.process)
            except PostgresError:  # What is left of the last one still goes.
                assert time.monotonic() < give_up_at
                await asyncio.sleep(POLL_INTERVAL_S)

    async def execute(self, statement: str) -> None:
        async with self._session() as session:
            await session.execute(statement)

    async def other_sessions(self) -> int:
        async with self._session() as session:
            count: int = await session.fetchval(OTHER_SESSIONS)
            return count

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[asyncpg.Connection]:
        session = await asyncpg.connect(self.url)
        try:
            yield session
        finally:
            await session.close()


@dataclass(frozen=True)
class SteppedClock:
    """The clock of one service, as libfaketime shows it to its HTTP server and its worker."""

    folder: Path

    def step(self, offset_s: float) -> None:
        """Set how far it is ahead of this machine's clock."""
        draft = self.folder / "offset.draft"
        draft.write_text(f"{offset_s:+g}\n")
        draft.rename(self.folder / "offset")

    def python(self, library: Path) -> Path:
        """Return a Python that goes by this clock."""
        settings = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.folder / "offset"),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        words = [*(f"{name}={shlex.quote(value)}" for name, value in settings.items()), "exec", sys.executable, '"$@"']
        python = self.folder / "python"
        python.write_text(f"#!/bin/sh\n{' '.join(words)}\n")
        python.chmod(0o755)
        return python


@dataclass
class Installation:
    """One database, services on it, each behind a proxy and with a clock of its own."""

    database: Database
    disk: Path | None
    """A small file system with the database on it, where one can be mounted."""
    services: list[OfferedService] = field(default_factory=list)
    proxies: list[Proxy] = field(default_factory=list)
    clocks: list[SteppedClock] = field(default_factory=list)

    async def run_everything(self) -> None:
        """Start what should run and does not.

        A service that starts while the database is away ends with a message: it is started again the next time.
        """
        await self.database.revive()
        for service in self.services:
            if not service.is_alive():
                service.start()

    async def until_ready(self) -> None:
        """Start everything that should run, and return when every service answers."""
        assert await self.is_ready_soon(), (
            f"not ready within {DEADLINE_S:.0f} s: {[one.output for one in self.services]}"
        )

    async def is_ready_soon(self) -> bool:
        """Start everything that should run, and say whether every service then answers.

        Nobody promises it while other things fail.
        """
        give_up_at = time.monotonic() + DEADLINE_S
        for service in self.services:
            while not (service.is_alive() and await asyncio.to_thread(service.is_ready)):
                if time.monotonic() > give_up_at:
                    return False
                await self.run_everything()
                await asyncio.sleep(POLL_INTERVAL_S)
        return True

    async def stop(self) -> None:
        """Stop every service, and assert that none leaves a process or a session behind."""
        for service in self.services:
            assert await asyncio.to_thread(service.stop) == 0, service.output
            assert service.processes() == []
        assert await self.database.other_sessions() == 0


@asynccontextmanager
async def installed(
    services: int, *, small_disk: bool = False, libfaketime: Path | None = None
) -> AsyncIterator[Installation]:
    """Yield a ready installation, and clean up everything afterwards."""
    async with AsyncExitStack() as held:
        folder = held.enter_context(open_folder())
        disk = held.enter_context(_mounted(folder / "disk")) if small_disk else None
        cluster = held.enter_context(postgres.prepared((disk or folder) / "postgres"))
        database = Database(cluster, cluster.start(), cluster.folder)
        held.callback(_end, database)
        await asyncio.to_thread(cluster.wait_until_ready, database.process)
        await database.execute(f"ALTER SYSTEM SET max_wal_size = '{MAX_WAL}'")
        await database.execute("SELECT pg_reload_conf()")
        installation = Installation(database, disk)
        for number in range(services):
            place = folder / f"service-{number}"
            place.mkdir()
            proxy = await held.enter_async_context(proxied(database.url))
            service = OfferedService(place, database=proxy.url)
            if libfaketime is not None:
                clock = SteppedClock(place)
                clock.step(0)
                service.python = clock.python(libfaketime)
                installation.clocks.append(clock)
            installation.services.append(service)
            installation.proxies.append(proxy)
            held.callback(_kill, service)
            # One after the other: the first makes the tables.
            await installation.until_ready()
        yield installation


@asynccontextmanager
async def service_beside(installation: Installation) -> AsyncIterator[OfferedService]:
    """Yield one more service on the same database, with no memory of what happened and no proxy in between."""
    with open_folder() as folder:
        service = OfferedService(folder, database=installation.database.url)
        try:
            await asyncio.to_thread(service.start_until_ready)
            yield service
            assert await asyncio.to_thread(service.stop) == 0
        finally:
            _kill(service)


def library() -> Path | None:
    """Return libfaketime, from Debian's package faketime; None if it is missing. CI must have it."""
    found = [path for pattern in LIBFAKETIME for path in Path("/").glob(pattern)]
    assert found or "CI" not in os.environ, "libfaketime is not there: apt-get install faketime"
    return found[0] if found else None


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Suspend processes for the length of the block."""
    try:
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            _signal(pid, signal.SIGCONT)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


@contextmanager
def _mounted(place: Path) -> Iterator[Path | None]:
    """Mount a small tmpfs. Yields None where that is not permitted."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES},mode=755", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603 - constants and our folder
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607 - as above


def _end(database: Database) -> None:
    for pid in database.processes():
        _signal(pid, signal.SIGCONT)
    if database.process.poll() is None:
        postgres.stop(database.process)


def _kill(service: Service) -> None:
    if service.is_alive():
        for pid in service.processes():
            _signal(pid, signal.SIGCONT)
        service.kill("supervisor")
        service.exit_code()


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _parent_of(pid: int) -> int:
    # The name of the program stands in brackets and may hold any character.
    _, _, rest = _read(pid, "stat").rpartition(b")")
    return int(rest.split()[1]) if rest else 0


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
