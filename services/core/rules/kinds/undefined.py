"""Where a place's text gives no rule: what the facts alone say is told, and nothing is judged."""

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from contracts.policies.language import Ladder, Rule, Text, Undefined
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.kinds.ladder import ladder
from services.core.rules.kinds.training_hours import NO_HOURS
from services.core.rules.verdict import Compiled, Context, Node, Question, made, period_decided_on

HOURS_FIELDS = tuple(NO_HOURS)
HELD = frozenset({"recorded_post_level", "post"})
"""What the facts alone say of a post, whatever the text says."""
LISTS = frozenset({"missing", "unresolved", "not_counted"})
RESULT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "deemed", "since"),
    "talent": ("route", "engaged", *HOURS_FIELDS),
    "talent.quality": ("route", "engaged", *HOURS_FIELDS),
    "continuing_education.annual": HOURS_FIELDS,
    "continuing_education.plan_period": HOURS_FIELDS,
    "allowance": ("tier", "amount", "unit", "standard", "missing", "unresolved", "eligible_since"),
    "benefit.child_education": ("basis", "missing"),
    "benefit.settlement": ("basis", "missing"),
    "benefit.apartment": ("basis", "missing"),
    "reward.new_talent": ("basis", "missing"),
    "reward.exam": ("basis", "missing"),
    "supervisor": ("rank", "since"),
    "technical_staff": ("level", "since"),
}
NO_RULE = Rule(
    clause="",
    text=Text(zh="", en=""),
    undefined=Undefined(),
)
"""What stands for a rule where the text is silent altogether: it has no clause and no sentence."""


def undefined(_spec: Undefined, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer with the fields of the determination, empty but for what the facts alone give: a post that is held."""
    posts = ladder(Ladder(bands=()), name, rule, context).form if name == "grade" else None
    empty: dict[str, Any] = {field: [] if field in LISTS else None for field in RESULT_FIELDS.get(name, ())}

    def form(facts: Facts, day: AskedDay, question: Question) -> Node:
        if posts is not None:
            return structs.replace(posts(facts, day, question), status="undefined_in_policy", reason="no_such_rule")
        decided_on = period_decided_on(facts, day, question).date
        return made(name, rule, "undefined_in_policy", reason="no_such_rule", result=empty, decided_on=decided_on)

    return Compiled(form)
