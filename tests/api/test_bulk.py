"""Bulk appends: every item is answered in order, as if it were alone, whatever happens to the others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ledger import append as lanes
from services.ledger.api import bulk
from services.ledger.api.bulk import BulkRoute
from services.ledger.domain.career import Append
from services.ledger.store.append import append_behind
from tests.api.client import EVENTS, LEDGER, NEW_LEDGER, append, assert_problem, event_of, head
from tests.lives import Life, http, new_training, someone

BULK = f"{LEDGER}/events"
JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/jsonl"}
MEGABYTE = 1 << 20
NULLS = {"position": None, "version": None, "leaf_hash": None}


def of(practitioner_id: str, life: Life) -> dict[str, Any]:
    """Return the only event of a life as an item."""
    return {"practitioner_id": practitioner_id, **event_of(life)}


def lines_of(items: Sequence[Any]) -> bytes:
    return b"".join((item if isinstance(item, bytes) else msgspec.json.encode(item)) + b"\n" for item in items)


async def send(client: httpx.AsyncClient, *items: Any, query: str = "", to: str = BULK) -> list[Any]:
    """Append the items in one request and return the items of the answer."""
    answer = await client.post(to + query, content=msgspec.json.encode({"events": items}), headers=JSON)
    assert answer.status_code == httpx.codes.MULTI_STATUS, answer.text
    answered: list[Any] = answer.json()["items"]
    assert [item["index"] for item in answered] == list(range(len(items)))
    return answered


async def send_lines(client: httpx.AsyncClient, content: bytes) -> list[Any]:
    answer = await client.post(BULK, content=content, headers=LINES)
    assert answer.status_code == httpx.codes.MULTI_STATUS, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def statuses(items: Sequence[Any]) -> list[int]:
    return [item["status"] for item in items]


async def test_events_of_many_people_are_appended_in_the_order_in_which_they_came(made: httpx.AsyncClient) -> None:
    items = await send(made, *(of(f"P-{number % 2}", new_training()) for number in range(5)))
    feed = (await made.get(BULK)).json()["events"]
    assert [(e["practitioner_id"], e["version"]) for e in feed] == [
        ("P-0", 1),
        ("P-1", 1),
        ("P-0", 2),
        ("P-1", 2),
        ("P-0", 3),
    ]
    for item, event in zip(items, feed, strict=True):
        assert item == {
            "index": event["position"] - 1,
            "status": 201,
            **{name: event[name] for name in ("event_id", "position", "version", "leaf_hash")},
            "problem": None,
        }


async def test_the_lines_of_a_feed_are_imported_into_another_ledger(made: httpx.AsyncClient) -> None:
    training = new_training()
    await append(made, training.of("P-2"))
    target = UUID(event_of(training)["event_id"])
    await append(made, someone.of("P-2").corrected(target, amount="3", called=uuid4()))
    await append(made, new_training(source={"document": "a"}))
    lines = (await made.get(BULK, headers={"Accept": "application/jsonl"})).content
    await made.put("/v1/ledgers/other", json=NEW_LEDGER)
    items = (await made.post("/v1/ledgers/other/events", content=lines, headers=LINES)).json()["items"]
    assert [(item["status"], item["position"]) for item in items] == [(201, 1), (201, 2), (201, 3)]
    (before, after) = [(await made.get(f"/v1/ledgers/{name}/events")).json()["events"] for name in ("chengdu", "other")]
    added = ("ledger", "recorded_at", "leaf_hash")
    kept = [[{name: one[name] for name in one if name not in added} for one in events] for events in (before, after)]
    assert kept[0] == kept[1]
    assert statuses(await send_lines(made, lines)) == [200, 200, 200]


async def test_what_of_a_feed_cannot_be_imported_says_why(made: httpx.AsyncClient) -> None:
    old_patch = {**of("P-1", someone.voided(uuid4(), called="e1")), "type": "event.corrected", "schema_version": 99}
    items = await send(made, old_patch, {**of("P-1", new_training()), "practitioner_id": "_rules"})
    assert [item["problem"]["errors"][0]["pointer"] for item in items] == ["/schema_version", "/practitioner_id"]
    assert "routes of their own" in items[1]["problem"]["detail"]


@pytest.mark.parametrize("media", ["application/json", "application/jsonl"])
async def test_a_byte_order_mark_before_the_body_is_left_out(made: httpx.AsyncClient, media: str) -> None:
    """As Windows' editors write it."""
    item = of("P-1", new_training())
    body = lines_of([item]) if media == LINES["Content-Type"] else msgspec.json.encode({"events": [item]})
    answer = await made.post(BULK, content=b"\xef\xbb\xbf" + body, headers={"Content-Type": media})
    assert statuses(answer.json()["items"]) == [201], answer.text


