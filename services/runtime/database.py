"""The connection pool, and what asking the database may raise."""

import asyncio
from collections.abc import Coroutine
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

DATABASE_AWAY = (
    OSError,  # Connecting failed; TimeoutError is one as well.
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # Shutdown, crash of another backend, statement timeout.
    asyncpg.InsufficientResourcesError,  # Too many connections, disk full.
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InternalClientError,  # The server's farewell arrived just as a statement was sent.
    asyncpg.InterfaceError,  # The pool is closing, or the connection was lost under a statement.
)
"""What is raised while the database is away or too slow: the same may succeed later."""
DATABASE_ERRORS = (*DATABASE_AWAY, asyncpg.PostgresError)
"""Whatever asking the database may raise."""


T = TypeVar("T")


class DatabaseError(Exception):
    """The database cannot be used. The message says what to do."""


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
