"""The second reading itself, on the lives and days that the revised register decides (docs/policies/rules.md 1.3).

Where the engine and this reading agree on careers, they agree on what is right only as far as this reading is right.
"""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

import pytest

from services.demo.forms import http
from services.demo.lives import Life, someone
from tests.campaign import life as lives
from tests.campaign.careers import PLATFORM, career, questioned_days
from tests.campaign.life import folded
from tests.campaign.oracle import DEFINED, NATIONAL, OTHERWISE, oracle

WUHOU, DONGCHANGFU, CHUXIONG, ZHENGZHOU, FUZHOU = "510107", "371502", "532301", "410103", "350102"
TODAY = "2026-11-29"
ANNUAL, PLAN = "continuing_education.annual", "continuing_education.plan_period"
TERM, ROUTE = "continuing_education.registration_term", "certificate.senior_route"
FULL_TIME = {"role": "full_time_community_worker"}
RECORD = someone.served("2026-10-01", platform=PLATFORM)
COMPLETE = (
    someone.employed("2020-05-01", WUHOU, **FULL_TIME)
    .certified("2021-10-18")
    .registered("2021-12-01", "2027-11-30")
    .assessed("2026-01-01", "2026-12-31", on="2026-10-01")
) + RECORD
DETERMINATIONS = sorted({*NATIONAL, *(name for names in DEFINED.values() for name in names)})
FIRST_CAREERS = 2_000
SHOWING = (7, 9, 11, 17, 21, 22, 28, 41, 43, 44, 114, 117, 140, 144, 159, 176, 190, 219, 430, 441, 548, 782, 1881)
"""Careers that showed an alternative when they were last searched. Looked at first, they leave little to search."""


def read(life: Life, determination: str, as_of: str = TODAY, place: str = WUHOU, **more: Any) -> dict[str, Any]:
    """Return status and result in one; with `otherwise`, under that alternative."""
    events = lives.Life(http(life), more.pop("otherwise", None))
    answer = oracle(events, determination, date.fromisoformat(as_of), place, **more)
    return {"status": answer["status"], **answer["result"]}


def status(life: Life, determination: str, as_of: str = TODAY, place: str = WUHOU, **more: Any) -> str:
    return str(read(life, determination, as_of, place, **more)["status"])


def says(answer: dict[str, Any], **expected: Any) -> bool:
    return {name: answer[name] for name in expected} == expected


def standard(place: str, determination: str = "allowance", **more: Any) -> dict[str, Any]:
    about = {"standard_id": "s", "jurisdiction": place, "determination": determination, "position": 1}
    return {**about, "effective_from": "2026-01-01", "unit": "CNY_once", **more}


# Records and the role


@pytest.mark.parametrize(
    ("records", "expected", "otherwise"),
    [
        (someone.served("2025-11-30", platform=PLATFORM), "eligible", "eligible"),
        (someone.served("2025-11-29", platform=PLATFORM), "needs_review", "eligible"),
        (someone.served("2026-08-01", platform="郑州市社会工作服务平台"), "needs_review", "eligible"),
        (someone.served("2026-08-01", platform="成都社工　管理服务平台"), "eligible", "eligible"),
        (someone.served("2026-08-01", platform=PLATFORM, verified=False), "not_eligible", "not_eligible"),
        (someone, "not_eligible", "not_eligible"),
    ],
)
def test_an_older_record_or_one_of_another_platform_is_for_a_person(
    records: Life, expected: str, otherwise: str
) -> None:
    life = COMPLETE.without("service.recorded") + records
    assert status(life, "allowance") == expected
    assert status(life, "allowance", otherwise="R-16") == otherwise


def test_an_assessment_counts_as_printed_or_up_to_the_day_on_which_it_was_made() -> None:
    life = COMPLETE.without("assessment.recorded").assessed("2024-01-01", "2026-12-31", on="2024-01-05")
    assert status(life, "allowance") == "eligible"
    assert says(read(life, "allowance", otherwise="R-33"), status="needs_review", unresolved=["professional_role"])


# Certificates and what a registration covers


