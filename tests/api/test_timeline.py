"""The timeline over HTTP."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.api.client import append, assert_problem
from tests.api.test_paging import next_of
from tests.lives import CHENGDU_WORKER, someone
from tests.published import as_published

LEDGER = "/v1/ledgers/chengdu"
PERSON = f"{LEDGER}/practitioners/P-1"
TIMELINE = f"{PERSON}/timeline"


@pytest.fixture
async def told(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service that knows P-1's career, positions 1 to 5."""
    await client.put(LEDGER, json={"jurisdiction": "510100", "title": "成都"})
    await append(client, CHENGDU_WORKER)
    return client


async def ask(client: httpx.AsyncClient, url: str = TIMELINE, **query: Any) -> dict[str, Any]:
    answer = await client.get(url, params={"determination": "allowance", **query})
    assert answer.status_code == 200, answer.text
    return as_published("timeline", answer.json())


async def test_a_timeline_over_days_says_what_the_determination_says_day_by_day(told: httpx.AsyncClient) -> None:
    answer = await ask(told, **{"from": "2024-11-20", "to": "2025-04-20"})
    turns = {change["on"]: change for change in answer["changes"]}
    assert [(on, change["status"]) for on, change in turns.items()] == [
        ("2024-12-10", "eligible"),
        ("2025-04-01", "not_eligible"),
    ]
    said = answer["opening"]
    for n in range(151):
        day = (date(2024, 11, 20) + timedelta(days=n)).isoformat()
        said = {name: turns[day][name] for name in said} if day in turns else said
        if n % 10 == 0 or day in turns:
            asked = await told.get(f"{PERSON}/determinations/allowance", params={"as_of": day})
            assert {name: asked.json()[name] for name in said} == said, day


async def test_without_a_range_it_reaches_from_the_first_fact_to_today(told: httpx.AsyncClient) -> None:
    answer = await ask(told)
    assert answer["from"] == "2021-01-01"
    assert answer["projected"] is False
    assert answer["changes"][0]["on"] == "2022-03-01"
    turn = {"cause": "rule", "jurisdiction": "510100", "edition": "2022-03-01", "turn": "begins"}
    assert answer["changes"][0]["causes"] == [turn]


@pytest.mark.parametrize(
    "asked",
    [{"from": "2021-01-01", "to": "2028-01-01"}, {"axis": "known_at", "as_of": "2024-12-31"}],
    ids=["days", "knowledge"],
)
async def test_following_the_links_gives_what_one_page_gives(told: httpx.AsyncClient, asked: dict[str, str]) -> None:
    query = {"determination": "allowance", **asked}
    whole = await told.get(f"{PERSON}/timeline", params=query)
    assert next_of(whole) is None
    page = await told.get(f"{PERSON}/timeline", params={**query, "limit": "2"})
    joined = page.json()["changes"]
    while (following := next_of(page)) is not None:
        page = await told.get(following)
        joined += page.json()["changes"]
    assert joined == whole.json()["changes"]
    assert len(joined) > 2


async def test_a_future_end_is_projected(told: httpx.AsyncClient) -> None:
    answer = await ask(told, **{"from": "2024-01-01", "to": "2199-12-31"})
    assert answer["projected"] is True
    assert answer["changes"][-1]["on"] == "2027-03-01"


async def test_pages_go_on_where_the_last_one_ended(told: httpx.AsyncClient) -> None:
    whole = await ask(told, **{"from": "2021-01-01", "to": "2028-01-01"})
    joined, begin = [], "2021-01-01"
    while begin is not None:
        page = await ask(told, **{"from": begin, "to": "2028-01-01", "limit": "2"})
        assert page["truncated"] == (page["next_from"] is not None)
        joined += page["changes"]
        begin = page["next_from"]
    assert joined == whole["changes"]
    assert len(joined) > 4


async def test_a_timeline_over_knowledge_names_facts_corrections_and_rules(told: httpx.AsyncClient) -> None:
    standard = {
        "standard_id": "wuhou-2024",
        "jurisdiction": "510107",
        "determination": "allowance",
        "effective_from": "2024-01-01",
        "tiers": {"junior": "200"},
        "unit": "CNY_per_month",
    }
    assert (await told.post(f"{LEDGER}/local-standards", json=standard)).json()["position"] == 6
    await append(told, someone.corrected(3, valid_until="2024-12-30", called=6))
    answer = await ask(told, axis="known_at", as_of="2024-12-31")
    assert answer["opening"] is None
    assert [
        (change["position"], change["status"], change["causes"][0]["cause"], change["causes"][0]["events"][0]["type"])
        for change in answer["changes"]
    ] == [
        (1, "not_eligible", "fact", "employment.started"),
        (2, "not_eligible", "fact", "certificate.obtained"),
        (3, "not_eligible", "fact", "registration.granted"),
        (4, "needs_review", "fact", "service.recorded"),
        (5, "eligible", "fact", "assessment.recorded"),
        (6, "eligible", "rule", "local_standard.registered"),
        (7, "not_eligible", "correction", "event.corrected"),
    ]
    for change in answer["changes"]:
        query = {"as_of": "2024-12-31", "known_at_position": change["position"]}
        asked = (await told.get(f"{PERSON}/determinations/allowance", params=query)).json()
        assert (asked["status"], asked["result"]) == (change["status"], change["result"])


