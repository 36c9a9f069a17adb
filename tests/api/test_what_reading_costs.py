"""What reads a request takes little of the event loop, however wrong the request is."""

import asyncio
import threading
from collections.abc import Collection
from typing import Any

import httpx
import msgspec
import pytest

from contracts import mistakes
from contracts.mistakes import MOST_LOOKED_UP
from services.ledger.api import bulk, organizations, standards, wire
from services.runtime import slices
from services.runtime.http.strict_route import MAX_BYTES_READ_AT_ONCE
from tests.api.client import EVENTS, LEDGER, assert_problem, event_of
from tests.lives import new_training

BULK = f"{LEDGER}/events"
JSON = {"Content-Type": "application/json"}


def mistyped(number: int, **also: Any) -> dict[str, Any]:
    return {**event_of(new_training()), "type": f"training.complete{number}", **also}


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names for which those were looked up that may be meant."""
    names: list[str] = []
    near = mistakes.near

    def seen(name: str, among: Collection[str]) -> list[str]:
        names.append(name)
        return near(name, among)

    monkeypatch.setattr(mistakes, "near", seen)
    return names


async def test_of_many_wrong_names_the_first_are_told_with_what_may_be_meant(
    made: httpx.AsyncClient, looked_up: list[str]
) -> None:
    """Each look takes a millisecond or two of everybody's time."""
    events = {"events": [mistyped(number) for number in range(50)]}
    details = [error["detail"] for error in (await made.post(EVENTS, json=events)).json()["errors"]]
    assert [", but training.completed is" in detail for detail in details] == [True] * MOST_LOOKED_UP + [False] * 40
    await made.get(f"{BULK}?" + "&".join(f"limits{number}=1" for number in range(50)))
    members = {**event_of(new_training()), **{f"event_ids{number}": 1 for number in range(50)}}
    await made.post(EVENTS, json={"events": [members]})
    assert len(looked_up) == 3 * MOST_LOOKED_UP


async def test_the_names_of_a_whole_bulk_are_looked_up_so_often_at_most(
    made: httpx.AsyncClient, looked_up: list[str]
) -> None:
    items = [mistyped(number, practitioner_id="P-1") for number in range(50)]
    answer = await made.post(BULK, json={"events": items})
    assert len(answer.json()["items"]) == 50
    assert len(looked_up) == MOST_LOOKED_UP


async def test_one_wrong_name_is_looked_up_once(made: httpx.AsyncClient, looked_up: list[str]) -> None:
    answer = await made.post(EVENTS, json={"events": [mistyped(1) for _ in range(50)]})
    assert all("but training.completed is" in error["detail"] for error in answer.json()["errors"])
    assert looked_up == ["training.complete1"]


async def test_what_a_large_body_holds_is_read_beside_the_event_loop(
    made: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only parsed there: its mistakes are looked for, too."""
    readers: dict[str, str] = {}
    for module, name in (
        (bulk, "_item"),
        (wire, "events_of"),
        (organizations, "organization_event"),
        (standards, "standard_event"),
    ):
        read = getattr(module, name)

        def seen(*arguments: Any, name: str = name, read: Any = read) -> Any:
            readers[name] = threading.current_thread().name
            return read(*arguments)

        monkeypatch.setattr(module, name, seen)
    large = {**mistyped(1), "x" * MAX_BYTES_READ_AT_ONCE: 1}
    for path, sent in (
        (BULK, {"events": [large]}),
        (EVENTS, {"events": [large]}),
        (f"{LEDGER}/organizations", large),
        (f"{LEDGER}/local-standards", large),
    ):
        answer = await made.post(path, json=sent)
        assert answer.json().get("code", "invalid-event") == "invalid-event"
    assert {name.partition("_")[0] for name in readers.values()} == {"parsing"}
    assert len(readers) == 4


@pytest.mark.parametrize("query", ["", "?validate_only=true"])
async def test_while_the_mistakes_of_a_bulk_are_worded_others_get_their_turn(
    made: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(slices, "SLICE_S", 0.0)
    problem, turn, turns = bulk._problem, 0, []

    def seen(*arguments: Any) -> dict[str, Any]:
        turns.append(turn)
        return problem(*arguments)

    async def work() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(bulk, "_problem", seen)
    others = asyncio.create_task(work())
    await made.post(f"{BULK}{query}", json={"events": [mistyped(number) for number in range(5)]})
    others.cancel()
    assert len({*turns}) == 5


async def test_the_body_of_a_new_ledger_is_short(client: httpx.AsyncClient) -> None:
    """The framework lists what is wrong with each of its members, on the event loop."""
    body = msgspec.json.encode({f"member_{number}": 1 for number in range(5_000)})
    assert_problem(await client.put(LEDGER, content=body, headers=JSON), 413, "body-too-large")
