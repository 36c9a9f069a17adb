"""The connection pool, and what asking the database may raise."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

import asyncpg

POOL_MIN_CONNECTIONS = 2
POOL_MAX_CONNECTIONS = 16
COMMAND_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 10.0
SERVER_SETTINGS = {
    # Every statement of ours finds its rows by an index whatever its parameters are; planning an append anew each time
    # would cost as much as running it.
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}


class SessionInDoubt(OSError):
    """A session is not in the state in which its user left it, so what it says cannot be relied upon."""


DATABASE_REFUSES = (
    asyncpg.InvalidAuthorizationSpecificationError,  # The role may not log in, or its password is another.
    asyncpg.InvalidCatalogNameError,  # There is no such database, or not by this name any more.
    asyncpg.ObjectNotInPrerequisiteStateError,  # It takes no connections for now.
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.UndefinedTableError,  # Before `ledgerctl migrate`.
)
"""What is raised where PostgreSQL answers, and does not give what is asked for: an operator has to do something."""
DATABASE_AWAY = (
    *DATABASE_REFUSES,
    OSError,  # Connecting failed; TimeoutError is one as well.
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # Shutdown, crash of another backend, statement timeout.
    asyncpg.InsufficientResourcesError,  # Too many connections, disk full.
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InternalClientError,  # The server's farewell arrived just as a statement was sent.
    asyncpg.InterfaceError,  # The pool is closing, or the connection was lost under a statement.
)
"""What is raised while the database is away, too slow, or closed: the same may succeed later."""
DATABASE_ERRORS = (*DATABASE_AWAY, asyncpg.PostgresError)
"""Whatever asking the database may raise."""


T = TypeVar("T")


class DatabaseError(Exception):
    """The database cannot be used. The message says what to do."""


async def connected(
    url: str, *, command_timeout: float | None = None, server_settings: Mapping[str, str] | None = None
) -> asyncpg.Connection:
    """Return a connection. Raises DatabaseError, which says what to do, where there is none to be had."""
    try:
        return await asyncpg.connect(
            url,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=command_timeout,
            server_settings=None if server_settings is None else dict(server_settings),
        )
    except (*DATABASE_ERRORS, ValueError) as error:  # The last is of a URL that is none.
        raise DatabaseError(what_to_do(error)) from error


def what_to_do(error: Exception) -> str:
    """Return in one line why the database cannot be used, and what to do."""
    why = str(error) or type(error).__name__
    match error:
        case ValueError() if not isinstance(error, asyncpg.exceptions._base.DataError):  # That is one by descent only.
            return f"LEDGER_DATABASE_URL is no URL of a database ({why}): postgresql://user:password@host:5432/database"
        case asyncpg.InvalidAuthorizationSpecificationError():
            return f"the database lets this user not in ({why}): see user and password in LEDGER_DATABASE_URL"
        case asyncpg.InvalidCatalogNameError():
            return f"the server has no such database ({why}): CREATE DATABASE makes it, or see LEDGER_DATABASE_URL"
        case asyncpg.ObjectNotInPrerequisiteStateError():
            return f"the database takes no connections ({why}): ALTER DATABASE ... ALLOW_CONNECTIONS true"
        case asyncpg.InsufficientPrivilegeError():
            return f"the database refuses this user ({why}): GRANT it, or name its owner in LEDGER_DATABASE_URL"
        case asyncpg.UndefinedTableError() | asyncpg.InvalidSchemaNameError():
            return f"the database lacks what this release reads ({why}): ledgerctl migrate, or see ledgerctl doctor"
    if not isinstance(error, DATABASE_AWAY):
        return f"the database failed ({why}): see its log"
    return f"the database cannot be reached ({why}): see that PostgreSQL runs and LEDGER_DATABASE_URL is right"


async def _keep(_: asyncpg.Connection) -> None:
    """Leave a session as it is when its connection is given back: no code of ours changes one. Saves a round trip."""


async def create_pool(url: str) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        url,
        min_size=POOL_MIN_CONNECTIONS,
        max_size=POOL_MAX_CONNECTIONS,
        command_timeout=COMMAND_TIMEOUT_S,
        timeout=CONNECT_TIMEOUT_S,
        server_settings=SERVER_SETTINGS,
        reset=_keep,
    )


async def within(timeout_s: float, asked: Coroutine[Any, Any, T]) -> T:
    """Return what was asked of the database. Raises TimeoutError as soon as the time is over.

    `asyncio.timeout` would wait on: whoever cancels a statement waits until the server has heard of it, and a server
    that hangs does not hear.
    """
    task = asyncio.ensure_future(asked)
    done, _ = await asyncio.wait({task}, timeout=timeout_s)
    if not done:
        task.cancel()
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # Nobody asks any more.
        raise TimeoutError
    return task.result()
