"""`attested`: an assessment attests the professional role."""

from collections.abc import Iterator
from typing import Literal

from msgspec import structs

from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.needs import AssessmentNeed, ConditionNeed
from services.core.rules.parts import Check, Context, Lack, Part, Word
from services.core.rules.verdict import Verdict


class Attested(Word, frozen=True):
    """An assessment covers the day and attests the professional role; if several contradict each other, a person must
    look. Without one, `without_one` decides."""

    without_one: Part

    def compile(self, context: Context) -> Check:
        otherwise = self.without_one.word.compile(context)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            covering = [assessment for assessment in facts.assessments if day.within(assessment.first, assessment.last)]
            if not covering:
                verdict = otherwise(facts, day)
                met = verdict.status == "met"
                return structs.replace(verdict, reason=None if met else "no_attestation_covers_the_day")
            attestations = {assessment.professional_role for assessment in covering}
            sources = tuple(source for assessment in covering for source in assessment.sources)
            if attestations == {True}:
                return Verdict("met", None, sources)
            if attestations == {False}:
                return Verdict("not_met", "professional_role_denied", sources)
            return Verdict("needs_review", "attestations_contradict", sources)

        return check

    def needs(self, lack: Lack, verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield an assessment that covers the day."""
        denied = verdict.reason in ("professional_role_denied", "attestations_contradict")
        code: Literal["professional_role", "professional_role_denied"] = (
            "professional_role_denied" if denied else "professional_role"
        )
        yield AssessmentNeed(code=code, on=lack.as_of, **lack.members())
