"""The connection pool."""

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
