"""All mistakes of a request are told at once, and its shape before its content."""

from typing import Any

import httpx
import pytest

from contracts.mistakes import MOST_TOLD
from services.ledger.api.wire import MAX_EVENTS_IN_A_REQUEST, MOST_TOLD_OF_AN_ITEM
from tests.api.client import EVENTS, LEDGER, assert_problem, event_of, head
from tests.api.test_bulk import lines_of, of, send_lines
from tests.lives import new_training

TWICE = "known_at=2024-01-01T00:00:00Z&known_at_position=1"
SPAN = "from=2024-02-01&to=2024-01-01&"
STANDARD = {"standard_id": "s-1", "jurisdiction": "110000", "determination": "allowance", "unit": "CNY_per_month"}


def pointers(problem: dict[str, Any]) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


async def test_a_body_is_refused_with_every_mistake_of_every_event(made: httpx.AsyncClient) -> None:
    right, wrong = event_of(new_training()), event_of(new_training())
    wrong["data"] |= {"unit": "week", "amount": 1}
    answer = await made.post(EVENTS, json={"events": [right, wrong, {"type": "x"}]})
    assert_problem(answer, 400, "invalid-event")
    assert pointers(answer.json()) == [
        "/events/1/data/amount",
        "/events/1/data/unit",
        "/events/2/event_id",
        "/events/2/occurred_on",
        "/events/2/data",
        "/events/2/type",
    ]
    assert answer.json()["detail"].startswith("6 mistakes, the first at /events/1/data/amount: must be a text")
    assert await head(made) == 0


async def test_the_mistakes_of_a_body_and_of_its_events_are_told_together(made: httpx.AsyncClient) -> None:
    wrong = event_of(new_training()) | {"type": "training.complete"}
    answer = await made.post(EVENTS, json={"events": [wrong], "event": 1, "dry_run": True})
    assert_problem(answer, 400, "invalid-body")
    assert pointers(answer.json()) == ["/event", "/dry_run", "/events/0/type"]
    answer = await made.post(EVENTS, json={"events": [wrong] * (MAX_EVENTS_IN_A_REQUEST + 1)})
    problem = answer.json()
    assert_problem(answer, 400, "invalid-body")
    assert pointers(problem)[0] == "/events"
    assert (len(problem["errors"]), problem["error_count"]) == (MOST_TOLD, MAX_EVENTS_IN_A_REQUEST + 1)


async def test_a_body_is_refused_for_its_shape_before_it_is_for_its_content(made: httpx.AsyncClient) -> None:
    private, malformed = event_of(new_training()), event_of(new_training())
    private["data"]["provider"] = "13800138000"
    assert_problem(await made.post(EVENTS, json={"events": [private]}), 422, "personal-data-in-text")
    malformed["data"]["unit"] = "week"
    twice = event_of(new_training())
    for events, at in (([private, malformed], 1), ([twice, twice, malformed], 2)):
        answer = await made.post(EVENTS, json={"events": events})
        assert_problem(answer, 400, "invalid-event")
        assert f"/events/{at}/data/unit" in pointers(answer.json())


async def test_each_line_of_a_bulk_is_told_all_its_mistakes(made: httpx.AsyncClient) -> None:
    wrong = event_of(new_training())
    wrong["data"] |= {"unit": "week", "amount": "0"}
    many = {"practitioner_id": "P-1", **{f"member_{number}": 1 for number in range(50)}}
    items = await send_lines(made, lines_of([{**wrong, "practitioner_id": "P 1"}, many, of("P-1", new_training()), 7]))
    assert [item["status"] for item in items] == [400, 400, 201, 400]
    assert pointers(items[0]["problem"]) == ["/practitioner_id", "/data/amount", "/data/unit"]
    assert (len(items[1]["problem"]["errors"]), items[1]["problem"]["error_count"]) == (MOST_TOLD_OF_AN_ITEM, 54)
    assert items[3]["problem"]["remedy"]


async def test_a_correction_is_told_everything_that_it_would_break(made: httpx.AsyncClient) -> None:
    event = event_of(new_training())
    assert (await made.post(EVENTS, json={"events": [event]})).status_code == httpx.codes.CREATED
    patch = {"unit": "week", "amount": "0", "subjects": None}
    correction = event_of(new_training()) | {
        "type": "event.corrected",
        "data": {"target": event["event_id"], "set": {"data": patch}, "reason": "签到表有误"},
    }
    answer = await made.post(EVENTS, json={"events": [correction]})
    assert_problem(answer, 422, "target-would-be-invalid")
    at = "/events/0/data/set/data"
    assert sorted(pointers(answer.json())) == [f"{at}/amount", f"{at}/subjects", f"{at}/unit"]


