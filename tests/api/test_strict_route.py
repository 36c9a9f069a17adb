"""Whatever a client sends, the answer is a problem document that says where the fault is, never a 500, and nothing is
written."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.events.catalogue import PRACTITIONER_TYPES
from contracts.events.examples import EXAMPLES, example_event
from services.runtime.clock import system_clock
from services.runtime.http.strict_route import StrictRoute
from services.runtime.known_at import SETTLING
from services.runtime.settings import Settings
from services.server.app import create_app
from tests.api.client import EVENTS, LEDGER, NEW_LEDGER, append, assert_problem, event_of, head
from tests.lives import Life, http, new_training, someone

JSON = {"Content-Type": "application/json"}
MEGABYTE = 1 << 20
SOMEBODY_ELSES = UUID("11111111-1111-4111-8111-111111111111")
TRAINING = event_of(someone.trained())


def body_of(*events: Any) -> bytes:
    return msgspec.json.encode({"events": list(events)})


def body(life: Life) -> bytes:
    return body_of(*http(life))


def session(amount: str) -> list[dict[str, str]]:
    return [{"day": "2024-05-06", "amount": amount}]


BAD_BODIES: dict[str, tuple[bytes, int, str, str | None]] = {
    "nothing": (b"", 400, "malformed-json", None),
    "no JSON": (b"events", 400, "malformed-json", None),
    "NaN": (b'{"events": NaN}', 400, "malformed-json", None),
    "duplicate keys": (body(someone.trained()).replace(b'"unit"', b'"unit":"day","unit"'), 400, "malformed-json", None),
    "lone surrogate": (body(someone.trained(course="XX")).replace(b"XX", b"\\ud800"), 400, "malformed-json", None),
    "bytes that are no UTF-8": (
        body(someone.trained(course="XX")).replace(b"XX", b"\xff\xfe"),
        400,
        "malformed-json",
        None,
    ),
    "depth 20,000": (b'{"events":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400, "malformed-json", None),
    "depth 20,000, cut off": (b"[" * 20_000, 400, "malformed-json", None),
    "an integer of 5,000 digits": (b'{"events": ' + b"9" * 5_000 + b"}", 400, "malformed-json", None),
    "a list": (b"[]", 400, "invalid-body", "/events"),
    "null": (b"null", 400, "invalid-body", "/events"),
    "no events": (b"{}", 400, "invalid-body", "/events"),
    "events that are no list": (b'{"events": {}}', 400, "invalid-body", "/events"),
    "an empty list of events": (b'{"events": []}', 400, "invalid-body", "/events"),
    "101 events": (body(someone.trained() * 101), 400, "invalid-body", "/events"),
    "another member beside events": (
        msgspec.json.encode({"events": [TRAINING], "a/b": 1}),
        400,
        "invalid-body",
        "/a~1b",
    ),
    "unknown type": (body_of({**TRAINING, "type": "training.liked"}), 400, "unknown-type", "/events/0/type"),
    "a rule event": (body_of({**TRAINING, "type": "policy.adopted"}), 400, "unknown-type", "/events/0/type"),
    "a reserved type": (body_of({**TRAINING, "type": "subject.erased"}), 400, "unknown-type", "/events/0/type"),
    "unknown member": (body(someone.trained(nickname="x")), 400, "invalid-event", "/events/0/data/nickname"),
    "unknown member of the envelope": (
        body_of({**TRAINING, "position": 1}),
        400,
        "invalid-event",
        "/events/0/position",
    ),
    "a number for a decimal string": (
        body(someone.trained(amount=12.5)),
        400,
        "invalid-event",
        "/events/0/data/amount",
    ),
    "three decimals": (body(someone.trained(amount="1.125")), 400, "invalid-event", "/events/0/data/amount"),
    "an exponent": (body(someone.trained(amount="1e3")), 400, "invalid-event", "/events/0/data/amount"),
    "full-width digits": (body(someone.trained(amount="１２")), 400, "invalid-event", "/events/0/data/amount"),
    "sessions that do not add up": (
        body(someone.trained().trained(sessions=session("12"))),
        400,
        "invalid-event",
        "/events/1/data/sessions",
    ),
    "end before start": (
        body(someone.registered("2024-05-06", "2024-05-05")),
        400,
        "invalid-event",
        "/events/0/data/valid_until",
    ),
    "30 February": (
        body(someone.trained("2024-02-30")),
        400,
        "invalid-event",
        "/events/0/occurred_on",
    ),
    "NUL": (body(someone.trained(course="a\0b")), 400, "invalid-event", "/events/0/data/course"),
    "an id that is no UUID": (body_of({**TRAINING, "event_id": "e1"}), 400, "invalid-event", "/events/0/event_id"),
    "an id number in a text": (
        body(someone.trained(course="身份证11010519491231002X号")),
        422,
        "personal-data-in-text",
        "/events/0/data/course",
    ),
    "a mobile number in the source": (
        body(someone.trained(source={"document": "13812345678"})),
        422,
        "personal-data-in-text",
        "/events/0/source/document",
    ),
    "private": (body_of({**TRAINING, "private": {"name": "王芳"}}), 422, "private-not-enabled", "/events/0/private"),
    "one id twice": (
        body(someone.trained(called=SOMEBODY_ELSES) * 2),
        400,
        "duplicate-event-id",
        "/events/1/event_id",
    ),
    "another practitioner's target": (
        body(someone.trained().voided(SOMEBODY_ELSES)),
        422,
        "target-of-another-practitioner",
        "/events/1/data/target",
    ),
    "a leaf of more than 65,535 bytes": (
        body(
            someone.corrected(
                SOMEBODY_ELSES,
                **{f"member_{first}{second}": "字" * 500 for first in "abcdefgh" for second in "abcdefgh"},
            )
        ),
        422,
        "event-too-large",
        "/events/0",
    ),
    "more than a megabyte": (b" " * (MEGABYTE + 1), 413, "body-too-large", None),
    "64 megabytes": (b"[" * (64 * MEGABYTE), 413, "body-too-large", None),
}


@pytest.fixture
async def told(made: httpx.AsyncClient) -> httpx.AsyncClient:
    """A ledger that holds one event, of another practitioner than the one that is written to."""
    await append(made, someone.of("P-2").trained(called=SOMEBODY_ELSES))
    return made


async def test_every_bad_body_is_refused_where_it_is_wrong_and_nothing_is_written(told: httpx.AsyncClient) -> None:
    for name, (body, status, code, pointer) in BAD_BODIES.items():
        answer = await told.post(EVENTS, content=body, headers=JSON)
        try:
            if name == "another practitioner's target":  # That it belongs to another is looked at before its size.
                assert_problem(answer, status, code, pointer)
            elif code == "event-too-large":
                assert answer.json()["code"] in (code, "target-of-another-practitioner")
            else:
                assert_problem(answer, status, code, pointer)
        except AssertionError as error:
            raise AssertionError(name) from error
    assert await head(told) == 1


async def test_every_types_example_is_accepted(made: httpx.AsyncClient) -> None:
    await append(made, someone.enrolled().of(EXAMPLES["practitioner.linked"][1]["same_as"]))
    for type_ in PRACTITIONER_TYPES:
        if type_ not in ("event.corrected", "event.voided"):
            await append(made, someone.then(type_, called=uuid4()))


async def test_a_chunked_body_is_not_read_beyond_a_megabyte(made: httpx.AsyncClient) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b" " * MEGABYTE

    assert_problem(await made.post(EVENTS, content=chunks(), headers=JSON), 413, "body-too-large")
    assert sent <= 3


async def test_a_body_that_never_ends_is_given_up(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StrictRoute, "body_timeout_s", 0.01)
    begun = False

    async def receive() -> dict[str, Any]:
        nonlocal begun
        if not begun:
            begun = True
            return {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.get_running_loop().create_future()
        raise AssertionError("unreachable")

    status, body = await call(app, "POST", EVENTS, receive)
    assert (status, body["code"]) == (408, "body-too-slow")


async def test_a_client_that_leaves_in_the_middle_of_its_body_does_no_harm(app: FastAPI) -> None:
    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(messages)

    status, body = await call(app, "POST", EVENTS, receive)
    assert (status, body["code"]) == (400, "body-incomplete")


async def call(app: FastAPI, method: str, path: str, receive: Any) -> tuple[int, Any]:
    """Call the application as a server does, with bytes that no HTTP client would send."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path.partition("?")[0],
        "raw_path": path.encode(),
        "query_string": path.partition("?")[2].encode("latin-1"),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    answered: list[Any] = []

    async def send(message: Any) -> None:
        answered.append(message)

    await app(scope, receive, send)
    return answered[0]["status"], msgspec.json.decode(b"".join(part.get("body", b"") for part in answered[1:]))


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "unsupported-media-type"),
        ({"Content-Type": "text/plain"}, "unsupported-media-type"),
        ({"Content-Type": "application/jsonl"}, "unsupported-media-type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "unsupported-media-type"),
        ({"Content-Type": "application/json; charset=utf-16"}, "unsupported-media-type"),
        ({"Content-Type": "application/json; version=1"}, "unsupported-media-type"),
        ({"Content-Type": "application/merge-patch+json"}, "unsupported-media-type"),
        ({**JSON, "Content-Encoding": "gzip"}, "unsupported-encoding"),
        ({**JSON, "Content-Encoding": "identity"}, "unsupported-encoding"),
    ],
)
async def test_anything_but_plain_json_is_refused(made: httpx.AsyncClient, headers: dict[str, str], code: str) -> None:
    assert_problem(await made.post(EVENTS, content=body(someone.trained()), headers=headers), 415, code)
    assert_problem(await made.put(LEDGER, content=b"{}", headers=headers), 415, code)


