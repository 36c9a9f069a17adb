"""The document is as strict as the service: what it lets through is not malformed, what it excludes is refused.

Each parameter is tried with each of the texts below, in a request that is right in everything else.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from services.runtime.http.parameters import MAX_POSITION, MAX_VERSION
from tests.api.client import LEDGER, append
from tests.api.test_described import OPERATIONS, inside
from tests.lives import CHENGDU_WORKER

TEXTS = (
    *("a", "A", "0", "-", "_", "é", "a b", "a\n", "a\0b", "a" * 63, "a" * 64, "a" * 65, "P-1", "P_1.x", "-P"),
    *("_rules", "_rulesX", "_organizations", "chengdu"),
    *map(str, (-1, 1, 2, 29, 30, 31, 999, 1000, 1001, MAX_VERSION, MAX_VERSION + 1, MAX_POSITION, MAX_POSITION + 1)),
    *("+1", "01", "1_000", "１", "1.0", "1e3", "true", "false", "True", "null"),
    *("1899-12-31", "1900-01-01", "2025-06-30", "2025-02-30", "2199-12-31", "2200-01-01", "2025-6-30", "2025-06-30\n"),
    *("2026-11-22T08:00:00Z", "2026-11-22t08:00:00.123+08:00", "2026-11-22T08:00:00", "2026-11-22 08:00:00Z"),
    *("1899", "1900", "2025", "2199", "2200", "20255"),
    *("100000", "510100", "010000", "51010", "5101000", "510100,410100", "510100,", "510100,x"),
    *(",".join(str(510100 + number) for number in range(count)) for count in (10, 11)),
    *("explanation", "explanation,alternatives", "explanation,", "explanation;alternatives"),
    *("allowance", "standing", "exam.complete", "Allowance", "eligible", "junior", "zh", "en", "fr", "json", "csv"),
    *("as_of", "known_at", "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10", "0190b6a07e2c7d3b9c586a1c8a9d2f10", "ZTNi+/="),
)
ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "level": {"determination": "exam.complete"},
    "year": {"determination": "exam.entry", "level": "junior"},
    "as_of": {"axis": "known_at"},
    "after": {"axis": "known_at"},
}
"""What else a request must say for a parameter to be of use."""
ACCEPT = {"lang": "text/html"}
BY_MEANING = {
    ("cursor", "was not issued by this service"),
    ("period", "of continuing_education.annual must be"),
    ("period", "must be a year or a day"),
    ("jurisdictions", "must be at most 10 different places"),
}
"""What no schema can say: a cursor is the service's; a period is of its determination, and a day of the calendar."""
PARAMETERS = {
    f"{parameter['name']} of {name}": (name, parameter)
    for name, operation in OPERATIONS.items()
    for parameter in operation.get("parameters", ())
    if name.startswith("get /v1") and parameter["name"] not in ("result",)
}
UNIQUE = {
    f"{parameter['name']} {json.dumps(parameter['schema'], sort_keys=True)}": where
    for where, (_, parameter) in reversed(PARAMETERS.items())
}


@pytest.fixture
async def told(made: httpx.AsyncClient) -> httpx.AsyncClient:
    await append(made, CHENGDU_WORKER)
    return made


def value_of(text: str, schema: Mapping[str, Any]) -> Any:
    """Return the value that a text stands for, as a schema has it: a number is written in one way only."""
    if schema["type"] == "integer" and re.fullmatch(r"-?(0|[1-9][0-9]*)", text, re.ASCII):
        return int(text)
    return {"true": True, "false": False}.get(text, text) if schema["type"] == "boolean" else text


def request_for(name: str, tried: str, text: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return URL, query and headers of a request that is right but for the text of one parameter."""
    _, template = name.split(" ", 1)
    operation = OPERATIONS[name]
    known = {parameter["name"]: parameter for parameter in operation.get("parameters", ())}
    query = {"period": {"determination": "continuing_education.annual"}}.get(tried, ELSEWHERE.get(tried, {}))
    given = {each: value for each, value in query.items() if each in known}
    for each, parameter in known.items():
        if parameter["required"]:
            given.setdefault(each, parameter["schema"]["examples"][0])
    if "determination" in known and tried not in ("determination", "level", "year", "period"):
        given["determination"] = "allowance"
    if tried == "determination" and "level" in known and text.startswith("exam."):
        given["level"] = "junior"
    given[tried] = text
    path = re.sub(r"\{(\w+)\}", lambda match: quote(given.pop(match[1]), safe=""), template)
    headers = {each: given.pop(each) for each in list(given) if known[each]["in"] == "header"}
    if "wait" in known and tried != "wait":
        given["wait"] = "0"
    if tried in ACCEPT:
        headers["Accept"] = ACCEPT[tried]
    return path, given, headers


@pytest.mark.parametrize("where", UNIQUE.values())
async def test_a_parameter_takes_what_the_document_says_and_nothing_else(told: httpx.AsyncClient, where: str) -> None:
    name, parameter = PARAMETERS[where]
    tried, schema = parameter["name"], parameter["schema"]
    place = {"path": f"{{{tried}}}", "query": f"?{tried}", "header": tried}[parameter["in"]]
    takes = inside(schema)
    for text in TEXTS:
        if parameter["in"] == "header" and not text.isprintable():
            continue  # No header holds one.
        if tried == "wait" and text in map(str, range(2, 31)):
            continue  # It is answered after so many seconds.
        path, query, headers = request_for(name, tried, text)
        encoded = {each: value.encode() for each, value in headers.items()}
        answer = await told.get(path, params=query, headers=encoded)
        problem = answer.json() if answer.headers["Content-Type"] == "application/problem+json" else {}
        details = [error["detail"] for error in problem.get("errors", ()) if error["pointer"] == place]
        is_malformed = problem.get("code") == "invalid-parameter" and bool(details)
        if takes.is_valid(value_of(text, schema)):
            by_meaning = any(tried == one and why in detail for one, why in BY_MEANING for detail in details)
            assert not is_malformed or by_meaning, (text, problem)
        else:
            assert 400 <= answer.status_code < 500, (text, answer.status_code)


@pytest.mark.parametrize("media_type", ["application/jsonl", "application/x-ndjson"])
async def test_a_body_of_lines_is_taken_where_the_document_says_so(told: httpx.AsyncClient, media_type: str) -> None:
    body = OPERATIONS["post /v1/ledgers/{ledger}/events"]["requestBody"]["content"][media_type]
    takes = inside(body["schema"])
    for text in ("", "\n", "x", "{}\n", body["example"]):
        answer = await told.post(f"{LEDGER}/events", content=text, headers={"Content-Type": media_type})
        assert (answer.status_code == httpx.codes.MULTI_STATUS) == takes.is_valid(text), text


def test_a_format_is_described_by_its_pattern_too() -> None:
    formats = {
        where: schema for where, (_, parameter) in PARAMETERS.items() if "format" in (schema := parameter["schema"])
    }
    assert formats
    assert [where for where, schema in formats.items() if "pattern" not in schema] == [], "readers may skip a format"
