"""However many events somebody has: what folding and judging takes grows with their number, not with its square.

Counted, not timed: how often a fact is looked at is how many days are evaluated, times the number of facts.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from contracts.events import revisions
from contracts.events.catalogue import TrainingCompleted
from contracts.events.revisions import corrected, resolve
from services.core.calendar import AskedDay
from services.core.questions import standing
from services.core.questions.standing import stand
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Determination, Question
from services.demo.lives import Life
from tests.lives import CHENGDU, PINNED, Answered, facts_of, recorded, someone, worker

NUMBERS = (100, 800)
DAY = date(2025, 1, 1)


def proofs(number: int) -> Life:
    """Return somebody whose answers change on each of many days to come."""
    days: Iterable[date] = (date.fromordinal(DAY.toordinal() + 2 * count) for count in range(number))
    return sum((someone.then("senior_exam.proof_issued", day, valid_until=day) for day in days), someone.trained())


@pytest.mark.parametrize("number", NUMBERS)
def test_the_search_for_the_next_day_of_change_looks_at_so_many_facts_and_no_more(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "MAX_LOOKED_AT", 10 * NUMBERS[0])
    facts = facts_of(proofs(number))
    looked_at = 0

    def counted(*arguments: object) -> Determination:
        nonlocal looked_at
        looked_at += facts.number
        return evaluate(*arguments)  # type: ignore[arg-type]  # As it is called.

    monkeypatch.setattr(standing, "evaluate", counted)
    stand(compose("510107", PINNED, ()), facts, DAY)
    asked_first = len(standing.STANDING) * facts.number
    assert looked_at - asked_first <= 10 * NUMBERS[0] * len(standing.STANDING)


@pytest.mark.parametrize("number", [10, 19])
def test_how_a_fact_read_is_worked_out_once_for_each_of_its_corrections(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A void of one has it read anew as it was known after each: with the others before it, which have not changed."""
    applied = 0

    def counted(*arguments: object) -> revisions.Recorded:
        nonlocal applied
        applied += 1
        return corrected(*arguments)  # type: ignore[arg-type]  # As it is called.

    monkeypatch.setattr(revisions, "corrected", counted)
    life = someone.trained(called="training")
    for count in range(number):
        life = life.corrected("training", amount=str(count + 1), called=f"correction {count}")
    (fact,) = resolve(recorded(life.voided("correction 0"))).facts
    amounts = [said.data.amount for said in fact.before if isinstance(said.data, TrainingCompleted)]
    assert amounts == ["12.5", *(str(count) for count in range(1, number))]
    assert applied <= 2 * number


HELD = ("certificate", "supervisor")


def holder(name: str, number: int) -> Life:
    """Return somebody who has held the same without a break, each time by another certificate or designation."""
    days = [DAY - timedelta(days=2 * back) for back in range(number, 0, -1)]
    if name == "supervisor":
        return sum((someone.supervisor_designated(day) for day in days), worker(CHENGDU))
    return sum((someone.certified(day, called=f"from {day}") for day in days), worker(CHENGDU))


def looked_at(name: str, number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how often a day is compared until it is told since when something is held."""
    facts, compared = facts_of(holder(name, number)), 0

    def counted(day: AskedDay, turn: date) -> bool:
        nonlocal compared
        compared += 1
        return reached(day, turn)

    reached = AskedDay.reached
    with monkeypatch.context() as patched:
        patched.setattr(AskedDay, "reached", counted)
        found = Answered(compose(CHENGDU, PINNED, ()), facts, Question(name, DAY))
    assert found.node.result.since == DAY - timedelta(days=2 * number)
    return compared


@pytest.mark.parametrize("name", HELD)
def test_since_when_something_is_held_is_found_with_as_many_looks_as_there_are_things(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looked_at(name, 400, monkeypatch) < 3 * looked_at(name, 200, monkeypatch)
