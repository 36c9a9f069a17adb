"""Reads of the ledgers themselves: their rows and their pinned packs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import msgspec

from contracts.policies.packs import PinnedPack, UnreadablePackError
from contracts.policies.pinned import read_pack
from services.runtime.journal import Connection, UnknownLedger
from services.runtime.refusals import Refusal

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


@dataclass(eq=False)
class UnreadablePack(Refusal):
    """The stored pack does not match its digest, or this release cannot read it."""

    digest: str
    why: str

    def __str__(self) -> str:
        return f"pack {self.digest}: {self.why}"


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


async def pinned_pack(connection: Connection, digest: str) -> PinnedPack:
    """Return the pack stored under a digest. Raises UnreadablePack rather than answer by any other rules."""
    document: bytes | None = await connection.fetchval(PACK_DOCUMENT, digest)
    if document is None:
        raise UnreadablePack(digest, "it is not there")
    return kept_pack(digest, document)


def kept_pack(digest: str, document: bytes) -> PinnedPack:
    """Return the pack of a document stored under a digest. Raises UnreadablePack if its digest differs."""
    try:
        pack = read_pack(document)
    except UnreadablePackError as error:
        raise UnreadablePack(digest, str(error)) from error
    if pack.digest != digest:
        raise UnreadablePack(digest, f"the stored document has the digest {pack.digest}")
    return pack


def _ledger(row: asyncpg.Record) -> LedgerRow:
    return LedgerRow(**{**row, "founding_packs": msgspec.json.decode(row["founding_packs"])})
