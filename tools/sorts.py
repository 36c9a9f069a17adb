"""The questions of which answers are recorded, and what makes an answer one of a sort."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias, get_args
from uuid import UUID

import msgspec

from contracts.events.values import DeterminationId, ExamLevel
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.verdict import Question
from tests.campaign.careers import Career

Sort: TypeAlias = tuple[Any, ...]
PERIODS = (None, 0, -1, -2, 1)
"""Periods of the annual figure, in years from that of the day; None asks without a period."""
OWN_WORDS = frozenset({"post", "standard"})
"""Members of a result that hold free text."""


def numbered(life: Career) -> Career:
    """Return the career with numbers as event ids: random ids would be half of its compressed size."""
    events = msgspec.json.encode(life.events).decode()
    for number, event in enumerate(life.events, start=1):
        events = events.replace(event["event_id"], str(UUID(int=number)))
    return replace(life, events=tuple(msgspec.json.decode(events)))


def questions(as_of: date) -> Iterator[Question]:
    """Yield every question about a day.

    For the annual figure also those about the years around it, and for a term the one about a term begun on the day.
    """
    for name in get_args(DeterminationId):
        if name in OF_A_LEVEL:
            yield from (Question(name, as_of, level=level) for level in get_args(ExamLevel))
        elif name == "continuing_education.annual":
            yield from (Question(name, as_of, None if years is None else as_of.year + years) for years in PERIODS)
        else:
            yield Question(name, as_of)
        if name == "continuing_education.registration_term":
            yield Question(name, as_of, as_of)


def form_of(name: str, value: Any) -> Any:
    """Return a value of a result with every day, figure and free text replaced."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        return frozenset(form_of(name, item["reason"] if isinstance(item, Mapping) else item) for item in value)
    is_code = isinstance(value, str) and name not in OWN_WORDS and not value[:1].isdigit()
    return value if is_code else "…"
