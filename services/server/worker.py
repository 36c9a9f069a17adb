"""The projection worker as a process of its own: `python -m services.server.worker`, started by the supervisor, which
writes the database's URL to its standard input once that is migrated. SIGTERM stops it; nothing is lost."""

import asyncio
import signal
import sys
from contextlib import suppress

import uvloop

from services.projections.follow import Follower
from services.runtime import logs
from services.runtime.clock import system_clock
from services.runtime.notifications import News, running_news
from services.runtime.release import RELEASE
from services.runtime.settings import from_environment


def main() -> None:
    logs.configure()
    url = sys.stdin.buffer.read().decode()
    if url:  # Otherwise the supervisor gave up before the database was ready.
        uvloop.run(_follow_until_told(url))


def _follower(url: str, news: News) -> Follower:
    settings = from_environment()
    return Follower(url, news, system_clock, RELEASE, settings.instance, settings.limits)


async def _follow_until_told(url: str) -> None:
    async with running_news(url) as news:
        following = asyncio.create_task(_follower(url, news).run())
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, following.cancel)
        with suppress(asyncio.CancelledError):
            await following


if __name__ == "__main__":
    main()
