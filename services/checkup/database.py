"""Checks of a reachable database: its server, its clock, and the data of both services. They change nothing."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Literal, TypeAlias

import asyncpg

from services.checkup.finding import Finding
from services.core.rules.engine import ENGINE
from services.projections.rulebook import PolicyBooks, rulebook_at
from services.projections.store.generations import Parked, all_live, numbers, parked
from services.projections.store.progress import Progress, is_followed, progress
from services.runtime import journal, scratch
from services.runtime.clock import CLOCK_AHEAD_AT_MOST_S, Clock, china_day
from services.runtime.database import DATABASE_ERRORS, DatabaseError, open_session, seconds_ahead, what_to_do
from services.runtime.integrity import Fault, find_faults, find_unreadable_packs
from services.runtime.journal import Connection
from services.runtime.ledgers import ledger_named
from services.runtime.limits import PATIENT
from services.runtime.migrate import check_server, newest_version, remedy_for, version_of
from services.server.health import clock_check, durability_check, lag_in_words

LAG_WARNING_S = 30.0
LAG_FAILURE_S = 600.0
NAMED_PEOPLE = 5
NAMED_EVENTS = 20
NAMED_PACKS = 5

Tell: TypeAlias = Callable[[int, int, str], None]
"""Called with how many events of a ledger were checked, of how many, and a line about it."""

# Not in use: a `ledgerctl play` would be connected to it.
SCRATCH_DATABASES = """
SELECT datname
  FROM pg_database d
 WHERE datname ~ $1
   AND NOT EXISTS (
       SELECT 1
         FROM pg_stat_activity a
        WHERE a.datid = d.oid
       )
 ORDER BY datname
