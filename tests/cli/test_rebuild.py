"""`ledgerctl rebuild` as an operator calls it: its messages, and the exit codes for scripts."""

import json
import signal
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services.projections.rebuild import only_one
from services.projections.store.generations import hold_live
from tests.cli.conftest import DEADLINE_S, Command
from tests.faults.service import Service

PEOPLE = 12
WAITS = """
SELECT EXISTS (
       SELECT 1
         FROM pg_stat_activity
        WHERE datname = current_database()
          AND application_name = 'ledger rebuild'
          AND wait_event_type = 'Lock'
       )
"""


@pytest.fixture
def demo(ledgerctl: Command) -> Command:
    """A ledger of the demo with its first rows."""
    assert ledgerctl("demo", "--practitioners", str(PEOPLE), "--years", "3").returncode == 0
    assert ledgerctl("rebuild", "--ledger", "demo").returncode == 0
    return ledgerctl


def verdict(command: Command, *arguments: str, code: int = 0) -> Any:
    answer = command("rebuild", "--ledger", "demo", "--json", *arguments)
    assert answer.returncode == code, answer.stderr
    return json.loads(answer.stdout)


async def test_a_rebuild_that_finds_nothing_is_switched_and_can_be_undone(demo: Command, pool: asyncpg.Pool) -> None:
    report = verdict(demo)
    assert (report["differences"], report["compared"], report["switched"]) == (0, PEOPLE, True)
    assert verdict(demo, "--back") == {"ledger": "demo", "generation": report["replaces"], "switched": True}


async def test_verify_exits_with_6_where_a_row_differs_and_shows_which(demo: Command, pool: asyncpg.Pool) -> None:
    assert verdict(demo, "--verify")["differences"] == 0
    await pool.execute("UPDATE projections.standings SET grade_status = 'none' WHERE practitioner_id = 'showcase'")
    report = verdict(demo, "--verify", code=6)
    assert (report["differences"], report["switched"]) == (1, False)
    assert report["samples"][0]["practitioner_id"] == "showcase"
    told = demo("rebuild", "--ledger", "demo", "--verify")
    assert "showcase" in told.stderr
    assert "1 differ" in told.stderr


async def test_one_rebuild_at_a_time_unknown_ledgers_and_contradictions_have_their_own_exit_codes(
    demo: Command, database_url: str
) -> None:
    async with only_one(database_url, "demo"):
        assert demo("rebuild", "--ledger", "demo").returncode == 11
    assert demo("rebuild", "--ledger", "nowhere").returncode == 2
    assert demo("rebuild", "--ledger", "demo", "--verify", "--back").returncode == 2
    assert demo("rebuild").returncode == 2


def test_the_first_rows_of_a_ledger_are_compared_with_nothing_and_there_is_nothing_to_go_back_to(
    ledgerctl: Command,
) -> None:
    assert ledgerctl("demo", "--practitioners", str(PEOPLE), "--years", "3").returncode == 0
    told = ledgerctl("rebuild", "--ledger", "demo")
    assert told.returncode == 0, told.stderr
    assert "There were no live rows to compare with." in told.stderr
    assert "could not be compared" not in told.stderr
    assert "--back" not in told.stderr
    assert ledgerctl("rebuild", "--ledger", "demo", "--back").returncode == 1
    assert ledgerctl("rebuild", "--ledger", "nowhere", "--back").returncode == 2


async def test_a_rebuild_that_is_interrupted_says_that_nothing_was_switched_and_what_it_left(
    demo: Command, pool: asyncpg.Pool
) -> None:
    async with pool.acquire() as other, other.transaction():
        assert await hold_live(other, "demo")
        interrupted = demo.start("rebuild", "--ledger", "demo")
        while not await pool.fetchval(WAITS):
            assert interrupted.poll() is None
        interrupted.send_signal(signal.SIGINT)
        _, told = interrupted.communicate(timeout=DEADLINE_S)
    assert interrupted.returncode == 130
    assert "interrupted: nothing was switched; generation 2 is incomplete, and the next rebuild removes it" in told
    assert "Traceback" not in told
    assert verdict(demo)["generation"] == 2


def test_a_server_on_another_database_is_not_rebuilt_past_nor_migrated_past(data_folder: Path) -> None:
    service = Service(data_folder)
    service.start_until_ready()
    try:
        elsewhere = Command(service.data, "postgresql://somebody@127.0.0.1:1/elsewhere")
        for arguments in (("rebuild", "--ledger", "demo"), ("migrate",)):
            told = elsewhere(*arguments)
            assert told.returncode == 3
            assert "set it as there" in told.stderr
    finally:
        service.stop()
