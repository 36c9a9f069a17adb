"""Runs the embedded PostgreSQL: a real server, on a socket only, that cannot outlive this process."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO
from urllib.parse import quote

from services.runtime.postgres_place import (
    Account,
    PostgresError,
    account,
    binaries,
    cluster_folder,
    owner_of,
    socket_folder,
    why_closed,
)
from services.runtime.processes import (
    POLL_INTERVAL_S,
    LockHeld,
    children_of,
    exclusive_lock,
    is_alive,
    is_locked,
    tied_to_this_process,
)

SUPERUSER = "ledger"
PASSWORD_BYTES = 24
ENVIRONMENT = MappingProxyType({"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"})
# With the libc's C as lc_ctype, pg_trgm would find no letter in Chinese text. `services.runtime.migrate` checks it.
LOCALE = ("--lc-ctype=C.UTF-8", "--lc-collate=C")
BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
FIRST_MAJOR_WITH_BUILTIN_LOCALE = 17
SERVER_SETTINGS = MappingProxyType(
    {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC", "log_timezone": "UTC"}
)

LEFTOVERS_DEADLINE_S = 30.0  # Backends that lost their postmaster leave within a second; a fast shutdown takes a few.
START_DEADLINE_S = 300.0  # Recovery after a crash replays at most max_wal_size of log.
FAST_STOP_DEADLINE_S = 30.0
IMMEDIATE_STOP_DEADLINE_S = 10.0
LARGEST_LOG_BYTES = 10_000_000
QUOTED_LOG_LINES = 15
STATUS_LINE = 7  # Of postmaster.pid, from 0.


@dataclass(frozen=True, slots=True)
class Server:
    url: str  # As asyncpg.connect takes it.
    process: subprocess.Popen[bytes]


class ClusterHeld(PostgresError):
    """Another process runs the PostgreSQL of this folder, or its remains have not exited yet."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One PostgreSQL data folder that this process holds, ready to be started, and started again."""

    folder: Path
    bindir: Path
    runs_as: Account
    lock: int  # Every process of the server inherits it, so the lock is free only when the last one is gone.
    sockets: Path
    log: IO[bytes]
    settings: Mapping[str, str]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def password_file(self) -> Path:
        return self.folder / "password"

    @property
    def log_file(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def url(self) -> str:
        """The same at every start."""
        return _url(self.password_file.read_text(), self.sockets)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and do not wait for it. Call it from the main thread, as the kernel ties the two."""
        options = (part for name, value in self.settings.items() for part in ("-c", f"{name}={value}"))
        return self.launch("postgres", "-D", self.data, "-k", self.sockets, *options)

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        return _ready_pid(self.data) == process.pid

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Raises PostgresError, with the end of the log, if the server stops or needs longer than START_DEADLINE_S."""
        give_up_at = time.monotonic() + START_DEADLINE_S
        while not self.is_ready(process):
            if process.poll() is not None:
                raise PostgresError(f"PostgreSQL stopped while starting.\n{_last_lines(self.log_file)}")
            if time.monotonic() > give_up_at:
                raise PostgresError(
                    f"PostgreSQL was not ready after {START_DEADLINE_S:.0f} s.\n{_last_lines(self.log_file)}"
                )
            time.sleep(POLL_INTERVAL_S)

    def launch(self, program: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own binaries, and no argument comes from a request
            [self.bindir / program, *arguments],
            cwd="/",
            env=dict(ENVIRONMENT),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            pass_fds=(self.lock,),
            process_group=0,  # Ctrl-C in the terminal is for the supervisor, who stops the server last.
            preexec_fn=tied_to_this_process(signal.SIGINT),
            **self.runs_as.as_popen_arguments(),
        )


@contextmanager
def running(
    folder: Path,
    *,
    bindir: Path | None = None,
    leftovers_deadline_s: float = LEFTOVERS_DEADLINE_S,
) -> Iterator[Server]:
    """Run the server of `folder`, which is made if it is not there, and stop it at the end. Raises PostgresError.

    Call it from the main thread: the kernel ties the server to the thread that starts it.
    """
    with prepared(folder, bindir=bindir, leftovers_deadline_s=leftovers_deadline_s) as cluster:
        process = cluster.start()
        try:
            cluster.wait_until_ready(process)
            yield Server(cluster.url, process)
        finally:
            stop(process)


@contextmanager
def prepared(
    folder: Path,
    *,
    bindir: Path | None = None,
    leftovers_deadline_s: float = LEFTOVERS_DEADLINE_S,
) -> Iterator[Cluster]:
    """Hold the cluster of `folder`, made if it is not there, until the end of the block. Its server does not run yet.

    Raises ClusterHeld if another still holds it after the deadline, PostgresError for what cannot be repaired here.
    """
    runs_as = account()
    place = cluster_folder(runs_as, folder.absolute())
    try:
        with exclusive_lock(place / "lock", leftovers_deadline_s) as lock:
            programs = binaries(runs_as, bindir)
            sockets = socket_folder(runs_as, place)
            try:
                with _log(place / "postgres.log", runs_as) as log:
                    cluster = Cluster(place, programs, runs_as, lock, sockets, log, SERVER_SETTINGS)
                    _ensure_data(cluster)
                    yield cluster
            finally:
                if sockets.parent != place:
                    shutil.rmtree(sockets, ignore_errors=True)
    except LockHeld as held:
        raise ClusterHeld(f"another PostgreSQL still runs on {place}: {held}") from None


def take(parts: ExitStack, folder: Path, *, bindir: Path | None = None) -> Cluster | None:
    """Return the cluster of `folder`, held until `parts` end, or None if another holds it. Raises PostgresError."""
    try:
        return parts.enter_context(prepared(folder, bindir=bindir, leftovers_deadline_s=0))
    except ClusterHeld:
        return None


def take_or_find(
    parts: ExitStack, folder: Path, *, bindir: Path | None = None, on_wait: Callable[[], None] = lambda: None
) -> Cluster | str:
    """Return the cluster of `folder`, held until `parts` end, or the URL of the server that another process runs on it.

    `on_wait` runs once if that server is not ready yet, or is still stopping. Raises PostgresError.
    """
    give_up_at = time.monotonic() + START_DEADLINE_S
    waits = False
    while True:
        # A running server comes first: root can use another user's server, but could not start it.
        if (found := _url_of_another(folder) or take(parts, folder, bindir=bindir)) is not None:
            return found
        if time.monotonic() > give_up_at:
            raise ClusterHeld(f"another process holds {folder}, and its PostgreSQL is not ready: ledgerctl doctor")
        if not waits:
            on_wait()
            waits = True
        time.sleep(POLL_INTERVAL_S)


def _url_of_another(folder: Path) -> str | None:
    """Return the URL of the server that another process runs on `folder`; None if it is not ready, or closed to us."""
    place = folder.resolve()
    try:
        if not is_locked(place / "lock") or (pid := _ready_pid(place / "data")) is None or not is_alive(pid):
            return None
        return _url((place / "password").read_text(), socket_folder(owner_of(place), place))
    except PermissionError:
        return None


@contextmanager
def _log(path: Path, runs_as: Account) -> Iterator[IO[bytes]]:
    if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
        path.unlink()
    try:
        log = path.open("ab")
    except PermissionError as error:
        raise PostgresError(why_closed(path)) from error
    with log:
        if runs_as.is_another:  # Otherwise no other user could continue the log that root began.
            os.fchown(log.fileno(), runs_as.uid, runs_as.gid)
        yield log


def _ensure_data(cluster: Cluster) -> None:
    ours = _major_version_of_binaries(cluster)
    if not cluster.data.exists():
        _initialise(cluster, ours)
    theirs = int((cluster.data / "PG_VERSION").read_text())
    if theirs != ours:
        raise PostgresError(
            f"{cluster.data} was written by PostgreSQL {theirs}, and the binaries in {cluster.bindir} are {ours}. "
            "Dump it with the old binaries (PG_BINDIR, pg_dump), move the folder away, start again and restore. "
            "Nothing was changed."
        )


def _major_version_of_binaries(cluster: Cluster) -> int:
    """Return 18 for `postgres (PostgreSQL) 18.6`."""
    try:
        version_line = subprocess.check_output(  # noqa: S603 - as in `launch`
            [cluster.bindir / "postgres", "--version"],
            env=dict(ENVIRONMENT),
            cwd="/",
            **cluster.runs_as.as_popen_arguments(),
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresError(f"the PostgreSQL binaries in {cluster.bindir} do not run: {error}") from error
    return int(version_line.split()[2].split(b".")[0])


def _initialise(cluster: Cluster, major: int) -> None:
    # Into a draft folder that is renamed once complete: a start killed halfway leaves nothing that looks like data.
    draft = cluster.folder / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    _write_password(cluster)
    process = cluster.launch(
        "initdb",
        *("-D", draft, "-U", SUPERUSER, "-E", "UTF8", "-A", "scram-sha-256", "--pwfile", cluster.password_file),
        *LOCALE,
        *(BUILTIN_LOCALE if major >= FIRST_MAJOR_WITH_BUILTIN_LOCALE else ()),
        *("--data-checksums", "--no-instructions"),
    )
    if process.wait() != 0:
        raise PostgresError(f"initdb failed.\n{_last_lines(cluster.log_file)}")
    draft.rename(cluster.data)


def _write_password(cluster: Cluster) -> None:
    cluster.runs_as.write_secret(cluster.password_file, secrets.token_urlsafe(PASSWORD_BYTES))


def _ready_pid(data: Path) -> int | None:
    """Return the process id that the server in `data` wrote down once it was ready, or None."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return int(lines[0]) if len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready" else None


def stop(process: subprocess.Popen[bytes], say: Callable[[str], None] = lambda _: None) -> None:
    """Stop fast (open transactions end, a checkpoint is written), else at once (the next start recovers), else by
    force, and none of its processes is left. `say` is told what takes long."""
    for how, deadline_s in ((signal.SIGINT, FAST_STOP_DEADLINE_S), (signal.SIGQUIT, IMMEDIATE_STOP_DEADLINE_S)):
        process.send_signal(how)
        try:
            process.wait(deadline_s)
        except subprocess.TimeoutExpired:
            say(f"PostgreSQL has not stopped {deadline_s:.0f} s after {how.name}: ending it by force, losing nothing")
            continue
        return
    backends = children_of(process.pid)  # Once it is gone, nobody could tell which were its own.
    process.kill()
    process.wait()
    for backend in backends:
        with suppress(ProcessLookupError):
            os.kill(backend, signal.SIGKILL)


def _url(password: str, sockets: Path) -> str:
    return f"postgresql://{SUPERUSER}:{password}@/postgres?host={quote(str(sockets), safe='/')}"


def _last_lines(log_file: Path) -> str:
    return "\n".join(log_file.read_text(errors="replace").splitlines()[-QUOTED_LOG_LINES:])
