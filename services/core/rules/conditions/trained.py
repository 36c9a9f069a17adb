"""`trained`: has hours of training in a window that rolls."""

from collections.abc import Iterator

from contracts.events.values import TrainingUnit
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.hours import decimal_text
from services.core.rules.needs import ConditionNeed, HoursNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.reckoning import Hours, Reckoning, openness, reckoner
from services.core.rules.verdict import Verdict
from services.core.rules.windows import RollingWindow, rolling


class Trained(Word, frozen=True):
    """Has at least so many hours of training in the years up to the day; open if an unconverted unit could decide."""

    window: RollingWindow
    unit: TrainingUnit
    at_least: Hours

    def compile(self, context: Context) -> Check:
        reckon, is_open = reckoner(self.unit, self.at_least, context), openness(self.unit, context)
        counting_on = rolling(self.window.rolling_years, context)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            reckoning = reckon(facts, counting_on(day))
            figure = reckoning.required or 0
            if is_open(reckoning.count, figure):
                sources = reckoning.sources + reckoning.unconverted(facts)
                return Verdict("needs_review", "unit_not_convertible", sources, detail=reckoning)
            if reckoning.count.total >= figure:
                return Verdict("met", None, reckoning.sources, detail=reckoning)
            return Verdict("not_met", "shortfall_of_last_years", reckoning.sources, detail=reckoning)

        return check

    def needs(self, lack: Lack, verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield the hours that are missing."""
        if isinstance(verdict.detail, Reckoning) and verdict.detail.shortfall:
            short = decimal_text(verdict.detail.shortfall)
            yield HoursNeed(code="hours_rolling", need=self.unit, amount=short, from_=lack.as_of)
