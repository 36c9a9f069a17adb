"""Local standards over HTTP: ended on a day, voided if entered by mistake, each recorded once."""

import asyncio
from typing import Any

import httpx
import pytest

from services.ledger.api import wire
from tests.api.client import LEDGER, append, assert_problem, head
from tests.lives import worker

STANDARD = {
    "standard_id": "jinjiang-2024",
    "jurisdiction": "510104",
    "determination": "allowance",
    "effective_from": "2024-01-01",
    "tiers": {"junior": "200"},
    "unit": "CNY_per_month",
}
STANDARDS = f"{LEDGER}/local-standards"
ONE = f"{STANDARDS}/jinjiang-2024"
WORKER = (
    worker("510104")
    .certified("2021-10-17")
    .registered("2022-04-01", "2025-03-31")
    .served("2024-06-10", platform="成都社工管理服务平台")
    .assessed("2024-01-01", "2025-12-31", on="2024-06-01")
)
ASK = f"{LEDGER}/practitioners/P-1/determinations/allowance"


async def registered(client: httpx.AsyncClient, **change: Any) -> None:
    answer = await client.post(STANDARDS, json={**STANDARD, **change})
    assert answer.status_code == httpx.codes.CREATED, answer.text


async def listed(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = (await client.get(STANDARDS)).json()
    wire.StandardPage.model_validate(answer)
    standards: list[dict[str, Any]] = answer["local_standards"]
    return standards


async def amount(client: httpx.AsyncClient, as_of: str, **query: Any) -> str | None:
    answer = await client.get(ASK, params={"as_of": as_of, **query})
    assert answer.status_code == httpx.codes.OK, answer.text
    given: str | None = answer.json()["result"]["amount"]
    return given


async def test_a_standard_ends_once_and_the_list_says_when(made: httpx.AsyncClient) -> None:
    await registered(made)
    first = await made.post(f"{ONE}/end", json={"last_day": "2024-12-31"})
    assert first.status_code == httpx.codes.CREATED, first.text
    wire.StandardEnd.model_validate(first.json())
    assert (first.json()["position"], first.json()["last_day"]) == (2, "2024-12-31")
    again = await made.post(f"{ONE}/end", json={"last_day": "2024-12-31"})
    assert (again.status_code, again.json()) == (httpx.codes.OK, first.json())
    other = await made.post(f"{ONE}/end", json={"last_day": "2025-12-31"})
    assert_problem(other, 409, "local-standard-ends-otherwise", "/last_day")
    [standard] = await listed(made)
    assert (standard["last_day"], standard["voided"], standard["position"]) == ("2024-12-31", False, 1)
    assert await head(made) == 2


async def test_the_same_standard_sent_again_is_answered_as_it_stands(made: httpx.AsyncClient) -> None:
    await registered(made)
    await made.post(f"{ONE}/end", json={"last_day": "2024-12-31"})
    again = await made.post(STANDARDS, json=STANDARD)
    assert (again.status_code, again.json()) == (httpx.codes.OK, (await listed(made))[0])


async def test_of_many_ends_sent_at_once_one_is_recorded(made: httpx.AsyncClient) -> None:
    await registered(made)
    days = [f"2024-{month:02d}-28" for month in range(1, 9)] * 2
    answers = await asyncio.gather(*(made.post(f"{ONE}/end", json={"last_day": day}) for day in days))
    [standard] = await listed(made)
    for day, answer in zip(days, answers, strict=True):
        assert answer.is_success == (day == standard["last_day"]), answer.text
    assert sorted(answer.status_code for answer in answers) == [200, 201, *[409] * 14]
    assert await head(made) == 2


async def test_an_end_and_a_void_decide_answers_from_their_position_on(made: httpx.AsyncClient) -> None:
    await append(made, WORKER)
    await registered(made)
    before = await head(made)
    await made.post(f"{ONE}/end", json={"last_day": "2024-12-31"})
    assert [await amount(made, day) for day in ("2024-12-31", "2025-01-01")] == ["200", None]
    assert await amount(made, "2025-01-01", known_at_position=before) == "200"
    void = await made.post(f"{ONE}/void", json={"reason": "登记有误"})
    assert void.status_code == httpx.codes.CREATED
    wire.StandardVoid.model_validate(void.json())
    assert await amount(made, "2024-12-31") is None
    assert await amount(made, "2024-12-31", known_at_position=void.json()["position"] - 1) == "200"


async def test_a_void_is_final_and_recorded_once(made: httpx.AsyncClient) -> None:
    await registered(made)
    first = await made.post(f"{ONE}/void", json={"reason": "登记有误"})
    again = await made.post(f"{ONE}/void", json={"reason": "登记有误"})
    assert (again.status_code, again.json()) == (httpx.codes.OK, first.json())
    assert_problem(await made.post(f"{ONE}/void", json={"reason": "x"}), 409, "local-standard-voided", "/reason")
    assert_problem(await made.post(f"{ONE}/end", json={"last_day": "2024-12-31"}), 409, "local-standard-voided")
    assert [standard["voided"] for standard in await listed(made)] == [True]
    assert await head(made) == 2
    one = (await made.get(f"{LEDGER}/events/{first.json()['target']}")).json()
    assert one["voided_by"] == [first.json()["event_id"]]


async def test_an_end_entered_by_mistake_is_voided_and_made_again(made: httpx.AsyncClient) -> None:
    await registered(made)
    await made.post(f"{ONE}/end", json={"last_day": "2024-06-30"})
    void = await made.post(f"{ONE}/end/void", json={"reason": "日期有误"})
    assert void.status_code == httpx.codes.CREATED, void.text
    assert (await listed(made))[0]["last_day"] is None
    right = await made.post(f"{ONE}/end", json={"last_day": "2024-12-31"})
    assert (right.status_code, (await listed(made))[0]["last_day"]) == (httpx.codes.CREATED, "2024-12-31")


async def test_a_measure_of_a_unit_says_whose_it_is(made: httpx.AsyncClient) -> None:
    await registered(made, organization="O-1")
    assert [standard["organization"] for standard in await listed(made)] == ["O-1"]


@pytest.mark.parametrize("path", ["end", "void", "end/void"])
async def test_what_is_not_registered_is_neither_ended_nor_voided(made: httpx.AsyncClient, path: str) -> None:
    body = {"last_day": "2024-12-31"} if path == "end" else {"reason": "x"}
    assert_problem(await made.post(f"{ONE}/{path}", json=body), 404, "unknown-local-standard")
    elsewhere = await made.post(f"/v1/ledgers/nowhere/local-standards/x/{path}", json=body)
    assert_problem(elsewhere, 404, "unknown-ledger")


async def test_an_end_that_was_never_made_is_not_voided(made: httpx.AsyncClient) -> None:
    await registered(made)
    assert_problem(await made.post(f"{ONE}/end/void", json={"reason": "x"}), 404, "unknown-local-standard")


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "pointer"),
    [
        ("end", {"last_day": "2023-12-31"}, 422, "end-before-beginning", "/last_day"),
        ("end", {"last_day": "2024-02-30"}, 400, "invalid-event", "/last_day"),
        ("end", {"last_day": 20241231}, 400, "invalid-event", "/last_day"),
        ("end", {}, 400, "invalid-event", None),
        ("end", [], 400, "invalid-event", None),
        ("end", {"last_day": "2024-12-31", "reason": "x"}, 400, "invalid-event", "/reason"),
        ("end", {"last_day": "2024-12-31", "standard_id": "other"}, 400, "invalid-event", "/standard_id"),
        ("void", {"reason": ""}, 400, "invalid-event", "/reason"),
        ("void", {"reason": "联系13812345678"}, 422, "personal-data-in-text", "/reason"),
        ("void", {"reason": "x", "target": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10"}, 400, "invalid-event", "/target"),
        ("void", "x", 400, "invalid-event", None),
    ],
)
async def test_a_malformed_end_or_void_is_refused(
    made: httpx.AsyncClient, path: str, body: Any, status: int, code: str, pointer: str | None
) -> None:
    await registered(made)
    assert_problem(await made.post(f"{ONE}/{path}", json=body), status, code, pointer)
    assert await head(made) == 1


async def test_a_standard_ends_on_its_first_day_at_the_earliest(made: httpx.AsyncClient) -> None:
    await registered(made)
    answer = await made.post(f"{ONE}/end", json={"last_day": "2024-01-01"})
    assert answer.status_code == httpx.codes.CREATED
