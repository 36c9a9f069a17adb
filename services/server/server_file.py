"""How a server is found in its data folder: `server.json`, and locks that show whether it is alive.

One lock for each service: `serve ledger` and `serve projections` may share a data folder, two of the same kind may not.
"""

import http.client
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.runtime import database_url
from services.runtime.processes import exclusive_lock, is_alive, is_locked

SERVICES = ("ledger", "projections")
ANSWER_TIMEOUT_S = 5.0
MAX_ANSWER_BYTES = 65_536
OWN_FILE_MODE = 0o600
NO_INSTANCE = "none"
"""No answer names it."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A running server. `database` is the name of its database; None is the data folder's own.

    Its own answers name `instance`. Any other answer at `url` is from another server.
    """

    pid: int
    url: str
    services: tuple[str, ...]
    database: str | None
    instance: str


def lock_services(
    parts: ExitStack, data: Path, services: Collection[str], deadline_s: float, on_wait: Callable[[], None]
) -> tuple[int, ...]:
    """Hold the locks of the services until `parts` end; return their descriptors. Raises LockHeld, OSError.

    Removes an earlier holder's `server.json`: in a container the next process often has the same id.
    """
    # Always in one order, so that two starts cannot each wait for the other.
    locks = tuple(
        parts.enter_context(exclusive_lock(_lock_file(data, service), deadline_s, on_wait))
        for service in SERVICES
        if service in services
    )
    for left in (SERVICES, *((service,) for service in services)):
        _file(data, left).unlink(missing_ok=True)
    return locks


@contextmanager
def announced(data: Path, server: RunningServer) -> Iterator[None]:
    """Announce the server in the data folder until the end of the block."""
    file = _file(data, server.services)
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)  # With its mode, whatever it is.
    draft.touch(mode=OWN_FILE_MODE, exist_ok=False)
    draft.write_text(json.dumps(asdict(server)) + "\n")
    draft.rename(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def is_held(data: Path, service: str) -> bool:
    """Whether a server with this service is alive on the data folder, ready or not. Its last child counts, too."""
    return is_locked(_lock_file(data, service))


def find(data: Path, service: str) -> RunningServer | None:
    """Return the server with this service that was ready on the data folder and is still alive, or None."""
    for services in (SERVICES, (service,)):
        server = _read(_file(data, services))
        # After `kill -9` the file stays, and its lock is free or held by a new start that is not ready yet.
        if server is not None and is_held(data, service) and is_alive(server.pid):
            return server
    return None


def instance_at(url: str) -> str | None:
    """Return the instance that answers at a base URL: None if nothing answers, empty if the answer names none."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=ANSWER_TIMEOUT_S)
    try:
        connection.request("GET", "/livez")
        return instance_in(connection.getresponse().read(MAX_ANSWER_BYTES))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def instance_in(body: bytes) -> str:
    """Return the instance that an answer of /livez or /readyz names, empty if it names none."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    instance = members.get("instance") if isinstance(members, dict) else None
    return instance if isinstance(instance, str) else ""


def name_of_database(url: str | None) -> str | None:
    """Return host, port and name of a configured database, or None for the data folder's own."""
    return None if url is None else database_url.name_of(url)


def _read(file: Path) -> RunningServer | None:
    try:
        members = json.loads(file.read_text())
    except (FileNotFoundError, NotADirectoryError, PermissionError):  # Starting a server there reports it.
        return None
    instance = members.get("instance", NO_INSTANCE)  # A server of an earlier release wrote none.
    return RunningServer(members["pid"], members["url"], tuple(members["services"]), members["database"], instance)


def _lock_file(data: Path, service: str) -> Path:
    return data / f"{service}.lock"


def _file(data: Path, services: Collection[str]) -> Path:
    return data / ("server.json" if set(services) == set(SERVICES) else f"server-{'-'.join(services)}.json")
