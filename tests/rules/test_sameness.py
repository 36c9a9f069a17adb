"""The same, told twice or written differently, is the same (ADR-0028, answers.md A29)."""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from services.core.answers.document import evidence
from services.core.calendar import ONE_DAY
from services.core.questions.known import UndatedQuestion, person_known
from services.core.questions.timeline import Budget, walk_days
from services.core.rules.evaluate import evaluate
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Question
from tests.lives import (
    CHENGDU,
    PINNED,
    ZHENGZHOU,
    Life,
    alternatives,
    ask,
    facts_of,
    findings_of,
    id_of,
    recorded,
    rules_of,
    someone,
)

LIAOCHENG = "371500"
ANNUAL = "continuing_education.annual"
JOB = someone.employed("2021-01-01", ZHENGZHOU)
DAY, YEAR_END = "2023-05-10", "2023-12-31"


def problems(life: Life) -> list[tuple[str, str]]:
    return [(finding.event_id, finding.problem) for finding in findings_of(life)]


def test_the_first_that_is_told_counts_and_when_it_is_voided_the_second() -> None:
    life = someone.certified("2021-10-17").certified("2021-10-17")
    assert [one.sources[0].event_id for one in facts_of(life).certificates] == [id_of(1)]
    assert [one.sources[0].event_id for one in facts_of(life.voided(1)).certificates] == [id_of(2)]


def test_what_says_what_another_said_before_it_was_corrected_was_sent_again() -> None:
    """Also after the correction; a double that is corrected says something of its own from then on."""
    life = JOB.trained(DAY, "30", course="小组工作").corrected(2, amount="60")
    for amount in ("30", "60"):
        sent_again = life.trained(DAY, amount, course="小组工作")
        assert ask(sent_again, ANNUAL, YEAR_END, ZHENGZHOU).node.result.counted_hours == "60"
        assert (id_of(4), "told_twice") in problems(sent_again)
    moved = someone.certified("2021-10-17").corrected(1, occurred_on="2022-10-17").certified("2021-10-17")
    assert [str(one.on) for one in facts_of(moved).certificates] == ["2022-10-17"]
    assert [job.jurisdiction for job in facts_of((JOB + JOB).corrected(2, jurisdiction=CHENGDU)).employments] == [
        CHENGDU
    ]
    both = someone.certified("2021-10-17").certified("2021-10-17").corrected(2, level="intermediate")
    assert len(facts_of(both).certificates) == 2


def test_a_training_with_the_number_that_another_had_by_mistake_is_another() -> None:
    mistaken = JOB.trained(DAY, "30", **NUMBERED).corrected(2, proof_no="ZZ-2023-009")
    for life in (mistaken.trained("2023-06-10", "20", **NUMBERED), mistaken.trained(DAY, "20", **NUMBERED)):
        assert [one.repeats for one in facts_of(life).trainings] == [None, None]
    sent_again = mistaken.trained(DAY, "30", **NUMBERED)
    assert [one.repeats for one in facts_of(sent_again).trainings] == [None, id_of(2)]


def test_a_double_of_a_double_is_one_of_the_first() -> None:
    moved = JOB.employed("2020-01-01", ZHENGZHOU).corrected(2, occurred_on="2021-01-01")
    life = moved.employed("2020-01-01", ZHENGZHOU)
    held = facts_of(life.promoted("2022-01-01", employment=4))
    assert [job.event_id for job in held.employments] == [id_of(1)]
    assert held.posts[0].employment == held.employments[0]


def test_a_correction_sent_again_does_not_undo_one_that_came_in_between() -> None:
    life = someone.trained(DAY, "30").corrected(1, amount="40").corrected(1, amount="50")
    sent_again = life.corrected(1, amount="40")
    assert [one.hundredths for one in facts_of(sent_again).trainings] == [5000]
    assert (id_of(4), "told_twice") in problems(sent_again)
    assert [one.hundredths for one in facts_of(sent_again.voided(2)).trainings] == [4000]
    anew = life.corrected(1, amount="40", because="复核后更正")
    assert [one.hundredths for one in facts_of(anew).trainings] == [4000]


def test_a_text_in_another_width_says_the_same() -> None:
    """The bytes stay as they came."""
    life = JOB.served(platform="成都社工管理服务平台", task="帮困 扶弱").served(
        platform="成都社工　管理服务平台", task="帮困扶弱"
    )
    assert problems(life) == [(id_of(3), "told_twice")]
    assert [one.platform for one in facts_of(life).services] == ["成都社工管理服务平台"]


