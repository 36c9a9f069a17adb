"""A data folder of another user: root uses what runs there, other users are told what to do, and that works."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.server.server_file import find
from tests.faults.service import ROOT, Service, free_port, wait_until

CANNOT_START = 3
DEADLINE_S = 120.0
USER = "daemon"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be several users")


def _runs(python: str) -> bool:
    try:
        return run_as(USER, python, Path("/"), "--help").code == 0
    except PermissionError:
        return False


def _started(python: str, user: str, data: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - the program under test
        [python, "-m", "services.cli.main", *arguments],
        cwd=ROOT,
        env={
            "LEDGER_DATA": str(data),
            "PORT": str(free_port()),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join((str(ROOT), sysconfig.get_path("purelib"))),
            "LC_ALL": "C",
        },
        user=user,
        group=pwd.getpwnam(user).pw_gid,
        extra_groups=[],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def python() -> str:
    """An interpreter that others than root can run: that of the tests may lie in a closed home."""
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    found = next((one for one in (sys.executable, system) if Path(one).exists() and _runs(one)), None)
    if found is None:
        pytest.skip("no Python here that another user can run")
    return found


@dataclass(frozen=True)
class Told:
    """How a command ended, and its output in one line."""

    code: int
    said: str


def run_as(user: str, python: str, data: Path, *arguments: str) -> Told:
    process = _started(python, user, data, *arguments)
    _, said = process.communicate(timeout=DEADLINE_S)
    return Told(process.returncode, " ".join(said.split()))


@contextmanager
def serving_as(user: str, python: str, data: Path) -> Iterator[None]:
    process = _started(python, user, data, "serve", "ledger")
    try:
        wait_until(lambda: process.poll() is not None or find(data, "ledger"), "ready")
        assert process.poll() is None, process.communicate()
        yield
    finally:
        process.terminate()
        process.communicate(timeout=DEADLINE_S)


def test_root_uses_the_running_database_of_another_user(python: str, open_folder: Path) -> None:
    theirs = Service(open_folder / "theirs")
    theirs.folder.mkdir()
    shutil.chown(theirs.folder, USER)
    with serving_as(USER, python, theirs.data):
        for arguments in (
            ("doctor",),
            ("demo", "--practitioners", "2"),
            ("rebuild", "--ledger", "demo"),
            ("migrate",),
        ):
            theirs.ledgerctl(*arguments)
    told = run_as("root", python, theirs.data, "migrate")
    assert told.code == CANNOT_START
    assert f"Do this as {USER}" in told.said


def test_what_root_has_started_is_told_to_everybody_else_and_the_hand_over_that_is_told_works(
    python: str, open_folder: Path
) -> None:
    roots = Service(open_folder / "roots")
    roots.folder.mkdir()
    roots.ledgerctl("migrate")
    for user in ("nobody", USER):
        told = run_as(user, python, roots.data, "serve")
        assert told.code == CANNOT_START
        assert "do this as root, or name another folder by LEDGER_DATA, or hand it over, as root: chown -R" in told.said
        told = run_as(USER, python, roots.data, "migrate")
        assert told.code == CANNOT_START
        assert "Do this as root" in told.said
    hand_over = told.said.rpartition(": ")[2].split()
    assert hand_over == ["chown", "-R", USER, str(roots.data)]
    subprocess.run(hand_over, check=True)  # noqa: S603 - as an operator would
    with serving_as(USER, python, roots.data):
        assert find(roots.data, "ledger") is not None


def test_a_folder_that_this_user_cannot_make_is_not_said_to_be_of_another_user(python: str) -> None:
    told = run_as(USER, python, Path("/usr/ledger-of-nobody"), "serve")
    assert told.code == CANNOT_START
    assert f"/usr/ledger-of-nobody cannot be made, because /usr is closed to {USER}: name another folder" in told.said
