"""How fast a demo is loaded, followed into rows and rebuilt, and whether a rebuild gives the same rows."""

import time
from datetime import datetime

import asyncpg

from bench import bare
from bench.database import check_durable
from bench.sheet import Result, Sheet
from services.demo.load import DemoSpec, LoadReport, load
from services.ledger.turns import MAX_GROUP_EVENTS
from services.projections.project import RowJudge, advance
from services.projections.rebuild import rebuild
from services.projections.store import generations
from services.runtime.clock import china_day, system_clock
from services.runtime.database import create_pool
from services.runtime.journal import Connection
from services.runtime.release import RELEASE

LEDGER = "demo"
YEARS, SEED = 8, 1
EVENTS_OF_A_PERSON = 28
IDS = """
SELECT practitioner_id
  FROM projections.standings
 WHERE ledger = $1
   AND generation = 1
"""


async def measure(sheet: Sheet, url: str, events: int, now: datetime) -> list[str]:
    """Measure a demo of about so many events, and return the ids of its people.

    Rows are made and compared at one instant: after midnight some would be due, and a comparison leaves those out.
    """
    async with await create_pool(url) as pool, pool.acquire() as connection:
        loaded = await _load(sheet, pool, events, now)
        with sheet.part("bare load"):
            await _load_bare(sheet, connection, loaded)
        await _follow(sheet, connection, loaded, now)
        with sheet.part("rebuild"):
            await _rebuild(sheet, connection, loaded, now)
        await connection.execute("VACUUM ANALYZE projections.standings")
        rows = await connection.fetch(IDS, LEDGER)
    return [row["practitioner_id"] for row in rows]


async def _load(sheet: Sheet, pool: asyncpg.Pool, events: int, now: datetime) -> LoadReport:
    people, appended = max(events // EVENTS_OF_A_PERSON, 1), 0

    def tell(practitioners: int, more: int) -> None:
        nonlocal appended
        appended += more
        sheet.progress(f"loading the demo: {appended:,} of about {events:,} events")

    spec = DemoSpec(LEDGER, practitioners=people, years=YEARS, seed=SEED, until=china_day(now))
    loaded = await load(pool, system_clock, "ledger.invalid", spec, tell)
    sheet.add(Result(f"demo of {loaded.appended:,} events", loaded.appended / loaded.seconds, "events/s"))
    return loaded


async def _load_bare(sheet: Sheet, connection: Connection, loaded: LoadReport) -> None:
    sheet.progress(f"inserting the demo again, {MAX_GROUP_EVENTS} rows a commit")
    await check_durable(connection)
    bare_s = await bare.insert_again(connection, LEDGER, MAX_GROUP_EVENTS)
    ours, theirs = loaded.appended / loaded.seconds, loaded.recorded / bare_s
    name = f"the same beside INSERTs of {MAX_GROUP_EVENTS} rows"
    sheet.add(Result(name, ours, "events/s", theirs, ours / theirs))


async def _follow(sheet: Sheet, connection: Connection, loaded: LoadReport, now: datetime) -> None:
    """Project every event into rows, as the worker does."""
    began, row_judge = time.perf_counter(), RowJudge()
    following = await generations.make(connection, LEDGER, "live", RELEASE, now)
    while (advanced := await advance(connection, row_judge, following, now, china_day(now))) is not None:
        following = advanced
        sheet.progress(f"worker: {following.position:,} of {loaded.recorded:,} events")
    seconds = time.perf_counter() - began
    sheet.add(Result("worker, careers at once", loaded.events / seconds, "events/s"))
    sheet.add(Result("worker", loaded.practitioners / seconds, "people/s"))


async def _rebuild(sheet: Sheet, connection: Connection, loaded: LoadReport, now: datetime) -> None:
    def tell(done: int, of: int) -> None:
        sheet.progress(f"rebuild: {done:,} of {of:,} events")

    began = time.perf_counter()
    report = await rebuild(connection, LEDGER, lambda: now, RELEASE, verify=True, tell=tell)
    sheet.add(Result("rebuild with comparison", loaded.events / (time.perf_counter() - began), "events/s"))
    left_out = loaded.practitioners - report.compared
    why = f"rows: {report.people:,}, waiting: {report.waiting:,}, parked: {report.parked:,}" if left_out else ""
    sheet.add(Result("people not compared", left_out, "people", bar="at most 0", holds=left_out == 0, note=why))
    causes = ", ".join(f"{cause}: {count:,}" for cause, count in sorted(report.causes.items()))
    differing = report.differences
    sheet.add(Result("rows that differ", differing, "people", bar="at most 0", holds=differing == 0, note=causes))
