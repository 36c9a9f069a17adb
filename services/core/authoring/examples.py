"""Playing the examples inside a pack, which are its tests. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.document import plain
from contracts.events.revisions import Recorded, resolve
from contracts.policies.language import Example, LocalStandard
from contracts.policies.packs import PinnedPack
from services.core.authoring.example_checks import EXAMPLE_ENVELOPE, OF_THE_RULES
from services.core.facts.fold import fold
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.local_standards import registered_standards
from services.core.rules.verdict import Question, period_of


def example_stream(given: Sequence[Mapping[str, Any]]) -> tuple[Recorded, ...]:
    """Return the events about the person of an example as the journal would read them, in the order written."""
    return tuple(event for event in _recorded(given) if event.type not in OF_THE_RULES)


def example_standards(given: Sequence[Mapping[str, Any]]) -> tuple[LocalStandard, ...]:
    """Return the local standards of an example."""
    return registered_standards(event for event in _recorded(given) if event.type in OF_THE_RULES)


def _recorded(given: Sequence[Mapping[str, Any]]) -> Iterator[Recorded]:
    for number, event in enumerate(given, start=1):
        data = {name: value for name, value in event.items() if name not in EXAMPLE_ENVELOPE}
        yield Recorded.today(number, str(UUID(int=number)), event["event"], event["on"], data)


def play(packs: Mapping[str, PinnedPack], place: str, example: Example) -> list[str]:
    """Return how the answers differ from what an example of a place expects; nothing if it holds."""
    rules = compose(example.jurisdiction or place, packs, example_standards(example.given))
    facts = fold(resolve(example_stream(example.given)))
    wrong: list[str] = []
    for name, expected in example.expect.items():
        period = period_of(example.period) if example.period else None
        level = example.level if name in OF_A_LEVEL else None
        year = example.year if name == "exam.entry" else None
        answer = evaluate(rules, facts, Question(name, example.as_of, period, level, year))
        wanted = expected if isinstance(expected, Mapping) else {"status": expected}
        got = {"status": answer.node.status, **plain(answer.node.result)}
        wrong.extend(
            f"{name} {field}: expected {value!r}, got {got.get(field)!r}"
            for field, value in wanted.items()
            if got.get(field) != _text(value)
        )
    return wrong


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
