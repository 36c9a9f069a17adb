"""The packs of this release over HTTP."""

from typing import Any

import httpx
import pytest

from contracts.policies.shipped import shipped
from tests.published import as_published


async def read(client: httpx.AsyncClient, path: str = "", **query: str) -> dict[str, Any]:
    name = {"": "policies", "/watch": "policy_watch"}.get(path, "policy")
    answer = await client.get(f"/v1/policies{path}", params=query)
    assert answer.status_code == 200, answer.text
    return as_published(name, answer.json())


async def test_every_pack_is_listed_with_its_digest_and_editions(client: httpx.AsyncClient) -> None:
    listed = (await read(client))["policies"]
    assert {one["jurisdiction"]: one["digest"] for one in listed} == {
        place: pack.digest for place, pack in shipped().items()
    }
    assert all(edition["determinations"] for one in listed for edition in one["editions"])


async def test_a_district_is_answered_by_its_city_and_the_nation_with_every_parameter(
    client: httpx.AsyncClient,
) -> None:
    """CD-18, CD-35."""
    shown = await read(client, "/510107", on="2025-05-10")
    assert [one["jurisdiction"] for one in shown["packs"]] == ["510100", "100000"]
    city = shown["packs"][0]["edition"]
    assert (city["first_day"], city["last_day"]) == ("2022-03-01", "2027-02-28")
    assert city["indicators"]["I-07"]["target"] == 35_000
    assert city["determinations"]["grade"]["ladder"]["bands"][0] == {"band": "junior", "post_levels": [11, 12]}


@pytest.mark.parametrize(
    ("on", "in_force"), [("2022-02-28", False), ("2022-03-01", True), ("2027-02-28", True), ("2027-03-01", False)]
)
async def test_outside_its_days_a_text_has_no_edition_and_the_nation_always_has(
    client: httpx.AsyncClient, on: str, *, in_force: bool
) -> None:
    city, nation = (await read(client, "/510100", on=on))["packs"]
    assert (city["edition"] is not None) == in_force
    assert nation["edition"] is not None


async def test_a_place_without_a_text_has_the_nations_rules(client: httpx.AsyncClient) -> None:
    shown = await read(client, "/110105")
    assert [one["jurisdiction"] for one in shown["packs"]] == ["100000"]


async def test_what_runs_out_is_told_before_and_after(client: httpx.AsyncClient) -> None:
    """CD-35: 2027-02-28. CX-08: the plan period ends on 2025-12-31."""
    ahead = await read(client, "/watch", on="2025-12-31")
    assert [(one["jurisdiction"], one["determination"], one["last_day"]) for one in ahead["ending"]] == [
        ("532300", "continuing_education.plan_period", "2025-12-31"),
        ("510100", None, "2027-02-28"),
    ]
    assert ahead["ended"] == []
    later = await read(client, "/watch", on="2026-01-01")
    assert [one["clause"] for one in later["ended"]] == ["CX-08"]
    assert {one["jurisdiction"] for one in later["verified"]} == shipped().keys()


@pytest.mark.parametrize(("path", "pointer"), [("/5101", "{jurisdiction}"), ("/510100?on=tomorrow", "?on")])
async def test_a_question_that_makes_no_sense_is_refused(client: httpx.AsyncClient, path: str, pointer: str) -> None:
    answer = await client.get(f"/v1/policies{path}")
    assert answer.status_code == 400, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
