"""Organizations over HTTP: recorded once by event id, and read as they stand on a day."""

from typing import Any

import httpx
import pytest

from services.ledger.api import wire
from tests.api.client import LEDGER, append, assert_problem, head
from tests.lives import someone
from tests.published import as_published
from tests.tables import lines_of

ORGANIZATIONS = f"{LEDGER}/organizations"
BODY: dict[str, Any] = {
    "event_id": "0190b6a0-8b1c-7c55-8f0e-3d2c1b0a9f8e",
    "occurred_on": "2024-01-01",
    "organization": "taoxilu",
    "name": "桃蹊路社区",
    "kind": "urban_community",
    "jurisdiction": "510108",
    "approved_posts": 3,
}


def numbered(number: int, **change: Any) -> dict[str, Any]:
    return {**BODY, "event_id": f"0190b6a0-8b1c-7c55-8f0e-{number:012d}", **change}


async def recorded(client: httpx.AsyncClient, *bodies: dict[str, Any]) -> None:
    for body in bodies:
        answer = await client.post(ORGANIZATIONS, json=body)
        assert answer.status_code == httpx.codes.CREATED, answer.text


async def test_an_organization_is_recorded_once_and_read_back(made: httpx.AsyncClient) -> None:
    first = await made.post(ORGANIZATIONS, json={**BODY, "source": {"system": "编办"}})
    assert first.status_code == httpx.codes.CREATED, first.text
    wire.Organization.model_validate(first.json())
    assert first.json() == {**BODY, "position": 1}
    again = await made.post(ORGANIZATIONS, json={**BODY, "source": {"system": "编办"}})
    assert (again.status_code, again.json()) == (httpx.codes.OK, first.json())
    other = await made.post(ORGANIZATIONS, json={**BODY, "source": {"system": "编办"}, "approved_posts": 4})
    assert_problem(other, 409, "event-id-taken", "/event_id")
    assert (await made.get(f"{ORGANIZATIONS}/taoxilu")).json() == first.json()
    assert await head(made) == 1
    stream = (await made.get(f"{LEDGER}/practitioners/_organizations/events")).json()["events"]
    assert [(event["type"], event["version"]) for event in stream] == [("organization.recorded", 1)]


