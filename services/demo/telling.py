"""Builds a career: events with ids of their own, sorted in the order in which a ledger would learn them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from typing import Any

from services.demo.forms import referring_by
from services.demo.lives import Life
from services.demo.places import Event


@dataclass(frozen=True, slots=True)
class Career:
    """One person's events as a client would send them, in the order in which the ledger learns them."""

    practitioner_id: str
    events: list[Event]


class CareerBuilder:
    """Collects the events of one practitioner. Days are proleptic ordinals (`date.toordinal`), whose arithmetic is
    cheap.

    Event ids are UUIDs of version 8: the practitioner's number, the count of the event, and a digest of `origin`. So
    they are reproducible, differ between origins, and lie side by side in the ledger's indexes.
    """

    def __init__(self, practitioner_id: str, number: int, origin: str) -> None:
        self.practitioner_id = practitioner_id
        self.not_before = 0
        self._learned: list[tuple[int, int, Event]] = []
        digest = _digest(origin)
        self._prefix = f"{number:08x}-{digest[:4]}-8"
        self._suffix = f"-8{digest[4:7]}-{digest[7:19]}"

    def tell(
        self, type_: str, day: int, data: dict[str, Any], *, delay: int = 0, source: Mapping[str, str] | None = None
    ) -> str:
        """Add an event of `day`, learned `delay` days later but not before `not_before`. Returns its id."""
        count = len(self._learned)
        event_id = self._id(count)
        event = {"event_id": event_id, "type": type_, "occurred_on": iso(day), "data": data}
        if source:
            event["source"] = source
        learned = day + delay
        self._learned.append((learned if learned > self.not_before else self.not_before, count, event))
        return event_id

    def tell_life(self, life: Life) -> None:
        """Add the events of a life, each learned on its day."""
        count = len(self._learned)
        ids = [self._id(number) for number in range(count, count + len(life))]
        for event, data in referring_by(ids, life):
            day = date.fromisoformat(event.occurred_on).toordinal()
            self.tell(event.type, day, data, source=event.source)

    def career(self, until: int) -> Career:
        """Return the events that the ledger has learned by the day `until`, inclusive."""
        self._learned.sort()  # The count makes every entry unique, so no event is ever compared.
        return Career(self.practitioner_id, [event for learned, _, event in self._learned if learned <= until])

    def _id(self, count: int) -> str:
        return f"{self._prefix}{count:03x}{self._suffix}"


@cache
def iso(day: int) -> str:
    """Return the day in ISO form."""
    return date.fromordinal(day).isoformat()


@cache
def day_of(year: int, month: int = 1) -> int:
    """Return the first day of a month."""
    return date(year, month, 1).toordinal()


@cache
def year_of(day: int) -> int:
    """Return the year in which the day lies."""
    return date.fromordinal(day).year


def anniversary(day: int, years: int) -> int:
    """Return the same day of the year `years` later, or the last of February for a missing 29 February."""
    first = date.fromordinal(day)
    try:
        return first.replace(year=first.year + years).toordinal()
    except ValueError:
        return first.replace(year=first.year + years, day=28).toordinal()


@cache
def _digest(origin: str) -> str:
    return blake2b(origin.encode(), digest_size=10).hexdigest()
