"""Who may have the allowance (CD-25, CD-26, ZZ-23), and which grade a post gives (CD-18 to CD-20, ZZ-12 to ZZ-15)."""

from datetime import date, timedelta

import pytest

from contracts.document import plain
from tests.lives import CHENGDU, NATION, ZHENGZHOU, Life, alternatives, ask, facts_of, someone, standard

FULL_TIME = {"role": "full_time_community_worker"}
COMPLETE = (
    someone.employed("2021-01-01", "510107", **FULL_TIME)
    .certified("2021-10-17")
    .registered("2022-04-01", "2025-03-31")
    .served("2022-12-10")
    .assessed("2022-01-01", "2024-12-31")
)
INSTITUTION = {"employer_type": "public_institution", "role": "social_worker"}


def allowance(history, as_of, place=CHENGDU, **rest):
    return ask(history, "allowance", as_of, place, **rest)


def grade(history, as_of, place=CHENGDU):
    return ask(history, "grade", as_of, place)


def test_the_last_day_of_registration_still_counts() -> None:
    history = COMPLETE.served("2025-01-01").assessed("2025-01-01", "2025-12-31")
    assert allowance(history, "2025-03-31").node.status == "eligible"
    assert allowance(history, "2025-04-01").node.result.missing == ("registration",)


def test_the_last_day_of_the_job_still_counts() -> None:
    history = COMPLETE.left("2023-06-30")
    assert allowance(history, "2023-06-30").node.status == "eligible"
    assert allowance(history, "2023-07-01").node.result.missing == ("role",)


def test_eligibility_begins_when_the_last_condition_is_met() -> None:
    """R-13; under the alternative it begins on the first of the next month."""
    answer = allowance(COMPLETE, "2022-12-31")
    assert plain(answer.node.result)["eligible_since"] == "2022-12-10"
    assert ("R-13", "not_eligible") in alternatives(answer)
    assert ("R-13", "not_eligible") not in alternatives(allowance(COMPLETE, "2023-01-01"))


def test_an_attestation_that_denies_the_role_refuses() -> None:
    history = COMPLETE.but(someone.assessed("2022-01-01", "2024-12-31", professional_role=False))
    assert allowance(history, "2023-01-01").node.result.missing == ("professional_role",)


def test_without_attestation_service_records_might_imply_the_role() -> None:
    """R-15."""
    answer = allowance(COMPLETE[:4], "2023-01-01")
    assert (answer.node.status, answer.node.result.tier, answer.node.result.amount) == (
        "needs_review",
        "junior",
        None,
    )
    assert ("R-15", "eligible") in alternatives(answer)


# The service record: CD-10, R-16.


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (someone.served("2022-01-02"), "eligible"),
        (someone.served("2022-01-01"), "needs_review"),
        (someone.served("2022-12-10", platform="郑州市社会工作服务平台"), "needs_review"),
        (someone.served("2022-12-10", verified=False), "not_eligible"),
        (someone.served("2023-01-02"), "not_eligible"),
        (someone, "not_eligible"),
    ],
    ids=["within a year", "a year old", "on another platform", "not verified", "of tomorrow", "none"],
)
def test_a_record_of_the_last_year_on_the_platform_is_enough_and_any_other_is_for_a_person(
    record: Life, status: str
) -> None:
    """Under the alternative any verified record is enough; without one, none."""
    answer = allowance(COMPLETE.without("service.recorded") + record, "2023-01-01")
    assert answer.node.status == status
    result = answer.node.result
    assert (result.missing, result.unresolved) == {
        "eligible": ((), ()),
        "needs_review": ((), ("service_record",)),
        "not_eligible": (("service_record",), ()),
    }[status]
    assert (("R-16", "eligible") in alternatives(answer)) is (status == "needs_review")


