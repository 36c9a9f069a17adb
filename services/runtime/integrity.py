"""Whether what is stored is what was recorded: each leaf against its hash, the columns taken from it, and each pack
against its digest.

Triggers keep the application from changing an event. This finds what an owner who switched them off, a bad disk or a
failed restore has changed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
from msgspec import Struct

from contracts.events.catalogue import LINKED, VOID
from contracts.events.codec import Leaf, UnreadableLeaf, leaf_hash, read_leaf, timestamp
from services.runtime import journal
from services.runtime.journal import Connection
from services.runtime.ledgers import UnreadablePack, kept_pack

PAGE_EVENTS = 5_000
MOST_NAMED = 100
"""A ledger with more faults than this has lost more than single events."""

PACKS = """
SELECT digest, document
  FROM ledger.packs
 ORDER BY digest
"""

Tell = Callable[[int, int], None]
"""Called after each page with the positions done and how many there are."""


class Fault(Struct, frozen=True):
    """An event that is not as it was recorded, and what is wrong with it."""

    position: int
    what: str


async def find_faults(
    connection: Connection, ledger: str, up_to: int, tell: Tell = lambda done, of: None
) -> list[Fault]:
    """Return the first MOST_NAMED faults of a ledger's events up to a position, in order."""
    faults: list[Fault] = []
    after, recorded_at = 0, datetime.min.replace(tzinfo=UTC)
    while after < up_to and len(faults) < MOST_NAMED:
        rows = await journal.rows_after(connection, ledger, after=after, up_to=up_to, limit=PAGE_EVENTS)
        if not rows or rows[0]["position"] != after + 1:
            faults.append(Fault(after + 1, "there is no event"))
        if not rows:
            break
        for before, row in zip([None, *rows], rows, strict=False):
            if before is not None and row["position"] != before["position"] + 1:
                faults.append(Fault(before["position"] + 1, "there is no event"))
            if (what := fault_of(row, ledger)) is not None:
                faults.append(Fault(row["position"], what))
                continue  # Its instant says nothing about the others.
            if row["recorded_at"] < recorded_at:
                faults.append(Fault(row["position"], "its instant is earlier than that of an event before it"))
            recorded_at = max(recorded_at, row["recorded_at"])
        after = rows[-1]["position"]
        tell(after, up_to)
    return faults[:MOST_NAMED]


async def find_unreadable_packs(connection: Connection) -> list[UnreadablePack]:
    """Return the stored packs that do not match their digests, in order of digest."""
    unreadable_packs: list[UnreadablePack] = []
    for row in await connection.fetch(PACKS):
        try:
            kept_pack(row["digest"], row["document"])
        except UnreadablePack as unreadable:
            unreadable_packs.append(unreadable)
    return unreadable_packs


def fault_of(row: "asyncpg.Record | dict[str, Any]", ledger: str) -> str | None:
    """Return what is wrong with an event's row, or None."""
    if leaf_hash(row["leaf"]) != row["leaf_hash"]:
        return "the leaf is not the one that was hashed"
    try:
        leaf = read_leaf(row["leaf"])
    except UnreadableLeaf:
        return "the leaf cannot be read"
    recorded_at: datetime = row["recorded_at"]
    expected = {
        "ledger": ledger,
        "practitioner_id": row["practitioner_id"],
        "event_id": row["event_id"],
        "type": row["type"],
        "occurred_on": row["occurred_on"].isoformat(),
        "recorded_at": timestamp(recorded_at.astimezone(UTC)),
    }
    others = [name for name, value in expected.items() if value != getattr(leaf, name)]
    if row["names"] != _named_by(leaf):
        others.append("names")
    return f"{', '.join(others)} of the row is not that of the leaf" if others else None


def _named_by(leaf: Leaf) -> str | None:
    """Return what the column `names` says: to whom a link leads, or which event a void names, as its 32 digits."""
    if leaf.type == LINKED:
        return str(leaf.data.get("same_as"))
    return str(leaf.data.get("target")).replace("-", "").lower() if leaf.type == VOID else None
