"""The whole answer to one question: what `evaluate` returns, and what further evaluations add. Pure.

They add the exact last day, the status under other readings, and what would change the answer.
"""

from functools import partial

from msgspec import Struct, structs

from contracts.policies.readings import Assumption
from services.core.facts.facts import Facts
from services.core.questions.advice import Advice
from services.core.questions.standing import with_exact_last_day
from services.core.questions.would_change import would_change
from services.core.rules.book import Rules
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.kind import Inquiry
from services.core.rules.kinds.registry import kind_of_rule, silence
from services.core.rules.verdict import Determination, Question, Status


class Alternative(Struct, frozen=True):
    """The status under another reading."""

    reading: str
    choice: str
    status: Status


class WholeAnswer(Determination, frozen=True):
    """A determination with its alternatives and advice."""

    alternatives: tuple[Alternative, ...]
    would_change: tuple[Advice, ...]


def whole_answer(rules: Rules, facts: Facts, question: Question) -> WholeAnswer:
    """Return the answer with its exact last day, its alternatives, and what would change it."""
    answer = evaluate(rules, facts, question)
    return WholeAnswer(
        **structs.asdict(with_exact_last_day(rules, facts, question, answer)),
        alternatives=alternatives_of(rules, facts, question, answer),
        would_change=would_change(_inquiry_of(rules, facts, question), answer),
    )


def alternatives_of(rules: Rules, facts: Facts, question: Question, answer: Determination) -> tuple[Alternative, ...]:
    """Return the readings under which the answer would have another status. Each is assumed in turn."""
    others: dict[tuple[str, Status], Alternative] = {}
    for reading, names in answer.ground.choices.items():
        for choice in names:
            status = evaluate(rules.assuming(Assumption(reading, choice)), facts, question).node.status
            if status != answer.node.status:
                others.setdefault((reading, status), Alternative(reading, choice, status))
    return tuple(others.values())


def _inquiry_of(rules: Rules, facts: Facts, question: Question) -> Inquiry:
    answering = rules.answering(facts, question)
    rule = answering.provision.rule or silence(question.determination)
    return Inquiry(facts, question, rule, kind_of_rule(rule), answering.text.context, partial(evaluate, rules))
