"""What cannot be, or makes another fact doubtful, is told (design §3; answers.md A1, A6, A10, A14, A22, A30)."""

from datetime import date
from typing import Any, get_args

import pytest
from msgspec import structs
from msgspec.structs import fields

from contracts.events.catalogue import PRACTITIONER_TYPES, REVISION_TYPES, Session
from contracts.events.revisions import resolve
from contracts.events.values import Day
from services.core.facts import oddities
from services.core.facts.fold import fold
from services.core.questions.odd_by_rule import odd_by_rule
from services.core.words.catalogue import FINDINGS
from tests.lives import (
    CHENGDU,
    NATION,
    ZHENGZHOU,
    Life,
    ask,
    facts_of,
    findings_of,
    id_of,
    recorded,
    rules_of,
    someone,
)

JOB = someone.employed("2021-01-01", ZHENGZHOU)


def problems(life: Life) -> list[tuple[str, str]]:
    return [(finding.event_id, finding.problem) for finding in findings_of(life)]


def problems_when_recorded_at(life: Life, *instants: str) -> list[str]:
    """Return the findings if the events were recorded at these instants in UTC, one for each."""
    told = [structs.replace(one, recorded_at=at) for one, at in zip(recorded(life), instants, strict=True)]
    stream = resolve(told)
    return [finding.problem for finding in oddities.findings_of(stream, fold(stream))]


def odd_on(day: str, life: Life) -> list[tuple[str, str]]:
    """Return what is odd by the rules of the nation that answer on a day."""
    told = resolve(recorded(life)).facts
    found = odd_by_rule(rules_of(NATION), told, facts_of(life), date.fromisoformat(day))
    return [(one.event_id, one.problem) for one in found]


def problems_by_rule(life: Life) -> list[tuple[str, str]]:
    """Return the findings, those by the rules of the nation too."""
    return problems(life) + odd_on("2026-01-01", life)


# Trainings


@pytest.mark.parametrize(
    "life",
    [
        someone.trained("2023-05-06", "99999"),
        someone.trained("2023-05-06", "32.01"),
        someone.trained("2023-05-06", "24.01", "hour"),
        someone.trained("2023-05-06", "60", sessions=[{"day": "2023-05-06", "amount": "60"}]),
        someone.trained("2023-05-06", "48.5", "hour", started_on="2023-05-05"),
    ],
    ids=["on a day", "by a hundredth of a class hour", "by a hundredth", "in a session", "in two days"],
)
def test_more_than_twenty_four_hours_on_a_day_are_told(life: Life) -> None:
    """A30; the training counts as recorded. A class hour has 45 minutes at the least (R-07)."""
    assert problems_by_rule(life) == [(id_of(1), "more_than_a_day")]


@pytest.mark.parametrize(
    "life",
    [
        someone.trained("2023-05-06", "32"),
        someone.trained("2023-05-06", "24", "hour"),
        someone.trained("2023-05-06", "48", "hour", started_on="2023-05-05"),
        someone.trained("2023-05-06", "60", "day"),
        someone.trained("2023-05-06", "60").voided(1),
        someone.trained("2023-05-06", "14", "hour").trained("2023-05-06", "14", "hour").voided(2),
    ],
    ids=["in class hours", "on a day", "in two days", "in days", "voided", "voided double"],
)
def test_twenty_four_hours_on_a_day_are_not(life: Life) -> None:
    assert problems_by_rule(life) == []


def test_the_trainings_of_a_day_are_added_up_and_the_last_recorded_is_told() -> None:
    two = someone.trained("2023-05-06", "13", "hour", course="甲").trained("2023-05-06", "11", "hour", course="乙")
    assert problems_by_rule(two) == []
    assert problems_by_rule(two.trained("2023-05-06", "0.5", course="丙")) == [(id_of(3), "more_than_a_day")]
    sessions = [{"day": "2023-05-06", "amount": "12"}, {"day": "2023-05-07", "amount": "12"}]
    over_days = someone.trained("2023-05-07", "24", "hour", course="甲", sessions=sessions)
    overfull = over_days.trained("2023-05-06", "12.5", "hour", course="乙")
    assert problems_by_rule(overfull) == [(id_of(2), "more_than_a_day")]
    assert problems_by_rule(over_days.trained("2023-05-08", "24", "hour", course="乙")) == []


