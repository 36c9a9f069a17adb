"""HTTP servers under test, each a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import HOST, Client

READY_DEADLINE_S = 30.0
POLL_INTERVAL_S = 0.05
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
USER_TIME = 11
"""The place of the user time in /proc/PID/stat, counted behind the name; the system time follows."""


class NoServer(Exception):
    """A server ended, or was not ready in time."""


@dataclass(frozen=True)
class Server:
    """A server that answers at a port of this machine."""

    port: int
    process_id: int

    def cpu_s(self) -> float:
        """Return the seconds of CPU that it has used so far."""
        fields = Path(f"/proc/{self.process_id}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[USER_TIME]) + int(fields[USER_TIME + 1])) / TICKS_PER_S


OURS = ("services.server.http", "ledger", "projections")
BARE = ("bench.bare_app",)


@contextmanager
def server(module_and_arguments: Sequence[str], url: str) -> Iterator[Server]:
    """Run a server that takes PORT and the URL of the database on standard input, until the end of the block."""
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", *module_and_arguments],
        env={**os.environ, "PORT": str(port)},
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(url.encode())
        process.stdin.close()
        _wait_until_it_answers(port, process, module_and_arguments[0])
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    give_up_at = time.monotonic() + READY_DEADLINE_S
    client = Client(port)
    while True:
        try:
            client.ask("/livez")
            return
        except OSError as error:
            if process.poll() is not None:
                raise NoServer(f"{name} ended with {process.returncode}") from error
            if time.monotonic() > give_up_at:
                raise NoServer(f"{name} did not answer within {READY_DEADLINE_S:.0f} s") from error
            time.sleep(POLL_INTERVAL_S)
        finally:
            client.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
