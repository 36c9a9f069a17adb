"""What is missing for a better answer, with dates and figures, as codes. Pure."""

from collections.abc import Iterator, Sequence
from typing import get_args

from contracts.events.values import Day
from services.core.questions import advice
from services.core.questions.advice import Advice
from services.core.rules.conditions.designated import Perhaps
from services.core.rules.kinds.kind import Inquiry
from services.core.rules.kinds.training import Training
from services.core.rules.needs import PlainNeed
from services.core.rules.reckoning import HoursResult
from services.core.rules.verdict import HOLDING, Decision, Node

DECISIONS: Sequence[Decision] = get_args(Decision)


def missing(inquiry: Inquiry, node: Node) -> Iterator[Advice]:
    """Yield what would change the answer if it were recorded."""
    if node.status == "undefined_in_policy" or (node.status == "not_in_force" and not inquiry.rule.clause):
        yield PlainNeed(code="rule", need="rule", from_=inquiry.as_of)
    elif node.status == "not_applicable" and node.decided_on is not None and node.decided_on < inquiry.as_of:
        yield _facts_of_the_past(inquiry, node, node.decided_on)
    elif node.status != "not_in_force":
        decisions = tuple(_decisions(inquiry, node))
        needs = () if node.status in HOLDING else tuple(inquiry.kind.needs(inquiry, node))
        yield from decisions
        yield from needs
        if node.status == "needs_review" and not decisions and not needs:
            yield PlainNeed(code="review", need="review", from_=inquiry.as_of)


def _facts_of_the_past(inquiry: Inquiry, node: Node, decided_on: Day) -> Advice:
    """Return the day that decided, or the period where work on any of its days would have counted."""
    window = node.result.window if isinstance(node.result, HoursResult) else None
    if window and isinstance(inquiry.kind, Training) and inquiry.kind.looks_back:
        return advice.FactsOfAPeriod(from_=window.first, until=decided_on)
    return advice.FactsOfADay(on=decided_on)


def _decisions(inquiry: Inquiry, node: Node) -> Iterator[Advice]:
    """Yield each decision that the answer waits for, by the reason that leaves it open."""
    if node.status != "needs_review":
        return
    for part in (node, *node.children):
        # A rule repeats the reason of its condition; the decision is listed once, with the clause of the condition.
        repeated = part is node and any(child.reason == node.reason for child in node.children)
        decision = next((candidate for candidate in DECISIONS if candidate == part.reason), None)
        if part.status == "needs_review" and decision and not repeated:
            titles = (part.detail.title,) if isinstance(part.detail, Perhaps) else ()
            yield advice.DecisionNeed(
                need="review", from_=inquiry.as_of, reason=decision, clause=part.clause, titles=titles
            )
