"""One core, no database: what a whole standing costs to evaluate, and what stands around it."""

import time
from collections.abc import Callable, Sequence
from datetime import date

from bench.sheet import Result, Sheet
from contracts.events.revisions import Recorded, resolve
from contracts.policies.shipped import shipped
from services.demo.careers import Plan, careers
from services.demo.places import places_within
from services.projections.facts.facts import Facts
from services.projections.facts.fold import fold
from services.projections.packs import compose, load_pack
from services.projections.policy.determination import Question
from services.projections.policy.evaluate import PinnedPack, Rules, evaluate
from services.projections.standing import STANDING, place_on, place_until, stand

NATION = "100000"
AS_OF = date(2026, 11, 22)
SEED, YEARS, DRAWN = 1, 12, 300
FEWEST_EVENTS, MOST_EVENTS = 36, 44
ROUNDS = 40

Person = tuple[list[Recorded], Facts, Rules]


def measure(sheet: Sheet) -> None:
    """Measure the CPU time of one person, over demo careers of about forty events each."""
    people = _people()
    questions = [Question(name, AS_OF) for name in STANDING]

    def evaluate_standing(person: Person) -> None:
        _, facts, rules = person
        for question in questions:
            evaluate(rules, facts, question, alternatives=False)

    def fold_stream(person: Person) -> None:
        fold(resolve(person[0]))

    def make_row(person: Person) -> None:
        _, facts, rules = person
        stand(rules, facts, AS_OF, place_until(facts, AS_OF, NATION))

    sheet.add(Result("standing, without alternatives", _best_us(evaluate_standing, people), "µs"))
    sheet.add(Result("the same with its day of change", _best_us(make_row, people), "µs"))
    sheet.add(Result("fold of its 40 events", _best_us(fold_stream, people), "µs"))


def _people() -> list[Person]:
    pinned = {place: PinnedPack(one.digest, load_pack(one.document)) for place, one in shipped().items()}
    composed: dict[str, Rules] = {}
    people = []
    for career in careers(Plan(SEED, AS_OF, YEARS, places_within(NATION, shipped())), DRAWN):
        if not FEWEST_EVENTS <= len(career.events) <= MOST_EVENTS:
            continue
        stream = [
            Recorded(number, number, event["event_id"], event["type"], event["occurred_on"], event["data"])
            for number, event in enumerate(career.events, 1)
        ]
        facts = fold(resolve(stream))
        place = place_on(facts, AS_OF, NATION)
        rules = composed.setdefault(place, compose(place, pinned, ()))
        people.append((stream, facts, rules))
    return people


def _best_us(work: Callable[[Person], None], people: Sequence[Person]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for person in people:
            work(person)
        rounds.append((time.process_time() - began) / len(people))
    return min(rounds) * 1e6
