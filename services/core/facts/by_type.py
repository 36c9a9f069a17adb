"""Facts by their type, in order of day and position. Pure."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from contracts.events.catalogue import ALL_TYPES, Data
from contracts.events.facts import Fact

D = TypeVar("D", bound=Data)


class FactsByType:
    """Some facts of a stream, in order of day and position."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_type: dict[type[Data], list[Fact]] = {}
        for fact in sorted(facts, key=lambda fact: (fact.occurred_on, fact.position)):
            self._by_type.setdefault(ALL_TYPES[fact.type], []).append(fact)

    def of(self, kind: type[D]) -> Sequence[tuple[Fact, D]]:
        """Return the facts of one type, each with its data."""
        return [(fact, fact.data) for fact in self._by_type.get(kind, ())]  # type: ignore[misc]  # Grouped by this very type.
