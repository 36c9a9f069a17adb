"""The progress of long work: a bar on a terminal, otherwise a line now and then, for a log."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from services.cli.terms import console, say

REPORT_INTERVAL_S = 10.0

Tell = Callable[[int, int | None, str], None]
"""Called with how much is done, of how much if that is known, and a line about it."""


def shown() -> AbstractContextManager[Tell]:
    """Show progress while the block lasts, with the rate and the time left."""
    return _bar() if console.is_terminal else _lines()


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )  # Slow to import.

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[line]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None, line="")

        def tell(done: int, total: int | None, line: str) -> None:
            progress.update(task, completed=done, total=total, line=line)

        yield tell


@contextmanager
def _lines() -> Iterator[Tell]:
    began = time.monotonic()
    next_at = began + REPORT_INTERVAL_S

    def tell(done: int, total: int | None, line: str) -> None:
        nonlocal next_at
        if (now := time.monotonic()) < next_at:
            return
        next_at = now + REPORT_INTERVAL_S
        left = f", {done / total:.0%}, {(now - began) * (total / done - 1):.0f} s left" if total and done else ""
        say(f"{line}{left}")

    yield tell
