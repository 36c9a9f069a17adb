"""`undefined`: the text mentions a matter but gives no rule: the facts are shown, and nothing is judged."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from msgspec import structs

from contracts.policies.language import Rule
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.kinds.ladder import Ladder
from services.core.rules.needs import AnswerNeed
from services.core.rules.parts import Context
from services.core.rules.verdict import Node, Question, make_node
from services.core.rules.windows import Counted


class Undefined(Kind, frozen=True):
    """The clause gives no rule: a scale still to be drawn up, hours without a figure. With `tells`, the post held."""

    STATUSES: ClassVar = frozenset()
    RESULTS: ClassVar = ()

    tells: Literal["post"] | None = None

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        posts = Ladder(bands={}).compile(name, rule, context).answer if self.tells else None
        silence = make_node(name, rule, "undefined_in_policy", reason=context.why_silent, result=context.silence)

        def answer(facts: Facts, day: AskedDay, question: Question, counted: Counted) -> Node:
            if posts is not None:
                node = posts(facts, day, question, counted)
                return structs.replace(silence, sources=node.sources, result=node.result.facts_alone())
            if question.calendar_year is None:
                return silence
            return structs.replace(silence, decided_on=counted.deciding_day.date)

        return Compiled(answer)

    def needs(self, _inquiry: Inquiry, _node: Node) -> Iterator[AnswerNeed]:
        """Yield nothing: a text is missing, no fact."""
        yield from ()
