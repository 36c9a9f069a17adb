"""Determinations for which a place's text gives no rule: the facts are shown, and nothing is judged."""

from msgspec import structs

from contracts.policies.language import Ladder, Rule, Text, Undefined
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.kinds.ladder import ladder
from services.core.rules.result import Result
from services.core.rules.verdict import Compiled, Context, Node, Question, deciding_day_of_period, make_node

NO_RULE = Rule(
    clause="",
    text=Text(zh="", en=""),
    undefined=Undefined(),
)
"""Stands in for a rule where the text is silent: it has no clause and no sentence."""


def undefined(name: str, rule: Rule, context: Context, empty: Result) -> Compiled:
    """Answer with the empty result of the determination; for the grade, with the post held, which needs no rule."""
    posts = ladder(Ladder(bands=()), name, rule, context).answer if name == "grade" else None

    def answer(facts: Facts, day: AskedDay, question: Question) -> Node:
        if posts is not None:
            return structs.replace(posts(facts, day, question), status="undefined_in_policy", reason="no_such_rule")
        decided_on = deciding_day_of_period(facts, day, question).date
        return make_node(name, rule, "undefined_in_policy", reason="no_such_rule", result=empty, decided_on=decided_on)

    return Compiled(answer)
