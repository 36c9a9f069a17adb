"""Counting training hours in a window, each item counted or left out with one reason.

Amounts are hundredths of the unit, so sums are exact; readings that split or convert give fractions.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct, structs

from contracts.events.values import Day, TrainingUnit
from services.core.calendar import AskedDay, Window
from services.core.facts.facts import Education, Training, TrainingPart
from services.core.rules.verdict import Context, LeftOut, NotCounted

Hundredths: TypeAlias = int | Fraction

MINUTES_OF_CLASS_HOUR, MINUTES_OF_HOUR = 45, 60


class Counting(Struct, frozen=True):
    """Which days count: those of `window` that the deciding day has reached.

    A window that rolls moves with that day: a day counts from its coming until it has `gone` again.
    """

    window: Window
    day: AskedDay
    gone: Callable[[Day], Day] | None = None

    def __contains__(self, on: Day) -> bool:
        if self.gone is None:
            return self.window.first <= on <= self.window.last and self.day.reached(on)
        return self.day.reached(on) and not self.day.reached(self.gone(on))


class Count(Struct, frozen=True):
    """`total` is the sum of the items, in hundredths of the unit. `other_unit` could be converted under R-07's
    alternatives; `in_days` says that some item is printed in days."""

    items: tuple[TrainingPart, ...]
    total: Hundredths
    not_counted: tuple[LeftOut, ...]
    other_unit: Hundredths
    in_days: bool

    def met_on(self, required: Hundredths) -> Day | None:
        """Return the day on which the items, in order of date, reach the figure."""
        if self.total < required:
            return None
        total: Hundredths = 0
        for item in sorted(self.items, key=lambda item: item.day):
            total += item.hundredths
            if total >= required:
                return item.day
        return None


def count(trainings: Sequence[Training], counting: Counting, unit: TrainingUnit, context: Context) -> Count:
    """Count the trainings of a window: by session, else all on the day of completion (R-08).

    Days after the deciding day are outside, too.
    """
    items: list[TrainingPart] = []
    not_counted: list[LeftOut] = []
    other_unit: Hundredths = 0
    in_days = False
    factor = conversion_factor(unit, context)
    split = context.assumes("pro_rata_by_day")
    for training in trainings:
        if split and not training.in_sessions:
            parts = _share_inside(training, counting)
        else:
            parts = [part for part in training.parts if part.day in counting]
        if reason := _left_out(training, parts, context):
            not_counted.append(LeftOut(training.event_id, reason))
        elif training.unit == unit:
            items.extend(parts)
        elif training.unit != "day" and factor is not None:
            items.extend(structs.replace(part, hundredths=part.hundredths * factor) for part in parts)
        else:
            not_counted.append(LeftOut(training.event_id, "unit_not_convertible"))
            in_days = in_days or training.unit == "day"
            if training.unit != "day":
                other_unit += sum([part.hundredths for part in parts])
    total = sum([item.hundredths for item in items])
    return Count(tuple(items), total, tuple(not_counted), other_unit, in_days)


def conversion_factor(unit: TrainingUnit, context: Context) -> Fraction | None:
    """Return what one of the other unit is worth under an alternative of R-07; by default nothing is converted."""
    if context.assumes("one_to_one"):
        return Fraction(1)
    if context.assumes("forty_five_minutes"):
        return class_hour_factor(unit)
    return None


def class_hour_factor(unit: TrainingUnit) -> Fraction:
    """Return the worth of an hour in class hours of 45 minutes, or of such a class hour in hours."""
    if unit == "class_hour":
        return Fraction(MINUTES_OF_HOUR, MINUTES_OF_CLASS_HOUR)
    return Fraction(MINUTES_OF_CLASS_HOUR, MINUTES_OF_HOUR)


def degree_item(educations: Sequence[Education], counting: Counting, hundredths: int) -> TrainingPart | None:
    """Return what the first social work degree counts, if it was awarded in the window (N-11: once)."""
    degree = next((education for education in educations if education.field == "social_work"), None)
    if degree and degree.on in counting:
        return TrainingPart(degree.on, hundredths, degree.sources)
    return None


def _left_out(training: Training, parts: Sequence[TrainingPart], context: Context) -> NotCounted | None:
    """Return the first reason that applies, of those that do not depend on the unit."""
    if training.voided:
        return "voided"
    if training.duplicate and not context.assumes("sum"):
        return "duplicate"
    if not parts:
        return "outside_window"
    if not training.professional and not context.assumes("all_hours"):
        return "not_professional_subject"
    return None


def _share_inside(training: Training, counting: Counting) -> list[TrainingPart]:
    """Return what falls inside of a training that is shared by days, R-08's alternative."""
    begun, day = training.started_on or training.on, counting.day
    if not day.reached(begun) or (counting.gone and day.reached(counting.gone(training.on))):
        return []
    first, last = max(begun, counting.window.first), min(training.on, counting.window.last)
    if not day.reached(training.on) or (counting.gone and day.reached(counting.gone(begun))):
        # While it goes on, or a window rolls past it, every day moves its share.
        last = min(last, day.moving())
    inside = (last - first).days + 1
    days = (training.on - begun).days + 1
    return [TrainingPart(last, Fraction(training.hundredths * inside, days), training.sources)] if inside > 0 else []


def printed(hundredths: Hundredths) -> str:
    """Return hundredths as a plain decimal string without trailing zeros, rounded down."""
    whole, rest = divmod(int(hundredths), 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def in_hundredths(figure: str) -> int:
    """Return a decimal string as hundredths."""
    whole, _, rest = figure.partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])