@pytest.mark.parametrize("platform", ["成都社工　管理服务平台", " 成都社工管理服务平台 ", "成都社工管理服务平台"])
def test_a_platform_is_the_same_however_its_name_is_spaced(platform: str) -> None:
    assert allowance(COMPLETE.but(someone.served("2022-12-10", platform=platform)), "2023-01-01").node.status == (
        "eligible"
    )


def test_a_fresh_record_elsewhere_does_not_unsettle_one_on_the_platform() -> None:
    history = COMPLETE.served("2022-12-31", platform="郑州市社会工作服务平台")
    answer = allowance(history, "2023-01-01")
    assert (answer.node.status, plain(answer.node.result)["eligible_since"]) == ("eligible", "2022-12-10")
    assert allowance(history, "2023-12-09").node.status == "eligible"
    assert allowance(history, "2023-12-10").node.result.unresolved == ("service_record",)


# The professional role.


@pytest.mark.parametrize(("made", "differs"), [("2022-12-31", True), ("2023-01-01", False)])
def test_an_assessment_covers_days_after_it_was_made_unless_read_otherwise(made: str, differs: bool) -> None:
    """R-33: as printed; under the alternative up to the day on which it was made."""
    history = COMPLETE.but(someone.assessed("2022-01-01", "2024-12-31", on=made))
    answer = allowance(history, "2023-01-01")
    assert answer.node.status == "eligible"
    assert (("R-33", "needs_review") in alternatives(answer)) is differs


def test_a_denial_of_later_days_falls_away_with_them_under_the_other_reading() -> None:
    """R-33 acts against a person as well."""
    denied = someone.assessed("2022-01-01", "2024-12-31", on="2022-06-30", professional_role=False)
    answer = allowance(COMPLETE.but(denied), "2023-01-01")
    assert (answer.node.status, answer.node.result.missing) == ("not_eligible", ("professional_role",))
    assert ("R-33", "needs_review") in alternatives(answer)


def test_a_community_worker_is_full_time_only_under_another_reading() -> None:
    """R-17."""
    answer = allowance(COMPLETE.but(someone.employed("2021-01-01", "510107")), "2023-01-01")
    assert answer.node.result.missing == ("role",)
    assert ("R-17", "eligible") in alternatives(answer)


def test_the_highest_tier_counts_and_a_basic_local_certificate_is_one() -> None:
    """R-14, CD-25."""
    history = COMPLETE.but(someone.certified("2021-10-17", "basic", scope="local", basis="local_test"))
    assert allowance(history, "2023-01-01").node.result.tier == "basic"
    assert allowance(history.certified("2022-03-31", "senior"), "2023-01-01").node.result.tier == "senior"


def test_the_amount_comes_from_the_most_specific_place_that_names_the_tier() -> None:
    """CD-26: district before city, then the later day, then the later position."""
    city = standard(CHENGDU, "2022-06-01", {"junior": "100", "senior": "900"}, position=1_001)
    district = standard("510107", "2022-07-01", {"junior": "200"}, position=1_002)
    later = standard("510107", "2022-08-01", {"junior": "250"}, position=1_003)
    elsewhere = standard("510108", "2022-08-01", {"junior": "999"}, position=1_004)
    ahead = standard("510107", "2023-02-01", {"junior": "300"}, position=1_005)
    standards = [city, district, later, elsewhere, ahead]
    result = allowance(COMPLETE, "2023-01-01", standards=standards).node.result
    assert (result.amount, result.standard) == ("250", later.standard_id)
    senior = COMPLETE.certified("2022-01-01", "senior")
    assert allowance(senior, "2023-01-01", standards=standards).node.result.amount == "900"


def test_a_district_asked_by_name_never_answers_with_the_measure_of_another() -> None:
    """A city is asked with the districts worked in (design §4); a district has its own measure and its city's."""
    here = standard("510107", "2022-06-01", {"junior": "100"}, position=1_001)
    there = standard("510108", "2022-06-01", {"junior": "200"}, position=1_002)
    history = someone.employed("2021-02-01", "510108", concurrent=True, role="full_time_community_worker") + COMPLETE
    amounts = {
        place: allowance(history, "2023-01-01", place, standards=[here, there]).node.result.amount
        for place in ("510107", "510108", CHENGDU, "510104")
    }
    assert amounts == {"510107": "100", "510108": "200", CHENGDU: "200", "510104": None}


