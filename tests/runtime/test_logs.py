"""The content of the log, as a process writes it."""

import json
import subprocess
import sys
from typing import Any

import pytest

LOGS = """
import logging, sys
import structlog
from services.runtime import logs

logs.configure(readable={readable})
structlog.contextvars.bind_contextvars(request_id="r-1")
for method, status in (("GET", 200), ("GET", 404), ("POST", 201)):
    fields = dict(request_id="r-1", method=method, route="/v1/ledgers/{{ledger}}", status=status, duration_ms=1.5)
    logging.getLogger(logs.ACCESS_LOGGER).info("request", extra=fields)
structlog.stdlib.get_logger("ours").info("said", number=1)
password = "".join("hush")
try:
    1 / 0
except ZeroDivisionError as error:
    logging.getLogger("theirs").error("incident %s", "i-1", exc_info=error)
"""


def logged(*, readable: bool) -> str:
    done = subprocess.run(  # noqa: S603 - a script of our own
        [sys.executable, "-c", LOGS.format(readable=readable)], check=True, capture_output=True, text=True
    )
    assert done.stdout == ""
    return done.stderr


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged(readable=False).splitlines()]


def test_every_line_is_a_json_object_with_the_id_of_its_request(lines: list[dict[str, Any]]) -> None:
    assert len(lines) == 5
    for line in lines:
        assert line["request_id"] == "r-1"
        assert {"event", "logger", "level", "timestamp"} <= line.keys()
        assert line["timestamp"].endswith("Z")


def test_a_request_is_one_line_of_its_method_route_status_and_duration(lines: list[dict[str, Any]]) -> None:
    told = {name: lines[1][name] for name in ("event", "method", "route", "status", "duration_ms")}
    assert told == {
        "event": "request",
        "method": "GET",
        "route": "/v1/ledgers/{ledger}",
        "status": 404,
        "duration_ms": 1.5,
    }


def test_a_failure_has_its_trace_in_the_same_object(lines: list[dict[str, Any]]) -> None:
    assert lines[-1]["event"] == "incident i-1"
    assert "ZeroDivisionError" in lines[-1]["exception"]


def test_a_readable_log_leaves_out_the_reads_that_succeed() -> None:
    text = logged(readable=True)
    assert "404" in text
    assert "201" in text
    assert "status=200" not in text
    assert "r-1" in text


def test_a_trace_shows_no_value() -> None:
    for readable in (True, False):
        text = logged(readable=readable)
        assert "hush" not in text
