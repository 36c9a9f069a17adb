"""What all commands share: console output, settings, exit codes. It loads nothing that --help does not need."""

import dataclasses
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from services.cli.legible import is_unicode

if TYPE_CHECKING:
    from services.runtime.settings import Settings

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
JSON_FLAG = "--json"
AsJson = Annotated[bool, typer.Option(JSON_FLAG, help="Write the outcome to standard output as one JSON object.")]


MODULE = "services.cli.entry"
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


def settings_from(*, data: Path | None = None, port: int | None = None) -> "Settings":
    """Return the settings of the environment, overridden by the options given. Raises SettingsError."""
    from services.runtime.settings import from_environment

    settings = from_environment()
    return dataclasses.replace(
        settings,
        port=settings.port if port is None else port,
        data=settings.data if data is None else data.absolute(),
    )


def check_ledger_name(ledger: str) -> None:
    """Raise typer.BadParameter unless the text is a valid ledger name."""
    from contracts.events.values import LEDGER_PATTERN

    if not re.match(LEDGER_PATTERN, ledger):
        raise typer.BadParameter(f"{ledger!r} is not a ledger name: [a-z0-9][a-z0-9_-]{{0,62}}", param_hint="--ledger")


def write_json(value: Any) -> None:
    """Write a value to standard output as one JSON object, which is UTF-8 whatever the console's encoding."""
    import msgspec

    typer.echo(json.dumps(msgspec.to_builtins(value), ensure_ascii=not is_unicode(sys.stdout.encoding)))


def say(line: str) -> None:
    console.print(f"[dim]…[/] {escape(line)}", soft_wrap=True)


def say_in_red(what: str, why: object) -> None:
    console.print(f"[bold red]{what}:[/] {escape(str(why))}", soft_wrap=True)


def say_what_to_do(remedy: str) -> None:
    console.print(f"    [bold]{escape(remedy)}[/]", soft_wrap=True)
