"""Ledgers, appends, streams, events and the feed over HTTP."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from msgspec import to_builtins

from contracts.events.codec import parse_event
from services.ledger.api import wire
from services.ledger.domain.career import Append
from tests.api.client import EVENTS, LEDGER, NEW_LEDGER, append, assert_problem, event_of, head
from tests.lives import http, id_of, new_training, someone
from tests.releases import TOMORROW

STANDARD = {
    "standard_id": "jinjiang-2024",
    "jurisdiction": "510104",
    "determination": "allowance",
    "effective_from": "2024-01-01",
    "tiers": {"junior": "200"},
    "unit": "CNY_per_month",
}
STANDARDS = f"{LEDGER}/local-standards"


async def test_a_ledger_is_made_once_and_never_changes(client: httpx.AsyncClient) -> None:
    made = await client.put(LEDGER, json=NEW_LEDGER)
    assert made.status_code == httpx.codes.CREATED
    body = made.json()
    wire.LedgerWithHead.model_validate(body)
    assert (body["ledger"], body["head"], body["origin"]) == ("chengdu", 0, "ledger.invalid")
    assert {"100000", "510100", "410100"} <= body["founding_packs"].keys()
    assert all(digest.startswith("sha256:") for digest in body["founding_packs"].values())
    again = await client.put(LEDGER, json=NEW_LEDGER)
    assert (again.status_code, again.json()) == (httpx.codes.OK, body)
    assert_problem(await client.put(LEDGER, json={**NEW_LEDGER, "title": "x"}), 409, "ledger-differs")
    assert_problem(await client.put(LEDGER, json={**NEW_LEDGER, "jurisdiction": "510000"}), 409, "ledger-differs")
    assert (await client.get(LEDGER)).json() == body


async def test_ledgers_are_listed_by_name_page_by_page(client: httpx.AsyncClient) -> None:
    for name in ("c", "a", "b"):
        await client.put(f"/v1/ledgers/{name}", json=NEW_LEDGER)
    first = (await client.get("/v1/ledgers", params={"limit": 2})).json()
    wire.LedgerPage.model_validate(first)
    assert ([ledger["ledger"] for ledger in first["ledgers"]], first["next_after"]) == (["a", "b"], "b")
    second = (await client.get("/v1/ledgers", params={"limit": 2, "after": "b"})).json()
    assert ([ledger["ledger"] for ledger in second["ledgers"]], second["next_after"]) == (["c"], None)
    last = (await client.get("/v1/ledgers", params={"after": "c"})).json()
    assert last == {"ledgers": [], "next_after": None}


async def test_a_fact_goes_in_and_is_read_back(made: httpx.AsyncClient) -> None:
    sourced = someone.trained(course="社会工作督导", source={"system": "portal", "document": "证明 17"})
    sent = event_of(sourced)
    answer = await made.post(EVENTS, json={"events": http(sourced.trained())})
    assert answer.status_code == httpx.codes.CREATED
    assert answer.headers["ETag"] == '"v2"'
    wire.Appended.model_validate(answer.json())
    assert (answer.json()["position"], answer.json()["version"]) == (2, 2)
    page = await made.get(EVENTS, headers={"Accept-Encoding": "identity"})
    assert page.headers["ETag"] == '"v2"'
    wire.EventPage.model_validate(page.json())
    read, read_plain = page.json()["events"]
    assert {name: read[name] for name in sent} == sent
    assert "source" not in read_plain
    assert (read["schema_version"], read["recorded_by"], read["ledger"]) == (1, "anonymous", "chengdu")
    for receipt, one in zip(answer.json()["events"], page.json()["events"], strict=True):
        assert {name: one[name] for name in receipt} == receipt
    feed = (await made.get(f"{LEDGER}/events")).json()
    assert feed == page.json()
    one = (await made.get(f"{LEDGER}/events/{sent['event_id'].upper()}")).json()
    assert one == {**read, "corrected_by": [], "voided_by": []}


async def test_a_request_sent_again_is_answered_with_the_first_receipts(made: httpx.AsyncClient) -> None:
    course = someone.trained(called="course")
    first = await append(made, course)
    await append(made, new_training())
    again = await made.post(EVENTS, json={"events": http(course)}, headers={"If-Match": '"v77"'})
    assert (again.status_code, again.json()) == (httpx.codes.OK, first)
    changed = new_training() + someone.trained("2024-05-07", called="course")
    assert_problem(await made.post(EVENTS, json={"events": http(changed)}), 409, "event-id-taken", "/events/1/event_id")
    assert await head(made) == 2


async def test_the_same_bytes_are_a_replay_though_another_release_gave_the_event_one_more_member(
    app: FastAPI, made: httpx.AsyncClient
) -> None:
    course = someone.trained(called="course")
    by_the_other = Append(course.person, [parse_event(event_of(course), versions=TOMORROW)])
    first = await app.state.lanes.append("chengdu", by_the_other)
    again = await made.post(EVENTS, json={"events": http(course)})
    assert (again.status_code, again.json()["events"]) == (httpx.codes.OK, to_builtins(first.events))
    assert (await made.get(EVENTS)).json()["events"][0]["schema_version"] == 2


async def test_if_match_and_if_none_match_guard_the_stream(made: httpx.AsyncClient) -> None:
    await append(made, new_training(), **{"If-None-Match": "*"})
    await append(made, new_training(), **{"If-Match": '"v1"'})
    stale = await made.post(EVENTS, json={"events": http(new_training())}, headers={"If-Match": '"v1"'})
    assert_problem(stale, 412, "version-mismatch")
    assert stale.headers["ETag"] == '"v2"'
    begun = await made.post(EVENTS, json={"events": http(new_training())}, headers={"If-None-Match": "*"})
    assert_problem(begun, 412, "version-mismatch")
    assert await head(made) == 2


async def test_of_64_appends_with_one_if_match_one_wins(made: httpx.AsyncClient) -> None:
    await append(made, new_training())
    answers = await asyncio.gather(
        *(made.post(EVENTS, json={"events": http(new_training())}, headers={"If-Match": '"v1"'}) for _ in range(64))
    )
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(412)) == (1, 63)
    assert await head(made) == 2


async def test_corrections_and_voids_show_on_their_event(made: httpx.AsyncClient) -> None:
    course = someone.trained(called="course")
    await append(made, course.corrected("course", amount="13").voided("course"))
    one = (await made.get(f"{LEDGER}/events/{id_of('course')}")).json()
    wire.RevisedEvent.model_validate(one)
    assert (one["corrected_by"], one["voided_by"]) == ([id_of(2)], [id_of(3)])
    assert one["data"]["amount"] == "12.5"
    refused = await made.post(EVENTS, json={"events": http(someone.voided(3, called=4))})
    assert_problem(refused, 422, "void-of-a-void", "/events/0/data/target")
    elsewhere = f"{LEDGER}/practitioners/P-2/events"
    refused = await made.post(elsewhere, json={"events": http(someone.voided("course", called=4))})
    assert_problem(refused, 422, "target-of-another-practitioner", "/events/0/data/target")
    assert "P-1" not in refused.text
    taken = await made.post(elsewhere, json={"events": http(course)})
    assert_problem(taken, 409, "event-id-taken", "/events/0/event_id")
    assert "position" not in taken.text
    assert "P-1" not in taken.text
    refused = await made.post(EVENTS, json={"events": http(someone.corrected("course", amount=None, called=4))})
    assert_problem(refused, 422, "target-would-be-invalid", "/events/0/data/set/data/amount")
    assert await head(made) == 3


async def append_if(client: httpx.AsyncClient, *conditions: tuple[str, str]) -> httpx.Response:
    return await client.post(EVENTS, json={"events": http(new_training())}, headers=conditions)


async def test_a_condition_names_one_version_several_or_any(made: httpx.AsyncClient) -> None:
    """RFC 9110, 13.1: the lines of a header are one list, and a tag that is not ours matches nothing."""
    for refused in ("*", '"v1"', '"v2", "v3"', '"v01"', '"other"', '"v' + "1" * 5_000 + '"'):
        assert_problem(await append_if(made, ("If-Match", refused)), 412, "version-mismatch")
    taken = [
        ("If-None-Match", "*"),
        ("If-Match", "*"),
        ("If-Match", '"v7", "v2"'),
        ("If-Match", ' ,"v3-gzip" ,'),
        ("If-None-Match", '"v3", W/"v5"'),
    ]
    for version, condition in enumerate(taken, 1):
        answer = await append_if(made, condition)
        assert (answer.status_code, answer.headers["ETag"]) == (201, f'"v{version}"'), answer.text
    for refused in ("*", '"v1", "v5"', 'W/"v5"', '"v5-gzip"'):
        assert_problem(await append_if(made, ("If-None-Match", refused)), 412, "version-mismatch")
    assert_problem(await append_if(made, ("If-Match", "*"), ("If-None-Match", "*")), 412, "version-mismatch")
    split = await append_if(made, ("If-Match", '"v1"'), ("If-Match", '"v5"'))
    assert split.status_code == httpx.codes.CREATED


async def test_a_weak_tag_never_matches_and_the_answer_says_why(made: httpx.AsyncClient) -> None:
    """As a proxy that compresses leaves it (RFC 9110, 13.1.1)."""
    await append(made, new_training())
    weak = await append_if(made, ("If-Match", 'W/"v1"'))
    assert_problem(weak, 412, "weak-tag")
    assert weak.headers["ETag"] == '"v1"'
    assert await head(made) == 1


async def test_the_feed_is_paged_by_position(made: httpx.AsyncClient) -> None:
    for number in range(5):
        await append(made, someone.trained().of(f"P-{number}"))
    pages, after = [], 0
    while (page := (await made.get(f"{LEDGER}/events", params={"after": after, "limit": 2})).json())["events"]:
        pages.append([event["position"] for event in page["events"]])
        after = page["next_after"]
    assert pages == [[1, 2], [3, 4], [5]]
    assert page == {"events": [], "next_after": 5, "head": 5}


async def test_a_stream_is_paged_by_version_and_read_as_known_before(made: httpx.AsyncClient) -> None:
    for number in range(3):
        await append(made, someone.trained(called=number))
        await append(made, someone.trained(called=number).of("P-2"))
    page = (await made.get(EVENTS, params={"after_version": 1, "limit": 1})).json()
    assert ([event["version"] for event in page["events"]], page["next_after"], page["head"]) == ([2], 2, 3)
    empty = (await made.get(EVENTS, params={"after_version": 3})).json()
    assert empty == {"events": [], "next_after": 3, "head": 3}
    assert_problem(await made.get(EVENTS, params={"after_version": 4}), 422, "position-past-head", "?after_version")
    before = await made.get(EVENTS, params={"known_at_position": 4}, headers={"Accept-Encoding": "identity"})
    assert ([event["version"] for event in before.json()["events"]], before.headers["ETag"]) == ([1, 2], '"v2"')
    assert_problem(await made.get(EVENTS, params={"known_at_position": 0}), 404, "unknown-practitioner")


async def test_a_local_standard_is_registered_once(made: httpx.AsyncClient) -> None:
    await append(made, new_training())
    first = await made.post(STANDARDS, json=STANDARD)
    assert first.status_code == httpx.codes.CREATED, first.text
    wire.Standard.model_validate(first.json())
    assert first.json()["position"] == 2
    again = await made.post(STANDARDS, json=dict(reversed(STANDARD.items())))
    assert (again.status_code, again.json()["position"]) == (httpx.codes.OK, 2)
    other = await made.post(STANDARDS, json={**STANDARD, "tiers": {"junior": "201"}})
    assert_problem(other, 409, "local-standard-taken", "/standard_id")
    listed = (await made.get(STANDARDS)).json()
    wire.StandardPage.model_validate(listed)
    assert listed == {"local_standards": [first.json()], "next_after": None, "head": 2}
    rules = (await made.get(f"{LEDGER}/practitioners/_rules/events")).json()["events"]
    assert [(event["type"], event["occurred_on"], event["version"]) for event in rules] == [
        ("local_standard.registered", "2024-01-01", 1)
    ]


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"jurisdiction": "410100"}, 422, "outside-jurisdiction", "/jurisdiction"),
        ({"jurisdiction": "510000"}, 422, "outside-jurisdiction", "/jurisdiction"),
        ({"jurisdiction": "5101"}, 400, "invalid-event", "/jurisdiction"),
        ({"effective_from": "2024-02-30"}, 400, "invalid-event", "/effective_from"),
        ({"effective_from": 20240101}, 400, "invalid-event", "/effective_from"),
        ({"effective_from": "1899-01-01"}, 400, "invalid-event", "/effective_from"),
        ({"tiers": {}}, 400, "invalid-event", "/tiers"),
        ({"tiers": {"junior": 200}}, 400, "invalid-event", None),
        ({"tiers": {"novice": "200"}}, 400, "invalid-event", None),
        ({"unit": "CNY"}, 400, "invalid-event", "/unit"),
        ({"standard_id": "_x"}, 400, "invalid-event", "/standard_id"),
        ({"determination": "luck"}, 400, "invalid-event", "/determination"),
        ({"nickname": "x"}, 400, "invalid-event", "/nickname"),
    ],
)
async def test_a_malformed_or_foreign_standard_is_refused(
    made: httpx.AsyncClient, change: dict[str, object], status: int, code: str, pointer: str | None
) -> None:
    assert_problem(await made.post(STANDARDS, json={**STANDARD, **change}), status, code, pointer)
    for body in ([], "x", {}):
        assert_problem(await made.post(STANDARDS, json=body), 400, "invalid-event")
    assert await head(made) == 0


async def test_a_national_ledger_takes_the_standards_of_every_place(client: httpx.AsyncClient) -> None:
    await client.put("/v1/ledgers/nation", json={"jurisdiction": "100000", "title": "全国"})
    for number, place in enumerate(("510104", "410100", "350000", "100000")):
        standard = {**STANDARD, "standard_id": f"s{number}", "jurisdiction": place}
        answer = await client.post("/v1/ledgers/nation/local-standards", json=standard)
        assert answer.status_code == httpx.codes.CREATED, answer.text
