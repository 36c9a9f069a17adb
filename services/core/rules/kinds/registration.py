"""`registration`: the registration in force, or the last one."""

from collections.abc import Iterator
from typing import ClassVar

from contracts.events.values import Day
from contracts.policies.language import Rule
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.conditions import registered
from services.core.rules.conditions.registered import (
    last_granted_day,
    last_registered_day,
    registration_on,
    why_over,
)
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed
from services.core.rules.parts import Context
from services.core.rules.result import Result
from services.core.rules.terms import FirstRegistration, Renewal
from services.core.rules.verdict import Node, Question, make_node
from services.core.rules.windows import Counted


class RegistrationHeld(Result, frozen=True):
    """The registration in force, or the last one: the first and last days on which it is valid."""

    valid_from: Day | None = None
    valid_until: Day | None = None

    KEY: ClassVar = "valid_until"


class Registration(Kind, frozen=True):
    """The registration in force, or else the latest one that has lapsed (R-12)."""

    STATUSES: ClassVar = frozenset({"valid", "lapsed", "none"})
    RESULTS: ClassVar = (RegistrationHeld,)

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        granted = last_granted_day(context)
        context.term(Renewal)  # Advice tells when to renew: a rule that could not is refused when it is compiled.
        context.terms.known(FirstRegistration)  # Its answers name the reading by which advice says until when to apply.

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            on_day = registration_on(facts, day, granted)
            shown = on_day.current or on_day.latest
            if shown is None:
                return make_node(name, rule, "none", reason="no_registration", result=RegistrationHeld())
            return make_node(
                name,
                rule,
                "valid" if on_day.current else "lapsed",
                sources=shown.sources,
                reason=None if on_day.current else why_over(shown, granted),
                result=RegistrationHeld(shown.first, last_registered_day(shown, day, granted)),
            )

        return Compiled(answer)

    def needs(self, inquiry: Inquiry, _node: Node) -> Iterator[AnswerNeed]:
        """Yield what leads to a registration."""
        yield from registered.needs(inquiry.lack("registration"), to_ask="review")
