"""A live standing is served from its row while that is fresh, and then equals the one from the events byte for byte."""

from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from services.core.answers.rolling import with_windows
from services.core.calendar import RollingSpan
from services.core.rules.engine import ENGINE
from services.ledger.append import Lanes
from services.projections.live import is_fresh
from services.projections.store.standings import LiveRow
from services.runtime.clock import Clock, system_clock
from services.runtime.journal import Tip
from services.runtime.settings import Settings
from tests.campaign.careers import career
from tests.lives import http, new_training
from tests.projections.conftest import caught_up, following, tell_careers, tell_standards, until

PEOPLE = 30
PERSON = "/v1/ledgers/demo/practitioners/P-{}"


@pytest.fixture
async def projected(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes, client: httpx.AsyncClient
) -> httpx.AsyncClient:
    await tell_careers(lanes, ledger, PEOPLE)
    await follow_until_caught_up(database_url, pool)
    return client


async def follow_until_caught_up(url: str, pool: asyncpg.Pool, clock: Clock = system_clock) -> None:
    async with following(url, clock):
        await until(lambda: caught_up(pool, clock()), "caught up")


async def standing(client: httpx.AsyncClient, number: int, **query: Any) -> tuple[str, bytes]:
    """Return where the standing was served from, and its bytes."""
    answer = await client.get(f"{PERSON.format(number)}/standing", params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.headers["Served-From"], answer.content


async def test_a_row_gives_the_bytes_that_the_events_give(projected: httpx.AsyncClient) -> None:
    head = (await projected.get("/v1/ledgers/demo")).json()["head"]
    for number in range(PEOPLE):
        source, live = await standing(projected, number)
        assert source == "row"
        assert ("events", live) == await standing(projected, number, known_at_position=head)


async def test_a_client_reads_its_own_write_at_once(projected: httpx.AsyncClient) -> None:
    answer = await projected.post(f"{PERSON.format(1)}/events", json={"events": http(new_training())})
    position = answer.json()["position"]
    source, live = await standing(projected, 1, min_position=position)
    assert source == "events"
    assert f'"known_at_position":{position}'.encode() in live
    assert (await standing(projected, 2))[0] == "row", "another person's row is as fresh as before"


async def test_a_new_rule_makes_every_row_stale_until_it_was_judged_anew(
    database_url: str, pool: asyncpg.Pool, projected: httpx.AsyncClient, lanes: Lanes
) -> None:
    seed = next(seed for seed in range(1_000) if career(seed).standards)
    await tell_standards(lanes, "demo", career(seed))
    before = [await standing(projected, number) for number in range(PEOPLE)]
    assert {source for source, _ in before} == {"events"}
    await follow_until_caught_up(database_url, pool)
    after = [await standing(projected, number) for number in range(PEOPLE)]
    assert after == [("row", said) for _, said in before]


async def test_when_the_day_of_change_has_come_the_row_is_stale_and_the_worker_renews_it(
    database_url: str, pool: asyncpg.Pool, projected: httpx.AsyncClient
) -> None:
    from services.server.app import create_app

    first = await pool.fetchrow(
        "SELECT practitioner_id, next_change_on FROM projections.standings ORDER BY next_change_on LIMIT 1"
    )
    assert first is not None
    number = int(first["practitioner_id"].removeprefix("P-"))
    day: date = first["next_change_on"]

    def clock() -> datetime:
        return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)

    app = create_app(Settings(database_url=database_url), clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as later,
    ):
        source, said = await standing(later, number)
        assert source == "events"
        await follow_until_caught_up(database_url, pool, clock)
        assert await standing(later, number) == ("row", said)


async def test_other_days_places_and_states_of_knowledge_are_computed(projected: httpx.AsyncClient) -> None:
    for query in (
        {"as_of": "2024-05-06"},
        {"jurisdiction": "510100"},
        {"include": "explanation"},
        {"known_at_position": "60"},
    ):
        assert (await standing(projected, 1, **query))[0] == "events"


ROW = LiveRow(
    version=3,
    position=15,
    rules_position=7,
    engine=ENGINE,
    jurisdiction="510100",
    as_of=date(2026, 5, 1),
    next_change_on=date(2026, 6, 1),
    settled=True,
    rolling="{}",
    standing="{}",
)
TIP = Tip(head=20, practitioner_id="P-1", version=3, position=15, rules_position=7)


@pytest.mark.parametrize(
    ("row", "tip", "today", "fresh"),
    [
        ({}, {}, date(2026, 5, 31), True),
        ({}, {}, date(2026, 6, 1), False),
        ({}, {}, date(2026, 4, 30), False),
        ({"next_change_on": None}, {}, date(2199, 12, 31), True),
        ({}, {"version": 4, "position": 16}, date(2026, 5, 2), False),
        ({}, {"version": 3, "position": 16}, date(2026, 5, 2), False),  # A link was voided, another event recorded.
        ({}, {"version": 2, "position": 15}, date(2026, 5, 2), False),  # A link was voided.
        ({}, {"rules_position": 20}, date(2026, 5, 2), False),
        ({"engine": ENGINE - 1}, {}, date(2026, 5, 2), False),
        ({"engine": ENGINE + 1}, {}, date(2026, 5, 2), False),
        ({"settled": False}, {}, date(2026, 5, 2), False),
        ({"settled": False}, {}, date(2026, 5, 1), True),
    ],
)
def test_a_row_is_fresh_with_this_engine_the_newest_event_and_rule_up_to_the_day_before_its_change(
    row: dict[str, Any], tip: dict[str, Any], today: date, fresh: bool
) -> None:
    from msgspec.structs import replace

    assert is_fresh(replace(ROW, **row), replace(TIP, **tip), today) is fresh


def test_a_rolling_window_is_filled_in_as_it_lies_on_the_day_of_reading() -> None:
    stored = {"talent.quality": {"result": {"counted_hours": "30", "window": None}}, "grade": {"result": {}}}
    shown = with_windows(stored, {"talent.quality": RollingSpan(5)}, date(2026, 2, 28))
    assert shown["talent.quality"]["result"]["window"] == {"from": "2021-03-01", "until": "2026-02-28"}
    assert shown["grade"] == stored["grade"]
    assert stored["talent.quality"]["result"]["window"] is None
