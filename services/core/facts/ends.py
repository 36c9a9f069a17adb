"""What an end takes, for everything that can end: certificates, registrations, employments, posts, designations. Pure.

One sentence for all (ADR-0026): an end takes what was running since before its day; only where nothing of the kind was
does an end with an inclusive last day mean what began on that very day.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from contracts.events.facts import Fact
from contracts.events.values import Day
from services.core.calendar import ONE_DAY


class Begun(Struct, frozen=True):
    """What began on `first`. Without an end it runs to `runs_to`; None: with nothing that stops it."""

    first: Day
    runs_to: Day | None = None


class End(Struct, frozen=True):
    """An end: `day` is that of its sentence, `last` the last day that it leaves, and `fact` the event that tells it."""

    day: Day
    last: Day
    fact: Fact


def through(last_day: Day, fact: Fact) -> End:
    """Return an end whose day is the last one that still counts."""
    return End(last_day, last_day, fact)


def from_its_day_on(fact: Fact) -> End:
    """Return an end on whose own day nothing holds any more."""
    return End(fact.occurred_on, fact.occurred_on - ONE_DAY, fact)


def ends_of(begun: Sequence[Begun], ends: Iterable[End]) -> list[End | None]:
    """Return for each of what has begun the end that takes it; None if none does. Of ends on one day the first counts.

    What runs to the very day of an end was running since before it: so a successor that begins on that day stands.
    """
    by_day: dict[Day, End] = {}
    for end in ends:
        by_day.setdefault(end.day, end)
    taken: list[End | None] = [None] * len(begun)
    waiting = sorted(range(len(begun)), key=lambda index: begun[index].first, reverse=True)
    for day in sorted(by_day):
        end = by_day[day]
        meant = _running(begun, _begun_until(begun, waiting, day - ONE_DAY), day)
        if not meant and end.last == day:
            meant = _begun_until(begun, waiting, day)
        for index in meant:
            taken[index] = end
    return taken


def _begun_until(begun: Sequence[Begun], waiting: list[int], last: Day) -> list[int]:
    """Take off `waiting`, which has the latest first, what began up to `last`."""
    found = []
    while waiting and begun[waiting[-1]].first <= last:
        found.append(waiting.pop())
    return found


def _running(begun: Sequence[Begun], started: Iterable[int], day: Day) -> list[int]:
    runs_to = ((index, begun[index].runs_to) for index in started)
    return [index for index, last in runs_to if last is None or last >= day]


def first_of(ends: Iterable[End | None]) -> End | None:
    """Return the end that leaves the earliest last day, of several the first; None if there is none."""
    return min((end for end in ends if end), key=lambda end: end.last, default=None)