def test_an_amount_in_other_digits_is_the_same() -> None:
    assert problems(JOB.served(hours="2").served(hours="2.00")) == [(id_of(3), "told_twice")]


def test_another_day_or_another_word_is_another_fact() -> None:
    honours = someone.honor_recorded("2023-01-01").honor_recorded("2023-01-02").honor_recorded("2023-01-01", "劳动模范")
    assert problems(honours) == []


# A job told twice


def test_of_a_job_told_twice_the_second_is_a_double_and_ends_nothing() -> None:
    (job,) = facts_of(JOB + JOB).employments
    assert (job.event_id, job.last) == (id_of(1), None)
    assert problems(JOB + JOB) == [(id_of(2), "told_twice")]


@pytest.mark.parametrize("named", [1, 2])
def test_what_names_either_means_the_one_that_counts(named: int) -> None:
    life = (JOB + JOB).promoted("2022-01-01", employment=named).left("2022-12-31", employment=named)
    facts = facts_of(life)
    assert [(job.event_id, job.last) for job in facts.employments] == [(id_of(1), date(2022, 12, 31))]
    assert facts.posts[0].employment == facts.employments[0]
    assert problems(life) == [(id_of(2), "told_twice")]


def test_two_jobs_of_one_day_that_differ_in_more_than_one_member_are_two() -> None:
    life = JOB.employed("2021-01-01", CHENGDU, employer_type="enterprise", role="social_worker")
    assert [problem for _, problem in problems(life)] == ["ends_before_it_begins"]
    assert len(facts_of(life).employments) == 2


# Told with more, with less or otherwise


def test_each_of_two_accounts_may_say_what_the_other_lacks() -> None:
    life = someone.passed(score="70").passed().certified(issued_on="2024-09-01").certified()
    assert problems(life) == [(id_of(2), "told_in_part"), (id_of(4), "told_in_part")]
    assert len(facts_of(life).exam_passes) == len(facts_of(life).certificates) == 1
    both = someone.supervisor_designated(DAY, jurisdiction=CHENGDU).supervisor_designated(DAY, last_day="2024-05-09")
    (one,) = facts_of(both).supervisions
    assert (one.jurisdiction, one.last) == (CHENGDU, date(2024, 5, 9))
    assert {source.event_id for source in one.sources} == {id_of(1), id_of(2)}


def test_what_is_told_of_two_certificates_is_told_of_two() -> None:
    """Each has a place of its own, in which it holds (R-35)."""
    local = {"level": "basic", "scope": "local", "basis": "local_test"}
    life = someone.certified(valid_in=CHENGDU, **local).certified(valid_in=ZHENGZHOU, **local)
    assert (len(facts_of(life).certificates), problems(life)) == (2, [])


def test_two_accounts_that_contradict_each_other_count_as_recorded_and_are_told() -> None:
    life = someone.passed(score="70").passed(score="58")
    assert problems(life) == [(id_of(2), "told_otherwise")]
    assert [one.score for one in facts_of(life).exam_passes] == [7000, 5800]


@pytest.mark.parametrize("named_first", [True, False])
def test_an_end_of_all_work_and_that_of_one_job_are_two(*, named_first: bool) -> None:
    """Without a job an end is that of every one that runs (design §3), whatever else is told of that day."""
    jobs = someone.employed("2020-01-01", CHENGDU).employed("2021-01-01", CHENGDU, concurrent=True)
    of_all, of_one = someone.left("2023-06-30"), someone.left("2023-06-30", employment=1)
    life = jobs + (of_one + of_all if named_first else of_all + of_one)
    assert [job.last for job in facts_of(life).employments] == [date(2023, 6, 30)] * 2


TWO_JOBS = JOB.employed("2021-01-01", CHENGDU, concurrent=True)


@pytest.mark.parametrize("named_first", [True, False])
def test_a_post_of_the_main_job_and_one_of_another_job_are_two(*, named_first: bool) -> None:
    """Without a job a post is one in the main job of its day, whatever else is told of that day."""
    of_the_main, of_the_other = someone.promoted("2022-01-01"), someone.promoted("2022-01-01", employment=2)
    life = TWO_JOBS + (of_the_other + of_the_main if named_first else of_the_main + of_the_other)
    assert {post.employment and post.employment.event_id for post in facts_of(life).posts} == {id_of(1), id_of(2)}
    assert problems(life) == []


