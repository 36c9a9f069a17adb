"""`ledgerctl serve`."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.terms import (
    MODULE,
    NOT_REACHABLE,
    WRONG_ARGUMENTS,
    Data,
    console,
    epilog,
    say,
    settings_from,
)
from services.runtime.settings import HIGHEST_PORT, HOST
from services.runtime.showcase import DEMO_LEDGER, SHOWCASE

if TYPE_CHECKING:
    from services.server.supervisor import Job

DEMO = ("--practitioners", "200", "--years", "8", "--seed", "1", "--ledger", DEMO_LEDGER)
EPILOG = epilog(
    (
        "ledgerctl serve",
        "ledgerctl serve --port 8001 --data /srv/ledger",
        "ledgerctl serve ledger & ledgerctl serve projections --port 8001",
    ),
    WRONG_ARGUMENTS,
    NOT_REACHABLE,
)


class Service(StrEnum):
    LEDGER = "ledger"
    PROJECTIONS = "projections"


SERVICES = tuple(service.value for service in Service)


def serve(
    service: Annotated[
        Service | None, typer.Argument(help="Only this service; both if none is named.", show_default=False)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port on 127.0.0.1 (PORT; 8000).", min=1, max=HIGHEST_PORT, show_default=False)
    ] = None,
    data: Data = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="If there is no ledger yet, load a small one to look at.")
    ] = False,
    parent: Annotated[
        int | None,
        typer.Option("--die-with-parent", help="Process id of the parent: stop when it dies, even by kill -9."),
    ] = None,
) -> None:
    """Run the service until Ctrl-C: its own PostgreSQL (or LEDGER_DATABASE_URL), the HTTP server, the worker.

    A process that dies is started again. Two services on one data folder share its PostgreSQL.
    """
    from services.runtime.processes import die_with_parent, waits_to_stop  # Slow, as all that runs the service.
    from services.server import supervisor

    if parent is not None:
        die_with_parent(parent)
    settings = settings_from(data=data, port=port)
    services = SERVICES if service is None else (service.value,)

    def when_ready(database_url: str) -> "Iterable[Job]":
        if not demo:
            console.print(_banner(settings.port, services), soft_wrap=True)
            return []
        from services.demo.start import UNFINISHED, demo_at_start  # Not needed at every start.

        loads, shows = demo_at_start(database_url, DEMO_LEDGER, settings.data)
        console.print(_banner(settings.port, services, shows_demo=shows), soft_wrap=True)
        return [_loading_the_demo(settings.data / UNFINISHED)] if loads else []

    # Some parents always block the signal that make blocks while it waits.
    watched = None if parent is None or waits_to_stop(parent) else parent

    def parent_stops() -> bool:
        return watched is not None and waits_to_stop(watched)

    supervisor.serve(settings, services, say, when_ready, parent_stops)


def _loading_the_demo(unfinished: Path) -> "Job":
    from services.server.supervisor import Job

    unfinished.touch()  # Until it is complete, so that one that was interrupted is finished at the next start.

    def tell(output: bytes) -> None:
        unfinished.unlink(missing_ok=True)
        say(f"loaded {json.loads(output)['events']:,} events of invented practitioners into ledger {DEMO_LEDGER}")

    return Job("the demo", (MODULE, "demo", *DEMO, "--json"), tell)


def _showcase(port: int) -> str:
    return f"""
  look  curl '{_base(port)}/v1/ledgers/{DEMO_LEDGER}/practitioners/{SHOWCASE}/standing'"""


def _banner(port: int, services: Sequence[str], *, shows_demo: bool = False) -> str:
    """Return example commands for the running services."""
    base = _base(port)
    part = "" if len(services) == len(SERVICES) else f" ({', '.join(services)} alone)"
    look = _showcase(port) if shows_demo and Service.PROJECTIONS in services else ""
    make = f"""
  make  a ledger:  curl -X PUT {base}/v1/ledgers/chengdu -H 'Content-Type: application/json' \\
                     -d '{{"jurisdiction": "510100", "title": "Chengdu"}}'"""
    return f"""
[bold green]The practitioner career ledger{part} is ready at {base}[/]
  open  {base}/ in a browser{look}
  try   curl {base}/livez
  read  {base}/docs{make if Service.LEDGER in services else ""}
Ctrl-C stops it; the data stays.
"""


def _base(port: int) -> str:
    return f"http://{HOST}:{port}"
