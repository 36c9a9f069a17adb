"""The embedded PostgreSQL refuses what it must not touch, and recovers from what was left behind."""

import os
import shutil
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from services.runtime import postgres, postgres_place
from services.runtime.postgres_place import PostgresError, why_closed
from services.runtime.processes import LockHeld, children_of, exclusive_lock, is_alive
from tests.faults.service import wait_until

FOREIGN_UID = 54_321
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away, and only root needs to")


async def version_of(server: postgres.Server) -> str:
    connection = await asyncpg.connect(server.url)
    try:
        version: str = await connection.fetchval("SHOW server_version_num")
        return version
    finally:
        await connection.close()


async def test_data_of_another_major_version_is_refused_and_not_touched(open_folder: Path) -> None:
    folder = open_folder / "old"
    with postgres.running(folder):
        pass
    (folder / "data/PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresError, match=r"written by PostgreSQL 9.*Dump it with the old binaries"):  # noqa: SIM117
        with postgres.running(folder):
            pass
    assert (folder / "data/PG_VERSION").read_text() == "9\n"


@as_root
async def test_data_of_another_user_is_refused_with_what_to_do(open_folder: Path) -> None:
    folder = open_folder / "foreign"
    folder.mkdir(mode=0o700)
    os.chown(folder, FOREIGN_UID, FOREIGN_UID)
    with pytest.raises(PostgresError, match=rf"belongs to user {FOREIGN_UID}.*chown -R nobody"):  # noqa: SIM117
        with postgres.running(folder):
            pass


@as_root
async def test_where_a_parent_is_closed_the_data_goes_elsewhere_and_a_link_says_where(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_place, "STATE_FOLDER", open_folder / "state")
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for _ in range(2):
        with postgres.running(closed / "postgres") as server:
            assert await version_of(server)
    assert (closed / "postgres").readlink().parent == open_folder / "state"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_long_path_gets_a_socket_in_the_temporary_folder_as_long_as_it_runs(open_folder: Path) -> None:
    folder = open_folder / ("long" * 30)
    with postgres.running(folder) as server:
        assert str(folder) not in server.url
        sockets = Path(server.url.partition("?host=")[2])
        assert (sockets / ".s.PGSQL.5432").is_socket()
    assert not sockets.exists()


async def test_an_initialisation_that_was_cut_off_is_begun_anew(open_folder: Path) -> None:
    folder = open_folder / "draft"
    with postgres.running(folder):
        pass
    (folder / "data").rename(folder / "data.draft")
    (folder / "data.draft/PG_VERSION").unlink()
    with postgres.running(folder) as server:
        assert await version_of(server)


async def test_a_killed_postmaster_leaves_orphans_and_the_next_start_waits_for_them(open_folder: Path) -> None:
    folder = open_folder / "orphans"
    with postgres.running(folder) as server:
        connections = [await asyncpg.connect(server.url) for _ in range(20)]
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
    with postgres.running(folder) as server:
        assert await version_of(server)
    for connection in connections:
        connection.terminate()


def test_a_lock_is_refused_while_another_holds_it(tmp_path: Path) -> None:
    with exclusive_lock(tmp_path / "lock", deadline_s=0):  # noqa: SIM117 - one inside the other is the point
        with pytest.raises(LockHeld):
            with exclusive_lock(tmp_path / "lock", deadline_s=0):
                pass


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@as_root
@pytest.mark.parametrize("mask", [0o027, 0o077])
async def test_a_strict_umask_closes_nothing_that_the_server_needs(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, mask: int
) -> None:
    monkeypatch.setattr(postgres_place, "STATE_FOLDER", open_folder / f"state-{mask:o}")
    installed = open_folder / f"closed-{mask:o}" / "installed"
    with umask(mask):
        package = postgres_place._package_with_binaries()
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, installed / part.name, symlinks=True)
        installed.parent.chmod(0o700)
        monkeypatch.setattr(postgres_place, "_package_with_binaries", lambda: installed / package.name)
        for _ in range(2):  # The second start finds the folders of the first.
            with postgres.running(installed.parent / "data" / "postgres") as server:
                assert await version_of(server)


async def test_the_password_is_one_file_for_its_owner_in_a_folder_for_its_owner(open_folder: Path) -> None:
    folder = open_folder / "made-by-hand"
    folder.mkdir(mode=0o755)
    shutil.chown(folder, postgres_place.account().uid)
    with postgres.running(folder) as server:
        password = urlsplit(server.url).password
        holding = [file for file in folder.iterdir() if file.is_file() and password in file.read_text(errors="replace")]
        assert holding == [folder / "password"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "password").stat().st_mode) == 0o600


def test_a_lock_file_is_for_its_owner_alone_even_one_of_an_earlier_release(tmp_path: Path) -> None:
    (tmp_path / "old").touch(mode=0o644)
    for name in ("old", "new"):
        with exclusive_lock(tmp_path / name, deadline_s=0):
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_folder_of_ones_own_that_is_closed_is_told_with_how_to_open_it(tmp_path: Path) -> None:
    assert why_closed(tmp_path) == (
        f"{tmp_path} cannot be written to: chmod u+rwx {tmp_path}, or name another folder by LEDGER_DATA"
    )


@pytest.mark.parametrize("data", ["there", "there/missing"])
def test_a_file_system_that_is_mounted_read_only_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    (tmp_path / "there").mkdir()
    mounted = os.statvfs(tmp_path)
    read_only = os.statvfs_result((*mounted[:8], mounted.f_flag | os.ST_RDONLY, mounted.f_namemax))
    monkeypatch.setattr(os, "statvfs", lambda _: read_only)
    said = why_closed(tmp_path / data)
    assert said.endswith("lies on a file system that is mounted read-only: name a folder elsewhere by LEDGER_DATA")


async def test_a_server_that_does_not_stop_is_ended_with_all_its_processes_and_told(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FAST_STOP_DEADLINE_S", "IMMEDIATE_STOP_DEADLINE_S"):
        monkeypatch.setattr(postgres, name, 0.2)
    said: list[str] = []
    with postgres.prepared(open_folder / "stuck") as cluster:
        process = cluster.start()
        cluster.wait_until_ready(process)
        stuck = [process.pid, *children_of(process.pid)]
        for pid in stuck:
            os.kill(pid, signal.SIGSTOP)
        postgres.stop(process, said.append)
        wait_until(lambda: not any(map(is_alive, stuck)), "none is left")
    assert [line.partition(":")[0] for line in said] == [
        "PostgreSQL has not stopped 0 s after SIGINT",
        "PostgreSQL has not stopped 0 s after SIGQUIT",
    ]
