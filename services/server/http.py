"""The HTTP server as a process of its own: `python -m services.server.http SERVICE...`, started by the supervisor,
which writes the database's URL to its standard input once that is migrated, and hands over the sockets that listen on
the port. Started by hand, without `--listeners`, it opens the port itself."""

import argparse
import asyncio
import dataclasses
import socket
import sys

import uvicorn
from fastapi import FastAPI

from services.runtime import logs
from services.runtime.processes import collect_seldom, give_back_large_blocks
from services.runtime.settings import HOST, from_environment
from services.server.app import create_app
from services.server.connections import raise_descriptor_limit
from services.server.protocol import ProblemProtocol

KEEP_ALIVE_TIMEOUT_S = 75
GRACEFUL_SHUTDOWN_TIMEOUT_S = 5
BACKLOG_CONNECTIONS = 2048
TICKS_BETWEEN_LOOKS = 10
"""A tick of uvicorn's is a tenth of a second."""


class _Server(uvicorn.Server):
    """Ends the streams of clients waiting for news as soon as it has to stop; they would wait for ever."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_BETWEEN_LOOKS == 0:
            self._app.state.connections.look(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.news.close()
        await super().shutdown(sockets)


def main() -> None:
    arguments = _arguments()
    logs.configure()
    url = sys.stdin.buffer.read().decode()
    if not url:  # The supervisor gave up before the database was ready.
        return
    app = create_app(dataclasses.replace(from_environment(), database_url=url), services=arguments.services)
    app.state.connections.limit = raise_descriptor_limit()
    collect_seldom()
    give_back_large_blocks()
    config = uvicorn.Config(
        app,
        host=HOST,
        port=from_environment().port,
        loop="uvloop",
        http=ProblemProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT_S,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_TIMEOUT_S,
    )
    _Server(config, app).run([socket.socket(fileno=listener) for listener in arguments.listeners] or None)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("services", nargs="+")
    parser.add_argument("--listeners", type=int, nargs="+", default=[], help="descriptors of the sockets that listen")
    return parser.parse_args()


if __name__ == "__main__":
    main()
