"""A question with everything that advice on its answer needs. Pure."""

from collections.abc import Callable

from msgspec import Struct

from contracts.events.values import Day
from contracts.policies.language import Rule
from services.core.calendar import ONE_DAY
from services.core.facts.facts import Facts
from services.core.rules.verdict import Context, Determination, Question


class Inquiry(Struct, frozen=True):
    """A question, the facts of the person, and the rule that answers it. `on` evaluates it for another day."""

    facts: Facts
    question: Question
    rule: Rule
    context: Context
    on: Callable[[Day], Determination]

    @property
    def as_of(self) -> Day:
        """The day asked about."""
        return self.question.as_of

    @property
    def text_ends(self) -> Day | None:
        """The last day of the text that answers; None where it has none, or another text takes over."""
        last = self.context.last_day
        if last is None:
            return None
        here, next_day = self.on(self.as_of).policy, self.on(last + ONE_DAY).policy
        return last if (here.jurisdiction, here.edition) == (next_day.jurisdiction, next_day.edition) else None
