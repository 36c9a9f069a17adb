"""A start brings its database up to date, once, however many start."""

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from services.runtime.database import DatabaseError
from services.runtime.migrate import VERSIONS, migrate, newest_version
from tests.conftest import with_database


@pytest.fixture
async def empty_database(cluster: str, admin: asyncpg.Connection) -> AsyncIterator[str]:
    name = f"empty_{uuid4().hex}"
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield with_database(cluster, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def version_of(url: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        version: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return version
    finally:
        await connection.close()


async def test_two_starts_at_once_migrate_once(empty_database: str) -> None:
    await asyncio.gather(migrate(empty_database), migrate(empty_database))
    assert await version_of(empty_database) == newest_version()


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_the_file_of_a_version_begins_with_its_number(path: Path) -> None:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    version = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(version)
    assert path.name.startswith(f"{version.revision}_")


async def test_a_database_of_newer_software_is_refused_and_not_touched(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    with pytest.raises(DatabaseError, match=r"could not be brought up to date.*9999"):
        await migrate(database_url)
    assert await version_of(database_url) == "9999"


async def test_a_database_that_cannot_read_chinese_is_refused(cluster: str, admin: asyncpg.Connection) -> None:
    name = f"ascii_{uuid4().hex}"
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'")
    try:
        with pytest.raises(DatabaseError, match=r"needs UTF8 and C.UTF-8"):
            await migrate(with_database(cluster, name))
    finally:
        await admin.execute(f"DROP DATABASE {name}")


async def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        DatabaseError, match=r"cannot be reached .*: check that PostgreSQL runs and LEDGER_DATABASE_URL is right"
    ):
        await migrate(f"postgresql://ledger@/ledger?host={tmp_path}")
