"""How long an answer holds, whatever the packs: random texts of a place and around it, evaluated day by day over ten
years.

Every shipped place has one text, so careers alone never meet a second one. `make campaign` draws 20,000 pairs of packs
and a career, spread evenly over the determinations.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import strategies as st

from contracts.events.values import CertificateLevel, DeterminationId
from contracts.policies.readings import Assumption
from services.core.facts.facts import Facts
from services.core.questions.standing import lasting_part, with_exact_last_day
from services.core.questions.whole import whole_answer
from services.core.rules.book import Rules
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.verdict import Determination, Question
from tests.campaign.packs import DAYS_ASKED, FIRST_DAYS, careers_for, packs_around, person
from tests.published import whole_document, wrong

ONE_DAY = timedelta(days=1)
DETERMINATIONS: tuple[DeterminationId, ...] = get_args(DeterminationId)
LEVELS = st.sampled_from(("junior", "intermediate", "senior"))


def questions(data: st.DataObject, determination: DeterminationId) -> Iterator[Question]:
    """Yield one question of every day of ten years."""
    first = data.draw(FIRST_DAYS, "first day")
    period = None
    if determination == "continuing_education.annual":
        period = data.draw(st.one_of(st.none(), st.integers(first.year - 1, first.year + 9)), "period")
    level: Any = data.draw(LEVELS, "level") if determination in OF_A_LEVEL else None
    return (Question(determination, first + n * ONE_DAY, period, level) for n in range(DAYS_ASKED))


def test_shares_of_the_pairs_are_rounded_up(pairs: Callable[..., None], pytestconfig: pytest.Config) -> None:
    """Else 21 determinations would share 19,992 pairs out of 20,000."""
    wanted = pytestconfig.getoption("--pack-careers")
    shares, drawn = max(wanted - 1, 1), []
    pairs(lambda data: drawn.append(data.draw(st.integers())), shares)
    assert len(drawn) * shares >= wanted


@pytest.mark.parametrize("determination", DETERMINATIONS)
def test_an_answer_stands_to_the_day_told_and_a_walk_finds_every_change_of_ten_years(
    determination: DeterminationId, pairs: Callable[..., None]
) -> None:
    """Early is allowed, late is a bug; and an exact last day is the last one on which asking gives the same."""

    def check(data: st.DataObject) -> None:
        home, facts = person(data.draw(careers_for(determination), "career"))
        rules = data.draw(packs_around(home, determination), "packs").rules
        asked = list(questions(data, determination))
        answers = [evaluate(rules, facts, question) for question in asked]
        last_days = list(_last_days(answers))
        for found, last in zip(answers, last_days, strict=True):
            if last < asked[-1].as_of:
                assert found.until is not None, (found.as_of, last)
                assert found.as_of <= found.until <= last, (found.as_of, found.until, last)
        _assert_walked(rules, facts, asked, answers, last_days)
        wholes = [
            (question, whole_answer(rules, facts, question)) for question in asked[:: len(asked) // WHOLE_ANSWERS]
        ]
        assert all(given.as_of == question.as_of for question, given in wholes)
        question, given = data.draw(st.sampled_from(wholes), "published")
        assert wrong("determination", whole_document(given, question)) == []
        for before, after in pairwise(answers):
            _assert_since(before, after, _first_text_of(rules, after), next_month=rules.assumption == NEXT_MONTH)

    pairs(check, len(DETERMINATIONS))


def _last_days(answers: list[Determination]) -> Iterator[date]:
    """Yield for each day the last one on which asking day by day gives the same."""
    kept = [lasting_part(one) for one in answers]
    last = answers[-1].as_of
    found = [last]
    for index in range(len(answers) - 2, -1, -1):
        if kept[index] != kept[index + 1]:
            last = answers[index].as_of
        found.append(last)
    return reversed(found)


def _assert_walked(
    rules: Rules, facts: Facts, asked: list[Question], answers: list[Determination], last_days: list[date]
) -> None:
    """Assert that a walk from the first day stops on exactly the days on which asking day by day sees a change."""
    index = 0
    while last_days[index] < asked[-1].as_of:
        exact = with_exact_last_day(rules, facts, asked[index], answers[index])
        assert exact.until == last_days[index], asked[index]
        index += (last_days[index] - asked[index].as_of).days + 1


NEXT_MONTH = Assumption("R-13", "first_of_next_month")
WHOLE_ANSWERS = 12
"""Of the days of ten years, how many are answered with all that is got by asking again."""
HELD_LEVELS = get_args(CertificateLevel)
SINCE = ("since", "eligible_since", "conforming_since")


def _first_text_of(rules: Rules, answer: Determination) -> date:
    """Return the first day of the first text about the matter in the place whose text answers."""
    [provisions] = (
        provisions
        for provisions in rules.provisions(answer.determination)
        if provisions[0].source.pack.jurisdiction == answer.policy.jurisdiction
    )
    return provisions[-1].first_day


def _assert_since(before: Determination, after: Determination, first_text: date, *, next_month: bool) -> None:
    """Assert that what is so since an earlier day was so, since that day, on the day before; else that it begins.

    Where another place answers than the day before, each goes back no further than the first text of its own (design
    §5); a lower level than the day before has been held, with the higher one, for as long or longer. Under the reading
    by which an allowance begins with the next month it may have been so and not yet told.
    """
    lower = _level(after) < _level(before)
    another_place = before.policy.jurisdiction != after.policy.jurisdiction
    for field in SINCE:
        since, was = getattr(after.node.result, field, None), getattr(before.node.result, field, None)
        if since is not None:
            begins = since == after.as_of and was != since
            as_before = was == since or (next_month and was is None)
            as_far_back = another_place and was is not None and first_text <= since <= max(first_text, was)
            as_long = lower and was is not None and since <= was
            assert begins or as_before or as_far_back or as_long, (before.as_of, was, since)


def _level(answer: Determination) -> int:
    """Return which level a result shows, from the lowest up; -1 if none."""
    shown = {getattr(answer.node.result, name, None) for name in ("level", "title")}
    return max((HELD_LEVELS.index(level) for level in HELD_LEVELS if level in shown), default=-1)