@pytest.mark.parametrize(
    ("certificate", "expected", "lists"),
    [
        ({"valid_in": "510100"}, "eligible", {}),
        ({"valid_in": "510107"}, "eligible", {}),
        ({"valid_in": "510108"}, "not_eligible", {"missing": ["certificate"]}),
        ({}, "needs_review", {"unresolved": ["certificate"]}),
        ({"level": "basic", "basis": "local_test"}, "eligible", {"tier": "basic"}),
        ({"level": "basic", "valid_in": "410100"}, "not_eligible", {"missing": ["certificate"]}),
    ],
)
def test_a_local_certificate_counts_where_it_holds(
    certificate: dict[str, str], expected: str, lists: dict[str, Any]
) -> None:
    local = someone.certified("2021-10-18", **{"scope": "local", **certificate})
    assert says(read(COMPLETE.but(local), "allowance"), status=expected, **lists)


def test_a_doubtful_certificate_beside_a_sure_one_is_left_aside() -> None:
    life = COMPLETE.certified("2021-10-18", "senior", scope="local")
    assert says(read(life, "allowance"), status="eligible", tier="junior", unresolved=[])


def test_the_tier_follows_the_certificate_that_the_registration_covers() -> None:
    life = COMPLETE.certified("2026-10-15", "intermediate")
    measures = [standard(WUHOU, tiers={"junior": "200", "intermediate": "300"}, unit="CNY_per_month")]
    answer = read(life, "allowance", standards=measures)
    assert says(answer, status="eligible", tier="junior", amount="200", unit="CNY_per_month", standard="s")
    named = life.registered("2026-11-01", level="intermediate")
    assert says(read(named, "allowance", standards=measures), tier="intermediate", amount="300")
    assert says(read(life, "allowance", otherwise="R-34"), tier="intermediate")


@pytest.mark.parametrize(
    ("registration", "expected"),
    [
        ({}, "eligible"),
        ({"level": "junior"}, "eligible"),
        ({"level": "senior"}, "needs_review"),
        ({"first": "2021-10-18"}, "eligible"),
        ({"first": "2021-10-17"}, "needs_review"),
    ],
)
def test_a_registration_covers_what_it_names_or_what_was_obtained_by_its_first_day(
    registration: dict[str, Any], expected: str
) -> None:
    term = {"first": "2021-12-01", "last": "2027-11-30", **registration}
    life = COMPLETE.but(someone.registered(term.pop("first"), term.pop("last"), **term))
    answer = read(life, "allowance")
    assert says(answer, status=expected, tier="junior" if expected == "eligible" else None)
    assert answer["unresolved"] == ([] if expected == "eligible" else ["registration"])
    assert status(life, "allowance", otherwise="R-34") == "eligible"


def test_a_measure_counts_up_to_its_last_day_and_that_of_a_unit_for_its_people() -> None:
    measure = standard(WUHOU, tiers={"junior": "200"}, last_day="2026-11-28", organization="org-1")
    within = COMPLETE.but(someone.employed("2020-05-01", WUHOU, **FULL_TIME, organization="org-1"))
    assert read(within, "allowance", "2026-11-28", standards=[measure])["amount"] == "200"
    assert read(within, "allowance", "2026-11-29", standards=[measure])["amount"] is None
    assert says(read(COMPLETE, "allowance", "2026-11-28", standards=[measure]), status="eligible", amount=None)


def test_any_registration_covers_a_basic_certificate() -> None:
    life = COMPLETE.but(someone.certified("2026-01-01", "basic", scope="local"))
    for level in (None, "senior"):
        registered = life.but(someone.registered("2021-12-01", "2027-11-30", level=level))
        assert says(read(registered, "allowance"), status="eligible", tier="basic")
    assert says(read(life.without("registration.granted"), "allowance"), missing=["registration"])


# Ends and beginnings on one day (§3)


def test_a_registration_that_begins_on_the_day_of_an_end_stands() -> None:
    life = someone.registered("2022-05-10", "2025-05-09").registration_ended("2023-06-01")
    life = life.registered("2023-06-01", "2026-05-31")
    for order in (life, Life(life.events[::-1])):
        assert says(read(order, "registration", "2024-01-01"), status="valid", valid_until="2026-05-31")
        assert says(read(order, "registration", "2023-05-31"), status="valid", valid_from="2022-05-10")
    assert status(life[:2], "registration", "2023-06-01") == "lapsed"


