"""`ledgerctl standing`: how things stand for one person."""

from enum import StrEnum
from typing import Annotated

import typer

from services.cli.over_http import Ledger, Person, Url, calling, path_of
from services.cli.terms import FAILED, NOT_REACHABLE, WRONG_ARGUMENTS, AsJson, Data, epilog, write_json

EPILOG = epilog(
    (
        "ledgerctl standing show P-1 --ledger chengdu",
        "ledgerctl standing show P-1 --ledger chengdu --as-of 2025-06-30 --known-at-position 812 --lang en",
        "ledgerctl standing show P-1 --ledger chengdu --json",
    ),
    FAILED,
    WRONG_ARGUMENTS,
    NOT_REACHABLE,
)

app = typer.Typer(help="Standings: show one person's.", no_args_is_help=True)


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


@app.callback()
def _standings() -> None:
    """Keep `show` a command of its own: it would be the only one."""


@app.command(epilog=EPILOG)
def show(
    practitioner: Person,
    ledger: Ledger,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day asked about; by default today in China.")
    ] = None,
    known_at_position: Annotated[
        int | None, typer.Option(help="As known at this position; by default at the newest.", min=0)
    ] = None,
    lang: Annotated[Language, typer.Option(help="The language of the sentences.")] = Language.ZH,
    url: Url = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Show every answer about one person: as sentences with their clauses and records, with --json as data."""
    asked = {"as_of": as_of, "known_at_position": known_at_position, "lang": None if as_json else lang.value}
    parameters = {name: value for name, value in asked.items() if value is not None}
    path = path_of(ledger, "practitioners", practitioner, "standing")
    with calling(url, data) as service:
        accept = {"Accept": "application/json" if as_json else "text/plain"}
        answer = service.call("GET", path, params=parameters, headers=accept)
    if as_json:
        write_json(answer.json())
    else:
        typer.echo(answer.text, nl=False)
