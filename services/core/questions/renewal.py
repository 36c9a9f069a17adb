"""When a registration that an answer rests on can be renewed. Pure."""

from collections.abc import Iterator

from services.core.calendar import ONE_DAY, AskedDay, add_months
from services.core.questions.advice import Renewal
from services.core.questions.inquiry import Inquiry
from services.core.questions.unmet import last_held_day
from services.core.rules.conditions import registration_on
from services.core.rules.parts import named_conditions
from services.core.rules.verdict import HOLDING, Node

RENEWAL_MONTHS = 3
"""A registration is renewed in the last three months of its term (N-07)."""


def renewal(inquiry: Inquiry, node: Node) -> Iterator[Renewal]:
    """Yield the days on which the registration behind an answer can be renewed, unless it has been renewed already.

    Yields nothing where a renewal makes no difference: the answer does not hold, or the text ends first and no other
    takes over.
    """
    rests_on_it = inquiry.rule.registration is not None or any(
        condition.registered is not None for condition in named_conditions(inquiry.rule).values()
    )
    if not rests_on_it or node.status not in (*HOLDING, "needs_review"):
        return
    current, _ = registration_on(inquiry.facts, AskedDay(inquiry.as_of), inquiry.context)
    if current is None or current.ended_on is not None:
        return
    last, ends = last_held_day(current, inquiry.context), inquiry.text_ends
    if ends is not None and ends <= last:
        return
    if any(last_held_day(other, inquiry.context) > last for other in inquiry.facts.registrations):
        return
    opens = add_months(last, -RENEWAL_MONTHS) + ONE_DAY
    yield Renewal(code="renewal" if inquiry.as_of < opens else "renewal_open", need="renewal", from_=opens, until=last)
