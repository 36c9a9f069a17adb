"""The plan period, the allowance of three more places, rewards that wait for a local measure, and benefits by title."""

from datetime import date

import pytest
from msgspec import structs

from contracts.policies.language import LocalStandard
from tests.lives import alternatives, ask, someone, standard

LIAOCHENG, CHUXIONG, FUJIAN = "371500", "532300", "350000"
PLAN = "continuing_education.plan_period"
DAY = "2023-01-01"


def rewarding(place: str, effective_from: str, *levels: str) -> LocalStandard:
    reward = standard(place, effective_from, dict.fromkeys(levels, "1000"))
    return structs.replace(reward, determination="reward.exam", unit="CNY_once")


# The plan period: CX-08.


@pytest.mark.parametrize("employer", ["urban_community", "village", "public_institution", "charity"])
def test_the_four_employers_that_the_text_names_are_concerned(employer: str) -> None:
    history = someone.employed("2020-01-01", CHUXIONG, employer_type=employer)
    assert ask(history, PLAN, "2025-12-31", CHUXIONG).node.status == "not_met"


@pytest.mark.parametrize("employer", ["social_organization", "social_work_agency", "enterprise", "government"])
def test_no_other_employer_is(employer: str) -> None:
    history = someone.employed("2020-01-01", CHUXIONG, employer_type=employer)
    assert ask(history, PLAN, "2025-12-31", CHUXIONG).node.status == "not_applicable"


def test_who_gives_no_direct_service_or_works_elsewhere_is_not_concerned() -> None:
    indirect = someone.employed("2020-01-01", CHUXIONG, direct_service=False)
    for job in (indirect, someone.employed("2020-01-01", "530100")):
        assert ask(job, PLAN, "2025-12-31", CHUXIONG).node.status == "not_applicable"


def test_the_last_day_of_the_plan_decides_for_ever_after() -> None:
    history = someone.employed("2020-01-01", CHUXIONG).left("2025-12-31").trained("2022-01-01", "160", "hour")
    answer = ask(history, PLAN, "2027-01-01", CHUXIONG)
    assert (answer.node.status, str(answer.node.decided_on), answer.until) == ("met", "2025-12-31", None)
    gone = someone.employed("2020-01-01", CHUXIONG).left("2025-12-30").trained("2022-01-01", "160", "hour")
    assert ask(gone, PLAN, "2027-01-01", CHUXIONG).node.status == "not_applicable"


def test_hours_from_before_the_text_but_inside_the_period_count() -> None:
    history = someone.employed("2020-01-01", CHUXIONG).trained("2021-01-01", "160", "hour")
    assert ask(history, PLAN, "2021-07-12", CHUXIONG).node.status == "met"
    assert ask(history, PLAN, "2021-07-11", CHUXIONG).node.status == "not_in_force"


def test_joining_late_reduces_nothing_but_would_under_the_other_reading() -> None:
    history = someone.employed("2025-07-01", CHUXIONG).trained("2025-08-01", "16", "hour")
    answer = ask(history, PLAN, "2025-12-31", CHUXIONG)
    assert answer.node.status == "not_met"
    assert ("R-22", "met") in alternatives(answer)


def test_hours_of_the_plans_last_year_hang_on_where_the_period_ends() -> None:
    history = someone.employed("2020-01-01", CHUXIONG).trained("2025-06-01", "160", "hour")
    answer = ask(history, PLAN, "2026-01-01", CHUXIONG)
    assert answer.node.status == "met"
    assert ("R-25", "not_met") in alternatives(answer)


# The allowance: LC-24, CX-21, FJ-11.


def test_in_liaocheng_the_allowance_asks_for_the_registration() -> None:
    history = someone.employed("2021-01-01", LIAOCHENG).certified("2021-10-17")
    answer = ask(history, "allowance", DAY, LIAOCHENG)
    assert (answer.node.status, answer.node.result.missing) == ("not_eligible", ("registration",))
    history = history.registered("2022-03-01", "2025-02-28")
    assert ask(history, "allowance", DAY, LIAOCHENG).node.status == "eligible"
    assert ask(history, "allowance", "2025-03-01", LIAOCHENG).node.status == "not_eligible"


def test_in_chuxiong_only_full_time_workers_unless_the_names_are_synonyms() -> None:
    answer = ask(someone.employed("2021-01-01", CHUXIONG).certified("2021-10-17"), "allowance", DAY, CHUXIONG)
    assert (answer.node.status, answer.node.result.missing) == ("not_eligible", ("role",))
    assert ("R-17", "eligible") in alternatives(answer)


def test_in_fujian_the_first_day_hangs_on_the_day_of_printing() -> None:
    history = someone.employed("2020-01-01", FUJIAN).certified("2020-10-18")
    answer = ask(history, "allowance", "2021-01-28", FUJIAN)
    assert answer.node.status == "eligible"
    assert ("R-01", "not_in_force") in alternatives(answer)
    assert ("R-01", "not_in_force") not in alternatives(ask(history, "allowance", "2021-01-29", FUJIAN))


def test_a_recognized_qualification_instead_of_the_exam_is_for_a_person_to_judge() -> None:
    node = ask(
        someone.employed("2021-01-01", FUJIAN).qualification_recognized("2022-01-01", "junior", FUJIAN),
        "allowance",
        DAY,
        FUJIAN,
    ).node
    assert (node.status, node.result.unresolved, node.result.tier) == ("needs_review", ("certificate",), "junior")
    assert (node.result.amount, node.result.eligible_since) == (None, None)


