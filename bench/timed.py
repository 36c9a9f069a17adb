"""Times one piece of work over many people; run as a script, it times the engine of another tree.

As a script it runs in the tree of the engine before, whose modules it imports: for each line with the name of a piece
of work it prints what that costs for one person. So the same code times both sides, over the same demo careers.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Literal, TypeAlias, TypeVar, get_args

T = TypeVar("T")
Work: TypeAlias = Literal["standing", "with_alternatives", "alternatives_alone"]
WORKS: Sequence[Work] = get_args(Work)
ROUNDS: Mapping[Work, int] = {"standing": 8, "with_alternatives": 2, "alternatives_alone": 2}
"""In each turn; the fastest counts."""


def best_us(work: Callable[[T], None], people: Sequence[T], rounds: int) -> float:
    """Return the microseconds of CPU that the work costs for one person, in the fastest of some rounds."""
    figures = []
    for _ in range(rounds):
        began = time.process_time()
        for person in people:
            work(person)
        figures.append((time.process_time() - began) / len(people))
    return min(figures) * 1e6


def _works_before() -> Mapping[str, Callable[[Any], None]]:
    """Return the works of the tree that this runs in. There the whole answer has advice besides the alternatives."""
    engine = import_module("services.projections.policy.evaluate")
    kept = import_module("bench.standings")
    names = import_module("services.projections.standing").STANDING
    questions = [engine.Question(name, kept.AS_OF) for name in names]

    def judge(person: Any) -> None:
        _, facts, rules = person
        for question in questions:
            engine.evaluate(rules, facts, question, alternatives=False)

    def judge_with_alternatives(person: Any) -> None:
        _, facts, rules = person
        for question in questions:
            engine.evaluate(rules, facts, question)

    def judge_without_advice(person: Any) -> None:
        _, facts, rules = person
        for question in questions:
            status = engine.evaluate(rules, facts, question, alternatives=False).node.status
            engine._alternatives(rules, rules.applicable(question), facts, question, status)

    return dict(zip(WORKS, (judge, judge_with_alternatives, judge_without_advice), strict=True))


def _answer_lines() -> None:
    people = import_module("bench.standings")._people()
    works = _works_before()
    for line in sys.stdin:
        name: Any = line.strip()
        print(best_us(works[name], people, ROUNDS[name]), flush=True)


if __name__ == "__main__":
    _answer_lines()
