"""Indicators of careers: rows and events give the same figure, and the lines behind it add up to it."""

from collections import Counter
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from services.ledger.append import Lanes
from services.projections import count as indicators
from services.runtime.clock import system_clock
from services.runtime.settings import Settings
from services.server.app import create_app
from tests.projections.conftest import PEOPLE, caught_up, following, tell_careers, until
from tests.projections.test_follow import poison
from tests.published import as_published
from tests.tables import lines_of

INDICATORS = "/v1/ledgers/demo/indicators"
OF_TODAY = ["I-19", "I-25"]
"""Those whose deadline is not behind us."""
PAST = ["I-01", "I-02", "I-07", "I-11", "I-12", "I-20"]
OF_A_WINDOW = ["I-06", "I-17"]
"""Those that concern people for their work on any day of a window, whom no row of the place may have (R-37)."""


async def test_rows_give_the_bytes_that_the_events_give(projected: httpx.AsyncClient) -> None:
    head = (await projected.get("/v1/ledgers/demo")).json()["head"]
    counted = 0
    for id_ in OF_TODAY:
        live = await projected.get(f"{INDICATORS}/{id_}")
        history = await projected.get(f"{INDICATORS}/{id_}", params={"known_at_position": head})
        assert (live.headers["Served-From"], history.headers["Served-From"]) == ("row", "events")
        assert live.content == history.content
        counted += live.json()["figure"]["counted"]
    assert counted > 0


async def test_a_figure_of_a_window_is_counted_from_the_events_alone(projected: httpx.AsyncClient) -> None:
    for id_ in OF_A_WINDOW:
        answer = await projected.get(f"{INDICATORS}/{id_}")
        assert answer.headers["Served-From"] == "events"
        assert answer.json()["figure"]["of"] > 0


async def test_the_lines_behind_a_figure_add_up_to_it(projected: httpx.AsyncClient) -> None:
    for id_ in (*OF_TODAY, *PAST, *OF_A_WINDOW):
        answered = (await projected.get(f"{INDICATORS}/{id_}")).json()
        told = answered["figure"]
        answer = await projected.get(f"{INDICATORS}/{id_}", headers={"Accept": "text/csv"})
        lines = lines_of(answer)
        as_published("indicator", answered)
        counted_as = Counter(line["counted_as"] for line in lines)
        assert [counted_as[name] for name in ("counted", "open", "not_counted")] == [
            told["counted"],
            told["open"],
            told["not_counted"],
        ]
        assert counted_as["excluded"] == sum(told["excluded"].values())
        assert Counter(line["status"] for line in lines) == told["statuses"]
        assert sorted({line["practitioner_id"] for line in lines}) == [line["practitioner_id"] for line in lines]


async def test_a_line_says_what_the_persons_own_standing_says(projected: httpx.AsyncClient) -> None:
    said = (await projected.get(f"{INDICATORS}/I-25")).json()
    answer = await projected.get(f"{INDICATORS}/I-25", headers={"Accept": "text/csv"})
    for line in lines_of(answer):
        url = f"/v1/ledgers/demo/practitioners/{line['practitioner_id']}/standing"
        standing = (await projected.get(url, params={"as_of": said["decided_on"]})).json()
        assert standing["determinations"][said["determination"]]["status"] == line["status"]
        assert standing["jurisdiction"] == line["jurisdiction"]


async def test_rows_that_are_behind_are_passed_over(projected: httpx.AsyncClient, lanes: Lanes, ledger: str) -> None:
    before = (await projected.get(f"{INDICATORS}/I-25")).json()["known_at_position"]
    await tell_careers(lanes, ledger, PEOPLE + 1)
    answer = await projected.get(f"{INDICATORS}/I-25")
    assert answer.headers["Served-From"] == "events"
    assert answer.json()["known_at_position"] > before


async def test_before_the_deadlines_rows_give_every_figure_that_the_events_give(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 1 June 2025 no deadline has come. However people fall into pages, nobody is counted twice or left out."""
    await tell_careers(lanes, ledger, PEOPLE)

    def clock() -> datetime:
        return datetime(2025, 6, 1, 4, tzinfo=UTC)

    app = create_app(Settings(database_url=database_url), clock)
    async with (
        following(database_url, clock),
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client,
    ):
        await until(lambda: caught_up(pool, clock()), "caught up")
        head = (await client.get("/v1/ledgers/demo")).json()["head"]
        for people, events in ((1_000, 5_000), (3, 20)):
            monkeypatch.setattr(indicators, "PAGE_PEOPLE", people)
            monkeypatch.setattr(indicators, "PAGE_EVENTS", events)
            for id_ in (*OF_TODAY, *PAST):
                live = await client.get(f"{INDICATORS}/{id_}")
                history = await client.get(f"{INDICATORS}/{id_}", params={"known_at_position": head})
                assert (live.headers["Served-From"], history.headers["Served-From"]) == ("row", "events")
                assert live.content == history.content
                assert live.json()["decided_on"] == "2025-06-01"


async def test_who_cannot_be_judged_is_open_and_everybody_else_is_counted_as_before(
    database_url: str,
    pool: asyncpg.Pool,
    projected: httpx.AsyncClient,
    ledger: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = (await projected.get(f"{INDICATORS}/I-25")).json()["figure"]
    await poison(pool, ledger, "P-poisoned")
    async with following(database_url):
        await until(lambda: caught_up(pool, system_clock()), "caught up")
    answer = await projected.get(f"{INDICATORS}/I-25")
    assert answer.headers["Served-From"] == "events", "the rows know nothing of who is parked"
    assert answer.json()["figure"]["open"] == before["open"] + 1
    of_all = {"open": 0, "of": 0, "share": None}
    assert answer.json()["figure"] | of_all == before | of_all
    assert "cannot judge P-poisoned" in caplog.text
    table = await projected.get(f"{INDICATORS}/I-25", headers={"Accept": "text/csv"})
    [poisoned] = [line for line in lines_of(table) if line["practitioner_id"] == "P-poisoned"]
    assert list(poisoned.values()) == ["P-poisoned", "", "", "open", "cannot_be_judged", ""]
