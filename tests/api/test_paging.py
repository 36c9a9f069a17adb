"""Every list is paged alike: `limit`, where to go on, and a link to the next page while there is one."""

import re
from typing import Any

import httpx
import pytest

from tests.api.client import EVENTS, LEDGER, NEW_LEDGER, append
from tests.api.test_organizations import numbered
from tests.lives import new_training

STANDARD = {
    "jurisdiction": "510104",
    "determination": "allowance",
    "effective_from": "2024-01-01",
    "tiers": {"junior": "200"},
    "unit": "CNY_per_month",
}
LISTS = [
    ("/v1/ledgers", "ledgers"),
    (f"{LEDGER}/local-standards", "local_standards"),
    (f"{LEDGER}/organizations", "organizations"),
    (f"{LEDGER}/events", "events"),
    (EVENTS, "events"),
]


@pytest.fixture
async def filled(made: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service whose lists have three entries or more."""
    for number in range(3):
        await made.put(f"/v1/ledgers/l-{number}", json=NEW_LEDGER)
        await append(made, new_training())
        standard = await made.post(f"{LEDGER}/local-standards", json={**STANDARD, "standard_id": f"s-{number}"})
        assert standard.status_code == httpx.codes.CREATED, standard.text
        await made.post(f"{LEDGER}/organizations", json=numbered(number, organization=f"o-{number}"))
    return made


def next_of(answer: httpx.Response) -> str | None:
    link = answer.headers.get("Link")
    if link is None:
        return None
    found = re.fullmatch(r'<(/[^>]*)>; rel="next"', link)
    assert found, link
    return found[1]


async def test_following_the_links_gives_what_one_page_gives(filled: httpx.AsyncClient) -> None:
    for path, name in LISTS:
        whole = await filled.get(path)
        assert next_of(whole) is None, path
        assert len(whole.json()[name]) >= 3, path
        at: str | None = f"{path}?limit=1"
        seen = list[Any]()
        while at is not None:
            page = await filled.get(at)
            assert len(page.json()[name]) == 1, (path, at)
            seen.extend(page.json()[name])
            following = next_of(page)
            if following is not None:
                assert f"={page.json()['next_after']}" in following
            at = following
        assert seen == whole.json()[name], path


async def test_the_last_page_says_so_and_what_grows_says_where_to_go_on(filled: httpx.AsyncClient) -> None:
    for path, name in LISTS:
        page = (await filled.get(path)).json()
        grows = name == "events"
        assert page["next_after"] == (page["head"] if grows else None), path


async def test_a_link_keeps_the_other_parameters(filled: httpx.AsyncClient) -> None:
    page = await filled.get(f"{LEDGER}/organizations?limit=2&as_of=2025-01-01")
    following = next_of(page)
    assert following is not None
    assert "as_of=2025-01-01" in following
    assert "limit=2" in following
