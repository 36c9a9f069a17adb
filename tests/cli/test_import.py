"""`ledgerctl import`: a file of events into a ledger, with whatever may happen on the way."""

import json
import os
import signal
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from services.client.sending import CHUNK_BYTES, CHUNK_LINES, MAX_LINE_BYTES, chunks
from tests.api.client import LEDGER, NEW_LEDGER, event_of
from tests.cli.conftest import Command
from tests.faults.service import Service, wait_until
from tests.lives import someone

PEOPLE = 40


def event(number: int, **other: Any) -> dict[str, Any]:
    """Return what stands in a line, with some of its members changed."""
    training = someone.trained("2024-03-10", "2", "hour", called=number)
    return {"practitioner_id": f"P-{number % PEOPLE}", **event_of(training), **other}


def written(path: Path, lines: Iterable[Any]) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(f"{text}\n" for text in texts))
    return path


@pytest.fixture
async def made(client: httpx.AsyncClient) -> None:
    """The ledger chengdu."""
    assert (await client.put(LEDGER, json=NEW_LEDGER)).status_code == httpx.codes.CREATED


async def recorded(pool: asyncpg.Pool) -> int:
    position: int = await pool.fetchval("SELECT position FROM ledger.heads WHERE ledger = 'chengdu'")
    return position


@pytest.mark.usefixtures("made")
async def test_a_file_is_appended_and_the_same_file_again_appends_only_what_is_missing(
    ledgerctl: Command, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    file = written(tmp_path / "events.jsonl", map(event, range(10)))
    first = ledgerctl("import", file, "--ledger", "chengdu")
    assert first.returncode == 0, first.stderr
    assert "10 appended, 0 recorded before, 0 refused" in first.stderr
    again = ledgerctl("import", written(file, map(event, range(12))), "--ledger", "chengdu", "--json")
    assert again.returncode == 0, again.stderr
    said = json.loads(again.stdout)
    assert (said["appended"], said["recorded_before"], said["refused"]) == (2, 10, 0)
    nothing = ledgerctl("import", "-", "--ledger", "chengdu", given=file.read_text())
    assert "12 recorded before, 0 refused: nothing was missing" in nothing.stderr
    assert await recorded(pool) == 12


@pytest.mark.usefixtures("made")
async def test_a_refused_line_is_named_and_does_not_stop_those_behind_it(
    ledgerctl: Command, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    lines = [event(0), "", event(1, occurred_on="2024-02-30"), "{no json", event(2, practitioner_id="_rules"), event(3)]
    file, rejects = written(tmp_path / "events.jsonl", lines), tmp_path / "rejects.jsonl"
    done = ledgerctl("import", file, "--ledger", "chengdu", "--rejects", rejects)
    assert done.returncode == 7
    assert "refused: line 3: invalid-event: /occurred_on" in done.stderr
    assert "2 appended, 0 recorded before, 3 refused" in done.stderr
    refused = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [one["line"] for one in refused] == [3, 4, 5]
    assert [one["problem"]["code"] for one in refused[:2]] == ["invalid-event", "malformed-json"]
    assert json.loads(refused[0]["text"]) == lines[2]
    assert await recorded(pool) == 2


@pytest.mark.usefixtures("made")
async def test_what_is_only_validated_is_not_appended(ledgerctl: Command, pool: asyncpg.Pool, tmp_path: Path) -> None:
    file = written(tmp_path / "events.jsonl", [event(0), event(1, type="nonsense")])
    done = ledgerctl("import", file, "--ledger", "chengdu", "--validate-only")
    assert done.returncode == 7
    assert "1 would be appended, 0 recorded before, 1 refused" in done.stderr
    assert await recorded(pool) == 0


def test_a_ledger_that_is_not_there_is_told_with_the_request_that_makes_it(ledgerctl: Command, tmp_path: Path) -> None:
    done = ledgerctl("import", written(tmp_path / "events.jsonl", [event(0)]), "--ledger", "chengdu")
    assert done.returncode == 2
    assert "curl -X PUT http://127.0.0.1:" in done.stderr
    assert "/v1/ledgers/chengdu" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.jsonl", "--ledger", "chengdu"), "No such file"),
        (("/", "--ledger", "chengdu"), "Is a directory"),
        (("-", "--ledger", "Chéngdu"), "is not a ledger name"),
        (("-", "--ledger", "chengdu", "--rejects", "/nowhere/rejects"), "cannot be written"),
        (("-",), "--ledger"),
    ],
)
def test_wrong_arguments_are_told_before_anything_is_started(
    ledgerctl: Command, arguments: tuple[str, ...], said: str
) -> None:
    done = ledgerctl("import", *arguments, given="")
    assert done.returncode == 2
    assert said in done.stderr