def test_a_recognition_of_another_scope_or_of_basic_level_does_not_stand_in() -> None:
    job = someone.employed("2021-01-01", FUJIAN)
    for level, scope in (("junior", "440000"), ("basic", FUJIAN)):
        held = job.qualification_recognized("2022-01-01", level, scope)
        node = ask(held, "allowance", DAY, FUJIAN).node
        assert (node.status, node.result.missing) == ("not_eligible", ("certificate",))


@pytest.mark.parametrize(
    ("asked", "qualification", "status"),
    [
        (FUJIAN, "valid", "needs_review"),
        ("350200", "valid", "needs_review"),
        ("350203", "valid", "needs_review"),
        ("350100", "none", "not_eligible"),
    ],
)
def test_a_recognition_holds_where_the_person_works_inside_the_place_asked_about(
    asked: str, qualification: str, status: str
) -> None:
    """FJ-12: a province is asked with the city worked in (design §4); a recognition of one city holds in no other."""
    history = someone.employed("2021-01-01", "350203").qualification_recognized("2022-01-01", "junior", "350200")
    assert ask(history, "qualification", DAY, asked).node.status == qualification
    assert ask(history, "allowance", DAY, asked).node.status == status
    gone = history.employed("2022-06-01", "350102")
    assert ask(gone, "qualification", DAY, FUJIAN).node.status == "none"


def test_elsewhere_a_recognition_does_not_stand_in_for_the_certificate() -> None:
    history = (
        someone.employed("2021-01-01", LIAOCHENG)
        .qualification_recognized("2022-01-01", "junior", LIAOCHENG)
        .registered("2022-03-01")
    )
    assert ask(history, "allowance", DAY, LIAOCHENG).node.result.missing == ("certificate",)


# Rewards for the exam: CX-12, FJ-10.


@pytest.mark.parametrize("place", [CHUXIONG, FUJIAN])
def test_a_reward_for_the_exam_waits_for_a_local_measure(place: str) -> None:
    assert ask(someone, "reward.exam", DAY, place).node.status == "not_eligible"
    node = ask(someone.certified("2021-10-17"), "reward.exam", DAY, place).node
    assert (node.status, node.reason) == ("needs_review", "no_local_standard_known")


def test_a_local_measure_that_names_the_level_gives_it_from_its_first_day() -> None:
    measure = rewarding(CHUXIONG, DAY, "junior")
    history = someone.certified("2021-10-17")
    before = ask(history, "reward.exam", "2022-12-31", CHUXIONG, standards=[measure])
    assert (before.node.status, before.until) == ("needs_review", date(2022, 12, 31))
    answer = ask(history, "reward.exam", DAY, CHUXIONG, standards=[measure])
    assert (answer.node.status, answer.node.result.basis) == ("eligible", "certificate")
    assert answer.policy.standards == (measure.standard_id,)


def test_a_measure_for_another_level_leaves_the_reward_open_and_one_for_a_lower_level_held_gives_it() -> None:
    measure = rewarding(CHUXIONG, "2022-01-01", "junior")
    higher = someone.certified("2021-10-17", "intermediate")
    assert ask(higher, "reward.exam", DAY, CHUXIONG, standards=[measure]).node.status == "needs_review"
    both = someone.certified("2019-10-17") + higher
    assert ask(both, "reward.exam", DAY, CHUXIONG, standards=[measure]).node.status == "eligible"


def test_a_countys_measure_holds_for_who_works_there() -> None:
    measure = rewarding("532301", "2022-01-01", "junior")
    inside = someone.employed("2021-01-01", "532301").certified("2021-10-17")
    outside = someone.employed("2021-01-01", "532322").certified("2021-10-17")
    assert ask(inside, "reward.exam", DAY, CHUXIONG, standards=[measure]).node.status == "eligible"
    assert ask(outside, "reward.exam", DAY, CHUXIONG, standards=[measure]).node.status == "needs_review"
    assert ask(inside, "reward.exam", DAY, "532322", standards=[measure]).node.status == "needs_review"


def test_a_standard_of_the_allowance_is_no_reward() -> None:
    measure = standard(CHUXIONG, "2022-01-01", {"junior": "200"})
    history = someone.certified("2021-10-17")
    assert ask(history, "reward.exam", DAY, CHUXIONG, standards=[measure]).node.status == "needs_review"


# Benefits: LC-22, CX-24, FJ-16.


@pytest.mark.parametrize("place", [LIAOCHENG, CHUXIONG, FUJIAN])
def test_settlement_is_for_designated_high_level_talent_alone(place: str) -> None:
    assert ask(someone.talent_designated(DAY), "benefit.settlement", DAY, place).node.status == "eligible"
    assert ask(someone.talent_designated(DAY), "benefit.settlement", "2022-12-31", place).node.status == "not_eligible"
    other = ask(someone.talent_designated(DAY, "national_leading"), "benefit.settlement", DAY, place).node
    assert (other.status, other.result.missing) == ("not_eligible", ("talent:high_level",))


@pytest.mark.parametrize(
    ("place", "status"), [(LIAOCHENG, "undefined_in_policy"), (CHUXIONG, "eligible"), (FUJIAN, "undefined_in_policy")]
)
def test_schooling_for_high_level_talent_stands_in_one_text_alone(place: str, status: str) -> None:
    assert ask(someone.talent_designated(DAY), "benefit.child_education", DAY, place).node.status == status


# Technical staff: CX-11, FJ-08.


@pytest.mark.parametrize(
    ("place", "status"), [(LIAOCHENG, "undefined_in_policy"), (CHUXIONG, "valid"), (FUJIAN, "valid")]
)
def test_certificate_holders_are_technical_staff_where_the_text_says_so(place: str, status: str) -> None:
    assert ask(someone.certified("2021-10-17"), "technical_staff", DAY, place).node.status == status
