"""What a rule is made of, wherever its form keeps it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, structs

from contracts.policies.language import Condition, CountedHours, Rule, Text


def named_conditions(rule: Rule) -> dict[str, Condition]:
    """Return the conditions of a rule by their names."""
    return {name: value for name, value in _parts(rule) if isinstance(value, Condition)}


def hours_asked(rule: Rule) -> CountedHours | None:
    """Return the figure of hours that a rule asks for; None where it asks for none."""
    return next((value for _, value in _parts(rule) if isinstance(value, CountedHours)), None)


def _parts(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, Struct):
        members: Iterable[tuple[str, Any]] = structs.asdict(part).items()
    elif isinstance(part, Mapping):
        members = part.items()
    else:
        return
    for name, value in members:
        yield name, value
        if not isinstance(value, Condition | Text):
            yield from _parts(value)
