"""Rows know one person: a link makes one row of two, its void two of one, whichever generation is asked."""

from collections.abc import Sequence

import asyncpg
import httpx
import pytest

from services.ledger.append import Lanes
from services.projections import rebuild as module
from services.projections.project import RowJudge, advance
from services.projections.rebuild import Report, rebuild
from services.projections.store import generations
from services.runtime.clock import china_day, system_clock
from services.runtime.release import RELEASE
from tests.deciding import appending
from tests.lives import Life, someone, worker

OLD, NEW, THIRD = "P-1", "P-2", "P-3"
LINK, VOID = someone.linked(NEW, called="link"), someone.voided("link", called="void")
JOB = worker("510107", "2023-01-01")
PERSON = "/v1/ledgers/demo/practitioners/{}/standing"


async def tell(lanes: Lanes, *lives: tuple[str, Life]) -> None:
    for stream, life in lives:
        await lanes.append("demo", appending(life, to=stream))


@pytest.fixture
async def told(pool: asyncpg.Pool, ledger: str, lanes: Lanes) -> str:
    """A ledger with a job under the old id, a certificate under the new one, and somebody else, all projected."""
    async with pool.acquire() as connection:
        await generations.make(connection, ledger, "live", RELEASE, system_clock())
    certified = someone.certified("2023-01-01", "intermediate", called="certificate")
    await tell(lanes, (OLD, JOB), (NEW, certified), (THIRD, someone.trained(called="training")))
    await follow(pool)
    return ledger


async def follow(pool: asyncpg.Pool) -> None:
    """Bring the live rows up to the head, one event at a time, as a worker would that forgets everything in between."""
    now = system_clock()
    async with pool.acquire() as connection:
        while (live := await generations.live(connection, "demo")) is not None:
            if await advance(connection, RowJudge(), live, now, china_day(now), most_events=1) is None:
                return


async def people_with_rows(pool: asyncpg.Pool) -> dict[str, str]:
    """Return who has a live row, and the status of the certificate in it."""
    rows = await pool.fetch(
        """
        SELECT practitioner_id,
               certificate_status
          FROM projections.standings
          JOIN projections.generations USING (ledger, generation)
         WHERE state = 'live'
         ORDER BY practitioner_id
        """
    )
    return {row["practitioner_id"]: row["certificate_status"] for row in rows}


async def verified(pool: asyncpg.Pool) -> Report:
    async with pool.acquire() as connection:
        return await rebuild(connection, "demo", system_clock, RELEASE, verify=True, tell=lambda done, of: None)


