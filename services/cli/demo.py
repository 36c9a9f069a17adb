"""`ledgerctl demo`: plausible careers in a ledger to look at, to try rules on, and to measure."""

import dataclasses
import time
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.failures import Failure
from services.cli.progress import shown
from services.cli.terms import (
    FAILED,
    INTERRUPTED,
    NOT_REACHABLE,
    WRONG_ARGUMENTS,
    AsJson,
    Data,
    check_ledger_name,
    epilog,
    say,
    settings_from,
    write_json,
)

if TYPE_CHECKING:
    from services.demo.load import DemoSpec, LoadReport
    from services.runtime.settings import Settings

MAX_PRACTITIONERS = 10_000_000
MAX_YEARS = 40
MAX_SEED = 2**32 - 1
FIRST_UNTIL, LAST_UNTIL = date(1990, 1, 1), date(2150, 12, 31)
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
    seed: Annotated[int, typer.Option(help="Another seed draws other careers.", min=0, max=MAX_SEED)] = 1,
    ledger: Annotated[str, typer.Option(help="The ledger, created for the whole country if there is none.")] = "demo",
    until: Annotated[
        str, typer.Option(metavar="DATE", help="What is known by this day.", show_default="today in China")
    ] = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Load plausible careers under the packs into a ledger, with some local standards.

    The same seed, years and last year give the same events: loading again appends only what is missing.
    """
    from services.demo.load import DemoSpec, OtherDemo  # Not needed by every command.

    check_ledger_name(ledger)
    spec = DemoSpec(ledger, practitioners, years, seed, _day(until))
    settings = settings_from(data=data)
    try:
        loaded = _load(settings, spec)
    except OtherDemo as error:
        raise Failure("cannot load", error, FAILED) from error
    except KeyboardInterrupt:
        again = "run it again to continue; what is recorded is recognized"
        raise Failure("interrupted", again, INTERRUPTED) from None
    _tell(loaded, settings, as_json=as_json)


def _day(text: str) -> date:
    from services.runtime.clock import china_day, system_clock

    try:
        day = date.fromisoformat(text) if text else china_day(system_clock())
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day as YYYY-MM-DD", param_hint="--until") from error
    if not FIRST_UNTIL <= day <= LAST_UNTIL:
        raise typer.BadParameter(f"{day} is not between {FIRST_UNTIL} and {LAST_UNTIL}", param_hint="--until")
    return day


def _load(settings: "Settings", spec: "DemoSpec") -> "LoadReport":
    import uvloop  # Slow to import, like the next.

    from services.client import attached
    from services.client.attached import NotReachable
    from services.demo.load import load
    from services.runtime.clock import system_clock
    from services.runtime.database import DATABASE_ERRORS, create_pool, what_to_do
    from services.runtime.refusals import DatabaseUnavailable

    async def run(url: str) -> "LoadReport":
        async with await create_pool(url) as pool:
            return await load(pool, system_clock, settings.origin, spec, advance)

    with attached.database(settings, say) as url, shown() as tell:
        began = time.perf_counter()
        done = events = 0

        def advance(more_practitioners: int, more_events: int) -> None:
            nonlocal done, events
            done += more_practitioners
            events += more_events
            rate = events / (time.perf_counter() - began)
            tell(done, spec.practitioners, f"{events:,} events, {rate:,.0f}/s")

        try:
            return uvloop.run(run(url))
        except (*DATABASE_ERRORS, DatabaseUnavailable) as error:
            raise NotReachable(
                f"{what_to_do(error)}. Then run it again to continue; what is recorded is recognized"
            ) from error


def _tell(loaded: "LoadReport", settings: "Settings", *, as_json: bool) -> None:
    from services.client import attached
    from services.server.server_file import instance_at

    server = attached.running_server(settings, attached.STANDINGS)
    standing = f"/v1/ledgers/{loaded.ledger}/practitioners/{loaded.showcase}/standing" if loaded.showcase else None
    answers = server is not None and instance_at(server.url) == server.instance
    look = f"{server.url}{standing}" if server and answers and standing else None
    events_per_s = round(loaded.events / loaded.seconds)
    if as_json:
        speed = {"seconds": round(loaded.seconds, 3), "events_per_s": events_per_s}
        write_json({**dataclasses.asdict(loaded), **speed, "look": look})
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
