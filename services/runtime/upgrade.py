"""Runs alembic. `services.runtime.migrate` imports it only when there is something to do."""

from dataclasses import replace
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

import migrations
from services.runtime.database import DATABASE_ERRORS, DatabaseError, open_session
from services.runtime.limits import PATIENT

LIMITS = replace(PATIENT, lock_s=5.0)
"""A migration that waits for a table makes everyone else queue behind it, so it gives up soon."""
OTHER_MIGRATION_DEADLINE_S = 60.0
MIGRATION_LOCK = 0x6C65_6467_6572  # "ledger"
TAKE_TURNS = f"""
SELECT set_config('lock_timeout', '{OTHER_MIGRATION_DEADLINE_S:.0f}s', true),
       pg_advisory_xact_lock({MIGRATION_LOCK}),
       set_config('lock_timeout', '{LIMITS.lock_s:.0f}s', true)
"""
HOLDER = f"""
SELECT a.pid,
       a.application_name,
       coalesce(host(a.client_addr), 'this host') AS host
  FROM pg_locks l
  JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory'
   AND l.granted
   AND l.classid = {MIGRATION_LOCK >> 32}
   AND l.objid = {MIGRATION_LOCK & 0xFFFF_FFFF}
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608 - as above


async def upgrade_to_newest(url: str) -> None:
    """Run every version that the database lacks, in one transaction. If two run at once, the second waits and finds
    nothing to do.

    Raises DatabaseError if one fails, or another migration does not end; the database then stays where it was.
    """

    async def connect() -> asyncpg.Connection:
        return await open_session(url, "ledger migration", LIMITS)

    # asyncpg reads the URL, here as everywhere, so that one spelling of it serves both.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(TAKE_TURNS)
            await connection.run_sync(_run_alembic)
    except (*DATABASE_ERRORS, DBAPIError, CommandError) as error:
        holder = await _holder(url)
        why = f": {holder} is still migrating it" if holder else f": {error}"
        raise DatabaseError(f"the database could not be brought up to date{why}") from error
    finally:
        await engine.dispose()


async def _holder(url: str) -> str | None:
    """Return the process that is migrating this database, or None."""
    connection = await open_session(url, "ledger migration")
    try:
        row = await connection.fetchrow(HOLDER)
        return None if row is None else f"process {row['pid']} on {row['host']} ({row['application_name']})"
    finally:
        await connection.close()


def _run_alembic(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
