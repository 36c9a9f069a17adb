"""Database sessions: how they are opened, their limits and when they end; and which errors the database may raise."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolAcquireContext, PoolConnectionProxy

from services.runtime.clock import Clock
from services.runtime.database_url import UnusableUrl
from services.runtime.disk import MAKE_ROOM
from services.runtime.limits import LIMITS, Limits

POOL_MIN_CONNECTIONS = 2
POOL_MAX_CONNECTIONS = 16
SESSION_QUERIES = 50_000  # Then a new one replaces it.
SESSION_UNUSED_S = 300.0
CONNECT_TIMEOUT_S = 10.0
SETTINGS = {
    # Every statement of ours finds its rows by an index whatever its parameters are; planning an append each time would
    # cost as much as running it.
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    # A host that vanished loses what it holds within half a minute, one that hung up at once.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25000",
    "client_connection_check_interval": "5000",
}
# After connecting and not with it: of settings that it does not know a pooler refuses the request, or drops them.
SET_UP = """
SELECT pg_backend_pid() AS pid,
       count(set_config(name, value, false))
  FROM unnest($1::text[], $2::text[]) AS setting (name, value)
"""
SIGNED = "ledger.session"
"""A setting of the session that shows another one when it is given the same backend."""
SIGNATURE_BYTES = 8
PROBE_TIMEOUT_S = 2.0
# A receipt is a commit on disk, whatever the database or the role have set; stricter than `on` stays stricter.
BE_DURABLE = """
SELECT set_config(
           'synchronous_commit',
           CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END,
           false
       ) AS synchronous_commit,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes
