"""What became of the questions of played cases, as a document and in figures. Pure."""

from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins

from services.playing.cases import Case
from services.playing.play import Played


def as_document(played: Iterable[tuple[Case, list[Played]]]) -> dict[str, Any]:
    """Return every question with its answer and what differs, and how many of each kind there are."""
    cases = [
        {
            "id": case.id,
            "title": case.title,
            "asks": [
                {
                    "ask": to_builtins(one.ask.ask),
                    "expect": to_builtins(one.ask.expect),
                    "as_expected": one.as_expected,
                    "differences": to_builtins(one.differences),
                    "problem": one.problem,
                    "answer": one.answer,
                }
                for one in asks
            ],
        }
        for case, asks in played
    ]
    return {**counts(one for _, asks in played for one in asks), "cases": cases}


def counts(asks: Iterable[Played]) -> dict[str, int]:
    """Return how many answers are as expected, how many differ, and how many nothing was expected of."""
    outcomes = [one.as_expected for one in asks]
    return {
        "as_expected": outcomes.count(True),
        "differing": outcomes.count(False),
        "without_expectation": outcomes.count(None),
    }
