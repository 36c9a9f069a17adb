"""Types of path ids and query parameters, strict where the framework is lenient.

By itself it would read `1_000`, `+5` and full-width digits as numbers, and a number of seconds as a date. Each type is
described in JSON Schema as it is checked; bounds stand before what reads the text, or they would not be described.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from annotated_types import Interval
from fastapi import Path, Query
from pydantic import BeforeValidator, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticUndefined

from contracts.events.values import END, FIRST_DAY, LAST_DAY, LEDGER_PATTERN, PRACTITIONER_PATTERN
from contracts.mistakes import Misfit, Mistakes, Names, Phrase, phrase
from services.runtime.refusals import Refusal

MAX_POSITION = 2**53 - 1
MAX_VERSION = 2**31 - 1
MAX_PAGE_EVENTS = 1_000
DEFAULT_PAGE_EVENTS = 100
MAX_WAIT_S = 30
STREAM_PATTERN = rf"^(_rules|_organizations|{PRACTITIONER_PATTERN.removeprefix('^').removesuffix(END)}){END}"
DAY_PATTERN = rf"^(19|20|21)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}{END}"
INSTANT_PATTERN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})" + END
)
UUID_PATTERN = rf"^[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}{END}"
A_TEXT: Mapping[str, Any] = {"minLength": 1}
"""Any text: an empty parameter is refused."""
A_DAY = phrase("span-of-days", first=FIRST_DAY, last=LAST_DAY)
A_PRACTITIONER_ID = phrase("practitioner-id", pattern="[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
POSITION_IN_A_HEADER: Mapping[str, Any] = {"type": "integer", "minimum": 0, "maximum": MAX_POSITION}

_number = re.compile(r"(0|[1-9][0-9]{0,18})\Z")


@dataclass(eq=False)
class InvalidParameter(Refusal):
    """A pointer is `?name`, `{name}` or the name of a header."""

    mistakes: Mistakes


def refuse_parameters(found: Mistakes) -> None:
    """Raise InvalidParameter if there are mistakes."""
    if found.count:
        raise InvalidParameter(found)


T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Described:
    """What JSON Schema says of a parameter beside its type. That it is so, its validators check."""

    words: Mapping[str, Any]

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(core), **self.words}


def text_of(pattern: str, meaning: Phrase, read: Callable[[str], Any] = str, **words: Any) -> BeforeValidator:
    """Return what reads a text of a pattern, and describes it. `words` are further ones of JSON Schema."""
    as_described = Annotated[str, Described({**words, "pattern": pattern})]
    return _of_pattern(re.compile(pattern), read, meaning, as_described)


def _of_pattern(
    pattern: re.Pattern[str], read: Callable[[str], T], meaning: Phrase, described_as: Any = PydanticUndefined
) -> BeforeValidator:
    def convert(value: Any) -> Any:
        if not isinstance(value, str):
            return value  # A default, which is of the right type already.
        if pattern.match(value):
            try:
                return read(value)
            except (ValueError, OverflowError):
                pass
        raise Misfit(phrase("wrong-form", expected=meaning))

    return BeforeValidator(convert, json_schema_input_type=described_as)


def _civil_day(text: str) -> date:
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(text)
    return day


def _utc_instant(text: str) -> datetime:
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


_whole_number = _of_pattern(_number, int, phrase("whole-number-in-digits"))
_position = Annotated[int, Interval(ge=0, le=MAX_POSITION), _whole_number]
_page_size = Annotated[int, Interval(ge=1, le=MAX_PAGE_EVENTS), _whole_number]

LedgerName = Annotated[str, text_of(LEDGER_PATTERN, phrase("ledger-name", pattern="[a-z0-9][a-z0-9_-]{0,62}"))]
LedgerId = Annotated[LedgerName, Path(description="The ledger's name.", examples=["chengdu"])]
PractitionerId = Annotated[
    str,
    text_of(PRACTITIONER_PATTERN, A_PRACTITIONER_ID),
    Path(description="The person's id.", examples=["P-1"]),
]
StreamId = Annotated[
    str,
    text_of(STREAM_PATTERN, phrase("stream-id", others=Names(("_rules", "_organizations"), "or"))),
    Path(
        description="The person's id, `_rules` for the ledger's own rule events, or `_organizations`.",
        examples=["P-1"],
    ),
]
EventId = Annotated[
    UUID,
    text_of(UUID_PATTERN, phrase("uuid-in-groups"), UUID, format="uuid"),
    Path(description="The event's id.", examples=["0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10"]),
]
Position = Annotated[_position, Query()]
Version = Annotated[int, Interval(ge=0, le=MAX_VERSION), _whole_number, Query()]
Limit = Annotated[_page_size, Query(description="The most events on a page.")]
PageOrStreamLimit = Annotated[
    _page_size | None,
    Query(description="The most events on a page, by default 100; a stream ends after that many."),
]
Wait = Annotated[
    Annotated[int, Interval(ge=0, le=MAX_WAIT_S), _whole_number] | None,
    Query(description="Seconds. An empty page waits this long for news; a stream ends after this long without any."),
]
ValidateOnly = Annotated[
    bool,
    _of_pattern(re.compile(r"(true|false)\Z"), "true".__eq__, phrase("true-or-false")),
    Query(description="`true`: check only, and write nothing."),
]
KnownAtPosition = Annotated[_position | None, Query(description="The state of knowledge, as a position.")]
KnownAt = Annotated[
    Annotated[
        datetime,
        text_of(
            INSTANT_PATTERN,
            phrase("instant"),
            _utc_instant,
            format="date-time",
        ),
    ]
    | None,
    Query(
        description="The state of knowledge, as an instant: what was recorded by then, inclusive. At least 10 s ago.",
        examples=["2026-11-22T08:00:00Z"],
    ),
]
CivilDay = Annotated[
    Annotated[date, text_of(DAY_PATTERN, A_DAY, _civil_day, format="date")] | None,
    Query(examples=["2025-06-30"]),
]


def position_of_header(name: str, text: str) -> int:
    """Return the position in a header. Raises InvalidParameter."""
    if not _number.match(text) or int(text) > MAX_POSITION:
        raise InvalidParameter(Mistakes.of(name, phrase("wrong-form", expected=phrase("position"))))
    return int(text)
