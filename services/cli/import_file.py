"""`ledgerctl import`: the events of a file into a ledger, through the HTTP server like any client."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from services.cli.failures import Failure
from services.cli.progress import Tell, shown
from services.cli.terms import (
    INTERRUPTED,
    MODULE,
    NOT_REACHABLE,
    REFUSED_ROWS,
    WRONG_ARGUMENTS,
    AsJson,
    Data,
    check_ledger_name,
    epilog,
    say,
    say_in_red,
    settings_from,
    write_json,
)

if TYPE_CHECKING:
    from services.client.attached import Reached
    from services.client.importing import Tally
    from services.runtime.settings import Settings

STANDARD_INPUT = "-"
SERVE = (sys.executable, "-m", MODULE, "serve", "ledger")
EPILOG = epilog(
    (
        "ledgerctl import events.jsonl --ledger chengdu",
        "ledgerctl import events.jsonl --ledger chengdu --validate-only --rejects refused.jsonl",
        "zcat events.jsonl.gz | ledgerctl import - --ledger chengdu --json",
    ),
    WRONG_ARGUMENTS,
    NOT_REACHABLE,
    REFUSED_ROWS,
    INTERRUPTED,
)


def import_file(
    file: Annotated[str, typer.Argument(metavar="FILE.jsonl", help="One event per line; - for standard input.")],
    ledger: Annotated[str, typer.Option(help="The ledger, which must exist.", show_default=False)],
    validate_only: Annotated[
        bool, typer.Option("--validate-only", help="Report what would be refused, and append nothing.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Write each refused line here, with its problem.", show_default=False)
    ] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Append the events of a file: each line is an event as posted, with its practitioner_id.

    Importing the file again appends only what is missing. A refused line does not stop the later ones.
    """
    from services.client import attached  # Slow to import, like the next.
    from services.client.importing import Tally

    check_ledger_name(ledger)
    tally = Tally()
    interrupted = False
    with ExitStack() as parts:
        source = parts.enter_context(_opened(file))
        refusals = parts.enter_context(_refusals_to(rejects, source))
        try:
            settings = settings_from(data=data)
            server = parts.enter_context(attached.service(settings, say, SERVE))
            tell = parts.enter_context(shown())
            _import(source, server, settings, ledger, refusals, tally, tell, validate_only=validate_only)
        except KeyboardInterrupt:
            interrupted = True
    _tell(tally, ledger, validate_only=validate_only, as_json=as_json, interrupted=interrupted)
    if interrupted:
        raise typer.Exit(INTERRUPTED)
    if tally.refused:
        raise typer.Exit(REFUSED_ROWS)


def _import(
    source: IO[bytes],
    server: "Reached",
    settings: "Settings",
    ledger: str,
    refusals: IO[str] | None,
    tally: "Tally",
    tell: Tell,
    *,
    validate_only: bool,
) -> None:
    import httpx  # Slow to import.

    from services.client import attached
    from services.client.importing import import_lines
    from services.client.sending import NoSuchLedger, Sender

    with httpx.Client(trust_env=False) as client:
        sender = Sender(client, lambda: attached.running_server(settings), ledger, say, validate_only=validate_only)
        try:
            import_lines(source, sender, refusals, tally, tell)
        except NoSuchLedger as error:
            how = _how_to_make(ledger, server, settings)
            raise Failure("cannot import", error, WRONG_ARGUMENTS, how, code="unknown-ledger") from error


def _how_to_make(ledger: str, server: "Reached", settings: "Settings") -> str:
    from services.client import attached
    from services.runtime.settings import HOST

    first, url = "Make it", server.url
    if server.is_started:  # The server has gone when this is read.
        command, port = attached.how_to_start(settings)
        first, url = f"Start {command}, then make it", f"http://{HOST}:{port}"
    body = '{"jurisdiction": "510100", "title": "Chengdu"}'
    return f"{first}: curl -X PUT {url}/v1/ledgers/{ledger} -H 'Content-Type: application/json' -d '{body}'"


def _tell(tally: "Tally", ledger: str, *, validate_only: bool, as_json: bool, interrupted: bool) -> None:
    if as_json:
        counts = {name: getattr(tally, name) for name in ("appended", "recorded_before", "refused", "first_refusals")}
        speed = {"seconds": round(tally.seconds, 3), "lines_per_s": round(tally.lines_per_s)}
        about = {"ledger": ledger, "validate_only": validate_only, "interrupted": interrupted, "lines": tally.lines}
        write_json({**about, **counts, **speed})
        return
    for refusal in tally.first_refusals:
        say_in_red("refused", _as_text(refusal))
    if (more := tally.refused - len(tally.first_refusals)) > 0:
        say(f"and {more:,} more: --rejects FILE writes them all")
    say(_summary(tally, validate_only=validate_only))
    if interrupted:
        say("interrupted: run it again to continue; what is recorded is recognized")


def _summary(tally: "Tally", *, validate_only: bool) -> str:
    appended = "would be appended" if validate_only else "appended"
    counts = f"{tally.appended:,} {appended}, {tally.recorded_before:,} recorded before, {tally.refused:,} refused"
    speed = f"{tally.lines:,} lines in {tally.seconds:.1f} s ({tally.lines_per_s:,.0f}/s)"
    nothing_new = ": nothing was missing" if tally.recorded_before and tally.recorded_before == tally.lines else ""
    return f"{counts}{nothing_new}; {speed}"


def _as_text(refusal: dict[str, Any]) -> str:
    problem = refusal["problem"] or {}
    errors = "; ".join(f"{error['pointer']} {error['detail']}".strip() for error in problem.get("errors", ()))
    return f"line {refusal['line']}: {problem.get('code', refusal['status'])}: {errors or problem.get('detail', '')}"


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        source = Path(file).open("rb")  # noqa: SIM115 - closed below; only opening it is tried
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}", param_hint="FILE.jsonl") from error
    with source:
        yield source


@contextmanager
def _refusals_to(rejects: Path | None, source: IO[bytes]) -> Iterator[IO[str] | None]:
    if rejects is None:
        yield None
        return
    if rejects.exists() and os.path.samestat(rejects.stat(), os.fstat(source.fileno())):
        raise typer.BadParameter("that is the file to import, which this would empty", param_hint="--rejects")
    try:
        refusals = rejects.open("w", encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{rejects} cannot be written: {error.strerror}", param_hint="--rejects") from error
    with refusals:
        yield refusals
