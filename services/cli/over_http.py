"""What the commands share that ask a service over HTTP: `--url`, and how an id stands in a path."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlsplit

import typer

from services.cli.terms import check_ledger_name, settings_from

if TYPE_CHECKING:
    from services.client.calling import Caller

Url = Annotated[
    str | None,
    typer.Option(
        help="Base URL of the service; by default the one that runs on the data folder.",
        envvar="LEDGER_URL",
        show_default=False,
    ),
]
Ledger = Annotated[str, typer.Option("--ledger", help="The ledger.", show_default=False)]
Person = Annotated[str, typer.Argument(metavar="ID", help="The person's id.", show_default=False)]


@contextmanager
def calling(url: str | None, data: Path | None) -> Iterator["Caller"]:
    """Yield the service that was asked for."""
    from services.client.calling import service_at  # Slow to import.

    if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
        raise typer.BadParameter(f"{url!r} is not a URL such as http://127.0.0.1:8000", param_hint="--url")
    with service_at(url, settings_from(data=data)) as caller:
        yield caller


def path_of(ledger: str, *parts: str) -> str:
    """Return the path below a ledger. Raises typer.BadParameter if the text cannot be a ledger's name."""
    check_ledger_name(ledger)
    return "/".join((f"/v1/ledgers/{ledger}", *(quote(part, safe="") for part in parts)))