async def test_local_standards_and_organizations_are_told_all_their_mistakes(made: httpx.AsyncClient) -> None:
    answer = await made.post(f"{LEDGER}/local-standards", json={**STANDARD, "unit": "CNY", "tiers": {"top": "1"}})
    assert_problem(answer, 400, "invalid-event")
    assert pointers(answer.json()) == ["/effective_from", "/tiers/top", "/unit"]
    right = {**STANDARD, "jurisdiction": "510100", "effective_from": "2024-01-01", "tiers": {"junior": "200"}}
    assert (await made.post(f"{LEDGER}/local-standards", json=right)).status_code == httpx.codes.CREATED
    answer = await made.post(f"{LEDGER}/local-standards/s-1/end", json={"standard_id": "s-1", "last_day": "soon"})
    assert_problem(answer, 400, "invalid-event")
    assert pointers(answer.json()) == ["/standard_id", "/last_day"]
    answer = await made.post(f"{LEDGER}/organizations", json={"organization": "a b", "beds": -1, "occurred_on": 1})
    assert_problem(answer, 400, "invalid-event")
    assert pointers(answer.json()) == [
        "/event_id",
        "/occurred_on",
        "/organization",
        "/name",
        "/kind",
        "/jurisdiction",
        "/beds",
    ]


async def test_all_bad_parameters_are_told_at_once_in_our_words(made: httpx.AsyncClient) -> None:
    for path, wrong in (
        (f"{LEDGER}/events?aftr=1&limit=0&limit=5&wait=99&after=", {"?aftr", "?limit", "?after", "?wait"}),
        (f"{LEDGER}/events?after=x&limit=5000", {"?after", "?limit"}),
        (f"{LEDGER}/standings?determination=x&status=y", {"?determination", "?status"}),
        (f"{LEDGER}/standings?limit=0&status=&colour=red", {"?determination", "?limit", "?status", "?colour"}),
        (f"{LEDGER}/practitioners/P-1/timeline?determination=title&year=2024&level=junior", {"?year", "?level"}),
        ("/v1/ledgers/No?after=No&limit=1", {"?after", "?limit", "{ledger}"}),
    ):
        answer = await made.get(path)
        assert_problem(answer, 400, "invalid-parameter")
        assert set(pointers(answer.json())) == wrong, answer.text
        assert "Input" not in answer.text
        assert "Expected" not in answer.text
    limit = (await made.get(f"{LEDGER}/events?limit=5000")).json()
    assert limit["errors"] == [{"pointer": "?limit", "detail": "must be 1000 or less, not 5000"}]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (
            "practitioners/P-1/timeline?determination=title&year=2024&as_of=2024-01-01&after=1&limit=0&" + SPAN + TWICE,
            {"?year", "?as_of", "?after", "?from", "?known_at", "?limit"},
        ),
        (
            "practitioners/P-1/determinations/title?level=junior&period=x&known_at=x&known_at_position=x",
            {"?level", "?period", "?known_at", "?known_at_position"},
        ),
        ("practitioners/P-1/comparison?jurisdictions=x&determination=title&level=junior", {"?jurisdictions", "?level"}),
        ("practitioners/P-1/comparison?jurisdictions=x&period=2024", {"?jurisdictions", "?period"}),
        ("practitioners/P-1/standing?lang=en&as_of=x&include=y", {"?lang", "?as_of", "?include"}),
        ("practitioners/P-1/events?limit=0&" + TWICE, {"?known_at", "?limit"}),
        (
            "standings?determination=title&status=y&cursor=!&limit=0&result=%00",
            {"?status", "?cursor", "?limit", "?result"},
        ),
    ],
)
async def test_what_contradicts_itself_is_told_with_everything_else(
    made: httpx.AsyncClient, path: str, wrong: set[str]
) -> None:
    """Checks of several parameters came one by one, each behind those of single ones."""
    answer = await made.get(f"{LEDGER}/{path}")
    assert_problem(answer, 400, "invalid-parameter")
    assert sorted(pointers(answer.json())) == sorted(wrong), answer.text


async def test_headers_that_are_malformed_are_told_at_once(made: httpx.AsyncClient) -> None:
    headers = {"If-Match": "v1", "If-None-Match": "v2"}
    answer = await made.post(EVENTS, json={"events": [event_of(new_training())]}, headers=headers)
    assert_problem(answer, 400, "invalid-parameter")
    assert pointers(answer.json()) == ["If-Match", "If-None-Match"]
    asked = {"Accept": "text/event-stream", "Last-Event-ID": "x"}
    answer = await made.get(f"{LEDGER}/events?limit=0", headers=asked)
    assert_problem(answer, 400, "invalid-parameter")
    assert pointers(answer.json()) == ["?limit", "Last-Event-ID"]


async def test_a_ledger_is_told_all_its_mistakes_in_our_words(client: httpx.AsyncClient) -> None:
    answer = await client.put(LEDGER, json={"jurisdiction": 510100, "title": "", "place": "成都"})
    assert_problem(answer, 400, "invalid-body")
    assert answer.json()["errors"] == [
        {"pointer": "/jurisdiction", "detail": "must be a text, not 510100"},
        {"pointer": "/title", "detail": "must be a text without control or bidirectional control characters, not ''"},
        {"pointer": "/place", "detail": "is not a member here"},
    ]
