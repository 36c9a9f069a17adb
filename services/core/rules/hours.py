"""Counting training hours in a window: each training is counted, or left out for one reason.

Amounts are in hundredths of the unit, so sums are exact; readings that split or convert give fractions.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct, structs

from contracts.events.values import Day, TrainingUnit
from services.core.calendar import AskedDay, Window
from services.core.facts.facts import Education, Training, TrainingPart
from services.core.rules.terms import TrainingTerm, factors_of
from services.core.rules.verdict import LeftOut

Hundredths: TypeAlias = int | Fraction


class CountedDays(Struct, frozen=True):
    """The days that count: those of `window` that the deciding day has reached.

    A rolling window moves with the deciding day: a day counts once it is reached, until `gone` of it is reached too.
    """

    window: Window
    day: AskedDay
    gone: Callable[[Day], Day] | None = None

    def __contains__(self, on: Day) -> bool:
        first, last = self.bounds([on])
        return first <= on <= last

    def bounds(self, days: Iterable[Day]) -> tuple[Day, Day]:
        """Return the first and the last day that count, for telling which of `days` do."""
        return self.day.bounds(self.window, days, self.gone)


class HoursCount(Struct, frozen=True):
    """What counts and what does not. `total` is the sum of the items, in hundredths of the unit.

    `other_unit` is the sum in the other of hours and class hours, where it is not converted; `in_days` says whether any
    training is in days.
    """

    items: tuple[TrainingPart, ...]
    total: Hundredths
    not_counted: tuple[LeftOut, ...]
    other_unit: Hundredths
    in_days: bool

    def met_on(self, required: Hundredths) -> Day | None:
        """Return the day on which the items, in order of date, reach the figure; None if they do not."""
        if self.total < required:
            return None
        total: Hundredths = 0
        for item in sorted(self.items, key=lambda item: item.day):
            total += item.hundredths
            if total >= required:
                return item.day
        return None


def count_hours(
    trainings: Sequence[Training], counting: CountedDays, unit: TrainingUnit, term: TrainingTerm
) -> HoursCount:
    """Count the trainings on the days that count: by session, or else in full on the day of completion (R-08)."""
    items: list[TrainingPart] = []
    not_counted: list[LeftOut] = []
    other_unit: Hundredths = 0
    in_days = False
    factors = factors_of(term.minutes_of_class_hour, unit)
    professional = term.professional_subjects
    split = term.at_the_edge == "by_day"
    counts_once = _told_again(term)
    first, last = counting.bounds([part.day for training in trainings for part in training.parts])
    for training in trainings:
        parts: Sequence[TrainingPart] = training.parts
        if split and not training.in_sessions:
            parts = _share_inside(training, counting)
        elif len(parts) > 1:
            parts = [part for part in parts if first <= part.day <= last]
        elif parts and not first <= parts[0].day <= last:
            parts = ()
        if training.voided:
            not_counted.append(LeftOut(training.event_id, "voided"))
        elif counts_once(training):
            not_counted.append(LeftOut(training.event_id, "duplicate"))
        elif not parts:
            not_counted.append(LeftOut(training.event_id, "outside_window"))
        elif professional is not None and professional.isdisjoint(training.subjects):
            not_counted.append(LeftOut(training.event_id, "not_professional_subject"))
        elif training.unit == unit:
            items.extend(parts)
        elif training.unit != "day" and len(factors) == 1:
            items.extend(structs.replace(part, hundredths=part.hundredths * factors[0]) for part in parts)
        else:
            not_counted.append(LeftOut(training.event_id, "unit_not_convertible"))
            in_days = in_days or training.unit == "day"
            if training.unit != "day":
                other_unit += sum([part.hundredths for part in parts])
    total = sum([item.hundredths for item in items])
    return HoursCount(tuple(items), total, tuple(not_counted), other_unit, in_days)


def _told_again(term: TrainingTerm) -> Callable[[Training], bool]:
    """Return whether a training does not count, because another report of it does (R-10)."""
    match term.told_twice:
        case "once":
            return lambda training: training.repeats is not None
        case "alike_once":
            return lambda training: training.repeats is not None or training.resembles is not None
        case "each":
            return lambda _: False


def degree_items(
    educations: Sequence[Education], counting: CountedDays, hundredths: int, term: TrainingTerm, *, each: bool
) -> tuple[TrainingPart, ...]:
    """Return the items that degrees of the profession count as, if awarded on a day that counts (N-11).

    Either each counts, or the first one ever alone (R-41).
    """
    degrees = [one for one in educations if one.field in term.degrees]
    return tuple(
        TrainingPart(degree.on, hundredths, degree.sources)
        for degree in (degrees if each else degrees[:1])
        if degree.on in counting
    )


def _share_inside(training: Training, counting: CountedDays) -> list[TrainingPart]:
    """Return the share of a training that falls on days that count, if shared evenly by day (R-08's alternative)."""
    begun, day = training.started_on or training.on, counting.day
    if not day.reached(begun) or (counting.gone and day.reached(counting.gone(training.on))):
        return []
    first, last = max(begun, counting.window.first), min(training.on, counting.window.last)
    if not day.reached(training.on) or (counting.gone and day.reached(counting.gone(begun))):
        # While the training goes on, or the window rolls past it, its share changes every day.
        last = min(last, day.exact_date())
    inside = (last - first).days + 1
    days = (training.on - begun).days + 1
    return [TrainingPart(last, Fraction(training.hundredths * inside, days), training.sources)] if inside > 0 else []


def decimal_text(hundredths: Hundredths) -> str:
    """Return hundredths as a plain decimal string without trailing zeros, rounded down."""
    whole, rest = divmod(int(hundredths), 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def in_hundredths(figure: str) -> int:
    """Return a plain decimal string in hundredths."""
    whole, _, rest = figure.partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])
