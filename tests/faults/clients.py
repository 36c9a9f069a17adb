"""Clients of one ledger that append, read back and ask about the past, and record everything in a history."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx

from services.runtime.clock import system_clock
from tests.api.client import event_of
from tests.faults.history import Attempt, FeedEvent, History, Question, Receipt, agrees
from tests.lives import someone

NEW_LEDGER = {"jurisdiction": "510100", "title": "Survivors"}
PAGE = 1000
RETRY_S = 0.05
AS_OF = "2026-06-30"
AGES_S = (0, 3, 9.5, 10.5, 11, 12, 20)
"""How far back an instant lies about which is asked; the younger ones must be refused."""
TRIES = 20
SENT_AT_ONCE = 200
NOTHING = Attempt("", (), 0, 0, None)
ANSWER_DEADLINE_S = 60.0
AWAY = HTTPStatus.SERVICE_UNAVAILABLE
NOT_SETTLED = "known-at-too-recent"
"""Of an instant of which a service whose clock is ahead may have been asked before."""
ANSWERS_FOR_EVER = (HTTPStatus.OK, HTTPStatus.NOT_FOUND)
SHARE_OF_CORRECTIONS = 1 / 3


class Careers:
    """Random events of some people; a third of them correct or void an earlier one."""

    def __init__(self, seed: int, people: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a test that can be repeated
        self._people = [f"P-{number}" for number in range(people)]
        self._open: dict[str, list[UUID]] = defaultdict(list)
        """Trainings by person, which nobody has corrected or voided."""

    def person(self) -> str:
        return self._random.choice(self._people)

    def training(self, person: str) -> dict[str, Any]:
        own = self._new_id()
        self._open[person].append(own)
        amount = f"{self._random.randrange(1, 80) / 2:g}"
        day = f"202{self._random.randrange(3, 7)}-0{self._random.randrange(1, 7)}-15"
        return event_of(someone.trained(day, amount, called=own))

    def revision(self, person: str) -> dict[str, Any]:
        """Return a correction or a void of a training, which may have been refused or lost: that is allowed."""
        target = self._open[person].pop() if self._open[person] else self._new_id()
        if self._random.random() < 0.5:
            return event_of(someone.voided(target, called=self._new_id()))
        amount = f"{self._random.randrange(1, 80)}"
        return event_of(someone.corrected(target, amount=amount, called=self._new_id()))

    def next(self, person: str) -> dict[str, Any]:
        revises = self._random.random() < SHARE_OF_CORRECTIONS
        return self.revision(person) if revises else self.training(person)

    def _new_id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


def is_answered_later(answer: httpx.Response) -> bool:
    """Say whether the service answers no more than that it cannot answer yet."""
    if answer.status_code == AWAY:
        return True
    return answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and answer.json()["code"] == NOT_SETTLED


@dataclass
class Clients:
    """The clients of one ledger who use one service."""

    http: httpx.AsyncClient
    ledger: str
    history: History = field(default_factory=History)

    @property
    def path(self) -> str:
        return f"/v1/ledgers/{self.ledger}"

    async def make_ledger(self) -> None:
        answer = await self.http.put(self.path, json=NEW_LEDGER)
        assert answer.is_success, answer.text

    async def append(self, person: str, *events: Mapping[str, Any]) -> Attempt:
        """Append to one person's stream, and read every receipt back at once."""
        sent_at_s = time.monotonic()
        answer = await self._ask("POST", f"{self.path}/practitioners/{person}/events", json={"events": events})
        status = None if answer is None else answer.status_code
        receipts = [
            Receipt(practitioner_id=person, **receipt)
            for receipt in (answer.json()["events"] if answer is not None and answer.is_success else [])
        ]
        attempt = Attempt(person, events, sent_at_s, time.monotonic(), status, receipts)
        self.history.attempts.append(attempt)
        await self._read_back(receipts)
        return attempt

    async def append_until_recorded(self, person: str, *events: Mapping[str, Any], deadline_s: float) -> Attempt:
        """Send the same events again until there is a receipt."""
        answered: list[int | None] = []
        try:
            async with asyncio.timeout(deadline_s):
                while True:
                    attempt = await self.append(person, *events)
                    answered.append(attempt.status)
                    if not attempt.is_uncertain:
                        assert attempt.status in (HTTPStatus.OK, HTTPStatus.CREATED), attempt
                        return attempt
                    await asyncio.sleep(RETRY_S)
        except TimeoutError:
            raise AssertionError(f"no receipt within {deadline_s:g} s, but {answered}") from None

    async def append_in_bulk(self, events: Sequence[tuple[str, Mapping[str, Any]]]) -> int:
        """Append many people's events in one request, and read them back. Returns how many are recorded."""
        sent_at_s = time.monotonic()
        body = {"events": [{"practitioner_id": person, **event} for person, event in events]}
        answer = await self._ask("POST", f"{self.path}/events", json=body)
        answered_at_s = time.monotonic()
        has_items = answer is not None and answer.status_code == HTTPStatus.MULTI_STATUS
        items = answer.json()["items"] if answer is not None and has_items else [None] * len(events)
        receipts = []
        for (person, event), item in zip(events, items, strict=True):
            status = item["status"] if item else None if answer is None else answer.status_code
            new = []
            if item and item["position"] is not None:
                names = ("event_id", "position", "version", "leaf_hash")
                new = [Receipt(practitioner_id=person, **{name: item[name] for name in names})]
            self.history.attempts.append(Attempt(person, [event], sent_at_s, answered_at_s, status, new))
            receipts += new
        await self._read_back(receipts)
        return len(receipts)

    async def send_again(self, deadline_s: float) -> None:
        """Send everything that had no certain answer until it has a receipt: recorded before or not, it lands once.

        The deadline is for each request, and for a round that leaves fewer: after a long run there may be many."""
        progress_at_s = time.monotonic()
        left = [(attempt.practitioner_id, event) for attempt in self.history.uncertain() for event in attempt.events]
        while left:
            for first in range(0, len(left), SENT_AT_ONCE):
                async with asyncio.timeout(deadline_s):
                    await self.append_in_bulk(left[first : first + SENT_AT_ONCE])
            recorded = {receipt.event_id for receipt in self.history.receipts}
            before, left = left, [(person, event) for person, event in left if event["event_id"] not in recorded]
            if len(left) < len(before):
                progress_at_s = time.monotonic()
            assert time.monotonic() - progress_at_s < deadline_s, (
                f"{len(left)} events are not recorded though all is well again: {self._last_answers(len(left))}"
            )

    def _last_answers(self, count: int) -> Counter[int | None]:
        return Counter(attempt.status for attempt in self.history.attempts[-count:])

    async def read_feed(self) -> list[FeedEvent]:
        """Return every event of the ledger. A page that cannot be had yet is asked for again, as any reader does."""
        events: list[FeedEvent] = []
        while True:
            page_url = f"{self.path}/events?{urlencode({'after': len(events), 'limit': PAGE})}"
            async with asyncio.timeout(ANSWER_DEADLINE_S):
                answer = await self._at_last(page_url, "application/json")
            assert answer.is_success, answer.text
            page = answer.json()
            events += page["events"]
            if not page["events"]:
                assert page["head"] == len(events)
                return events

    async def ask(self, question: Question) -> None:
        """Ask, and record an answer that must never change."""
        answer = await self._ask("GET", self.path + question.path, headers={"Accept": question.accept})
        if answer is not None and answer.status_code in ANSWERS_FOR_EVER:
            self.history.remember(question, answer.content)

    async def ask_again(self, questions: Sequence[Question]) -> dict[Question, bytes]:
        """Ask each question again, until it is answered, and return the answers."""
        answers = {}
        for question in questions:
            async with asyncio.timeout(ANSWER_DEADLINE_S):
                answers[question] = (await self._at_last(self.path + question.path, question.accept)).content
        return answers

    async def _at_last(self, url: str, accept: str) -> httpx.Response:
        while True:
            answer = await self._ask("GET", url, headers={"Accept": accept})
            if answer is not None and not is_answered_later(answer):
                return answer
            await asyncio.sleep(RETRY_S)

    def question(self, dice: random.Random) -> Question | None:
        """Return a question about one person, as known at a recorded position or at an instant that may have settled.

        None as long as nothing is recorded.
        """
        attempts = dice.choices(self.history.attempts or [NOTHING], k=TRIES)
        recorded = [attempt for attempt in attempts if attempt.receipts]
        if not recorded:
            return None
        receipt = recorded[0].receipts[0]
        known: dict[str, Any] = {"known_at_position": dice.randrange(receipt.position) + 1}
        if dice.random() < 0.5:
            instant = system_clock() - timedelta(seconds=dice.choice(AGES_S))
            known = {"known_at": instant.isoformat().replace("+00:00", "Z")}
        person = f"/practitioners/{receipt.practitioner_id}"
        as_of = {"as_of": AS_OF}
        path, more, accept = dice.choice(
            [
                (f"{person}/standing", as_of, "application/json"),
                (f"{person}/standing", as_of | {"include": "explanation,alternatives"}, "application/json"),
                (f"{person}/standing", as_of | {"lang": "en"}, "text/html"),
                (f"{person}/standing", as_of, "text/plain"),
                (f"{person}/determinations/continuing_education.annual", as_of, "application/json"),
                (f"{person}/events", {}, "application/json"),
            ]
        )
        return Question(f"{path}?{urlencode(known | more)}", accept)

    async def _read_back(self, receipts: Sequence[Receipt]) -> None:
        """Note receipts whose event is not at its position now. Without an answer, the check at the end decides."""
        if not receipts:
            return
        first, last = (pick(receipt.position for receipt in receipts) for pick in (min, max))
        page = {"after": first - 1, "limit": min(last - first + 1, PAGE)}
        answer = await self._ask("GET", f"{self.path}/events", params=page)
        if answer is None or not answer.is_success:
            return
        events = {event["position"]: event for event in answer.json()["events"]}
        for receipt in receipts:
            if receipt.position < first + page["limit"]:
                event = events.get(receipt.position)
                if event is None or not agrees(receipt, event):
                    self.history.broken.append(f"not there at once: {receipt}")

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        try:
            return await self.http.request(method, path, **more)
        except httpx.TransportError:
            return None
