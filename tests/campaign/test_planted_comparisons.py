"""How long an answer holds, if a rule compared days by itself: random packs notice each such comparison.

A rule may ask its day only whether another one is `reached`, which also bounds the answer. Here, in a copy of the tree,
one place compares dates and bounds nothing. `make campaign` plants all of them, `make test` the first.
"""

from math import ceil
from pathlib import Path

import pytest
from msgspec import Struct

from contracts.events.values import DeterminationId
from tests.campaign.copied import copied
from tests.campaign.test_random_packs import DETERMINATIONS

RULES = "services/core/rules"
PAIRS = 900
"""Of packs and a career, among which a planted comparison must be noticed: what the campaign draws of each."""
PACK_CAREERS_A_PLANT = 2_000
RANDOM_PACKS = "tests/campaign/test_random_packs.py"
LAW = f"{RANDOM_PACKS}::test_an_answer_stands_to_the_day_told_and_a_walk_finds_every_change_of_ten_years"


class Planted(Struct, frozen=True):
    """A comparison of dates in place of a question to the day, and a determination that it makes last too long."""

    module: str
    asked: str
    compared: str
    determination: DeterminationId


PLANTED = (
    Planted(
        f"{RULES}/conditions/certificates.py",
        "and day.reached(first_day_of(certificate, by_issue=by_issue))",
        "and first_day_of(certificate, by_issue=by_issue) <= day.date",
        "certificate",
    ),
    Planted(
        f"{RULES}/conditions/registered.py",
        "if not day.reached(last + ONE_DAY):",
        "if day.date <= last:",
        "registration",
    ),
    Planted(
        "services/core/calendar.py",
        "self.reached(gone(days[end - number]))",
        "gone(days[end - number])",
        "allowance",
    ),
    Planted(
        f"{RULES}/conditions/designated.py",
        "and day.reached(title.on)",
        "and title.on <= day.date",
        "benefit.settlement",
    ),
    Planted(
        f"{RULES}/kinds/training.py",
        "if day.reached(reckoning.window.last) else",
        "if reckoning.window.last <= day.date else",
        "continuing_education.annual",
    ),
    Planted(
        f"{RULES}/kinds/ladder.py",
        "if day.within(post.first, post.last):",
        "if post.first <= day.date and not (post.last and post.last < day.date):",
        "grade",
    ),
    Planted(
        f"{RULES}/kinds/examination.py",
        "and day.reached(max(exam.on, calendar_year(exam.year).first))",
        "and max(exam.on, calendar_year(exam.year).first) <= day.date",
        "exam.complete",
    ),
    Planted(
        "services/core/calendar.py",
        "if after and (gone or after[0] <= window.last):",
        "if False:",
        "continuing_education.annual",
    ),
    Planted(
        f"{RULES}/conditions/measured.py",
        "and day.within(standard.effective_from, standard.effective_until)",
        "and standard.effective_from <= day.date <= (standard.effective_until or day.date)",
        "reward.exam",
    ),
    Planted(
        f"{RULES}/book.py",
        "counted.deciding_day.within(provision.first_day, provision.last_day)",
        "provision.first_day <= counted.deciding_day.date <= (provision.last_day or counted.deciding_day.date)",
        "title",
    ),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "planted" in metafunc.fixturenames:
        count = ceil(metafunc.config.getoption("--pack-careers") / PACK_CAREERS_A_PLANT)
        metafunc.parametrize("planted", PLANTED[:count], ids=lambda planted: planted.asked)


def test_a_rule_that_compares_dates_by_itself_is_noticed(planted: Planted, tmp_path: Path) -> None:
    copy = copied(tmp_path, "contracts", "services", "tests", "tools", "pyproject.toml")
    assert copy.read(planted.module).count(planted.asked) == 1
    asked = [f"{LAW}[{planted.determination}]", "--pack-careers", str(PAIRS * len(DETERMINATIONS))]
    pytest_alone = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
    with copy.with_fault(planted.module, planted.asked, planted.compared):
        said = copy.run(*pytest_alone, "--hypothesis-profile", "first-found", *asked).stdout
    assert "1 failed" in said, said
    assert "AssertionError" in said, said
