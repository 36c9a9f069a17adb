"""`ledgerctl doctor`: whether everything is in order, and what to run if not."""

from typing import TYPE_CHECKING

import typer

from services.cli.progress import shown
from services.cli.terms import (
    FAILED,
    WRONG_ARGUMENTS,
    AsJson,
    Data,
    PatientConsole,
    epilog,
    say,
    settings_from,
    write_json,
)

if TYPE_CHECKING:
    from services.checkup.finding import Finding

EPILOG = epilog(("ledgerctl doctor", "ledgerctl doctor --json --data /srv/ledger"), FAILED, WRONG_ARGUMENTS)
MARKS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "failed": "[red]✗[/]"}


def doctor(as_json: AsJson = False, data: Data = None) -> None:
    """Check everything that the service depends on, and say what to run if something is wrong.

    It changes nothing. An embedded database that is not running is started for the checks.
    """
    from services.checkup.examine import examine  # Slow: it imports all the checks.

    settings = settings_from(data=data)
    with shown() as tell:
        findings = examine(settings, say, tell)
    healthy = all(finding.status != "failed" for finding in findings)
    if as_json:
        write_json({"healthy": healthy, "findings": findings})
    else:
        _tell(findings)
    if not healthy:
        raise typer.Exit(FAILED)


def _tell(findings: "list[Finding]") -> None:
    from rich.markup import escape

    console = PatientConsole(highlight=False, soft_wrap=True)
    for finding in findings:
        console.print(f"{MARKS[finding.status]} {escape(finding.check)}: {escape(finding.detail)}")
        if finding.fix is not None:
            console.print(f"    [bold]{escape(finding.fix)}[/]")
    failed, warned = (sum(finding.status == status for finding in findings) for status in ("failed", "warning"))
    console.print(f"{failed} wrong, {warned} to look at" if failed or warned else "all is well")