def test_a_training_reported_twice_is_added_once() -> None:
    life = someone.trained("2023-05-06", "14", "hour", course="甲") * 2
    assert problems_by_rule(life) == [(id_of(2), "told_twice")]


def in_days(amount: str, on: str = "2023-05-06", **more: Any) -> Life:
    return someone.trained(on, amount, "day", **more)


@pytest.mark.parametrize(
    "life",
    [
        in_days("1", course="甲") + in_days("1", course="乙"),
        in_days("0.5", course="甲") + in_days("1", course="乙"),
        in_days("5", course="甲") + in_days("1", course="乙"),
        in_days("3", started_on="2023-05-04", course="甲") + in_days("0.5", "2023-05-05", course="乙"),
        someone.trained("2023-05-06", "1") + in_days("2", started_on="2023-05-06"),
    ],
    ids=["two days", "a half more", "the last of five days", "one of three days", "two days in one"],
)
def test_more_than_a_day_of_training_in_days_is_told(life: Life) -> None:
    assert problems_by_rule(life) == [(id_of(2), "more_than_a_day")]


@pytest.mark.parametrize(
    "life",
    [
        in_days("0.5", course="甲") + in_days("0.5", course="乙"),
        in_days("2", started_on="2023-05-01", course="甲") + in_days("1", "2023-05-03", course="乙"),
        in_days("1", course="甲") + in_days("1", "2023-05-07", course="乙"),
    ],
    ids=["two halves", "a day among others", "two days"],
)
def test_days_that_may_have_been_others_are_not(life: Life) -> None:
    assert problems_by_rule(life) == []


OF_A_COURSE = {"course": "小组工作", "provider": "社会工作协会"}


@pytest.mark.parametrize(
    "other",
    [
        {"subjects": ["sw_practice", "sw_ethics"]},
        {"amount": "31"},
        {"unit": "hour"},
        {"on": "2023-05-07"},
        {"on": "2023-05-05"},
        {"started_on": "2023-05-03"},
        {"started_on": "2023-05-05"},
        {"started_on": "2023-05-05", "on": "2023-05-07"},
        {"amount": "31", "course": "小组　工作", "provider": "社会工作协会 "},
        {"amount": "31", "provider": None},
    ],
    ids=[
        "a subject more",
        "an hour more",
        "in another unit",
        "the next day",
        "the day before",
        "begun the day before",
        "begun the next day",
        "all of it the next day",
        "in another width",
        "by whom is unsaid",
    ],
)
def test_a_training_of_the_same_course_that_differs_in_one_thing_is_told_and_counts(other: dict[str, Any]) -> None:
    """R-10: of another amount, other subjects or dates it is another training, also where what looks alike is one."""
    told = {"on": "2023-05-06", "started_on": "2023-05-04", "amount": "30", **OF_A_COURSE}
    life = someone.trained(**told).trained(**{**told, **other})
    assert problems(life) == [(id_of(2), "nearly_told_twice")]
    assert [training.repeats or training.resembles for training in facts_of(life).trainings] == [None, None]


@pytest.mark.parametrize(
    "other",
    [
        {"course": "个案工作", "amount": "31"},
        {"course": None, "amount": "31"},
        {"provider": "社区学院", "amount": "31"},
        {"on": "2023-05-08"},
        {"on": "2023-05-07", "amount": "31"},
        {"amount": "31", "proof_no": "ZZ-2"},
        {"started_on": "2023-05-02"},
        {"started_on": "2023-05-03", "amount": "31"},
    ],
    ids=[
        "of another course",
        "of no course",
        "of another provider",
        "days later",
        "in two things",
        "by another proof",
        "begun days before",
        "begun the day before and longer",
    ],
)
def test_a_training_that_differs_in_more_is_another(other: dict[str, Any]) -> None:
    dates = {"on": "2023-05-06", "started_on": "2023-05-04"}
    told = {**dates, "amount": "30", "proof_no": "ZZ-1", **OF_A_COURSE}
    assert problems(someone.trained(**told).trained(**{**told, "proof_no": None, **other})) == []


