"""All that the service stands on, looked at: the machine, the database, the server that runs. Nothing is changed."""

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
    """Return what there is to say of an installation. An embedded database that does not run is started meanwhile.

    `say` is called before something is waited for, `tell` while events are looked at.
    """
    findings = [python(), packages(), *data_folder(settings)]
    if (binaries := postgres_binaries(settings)) is not None:
        findings.append(binaries)
    if all(finding.status != "failed" for finding in findings):  # What fails there cannot be started.
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
