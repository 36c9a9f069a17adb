"""A proxy between a service and PostgreSQL that holds or cuts a session at one chosen message.

It speaks just enough of protocol 3 to know which statement a message runs. A fault strikes once, either before the
server sees the statement or after the server has answered it and before the client hears of that. A hold lasts until
the test releases it, so the test chooses which limits pass meanwhile.
"""

import asyncio
import re
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PROTOCOL_3 = 196_608
CANCEL_REQUEST = 80_877_102
ENCRYPTION_REQUESTS = (80_877_103, 80_877_104)
"""SSLRequest and GSSENCRequest."""
DEFAULT_PORT = 5432


class Statement(StrEnum):
    """What a message runs, as far as a fault can name it."""

    CONNECT = "connect"
    CANCEL = "cancel"
    BEGIN = "BEGIN"
    LOCK = "lock"
    READ = "read"
    APPEND = "append"
    COMMIT = "COMMIT"
    ROLLBACK = "ROLLBACK"


class Moment(StrEnum):
    BEFORE = "before"
    """The server has not seen the statement."""
    AFTER = "after"
    """The server has answered, and the client has not heard."""


_PATTERNS = {
    Statement.BEGIN: r"\s*(BEGIN|START TRANSACTION)\b",
    Statement.COMMIT: r"\s*(COMMIT|END)\b",
    Statement.ROLLBACK: r"\s*(ROLLBACK|ABORT)\b(?!\s+TO\b)",
    Statement.LOCK: r"(?s).*\bledger\.heads\b.*\bFOR (NO KEY )?UPDATE\b",
    Statement.APPEND: r"(?s).*\bINSERT INTO ledger\.events\b",
    Statement.READ: r"(?s).*\bFROM ledger\.(heads|events)\b",
}


def statement_of(text: str) -> Statement | None:
    """Return what the SQL text is; None if no fault can name it."""
    return next((statement for statement, pattern in _PATTERNS.items() if re.match(pattern, text)), None)


@dataclass(eq=False)
class Fault:
    """Something that happens to one session at the nth of its kind of statement, counted over all sessions."""

    statement: Statement
    moment: Moment
    nth: int = 1
    cuts: bool = False
    struck: asyncio.Event = field(default_factory=asyncio.Event)
    session_ended: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        self._released.set()

    async def strike(self) -> None:
        self.struck.set()
        if not self.cuts:
            await self._released.wait()


@dataclass(eq=False)
class _Session:
    """Both ends of one connection."""

    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    statements: dict[bytes, Statement | None] = field(default_factory=dict)
    """Prepared statements by name."""
    answers: "deque[Fault | None]" = field(default_factory=deque)
    """What happens to each answer that the server still owes."""
    next_answer: Fault | None = None
    """What happens to the answer of a statement that is bound and not yet synchronized."""
    faults: list[Fault] = field(default_factory=list)
    """Those that strike this session."""

    def end(self) -> None:
        for _, writer in (self.client, self.server):
            writer.transport.abort()
        for fault in self.faults:
            fault.session_ended.set()


