"""Checks of the examples in a pack: their events must be acceptable, and their expectations possible. Pure."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeAlias, get_args

from contracts.events.catalogue import PRACTITIONER_TYPES, RULE_TYPES, Data
from contracts.events.codec import InvalidEvent, parse_event
from contracts.keys import Path
from contracts.policies.language import Example
from contracts.sentences import in_words
from services.core.rules.kinds.registry import ANSWERS, OF_A_LEVEL
from services.core.rules.verdict import Status, period_of

Wrong: TypeAlias = tuple[Path, str]
"""The keys that lead to a mistake, and what is wrong there."""

OF_THE_RULES = ("local_standard.registered", "local_standard.ended")
"""The rule events that an example may give; all others are about the person."""
EXAMPLE_TYPES: Mapping[str, type[Data]] = {**PRACTITIONER_TYPES, **{name: RULE_TYPES[name] for name in OF_THE_RULES}}
EXAMPLE_ENVELOPE: Mapping[str, str] = {"event": "type", "on": "occurred_on"}
"""The members of an example's event that are not part of its data, and their names in the ledger."""
ANY_ID = "00000000-0000-0000-0000-000000000000"


def wrong_in_example(example: Example, at: Path) -> Iterator[Wrong]:
    """Yield every mistake in an example. `at` are the keys that lead to the example."""
    for index, event in enumerate(example.given):
        yield from _given(event, (*at, "given", index))
    if example.period is not None and not _is_period(example.period):
        yield (*at, "period"), f"{example.period} is not a day"
    if not example.expect:
        yield (*at, "expect"), "is empty"
    for name, expected in example.expect.items():
        yield from _expected(name, expected, (*at, "expect", name))
    if example.level is None:
        for exam in sorted(OF_A_LEVEL & example.expect.keys()):
            yield (*at, "expect", exam), "needs a level"


def _is_period(text: str) -> bool:
    with suppress(ValueError):
        period_of(text)
        return True
    return False


def _given(event: Mapping[str, Any], at: Path) -> Iterator[Wrong]:
    """Yield why a ledger would refuse the event."""
    envelope = {EXAMPLE_ENVELOPE[key]: value for key, value in event.items() if key in EXAMPLE_ENVELOPE}
    data = {key: value for key, value in event.items() if key not in EXAMPLE_ENVELOPE}
    try:
        parse_event({"event_id": ANY_ID, **envelope, "data": data}, types=EXAMPLE_TYPES)
    except InvalidEvent as error:
        mistake = error.mistakes.first
        first, *inside = mistake.pointer.strip("/").split("/")
        own = [key for key, member in EXAMPLE_ENVELOPE.items() if member == first]
        where = (*at, *own, *(int(part) if part.isdecimal() else part for part in inside))
        yield where, in_words(mistake.what, "en")


def _expected(name: str, expected: str | Mapping[str, Any], at: Path) -> Iterator[Wrong]:
    fields = {"status": expected} if isinstance(expected, str) else expected
    if not fields:
        yield at, "is empty"
    for field, value in fields.items():
        where = at if isinstance(expected, str) else (*at, field)
        if field == "status" and value not in get_args(Status):
            yield where, f"{value!r} is not a status"
        elif field not in ("status", *ANSWERS[name].result.__struct_fields__):
            yield where, f"{name} has no field {field}"
