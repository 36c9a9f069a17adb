"""A PostgreSQL for each part of a run, so that no part finds the rows of another."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.runtime import postgres
from services.runtime.journal import Connection
from services.runtime.migrate import migrate

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class NotDurable(Exception):
    """The server may lose what it has committed."""


@contextmanager
def database() -> Iterator[str]:
    """Yield the URL of a migrated database that exists as long as the block. Call it from the main thread."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-bench-"))
    folder.chmod(0o755)  # Under root the server runs as another account, which must have access.
    try:
        with postgres.running(folder / "postgres") as server:
            asyncio.run(migrate(server.url))
            yield server.url
    finally:
        shutil.rmtree(folder)


async def check_durable(connection: Connection) -> None:
    """Raise NotDurable if a commit of this session may be lost: it is too cheap to be durable."""
    for name in DURABLE:
        if (value := await connection.fetchval("SELECT current_setting($1)", name)) != "on":
            raise NotDurable(f"{name} is {value}")