class Proxy:
    """Listens on a port of its own; `url` is the database as seen through it."""

    def __init__(self, database_url: str) -> None:
        self._upstream = urlsplit(database_url)
        self._faults: list[Fault] = []
        self._all_faults: list[Fault] = []
        self._connections: set[asyncio.Task[None]] = set()
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._port = 0
        self.seen: Counter[Statement] = Counter()

    @property
    def url(self) -> str:
        user, _, _ = self._upstream.netloc.rpartition("@")
        return self._upstream._replace(netloc=f"{user}@127.0.0.1:{self._port}", query="").geturl()

    async def until_no_session_is_left(self) -> None:
        """Return when every connection has ended, those of cancel requests included."""
        await self._is_idle.wait()

    def hold(self, statement: Statement, moment: Moment, nth: int = 1) -> Fault:
        return self._add(Fault(statement, moment, nth))

    def cut(self, statement: Statement, moment: Moment, nth: int = 1) -> Fault:
        return self._add(Fault(statement, moment, nth, cuts=True))

    def forget(self, fault: Fault) -> None:
        """Release a fault, and take it back if it has not struck."""
        fault.release()
        if fault in self._faults:
            self._faults.remove(fault)

    def forget_all(self) -> None:
        """Release every fault that there was, and take back what has not struck."""
        for fault in self._all_faults:
            self.forget(fault)

    def cut_all(self) -> None:
        """Cut every open session."""
        for connection in self._connections:
            connection.cancel()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Proxy"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.cut_all()
            await asyncio.gather(*self._connections, return_exceptions=True)

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        self._all_faults.append(fault)
        return fault

    def _meet(self, statement: Statement | None) -> Fault | None:
        """Count a statement, and return the fault that strikes it."""
        if statement is None:
            return None
        self.seen[statement] += 1
        for fault in self._faults:
            if fault.statement is statement:
                fault.nth -= 1
                if fault.nth == 0:
                    self._faults.remove(fault)
                    return fault
        return None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        self._is_idle.clear()
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # A side that goes away, or the end of the proxy; asyncio would log a cancelled handler as an error.
        finally:
            writer.transport.abort()
            self._connections.discard(task)
            if not self._connections:
                self._is_idle.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        startup = await _startup(reader)
        while _code(startup) in ENCRYPTION_REQUESTS:
            writer.write(b"N")
            startup = await _startup(reader)
        cancels = _code(startup) == CANCEL_REQUEST
        fault = self._meet(Statement.CANCEL if cancels else Statement.CONNECT)
        if await _cuts(fault, Moment.BEFORE):
            return
        session = _Session((reader, writer), await self._connect())
        session.server[1].write(startup)
        session.answers.append(fault)
        to_server = asyncio.create_task(self._to_server(session))
        try:
            await self._to_client(session)
        finally:
            session.end()  # Before anything that a second cut could interrupt.
            to_server.cancel()
            await asyncio.gather(to_server, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        query = parse_qs(self._upstream.query)
        host = self._upstream.hostname or query["host"][0]
        port = self._upstream.port or DEFAULT_PORT
        if host.startswith("/"):
            return await asyncio.open_unix_connection(str(Path(host) / f".s.PGSQL.{port}"))
        return await asyncio.open_connection(host, port)

    async def _to_server(self, session: _Session) -> None:
        """Pass on what the client sends. Where it goes away, the server still sees all that it had sent."""
        (reader, _), (_, writer) = session.client, session.server
        try:
            while True:
                message = await _message(reader)
                fault = self._fault_of(session, message)
                if await _cuts(fault, Moment.BEFORE):
                    session.end()
                    return
                writer.write(message)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            if not writer.is_closing():
                writer.write_eof()

    def _fault_of(self, session: _Session, message: bytes) -> Fault | None:
        """Return the fault that strikes a message of the client, and remember what it means for the answers."""
        kind, body = message[:1], message[5:]
        fault = None
        match kind:
            case b"P":
                name, text, *_ = body.split(b"\0", 2)
                session.statements[name] = statement_of(text.decode())
            case b"B":
                _, name, *_ = body.split(b"\0", 2)
                fault = session.next_answer = self._meet(session.statements.get(name))
            case b"Q":
                fault = self._meet(statement_of(body.decode()))
                session.answers.append(fault)
            case b"S":
                session.answers.append(session.next_answer)
                session.next_answer = None
        if fault is not None:
            session.faults.append(fault)
        return fault

    async def _to_client(self, session: _Session) -> None:
        """Pass on what the server answers, until it closes the session."""
        (_, writer), (reader, _) = session.client, session.server
        held = b""
        while True:
            message = await _message(reader)
            fault = session.answers[0] if session.answers else None
            is_ready = message[:1] == b"Z"
            if fault is not None and fault.moment is Moment.AFTER:
                held += message
                # A client must hear each answer while it proves who it is.
                if not is_ready and fault.statement is not Statement.CONNECT:
                    continue
                if await _cuts(fault, Moment.AFTER):
                    return
                message, held = held, b""
            # The server is ready once more, unasked, where a limit of its own strikes between two messages of a client.
            if is_ready and session.answers:
                session.answers.popleft()
            if not writer.is_closing():
                with suppress(ConnectionError):  # The client has gone, and the server goes on until it hears of that.
                    writer.write(message)
                    await writer.drain()


async def _cuts(fault: Fault | None, moment: Moment) -> bool:
    """Strike if this is the fault's moment. True if the connection ends with it."""
    if fault is None or fault.moment is not moment:
        return False
    await fault.strike()
    return fault.cuts


async def _startup(reader: asyncio.StreamReader) -> bytes:
    length = await reader.readexactly(4)
    return length + await reader.readexactly(int.from_bytes(length) - 4)


def _code(startup: bytes) -> int:
    return int.from_bytes(startup[4:8])


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(int.from_bytes(head[1:]) - 4)


@asynccontextmanager
async def proxied(database_url: str) -> AsyncIterator[Proxy]:
    """Yield a proxy in front of the database until the end of the block."""
    async with Proxy(database_url).listening() as proxy:
        yield proxy
