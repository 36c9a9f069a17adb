"""The statements on standings: one row for each person and generation.

Columns are named after the determination: `allowance_status`, and `allowance_tier` for the field of its result that
people filter by.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec
from msgspec import Struct

from contracts.events.values import Day
from services.core.answers.rolling import spans_of
from services.core.questions.standing import STANDING, Standing, stored
from services.core.rules.engine import ENGINE
from services.core.rules.kinds.registry import ANSWERS
from services.projections.store.generations import Generation
from services.runtime.journal import Connection

KEY_FIELDS: Mapping[str, str] = {name: key for name in STANDING if (key := ANSWERS[name].result.KEY)}
"""The field of each result that people filter by."""


def status_column(determination: str) -> str:
    return f"{determination.replace('.', '_')}_status"


def key_column(determination: str) -> str:
    return f"{determination.replace('.', '_')}_{KEY_FIELDS[determination]}"


def _differ(*columns: str) -> str:
    """Return the SQL condition that any of the columns differs between the two rows of a pair."""
    live, rebuilt = (", ".join(f"{side}.{name}" for name in columns) for side in ("live", "rebuilt"))
    return f"({live}) IS DISTINCT FROM ({rebuilt})"


ABOUT = {
    "practitioner_id": "text",
    "version": "int",
    "position": "bigint",
    "rules_position": "bigint",
    "engine": "int",
    "jurisdiction": "text",
    "as_of": "date",
    "next_change_on": "date",
    "settled": "boolean",
}
SAID = (*map(status_column, STANDING), *map(key_column, KEY_FIELDS))
TYPES = {**ABOUT, **dict.fromkeys(SAID, "text"), "rolling": "text", "standing": "text"}
JSON_COLUMNS = frozenset({"rolling", "standing"})

# One array for each column: a batch is one statement, whatever its size.
WRITE = f"""
INSERT INTO projections.standings
       (ledger, generation, {", ".join(TYPES)})
SELECT $1,
       $2,
       {", ".join(f"r.{name}::json" if name in JSON_COLUMNS else f"r.{name}" for name in TYPES)}
  FROM unnest({", ".join(f"${number}::{type_}[]" for number, type_ in enumerate(TYPES.values(), 3))})
    AS r ({", ".join(TYPES)})
    ON CONFLICT (ledger, generation, practitioner_id) DO UPDATE
       SET {", ".join(f"{name} = excluded.{name}" for name in TYPES if name != "practitioner_id")}
"""  # noqa: S608 - column names are constants of this module
REMOVE = """
DELETE FROM projections.standings
 WHERE ledger = $1
   AND generation = $2
   AND practitioner_id = ANY($3::text[])
"""
LIVE_ROW = """
SELECT s.version,
       s.position,
       s.rules_position,
       s.engine,
       s.jurisdiction,
       s.as_of,
       s.next_change_on,
       s.settled,
       s.rolling,
       s.standing
  FROM projections.generations g
  JOIN projections.standings s
    ON s.ledger = g.ledger
   AND s.generation = g.generation
 WHERE g.ledger = $1
   AND g.state = 'live'
   AND s.practitioner_id = $2
"""
NUMBER_OF_ROWS = """
SELECT count(*)
  FROM projections.standings
 WHERE ledger = $1
   AND generation = $2
"""
# By the ends of its indexes, and due rows in index order: otherwise the planner, which knows no values, scans every
# row.
LEDGERS_DUE = """
SELECT g.ledger
  FROM projections.generations g
 WHERE g.state = 'live'
   AND ((SELECT min(s.engine)
           FROM projections.standings s
          WHERE s.ledger = g.ledger
            AND s.generation = g.generation) < $2
        OR (SELECT max(s.engine)
              FROM projections.standings s
             WHERE s.ledger = g.ledger
               AND s.generation = g.generation) > $2
        OR (SELECT min(s.rules_position)
              FROM projections.standings s
             WHERE s.ledger = g.ledger
               AND s.generation = g.generation
               AND s.engine = $2) < g.rules_position
        OR (SELECT min(s.next_change_on)
              FROM projections.standings s
             WHERE s.ledger = g.ledger
               AND s.generation = g.generation) <= $1)
 ORDER BY g.ledger
