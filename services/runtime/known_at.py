"""The state of the ledger that a question is about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.runtime import journal
from services.runtime.journal import Connection
from services.runtime.refusals import Refusal

SETTLING = timedelta(seconds=10)
"""An instant younger than this cannot be asked about: appends are still going on, and the question would hold them
up."""
# Waits for the append that is under way, and makes sure that all later ones are recorded after the instant. No row if
# the head is there already, or the database's clock is not yet.
SETTLE = """
UPDATE ledger.heads
   SET recorded_at = $2
 WHERE ledger = $1
   AND recorded_at < $2
   AND $2 <= clock_timestamp()
RETURNING position
"""


@dataclass(eq=False)
class KnownAtTooRecent(Refusal):
    """The instant lies in the future, or just now."""

    pointer: str
    settling_s: float


@dataclass(eq=False)
class PositionPastHead(Refusal):
    """The ledger does not reach that position."""

    pointer: str
    position: int
    head: int


def check_reached(pointer: str, asked: int, reached: int) -> None:
    """Raise PositionPastHead if a client continues after what is not there: it follows another ledger, or one that was
    restored, and would never hear of what comes next."""
    if asked > reached:
        raise PositionPastHead(pointer, asked, reached)


async def resolve_known_at(
    connection: Connection, ledger: str, known_at: datetime | None, known_at_position: int | None, now: datetime
) -> int:
    """Return the position that the question is about, by default the newest. Only one of both ways to say it is given.

    Raises UnknownLedger, KnownAtTooRecent, PositionPastHead.
    """
    if known_at is not None:
        if known_at > now - SETTLING:
            raise KnownAtTooRecent("?known_at", SETTLING.total_seconds())
        return await _position_for_ever(connection, ledger, known_at)
    head = await journal.head(connection, ledger)
    if known_at_position is None:
        return head.position
    check_reached("?known_at_position", known_at_position, head.position)
    return known_at_position


async def _position_for_ever(connection: Connection, ledger: str, instant: datetime) -> int:
    """Return the last position recorded at or before an instant. The answer never changes, whatever the clocks do.

    A head only moves forwards, and every batch is recorded after it. So if the head lies before the instant, it is
    moved there first. Raises UnknownLedger, KnownAtTooRecent.
    """
    if (await journal.head(connection, ledger)).recorded_at < instant:
        settled: int | None = await connection.fetchval(SETTLE, ledger, instant)
        if settled is not None:
            return settled
        if (await journal.head(connection, ledger)).recorded_at < instant:
            raise KnownAtTooRecent("?known_at", SETTLING.total_seconds())
    return await journal.position_at(connection, ledger, instant)
