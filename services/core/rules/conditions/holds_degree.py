"""`holds_degree`: was awarded a degree or diploma."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from contracts.events.values import EducationField, EducationLevel
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.needs import ConditionNeed, DegreeNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.verdict import Verdict


class HoldsDegree(Word, frozen=True):
    """Was awarded a degree or diploma, of one of the levels and in one of the fields."""

    FOR_REVIEW: ClassVar = "field_not_listed"
    levels: tuple[EducationLevel, ...] | None = None
    fields: tuple[EducationField, ...] | None = None

    def compile(self, context: Context) -> Check:
        def check(facts: Facts, day: AskedDay) -> Verdict:
            awarded = [
                education
                for education in facts.educations
                if (self.levels is None or education.level in self.levels) and day.reached(education.on)
            ]
            for education in awarded:
                if self.fields is None or education.field in self.fields:
                    return Verdict("met", None, education.sources)
            others = tuple(source for education in awarded for source in education.sources)
            return Verdict("not_met", "no_degree_in_the_field" if awarded else "no_degree", others)

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a degree of the levels in one of the fields."""
        code: Literal["degree", "degree_any"] = "degree" if self.fields else "degree_any"
        yield DegreeNeed(code=code, levels=self.levels or (), fields=self.fields or (), **lack.members())