def test_a_district_widens_the_scope_for_who_works_in_it_alone() -> None:
    """CD-26."""
    widened = standard("510107", "2022-06-01", {"junior": "200"}, adds=["charity"])
    job = someone.employed("2021-01-01", "510107", employer_type="charity", role="social_worker")
    asked = {
        place: allowance(COMPLETE.but(job), "2023-01-01", place, standards=[widened]).node.status
        for place in (CHENGDU, "510107", "510108")
    }
    assert asked == {CHENGDU: "eligible", "510107": "eligible", "510108": "not_eligible"}


def test_an_answer_ends_where_a_known_standard_begins() -> None:
    ahead = standard("510107", "2023-02-01", {"junior": "300"})
    assert str(allowance(COMPLETE, "2023-01-01", standards=[ahead]).until) == "2023-01-31"


def test_from_the_day_after_a_standard_ends_the_next_one_pays() -> None:
    city = standard(CHENGDU, "2022-06-01", {"junior": "100"}, position=1_001)
    district = standard("510107", "2022-07-01", {"junior": "200"}, position=1_002, until="2023-02-28")
    last, after = (allowance(COMPLETE, on, standards=[city, district]) for on in ("2023-02-28", "2023-03-01"))
    assert (last.node.result.amount, after.node.result.amount) == ("200", "100")
    assert (last.policy.standards, after.policy.standards) == ((district.standard_id,), (city.standard_id,))
    assert str(last.until) == "2023-02-28"
    assert str(allowance(COMPLETE, "2022-12-31", standards=[city, district]).until) == "2023-02-28"


def test_a_widening_ends_with_its_standard() -> None:
    widened = standard("510107", "2022-06-01", {"junior": "200"}, adds=["charity"], until="2023-02-28")
    job = someone.employed("2021-01-01", "510107", employer_type="charity", role="social_worker")
    last, after = (allowance(COMPLETE.but(job), on, standards=[widened]).node for on in ("2023-02-28", "2023-03-01"))
    assert (last.status, after.status, after.result.missing) == ("eligible", "not_eligible", ("role",))


def test_a_widening_takes_any_role_but_other() -> None:
    widened = standard("510107", "2022-06-01", {"junior": "200"}, adds=["charity"])
    for role, status in (("social_worker", "eligible"), ("community_worker", "eligible"), ("other", "not_eligible")):
        job = someone.employed("2021-01-01", "510107", employer_type="charity", role=role)
        assert allowance(COMPLETE.but(job), "2023-01-01", standards=[widened]).node.status == status


def test_where_no_text_speaks_nothing_is_decided() -> None:
    assert allowance(COMPLETE, "2023-01-01", NATION).node.status == "undefined_in_policy"
    assert allowance(COMPLETE, "2022-02-28").node.status == "not_in_force"


def test_the_five_years_may_be_counted_one_day_longer() -> None:
    """R-02."""
    answer = allowance(someone, "2027-03-01")
    assert answer.node.status == "not_in_force"
    assert alternatives(answer) == {("R-02", "not_eligible")}


def test_a_voided_certificate_never_counted() -> None:
    assert allowance(COMPLETE.voided(2), "2023-01-01").node.result.missing == ("certificate",)


def test_a_corrected_day_counts_at_once() -> None:
    moved = COMPLETE.corrected(2, occurred_on="2023-01-02")
    assert allowance(moved, "2023-01-01").node.result.missing == ("certificate",)


