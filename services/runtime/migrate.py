"""Brings a database up to the newest version of `migrations/`. Not beside the pool: alembic is slow to import."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

import migrations
from services.runtime.database import CONNECT_TIMEOUT_S, DatabaseError

OLDEST_MAJOR = 15
NEWEST_MAJOR = 18
CTYPES_WITHOUT_CHINESE = ("C", "POSIX")  # Under these pg_trgm takes no Chinese character for a letter.

MIGRATION_LOCK = 0x6C65_6467_6572  # "ledger"
MIGRATION_LOCK_TIMEOUT_MS = (
    5_000  # Whoever waits for a table makes all others wait behind, so a migration gives up soon.
)
MIGRATION_STATEMENT_TIMEOUT_MS = 600_000


async def migrate(url: str) -> None:
    """Bring the database up to the newest version. Of two starts at once, the second waits and finds nothing to do.

    Raises DatabaseError if the server is away, of another version than 15 to 18, cannot read Chinese, or a step fails.
    """
    try:
        guard = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        why = str(error) or "no answer"
        raise DatabaseError(f"the database cannot be reached ({why}): see LEDGER_DATABASE_URL") from error
    try:
        await _check_server(guard)
        # Held by a connection of its own, so a migration may open and close transactions as it needs.
        await guard.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await _upgrade_to_newest(url)
    except (asyncpg.PostgresError, DBAPIError) as error:
        raise DatabaseError(f"the database could not be brought up to date: {error}") from error
    finally:
        await guard.close()


async def _check_server(connection: asyncpg.Connection) -> None:
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


async def _upgrade_to_newest(url: str) -> None:
    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(
            url,
            timeout=CONNECT_TIMEOUT_S,
            server_settings={
                "lock_timeout": str(MIGRATION_LOCK_TIMEOUT_MS),
                "statement_timeout": str(MIGRATION_STATEMENT_TIMEOUT_MS),
            },
        )

    # asyncpg reads the URL, here as everywhere, so that one spelling of it serves both.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run_alembic)
            await connection.commit()
    finally:
        await engine.dispose()


def _run_alembic(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
