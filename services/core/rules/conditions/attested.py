"""`attested`: an assessment attests the professional role."""

from collections.abc import Iterator
from typing import Literal

from msgspec import structs

from services.core.calendar import AskedDay
from services.core.facts.facts import Assessment, Facts
from services.core.rules.needs import AssessmentNeed, ConditionNeed
from services.core.rules.parts import Check, Context, Lack, Part, Word
from services.core.rules.verdict import Verdict


class Attested(Word, frozen=True):
    """An assessment covers the day and attests the professional role; if several contradict each other, a person must
    look. Without one, `without_one` decides.

    An assessment covers the days printed on it, or of them, as `counts` may say, those up to the day on which it was
    made (R-33).
    """

    without_one: Part
    counts: Literal["as_printed", "until_made"] | None = None

    def compile(self, context: Context) -> Check:
        otherwise, until_made = self.without_one.word.compile(context), self.counts == "until_made"

        def covers(assessment: Assessment, day: AskedDay) -> bool:
            last = min(assessment.last, assessment.decided_on) if until_made else assessment.last
            return day.within(assessment.first, last)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            covering = [assessment for assessment in facts.assessments if covers(assessment, day)]
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
