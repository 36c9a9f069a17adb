"""However many events somebody has: what folding and judging takes grows with their number, not with its square.

Counted, not timed: how often a fact is looked at is how many days are evaluated, times the number of facts.
"""

from collections.abc import Iterable
from datetime import date

import pytest

from contracts.events import revisions
from contracts.events.catalogue import TrainingCompleted
from contracts.events.revisions import corrected, resolve
from services.core.questions import standing
from services.core.questions.standing import stand
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Determination
from services.demo.lives import Life
from tests.lives import PINNED, facts_of, recorded, someone

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