"""


class SessionInDoubt(OSError):
    """A session is not in the state in which its user left it, so its answers cannot be relied upon."""


class DatabaseError(Exception):
    """The database cannot be used. The message says what to do."""


class NotDurable(DatabaseError):
    """The server may lose what it has committed."""


class SharedBackend(DatabaseError):
    """A pooler gives the backend of a session to others between its statements."""

    def __init__(self) -> None:
        super().__init__(
            "a pooler that pools transactions stands before PostgreSQL, and a session would lose its limits, its "
            "statements and the news: name the server itself in LEDGER_DATABASE_URL, or set pool_mode = session"
        )


DATABASE_REFUSES = (
    asyncpg.InvalidAuthorizationSpecificationError,  # The role may not log in, or its password is another.
    asyncpg.InvalidCatalogNameError,  # There is no database of this name, or no longer.
    asyncpg.ObjectNotInPrerequisiteStateError,  # It takes no connections for now.
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.UndefinedTableError,  # Before `ledgerctl migrate`.
    NotDurable,
    SharedBackend,
    asyncpg.InvalidSQLStatementNameError,  # As behind a pooler that pools transactions: another's backend has other
    asyncpg.DuplicatePreparedStatementError,  # prepared statements.
)
"""Raised when PostgreSQL answers but refuses: an operator has to act."""
DATABASE_AWAY = (
    *DATABASE_REFUSES,
    OSError,  # Connecting failed; TimeoutError is one as well.
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # Shutdown, crash of another backend, statement timeout.
    asyncpg.IdleInTransactionSessionTimeoutError,  # This process stood still, and goes on with the next statement.
    asyncpg.TransactionTimeoutError,
    asyncpg.InsufficientResourcesError,  # Too many connections, disk full.
    asyncpg.PostgresSystemError,  # The server cannot read or write a file.
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InternalClientError,  # The server's farewell arrived just as a statement was sent.
    asyncpg.InterfaceError,  # The pool is closing, or the connection was lost under a statement.
)
"""Raised while the database is away, too slow or closed: a retry may succeed."""
DATABASE_ERRORS = (*DATABASE_AWAY, asyncpg.PostgresError)
"""Everything that a statement may raise."""


T = TypeVar("T")

IsolationLevel: TypeAlias = Literal["read_committed", "repeatable_read"]
AnyConnection: TypeAlias = "asyncpg.Connection | PoolConnectionProxy"


class Session(asyncpg.Connection):
    """A session that ends when one of its statements is cut short, by a time limit or by a cancel.

    The driver would ask the server to cancel the statement and go on. Then it is unknown what the server still does: a
    BEGIN that was given up may open a transaction later, and the request to cancel may strike the next statement. The
    server's own limit has the same effect if the time runs out between the answer to Parse and Bind: the statement
    still runs on the server, and the driver neither ends nor cancels it.
    """

    async def _do_execute(self, *arguments: Any, **options: Any) -> Any:
        try:
            return await super()._do_execute(*arguments, **options)  # type: ignore[misc]  # The stubs lack it.
        except TimeoutError:
            self.terminate()
            raise

    def _cancel_current_command(self, _waiter: Any, _cancel_waiter: Any = None) -> None:
        # Soon and not now: the driver still has to notify the waiter of the statement.
        asyncio.get_running_loop().call_soon(self.terminate)


async def open_session(url: str, name: str, limits: Limits = LIMITS) -> asyncpg.Connection:
    """Return a session. `name` shows in `pg_stat_activity` what it is for.

    Raises DatabaseError, whose message says what to do.
    """
    try:
        connection = await asyncpg.connect(
            url,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=limits.statement_s,
            server_settings={"application_name": name},
            connection_class=Session,
        )
    except (*DATABASE_ERRORS, ValueError) as error:  # ValueError: the URL is malformed.
        raise DatabaseError(what_to_do(error)) from error
    try:
        if await _set_up(connection, limits) != connection.get_server_pid():  # A pooler invents the id that it names.
            await _check_that_it_keeps_its_backend(connection, url)
        await be_durable(connection)
    except BaseException as error:
        end(connection)
        if isinstance(error, DatabaseError) or not isinstance(error, DATABASE_ERRORS):
            raise
        raise DatabaseError(what_to_do(error)) from error
    return connection


class Pool(asyncpg.Pool):
    """Sessions that many users share in turn. Nobody waits for one without a limit."""

    def __init__(self, url: str, limits: Limits, name: str) -> None:
        super().__init__(
            url,
            min_size=POOL_MIN_CONNECTIONS,
            max_size=POOL_MAX_CONNECTIONS,
            max_queries=SESSION_QUERIES,
            max_inactive_connection_lifetime=SESSION_UNUSED_S,
            loop=None,
            connection_class=Session,
            record_class=asyncpg.Record,
            init=self._begin,
            reset=_leave_as_it_is,
            command_timeout=limits.statement_s,
            timeout=CONNECT_TIMEOUT_S,
            server_settings={"application_name": name},
        )
        self._acquire_s = limits.acquire_s
        self._limits = limits

    async def _begin(self, connection: AnyConnection) -> None:
        await _set_up(connection, self._limits)
        await be_durable(connection)

    def acquire(self, *, timeout: float | None = None) -> PoolAcquireContext:
        """Lend a session. Raises TimeoutError if none is free within `timeout`, by default `acquire_s`."""
        return super().acquire(timeout=self._acquire_s if timeout is None else timeout)


async def create_pool(url: str, limits: Limits = LIMITS, name: str = "ledger") -> Pool:
    """Return a pool of sessions. Raises NotDurable or a database error."""
    pool = Pool(url, limits, name)
    await pool
    return pool


async def _set_up(connection: AnyConnection, limits: Limits) -> int:
    """Set the limits of a session and return the process id of its backend."""
    settings = _settings(limits)
    row = await connection.fetchrow(SET_UP, list(settings), list(settings.values()))
    return int(row["pid"]) if row is not None else 0


async def _check_that_it_keeps_its_backend(connection: asyncpg.Connection, url: str) -> None:
    """Raise SharedBackend if what this session sets is seen by another one."""
    signature = secrets.token_hex(SIGNATURE_BYTES)
    await connection.execute(f"SELECT set_config('{SIGNED}', '{signature}', false)")
    try:
        # Without prepared statements, which a pooler may have confused.
        other = await asyncpg.connect(
            url, timeout=PROBE_TIMEOUT_S, command_timeout=PROBE_TIMEOUT_S, statement_cache_size=0
        )
    except TimeoutError:  # Each session has a backend, and none is left.
        return
    try:
        seen = await other.fetchval(f"SELECT current_setting('{SIGNED}', true)")
    except TimeoutError:  # As above.
        return
    finally:
        other.terminate()
    if seen == signature:
        raise SharedBackend


def _settings(limits: Limits) -> dict[str, str]:
    return SETTINGS | {
        "lock_timeout": _ms(limits.lock_s),
        "statement_timeout": _ms(limits.statement_s),
        "idle_in_transaction_session_timeout": _ms(limits.idle_in_transaction_s),
    }


def _ms(seconds: float) -> str:
    return str(max(round(seconds * 1_000), 1))


async def be_durable(connection: AnyConnection) -> None:
    """Make sure that what the session commits stays committed. Raises NotDurable if the server may lose it."""
    row = await connection.fetchrow(BE_DURABLE)
    off = [] if row is None else [name for name in ("fsync", "full_page_writes") if row[name] == "off"]
    if off:
        raise NotDurable(
            f"{' and '.join(off)} {'is' if len(off) == 1 else 'are'} off, so a receipt would not survive a crash: "
            + "; ".join(f"ALTER SYSTEM SET {name} = on" for name in off)
            + "; SELECT pg_reload_conf()"
        )


async def _leave_as_it_is(connection: asyncpg.Connection) -> None:
    """Skip the reset when a session is given back: our code changes no session state, and a round trip is saved."""
    if connection.is_in_transaction():
        raise SessionInDoubt("a session was given back inside a transaction")  # The pool ends it.


@asynccontextmanager
async def transaction(
    connection: AnyConnection, *, isolation: IsolationLevel | None = None, readonly: bool = False
) -> AsyncIterator[None]:
    """Run the block in a transaction, or in a savepoint of the one that is open.

    When this returns, the server has confirmed the commit. When it raises, the server has confirmed the rollback, or
    the session has ended and the outcome is unknown.
    """
    block = connection.transaction(isolation=isolation, readonly=readonly)
    is_rolled_back = False
    try:
        await block.start()
        try:
            yield
        except Exception as error:
            # After a timeout, do not wait once more.
            if not isinstance(error, TimeoutError) and not has_ended(connection):
                with suppress(*DATABASE_ERRORS):
                    await block.rollback()
                    is_rolled_back = True
            raise
        await block.commit()
    except BaseException:
        if not is_rolled_back:
            end(connection)
        raise


def end(connection: AnyConnection) -> None:
    """End a session at once: the server rolls back what it has open as soon as it notices."""
    with suppress(asyncpg.InterfaceError):  # It was lost earlier, and the pool has released it.
        connection.terminate()


def has_ended(connection: AnyConnection) -> bool:
    """Whether the session is closed or lost."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # As in `end`.
        return True


