"""The processes of one supervisor: one that dies is logged and restarted, after a longer pause each time while it keeps
dying.

Everything here runs in the main thread, because the kernel ties a child to the thread that starts it.
"""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

FIRST_DELAY_S = 0.1
LONGEST_DELAY_S = 10.0
HEALTHY_AFTER_S = 30.0
STOP_DEADLINE_S = 10.0

Process = subprocess.Popen[bytes]


def terminate(process: Process) -> None:
    """Ask it to stop, and end it after STOP_DEADLINE_S."""
    process.terminate()
    try:
        process.wait(STOP_DEADLINE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(eq=False)
class Child:
    """One process: how it is started and stopped, and when its next start is due."""

    name: str
    launch: Callable[[], Process]
    stop: Callable[[Process], None] = terminate
    serves_others: Callable[[Process], bool] | None = None  # Later children are started only while this is true.
    when_done: Callable[[Process], None] | None = None  # For a job, which runs once: called after exit code 0.
    process: Process | None = None
    started_at_s: float = 0.0
    due_at_s: float = 0.0
    delay_s: float = 0.0

    def start(self) -> Process:
        self.started_at_s = time.monotonic()
        self.process = self.launch()
        return self.process

    def postpone(self) -> float:
        """Set when it is due again, and return the seconds until then."""
        now = time.monotonic()
        healthy = now - self.started_at_s >= HEALTHY_AFTER_S
        self.delay_s = FIRST_DELAY_S if healthy or not self.delay_s else min(2 * self.delay_s, LONGEST_DELAY_S)
        self.due_at_s = now + self.delay_s
        return self.delay_s


def cause(child: Child) -> str:
    """Return how the process of a dead child ended, in words."""
    code = child.process.returncode if child.process is not None else 0
    if code >= 0:
        return f"exit code {code}"
    return f"signal {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"signal {-code}"


class Children:
    """The table of children, each after those that it needs."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._table: list[Child] = []

    def take(self, child: Child, *, first: bool = False) -> None:
        """Add a child. It may be running; if not, the next `tend` starts it."""
        self._table.insert(0 if first else len(self._table), child)

    def the_dead(self) -> list[Child]:
        return [child for child in self._table if child.process is not None and child.process.poll() is not None]

    def tend(self) -> None:
        """Check all children once: report those that died, and start those that are due."""
        for child in self.the_dead():
            self._bury(child)
        for child in self._table:
            if child.process is None and time.monotonic() >= child.due_at_s:
                self._start(child)
            if child.serves_others is not None and (child.process is None or not child.serves_others(child.process)):
                break

    def stop_all(self) -> None:
        for child in reversed(self._table):
            if child.process is not None:
                child.stop(child.process)

    def _start(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:  # The machine is out of processes or memory.
            self._say(f"{child.name} cannot be started ({error.strerror}): trying again in {child.postpone():.1f} s")

    def _bury(self, child: Child) -> None:
        ended, process = cause(child), child.process
        assert process is not None  # noqa: S101 - it has died, so it was there
        child.process = None
        if child.when_done is None:
            again = child.postpone()
            self._say(f"{child.name} died ({ended}): starting it again in {again:.1f} s")
            return
        self._table.remove(child)
        if process.returncode == 0:
            child.when_done(process)
        else:
            self._say(f"{child.name} failed ({ended}) and is not tried again: see its log above")
