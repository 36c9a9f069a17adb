"""How far the projections of each ledger are behind its events."""

from datetime import date, datetime

from msgspec import Struct

from services.core.rules.engine import ENGINE
from services.runtime import journal
from services.runtime.journal import Connection
from services.runtime.leases import is_held

LAGGING = """
SELECT h.ledger
  FROM ledger.heads h
  LEFT JOIN projections.generations g
    ON g.ledger = h.ledger
   AND g.state = 'live'
 WHERE h.position > coalesce(g.position, 0)
 ORDER BY h.ledger
"""
PROGRESS = """
SELECT h.ledger,
       h.position AS head,
       h.recorded_at AS head_at,
       clock_timestamp() AS looked_at,
       coalesce(g.generation, 0) AS generation,
       coalesce(g.position, 0) AS position,
       (SELECT count(*)
          FROM projections.parked p
         WHERE p.ledger = g.ledger
           AND p.generation = g.generation) AS parked,
       (SELECT count(*)
          FROM projections.standings s
         WHERE s.ledger = g.ledger
           AND s.generation = g.generation
           AND s.engine < $2)
       + (SELECT count(*)
            FROM projections.standings s
           WHERE s.ledger = g.ledger
             AND s.generation = g.generation
             AND s.engine > $2) AS of_another_engine,
       (SELECT count(*)
          FROM projections.standings s
         WHERE s.ledger = g.ledger
           AND s.generation = g.generation
           AND s.engine = $2
           AND s.rules_position < g.rules_position)
       + (SELECT count(*)
            FROM projections.standings s
           WHERE s.ledger = g.ledger
             AND s.generation = g.generation
             AND s.engine = $2
             AND s.rules_position >= g.rules_position
             AND s.next_change_on <= $1) AS due_otherwise
  FROM ledger.heads h
  LEFT JOIN projections.generations g
    ON g.ledger = h.ledger
   AND g.state = 'live'
 ORDER BY h.ledger
"""


WORKER_LEASE = "projections"


class Progress(Struct, frozen=True):
    """The progress of one ledger. `generation` is 0 if nothing was projected yet.

    `head_at` is the head's instant, `looked_at` the database's clock. `oldest_unprocessed_at` is when the oldest event
    not yet in the rows was recorded, None without any. `parked` people cannot be judged. Rows `of_another_engine` are
    due, and so are those for which a new rule or their day of change has come (`due_otherwise`).
    """

    ledger: str
    head: int
    head_at: datetime
    looked_at: datetime
    generation: int
    position: int
    oldest_unprocessed_at: datetime | None
    parked: int
    of_another_engine: int
    due_otherwise: int

    @property
    def due(self) -> int:
        """How many rows must be judged again."""
        return self.of_another_engine + self.due_otherwise

    @property
    def behind(self) -> int:
        """How many events are not in the rows yet."""
        return self.head - self.position

    @property
    def lag_s(self) -> float:
        """The age of the oldest of them in seconds, 0 without any; negative if a clock was ahead when it was
        recorded."""
        if self.oldest_unprocessed_at is None:
            return 0.0
        return (self.looked_at - self.oldest_unprocessed_at).total_seconds()

    @property
    def head_ahead_s(self) -> float:
        """How far the head lies in the future, in seconds; 0 if it does not."""
        return max((self.head_at - self.looked_at).total_seconds(), 0.0)

    def is_late(self, warning_s: float) -> bool:
        """Whether events have waited longer than `warning_s`, or the wait is unknown."""
        return self.behind > 0 and not 0 <= self.lag_s <= warning_s


async def is_followed(connection: Connection) -> bool:
    """Return whether a worker holds the lease."""
    return await is_held(connection, WORKER_LEASE)


async def ledgers_behind(connection: Connection) -> list[str]:
    """Return the ledgers with events that are not in their rows yet."""
    return [row["ledger"] for row in await connection.fetch(LAGGING)]


async def progress(connection: Connection, today: date) -> list[Progress]:
    """Return the progress of each ledger, in order of name. `today` is the day in China."""
    rows = await connection.fetch(PROGRESS, today, ENGINE)
    behind = {row["ledger"]: row["position"] for row in rows if row["head"] > row["position"]}
    recorded_at = await journal.recorded_behind(connection, behind)
    return [Progress(**row, oldest_unprocessed_at=recorded_at.get(row["ledger"])) for row in rows]