@pytest.mark.parametrize("day", ["2023-05-03", "2023-05-07"])
def test_a_session_outside_the_training_is_told(day: str) -> None:
    sessions = [{"day": "2023-05-05", "amount": "4"}, {"day": day, "amount": "4"}]
    life = someone.trained("2023-05-06", "8", started_on="2023-05-04", sessions=sessions)
    assert problems(life) == [(id_of(1), "session_outside")]


def test_a_session_inside_the_training_is_not() -> None:
    sessions = [{"day": "2023-05-04", "amount": "4"}, {"day": "2023-05-06", "amount": "4"}]
    assert problems(someone.trained("2023-05-06", "8", started_on="2023-05-04", sessions=sessions)) == []
    early = [{"day": "2020-05-04", "amount": "8"}]
    assert problems(someone.trained("2023-05-06", "8", sessions=early)) == [], "it began on a day that is not recorded"


# Days


@pytest.mark.parametrize(
    ("instant", "found"),
    [("2023-05-05T15:59:59.999999Z", ["not_happened_yet"]), ("2023-05-05T16:00:00.000000Z", [])],
)
def test_what_is_recorded_before_its_day_is_told(instant: str, found: list[str]) -> None:
    """The day is that of China: it begins eight hours before that of UTC."""
    assert problems_when_recorded_at(someone.trained("2023-05-06", "8"), instant) == found


RECORDED_IN_MAY = "2023-05-07T08:00:00.000000Z"
HAPPENED = {
    "issued_on": lambda day: someone.certified("2023-05-06", issued_on=day),
    "applied_on": lambda day: someone.senior_review_decided("2023-05-06", day),
    "day": lambda day: someone.trained("2023-05-06", "8", sessions=[{"day": day, "amount": "8"}]),
}
NEVER_AFTER_THEIR_EVENT = {"started_on", "ended_on"}
MAY_LIE_AHEAD = {"valid_from", "valid_until", "covers_from", "covers_until", "last_day"}


@pytest.mark.parametrize("member", HAPPENED)
def test_a_day_on_which_something_happened_lies_after_no_recording(member: str) -> None:
    found = [problems_when_recorded_at(HAPPENED[member](day), RECORDED_IN_MAY) for day in ("2023-05-07", "2023-05-08")]
    assert "not_happened_yet" not in found[0]
    assert "not_happened_yet" in found[1]


def test_of_every_day_in_an_event_it_is_known_whether_it_may_lie_ahead() -> None:
    structs_of_events = [PRACTITIONER_TYPES[name] for name in PRACTITIONER_TYPES.keys() - REVISION_TYPES.keys()]
    members = (member for struct in (*structs_of_events, Session) for member in fields(struct))
    days = {member.name for member in members if member.type == Day or Day in get_args(member.type)}
    assert days == HAPPENED.keys() | NEVER_AFTER_THEIR_EVENT | MAY_LIE_AHEAD


def test_what_is_to_last_may_end_on_a_day_to_come() -> None:
    proof = someone.senior_proof_issued("2023-05-06", "2026-05-05")
    assessed = proof.assessed("2023-01-01", "2023-12-31", on="2023-05-06")
    registered = assessed.registered("2023-06-01", "2026-05-31", on="2023-05-06")
    assert "not_happened_yet" not in problems_when_recorded_at(registered, *[RECORDED_IN_MAY] * 3)


def test_a_correction_tells_the_day_as_it_is_known_then() -> None:
    life = someone.trained("2023-05-06", "8").corrected(1, occurred_on="2023-06-06")
    recorded_in_may = "2023-05-07T08:00:00.000000Z"
    assert problems_when_recorded_at(life, recorded_in_may, "2023-07-01T08:00:00.000000Z") == []
    assert problems_when_recorded_at(life, recorded_in_may, recorded_in_may) == ["not_happened_yet"]


def test_a_history_outside_any_ledger_has_no_day_of_recording() -> None:
    assert problems(someone.trained("2132-05-06", "8")) == []