def is_away(error: Exception) -> bool:
    """Whether the database is away, too slow or closed. A value that the driver cannot encode does not count, although
    its class derives from InterfaceError."""
    return isinstance(error, DATABASE_AWAY) and not isinstance(error, asyncpg.exceptions._base.DataError)


def refuses(error: Exception) -> bool:
    """Whether PostgreSQL answers but an operator has to act. A lock timeout does not count, although its class derives
    from ObjectNotInPrerequisiteStateError."""
    return isinstance(error, DATABASE_REFUSES) and not isinstance(error, asyncpg.LockNotAvailableError)


def what_to_do(error: Exception) -> str:
    """Return in one line why the database cannot be used, and what to do."""
    why = str(error) or type(error).__name__
    match error:
        case ValueError() if not isinstance(
            error, asyncpg.exceptions._base.DataError
        ):  # A ValueError by inheritance only.
            # The driver quotes what it could not read, and that may be a piece of the password.
            return f"LEDGER_DATABASE_URL cannot be used: {UnusableUrl()}"
        case asyncpg.InvalidAuthorizationSpecificationError():
            return f"the database does not admit this user ({why}): check user and password in LEDGER_DATABASE_URL"
        case asyncpg.InvalidCatalogNameError():
            return f"the server has no such database ({why}): CREATE DATABASE makes it, or check LEDGER_DATABASE_URL"
        case asyncpg.ObjectNotInPrerequisiteStateError() if refuses(error):
            return f"the database takes no connections ({why}): ALTER DATABASE ... ALLOW_CONNECTIONS true"
        case asyncpg.InvalidSQLStatementNameError() | asyncpg.DuplicatePreparedStatementError():
            return str(SharedBackend())
        case DatabaseError():
            return why
        case asyncpg.DiskFullError():
            return f"the disk of the database is full ({why}): {MAKE_ROOM}"
        case asyncpg.InsufficientPrivilegeError():
            return f"the database refuses this user ({why}): GRANT it, or name its owner in LEDGER_DATABASE_URL"
        case asyncpg.UndefinedTableError() | asyncpg.InvalidSchemaNameError():
            return f"the database lacks what this release reads ({why}): ledgerctl migrate, or see ledgerctl doctor"
    if not isinstance(error, DATABASE_AWAY):
        return f"the database failed ({why}): see its log"
    return f"the database cannot be reached ({why}): check that PostgreSQL runs and LEDGER_DATABASE_URL is right"


async def seconds_ahead(connection: AnyConnection, clock: Clock) -> float:
    """Return by how many seconds, at least, a clock is ahead of the database's; negative if it is behind.

    However long the answer takes, it shows no difference that is not there.
    """
    before = clock()
    theirs: datetime = await connection.fetchval("SELECT clock_timestamp()")
    if theirs < before:
        return (before - theirs).total_seconds()
    return min((clock() - theirs).total_seconds(), 0.0)


async def within(timeout_s: float, call: Coroutine[Any, Any, T]) -> T:
    """Return the result of a database call. Raises TimeoutError as soon as the time is over.

    `asyncio.timeout` would wait longer: cancelling a statement waits until the server has acknowledged it, and a server
    that hangs never does.
    """
    task = asyncio.ensure_future(call)
    done, _ = await asyncio.wait({task}, timeout=timeout_s)
    if not done:
        task.cancel()
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # Nobody waits for it any more.
        raise TimeoutError
    return task.result()
