"""A standing: every determination of a person on one day, and the first day on which any of it changes. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from msgspec import Struct, structs

from contracts.events.values import Day, DeterminationId
from services.core.calendar import ONE_DAY, RollingSpan, earliest, next_change
from services.core.facts.facts import Facts
from services.core.rules.book import Rules
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.verdict import Determination, Question, judgement

DETERMINATIONS: Sequence[DeterminationId] = get_args(DeterminationId)
STANDING: Sequence[DeterminationId] = tuple(name for name in DETERMINATIONS if name not in OF_A_LEVEL)
"""The determinations in a standing: all but those that need a level."""
MAX_STEPS = 1_000
"""Days of possible change that are evaluated before an early day is accepted.

Random careers never need more than a dozen. One person with thousands of future facts must not hold up everyone else.
"""
MAX_LOOKED_AT = 100_000
"""Facts that these evaluations look at together, before an early day is accepted: each looks at all of a person's."""


class Standing(Struct, frozen=True):
    """Every determination of one person on the day `as_of`.

    `next_change_on` is the first day on which any of them differs, whatever earlier day is asked about. If it took more
    than `MAX_STEPS` evaluations to find, or as many as `MAX_LOOKED_AT` leaves, it may be early, and `settled` is false.
    """

    jurisdiction: str
    as_of: Day
    next_change_on: Day | None
    settled: bool
    determinations: Mapping[str, Determination]


def stand(rules: Rules, facts: Facts, as_of: Day, place_until: Day | None = None) -> Standing:
    """Return the standing under the rules of one place. `place_until` is the person's last day in that place."""
    questions = [Question(name, as_of) for name in STANDING]
    answers = {question: evaluate(rules, facts, question) for question in questions}
    until, settled = _stands_until(rules, facts, answers, place_until)
    return Standing(
        rules.jurisdiction,
        as_of,
        next_change(until),
        settled,
        {question.determination: answer for question, answer in answers.items()},
    )


def with_exact_last_day(rules: Rules, facts: Facts, question: Question, answer: Determination) -> Determination:
    """Return the answer with the exact last day on which it stands."""
    until, _ = _stands_until(rules, facts, {question: answer}, None)
    return structs.replace(answer, until=until)


def stored(determination: Determination) -> dict[str, Any]:
    """Return the stored part of a determination: its judgement, without a rolling window, which moves every day."""
    stored_part = judgement(determination)
    if determination.node.rolling is None:
        return stored_part
    return {**stored_part, "result": structs.replace(stored_part["result"], window=None)}


def lasting_part(determination: Determination) -> tuple[dict[str, Any], RollingSpan | None]:
    """Return what stays as it is while only days go by: the stored part, and how a rolling window moves.

    A text renewed with other years changes the window of every later day, even if nothing else of the answer.
    """
    return stored(determination), determination.node.rolling


def _stands_until(
    rules: Rules, facts: Facts, answers: Mapping[Question, Determination], place_until: Day | None
) -> tuple[Day | None, bool]:
    """Return the last day on which all answers stand, and whether that day is exact.

    An answer may hold until a day on which nothing happens. Such days are skipped, so that evaluations on different
    days agree on the day of the next change.
    """
    untils = {question: answer.until for question, answer in answers.items()}
    for _ in range(min(MAX_STEPS, MAX_LOOKED_AT // max(facts.number, 1))):
        until = earliest(untils.values())
        if until is None or until >= date.max or (place_until is not None and place_until <= until):
            return earliest((until, place_until)), True
        for question in [question for question, day in untils.items() if day == until]:
            later = evaluate(rules, facts, structs.replace(question, as_of=until + ONE_DAY))
            if lasting_part(later) != lasting_part(answers[question]):
                return until, True
            untils[question] = later.until
    return earliest((*untils.values(), place_until)), False