def test_in_zhengzhou_neither_registration_nor_record_is_asked() -> None:
    answer = allowance(someone.employed("2021-01-01", ZHENGZHOU).certified("2021-10-17"), "2023-01-01", ZHENGZHOU)
    assert answer.node.status == "eligible"
    assert plain(answer.node.result)["eligible_since"] == "2022-02-09"


@pytest.mark.parametrize(("place", "band"), [(CHENGDU, None), (ZHENGZHOU, "junior")])
def test_level_thirteen_is_on_one_ladder_and_not_on_the_other(place: str, band: str | None) -> None:
    """CD-18, ZZ-15."""
    history = someone.employed("2019-01-01", place, **INSTITUTION).certified("2019-06-16").promoted("2020-01-01", 13)
    answer = grade(history, "2023-01-01", place)
    assert answer.node.result.band == band
    assert answer.node.status == ("conforming" if band else "undefined_in_policy")


@pytest.mark.parametrize(
    ("place", "post_level", "listed"),
    [
        (ZHENGZHOU, 4, False),
        (ZHENGZHOU, 5, True),
        (ZHENGZHOU, 13, True),
        (CHENGDU, 5, True),
        (CHENGDU, 12, True),
        (CHENGDU, 13, False),
    ],
)
def test_on_a_level_that_the_text_does_not_list_nobody_is_judged(place: str, post_level: int, listed: bool) -> None:
    """R-32: the post is told, and it is no mismatch."""
    history = (
        someone.employed("2019-01-01", place, **INSTITUTION)
        .certified("2019-06-16", "senior")
        .promoted("2020-01-01", post_level, "岗位")
    )
    node = grade(history, "2023-01-01", place).node
    assert node.result.recorded_post_level == post_level
    assert node.result.post == "岗位"
    assert (node.status == "conforming") is listed
    if not listed:
        assert (node.status, node.reason) == ("undefined_in_policy", "level_outside_ladder")
        given = {name: value for name, value in plain(node.result).items() if value not in (None, [])}
        assert given == {"recorded_post_level": post_level, "post": "岗位"}


# Posts of another series: R-32.

ACCOUNTANT = someone.promoted("2022-05-01", 10, "会计师", series="other")


@pytest.mark.parametrize("place", [CHENGDU, ZHENGZHOU])
def test_a_post_of_another_series_alone_is_none(place: str) -> None:
    history = someone.employed("2019-01-01", place, **INSTITUTION).certified("2019-06-16", "senior") + ACCOUNTANT
    answer = grade(history, "2023-01-01", place)
    assert (answer.node.status, answer.node.reason) == ("none", "no_social_work_post")
    assert (answer.node.result.post, answer.node.result.recorded_post_level) == (None, None)
    assert alternatives(answer) == set()
    before = grade(history, "2022-04-30", place).node
    assert (before.status, before.reason) == ("none", "no_post_here")


@pytest.mark.parametrize("series", [None, "social_work"])
def test_a_post_counts_as_social_work_unless_another_series_is_recorded(series: str | None) -> None:
    history = someone.employed("2019-01-01", ZHENGZHOU, **INSTITUTION).promoted("2022-05-01", 10, series=series)
    answer = grade(history, "2023-01-01", ZHENGZHOU)
    assert answer.node.result.missing == ("certificate:intermediate",)
    assert "R-32" in answer.readings


@pytest.mark.parametrize("first", ["2022-03-01", "2022-06-01"])
def test_a_post_of_another_series_ends_no_social_work_post_and_is_ended_by_none(first: str) -> None:
    job = someone.employed("2019-01-01", ZHENGZHOU, **INSTITUTION).certified("2019-06-16")
    social_work = someone.promoted(first, 12, "助理社会工作师二级")
    answer = grade(job + social_work + ACCOUNTANT, "2023-01-01", ZHENGZHOU)
    assert (answer.node.status, answer.node.result.post) == ("conforming", "助理社会工作师二级")
    assert plain(answer.node.result)["conforming_since"] == first
    accounts = [post for post in facts_of(job + social_work + ACCOUNTANT).posts if post.series == "other"]
    assert [post.last for post in accounts] == [None]


