"""The engine against a second implementation of the rules, and the laws of every answer, over random careers.

`CAREERS=10000 make campaign` makes a long run of it. A failure names the seed; the career of a seed is always the same.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import Any, get_args
from uuid import UUID

from msgspec.structs import replace

from contracts.document import plain
from contracts.events.catalogue import RULE_TYPES
from contracts.events.codec import canonical, parse_event
from contracts.events.revisions import Recorded, resolve
from contracts.events.values import NATION, DeterminationId, ExamLevel
from contracts.policies.language import LocalStandard
from contracts.policies.shipped import shipped
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.questions.standing import stored
from services.core.questions.whole import WholeAnswer, whole_answer
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.local_standards import registered_standards
from services.core.rules.verdict import Determination, Question
from tests.campaign.careers import ELSEWHERE, FIRST_POSITION, Career, career, questioned_days
from tests.campaign.careers import PLACES as EVERYWHERE
from tests.campaign.life import Life, chain_of, folded
from tests.campaign.oracle import NATIONAL, OTHERWISE, Answer, oracle
from tests.published import whole_document

DAYS_PER_CAREER = 3
SAMPLED_DAYS = 4
PINNED = shipped()
# A place whose pack is not shipped says undefined to everything: one of those is enough.
PLACES = tuple(place for place in EVERYWHERE if place == ELSEWHERE or PINNED.keys() & {*chain_of(place)} - {NATION})
DETERMINATIONS: Sequence[str] = get_args(DeterminationId)
LEVELS: tuple[ExamLevel, ...] = ("junior", "intermediate", "senior")
ANNUAL, TERM, ENTRY = "continuing_education.annual", "continuing_education.registration_term", "exam.entry"
OF_A_LEVEL = ("exam.complete", ENTRY)
# The first and the last day that may be asked about.
ENDS = (date(1900, 1, 1), date(2199, 12, 31))
PERIODS = (2019, 2021, 2022, 2025, 2027, 2035)
# Design §5: the words that each determination may come to.
STATUSES = {
    **dict.fromkeys(("certificate", "recognition", "title", "supervisor", "technical_staff"), "valid none"),
    "professional_years": "valid none",
    "registration": "valid lapsed none",
    "exam.complete": "met not_met",
    "exam.entry": "eligible not_eligible needs_review not_applicable",
    "certificate.senior_route": "met pending not_met not_applicable",
    "grade": "conforming not_conforming none",
    **dict.fromkeys(("talent", "talent.quality"), "met not_met needs_review"),
    **dict.fromkeys(
        ("continuing_education.annual", "continuing_education.plan_period", "continuing_education.registration_term"),
        "met pending not_met needs_review not_applicable",
    ),
    **dict.fromkeys(
        ("allowance", "benefit.child_education", "benefit.settlement"), "eligible not_eligible needs_review"
    ),
    **dict.fromkeys(("benefit.apartment", "reward.new_talent", "reward.exam"), "eligible not_eligible needs_review"),
}
OF_A_PLACE, OF_THE_NATION = " not_in_force undefined_in_policy", " not_in_force"
AMOUNTS = {"counted_hours", "required_hours", "shortfall_hours"}
ONE_DAY = timedelta(days=1)


def drawing(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - draws that can be repeated, no secrets.


def recorded(life: Career) -> list[Recorded]:
    return [
        Recorded(number, number, event["event_id"], event["type"], event["occurred_on"], event["data"])
        for number, event in enumerate(life.events, start=1)
    ]


def standards_of(life: Career) -> tuple[LocalStandard, ...]:
    return registered_standards(recorded_rules(life, after=FIRST_POSITION - 1))


def recorded_rules(life: Career, after: int) -> list[Recorded]:
    """Return what the ledger recorded of its local standards, all registered before one ends, after a position."""
    return [
        Recorded(position, position, event["event_id"], event["type"], event["occurred_on"], event["data"])
        for position, event in enumerate(rule_events(life), start=after + 1)
    ]


def rule_events(life: Career) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(life.standards):
        data = {name: value for name, value in one.items() if name not in ("position", "last_day")}
        yield rule_event(number, "local_standard.registered", one["effective_from"], data)
    for number, one in enumerate(life.standards, start=len(life.standards)):
        if "last_day" in one:
            ended = {name: one[name] for name in ("standard_id", "last_day")}
            yield rule_event(number, "local_standard.ended", one["last_day"], ended)


def rule_event(number: int, type_: str, day: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"event_id": str(UUID(int=number)), "type": type_, "occurred_on": day, "data": data}


def rules_of(life: Career, place: str) -> Rules:
    return compose(place, PINNED, standards_of(life))


def questions(random: Random, life: Career) -> Iterator[tuple[str, Question]]:
    for as_of in questioned_days(random, life, DAYS_PER_CAREER):
        place = random.choice((*(life.home, life.home, f"{life.home[:4]}00") * 8, *PLACES))
        place = place if place in PLACES else ELSEWHERE
        for name in DETERMINATIONS:
            yield place, drawn_question(random, life, name, as_of)


def drawn_question(random: Random, life: Career, name: str, as_of: date) -> Question:
    """Return a question about a day, with a year, a term or a level where one may be asked about."""
    year = random.choice((None, as_of.year + random.choice((0, 0, -1, -2, 1))))
    if name == ANNUAL:
        return Question(name, as_of, year)
    if name == TERM:
        begun = [date.fromisoformat(one["data"]["valid_from"]) for one in life.events if "valid_from" in one["data"]]
        return Question(name, as_of, random.choice((None, None, as_of, *begun)))
    if name in OF_A_LEVEL:
        return Question(name, as_of, None, random.choice(LEVELS), year if name == ENTRY else None)
    return Question(name, as_of)


def naive(read: Life, life: Career, place: str, ask: Question) -> Answer:
    """Return what the second reading answers."""
    return oracle(read, ask.determination, ask.as_of, place, ask.period, ask.level, life.standards, ask.year)


def said(given: Determination) -> bytes:
    """Return what a standing stores of an answer and that no day may change unannounced."""
    return canonical(plain(stored(given)))


@cache
def played(seed: int) -> tuple[Career, Facts, tuple[tuple[str, Rules, Question, WholeAnswer], ...]]:
    """Return a career, what is true of the person, and answers to questions about it."""
    life = career(seed)
    facts = fold(resolve(recorded(life)))
    rules = {place: rules_of(life, place) for place in PLACES}
    asked = questions(drawing(seed), life)
    return (
        life,
        facts,
        tuple((place, rules[place], ask, whole_answer(rules[place], facts, ask)) for place, ask in asked),
    )


def differences(expected: dict[str, Any], given: Determination) -> dict[str, tuple[Any, Any]]:
    """Return every field on which the oracle, first, and the engine, second, differ."""
    result = plain(given.node.result)
    if expected["status"] != given.node.status:
        return {"status": (expected["status"], given.node.status)}
    return {
        name: (value, result.get(name, "absent"))
        for name, value in expected["result"].items()
        if not same(name, value, result.get(name, "absent"))
    }


def same(name: str, expected: Any, got: Any) -> bool:
    if name in AMOUNTS and expected is not None and got is not None:
        return Fraction(expected) == Fraction(got)
    if name == "not_counted":
        return sorted(map(canonical, expected)) == sorted(map(canonical, got))
    if isinstance(expected, list) and isinstance(got, list):
        return sorted(expected) == sorted(got)
    return bool(expected == got)


def test_every_generated_event_is_one_that_the_ledger_would_take(seed: int) -> None:
    life = career(seed)
    for event in life.events:
        parse_event(event)
    for event in rule_events(life):
        parse_event(event, types=RULE_TYPES)


def test_the_engine_answers_as_a_naive_reading_of_the_rules_does(seed: int) -> None:
    life, _, answers = played(seed)
    read = Life(life.events)
    for place, _, ask, given in answers:
        expected = naive(read, life, place, ask)
        assert not differences(expected, given), (seed, place, ask)


def test_the_alternatives_listed_are_those_under_which_the_naive_reading_comes_to_another_status(seed: int) -> None:
    """Rules.md 1.3, of the readings that the oracle can take otherwise. One day of a career, for time's sake."""
    life, _, answers = played(seed)
    lives = {taken: Life(life.events, taken) for taken in (None, *OTHERWISE)}

    def status(taken: str | None, place: str, ask: Question) -> str:
        return str(naive(lives[taken], life, place, ask)["status"])

    for place, _, ask, given in answers[: len(DETERMINATIONS)]:
        under = {(taken.split()[0], status(taken, place, ask)) for taken in OTHERWISE}
        expected = {(reading, other) for reading, other in under if other != status(None, place, ask)}
        read = {reading for reading, _ in under}
        listed = {(one.reading, one.status) for one in given.alternatives if one.reading in read}
        assert listed == expected, (seed, place, ask)


