"""What ends on a day leaves what begins on that day (ADR-0026, answers.md A9)."""

from collections.abc import Callable
from datetime import date

import pytest

from services.core.answers.document import evidence
from services.core.facts.facts import Facts
from tests.lives import CHENGDU, NATION, Life, ask, facts_of, findings_of, id_of, someone

DAY = "2023-06-01"
LATER, EARLIER = "2024-01-01", "2023-05-31"

Lasts = Callable[[Facts], list[str | None]]


def written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def lasts_of_certificates(facts: Facts) -> list[str | None]:
    return [written(one.withdrawn_on) for one in facts.certificates]


def lasts_of_registrations(facts: Facts) -> list[str | None]:
    return [written(one.ended_on) for one in facts.registrations]


def lasts_of_posts(facts: Facts) -> list[str | None]:
    return [written(one.last) for one in facts.posts]


def lasts_of_supervisions(facts: Facts) -> list[str | None]:
    return [written(one.last) for one in facts.supervisions]


def lasts_of_jobs(facts: Facts) -> list[str | None]:
    return [written(one.last) for one in facts.employments]


SIDE_JOB = {"concurrent": True}

# Of each kind: what runs since before the day, the end on the day, what begins on the day, and their last days (or the
# first day on which they are gone).
CASES = {
    "certificate": (
        someone.certified("2021-06-01"),
        someone.certificate_withdrawn(DAY),
        someone.certified(DAY),
        lasts_of_certificates,
        [DAY, None],
    ),
    "registration": (
        someone.registered("2022-05-10", "2025-05-09"),
        someone.registration_ended(DAY),
        someone.registered(DAY, "2026-05-31"),
        lasts_of_registrations,
        [DAY, None],
    ),
    "supervisor": (
        someone.supervisor_designated("2022-05-10"),
        someone.supervisor_ended(DAY),
        someone.supervisor_designated(DAY, "senior"),
        lasts_of_supervisions,
        [DAY, None],
    ),
    "post": (
        someone.promoted("2021-01-01", 12),
        someone.promotion_ended(DAY),
        someone.promoted(DAY, 11),
        lasts_of_posts,
        [EARLIER, None],
    ),
    "employment": (
        someone.employed("2021-01-01", "510107"),
        someone.left(DAY),
        someone.employed(DAY, "510108"),
        lasts_of_jobs,
        [EARLIER, None],
    ),
    "side job": (
        someone.employed("2021-01-01", "510107", **SIDE_JOB),
        someone.left(DAY),
        someone.employed(DAY, "510108", **SIDE_JOB),
        lasts_of_jobs,
        [DAY, None],
    ),
}
each_kind = pytest.mark.parametrize(("running", "end", "begun", "lasts", "expected"), CASES.values(), ids=CASES)


@each_kind
def test_an_end_takes_what_was_running_and_leaves_what_begins_on_its_day(
    running: Life, end: Life, begun: Life, lasts: Lasts, expected: list[str | None]
) -> None:
    """In whatever order they were recorded."""
    for life in (running + end + begun, begun + end + running, end + begun + running, running + begun + end):
        assert lasts(facts_of(life)) == expected
        assert "nothing_to_end" not in [finding.problem for finding in findings_of(life)]


@pytest.mark.parametrize("kind", CASES)
def test_what_began_the_day_before_the_end_is_taken(kind: str) -> None:
    _, end, _, lasts, _ = CASES[kind]
    begun = {
        "certificate": someone.certified(EARLIER),
        "registration": someone.registered(EARLIER),
        "supervisor": someone.supervisor_designated(EARLIER),
        "post": someone.promoted(EARLIER),
        "employment": someone.employed(EARLIER),
        "side job": someone.employed(EARLIER, **SIDE_JOB),
    }
    assert lasts(facts_of(begun[kind] + end)) == [DAY]


@pytest.mark.parametrize("kind", ["supervisor", "post", "employment", "side job"])
def test_where_nothing_was_running_an_end_with_a_last_day_ends_what_began_on_it(kind: str) -> None:
    """So that a job of one day is possible."""
    _, end, begun, lasts, _ = CASES[kind]
    assert lasts(facts_of(begun + end)) == lasts(facts_of(end + begun)) == [DAY]


@pytest.mark.parametrize("kind", ["certificate", "registration"])
def test_what_no_longer_holds_on_its_own_day_never_ends_what_begins_on_it(kind: str) -> None:
    _, end, begun, lasts, _ = CASES[kind]
    for life in (begun + end, end + begun):
        assert lasts(facts_of(life)) == [None]
        assert "nothing_to_end" in [finding.problem for finding in findings_of(life)]


