"""`ledgerctl doctor`: what is wrong, and what to run."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from contracts.policies.shipped import shipped
from services.checkup.server import why_of
from services.core.rules.engine import ENGINE
from services.runtime import scratch
from tests.api.client import LEDGER, NEW_LEDGER, append
from tests.cli.conftest import LEDGERCTL, Command
from tests.faults.service import Service
from tests.lives import new_training


def examined(ledgerctl: Command, *, healthy: bool) -> dict[str, dict[str, Any]]:
    done = ledgerctl("doctor", "--json")
    assert done.returncode == (0 if healthy else 1), done.stderr + done.stdout
    said = json.loads(done.stdout)
    assert said["healthy"] is healthy
    return {finding["check"]: finding for finding in said["findings"]}


@pytest.fixture
async def made(client: httpx.AsyncClient) -> None:
    """The ledger chengdu."""
    assert (await client.put(LEDGER, json=NEW_LEDGER)).status_code == httpx.codes.CREATED


@pytest.mark.usefixtures("made")
def test_a_sound_database_is_healthy(ledgerctl: Command) -> None:
    findings = examined(ledgerctl, healthy=True)
    assert {"python", "packages", "disk", "database", "clock", "version", "events"} <= findings.keys()
    assert findings["events"]["detail"] == "0 in 1 ledgers, without a gap, each as it was recorded"
    assert findings["server"]["status"] == "warning"
    assert findings["server"]["fix"] == "ledgerctl serve"


@pytest.mark.usefixtures("made")
async def test_a_ledger_that_lost_events_is_named(ledgerctl: Command, pool: asyncpg.Pool) -> None:
    await pool.execute("UPDATE ledger.heads SET position = 3")
    found = examined(ledgerctl, healthy=False)["events"]
    assert found["status"] == "failed"
    assert found["detail"] == "chengdu: head 3, last position 0, 0 events; chengdu: position 1, there is no event"


@pytest.mark.usefixtures("made")
async def test_a_changed_pack_is_named_by_its_digest(ledgerctl: Command, pool: asyncpg.Pool) -> None:
    assert examined(ledgerctl, healthy=True)["packs"]["status"] == "ok"
    digest = shipped()["510100"].digest
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE ledger.packs DISABLE TRIGGER ALL")
        await connection.execute("UPDATE ledger.packs SET document = '{' WHERE digest = $1", digest)
    found = examined(ledgerctl, healthy=False)["packs"]
    assert found["status"] == "failed"
    assert found["detail"].startswith(f"pack {digest}: it is not a JSON object")


async def test_an_old_database_is_told_with_the_command_that_brings_it_up_to_date(
    ledgerctl: Command, pool: asyncpg.Pool
) -> None:
    await pool.execute("UPDATE alembic_version SET version_num = '0001'")
    findings = examined(ledgerctl, healthy=False)
    assert findings["version"]["fix"] == "ledgerctl migrate"
    assert "events" not in findings


@pytest.mark.usefixtures("made")
async def test_parked_people_and_leftover_generations_are_named(ledgerctl: Command, pool: asyncpg.Pool) -> None:
    for generation, state in enumerate(("previous", "previous", "building", "live"), start=1):
        await pool.execute(
            "INSERT INTO projections.generations VALUES ('chengdu', $1, $2, 0, 0, '0.1.0', now(), 1)", generation, state
        )
    await pool.execute("INSERT INTO projections.parked VALUES ('chengdu', 4, 'P-7', 12, 'a fault', now())")
    done = ledgerctl("doctor")
    assert done.returncode == 1
    assert "P-7 at position 12: a fault" in done.stdout
    assert "[3] is being built" in done.stdout
    assert "[1, 2] are kept" in done.stdout
    assert "ledgerctl rebuild --ledger chengdu" in done.stdout


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(("engine", "status"), [(ENGINE - 1, "warning"), (ENGINE, "ok"), (ENGINE + 1, "warning")])
async def test_rows_of_another_engine_are_counted_until_they_are_judged_anew(
    ledgerctl: Command, client: httpx.AsyncClient, pool: asyncpg.Pool, engine: int, status: str
) -> None:
    await append(client, new_training())
    assert ledgerctl("rebuild", "--ledger", "chengdu").returncode == 0
    await pool.execute("UPDATE projections.standings SET engine = $1", engine)
    found = examined(ledgerctl, healthy=True)["projection of chengdu"]
    told = f"1 rows due, 1 of them of another engine than this release's, {ENGINE}" if status == "warning" else "0 rows"
    assert found["status"] == status
    assert told in found["detail"]


@pytest.mark.usefixtures("made")
async def test_a_table_that_is_gone_is_told_with_what_was_found_before(ledgerctl: Command, pool: asyncpg.Pool) -> None:
    await pool.execute("DROP TABLE projections.parked")
    done = ledgerctl("doctor")
    assert done.returncode == 1
    assert "events: 0 in 1 ledgers" in done.stdout
    assert "could not be checked further" in done.stdout


async def test_what_a_killed_play_left_is_named_with_the_statement_that_removes_it(
    ledgerctl: Command, pool: asyncpg.Pool
) -> None:
    left = f"{scratch.PREFIX}0123456789ab"
    await pool.execute(f"CREATE DATABASE {left} TEMPLATE template0")
    try:
        assert examined(ledgerctl, healthy=True)["scratch databases"]["fix"] == f"DROP DATABASE {left}"
    finally:
        await pool.execute(f"DROP DATABASE {left}")


def test_a_database_that_is_away_is_told(data_folder: Path) -> None:
    findings = examined(Command(data_folder, "postgresql://ledger@127.0.0.1:1/ledger"), healthy=False)
    assert findings["database"]["detail"].startswith("the database cannot be reached")


def test_a_folder_where_nothing_was_ever_started_is_healthy_and_stays_as_it_is(data_folder: Path) -> None:
    findings = examined(Command(data_folder / "data", None), healthy=True)
    assert findings["data folder"]["detail"].endswith("ledgerctl serve makes it")
    assert list(data_folder.iterdir()) == []


def test_data_of_another_postgresql_is_told_and_left_alone(data_folder: Path) -> None:
    cluster = data_folder / "postgres" / "data"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n")
    found = examined(Command(data_folder, None), healthy=False)["PostgreSQL binaries"]
    assert found["detail"].startswith("the data is of PostgreSQL 12, the binaries are ")
    assert list(cluster.iterdir()) == [cluster / "PG_VERSION"]


def test_a_folder_that_everybody_may_write_is_a_warning(data_folder: Path) -> None:
    data_folder.chmod(0o777)
    found = examined(Command(data_folder, None), healthy=True)["data folder"]
    assert found["status"] == "warning"
    assert found["fix"] == f"chmod o-w {data_folder}"


def test_a_file_is_no_data_folder(data_folder: Path) -> None:
    file = data_folder / "file"
    file.write_text("")
    found = examined(Command(file, None), healthy=False)["data folder"]
    assert (found["detail"], found["fix"]) == (f"{file} is not a folder", "name a folder by LEDGER_DATA")
    below = examined(Command(file / "data", None), healthy=False)["data folder"]
    assert below["detail"] == f"{file / 'data'}: Not a directory"


def test_a_reader_who_has_enough_does_not_change_the_verdict(ledgerctl: Command) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        ended = subprocess.run(  # noqa: S603 - the program under test
            [LEDGERCTL, "doctor"], env=ledgerctl.environment, stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"detail": "The failure is logged as incident 7."}'])
def test_whatever_answers_in_the_place_of_readyz_is_no_reason_to_fail(body: bytes) -> None:
    said = why_of(httpx.Response(httpx.codes.INTERNAL_SERVER_ERROR, content=body))
    assert said == ("The failure is logged as incident 7." if body.startswith(b"{") else None)


def test_a_service_that_runs_is_found_ready(data_folder: Path) -> None:
    service = Service(data_folder)
    service.start_until_ready()
    try:
        findings = examined(Command(service.data, None), healthy=True)
        assert findings["server"]["detail"].startswith(f"{service.url} is ready")
        assert findings["PostgreSQL binaries"]["status"] == "ok"
    finally:
        service.stop()
    findings = examined(Command(service.data, None), healthy=True)  # Its PostgreSQL is started for this alone.
    assert findings["version"]["status"] == "ok"
    assert findings["server"]["status"] == "warning"