async def test_a_refused_item_does_not_stop_the_later_ones(made: httpx.AsyncClient) -> None:
    first, voided = new_training(), someone.voided(uuid4(), called="void")
    refused = {
        400: of("P-1", new_training(amount="much")),
        409: of("P-2", first),
        422: of("P-1", someone.voided("void", called="void of a void")),
    }
    items = await send(made, of("P-1", first), of("P-1", voided), *refused.values(), of("P-1", new_training()))
    assert statuses(items) == [201, 201, *refused, 201]
    assert [item["version"] for item in items] == [1, 2, None, None, None, 3]
    codes = {item["status"]: item["problem"]["code"] for item in items if item["problem"]}
    assert codes == {400: "invalid-event", 409: "event-id-taken", 422: "void-of-a-void"}
    pointers = {item["status"]: item["problem"]["errors"][0]["pointer"] for item in items if item["problem"]}
    assert pointers == {400: "/data/amount", 409: "/event_id", 422: "/data/target"}
    assert all(item["event_id"] for item in items)


async def test_what_was_recorded_before_has_its_first_receipt(made: httpx.AsyncClient) -> None:
    first = someone.trained(called="first")
    receipt = (await append(made, first))["events"][0]
    sourced = someone.trained(called="first", source={"system": "x"})
    again, fresh, twice, other = await send(
        made, of("P-1", first), of("P-2", new_training()), of("P-1", first), of("P-1", sourced)
    )
    assert statuses([again, fresh, twice, other]) == [200, 201, 200, 409]
    for item in (again, twice):
        assert {name: item[name] for name in ("position", "version", "leaf_hash")} == {
            name: receipt[name] for name in ("position", "version", "leaf_hash")
        }
    assert await head(made) == 2


