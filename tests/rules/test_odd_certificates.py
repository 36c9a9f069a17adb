"""What is impossible about certificates, exams and reviews, and which local standards count nowhere, is told."""

from datetime import date
from typing import Any, get_args

import pytest
from msgspec import structs

from contracts.events.revisions import resolve
from contracts.events.values import DeterminationId
from contracts.policies.language import LocalStandard
from services.core.questions.odd_by_rule import odd_by_rule
from services.core.rules.book import compose
from tests.lives import NATION, PINNED, Life, ask, facts_of, findings_of, id_of, recorded, someone, standard

TODAY = "2026-06-01"
WUHOU, QINGYANG, CHENGDU, GULOU = "510107", "510105", "510100", "350102"


def odd(life: Life, place: str = NATION, *standards: LocalStandard, as_of: str = TODAY) -> list[tuple[str, str]]:
    told = resolve(recorded(life)).facts
    found = odd_by_rule(compose(place, PINNED, standards), told, facts_of(life), date.fromisoformat(as_of))
    return [(one.event_id, one.problem) for one in found]


def problems(life: Life) -> list[tuple[str, str]]:
    return [(one.event_id, one.problem) for one in findings_of(life)]


# National certificates


@pytest.mark.parametrize(
    ("level", "basis", "found"),
    [
        ("junior", "exam", False),
        ("junior", "exam_and_review", True),
        ("junior", "local_test", True),
        ("intermediate", "local_test", True),
        ("senior", "exam_and_review", False),
        ("senior", "exam", True),
        ("basic", "local_test", True),
        ("basic", "exam", True),
    ],
)
def test_a_national_certificate_is_obtained_by_exam_and_a_senior_one_by_exam_and_review(
    level: str, basis: str, found: bool
) -> None:
    """N-01, N-05; 员级 is a local level (N-23)."""
    life = someone.certified("2021-10-17", level, scope="national", basis=basis)
    assert odd(life) == ([(id_of(1), "certificate_not_given")] if found else [])
    assert odd(life.voided(1)) == []
    assert odd(someone.certified("2021-10-17", level, scope="local", basis=basis)) == []


@pytest.mark.parametrize("as_of", ["2006-09-01", "2018-03-05", "2018-03-06", TODAY])
def test_how_a_certificate_is_obtained_is_said_by_the_rules_of_its_own_day(as_of: str) -> None:
    """N-05 is of 2018-03-06: a senior certificate of later rests on exam and review, whichever day is asked about."""
    life = someone.certified("2022-06-18", "senior", basis="exam_and_review")
    assert odd(life, as_of=as_of) == []
    by_exam = someone.certified("2022-06-18", "senior", basis="exam")
    assert odd(by_exam, as_of=as_of) == [(id_of(1), "certificate_not_given")]
    early = someone.certified("2018-03-05", "senior", basis="exam_and_review")
    assert odd(early, as_of=as_of) == [(id_of(1), "certificate_before_first_exam")]


@pytest.mark.parametrize(
    ("level", "day", "found"),
    [
        ("junior", "2005-10-17", True),
        ("junior", "2007-12-31", True),
        ("junior", "2008-01-01", False),
        ("senior", "2018-12-31", True),
        ("senior", "2019-01-01", False),
    ],
)
def test_a_national_certificate_of_before_the_first_exam_is_told_and_counts(level: str, day: str, found: bool) -> None:
    """N-01."""
    life = someone.certified(day, level, basis="exam_and_review" if level == "senior" else "exam")
    assert odd(life) == ([(id_of(1), "certificate_before_first_exam")] if found else [])
    assert ask(life, "certificate", TODAY, NATION).node.status == "valid"


def test_a_certificate_is_not_issued_before_it_is_approved() -> None:
    """R-11."""
    assert problems(someone.certified("2021-10-17", issued_on="2021-10-16")) == [(id_of(1), "issued_before_approval")]
    assert problems(someone.certified("2021-10-17", issued_on="2021-10-17")) == []


