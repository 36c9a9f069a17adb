"""The plan period, the allowance of three more places, and their technical staff."""

import pytest

from tests.lives import alternatives, ask, someone

LIAOCHENG, CHUXIONG, FUJIAN = "371500", "532300", "350000"
PLAN = "continuing_education.plan_period"
DAY = "2023-01-01"


# The plan period: CX-08.


@pytest.mark.parametrize("employer", ["urban_community", "village", "public_institution", "charity"])
def test_the_four_employers_that_the_text_names_are_concerned(employer: str) -> None:
    history = someone.employed("2020-01-01", CHUXIONG, employer_type=employer)
    assert ask(history, PLAN, "2025-12-31", CHUXIONG).node.status == "not_met"


@pytest.mark.parametrize("employer", ["social_organization", "social_work_agency"])
def test_agencies_and_social_organizations_may_stand_behind_the_open_list(employer: str) -> None:
    """R-38; under the alternative they are not concerned."""
    history = someone.employed("2021-01-01", "532301", employer_type=employer, role="social_worker")
    short = ask(history, PLAN, "2026-11-29", CHUXIONG)
    assert (short.node.status, short.node.reason) == ("needs_review", "employer_not_listed")
    assert alternatives(short) == {("R-38", "not_applicable")}
    enough = ask(history.trained("2022-05-01", "160", "hour"), PLAN, "2026-11-29", CHUXIONG)
    assert (enough.node.status, enough.node.reason) == ("met", None)
    assert ("R-38", "not_applicable") in alternatives(enough)


def test_who_left_an_agency_may_have_left_work_that_is_concerned() -> None:
    """R-37, R-38."""
    history = someone.employed("2021-01-01", CHUXIONG, employer_type="social_work_agency").left("2024-06-30")
    answer = ask(history, PLAN, "2026-11-29", CHUXIONG)
    assert (answer.node.status, answer.node.reason) == ("needs_review", "left_before_the_deciding_day")
    assert alternatives(answer) == {("R-37", "not_applicable"), ("R-38", "not_applicable")}


@pytest.mark.parametrize("employer", ["enterprise", "government", "mass_organization"])
def test_no_other_employer_is(employer: str) -> None:
    history = someone.employed("2020-01-01", CHUXIONG, employer_type=employer)
    answer = ask(history, PLAN, "2025-12-31", CHUXIONG)
    assert (answer.node.status, alternatives(answer)) == ("not_applicable", set())


def test_an_agency_without_direct_service_is_not_concerned() -> None:
    history = someone.employed("2020-01-01", CHUXIONG, employer_type="social_work_agency", direct_service=False)
    assert ask(history, PLAN, "2025-12-31", CHUXIONG).node.status == "not_applicable"


def test_who_gives_no_direct_service_or_works_elsewhere_is_not_concerned() -> None:
    indirect = someone.employed("2020-01-01", CHUXIONG, direct_service=False)
    for job in (indirect, someone.employed("2020-01-01", "530100")):
        assert ask(job, PLAN, "2025-12-31", CHUXIONG).node.status == "not_applicable"


def test_the_last_day_of_the_plan_decides_for_ever_after() -> None:
    history = someone.employed("2020-01-01", CHUXIONG).left("2025-12-31").trained("2022-01-01", "160", "hour")
    answer = ask(history, PLAN, "2027-01-01", CHUXIONG)
    assert (answer.node.status, str(answer.node.decided_on), answer.until) == ("met", "2025-12-31", None)


@pytest.mark.parametrize(
    ("last_day", "hours", "status"),
    [
        ("2025-12-30", "160", "met"),
        ("2025-12-30", "159.99", "needs_review"),
        ("2021-01-01", "160", "met"),
        ("2020-12-31", "160", "not_applicable"),
    ],
)
def test_who_left_within_the_plan_has_met_the_figure_or_waits_for_a_person(
    last_day: str, hours: str, status: str
) -> None:
    """R-37: so I-06 does not lose them."""
    history = someone.employed("2020-01-01", CHUXIONG).left(last_day).trained("2022-01-01", hours, "hour")
    answer = ask(history, PLAN, "2027-01-01", CHUXIONG)
    assert answer.node.status == status
    assert (("R-37", "not_applicable") in alternatives(answer)) is (status != "not_applicable")


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
    ("asked", "recognition", "status"),
    [
        (FUJIAN, "valid", "needs_review"),
        ("350200", "valid", "needs_review"),
        ("350203", "valid", "needs_review"),
        ("350100", "none", "not_eligible"),
    ],
)
def test_a_recognition_holds_where_the_person_works_inside_the_place_asked_about(
    asked: str, recognition: str, status: str
) -> None:
    """FJ-12: a province is asked with the city worked in (design §4); a recognition of one city holds in no other."""
    history = someone.employed("2021-01-01", "350203").qualification_recognized("2022-01-01", "junior", "350200")
    assert ask(history, "recognition", DAY, asked).node.status == recognition
    assert ask(history, "allowance", DAY, asked).node.status == status
    gone = history.employed("2022-06-01", "350102")
    assert ask(gone, "recognition", DAY, FUJIAN).node.status == "none"


def test_elsewhere_a_recognition_does_not_stand_in_for_the_certificate() -> None:
    history = (
        someone.employed("2021-01-01", LIAOCHENG)
        .qualification_recognized("2022-01-01", "junior", LIAOCHENG)
        .registered("2022-03-01")
    )
    assert ask(history, "allowance", DAY, LIAOCHENG).node.result.missing == ("certificate",)


# Technical staff: CX-11, FJ-08.


@pytest.mark.parametrize(
    ("place", "status"), [(LIAOCHENG, "undefined_in_policy"), (CHUXIONG, "valid"), (FUJIAN, "valid")]
)
def test_certificate_holders_are_technical_staff_where_the_text_says_so(place: str, status: str) -> None:
    assert ask(someone.certified("2021-10-17"), "technical_staff", DAY, place).node.status == status
