"""One core, no database: what a standing costs beside the prototype and the engine before, and the work around it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bench import prototype
from bench.engine_before import COMMIT, Cost, NotKept, engine_before
from bench.pairs import PAIRS, Pairs, turns
from bench.sheet import Result, Sheet
from bench.timed import ROUNDS, Work, best_us
from contracts.events.revisions import Recorded, resolve
from contracts.policies.shipped import shipped
from services.core.calendar import earliest
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.facts.place import place_on, place_until
from services.core.questions.standing import STANDING, stand
from services.core.questions.whole import alternatives_of
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from services.demo.careers import Plan, careers
from services.demo.places import places_within

NATION = "100000"
AS_OF = date(2026, 11, 22)
SEED, YEARS, DRAWN = 1, 12, 300
FEWEST_EVENTS, MOST_EVENTS = 36, 44
TIMES_PROTOTYPE_AT_MOST = 3.0
TIMES_BEFORE_AT_MOST = 0.7
TIMES_BEFORE_WITH_ALTERNATIVES_AT_MOST = 0.4

Person = tuple[list[Recorded], Facts, Rules]


def measure(sheet: Sheet, pairs: int = PAIRS) -> None:
    """Measure the CPU time of one person, over demo careers of about forty events each."""
    people = _people()
    questions = [Question(name, AS_OF) for name in STANDING]

    def evaluate_standing(person: Person) -> None:
        _, facts, rules = person
        found = [evaluate(rules, facts, question) for question in questions]
        earliest(one.until for one in found)

    def find_alternatives(person: Person) -> None:
        _, facts, rules = person
        for question in questions:
            alternatives_of(rules, facts, question, evaluate(rules, facts, question))

    def make_row(person: Person) -> None:
        _, facts, rules = person
        stand(rules, facts, AS_OF, place_until(facts, AS_OF, NATION))

    def fold_stream(person: Person) -> None:
        fold(resolve(person[0]))

    whole = _beside_the_prototype(evaluate_standing, people, pairs)
    sheet.add(whole.result("a standing, per determination", "µs", at_most=TIMES_PROTOTYPE_AT_MOST))
    row = _beside_the_prototype(make_row, people, pairs)
    sheet.add(row.result("the same with its day of change", "µs"))
    sheet.add(Result("fold of its 40 events", best_us(fold_stream, people, ROUNDS["standing"]), "µs"))
    try:
        with engine_before() as cost:
            _beside_the_engine_before(sheet, cost, evaluate_standing, find_alternatives, people, pairs)
    except NotKept as missing:
        sheet.leave_out("beside the engine before", str(missing))


def _beside_the_engine_before(
    sheet: Sheet,
    cost: Cost,
    evaluate_standing: Callable[[Person], None],
    find_alternatives: Callable[[Person], None],
    people: Sequence[Person],
    pairs: int,
) -> None:
    """Measure what one person costs in this engine, and in the one before."""

    def measured(name: Work, work: Callable[[Person], None]) -> Pairs:
        costs = Pairs()
        for side in turns(pairs):
            costs.add(side, best_us(work, people, ROUNDS[name]) if side == "ours" else cost(name))
        return costs

    whole = measured("standing", evaluate_standing)
    sheet.add(
        replace(
            whole.result("a standing, to the engine before", "µs", at_most=TIMES_BEFORE_AT_MOST),
            note=f"bare: the engine of {COMMIT}",
        )
    )
    alternatives = measured("with_alternatives", find_alternatives)
    sheet.add(
        replace(
            alternatives.result("with alternatives", "µs", at_most=TIMES_BEFORE_WITH_ALTERNATIVES_AT_MOST),
            note="there with advice, which it gives whenever it gives alternatives",
        )
    )
    alone = measured("alternatives_alone", find_alternatives)
    sheet.add(alone.result("with alternatives, no advice there", "µs"))


def _beside_the_prototype(work: Callable[[Person], None], people: Sequence[Person], pairs: int) -> Pairs:
    """Return the microseconds that a determination costs in `work` and in the prototype."""
    operators, others = prototype.determinations(), prototype.people()

    def judge(facts: prototype.Facts) -> None:
        prototype.stand(operators, facts, prototype.AS_OF)

    costs = Pairs()
    for side in turns(pairs):
        if side == "ours":
            costs.add(side, best_us(work, people, ROUNDS["standing"]) / len(STANDING))
        else:
            costs.add(side, best_us(judge, others, ROUNDS["standing"]) / len(operators))
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
