"""When a registration that an answer rests on can be renewed. Pure."""

from collections.abc import Iterator

from services.core.calendar import ONE_DAY, AskedDay, add_months
from services.core.questions import advice
from services.core.rules.conditions.registered import (
    Registered,
    approved_certificates,
    last_granted_day,
    last_held_day,
    registration_on,
)
from services.core.rules.kinds.kind import Inquiry
from services.core.rules.kinds.registration import Registration
from services.core.rules.parts import words_of
from services.core.rules.terms import Renewal
from services.core.rules.verdict import HOLDING, Node


def renewal(inquiry: Inquiry, node: Node) -> Iterator[advice.Renewal]:
    """Yield the days on which the registration behind an answer can be renewed, unless it has been renewed already.

    Yields nothing where a renewal makes no difference: the answer does not hold, or the text ends first and no other
    takes over; nor where no certificate is held that could be registered again.
    """
    if not rests_on_registration(inquiry, node):
        return
    granted, day = last_granted_day(inquiry.context), AskedDay(inquiry.as_of)
    current = registration_on(inquiry.facts, day, granted).current
    if current is None or current.ended_on is not None or not approved_certificates(inquiry.facts, day):
        return
    last, ends = last_held_day(current, granted), inquiry.text_ends
    if ends is not None and ends <= last:
        return
    if any(last_held_day(other, granted) > last for other in inquiry.facts.registrations):
        return
    term = inquiry.context.term(Renewal)
    opens = add_months(last, -term.last_months) + ONE_DAY
    yield advice.Renewal(
        code="renewal" if inquiry.as_of < opens else "renewal_open",
        need="renewal",
        from_=opens,
        until=last,
        clause=term.clause or inquiry.rule.clause,
    )


def rests_on_registration(inquiry: Inquiry, node: Node) -> bool:
    """Say whether an answer that holds, or is open, rests on a registration."""
    rule_asks = isinstance(inquiry.kind, Registration) or any(
        isinstance(word, Registered) for word in words_of(inquiry.kind)
    )
    return rule_asks and node.status in (*HOLDING, "needs_review")
