"""A rebuild makes every row again, reports which differ and how, and switches while everything goes on."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from services.ledger.append import Lanes
from services.projections.rebuild import (
    NothingToGoBackTo,
    RebuildRunning,
    Report,
    go_back,
    only_one,
    rebuild,
)
from services.projections.store import generations
from services.projections.store.generations import GenerationGone
from services.runtime.clock import system_clock
from services.runtime.journal import UnknownLedger
from services.runtime.release import RELEASE
from tests.deciding import appending
from tests.lives import new_training
from tests.projections.conftest import caught_up, following, tell_careers, until

PEOPLE = 25


async def rebuilt(pool: asyncpg.Pool, ledger: str, *, verify: bool = False) -> Report:
    async with pool.acquire() as connection:
        return await rebuild(connection, ledger, system_clock, RELEASE, verify=verify, tell=lambda done, of: None)


async def states(pool: asyncpg.Pool) -> dict[int, str]:
    rows = await pool.fetch("SELECT generation, state FROM projections.generations ORDER BY generation")
    return {row["generation"]: row["state"] for row in rows}


@pytest.fixture
async def projected(database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes) -> str:
    await tell_careers(lanes, ledger, PEOPLE)
    async with following(database_url):
        await until(lambda: caught_up(pool, system_clock()), "caught up")
    return ledger


async def test_rows_that_equal_are_switched_and_the_generation_before_is_kept(
    pool: asyncpg.Pool, projected: str
) -> None:
    first, second, third = [await rebuilt(pool, projected) for _ in range(3)]
    for report in (first, second, third):
        assert (report.people, report.compared, report.differences, report.switched) == (PEOPLE, PEOPLE, 0, True)
    assert await states(pool) == {3: "previous", 4: "live"}
    kept = await pool.fetch("SELECT generation, count(*) FROM projections.standings GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in kept] == [(3, PEOPLE), (4, PEOPLE)]


async def test_verify_compares_and_leaves_everything_as_it_was(pool: asyncpg.Pool, projected: str) -> None:
    report = await rebuilt(pool, projected, verify=True)
    assert (report.differences, report.switched) == (0, False)
    assert await states(pool) == {1: "live"}
    assert await pool.fetchval("SELECT count(*) FROM projections.standings") == PEOPLE


CHANGE_P_3 = "UPDATE projections.standings SET {} WHERE practitioner_id = 'P-3'"
TAMPERINGS = [
    ("DELETE FROM projections.standings WHERE practitioner_id = 'P-3'", "missing"),
    (
        """
        INSERT INTO projections.standings
        SELECT (jsonb_populate_record(s, '{"practitioner_id": "P-999"}')).*
          FROM projections.standings s
         WHERE practitioner_id = 'P-3'
        """,
        "superfluous",
    ),
    (CHANGE_P_3.format("version = version - 1"), "other_events"),
    (CHANGE_P_3.format("allowance_status = 'eligible'"), "other_judgement"),
    (CHANGE_P_3.format("jurisdiction = '999999'"), "other_judgement"),
    (CHANGE_P_3.format("standing = replace(standing::text, 'undefined', 'defined')::json"), "other_judgement"),
    (CHANGE_P_3.format("next_change_on = '2199-01-01'"), "other_day"),
]


@pytest.mark.parametrize(("tampering", "cause"), TAMPERINGS)
async def test_each_way_in_which_a_row_can_differ_is_found_and_mended(
    pool: asyncpg.Pool, projected: str, tampering: str, cause: str
) -> None:
    assert await pool.execute(tampering) in ("DELETE 1", "UPDATE 1", "INSERT 0 1")
    report = await rebuilt(pool, projected)
    assert (report.differences, report.causes) == (1, {cause: 1})
    assert [(one["practitioner_id"], one["cause"]) for one in report.samples] in ([("P-3", cause)], [("P-999", cause)])
    assert (await rebuilt(pool, projected)).differences == 0


async def test_a_difference_is_shown_with_both_judgements(pool: asyncpg.Pool, projected: str) -> None:
    await pool.execute(
        """
        UPDATE projections.standings
           SET standing = jsonb_set(standing::jsonb, '{allowance,status}', '"eligible"')::json
         WHERE practitioner_id = 'P-3'
        """
    )
    (sample,) = (await rebuilt(pool, projected, verify=True)).samples
    assert sample["live"]["allowance"]["status"] == "eligible"
    assert sample["rebuilt"]["allowance"]["status"] != "eligible"
    assert set(sample["rebuilt"]) == {"allowance"}


async def test_going_back_makes_the_generation_before_live_and_the_worker_brings_it_up_to_date(
    database_url: str, pool: asyncpg.Pool, projected: str, lanes: Lanes
) -> None:
    with pytest.raises(NothingToGoBackTo):
        async with pool.acquire() as connection:
            await go_back(connection, projected)
    await rebuilt(pool, projected)
    await lanes.append(projected, appending(new_training(), to="P-3"))
    async with following(database_url):
        await until(lambda: caught_up(pool, system_clock()), "caught up")
        async with pool.acquire() as connection:
            assert await go_back(connection, projected) == 1
        assert await states(pool) == {1: "live", 2: "previous"}
        await until(lambda: caught_up(pool, system_clock()), "caught up again")
    assert (await rebuilt(pool, projected, verify=True)).differences == 0


async def test_one_rebuild_of_a_ledger_runs_at_a_time(database_url: str, projected: str) -> None:
    async with only_one(database_url, projected):
        with pytest.raises(RebuildRunning):
            async with only_one(database_url, projected):
                pass
        async with only_one(database_url, "another"):
            pass
    async with only_one(database_url, projected):
        pass


async def test_a_generation_that_is_being_dropped_never_becomes_live_nor_loses_a_row_to_another(
    pool: asyncpg.Pool, projected: str
) -> None:
    await rebuilt(pool, projected)
    async with pool.acquire() as connection:
        rows = await connection.fetchval("SELECT count(*) FROM projections.standings")
        assert await connection.execute(generations.DROP_ROWS, projected, 1, 10) == "DELETE 0"
        await connection.execute(generations.BEGIN_DROP, projected, 1)
        with pytest.raises(GenerationGone):
            await generations.switch(connection, projected, 1)
        assert await states(pool) == {1: "dropping", 2: "live"}
        assert await connection.fetchval("SELECT count(*) FROM projections.standings") == rows


async def test_what_a_rebuild_left_that_was_cut_off_is_cleared_by_the_next(pool: asyncpg.Pool, projected: str) -> None:
    async with pool.acquire() as connection:
        await generations.make(connection, projected, "building", RELEASE, system_clock())
        await connection.execute(
            "INSERT INTO projections.standings SELECT (jsonb_populate_record(s, '{\"generation\": 2}')).* "
            "FROM projections.standings s"
        )
    assert (await rebuilt(pool, projected)).differences == 0
    assert await states(pool) == {1: "previous", 2: "live"}


async def test_a_generation_whose_dropping_was_cut_off_is_nothing_to_go_back_to(
    pool: asyncpg.Pool, projected: str
) -> None:
    await rebuilt(pool, projected)
    await pool.execute("UPDATE projections.generations SET state = 'dropping' WHERE state = 'previous'")
    async with pool.acquire() as connection:
        with pytest.raises(NothingToGoBackTo):
            await go_back(connection, projected)
    assert (await rebuilt(pool, projected)).differences == 0
    assert await states(pool) == {2: "previous", 3: "live"}
    assert await pool.fetchval("SELECT count(*) FROM projections.standings WHERE generation = 1") == 0


async def test_due_rows_of_a_generation_that_becomes_live_are_judged_anew_by_a_worker_that_runs(
    database_url: str, pool: asyncpg.Pool, projected: str
) -> None:
    """As when a rebuild runs over midnight, or a rule comes while it runs, or somebody goes back."""
    async with following(database_url):
        await rebuilt(pool, projected)
        await pool.execute("UPDATE projections.standings SET next_change_on = as_of WHERE generation = 1")
        async with pool.acquire() as connection:
            await go_back(connection, projected)
        await until(lambda: caught_up(pool, system_clock()), "judged anew")
    assert await pool.fetchval("SELECT count(*) FROM projections.standings WHERE next_change_on <= as_of") == 0


async def test_a_ledger_that_was_never_projected_gets_its_first_rows_by_a_rebuild(
    pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 3)
    report = await rebuilt(pool, ledger)
    assert (report.replaces, report.people, report.switched) == (None, 3, True)
    with pytest.raises(UnknownLedger):
        await rebuilt(pool, "nowhere")


async def test_appends_reads_and_the_worker_go_on_while_a_rebuild_runs(
    database_url: str, pool: asyncpg.Pool, projected: str, lanes: Lanes, client: httpx.AsyncClient
) -> None:
    """What was appended meanwhile is in the rows afterwards, every read was answered, and nothing differs."""
    stop = asyncio.Event()
    appended = 0

    async def write() -> None:
        nonlocal appended
        while not stop.is_set():
            await lanes.append(projected, appending(new_training(), to=f"P-{appended % (2 * PEOPLE)}"))
            appended += 1

    async def read() -> None:
        query: dict[str, Any] = {"determination": "allowance", "limit": 1000}
        while not stop.is_set():
            page = await client.get(f"/v1/ledgers/{projected}/standings", params=query)
            assert page.status_code == httpx.codes.OK, page.text
            assert len(page.json()["standings"]) >= PEOPLE, "there is never a moment without rows"
            answer = await client.get(f"/v1/ledgers/{projected}/practitioners/P-1/standing")
            assert answer.status_code == httpx.codes.OK, answer.text

    async with following(database_url):
        tasks = [asyncio.create_task(write()), asyncio.create_task(read())]
        reports = [await rebuilt(pool, projected) for _ in range(3)]
        stop.set()
        await asyncio.gather(*tasks)
        await until(lambda: caught_up(pool, system_clock()), "caught up")
    assert [report.differences for report in reports] == [0, 0, 0]
    for report in reports:
        assert report.compared == report.people >= PEOPLE, "everybody is compared, however fast events come in"
    final = await rebuilt(pool, projected, verify=True)
    assert (final.differences, final.waiting) == (0, 0)
    assert appended > 0


async def test_everybody_is_compared_though_midnight_passes_while_a_rebuild_runs(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    """Midnight in China, before a day on which many rows are due: the worker renews its rows, the rebuild its own."""
    await tell_careers(lanes, ledger, PEOPLE)
    before_midnight = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    instants = [before_midnight]

    def pass_midnight(done: int, of: int) -> None:
        instants.append(before_midnight + timedelta(minutes=2))

    async with following(database_url, lambda: instants[-1]):
        await until(lambda: caught_up(pool, instants[-1]), "caught up")
        async with pool.acquire() as connection:
            report = await rebuild(connection, ledger, lambda: instants[-1], RELEASE, verify=True, tell=pass_midnight)
    assert (report.compared, report.waiting, report.differences) == (PEOPLE, 0, 0)
