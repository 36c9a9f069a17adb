"""Reads of the ledgers themselves: their rows, and the packs that they have pinned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import msgspec

from services.runtime.journal import Connection, UnknownLedger

LEDGER_COLUMNS = """
       l.ledger,
       l.jurisdiction,
       l.title,
       l.origin,
       l.created_at,
       (SELECT coalesce(json_object_agg(f.jurisdiction, f.digest ORDER BY f.jurisdiction), '{}')
          FROM ledger.founding_packs f
         WHERE f.ledger = l.ledger) AS founding_packs
"""
LEDGER_NAMED = f"""
SELECT {LEDGER_COLUMNS}
  FROM ledger.ledgers l
 WHERE l.ledger = $1
"""  # noqa: S608 - the columns are a constant; the name is bound
LEDGERS_AFTER = f"""
SELECT {LEDGER_COLUMNS}
  FROM ledger.ledgers l
 WHERE l.ledger > $1
 ORDER BY l.ledger
 LIMIT $2
"""  # noqa: S608 - as above
PACK_DOCUMENT = """
SELECT document
  FROM ledger.packs
 WHERE digest = $1
"""


@dataclass(frozen=True)
class LedgerRow:
    """One authority's book. `founding_packs` maps a jurisdiction to the digest of the pack pinned when it was made."""

    ledger: str
    jurisdiction: str
    title: str
    origin: str
    created_at: datetime
    founding_packs: Mapping[str, str]


async def ledger_named(connection: Connection, ledger: str) -> LedgerRow:
    """Return the ledger. Raises UnknownLedger."""
    row = await connection.fetchrow(LEDGER_NAMED, ledger)
    if row is None:
        raise UnknownLedger(ledger)
    return _ledger(row)


async def ledgers_after(connection: Connection, after: str, limit: int) -> list[LedgerRow]:
    """Return the ledgers whose names follow `after`, in order of name."""
    return [_ledger(row) for row in await connection.fetch(LEDGERS_AFTER, after, limit)]


async def pack_document(connection: Connection, digest: str) -> bytes:
    """Return the canonical JSON of a pack. Raises LookupError: a digest that a ledger has pinned is always there."""
    document: bytes | None = await connection.fetchval(PACK_DOCUMENT, digest)
    if document is None:
        raise LookupError(digest)
    return document


def _ledger(row: asyncpg.Record) -> LedgerRow:
    return LedgerRow(**{**row, "founding_packs": msgspec.json.decode(row["founding_packs"])})