async def sources(client: httpx.AsyncClient, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return for each id where its standing is served from, and whom it names."""
    answers = [await client.get(PERSON.format(id_)) for id_ in ids]
    return [(answer.headers["Served-From"], answer.json()["practitioner_id"]) for answer in answers]


async def test_a_link_makes_one_row_of_two_and_its_void_two_of_one(
    pool: asyncpg.Pool, told: str, lanes: Lanes, client: httpx.AsyncClient
) -> None:
    apart = {OLD: "none", NEW: "valid", THIRD: "none"}
    assert await people_with_rows(pool) == apart
    assert await sources(client, [OLD, NEW, THIRD]) == [("row", OLD), ("row", NEW), ("row", THIRD)]
    await tell(lanes, (OLD, LINK))
    assert await sources(client, [OLD, NEW, THIRD]) == [("events", NEW), ("events", NEW), ("row", THIRD)]
    await follow(pool)
    assert await people_with_rows(pool) == {NEW: "valid", THIRD: "none"}
    assert await sources(client, [OLD, NEW, THIRD]) == [("row", NEW), ("row", NEW), ("row", THIRD)]
    assert ((report := await verified(pool)).people, report.compared, report.differences) == (2, 2, 0)
    await tell(lanes, (OLD, VOID))
    assert await sources(client, [OLD, NEW, THIRD]) == [("events", OLD), ("events", NEW), ("row", THIRD)]
    await follow(pool)
    assert await people_with_rows(pool) == apart
    assert await sources(client, [OLD, NEW, THIRD]) == [("row", OLD), ("row", NEW), ("row", THIRD)]
    assert ((report := await verified(pool)).people, report.compared, report.differences) == (3, 3, 0)


async def test_an_event_of_either_id_makes_the_one_row_anew(
    pool: asyncpg.Pool, told: str, lanes: Lanes, client: httpx.AsyncClient
) -> None:
    await tell(lanes, (OLD, LINK))
    await follow(pool)
    for stream, level in ((OLD, "junior"), (NEW, "senior")):
        await tell(lanes, (stream, someone.certified("2024-01-01", level, called=level)))
        assert await sources(client, [OLD, NEW]) == [("events", NEW)] * 2
        await follow(pool)
        assert await sources(client, [OLD, NEW]) == [("row", NEW)] * 2
    assert (await client.get(PERSON.format(OLD))).json()["determinations"]["certificate"]["result"]["level"] == "senior"
    assert (await verified(pool)).differences == 0


async def test_a_link_of_whoever_others_are_linked_to_moves_them_all(
    pool: asyncpg.Pool, told: str, lanes: Lanes
) -> None:
    chain = someone.linked(THIRD, called="chain")
    await tell(lanes, (OLD, LINK), (NEW, chain))
    await follow(pool)
    assert await people_with_rows(pool) == {THIRD: "valid"}
    await tell(lanes, (NEW, someone.voided("chain", called="undone")))
    await follow(pool)
    assert await people_with_rows(pool) == {NEW: "valid", THIRD: "none"}
    assert (await verified(pool)).differences == 0


async def test_a_cohort_lists_and_counts_one_person(
    pool: asyncpg.Pool, told: str, lanes: Lanes, client: httpx.AsyncClient
) -> None:
    async def cohort() -> tuple[list[str], dict[str, int]]:
        answer = (await client.get("/v1/ledgers/demo/standings", params={"determination": "certificate"})).json()
        return [one["practitioner_id"] for one in answer["standings"]], answer["counts"]

    assert await cohort() == ([OLD, NEW, THIRD], {"none": 2, "valid": 1})
    await tell(lanes, (OLD, LINK))
    await follow(pool)
    assert await cohort() == ([NEW, THIRD], {"none": 1, "valid": 1})
    await tell(lanes, (OLD, VOID))
    await follow(pool)
    assert await cohort() == ([OLD, NEW, THIRD], {"none": 2, "valid": 1})


@pytest.mark.parametrize(("further", "waiting"), [(LINK, 2), (LINK + VOID, 1)], ids=["a link", "a link and its void"])
async def test_rows_that_are_behind_a_link_wait_and_do_not_differ(
    pool: asyncpg.Pool, told: str, lanes: Lanes, monkeypatch: pytest.MonkeyPatch, further: Life, waiting: int
) -> None:
    """No worker runs, so the rebuild is ahead of the live rows."""
    monkeypatch.setattr(module, "LIVE_DEADLINE_S", 0.0)
    await tell(lanes, (OLD, further))
    report = await verified(pool)
    assert (report.differences, report.waiting, report.compared) == (0, waiting, 3 - waiting)
    await follow(pool)
    report = await verified(pool)
    assert (report.differences, report.waiting) == (0, 0)


async def test_rows_that_are_behind_the_void_of_a_link_wait_too(
    pool: asyncpg.Pool, told: str, lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The void stands in the other stream."""
    monkeypatch.setattr(module, "LIVE_DEADLINE_S", 0.0)
    await tell(lanes, (OLD, LINK), (NEW, someone.trained(called="last")))
    await follow(pool)
    await tell(lanes, (OLD, VOID))
    assert ((report := await verified(pool)).differences, report.waiting, report.compared) == (0, 2, 1)


async def test_linked_people_who_cannot_be_judged_are_parked_as_one(
    pool: asyncpg.Pool, told: str, lanes: Lanes
) -> None:
    await tell(lanes, (OLD, LINK))
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE ledger.events DISABLE TRIGGER ALL")
        await connection.execute(
            "UPDATE ledger.events SET leaf_hash = decode(repeat('00', 32), 'hex') WHERE position = 1"
        )
    await follow(pool)
    assert await people_with_rows(pool) == {THIRD: "none"}
    assert [row["practitioner_id"] for row in await pool.fetch("SELECT * FROM projections.parked")] == [NEW]
    await tell(lanes, (OLD, VOID))
    await follow(pool)
    assert await people_with_rows(pool) == {NEW: "valid", THIRD: "none"}
    assert [row["practitioner_id"] for row in await pool.fetch("SELECT * FROM projections.parked")] == [OLD]
