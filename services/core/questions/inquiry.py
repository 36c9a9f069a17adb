"""A question with everything that advice on its answer needs. Pure."""

from collections.abc import Callable

from msgspec import Struct

from contracts.events.values import Day
from contracts.policies.language import Rule
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