async def test_an_item_sees_those_before_it_over_many_groups(
    made: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MAX_GROUP_EVENTS", 2)
    items = [
        of("P-1", someone.trained(called="first")),
        of("P-2", new_training()),
        of("P-1", new_training()),
        of("P-1", someone.voided("first", called="void")),
        of("P-2", someone.voided("first", called="by another")),
        of("P-1", someone.corrected("first", amount="0", called="correction")),
        of("P-9", new_training()),
    ]
    assert statuses(await send(made, *items)) == [201, 201, 201, 201, 422, 422, 201]
    assert statuses(await send(made, *items)) == [200, 200, 200, 200, 422, 422, 200]


async def test_validate_only_says_the_same_and_writes_nothing(made: httpx.AsyncClient) -> None:
    first = someone.trained(called="first")
    await append(made, new_training())
    items = [
        *(of("P-1", first), of("P-1", first), of("P-2", first)),
        of("P-2", someone.voided("first", called="by another")),
        {"practitioner_id": "P-1"},
        of("P-1", someone.voided("first", called="void")),
    ]
    foreseen = await send(made, *items, query="?validate_only=true")
    assert await head(made) == 1
    assert all({name: item[name] for name in NULLS} == NULLS for item in foreseen)
    found = await send(made, *items, query="?validate_only=false")
    assert statuses(foreseen) == statuses(found) == [201, 200, 409, 422, 400, 201]
    assert [item["problem"] for item in foreseen] == [item["problem"] for item in found]


async def test_json_lines_are_read_line_by_line(made: httpx.AsyncClient) -> None:
    good = [of("P-1", new_training()) for _ in range(3)]
    body = b"\n".join([msgspec.json.encode(good[0]), b"{", b"", msgspec.json.encode(good[1]) + b"\r", b"\xff", b"1"])
    items = await send_lines(made, body + b"\n" + msgspec.json.encode(good[2]))
    assert statuses(items) == [201, 400, 400, 201, 400, 400, 201]
    codes = [item["problem"] and item["problem"]["code"] for item in items]
    broken = "malformed-json"
    assert codes == [None, broken, broken, None, broken, "invalid-event", None]
    assert [item["event_id"] for item in items[1:3]] == [None, None]


async def test_a_trailing_newline_is_no_item(made: httpx.AsyncClient) -> None:
    item = of("P-1", new_training())
    assert statuses(await send_lines(made, lines_of([item]))) == [201]
    assert statuses(await send_lines(made, lines_of([item]) + b"\n")) == [200, 400]
    answer = await made.post(BULK, content=lines_of([item]), headers={"Content-Type": "application/x-ndjson"})
    assert statuses(answer.json()["items"]) == [200]


BAD_ITEMS: dict[str, tuple[Any, int, str, str | None]] = {
    "null": (None, 400, "invalid-event", ""),
    "a list": ([], 400, "invalid-event", ""),
    "nothing": ({}, 400, "invalid-event", "/practitioner_id"),
    "no practitioner": (event_of(someone.trained()), 400, "invalid-event", "/practitioner_id"),
    "the ledger's own stream": (of("_rules", new_training()), 400, "invalid-event", "/practitioner_id"),
    "NUL in the id": (of("P\0", new_training()), 400, "invalid-event", "/practitioner_id"),
    "a line feed behind the id": (of("P-1\n", new_training()), 400, "invalid-event", "/practitioner_id"),
    "a number as id": ({**event_of(someone.trained()), "practitioner_id": 1}, 400, "invalid-event", "/practitioner_id"),
    "an id of 65": (of("P" * 65, new_training()), 400, "invalid-event", "/practitioner_id"),
    "another member": ({**of("P-1", someone.trained()), "nickname": 1}, 400, "invalid-event", "/nickname"),
    "a rule event": ({**of("P-1", someone.trained()), "type": "policy.adopted"}, 400, "unknown-type", "/type"),
    "NUL": (of("P-1", new_training(course="a\0b")), 400, "invalid-event", "/data/course"),
    "personal data": (of("P-1", new_training(course="13812345678")), 422, "personal-data-in-text", "/data/course"),
    "private": ({**of("P-1", new_training()), "private": {}}, 422, "private-not-enabled", "/private"),
}


async def test_every_bad_item_is_refused_where_it_is_wrong(made: httpx.AsyncClient) -> None:
    items = await send(made, *(item for item, *_ in BAD_ITEMS.values()))
    for (name, (_, status, code, pointer)), item in zip(BAD_ITEMS.items(), items, strict=True):
        problem = item["problem"]
        found = (item["status"], problem["status"], problem["code"], problem["errors"][0]["pointer"])
        assert found == (status, status, code, pointer), name
    assert await head(made) == 0


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (msgspec.json.encode(of("P-1", new_training(course="XX"))).replace(b"XX", b"\\ud800"), 400, "malformed-json"),
        (
            msgspec.json.encode(of("P-1", new_training())).replace(b'"unit"', b'"unit":"day","unit"'),
            400,
            "malformed-json",
        ),
        (b"[" * 20_000 + b"]" * 20_000, 400, "malformed-json"),
        (b"[" * 20_000, 400, "malformed-json"),
        (b'{"event_id": NaN}', 400, "malformed-json"),
        (b"9" * 5_000, 400, "malformed-json"),
        (b" " * (16 * MEGABYTE - 2_000), 413, "body-too-large"),
    ],
    ids=["lone surrogate", "duplicate key", "deep", "deep and open", "NaN", "5,000 digits", "a line of 16 MiB"],
)
async def test_a_bad_line_is_its_own_item(made: httpx.AsyncClient, line: bytes, status: int, code: str) -> None:
    refused, taken = await send_lines(made, lines_of([line, of("P-1", new_training())]))
    assert (refused["status"], refused["problem"]["code"], refused["event_id"]) == (status, code, None)
    assert taken["status"] == 201


async def test_what_is_wrong_inside_an_item_of_json_is_that_items_affair(made: httpx.AsyncClient) -> None:
    good = msgspec.json.encode(of("P-1", new_training(course="XX")))
    wrong = [good.replace(b'"unit"', b'"unit":"day","unit"'), good.replace(b"XX", b"\xff"), b"9" * 5_000]
    body = b' {\n"events" : [' + b" , ".join([*wrong, good]) + b"] } "
    answer = await made.post(BULK, content=body, headers=JSON)
    items = answer.json()["items"]
    assert statuses(items) == [400, 400, 400, 201]
    assert {item["problem"]["code"] for item in items[:3]} == {"malformed-json"}


async def test_an_event_of_more_than_a_megabyte_is_refused_in_json_too(made: httpx.AsyncClient) -> None:
    large = of("P-1", new_training(course="x" * MEGABYTE))
    refused, taken = await send(made, large, of("P-1", new_training()))
    assert (refused["status"], refused["problem"]["code"], taken["status"]) == (413, "body-too-large", 201)


