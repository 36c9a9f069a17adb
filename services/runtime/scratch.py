"""A temporary database on the server of another one."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from services.runtime.database import DatabaseError, end, open_session
from services.runtime.limits import PATIENT
from services.runtime.migrate import migrate

PREFIX = "play_"
NAME_BYTES = 6


@asynccontextmanager
async def scratch_database(url: str) -> AsyncIterator[str]:
    """Yield the URL of a migrated database on the server of `url`; at the end it is dropped. Raises DatabaseError."""
    name = PREFIX + secrets.token_hex(NAME_BYTES)
    server = await open_session(url, "ledgerctl play", PATIENT)
    try:
        await server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        scratch = urlsplit(url)._replace(path=f"/{name}").geturl()
        await migrate(scratch)
        yield scratch
    except asyncpg.InsufficientPrivilegeError as error:
        raise DatabaseError("this user may not create a temporary database: ALTER ROLE ... CREATEDB") from error
    finally:
        # If it was interrupted while being created, it may or may not exist, and that session has ended.
        end(server)
        another = await open_session(url, "ledgerctl play", PATIENT)
        await another.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await another.close()
