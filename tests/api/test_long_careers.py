"""Long careers are read when the turn of their answers has come, and page by page: they cost nobody else a session."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.ledger.api import answering
from services.projections import ask
from services.projections.api import timeline
from services.runtime import computing, journal
from services.runtime.computing import LARGE_AT_ONCE
from services.runtime.database import POOL_MAX_CONNECTIONS, Session
from services.runtime.limits import LIMITS
from services.runtime.settings import Settings
from services.server.app import create_app
from tests.api.client import LEDGER, append
from tests.lives import CHENGDU_WORKER, http, new_training, someone

FOR_EVER_S = 600.0
LONG_EVENTS = 60
SHORT_COST = 5
"""So that whoever has more than one event has a long career."""
LONG = f"{LEDGER}/practitioners/P-long"
AS_OF = {"as_of": "2025-06-30"}
QUESTIONS = {
    "a determination": ("determinations/allowance", {}),
    "a standing": ("standing", {}),
    "a standing with all that explains it": ("standing", {"include": "explanation,alternatives"}),
    "a comparison": ("comparison", {"jurisdictions": "371500,410100"}),
    "a timeline of what was known": ("timeline", {"determination": "allowance", "axis": "known_at"}),
}


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[FastAPI]:
    """The whole application, which waits a tenth as long for a session."""
    app = create_app(Settings(database_url=database_url, limits=LIMITS.times(0.1)))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Very little is read at once, and a large answer has time however busy the machine is."""
    monkeypatch.setattr(computing, "LARGE_TIME_S", FOR_EVER_S)
    monkeypatch.setattr(ask, "SMALL_COST_EVENTS", SHORT_COST)
    monkeypatch.setattr(timeline, "MAX_SMALL_EVENTS", 1)
    monkeypatch.setattr(answering, "MAX_SMALL_EVENTS", 1)


async def career_of(client: httpx.AsyncClient, number: int) -> None:
    events = [http(new_training())[0] for _ in range(number)]
    answer = await client.post(f"{LONG}/events", json={"events": events})
    assert answer.is_success, answer.text


async def test_however_many_ask_about_a_long_career_a_short_question_finds_a_session(
    made: httpx.AsyncClient, app: FastAPI, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here each reading of the long career lasts until the short question is answered."""
    await career_of(made, LONG_EVENTS)
    await append(made, someone.trained())
    answered, reading, fetch = asyncio.Event(), 0, Session.fetch

    async def slow(session: Session, *arguments: Any, **options: Any) -> list[Any]:
        nonlocal reading
        rows: list[Any] = await fetch(session, *arguments, **options)
        if len(rows) >= LONG_EVENTS:
            reading += 1
            await answered.wait()
        return rows

    monkeypatch.setattr(Session, "fetch", slow)
    asking = [asyncio.create_task(made.get(f"{LONG}/standing", params=AS_OF)) for _ in range(2 * POOL_MAX_CONNECTIONS)]
    while reading < LARGE_AT_ONCE:  # noqa: ASYNC110 - the pool sets no event
        await asyncio.sleep(0)
    try:
        short_answer = await made.get(f"{LEDGER}/practitioners/P-1/standing", params=AS_OF)
        assert short_answer.status_code == httpx.codes.OK, short_answer.text
        assert reading == LARGE_AT_ONCE
    finally:
        answered.set()
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_answer_is_the_same_whether_its_career_is_long_or_short(
    made: httpx.AsyncClient, question: str, request: pytest.FixtureRequest
) -> None:
    await append(made, CHENGDU_WORKER)
    path, asked = QUESTIONS[question]
    url, query = f"{LEDGER}/practitioners/{CHENGDU_WORKER.person}/{path}", AS_OF | asked
    at_once = await made.get(url, params=query)
    assert at_once.is_success, at_once.text
    request.getfixturevalue("short")
    request.getfixturevalue("monkeypatch").setattr(journal, "PAGE_OF_LONG_STREAM", 2)
    in_pages = await made.get(url, params=query)
    assert (in_pages.status_code, in_pages.content) == (at_once.status_code, at_once.content)


async def test_what_revises_an_event_of_a_long_career_is_told(made: httpx.AsyncClient, short: None) -> None:
    target, void = uuid4(), uuid4()
    await append(made, someone.trained(called=target).trained(called=uuid4()).voided(target, called=void))
    told = (await made.get(f"{LEDGER}/events/{target}")).json()
    assert told["voided_by"] == [str(void)]
