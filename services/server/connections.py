"""How many connections the process holds, and how long each may take for what it does.

A look at all of them once a second finds who is late: that costs nothing for a request that is in time.
"""

import logging
import resource
from collections import Counter
from enum import StrEnum
from typing import Protocol

HEAD_TIMEOUT_S = 10.0
"""For a request line and its headers, and for the first byte on a new connection."""
REQUEST_TIMEOUT_S = 75.0
"""For a whole request with its body and trailers. Routes give up earlier; this is for bodies that no route reads."""
REST_TIMEOUT_S = 5.0
"""For what a client still sends after it was answered."""
READ_TIMEOUT_S = 60.0
MIN_READ_BYTES = 65_536
"""An answer is not read if a client takes less than this in that time, though there is more."""
MAX_CONNECTIONS = 8_192
RESERVED_DESCRIPTORS = 128
"""For files, the database and whatever else the process opens."""

_log = logging.getLogger(__name__)


class Late(StrEnum):
    """What a connection takes too long for."""

    SILENT = "silent"
    HEAD = "head"
    BODY = "body"
    ANSWER = "answer"
    REST = "rest"
    KEPT = "kept"
    """Nothing: it has been kept long enough. Nobody is told."""
    CROWD = "crowd"
    """It has sent no request while others want to connect."""


class Watched(Protocol):
    """A connection as this module sees it. Instants are those of the event loop."""

    waits_since: float | None
    """When it began to wait for a whole head; None from there to the answer."""
    has_served: bool

    def late_for(self, now: float) -> Late | None:
        """Return what it takes too long for."""

    def cut(self, late: Late) -> None:
        """Refuse, or close."""


class Connections:
    """The open connections of the process."""

    def __init__(self, limit: int = MAX_CONNECTIONS) -> None:
        self.limit = limit
        self.cut: Counter[str] = Counter()
        """How many were cut so far, by what they were late for."""
        self._open: set[Watched] = set()
        self._untold: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def open(self, connection: Watched) -> bool:
        """Take a connection in. If there are too many, the one that has waited longest for a request goes, and first of
        those that never sent one; False if all have one."""
        if len(self._open) >= self.limit and not self._make_room():
            self._count(Late.CROWD)
            return False
        self._open.add(connection)
        return True

    def forget(self, connection: Watched) -> None:
        """Let go of a connection that is closed."""
        self._open.discard(connection)

    def look(self, now: float) -> None:
        """Cut whoever is late, and tell how many were cut since the last look."""
        for connection in list(self._open):
            if (late := connection.late_for(now)) is not None:
                if late is not Late.KEPT:
                    self._count(late)
                connection.cut(late)
        if self._untold:
            told = ", ".join(f"{late} {number}" for late, number in sorted(self._untold.items()))
            _log.warning("connections cut because they were late: %s; %d are open", told, len(self._open))
            self._untold.clear()

    def _make_room(self) -> bool:
        waiting = [
            (connection.has_served, since, connection)
            for connection in self._open
            if (since := connection.waits_since) is not None
        ]
        if not waiting:
            return False
        *_, longest = min(waiting, key=lambda one: one[:2])
        self._count(Late.CROWD)
        longest.cut(Late.CROWD)
        self._open.discard(longest)
        return True

    def _count(self, late: Late) -> None:
        self.cut[late] += 1
        self._untold[late] += 1


def raise_descriptor_limit() -> int:
    """Let the process open as many files as it may, and return how many connections that leaves room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + RESERVED_DESCRIPTORS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = wanted if soft == resource.RLIM_INFINITY else soft
    return max(1, min(MAX_CONNECTIONS, room - RESERVED_DESCRIPTORS))
