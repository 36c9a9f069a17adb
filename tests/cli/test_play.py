"""`ledgerctl play`: a policy officer's way to try a rule."""

import json
import signal
from pathlib import Path

import asyncpg
import pytest

from contracts.policies.shipped import shipped
from services.cli.play import EXAMPLE
from services.runtime import scratch
from tests.cli.conftest import Command

GOLDEN = Path(__file__).parents[1] / "golden" / "cases.yaml"
OPEN_QUESTION = EXAMPLE[: EXAMPLE.index("    expect:")]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "cases.yaml"


@pytest.fixture
def long_file(written: Path) -> Path:
    """Of so many cases that no play of it ends before it is interrupted."""
    one = EXAMPLE.strip() + "\n"
    written.write_text("".join(one.replace("hours-2023", f"hours-{number}") for number in range(1_000)))
    return written


def databases_left(cluster: list[asyncpg.Record]) -> list[str]:
    return [row["datname"] for row in cluster if row["datname"].startswith(scratch.PREFIX)]


async def test_the_golden_histories_are_played_and_nothing_is_left_of_them(
    ledgerctl: Command, pool: asyncpg.Pool
) -> None:
    played = ledgerctl("play", GOLDEN, "--json", "--only", "GC-01,GC-18")
    assert played.returncode == 0, played.stderr
    said = json.loads(played.stdout)
    assert [case["id"] for case in said["cases"]] == ["GC-01", "GC-18"]
    assert said["differing"] == 0
    assert said["as_expected"] == sum(len(case["asks"]) for case in said["cases"]) > 5
    assert await pool.fetchval("SELECT count(*) FROM ledger.ledgers") == 0
    assert databases_left(await pool.fetch("SELECT datname FROM pg_database")) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_nothing_is_left_of_what_was_interrupted(
    ledgerctl: Command, pool: asyncpg.Pool, long_file: Path, how: signal.Signals
) -> None:
    process = ledgerctl.start("play", long_file)
    while not databases_left(await pool.fetch("SELECT datname FROM pg_database")):
        assert process.poll() is None
    process.send_signal(how)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert databases_left(await pool.fetch("SELECT datname FROM pg_database")) == []


def test_the_example_of_the_help_holds(ledgerctl: Command, written: Path) -> None:
    written.write_text(EXAMPLE)
    played = ledgerctl("play", written)
    assert played.returncode == 0, played.stderr
    assert "✓ continuing_education.annual" in played.stdout


@pytest.mark.parametrize(("lang", "sentence"), [("zh", "不少于60学时。"), ("en", "at least 60 class hours")])
def test_a_miss_is_told_with_what_differs_the_figures_the_clause_and_the_sentences(
    ledgerctl: Command, written: Path, lang: str, sentence: str
) -> None:
    written.write_text(EXAMPLE.replace("not_met", "met").replace("'0.5'", "'0'"))
    played = ledgerctl("play", written, "--lang", lang)
    assert played.returncode == 6
    assert 'expected met, got not_met  {"counted_hours": "59.5", ' in played.stdout
    assert "result.shortfall_hours: expected 0, got 0.5" in played.stdout
    assert "ZZ-18" in played.stdout
    assert sentence in played.stdout


def test_a_question_without_an_expectation_is_answered(ledgerctl: Command, written: Path) -> None:
    written.write_text(OPEN_QUESTION)
    played = ledgerctl("play", written)
    assert played.returncode == 0, played.stderr
    assert "2023: not_met" in played.stdout
    assert '"shortfall_hours": "0.5"' in played.stdout


def test_an_event_that_the_ledger_refuses_is_told_and_counts_as_a_difference(ledgerctl: Command, written: Path) -> None:
    written.write_text(EXAMPLE.replace("amount:", "amnt:"))
    played = ledgerctl("play", written)
    assert played.returncode == 6
    assert "event e2 (training.completed) was refused: invalid-event: /events/0/data/amount is missing" in played.stdout
    assert "/events/0/data/amnt is not a member here" in played.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EXAMPLE.replace("expect:", "expected:"), "line 22: Object contains unknown field `expected`"),
        (EXAMPLE.replace("period: 2023", "period: [2023]"), "line 21: Expected `int | str | null`, got `array`"),
        (EXAMPLE.replace("- id: e2", "- id: e1"), "line 12: the id e1 occurs twice"),
        (EXAMPLE.replace("period: 2023", "known_after: e9"), "line 21: hours-2023 has no event e9"),
        (EXAMPLE.replace("{amount: '59.5'", "{target: e7"), "line 15: hours-2023 has no event e7"),
        ("- id: a\n  id: b\n", "line 2: [0]: 'id' is given twice"),
        ("[", "line 1, column 2"),
        ("", "line 1: the file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_the_line(
    ledgerctl: Command, written: Path, text: str, said: str
) -> None:
    written.write_text(text)
    played = ledgerctl("play", written)
    assert played.returncode == 2
    assert said in played.stderr


def test_a_case_that_is_not_there_is_named(ledgerctl: Command) -> None:
    played = ledgerctl("play", GOLDEN, "--only", "GC-01,GC-99")
    assert played.returncode == 2
    assert "no case GC-99" in played.stderr


def test_every_shipped_place_could_be_asked(ledgerctl: Command, written: Path) -> None:
    asked = "".join(
        f"  - ask: {{determination: certificate, as_of: 2024-01-10, jurisdiction: '{place}'}}\n" for place in shipped()
    )
    written.write_text(EXAMPLE[: EXAMPLE.index("  asks:")] + "  asks:\n" + asked)
    played = ledgerctl("play", written, "--json")
    assert [ask["answer"]["status"] for ask in json.loads(played.stdout)["cases"][0]["asks"]] == ["none"] * len(
        shipped()
    )


def test_events_are_played_even_if_nothing_is_asked(ledgerctl: Command, written: Path) -> None:
    told = EXAMPLE[: EXAMPLE.index("  asks:")] + "  asks: []\n"
    written.write_text(told)
    assert ledgerctl("play", written).returncode == 0
    written.write_text(told.replace("training.completed", "training.complete"))
    played = ledgerctl("play", written)
    assert played.returncode == 6
    assert "event e2 (training.complete) was refused: unknown-type" in played.stdout
    refused = json.loads(ledgerctl("play", written, "--json").stdout)
    assert refused["refused"] == 1
    assert refused["cases"][0]["refused"].startswith("event e2")


def test_a_file_that_is_not_there_or_is_a_folder_is_told_as_such(ledgerctl: Command, tmp_path: Path) -> None:
    for file, told in (
        (tmp_path / "nowhere.yaml", "there is no file"),
        (tmp_path, "is a folder, not a file"),
    ):
        played = ledgerctl("play", file)
        assert (played.returncode, told in played.stderr) == (2, True), played.stderr
