"""What a client of the tests sends, and what it checks in the answers."""

from typing import Any

import httpx

from tests.lives import Life, http

LEDGER = "/v1/ledgers/chengdu"
EVENTS = f"{LEDGER}/practitioners/P-1/events"
NEW_LEDGER = {"jurisdiction": "510100", "title": "成都"}


def event_of(life: Life) -> dict[str, Any]:
    """Return the only event of a life as it is sent."""
    (sent,) = http(life)
    return sent


async def append(client: httpx.AsyncClient, life: Life, ledger: str = LEDGER, **headers: str) -> Any:
    """Append a life to its person's stream and return the answer's body; it must be 201."""
    to = f"{ledger}/practitioners/{life.person}/events"
    answer = await client.post(to, json={"events": http(life)}, headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return answer.json()


async def head(client: httpx.AsyncClient) -> int:
    """Return how many events the ledger holds."""
    position: int = (await client.get(LEDGER)).json()["head"]
    return position


def assert_problem(answer: httpx.Response, status: int, code: str, pointer: str | None = None) -> None:
    """Assert that the answer is a problem document of this code with this pointer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code, problem
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if pointer is not None:
        assert [error["pointer"] for error in problem["errors"]] == [pointer], problem
