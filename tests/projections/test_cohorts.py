"""Cohorts: people by the answer to one question, from the rows that the worker keeps."""

from collections import Counter
from typing import Any

import asyncpg
import httpx
import pytest

from services.core.rules.engine import ENGINE
from services.ledger.append import Lanes
from services.projections.project import RowJudge, advance
from services.projections.store import generations
from services.runtime.clock import china_day, system_clock
from tests.api.client import NEW_LEDGER, assert_problem
from tests.campaign.careers import career
from tests.projections.conftest import PEOPLE, following, tell_careers, tell_standards
from tests.published import as_published
from tests.tables import lines_of

COHORT = "/v1/ledgers/demo/standings"


async def cohort(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get(COHORT, params={"determination": "allowance", **query})
    assert answer.status_code == httpx.codes.OK, answer.text
    return as_published("cohort", answer.json())


async def test_a_cohort_holds_everybody_once_with_the_status_and_result_of_their_standing(
    projected: httpx.AsyncClient,
) -> None:
    page = await cohort(projected, limit=1000)
    assert [one["practitioner_id"] for one in page["standings"]] == sorted(f"P-{n}" for n in range(PEOPLE))
    assert page["next_cursor"] is None
    assert page["counts"] == Counter(one["status"] for one in page["standings"])
    for one in page["standings"]:
        standing = (await projected.get(f"/v1/ledgers/demo/practitioners/{one['practitioner_id']}/standing")).json()
        said = standing["determinations"]["allowance"]
        assert (one["status"], one["result"]) == (said["status"], said["result"])
        assert one["jurisdiction"] == standing["jurisdiction"]


async def test_pages_of_a_cohort_by_its_cursor_give_what_one_page_gives(projected: httpx.AsyncClient) -> None:
    whole = await cohort(projected, limit=1000)
    pages, cursor = list[Any](), None
    while True:
        page = await cohort(projected, limit=7, **({"cursor": cursor} if cursor else {}))
        assert page["counts"] == whole["counts"]
        pages += page["standings"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages == whole["standings"]


async def test_filters_narrow_a_cohort_and_only_the_status_leaves_the_counts_alone(
    projected: httpx.AsyncClient,
) -> None:
    whole = (await cohort(projected, limit=1000))["standings"]
    for status in {one["status"] for one in whole}:
        page = await cohort(projected, status=status, limit=1000)
        assert page["standings"] == [one for one in whole if one["status"] == status]
        assert sum(page["counts"].values()) == PEOPLE
    inside = [one for one in whole if one["jurisdiction"].startswith("5101")]
    page = await cohort(projected, jurisdiction="510100", limit=1000)
    assert page["standings"] == inside
    assert sum(page["counts"].values()) == len(inside)
    assert (await cohort(projected, jurisdiction="100000", limit=1000))["standings"] == whole
    certified = (await cohort(projected, determination="certificate", limit=1000))["standings"]
    page = await cohort(projected, determination="certificate", result="senior", limit=1000)
    assert page["standings"] == [one for one in certified if one["result"]["level"] == "senior"]
    assert page["standings"]


async def test_a_cohort_as_csv_holds_everybody_with_a_column_for_each_field(projected: httpx.AsyncClient) -> None:
    answer = await projected.get(COHORT, params={"determination": "allowance"}, headers={"Accept": "text/csv"})
    rows = lines_of(answer)
    whole = (await cohort(projected, limit=1000))["standings"]
    assert [row["practitioner_id"] for row in rows] == [one["practitioner_id"] for one in whole]
    assert [row["missing"] for row in rows] == [" ".join(one["result"]["missing"]) for one in whole]
    few = await projected.get(
        COHORT, params={"determination": "allowance", "limit": 3}, headers={"Accept": "text/csv;q=0.9, */*;q=0.1"}
    )
    assert lines_of(few) == rows[:3]
    assert (answer.headers["Row-Count"], few.headers["Row-Count"]) == (str(PEOPLE), "3")


async def test_a_browser_gets_the_table_by_its_url_under_a_name_that_says_what_it_is(
    projected: httpx.AsyncClient,
) -> None:
    query = {"determination": "allowance", "jurisdiction": "510100", "format": "csv"}
    answer = await projected.get(COHORT, params=query, headers={"Accept": "text/html,*/*;q=0.8"})
    position = (await cohort(projected))["position"]
    name = f"allowance-510100-{china_day(system_clock())}-p{position}.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert len(lines_of(answer)) == int(answer.headers["Row-Count"])
    as_json = await projected.get(COHORT, params=query | {"format": "json"}, headers={"Accept": "text/csv"})
    assert as_json.headers["Content-Type"] == "application/json"
    wrong = await projected.get(COHORT, params=query | {"format": "xml"})
    assert_problem(wrong, 400, "invalid-parameter", "?format")


async def test_how_much_a_table_holds_is_told_before_it_begins(projected: httpx.AsyncClient) -> None:
    """So that one that was cut off never looks whole."""
    plain = {"Accept-Encoding": "identity"}
    answer = await projected.get(COHORT, params={"determination": "allowance", "format": "csv"}, headers=plain)
    assert int(answer.headers["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"determination": "exam.complete"}, "?determination"),
        ({"determination": "wealth"}, "?determination"),
        ({"status": "rich"}, "?status"),
        ({"limit": "0"}, "?limit"),
        ({"limit": "1001"}, "?limit"),
        ({"cursor": "%00"}, "?cursor"),
        ({"cursor": "AAAAAAAAAAAAAAAAAAA"}, "?cursor"),
        ({"jurisdiction": "chengdu"}, "?jurisdiction"),
        ({"determination": "certificate.senior_route", "result": "x"}, "?result"),
    ],
)
async def test_what_no_cohort_can_be_asked_for_is_refused_with_the_parameter(
    client: httpx.AsyncClient, ledger: str, query: dict[str, str], pointer: str
) -> None:
    answer = await client.get(COHORT, params={"determination": "allowance", **query})
    assert_problem(answer, 400, "invalid-parameter", pointer)


async def test_a_cursor_is_refused_under_other_filters_and_in_another_ledger(projected: httpx.AsyncClient) -> None:
    page = await cohort(projected, limit=5)
    query = {"determination": "allowance", "cursor": page["next_cursor"]}
    assert (await projected.get(COHORT, params=query)).status_code == httpx.codes.OK
    other_filter = await projected.get(COHORT, params={**query, "determination": "grade"})
    assert_problem(other_filter, 400, "invalid-parameter", "?cursor")
    await projected.put("/v1/ledgers/other", json=NEW_LEDGER)
    assert_problem(
        await projected.get("/v1/ledgers/other/standings", params=query), 400, "invalid-parameter", "?cursor"
    )


async def test_the_determination_is_required_and_other_media_types_are_not_made(
    client: httpx.AsyncClient, ledger: str
) -> None:
    assert_problem(await client.get(COHORT), 400, "invalid-parameter", "?determination")
    refused = await client.get(COHORT, params={"determination": "grade"}, headers={"Accept": "image/png"})
    assert_problem(refused, 406, "not-acceptable", "Accept")


async def test_a_ledger_without_rows_has_an_empty_cohort_and_an_unknown_one_none(
    client: httpx.AsyncClient, ledger: str
) -> None:
    assert await cohort(client) == {
        "standings": [],
        "counts": {},
        "next_cursor": None,
        "position": 0,
        "engine": ENGINE,
        "rows_due": False,
    }
    answer = await client.get("/v1/ledgers/nowhere/standings", params={"determination": "grade"})
    assert_problem(answer, 404, "unknown-ledger")


async def test_rows_that_are_behind_min_position_are_waited_for_and_then_refused_with_retry_after(
    client: httpx.AsyncClient, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 1)
    behind = await client.get(COHORT, params={"determination": "grade", "min_position": 1})
    assert_problem(behind, 503, "projection-behind", "?min_position")
    assert int(behind.headers["Retry-After"]) >= 1
    past = await client.get(COHORT, params={"determination": "grade", "min_position": 1_000})
    assert_problem(past, 422, "position-past-head", "?min_position")


async def test_rows_that_do_not_know_the_newest_rule_yet_are_told_of_and_do_not_reach_min_position(
    pool: asyncpg.Pool, projected: httpx.AsyncClient, lanes: Lanes
) -> None:
    seed = next(seed for seed in range(1_000) if career(seed).standards)
    await tell_standards(lanes, "demo", career(seed))
    async with pool.acquire() as connection:
        live = await generations.live(connection, "demo")
        assert live is not None
        now = system_clock()
        taken = await advance(connection, RowJudge(), live, now, china_day(now))
        assert taken is not None
    assert (await cohort(projected))["rows_due"] is True
    query = {"determination": "allowance", "min_position": taken.position}
    assert_problem(await projected.get(COHORT, params=query), 503, "projection-behind", "?min_position")


async def test_rows_that_reach_min_position_meanwhile_are_given(
    database_url: str, client: httpx.AsyncClient, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 5)
    position = (await client.get("/v1/ledgers/demo")).json()["head"]
    async with following(database_url):
        page = await cohort(client, min_position=position)
    assert page["position"] == position
    assert len(page["standings"]) == 5
