"""Rows that another engine judged: computed instead of served, reported, and judged again without a request.

An older engine's after an upgrade, a newer one's after a downgrade. The content of these rows is wrong on purpose: if
anything took them for fresh, it would show.
"""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from services.core.rules.engine import ENGINE
from services.projections.api import cohorts as cohorts_api
from services.projections.rebuild import go_back, rebuild
from services.projections.store import cohorts
from services.projections.store.cohorts import Member
from services.projections.store.progress import progress
from services.projections.store.standings import compare
from services.runtime.clock import china_day, system_clock
from services.runtime.release import RELEASE
from tests.api.client import assert_problem
from tests.projections.conftest import PEOPLE, caught_up, following, until

LEDGER = "/v1/ledgers/demo"
COHORT = f"{LEDGER}/standings"
ALLOWANCE: dict[str, Any] = {"determination": "allowance"}
PAID = f"{LEDGER}/indicators/I-25"
# An engine by which everybody is eligible.
JUDGED_OTHERWISE = """
UPDATE projections.standings
   SET engine = $1,
       allowance_status = 'eligible',
       standing = jsonb_set(standing::jsonb, '{allowance,status}', '"eligible"')::json
"""


@pytest.fixture(params=[ENGINE - 1, ENGINE + 1], ids=["older", "newer"])
async def stale(request: pytest.FixtureRequest, pool: asyncpg.Pool, projected: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service whose rows another engine judged, and judged differently."""
    await pool.execute(JUDGED_OTHERWISE, request.param)
    return projected


async def judged_anew(url: str, pool: asyncpg.Pool) -> None:
    async with following(url):
        await until(lambda: caught_up(pool, system_clock()), "caught up")


async def answer(client: httpx.AsyncClient, url: str, **query: Any) -> httpx.Response:
    given = await client.get(url, params=query)
    assert given.status_code == httpx.codes.OK, given.text
    return given


async def standings(client: httpx.AsyncClient, source: str, **query: Any) -> list[bytes]:
    """Return everybody's standing, all served from the same source."""
    given = [await answer(client, f"{LEDGER}/practitioners/P-{one}/standing", **query) for one in range(PEOPLE)]
    assert {one.headers["Served-From"] for one in given} == {source}
    return [one.content for one in given]


async def head(client: httpx.AsyncClient) -> int:
    position: int = (await answer(client, LEDGER)).json()["head"]
    return position


async def test_a_row_of_another_engine_is_not_served_and_a_renewed_one_says_what_the_events_say(
    database_url: str, pool: asyncpg.Pool, stale: httpx.AsyncClient
) -> None:
    computed = await standings(stale, "events", known_at_position=await head(stale))
    assert await standings(stale, "events") == computed
    await judged_anew(database_url, pool)
    assert await standings(stale, "row") == computed


async def test_the_worker_judges_rows_of_another_engine_anew_until_they_equal_a_rebuild(
    database_url: str, pool: asyncpg.Pool, stale: httpx.AsyncClient
) -> None:
    await judged_anew(database_url, pool)
    assert await pool.fetch("SELECT DISTINCT engine FROM projections.standings") == [(ENGINE,)]
    async with pool.acquire() as connection:
        report = await rebuild(connection, "demo", system_clock, RELEASE, verify=True, tell=lambda done, of: None)
    assert (report.engine, report.compared, report.differences) == (ENGINE, PEOPLE, 0)


async def test_how_many_rows_are_of_another_engine_is_told(pool: asyncpg.Pool, stale: httpx.AsyncClient) -> None:
    async with pool.acquire() as connection:
        [found] = await progress(connection, china_day(system_clock()))
    assert (found.of_another_engine, found.due) == (PEOPLE, PEOPLE)
    counted = f'ledger_projection_rows_of_another_engine{{ledger="demo"}} {PEOPLE}.0'
    assert counted in (await answer(stale, "/metrics")).text
    check = (await answer(stale, "/readyz")).json()["checks"]["projections"]
    assert check["status"] == "warning"
    assert f"{PEOPLE} rows are of another engine" in check["detail"]


async def test_a_cohort_is_refused_whatever_its_filters_while_a_single_row_is_of_another_engine(
    pool: asyncpg.Pool, projected: httpx.AsyncClient
) -> None:
    await pool.execute(f"{JUDGED_OTHERWISE} WHERE practitioner_id = 'P-9'", ENGINE - 1)
    refused = await asyncio.gather(
        *(
            projected.get(COHORT, params=ALLOWANCE | filters, headers={"Accept": media_type})
            for filters in ({}, {"jurisdiction": "410100"}, {"status": "eligible"}, {"limit": 1}, {"min_position": 1})
            for media_type in ("application/json", "text/csv")
        )
    )
    for one in refused:
        assert_problem(one, 503, "projection-behind")
        assert int(one.headers["Retry-After"]) >= 1


async def test_a_cohort_is_given_again_when_this_engine_has_judged_every_row(
    database_url: str, pool: asyncpg.Pool, stale: httpx.AsyncClient
) -> None:
    await judged_anew(database_url, pool)
    cohort = (await answer(stale, COHORT, **ALLOWANCE)).json()
    assert (cohort["rows_due"], cohort["engine"]) == (False, ENGINE)
    assert cohort["counts"].get("not_eligible", 0) > 0, "the other engine made everybody eligible"


async def test_a_table_is_of_one_instant_whoever_is_judged_while_it_is_read(
    pool: asyncpg.Pool, projected: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another engine's rows, or a generation that is dropped, would tear it."""
    whole = await projected.get(COHORT, params={**ALLOWANCE, "format": "csv"})
    monkeypatch.setattr(cohorts_api, "MAX_PAGE_EVENTS", 3)
    members = cohorts.members

    async def members_and_judge(*asked: Any) -> list[Member]:
        page = await members(*asked)
        await pool.execute(JUDGED_OTHERWISE, ENGINE + 1)
        await pool.execute("DELETE FROM projections.standings WHERE practitioner_id > 'P-3'")
        return page

    monkeypatch.setattr(cohorts, "members", members_and_judge)
    torn = await projected.get(COHORT, params={**ALLOWANCE, "format": "csv"})
    assert torn.content == whole.content
    assert_problem(await projected.get(COHORT, params={**ALLOWANCE, "format": "csv"}), 503, "projection-behind")


async def test_a_figure_is_counted_from_the_events_while_a_row_is_of_another_engine(
    database_url: str, pool: asyncpg.Pool, stale: httpx.AsyncClient
) -> None:
    counted = await answer(stale, PAID)
    assert counted.headers["Served-From"] == "events"
    await judged_anew(database_url, pool)
    from_rows = await answer(stale, PAID)
    assert from_rows.headers["Served-From"] == "row"
    assert from_rows.content == counted.content


async def test_rows_of_two_engines_are_not_compared_and_those_one_goes_back_to_are_judged_anew(
    database_url: str, pool: asyncpg.Pool, projected: httpx.AsyncClient
) -> None:
    """A difference between two engines is no fault of the rows."""
    today = china_day(system_clock())
    async with pool.acquire() as connection:
        built = await rebuild(connection, "demo", system_clock, RELEASE, verify=False, tell=lambda done, of: None)
        assert built.replaces is not None
        await connection.execute(f"{JUDGED_OTHERWISE} WHERE generation = $2", ENGINE + 1, built.replaces)
        counts, _ = await compare(connection, "demo", built.replaces, built.generation, today, samples=10)
        assert (counts.waiting, counts.differing) == (PEOPLE, 0)
        assert await go_back(connection, "demo") == built.replaces
    computed = await standings(projected, "events")
    await judged_anew(database_url, pool)
    assert await standings(projected, "row") == computed