# Registrations (A14, A10)

CERTIFIED = someone.certified("2021-10-18")


def test_a_registration_without_any_certificate_is_told() -> None:
    life = someone.registered("2025-01-01", "2027-12-31")
    assert problems(life) == [(id_of(1), "registered_without_certificate")]
    assert ask(life, "registration", "2026-01-01", NATION).node.status == "valid", "nothing is inferred from it"


@pytest.mark.parametrize(("first", "found"), [("2021-10-17", ["registered_before_certificate"]), ("2021-10-18", [])])
def test_a_registration_before_its_certificate_is_told(first: str, found: list[str]) -> None:
    assert [problem for _, problem in problems(CERTIFIED.registered(first, "2024-10-17"))] == found


def test_a_registration_is_looked_at_beside_the_certificate_of_its_level() -> None:
    life = CERTIFIED.registered("2022-01-01", "2024-12-31", level="intermediate")
    assert problems(life) == [(id_of(2), "registered_without_certificate")]
    later = life.certified("2023-10-18", "intermediate")
    assert problems(later) == [(id_of(2), "registered_before_certificate")]


@pytest.mark.parametrize(("withdrawn", "found"), [("2024-11-30", ["certificate_gone"]), ("2024-12-01", [])])
def test_a_certificate_withdrawn_while_it_is_registered_is_told(withdrawn: str, found: list[str]) -> None:
    life = CERTIFIED.registered("2021-12-01", "2024-11-30").certificate_withdrawn(withdrawn)
    assert [problem for _, problem in problems_by_rule(life)] == found


def test_a_certificate_withdrawn_beside_another_or_with_the_registration_is_no_matter() -> None:
    registered = CERTIFIED.registered("2021-12-01", "2024-11-30").certificate_withdrawn("2023-03-01")
    assert problems_by_rule(registered.certified("2020-10-18", "basic", scope="local", basis="local_test")) == []
    assert problems_by_rule(registered.certified("2023-03-01")) == [], "issued again on the day"
    assert problems_by_rule(registered.registration_ended("2023-03-01")) == []


@pytest.mark.parametrize(("approved", "found"), [("2021-12-02", True), ("2021-12-01", False)])
def test_a_certificate_that_the_registration_is_not_of_makes_up_for_none_that_was_withdrawn(
    approved: str, found: bool
) -> None:
    """R-34: without a level it is of those obtained by its first day, and of any basic one."""
    life = CERTIFIED.registered("2021-12-01", "2024-11-30").certificate_withdrawn("2023-03-01")
    problem = [(id_of(2), "certificate_gone")] if found else []
    assert problems_by_rule(life.certified(approved, "intermediate")) == problem
    basic = life.certified(approved, "basic", scope="local", basis="local_test")
    assert problems_by_rule(basic) == []


def test_of_certificates_registered_without_a_level_one_that_is_held_is_enough() -> None:
    both = CERTIFIED.certified("2021-10-20", "intermediate").registered("2021-12-01", "2024-11-30")
    one_gone = both.certificate_withdrawn("2023-03-01")
    assert problems_by_rule(one_gone) == []
    assert problems_by_rule(one_gone.certificate_withdrawn("2023-05-01", "intermediate")) == [
        (id_of(3), "certificate_gone")
    ]


@pytest.mark.parametrize(("gone_on", "found"), [("2024-11-30", True), ("2024-12-01", False)])
def test_a_registration_without_a_level_is_of_a_basic_certificate_until_that_is_gone(gone_on: str, found: bool) -> None:
    """R-34."""
    basic = someone.certified("2020-10-18", "basic", scope="local", basis="local_test")
    life = basic.registered("2021-12-01", "2024-11-30").certificate_withdrawn(gone_on, "basic")
    problem = [(id_of(2), "certificate_gone")] if found else []
    assert problems_by_rule(life) == problem
    assert problems_by_rule(life.certified("2020-10-18").certificate_withdrawn("2023-03-01")) == problem


