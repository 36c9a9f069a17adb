"""When a registration that an answer rests on can be renewed. Pure."""

from collections.abc import Iterator

from services.core.calendar import ONE_DAY, AskedDay, add_months
from services.core.questions.advice import Renewal
from services.core.questions.asked import Asked
from services.core.questions.unmet import last_held_day
from services.core.rules.conditions import registration_on
from services.core.rules.parts import named_conditions
from services.core.rules.verdict import HOLDING, Node

RENEWAL_MONTHS = 3
"""A registration is renewed in the last three months of its term (N-07)."""


def renewal(asked: Asked, node: Node) -> Iterator[Renewal]:
    """Yield the days on which the registration can be renewed that the answer rests on, if it is not renewed yet.

    An answer that fails for want of something else, or whose text ends no later, is the same without the renewal.
    """
    rests_on_it = asked.rule.registration is not None or any(
        condition.registered is not None for condition in named_conditions(asked.rule).values()
    )
    if not rests_on_it or node.status not in (*HOLDING, "needs_review"):
        return
    current, _ = registration_on(asked.facts, AskedDay(asked.as_of), asked.context)
    if current is None or current.ended_on is not None:
        return
    last, ends = last_held_day(current, asked.context), asked.context.last_day
    if ends is not None and ends <= last:
        return
    if any(last_held_day(other, asked.context) > last for other in asked.facts.registrations):
        return
    opens = add_months(last, -RENEWAL_MONTHS) + ONE_DAY
    yield Renewal(code="renewal" if asked.as_of < opens else "renewal_open", need="renewal", from_=opens, until=last)
