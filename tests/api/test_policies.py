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
    [city] = shown["packs"][0]["editions"]
    assert (city["first_day"], city["last_day"]) == ("2022-03-01", "2027-02-28")
    assert city["indicators"]["I-07"]["target"] == 35_000
    grade = city["determinations"]["grade"]
    assert grade["ladder"]["bands"]["junior"] == [11, 12]
    assert grade["ladder"]["elsewhere"] == {"R-18": "for_reference", "ignore": "not_judged"}
    assert "相应" in grade["told"]["rule"]["interpretation"]["zh"]


@pytest.mark.parametrize(
    ("on", "in_force"), [("2022-02-28", False), ("2022-03-01", True), ("2027-02-28", True), ("2027-03-01", False)]
)
async def test_outside_its_days_a_text_is_not_shown_and_the_nation_has_others(
    client: httpx.AsyncClient, on: str, *, in_force: bool
) -> None:
    city, nation = (await read(client, "/510100", on=on))["packs"]
    assert bool(city["editions"]) == in_force
    assert nation["editions"]


@pytest.mark.parametrize(("on", "texts"), [("2006-08-31", 0), ("2006-09-01", 1), ("2009-04-08", 2), ("2018-03-06", 4)])
async def test_the_texts_of_the_nation_stand_side_by_side_each_with_its_terms(
    client: httpx.AsyncClient, on: str, texts: int
) -> None:
    """N-27."""
    [nation] = (await read(client, "/110105", on=on))["packs"]
    first_days = [edition["first_day"] for edition in nation["editions"]]
    assert (len(first_days), first_days) == (texts, sorted(first_days, reverse=True))
    terms = {name: term for edition in nation["editions"] for name, term in edition["terms"].items()}
    assert ("registration" in terms) == (texts > 1)
    assert not texts or terms["exam"] == {"clause": "N-04", "pass_mark": "60"}


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