def test_a_certificate_obtained_on_the_day_of_a_withdrawal_stands() -> None:
    life = someone.certified("2021-06-01").certificate_withdrawn("2023-06-01").certified("2023-06-01")
    assert says(read(life, "certificate", "2023-06-01"), status="valid", since="2021-06-01")
    assert status(life[:2], "certificate", "2023-06-01") == "none"
    assert status(life[:2], "certificate", "2023-05-31") == "valid"


def test_an_end_with_a_last_day_takes_what_was_running_and_else_what_began_on_it() -> None:
    senior = someone.supervisor_designated("2023-06-01", "senior")
    ended = senior.supervisor_ended("2023-06-01")
    before = someone.supervisor_designated("2022-05-10", "junior")
    assert says(read(before + ended, "supervisor", "2023-06-02"), status="valid", rank="senior")
    assert status(ended, "supervisor", "2023-06-01") == "valid"
    assert status(ended, "supervisor", "2023-06-02") == "none"


def test_a_post_that_begins_on_the_last_day_of_another_stands() -> None:
    life = someone.employed("2020-01-01", WUHOU, employer_type="public_institution").certified("2020-01-01")
    posts = life.promoted("2023-01-01", 12).promotion_ended("2023-06-01").promoted("2023-06-01", 11)
    assert says(read(posts, "grade", "2023-06-02"), status="conforming", recorded_post_level=11)
    assert status(posts[:4], "grade", "2023-06-02") == "none"
    one_day = life.promoted("2023-06-01", 11).promotion_ended("2023-06-01")
    assert (status(one_day, "grade", "2023-06-01"), status(one_day, "grade", "2023-06-02")) == ("conforming", "none")


def test_a_job_that_begins_on_the_last_day_of_another_stands() -> None:
    job = someone.employed("2023-06-01", ZHENGZHOU)
    life = someone.employed("2022-01-01", ZHENGZHOU) + job.left("2023-06-01")
    assert status(life, ANNUAL, "2023-12-31", ZHENGZHOU) == "not_met"
    left = job.left("2023-06-01")
    assert status(left, ANNUAL, "2023-06-01", ZHENGZHOU) == "pending"
    assert status(left, ANNUAL, "2023-06-02", ZHENGZHOU) == "needs_review"


# Who is concerned


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ({"role": "other", "direct_service": False}, "not_applicable"),
        ({"role": "other", "direct_service": True}, "not_met"),
        ({"role": "social_worker", "direct_service": False}, "not_met"),
    ],
)
def test_a_practitioner_of_zhengzhou_has_another_role_than_other_or_serves_directly(
    job: dict[str, Any], expected: str
) -> None:
    life = someone.employed("2023-01-01", ZHENGZHOU, employer_type="enterprise", **job)
    assert status(life, ANNUAL, "2024-01-10", ZHENGZHOU, period=2023) == expected
    assert status(life, ANNUAL, "2024-01-10", ZHENGZHOU, period=2023, otherwise="R-31") == "not_met"


@pytest.mark.parametrize(("hours", "expected"), [("60", "met"), ("59", "needs_review")])
def test_who_left_before_the_deciding_day_has_met_it_with_the_hours(hours: str, expected: str) -> None:
    life = someone.employed("2022-01-01", ZHENGZHOU).trained("2023-05-01", hours).left("2023-12-30")
    ask = {"period": 2023, "place": ZHENGZHOU}
    assert status(life, ANNUAL, "2024-01-10", **ask) == expected
    assert status(life, ANNUAL, "2024-01-10", **ask, otherwise="R-37") == "not_applicable"
    assert status(life, ANNUAL, "2023-12-30", **ask) == ("met" if hours == "60" else "pending")
    assert status(life, ANNUAL, "2024-12-31", ZHENGZHOU) == "not_applicable"


