"""Trainings that cannot have been as recorded, or may be one with another. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import TypeAlias

from msgspec import UNSET, Struct

from contracts.events.catalogue import TrainingCompleted
from contracts.events.facts import Fact
from contracts.events.values import Day
from contracts.folding import folded
from services.core.calendar import MINUTES_OF_HOUR, ONE_DAY
from services.core.facts.amounts import in_hundredths
from services.core.facts.facts import OddFact, Training
from services.core.facts.optional import known

HUNDREDTHS_OF_A_DAY = 24 * 100
ONE_DAY_IN_HUNDREDTHS = 100
MOST_COMPARED = 50
"""With so many of the same course on neighbouring days a training is compared at most."""
NOTHING = Fraction(0)


class Spell(Struct, frozen=True):
    """Days of a training from `first` to `last`, both included, with the hundredths of a unit that they share."""

    first: Day
    last: Day
    hundredths: int | Fraction
    training: Training

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1


Spells: TypeAlias = Callable[[Training], Sequence[Spell]]


def overfull_days(trainings: Sequence[Training], minutes_of_class_hour: int) -> Iterator[OddFact]:
    """Yield the trainings that bring a day to more than 24 hours, with all trainings of that day.

    A training without sessions is spread evenly over its days: without a first day it has only that of completion.
    """

    def in_hours(training: Training) -> Sequence[Spell]:
        if training.unit == "day":
            return ()
        minutes = minutes_of_class_hour if training.unit == "class_hour" else MINUTES_OF_HOUR
        return _spells(training, Fraction(minutes, MINUTES_OF_HOUR))

    for day, hundredths, latest in _overfull(trainings, in_hours, HUNDREDTHS_OF_A_DAY):
        detail = f"{float(hundredths / 100):g} hours of training on {day}"
        yield OddFact(latest.event_id, "more_than_a_day", detail)


def days_taken_twice(trainings: Sequence[Training]) -> Iterator[OddFact]:
    """Yield the trainings in days that, with the others of a day, take more than the day.

    Which days are taken is known of sessions, and where a training has no fewer days than lie between its first and
    last one. Without a first day it has taken its last one, as far as it is so long.
    """
    for day, hundredths, latest in _overfull(trainings, _in_days, ONE_DAY_IN_HUNDREDTHS):
        yield OddFact(latest.event_id, "more_than_a_day", f"{float(hundredths / 100):g} days of training on {day}")


def _in_days(training: Training) -> Sequence[Spell]:
    if training.unit != "day":
        return ()
    if training.started_on is None and not training.in_sessions:
        last = min(training.hundredths, ONE_DAY_IN_HUNDREDTHS)
        return () if _is_left_out(training) else [Spell(training.on, training.on, last, training)]
    spells = _spells(training, Fraction(1))
    return [one for one in spells if one.days == 1 or one.hundredths >= ONE_DAY_IN_HUNDREDTHS * one.days]


def _overfull(trainings: Iterable[Training], spells_of: Spells, most: int) -> Iterator[tuple[Day, Fraction, Training]]:
    """Yield the first days of spells that hold more than `most` hundredths, with these and the training recorded last
    of those that begin on the day; each training once."""
    spells = sorted((spell for training in trainings for spell in spells_of(training)), key=lambda spell: spell.first)
    reported = set()
    for together in _overlapping(spells):
        if len(together) > 1 or together[0].hundredths > most * together[0].days:
            for day, hundredths, latest in _added_up(together, most):
                if latest.event_id not in reported:
                    reported.add(latest.event_id)
                    yield day, hundredths, latest


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


def _added_up(spells: Sequence[Spell], most: int) -> Iterator[tuple[Day, Fraction, Training]]:
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
        if total > most and day in begins:
            yield day, total, begins[day]


def _position(training: Training) -> int:
    return training.sources[0].position


def _spells(training: Training, worth: Fraction) -> Sequence[Spell]:
    """Return the days of a training, a hundredth of its unit being `worth` so much."""
    if _is_left_out(training):
        return ()
    if training.in_sessions:
        return [Spell(part.day, part.day, part.hundredths * worth, training) for part in training.parts]
    return [Spell(training.started_on or training.on, training.on, training.hundredths * worth, training)]


def _is_left_out(training: Training) -> bool:
    return training.voided or training.repeats is not None


def stray_sessions(trainings: Iterable[Training]) -> Iterator[OddFact]:
    """Yield the trainings with a session before they started or after they were completed."""
    for training in trainings:
        if _is_left_out(training) or not training.in_sessions:
            continue
        first = training.started_on
        stray = [part.day for part in training.parts if part.day > training.on or (first and part.day < first)]
        if stray:
            detail = f"a session of {stray[0]}, of a training from {first or 'an unknown day'} to {training.on}"
            yield OddFact(training.event_id, "session_outside", detail)


class _Report(Struct, frozen=True):
    """What a report says that tells a training from another of the same course."""

    event_id: str
    day: Day
    started_on: Day | None
    amount: Hashable
    subjects: frozenset[str]
    named: tuple[str | None, ...]
    """Provider, proof number and mode."""


def near_doubles(completed: Iterable[tuple[Fact, TrainingCompleted]], told: Iterable[str]) -> Iterator[OddFact]:
    """Yield the trainings of the course of another that differ from it in one thing: how long it took, in which
    subjects, or by one day at its end, its start or both. Those of the ids `told` are known to be, or to look, the same
    already.

    Both count, and under every reading: what says another amount, other subjects or other dates is another training by
    R-10, and does not only look it.
    """
    known_already = set(told)
    by_course: dict[tuple[str, Day], list[_Report]] = {}
    for fact, data in sorted(completed, key=lambda one: one[0].position):
        if data.course is UNSET or fact.event_id in known_already:
            continue
        report, course = _report(fact, data), folded(data.course)
        days = (fact.occurred_on + away * ONE_DAY for away in (0, -1, 1))
        others = (other for day in days for other in by_course.get((course, day), ()))
        if near := next((other for other in others if _is_near(report, other)), None):
            detail = f"of the course of {near.event_id}, and differs in one thing"
            yield OddFact(fact.event_id, "nearly_told_twice", detail)
        of_the_day = by_course.setdefault((course, fact.occurred_on), [])
        if len(of_the_day) < MOST_COMPARED:
            of_the_day.append(report)


def _report(fact: Fact, data: TrainingCompleted) -> _Report:
    names = known(data.provider), known(data.proof_no), known(data.mode)
    return _Report(
        event_id=fact.event_id,
        day=fact.occurred_on,
        started_on=known(data.started_on),
        amount=(in_hundredths(data.amount), data.unit),
        subjects=frozenset(data.subjects),
        named=tuple(None if name is None else folded(name) for name in names),
    )


def _is_near(one: _Report, other: _Report) -> bool:
    ends, starts = _apart(one.day, other.day), _apart(one.started_on, other.started_on)
    differing = [any((ends, starts)), one.amount != other.amount, one.subjects != other.subjects]
    contradicted = any(name and its and name != its for name, its in zip(one.named, other.named, strict=True))
    return sum(differing) == 1 and starts <= ONE_DAY and not contradicted


def _apart(one: Day | None, other: Day | None) -> timedelta:
    """Return how far two days are apart, as far as both are known."""
    return abs(one - other) if one and other else timedelta(0)