@pytest.mark.parametrize("named_first", [True, False])
def test_a_post_is_told_twice_with_the_job_to_which_it_falls_and_without(*, named_first: bool) -> None:
    named, unnamed = someone.promoted("2022-01-01", employment=1), someone.promoted("2022-01-01")
    life = TWO_JOBS + (named + unnamed if named_first else unnamed + named)
    (post,) = facts_of(life).posts
    assert post.employment == facts_of(TWO_JOBS).employments[0]
    assert problems(life) == [(id_of(4), "told_twice")]


def test_a_post_that_falls_to_no_job_is_told_more_of_by_the_name_of_one() -> None:
    life = JOB.promoted("2020-12-01").promoted("2020-12-01", employment=1)
    (post,) = facts_of(life).posts
    assert post.employment == facts_of(JOB).employments[0]
    assert problems(life) == [(id_of(3), "told_in_part")]


def test_services_of_one_day_are_several() -> None:
    assert problems(someone.served(task="帮困").served(task="助老")) == []


FULL_TIME = {"role": "full_time_community_worker", "employer": "武侯区某社区", "organization": "O-1"}
OF_JOBS = {
    "employer_type": FULL_TIME | {"employer_type": "village"},
    "role": FULL_TIME | {"role": "community_worker"},
    "jurisdiction": FULL_TIME | {"place": "410102"},
    "direct_service": FULL_TIME | {"direct_service": False},
    "employer": FULL_TIME | {"employer": "武侯区某某社区"},
    "organization": FULL_TIME | {"organization": "O-2"},
    "in_establishment": FULL_TIME | {"in_establishment": False},
}


@pytest.mark.parametrize(("member", "other"), OF_JOBS.items(), ids=OF_JOBS)
@pytest.mark.parametrize("named", [2, 3])
def test_a_job_told_otherwise_in_one_member_ends_nothing_and_takes_no_grade(
    member: str, other: dict[str, Any], named: int
) -> None:
    """The last told counts for that member (ADR-0028)."""
    jobs = someone.certified("2021-10-17").employed("2021-01-01", ZHENGZHOU, in_establishment=True, **FULL_TIME)
    life = jobs.employed("2021-01-01", **({"place": ZHENGZHOU, "in_establishment": True} | other))
    promoted = life.promoted("2022-01-01", employment=named)
    (job,) = facts_of(promoted).employments
    assert (job.event_id, job.last) == (id_of(2), None)
    as_told_last = facts_of(someone.employed("2021-01-01", **({"place": ZHENGZHOU} | other))).employments[0]
    assert structs.replace(job, event_id=id_of(1), sources=as_told_last.sources) == as_told_last
    assert problems(promoted) == [(id_of(3), "told_otherwise")]
    assert ask(promoted, "grade", "2023-01-01", ZHENGZHOU).node.status == "conforming"


def test_the_correction_of_the_first_account_is_told_later_than_the_second() -> None:
    jobs = JOB.employed("2021-01-01", ZHENGZHOU, organization="O-2").corrected(1, organization="O-3")
    assert [job.organization for job in facts_of(jobs).employments] == ["O-3"]
    sent_again = jobs + JOB.employed("2021-01-01", ZHENGZHOU, organization="O-2")[1:]
    assert [job.organization for job in facts_of(sent_again).employments] == ["O-3"]


def test_what_says_less_than_the_first_account_of_a_job_says_nothing_after_the_second() -> None:
    first = someone.employed("2021-01-01", ZHENGZHOU, organization="O-1")
    life = first.employed("2021-01-01", CHENGDU).employed("2021-01-01", ZHENGZHOU)
    (job,) = facts_of(life).employments
    assert (job.jurisdiction, job.organization) == (CHENGDU, "O-1")
    assert problems(life) == [(id_of(3), "told_in_part"), (id_of(2), "told_otherwise")]


