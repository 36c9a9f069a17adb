"""The whole answer to one question: `evaluate`, and what is got by asking it again. Pure.

That is the exact last day, what other readings would give, and what would change the answer.
"""

from msgspec import Struct, structs

from contracts.events.values import Day
from contracts.policies.readings import Choice, assumptions
from services.core.facts.facts import Facts
from services.core.questions.advice import Advice
from services.core.questions.asked import Asked
from services.core.questions.standing import to_its_last_day
from services.core.questions.would_change import would_change
from services.core.rules.book import Rules
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.undefined import NO_RULE
from services.core.rules.verdict import Determination, Question, Status


class Alternative(Struct, frozen=True):
    """What the status would be under another reading."""

    reading: str
    choice: Choice
    status: Status


class WholeAnswer(Determination, frozen=True):
    """A determination, and what is got by asking again."""

    alternatives: tuple[Alternative, ...]
    would_change: tuple[Advice, ...]


def whole_answer(rules: Rules, facts: Facts, question: Question) -> WholeAnswer:
    """Return the answer with its exact last day, what other readings would give, and what would change it."""
    found = evaluate(rules, facts, question)
    return WholeAnswer(
        **structs.asdict(to_its_last_day(rules, facts, question, found)),
        alternatives=alternatives_of(rules, facts, question, found),
        would_change=would_change(_asked(rules, facts, question), found),
    )


def alternatives_of(rules: Rules, facts: Facts, question: Question, found: Determination) -> tuple[Alternative, ...]:
    """Return the readings under which `found`, the answer, would have another status: each is assumed in turn."""
    others: dict[tuple[str, Status], Alternative] = {}
    for reading in found.readings:
        for assumption in assumptions(reading):
            status = evaluate(rules.assuming(assumption), facts, question).node.status
            if status != found.node.status:
                others.setdefault((reading, status), Alternative(reading, assumption.choice, status))
    return tuple(others.values())


def _asked(rules: Rules, facts: Facts, question: Question) -> Asked:
    """Return the question with what one must know to say what would change its answer."""
    provision = rules.provision_for(facts, question)

    def on(day: Day) -> Determination:
        return evaluate(rules, facts, structs.replace(question, as_of=day))

    return Asked(facts, question, provision.rule or NO_RULE, provision.context, on)
