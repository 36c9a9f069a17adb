"""The service as a user starts it: real processes, killed for real."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx

ROOT = Path(__file__).parents[2]
LEDGERCTL = Path(sys.executable).with_name("ledgerctl")
DEADLINE_S = 60.0
POLL_INTERVAL_S = 0.02


def wait_until(condition: Callable[[], object], what: str) -> None:
    give_up_at = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < give_up_at, f"not within {DEADLINE_S:.0f} s: {what}"
        time.sleep(POLL_INTERVAL_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class StandIn:
    """A foreign server at an address where one of ours is expected."""

    port: int
    asked: list[str]
    """The paths of the requests so far."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def standing_in(*instances: str) -> Iterator[StandIn]:
    """Yield a server that answers everything with 200 and closes the connection. Its answers name these instances in
    turn, and then none."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(HTTPStatus.OK)
            self.end_headers()
            said = {"instance": instances[len(asked) - 1]} if len(asked) <= len(instances) else {}
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        try:
            yield StandIn(server.server_port, asked)
        finally:
            server.shutdown()
            serving.join()


@dataclass
class Service:
    """One data folder and port, and whatever runs on them now."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    max_files: int | None = None
    """How many files each of its processes may open."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return self._output_file.read_text()

    @property
    def database_url(self) -> str:
        postgres = self.data / "postgres"
        return f"postgresql://ledger:{(postgres / 'password').read_text()}@/postgres?host={postgres / 'socket'}"

    @property
    def _output_file(self) -> Path:
        return self.folder / f"output-{self.port}"

    @property
    def said(self) -> str:
        """Its whole output, in one line."""
        return " ".join(self.output.split())

    def start(self, *arguments: str, by_make: bool = False) -> None:
        """Start, and leave it to the caller to wait. What was started before must be dead, or dying of a kill."""
        if self.process is not None:
            self.exit_code()
        command = ["make", "-o", ".venv/.ok", "run"] if by_make else [str(LEDGERCTL), "serve", *arguments]
        if self.max_files is not None:
            command = ["sh", "-c", f'ulimit -n {self.max_files} && exec "$@"', "sh", *command]
        environment = {"LEDGER_DATA": str(self.data), "PORT": str(self.port), "PATH": os.environ["PATH"], "LC_ALL": "C"}
        with self._output_file.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603 - the program under test
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def start_until_ready(self, *arguments: str, by_make: bool = False) -> None:
        self.start(*arguments, by_make=by_make)
        wait_until(self._ready_or_dead, "ready")
        assert self.is_ready(), self.output

    def ledgerctl(self, *arguments: str) -> str:
        """Run a command on the data folder, which must succeed, and return its standard output."""
        environment = {"LEDGER_DATA": str(self.data), "PATH": os.environ["PATH"], "LC_ALL": "C"}
        ended = subprocess.run(  # noqa: S603 - the program under test
            [str(LEDGERCTL), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def instance(self) -> str:
        """Return the instance that answers at the port, waited for while it starts."""
        said: str = httpx.get(f"{self.url}/livez", timeout=DEADLINE_S).json()["instance"]
        return said

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop as a user would and return the exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.exit_code()

    def exit_code(self) -> int:
        assert self.process is not None
        return self.process.wait(DEADLINE_S)

    def pid_of(self, who: str) -> int:
        """Return the process id of make, supervisor, HTTP, worker, postmaster or one backend."""
        assert self.process is not None
        if who == "make":
            return self.process.pid
        (pid, *_) = self._running_as(who)
        return pid

    def kill(self, who: str) -> None:
        os.kill(self.pid_of(who), signal.SIGKILL)

    def kill_and_wait_for_the_next(self, who: str) -> None:
        """Kill -9 it, and wait until the supervisor has restarted it and everything is ready."""
        victim = self.pid_of(who)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: victim not in self._running_as(who) and self.runs(who), f"another {who}: {self.output}")
        wait_until(self.is_ready, f"ready again: {self.output}")

    def runs(self, who: str) -> bool:
        return bool(self._running_as(who))

    def _running_as(self, who: str) -> list[int]:
        return [pid for pid in self.processes() if _COMMANDS[who] in _read(pid, "cmdline")]

    def processes(self) -> list[int]:
        """Return every process that belongs to the data folder by its command, environment or working folder."""
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return [pid for pid in pids if self._is_ours(pid)]

    def _is_ours(self, pid: int) -> bool:
        mark = str(self.data)
        return mark in _read(pid, "cmdline") or mark in _read(pid, "environ") or _working_folder(pid).startswith(mark)

    def _ready_or_dead(self) -> bool:
        assert self.process is not None
        return self.process.poll() is not None or self.is_ready()


_COMMANDS = {
    "supervisor": "ledgerctl\0serve",
    "HTTP": "services.server.http",
    "worker": "services.server.worker",
    "postmaster": "bin/postgres\0-D",
    "backend": "postgres: ledger postgres",
}


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes().decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):  # Gone meanwhile, or of another user.
        return ""


def _working_folder(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except (FileNotFoundError, ProcessLookupError, PermissionError):  # As in `_read`.
        return ""
