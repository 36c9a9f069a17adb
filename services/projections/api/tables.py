"""Answers as lines of CSV (RFC 4180) for people with a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Characters that a spreadsheet reads as the start of a formula."""


def cell(value: Any) -> str:
    """Return a value so that a spreadsheet shows it and never runs it as a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case {"from": first, "until": last}:
            return f"{first}/{last}"
        case list():
            return " ".join(str(item["event_id"]) if isinstance(item, dict) else str(item) for item in value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_rows(rows: Sequence[Sequence[str]]) -> bytes:
    """Return lines of CSV (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
