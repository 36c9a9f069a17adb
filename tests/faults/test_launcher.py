"""The embedded PostgreSQL refuses what it must not touch, and recovers from what was left behind."""

import os
import signal
import stat
from pathlib import Path

import asyncpg
import pytest

from services.runtime import postgres, postgres_place
from services.runtime.postgres_place import PostgresError
from services.runtime.processes import LockHeld, exclusive_lock

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
