"""`ledgerctl demo`: careers that could have happened, into a ledger to look at, to try rules on, and to measure."""

import dataclasses
import json
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import asyncpg
import typer

from contracts.events.values import LEDGER_PATTERN
from services.cli import attached
from services.cli.attached import NotReachable
from services.cli.terms import (
    FAILED,
    INTERRUPTED,
    NOT_REACHABLE,
    WRONG_ARGUMENTS,
    AsJson,
    Data,
    console,
    epilog,
    failures_told,
    say,
    say_in_red,
    settings_from,
)
from services.runtime.clock import system_clock
from services.runtime.refusals import DatabaseUnavailable
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.demo.load import Loaded, Progress, Wanted

CHINA = ZoneInfo("Asia/Shanghai")
MAX_PRACTITIONERS = 10_000_000
MAX_YEARS = 40
MAX_SEED = 2**32 - 1
FIRST_UNTIL, LAST_UNTIL = date(1990, 1, 1), date(2150, 12, 31)
REPORT_INTERVAL_S = 10.0
EPILOG = epilog(
    (
        "ledgerctl demo",
        "ledgerctl demo --practitioners 7000 --years 8 --seed 7 --ledger trial",
        "ledgerctl demo --until 2025-12-31 --json",
    ),
    FAILED,
    WRONG_ARGUMENTS,
    NOT_REACHABLE,
    INTERRUPTED,
)


def demo(
    practitioners: Annotated[int, typer.Option(help="How many people.", min=1, max=MAX_PRACTITIONERS)] = 200,
    years: Annotated[int, typer.Option(help="Over how many years, to the year of --until.", min=1, max=MAX_YEARS)] = 8,
    seed: Annotated[int, typer.Option(help="Another seed, other careers.", min=0, max=MAX_SEED)] = 1,
    ledger: Annotated[str, typer.Option(help="The ledger, made for the whole country if there is none.")] = "demo",
    until: Annotated[
        str, typer.Option(metavar="DATE", help="What is known by this day.", show_default="today in China")
    ] = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Load careers that could have happened under the packs into a ledger, with some local standards.

    The same seed, years and year give the same events: loaded again, only what is missing is appended.
    """
    from services.demo.load import OtherDemo, Wanted  # Not for every command.

    if not re.match(LEDGER_PATTERN, ledger):
        raise typer.BadParameter(f"{ledger!r} is no ledger's name: [a-z0-9][a-z0-9_-]{{0,62}}", param_hint="--ledger")
    wanted = Wanted(ledger, practitioners, years, seed, _day(until))
    with failures_told():
        settings = settings_from(data=data)
        try:
            loaded = _load(settings, wanted)
        except OtherDemo as error:
            say_in_red("cannot load", error)
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt:
            say("interrupted: run it again and it goes on, because what is recorded is recognized")
            raise typer.Exit(INTERRUPTED) from None
        _tell(loaded, settings, as_json=as_json)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if text else system_clock().astimezone(CHINA).date()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day as YYYY-MM-DD", param_hint="--until") from error
    if not FIRST_UNTIL <= day <= LAST_UNTIL:
        raise typer.BadParameter(f"{day} is not between {FIRST_UNTIL} and {LAST_UNTIL}", param_hint="--until")
    return day


def _load(settings: Settings, wanted: "Wanted") -> "Loaded":
    import uvloop  # Slow, as what follows.

    from services.demo.load import load
    from services.runtime.database import create_pool

    async def run(url: str) -> "Loaded":
        async with await create_pool(url) as pool:
            return await load(pool, system_clock, settings.origin, wanted, progress)

    with attached.database(settings, say) as url, _progress(wanted.practitioners) as progress:
        try:
            return uvloop.run(run(url))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, DatabaseUnavailable) as error:
            raise NotReachable(
                f"the database is away, or refused what was appended ({error or type(error).__name__}): run it again "
                f"and it goes on, because what is recorded is recognized"
            ) from error


def _tell(loaded: "Loaded", settings: Settings, *, as_json: bool) -> None:
    server = attached.running_server(settings)
    standing = f"/v1/ledgers/{loaded.ledger}/practitioners/{loaded.showcase}/standing" if loaded.showcase else None
    look = f"{server.url}{standing}" if server and standing else None
    events_per_s = round(loaded.events / loaded.seconds)
    if as_json:
        speed = {"seconds": round(loaded.seconds, 3), "events_per_s": events_per_s}
        typer.echo(json.dumps({**dataclasses.asdict(loaded), **speed, "look": look}))
        return
    before = loaded.events - loaded.appended
    news = f"{loaded.appended:,} appended, {before:,} recorded before" if before else "all appended"
    nothing_new = ": nothing was missing" if not loaded.appended else ""
    say(
        f"{loaded.practitioners:,} practitioners, {loaded.events:,} events in {loaded.seconds:.1f} s "
        f"({events_per_s:,}/s), {news}{nothing_new}"
    )
    if look:
        say(f"look at {loaded.showcase}:  curl '{look}'")
    elif standing:
        say(f"look at {loaded.showcase} once `ledgerctl serve` runs:  GET {standing}")


def _progress(practitioners: int) -> "AbstractContextManager[Progress]":
    return _bar(practitioners) if console.is_terminal else _lines_said(practitioners)


@contextmanager
def _bar(practitioners: int) -> "Iterator[Progress]":
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # Slow.

    began = time.perf_counter()
    events = 0
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[said]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=practitioners, said="")

        def advance(more_practitioners: int, more_events: int) -> None:
            nonlocal events
            events += more_events
            rate = events / (time.perf_counter() - began)
            progress.update(task, advance=more_practitioners, said=f"{events:,} events, {rate:,.0f}/s")

        yield advance


@contextmanager
def _lines_said(practitioners: int) -> "Iterator[Progress]":
    """Say where a long load is every now and then, for a log."""
    began = time.perf_counter()
    next_at = began + REPORT_INTERVAL_S
    done = events = 0

    def advance(more_practitioners: int, more_events: int) -> None:
        nonlocal done, events, next_at
        done += more_practitioners
        events += more_events
        if (now := time.perf_counter()) >= next_at:
            next_at += REPORT_INTERVAL_S
            left_s = (now - began) * (practitioners / done - 1)
            say(f"{events:,} events, {events / (now - began):,.0f}/s, {done / practitioners:.0%}, {left_s:.0f} s left")

    yield advance
