"""Brings a database up to the newest version of `migrations/`."""

from pathlib import Path

import asyncpg
from asyncpg.pool import PoolConnectionProxy

import migrations
from services.runtime.database import DATABASE_ERRORS, DatabaseError, end, open_session, what_to_do

OLDEST_MAJOR = 15
NEWEST_MAJOR = 18
CTYPES_WITHOUT_CHINESE = ("C", "POSIX")  # Under these, pg_trgm treats no Chinese character as a letter.

VERSIONS = Path(migrations.__file__).parent / "versions"


async def migrate(url: str) -> None:
    """Bring the database up to the newest version. If two run at once, the second waits and finds nothing to do.

    Raises DatabaseError if the server is away, of another version than 15 to 18, cannot read Chinese, or a step fails.
    """
    connection = await open_session(url, "ledger migration")
    try:
        await check_server(connection)
        is_outdated = await version_of(connection) != newest_version()
    except DATABASE_ERRORS as error:
        raise DatabaseError(what_to_do(error)) from error
    finally:
        end(connection)
    if is_outdated:
        from services.runtime.upgrade import upgrade_to_newest  # Alembic takes a second to import: half a start.

        await upgrade_to_newest(url)


def newest_version() -> str:
    """Return 0002 if the last file of `migrations/versions` is 0002_seal.py."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


async def version_of(connection: "asyncpg.Connection | PoolConnectionProxy") -> str | None:
    """Return the version of the database, None if it was never migrated."""
    try:
        version: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return version


async def check_version(connection: "asyncpg.Connection | PoolConnectionProxy") -> None:
    """Raise DatabaseError if the database has another version than this release needs."""
    has, needs = await version_of(connection), newest_version()
    if has != needs:
        raise DatabaseError(
            f"the database has version {has or 'none'} and this release needs {needs}: {remedy_for(has)}"
        )


def remedy_for(version: str | None) -> str:
    """Return what to do about a database whose version is not that of this release."""
    is_older = version is None or version < newest_version()
    return "ledgerctl migrate" if is_older else "start the release that brought it there"


async def check_server(connection: asyncpg.Connection) -> None:
    """Raise DatabaseError if the server's version is not 15 to 18, or it cannot handle Chinese text."""
    major = connection.get_server_version().major
    if not OLDEST_MAJOR <= major <= NEWEST_MAJOR:
        raise DatabaseError(f"PostgreSQL {OLDEST_MAJOR} to {NEWEST_MAJOR} is needed, and this server is {major}")
    (database,) = await connection.fetch(
        """
        SELECT pg_encoding_to_char(encoding) AS encoding,
               datctype AS ctype
          FROM pg_database
         WHERE datname = current_database()
        """
    )
    if database["encoding"] != "UTF8" or database["ctype"] in CTYPES_WITHOUT_CHINESE:
        raise DatabaseError(
            f"the database has encoding {database['encoding']} and ctype {database['ctype']}, and Chinese text "
            "needs UTF8 and C.UTF-8: CREATE DATABASE ledger TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE "
            "'C.UTF-8'"
        )
