"""Trainings that cannot have been as recorded. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.facts.facts import OddFact, Training

HUNDREDTHS_OF_A_DAY = 24 * 100
NOTHING = Fraction(0)


class Spell(Struct, frozen=True):
    """Days of a training from `first` to `last`, both included, with the hundredths of an hour that they share."""

    first: Day
    last: Day
    hundredths: int
    training: Training

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1


def overfull_days(trainings: Iterable[Training]) -> Iterator[OddFact]:
    """Yield the trainings that bring a day to more than 24 hours, or class hours, with all trainings of that day.

    A training without sessions is spread evenly over its days: without a first day it has only that of completion.
    """
    spells = sorted((spell for training in trainings for spell in _spells(training)), key=lambda spell: spell.first)
    reported = set()
    for day, hundredths, latest in _overfull(spells):
        if latest.event_id not in reported:
            reported.add(latest.event_id)
            detail = f"{float(hundredths / 100):g} hours of training on {day}"
            yield OddFact(latest.event_id, "more_than_a_day", detail)


def _overfull(spells: Iterable[Spell]) -> Iterator[tuple[Day, Fraction, Training]]:
    """Yield the first days of spells that are overfull, with their hundredths and the training recorded last of those
    that begin on the day."""
    for together in _overlapping(spells):
        if len(together) > 1 or together[0].hundredths > HUNDREDTHS_OF_A_DAY * together[0].days:
            yield from _added_up(together)


def _overlapping(spells: Iterable[Spell]) -> Iterator[Sequence[Spell]]:
    """Yield the spells, which are in order of their first day, in groups that share no day."""
    group: list[Spell] = []
    last = None
    for spell in spells:
        if last is None or spell.first > last:
            if group:
                yield group
            group, last = [], spell.last
        group.append(spell)
        last = max(last, spell.last)
    if group:
        yield group


def _added_up(spells: Sequence[Spell]) -> Iterator[tuple[Day, Fraction, Training]]:
    changes: dict[Day, Fraction] = {}
    begins: dict[Day, Training] = {}
    for spell in spells:
        each, gone = Fraction(spell.hundredths, spell.days), spell.last + ONE_DAY
        changes[spell.first] = changes.get(spell.first, NOTHING) + each
        changes[gone] = changes.get(gone, NOTHING) - each
        begins[spell.first] = max(begins.get(spell.first, spell.training), spell.training, key=_position)
    total = NOTHING
    for day in sorted(changes):
        total += changes[day]
        if total > HUNDREDTHS_OF_A_DAY and day in begins:
            yield day, total, begins[day]


def _position(training: Training) -> int:
    return training.sources[0].position


def _spells(training: Training) -> Sequence[Spell]:
    if training.voided or training.repeats is not None or training.unit == "day":
        return ()
    if training.in_sessions:
        return [Spell(part.day, part.day, int(part.hundredths), training) for part in training.parts]
    return [Spell(training.started_on or training.on, training.on, training.hundredths, training)]


def stray_sessions(trainings: Iterable[Training]) -> Iterator[OddFact]:
    """Yield the trainings with a session before they started or after they were completed."""
    for training in trainings:
        if training.voided or training.repeats is not None or not training.in_sessions:
            continue
        first = training.started_on
        stray = [part.day for part in training.parts if part.day > training.on or (first and part.day < first)]
        if stray:
            detail = f"a session of {stray[0]}, of a training from {first or 'an unknown day'} to {training.on}"
            yield OddFact(training.event_id, "session_outside", detail)
