"""One request and its answer on a connection."""

from collections.abc import Callable

from starlette.types import Message
from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from services.runtime.refusals import Refusal

DISCONNECTED: Message = {"type": "http.disconnect"}


class Writer:
    """Where the exchanges of a connection write. It counts, and leaves to the connection how it closes."""

    def __init__(
        self, write: Callable[[bytes], None], close: Callable[[], None], is_closing: Callable[[], bool]
    ) -> None:
        self._write = write
        self.close = close
        self.is_closing = is_closing
        self.written_bytes = 0

    def write(self, data: bytes) -> None:
        """Hand bytes to the transport."""
        self.written_bytes += len(data)
        self._write(data)


class Exchange(RequestResponseCycle):
    """uvicorn's exchange, but a request that breaks while its body is read is refused, in its turn."""

    _broken: Refusal | None = None

    def break_off(self, why: Refusal) -> None:
        """Let whoever reads the body meet the reason. After the answer the connection ends."""
        self._broken = why
        self.keep_alive = False
        self.message_event.set()

    def lose(self) -> None:
        """Tell the application that the client has gone."""
        self.disconnected = True
        self.message_event.set()

    async def receive(self) -> ASGIReceiveEvent:
        """Return the next part of the body, or that the client has gone. Raises the reason why the body is broken."""
        message = await super().receive()
        if self._broken is None or message["type"] == "http.disconnect":
            return message
        if self.response_started:
            return {"type": "http.disconnect"}
        raise self._broken
