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
    at = "/data/set/data"
    assert sorted(pointers(answer.json())) == [f"/events/0{at}/{name}" for name in ("amount", "subjects", "unit")]
    (item,) = await send_lines(made, lines_of([{**correction, "practitioner_id": "P-1"}]))
    assert sorted(pointers(item["problem"])) == [f"{at}/{name}" for name in ("amount", "subjects", "unit")]
    assert f" would not be valid: 3 mistakes, the first at {at}/" in item["problem"]["detail"]


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
    assert limit["errors"] == [{"pointer": "?limit", "code": "too-large", "detail": "must be 1000 or less, not 5000"}]


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
    plain = "must be a text without control or bidirectional control characters, not ''"
    assert answer.json()["errors"] == [
        {"pointer": "/jurisdiction", "code": "wrong-kind", "detail": "must be a text, not 510100"},
        {"pointer": "/title", "code": "wrong-form", "detail": plain},
        {"pointer": "/place", "code": "unknown-member", "detail": "is not a member here"},
    ]


IN_CHINESE = {"Accept-Language": "zh-CN"}


async def test_every_mistake_is_told_in_chinese_to_whoever_reads_it(made: httpx.AsyncClient) -> None:
    wrong = event_of(new_training())
    wrong["data"] |= {"unit": "week", "amount": 1, "units": "hour"}
    answer = await made.post(EVENTS, json={"events": [wrong]}, headers=IN_CHINESE)
    assert answer.headers["Content-Language"] == "zh-CN"
    told = {
        "/events/0/data/amount": "应为文本，现为1",
        "/events/0/data/unit": "应为hour、class_hour、day之一，现为“week”",
        "/events/0/data/units": "此处没有这个成员，是否应为unit",
    }
    problem = answer.json()
    assert {error["pointer"]: error["detail"] for error in problem["errors"]} == told
    assert problem["detail"] == "共有3处错误，第一处在/events/0/data/amount：应为文本，现为1"


async def test_a_list_is_answered_in_chinese_line_by_line(made: httpx.AsyncClient) -> None:
    body = lines_of([{**event_of(new_training()), "practitioner_id": "P 1"}, 7]) + b'{"a": 1'
    headers = {**IN_CHINESE, "Content-Type": "application/jsonl"}
    answer = await made.post(f"{LEDGER}/events", content=body, headers=headers)
    assert answer.headers["Content-Language"] == "zh-CN"
    assert [item["problem"]["detail"] for item in answer.json()["items"]] == [
        "应为人员编号：[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
        "应为带有practitioner_id的事件，现为7",
        "第1行第8列不符合JSON的写法：此处应为逗号",
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("events?aftr=1", "此处没有这个参数，是否应为after"),
        ("events?limit=5000", "不得大于1000，现为5000"),
        ("standings?determination=x&status=met", "应为"),
        ("practitioners/P-1/standing?as_of=2024-02-30", "应为1900-01-01至2199-12-31之间的日期，现为“2024-02-30”"),
        (
            "practitioners/P-1/determinations/title?level=junior",
            "exam.complete和exam.entry必须给出级别，其他事项不接受级别",
        ),
    ],
)
async def test_a_parameter_is_refused_in_chinese(made: httpx.AsyncClient, path: str, told: str) -> None:
    answer = await made.get(f"{LEDGER}/{path}", headers=IN_CHINESE)
    assert answer.headers["Content-Language"] == "zh-CN"
    assert answer.json()["errors"][0]["detail"].startswith(told), answer.text
