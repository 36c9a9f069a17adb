"""Processes that cannot outlive their parent, and a lock that no dead process keeps."""

import ctypes
import fcntl
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
COLLECTION_THRESHOLDS = (50_000, 20, 100)
"""Of the three generations of Python's garbage collector."""
M_MMAP_THRESHOLD = -3
"""The parameter of that name of `mallopt`, in glibc."""
LARGE_BLOCK_BYTES = 256 * 1024
POLL_INTERVAL_S = 0.05
LOCK_FILE_MODE = 0o600


class LockHeld(Exception):
    """Another process, or a child it left behind, still holds the lock."""

    def __init__(self, path: Path, waited_s: float) -> None:
        super().__init__(f"{path} is still held by another process after {waited_s:.0f} s")


def tied_to_this_process(signal_at_death: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn`: the kernel sends the child `signal_at_death` when this process dies, even by `kill -9`.

    The kernel watches the thread that starts the child, so start children from the main thread. Linux only; elsewhere
    a child that outlives a killed parent keeps the lock of its folder, and the next start says so.
    """
    parent = os.getpid()

    def arrange() -> None:
        _set_parent_death_signal(signal_at_death)
        if os.getppid() != parent:  # The parent died before the kernel was asked to watch it.
            os._exit(1)

    return arrange


def die_with_parent(parent: int) -> None:
    """Have the kernel send SIGTERM to this process when its parent dies, so `kill -9` of make also ends `make run`.

    `parent` is its process id. It may have died while this process was starting; this process then ends at once.
    """
    _set_parent_death_signal(signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def waits_to_stop(pid: int) -> bool:
    """Whether a process has received a stop signal and only waits for its children.

    GNU make does so, without signalling them, when its terminal hangs up; meanwhile the signal is blocked. Linux only.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
    return any(blocked >> (number - 1) & 1 for number in (signal.SIGHUP, signal.SIGINT))


def _set_parent_death_signal(signal_at_death: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_at_death)


@contextmanager
def exclusive_lock(path: Path, deadline_s: float, on_wait: Callable[[], None] = lambda: None) -> Iterator[int]:
    """Hold the lock file `path` and yield its descriptor. Raises LockHeld after `deadline_s`.

    `on_wait` runs once if there is a wait. Children that inherit the descriptor hold the lock too, so the next holder
    starts only when the last of them is gone: no list of process ids, nothing stale after `kill -9`.
    """
    # For its owner alone: whoever can open the file can hold the lock, and so hold up every start.
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, LOCK_FILE_MODE)
    try:
        if os.fstat(descriptor).st_uid == os.geteuid():  # An earlier release made it for all to read.
            os.fchmod(descriptor, LOCK_FILE_MODE)
        if not _try_lock(descriptor):
            on_wait()
            give_up_at = time.monotonic() + deadline_s
            while not _try_lock(descriptor):
                if time.monotonic() > give_up_at:
                    raise LockHeld(path, deadline_s)
                time.sleep(POLL_INTERVAL_S)
        yield descriptor
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock file `path`. A process that takes the lock in the same instant waits a
    moment."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False
    try:
        fcntl.flock(
            descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB
        )  # Shared: processes that only look do not block each other.
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def children_of(parent: int) -> list[int]:
    """Return the process ids of the direct children of a process that is alive. Linux only; elsewhere none."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(errors="replace").rpartition(")")[2].split()  # The name may hold anything.
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # Alive, and of another user.
        return True
    return True


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def collect_seldom() -> None:
    """Make a long-lived process collect cyclic garbage rarely, and never among the objects it started with.

    A batch makes tens of thousands of objects and hardly any cycles; scanning them would take a fifth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTION_THRESHOLDS)


def give_back_large_blocks() -> None:
    """Have every large block of memory go back to the system as soon as it is free.

    glibc does so at first, and keeps blocks of a size that was freed once for later. Bodies of many sizes, each up to
    16 MiB, then leave gaps that nothing fits in.
    """
    with suppress(OSError, AttributeError):  # Another C library has no such parameter.
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)
