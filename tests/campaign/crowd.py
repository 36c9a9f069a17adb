"""Many clients of several ledgers and services that append and ask until they are stopped."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain

import httpx

from tests.campaign.installation import Installation, OfferedService
from tests.faults.clients import Careers, Clients
from tests.faults.history import History, Question, changed, complaints
from tests.faults.service import DEADLINE_S

_log = logging.getLogger(__name__)
CALLERS = 8
BULK_CALLERS = 3
"""Of the callers; the others append one request at a time."""
BULK_EVENTS = 15
LARGE_BULK_EVENTS = (100, 400)
"""Of the first caller, who sends seldom: more than one turn of the lane, so faults strike amid a group."""
PEOPLE = 3_000
"""So many that nobody has hundreds of corrections, each of which rests on all before it."""
REFUSED = "P-refused"
REFUSE = f"ALTER TABLE ledger.events ADD CONSTRAINT refused CHECK (practitioner_id <> '{REFUSED}') NOT VALID"
PAUSE_S = 0.15
PAUSE_BETWEEN_LARGE_BULKS_S = 2.0
MAX_QUESTIONS = 400
ASKED_AT_ONCE = 4
FORESEEN = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.REQUEST_TIMEOUT, None}
"""How an append may end, whatever happens: with receipts, without anybody knowing, or unread, where a server that was
stopped had no body in time."""


@dataclass
class Crowd:
    """The clients of one ledger, spread over the services. They share one history."""

    ledger: str
    clients: Sequence[Clients]
    careers: Careers
    dice: random.Random
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def history(self) -> History:
        return self.clients[0].history

    async def act(self) -> None:
        """Write and ask until it is over."""
        callers = [self._write(number) for number in range(CALLERS)]
        await asyncio.gather(*callers, self._ask_about_the_past(), self._be_refused())

    async def go_on(self) -> None:
        """Return when an append through each service is recorded."""
        for clients in self.clients:
            person = self.careers.person()
            await clients.append_until_recorded(person, self.careers.next(person), deadline_s=DEADLINE_S)

    async def _write(self, number: int) -> None:
        clients = self.clients[number % len(self.clients)]
        while not self.over.is_set():
            if number < BULK_CALLERS:
                people = [self.careers.person() for _ in range(self._bulk_events(number))]
                await clients.append_in_bulk([(person, self.careers.next(person)) for person in people])
            else:
                person = self.careers.person()
                await clients.append(person, self.careers.next(person))
            await asyncio.sleep(PAUSE_S if number else PAUSE_BETWEEN_LARGE_BULKS_S)

    def _bulk_events(self, number: int) -> int:
        return BULK_EVENTS if number else self.dice.randint(*LARGE_BULK_EVENTS)

    async def _be_refused(self) -> None:
        """Send events that the database refuses: transactions that are rolled back."""
        strangers = [Clients(clients.http, self.ledger) for clients in self.clients]
        while not self.over.is_set():
            stranger = self.dice.choice(strangers)
            attempt = await stranger.append(REFUSED, self.careers.training(REFUSED))
            assert not attempt.receipts
            await asyncio.sleep(PAUSE_S)

    async def _ask_about_the_past(self) -> None:
        """Ask either service something new or something old."""
        while not self.over.is_set():
            old = self.history.questions
            is_new = len(old) < MAX_QUESTIONS and (not old or self.dice.random() < 0.5)
            question = self.clients[0].question(self.dice) if is_new else self.dice.choice(old)
            if question is not None:
                await self.dice.choice(self.clients).ask(question)
            await asyncio.sleep(PAUSE_S)


@asynccontextmanager
async def gathered(
    installation: Installation, ledgers: Sequence[str], dice: random.Random
) -> AsyncIterator[list[Crowd]]:
    """Yield the clients of some new ledgers."""
    async with AsyncExitStack() as held:
        await installation.database.execute(REFUSE)
        crowds = []
        for ledger in ledgers:
            history = History()
            clients = [
                Clients(await held.enter_async_context(connected(service)), ledger, history)
                for service in installation.services
            ]
            crowds.append(Crowd(ledger, clients, Careers(dice.randrange(1 << 32), PEOPLE), dice))
            await clients[0].make_ledger()
        yield crowds


@asynccontextmanager
async def busy(crowds: Sequence[Crowd]) -> AsyncIterator[None]:
    """Have all clients write and ask until the end of the block."""
    acting = asyncio.gather(*(crowd.act() for crowd in crowds))
    try:
        yield
    finally:
        for crowd in crowds:
            crowd.over.set()
        await acting


def connected(service: OfferedService) -> httpx.AsyncClient:
    async def tell_an_error(answer: httpx.Response) -> None:
        if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR and REFUSED not in answer.request.url.path:
            errors = [line for line in service.output.splitlines() if '"level":"error"' in line.replace(" ", "")]
            _log.error("%s answered 500: %s", service.url, errors[-1:])

    return httpx.AsyncClient(
        base_url=service.url, timeout=DEADLINE_S, trust_env=False, event_hooks={"response": [tell_an_error]}
    )


async def check(crowds: Sequence[Crowd], installation: Installation) -> None:
    """Check each history against its ledger, send what had no answer, and ask every service everything again."""
    for crowd in crowds:
        assert statuses([crowd]).keys() <= FORESEEN, statuses([crowd])
        reader = crowd.clients[0]
        await _check_feed(reader)
        await reader.send_again(DEADLINE_S)
        await _check_feed(reader)
        for service in installation.services:
            await check_answers(crowd, service)


async def _check_feed(clients: Clients) -> None:
    violations = complaints(clients.history, await clients.read_feed())
    assert violations == [], violations


async def check_answers(crowd: Crowd, service: OfferedService) -> None:
    """Ask everything again and assert the same bytes."""
    async with connected(service) as http:
        clients = Clients(http, crowd.ledger)
        questions = crowd.history.questions
        parts = [questions[first::ASKED_AT_ONCE] for first in range(ASKED_AT_ONCE)]
        answers: list[dict[Question, bytes]] = await asyncio.gather(*(clients.ask_again(part) for part in parts))
        again = dict(chain.from_iterable(part.items() for part in answers))
        differences = changed(crowd.history.answers, again)
        assert differences == [], differences


def statuses(crowds: Sequence[Crowd]) -> Counter[int | None]:
    return Counter(attempt.status for crowd in crowds for attempt in crowd.history.attempts)


def summary(crowds: Sequence[Crowd]) -> str:
    """Count in one line the answers that the clients received."""
    counts = statuses(crowds)
    receipts = sum(len(crowd.history.receipts) for crowd in crowds)
    questions = sum(len(crowd.history.questions) for crowd in crowds)
    unavailable, unanswered = counts[HTTPStatus.SERVICE_UNAVAILABLE], counts[None]
    return f"{receipts:,} receipts, {unavailable:,} x 503, {unanswered:,} without an answer, {questions:,} questions"
