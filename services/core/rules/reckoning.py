"""Hours counted in a window and compared with a figure: for continuing education, and as a condition. Pure."""

from collections.abc import Callable, Mapping
from math import ceil
from typing import Annotated, ClassVar, TypeAlias

from msgspec import Meta, Struct, structs

from contracts.events.values import AMOUNT_PATTERN, CertificateLevel, Day, TrainingUnit
from services.core.calendar import Window
from services.core.facts.facts import Facts, Sources
from services.core.rules.conditions.certificates import certificates_held
from services.core.rules.hours import (
    CountedDays,
    HoursCount,
    Hundredths,
    count_hours,
    decimal_text,
    degree_items,
    in_hundredths,
)
from services.core.rules.parts import Context
from services.core.rules.result import Figure, Result
from services.core.rules.terms import TrainingTerm, factors_of
from services.core.rules.verdict import LeftOut, Workings

Hours = Annotated[str, Meta(pattern=AMOUNT_PATTERN)]


class HoursResult(Result, frozen=True):
    """Hours compared with a required figure. All of it follows from the facts, so it needs no judgement."""

    counted_hours: Figure | None = None
    required_hours: Figure | None = None
    shortfall_hours: Figure | None = None
    window: Window | None = None
    met_on: Day | None = None
    not_counted: tuple[LeftOut, ...] = ()

    KEY: ClassVar = "shortfall_hours"
    ANNOUNCED: ClassVar = ("required_hours",)

    def facts_alone(self) -> Result:
        return self


class Reckoning(Struct, frozen=True):
    """Hours counted for the deciding day, and the figure they are compared with. Without a figure no rule applies."""

    unit: TrainingUnit
    window: Window
    decided_on: Day
    count: HoursCount
    required: Hundredths | None
    sources: Sources

    @property
    def shortfall(self) -> int | None:
        """What is missing from the figure, in hundredths, rounded up so that it is enough; 0 once it is reached."""
        if self.required is None:
            return None
        return 0 if self.count.total >= self.required else ceil(self.required) - int(self.count.total)

    def result(self) -> HoursResult:
        """Return what an answer gives of it."""
        count, required, shortfall = self.count, self.required, self.shortfall
        return HoursResult(
            counted_hours=decimal_text(count.total),
            required_hours=None if required is None else decimal_text(ceil(required)),
            shortfall_hours=None if shortfall is None else decimal_text(shortfall),
            window=self.window,
            met_on=None if required is None else count.met_on(required),
            not_counted=count.not_counted,
        )

    def workings(self, facts: Facts) -> Workings:
        """Return what it was computed from."""
        return Workings(self.unit, facts.trainings, self.count.items, self.count.not_counted)

    def unconverted(self, facts: Facts) -> Sources:
        """Return the trainings that leave an answer open because their unit is not converted."""
        open_ = {item.event_id for item in self.count.not_counted if item.reason == "unit_not_convertible"}
        return tuple(
            source for training in facts.trainings if training.event_id in open_ for source in training.sources
        )


Reckon: TypeAlias = Callable[[Facts, CountedDays], Reckoning]
IsOpen: TypeAlias = Callable[[HoursCount, Hundredths], bool]


def reckoner(
    unit: TrainingUnit,
    at_least: Hours | Mapping[CertificateLevel, Hours],
    context: Context,
    degree_counts: Hours | None = None,
    *,
    each_degree: bool = False,
) -> Reckon:
    """Return the function that counts hours and finds the figure: one for all, or one by the national certificate held.

    With `degree_counts`, the first degree of the profession counts as so many, or each one.
    """
    term = context.term(TrainingTerm)
    degree_hours = None if degree_counts is None else in_hundredths(degree_counts)
    by_level = {} if isinstance(at_least, str) else {level: in_hundredths(hours) for level, hours in at_least.items()}
    required = in_hundredths(at_least) if isinstance(at_least, str) else None
    held_on = certificates_held(context, None, "national") if by_level else None

    def counted(facts: Facts, counting: CountedDays) -> HoursCount:
        count = count_hours(facts.trainings, counting, unit, term)
        if degree_hours is None:
            return count
        degrees = degree_items(facts.educations, counting, degree_hours, term, each=each_degree)
        total = count.total + len(degrees) * degree_hours
        return structs.replace(count, items=(*count.items, *degrees), total=total) if degrees else count

    def reckon(facts: Facts, counting: CountedDays) -> Reckoning:
        count = counted(facts, counting)
        figure = required
        sources: Sources = ()
        if held_on and (held := held_on(facts, counting.day)):
            figure, sources = by_level.get(held[0].level), held[0].sources
        return Reckoning(
            unit=unit,
            window=counting.window,
            decided_on=counting.day.date,
            count=count,
            required=figure,
            sources=sources + tuple([source for item in count.items for source in item.sources]),
        )

    return reckon


def openness(unit: TrainingUnit, context: Context) -> IsOpen:
    """Return the function that says whether converting the other unit could change if the figure is reached (R-07).

    It is open too where trainings in days, which nothing converts, are not needed to decide: not if it is reached.
    """
    factors = factors_of(context.term(TrainingTerm).minutes_of_class_hour, unit)
    several = factors if len(factors) > 1 else ()

    def is_open(count: HoursCount, figure: Hundredths) -> bool:
        met = count.total >= figure
        if count.other_unit and any((count.total + count.other_unit * factor >= figure) != met for factor in several):
            return True
        return count.in_days and not met

    return is_open
