"""Counting training hours in a window: each training is counted, or left out for one reason.

Amounts are in hundredths of the unit, so sums are exact; readings that split or convert give fractions.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct, structs

from contracts.events.values import Day, TrainingUnit
from services.core.calendar import AskedDay, Window
from services.core.facts.facts import Education, Training, TrainingPart
from services.core.rules.verdict import Context, LeftOut, NotCounted

Hundredths: TypeAlias = int | Fraction

MINUTES_OF_CLASS_HOUR, MINUTES_OF_HOUR = 45, 60
SOCIAL_WORK = "sw_"
"""How the subjects of social work begin; one is enough for a training to be professional (R-09)."""
MAX_CACHED_SUBJECTS = 1_024
"""Far more than the different lists of subjects that a ledger commonly has."""


class CountedDays(Struct, frozen=True):
    """The days that count: those of `window` that the deciding day has reached.

    A rolling window moves with the deciding day: a day counts once it is reached, until `gone` of it is reached too.
    """

    window: Window
    day: AskedDay
    gone: Callable[[Day], Day] | None = None

    def __contains__(self, on: Day) -> bool:
        if self.gone is None:
            return self.window.first <= on <= self.window.last and self.day.reached(on)
        return self.day.reached(on) and not self.day.reached(self.gone(on))


class HoursCount(Struct, frozen=True):
    """What counts and what does not. `total` is the sum of the items, in hundredths of the unit.

    `other_unit` is the sum that R-07's alternatives would convert; `in_days` says whether any training is in days.
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
    trainings: Sequence[Training], counting: CountedDays, unit: TrainingUnit, context: Context
) -> HoursCount:
    """Count the trainings on the days that count: by session, or else in full on the day of completion (R-08)."""
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
    return HoursCount(tuple(items), total, tuple(not_counted), other_unit, in_days)


def conversion_factor(unit: TrainingUnit, context: Context) -> Fraction | None:
    """Return how much one of the other unit is worth under an alternative of R-07; None by default."""
    if context.assumes("one_to_one"):
        return Fraction(1)
    if context.assumes("forty_five_minutes"):
        return class_hour_factor(unit)
    return None


def class_hour_factor(unit: TrainingUnit) -> Fraction:
    """Return the value of an hour in class hours of 45 minutes, or of such a class hour in hours."""
    if unit == "class_hour":
        return Fraction(MINUTES_OF_HOUR, MINUTES_OF_CLASS_HOUR)
    return Fraction(MINUTES_OF_CLASS_HOUR, MINUTES_OF_HOUR)


def degree_item(educations: Sequence[Education], counting: CountedDays, hundredths: int) -> TrainingPart | None:
    """Return the item that the first social work degree counts as, if awarded on a day that counts (N-11: once)."""
    degree = next((education for education in educations if education.field == "social_work"), None)
    if degree and degree.on in counting:
        return TrainingPart(degree.on, hundredths, degree.sources)
    return None


def _left_out(training: Training, parts: Sequence[TrainingPart], context: Context) -> NotCounted | None:
    """Return the first reason, among those that do not depend on the unit, why the training does not count.

    Of several reports of one training the first recorded counts (R-10); a voided one never does.
    """
    if training.voided:
        return "voided"
    if training.repeats is not None and not context.assumes("sum"):
        return "duplicate"
    if not parts:
        return "outside_window"
    if not _professional(training.subjects) and not context.assumes("all_hours"):
        return "not_professional_subject"
    return None


@lru_cache(MAX_CACHED_SUBJECTS)
def _professional(subjects: tuple[str, ...]) -> bool:
    return any(subject.startswith(SOCIAL_WORK) for subject in subjects)


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
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def in_hundredths(figure: str) -> int:
    """Return a plain decimal string in hundredths."""
    whole, _, rest = figure.partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])
