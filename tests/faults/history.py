"""The answers that clients received while faults struck, and the laws that these must keep.

`complaints` is a pure function of the recorded history and of the feed read afterwards.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias

FeedEvent: TypeAlias = Mapping[str, Any]
"""An event as the API reads it."""

MAX_COMPLAINTS = 20


@dataclass(frozen=True, slots=True)
class Receipt:
    """The place of an event in the ledger. A bulk append does not return the instant."""

    event_id: str
    practitioner_id: str
    position: int
    version: int
    leaf_hash: str
    recorded_at: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One append and its answer; without a status there was none. Instants are seconds of the client's own clock."""

    practitioner_id: str
    events: Sequence[Mapping[str, Any]]
    sent_at_s: float
    answered_at_s: float
    status: int | None
    receipts: Sequence[Receipt] = ()

    @property
    def event_ids(self) -> list[str]:
        return [event["event_id"] for event in self.events]

    @property
    def is_uncertain(self) -> bool:
        """Whether the client cannot know if its events are recorded."""
        return self.status is None or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Question:
    """A request about a past state of knowledge. Its answer must never change."""

    path: str
    accept: str = "application/json"


@dataclass
class History:
    """All requests and answers of the clients of one ledger."""

    attempts: list[Attempt] = field(default_factory=list)
    answers: dict[Question, bytes] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    """Violations that a client saw at once."""

    @property
    def receipts(self) -> list[Receipt]:
        return [receipt for attempt in self.attempts for receipt in attempt.receipts]

    @property
    def questions(self) -> list[Question]:
        return list(self.answers)

    def count(self, status: int | None) -> int:
        return sum(attempt.status == status for attempt in self.attempts)

    def uncertain(self) -> list[Attempt]:
        """Return the attempts for whose events nobody has a receipt."""
        known = {receipt.event_id for receipt in self.receipts}
        return [attempt for attempt in self.attempts if attempt.is_uncertain and not known & set(attempt.event_ids)]

    def remember(self, question: Question, body: bytes) -> None:
        """Keep the first answer to a question. A different one later is a violation."""
        if self.answers.setdefault(question, body) != body:
            self.broken.append(f"answered differently: {question}")


def complaints(history: History, feed: Sequence[FeedEvent]) -> list[str]:
    """Return every violation, given the feed as read after all faults."""
    all_complaints = [
        *history.broken,
        *find_gaps(feed),
        *find_lost(history.receipts, feed),
        *find_given_twice(history.receipts),
        *find_misordered(history.attempts),
        *find_unsent(history.attempts, feed),
    ]
    return all_complaints[:MAX_COMPLAINTS]


def find_gaps(feed: Sequence[FeedEvent]) -> Iterator[str]:
    """Find gaps in positions and versions, repeated events, and instants that decrease."""
    versions: dict[str, int] = defaultdict(int)
    seen: set[str] = set()
    recorded_at = ""
    for position, event in enumerate(feed, start=1):
        stream = event["practitioner_id"]
        versions[stream] += 1
        if event["position"] != position:
            yield f"position {position} holds the event of position {event['position']}"
        if event["version"] != versions[stream]:
            yield f"position {position} is version {event['version']} of {stream}, not {versions[stream]}"
        if event["event_id"] in seen:
            yield f"position {position} holds {event['event_id']} again"
        if event["recorded_at"] < recorded_at:
            yield f"position {position} was recorded at {event['recorded_at']}, the one before at {recorded_at}"
        seen.add(event["event_id"])
        recorded_at = event["recorded_at"]


def find_lost(receipts: Iterable[Receipt], feed: Sequence[FeedEvent]) -> Iterator[str]:
    """Find receipts whose event is not at their position."""
    for receipt in receipts:
        if receipt.position > len(feed):
            yield f"lost: {receipt}, and the feed ends at {len(feed)}"
        elif not agrees(receipt, feed[receipt.position - 1]):
            yield f"lost: {receipt}, and there stands {_summary(feed[receipt.position - 1])}"


def agrees(receipt: Receipt, event: FeedEvent) -> bool:
    names = ["event_id", "practitioner_id", "position", "version", "leaf_hash"]
    if receipt.recorded_at is not None:
        names.append("recorded_at")
    return all(getattr(receipt, name) == event[name] for name in names)


def find_given_twice(receipts: Iterable[Receipt]) -> Iterator[str]:
    """Find positions given to two events, and events with two positions."""
    by_position: dict[int, str] = {}
    by_event: dict[str, int] = {}
    for receipt in receipts:
        if by_position.setdefault(receipt.position, receipt.event_id) != receipt.event_id:
            yield f"position {receipt.position} was given to {by_position[receipt.position]} and {receipt.event_id}"
        if by_event.setdefault(receipt.event_id, receipt.position) != receipt.position:
            yield f"{receipt.event_id} has the positions {by_event[receipt.event_id]} and {receipt.position}"


def find_misordered(attempts: Iterable[Attempt]) -> Iterator[str]:
    """Find events placed before one whose receipt existed when they were sent."""
    created = [attempt for attempt in attempts if attempt.status == HTTPStatus.CREATED and attempt.receipts]
    created.sort(key=lambda attempt: attempt.answered_at_s)
    instants = [attempt.answered_at_s for attempt in created]
    highest = [0]  # The highest position in the first n answers.
    for attempt in created:
        highest.append(max(highest[-1], *(receipt.position for receipt in attempt.receipts)))
    for attempt in created:
        before = highest[bisect_right(instants, attempt.sent_at_s)]
        lowest = min(receipt.position for receipt in attempt.receipts)
        if lowest <= before:
            yield f"position {lowest} was given to an event sent after the receipt for position {before}"


def find_unsent(attempts: Iterable[Attempt], feed: Iterable[FeedEvent]) -> Iterator[str]:
    """Find events that nobody sent, or only in requests that were refused for good."""
    sent: set[str] = set()
    refused: set[str] = set()
    for attempt in attempts:
        is_refused = attempt.status is not None and 400 <= attempt.status < 500
        (refused if is_refused else sent).update(attempt.event_ids)
    for event in feed:
        if event["event_id"] not in sent:
            what = "was refused" if event["event_id"] in refused else "was sent by nobody"
            yield f"position {event['position']} holds {event['event_id']}, which {what}"


def changed(before: Mapping[Question, bytes], again: Mapping[Question, bytes]) -> list[str]:
    """Return the questions whose answer is not byte for byte the first one."""
    differing = [question for question in before if again.get(question) != before[question]]
    return [f"answered differently: {question}" for question in differing[:MAX_COMPLAINTS]]


def _summary(event: FeedEvent) -> str:
    names = ("event_id", "practitioner_id", "position", "version", "recorded_at", "leaf_hash")
    return str({name: event[name] for name in names})