@pytest.mark.parametrize(
    "media", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
async def test_json_in_utf_8_is_taken(made: httpx.AsyncClient, media: str) -> None:
    answer = await made.post(EVENTS, content=body(someone.trained()), headers={"Content-Type": media})
    assert answer.status_code == httpx.codes.CREATED, answer.text


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "localhost.example.org",
        "127.0.0.1.nip.io",
        "127.0.0.2",
        "[::2]",
        "localhost:80:80",
        "",
        "a@localhost",
    ],
)
async def test_a_foreign_host_is_refused_everywhere(made: httpx.AsyncClient, host: str) -> None:
    for path in ("/v1/ledgers", "/livez", "/docs", "/nowhere"):
        assert_problem(await made.get(path, headers={"Host": host}), 421, "foreign-host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]", "[::1]:65535"])
async def test_this_machines_own_names_are_taken_whatever_the_port(made: httpx.AsyncClient, host: str) -> None:
    assert (await made.get("/v1/ledgers", headers={"Host": host})).status_code == httpx.codes.OK


BAD_REQUESTS = [
    ("GET", "/v1/ledgers/nowhere", 404, "unknown-ledger", None),
    ("GET", "/v1/ledgers/nowhere/events", 404, "unknown-ledger", None),
    ("GET", "/v1/ledgers/nowhere/practitioners/P-1/events", 404, "unknown-ledger", None),
    ("GET", "/v1/ledgers/nowhere/practitioners/P-1/events?known_at=2020-01-01T00:00:00Z", 404, "unknown-ledger", None),
    ("GET", f"/v1/ledgers/nowhere/events/{SOMEBODY_ELSES}", 404, "unknown-ledger", None),
    ("GET", "/v1/ledgers/nowhere/local-standards", 404, "unknown-ledger", None),
    ("GET", EVENTS, 404, "unknown-practitioner", None),
    ("GET", f"{LEDGER}/events/{SOMEBODY_ELSES}", 404, "unknown-event", None),
    ("GET", f"{LEDGER}/events/e1", 400, "invalid-parameter", "{event_id}"),
    ("GET", f"{LEDGER}/events/{SOMEBODY_ELSES.hex}", 400, "invalid-parameter", "{event_id}"),
    ("GET", "/v1/ledgers/Chengdu", 400, "invalid-parameter", "{ledger}"),
    ("GET", f"/v1/ledgers/{'x' * 5_000}", 400, "invalid-parameter", "{ledger}"),
    ("GET", "/v1/ledgers/a%00b", 400, "invalid-parameter", "{ledger}"),
    ("GET", "/v1/ledgers/a%0a", 400, "invalid-parameter", "{ledger}"),
    ("GET", "/v1/ledgers/%ff", 400, "invalid-parameter", "{ledger}"),
    ("GET", "/v1/ledgers/%e6%88%90", 400, "invalid-parameter", "{ledger}"),
    ("GET", f"{LEDGER}/practitioners/-x/events", 400, "invalid-parameter", "{practitioner_id}"),
    ("GET", f"{LEDGER}/practitioners/_other/events", 400, "invalid-parameter", "{practitioner_id}"),
    ("GET", f"{LEDGER}/practitioners/{'x' * 65}/events", 400, "invalid-parameter", "{practitioner_id}"),
    ("GET", f"{LEDGER}/events?wait=1&color=red", 400, "invalid-parameter", "?color"),
    ("GET", f"{LEDGER}/events?ledger=x", 400, "invalid-parameter", "?ledger"),
    ("GET", f"{LEDGER}/events?after=", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=1&after=1", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=-1", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=1.0", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=1_0", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=%2B1", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=%201", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=%EF%BC%91", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=9007199254740992", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after={'9' * 6_000}", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=%ff", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=%zz", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?after=1%00", 400, "invalid-parameter", "?after"),
    ("GET", f"{LEDGER}/events?limit=0", 400, "invalid-parameter", "?limit"),
    ("GET", f"{LEDGER}/events?limit=1001", 400, "invalid-parameter", "?limit"),
    ("GET", f"{LEDGER}/events?%ff=1", 400, "invalid-parameter", None),
    ("GET", f"{LEDGER}/events?{'x' * 5_000}=1", 400, "invalid-parameter", None),
    ("GET", f"{EVENTS}?after_version=2147483648", 400, "invalid-parameter", "?after_version"),
    ("GET", f"{EVENTS}?known_at=yesterday", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=2024-01-01", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=2024-01-01T00:00:00", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=2024-01-01T00:00:00+08:00", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=2024-02-30T00:00:00Z", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=2024-01-01T00:00:60Z", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=0001-01-01T00:00:00%2B08:00", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=9999-12-31T23:59:59-08:00", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=1704067200", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at=2024-01-01T00:00:00Z&known_at_position=1", 400, "invalid-parameter", "?known_at"),
    ("GET", f"{EVENTS}?known_at_position=1", 422, "position-past-head", "?known_at_position"),
    ("GET", f"{EVENTS}?known_at=9999-12-31T23:59:59Z", 422, "known-at-too-recent", "?known_at"),
    ("GET", f"{EVENTS}?known_at=0001-01-01T00:00:00Z", 404, "unknown-practitioner", None),
    ("GET", "/v1/ledgers?after=_", 400, "invalid-parameter", "?after"),
    ("GET", "/v2/ledgers", 404, "not-found", None),
    ("GET", f"{LEDGER}/", 404, "not-found", None),
    ("GET", "/%00", 404, "not-found", None),
    ("GET", "/v1/ledgers/a%2Fevents/x/y", 404, "not-found", None),
    ("DELETE", f"{LEDGER}/events", 405, "method-not-allowed", None),
    ("PATCH", EVENTS, 405, "method-not-allowed", None),
]


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "pointer"),
    BAD_REQUESTS,
    ids=[f"{method} {path[:60]}" for method, path, *_ in BAD_REQUESTS],
)
async def test_a_bad_path_or_parameter_is_refused(
    made: httpx.AsyncClient, method: str, path: str, status: int, code: str, pointer: str | None
) -> None:
    assert_problem(await made.request(method, path), status, code, pointer)


