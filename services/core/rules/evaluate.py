"""`evaluate(rules, facts, question) -> Determination`: the one function that every caller asks.

Pure: the same rules, facts and question give the same answer in the live query, a rebuild, an audit, a simulation.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from contracts.events.values import NATION, Day
from services.core.calendar import ONE_DAY
from services.core.facts.facts import Facts
from services.core.rules.book import Applicable, Rules
from services.core.rules.kinds.undefined import HELD, HOURS_FIELDS
from services.core.rules.verdict import Context, Determination, Node, Question, Reason, Status

FACTS_ALONE = frozenset({*HELD, *HOURS_FIELDS})
"""What the facts alone give, and what is kept when no judgement is made."""


def evaluate(rules: Rules, facts: Facts, question: Question) -> Determination:
    """Answer one question about one person under the rules of one place."""
    found = rules.applicable(question)
    node = _answer(rules, found, facts, question)
    return Determination(
        determination=question.determination,
        jurisdiction=rules.jurisdiction,
        as_of=question.as_of,
        node=node,
        readings=found.readings,
        policy=structs.replace(found.policy, standards=node.standards) if node.standards else found.policy,
        source_status=found.rule.source_status if found.rule else "confirmed",
    )


def _answer(rules: Rules, found: Applicable, facts: Facts, question: Question) -> Node:
    """Return the form's answer with the days of the edition over it."""
    context, form = rules.compiled(found, question.determination)
    node = form(facts, question)
    day = node.decided_on or question.as_of
    until = node.until
    ends = _edition_until(context, day) if day == question.as_of else None
    if ends is not None and (until is None or ends < until):
        until = ends
    if not context.first_day <= day or (context.last_day is not None and day > context.last_day):
        need = ({"need": "in_force", "from": context.first_day.isoformat()},) if day < context.first_day else ()
        return _without_judgement(node, "not_in_force", until, "edition_not_in_force", need)
    if found.rule is None or found.rule.undefined is not None:
        return _without_judgement(node, "undefined_in_policy", until, _silence(found), ())
    if node.status == "not_applicable":
        return _without_judgement(node, node.status, until, node.reason, node.would_change)
    return node if until == node.until else structs.replace(node, until=until)


def _silence(found: Applicable) -> Reason:
    """Return why there is no rule to go by."""
    if found.rule is not None:
        return "no_standard_in_the_text"
    return "no_text_known" if found.pinned.pack.jurisdiction == NATION else "no_such_rule"


def _edition_until(context: Context, day: Day) -> Day | None:
    if day < context.first_day:
        return context.first_day - ONE_DAY
    return context.last_day if context.last_day is not None and day <= context.last_day else None


def _without_judgement(
    node: Node, status: Status, until: Day | None, reason: Reason | None, would_change: tuple[Mapping[str, Any], ...]
) -> Node:
    """Return the answer without what only a judgement gives; what the facts alone give stays."""
    result = {
        name: value if name in FACTS_ALONE else [] if isinstance(value, list) else None
        for name, value in node.result.items()
    }
    return structs.replace(
        node, status=status, until=until, reason=reason, result=result, would_change=would_change, standards=()
    )
