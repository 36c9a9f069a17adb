"""Determination and standing over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.core.answers.digest import answer_digest
from services.core.questions.standing import STANDING
from tests.api.client import append
from tests.lives import CHENGDU_WORKER, someone
from tests.published import as_published

LEDGER = "/v1/ledgers/chengdu"
PERSON = f"{LEDGER}/practitioners/P-1"
ALLOWANCE = f"{PERSON}/determinations/allowance"
LIFE = someone.enrolled("2019-01-02", jurisdiction="510108") + CHENGDU_WORKER


@pytest.fixture
async def told(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service that knows P-1's career, positions 1 to 6."""
    await client.put(LEDGER, json={"jurisdiction": "510100", "title": "成都"})
    await append(client, LIFE)
    return client


async def ask(client: httpx.AsyncClient, url: str = ALLOWANCE, **query: Any) -> dict[str, Any]:
    answer = await client.get(url, params=query)
    assert answer.status_code == 200, answer.text
    return as_published("standing" if url.endswith("/standing") else "determination", answer.json())


async def refused(client: httpx.AsyncClient, url: str = ALLOWANCE, **query: Any) -> tuple[int, str]:
    answer = await client.get(url, params=query)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["code"]


async def test_the_digest_of_an_answer_can_be_recomputed(told: httpx.AsyncClient) -> None:
    answer = await ask(told, as_of="2025-05-10")
    assert answer["answer_digest"] == answer_digest(answer)


async def test_who_may_sit_an_exam_is_asked_of_a_level_and_a_year(told: httpx.AsyncClient) -> None:
    """N-06: a full-time community worker since 2021 with a college diploma in another field."""
    await append(told, someone.graduated("2018-07-01", "college", "other", called=uuid4()))
    entry = f"{PERSON}/determinations/exam.entry"
    answer = await ask(told, entry, as_of="2023-05-10", level="junior", year="2024")
    assert (answer["status"], answer["level"], answer["year"]) == ("eligible", "junior", 2024)
    assert answer["result"] == {
        "route": "other_college",
        "years_required": 4,
        "years": 4,
        "eligible_from_exam_year": 2024,
    }
    assert answer["answer_digest"] == answer_digest(answer)
    this_year = await ask(told, entry, as_of="2023-05-10", level="junior")
    assert (this_year["status"], "year" in this_year) == ("not_eligible", False)
    assert not any("exam_year" in one for one in this_year["would_change"]), "who has passed is not sent to an exam"
    line = {"determination": "exam.entry", "level": "junior", "from": "2023-01-01", "to": "2025-12-31"}
    timeline = as_published("timeline", (await told.get(f"{PERSON}/timeline", params=line)).json())
    assert next((one["on"], one["status"]) for one in timeline["changes"]) == ("2024-01-01", "eligible")


async def test_a_refusal_names_clause_reason_evidence_and_what_would_change_it(told: httpx.AsyncClient) -> None:
    answer = await ask(told, as_of="2025-05-10")
    assert (answer["status"], answer["reason"]) == ("not_eligible", "registration_lapsed")
    assert answer["result"]["missing"] == ["registration"]
    assert answer["clauses"] == ["CD-25", "CD-10"]
    needed = {name: value for name, value in answer["would_change"][0].items() if name != "text"}
    assert needed == {"need": "registration", "from": "2025-05-10", "held_until": "2025-03-31"}
    assert {"registration.granted"} <= {one["type"] for one in answer["evidence"]}
    assert (answer["holds_until"], answer["next_change_on"]) == ("2025-12-09", "2025-12-10")
    lacking = next(child for child in answer["explanation"]["children"] if child["status"] == "not_met")
    assert lacking["rule"] == "registration"
    assert lacking["text"]["zh"]
    assert lacking["text"]["en"]


async def test_the_same_question_gives_the_same_bytes_after_more_was_learned(told: httpx.AsyncClient) -> None:
    question = {"as_of": "2024-12-31", "known_at_position": 6}
    before = await told.get(ALLOWANCE, params=question)
    await append(told, someone.certificate_withdrawn("2023-01-01", called=7))
    after = await told.get(ALLOWANCE, params=question)
    assert after.content == before.content
    assert before.json()["status"] == "eligible"
    assert (await ask(told, as_of="2024-12-31"))["status"] == "not_eligible"


