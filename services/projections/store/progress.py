"""How far the projections of each ledger are behind its events."""

from datetime import date, datetime

from msgspec import Struct

from services.runtime import journal
from services.runtime.journal import Connection

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
       coalesce(g.generation, 0) AS generation,
       coalesce(g.position, 0) AS position,
       g.made_by,
       (SELECT count(*)
          FROM projections.parked p
         WHERE p.ledger = g.ledger
           AND p.generation = g.generation) AS parked,
       (SELECT count(*)
          FROM projections.standings s
         WHERE s.ledger = g.ledger
           AND s.generation = g.generation
           AND s.rules_position < g.rules_position)
       + (SELECT count(*)
          FROM projections.standings s
         WHERE s.ledger = g.ledger
           AND s.generation = g.generation
           AND s.rules_position >= g.rules_position
           AND s.next_change_on <= $1) AS due
  FROM ledger.heads h
  LEFT JOIN projections.generations g
    ON g.ledger = h.ledger
   AND g.state = 'live'
 ORDER BY h.ledger
"""


class Progress(Struct, frozen=True):
    """One ledger. `generation` is 0 and `made_by` None where nothing was projected yet.

    `oldest_unprocessed_at` is the instant of recording of the oldest event that is not in the rows yet, None without
    any: its age is the lag. `parked` people cannot be judged; `due` rows are to be judged anew.
    """

    ledger: str
    head: int
    generation: int
    position: int
    made_by: str | None
    oldest_unprocessed_at: datetime | None
    parked: int
    due: int

    def lag_s(self, now: datetime) -> float:
        """Return the age of the oldest unprocessed event in seconds, 0 without any."""
        return max((now - self.oldest_unprocessed_at).total_seconds(), 0.0) if self.oldest_unprocessed_at else 0.0


async def lagging(connection: Connection) -> list[str]:
    """Return the ledgers that have events which are not in their rows yet."""
    return [row["ledger"] for row in await connection.fetch(LAGGING)]


async def progress(connection: Connection, today: date) -> list[Progress]:
    """Return how far each ledger is, in order of name. `today` is the day in China."""
    rows = await connection.fetch(PROGRESS, today)
    behind = {row["ledger"]: row["position"] for row in rows if row["head"] > row["position"]}
    recorded_at = await journal.recorded_behind(connection, behind)
    return [Progress(**row, oldest_unprocessed_at=recorded_at.get(row["ledger"])) for row in rows]
