"""The outcomes of played cases, as a document and as counts. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import to_builtins

from services.playing.play import PlayedCase, PlayedQuestion


def as_document(played: Sequence[PlayedCase]) -> dict[str, Any]:
    """Return every case with what was refused, its questions with answers and differences, and the counts."""
    cases = [
        {
            "id": one.case.id,
            "title": one.case.title,
            "refused": one.refused,
            "asks": [
                {
                    "ask": to_builtins(question.ask.ask),
                    "expect": to_builtins(question.ask.expect),
                    "as_expected": question.as_expected,
                    "differences": to_builtins(question.differences),
                    "problem": question.problem,
                    "answer": question.answer,
                }
                for question in one.questions
            ],
        }
        for one in played
    ]
    refused = sum(one.refused is not None for one in played)
    return {**counts(question for one in played for question in one.questions), "refused": refused, "cases": cases}


def counts(asks: Iterable[PlayedQuestion]) -> dict[str, int]:
    """Return how many answers are as expected, how many differ, and how many had no expectation."""
    outcomes = [question.as_expected for question in asks]
    return {
        "as_expected": outcomes.count(True),
        "differing": outcomes.count(False),
        "without_expectation": outcomes.count(None),
    }
