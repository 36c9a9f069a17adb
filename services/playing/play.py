"""Plays cases through the whole application, in this process."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import httpx
from msgspec import to_builtins

from services.playing.cases import LOCAL_STANDARD, REFERENCES, Ask, Case, Difference, Event, differences
from services.runtime.scratch import scratch_database
from services.runtime.settings import Settings
from services.server.app import create_app

PRACTITIONER = "P-1"
JURISDICTION = "100000"
"""The jurisdiction of a ledger that accepts events of any place."""
BASE_URL = "http://localhost"


@dataclass(frozen=True)
class PlayedQuestion:
    """One question and its answer, or the `problem` instead of it."""

    ask: Ask
    answer: Mapping[str, Any] | None
    problem: str | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def as_expected(self) -> bool | None:
        """None if nothing was expected and there is an answer."""
        if self.problem is not None:
            return False
        return None if self.ask.expect is None else not self.differences


@dataclass(frozen=True)
class PlayedCase:
    """The questions of one case; and why one of its events, or all of it, was refused."""

    case: Case
    questions: list[PlayedQuestion]
    refused: str | None = None

    @property
    def differs(self) -> bool:
        return self.refused is not None or any(question.as_expected is False for question in self.questions)


class _Refused(Exception):
    """An event of a case was refused. The message is the problem."""


async def play_cases(url: str, cases: Sequence[Case]) -> list[PlayedCase]:
    """Return the outcome of each question, played in a database beside that of `url`. Raises DatabaseError.

    SIGTERM cancels it like Ctrl-C, so that the database is removed."""
    if (this := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    async with scratch_database(url) as scratch:
        app = create_app(Settings(database_url=scratch))
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client,
        ):
            return [await _play_case(client, f"case-{number}", case) for number, case in enumerate(cases, 1)]


async def _play_case(client: httpx.AsyncClient, ledger: str, case: Case) -> PlayedCase:
    path = f"/v1/ledgers/{ledger}"
    created = await client.put(path, json={"jurisdiction": JURISDICTION, "title": case.id[:100]})
    if created.status_code != HTTPStatus.CREATED:
        return _refused(case, _problem(created))
    ids = {event.id: str(uuid5(NAMESPACE_URL, f"{ledger}/{event.id}")) for event in case.events}
    positions: dict[str, int] = {}
    try:
        for event in case.events:
            positions[event.id] = await _record(client, path, event, ids)
    except _Refused as refused:
        return _refused(case, str(refused))
    names = {event_id: name for name, event_id in ids.items()}
    return PlayedCase(case, [await _ask(client, path, ask, positions, names) for ask in case.asks])


def _refused(case: Case, why: str) -> PlayedCase:
    return PlayedCase(case, [PlayedQuestion(ask, None, why) for ask in case.asks], why)


async def _record(client: httpx.AsyncClient, path: str, event: Event, ids: Mapping[str, str]) -> int:
    """Append the event and return its position. Raises _Refused."""
    if event.type == LOCAL_STANDARD:
        answer = await client.post(f"{path}/local-standards", json={"standard_id": event.id, **event.data})
    else:
        data = {name: ids.get(value, value) if name in REFERENCES else value for name, value in event.data.items()}
        body = {"event_id": ids[event.id], "type": event.type, "occurred_on": event.occurred_on, "data": data}
        answer = await client.post(f"{path}/practitioners/{PRACTITIONER}/events", json={"events": [body]})
    if answer.status_code != HTTPStatus.CREATED:
        raise _Refused(f"event {event.id} ({event.type}) was refused: {_problem(answer)}")
    position: int = answer.json()["position"]
    return position


async def _ask(
    client: httpx.AsyncClient, path: str, ask: Ask, positions: Mapping[str, int], names: Mapping[str, str]
) -> PlayedQuestion:
    parameters = to_builtins(ask.ask)
    determination = parameters.pop("determination")
    if (known_after := parameters.pop("known_after", None)) is not None:
        parameters["known_at_position"] = positions[known_after]
    url = f"{path}/practitioners/{PRACTITIONER}/determinations/{quote(determination, safe='')}"
    answer = await client.get(url, params=parameters)
    if answer.status_code != HTTPStatus.OK:
        return PlayedQuestion(ask, None, _problem(answer))
    document = answer.json()
    return PlayedQuestion(
        ask, document, differences=[] if ask.expect is None else differences(ask.expect, document, names)
    )


def _problem(answer: httpx.Response) -> str:
    problem = answer.json()
    errors = "; ".join(f"{error['pointer']} {error['detail']}".strip() for error in problem.get("errors", ()))
    return f"{problem['code']}: {errors or problem['detail']}"
