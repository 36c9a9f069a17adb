"""`ledgerctl rebuild` as an operator calls it: what it says, and the exit code that a script decides by."""

import json
from typing import Any

import asyncpg
import pytest

from services.projections.rebuild import REBUILD_LOCK_CLASS, TRY_LOCK
from tests.cli.conftest import Command

PEOPLE = 12


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
    other = await asyncpg.connect(database_url)
    await other.fetchval(TRY_LOCK, REBUILD_LOCK_CLASS, "demo")
    assert demo("rebuild", "--ledger", "demo").returncode == 11
    await other.close()
    assert demo("rebuild", "--ledger", "nowhere").returncode == 2
    assert demo("rebuild", "--ledger", "demo", "--verify", "--back").returncode == 2
    assert demo("rebuild").returncode == 2