def test_where_no_scale_is_listed_a_post_of_another_series_is_not_told_either() -> None:
    """LC-14."""
    history = someone.employed("2019-01-01", "371500", **INSTITUTION) + ACCOUNTANT
    node = grade(history, "2023-01-01", "371500").node
    assert (node.status, node.result.post) == ("undefined_in_policy", None)


def test_outside_public_institutions_the_other_reading_leaves_every_level_unjudged() -> None:
    """R-18."""
    history = someone.employed("2019-01-01", "510107", **FULL_TIME).promoted("2022-05-01", 13)
    answer = grade(history, "2023-01-01")
    assert (answer.node.status, alternatives(answer)) == ("undefined_in_policy", {("R-18", "not_applicable")})


def test_a_higher_certificate_serves_for_a_lower_post() -> None:
    history = (
        someone.employed("2019-01-01", "510107", **INSTITUTION)
        .certified("2019-06-16", "senior")
        .promoted("2022-05-01", 12)
    )
    answer = grade(history, "2023-01-01")
    assert plain(answer.node.result)["conforming_since"] == "2022-05-01"


@pytest.mark.parametrize(("place", "post_level"), [(CHENGDU, 12), (CHENGDU, 8), (ZHENGZHOU, 13)])
def test_a_holder_who_exceeds_the_post_is_marked(place: str, post_level: int) -> None:
    """CD-19, ZZ-12: a higher certificate for a lower post is accepted, and marked."""

    def reason(certificates: Life) -> str | None:
        history = (
            someone.employed("2019-01-01", place, **INSTITUTION)
            + certificates
            + someone.promoted("2022-05-01", post_level)
        )
        answer = grade(history, "2023-01-01", place)
        assert answer.node.status == "conforming"
        return answer.node.reason

    band = "intermediate" if post_level == 8 else "junior"
    assert reason(someone.certified("2019-06-16", band)) is None
    assert reason(someone.certified("2019-06-16", band).certified("2020-06-16", "senior")) == "holder_exceeds"


def test_a_local_certificate_serves_for_no_post() -> None:
    history = (
        someone.employed("2019-01-01", "510107", **INSTITUTION)
        .certified("2019-06-16", scope="local")
        .promoted("2022-05-01", 12)
    )
    assert grade(history, "2023-01-01").node.result.missing == ("certificate:junior",)


def test_a_post_ends_with_its_employment_and_is_never_mapped() -> None:
    """R-20."""
    history = (
        someone.employed("2019-01-01", "510107", **INSTITUTION)
        .certified("2019-06-16")
        .promoted("2020-01-01", 11)
        .employed("2023-01-01", "510108", **INSTITUTION)
    )
    assert grade(history, "2022-12-31").node.status == "conforming"
    assert "R-20" not in {reading for reading, _ in alternatives(grade(history, "2022-12-31"))}
    moved = grade(history, "2023-01-01")
    assert moved.node.status == "none"
    assert ("R-20", "conforming") in alternatives(moved)


def test_a_post_held_elsewhere_gives_no_grade_here() -> None:
    history = (
        someone.employed("2019-01-01", ZHENGZHOU, **INSTITUTION).certified("2019-06-16").promoted("2020-01-01", 11)
    )
    assert grade(history, "2023-01-01").node.status == "none"


def test_outside_public_institutions_the_grade_is_for_reference() -> None:
    """R-18."""
    history = someone.employed("2019-01-01", "510107", **FULL_TIME).certified("2019-06-16").promoted("2020-01-01", 11)
    answer = grade(history, "2023-01-01")
    assert answer.node.result.reference_only is True
    assert ("R-18", "not_applicable") in alternatives(answer)


