"""The checker of histories finds each planted lie."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.history import Attempt, History, Question, Receipt, changed, complaints

QUESTION = Question("/practitioners/P-1/standing?as_of=2026-06-30&known_at_position=2")
Feed = list[dict[str, Any]]


def event(position: int) -> dict[str, Any]:
    """Return an event as the feed shows it: P-1 has the odd positions, P-2 the even ones."""
    return {
        "event_id": f"e{position}",
        "practitioner_id": f"P-{1 + (position + 1) % 2}",
        "position": position,
        "version": (position + 1) // 2,
        "recorded_at": f"2026-11-22T08:00:{position:02}.000000Z",
        "leaf_hash": f"hash of e{position}",
    }


def recorded(position: int) -> Attempt:
    """Return the request that led to an event: sent and answered within the second of its position."""
    new = event(position)
    return Attempt(new["practitioner_id"], [new], position, position + 0.5, 201, [Receipt(**new)])


def honest() -> tuple[History, Feed]:
    """Return six receipts, one request without an answer whose event is there, one refused, and one that is lost."""
    uncertain = replace(recorded(7), status=None, receipts=())
    refused = replace(uncertain, events=[{"event_id": "refused"}], status=409)
    lost = replace(uncertain, events=[{"event_id": "lost"}], status=503)
    history = History([*(recorded(position) for position in range(1, 7)), uncertain, refused, lost])
    return history, [event(position) for position in range(1, 8)]


def lies(history: History, number: int, **receipt: Any) -> None:
    """Have a client be told something else."""
    attempt = history.attempts[number]
    history.attempts[number] = replace(attempt, receipts=[replace(attempt.receipts[0], **receipt)])


def test_an_honest_history_has_no_complaint() -> None:
    assert complaints(*honest()) == []


def differing(history: History) -> None:
    """Have one question be answered in two ways."""
    for body in (b"2", b"3"):
        history.remember(QUESTION, body)


LIES: Sequence[tuple[str, Callable[[History, Feed], object]]] = [
    ("lost", lambda history, feed: [feed.pop() for _ in range(4)]),
    ("lost", lambda history, feed: feed[2].update(event_id="e7")),
    ("lost", lambda history, feed: feed[2].update(leaf_hash="another")),
    ("lost", lambda history, feed: feed[2].update(recorded_at=feed[1]["recorded_at"])),
    ("again", lambda history, feed: feed.append({**event(8), "event_id": "e5"})),
    ("position 3 holds", lambda history, feed: feed.pop(2)),
    ("version 4 of P-1, not 3", lambda history, feed: feed[4].update(version=4)),
    ("recorded at", lambda history, feed: feed[6].update(recorded_at="2026-11-22T08:00:05.500000Z")),
    ("position 2 was given to e2 and e3", lambda history, feed: lies(history, 2, position=2)),
    ("e4 has the positions 3 and 4", lambda history, feed: lies(history, 2, event_id="e4")),
    (
        "sent after the receipt for position 4",
        lambda history, feed: history.attempts.append(replace(recorded(3), sent_at_s=5)),
    ),
    ("was refused", lambda history, feed: feed[6].update(event_id="refused")),
    ("was sent by nobody", lambda history, feed: feed[6].update(event_id="invented")),
    ("answered differently", lambda history, feed: differing(history)),
]


@pytest.mark.parametrize(("complaint", "lie"), LIES, ids=[str(number) for number in range(len(LIES))])
def test_a_planted_lie_is_found(complaint: str, lie: Callable[[History, Feed], object]) -> None:
    history, feed = honest()
    lie(history, feed)
    assert any(complaint in line for line in complaints(history, feed)), complaints(history, feed)


def test_an_answer_that_changes_by_one_byte_is_found() -> None:
    assert changed({QUESTION: b"met"}, {QUESTION: b"met"}) == []
    assert changed({QUESTION: b"met"}, {QUESTION: b"met "}) == [f"answered differently: {QUESTION}"]
    assert changed({QUESTION: b"met"}, {}) == [f"answered differently: {QUESTION}"]


def test_what_had_no_certain_answer_is_uncertain_until_there_is_a_receipt() -> None:
    history, _ = honest()
    uncertain, lost = history.attempts[6], history.attempts[8]
    assert history.uncertain() == [uncertain, lost]
    history.attempts.append(recorded(7))
    assert history.uncertain() == [lost]
