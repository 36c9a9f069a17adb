"""What is refused leaves nothing behind, and costs no more than reading it."""

import asyncio
import gc
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest

from contracts.events.codec import InvalidEvent
from contracts.strict_json import MalformedJson
from services.ledger.api.bulk import MAX_BULK_BYTES, items_of_json
from services.ledger.api.wire import MAX_EVENTS_IN_A_BULK, InvalidBody
from services.runtime.refusals import Refusal
from tests.api.client import LEDGER
from tests.api.test_bulk import lines_of, of, send_lines
from tests.lives import http, new_training

STREAM = f"{LEDGER}/practitioners/P-1/events"


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Let nothing go that is held in a circle."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def left_behind() -> list[BaseException]:
    return [each for each in gc.get_objects() if isinstance(each, Refusal | InvalidEvent | MalformedJson)]


def new(before: list[BaseException]) -> list[BaseException]:
    ids = {id(each) for each in before}
    return [each for each in left_behind() if id(each) not in ids]


async def refused_alone(client: httpx.AsyncClient) -> None:
    answer = await client.post(STREAM, json={"events": http(new_training())}, headers={"If-Match": '"v7"'})
    assert answer.status_code == httpx.codes.PRECONDITION_FAILED, answer.text


async def refused_for_its_shape(client: httpx.AsyncClient) -> None:
    answer = await client.post(STREAM, json={"events": [{"type": "training.completed"}]})
    assert answer.status_code == httpx.codes.BAD_REQUEST, answer.text


async def refused_in_a_bulk(client: httpx.AsyncClient) -> None:
    known, event = new_training(), {"type": "training.completed", "event_id": "1"}
    items = [event, b"{", {"practitioner_id": "P-1", **event}, of("P-1", known), of("P-2", known), 7] * 100
    assert {item["status"] for item in await send_lines(client, lines_of(items))} >= {400, 409}


async def refused_as_unknown(client: httpx.AsyncClient) -> None:
    for path in ("practitioners/P-9/standing", "practitioners/P-9/timeline?determination=allowance", "indicators/no"):
        assert (await client.get(f"{LEDGER}/{path}")).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(
    "refused", [refused_alone, refused_for_its_shape, refused_in_a_bulk, refused_as_unknown], ids=lambda f: f.__name__
)
async def test_what_was_refused_is_gone_once_it_is_answered(
    made: httpx.AsyncClient, uncollected: None, refused: Callable[[httpx.AsyncClient], Awaitable[None]]
) -> None:
    await refused(made)  # Once, for what is kept for good.
    before = left_behind()
    await refused(made)
    await asyncio.sleep(0)
    assert new(before) == []


def test_a_list_of_too_many_is_refused_without_making_them() -> None:
    body = b'{"events": [' + b"1," * (MAX_BULK_BYTES // 2 - 10) + b"1]}"
    tracemalloc.start()
    with pytest.raises(InvalidBody):
        items_of_json(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MAX_BULK_BYTES


def test_a_list_of_the_most_is_split_into_its_items() -> None:
    numbers = [b"%d" % number for number in range(MAX_EVENTS_IN_A_BULK)]
    assert items_of_json(b'{"events": [' + b",".join(numbers) + b"]}") == numbers
