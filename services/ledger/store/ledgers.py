"""The statements that create a ledger."""

from collections.abc import Iterable

from contracts.policies.packs import Shipped
from services.runtime.database import transaction
from services.runtime.journal import Connection
from services.runtime.ledgers import LedgerRow

MAKE_LEDGER = """
INSERT INTO ledger.ledgers
       (ledger, jurisdiction, title, origin, created_at)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
RETURNING true
"""
MAKE_HEAD = """
INSERT INTO ledger.heads
       (ledger, position, recorded_at)
VALUES ($1, 0, least($2, clock_timestamp()))
"""
# Stored by digest: a pack that is there already stays as it is, whatever a later release ships.
KEEP_PACK = """
INSERT INTO ledger.packs
       (digest, jurisdiction, document)
VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
"""
PIN_PACK = """
INSERT INTO ledger.founding_packs
       (ledger, jurisdiction, digest)
VALUES ($1, $2, $3)
"""


async def make_ledger(connection: Connection, ledger: LedgerRow, packs: Iterable[Shipped]) -> bool:
    """Write the ledger with an empty head and its founding packs. False, and nothing written, if it exists."""
    async with transaction(connection):
        if not await connection.fetchval(
            MAKE_LEDGER, ledger.ledger, ledger.jurisdiction, ledger.title, ledger.origin, ledger.created_at
        ):
            return False
        await connection.execute(MAKE_HEAD, ledger.ledger, ledger.created_at)
        for pack in sorted(packs, key=lambda pack: pack.digest):  # In a fixed order, so that two calls cannot deadlock.
            await connection.execute(KEEP_PACK, pack.digest, pack.jurisdiction, pack.document)
            await connection.execute(PIN_PACK, ledger.ledger, pack.jurisdiction, pack.digest)
    return True