async def test_what_was_not_yet_known_does_not_count(told: httpx.AsyncClient) -> None:
    answer = await ask(told, as_of="2024-12-31", known_at_position=5)
    assert (answer["status"], answer["result"]["unresolved"]) == ("needs_review", ["professional_role"])


async def test_before_the_first_known_event_there_is_nobody(told: httpx.AsyncClient) -> None:
    assert await refused(told, known_at_position=0) == (404, "unknown-practitioner")


async def test_a_local_standard_counts_from_its_position_on(told: httpx.AsyncClient) -> None:
    standard = {
        "standard_id": "wuhou-2024",
        "jurisdiction": "510107",
        "determination": "allowance",
        "effective_from": "2024-01-01",
        "tiers": {"junior": "200"},
        "unit": "CNY_per_month",
    }
    known = (await told.post(f"{LEDGER}/local-standards", json=standard)).json()["position"]
    now = await ask(told, as_of="2024-12-31", jurisdiction="510100")
    assert (now["result"]["amount"], now["result"]["standard"]) == ("200", "wuhou-2024")
    assert now["policy"]["standards"] == ["wuhou-2024"]
    before = await ask(told, as_of="2024-12-31", known_at_position=known - 1)
    assert before["result"]["amount"] is None


async def test_the_place_is_that_of_work_then_of_enrolment_then_the_ledgers(told: httpx.AsyncClient) -> None:
    assert (await ask(told, as_of="2021-01-01"))["jurisdiction"] == "510107"
    assert (await ask(told, as_of="2020-12-31"))["jurisdiction"] == "510108"
    assert (await ask(told, as_of="2018-12-31"))["jurisdiction"] == "510100"


async def test_without_a_place_asked_for_the_answer_ends_where_the_place_changes(told: httpx.AsyncClient) -> None:
    at_home = await ask(told, f"{PERSON}/determinations/title", as_of="2020-12-31")
    assert at_home["holds_until"] == "2020-12-31"
    asked_for = await ask(told, f"{PERSON}/determinations/title", as_of="2020-12-31", jurisdiction="100000")
    assert asked_for["holds_until"] is None
    assert (await ask(told, f"{PERSON}/standing", as_of="2020-12-31"))["next_change_on"] == "2021-01-01"


async def test_a_training_completed_on_a_day_to_come_is_accepted_and_told(told: httpx.AsyncClient) -> None:
    """A30, design §3: it counts from that day on, and every answer has a finding that names it."""
    (ahead,) = (await append(told, someone.trained("2190-05-10", "30", called=uuid4())))["events"]
    (today,) = (await append(told, someone.trained("2023-05-10", "30", called=uuid4())))["events"]
    annual, place = f"{PERSON}/determinations/continuing_education.annual", {"jurisdiction": "410100"}
    for as_of, counted in (("2023-12-31", "30"), ("2190-05-09", "0"), ("2190-05-10", "30")):
        answer = await ask(told, annual, as_of=as_of, **place)
        assert answer["result"]["counted_hours"] == counted
        odd = {finding["event_id"]: finding for finding in answer["findings"]}
        assert odd[ahead["event_id"]]["problem"] == "not_happened_yet"
        assert "2190-05-10" in odd[ahead["event_id"]]["detail"]
        assert today["event_id"] not in odd


async def test_a_day_ahead_is_projected(told: httpx.AsyncClient) -> None:
    assert (await ask(told, as_of="2199-12-31"))["projected"] is True
    assert (await ask(told, as_of="2024-12-31"))["projected"] is False


