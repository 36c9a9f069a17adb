"""`evaluate(rules, facts, question) -> Determination`: the one function that judges.

Pure: the same rules, facts and question give the same answer in a live query, a rebuild, an audit or a simulation.
"""

from msgspec import structs

from contracts.events.values import NATION
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.book import Provision, Rules
from services.core.rules.verdict import Determination, Node, Question, Reason, Status


def evaluate(rules: Rules, facts: Facts, question: Question) -> Determination:
    """Answer one question about one person under the rules of one place."""
    day = AskedDay(question.as_of)
    provision, in_force = rules.applicable(facts, day, question)
    node = provision.compiled.answer(facts, day, question)
    if not in_force:
        node = _without_judgement(node, "not_in_force", "edition_not_in_force")
    elif provision.rule is None or provision.rule.undefined is not None:
        node = _without_judgement(node, "undefined_in_policy", _silence(provision))
    elif node.status == "not_applicable":
        node = _without_judgement(node, node.status, node.reason)
    return Determination(
        determination=question.determination,
        jurisdiction=rules.jurisdiction,
        as_of=question.as_of,
        node=node,
        until=day.until,
        readings=provision.readings,
        policy=structs.replace(provision.policy, standards=node.standards) if node.standards else provision.policy,
        source_status=provision.rule.source_status if provision.rule else "confirmed",
    )


def _silence(provision: Provision) -> Reason:
    """Return why there is no rule."""
    if provision.rule is not None:
        return "no_standard_in_the_text"
    return "no_text_known" if provision.pinned.pack.jurisdiction == NATION else "no_such_rule"


def _without_judgement(node: Node, status: Status, reason: Reason | None) -> Node:
    """Return the answer without what only a judgement gives, keeping what follows from the facts alone."""
    return structs.replace(node, status=status, reason=reason, result=node.result.facts_alone(), standards=())
