"""Many clients of an HTTP server at once, each on a connection that it keeps alive, as cheap as Python allows."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from typing import cast

from bench.client import HOST, NotAnswered

_answer = re.compile(rb"HTTP/1\.1 (\d{3}).*?\r\ncontent-length: (\d+)\r\n.*?\r\n\r\n", re.IGNORECASE | re.DOTALL)


async def latencies(port: int, clients: int, seconds: float, next_request: Callable[[int], bytes]) -> list[float]:
    """Return the seconds of every request that so many clients had answered, one after another each.

    `next_request` gives the bytes of the next request of a client, by its number. Raises NotAnswered, or what
    connecting raises.
    """
    loop = asyncio.get_running_loop()
    connected = [await loop.create_connection(_Connection, HOST, port) for _ in range(clients)]
    took: list[float] = []
    stop = time.perf_counter() + seconds

    async def ask(number: int, connection: _Connection) -> None:
        while (began := time.perf_counter()) < stop:
            await connection.ask(next_request(number))
            took.append(time.perf_counter() - began)

    try:
        await asyncio.gather(*(ask(number, connection) for number, (_, connection) in enumerate(connected)))
    finally:
        for transport, _ in connected:
            transport.close()
    return took


async def replay(port: int, requests: Sequence[bytes]) -> list[float]:
    """Return the seconds of each of these requests, one after another. Raises as `latencies`."""
    transport, connection = await asyncio.get_running_loop().create_connection(_Connection, HOST, port)
    took: list[float] = []
    try:
        for request in requests:
            began = time.perf_counter()
            await connection.ask(request)
            took.append(time.perf_counter() - began)
    finally:
        transport.close()
    return took


class _Connection(asyncio.Protocol):
    """Sends one request after another. An answer has a length, and nothing is sent ahead."""

    _transport: asyncio.Transport
    _answered: asyncio.Future[None] | None = None
    _read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, request: bytes) -> asyncio.Future[None]:
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answered

    def data_received(self, data: bytes) -> None:
        self._read += data
        head = _answer.match(self._read)
        if self._answered is None or head is None or len(self._read) < head.end() + int(head[2]):
            return
        self._read, answered, self._answered = b"", self._answered, None
        if head[1].startswith(b"2"):
            answered.set_result(None)
        else:
            answered.set_exception(NotAnswered(f"the server gave {head[1].decode()}"))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None:
            self._answered.set_exception(exc or NotAnswered("the server closed the connection"))