"""
DUE_BY_ENGINE = """
(SELECT practitioner_id
   FROM projections.standings
  WHERE ledger = $1
    AND generation = $2
    AND engine < $3
  ORDER BY engine
  LIMIT $4)
UNION ALL
(SELECT practitioner_id
   FROM projections.standings
  WHERE ledger = $1
    AND generation = $2
    AND engine > $3
  ORDER BY engine
  LIMIT $4)
LIMIT $4
"""
DUE_BY_RULES = """
SELECT practitioner_id
  FROM projections.standings
 WHERE ledger = $1
   AND generation = $2
   AND engine = $3
   AND rules_position < $4
 ORDER BY rules_position
 LIMIT $5
"""
DUE_BY_DAY = """
SELECT practitioner_id
  FROM projections.standings
 WHERE ledger = $1
   AND generation = $2
   AND next_change_on <= $3
 ORDER BY next_change_on
 LIMIT $4
"""
# Rows are compared only if both generations must know the same about a person, judged by this engine: neither row has
# an event that the other generation cannot have seen yet, neither is due, and no link in between concerns the person.
# The others are counted as waiting.
PAIRS = f"""
WITH sides AS (
     SELECT s.*,
            s.engine <> $5
            OR s.rules_position < g.rules_position
            OR coalesce(s.next_change_on <= $4, false) AS due
       FROM projections.generations g
       JOIN projections.standings s
         ON s.ledger = g.ledger
        AND s.generation = g.generation
      WHERE g.ledger = $1
        AND g.generation IN ($2, $3)
     ),
     live AS (SELECT * FROM sides WHERE generation = $2),
     rebuilt AS (SELECT * FROM sides WHERE generation = $3),
     known AS (
     SELECT min(position) AS position,
            min(rules_position) <> max(rules_position) AS other_rules
       FROM projections.generations
      WHERE ledger = $1
        AND generation IN ($2, $3)
     ),
     pairs AS (
     SELECT practitioner_id,
            other_rules
            OR greatest(live.position, rebuilt.position) > known.position
            OR coalesce(live.due, false)
            OR coalesce(rebuilt.due, false)
            OR practitioner_id = ANY($6::text[]) AS waits,
            CASE WHEN live.version IS NULL THEN 'missing'
                 WHEN rebuilt.version IS NULL THEN 'superfluous'
                 WHEN (live.version, live.position) <> (rebuilt.version, rebuilt.position) THEN 'other_events'
                 WHEN {_differ("jurisdiction", *SAID, "rolling::text", "standing::text")} THEN 'other_judgement'
                 WHEN live.settled AND rebuilt.settled AND {_differ("next_change_on")} THEN 'other_day'
            END AS cause,
            live.standing AS live,
            rebuilt.standing AS rebuilt
       FROM live
       FULL JOIN rebuilt USING (practitioner_id)
      CROSS JOIN known
     )
"""  # noqa: S608 - as above
COUNT_PAIRS = f"""{PAIRS}
SELECT CASE WHEN waits THEN 'waiting' ELSE cause END AS cause,
       count(*) AS people
  FROM pairs
 GROUP BY 1
"""  # noqa: S608 - as above
DIFFERING_PAIRS = f"""{PAIRS}
SELECT practitioner_id,
       cause,
       live,
       rebuilt
  FROM pairs
 WHERE NOT waits
   AND cause IS NOT NULL
 ORDER BY practitioner_id
 LIMIT $7
"""  # noqa: S608 - as above


class Row(Struct, frozen=True):
    """One person's standing as it is stored: with the number and last position of the events in all linked streams."""

    practitioner_id: str
    version: int
    position: int
    rules_position: int
    standing: Standing

    def columns(self) -> tuple[Any, ...]:
        """Return the values of `TYPES`, in order."""
        answers = {name: stored(answer) for name, answer in self.standing.determinations.items()}
        keys = {name: getattr(answers[name]["result"], field) for name, field in KEY_FIELDS.items()}
        return (
            self.practitioner_id,
            self.version,
            self.position,
            self.rules_position,
            ENGINE,
            self.standing.jurisdiction,
            self.standing.as_of,
            self.standing.next_change_on,
            self.standing.settled,
            *(answers[name]["status"] for name in STANDING),
            *(None if value is None else str(value) for value in keys.values()),
            msgspec.json.encode(spans_of(self.standing)).decode(),
            msgspec.json.encode(answers).decode(),
        )


