"""The results of a run: each is printed when it is measured, and a broken part in one line with its cause."""

import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ALL_BARS_HOLD = 0
BAR_MISSED = 1
PART_BROKEN = 2
CLEAR_LINE = "\r\x1b[K"
ROOT = Path(__file__).parents[1]
LIBRARIES = "site-packages"


@dataclass(frozen=True)
class Result:
    """A figure beside `bare`, the same work done without the service: None if there is nothing to compare with.

    `ratio` is ours to bare. Over pairs of measurements it is the median of their ratios, and `spread` has the least and
    the greatest. Without a bar `holds` is None.
    """

    name: str
    ours: float
    unit: str
    bare: float | None = None
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    bar: str = ""
    holds: bool | None = None
    note: str = ""

    def line(self) -> str:
        """Return the result as one line."""
        text = f"{self.name:38} {self.ours:12,.2f} {self.unit:9}"
        if self.bare is not None and self.ratio is not None:
            text += f" bare {self.bare:12,.2f}   ratio {self.ratio:.2f}"
        if self.spread is not None:
            text += " [{:.2f} to {:.2f}]".format(*self.spread)
        if self.holds is not None:
            text += f"   ({self.bar}: {'holds' if self.holds else 'MISSED'})"
        return f"{text}   {self.note}" if self.note else text.rstrip()


class Sheet:
    """Prints results and broken parts on standard output, progress on standard error if that is a terminal."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._missed = False
        self._broken = False
        self._part = ""

    @property
    def status(self) -> int:
        """The exit code of the run. A broken part outweighs a missed bar: its bars are unknown."""
        if self._broken:
            return PART_BROKEN
        return BAR_MISSED if self._missed else ALL_BARS_HOLD

    def add(self, result: Result) -> None:
        """Print a result at once."""
        self._missed = self._missed or result.holds is False
        self._print(result.line(), {"part": self._part, **asdict(result)})

    def leave_out(self, name: str, why: str) -> None:
        """Print that a comparison cannot be made here, which is no failure."""
        self._print(f"{name}: left out, {why}", {"part": self._part, "left_out": name, "why": why})

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Report an exception of the block in one line, and go on with the run. Parts nest."""
        outer, self._part = self._part, f"{self._part}, {name}" if self._part else name
        self.progress(self._part)
        try:
            yield
        except Exception as error:  # Whatever it is, the other parts still run.
            self._broken = True
            cause = _cause(error)
            self._print(f"{self._part}: BROKEN by {cause}", {"part": self._part, "broken": cause})
        finally:
            self._part = outer
            self._clear()

    def progress(self, step: str) -> None:
        """Show the current step instead of the previous one."""
        if sys.stderr.isatty():
            print(f"{CLEAR_LINE}… {step}", end="", file=sys.stderr, flush=True)

    def _print(self, line: str, record: dict[str, object]) -> None:
        self._clear()
        print(json.dumps(record, ensure_ascii=False) if self._as_json else line, flush=True)

    def _clear(self) -> None:
        if sys.stderr.isatty():
            print(CLEAR_LINE, end="", file=sys.stderr, flush=True)


def _cause(error: Exception) -> str:
    """Return the error in one line, with the last line of our own code that it passed."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT) and LIBRARIES not in frame.filename]
    words = " ".join(str(error).split())
    named = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return f"{named} ({Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno})"