@pytest.mark.parametrize(("hours", "expected"), [("160", "met"), ("159", "needs_review")])
def test_whether_agencies_are_meant_by_the_programme_is_open(hours: str, expected: str) -> None:
    life = someone.employed("2021-01-01", CHUXIONG, employer_type="social_work_agency")
    life = life.trained("2022-05-01", hours, "hour")
    assert status(life, PLAN, place=CHUXIONG) == expected
    assert status(life, PLAN, place=CHUXIONG, otherwise="R-38") == "not_applicable"
    indirect = life.but(someone.employed("2021-01-01", CHUXIONG, employer_type="charity", direct_service=False))
    assert status(indirect, PLAN, place=CHUXIONG) == "not_applicable"


# Posts and levels held without a break (§5)


def test_a_post_of_another_series_is_none_of_the_ladders_and_ends_none() -> None:
    life = someone.employed("2020-01-01", ZHENGZHOU).certified("2020-01-01", "intermediate")
    other = life.promoted("2022-05-01", 10, series="other")
    assert status(other, "grade", place=ZHENGZHOU) == "none"
    both = life.promoted("2022-04-01", 9) + other[-1:]
    assert says(read(both, "grade", place=ZHENGZHOU), status="conforming", recorded_post_level=9)


@pytest.mark.parametrize(("place", "level"), [(WUHOU, 13), (ZHENGZHOU, 4), (WUHOU, 4)])
def test_a_level_that_the_text_does_not_list_is_not_judged(place: str, level: int) -> None:
    life = someone.employed("2020-01-01", place).certified("2020-01-01", "senior").promoted("2022-05-01", level)
    answer = read(life, "grade", place=place)
    assert says(answer, status="undefined_in_policy", band=None, recorded_post_level=level, post="岗位")


def test_a_level_is_held_since_it_or_a_higher_one_was_held_without_a_break() -> None:
    life = someone.certified("2015-06-01").certified("2020-06-01", "intermediate")
    life = life.certificate_withdrawn("2023-01-01", "intermediate")
    assert says(read(life, "certificate", "2022-12-31"), level="intermediate", since="2020-06-01")
    assert says(read(life, "certificate", "2024-06-01"), level="junior", since="2015-06-01")


# Designations, benefits and rewards (R-36, §5)


@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("510100", "eligible"),
        ("510108", "eligible"),
        ("510000", "eligible"),
        ("440300", "not_eligible"),
        (None, "needs_review"),
    ],
)
def test_a_supervisor_is_designated_by_an_authority_of_the_place(authority: str | None, expected: str) -> None:
    life = someone.supervisor_designated("2023-05-01", "senior", jurisdiction=authority)
    assert status(life, "benefit.child_education") == expected
    assert status(life, "benefit.child_education", otherwise="R-36") == "eligible"


@pytest.mark.parametrize(
    ("talent", "authority", "expected"),
    [
        ("high_level", "350000", {FUZHOU: "eligible", DONGCHANGFU: "not_eligible"}),
        ("high_level", None, {FUZHOU: "needs_review"}),
        ("yi_leading", "532300", {CHUXIONG: "needs_review", DONGCHANGFU: "not_eligible"}),
        ("national_leading", None, {FUZHOU: "eligible", DONGCHANGFU: "eligible", CHUXIONG: "eligible"}),
        ("government_special_allowance", "440300", {CHUXIONG: "needs_review"}),
    ],
)
def test_other_titles_than_those_a_text_names_are_open(
    talent: str, authority: str | None, expected: dict[str, str]
) -> None:
    life = someone.talent_designated("2022-05-01", talent, jurisdiction=authority)
    assert {place: status(life, "benefit.settlement", place=place) for place in expected} == expected
    assert status(someone, "benefit.settlement", place=FUZHOU) == "not_eligible"


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (someone.certified("2010-10-18"), "not_eligible"),
        (someone.certified("2024-10-18").employed("2020-01-01", FUZHOU, direct_service=False), "not_eligible"),
        (someone.certified("2021-01-27").employed("2020-01-01", FUZHOU), "needs_review"),
        (someone.certified("2021-01-28").employed("2020-01-01", FUZHOU), "eligible"),
        (someone.certified("2024-10-18", "senior").employed("2020-01-01", FUZHOU), "needs_review"),
    ],
)
def test_the_exam_is_rewarded_for_service_and_a_certificate_since_the_text(life: Life, expected: str) -> None:
    measures = [standard(FUZHOU, "reward.exam", tiers={"junior": "1000", "intermediate": "2000"})]
    assert status(life, "reward.exam", place=FUZHOU, standards=measures) == expected
    both = life.certified("2026-09-30", "intermediate")
    paid = read(both, "reward.exam", place=FUZHOU, standards=measures)
    if expected != "not_eligible":
        assert says(paid, status="eligible", tier="intermediate", amount="2000", unit="CNY_once", standard="s")
        granted = both.benefit_granted("2026-10-01", determination="reward.exam")
        assert status(granted, "reward.exam", place=FUZHOU, standards=measures) == "needs_review"
        assert status(granted, "reward.exam", "2026-09-30", FUZHOU, standards=measures) == "eligible"


