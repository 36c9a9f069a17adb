"""Answers as lines of CSV (RFC 4180) for people with a spreadsheet: it reads Chinese, and ids as they are
(ADR-0037)."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, Literal

from fastapi import Query, Request

from services.projections.api.answering import CSV, JSON
from services.runtime.http.negotiation import preferred

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Characters that a spreadsheet reads as the start of a formula."""
IDS = frozenset({"practitioner_id", "jurisdiction", "standard", "organization", "people"})
"""Columns of ids. Unprotected, a spreadsheet makes 123 of 000123, and a day of 1-2."""
MAX_FORMULA_TEXT_CHARACTERS = 255
"""The longest text that Excel takes in a formula."""
BYTES_IN_MEMORY = 1_048_576
PART_BYTES = 65_536
ROW_COUNT = "Row-Count"
ROW_COUNT_HEADER = {
    ROW_COUNT: {"schema": {"type": "integer"}, "description": "For CSV: the lines of the table after the first."}
}
MEDIA_TYPES: Mapping[str, str] = {"json": JSON, "csv": CSV}

Format = Annotated[
    Literal["json", "csv"] | None,
    Query(
        alias="format",
        description="`json` or `csv`: for a browser or a spreadsheet, which cannot choose by Accept.",
        examples=["csv"],
    ),
]


def media_type_of(request: Request, form: str | None) -> str:
    """Return the media type that a client wants, by `?format=` or else by Accept. Raises NotAcceptable."""
    return preferred(request, (JSON, CSV)) if form is None else MEDIA_TYPES[form]


def file_name(*parts: object) -> str:
    """Return the header by which a browser saves the table under a name of these parts."""
    return f'attachment; filename="{"-".join(map(str, parts))}.csv"'


def first_line(columns: Sequence[str]) -> bytes:
    """Return how a table begins: with the mark by which a spreadsheet knows UTF-8, and the names of the columns."""
    return BOM_UTF8 + _lines([columns])


def lines(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return rows as lines of CSV (RFC 4180)."""
    return _lines([[cell(column, value) for column, value in zip(columns, row, strict=True)] for row in rows])


def cell(column: str, value: Any) -> str:
    """Return a value so that a spreadsheet shows it as it is and never runs it as a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case {"from": first, "until": last}:
            return f"{first}/{last}"
        case list() | tuple():
            text = " ".join(str(item["event_id"]) if isinstance(item, dict) else str(item) for item in value)
        case _:
            text = str(value)
    if column in IDS and text and len(text) <= MAX_FORMULA_TEXT_CHARACTERS:
        return f'="{text}"'  # A formula that is a text and nothing else. No id holds a quotation mark.
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class WholeTable:
    """A table that is made whole before its first byte is sent, so that it is complete or is a problem document."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns
        self._file = SpooledTemporaryFile(BYTES_IN_MEMORY)  # noqa: SIM115 - closed when it is sent
        self._file.write(first_line(columns))
        self.rows = 0

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows."""
        self._file.write(lines(self._columns, rows))
        self.rows += len(rows)

    @property
    def headers(self) -> Mapping[str, str]:
        """How much there is, told first."""
        return {"Content-Length": str(self._file.tell()), ROW_COUNT: str(self.rows)}

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the bytes, once."""
        with self._file as file:
            file.seek(0)
            while part := file.read(PART_BYTES):
                yield part


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
