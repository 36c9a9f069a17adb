"""`ledgerctl event`: appends the events of a file to one person's stream, and shows an event."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.failures import Failure
from services.cli.over_http import Ledger, Url, calling, path_of
from services.cli.terms import FAILED, NOT_REACHABLE, WRONG_ARGUMENTS, AsJson, Data, epilog, say, write_json

STANDARD_INPUT = "-"
CODES = (FAILED, WRONG_ARGUMENTS, NOT_REACHABLE)
EPILOG_APPEND = epilog(
    (
        "ledgerctl event append P-1 event.json --ledger chengdu",
        "ledgerctl event append P-1 event.json --ledger chengdu --if-version 17",
        "ledgerctl event append P-1 - --ledger chengdu --json < event.json",
    ),
    *CODES,
)
EPILOG_SHOW = epilog(
    ("ledgerctl event show 0190b6a0-0000-7000-8000-000000000001 --ledger chengdu",),
    *CODES,
)

app = typer.Typer(help="Events: append some to a person's stream, show one.", no_args_is_help=True)


@app.command(epilog=EPILOG_APPEND)
def append(
    practitioner: Annotated[str, typer.Argument(metavar="PERSON", help="The person's id.", show_default=False)],
    file: Annotated[
        str, typer.Argument(metavar="FILE.json", help="One event, or a list; - for standard input.", show_default=False)
    ],
    ledger: Ledger,
    if_version: Annotated[
        int | None, typer.Option(help="Only if the stream has this version; else nothing is appended.", min=0)
    ] = None,
    url: Url = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Append all events of a file to one person's stream, or none. Appending them again changes nothing.

    For many people, one event a line: ledgerctl import.
    """
    headers = {}
    if if_version is not None:
        headers = {"If-Match": f'"v{if_version}"'} if if_version else {"If-None-Match": "*"}
    path = path_of(ledger, "practitioners", practitioner, "events")
    body = _body_in(file)
    with calling(url, data) as service:
        receipt = service.call("POST", path, json=body, headers=headers).json()
    if as_json:
        write_json(receipt)
        return
    for event in receipt["events"]:
        typer.echo(f"{event['event_id']}  position {event['position']}  version {event['version']}")
    say(f"the stream of {practitioner} has version {receipt['version']}")


@app.command(epilog=EPILOG_SHOW)
def show(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.", show_default=False)],
    ledger: Ledger,
    url: Url = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Show an event as it was recorded, and what corrects or voids it."""
    with calling(url, data) as service:
        recorded = service.read(path_of(ledger, "events", event))
    if as_json:
        write_json(recorded)
        return
    for name, value in recorded.items():
        typer.echo(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")


def _body_in(file: str) -> dict[str, Any]:
    """Return the body to send: a file may hold it, or its events alone."""
    try:
        text = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        events = json.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}", param_hint="FILE.json") from error
    except ValueError as error:
        raise Failure("cannot append", f"{file} is not JSON in UTF-8: {error}", WRONG_ARGUMENTS) from error
    if isinstance(events, dict) and "events" in events:
        return events
    return {"events": events if isinstance(events, list) else [events]}