def test_what_had_ended_before_was_not_running() -> None:
    """The first job is over, so the end is that of the job of one day."""
    life = someone.employed("2021-01-01", "510107").left("2022-12-31").employed(DAY, "510108").left(DAY)
    assert lasts_of_jobs(facts_of(life)) == ["2022-12-31", DAY]
    named = someone.employed("2021-01-01", "510107").left("2022-12-31", employment=1).employed(DAY, "510108").left(DAY)
    assert lasts_of_jobs(facts_of(named)) == ["2022-12-31", DAY]
    designated = someone.supervisor_designated("2021-01-01", last_day="2022-12-31").supervisor_designated(DAY)
    assert lasts_of_supervisions(facts_of(designated.supervisor_ended(DAY))) == ["2022-12-31", DAY]


def test_a_registration_that_had_run_out_was_not_running() -> None:
    """On the day after its printed last day there is nothing left to cancel, and what is asked of it knows no end."""
    first, second = ("2021-01-01", "2023-12-31"), ("2024-01-01", "2026-12-31")
    life = someone.certified("2020-06-01").registered(*first)
    both = life.registered(*second, is_first=False).registration_ended("2025-06-01")
    assert lasts_of_registrations(facts_of(both)) == [None, "2025-06-01"]
    answer = ask(both, "registration", "2023-06-01", NATION)
    assert id_of(4) not in {source.event_id for source in evidence(answer.node)}
    for day, ended in (("2023-12-31", "2023-12-31"), (LATER, None), ("2025-06-01", None)):
        alone = life.registration_ended(day)
        assert lasts_of_registrations(facts_of(alone)) == [ended]
        assert ("nothing_to_end" in [finding.problem for finding in findings_of(alone)]) is (ended is None)


def test_a_successor_that_began_before_had_ended_the_job_before() -> None:
    life = someone.employed("2021-01-01", "510107").employed("2022-01-01", "510108").left(DAY)
    assert lasts_of_jobs(facts_of(life)) == ["2021-12-31", DAY]


def test_a_new_employer_on_the_day_of_the_end_keeps_the_new_post() -> None:
    life = (
        someone.employed("2021-01-01", "510107")
        .promoted("2021-01-01", 12)
        .left(EARLIER)
        .employed(DAY, "510108")
        .promotion_ended(DAY)
        .promoted(DAY, 11)
    )
    assert lasts_of_posts(facts_of(life)) == [EARLIER, None]


def test_the_answers_follow() -> None:
    """A9 (a) to (d)."""
    transferred = (
        someone.registered("2022-05-10", "2025-05-09", place="甲地")
        .registration_ended(DAY)
        .registered(DAY, "2026-05-31", place="乙地")
    )
    registration = ask(transferred, "registration", LATER, NATION).node
    assert (registration.status, registration.result.valid_until) == ("valid", date(2026, 5, 31))
    issued_again = someone.certified("2021-06-01").certificate_withdrawn(DAY).certified(DAY)
    assert ask(issued_again, "certificate", LATER, NATION).node.status == "valid"
    promoted = (
        someone.employed("2020-01-01", "510107", employer_type="public_institution", role="social_worker")
        .certified("2019-10-18", "intermediate")
        .promoted("2021-01-01", 12)
        .promotion_ended(DAY)
        .promoted(DAY, 11)
    )
    assert ask(promoted, "grade", LATER, CHENGDU).node.status != "none"
    designated = (
        someone.employed("2020-01-01", "510107")
        .supervisor_designated("2022-05-10")
        .supervisor_ended(DAY)
        .supervisor_designated(DAY, "senior")
    )
    assert ask(designated, "supervisor", LATER, CHENGDU).node.result.rank == "senior"


@pytest.mark.parametrize("day", ["2021-06-01", "2022-01-01"])
def test_an_end_means_the_one_job_that_it_can_mean_whether_it_names_it_or_not(day: str) -> None:
    job = someone.employed("2021-06-01", "510107")
    assert facts_of(job.left(day)).employments == facts_of(job.left(day, employment=1)).employments


def test_a_post_is_held_in_the_one_job_that_it_can_mean_whether_it_names_it_or_not() -> None:
    jobs = someone.employed("2019-01-01", "510107").employed("2021-06-01", "510108")
    for day in ("2019-01-01", "2021-05-31"):
        named = facts_of(jobs.promoted(day, 12, employment=1))
        assert facts_of(jobs.promoted(day, 12)).posts == named.posts
        assert named.posts[0].employment == named.employments[0]