@pytest.mark.parametrize(
    ("passed_on", "exam_year", "issued_on", "found"),
    [
        ("2021-12-20", 2021, None, False),
        ("2021-12-20", 2021, "2021-12-20", False),
        ("2021-12-20", 2021, "2021-12-19", True),
        ("2022-06-18", 2022, None, True),
        ("2022-06-18", 2022, "2022-08-01", False),
    ],
    ids=["approved on the day of the exam", "on its result", "before its result", "a year before", "in the year after"],
)
def test_a_certificate_is_no_older_than_every_result_of_its_level(
    passed_on: str, exam_year: int, issued_on: str | None, found: bool
) -> None:
    life = someone.certified("2021-10-17", issued_on=issued_on).passed(passed_on, exam_year=exam_year)
    assert problems(life) == ([(id_of(1), "certificate_before_result")] if found else [])
    assert problems(life.passed("2020-12-20", "comprehensive", exam_year=2020)) == []


def test_a_senior_certificate_is_no_older_than_every_passed_review() -> None:
    """N-05. A failed one gives no certificate, so none rests on it."""
    senior = someone.senior_proof_issued("2022-12-20", "2025-12-19").certified(
        "2023-08-31", "senior", basis="exam_and_review"
    )
    assert problems(senior.senior_review_decided("2023-09-01", "2023-05-01")) == [
        (id_of(2), "certificate_before_result")
    ]
    assert problems(senior.senior_review_decided("2023-08-31", "2023-05-01")) == []
    assert problems(senior.senior_review_decided("2023-09-01", "2023-05-01", result="fail")) == []


def test_a_review_is_not_decided_before_it_is_applied_for() -> None:
    proof = someone.senior_proof_issued("2022-12-20", "2025-12-19")
    assert problems(proof.senior_review_decided("2023-04-30", "2023-05-01")) == [(id_of(2), "decided_before_applied")]
    assert problems(proof.senior_review_decided("2023-05-01", "2023-05-01")) == []


@pytest.mark.parametrize("as_of", ["2010-01-01", TODAY])
@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2021-12-20", "2024-12-18", True),
        ("2021-12-20", "2024-12-19", False),
        ("2021-12-20", "2024-12-20", False),
        ("2021-12-20", "2024-12-21", True),
        ("2021-12-20", "2031-12-19", True),
        ("2021-12-20", "2021-12-19", True),
        ("2024-02-29", "2027-02-28", False),
    ],
)
def test_a_pass_proof_of_another_length_than_the_rule_says_is_told_and_counts(
    first: str, last: str, found: bool, as_of: str
) -> None:
    """N-05: three years, by the rule of its own day."""
    life = someone.senior_proof_issued(first, last)
    assert odd(life, as_of=as_of) == ([(id_of(1), "proof_length")] if found else [])
    assert ask(life, "certificate.senior_route", last, NATION).node.status == (
        "pending" if first <= last else "not_applicable"
    )


@pytest.mark.parametrize(("first", "found"), [("2015-12-20", True), ("2018-12-31", True), ("2019-01-01", False)])
def test_a_pass_proof_of_before_the_first_senior_exam_is_told(first: str, found: bool) -> None:
    """N-01."""
    life = someone.senior_proof_issued(first, f"{int(first[:4]) + 3}{first[4:]}")
    assert odd(life) == ([(id_of(1), "proof_before_first_exam")] if found else [])


# Exams


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"score": "40", "pass_line": "national"}, True),
        ({"score": "59.99"}, True),
        ({"score": "60"}, False),
        ({"score": "40", "pass_line": "local"}, False),
        ({"pass_line": "national"}, False),
    ],
)
def test_a_subject_is_not_passed_with_less_than_the_mark_unless_by_a_local_line(
    said: dict[str, Any], found: bool
) -> None:
    """N-04: it does not count."""
    life = someone.passed("2023-06-17", "practice", "senior", **said)
    assert odd(life) == ([(id_of(1), "score_below_pass_mark")] if found else [])
    if found:
        assert ask(life, "exam.complete", TODAY, NATION, level="senior").node.status == "not_met"