"""
SCRATCH_PATTERN = f"^{scratch.PREFIX}[0-9a-f]{{{2 * scratch.NAME_BYTES}}}$"


async def database_findings(url: str, clock: Clock, tell: Tell) -> list[Finding]:
    """Return the findings about the database at a URL, even if it goes away meanwhile."""
    try:
        connection = await open_session(url, "ledger doctor", PATIENT)
    except DatabaseError as error:
        return [Finding("database", "failed", str(error), "as the message says")]
    findings: list[Finding] = []
    try:
        async for finding in _look_into(connection, clock, tell):
            findings.append(finding)  # One by one, so that findings made before a failure are reported too.
    except DATABASE_ERRORS as error:
        detail = f"could not be checked further: {what_to_do(error)}"
        findings.append(Finding("database", "failed", detail, "as the message says, then try again"))
    finally:
        await connection.close()
    return findings


async def _look_into(connection: asyncpg.Connection, clock: Clock, tell: Tell) -> AsyncIterator[Finding]:
    yield await _server(connection)
    durability = await durability_check(connection)
    yield Finding("durability", "ok" if durability.status == "ok" else "failed", durability.detail)
    yield await _clock_skew(connection, clock)
    has, needs = await version_of(connection), newest_version()
    if has != needs:
        detail = f"the database has {has or 'none'}, this release needs {needs}"
        yield Finding("version", "failed", detail, remedy_for(has))
        return  # The other checks read tables that may not exist.
    yield Finding("version", "ok", needs)
    if (left := await _scratch_databases(connection)) is not None:
        yield left
    yield await _events(connection, tell)
    yield await _packs(connection)
    async for finding in _projections(connection, clock):
        yield finding


async def _server(connection: asyncpg.Connection) -> Finding:
    try:
        await check_server(connection)
    except DatabaseError as error:
        return Finding("database", "failed", str(error), "make a database as the message says and restore into it")
    return Finding("database", "ok", f"PostgreSQL {await connection.fetchval('SHOW server_version')}, UTF-8")


async def _clock_skew(connection: Connection, clock: Clock) -> Finding:
    check = clock_check(await seconds_ahead(connection, clock))
    fix = None if check.status == "ok" else "let NTP set the clocks of both hosts: timedatectl set-ntp true"
    return Finding("clock", "ok" if check.status == "unknown" else check.status, check.detail, fix)


async def _events(connection: Connection, tell: Tell) -> Finding:
    extents = await journal.extents(connection)
    wrong = [
        f"{extent.ledger}: head {extent.head}, last position {extent.last}, {extent.events} events"
        for extent in extents
        if not extent.head == extent.last == extent.events
    ]
    for extent in extents:
        faults = await _faults(connection, extent, tell)
        wrong += [f"{extent.ledger}: position {fault.position}, {fault.what}" for fault in faults]
        streams = await journal.broken_streams(connection, extent.ledger, up_to=extent.head, limit=NAMED_EVENTS)
        wrong += [f"{extent.ledger}: the versions of {stream} have a gap" for stream in streams]
    if wrong:
        more = f"; and {len(wrong) - NAMED_EVENTS} more" if len(wrong) > NAMED_EVENTS else ""
        detail = "; ".join(wrong[:NAMED_EVENTS]) + more
        fix = "stop appending and restore from a backup: events were lost or changed"
        return Finding("events", "failed", detail, fix)
    total = sum(extent.events for extent in extents)
    return Finding("events", "ok", f"{total:,} in {len(extents)} ledgers, without a gap, each as it was recorded")


async def _packs(connection: Connection) -> Finding:
    if unreadable := await find_unreadable_packs(connection):
        fix = "restore ledger.packs from a backup, or serve with the release that pinned them"
        return Finding("packs", "failed", "; ".join(map(str, unreadable[:NAMED_PACKS])), fix)
    books, unread = PolicyBooks(), set[str]()
    for extent in await journal.extents(connection):
        known = await rulebook_at(connection, await ledger_named(connection, extent.ledger), extent.head)
        unread |= {str(pack) for pack in (await books.rulebook(connection, known)).unreadable.values()}
    if unread:
        fix = "serve with the release that pinned them: this one cannot read their rules"
        return Finding("packs", "failed", "; ".join(sorted(unread)[:NAMED_PACKS]), fix)
    return Finding("packs", "ok", "each is the one that was pinned, and its rules can be read")


async def _faults(connection: Connection, of: journal.Extent, tell: Tell) -> list[Fault]:
    began = time.perf_counter()
    return await find_faults(
        connection,
        of.ledger,
        of.head,
        lambda done, total: tell(done, total, f"{of.ledger}, {done / (time.perf_counter() - began):,.0f}/s"),
    )


async def _projections(connection: Connection, clock: Clock) -> AsyncIterator[Finding]:
    followed = await is_followed(connection)
    for ledger in await progress(connection, china_day(clock())):
        yield _lag(ledger, followed=followed)
        if ledger.head_ahead_s > CLOCK_AHEAD_AT_MOST_S:
            yield _head_ahead(ledger)
        for finding in await _generations(connection, ledger.ledger):
            yield finding
    for generation in await all_live(connection):
        if people := await parked(connection, generation):
            yield _parked(generation.ledger, people)


def _lag(of: Progress, *, followed: bool) -> Finding:
    check = f"projection of {of.ledger}"
    detail = f"position {of.position:,} of {of.head:,}, {of.due:,} rows due"
    if of.of_another_engine:
        detail += f", {of.of_another_engine:,} of them of another engine than this release's, {ENGINE}"
    if of.is_late(LAG_WARNING_S):
        status: Literal["warning", "failed"] = "failed" if of.lag_s > LAG_FAILURE_S else "warning"
        return Finding(check, status, f"{detail}, behind {lag_in_words(of)}", "ledgerctl serve, if no worker runs")
    if of.behind and not followed:
        return Finding(check, "warning", f"{detail}, and no worker follows", "ledgerctl serve")
    if of.due:
        return Finding(check, "warning", detail, "wait: a worker judges them again; ledgerctl serve, if none runs")
    return Finding(check, "ok", detail)


def _head_ahead(of: Progress) -> Finding:
    return Finding(
        f"head of {of.ledger}",
        "warning",
        f"it lies {of.head_ahead_s:,.0f} s in the future: a clock was ahead. Until then events are recorded at its "
        "instant, and a known_at before it does not include them",
        "let NTP set the clocks of both hosts: timedatectl set-ntp true; time does the rest",
    )


async def _generations(connection: Connection, ledger: str) -> list[Finding]:
    check, fix = f"generations of {ledger}", f"ledgerctl rebuild --ledger {ledger}"
    findings = []
    if building := await numbers(connection, ledger, "building") + await numbers(connection, ledger, "dropping"):
        detail = f"{building} is being built or dropped, by a rebuild that is running or was interrupted"
        findings.append(Finding(check, "warning", detail, f"{fix}, unless one runs"))
    if len(previous := await numbers(connection, ledger, "previous")) > 1:
        findings.append(Finding(check, "warning", f"{previous} are kept, and one is enough", fix))
    return findings


def _parked(ledger: str, people: Sequence[Parked]) -> Finding:
    named = "; ".join(f"{p.practitioner_id} at position {p.position}: {p.error}" for p in people[:NAMED_PEOPLE])
    return Finding(
        f"people of {ledger} who cannot be judged",
        "failed",
        f"{len(people):,}: {named}",
        "report the error; a release that can judge them does so when its worker starts. `_rules` is the stream of the "
        "ledger's own rules: until its event can be read, the ledger is not projected",
    )


async def _scratch_databases(connection: Connection) -> Finding | None:
    rows = await connection.fetch(SCRATCH_DATABASES, SCRATCH_PATTERN)
    if not rows:
        return None
    names = [row["datname"] for row in rows]
    drop = "; ".join(f"DROP DATABASE {name}" for name in names)
    return Finding("scratch databases", "warning", f"left by a killed ledgerctl play: {', '.join(names)}", drop)