@pytest.mark.parametrize(("first", "found"), [("2025-05-09", ["registrations_overlap"]), ("2025-05-10", [])])
def test_overlapping_registrations_are_told(first: str, found: list[str]) -> None:
    life = CERTIFIED.registered("2022-05-10", "2025-05-09").registered(first, "2028-05-09")
    assert [problem for _, problem in problems_by_rule(life)] == found


def test_registrations_of_two_levels_overlap_by_right() -> None:
    both = CERTIFIED.certified("2021-10-19", "intermediate").registered("2022-05-10", "2025-05-09", level="junior")
    assert problems_by_rule(both.registered("2023-05-10", "2026-05-09", level="intermediate")) == []
    unsaid = both.registered("2023-05-10", "2026-05-09")
    assert problems_by_rule(unsaid) == [(id_of(4), "registrations_overlap")]


def test_an_ended_registration_is_followed_by_another() -> None:
    life = CERTIFIED.registered("2022-05-10", "2025-05-09").registration_ended("2023-06-01")
    assert problems_by_rule(life.registered("2023-06-01", "2026-05-31")) == []
    assert problems_by_rule(life.registered("2023-05-31", "2026-05-31")) == [(id_of(4), "registrations_overlap")]


def test_a_registration_without_a_printed_last_day_lasts_as_long_as_the_rule_says() -> None:
    """R-12: at the least to the day before the corresponding one. Before the rule nobody says how long."""
    life = someone.certified("2015-01-01").registered("2016-01-01")
    assert problems_by_rule(life.certificate_withdrawn("2018-12-31")) == [(id_of(2), "certificate_gone")]
    assert problems_by_rule(life.certificate_withdrawn("2019-01-01")) == []
    assert problems_by_rule(life.registered("2018-12-31")) == [(id_of(3), "registrations_overlap")]
    assert problems_by_rule(life.registered("2019-01-01")) == []
    ended = life.registered("2019-01-02", "2022-01-01").registration_ended("2020-01-01")
    assert problems_by_rule(ended) == []
    assert odd_on("2008-01-01", life.certificate_withdrawn("2019-01-01")) == [(id_of(2), "certificate_gone")]


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("2024-11-29", True),
        ("2024-11-30", False),
        ("2024-12-01", False),
        ("2024-12-02", True),
        ("2027-11-30", True),
        (None, False),
    ],
)
def test_a_registration_of_another_length_than_the_rule_says_is_told(last: str | None, found: bool) -> None:
    """R-12: the corresponding day three years later and the day before it are both printed."""
    life = CERTIFIED.registered("2021-12-01", last)
    assert odd_on("2026-01-01", life) == ([(id_of(2), "registration_length")] if found else [])


def test_before_the_rule_nobody_says_how_long_a_registration_is() -> None:
    assert odd_on("2008-01-01", CERTIFIED.registered("2021-12-01", "2027-11-30")) == []


def test_a_sanction_that_names_a_registration_is_told_until_it_is_lifted() -> None:
    sanction = "取消社会工作者登记"
    life = CERTIFIED.registered("2024-12-01", "2027-11-30").sanction_imposed("2025-06-01", sanction)
    assert problems_by_rule(life) == [(id_of(3), "sanction_names_registration")]
    assert problems_by_rule(life.sanction_lifted("2025-07-01", sanction)) == []
    assert problems_by_rule(someone.sanction_imposed("2025-06-01", "警告")) == []
    assert ask(life, "registration", "2026-01-01", NATION).node.status == "valid", "nothing is inferred from it"


