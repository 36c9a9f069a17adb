"""`ledgerctl rebuild`: make every row of a ledger again from event 1, compare, and switch."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import terms
from services.cli.failures import Failure
from services.cli.progress import shown

if TYPE_CHECKING:
    from services.projections.rebuild import Report

EPILOG = terms.epilog(
    (
        "ledgerctl rebuild --ledger chengdu",
        "ledgerctl rebuild --ledger chengdu --verify --json",
        "ledgerctl rebuild --ledger chengdu --back",
    ),
    terms.FAILED,
    terms.WRONG_ARGUMENTS,
    terms.NOT_REACHABLE,
    terms.DIFFERENCES,
    terms.LEASE_HELD,
    terms.INTERRUPTED,
)


def rebuild(
    ledger: Annotated[str, typer.Option("--ledger", help="The ledger.")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare only, and switch nothing; exit code 6 if a row differs.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Switch back to the previous generation; the worker brings it up to date.")
    ] = False,
    as_json: terms.AsJson = False,
    data: terms.Data = None,
) -> None:
    """Make every row of a ledger again from event 1, compare with the live rows, and put the new ones in their place.

    Appends, reads and the worker go on meanwhile. The previous generation is kept until the next rebuild.
    """
    terms.check_ledger_name(ledger)
    if verify and back:
        raise typer.BadParameter("--verify compares and --back switches: give one of them")
    import asyncio  # Slow, as all that works on a database.

    from msgspec.structs import asdict

    from services.client.attached import database
    from services.runtime.clock import system_clock

    with (
        database(terms.settings_from(data=data), terms.say) as url,
        _reporting_failures_of(ledger),
    ):
        from services.projections.operate import go_back_in, rebuild_ledger  # Slow: it imports everything that judges.

        if back:
            _tell_switch(ledger, asyncio.run(go_back_in(url, ledger)), as_json=as_json)
            return
        with shown() as tell:
            began = time.perf_counter()

            def tell_events(done: int, of: int) -> None:
                tell(done, of, f"{done:,} events, {done / (time.perf_counter() - began):,.0f}/s")

            report = asyncio.run(rebuild_ledger(url, ledger, system_clock, verify=verify, tell=tell_events))
            seconds = time.perf_counter() - began
    if as_json:
        terms.write_json({**asdict(report), "seconds": round(seconds, 3)})
    else:
        _tell_report(report, seconds)
    if report.damaged:
        raise typer.Exit(terms.FAILED)
    if verify and report.differences:
        raise typer.Exit(terms.DIFFERENCES)
    if verify and report.compared < report.people:
        raise typer.Exit(terms.FAILED)


@contextmanager
def _reporting_failures_of(ledger: str) -> Iterator[None]:
    """Turn each failure of a rebuild into a message that says what to do, and an exit code."""
    from contracts.events.codec import InvalidEvent
    from services.projections.operate import Interrupted
    from services.projections.rebuild import NothingToGoBackTo, RebuildRunning
    from services.projections.store.generations import GenerationGone
    from services.runtime.database import DATABASE_ERRORS, DatabaseError, what_to_do
    from services.runtime.journal import DamagedLedger, UnknownLedger
    from services.runtime.leases import LeaseLost
    from services.runtime.ledgers import UnreadablePack
    from services.runtime.stored_events import DamagedEvent

    try:
        yield
    except Interrupted as interrupted:
        raise Failure("interrupted", interrupted, terms.INTERRUPTED) from interrupted
    except UnknownLedger as error:
        why = f"{ledger}: PUT /v1/ledgers/{ledger} makes it"
        raise Failure("no such ledger", why, terms.WRONG_ARGUMENTS, code="unknown-ledger") from error
    except (RebuildRunning, LeaseLost, GenerationGone) as error:
        why = f"another rebuild of {ledger} is running, or was killed a moment ago: wait for it, or stop it"
        raise Failure("not now", why, terms.LEASE_HELD, code="lease-held") from error
    except NothingToGoBackTo as error:
        raise Failure("cannot go back", f"{ledger} has no generation before the live one", terms.FAILED) from error
    except DATABASE_ERRORS as error:
        why = "It is unknown whether rows were switched: ledgerctl doctor, then run it again"
        raise DatabaseError(f"{what_to_do(error)}. {why}") from error
    except (InvalidEvent, UnreadablePack, DamagedEvent, DamagedLedger) as error:
        why = f"the rules of {ledger} cannot be read: {error}. See ledgerctl doctor"
        raise Failure("cannot rebuild", why, terms.FAILED) from error


def _tell_switch(ledger: str, generation: int, *, as_json: bool) -> None:
    if as_json:
        terms.write_json({"ledger": ledger, "generation": generation, "switched": True})
    else:
        terms.say(f"generation {generation} of {ledger} is live again")


def _tell_report(report: "Report", seconds: float) -> None:
    say = terms.console.print
    rate = report.position / max(seconds, 1e-6)
    say(f"{report.position:,} events of {report.ledger} made {report.people:,} rows in {seconds:.1f} s ({rate:,.0f}/s)")
    if report.replaces is None:
        say("There were no live rows to compare with.")
    else:
        say(f"{report.compared:,} compared with generation {report.replaces}: [bold]{report.differences:,} differ[/]")
    if report.waiting:
        say(
            f"[bold]{report.waiting:,} could not be compared[/]: their live rows are behind or due. With a worker, "
            "try again in a while; ledgerctl doctor says whether one does."
        )
    if report.parked:
        say(f"{report.parked:,} people cannot be judged: see ledgerctl doctor")
    for fault in report.faults:
        say(f"  [bold]position {fault.position:,}: {fault.what}[/]")
    if report.damaged:
        say("The store is damaged, so nothing was switched: stop appending and restore from a backup.")
    for sample in report.samples:
        say(f"  {sample['practitioner_id']} {sample['cause']}: {', '.join(sample['rebuilt'] or sample['live']) or '–'}")
    if report.switched:
        undo = "" if report.replaces is None else f" ledgerctl rebuild --ledger {report.ledger} --back undoes it."
        say(f"Generation {report.generation} is live.{undo}")
    else:
        say("Nothing was switched.")