def test_side_jobs_of_one_day_end_none_of_each_other_and_stay_two() -> None:
    side: dict[str, Any] = {"role": "social_worker", "concurrent": True}
    beside = JOB.employed("2021-01-01", CHENGDU, organization="O-1", **side)
    elsewhere = beside.employed("2021-01-01", ZHENGZHOU, organization="O-1", **side)
    assert problems(elsewhere) == []
    of_another = beside.employed("2021-01-01", CHENGDU, organization="O-2", **side)
    assert problems(of_another) == [(id_of(3), "told_otherwise")]
    for life in (elsewhere, of_another):
        assert len(facts_of(life).employments) == 3


def test_a_job_told_otherwise_is_that_job_though_one_held_beside_it_says_the_same() -> None:
    beside = JOB.employed("2021-01-01", ZHENGZHOU, role="social_worker", concurrent=True)
    life = beside.employed("2021-01-01", ZHENGZHOU, role="social_worker")
    assert [(job.role, job.concurrent) for job in facts_of(life).employments] == [
        ("social_worker", False),
        ("social_worker", True),
    ]


def test_a_job_that_differs_in_more_or_is_held_beside_the_other_is_another() -> None:
    job = someone.employed("2021-01-01", ZHENGZHOU, employer="甲社区", organization="O-1")
    other = job.employed("2021-01-01", ZHENGZHOU, employer="乙社区", organization="O-2")
    assert problems(other) == [(id_of(1), "ends_before_it_begins")]
    beside = job.employed("2021-01-01", ZHENGZHOU, employer="甲社区", organization="O-1", concurrent=True)
    assert len(facts_of(beside).employments) == 2
    assert problems(beside) == [(id_of(2), "told_otherwise")]


def test_a_job_that_is_said_not_to_be_concurrent_is_the_same_as_one_of_which_nothing_is_said() -> None:
    life = JOB.employed("2021-01-01", ZHENGZHOU, concurrent=False)
    assert problems(life) == [(id_of(2), "told_twice")]


def test_what_says_less_than_another_said_before_its_correction_was_sent_again() -> None:
    job = someone.employed("2021-01-01", ZHENGZHOU, employer="甲社区").corrected(1, role="social_worker")
    (held,) = facts_of(job.employed("2021-01-01", ZHENGZHOU)).employments
    assert (held.role, held.last) == ("social_worker", None)


# What a timeline says of a fact told twice


def test_the_cause_of_a_change_is_the_fact_that_was_told_first() -> None:
    life = someone.certified("2021-10-17").certified("2021-10-17").honor_recorded("2021-10-17")
    knowledge = person_known(recorded(life), Rulebook("100000", PINNED, ()))
    question, day = UndatedQuestion("certificate", "100000"), date(2021, 10, 17)
    page = walk_days(knowledge, question, day - ONE_DAY, day, Budget(10))
    (change,) = page.changes
    assert [event.event_id for cause in change.causes for event in cause.events] == [id_of(1)]


# A training reported twice

NUMBERED = {"proof_no": "ZZ-2023-001", "provider": "社会工作协会"}


@pytest.mark.parametrize(
    "number", ["ＺＺ－２０２３－００１", "zz—2023—001", "ZZ - 2023 - 001", "ZZ─2023─001", "ZZ-\ufe0f2023-001"]
)
def test_the_same_number_is_the_same_however_it_is_written(number: str) -> None:
    life = JOB.trained(DAY, "30", **NUMBERED).trained(DAY, "30", **NUMBERED | {"proof_no": number})
    answer = ask(life, ANNUAL, YEAR_END, ZHENGZHOU)
    assert (answer.node.status, answer.node.result.counted_hours) == ("not_met", "30")
    assert (id_of(3), "told_twice") in problems(life)
    assert ("R-10", "met") in alternatives(answer)


OF_A_COURSE = {"provider": "社会工作协会", "course": "小组工作"}
MISTAKEN = {
    "in the amount": (OF_A_COURSE, {"amount": "40"}, OF_A_COURSE | {"mode": "online"}),
    "in the number": (NUMBERED, {"proof_no": "ZZ-2023-002"}, NUMBERED | {"on": "2023-06-10"}),
}


@pytest.mark.parametrize(("mistaken", "right", "other"), MISTAKEN.values(), ids=MISTAKEN)
def test_what_is_sent_again_after_its_correction_makes_no_other_training_a_double(
    mistaken: dict[str, Any], right: dict[str, Any], other: dict[str, Any]
) -> None:
    """The other one has all that made the mistaken report be of one training with it (R-10), before its correction."""
    life, alike = JOB.trained(DAY, "30", **mistaken).corrected(2, **right), {"on": DAY, "amount": "30"} | other
    assert [one.repeats for one in facts_of(life.trained(**alike)).trainings] == [None, None]
    sent_again = life.trained(DAY, "30", **mistaken).trained(**alike)
    assert [one.repeats for one in facts_of(sent_again).trainings] == [None, id_of(2), None]