async def test_the_latest_record_counts_from_its_day_on(made: httpx.AsyncClient) -> None:
    await recorded(
        made, numbered(1), numbered(2, occurred_on="2025-01-01", approved_posts=5), numbered(3, organization="a")
    )
    asked = [
        (await made.get(f"{ORGANIZATIONS}/taoxilu", params={"as_of": day})).json().get("approved_posts")
        for day in ("2024-12-31", "2025-01-01")
    ]
    assert asked == [3, 5]
    assert (await made.get(f"{ORGANIZATIONS}/taoxilu")).json()["approved_posts"] == 5
    early = await made.get(f"{ORGANIZATIONS}/taoxilu", params={"as_of": "2023-12-31"})
    assert_problem(early, 404, "unknown-organization")
    page = (await made.get(ORGANIZATIONS, params={"limit": 1})).json()
    wire.OrganizationPage.model_validate(page)
    assert ([one["organization"] for one in page["organizations"]], page["next_after"]) == (["a"], "a")
    rest = (await made.get(ORGANIZATIONS, params={"after": "a"})).json()
    assert [one["organization"] for one in rest["organizations"]] == ["taoxilu"]
    assert (await made.get(ORGANIZATIONS, params={"after": "taoxilu"})).json()["next_after"] is None


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"jurisdiction": "410100"}, 422, "outside-jurisdiction", "/jurisdiction"),
        ({"kind": "castle"}, 400, "invalid-event", "/kind"),
        ({"beds": -1}, 400, "invalid-event", "/beds"),
        ({"name": ""}, 400, "invalid-event", "/name"),
        ({"nickname": "x"}, 400, "invalid-event", "/nickname"),
        ({"event_id": "x"}, 400, "invalid-event", "/event_id"),
        ({"name": "联系13812345678"}, 422, "personal-data-in-text", "/name"),
    ],
)
async def test_a_malformed_or_foreign_organization_is_refused(
    made: httpx.AsyncClient, change: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    assert_problem(await made.post(ORGANIZATIONS, json={**BODY, **change}), status, code, pointer)
    for body in ([], "x", {}):
        assert_problem(await made.post(ORGANIZATIONS, json=body), 400, "invalid-event")
    assert await head(made) == 0


async def test_a_ledger_that_is_not_there_has_no_organizations(client: httpx.AsyncClient) -> None:
    url = "/v1/ledgers/nowhere/organizations"
    for answer in (await client.get(url), await client.get(f"{url}/x"), await client.post(url, json=BODY)):
        assert_problem(answer, 404, "unknown-ledger")


async def test_nobody_writes_to_the_stream_of_organizations_as_to_a_persons(made: httpx.AsyncClient) -> None:
    answer = await made.post(f"{LEDGER}/practitioners/_organizations/events", json={"events": []})
    assert_problem(answer, 400, "invalid-parameter")


async def test_an_organization_is_no_person_of_any_figure(made: httpx.AsyncClient) -> None:
    await recorded(made, BODY)
    told = (await made.get(f"{LEDGER}/indicators/I-07", params={"as_of": "2024-06-30"})).json()["figure"]
    assert (told["counted"], told["open"], told["not_counted"]) == (0, 0, 0)


async def test_a_figure_of_organizations_says_how_each_stands_and_who_is_behind_it(made: httpx.AsyncClient) -> None:
    """CD-16: two posts in each urban community, one in each village."""
    await recorded(made, numbered(1, approved_posts=1), numbered(2, organization="v", kind="village", approved_posts=1))
    await append(made, someone.employed("2021-01-01", "510108", organization="taoxilu").promoted("2022-01-01"))
    url = f"{LEDGER}/indicators/I-08"
    answer = await made.get(url, params={"as_of": "2024-06-30"})
    told = as_published("indicator", answer.json())
    assert (told["determination"], told["organizations"]["counts"]) == (None, "approved_posts")
    figure = told["figure"]
    assert (figure["status"], figure["met"], figure["not_met"], figure["posts_held"]) == ("not_met", 1, 1, 1)
    table = await made.get(url, params={"as_of": "2024-06-30"}, headers={"Accept": "text/csv"})
    lines = [list(line.values()) for line in lines_of(table)]
    assert table.text.startswith("\ufefforganization,name,kind,jurisdiction,status,counted,open,of,required")
    assert [line[:6] for line in lines] == [
        ["taoxilu", "桃蹊路社区", "urban_community", "510108", "not_met", "1"],
        ["v", "桃蹊路社区", "village", "510108", "met", "1"],
    ]
    assert lines[0][-1] == "P-1"
    name = f"I-08-510100-2024-06-30-p{await head(made)}.csv"
    assert table.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    before = await made.get(url, params={"as_of": "2024-06-30", "known_at_position": 1})
    assert before.json()["figure"]["organizations"] == 1


async def test_a_figure_asks_the_answer_about_whoever_works_in_an_organization(client: httpx.AsyncClient) -> None:
    """FJ-02: five talents, of whom the ledger knows the holders."""
    await client.put("/v1/ledgers/nation", json={"jurisdiction": "100000", "title": "全国"})
    body = {**BODY, "jurisdiction": "350203"}
    assert (await client.post("/v1/ledgers/nation/organizations", json=body)).status_code == httpx.codes.CREATED
    job = someone.employed("2021-01-01", "350203", organization="taoxilu")
    await append(client, job.certified("2021-10-18"), "/v1/ledgers/nation")
    await append(client, job.of("P-2"), "/v1/ledgers/nation")
    told = as_published("indicator", (await client.get("/v1/ledgers/nation/indicators/I-22")).json())
    assert (told["decided_on"], told["final"], told["lower_bound"]) == ("2025-12-31", True, True)
    figure = told["figure"]
    assert (figure["counted"], figure["ratio"], figure["status"]) == (1, "1.0000", "needs_review")
