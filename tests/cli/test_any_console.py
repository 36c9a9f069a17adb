"""`ledgerctl` on any console and under any locale: it says what it has to say, and never fails for a character."""

import json
import os
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.cli.play import EXAMPLE
from services.runtime.settings import SettingsError, from_environment
from tests.cli.conftest import LEDGERCTL, Command

CONSOLES = ("gbk", "latin-1", "ascii")
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LOCALES: tuple[Mapping[str, str], ...] = (BARE, {"LC_ALL": "xx_YY.UTF-8"})


@dataclass(frozen=True)
class Ended:
    code: int
    output: bytes
    errors: bytes


def run(ledgerctl: Command, environment: Mapping[str, str], *arguments: str | Path) -> Ended:
    kept = {name: value for name, value in ledgerctl.environment.items() if name != "LC_ALL"}
    ended = subprocess.run(  # noqa: S603 - the program under test
        [LEDGERCTL, *arguments], env={**kept, **environment}, capture_output=True, check=False
    )
    assert b"Traceback" not in ended.stderr, ended.stderr.decode(errors="replace")
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.parametrize("console", CONSOLES)
def test_a_console_without_a_mark_is_shown_ascii_and_one_without_chinese_its_numbers(
    ledgerctl: Command, tmp_path: Path, console: str
) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    played = run(ledgerctl, {"PYTHONIOENCODING": console}, "play", file, "-v")
    assert played.code == 0
    said = played.output.decode(console)
    assert "ok continuing_education.annual" in said
    assert ("继续教育" if console == "gbk" else r"\u7ee7\u7eed\u6559\u80b2") in said


@pytest.mark.parametrize("console", CONSOLES)
@pytest.mark.parametrize("command", ["doctor", "--help"])
def test_every_console_can_show_what_a_command_says(ledgerctl: Command, console: str, command: str) -> None:
    ended = run(ledgerctl, {"PYTHONIOENCODING": console}, command)
    assert ended.code == 0
    assert ended.output.decode(console)


@pytest.mark.parametrize("console", CONSOLES)
def test_json_is_json_in_every_encoding(ledgerctl: Command, tmp_path: Path, console: str) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    played = run(ledgerctl, {"PYTHONIOENCODING": console}, "play", file, "--json")
    (case,) = json.loads(played.output.decode("utf-8"))["cases"]
    assert "继续教育" in json.dumps(case, ensure_ascii=False)


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: " ".join(map("=".join, locale.items())))
def test_a_data_folder_may_have_a_chinese_name_under_any_locale(data_folder: Path, locale: Mapping[str, str]) -> None:
    folder = data_folder / "账本"
    migrated = run(Command(folder, None), locale, "migrate")
    assert migrated.code == 0, migrated.errors.decode(errors="replace")
    assert (folder / "postgres" / "data" / "PG_VERSION").exists()


def test_a_data_folder_whose_name_is_not_utf_8_is_refused_in_a_sentence() -> None:
    with pytest.raises(SettingsError, match="the name of the data folder is not UTF-8"):
        from_environment({"LEDGER_DATA": os.fsdecode(b"/srv/\xd5\xcb\xb1\xbe")})


def test_the_environment_names_its_folder_relatively_so_that_it_starts_in_any() -> None:
    """Python reads the path of an installed folder in the encoding of the locale, before any of our code runs."""
    packages = Path(sysconfig.get_path("purelib"))
    paths = [path.read_text(encoding="utf-8") for path in packages.glob("_editable_impl_*.pth")]
    assert paths == ["../../../..\n"] * len(paths)
    assert paths or not (packages.parents[2] / ".ok").exists()
