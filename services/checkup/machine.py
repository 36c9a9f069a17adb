"""Checks of what the service needs before there is a database: Python, packages, the data folder, PostgreSQL's
programs. They change nothing."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from services.checkup.finding import Finding
from services.runtime.disk import LITTLE_DISK_BYTES, MAKE_ROOM, TOO_LITTLE_DISK_BYTES, room_at
from services.runtime.postgres import ENVIRONMENT
from services.runtime.postgres_place import PostgresError, account, binaries, why_closed
from services.runtime.settings import Settings

DISTRIBUTION = "practitioner-career-ledger"
LOCK_FILE = Path(__file__).parents[2] / "requirements.lock"
OLDEST_PYTHON = (3, 11)

_requirement = re.compile(r"[A-Za-z0-9._-]+")
_locked = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)


def python() -> Finding:
    python = sys.version_info
    detail = f"{python.major}.{python.minor}.{python.micro}"
    if python[:2] < OLDEST_PYTHON:
        return Finding("python", "failed", detail, "install Python 3.11 or newer, then: PY=python3.11 make .venv/.ok")
    return Finding("python", "ok", detail)


def packages() -> Finding:
    """Compare the installed packages with the lock file, if there is one."""
    locked = dict(_locked.findall(LOCK_FILE.read_text())) if LOCK_FILE.exists() else {}
    wrong = [difference for name in _required() if (difference := _package_differs(name, locked.get(name))) is not None]
    if wrong:
        return Finding("packages", "failed", "; ".join(wrong), "touch requirements.lock && make .venv/.ok")
    return Finding("packages", "ok", "as locked" if locked else "all there")


def _required() -> Iterator[str]:
    for requirement in requires(DISTRIBUTION) or ():
        if match := _requirement.match(requirement):
            yield match[0].lower()


def _package_differs(name: str, locked: str | None) -> str | None:
    try:
        installed = version(name)
    except PackageNotFoundError:
        return f"{name} is missing"
    return f"{name} is {installed}, locked {locked}" if locked not in (None, installed) else None


def data_folder(settings: Settings) -> Iterator[Finding]:
    """Check who owns the data folder, who may write to it, and how much space is left."""
    folder = settings.data
    try:
        status = folder.stat()
    except FileNotFoundError:
        parent = next(above for above in folder.parents if above.exists())
        if os.access(parent, os.W_OK | os.X_OK):
            yield Finding("data folder", "ok", f"{folder} is not there yet: ledgerctl serve makes it")
        else:
            yield Finding("data folder", "failed", why_closed(folder), "as the message says")
        return
    except PermissionError:
        yield Finding("data folder", "failed", why_closed(folder), "as the message says")
        return
    except OSError as error:
        yield Finding("data folder", "failed", f"{folder}: {error.strerror}", "name a folder by LEDGER_DATA")
        return
    if not folder.is_dir():
        yield Finding("data folder", "failed", f"{folder} is not a folder", "name a folder by LEDGER_DATA")
        return
    if status.st_mode & 0o002:
        yield Finding("data folder", "warning", f"every user may write to {folder}", f"chmod o-w {folder}")
    else:
        yield Finding("data folder", "ok", f"{folder}, owner {status.st_uid}, mode {status.st_mode & 0o777:o}")
    yield _disk(folder)


def _disk(folder: Path) -> Finding:
    free_bytes, detail = room_at(folder)
    if free_bytes < TOO_LITTLE_DISK_BYTES:
        return Finding("disk", "failed", detail, MAKE_ROOM)
    return Finding("disk", "warning" if free_bytes < LITTLE_DISK_BYTES else "ok", detail)


def postgres_binaries(settings: Settings) -> Finding | None:
    """Compare the version of the data with that of the binaries; None if an external server is used."""
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
        version_line = subprocess.check_output(  # noqa: S603 - our own binaries
            [program, "--version"], env=dict(ENVIRONMENT), cwd="/", text=True, **runs_as.as_popen_arguments()
        )
    except (PostgresError, OSError, subprocess.CalledProcessError) as error:
        return Finding("PostgreSQL binaries", "failed", str(error), "make .venv/.ok, or set PG_BINDIR")
    ours = version_line.split()[2]
    if ours.split(".")[0] != theirs:
        return Finding(
            "PostgreSQL binaries",
            "failed",
            f"the data is of PostgreSQL {theirs}, the binaries are {ours}",
            f"PG_BINDIR=/usr/lib/postgresql/{theirs}/bin ledgerctl serve, or dump and restore",
        )
    return Finding("PostgreSQL binaries", "ok", f"{ours}, data of {theirs}")
