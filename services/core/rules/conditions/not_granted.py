"""`not_granted`: what the rule gives has not been given yet."""

from collections.abc import Iterator

from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.needs import ConditionNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.verdict import Verdict


class NotGranted(Word, frozen=True):
    """Nothing on record was given as that to which the rule entitles; if something was, a person must look."""

    def compile(self, context: Context) -> Check:
        def check(facts: Facts, day: AskedDay) -> Verdict:
            for grant in facts.grants:
                if grant.determination == context.determination and day.reached(grant.on):
                    return Verdict("needs_review", "granted_already", grant.sources)
            return Verdict("met")

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield nothing: what was given was given."""
        yield from ()