def test_an_answer_stands_on_every_day_up_to_the_day_it_holds_until(seed: int) -> None:
    """Early is allowed, late is a bug."""
    life, facts, answers = played(seed)
    random = drawing(seed)
    turns = [day + step * ONE_DAY for day in questioned_days(random, life, 3) for step in (-1, 0, 1)]
    turns += [day + step * ONE_DAY for day in life.days() for step in (-1, 0, 1)]
    for _, rules, ask, _ in answers:
        given = evaluate(rules, facts, ask)
        until = given.until
        last = date(2035, 12, 31) if until is None else until
        assert ask.as_of <= last or until is None, (seed, ask)
        within = [day for day in turns if ask.as_of < day <= last]
        random.shuffle(within)
        # The default year is that of the day asked about, so a later day would be another question.
        if ask.determination in (ANNUAL, ENTRY) and ask.period is ask.year is None:
            within = [day for day in within if until is not None or day.year == ask.as_of.year]
        for day in [*([until] if until else []), *within[:SAMPLED_DAYS]]:
            later = evaluate(rules, facts, replace(ask, as_of=day))
            assert said(later) == said(given), (seed, ask, day, until)


def test_an_alternative_is_listed_only_where_it_changes_the_status(seed: int) -> None:
    for _, _, ask, given in played(seed)[2]:
        assert given.node.status not in {other.status for other in given.alternatives}, (seed, ask)