@pytest.mark.parametrize(
    ("life", "found"),
    [
        (CERTIFIED, False),
        (CERTIFIED.registered("2025-06-01", "2028-05-31"), True),
        (CERTIFIED.registered("2025-06-02", "2028-06-01"), False),
        (CERTIFIED.registered("2022-06-02", "2025-06-01"), True),
        (CERTIFIED.registered("2022-06-01", "2025-05-31"), False),
        (CERTIFIED.registered("2022-06-02"), True),
        (CERTIFIED.registered("2022-06-01"), False),
        (CERTIFIED.registered("2024-06-01", "2027-05-31").registration_ended("2025-01-01"), False),
        (CERTIFIED.registered("2024-06-01", "2027-05-31").registration_ended("2025-06-01"), False),
        (CERTIFIED.registered("2024-06-01", "2027-05-31").registration_ended("2025-07-01"), False),
    ],
    ids=[
        "never registered",
        "begun on its day",
        "begun later",
        "lapsed after its day",
        "lapsed",
        "lapsed by the rule after its day",
        "lapsed by the rule",
        "ended before",
        "ended by it",
        "ended since",
    ],
)
def test_a_sanction_that_names_a_registration_concerns_one_that_stands(life: Life, *, found: bool) -> None:
    sanctioned = life.sanction_imposed("2025-06-01", "取消社会工作者登记")
    assert ("sanction_names_registration" in [problem for _, problem in problems_by_rule(sanctioned)]) == found


REVOKED = "撤销社会工作者职业水平证书"


def test_a_sanction_that_names_a_certificate_is_told_until_its_withdrawal_is_recorded() -> None:
    life = CERTIFIED.sanction_imposed("2025-06-01", REVOKED)
    assert problems(life) == [(id_of(2), "sanction_names_certificate")]
    assert ask(life, "certificate", "2026-01-01", NATION).node.status == "valid", "nothing is inferred from it"
    assert problems(life.certificate_withdrawn("2025-06-01")) == []
    assert problems(life.certificate_withdrawn("2025-07-01")) == []
    assert problems(life.sanction_lifted("2025-07-01", REVOKED)) == []


def test_a_sanction_that_names_a_certificate_concerns_one_held_on_its_day() -> None:
    assert problems(someone.sanction_imposed("2025-06-01", REVOKED)) == []
    gone = CERTIFIED.certificate_withdrawn("2024-01-01").sanction_imposed("2025-06-01", REVOKED)
    assert problems(gone) == []
    assert problems(gone.certified("2025-01-01")) == [(id_of(3), "sanction_names_certificate")]


# Exams


@pytest.mark.parametrize(("year", "found"), [(2022, []), (2023, []), (2024, ["exam_year_to_come"])])
def test_an_exam_passed_before_its_year_is_told(year: int, found: list[str]) -> None:
    """The exam of a year may be over in the next one only."""
    assert [problem for _, problem in problems(someone.passed("2023-12-31", exam_year=year))] == found


# The senior review (N-05, R-39)

PROOF = someone.senior_proof_issued("2021-12-20", "2024-12-19")


@pytest.mark.parametrize(
    ("on", "found"), [("2021-12-19", True), ("2021-12-20", False), ("2024-12-19", False), ("2024-12-20", True)]
)
def test_a_senior_review_applied_for_without_a_proof_of_the_exam_is_told(on: str, found: bool) -> None:
    odd = [(id_of(2), "review_without_proof")] if found else []
    assert problems(PROOF.senior_review_applied(on)) == odd
    assert problems(PROOF.senior_review_decided("2025-03-10", on)) == odd
    assert problems(PROOF.senior_review_applied(on).senior_review_decided("2025-03-10", on)) == odd


@pytest.mark.parametrize("on", ["2024-03-10", "2024-04-10"])
def test_a_senior_review_decided_both_ways_is_told(on: str) -> None:
    decided = PROOF.senior_review_decided("2024-03-10", "2024-01-05")
    assert problems(decided.senior_review_decided(on, "2024-01-05", result="fail")) == [
        (id_of(3), "review_decided_both_ways")
    ]
    another = decided.senior_review_decided(on, "2024-02-05", result="fail")
    assert problems(another) == [], "of another application"


# Employments and assessments (A6, A22)


@pytest.mark.parametrize(("made", "found"), [("2025-05-31", ["assessed_before_employment"]), ("2025-06-01", [])])
def test_an_assessment_made_before_the_present_employment_is_told(made: str, found: list[str]) -> None:
    life = someone.employed("2020-01-01", "510107").employed("2025-06-01", "510107", organization="O-2")
    assessed = life.assessed("2024-01-01", "2026-12-31", on=made)
    assert [problem for _, problem in problems(assessed)] == found


