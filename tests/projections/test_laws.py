"""Live = rebuild = history: whatever is recorded in whatever order, whoever is linked to whom, and wherever the worker
stopped and went on.

`CAREERS=10000 make campaign` takes that many careers; the first failing example is shrunk as far as possible.
"""

import asyncio
from contextlib import suppress
from itertools import count
from random import Random
from uuid import UUID

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.events.codec import parse_event
from services.ledger.append import Lanes
from services.ledger.domain.career import Append
from services.ledger.domain.rejections import Rejection
from services.projections.project import RowJudge, advance, renew
from services.projections.rebuild import rebuild
from services.projections.store import generations, standings
from services.projections.store.generations import Generation
from services.runtime.clock import china_day, system_clock
from services.runtime.journal import Connection
from services.runtime.release import RELEASE
from tests.campaign.careers import career
from tests.deciding import appending
from tests.lives import someone
from tests.projections.conftest import make, renamed, tell_standards

PEOPLE = 5
DUE_PAGE_ROWS = 2
STEP_IN = 6
LINK_IN = 15
_ledgers = count(1)


async def step(connection: Connection, row_judge: RowJudge, generation: Generation) -> Generation | None:
    """Take the step that the worker would take next; None if there is none."""
    now = system_clock()
    today = china_day(now)
    if (advanced := await advance(connection, row_judge, generation, now, today)) is not None:
        return advanced
    if due := await standings.due(connection, generation, today, DUE_PAGE_ROWS):
        await renew(connection, row_judge, generation, due, now, today)
        return generation
    return None


async def tell_interleaved(
    lanes: Lanes, connection: Connection, ledger: str, seeds: list[int], random: Random
) -> Generation:
    """Tell the careers of some seeds, people in turn at random, while a worker comes by now and then and forgets."""
    lives = {f"P-{seed}": list(renamed(career(seed), seed).events) for seed in seeds}
    links: dict[UUID, str] = {}
    rules = [seed for seed in seeds if career(seed).standards]
    generation = await generations.make(connection, ledger, "live", RELEASE, system_clock())
    row_judge = RowJudge()
    while any(lives.values()):
        who = random.choice([who for who, events in lives.items() if events])
        with suppress(Rejection):
            await lanes.append(ledger, Append(who, [parse_event(lives[who].pop(0))]))
        if random.randrange(LINK_IN) == 0:
            await link_or_void(lanes, ledger, list(lives), links, random)
        if rules and random.randrange(STEP_IN) == 0:
            await tell_standards(lanes, ledger, career(rules.pop()))
        if random.randrange(STEP_IN) == 0:
            row_judge = row_judge if random.randrange(2) else RowJudge()
            generation = await step(connection, row_judge, generation) or generation
    while (next_ := await step(connection, row_judge, generation)) is not None:
        generation = next_
    return generation


async def link_or_void(lanes: Lanes, ledger: str, people: list[str], links: dict[UUID, str], random: Random) -> None:
    """Link somebody to somebody, or void one of the `links`, as far as the ledger accepts it."""
    if links and random.randrange(2):
        event_id, who = links.popitem()
        void = someone.voided(event_id, called=UUID(int=random.getrandbits(128)))
        await lanes.append(ledger, appending(void, to=who))
        return
    who, other = random.choice(people), random.choice(people)
    event_id = UUID(int=random.getrandbits(128))
    with suppress(Rejection):
        await lanes.append(ledger, appending(someone.linked(other, called=event_id), to=who))
        links[event_id] = who


async def check(pool: asyncpg.Pool, client: httpx.AsyncClient, seeds: list[int], random: Random) -> None:
    ledger = await make(pool, f"law-{next(_ledgers)}")
    lanes = Lanes(pool, system_clock)
    async with pool.acquire() as connection:
        generation = await tell_interleaved(lanes, connection, ledger, seeds, random)
        report = await rebuild(connection, ledger, system_clock, RELEASE, verify=True, tell=lambda done, of: None)
    await lanes.close()
    assert report.samples == []
    assert (report.differences, report.waiting, report.parked) == (0, 0, 0)
    known: dict[str, bytes] = {}
    for seed in seeds:
        url = f"/v1/ledgers/{ledger}/practitioners/P-{seed}/standing"
        live = await client.get(url)
        if live.status_code == httpx.codes.NOT_FOUND:
            continue  # The ledger took none of the person's events.
        assert live.headers["Served-From"] == "row", seed
        known.setdefault(live.json()["practitioner_id"], live.content)
        assert live.content == known[live.json()["practitioner_id"]], "under each id of a person the same"
        history = await client.get(url, params={"known_at_position": generation.position})
        assert live.content == history.content, seed
    assert report.people == len(known)


async def test_live_rows_equal_a_rebuild_and_what_history_says_at_the_head(
    pool: asyncpg.Pool, client: httpx.AsyncClient, request: pytest.FixtureRequest
) -> None:
    examples = max(request.config.getoption("--careers") // PEOPLE, 1)
    loop = asyncio.get_running_loop()

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        seeds=st.lists(st.integers(0, 100_000), min_size=1, max_size=2 * PEOPLE, unique=True),
        random=st.randoms(use_true_random=False),
    )
    def law(seeds: list[int], random: Random) -> None:
        asyncio.run_coroutine_threadsafe(check(pool, client, seeds, random), loop).result()

    await asyncio.to_thread(law)  # Hypothesis calls; the loop of this test answers.