def test_an_employer_who_had_refused_the_appointment_would_have_kept_the_earlier_one() -> None:
    """R-19."""
    history = (
        someone.employed("2019-01-01", "510107", **INSTITUTION)
        .certified("2019-06-16")
        .promoted("2020-01-01", 11)
        .promoted("2022-06-01", 10)
    )
    answer = grade(history, "2022-07-01")
    assert (answer.node.status, answer.node.result.conforming_post_level) == ("not_conforming", 11)
    assert ("R-19", "conforming") in alternatives(answer)


def test_a_post_that_was_ended_is_over_whichever_way_appointments_are_read() -> None:
    """R-19: nothing was refused, so there is nothing to reopen."""
    history = (
        someone.employed("2022-03-01", "510107", **INSTITUTION)
        .certified("2022-03-01")
        .promoted("2022-06-01", 11)
        .promotion_ended("2023-02-22")
    )
    answer = grade(history, "2023-02-23")
    assert (answer.node.status, alternatives(answer)) == ("none", set())


def test_a_post_is_mapped_no_earlier_than_it_was_given() -> None:
    """R-20: an appointment that names an employment already over counts in the next one from its own day."""
    history = (
        someone.employed("2022-03-01", "510107", **INSTITUTION)
        .certified("2022-03-01")
        .employed("2022-09-01", "510108", **INSTITUTION)
        .promoted("2023-06-24", 11, employment=1)
    )
    assert alternatives(grade(history, "2023-06-23")) == set()
    assert ("R-20", "conforming") in alternatives(grade(history, "2023-06-24"))


def test_a_post_that_is_mapped_lasts_until_another_appointment() -> None:
    """R-20: in the new employment a post of its own takes its place, and is not followed by it again."""
    history = (
        someone.employed("2022-03-01", "510107", **INSTITUTION)
        .certified("2022-03-01")
        .promoted("2022-03-01", 11)
        .employed("2023-01-01", "510108", **INSTITUTION)
        .promoted("2023-06-01", 12)
        .promotion_ended("2023-09-30")
    )
    assert ("R-20", "conforming") in alternatives(grade(history, "2023-05-31"))
    assert alternatives(grade(history, "2023-10-01")) == set()


def test_before_the_text_the_recorded_post_is_still_told() -> None:
    history = (
        someone.employed("2019-01-01", "510107", **INSTITUTION)
        .certified("2019-06-16")
        .promoted("2020-01-01", 11, "一级")
    )
    answer = grade(history, "2021-01-01")
    assert answer.node.status == "not_in_force"
    assert answer.node.result.recorded_post_level == 11
    assert answer.node.result.conforming_since is None


def test_a_standard_that_widens_and_one_that_pays_are_both_named() -> None:
    widened = standard("510107", "2022-06-01", {"senior": "900"}, adds=["charity"], position=1_001)
    paying = standard(CHENGDU, "2022-06-02", {"junior": "200"}, position=1_002)
    history = COMPLETE.but(someone.employed("2021-01-01", "510107", employer_type="charity", role="social_worker"))
    answer = allowance(history, "2023-01-01", standards=[widened, paying])
    assert answer.node.result.standard == paying.standard_id
    assert set(answer.policy.standards) == {widened.standard_id, paying.standard_id}


def test_eligibility_runs_on_over_a_move_between_districts() -> None:
    history = COMPLETE.employed("2023-03-01", "510108", **FULL_TIME)
    assert plain(allowance(history, "2023-06-01", "510108").node.result)["eligible_since"] == "2022-12-10"


def test_a_daily_record_for_years_is_walked_by_halving() -> None:
    """A run of eligibility takes a step a year, not one for each record."""
    first = date(2022, 3, 1)
    days = [(first + timedelta(n)).isoformat() for n in range(1_200)]
    history = sum(map(someone.served, days), COMPLETE[:3].assessed("2022-01-01", "2026-12-31"))
    answer = allowance(history, "2025-03-01")
    assert plain(answer.node.result)["eligible_since"] == "2022-04-01"
    assert answer.until == date(2025, 3, 31)
