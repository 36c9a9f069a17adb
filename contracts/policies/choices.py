"""Readings of clauses, written as choices where they act in a document: `{R-05: month_end, round_up: next_day}`. Pure.

The first value is that of the reading itself, the others are its alternatives, each under its name. Choices are
resolved before a rule is compiled, so nothing that is compiled knows of readings.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from contracts.keys import Path
from contracts.policies.readings import Assumption, choice_order

Choices: TypeAlias = Mapping[str, tuple[str, ...]]
"""The names of the alternatives of each reading, in the order of the register of readings."""
NONE: Choices = {}

_reading = re.compile(r"R-[0-9]{2}")


def reading_of(value: Any) -> str | None:
    """Return the reading whose choice this is; None if it is none. Exactly one key of a choice is a reading."""
    if not isinstance(value, Mapping):
        return None
    readings = [key for key in value if _reading.fullmatch(key)]
    return readings[0] if len(readings) == 1 else None


def resolved(value: Any, assumption: Assumption | None) -> Any:
    """Return the value with every choice made: as the assumption says, and otherwise by the reading itself."""
    if isinstance(value, Mapping):
        if reading := reading_of(value):
            return resolved(value[_chosen(reading, value, assumption)], assumption)
        return {key: resolved(child, assumption) for key, child in value.items()}
    if isinstance(value, list):
        return [resolved(child, assumption) for child in value]
    return value


def written_at(path: Path, document: Any, assumption: Assumption | None) -> Path:
    """Return the keys that lead through a document to what has the keys of `path` once its choices are made."""
    at: list[str | int] = []
    left = list(path)
    while True:
        if reading := reading_of(document):
            key: str | int = _chosen(reading, document, assumption)
            if left[:1] == [key]:  # Where no choice is made, as in a sentence, the path names the reading itself.
                del left[0]
        elif left:
            key = left.pop(0)
        else:
            return tuple(at)
        at.append(key)
        found = isinstance(document, Mapping) and key in document
        listed = isinstance(document, list) and isinstance(key, int) and key < len(document)
        document = document[key] if found or listed else None


def _chosen(reading: str, choice: Mapping[str, Any], assumption: Assumption | None) -> str:
    """Return the key of the value that is taken."""
    if assumption and assumption.reading == reading and assumption.choice in choice:
        return assumption.choice
    return reading


def choices_in(*values: Any) -> Choices:
    """Return the readings with a choice anywhere in the values, in order, each with all its alternatives there."""
    found: dict[str, set[str]] = {}
    for value in values:
        _collect(value, found)
    return {reading: tuple(sorted(found[reading], key=choice_order(reading))) for reading in sorted(found)}


def merged(several: Iterable[Choices]) -> Choices:
    """Return the choices of all, each reading with the alternatives of all."""
    found: dict[str, set[str]] = {}
    for choices in several:
        for reading, names in choices.items():
            found.setdefault(reading, set()).update(names)
    return {reading: tuple(sorted(found[reading], key=choice_order(reading))) for reading in sorted(found)}


def _collect(value: Any, found: dict[str, set[str]]) -> None:
    if isinstance(value, Mapping):
        if reading := reading_of(value):
            found.setdefault(reading, set()).update(name for name in value if name != reading)
        for child in value.values():
            _collect(child, found)
    elif isinstance(value, list):
        for child in value:
            _collect(child, found)
