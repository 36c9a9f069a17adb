"""`ledgerctl feed`: the events of a ledger by position, and new ones as they come."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.over_http import Ledger, Url, calling, path_of
from services.cli.terms import FAILED, NOT_REACHABLE, WRONG_ARGUMENTS, AsJson, Data, epilog, write_json

if TYPE_CHECKING:
    from services.client.calling import Caller

PAGE_EVENTS = 1_000
WAIT_S = 25
LAST_EVENTS = 10
EPILOG = epilog(
    (
        "ledgerctl feed tail --ledger chengdu",
        "ledgerctl feed tail --ledger chengdu --after 812 --follow",
        "ledgerctl feed tail --ledger chengdu --after 0 --json > events.jsonl",
    ),
    FAILED,
    WRONG_ARGUMENTS,
    NOT_REACHABLE,
)

app = typer.Typer(help="The feed of a ledger: every event by position.", no_args_is_help=True)


@app.callback()
def _feed() -> None:
    """Keep `tail` a command of its own: it would be the only one."""


@app.command(epilog=EPILOG)
def tail(
    ledger: Ledger,
    after: Annotated[
        int | None, typer.Option(help="The position to continue after; by default the ten last events.", min=0)
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new events until Ctrl-C.")] = False,
    url: Url = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Print events in their order, one a line; with --json each as an object on a line of its own."""
    with calling(url, data) as service:
        path = path_of(ledger)
        position = max(0, service.read(path)["head"] - LAST_EVENTS) if after is None else after
        for event in _events(service, f"{path}/events", position, follow=follow):
            if as_json:
                write_json(event)
            else:
                typer.echo(_line(event))


def _events(service: "Caller", path: str, after: int, *, follow: bool) -> Iterator[dict[str, Any]]:
    while True:
        asked = {"after": after, "limit": PAGE_EVENTS, **({"wait": WAIT_S} if follow else {})}
        page = service.read(path, params=asked)
        yield from page["events"]
        after = page["next_after"]
        if not follow and after >= page["head"]:
            return


def _line(event: dict[str, Any]) -> str:
    told = json.dumps(event["data"], ensure_ascii=False)
    return f"{event['position']}  {event['occurred_on']}  {event['practitioner_id']}  {event['type']}  {told}"
