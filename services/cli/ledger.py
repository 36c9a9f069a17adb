"""`ledgerctl ledger`: makes ledgers and lists them."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.over_http import Url, calling, path_of
from services.cli.terms import FAILED, NOT_REACHABLE, WRONG_ARGUMENTS, AsJson, Data, epilog, say, write_json

if TYPE_CHECKING:
    from services.client.calling import Caller

CODES = (FAILED, WRONG_ARGUMENTS, NOT_REACHABLE)
EPILOG_CREATE = epilog(
    (
        "ledgerctl ledger create chengdu --jurisdiction 510100 --title 成都市",
        "ledgerctl ledger create trial --jurisdiction 100000 --title Trial --url http://127.0.0.1:8001",
    ),
    *CODES,
)
EPILOG_LIST = epilog(("ledgerctl ledger list", "ledgerctl ledger list --json"), *CODES)

app = typer.Typer(help="Ledgers: make one, list them.", no_args_is_help=True)


@app.command(epilog=EPILOG_CREATE)
def create(
    ledger: Annotated[str, typer.Argument(metavar="NAME", help="Its name, for ever.", show_default=False)],
    jurisdiction: Annotated[
        str, typer.Option(help="The place's code (GB/T 2260); 100000 is the whole country.", show_default=False)
    ],
    title: Annotated[str, typer.Option(help="Its title, for people.", show_default=False)],
    url: Url = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Make a ledger. It keeps the packs of the release that makes it; making it again changes nothing."""
    with calling(url, data) as service:
        made = service.call("PUT", path_of(ledger), json={"jurisdiction": jurisdiction, "title": title})
    if as_json:
        write_json(made.json())
    else:
        was_there = ", and was there before" if made.status_code == HTTPStatus.OK else ""
        say(f"ledger {ledger} is there{was_there}: {_line(made.json())}")


@app.command("list", epilog=EPILOG_LIST)
def list_ledgers(url: Url = None, as_json: AsJson = False, data: Data = None) -> None:
    """List the ledgers, with their places and titles."""
    with calling(url, data) as service:
        ledgers = list(_all(service))
    if as_json:
        write_json({"ledgers": ledgers})
    else:
        for one in ledgers:
            typer.echo(_line(one))


def _all(service: "Caller") -> Iterator[dict[str, Any]]:
    after: dict[str, str] = {}
    while page := service.read("/v1/ledgers", params=after)["ledgers"]:
        yield from page
        after = {"after": page[-1]["ledger"]}


def _line(ledger: dict[str, Any]) -> str:
    return f"{ledger['ledger']}  {ledger['jurisdiction']}  {ledger['title']}"
