"""What `ledgerctl doctor` looks at, one function a question. Nothing here changes anything."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

import asyncpg
from msgspec import Struct

from services.cli import scratch
from services.cli.progress import shown
from services.core.rules.engine import ENGINE
from services.projections.store.generations import Parked, all_live, numbers, parked
from services.projections.store.progress import Progress, is_followed, progress
from services.runtime import journal
from services.runtime.clock import CLOCK_AHEAD_AT_MOST_S, Clock, china_day
from services.runtime.database import DatabaseError, seconds_ahead
from services.runtime.integrity import Fault, find_faults, find_unreadable_packs
from services.runtime.journal import Connection
from services.runtime.migrate import check_server, newest_version, remedy_for, version_of
from services.runtime.postgres import ENVIRONMENT
from services.runtime.postgres_place import PostgresError, account, binaries, why_closed
from services.runtime.settings import Settings
from services.server.health import clock_check, durability_check, lag_in_words

DISTRIBUTION = "practitioner-career-ledger"
LOCK_FILE = Path(__file__).parents[2] / "requirements.lock"
OLDEST_PYTHON = (3, 11)
LITTLE_DISK_BYTES = 2 * 1024**3
TOO_LITTLE_DISK_BYTES = 200 * 1024**2
LAG_WARNING_S = 30.0
LAG_FAILURE_S = 600.0
NAMED_PEOPLE = 5
NAMED_EVENTS = 20
NAMED_PACKS = 5

# Nobody plays in it now: who does is connected to it.
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

_requirement = re.compile(r"[A-Za-z0-9._-]+")
_locked = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)


class Finding(Struct, frozen=True, omit_defaults=True):
    """One question and what was found. `fix` is what to run, or to do."""

    check: str
    status: Literal["ok", "warning", "failed"]
    detail: str
    fix: str | None = None


def python() -> Finding:
    found = sys.version_info
    detail = f"{found.major}.{found.minor}.{found.micro}"
    if found[:2] < OLDEST_PYTHON:
        return Finding("python", "failed", detail, "install Python 3.11 or newer, then: PY=python3.11 make .venv/.ok")
    return Finding("python", "ok", detail)


def packages() -> Finding:
    """Compare what is installed with the lock file, where there is one."""
    locked = dict(_locked.findall(LOCK_FILE.read_text())) if LOCK_FILE.exists() else {}
    wrong = [said for name in _required() if (said := _package_differs(name, locked.get(name))) is not None]
    if wrong:
        return Finding("packages", "failed", "; ".join(wrong), "touch requirements.lock && make .venv/.ok")
    return Finding("packages", "ok", "as locked" if locked else "all there")


def _required() -> Iterator[str]:
    for requirement in requires(DISTRIBUTION) or ():
        if found := _requirement.match(requirement):
            yield found[0].lower()


def _package_differs(name: str, locked: str | None) -> str | None:
    try:
        installed = version(name)
    except PackageNotFoundError:
        return f"{name} is missing"
    return f"{name} is {installed}, locked {locked}" if locked not in (None, installed) else None


def data_folder(settings: Settings) -> Iterator[Finding]:
    """Say whose the data folder is, who may write into it, and how much room there is."""
    folder = settings.data
    try:
        status = folder.stat()
    except FileNotFoundError:
        parent = next(one for one in folder.parents if one.exists())
        if os.access(parent, os.W_OK | os.X_OK):
            yield Finding("data folder", "ok", f"{folder} is not there yet: ledgerctl serve makes it")
        else:
            yield Finding("data folder", "failed", why_closed(folder), "as it says")
        return
    except PermissionError:
        yield Finding("data folder", "failed", why_closed(folder), "as it says")
        return
    except OSError as error:
        yield Finding("data folder", "failed", f"{folder}: {error.strerror}", "name a folder by LEDGER_DATA")
        return
    if not folder.is_dir():
        yield Finding("data folder", "failed", f"{folder} is no folder", "name a folder by LEDGER_DATA")
        return
    if status.st_mode & 0o002:
        yield Finding("data folder", "warning", f"everybody may write into {folder}", f"chmod o-w {folder}")
    else:
        yield Finding("data folder", "ok", f"{folder}, owner {status.st_uid}, mode {status.st_mode & 0o777:o}")
    yield _disk(folder)


def _disk(folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    detail = f"{usage.free / 1024**3:.1f} GiB of {usage.total / 1024**3:.1f} are free at {folder}"
    if usage.free < TOO_LITTLE_DISK_BYTES:
        return Finding("disk", "failed", detail, "make room: PostgreSQL stops when the disk is full")
    return Finding("disk", "warning" if usage.free < LITTLE_DISK_BYTES else "ok", detail)


def postgres_binaries(settings: Settings) -> Finding | None:
    """Compare the version of the data with that of the binaries; None where a server of one's own is used."""
    if settings.database_url is not None:
        return None
    try:
        theirs = (settings.data / "postgres/data/PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return Finding("PostgreSQL binaries", "ok", "no database yet: ledgerctl serve makes it")
    except OSError as error:
        return Finding(
            "PostgreSQL binaries",
            "failed",
            f"{error.filename}: {error.strerror}",
            "run it as the user who started the service",
        )
    try:
        runs_as = account()
        program = binaries(runs_as, settings.pg_bindir) / "postgres"
        said = subprocess.check_output(  # noqa: S603 - our own binaries
            [program, "--version"], env=dict(ENVIRONMENT), cwd="/", text=True, **runs_as.as_popen_arguments()
        )
    except (PostgresError, OSError, subprocess.CalledProcessError) as error:
        return Finding("PostgreSQL binaries", "failed", str(error), "make .venv/.ok, or set PG_BINDIR")
    ours = said.split()[2]
    if ours.split(".")[0] != theirs:
        return Finding(
            "PostgreSQL binaries",
            "failed",
            f"the data is of PostgreSQL {theirs}, the binaries are {ours}",
            f"PG_BINDIR=/usr/lib/postgresql/{theirs}/bin ledgerctl serve, or dump and restore",
        )
    return Finding("PostgreSQL binaries", "ok", f"{ours}, data of {theirs}")


async def database(connection: asyncpg.Connection, clock: Clock) -> AsyncIterator[Finding]:
    """Look at a database that can be reached: its version and encoding, its clock, and what the services keep in it."""
    yield await _server(connection)
    durability = await durability_check(connection)
    yield Finding("durability", "ok" if durability.status == "ok" else "failed", durability.detail)
    yield await _clock_skew(connection, clock)
    has, needs = await version_of(connection), newest_version()
    if has != needs:
        said = f"the database has {has or 'none'}, this release needs {needs}"
        yield Finding("version", "failed", said, remedy_for(has))
        return  # What follows reads tables that may not be there.
    yield Finding("version", "ok", needs)
    if (left := await _scratch_databases(connection)) is not None:
        yield left
    yield await _events(connection)
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


async def _events(connection: Connection) -> Finding:
    extents = await journal.extents(connection)
    wrong = [
        f"{one.ledger}: head {one.head}, last position {one.last}, {one.events} events"
        for one in extents
        if not one.head == one.last == one.events
    ]
    for one in extents:
        wrong += [f"{one.ledger}: position {fault.position}, {fault.what}" for fault in await _faults(connection, one)]
        streams = await journal.broken_streams(connection, one.ledger, up_to=one.head, limit=NAMED_EVENTS)
        wrong += [f"{one.ledger}: the versions of {stream} have a gap" for stream in streams]
    if wrong:
        more = f"; and {len(wrong) - NAMED_EVENTS} more" if len(wrong) > NAMED_EVENTS else ""
        said = "; ".join(wrong[:NAMED_EVENTS]) + more
        fix = "stop appending and restore from a backup: events were lost or changed"
        return Finding("events", "failed", said, fix)
    total = sum(one.events for one in extents)
    return Finding("events", "ok", f"{total:,} in {len(extents)} ledgers, without a gap, each as it was recorded")


async def _packs(connection: Connection) -> Finding:
    if unreadable := await find_unreadable_packs(connection):
        fix = "restore ledger.packs from a backup, or serve with the release that pinned them"
        return Finding("packs", "failed", "; ".join(map(str, unreadable[:NAMED_PACKS])), fix)
    return Finding("packs", "ok", "each is the one that was pinned")


async def _faults(connection: Connection, of: journal.Extent) -> list[Fault]:
    with shown() as tell:
        began = time.perf_counter()
        return await find_faults(
            connection,
            of.ledger,
            of.head,
            lambda done, total: tell(done, total, f"{of.ledger}, {done / (time.perf_counter() - began):,.0f}/s"),
        )


async def _projections(connection: Connection, clock: Clock) -> AsyncIterator[Finding]:
    followed = await is_followed(connection)
    for one in await progress(connection, china_day(clock())):
        yield _lag(one, followed=followed)
        if one.head_ahead_s > CLOCK_AHEAD_AT_MOST_S:
            yield _head_ahead(one)
        for finding in await _generations(connection, one.ledger):
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
        return Finding(check, "warning", detail, "wait: a worker judges them anew; ledgerctl serve, if none runs")
    return Finding(check, "ok", detail)


def _head_ahead(of: Progress) -> Finding:
    return Finding(
        f"head of {of.ledger}",
        "warning",
        f"it lies {of.head_ahead_s:,.0f} s in the future: a clock was ahead. Until then events are recorded at its "
        "instant, and known_at of an earlier one does not know them",
        "let NTP set the clocks of both hosts: timedatectl set-ntp true; the rest is done by time",
    )


async def _generations(connection: Connection, ledger: str) -> list[Finding]:
    check, fix = f"generations of {ledger}", f"ledgerctl rebuild --ledger {ledger}"
    findings = []
    if building := await numbers(connection, ledger, "building") + await numbers(connection, ledger, "dropping"):
        said = f"{building} is being built or dropped: by a rebuild that runs, or by one that was cut off"
        findings.append(Finding(check, "warning", said, f"{fix}, unless one runs"))
    if len(previous := await numbers(connection, ledger, "previous")) > 1:
        findings.append(Finding(check, "warning", f"{previous} are kept, and one is enough", fix))
    return findings


def _parked(ledger: str, people: Sequence[Parked]) -> Finding:
    named = "; ".join(f"{one.practitioner_id} at position {one.position}: {one.error}" for one in people[:NAMED_PEOPLE])
    return Finding(
        f"people of {ledger} who cannot be judged",
        "failed",
        f"{len(people):,}: {named}",
        "report the error; the worker of a release that can judge them does so when it starts. `_rules` is the stream "
        "of the ledger's own rules: until its event can be read nothing of the ledger is projected",
    )


async def _scratch_databases(connection: Connection) -> Finding | None:
    rows = await connection.fetch(SCRATCH_DATABASES, SCRATCH_PATTERN)
    if not rows:
        return None
    names = [row["datname"] for row in rows]
    drop = "; ".join(f"DROP DATABASE {name}" for name in names)
    return Finding("scratch databases", "warning", f"left by a killed ledgerctl play: {', '.join(names)}", drop)
