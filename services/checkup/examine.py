"""Checks everything that the service depends on: the machine, the database, the running server. It changes nothing."""

import asyncio
from collections.abc import Callable

from services.checkup.database import Tell, database_findings
from services.checkup.finding import Finding
from services.checkup.machine import data_folder, packages, postgres_binaries, python
from services.checkup.server import server
from services.client import attached
from services.runtime.clock import system_clock
from services.runtime.postgres_place import PostgresError
from services.runtime.settings import Settings


def examine(settings: Settings, say: Callable[[str], None], tell: Tell) -> list[Finding]:
    """Return the findings about an installation. An embedded database that is not running is started for the checks.

    `say` is called before a wait, `tell` while events are being checked.
    """
    findings = [python(), packages(), *data_folder(settings)]
    if (binaries := postgres_binaries(settings)) is not None:
        findings.append(binaries)
    if all(
        finding.status != "failed" for finding in findings
    ):  # If one of these fails, the database cannot be started.
        findings.extend(_database(settings, say, tell))
    return [*findings, server(settings)]


def _database(settings: Settings, say: Callable[[str], None], tell: Tell) -> list[Finding]:
    folder = settings.data / "postgres"
    if settings.database_url is None and not folder.exists():
        return []
    try:
        with attached.database_as_it_is(settings, say) as (url, _):
            return asyncio.run(database_findings(url, system_clock, tell))
    except PostgresError as error:
        return [Finding("database", "failed", str(error), f"read {folder / 'postgres.log'}")]
