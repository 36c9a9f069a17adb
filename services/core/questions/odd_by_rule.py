"""What is odd about facts by the rules of a place: a registration that is not as long as they say. Pure."""

from collections.abc import Iterator

from contracts.events.values import Day
from services.core.calendar import ONE_DAY, add_months
from services.core.facts.facts import Facts, OddFact
from services.core.rules.book import Rules
from services.core.rules.terms import Calendar, RegistrationTerm, UndefinedTermError
from services.core.rules.verdict import Question


def odd_by_rule(rules: Rules, facts: Facts, as_of: Day) -> Iterator[OddFact]:
    """Yield the registrations whose printed term has another length than the rule that is in force on the day.

    It may end on the corresponding day or on the day before: which of them is printed differs (R-12).
    """
    answering = rules.answering(facts, Question("registration", as_of))
    if not answering.in_force:
        return
    try:
        months = answering.text.context.term(RegistrationTerm).months
    except UndefinedTermError:
        return
    round_up = answering.text.context.term(Calendar).round_up
    for registration in facts.registrations:
        last = add_months(registration.first, months, round_up=round_up)
        if registration.printed_last not in (None, last, last - ONE_DAY):
            detail = f"from {registration.first} to {registration.printed_last}, by the rule to {last}"
            yield OddFact(registration.sources[0].event_id, "registration_length", detail)
