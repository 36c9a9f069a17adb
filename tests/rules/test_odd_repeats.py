"""What is had once at a time and is told of two days is told (ADR-0028; design §3)."""

from collections.abc import Callable

import pytest

from tests.lives import CHENGDU, ZHENGZHOU, Life, ask, findings_of, id_of, someone


def problems(life: Life) -> list[tuple[str, str]]:
    return [(finding.event_id, finding.problem) for finding in findings_of(life)]


OF_A_JOB = {"role": "full_time_community_worker", "employer": "桃蹊路社区", "organization": "O-1"}
IN_A_JOB = someone.employed("2020-01-01", ZHENGZHOU, **OF_A_JOB)
PROVEN = someone.senior_proof_issued("2023-06-01", "2027-05-05")
CERTIFIED = someone.certified("2021-10-18")
TITLE = {"talent": "high_level", "authority": "人社部门"}
RECOGNIZED = {"origin": "taiwan", "level": "junior", "authority": "人社部门", "scope": CHENGDU}

# Each with what goes before it, and what is said of two days.
ONCE_AT_A_TIME = {
    "a job": (CERTIFIED, lambda day: someone.employed(day, ZHENGZHOU, **OF_A_JOB)),
    "a post": (IN_A_JOB, someone.promoted),
    "a certificate": (someone, someone.certified),
    "a registration": (CERTIFIED, lambda day: someone.registered("2024-01-01", on=day)),
    "a degree": (someone, someone.graduated),
    "an exam pass": (someone, someone.passed),
    "a proof": (someone, someone.senior_proof_issued),
    "a review": (PROVEN, someone.senior_review_applied),
    "a designation": (someone, someone.supervisor_designated),
    "a title": (someone, lambda day: someone.talent_designated(day, **TITLE)),
    "a recognition": (someone, lambda day: someone.qualification_recognized(day, **RECOGNIZED)),
}
each_once_at_a_time = pytest.mark.parametrize(("before", "told"), ONCE_AT_A_TIME.values(), ids=ONCE_AT_A_TIME)


@each_once_at_a_time
def test_what_is_had_once_at_a_time_and_told_of_two_days_is_told(before: Life, told: Callable[[str], Life]) -> None:
    """Of whichever it was recorded first; it names both."""
    for first, second in (("2024-01-01", "2024-01-02"), ("2024-01-02", "2024-01-01")):
        life = before + told(first) + told(second)
        (found,) = [one for one in findings_of(life) if one.problem == "nearly_told_twice"]
        earlier, later = len(before) + 1, len(before) + 2
        assert found.event_id == id_of(later)
        assert id_of(earlier) in found.detail
        assert "nearly_told_twice" not in [problem for _, problem in problems(life + someone.voided(earlier))]


OVER = {
    "a job that was left": IN_A_JOB.left("2023-12-31").employed("2024-01-01", ZHENGZHOU, **OF_A_JOB),
    "a job with another in between": IN_A_JOB.employed("2022-01-01", CHENGDU).employed(
        "2024-01-01", ZHENGZHOU, **OF_A_JOB
    ),
    "another job": IN_A_JOB.employed("2020-01-02", ZHENGZHOU, **OF_A_JOB | {"organization": "O-2"}),
    "a post in the next job": IN_A_JOB.promoted("2020-01-01")
    .left("2021-12-31")
    .employed("2022-01-01")
    .promoted("2022-01-01"),
    "a post with another in between": IN_A_JOB.promoted("2020-01-01").promoted("2021-01-01", 11).promoted("2022-01-01"),
    "a certificate withdrawn": CERTIFIED.certificate_withdrawn("2022-01-01").certified("2022-01-01"),
    "a review decided": PROVEN.senior_review_applied("2024-01-01")
    .senior_review_decided("2024-06-01", "2024-01-01", result="fail")
    .senior_review_applied("2025-01-01"),
    "an exam of another year": someone.passed("2023-06-17").passed("2024-06-15"),
    "a designation that had ended": someone.supervisor_designated("2023-01-01")
    .supervisor_ended("2023-12-31")
    .supervisor_designated("2024-01-01"),
    "what happens again": someone.served("2024-01-01").served("2024-01-02"),
}


@pytest.mark.parametrize("life", OVER.values(), ids=OVER)
def test_what_was_over_or_is_another_is_not_told(life: Life) -> None:
    assert problems(life) == []


def test_a_job_told_of_the_next_day_takes_the_post_as_recorded_and_is_told() -> None:
    job = CERTIFIED.employed("2024-01-01", ZHENGZHOU, **OF_A_JOB).promoted("2024-01-01", 12)
    life = job.employed("2024-01-02", ZHENGZHOU, **OF_A_JOB)
    assert problems(job) == []
    assert ask(life, "grade", "2025-01-01", ZHENGZHOU).node.status == "none"
    assert problems(life) == [(id_of(4), "nearly_told_twice")]