def test_a_new_talent_is_rewarded_once_whoever_designated() -> None:
    life = someone.talent_designated("2022-05-01", "national_leading", jurisdiction="440300")
    assert status(life, "reward.new_talent") == "eligible"
    granted = life.benefit_granted("2022-09-01", determination="reward.new_talent")
    assert status(granted, "reward.new_talent") == "needs_review"
    assert status(life.benefit_granted("2022-09-01"), "reward.new_talent") == "eligible"
    assert status(someone.talent_designated("2022-02-28", "national_leading"), "reward.new_talent") == "not_eligible"


def test_the_apartment_concerns_who_works_here_or_holds_a_certificate() -> None:
    assert status(someone.enrolled("2021-01-01", jurisdiction=WUHOU), "benefit.apartment") == "not_eligible"
    for life in (someone.certified("2021-01-01"), someone.employed("2021-06-01", WUHOU, role="other")):
        assert status(life, "benefit.apartment") == "needs_review"
    elsewhere = someone.certified("2021-01-01", scope="local", valid_in="540000")
    assert status(elsewhere, "benefit.apartment") == "not_eligible"


# Engagement


@pytest.mark.parametrize(
    ("served_on", "expected", "engaged"),
    [("2025-11-30", "met", True), ("2025-11-29", "needs_review", None), (None, "not_met", False)],
)
def test_an_older_record_leaves_it_open_whether_somebody_is_engaged(
    served_on: str | None, expected: str, engaged: bool | None
) -> None:
    life = someone.certified("2020-01-01")
    life = life.served(served_on) if served_on else life
    for place in (DONGCHANGFU, CHUXIONG):
        assert says(read(life, "talent", place=place), status=expected, engaged=engaged)
        assert status(life, "talent", place=place, otherwise="R-42") == ("met" if served_on else "not_met")


def test_a_degree_of_a_secondary_school_is_no_route_to_talent() -> None:
    life = someone.employed("2020-01-01", DONGCHANGFU)
    for level, expected in (("secondary", "not_met"), ("college", "met")):
        assert status(life.graduated("2019-07-01", level), "talent", place=DONGCHANGFU) == expected


# Terms, lump sums, the senior route, exams


def test_a_term_is_named_by_its_first_day() -> None:
    life = someone.certified("2021-06-01").registered("2022-05-10", "2025-05-09").trained("2023-05-10", "60", "hour")
    life = life.registered("2025-05-09", "2028-05-08")
    named = date(2022, 5, 10)
    assert says(read(life, TERM, "2025-05-09", period=named), status="not_met", shortfall_hours=12)
    assert says(read(life, TERM, "2025-05-08"), status="pending", counted_hours=60)
    assert says(read(life, TERM, "2025-05-09"), status="pending", counted_hours=0)
    assert status(life, TERM, period=date(2022, 5, 11)) == "not_applicable"


def test_each_degree_in_social_work_of_the_term_counts_and_one_told_twice_once() -> None:
    life = someone.certified("2020-10-18").registered("2021-01-15", "2024-01-14")
    life = life.graduated("2020-07-01").graduated("2023-07-01", "master")
    assert says(read(life, TERM, "2024-01-14"), status="met", counted_hours=90)
    assert says(read(life, TERM, "2024-01-14", otherwise="R-41"), status="not_met", counted_hours=0)
    assert says(read(life.graduated("2023-07-01", "master"), TERM, "2024-01-14"), counted_hours=90)
    assert says(read(life.graduated("2023-07-02", "doctor"), TERM, "2024-01-14"), counted_hours=180)


