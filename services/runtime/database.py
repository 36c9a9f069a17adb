"""The connection pool."""

import asyncpg

POOL_MIN_CONNECTIONS = 2
POOL_MAX_CONNECTIONS = 16
COMMAND_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 10.0


class DatabaseError(Exception):
    """The database cannot be used. The message says what to do."""


async def create_pool(url: str) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        url,
        min_size=POOL_MIN_CONNECTIONS,
        max_size=POOL_MAX_CONNECTIONS,
        command_timeout=COMMAND_TIMEOUT_S,
        timeout=CONNECT_TIMEOUT_S,
    )
