"""The outcomes of played cases, as a document and as counts. Pure."""

from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins

from services.playing.cases import Case
from services.playing.play import PlayedQuestion


def as_document(played: Iterable[tuple[Case, list[PlayedQuestion]]]) -> dict[str, Any]:
    """Return every question with its answer and differences, and the counts."""
    cases = [
        {
            "id": case.id,
            "title": case.title,
            "asks": [
                {
                    "ask": to_builtins(question.ask.ask),
                    "expect": to_builtins(question.ask.expect),
                    "as_expected": question.as_expected,
                    "differences": to_builtins(question.differences),
                    "problem": question.problem,
                    "answer": question.answer,
                }
                for question in asks
            ],
        }
        for case, asks in played
    ]
    return {**counts(question for _, asks in played for question in asks), "cases": cases}


def counts(asks: Iterable[PlayedQuestion]) -> dict[str, int]:
    """Return how many answers are as expected, how many differ, and how many had no expectation."""
    outcomes = [question.as_expected for question in asks]
    return {
        "as_expected": outcomes.count(True),
        "differing": outcomes.count(False),
        "without_expectation": outcomes.count(None),
    }