def test_an_assessment_of_days_before_the_present_employment_is_not() -> None:
    life = someone.employed("2020-01-01", "510107").employed("2025-06-01", "510107", organization="O-2")
    assert problems(life.assessed("2024-01-01", "2025-05-31", on="2024-02-01")) == []
    beside = someone.employed("2020-01-01", "510107").employed("2025-06-01", "510107", concurrent=True)
    assert problems(beside.assessed("2024-01-01", "2026-12-31", on="2024-02-01")) == []


@pytest.mark.parametrize("role", ["community_worker", "full_time_community_worker"])
def test_a_community_role_outside_a_community_is_told(role: str) -> None:
    for employer in ("enterprise", "government", "social_work_agency"):
        life = someone.employed("2020-05-01", "510107", employer_type=employer, role=role)
        assert problems(life) == [(id_of(1), "community_role_elsewhere")]
    for employer in ("urban_community", "village"):
        assert problems(someone.employed("2020-05-01", "510107", employer_type=employer, role=role)) == []
    assert problems(someone.employed("2020-05-01", employer_type="enterprise", role="social_worker")) == []


FULL_TIME = {"role": "full_time_community_worker"}


@pytest.mark.parametrize(("last_day", "found"), [("2022-12-31", []), ("2023-01-01", ["full_time_twice"])])
def test_two_full_time_roles_at_once_are_told(last_day: str, found: list[str]) -> None:
    life = someone.employed("2020-05-01", "532301", **FULL_TIME).left(last_day, employment=1)
    both = life.employed("2023-01-01", CHENGDU, concurrent=True, **FULL_TIME)
    assert [problem for _, problem in problems(both)] == found


def test_a_full_time_role_beside_another_role_or_after_another_is_not() -> None:
    life = someone.employed("2020-05-01", "532301", **FULL_TIME)
    assert problems(life.employed("2023-01-01", CHENGDU, concurrent=True)) == []
    assert problems(life.employed("2023-01-01", CHENGDU, **FULL_TIME)) == []


# Grants (A1)


def test_a_grant_that_names_no_entitlement_is_told() -> None:
    assert problems(someone.benefit_granted("2026-03-01", "一次性考试奖励")) == [(id_of(1), "entitlement_unnamed")]
    assert problems(someone.benefit_granted("2026-03-01", "一次性考试奖励", determination="reward.exam")) == []


FUJIAN = "350203"


@pytest.mark.parametrize(
    ("determination", "place", "found"),
    [
        ("reward.exam", FUJIAN, False),
        ("reward.new_talent", CHENGDU, False),
        ("benefit.settlement", FUJIAN, True),
        ("allowance", CHENGDU, True),
        ("registration", CHENGDU, True),
        ("grade", FUJIAN, True),
    ],
)
def test_a_grant_of_what_no_rule_asks_to_have_been_given_is_told(determination: str, place: str, found: bool) -> None:
    """It is no reward, or the text does not say that it is given once (A1)."""
    facts = facts_of(someone.benefit_granted("2026-03-01", determination=determination))
    odd = [(one.event_id, one.problem) for one in odd_by_rule(rules_of(place), (), facts, date(2026, 6, 1))]
    assert odd == ([(id_of(1), "grant_counts_nowhere")] if found else [])


@pytest.mark.parametrize(("last_day", "found"), [("2023-06-01", []), ("2023-06-02", ["employment_over"])])
def test_an_end_of_a_job_that_another_one_had_ended_says_so(last_day: str, found: list[str]) -> None:
    """It had something to end, though that was over."""
    life = JOB.employed("2023-06-01", CHENGDU).left(last_day, employment=1)
    assert [problem for _, problem in problems(life)] == found


def test_no_end_is_told_to_be_idle_that_ended_something_on_the_day_of_the_next_beginning() -> None:
    life = JOB.left("2023-06-01").employed("2023-06-01", CHENGDU)
    assert problems(life) == []


@pytest.mark.parametrize("words", FINDINGS.values(), ids=FINDINGS)
def test_every_finding_is_told_in_both_languages(words: tuple[str, str]) -> None:
    assert all(words)