BAD_BODIES: dict[str, tuple[bytes, dict[str, str], int, str]] = {
    "nothing": (b"", JSON, 400, "malformed-json"),
    "a list": (b"[]", JSON, 400, "invalid-body"),
    "no events": (b'{"events": []}', JSON, 400, "invalid-body"),
    "another member": (b'{"events": [], "a": 1}', JSON, 400, "invalid-body"),
    "10,001 events": (b'{"events": [' + b"1," * 10_000 + b"1]}", JSON, 400, "invalid-body"),
    "deep": (b'{"events": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", JSON, 400, "malformed-json"),
    "two lists": (b'{"events": [1], "events": [2]}', JSON, 400, "malformed-json"),
    "a list that is cut off": (b'{"events": [1, 2', JSON, 400, "malformed-json"),
    "NaN": (b'{"events": [NaN]}', JSON, 400, "malformed-json"),
    "a comma too many": (b'{"events": [1,]}', JSON, 400, "malformed-json"),
    "16 MiB of brackets": (b'{"events": [' + b"[]," * (5 * MEGABYTE) + b"[]]}", JSON, 400, "invalid-body"),
    "2 MiB of no JSON": (b'{"events": [' + b"x" * (2 * MEGABYTE) + b"]}", JSON, 400, "malformed-json"),
    "no lines": (b"", LINES, 400, "invalid-body"),
    "10,001 lines": (b"1\n" * 10_001, LINES, 400, "invalid-body"),
    "16 MiB and a byte": (b" " * (16 * MEGABYTE + 1), LINES, 413, "body-too-large"),
    "gzip": (b"x", {**LINES, "Content-Encoding": "gzip"}, 415, "unsupported-encoding"),
    "text": (b"x", {"Content-Type": "text/plain"}, 415, "unsupported-media-type"),
    "no type": (b"x", {}, 415, "unsupported-media-type"),
    "another charset": (b"x", {"Content-Type": "application/jsonl; charset=gbk"}, 415, "unsupported-media-type"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_bad_body_is_refused_whole(made: httpx.AsyncClient, name: str) -> None:
    content, headers, status, code = BAD_BODIES[name]
    assert_problem(await made.post(BULK, content=content, headers=headers), status, code)
    assert await head(made) == 0


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?validate_only=1", "?validate_only"),
        ("?validate_only=True", "?validate_only"),
        ("?validate_only=", "?validate_only"),
        ("?validate_only=true&validate_only=true", "?validate_only"),
        ("?dry_run=true", "?dry_run"),
    ],
)
async def test_a_bad_parameter_is_refused(made: httpx.AsyncClient, query: str, pointer: str) -> None:
    answer = await made.post(BULK + query, content=lines_of([of("P-1", new_training())]), headers=LINES)
    assert_problem(answer, 400, "invalid-parameter", pointer)
    assert await head(made) == 0


async def test_an_unknown_ledger_is_said_for_the_whole(made: httpx.AsyncClient) -> None:
    for item in (of("P-1", new_training()), {}):
        for query in ("", "?validate_only=true"):
            answer = await made.post("/v1/ledgers/nowhere/events" + query, content=lines_of([item]), headers=LINES)
            assert_problem(answer, 404, "unknown-ledger", "{ledger}")


async def test_a_large_body_has_more_time_but_not_for_ever(
    made: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BulkRoute, "body_timeout_s", 0.01)

    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.get_running_loop().create_future()

    assert_problem(await made.post(BULK, content=never(), headers=LINES), 408, "body-too-slow")


async def test_ten_thousand_events_are_one_request(made: httpx.AsyncClient) -> None:
    items = [of(f"P-{number % 1_000}", new_training()) for number in range(10_000)]
    answered = await send_lines(made, lines_of(items))
    assert [item["position"] for item in answered] == list(range(1, 10_001))
    again = await send_lines(made, lines_of(items))
    assert set(statuses(again)) == {200}
    assert [item["position"] for item in again] == list(range(1, 10_001))


async def test_a_thousand_corrections_of_one_event_are_decided_in_one_go(made: httpx.AsyncClient) -> None:
    """Each looked at the whole stream once, and a batch's time ran out. The thousandth takes away what must stay."""
    life = someone.trained()
    for count in range(1_000):
        life = life.corrected(1, amount=str(count % 90 + 1))
    life = life.corrected(1, amount=None)
    items = await send(made, *({"practitioner_id": life.person, **sent} for sent in http(life)))
    assert statuses(items) == [201] * 1_001 + [422]


async def test_a_database_that_goes_away_midway_leaves_receipts_to_those_who_have_them(
    app: FastAPI, made: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third group is written by a connection that is cut; nobody waits for the groups behind it."""
    monkeypatch.setattr(bulk, "MAX_GROUP_EVENTS", 2)
    write, groups = append_behind, 0

    async def cut(connection: asyncpg.Connection, *arguments: Any) -> bool:
        nonlocal groups
        groups += 1
        if groups == 3:
            await app.state.pool.execute("SELECT pg_terminate_backend($1, 5000)", connection.get_server_pid())
        return await write(connection, *arguments)

    monkeypatch.setattr(lanes, "append_behind", cut)
    items = [of("P-1", new_training()) for _ in range(9)]
    answered = await send(made, *items)
    assert statuses(answered) == [201] * 4 + [503] * 5
    assert {item["problem"]["code"] for item in answered[4:]} == {"database-unavailable"}
    assert groups == 3
    assert await head(made) == 4
    for _ in range(20):  # The lane may still hold the connection that was cut.
        again = await send(made, *items)
        if set(statuses(again)) != {503}:
            break
    assert statuses(again) == [200] * 4 + [201] * 5


async def test_a_bulk_of_refusals_alone_asks_the_lane_nothing(
    app: FastAPI, made: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(ledger: str, commands: Sequence[Append]) -> None:
        raise AssertionError(ledger, commands)

    monkeypatch.setattr(app.state.lanes, "append_group", asked)
    assert statuses(await send(made, 1, 2, {})) == [400, 400, 400]


numbers = st.integers(1, 6)
people = st.sampled_from(["P-1", "P-2"])
amounts = st.sampled_from(["1", "2", "0"])
trainings = st.builds(lambda own, amount: someone.trained(amount=amount, called=own), numbers, amounts)
voids = st.builds(lambda own, target: someone.voided(target, called=own), numbers, numbers)
corrections = st.builds(
    lambda own, target, amount: someone.corrected(target, amount=amount, called=own), numbers, numbers, amounts
)
histories = st.lists(st.builds(of, people, trainings | voids | corrections), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=histories, group=st.integers(1, 4))
async def test_a_bulk_comes_to_the_same_as_its_items_sent_one_by_one(
    client: httpx.AsyncClient, items: list[dict[str, Any]], group: int
) -> None:
    """Valid, invalid and repeated; the same answers and the same events in the end, however they are grouped."""
    together, alone = f"/v1/ledgers/t{uuid4()}", f"/v1/ledgers/a{uuid4()}"
    for ledger in (together, alone):
        await client.put(ledger, json=NEW_LEDGER)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bulk, "MAX_GROUP_EVENTS", group)
        foreseen = await send(client, *items, to=f"{together}/events", query="?validate_only=true")
        answered = await send(client, *items, to=f"{together}/events")
    one_by_one = [await _alone(client, alone, item) for item in items]
    summaries = [(item["status"], item["position"], item["version"], _code(item)) for item in answered]
    assert summaries == one_by_one
    assert [(item["status"], _code(item)) for item in foreseen] == [(one[0], one[3]) for one in one_by_one]
    assert await _events(client, together) == await _events(client, alone)


def _code(item: dict[str, Any]) -> tuple[str, str] | None:
    problem = item["problem"]
    return problem and (problem["code"], problem["errors"][0]["pointer"])


async def _alone(client: httpx.AsyncClient, ledger: str, item: dict[str, Any]) -> Any:
    event = {name: value for name, value in item.items() if name != "practitioner_id"}
    path = EVENTS.replace(LEDGER, ledger).replace("P-1", item["practitioner_id"])
    answer = await client.post(path, json={"events": [event]})
    body = answer.json()
    if answer.is_error:
        pointer = body["errors"][0]["pointer"].removeprefix("/events/0")
        return answer.status_code, None, None, (body["code"], pointer)
    return answer.status_code, body["position"], body["version"], None


async def _events(client: httpx.AsyncClient, ledger: str) -> list[Any]:
    of_the_ledger = ("ledger", "recorded_at", "leaf_hash")
    events = (await client.get(f"{ledger}/events")).json()["events"]
    return [{name: value for name, value in event.items() if name not in of_the_ledger} for event in events]
