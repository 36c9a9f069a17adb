"""A receipt survives `kill -9` of any process at any moment (design §7.1), and what had no answer can be sent again.

`make campaign` plays this many times over.
"""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest

from tests.faults.service import DEADLINE_S, Service, wait_until
from tests.lives import http, new_training, someone

LEDGER = "/v1/ledgers/survivors"
WRITERS = 16
EVENTS_PER_REQUEST = 3
PAGE = 1000
STEP = 37  # Coprime to the span: the kills fall on many different moments.
SPAN = 200
KILLS_A_LIFE = 5
"""Then the service is started anew, because what is killed again and again is restarted ever later."""
RESTARTED = ("HTTP", "worker", "postmaster")
"""By the supervisor; its own death ends the service."""


@dataclass
class Told:
    """What the clients know: receipts, and the requests that got no answer."""

    receipts: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    enough: bool = False  # Nothing more need be written.
    unanswered: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def note(self, practitioner: str, answer: httpx.Response) -> None:
        async with self.changed:
            for event in answer.json()["events"]:
                self.receipts[event["event_id"]] = (practitioner, event["position"], event["version"])
            self.changed.notify_all()


async def append(client: httpx.AsyncClient, practitioner: str, events: list[dict[str, Any]]) -> httpx.Response:
    return await client.post(f"{LEDGER}/practitioners/{practitioner}/events", json={"events": events})


async def write_until_cut_off(client: httpx.AsyncClient, practitioner: str, told: Told) -> None:
    while not told.enough:
        events = http(sum((new_training() for _ in range(EVENTS_PER_REQUEST)), someone))
        try:
            answer = await append(client, practitioner, events)
        except httpx.TransportError:
            answer = None
        if answer is None or answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            told.unanswered.append((practitioner, events))
            return
        assert answer.status_code == httpx.codes.CREATED, answer.text
        await told.note(practitioner, answer)


async def kill_after(service: Service, victim: str, receipts: int, told: Told) -> None:
    enough = len(told.receipts) + receipts
    async with asyncio.timeout(DEADLINE_S), told.changed:
        await told.changed.wait_for(lambda: len(told.receipts) >= enough)
    # In a thread, so that the writers go on meanwhile: those who are cut off have no answer.
    kill = service.kill_and_wait_for_the_next if victim in RESTARTED else partial(kill_for_good, service)
    await asyncio.to_thread(kill, victim)
    told.enough = True


def kill_for_good(service: Service, victim: str) -> None:
    service.kill(victim)
    wait_until(lambda: not service.processes(), "nothing left")


async def read_feed(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while True:
        page = (await client.get(f"{LEDGER}/events", params={"after": len(events), "limit": PAGE})).json()
        events += page["events"]
        if len(events) == page["head"]:
            return events


def check_feed(events: list[dict[str, Any]], told: Told) -> None:
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))
    versions = defaultdict(list)
    for event in events:
        versions[event["practitioner_id"]].append(event["version"])
    for seen in versions.values():
        assert seen == list(range(1, len(seen) + 1))
    recorded = {event["event_id"]: (event["practitioner_id"], event["position"], event["version"]) for event in events}
    assert len(recorded) == len(events)
    assert told.receipts.items() <= recorded.items()


async def send_again(client: httpx.AsyncClient, told: Told) -> None:
    """Send what had no answer, twice: whether it was recorded before or not, it is recorded once."""
    for practitioner, events in told.unanswered:
        again = await append(client, practitioner, events)
        assert again.status_code in (httpx.codes.OK, httpx.codes.CREATED), again.text
        await told.note(practitioner, again)
        assert (await append(client, practitioner, events)).status_code == httpx.codes.OK


def check_rows(service: Service, head: int) -> None:
    """The rows reach the head by themselves, and equal a rebuild."""
    cohort = {"determination": "allowance", "min_position": head}
    url = f"{service.url}{LEDGER}/standings"
    wait_until(lambda: httpx.get(url, params=cohort, timeout=DEADLINE_S).is_success, "the rows are at the head")
    verdict = json.loads(service.ledgerctl("rebuild", "--ledger", "survivors", "--verify", "--json"))
    assert (verdict["differences"], verdict["waiting"], verdict["parked"]) == (0, 0, 0), verdict
    assert verdict["compared"] == verdict["people"] > 0


@pytest.mark.parametrize("victim", ["HTTP", "worker", "postmaster", "supervisor"])
async def test_every_receipt_survives_a_kill_and_what_had_no_answer_lands_once(
    service: Service, victim: str, request: pytest.FixtureRequest
) -> None:
    receipts: dict[str, tuple[str, int, int]] = {}
    for kill in range(request.config.getoption("--kills")):
        if service.is_alive() and kill % KILLS_A_LIFE == 0:
            assert service.stop() == 0
        if not service.is_alive():
            service.start_until_ready()
        wait_until(lambda: service.runs("worker"), "a worker")
        told = Told(receipts)
        async with httpx.AsyncClient(base_url=service.url, timeout=DEADLINE_S) as client:
            await client.put(LEDGER, json={"jurisdiction": "510100", "title": "Survivors"})
            writers = [write_until_cut_off(client, f"{victim}-{kill}-{n}", told) for n in range(WRITERS)]
            await asyncio.gather(*writers, kill_after(service, victim, kill * STEP % SPAN + 1, told))
        if victim == "supervisor":
            service.start_until_ready()
        async with httpx.AsyncClient(base_url=service.url, timeout=DEADLINE_S) as client:
            check_feed(await read_feed(client), told)
            await send_again(client, told)
            events = await read_feed(client)
            check_feed(events, told)
        await asyncio.to_thread(check_rows, service, len(events))
        assert told.unanswered or victim == "worker"
    assert service.stop() == 0
    assert service.processes() == []