@pytest.mark.parametrize(
    ("headers", "pointer"),
    [
        ({"If-Match": "v1"}, "If-Match"),
        ({"If-Match": '"v1'}, "If-Match"),
        ({"If-Match": 'w/"v1"'}, "If-Match"),
        ({"If-Match": '"v1" "v2"'}, "If-Match"),
        ({"If-Match": '"v1", *'}, "If-Match"),
        ({"If-Match": ""}, "If-Match"),
        ({"If-Match": " , "}, "If-Match"),
        ({"If-None-Match": "v1"}, "If-None-Match"),
        ({"If-None-Match": "**"}, "If-None-Match"),
    ],
)
async def test_a_malformed_condition_is_refused(made: httpx.AsyncClient, headers: dict[str, str], pointer: str) -> None:
    answer = await made.post(EVENTS, json={"events": [TRAINING]}, headers=headers)
    assert_problem(answer, 400, "invalid-parameter", pointer)
    assert await head(made) == 0


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/ledgers/nowhere/practitioners/P-1/events", "unknown-ledger"),
        (f"{LEDGER}/practitioners/_rules/events", "invalid-parameter"),
        (f"{LEDGER}/practitioners/a%00b/events", "invalid-parameter"),
    ],
)
async def test_nothing_is_written_where_nothing_may_be(made: httpx.AsyncClient, path: str, code: str) -> None:
    status = 404 if code == "unknown-ledger" else 400
    assert_problem(await made.post(path, json={"events": [TRAINING]}), status, code)
    assert await head(made) == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"jurisdiction": "510100"},
        {"title": "x"},
        {"jurisdiction": "5101", "title": "x"},
        {"jurisdiction": "510100\n", "title": "x"},
        {"jurisdiction": 510100, "title": "x"},
        {"jurisdiction": "510100", "title": ""},
        {"jurisdiction": "510100", "title": "x" * 501},
        {"jurisdiction": "510100", "title": "a\0b"},
        {"jurisdiction": "510100", "title": "a\u202eb"},
        {"jurisdiction": "510100", "title": ["x"]},
        {"jurisdiction": "510100", "title": "x", "origin": "me"},
        [],
        "x",
        1,
    ],
)
async def test_a_malformed_ledger_is_not_made(client: httpx.AsyncClient, body: object) -> None:
    answer = await client.put("/v1/ledgers/new", content=msgspec.json.encode(body), headers=JSON)
    assert_problem(answer, 400, "invalid-body")
    assert (await client.get("/v1/ledgers")).json()["ledgers"] == []