LOCAL_LINE: dict[str, Any] = {"pass_line": "local"}
BOTH_IN_2025 = someone.passed("2025-06-14", "practice", score="75").certified("2025-09-01")
BY_A_LOCAL_LINE = BOTH_IN_2025.passed("2025-06-14", "comprehensive", score="55", **LOCAL_LINE)


def by_a_local_line(life: Life, **more: Any) -> bool:
    return "certificate_by_local_line" in [problem for _, problem in odd(life, **more)]


def test_a_national_certificate_that_the_passes_give_only_locally_is_told_and_counts() -> None:
    """N-04."""
    assert odd(BY_A_LOCAL_LINE) == [(id_of(2), "certificate_by_local_line")]
    assert ask(BY_A_LOCAL_LINE, "certificate", TODAY, NATION).node.status == "valid"
    assert odd(BY_A_LOCAL_LINE.voided(3)) == []
    local = BY_A_LOCAL_LINE.without("certificate.obtained").certified("2025-09-01", scope="local")
    assert odd(local) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"score": "59.99", "pass_line": "local"}, True),
        ({"score": "60", "pass_line": "local"}, False),
        ({"pass_line": "local"}, True),
        ({}, False),
        ({"score": "40"}, False),
    ],
    ids=["below the mark", "at the mark", "unscored by a local line", "nothing said", "no pass at all"],
)
def test_only_a_pass_that_counts_by_a_local_line_contradicts_a_national_certificate(
    said: dict[str, Any], found: bool
) -> None:
    """N-04. Where a subject is not on record as passed, nothing is contradicted."""
    assert by_a_local_line(BOTH_IN_2025.passed("2025-06-14", "comprehensive", **said)) is found
    assert not by_a_local_line(BOTH_IN_2025)


@pytest.mark.parametrize(
    ("year", "found"), [(2023, True), (2024, False), (2025, False)], ids=["out of the window", "in it", "the same year"]
)
def test_another_pass_by_the_mark_explains_a_national_certificate_within_the_exam_years(year: int, found: bool) -> None:
    """N-03: two consecutive years for the intermediate level."""
    life = someone.certified("2025-09-01", "intermediate")
    for subject, said in (("practice", {}), ("law_and_policy", {}), ("comprehensive", {"pass_line": "local"})):
        life = life.passed("2025-06-14", subject, "intermediate", **said)
    assert by_a_local_line(life.passed(f"{year}-06-14", "comprehensive", "intermediate", score="60")) is found


@pytest.mark.parametrize(("issued_on", "found"), [(None, True), ("2025-12-31", True), ("2026-01-01", False)])
def test_a_later_pass_explains_no_earlier_certificate(issued_on: str | None, found: bool) -> None:
    passes = BY_A_LOCAL_LINE.without("certificate.obtained").passed("2026-05-23", "practice", score="75")
    passes = passes.passed("2026-05-23", "comprehensive", score="75")
    assert by_a_local_line(passes.certified("2025-09-01", issued_on=issued_on)) is found


def test_a_local_line_of_a_year_after_the_certificate_contradicts_nothing() -> None:
    later = BY_A_LOCAL_LINE.without("certificate.obtained").certified("2024-09-01")
    assert not by_a_local_line(later)


def test_a_recognition_of_the_level_explains_a_national_certificate() -> None:
    """N-21."""
    assert not by_a_local_line(BY_A_LOCAL_LINE.qualification_recognized("2025-08-01"))
    assert by_a_local_line(BY_A_LOCAL_LINE.qualification_recognized("2025-09-02"))
    assert by_a_local_line(BY_A_LOCAL_LINE.qualification_recognized("2025-08-01", "intermediate"))


