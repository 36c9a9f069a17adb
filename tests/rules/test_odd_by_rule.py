"""What is odd by the rules of a place."""

from datetime import date
from typing import Any

import pytest

from contracts.events.revisions import resolve
from services.core.questions.odd_by_rule import odd_by_rule
from services.core.rules.book import compose
from tests.documents import Document, document_of, pack_with
from tests.lives import NATION, PINNED, Life, ask, facts_of, id_of, recorded, someone

LATER_KIND: Document = {"of_a_later_release": {}}
LATER_WORD: Document = {"entitlement": {"requires": {"of_a_later_release": {}}}}


def odd(life: Life, as_of: str = "2026-06-01", place: str = NATION, packs: Any = PINNED) -> list[tuple[str, str]]:
    told = resolve(recorded(life)).facts
    found = odd_by_rule(compose(place, packs, ()), told, facts_of(life), date.fromisoformat(as_of))
    return [(one.event_id, one.problem) for one in found]


def with_rule(determination: str, logic: Document, place: str = NATION) -> Any:
    """Return the shipped packs, in which the rules of a place on one determination have this logic."""
    editions = document_of(place)["editions"]
    for edition in editions:
        if rule := edition["rules"].get(determination):
            kept = {name: rule[name] for name in ("clause", "told")}
            edition["rules"][determination] = kept | logic
    return {**PINNED, place: pack_with(place, *editions)}


def test_a_rule_that_cannot_be_read_finds_nothing_odd_and_hides_nothing_else() -> None:
    too_long = someone.certified("2021-10-18").registered("2021-12-01", "2027-11-30")
    overfull = too_long.trained("2023-05-06", "25", "hour")
    assert odd(overfull) == [(id_of(2), "registration_length"), (id_of(3), "more_than_a_day")]
    packs = with_rule("registration", LATER_KIND)
    assert odd(overfull, packs=packs) == [(id_of(3), "more_than_a_day")]


@pytest.mark.parametrize(
    ("level", "subject", "found"),
    [
        ("junior", "comprehensive", False),
        ("junior", "law_and_policy", True),
        ("intermediate", "law_and_policy", False),
        ("senior", "practice", False),
        ("senior", "comprehensive", True),
    ],
)
def test_a_pass_in_a_subject_that_the_exam_of_the_level_does_not_have_is_told(
    level: str, subject: str, found: bool
) -> None:
    """N-02."""
    life = someone.passed("2023-06-17", subject, level)
    assert odd(life) == ([(id_of(1), "exam_without_subject")] if found else [])


@pytest.mark.parametrize(
    ("level", "year", "found"),
    [("junior", 2007, True), ("junior", 2008, False), ("senior", 2018, True), ("senior", 2019, False)],
)
def test_a_pass_of_a_year_before_the_first_exam_of_the_level_is_told_and_counts(
    level: str, year: int, found: bool
) -> None:
    """N-01. No text says what a pass of such a year would be worth."""
    life = someone.passed(f"{year}-06-21", "practice", level)
    assert odd(life) == ([(id_of(1), "exam_not_held")] if found else [])
    if level == "senior":
        assert ask(life, "exam.complete", "2026-06-01", NATION, level="senior").node.status == "met"


def test_where_no_text_says_what_exams_there_are_nothing_is_odd_about_a_pass() -> None:
    life = someone.passed("2007-06-21", "law_and_policy")
    assert len(odd(life)) == 2
    assert odd(life, "2006-08-31") == [], "before the first text"
    undefined = with_rule("exam.complete", {"undefined": {}})
    assert odd(life, packs=undefined) == []


FUJIAN = "350203"


@pytest.mark.parametrize(("determination", "found"), [("reward.exam", False), ("benefit.settlement", True)])
def test_whether_a_rule_asks_for_grants_is_not_known_if_it_cannot_be_read(determination: str, found: bool) -> None:
    life = someone.benefit_granted("2026-03-01", determination=determination)
    beside = life.benefit_granted("2026-03-02", determination="allowance")
    idle = [(id_of(2), "grant_counts_nowhere")]
    assert odd(beside, place=FUJIAN) == ([(id_of(1), "grant_counts_nowhere")] if found else []) + idle
    assert odd(beside, place=FUJIAN, packs=with_rule(determination, LATER_WORD, "350000")) == idle
