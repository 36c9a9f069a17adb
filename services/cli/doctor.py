"""`ledgerctl doctor`: whether all is well, and for what is not, what to run."""

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING

import typer

from services.cli import attached
from services.cli.attached import NotReachable
from services.cli.terms import (
    FAILED,
    WRONG_ARGUMENTS,
    AsJson,
    Data,
    PatientConsole,
    epilog,
    failures_told,
    say,
    settings_from,
)
from services.runtime.clock import system_clock
from services.runtime.database import DATABASE_ERRORS, DatabaseError, connected, what_to_do
from services.runtime.limits import PATIENT
from services.runtime.postgres_place import PostgresError
from services.runtime.settings import Settings
from services.server.presence import is_held

if TYPE_CHECKING:
    import httpx

    from services.cli.checkup import Finding

READY_TIMEOUT_S = 10.0
EPILOG = epilog(("ledgerctl doctor", "ledgerctl doctor --json --data /srv/ledger"), FAILED, WRONG_ARGUMENTS)
MARKS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "failed": "[red]✗[/]"}


def doctor(as_json: AsJson = False, data: Data = None) -> None:
    """Look at everything that the service stands on, and say what to run where something is wrong.

    It changes nothing. An embedded database that does not run is started for it.
    """
    with failures_told():
        settings = settings_from(data=data)
    findings = _findings(settings)
    healthy = all(finding.status != "failed" for finding in findings)
    if as_json:
        from msgspec import to_builtins

        typer.echo(json.dumps({"healthy": healthy, "findings": to_builtins(findings)}, ensure_ascii=False))
    else:
        _tell(findings)
    if not healthy:
        raise typer.Exit(FAILED)


def _findings(settings: Settings) -> "list[Finding]":
    from services.cli import checkup

    findings = [checkup.python(), checkup.packages(), *checkup.data_folder(settings)]
    if (binaries := checkup.postgres_binaries(settings)) is not None:
        findings.append(binaries)
    if all(finding.status != "failed" for finding in findings):  # What fails there cannot be started.
        findings.extend(_database(settings))
    return [*findings, _server(settings)]


def _database(settings: Settings) -> "list[Finding]":
    from services.cli.checkup import Finding

    folder = settings.data / "postgres"
    if settings.database_url is None and not folder.exists():
        return []
    try:
        with attached.database_as_it_is(settings, say) as (url, _):
            return asyncio.run(_look_into(url))
    except PostgresError as error:
        return [Finding("database", "failed", str(error), f"read {folder / 'postgres.log'}")]


async def _look_into(url: str) -> "list[Finding]":
    from services.cli import checkup

    try:
        connection = await connected(url, "ledger doctor", PATIENT)
    except DatabaseError as error:
        return [checkup.Finding("database", "failed", str(error), "as it says")]
    findings: list[checkup.Finding] = []
    try:
        async for finding in checkup.database(connection, system_clock):
            findings.append(finding)  # One by one: what was found before a failure is told, too.
    except DATABASE_ERRORS as error:
        said = f"could not be looked into further: {what_to_do(error)}"
        findings.append(checkup.Finding("database", "failed", said, "as it says, then try again"))
    finally:
        await connection.close()
    return findings


def _server(settings: Settings) -> "Finding":
    import httpx

    from services.cli.checkup import Finding

    try:
        running = attached.running_server(settings)
    except NotReachable as error:
        return Finding("server", "failed", str(error), "set LEDGER_DATABASE_URL as the server has it")
    if running is None:
        command, _ = attached.how_to_start(settings)
        if is_held(settings.data, attached.STANDINGS):
            said = f"that of the ledger is not ready on {settings.data}, that of the projections runs"
            return Finding("server", "warning", said, command)
        return Finding("server", "warning", f"none is ready on {settings.data}", command)
    try:
        if not attached.is_answered(running):
            return Finding("server", "failed", f"{running.url} does not answer", "ledgerctl serve")
        answer = httpx.get(f"{running.url}/readyz", timeout=READY_TIMEOUT_S, trust_env=False)
    except NotReachable as error:
        return Finding("server", "failed", str(error), "as it says")
    except httpx.TransportError as error:
        return Finding("server", "failed", f"{running.url} does not answer: {type(error).__name__}", "ledgerctl serve")
    if answer.status_code != HTTPStatus.OK:
        said = why_of(answer) or f"it answers {answer.status_code}: see its log"
        return Finding("server", "failed", f"{running.url} is not ready: {said}", "as it says")
    return Finding("server", "ok", f"{running.url} is ready, process {running.pid}")


def why_of(answer: "httpx.Response") -> str | None:
    """Return what /readyz says is wrong; None where something else answered, or it failed itself."""
    try:
        body = answer.json()
    except ValueError:
        return None
    why = body.get("why") or body.get("detail") if isinstance(body, dict) else None
    return None if why is None else str(why)


def _tell(findings: "list[Finding]") -> None:
    from rich.markup import escape

    console = PatientConsole(highlight=False, soft_wrap=True)
    for finding in findings:
        console.print(f"{MARKS[finding.status]} {escape(finding.check)}: {escape(finding.detail)}")
        if finding.fix is not None:
            console.print(f"    [bold]{escape(finding.fix)}[/]")
    failed, warned = (sum(finding.status == status for finding in findings) for status in ("failed", "warning"))
    console.print(f"{failed} wrong, {warned} to look at" if failed or warned else "all is well")