def test_a_certificate_that_is_not_given_by_exam_is_told_as_that_alone() -> None:
    """N-05: the mark of the senior exam is one of two conditions."""
    reviewed = someone.certified("2025-09-01", "senior", basis="exam_and_review")
    assert odd(reviewed.passed("2025-06-14", "practice", "senior", **LOCAL_LINE)) == []
    by_review = BY_A_LOCAL_LINE.without("certificate.obtained").certified("2025-09-01", basis="exam_and_review")
    assert [problem for _, problem in odd(by_review)] == ["certificate_not_given"]


# A single day of training


@pytest.mark.parametrize(
    "day",
    [{"started_on": "2023-05-06"}, {"sessions": [{"day": "2023-05-06", "amount": "30"}]}, {"started_on": "2023-05-05"}],
)
def test_thirty_days_of_training_told_on_fewer_days_are_told(day: dict[str, Any]) -> None:
    """Without a first day they end on the day of completion, and took as many days as they say."""
    assert problems(someone.trained("2023-05-06", "30", "day", **day)) == [(id_of(1), "more_than_a_day")]
    assert problems(someone.trained("2023-05-06", "30", "day")) == []


# Local standards


def of(determination: Any, place: str = WUHOU, **more: Any) -> LocalStandard:
    return structs.replace(standard(place, "2024-01-01", {"junior": "200"}), determination=determination, **more)


@pytest.mark.parametrize(
    ("determination", "place", "found"),
    [
        ("allowance", WUHOU, False),
        ("reward.exam", WUHOU, True),
        ("reward.exam", GULOU, False),
        ("grade", WUHOU, True),
        ("certificate", WUHOU, True),
        ("reward.new_talent", WUHOU, True),
    ],
)
def test_a_local_standard_at_which_no_text_of_the_place_looks_is_told(
    determination: str, place: str, found: bool
) -> None:
    """It is recorded all the same: a text that looks at it may be adopted later."""
    known = of(determination, place)
    expected = [(known.evidence.event_id, "standard_counts_nowhere")] if found else []
    assert odd(someone.employed("2021-01-01", place), place, known) == expected


def test_a_standard_that_counts_nowhere_is_told_where_it_would_apply() -> None:
    life, idle = someone.employed("2021-01-01", WUHOU, organization="O-1"), of("grade")
    told = [(idle.evidence.event_id, "standard_counts_nowhere")]
    assert odd(life, WUHOU, idle) == odd(life, CHENGDU, idle) == told
    assert odd(life, QINGYANG, idle) == odd(someone, CHENGDU, idle) == []
    assert odd(life, WUHOU, idle, as_of="2023-12-31") == []
    assert odd(life, WUHOU, of("grade", organization="O-2")) == []
    assert odd(life, WUHOU, of("grade", organization="O-1")) == told


@pytest.mark.parametrize("place", ["410103", "410105", "410100"])
def test_a_standard_that_counts_nowhere_is_told_in_each_district_of_its_city(place: str) -> None:
    """ADR 0015: work in another district counts as in the city, also for the measure of a unit (R-27)."""
    life = someone.employed("2021-01-01", "410103", organization="O-1")
    idle = of("reward.exam", "410100", organization="O-1")
    assert odd(life, place, idle) == [(idle.evidence.event_id, "standard_counts_nowhere")]
    assert odd(life, place, of("reward.exam", "410100", organization="O-2")) == []
    of_a_district = of("reward.exam", "410103", organization="O-1")
    assert bool(odd(life, place, of_a_district)) == (place != "410105")


@pytest.mark.parametrize("determination", get_args(DeterminationId))
def test_of_every_determination_a_standard_is_looked_at_or_told(determination: str) -> None:
    looked_at = determination in ("allowance", "reward.exam")
    assert odd(someone, GULOU, of(determination, GULOU)) == (
        [] if looked_at else [(of(determination).evidence.event_id, "standard_counts_nowhere")]
    )
