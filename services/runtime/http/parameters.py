"""Types of path ids and query parameters, strict where the framework is lenient.

By itself it would read `1_000`, `+5` and full-width digits as numbers, and a number of seconds as a date.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Path, Query
from pydantic import BeforeValidator

from contracts.events.values import FIRST_DAY, LAST_DAY, LEDGER_PATTERN, PRACTITIONER_PATTERN
from services.runtime.refusals import Refusal

MAX_POSITION = 2**53 - 1
MAX_VERSION = 2**31 - 1
MAX_PAGE_EVENTS = 1_000
DEFAULT_PAGE_EVENTS = 100
MAX_WAIT_S = 30
STREAM_PATTERN = rf"(_rules|_organizations|{PRACTITIONER_PATTERN.removeprefix('^')})"

_number = re.compile(r"(0|[1-9][0-9]{0,18})\Z")
_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_instant = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})\Z"
)
_uuid = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")


@dataclass(eq=False)
class InvalidParameter(Refusal):
    """`pointer` is `?name`, `{name}` or the name of a header."""

    pointer: str
    detail: str


T = TypeVar("T")


def _of_pattern(pattern: re.Pattern[str], read: Callable[[str], T], meaning: str) -> BeforeValidator:
    def convert(value: Any) -> Any:
        if not isinstance(value, str):
            return value  # A default, which is of the right type already.
        if pattern.match(value):
            try:
                return read(value)
            except (ValueError, OverflowError):
                pass
        raise ValueError(f"must be {meaning}")

    return BeforeValidator(convert)


def _civil_day(text: str) -> date:
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(text)
    return day


def _utc_instant(text: str) -> datetime:
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


_whole_number = _of_pattern(_number, int, "a whole number in ASCII digits")
_instant_text = _of_pattern(_instant, _utc_instant, "an instant of RFC 3339 with its offset (write + as %2B)")

LedgerName = Annotated[str, _of_pattern(re.compile(LEDGER_PATTERN), str, "a ledger name: [a-z0-9][a-z0-9_-]{0,62}")]
LedgerId = Annotated[
    LedgerName,
    Path(description="The ledger's name.", json_schema_extra={"pattern": LEDGER_PATTERN}, examples=["chengdu"]),
]
PractitionerId = Annotated[
    str,
    _of_pattern(re.compile(PRACTITIONER_PATTERN), str, "a practitioner id: [A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
    Path(description="The person's id.", json_schema_extra={"pattern": PRACTITIONER_PATTERN}, examples=["P-1"]),
]
StreamId = Annotated[
    str,
    _of_pattern(re.compile(STREAM_PATTERN), str, "a practitioner id, _rules or _organizations"),
    Path(
        description="The person's id, `_rules` for the ledger's own rule events, or `_organizations`.",
        json_schema_extra={"pattern": STREAM_PATTERN},
        examples=["P-1"],
    ),
]
EventId = Annotated[
    UUID,
    _of_pattern(_uuid, UUID, "a UUID of 32 hexadecimal digits in five groups"),
    Path(description="The event's id.", examples=["0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10"]),
]
Position = Annotated[int, _whole_number, Query(ge=0, le=MAX_POSITION)]
Version = Annotated[int, _whole_number, Query(ge=0, le=MAX_VERSION)]
Limit = Annotated[int, _whole_number, Query(ge=1, le=MAX_PAGE_EVENTS, description="The most events on a page.")]
PageOrStreamLimit = Annotated[
    int | None,
    _whole_number,
    Query(
        ge=1,
        le=MAX_PAGE_EVENTS,
        description="The most events on a page, by default 100; a stream ends after that many.",
    ),
]
Wait = Annotated[
    int | None,
    _whole_number,
    Query(
        ge=0,
        le=MAX_WAIT_S,
        description="Seconds. An empty page waits this long for news; a stream ends after this long without any.",
    ),
]
ValidateOnly = Annotated[
    bool,
    _of_pattern(re.compile(r"(true|false)\Z"), "true".__eq__, "true or false"),
    Query(description="`true`: check only, and write nothing."),
]
KnownAtPosition = Annotated[
    int | None, _whole_number, Query(ge=0, le=MAX_POSITION, description="The state of knowledge, as a position.")
]
KnownAt = Annotated[
    datetime | None,
    _instant_text,
    Query(
        description="The state of knowledge, as an instant: what was recorded by then, inclusive. At least 10 s ago.",
        examples=["2026-11-22T08:00:00Z"],
    ),
]
CivilDay = Annotated[
    date | None, _of_pattern(_day, _civil_day, "a date from 1900-01-01 to 2199-12-31"), Query(examples=["2025-06-30"])
]


def position_of_header(name: str, text: str) -> int:
    """Return the position in a header. Raises InvalidParameter."""
    if not _number.match(text) or int(text) > MAX_POSITION:
        raise InvalidParameter(name, "must be a position: a whole number in ASCII digits")
    return int(text)
