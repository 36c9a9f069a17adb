"""Of many certificates or designations the level on a day is found by their turns: it is that of the best of them."""

from datetime import date, timedelta
from random import Random

import pytest
from msgspec import structs

from services.core.facts.facts import Certificate, Facts, Supervision
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds import holding
from services.core.rules.verdict import Determination, Question
from tests.lives import CHENGDU, ZHENGZHOU, facts_of, rules_of, worker

DAY = date(2025, 1, 1)
ASKED = [("certificate", CHENGDU), ("supervisor", CHENGDU), ("technical_staff", ZHENGZHOU), ("supervisor", ZHENGZHOU)]


def holder(random: Random) -> Facts:
    """Return somebody of whom many certificates and designations are recorded, with gaps, overlaps and none at all."""
    firsts = sorted(DAY - timedelta(days=random.randint(0, 200)) for _ in range(random.randint(9, 25)))
    return structs.replace(
        facts_of(worker(CHENGDU)),
        certificates=tuple(certificate(random, on) for on in firsts),
        supervisions=tuple(supervision(random, first) for first in firsts),
    )


def certificate(random: Random, on: date) -> Certificate:
    level = random.choice(("basic", "junior", "intermediate"))
    local = random.choice((None, CHENGDU)) if level == "basic" else None
    return Certificate(level, level != "basic", local, on, on, later(random, on), on, on, ())


def supervision(random: Random, first: date) -> Supervision:
    return Supervision(random.choice(("junior", "intermediate", "senior")), None, first, later(random, first), ())


def later(random: Random, day: date) -> date | None:
    return random.choice((None, *(day + timedelta(days=random.randint(0, 30)) for _ in range(9))))


@pytest.mark.parametrize("seed", range(60))
def test_the_turns_of_many_answer_as_the_things_themselves(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = holder(Random(seed))  # noqa: S311 - a life to be drawn again, no secret

    def answers() -> list[Determination]:
        of_nothing_derived = structs.replace(facts)
        days = [DAY - timedelta(days=back) for back in (0, 1, 7, 40)]
        return [
            evaluate(rules_of(place), of_nothing_derived, Question(name, day)) for name, place in ASKED for day in days
        ]

    by_turns = answers()
    monkeypatch.setattr(holding, "FEW", len(facts.certificates))
    assert by_turns == answers()
