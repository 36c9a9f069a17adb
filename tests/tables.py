"""What a program reads in a table that is made for people with a spreadsheet."""

import csv
import io
from codecs import BOM_UTF8

import httpx


def lines_of(answer: httpx.Response) -> list[dict[str, str]]:
    """Return the lines of a table, each id without what makes it a text."""
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.content.startswith(BOM_UTF8)
    read = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return [{name: unprotected(value) for name, value in line.items()} for line in read]


def unprotected(value: str) -> str:
    return value[2:-1] if value.startswith('="') else value
