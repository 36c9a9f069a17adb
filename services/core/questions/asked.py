"""A question with what one must know to say what would change its answer. Pure."""

from collections.abc import Callable

from msgspec import Struct

from contracts.events.values import Day
from contracts.policies.language import Rule
from services.core.facts.facts import Facts
from services.core.rules.verdict import Context, Determination, Question


class Asked(Struct, frozen=True):
    """A question, whom it is about, and the rule that answers it. `on` asks it again of another day."""

    facts: Facts
    question: Question
    rule: Rule
    context: Context
    on: Callable[[Day], Determination]

    @property
    def as_of(self) -> Day:
        """The day asked about."""
        return self.question.as_of
