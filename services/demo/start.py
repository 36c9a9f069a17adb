"""The demo that a first start of the service loads: whether to load it, and whether it has a showcase person."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from services.runtime.database import DATABASE_ERRORS, DatabaseError, open_session
from services.runtime.journal import UnknownLedger, tip
from services.runtime.ledgers import ledgers_after
from services.runtime.showcase import SHOWCASE

UNFINISHED = "demo.unfinished"
"""A file in the data folder that exists while the demo is being loaded."""
LEDGERS_LOOKED_AT = 1000


class AtStart(NamedTuple):
    """Whether to load the demo, and whether it then has a showcase person."""

    loads: bool
    shows: bool


def demo_at_start(database_url: str, demo: str, data: Path) -> AtStart:
    """Find out whether to load the ledger `demo`: there is no ledger yet, or its loading was interrupted.

    Raises DatabaseError.
    """
    ledgers, has_showcase = asyncio.run(_ledgers_and_showcase(database_url, demo))
    loads = not ledgers or ((data / UNFINISHED).exists() and ledgers == [demo])
    return AtStart(loads, loads or has_showcase)


async def _ledgers_and_showcase(database_url: str, demo: str) -> tuple[Sequence[str], bool]:
    """Return the first ledgers, and whether the demo's has a showcase person."""
    try:
        connection = await open_session(database_url, "ledgerctl serve")
        try:
            ledgers = [row.ledger for row in await ledgers_after(connection, "", LEDGERS_LOOKED_AT)]
            with suppress(UnknownLedger):
                return ledgers, (await tip(connection, demo, SHOWCASE)).version > 0
            return ledgers, False
        finally:
            await connection.close()
    except DATABASE_ERRORS as error:
        raise DatabaseError(f"the database went away while the service started ({error}): start it again") from error
