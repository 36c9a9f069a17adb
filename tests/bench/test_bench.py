"""The bench loses no figure and no failure, and compares what is comparable."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from bench import commits, prototype, rows
from bench import engine_before as before
from bench.client import HOST, Client, NotAnswered
from bench.database import NotDurable
from bench.pairs import Pairs, turns
from bench.sheet import ALL_BARS_HOLD, BAR_MISSED, PART_BROKEN, Result, Sheet

HELD = Result("kept", 1.0, "µs", 1.0, 1.0, bar="at most 2", holds=True)
MISSED = Result("missed", 3.0, "µs", 1.0, 3.0, bar="at most 2", holds=False)
PROTOTYPE_DIGEST = "2cc1ad45d54b66f5008950364fb3e24c4ee176e3a552e5a2778091c333164d18"
DEADLINE_S = 10.0


def test_a_figure_is_printed_when_it_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet(as_json=False)
    sheet.add(HELD)
    assert capsys.readouterr().out.startswith("kept")
    sheet.add(MISSED)
    assert "MISSED" in capsys.readouterr().out
    assert sheet.status == BAR_MISSED


def test_a_broken_part_is_reported_in_one_line_and_the_others_still_run(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet(as_json=False)
    with sheet.part("first"), sheet.part("inner"):
        raise ValueError("a cause\nof two lines")
    with sheet.part("second"):
        sheet.add(MISSED)
    broken, figure = capsys.readouterr().out.splitlines()
    assert broken.startswith("first, inner: BROKEN by ValueError: a cause of two lines (tests/bench/test_bench.py:")
    assert figure.startswith("missed")
    assert sheet.status == PART_BROKEN, "it outweighs a missed bar"


def test_json_lines_hold_figures_and_broken_parts(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet(as_json=True)
    with sheet.part("one"):
        sheet.add(HELD)
        raise KeyError
    figure, broken = map(json.loads, capsys.readouterr().out.splitlines())
    assert (figure["part"], figure["name"], figure["ratio"], figure["holds"]) == ("one", "kept", 1.0, True)
    assert broken["part"] == "one"
    assert broken["broken"].startswith("KeyError (")


def test_a_comparison_that_cannot_be_made_here_is_told_and_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet(as_json=False)
    sheet.leave_out("beside the engine before", "no such commit")
    assert capsys.readouterr().out == "beside the engine before: left out, no such commit\n"
    assert sheet.status == ALL_BARS_HOLD


def test_a_commit_that_is_not_in_the_clone_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before, "COMMIT", "0" * 40)
    with pytest.raises(before.NotKept, match=r"is not in this clone"), before.engine_before():
        pass


def test_pairs_alternate_which_side_comes_first() -> None:
    assert list(turns(3)) == ["ours", "bare", "bare", "ours", "ours", "bare"]


def test_the_bar_is_held_against_the_median_of_the_ratios_of_the_pairs() -> None:
    """The ratio of the medians is 1.5 and would keep the bar."""
    pairs = Pairs()
    for ours, bare in ((1.0, 2.0), (2.0, 1.0), (3.0, 3.5), (4.0, 2.0), (5.0, 3.0)):
        pairs.add("ours", ours)
        pairs.add("bare", bare)
    result = pairs.result("figure", "µs", at_most=1.5)
    assert (result.ours, result.bare, result.ratio, result.holds) == (3.0, 2.0, 5 / 3, False)
    assert pairs.result("figure", "µs", at_least=1.5).holds is True
    assert pairs.result("figure", "µs").holds is None


def test_the_prototype_computes_what_it_did_when_the_bar_was_set() -> None:
    def flat(node: prototype.Node) -> tuple[Any, ...]:
        return node.rule, node.status, node.holds_until, node.inputs, tuple(map(flat, node.children)), node.result

    operators, digest = prototype.determinations(), hashlib.sha256()
    for facts in prototype.people():
        nodes, _ = prototype.stand(operators, facts, prototype.AS_OF)
        digest.update(repr(list(map(flat, nodes))).encode())
    assert len(operators) == 14
    assert digest.hexdigest() == PROTOTYPE_DIGEST


def test_a_client_connects_again_after_the_server_has_closed_its_connection() -> None:
    with hanging_up() as (port, hung_up):
        plain = HTTPConnection(HOST, port)
        plain.request("GET", "/")
        plain.getresponse().read()
        assert hung_up.acquire(timeout=DEADLINE_S)
        plain.request("GET", "/")
        with pytest.raises(ConnectionError):
            plain.getresponse()
        plain.close()
        client = Client(port)
        for _ in range(3):
            assert client.ask("/") > 0
            assert hung_up.acquire(timeout=DEADLINE_S)
        with pytest.raises(NotAnswered):
            client.ask("/missing")
        client.close()


def test_a_client_fails_if_the_server_is_gone() -> None:
    with hanging_up() as (port, hung_up):
        client = Client(port)
        client.ask("/")
        assert hung_up.acquire(timeout=DEADLINE_S)
    with pytest.raises(ConnectionRefusedError):
        client.ask("/")


@pytest.fixture
async def not_durable(database_url: str, admin: asyncpg.Connection) -> str:
    """A database whose sessions may lose a commit unless they prevent it themselves, as ours do."""
    name = urlsplit(database_url).path.lstrip("/")
    await admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    return database_url


async def test_both_sides_of_an_append_must_be_durable(not_durable: str) -> None:
    with pytest.raises(NotDurable, match="synchronous_commit is off"):
        await commits.measure(Sheet(as_json=False), not_durable)


async def test_everybody_is_compared_on_the_eve_of_a_day_on_which_many_rows_are_due(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before_midnight = datetime(2026, 12, 31, 15, 58, tzinfo=UTC)
    ids = await rows.measure(Sheet(as_json=True), database_url, 500, before_midnight)
    figures = {line["name"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert len(ids) == 500 // rows.EVENTS_OF_A_PERSON
    assert (figures["people not compared"]["ours"], figures["rows that differ"]["ours"]) == (0, 0)


@contextmanager
def hanging_up() -> Iterator[tuple[int, threading.Semaphore]]:
    """A server that closes each connection after one answer without announcing it, as others do after being idle.

    Yields its port, and a semaphore released at each close.
    """
    hung_up = threading.Semaphore(0)
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked = b""
                while not asked.endswith(b"\r\n\r\n") and (more := connection.recv(4096)):
                    asked += more
                status = b"404 Not Found" if b"/missing" in asked else b"200 OK"
                connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")
            hung_up.release()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], hung_up
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
