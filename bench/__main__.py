"""`make bench`: what the service costs over the bare work, on embedded PostgreSQL with full durability.

Both sides take turns, so that a slow moment of the machine hits both; every bar is a ratio of the two in one run. Each
figure is printed as soon as it is measured. A broken part is reported in one line with its cause, and the others still
run.
"""

import argparse
import logging
from collections.abc import Callable, Mapping

import uvloop

from bench import commits, http, reads, rows, standings
from bench.database import database
from bench.pairs import PAIRS
from bench.sheet import ALL_BARS_HOLD, BAR_MISSED, PART_BROKEN, Sheet
from services.runtime.clock import system_clock

EVENTS = 200_000
INTERRUPTED = 130
EXIT_CODES = (
    f"Exit codes: {ALL_BARS_HOLD} every bar holds; {BAR_MISSED} a bar is missed; {PART_BROKEN} a part is broken, "
    f"or wrong arguments; {INTERRUPTED} interrupted."
)


def _standings(sheet: Sheet, options: argparse.Namespace) -> None:
    standings.measure(sheet, options.pairs)


def _appends(sheet: Sheet, options: argparse.Namespace) -> None:
    with database() as url:
        uvloop.run(commits.measure(sheet, url, options.pairs))


def _http(sheet: Sheet, options: argparse.Namespace) -> None:
    with database() as url:
        uvloop.run(http.measure(sheet, url, options.pairs))


def _reads(sheet: Sheet, options: argparse.Namespace) -> None:
    with database() as url:
        ids = uvloop.run(rows.measure(sheet, url, options.events, system_clock()))
        reads.measure(sheet, url, ids)


PARTS: Mapping[str, Callable[[Sheet, argparse.Namespace], None]] = {
    "standings": _standings,
    "appends": _appends,
    "http": _http,
    "reads": _reads,
}


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {text!r}")
    return int(text)


def main() -> int:
    """Print the figures, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines, one for each figure or broken part")
    parser.add_argument("--pairs", type=_positive, default=PAIRS, help="of turns for each bar; the median counts")
    parser.add_argument("--events", type=int, default=EVENTS, help="of the demo behind the reads")
    parser.add_argument("--only", choices=tuple(PARTS), help="run one part")
    options = parser.parse_args()
    logging.disable()  # A failure is reported in the line of its part.
    sheet = Sheet(as_json=options.json)
    try:
        for name, part in PARTS.items():
            if options.only in (None, name):
                with sheet.part(name):
                    part(sheet, options)
    except KeyboardInterrupt:
        return INTERRUPTED
    return sheet.status


if __name__ == "__main__":
    raise SystemExit(main())
