"""One core, no database: what a whole standing costs beside the prototype, and the work around it."""

import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from bench import prototype
from bench.pairs import PAIRS, Pairs, turns
from bench.sheet import Result, Sheet
from contracts.events.revisions import Recorded, resolve
from contracts.policies.shipped import shipped
from services.core.calendar import earliest
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.facts.place import place_on, place_until
from services.core.questions.standing import STANDING, stand
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from services.demo.careers import Plan, careers
from services.demo.places import places_within

NATION = "100000"
AS_OF = date(2026, 11, 22)
SEED, YEARS, DRAWN = 1, 12, 300
FEWEST_EVENTS, MOST_EVENTS = 36, 44
ROUNDS = 8
"""In each turn; the fastest counts."""
TIMES_PROTOTYPE_AT_MOST = 3.0

Person = tuple[list[Recorded], Facts, Rules]
T = TypeVar("T")


def measure(sheet: Sheet, pairs: int = PAIRS) -> None:
    """Measure the CPU time of one person, over demo careers of about forty events each."""
    people = _people()
    questions = [Question(name, AS_OF) for name in STANDING]

    def evaluate_standing(person: Person) -> None:
        _, facts, rules = person
        found = [evaluate(rules, facts, question) for question in questions]
        earliest(one.until for one in found)

    def make_row(person: Person) -> None:
        _, facts, rules = person
        stand(rules, facts, AS_OF, place_until(facts, AS_OF, NATION))

    def fold_stream(person: Person) -> None:
        fold(resolve(person[0]))

    whole = _beside_the_prototype(evaluate_standing, people, pairs)
    sheet.add(whole.result("a standing, per determination", "µs", at_most=TIMES_PROTOTYPE_AT_MOST))
    row = _beside_the_prototype(make_row, people, pairs)
    sheet.add(row.result("the same with its day of change", "µs"))
    sheet.add(Result("fold of its 40 events", _best_us(fold_stream, people), "µs"))


def _beside_the_prototype(work: Callable[[Person], None], people: Sequence[Person], pairs: int) -> Pairs:
    """Return the microseconds that a determination costs in `work` and in the prototype."""
    operators, others = prototype.determinations(), prototype.people()

    def judge(facts: prototype.Facts) -> None:
        prototype.stand(operators, facts, prototype.AS_OF)

    costs = Pairs()
    for side in turns(pairs):
        if side == "ours":
            costs.add(side, _best_us(work, people) / len(STANDING))
        else:
            costs.add(side, _best_us(judge, others) / len(operators))
    return costs


def _people() -> list[Person]:
    pinned = shipped()
    composed: dict[str, Rules] = {}
    people = []
    for career in careers(Plan(SEED, AS_OF, YEARS, places_within(NATION, shipped())), DRAWN):
        if not FEWEST_EVENTS <= len(career.events) <= MOST_EVENTS:
            continue
        stream = [
            Recorded.today(number, event["event_id"], event["type"], event["occurred_on"], event["data"])
            for number, event in enumerate(career.events, 1)
        ]
        facts = fold(resolve(stream))
        place = place_on(facts, AS_OF, NATION)
        rules = composed.setdefault(place, compose(place, pinned, ()))
        people.append((stream, facts, rules))
    return people


def _best_us(work: Callable[[T], None], people: Sequence[T]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for person in people:
            work(person)
        rounds.append((time.process_time() - began) / len(people))
    return min(rounds) * 1e6
