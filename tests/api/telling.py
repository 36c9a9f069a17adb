"""Short ways to tell the API a history."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

LEDGER = "/v1/ledgers/chengdu"
EVENTS = f"{LEDGER}/practitioners/P-1/events"
NEW_LEDGER = {"jurisdiction": "510100", "title": "成都"}


def training(**members: Any) -> dict[str, Any]:
    """Return a training under a new id, with members of its data changed."""
    data = {"amount": "12.5", "unit": "class_hour", "subjects": ["sw_practice"], **members}
    return {"event_id": str(uuid4()), "type": "training.completed", "occurred_on": "2024-05-06", "data": data}


def void(target: str) -> dict[str, Any]:
    data = {"target": target, "reason": "typed twice"}
    return {"event_id": str(uuid4()), "type": "event.voided", "occurred_on": "2024-05-06", "data": data}


def correction(target: str, **data: Any) -> dict[str, Any]:
    data = {"target": target, "set": {"data": data}, "reason": "typed wrongly"}
    return {"event_id": str(uuid4()), "type": "event.corrected", "occurred_on": "2024-05-06", "data": data}


async def append(client: httpx.AsyncClient, *events: Mapping[str, Any], to: str = EVENTS, **headers: str) -> Any:
    """Append and return the answer's body; it must be 201."""
    answer = await client.post(to, json={"events": list(events)}, headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return answer.json()


async def head(client: httpx.AsyncClient) -> int:
    """Return how many events the ledger holds."""
    position: int = (await client.get(LEDGER)).json()["head"]
    return position


def assert_problem(answer: httpx.Response, status: int, code: str, pointer: str | None = None) -> None:
    """The answer is a problem document of this code that points to the place."""
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
