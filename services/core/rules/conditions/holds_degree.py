"""`holds_degree`: was awarded a degree or diploma."""

from collections.abc import Iterator
from typing import ClassVar

from contracts.events.values import EducationField
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.needs import ConditionNeed, DegreeNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.verdict import Verdict


class HoldsDegree(Word, frozen=True):
    """Was awarded a degree or diploma, in one of `fields`."""

    FOR_REVIEW: ClassVar = "field_not_listed"
    fields: tuple[EducationField, ...] | None = None

    def compile(self, context: Context) -> Check:
        def check(facts: Facts, day: AskedDay) -> Verdict:
            awarded = [education for education in facts.educations if day.reached(education.on)]
            for education in awarded:
                if self.fields is None or education.field in self.fields:
                    return Verdict("met", None, education.sources)
            others = tuple(source for education in awarded for source in education.sources)
            return Verdict("not_met", "no_degree_in_the_field" if awarded else "no_degree", others)

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a degree in one of the fields; in any field, a person must look at it."""
        fields = self.fields or ()
        yield DegreeNeed(code="degree" if fields else "degree_for_review", fields=fields, **lack.members())
