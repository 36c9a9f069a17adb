"""What all commands share: console output, settings, exit codes, and the handling of failures."""

import dataclasses
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from contracts.events.values import LEDGER_PATTERN
from services.client.attached import NotReachable
from services.runtime.database import DATABASE_ERRORS, DatabaseError, what_to_do
from services.runtime.postgres_place import PostgresError
from services.runtime.settings import Settings, SettingsError, from_environment
from services.server.supervisor import CannotStart

DONE = 0
FAILED = 1
WRONG_ARGUMENTS = 2
NOT_REACHABLE = 3
DIFFERENCES = 6
REFUSED_ROWS = 7
LEASE_HELD = 11
INTERRUPTED = 130
MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        DONE: "done",
        FAILED: "failed",
        WRONG_ARGUMENTS: "wrong arguments",
        NOT_REACHABLE: "could not start, or the service or database cannot be reached",
        DIFFERENCES: "differences found",
        REFUSED_ROWS: "finished, with refused rows",
        LEASE_HELD: "another process holds the lease",
        INTERRUPTED: "interrupted",
    }
)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the embedded database (LEDGER_DATA; .data).", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the outcome to standard output as one JSON object.")]


MODULE = "services.cli.main"
"""Run by Python, this is `ledgerctl`."""


class PatientConsole(Console):
    """Goes on silently when its reader has gone: `make run | head` must not stop the service."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())  # The rest of the buffer goes there.


console = PatientConsole(stderr=True, highlight=False)
"""For people, on standard error. Standard output is for data."""


def epilog(examples: Sequence[str], *codes: int) -> str:
    """Return the end of a command's help: its examples and exit codes."""
    meanings = "; ".join(f"{code} {MEANINGS[code]}" for code in (DONE, *codes))
    lines = (f"  {escape(example)}" for example in examples)
    return "\n".join(("Examples:", *lines, "", f"Exit codes: {meanings}."))


def settings_from(*, data: Path | None = None, port: int | None = None) -> Settings:
    """Return the settings of the environment, overridden by the options given. Raises SettingsError."""
    settings = from_environment()
    return dataclasses.replace(
        settings,
        port=settings.port if port is None else port,
        data=settings.data if data is None else data.absolute(),
    )


def check_ledger_name(ledger: str) -> None:
    """Raise typer.BadParameter unless the text is a valid ledger name."""
    if not re.match(LEDGER_PATTERN, ledger):
        raise typer.BadParameter(f"{ledger!r} is not a ledger name: [a-z0-9][a-z0-9_-]{{0,62}}", param_hint="--ledger")


def say(line: str) -> None:
    console.print(f"[dim]…[/] {escape(line)}", soft_wrap=True)


def say_in_red(what: str, why: object) -> None:
    console.print(f"[bold red]{what}:[/] {escape(str(why))}", soft_wrap=True)


@contextmanager
def reporting_failures() -> Iterator[None]:
    """Turn each foreseen failure into a message that says what to do, and an exit code."""
    try:
        yield
    except CannotStart as error:
        say_in_red("cannot start", error)
        raise typer.Exit(NOT_REACHABLE) from error
    except (NotReachable, PostgresError, DatabaseError) as error:
        say_in_red("cannot go on", error)
        raise typer.Exit(NOT_REACHABLE) from error
    except BrokenPipeError:  # The reader has gone: typer ends the command.
        raise
    except DATABASE_ERRORS as error:
        say_in_red("cannot go on", error if isinstance(error, OSError) and error.filename else what_to_do(error))
        raise typer.Exit(NOT_REACHABLE) from error
    except SettingsError as error:
        say_in_red("wrong setting", error)
        raise typer.Exit(NOT_REACHABLE) from error
