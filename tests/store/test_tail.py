"""Those who follow the end of a ledger share what is read of it; whoever is slow reads on their own, and misses
nothing."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.ledger.append import Lanes
from services.runtime import journal
from services.runtime import tail as module
from services.runtime.notifications import News, running_news
from services.runtime.stored_events import Stored
from services.runtime.tail import Stretch, Tail, Tails
from tests.deciding import LEDGER, appending
from tests.lives import new_training

WAIT_S = 30.0


@pytest.fixture
async def news(database_url: str) -> AsyncIterator[News]:
    async with running_news(database_url) as news:
        yield news


@pytest.fixture
def tails(pool: asyncpg.Pool, news: News, ledger: str) -> Tails:
    return Tails(pool, news)


async def told(tail: Tail, position: int) -> Stretch:
    """Return what comes behind a position at which the tail stands, or will."""
    while (stretch := tail.kept(position, 100)) is None:
        await tail.moved(position, WAIT_S)
    return stretch


async def test_two_followers_get_the_same_and_it_is_written_once(tails: Tails, lanes: Lanes, ledger: str) -> None:
    written = 0

    def write(stored: Stored) -> bytes:
        nonlocal written
        written += 1
        return b"%d\n" % stored.position

    with tails.of(ledger) as tail, tails.of(ledger) as same:
        followers = asyncio.gather(told(tail, 0), told(same, 0))
        await lanes.append(ledger, appending(new_training()))
        assert [stretch.written(write) for stretch in await followers] == [b"1\n", b"1\n"]
    assert (written, len(tails)) == (1, 0)


async def test_what_a_slow_follower_has_not_fetched_goes_once_there_is_more(
    tails: Tails, lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_EVENTS", 2)
    with tails.of(ledger) as tail:
        for position in range(5):
            following = asyncio.create_task(told(tail, position))
            await lanes.append(ledger, appending(new_training()))
            await following
        assert tail.kept(0, 100) is None
        assert not tail.stands_at(0)
        assert [kept.position for kept in (await told(tail, 4)).events] == [5]
        assert tail.stands_at(5)


async def test_a_follower_that_begins_inside_a_page_gets_the_rest_of_it(
    tails: Tails, lanes: Lanes, ledger: str
) -> None:
    with tails.of(ledger) as tail:
        following = asyncio.create_task(told(tail, 0))
        await lanes.append(ledger, appending(new_training()))
        await lanes.append_group(ledger, [appending(new_training()) for _ in range(4)])
        await following
        await told(tail, 4)
        assert [stored.position for stored in (await told(tail, 3)).behind(3, 1).events] == [4]


async def test_an_error_is_told_to_those_who_wait_and_the_next_one_tries_again(
    tails: Tails, lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    with tails.of(ledger) as tail:
        with monkeypatch.context() as broken:
            broken.setattr(journal, "feed_page", away)
            with pytest.raises(ConnectionRefusedError):
                await tail.moved(0, WAIT_S)
        following = asyncio.create_task(told(tail, 0))
        await lanes.append(LEDGER, appending(new_training()))
        assert (await following).head == 1