def test_evaluation_never_raises_whatever_is_asked_of_whichever_place(seed: int) -> None:
    """Every determination of every place, each level of an exam, periods around every text, and the ends of time."""
    life, facts, _ = played(seed)
    asked = [ask for day in (*questioned_days(drawing(seed + 1), life, 1), *ENDS) for ask in every_question(day)]
    for place in PLACES:
        rules = rules_of(life, place)
        for ask in asked:
            given = evaluate(rules, facts, ask)
            words = STATUSES[ask.determination] + (OF_THE_NATION if ask.determination in NATIONAL else OF_A_PLACE)
            assert given.node.status in words.split(), (seed, place, ask)
            assert given.until is None or given.until >= ask.as_of, (seed, place, ask)


def every_question(as_of: date) -> Iterator[Question]:
    for name in DETERMINATIONS:
        levels: tuple[ExamLevel | None, ...] = LEVELS if name in OF_A_LEVEL else (None,)
        periods = (None, *PERIODS) if name == ANNUAL else (None, as_of) if name == TERM else (None,)
        years = (None, *PERIODS) if name == ENTRY else (None,)
        for level, period, year in product(levels, periods, years):
            yield Question(name, as_of, period, level, year)


def test_the_same_question_twice_gives_the_same_bytes(seed: int) -> None:
    life, _, answers = played(seed)
    again = fold(resolve(recorded(life)))
    for place, _, ask, given in answers:
        assert whole(given, ask) == whole(whole_answer(rules_of(life, place), again, ask), ask), (seed, ask)


def whole(given: WholeAnswer, ask: Question) -> bytes:
    return canonical(whole_document(given, ask))


def test_the_order_of_recording_does_not_change_a_status(seed: int) -> None:
    """Save where the text lets the position decide: duplicates, several corrections, and starts on one day."""
    life, _, answers = played(seed)
    if not free_of_ties(life):
        return
    events = list(life.events)
    drawing(seed).shuffle(events)
    shuffled = Career(seed, life.home, tuple(events), life.standards)
    facts = fold(resolve(recorded(shuffled)))
    for _, rules, ask, given in answers:
        assert evaluate(rules, facts, ask).node.status == given.node.status, (seed, ask)


def free_of_ties(life: Career) -> bool:
    """Whether no position decides: no corrections, no like trainings, no two facts of a kind that compete."""
    kinds = ("employment.started", "promotion.granted", "registration.granted")
    days = [
        (event["type"], event["data"].get("valid_from", event["occurred_on"]))
        for event in life.events
        if event["type"] in kinds
    ]
    like = [canonical(_likeness(event)) for event in life.events if event["type"] == "training.completed"]
    # Of assessments that cover a day and differ, the one recorded last speaks.
    spoken = {event["data"]["professional_role"] for event in life.events if event["type"] == "assessment.recorded"}
    corrected = any(event["type"] == "event.corrected" for event in life.events)
    return not corrected and len(set(days)) == len(days) and len(set(like)) == len(like) and len(spoken) < 2


def _likeness(event: dict[str, Any]) -> Any:
    data = event["data"]
    texts = [folded(data.get(name, "")) for name in ("provider", "course", "proof_no")]
    if "proof_no" in data:
        return texts[::2]
    return [*texts, event["occurred_on"], str(Decimal(data["amount"]).normalize())]
