"""Several accounts of one day are sorted by the facts that they are of, in whichever order they came (ADR-0028)."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from itertools import permutations

import pytest
from msgspec.structs import astuple

from services.core.facts.facts import Employment
from tests.lives import Life, ask, facts_of, findings_of, id_of, someone

CHENGDU, ZHENGZHOU = "510107", "410102"
DAY = "2022-04-01"
OF_A_PLACE = {"pass_line": "local"}
PROBLEMS = {"told_in_part", "told_otherwise", "looks_told_twice", "told_twice"}


def in_any_order(accounts: Life) -> Iterator[Life]:
    for order in permutations(range(len(accounts))):
        yield sum((accounts[at : at + 1] for at in order), start=someone)


def told(life: Life) -> Collection[tuple[str, ...]]:
    """Return what is true of a person, without the events that told it and their order."""
    return tuple(
        tuple(sorted(re.sub("(event_id|position)=[^,)]*", "", repr(fact)) for fact in kind))
        for kind in astuple(facts_of(life))
    )


def problems(life: Life) -> list[tuple[str, str]]:
    return [(finding.event_id, finding.problem) for finding in findings_of(life) if finding.problem in PROBLEMS]


MAY_BE_OF_EITHER = {
    "certificate": someone.certified(DAY, valid_in=CHENGDU, scope="local")
    .certified(DAY, issued_on="2022-05-01", scope="local")
    .certified(DAY, valid_in=ZHENGZHOU, scope="local"),
    "exam": someone.passed(DAY, score="70").passed(DAY, **OF_A_PLACE).passed(DAY, score="58"),
    "registration": someone.registered(DAY, level="junior")
    .registered(DAY, "2030-03-31")
    .registered(DAY, level="intermediate"),
    "supervisor": someone.supervisor_designated(DAY, jurisdiction=CHENGDU)
    .supervisor_designated(DAY, last_day="2023-03-31")
    .supervisor_designated(DAY, jurisdiction=ZHENGZHOU),
    "job beside the main one": someone.employed(DAY, organization="O-1", concurrent=True)
    .employed(DAY, employer="甲社区", concurrent=True)
    .employed(DAY, organization="O-2", concurrent=True),
}


@pytest.mark.parametrize("accounts", MAY_BE_OF_EITHER.values(), ids=MAY_BE_OF_EITHER)
def test_an_account_that_may_be_of_either_of_two_stays_alone(accounts: Life) -> None:
    """Each counts as recorded, and what the later ones look like is told."""
    for life in in_any_order(accounts):
        assert told(life) == told(accounts)
        assert facts_of(life).number == len(accounts)
        assert {problem for _, problem in problems(life)} <= {"looks_told_twice", "told_otherwise"}
    assert (id_of(2), "looks_told_twice") in problems(accounts)


OF_ONE = {
    "three that each say what the others lack": someone.registered(DAY, level="junior")
    .registered(DAY, "2030-03-31")
    .registered(DAY, authority="成都市民政局"),
    "one that says all and two that say less": someone.registered(DAY, "2030-03-31", level="junior")
    .registered(DAY, "2030-03-31")
    .registered(DAY),
}


@pytest.mark.parametrize("accounts", OF_ONE.values(), ids=OF_ONE)
def test_accounts_that_all_agree_are_of_one_fact(accounts: Life) -> None:
    for life in in_any_order(accounts):
        (one,) = facts_of(life).registrations
        assert (one.level, one.printed_last) == ("junior", date(2030, 3, 31))
        assert [problem for _, problem in problems(life)] == ["told_in_part"] * 2


def test_an_account_within_two_that_contradict_each_other_adds_no_third() -> None:
    """Of whichever it is, it says nothing that is not said."""
    accounts = someone.passed(DAY, score="70").passed(DAY).passed(DAY, score="58")
    for life in in_any_order(accounts):
        assert sorted(one.score or 0 for one in facts_of(life).exam_passes) == [5800, 7000]


def test_two_that_agree_with_each_other_are_one_though_a_third_may_be_of_another() -> None:
    """The third agrees with a fourth, too, which contradicts the two."""
    sure = someone.registered(DAY, level="junior").registered(DAY, level="junior", place=CHENGDU)
    life = sure.registered(DAY, "2030-03-31").registered(DAY, level="intermediate", place=ZHENGZHOU)
    for ordered in in_any_order(life):
        assert len(facts_of(ordered).registrations) == 3


def test_the_tier_does_not_follow_the_order_in_which_three_accounts_came() -> None:
    """CD-25, R-34: the term that goes on names no certificate, so it covers what was obtained by its first day."""
    entitled = (
        someone.employed("2021-01-01", CHENGDU, role="full_time_community_worker")
        .certified("2021-10-17")
        .certified("2021-11-17", "intermediate")
        .served("2026-05-10", platform="成都社工管理服务平台")
        .assessed("2026-01-01", "2026-12-31", on="2026-01-20")
    )
    answers = [
        ask(entitled + accounts, "allowance", "2026-06-01", CHENGDU).node
        for accounts in in_any_order(MAY_BE_OF_EITHER["registration"])
    ]
    assert {(answer.status, answer.result.tier) for answer in answers} == {("eligible", "intermediate")}


# Main jobs


def only_job(life: Life) -> Employment:
    (job,) = facts_of(life).employments
    return job


def test_main_jobs_of_a_day_are_one_where_each_differs_from_another_in_one_member() -> None:
    """So a post that names any of them is held, and the last told says what the job is."""
    first, last = {"place": CHENGDU, "role": "social_worker"}, {"place": ZHENGZHOU, "role": "community_worker"}
    accounts = someone.employed(DAY, **first).employed(DAY, **{**first, "place": ZHENGZHOU}).employed(DAY, **last)
    for life in in_any_order(accounts):
        said = life.events[-1].data
        for named in (1, 2, 3):
            job = only_job(life.promoted("2023-01-01", employment=named))
            assert (job.jurisdiction, job.role, job.last) == (said["jurisdiction"], said["role"], None)
        assert [problem for _, problem in problems(life)] == ["told_otherwise"] * 2