PROOF = someone.senior_proof_issued("2021-12-20", "2024-12-19")


@pytest.mark.parametrize(
    ("life", "as_of", "expected", "otherwise"),
    [
        (PROOF, "2024-12-19", "pending", "pending"),
        (PROOF, "2024-12-20", "not_met", "not_met"),
        (PROOF.senior_review_applied("2024-12-19"), "2025-01-15", "pending", "not_met"),
        (PROOF.senior_review_applied("2024-12-20"), "2025-01-15", "not_met", "not_met"),
        (PROOF.senior_review_decided("2025-03-10", "2024-12-19"), "2025-03-09", "pending", "not_met"),
        (PROOF.senior_review_decided("2025-03-10", "2024-12-19"), "2025-03-10", "met", "not_met"),
        (PROOF.senior_review_decided("2025-03-10", "2024-12-19", result="fail"), "2025-03-10", "not_met", "not_met"),
        (PROOF.senior_review_decided("2024-12-19", "2024-12-01"), "2024-12-19", "met", "met"),
        (PROOF.certified("2025-05-01", "senior"), "2025-05-01", "met", "met"),
        (someone.certified("2025-05-01", "senior"), "2025-05-01", "met", "met"),
        (someone.certified("2020-05-01", "intermediate"), "2025-05-01", "not_applicable", "not_applicable"),
    ],
)
def test_the_senior_route(life: Life, as_of: str, expected: str, otherwise: str) -> None:
    assert status(life, ROUTE, as_of) == expected
    assert status(life, ROUTE, as_of, otherwise="R-39") == otherwise


WORK = someone.employed("2020-01-01", WUHOU)


@pytest.mark.parametrize(
    ("life", "level", "expected", "from_year"),
    [
        (WORK, "junior", "needs_review", None),
        (WORK.graduated("2019-07-01", "bachelor"), "junior", "eligible", None),
        (WORK.graduated("2019-07-01", "college"), "junior", "eligible", None),
        (WORK.graduated("2019-07-01", "college", "other"), "junior", "not_eligible", 2023),
        (WORK.graduated("2019-07-01", "bachelor", "other"), "junior", "eligible", None),
        (WORK.graduated("2019-07-01", "secondary"), "junior", "not_eligible", 2023),
        (WORK.graduated("2019-07-01", "bachelor"), "intermediate", "not_eligible", 2022),
        (WORK.graduated("2019-07-01", "bachelor", "other"), "intermediate", "not_eligible", 2024),
        (WORK.graduated("2019-07-01", "doctor"), "intermediate", "eligible", None),
        (WORK.graduated("2019-07-01", "secondary"), "intermediate", "not_eligible", None),
        (WORK.graduated("2019-07-01", "secondary").certified("2020-10-18"), "intermediate", "not_eligible", 2026),
        (WORK.graduated("2019-07-01").certified("2020-10-18", "intermediate"), "senior", "not_eligible", 2025),
        (
            WORK.graduated("2019-07-01", "college").certified("2020-10-18", "intermediate"),
            "senior",
            "not_eligible",
            None,
        ),
        (WORK.left("2021-12-30").graduated("2019-07-01", "bachelor", "other"), "junior", "not_eligible", None),
    ],
)
def test_who_may_sit_an_exam_of_2021(life: Life, level: str, expected: str, from_year: int | None) -> None:
    answer = read(life, "exam.entry", "2021-03-01", level=level)
    assert (answer["status"], answer.get("eligible_from_exam_year")) == (expected, from_year)
    if from_year:
        assert status(life, "exam.entry", "2021-03-01", level=level, year=from_year - 1) == "not_eligible"
        assert status(life, "exam.entry", "2021-03-01", level=level, year=from_year) == "eligible"


# The same, told twice or written otherwise (§3, R-10)


@pytest.mark.parametrize(
    ("one", "other"),
    [("A-1", "ａ－1"), ("协会(A)", "协会（a）"), ("成都 社工", "成都　社工"), ("A–1", "a—1"), ("〔2022〕", "[2022]")],
)
def test_texts_are_compared_folded(one: str, other: str) -> None:
    assert folded(one) == folded(other)