LOOK_ALIKES = {
    "with and without a number": (NUMBERED, {"provider": "社会工作协会"}),
    "one number of two providers": (NUMBERED, NUMBERED | {"provider": "社区学院"}),
    "one course of two providers": (
        {"course": "小组工作", "provider": "社会工作协会"},
        {"course": "小组工作", "provider": "社区学院"},
    ),
    "one without its first day": (NUMBERED | {"started_on": "2023-05-08"}, {"provider": "社会工作协会"}),
    "one that says nothing further": (NUMBERED | {"course": "小组工作"}, {}),
}


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_what_only_looks_the_same_counts_and_is_told(one: dict[str, Any], other: dict[str, Any]) -> None:
    """In either order; by the alternative of R-10 it counts once."""
    for first, second in ((one, other), (other, one)):
        life = JOB.trained(DAY, "30", **first).trained(DAY, "30", **second)
        answer = ask(life, ANNUAL, YEAR_END, ZHENGZHOU)
        assert (answer.node.status, answer.node.result.counted_hours) == ("met", "60")
        assert (id_of(3), "looks_told_twice") in problems(life)
        assert ("R-10", "not_met") in alternatives(answer)
        assert [training.resembles for training in facts_of(life).trainings] == [None, id_of(2)]


DIFFERENT = {
    "two numbers": (NUMBERED, NUMBERED | {"proof_no": "ZZ-2023-002"}),
    "two courses": ({"course": "小组工作"}, {"course": "个案工作"}),
    "two providers of whatever": ({"provider": "社会工作协会"}, {"provider": "社区学院"}),
    "two days": ({}, {"on": "2023-05-11"}),
    "two amounts": ({}, {"amount": "31"}),
    "two subjects": ({}, {"subjects": ["sw_ethics"]}),
}


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_contradicts_another_is_another_training(one: dict[str, Any], other: dict[str, Any]) -> None:
    each = {"on": DAY, "amount": "30"}
    life = JOB.trained(**each | one).trained(**each | other)
    assert not {"told_twice", "looks_told_twice"} & {problem for _, problem in problems(life)}


def test_the_same_number_on_another_day_looks_the_same_too() -> None:
    life = JOB.trained(DAY, "30", proof_no="A-1", provider="甲").trained(
        "2023-06-10", "20", proof_no="A-1", provider="乙"
    )
    assert (id_of(3), "looks_told_twice") in problems(life)


def test_a_voided_report_is_not_looked_like() -> None:
    life = JOB.trained(DAY, "30", **NUMBERED).trained(DAY, "30").voided(2)
    assert problems(life) == []


# A degree reported twice


def test_a_degree_reported_twice_is_one() -> None:
    degree = someone.graduated("2023-07-01", institution="成都大学（望江校区）")
    twice = degree.graduated("2023-07-01", institution="成都大学(望江校区)").graduated("2024-07-01", "master")
    assert [one.level for one in facts_of(twice).educations] == ["bachelor", "master"]


def test_a_degree_reported_again_after_its_correction_is_no_other_degree() -> None:
    corrected = someone.graduated("2014-01-24").corrected(1, occurred_on="2020-02-29", level="college")
    again = corrected.graduated("2014-01-24")
    assert [(str(one.on), one.level) for one in facts_of(again).educations] == [("2020-02-29", "college")]


def test_no_answer_rests_on_a_degree_that_was_reported_again() -> None:
    """Though it rests on each degree that opens no way to the exam, and on each that is not of the field."""
    degree = someone.employed("2021-01-01", LIAOCHENG).graduated("2018-07-01", "college", "other")
    for determination, level in (("exam.entry", "senior"), ("talent", None)):
        question = Question(determination, date(2024, 1, 1), None, level)
        for life in (degree, degree.graduated("2018-07-01", "college", "other")):
            node = evaluate(rules_of(LIAOCHENG), facts_of(life), question).node
            assert id_of(2) in {source.event_id for source in evidence(node)}
            assert id_of(3) not in {source.event_id for source in evidence(node)}
