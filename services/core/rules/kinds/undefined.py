"""Where a place's text gives no rule: what the facts alone say is told, and nothing is judged."""

from msgspec import structs

from contracts.policies.language import Ladder, Rule, Text, Undefined
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.kinds.ladder import ladder
from services.core.rules.result import Result
from services.core.rules.verdict import Compiled, Context, Node, Question, made, period_decided_on

NO_RULE = Rule(
    clause="",
    text=Text(zh="", en=""),
    undefined=Undefined(),
)
"""What stands for a rule where the text is silent altogether: it has no clause and no sentence."""


def undefined(name: str, rule: Rule, context: Context, empty: Result) -> Compiled:
    """Answer with the empty result of the determination, but for what the facts alone give: a post that is held."""
    posts = ladder(Ladder(bands=()), name, rule, context).form if name == "grade" else None

    def form(facts: Facts, day: AskedDay, question: Question) -> Node:
        if posts is not None:
            return structs.replace(posts(facts, day, question), status="undefined_in_policy", reason="no_such_rule")
        decided_on = period_decided_on(facts, day, question).date
        return made(name, rule, "undefined_in_policy", reason="no_such_rule", result=empty, decided_on=decided_on)

    return Compiled(form)