async def test_a_title_with_personal_data_is_not_taken(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/ledgers/new", json={"jurisdiction": "510100", "title": "王芳 11010519491231002X"})
    assert_problem(answer, 422, "personal-data-in-text", "/title")
    assert (await client.get("/v1/ledgers")).json()["ledgers"] == []


@pytest.mark.parametrize(
    "patch",
    [
        {"employment": "call 13800138000"},
        {"phone": 13800138000},
        {"tel_13800138000": "x"},
        {"a": {"target": "13800138000"}},
    ],
)
async def test_a_correction_of_an_unknown_target_brings_in_no_personal_data(
    client: httpx.AsyncClient, patch: dict[str, object]
) -> None:
    await client.put("/v1/ledgers/new", json={"jurisdiction": "510100", "title": "x"})
    correction = {"target": str(uuid4()), "set": {"data": patch}, "reason": "x"}
    event = {"event_id": str(uuid4()), "type": "event.corrected", "occurred_on": "2024-01-01", "data": correction}
    answer = await client.post("/v1/ledgers/new/practitioners/P-1/events", json={"events": [event]})
    assert answer.status_code in (400, 422), answer.text
    assert (await client.get("/v1/ledgers/new")).json()["head"] == 0


async def test_a_header_that_decides_is_given_once(client: httpx.AsyncClient) -> None:
    header, value = "Content-Type", "application/json"
    headers = [(header, value), (header, value)]
    answer = await client.post("/v1/ledgers/new/practitioners/P-1/events", content=b"{}", headers=headers)
    assert_problem(answer, 400, "invalid-parameter", header)


def recorded_at(answer: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(answer["events"][-1]["recorded_at"])


async def test_a_state_of_knowledge_is_asked_about_once_it_is_settled(database_url: str) -> None:
    now = system_clock() - timedelta(seconds=4)
    clock: Callable[[], datetime] = lambda: now  # noqa: E731 - it reads the test's own clock, which moves
    app = create_app(Settings(database_url=database_url), clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
    ):
        await client.put(LEDGER, json=NEW_LEDGER)
        recorded = recorded_at(await append(client, new_training()))
        now += timedelta(seconds=5)
        later = recorded_at(await append(client, new_training()))
        for instant in (now, now - SETTLING + timedelta(microseconds=1), now + timedelta(days=1)):
            answer = await client.get(EVENTS, params={"known_at": instant.isoformat()})
            assert_problem(answer, 422, "known-at-too-recent", "?known_at")
        now += timedelta(seconds=10)
        for instant in (recorded, recorded.astimezone()):
            page = (await client.get(EVENTS, params={"known_at": instant.isoformat()})).json()
            assert [event["version"] for event in page["events"]] == [1]
        before = (recorded - timedelta(microseconds=1)).isoformat()
        assert_problem(await client.get(EVENTS, params={"known_at": before}), 404, "unknown-practitioner")
        now += timedelta(seconds=5)
        page = (await client.get(EVENTS, params={"known_at": later.isoformat()})).json()
        assert [event["version"] for event in page["events"]] == [1, 2]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)
examples = st.sampled_from([example_event(type_) for type_ in PRACTITIONER_TYPES])


@st.composite
def nearly_right(draw: st.DrawFn) -> dict[str, Any]:
    """An example with one member, of the envelope or of its data, replaced."""
    event: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(draw(examples)))
    place = draw(st.sampled_from([event, event["data"]]))
    place[draw(st.sampled_from([*place, "source", "nickname"]))] = draw(values)
    return event


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.builds(lambda events: {"events": events}, st.lists(nearly_right() | values, max_size=3)) | values)
async def test_no_body_makes_the_service_fail(made: httpx.AsyncClient, body: Any) -> None:
    answer = await made.post(EVENTS, content=msgspec.json.encode(body), headers=JSON)
    assert answer.status_code in (200, 201, 400, 409, 422), answer.text
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        assert_problem(answer, answer.status_code, answer.json()["code"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
async def test_no_bytes_make_the_service_fail(made: httpx.AsyncClient, body: bytes) -> None:
    answer = await made.post(EVENTS, content=body, headers=JSON)
    assert answer.status_code == httpx.codes.BAD_REQUEST


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=30), query=st.text(max_size=30))
async def test_no_path_or_query_makes_the_service_fail(app: FastAPI, path: str, query: str) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    query = query.encode("utf-8", "replace").decode("latin-1")
    status, _ = await call(app, "GET", f"/v1/ledgers/{path.replace('?', '')}?{query}", receive)
    assert status in (200, 400, 404, 405)


async def test_a_path_that_takes_another_method_names_every_method_that_it_takes(made: httpx.AsyncClient) -> None:
    assert (await made.put(f"{LEDGER}/events")).headers["Allow"] == "GET, HEAD, POST"
    assert (await made.delete(LEDGER)).headers["Allow"] == "GET, HEAD, PUT"