async def test_today_is_a_day_in_china(told: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.clock = lambda: datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert (await ask(told))["as_of"] == "2026-03-02"
    app.state.clock = lambda: datetime(2026, 3, 1, 15, 59, tzinfo=UTC)
    assert (await ask(told))["as_of"] == "2026-03-01"


async def test_a_standing_has_every_determination_but_the_one_that_needs_a_level(told: httpx.AsyncClient) -> None:
    standing = await ask(told, f"{PERSON}/standing", as_of="2024-12-31")
    assert tuple(standing["determinations"]) == STANDING
    assert standing["determinations"]["allowance"]["status"] == "eligible"
    assert "explanation" not in standing["determinations"]["allowance"]
    assert standing["next_change_on"] == "2025-01-31"
    more = await ask(told, f"{PERSON}/standing", as_of="2024-12-31", include="explanation,alternatives")
    assert {"explanation", "alternatives"} <= more["determinations"]["grade"].keys()


async def test_a_standing_says_the_same_as_each_question_alone(told: httpx.AsyncClient) -> None:
    standing = await ask(told, f"{PERSON}/standing", as_of="2024-12-31", include="alternatives")
    for name in STANDING:
        alone = await ask(told, f"{PERSON}/determinations/{name}", as_of="2024-12-31")
        together = standing["determinations"][name]
        assert together == {member: alone[member] for member in together}


@pytest.mark.parametrize(
    ("url", "query", "expected"),
    [
        (f"{PERSON}/determinations/nothing", {}, (404, "unknown-determination")),
        (f"{LEDGER}/practitioners/P-2/determinations/allowance", {}, (404, "unknown-practitioner")),
        ("/v1/ledgers/nowhere/practitioners/P-1/standing", {}, (404, "unknown-ledger")),
        (ALLOWANCE, {"as_of": "2023-02-30"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"as_of": "20230201"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"as_of": "1899-12-31"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"as_of": ""}, (400, "invalid-parameter")),
        (ALLOWANCE, {"asof": "2023-02-01"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"jurisdiction": "51010"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"jurisdiction": "５１０１００"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"period": "2023"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"level": "junior"}, (400, "invalid-parameter")),
        (f"{PERSON}/determinations/continuing_education.annual", {"period": "23"}, (400, "invalid-parameter")),
        (f"{PERSON}/determinations/exam.complete", {}, (400, "invalid-parameter")),
        (f"{PERSON}/determinations/exam.complete", {"level": "basic"}, (400, "invalid-parameter")),
        (f"{PERSON}/determinations/exam.complete", {"level": "junior", "year": "2027"}, (400, "invalid-parameter")),
        (f"{PERSON}/determinations/exam.entry", {"year": "2027"}, (400, "invalid-parameter")),
        (f"{PERSON}/determinations/exam.entry", {"level": "junior", "year": "1899"}, (400, "invalid-parameter")),
        (f"{PERSON}/determinations/exam.entry", {"level": "junior", "year": "27"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"year": "2027"}, (400, "invalid-parameter")),
        (f"{PERSON}/standing", {"include": "everything"}, (400, "invalid-parameter")),
        (f"{PERSON}/standing", {"min_position": "7"}, (422, "position-past-head")),
        (ALLOWANCE, {"known_at_position": "7"}, (422, "position-past-head")),
        (ALLOWANCE, {"known_at_position": "-1"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"known_at_position": "1", "known_at": "2026-01-01T00:00:00Z"}, (400, "invalid-parameter")),
        (ALLOWANCE, {"known_at": "2199-01-01T00:00:00Z"}, (422, "known-at-too-recent")),
        (ALLOWANCE, {"known_at": "2026-01-01T00:00:00"}, (400, "invalid-parameter")),
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused(
    told: httpx.AsyncClient, url: str, query: dict[str, str], expected: tuple[int, str]
) -> None:
    assert await refused(told, url, **query) == expected


async def test_an_instant_means_the_last_position_recorded_by_then(told: httpx.AsyncClient, app: FastAPI) -> None:
    recorded = (await told.get(f"{LEDGER}/events")).json()["events"][-1]["recorded_at"]
    app.state.clock = lambda: datetime.fromisoformat(recorded) + timedelta(seconds=10)
    assert (await ask(told, known_at=recorded))["known_at_position"] == 6
    app.state.clock = lambda: datetime.fromisoformat(recorded) + timedelta(seconds=9.999)
    assert await refused(told, known_at=recorded) == (422, "known-at-too-recent")


async def test_a_ledger_keeps_the_packs_that_it_was_made_with(told: httpx.AsyncClient, app: FastAPI) -> None:
    """An upgrade of the software never replaces them: the answer has the pinned digest."""
    pinned = (await told.get(LEDGER)).json()["founding_packs"]
    assert (await ask(told, as_of="2024-12-31"))["policy"]["digest"] == pinned["510100"]


async def test_who_goes_to_another_district_of_one_city_is_not_told_of_other_rules(told: httpx.AsyncClient) -> None:
    at_home = await ask(told, as_of="2020-12-31")
    (turn,) = [one for one in at_home["would_change"] if one["need"] in ("place", "time")]
    then = await ask(told, as_of=turn["on"])
    assert (turn["need"], turn["status"], turn["reason"]) == ("time", then["status"], then["reason"])
    assert then["status"] != at_home["status"]
