"""Runs alembic. `services.runtime.migrate` imports it only when there is something to do."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

import migrations
from services.runtime.database import CONNECT_TIMEOUT_S, DatabaseError

LOCK_TIMEOUT_MS = 5_000  # Whoever waits for a table makes all others wait behind, so a migration gives up soon.
STATEMENT_TIMEOUT_MS = 600_000


async def upgrade_to_newest(url: str) -> None:
    """Run every version that the database lacks. Raises DatabaseError if one fails; it then stays where it was."""

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(
            url,
            timeout=CONNECT_TIMEOUT_S,
            server_settings={
                "lock_timeout": str(LOCK_TIMEOUT_MS),
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
            },
        )

    # asyncpg reads the URL, here as everywhere, so that one spelling of it serves both.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run_alembic)
            await connection.commit()
    except (asyncpg.PostgresError, DBAPIError, CommandError) as error:
        raise DatabaseError(f"the database could not be brought up to date: {error}") from error
    finally:
        await engine.dispose()


def _run_alembic(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
