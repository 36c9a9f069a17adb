"""`evaluate(rules, facts, question) -> Determination`: the one function that judges.

Pure: the same rules, facts and question give the same answer in a live query, a rebuild, an audit or a simulation.
"""

from msgspec import structs

from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.book import Rules
from services.core.rules.verdict import UNJUDGED, Determination, Node, Question, Reason, Status


def evaluate(rules: Rules, facts: Facts, question: Question) -> Determination:
    """Answer one question about one person under the rules of one place. Raises UnreadablePackError."""
    day = AskedDay(question.as_of)
    applicable = rules.applicable(facts, day, question)
    text = applicable.text
    node = text.compiled.answer(facts, day, question, applicable.counted)
    if not applicable.in_force:
        node = _without_judgement(node, "not_in_force", "edition_not_in_force")
    elif node.status in UNJUDGED:
        node = _without_judgement(node, node.status, node.reason)
    return Determination(
        question.determination, rules.jurisdiction, question.as_of, node, until=day.until, ground=text.ground
    )


def _without_judgement(node: Node, status: Status, reason: Reason | None) -> Node:
    """Return the answer without what only a judgement gives, keeping what follows from the facts alone."""
    return structs.replace(node, status=status, reason=reason, result=node.result.facts_alone(), standards=())
