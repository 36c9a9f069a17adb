"""`ledgerctl serve`."""

import asyncio
import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from services.cli.terms import (
    NOT_REACHABLE,
    WRONG_ARGUMENTS,
    Data,
    console,
    epilog,
    failures_told,
    say,
    settings_from,
)
from services.runtime.database import DATABASE_ERRORS, DatabaseError, connected
from services.runtime.ledgers import ledgers_after
from services.runtime.processes import die_with_parent
from services.runtime.settings import HIGHEST_PORT
from services.server import supervisor
from services.server.presence import SERVICES
from services.server.supervisor import Job

DEMO_LEDGER = "demo"
DEMO = ("--practitioners", "200", "--years", "8", "--seed", "1", "--ledger", DEMO_LEDGER)
LEDGERS_LOOKED_AT = 1000
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


def serve(
    service: Annotated[
        Service | None, typer.Argument(help="Only this service; both if none is named.", show_default=False)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port on 127.0.0.1 (PORT; 8000).", min=1, max=HIGHEST_PORT, show_default=False)
    ] = None,
    data: Data = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Where there is no ledger yet, load a small one to look at.")
    ] = False,
    parent: Annotated[
        int | None,
        typer.Option("--die-with-parent", help="Process id of the parent: stop when it dies, even by kill -9."),
    ] = None,
) -> None:
    """Run the service until Ctrl-C: its own PostgreSQL (or LEDGER_DATABASE_URL), the HTTP server, the worker.

    What dies is started again. Two services on one data folder share its PostgreSQL.
    """
    if parent is not None:
        die_with_parent(parent)
    with failures_told():
        settings = settings_from(data=data, port=port)

        def when_ready(database_url: str) -> Iterable[Job]:
            ledgers = asyncio.run(_ledgers(database_url)) if demo else []
            loads = demo and not ledgers
            shows_demo = loads or DEMO_LEDGER in ledgers
            console.print(_banner(settings.port, _showcase(settings.port) if shows_demo else ""), soft_wrap=True)
            return [_loading_the_demo()] if loads else []

        supervisor.serve(settings, SERVICES if service is None else (service.value,), say, when_ready)


async def _ledgers(database_url: str) -> list[str]:
    try:
        connection = await connected(database_url)
        try:
            return [row.ledger for row in await ledgers_after(connection, "", LEDGERS_LOOKED_AT)]
        finally:
            await connection.close()
    except DATABASE_ERRORS as error:
        raise DatabaseError(f"the database went away while the service started ({error}): start it again") from error


def _loading_the_demo() -> Job:
    def tell(said: bytes) -> None:
        say(f"loaded {json.loads(said)['events']:,} events of practitioners who never lived into ledger {DEMO_LEDGER}")

    return Job("the demo", ("services.cli.main", "demo", *DEMO, "--json"), tell)


def _showcase(port: int) -> str:
    from services.demo.careers import SHOWCASE  # Not for everyone who starts the service.

    return f"""
  look  curl '{_base(port)}/v1/ledgers/{DEMO_LEDGER}/practitioners/{SHOWCASE}/standing'"""


def _banner(port: int, showcase: str) -> str:
    base = _base(port)
    return f"""
[bold green]The practitioner career ledger is ready at {base}[/]{showcase}
  try   curl {base}/livez
  read  {base}/docs
  make  a ledger:  curl -X PUT {base}/v1/ledgers/chengdu -H 'Content-Type: application/json' \\
                     -d '{{"jurisdiction": "510100", "title": "Chengdu"}}'
Ctrl-C stops it; the data stays.
"""


def _base(port: int) -> str:
    return f"http://{supervisor.HOST}:{port}"
