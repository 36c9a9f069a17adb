"""Two facts of one day that can hardly both be meant, and differ in one thing, are told (ADR-0028)."""

from itertools import permutations

import pytest

from services.core.facts.sameness import GOES_WITH, ONE_OF_A_DAY
from tests.lives import CHENGDU, ZHENGZHOU, Life, facts_of, findings_of, id_of, someone

DAY = "2022-05-01"
JOB = someone.employed("2021-01-01", ZHENGZHOU)
ALLOWANCE = {"period": "2022-04", "tier": "junior", "amount": "200"}
RECOGNIZED = {"origin": "taiwan", "level": "junior", "authority": "人社部门", "scope": CHENGDU}


def told(life: Life) -> list[tuple[str, str]]:
    return [(one.event_id, one.detail.split()[-1]) for one in findings_of(life) if one.problem == "told_otherwise"]


HARDLY_BOTH = {
    "one level national and local": (someone.certified(DAY), someone.certified(DAY, scope="local"), "scope"),
    "each by its own test": (
        someone.certified(DAY),
        someone.certified(DAY, scope="local", basis="local_test", valid_in=CHENGDU),
        "scope",
    ),
    "two levels": (someone.certified(DAY), someone.certified(DAY, "senior", basis="exam_and_review"), "level"),
    "one by exam and by review": (someone.certified(DAY), someone.certified(DAY, basis="exam_and_review"), "basis"),
    "two levels of a post": (someone.promoted(DAY, 12), someone.promoted(DAY, 10), "post_level"),
    "each by its title": (someone.promoted(DAY, 12, "助理"), someone.promoted(DAY, 10, "社工师"), "post_level"),
    "two titles": (someone.promoted(DAY, 12, "助理"), someone.promoted(DAY, 12, "社工员"), "post"),
    "two fields of a degree": (someone.graduated(DAY), someone.graduated(DAY, field="other"), "field"),
    "two levels of a degree": (someone.graduated(DAY), someone.graduated(DAY, "master"), "level"),
    "one subject of two levels": (someone.passed(DAY), someone.passed(DAY, level="intermediate"), "level"),
    "one subject of two years": (someone.passed(DAY), someone.passed(DAY, exam_year=2021), "exam_year"),
    "a first registration and a renewal": (
        someone.registered(DAY),
        someone.registered(DAY, is_first=False),
        "first",
    ),
    "a registration from two days on": (
        someone.registered(DAY),
        someone.registered("2022-06-01", on=DAY),
        "valid_from",
    ),
    "two last days of a proof": (
        someone.senior_proof_issued(DAY),
        someone.senior_proof_issued(DAY, "2026-05-05"),
        "valid_until",
    ),
    "a decision of two applications": (
        someone.senior_review_decided(DAY, "2022-01-01"),
        someone.senior_review_decided(DAY, "2022-01-02"),
        "applied_on",
    ),
    "an assessment up to two days": (
        someone.assessed("2021-01-01", "2021-12-31", on=DAY),
        someone.assessed("2021-01-01", "2021-11-30", on=DAY),
        "covers_until",
    ),
    "two ranks of a supervisor": (
        someone.supervisor_designated(DAY, "primary"),
        someone.supervisor_designated(DAY, "senior"),
        "rank",
    ),
    "a qualification of two levels": (
        someone.qualification_recognized(DAY, **RECOGNIZED),
        someone.qualification_recognized(DAY, **RECOGNIZED | {"level": "intermediate"}),
        "level",
    ),
    "an identity of two kinds": (
        someone.then("practitioner.enrolled", DAY, identity_type="mainland"),
        someone.then("practitioner.enrolled", DAY, identity_type="taiwan"),
        "identity_type",
    ),
    "two amounts of one period": (
        someone.then("allowance.decided", DAY, **ALLOWANCE),
        someone.then("allowance.decided", DAY, **ALLOWANCE | {"tier": "intermediate", "amount": "400"}),
        "tier",
    ),
}


@pytest.mark.parametrize(("one", "other", "member"), HARDLY_BOTH.values(), ids=HARDLY_BOTH)
def test_what_hardly_both_can_be_meant_counts_as_recorded_and_the_later_is_told(
    one: Life, other: Life, member: str
) -> None:
    """By the member in which they differ; what goes with it is no other difference."""
    for first, second in permutations((one, other)):
        assert told(JOB + first + second) == [(id_of(3), member)]
        assert told(JOB + first + second + second) == [(id_of(3), member)], "a double says nothing of its own"
        assert told((JOB + first + second).voided(2)) == []
    assert facts_of(one + other).number == facts_of(one).number + facts_of(other).number


BOTH_MEANT = {
    "a basic certificate of the place and a national one": someone.certified(DAY).certified(
        DAY, "basic", scope="local", basis="local_test"
    ),
    "certificates of two places": someone.certified(DAY, scope="local", valid_in=CHENGDU).certified(
        DAY, scope="local", valid_in=ZHENGZHOU
    ),
    "two subjects of an exam": someone.passed(DAY, "practice").passed(DAY, "comprehensive"),
    "posts in two jobs": JOB.employed("2021-01-01", CHENGDU, concurrent=True)
    .promoted(DAY, 12, employment=1)
    .promoted(DAY, 10, employment=2),
    "degrees of two schools and fields": someone.graduated(DAY, institution="甲大学").graduated(
        DAY, field="other", institution="乙大学"
    ),
    "assessments of two years": someone.assessed("2020-01-01", "2020-12-31", on=DAY).assessed(
        "2021-01-01", "2021-12-31", on=DAY
    ),
    "services": someone.served(DAY, platform="甲平台").served(DAY, platform="乙平台"),
    "trainings": someone.trained(DAY, "8").trained(DAY, "4"),
    "withdrawals of two levels": someone.certificate_withdrawn(DAY).certificate_withdrawn(DAY, "intermediate"),
    "titles of two authorities": someone.talent_designated(DAY, talent="a", authority="甲").talent_designated(
        DAY, talent="a", authority="乙"
    ),
    "two days": someone.certified(DAY).certified("2022-05-02", "intermediate"),
}


@pytest.mark.parametrize("life", BOTH_MEANT.values(), ids=BOTH_MEANT)
def test_what_may_both_be_meant_is_not_told(life: Life) -> None:
    assert told(life) == []


def test_what_is_asked_for_and_what_goes_with_it_are_members_of_the_type() -> None:
    for kind, members in ONE_OF_A_DAY.items():
        assert members <= {*kind.__struct_fields__}
    for (kind, member), leading in GOES_WITH.items():
        assert {member, *leading} <= ONE_OF_A_DAY[kind]
