"""A real HTTP server in the test's own loop: a test transport would hold a stream back until it ends."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from fastapi import FastAPI

from services.server.protocol import ProblemProtocol

TIMEOUT_S = 60.0


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to pytest."""
        yield


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Yield the base URL of a server of `app` on a free port. The test runs the app's lifespan."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=ProblemProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    server = _Server(config)
    sockets = [config.bind_socket()]
    running = asyncio.create_task(server.serve(sockets))
    try:
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    finally:
        app.state.news.close()
        server.should_exit = True
        await running


@dataclass(frozen=True)
class Frame:
    """One event of a stream."""

    id: int
    data: str


async def frames_of(answer: httpx.Response) -> AsyncIterator[Frame]:
    """Yield the events of a stream as a browser reads them; raises AssertionError for a field that it would not."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            assert name in ("id", "data", "retry", ":"), line
            fields[name] = value
        else:
            if "data" in fields:
                yield Frame(int(fields["id"]), fields["data"])
            fields = {}
