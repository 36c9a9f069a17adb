"""The examples inside a pack, played: they are its tests. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.events.revisions import Recorded, resolve
from services.projections.facts.fold import fold
from services.projections.policy.answer import plain
from services.projections.policy.determination import Question
from services.projections.policy.evaluate import Rules, evaluate
from services.projections.policy.pack import Example

EXAMPLE_EVENT_KEYS = ("event", "on")


def example_stream(given: Sequence[Mapping[str, Any]]) -> Iterable[Recorded]:
    """Return an example's events as the journal would give them, in the order written."""
    for number, event in enumerate(given, start=1):
        data = {name: value for name, value in event.items() if name not in EXAMPLE_EVENT_KEYS}
        yield Recorded(number, number, str(UUID(int=number)), event["event"], event["on"], data)


def play(rules: Rules, example: Example) -> list[str]:
    """Return what an example's answers have that it does not expect; nothing when it holds."""
    facts = fold(resolve(example_stream(example.given)))
    wrong: list[str] = []
    for name, expected in example.expect.items():
        period = int(example.period) if example.period else None
        level = example.level if name == "exam.complete" else None
        answer = evaluate(rules, facts, Question(name, example.as_of, period, level))
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