class LiveRow(Struct, frozen=True):
    """The row that a live standing is served from. `rolling` and `standing` are JSON."""

    version: int
    position: int
    rules_position: int
    engine: int
    jurisdiction: str
    as_of: Day
    next_change_on: Day | None
    settled: bool
    rolling: str
    standing: str


class Counts(Struct, frozen=True):
    """How many people each generation has, how many are not comparable yet, and how many differ, by cause."""

    people: int
    waiting: int
    differing: int
    causes: dict[str, int]


class Difference(Struct, frozen=True):
    """Two rows of one person that differ; `live` and `rebuilt` are JSON, None if there is no row."""

    practitioner_id: str
    cause: Literal["missing", "superfluous", "other_events", "other_judgement", "other_day"]
    live: str | None
    rebuilt: str | None


async def write(connection: Connection, generation: Generation, rows: Sequence[Row]) -> None:
    """Write rows, replacing those of the same people."""
    if rows:
        columns = zip(*(row.columns() for row in rows), strict=True)
        await connection.execute(WRITE, generation.ledger, generation.generation, *map(list, columns))


async def copy(connection: Connection, generation: Generation, rows: Sequence[Row]) -> None:
    """Write rows of people without any, which is faster."""
    await connection.copy_records_to_table(
        "standings",
        schema_name="projections",
        columns=["ledger", "generation", *TYPES],
        records=[(generation.ledger, generation.generation, *row.columns()) for row in rows],
    )


async def remove(connection: Connection, generation: Generation, practitioner_ids: list[str]) -> None:
    """Remove the rows of people who can no longer be judged, and of ids that are linked to another."""
    if practitioner_ids:
        await connection.execute(REMOVE, generation.ledger, generation.generation, practitioner_ids)


async def live_row(connection: Connection, ledger: str, practitioner_id: str) -> LiveRow | None:
    """Return the row of a person in the live generation."""
    row = await connection.fetchrow(LIVE_ROW, ledger, practitioner_id)
    return None if row is None else LiveRow(**row)


async def number_of_rows(connection: Connection, generation: Generation) -> int:
    """Return how many people have a row."""
    count: int = await connection.fetchval(NUMBER_OF_ROWS, generation.ledger, generation.generation)
    return count


async def ledgers_due(connection: Connection, today: date) -> list[str]:
    """Return the ledgers with due rows: to look is surer than anything that a worker remembers."""
    return [row["ledger"] for row in await connection.fetch(LEDGERS_DUE, today, ENGINE)]


async def due(connection: Connection, generation: Generation, today: date, limit: int) -> list[str]:
    """Return at most `limit` people whose row is of another engine, was made under older rules, or has a day of change
    that has come."""
    about = (generation.ledger, generation.generation)
    rows = await connection.fetch(DUE_BY_ENGINE, *about, ENGINE, limit)
    if len(rows) < limit:
        rows += await connection.fetch(DUE_BY_RULES, *about, ENGINE, generation.rules_position, limit - len(rows))
    if len(rows) < limit:
        rows += await connection.fetch(DUE_BY_DAY, *about, today, limit - len(rows))
    return sorted({row["practitioner_id"] for row in rows})


async def any_of_another_engine(connection: Connection, generation: Generation) -> bool:
    """Whether another engine judged any of the rows."""
    return bool(await connection.fetch(DUE_BY_ENGINE, generation.ledger, generation.generation, ENGINE, 1))


async def compare(
    connection: Connection,
    ledger: str,
    live: int,
    rebuilt: int,
    today: date,
    samples: int,
    *,
    relinked: Collection[str] = (),
) -> tuple[Counts, list[Difference]]:
    """Compare two generations row by row, and return at most `samples` of the differences.

    The ids that are `relinked` may be of another person in one generation than in the other, so they wait.
    """
    about = (ledger, live, rebuilt, today, ENGINE, list(relinked))
    rows = await connection.fetch(COUNT_PAIRS, *about)
    people = {row["cause"]: row["people"] for row in rows}
    causes = {cause: count for cause, count in people.items() if cause not in (None, "waiting")}
    counts = Counts(sum(people.values()), people.get("waiting", 0), sum(causes.values()), causes)
    if not causes:
        return counts, []
    found = await connection.fetch(DIFFERING_PAIRS, *about, samples)
    return counts, [Difference(**row) for row in found]
