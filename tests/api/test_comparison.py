"""The same person under several packs, over HTTP."""

from typing import Any

import httpx
import pytest

from services.core.questions.standing import STANDING
from tests.api.client import append
from tests.lives import CHENGDU_WORKER
from tests.published import as_published

LEDGER = "/v1/ledgers/chengdu"
PERSON = f"{LEDGER}/practitioners/P-1"
COMPARISON = f"{PERSON}/comparison"
FIVE = "371500,532300,510100,410100,350000"


@pytest.fixture
async def told(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service that knows a full-time worker of Chengdu with a certificate and a lapsed registration."""
    await client.put(LEDGER, json={"jurisdiction": "510100", "title": "成都"})
    await append(client, CHENGDU_WORKER)
    return client


async def compare(client: httpx.AsyncClient, jurisdictions: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(COMPARISON, params={"jurisdictions": jurisdictions, **query})
    assert answer.status_code == 200, answer.text
    return as_published("comparison", answer.json())


async def test_one_person_has_five_answers_about_the_allowance(told: httpx.AsyncClient) -> None:
    """Rules.md 1.9: only Liaocheng and Chengdu require registration."""
    answer = await compare(told, FIVE, determination="allowance", as_of="2025-05-10")
    said = {
        one["jurisdiction"]: (one["answer"]["status"], one["answer"]["result"]["missing"]) for one in answer["places"]
    }
    assert said == {
        "371500": ("not_eligible", ["registration"]),
        "532300": ("eligible", []),
        "510100": ("not_eligible", ["registration"]),
        "410100": ("eligible", []),
        "350000": ("eligible", []),
    }
    assert [one["jurisdiction"] for one in answer["places"]] == FIVE.split(",")
    assert answer["places"][3]["name"] == {"zh": "郑州市", "en": "Zhengzhou"}
    assert answer["places"][3]["answer"]["explanation"]["clause"] == "ZZ-23"
    assert "answer_digest" not in answer["places"][3]["answer"]


async def test_every_determination_is_compared_where_none_is_named(told: httpx.AsyncClient) -> None:
    answer = await compare(told, "410100,510100", as_of="2025-05-10")
    assert [list(one["answer"]["determinations"]) for one in answer["places"]] == [list(STANDING), list(STANDING)]


async def test_asked_about_the_own_place_it_is_the_own_answer(told: httpx.AsyncClient) -> None:
    answer = await compare(told, "510107", determination="allowance", as_of="2024-12-31")
    own = (
        await told.get(f"{PERSON}/determinations/allowance", params={"as_of": "2024-12-31", "jurisdiction": "510107"})
    ).json()
    assert answer["places"][0]["answer"].items() <= own.items()


async def test_nothing_recorded_is_changed_by_comparing(told: httpx.AsyncClient) -> None:
    before = (await told.get(f"{PERSON}/determinations/allowance", params={"as_of": "2024-12-31"})).content
    await compare(told, FIVE)
    assert (await told.get(f"{PERSON}/determinations/allowance", params={"as_of": "2024-12-31"})).content == before


@pytest.mark.parametrize(
    "jurisdictions", ["", "4101", "410100,", "410100,410100", ",".join(f"4101{n:02d}" for n in range(11))]
)
async def test_places_that_cannot_be_compared_are_refused(told: httpx.AsyncClient, jurisdictions: str) -> None:
    answer = await told.get(COMPARISON, params={"jurisdictions": jurisdictions})
    assert answer.status_code == 400, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == ["?jurisdictions"]


@pytest.mark.parametrize(("query", "pointer"), [({"period": "2024"}, "?period"), ({"level": "junior"}, "?level")])
async def test_a_standing_takes_neither_period_nor_level(
    told: httpx.AsyncClient, query: dict[str, str], pointer: str
) -> None:
    for determination in ("standing", "allowance"):
        asked = {"jurisdictions": "410100", "determination": determination, **query}
        answer = await told.get(COMPARISON, params=asked)
        assert answer.status_code == 400, answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
