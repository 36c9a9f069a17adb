"""`ledgerctl cohort`: everyone by the answer to one question, as a table."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.over_http import Ledger, Url, calling, path_of
from services.cli.terms import FAILED, NOT_REACHABLE, WRONG_ARGUMENTS, AsJson, Data, epilog, say, write_json

if TYPE_CHECKING:
    from services.client.calling import Caller

PAGE_PEOPLE = 1_000
EPILOG = epilog(
    (
        "ledgerctl cohort export --ledger chengdu --determination allowance --out allowance.csv",
        "ledgerctl cohort export --ledger chengdu --determination allowance --status eligible --jurisdiction 510107",
        "ledgerctl cohort export --ledger chengdu --determination certificate --json",
    ),
    FAILED,
    WRONG_ARGUMENTS,
    NOT_REACHABLE,
)

app = typer.Typer(help="Cohorts: export everyone by the answer to one question.", no_args_is_help=True)


@app.callback()
def _cohorts() -> None:
    """Keep `export` a command of its own: it would be the only one."""


@app.command(epilog=EPILOG)
def export(
    ledger: Ledger,
    determination: Annotated[str, typer.Option(help="The question, such as allowance.", show_default=False)],
    status: Annotated[str | None, typer.Option(help="Only those with this answer.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Only those of this place, and of places in it.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the table to this file; by default to the output.")] = None,
    url: Url = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Export everyone with the answer to one question: as CSV, one person a line; with --json as one object."""
    asked = {"determination": determination, "status": status, "jurisdiction": jurisdiction}
    parameters = {name: value for name, value in asked.items() if value is not None}
    path = path_of(ledger, "standings")
    with calling(url, data) as service:
        if as_json:
            write_json({"standings": list(_everyone(service, path, parameters))})
            return
        table = service.call("GET", path, params=parameters, headers={"Accept": "text/csv"}).content
    if out is None:
        typer.echo(table, nl=False)
        return
    try:
        out.write_bytes(table)
    except OSError as error:
        raise typer.BadParameter(f"{out} cannot be written: {error.strerror}", param_hint="--out") from error
    say(f"written to {out}")


def _everyone(service: "Caller", path: str, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    asked = {**parameters, "limit": PAGE_PEOPLE}
    while True:
        page = service.read(path, params=asked)
        yield from page["standings"]
        if page["next_cursor"] is None:
            return
        asked["cursor"] = page["next_cursor"]
