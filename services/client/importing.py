"""Imports a file of events into a ledger, line by line, and counts the outcomes."""

import json
import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, Any

from services.client.sending import Outcome, Sender, chunks

FIRST_REFUSALS = 10

Tell = Callable[[int, int | None, str], None]
"""Called with how many bytes were read, of how many if that is known, and a line about it."""


@dataclass
class Tally:
    """The outcomes of the lines so far. `first_refusals` are at most FIRST_REFUSALS."""

    appended: int = 0
    recorded_before: int = 0
    refused: int = 0
    first_refusals: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def lines(self) -> int:
        return self.appended + self.recorded_before + self.refused

    @property
    def lines_per_s(self) -> float:
        return self.lines / self.seconds if self.seconds else 0.0

    def count(self, outcome: Outcome) -> dict[str, Any] | None:
        """Count the outcome of a line; return the refusal if it is one."""
        if outcome.status == HTTPStatus.CREATED:
            self.appended += 1
            return None
        if outcome.status == HTTPStatus.OK:
            self.recorded_before += 1
            return None
        self.refused += 1
        refusal = {
            "line": outcome.line.number,
            "status": outcome.status,
            "event_id": outcome.event_id,
            "problem": outcome.problem,
        }
        if len(self.first_refusals) < FIRST_REFUSALS:
            self.first_refusals.append(refusal)
        return refusal


def import_lines(source: IO[bytes], sender: Sender, refusals: IO[str] | None, tally: Tally, tell: Tell) -> None:
    """Send the lines of `source`, count them in `tally`, and write each that is refused to `refusals`.

    Raises NoSuchLedger, NotReachable; `tally` then holds what was done.
    """
    began = time.perf_counter()
    sender.check_ledger()
    read_bytes, size_bytes = 0, _size_bytes(source)
    for chunk in chunks(source):
        for outcome in sender.send(chunk):
            refusal = tally.count(outcome)
            if refusal is not None and refusals is not None:
                text = outcome.line.content.decode(errors="replace")
                refusals.write(json.dumps({**refusal, "text": text}, ensure_ascii=False) + "\n")
        read_bytes += sum(line.size_bytes for line in chunk)
        tally.seconds = time.perf_counter() - began
        tell(read_bytes, size_bytes, f"{tally.lines:,} lines, {tally.lines_per_s:,.0f}/s")


def _size_bytes(source: IO[bytes]) -> int | None:
    """Return the size of a file, None for a pipe."""
    status = os.fstat(source.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None