async def test_a_timeline_over_knowledge_can_be_paged_and_cut(told: httpx.AsyncClient) -> None:
    whole = (await ask(told, axis="known_at", as_of="2024-12-31"))["changes"]
    page = await ask(told, axis="known_at", as_of="2024-12-31", limit=2)
    assert (page["changes"], page["truncated"], page["next_after"]) == (whole[:2], True, 2)
    rest = await ask(told, axis="known_at", as_of="2024-12-31", after=2)
    assert (rest["changes"], rest["opening"]["result"]) == (whole[2:], whole[1]["result"])
    query = {"determination": "allowance", "axis": "known_at", "after": 4, "known_at_position": 3}
    assert_problem(await told.get(f"{PERSON}/timeline", params=query), 422, "position-past-head", "?after")
    known = await ask(told, axis="known_at", as_of="2024-12-31", known_at_position=3)
    assert known["changes"] == whole[:3]
    nothing_yet = await ask(told, axis="known_at", as_of="2024-12-31", to="2020-01-01")
    assert (nothing_yet["opening"], nothing_yet["changes"]) == (None, [])
    nothing_since = await ask(told, axis="known_at", as_of="2024-12-31", **{"from": "2199-01-01"})
    assert (nothing_since["opening"]["status"], nothing_since["changes"]) == ("eligible", [])


async def test_before_the_person_was_known_there_is_nothing_to_tell_even_where_rules_were(
    client: httpx.AsyncClient, told: httpx.AsyncClient
) -> None:
    standard = {
        "standard_id": "wuhou-2024",
        "jurisdiction": "510107",
        "determination": "allowance",
        "effective_from": "2024-01-01",
        "tiers": {"junior": "200"},
        "unit": "CNY_per_month",
    }
    await client.put("/v1/ledgers/rules-first", json={"jurisdiction": "510100", "title": "成都"})
    await client.post("/v1/ledgers/rules-first/local-standards", json=standard)
    late = f"{PERSON.replace('chengdu', 'rules-first')}"
    await append(told, CHENGDU_WORKER[:1], ledger="/v1/ledgers/rules-first")
    answer = await ask(told, f"{late}/timeline", axis="known_at", as_of="2024-12-31", to="2000-01-01")
    assert (answer["opening"], answer["changes"], answer["truncated"]) == (None, [], False)
    answer = await ask(told, f"{late}/timeline", axis="known_at", as_of="2024-12-31")
    assert [change["position"] for change in answer["changes"]] == [2]


async def test_the_same_timeline_is_the_same_bytes_after_more_was_learned(told: httpx.AsyncClient) -> None:
    query = {"determination": "allowance", "from": "2021-01-01", "to": "2025-12-31", "known_at_position": 5}
    before = await told.get(TIMELINE, params=query)
    await append(told, someone.corrected(2, level="senior", called=6))
    assert (await told.get(TIMELINE, params=query)).content == before.content


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"as_of": "2024-01-01"}, "?as_of"),
        ({"after": "3"}, "?after"),
        ({"from": "2024-01-02", "to": "2024-01-01"}, "?from"),
        ({"period": "2024"}, "?period"),
        ({"determination": "exam.complete"}, "?level"),
        ({"from": "2024-13-01"}, "?from"),
        ({"axis": "sideways"}, "?axis"),
        ({"determination": "wealth"}, "?determination"),
        ({"limit": "0"}, "?limit"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    told: httpx.AsyncClient, query: dict[str, str], pointer: str
) -> None:
    answer = await told.get(TIMELINE, params={"determination": "allowance", **query})
    assert answer.status_code == 400, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_what_is_not_there_is_404(told: httpx.AsyncClient) -> None:
    nobody = await told.get(f"{LEDGER}/practitioners/P-2/timeline", params={"determination": "title"})
    assert_problem(nobody, 404, "unknown-practitioner")
    no_ledger = await told.get("/v1/ledgers/none/practitioners/P-1/timeline", params={"determination": "title"})
    assert_problem(no_ledger, 404, "unknown-ledger")
