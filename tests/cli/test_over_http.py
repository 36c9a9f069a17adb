"""The nouns of `ledgerctl`, which ask a service over HTTP."""

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from services.ledger.api import examples
from services.runtime.release import RELEASE
from tests.api.serving import serving
from tests.cli.conftest import LEDGERCTL, Command

EVENT = {**examples.NEW_EVENT, "event_id": "0190b6a0-0000-7000-8000-000000000001"}
AWAY = "http://127.0.0.1:1"
NOUNS = ("ledger create", "ledger list", "event append", "event show", "standing show", "feed tail", "cohort export")


class Asked:
    """Runs `ledgerctl` against a service, in a thread, so that this loop can serve."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._command = Command(folder, None)

    async def __call__(self, *arguments: str | Path, given: str | None = None) -> "subprocess.CompletedProcess[str]":
        return await asyncio.to_thread(self._command, *arguments, "--url", self._url, given=given)

    async def json(self, *arguments: str | Path, given: str | None = None) -> Any:
        ended = await self(*arguments, "--json", given=given)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)


@pytest.fixture
async def ask(app: FastAPI, data_folder: Path) -> AsyncIterator[Asked]:
    async with serving(app) as url:
        ask = Asked(url, data_folder / "elsewhere")
        made = await ask("ledger", "create", "chengdu", "--jurisdiction", "510100", "--title", "成都市")
        assert made.returncode == 0, made.stderr
        yield ask


async def test_a_ledger_is_made_once_and_listed(ask: Asked) -> None:
    again = await ask("ledger", "create", "chengdu", "--jurisdiction", "510100", "--title", "成都市")
    assert "was there before" in again.stderr
    assert (await ask("ledger", "list")).stdout == "chengdu  510100  成都市\n"
    assert [one["ledger"] for one in (await ask.json("ledger", "list"))["ledgers"]] == ["chengdu"]


async def test_an_event_is_appended_shown_in_the_feed_and_judged(ask: Asked, tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text("\ufeff" + json.dumps(EVENT), encoding="utf-8")
    receipt = await ask.json("event", "append", "P-1", file, "--ledger", "chengdu", "--if-version", "0")
    assert (receipt["version"], receipt["events"][0]["event_id"]) == (1, EVENT["event_id"])
    replayed = await ask("event", "append", "P-1", "-", "--ledger", "chengdu", given=json.dumps([EVENT]))
    assert f"{EVENT['event_id']}  position 1  version 1" in replayed.stdout
    shown = await ask.json("event", "show", EVENT["event_id"], "--ledger", "chengdu")
    assert shown["data"] == EVENT["data"]
    lines = (await ask("feed", "tail", "--ledger", "chengdu", "--json")).stdout.splitlines()
    assert [json.loads(line)["event_id"] for line in lines] == [EVENT["event_id"]]
    told = await ask("feed", "tail", "--ledger", "chengdu", "--after", "0")
    assert told.stdout.startswith(f"1  {EVENT['occurred_on']}  P-1  {EVENT['type']}  ")
    standing = await ask.json("standing", "show", "P-1", "--ledger", "chengdu", "--known-at-position", "1")
    assert standing["known_at_position"] == 1
    page = await ask("standing", "show", "P-1", "--ledger", "chengdu", "--as-of", "2025-06-30", "--lang", "en")
    assert "As of the end of" in page.stdout


async def test_a_cohort_is_exported_as_a_table_or_as_one_object(ask: Asked, tmp_path: Path) -> None:
    asked = ("cohort", "export", "--ledger", "chengdu", "--determination", "certificate")
    out = tmp_path / "cohort.csv"
    written = await ask(*asked, "--out", out)
    assert written.returncode == 0, written.stderr
    assert b"practitioner_id" in out.read_bytes()
    assert "practitioner_id" in (await ask(*asked)).stdout
    assert await ask.json(*asked) == {"standings": []}


async def test_a_refusal_has_the_code_and_the_words_of_the_service(ask: Asked) -> None:
    refused = await ask("standing", "show", "P-9", "--ledger", "chengdu", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "unknown-practitioner"
    stale = await ask(
        "event", "append", "P-1", "-", "--ledger", "chengdu", "--if-version", "17", "--json", given=json.dumps(EVENT)
    )
    assert json.loads(stale.stdout)["error"]["code"] == "version-mismatch"


@pytest.mark.parametrize(
    ("url", "exit_code", "told"),
    [(AWAY, 3, f"{AWAY} does not answer"), ("ledger.example", 2, "is not a URL such as"), ("", 2, "is not a URL")],
)
def test_a_service_that_cannot_be_reached_is_told(data_folder: Path, url: str, exit_code: int, told: str) -> None:
    ended = Command(data_folder, None)("ledger", "list", "--url", url)
    assert (ended.returncode, told in " ".join(ended.stderr.split())) == (exit_code, True), ended.stderr


def test_without_a_url_the_server_of_the_data_folder_is_asked(data_folder: Path) -> None:
    ended = Command(data_folder, None)("ledger", "list")
    assert ended.returncode == 3
    assert f"no server runs on {data_folder}: ledgerctl serve, or name one by --url" in ended.stderr


def test_a_file_that_holds_no_json_is_told(data_folder: Path) -> None:
    ended = Command(data_folder, None)("event", "append", "P-1", "-", "--ledger", "chengdu", given="{")
    assert (ended.returncode, "- is not JSON in UTF-8" in ended.stderr) == (2, True), ended.stderr


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_examples_and_can_answer_in_json(data_folder: Path, noun: str) -> None:
    told = Command(data_folder, None)(*noun.split(), "--help").stdout
    assert f"ledgerctl {noun} " in re.sub(r"\s+", " ", told.partition("Examples:")[2])
    assert "--json" in told
    assert "--url" in told


def test_the_release_is_told(data_folder: Path) -> None:
    assert Command(data_folder, None)("--version").stdout == f"ledgerctl {RELEASE}\n"


def test_a_shell_can_complete_commands_and_options(data_folder: Path) -> None:
    def completed(words: str, at: int) -> str:
        environment = {
            **Command(data_folder, None).environment,
            "COMP_WORDS": words,
            "COMP_CWORD": str(at),
            "_LEDGERCTL_COMPLETE": "complete_bash",
        }
        return subprocess.check_output([LEDGERCTL], env=environment, text=True)  # noqa: S603 - the program under test

    assert completed("ledgerctl reb", 1).split() == ["rebuild"]
    assert "--known-at-position" in completed("ledgerctl standing show --", 3).split()