YEAR = someone.employed("2022-01-01", ZHENGZHOU)
REPORT = {"course": "伦理", "provider": "协会", "started_on": "2023-05-08"}


@pytest.mark.parametrize(
    ("one", "other", "default", "each", "alike"),
    [
        (REPORT, REPORT, "not_met", "met", "not_met"),
        ({"proof_no": "A-1"}, {"proof_no": "ａ–1"}, "not_met", "met", "not_met"),
        (REPORT, {**REPORT, "proof_no": "A-1"}, "met", "met", "not_met"),
        ({"proof_no": "A1", "provider": "协会"}, {"proof_no": "A1", "provider": "学院"}, "met", "met", "not_met"),
        (REPORT, {**REPORT, "provider": "学院"}, "met", "met", "not_met"),
        (REPORT, {**REPORT, "started_on": None}, "met", "met", "not_met"),
        (REPORT, {**REPORT, "course": "督导"}, "met", "met", "met"),
        ({"provider": "协会"}, {"provider": "学院"}, "met", "met", "met"),
    ],
)
def test_one_training_reported_twice(
    one: dict[str, str], other: dict[str, str], default: str, each: str, alike: str
) -> None:
    life = YEAR.trained("2023-05-10", "30", **one).trained("2023-05-10", "30", **other)
    under = [
        status(life, ANNUAL, "2023-12-31", ZHENGZHOU, otherwise=taken) for taken in (None, "R-10 each", "R-10 alike")
    ]
    assert under == [default, each, alike]


def test_a_job_told_twice_is_one_and_what_names_either_is_of_it() -> None:
    told = {"employer_type": "public_institution", "employer": "社工(站)"}
    once = someone.employed("2020-01-01", WUHOU, **told, called="one").certified("2020-01-01")
    twice = once.employed("2020-01-01", WUHOU, **told | {"employer": "社工（站）"}, called="two")
    post = someone.promoted("2022-05-01", 12, employment="two")
    assert says(read(twice + post, "grade", "2023-01-01"), status="conforming", conforming_since="2022-05-01")
    left = twice + post + someone.left("2023-06-30", employment="two")
    assert (status(left, "grade", "2023-06-30"), status(left, "grade", "2023-07-01")) == ("conforming", "none")


def test_a_fact_sent_again_after_its_correction_is_a_double_and_so_is_a_correction() -> None:
    life = (
        YEAR.trained("2023-05-10", "30", course="伦理")
        .corrected(2, amount="60")
        .trained("2023-05-10", "30", course="伦理")
    )
    assert says(read(life, ANNUAL, "2023-12-31", ZHENGZHOU), status="met", counted_hours=60)
    back = life.corrected(2, amount="20").corrected(2, amount="60")
    assert says(read(back, ANNUAL, "2023-12-31", ZHENGZHOU), status="not_met", counted_hours=20)
    assert says(read(back.voided(3), ANNUAL, "2023-12-31", ZHENGZHOU), status="met", counted_hours=60)


# Whether the careers ask for all of this


def test_every_alternative_changes_a_status_of_the_first_careers() -> None:
    """Otherwise the engine could list or leave out an alternative and nobody would see it."""
    lacking = set(OTHERWISE)
    for seed in (*SHOWING, *range(FIRST_CAREERS)):
        lacking -= flipped(seed, sorted(lacking))
        if not lacking:
            return
    raise AssertionError(lacking)


def flipped(seed: int, alternatives: Sequence[str]) -> set[str]:
    """Return the alternatives under which some answer about a career has another status."""
    drawn, random = career(seed), Random(seed)  # noqa: S311 - days that can be drawn again, no secrets.
    days = questioned_days(random, drawn, 2)
    levels = {name: random.choice(("junior", "intermediate", "senior")) for name in ("exam.complete", "exam.entry")}

    def statuses(taken: str | None) -> list[str]:
        read = lives.Life(drawn.events, taken)
        return [
            oracle(read, name, day, drawn.home, None, levels.get(name), drawn.standards)["status"]
            for day in days
            for name in DETERMINATIONS
        ]

    default = statuses(None)
    return {taken for taken in alternatives if statuses(taken) != default}
