"""The URL of a configured database: what is shown of it, and that a password is nowhere, however it is spelled."""

import json
import os
import stat
from pathlib import Path

import pytest

from services.runtime.database import what_to_do
from services.runtime.database_url import UnusableUrl, name_of
from services.runtime.settings import SettingsError, from_environment
from services.server import server_file
from services.server.server_file import RunningServer
from tests.cli.conftest import Command

SECRET = "hush"  # noqa: S105 - of no database
HOST = "db.example"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"postgresql://app:{SECRET}@{HOST}/ledger", "db.example:5432/ledger"),
        (f"postgres://{HOST}:6000/ledger?user=app&password={SECRET}", "db.example:6000/ledger"),
        (f"postgresql:///?host={HOST}&port=6000&dbname=ledger&user=app&password={SECRET}", "db.example:6000/ledger"),
        (f"postgresql://app:{SECRET}@/ledger?host=/run/postgresql", "/run/postgresql:5432/ledger"),
        (f"postgresql://app:{SECRET}@%2Frun%2Fpostgresql/ledger", "/run/postgresql:5432/ledger"),
        (f"postgresql://app:{SECRET}@[::1]:6000/ledger", "[::1]:6000/ledger"),
        (f"postgresql://app:{SECRET}@[::1]/ledger", "[::1]:5432/ledger"),
        (f"postgresql://a:{SECRET}@one,two:6000/ledger?sslmode=require", "one:5432,two:6000/ledger"),
        (f"postgresql://app:{SECRET}@{HOST}", "db.example:5432/app"),
        ("postgresql:///ledger", "localhost:5432/ledger"),
    ],
)
def test_a_database_is_named_by_host_port_and_name_alone(url: str, name: str) -> None:
    assert name_of(url) == name


BROKEN = [
    f"postgresql://app:{SECRET}/{SECRET}@{HOST}/ledger",
    f"postgresql://app:12/{SECRET}@{HOST}/ledger",
    f"postgresql://app:12#{SECRET}@{HOST}/ledger",
    f"postgresql://app:12?{SECRET}@{HOST}/ledger",
    f"postgresql://app:{SECRET}@{SECRET}@{HOST}/ledger",
    f"postgresql://app:{SECRET}@{HOST}:{SECRET}/ledger",
    f"postgresql://[{SECRET}@{HOST}/ledger",
    f"{SECRET}://{HOST}/ledger",
    f"host={HOST} password={SECRET}",
]


@pytest.mark.parametrize("url", BROKEN)
def test_a_url_that_cannot_be_read_is_told_without_a_piece_of_it(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        from_environment({"LEDGER_DATABASE_URL": url})
    assert SECRET not in str(refused.value)
    assert "percent-encoded" in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_the_driver_says_of_a_url_is_not_passed_on() -> None:
    assert SECRET not in what_to_do(ValueError(f"invalid literal for int() with base 10: '{SECRET}'"))


@pytest.mark.parametrize("command", ["serve", "doctor", "migrate"])
@pytest.mark.parametrize("url", [BROKEN[1], f"postgresql://127.0.0.1:1/ledger?user=app&password={SECRET}"])
def test_no_command_shows_a_password(command: str, url: str, tmp_path: Path) -> None:
    ended = Command(tmp_path / "data", url)(command)
    assert ended.returncode in (1, 3)
    assert SECRET not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_server_json_holds_the_name_of_the_database_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    url = f"postgresql://{HOST}/ledger?user=app&password={SECRET}"
    draft = tmp_path / "server.json.draft"
    draft.write_text("left by a process that was killed")
    server = RunningServer(os.getpid(), "http://127.0.0.1:1", server_file.SERVICES, name_of(url), "instance")
    with server_file.announced(tmp_path, server):
        file = tmp_path / "server.json"
        assert json.loads(file.read_text())["database"] == "db.example:5432/ledger"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_error_is_the_same_for_every_url() -> None:
    assert len({str(_refused(url)) for url in BROKEN}) == 1


def _refused(url: str) -> UnusableUrl:
    with pytest.raises(UnusableUrl) as refused:
        name_of(url)
    return refused.value
