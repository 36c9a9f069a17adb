"""Which state of the ledger a question is asked about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.runtime import journal
from services.runtime.journal import Connection
from services.runtime.parameters import InvalidParameter
from services.runtime.refusals import Refusal

# An append is recorded with an instant taken before it commits, and given up well within this time: an instant that
# lies further back gets no more events, so the answer about it stands for ever.
SETTLING = timedelta(seconds=10)


@dataclass(eq=False)
class KnownAtTooRecent(Refusal):
    """The instant lies in the future, or events recorded before it may still appear."""

    pointer: str
    settling_s: float


@dataclass(eq=False)
class PositionPastHead(Refusal):
    """The ledger does not reach that position."""

    pointer: str
    position: int
    head: int


async def resolve_known_at(
    connection: Connection, ledger: str, known_at: datetime | None, known_at_position: int | None, now: datetime
) -> int:
    """Return the position that is asked about, by default the newest.

    Raises UnknownLedger, KnownAtTooRecent, PositionPastHead, and InvalidParameter where both are given.
    """
    if known_at is not None and known_at_position is not None:
        raise InvalidParameter("?known_at", "is given together with known_at_position: one of them is enough")
    if known_at is not None:
        if known_at > now - SETTLING:
            raise KnownAtTooRecent("?known_at", SETTLING.total_seconds())
        return await journal.position_at(connection, ledger, known_at)
    head = await journal.head(connection, ledger)
    if known_at_position is None:
        return head.position
    if known_at_position > head.position:
        raise PositionPastHead("?known_at_position", known_at_position, head.position)
    return known_at_position