def test_the_file_itself_is_not_taken_for_the_refused_lines(ledgerctl: Command, tmp_path: Path) -> None:
    file = written(tmp_path / "events.jsonl", [event(0)])
    done = ledgerctl("import", file, "--ledger", "chengdu", "--rejects", file)
    assert done.returncode == 2
    assert "which this would empty" in done.stderr
    assert json.loads(file.read_text()) == event(0)


@pytest.mark.usefixtures("made")
async def test_an_interrupted_import_goes_on_where_it_was(
    ledgerctl: Command, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = ledgerctl.start("import", pipe, "--ledger", "chengdu", "--json")
    lines = [json.dumps(event(number)) + "\n" for number in range(CHUNK_LINES + 10)]
    with pipe.open("w") as writer:
        writer.writelines(lines)
        writer.flush()
        while await recorded(pool) < CHUNK_LINES:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)  # The pipe is open still, so it waits for more lines.
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert json.loads(stdout)["interrupted"]
    assert json.loads(stdout)["appended"] in (0, CHUNK_LINES)  # Stopped before the answer of the first, or after it.
    done = ledgerctl("import", "-", "--ledger", "chengdu", "--json", given="".join(lines))
    assert json.loads(done.stdout)["appended"] == 10
    assert await recorded(pool) == len(lines)


def test_a_server_that_is_killed_meanwhile_is_waited_for_and_nothing_is_lost_or_doubled(
    data_folder: Path, tmp_path: Path
) -> None:
    service = Service(data_folder)
    service.start_until_ready()
    try:
        assert httpx.put(f"{service.url}{LEDGER}", json=NEW_LEDGER).status_code == httpx.codes.CREATED
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        process = Command(service.data, None).start("import", pipe, "--ledger", "chengdu")
        lines = [json.dumps(event(number)) + "\n" for number in range(2 * CHUNK_LINES)]

        def head() -> int:
            position: int = httpx.get(f"{service.url}{LEDGER}").json()["head"]
            return position

        with pipe.open("w") as writer:
            writer.writelines(lines[: CHUNK_LINES + 1])
            writer.flush()
            wait_until(lambda: head() == CHUNK_LINES, "the first chunk is appended")
            os.kill(service.pid_of("HTTP"), signal.SIGKILL)
            writer.writelines(lines[CHUNK_LINES + 1 :])
        _, stderr = process.communicate(timeout=60)
        assert process.returncode == 0, stderr
        assert head() == len(lines)
    finally:
        service.stop()


def test_chunks_stay_within_what_one_request_takes() -> None:
    many = list(chunks(BytesIO(b"{}\n" * (2 * CHUNK_LINES + 1))))
    assert [len(chunk) for chunk in many] == [CHUNK_LINES, CHUNK_LINES, 1]
    assert many[2][0].number == 2 * CHUNK_LINES + 1
    wide = list(chunks(BytesIO((b"x" * (MAX_LINE_BYTES - 1) + b"\n") * 9)))
    assert max(sum(len(line.content) for line in chunk) for chunk in wide) <= CHUNK_BYTES
    assert sum(map(len, wide)) == 9


@pytest.mark.usefixtures("made")
def test_a_line_that_no_event_fills_is_refused_with_its_size(ledgerctl: Command, tmp_path: Path) -> None:
    long = json.dumps(event(0, source={"system": "x" * 3 * MAX_LINE_BYTES}))
    file = written(tmp_path / "events.jsonl", [long, event(1)])
    done = ledgerctl("import", file, "--ledger", "chengdu")
    assert done.returncode == 7
    assert f"refused: line 1: event-too-large: The event would take {len(long) + 1} bytes" in done.stderr
    assert "1 appended, 0 recorded before, 1 refused" in done.stderr


def test_a_ledger_that_is_missing_beside_projections_alone_is_told_with_what_to_start(
    data_folder: Path, tmp_path: Path
) -> None:
    projections = Service(data_folder)
    projections.start_until_ready("projections")
    try:
        ledgerctl = Command(projections.data, None)
        done = ledgerctl("import", written(tmp_path / "events.jsonl", [event(1)]), "--ledger", "chengdu")
        assert done.returncode == 2, done.stderr
        assert (
            "Start ledgerctl serve ledger --port 8001, then make it: curl -X PUT http://127.0.0.1:8001/v1"
            in done.stderr
        )
        server = next(
            one for one in json.loads(ledgerctl("doctor", "--json").stdout)["findings"] if one["check"] == "server"
        )
        assert server["fix"] == "ledgerctl serve ledger --port 8001"
    finally:
        projections.stop()
