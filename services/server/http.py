"""The HTTP server as a process of its own: `python -m services.server.http`, started by the supervisor, which
writes the URL of the database to its standard input once that is up to date."""

import dataclasses
import sys

import uvicorn

from services.runtime import logs
from services.runtime.settings import from_environment
from services.server.app import create_app
from services.server.protocol import ProblemProtocol

HOST = "127.0.0.1"  # Loopback only, as long as no access is configured.
KEEP_ALIVE_TIMEOUT_S = 75
GRACEFUL_SHUTDOWN_TIMEOUT_S = 5
BACKLOG_CONNECTIONS = 2048


def main() -> None:
    logs.configure()
    url = sys.stdin.read()
    if not url:  # The supervisor gave up before the database was ready.
        return
    settings = dataclasses.replace(from_environment(), database_url=url)
    uvicorn.run(
        create_app(settings),
        host=HOST,
        port=settings.port,
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


if __name__ == "__main__":
    main()
