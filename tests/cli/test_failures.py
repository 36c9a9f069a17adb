"""How `ledgerctl` fails: a sentence on standard error, with --json an object on standard output, and an exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.failures import Failure, foreseen
from tests.cli.conftest import Command

SLOW_TO_IMPORT = ("asyncio", "asyncpg", "httpx", "fastapi", "sqlalchemy", "yaml", "contracts.events.codec")
LOADED = """
import json, sys
import services.cli.main
print(json.dumps(sorted(name for name in {names} if name in sys.modules)))
"""
AWAY = "postgresql://ledger@127.0.0.1:1/ledger"


@pytest.mark.parametrize(
    ("url", "arguments", "exit_code", "code"),
    [
        (AWAY, ["rebuild", "--ledger", "chengdu"], 3, "cannot-go-on"),
        (AWAY, ["demo", "--practitioners", "1"], 3, "cannot-go-on"),
        (AWAY, ["rebuild", "--ledger", "not a name"], 2, "wrong-arguments"),
        (AWAY, ["rebuild"], 2, "wrong-arguments"),
        (AWAY, ["rebuilt"], 2, "wrong-arguments"),
        ("no url", ["doctor"], 3, "wrong-setting"),
        (AWAY, ["play", "nowhere.yaml"], 2, "cannot-play"),
        (AWAY, ["policies", "check", "--packs", "nowhere"], 1, "a-pack-cannot-be-used"),
    ],
)
def test_a_failure_is_told_to_people_and_with_json_to_programs(
    tmp_path: Path, url: str, arguments: list[str], exit_code: int, code: str
) -> None:
    failed = Command(tmp_path / "data", url)(*arguments, "--json")
    assert failed.returncode == exit_code, failed.stderr
    said = json.loads(failed.stdout)
    assert said.keys() == {"ok", "error"}
    assert said["ok"] is False
    assert said["error"].keys() == {"code", "message", "remedy"}
    assert said["error"]["code"] == code
    assert all(said["error"].values())
    assert failed.stderr
    assert "Traceback" not in failed.stderr


def test_without_json_standard_output_stays_empty(tmp_path: Path) -> None:
    failed = Command(tmp_path / "data", AWAY)("rebuild", "--ledger", "chengdu")
    assert (failed.returncode, failed.stdout) == (3, "")
    assert "the database cannot be reached" in failed.stderr


def test_what_nobody_foresaw_is_no_failure_with_a_sentence() -> None:
    assert foreseen(ZeroDivisionError()) is None
    assert foreseen(BrokenPipeError()) is None


def test_a_failure_without_a_remedy_gets_that_of_its_exit_code() -> None:
    document = Failure("cannot start", "the port is taken", 3).as_document()
    assert document["error"] == {
        "code": "cannot-start",
        "message": "the port is taken",
        "remedy": "Do what the message says; ledgerctl doctor says more.",
    }


def test_help_loads_nothing_that_only_a_command_needs() -> None:
    script = LOADED.format(names=SLOW_TO_IMPORT)
    told = subprocess.check_output([sys.executable, "-c", script], text=True)  # noqa: S603 - a script of our own
    assert json.loads(told) == []
