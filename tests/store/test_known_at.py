"""An answer as of an instant never changes, whatever the clocks did before it, or do after it."""

import asyncio
from datetime import datetime, timedelta
from random import Random

import asyncpg
import pytest

from services.ledger import append as lane
from services.ledger.append import Lanes, running_lanes
from services.ledger.store.append import append_behind
from services.runtime.clock import system_clock
from services.runtime.database import transaction
from services.runtime.journal import Connection, head
from services.runtime.known_at import SETTLING, KnownAtTooRecent, resolve_known_at
from tests.deciding import E1, E2, appending
from tests.lives import someone

STEPS = 60


async def asked(pool: asyncpg.Pool, ledger: str, instant: datetime) -> int:
    """The position at an instant, asked when it has settled."""
    async with pool.acquire() as connection:
        return await resolve_known_at(connection, ledger, instant, None, instant + SETTLING)


@pytest.mark.parametrize("seed", range(3))
async def test_no_answer_by_instant_changes_while_clocks_of_two_processes_jump(
    pool: asyncpg.Pool, ledger: str, seed: int
) -> None:
    """Each append by a clock up to four seconds behind or one ahead; each question about any instant up to now."""
    random = Random(seed)  # noqa: S311 - which clocks are tried, no secret
    answers: dict[datetime, int] = {}

    def clock() -> datetime:
        return system_clock() + timedelta(seconds=random.uniform(-4, 1))

    async with running_lanes(pool, clock) as one, running_lanes(pool, clock) as other:
        for number in range(STEPS):
            await random.choice((one, other)).append(ledger, appending(someone.trained(called=f"e{number}")))
            instant = system_clock() - timedelta(seconds=random.choice((0, random.uniform(0, 3))))
            answers[instant] = await asked(pool, ledger, instant)
    assert {instant: await asked(pool, ledger, instant) for instant in answers} == answers
    assert list(dict(sorted(answers.items())).values()) == sorted(answers.values())


async def test_what_is_appended_after_a_question_is_recorded_behind_its_instant(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str
) -> None:
    await lanes.append(ledger, appending(E1))
    instant = system_clock()
    assert await asked(pool, ledger, instant) == 1
    async with running_lanes(pool, lambda: instant - timedelta(seconds=3)) as behind:
        receipt = (await behind.append(ledger, appending(E2))).events[0]
    assert datetime.fromisoformat(receipt.recorded_at) > instant
    assert await asked(pool, ledger, instant) == 1


async def test_a_question_waits_for_the_append_that_is_under_way(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its event was recorded before the instant, and is not visible yet."""
    await lanes.append(ledger, appending(E1))
    writing, go_on = asyncio.Event(), asyncio.Event()

    async def written_and_not_committed(connection: Connection, *arguments: object) -> bool:
        async with transaction(connection):
            written = await append_behind(connection, *arguments)  # type: ignore[arg-type]  # Passed on as they came.
            writing.set()
            await go_on.wait()
        return written

    monkeypatch.setattr(lane, "append_behind", written_and_not_committed)
    second = asyncio.create_task(lanes.append(ledger, appending(E2)))
    await writing.wait()
    asking = asyncio.create_task(asked(pool, ledger, system_clock()))
    done, _ = await asyncio.wait([asking], timeout=0.2)
    assert not done
    go_on.set()
    assert await asking == (await second).position == 2


async def test_an_instant_that_the_database_has_not_reached_is_refused_and_moves_no_head(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str
) -> None:
    await lanes.append(ledger, appending(E1))
    async with pool.acquire() as connection:
        before = await head(connection, ledger)
    with pytest.raises(KnownAtTooRecent):
        await asked(pool, ledger, system_clock() + timedelta(minutes=1))
    async with pool.acquire() as connection:
        assert await head(connection, ledger) == before
