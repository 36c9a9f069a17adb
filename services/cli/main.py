"""`ledgerctl`: start the service, bring a database up to date."""

import asyncio
import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from services.runtime import postgres
from services.runtime.database import DatabaseError
from services.runtime.migrate import migrate
from services.runtime.postgres_place import PostgresError
from services.runtime.processes import die_with_parent
from services.runtime.settings import Settings, SettingsError, from_environment
from services.server import supervisor

EXIT_DIED = 1
EXIT_CANNOT_START = 3
EXIT_CODES = """
Exit codes: 0 stopped as asked, 1 a process of the service died, 2 wrong arguments, 3 could not start.
Every message says what to do next.
"""

app = typer.Typer(
    help="The practitioner career ledger.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class _PatientConsole(Console):
    """Goes on in silence when nobody reads any more: `make run | head` must not stop the service."""

    def on_broken_pipe(self) -> None:
        self.quiet = True


console = _PatientConsole(stderr=True, highlight=False)


@app.command(epilog="Examples:  ledgerctl serve   |   ledgerctl serve --port 8001 --data /srv/ledger")
def serve(
    port: Annotated[int | None, typer.Option(help="Port on 127.0.0.1 (PORT; 8000).", min=1, max=65_535)] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the embedded database (LEDGER_DATA; .data).")] = None,
    parent: Annotated[
        int | None,
        typer.Option("--die-with-parent", help="Process id of the parent: stop when it dies, even by kill -9."),
    ] = None,
) -> None:
    """Run the service until Ctrl-C: its own PostgreSQL (or LEDGER_DATABASE_URL) and the HTTP server."""
    if parent is not None:
        die_with_parent(parent)
    with _failures_told():
        settings = _settings(port=port, data=data)
        supervisor.serve(settings, _say, lambda: console.print(_banner(settings.port), soft_wrap=True))


@app.command("migrate", epilog="Example:  LEDGER_DATABASE_URL=postgresql://user:password@host/ledger ledgerctl migrate")
def migrate_command(
    data: Annotated[Path | None, typer.Option(help="Folder of the embedded database (LEDGER_DATA; .data).")] = None,
) -> None:
    """Bring the database up to the newest version and stop."""
    with _failures_told():
        settings = _settings(port=None, data=data)
        with _database(settings) as url:
            asyncio.run(migrate(url))
        _say("the database is up to date")


@contextmanager
def _failures_told() -> Iterator[None]:
    try:
        yield
    except supervisor.ProcessDied as error:
        _say_in_red("stopped", error)
        raise typer.Exit(EXIT_DIED) from error
    except (supervisor.CannotStart, PostgresError, DatabaseError, SettingsError) as error:
        _say_in_red("cannot start", error)
        raise typer.Exit(EXIT_CANNOT_START) from error


def _settings(*, port: int | None, data: Path | None) -> Settings:
    settings = from_environment()
    return dataclasses.replace(
        settings,
        port=settings.port if port is None else port,
        data=settings.data if data is None else data.absolute(),
    )


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url
    else:
        with postgres.running(settings.data / "postgres", bindir=settings.pg_bindir) as server:
            yield server.url


def _say(line: str) -> None:
    console.print(f"[dim]…[/] {escape(line)}", soft_wrap=True)


def _say_in_red(what: str, error: Exception) -> None:
    console.print(f"[bold red]{what}:[/] {escape(str(error))}", soft_wrap=True)


def _banner(port: int) -> str:
    base = f"http://127.0.0.1:{port}"
    return f"""
[bold green]The practitioner career ledger is ready at {base}[/]
  try   curl {base}/livez
  read  {base}/docs
  make  a ledger:  curl -X PUT {base}/v1/ledgers/chengdu -H 'Content-Type: application/json' \\
                     -d '{{"jurisdiction": "510100", "title": "Chengdu"}}'
Ctrl-C stops it; the data stays.
"""


if __name__ == "__main__":
    app()
