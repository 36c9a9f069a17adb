"""A sixth place, invented: one YAML file, read by the loader that reads the others, and no line of code for it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.policies.language import Example, LocalStandard
from contracts.policies.shipped import read_yaml, shipped_pack
from services.core.authoring.examples import play
from services.core.questions.standing import STANDING, stand
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.ladder import GradeResult
from services.core.rules.kinds.payment import PaymentResult
from services.core.rules.reckoning import HoursResult
from services.core.rules.verdict import Determination, Question, result_of
from tests.lives import PINNED, ZHENGZHOU, Life, facts_of, someone, standard

FILE = Path(__file__).parent / "sixth_place.yaml"
CITY, DISTRICT = "990100", "990102"
SIXTH = shipped_pack(read_yaml(FILE))
PACKS = {**PINNED, CITY: SIXTH}
JOB = someone.employed("2023-01-01", DISTRICT)


def ask(
    history: Life, determination: str, as_of: str, standards: Sequence[LocalStandard] = (), **more: Any
) -> Determination:
    question = Question(determination, date.fromisoformat(as_of), **more)
    return evaluate(compose(DISTRICT, PACKS, standards), facts_of(history), question)


@pytest.mark.parametrize("example", SIXTH.pack.examples, ids=lambda example: str(example.name))
def test_its_own_examples_hold(example: Example) -> None:
    assert play(PACKS, CITY, example) == []


@pytest.mark.parametrize(
    ("as_of", "status", "counted"),
    [("2026-02-27", "met", "90"), ("2026-02-28", "met", "90"), ("2026-03-01", "not_met", "50")],
)
def test_ninety_hours_are_counted_over_the_last_three_years(as_of: str, status: str, counted: str) -> None:
    """R-04: on 1 March 2026 the training of 1 March 2023 is three years old and out."""
    history = JOB.trained("2023-03-01", "40", "hour").trained("2025-05-05", "50", "hour")
    answer = ask(history, "continuing_education.plan_period", as_of)
    assert (answer.node.status, result_of(answer.node, HoursResult).counted_hours) == (status, counted)
    assert answer.node.clause == "XX-02"


def test_half_an_hour_short_is_short() -> None:
    answer = ask(JOB.trained("2025-05-05", "89.5", "hour"), "continuing_education.plan_period", "2026-01-01")
    assert (answer.node.status, result_of(answer.node, HoursResult).shortfall_hours) == ("not_met", "0.5")


def test_class_hours_need_review_where_converting_could_change_the_answer() -> None:
    """R-07."""
    answer = ask(JOB.trained("2025-05-05", "90"), "continuing_education.plan_period", "2026-01-01")
    assert answer.node.status == "needs_review"


def test_the_hours_concern_only_who_works_there() -> None:
    answer = ask(someone.employed("2023-01-01", ZHENGZHOU), "continuing_education.plan_period", "2026-01-01")
    assert answer.node.status == "not_applicable"


@pytest.mark.parametrize(
    ("level", "status", "missing"),
    [("senior", "eligible", []), ("intermediate", "not_eligible", ["certificate"])],
)
def test_the_allowance_is_for_seniors_alone(level: str, status: str, missing: list[str]) -> None:
    answer = ask(JOB.certified("2024-01-01", level), "allowance", "2025-01-01")
    assert (answer.node.status, [*result_of(answer.node, PaymentResult).missing]) == (status, missing)


def test_an_amount_comes_from_a_standard_of_its_district_alone() -> None:
    history = JOB.certified("2024-01-01", "senior")
    assert result_of(ask(history, "allowance", "2025-01-01").node, PaymentResult).amount is None
    paid = ask(history, "allowance", "2025-01-01", [standard(DISTRICT, "2024-06-01", {"senior": "700"})])
    assert (result_of(paid.node, PaymentResult).tier, result_of(paid.node, PaymentResult).amount) == ("senior", "700")


@pytest.mark.parametrize(
    ("post_level", "certificate", "status", "band"),
    [
        (4, "junior", "conforming", "junior"),
        (3, "junior", "not_conforming", "intermediate"),
        (2, "intermediate", "conforming", "intermediate"),
        (1, "intermediate", "not_conforming", "senior"),
        (1, "senior", "conforming", "senior"),
        (5, "senior", "undefined_in_policy", None),
    ],
)
def test_its_ladder_has_four_posts(post_level: int, certificate: str, status: str, band: str | None) -> None:
    answer = ask(JOB.certified("2023-06-01", certificate).promoted("2024-06-01", post_level), "grade", "2025-01-01")
    assert (answer.node.status, result_of(answer.node, GradeResult).band) == (status, band)


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2024-04-30", "not_in_force"),
        ("2024-05-01", "eligible"),
        ("2029-04-30", "eligible"),
        ("2029-05-01", "not_in_force"),
    ],
)
def test_it_is_in_force_from_its_first_day_to_its_last(as_of: str, status: str) -> None:
    assert ask(JOB.certified("2023-01-01", "senior"), "allowance", as_of).node.status == status


def test_what_its_text_does_not_say_is_undefined_and_what_the_nation_says_holds() -> None:
    standing = stand(
        compose(DISTRICT, PACKS, ()), facts_of(JOB.registered("2023-01-01", "2025-12-31")), date(2025, 1, 1)
    )
    statuses = {name: determination.node.status for name, determination in standing.determinations.items()}
    assert statuses["title"] == statuses["talent"] == statuses["supervisor"] == "undefined_in_policy"
    assert statuses["registration"] == "valid"
    assert list(statuses) == list(STANDING)
