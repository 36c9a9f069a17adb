"""What a person holds: certificate (N-01), registration (N-07), exam (N-03), senior route (N-05), experience (N-06)."""

from datetime import date

import pytest

from contracts.document import plain
from tests.lives import CHENGDU, NATION, ZHENGZHOU, Life, alternatives, ask, facts_of, id_of, someone

INTERMEDIATE = {"level": "intermediate", "score": "70"}


def exam(history: Life, as_of: str = "2025-12-31") -> dict[str, object]:
    answer = ask(history, "exam.complete", as_of, NATION, level="intermediate")
    return {"status": answer.node.status, **plain(answer.node.result)}


def test_the_highest_certificate_shows_since_when_it_is_the_highest() -> None:
    answer = ask(
        someone.certified("2018-10-18").certified("2021-10-17", "intermediate"), "certificate", "2023-01-01", NATION
    )
    assert plain(answer.node.result) == {"level": "intermediate", "since": "2021-10-17"}


def test_a_withdrawn_certificate_leaves_the_lower_one_and_may_be_obtained_anew() -> None:
    history = (
        someone.certified("2018-10-18")
        .certified("2021-10-17", "intermediate")
        .certificate_withdrawn("2022-01-01", "intermediate")
    )
    assert ask(history, "certificate", "2021-12-31", NATION).node.result.level == "intermediate"
    assert ask(history, "certificate", "2022-01-01", NATION).node.result.level == "junior"
    anew = history.certified("2023-06-18", "intermediate")
    assert plain(ask(anew, "certificate", "2023-06-18", NATION).node.result)["since"] == "2023-06-18"


def test_between_approval_and_issue_the_reading_matters() -> None:
    """R-11."""
    answer = ask(someone.certified("2023-06-18", issued_on="2023-09-20"), "certificate", "2023-07-01", NATION)
    assert answer.node.status == "valid"
    assert alternatives(answer) == {("R-11", "none")}


def test_without_a_printed_day_the_last_day_depends_on_the_reading() -> None:
    """R-12, and R-05 where the month has no such day."""
    on_the_day = ask(someone.registered("2021-01-15"), "registration", "2024-01-15", NATION)
    assert (on_the_day.node.status, alternatives(on_the_day)) == ("valid", {("R-12", "lapsed")})
    leap = ask(someone.registered("2024-02-29"), "registration", "2027-03-01", NATION)
    assert (leap.node.status, alternatives(leap)) == ("lapsed", {("R-05", "valid")})


def test_of_registrations_that_ended_together_the_one_begun_last_is_told() -> None:
    history = someone.registered("2020-01-01").registered("2022-10-01").registration_ended("2022-12-01")
    answer = ask(history, "registration", "2022-12-01", NATION)
    assert answer.node.status == "lapsed"
    assert plain(answer.node.result) == {"valid_from": "2022-10-01", "valid_until": "2022-11-30"}


def test_a_renewal_keeps_the_registration_valid_without_a_gap() -> None:
    history = someone.registered("2021-01-15", "2024-01-14").registered("2024-01-15", "2027-01-14")
    answer = ask(history, "registration", "2024-01-15", NATION)
    assert plain(answer.node.result) == {"valid_from": "2024-01-15", "valid_until": "2027-01-14"}
    assert answer.until == date(2027, 1, 14)


def test_a_registration_to_come_is_none_yet() -> None:
    answer = ask(someone.registered("2024-01-15", "2027-01-14"), "registration", "2024-01-14", NATION)
    assert (answer.node.status, answer.until) == ("none", date(2024, 1, 14))


def test_three_subjects_within_two_consecutive_years_complete_the_exam() -> None:
    history = (
        someone.passed("2022-06-18", "law_and_policy", **INTERMEDIATE)
        .passed("2023-06-18", "practice", **INTERMEDIATE)
        .passed("2023-06-18", "comprehensive", **INTERMEDIATE | {"score": "60"})
    )
    answer = exam(history)
    assert answer["status"] == "met"
    assert answer["window"] == {"from": "2022-01-01", "until": "2023-12-31"}


def test_three_years_do_not() -> None:
    history = (
        someone.passed("2021-06-18", "comprehensive", **INTERMEDIATE)
        .passed("2022-06-18", "law_and_policy", **INTERMEDIATE)
        .passed("2023-06-18", "practice", **INTERMEDIATE)
    )
    assert exam(history)["status"] == "not_met"
    assert len(exam(history)["subjects"]) == 2  # type: ignore[arg-type]  # A list of subjects.


@pytest.mark.parametrize(("score", "line", "status"), [("59.99", "national", "not_met"), ("59.99", "local", "met")])
def test_a_mark_under_sixty_counts_under_a_local_line_only(score: str, line: str, status: str) -> None:
    """N-04."""
    history = (
        someone.passed("2022-06-18", "law_and_policy", **INTERMEDIATE)
        .passed("2022-06-18", "practice", **INTERMEDIATE)
        .passed("2022-06-18", "comprehensive", **INTERMEDIATE | {"score": score, "pass_line": line})
    )
    assert exam(history)["status"] == status


@pytest.mark.parametrize(
    ("applied", "decided", "status"),
    [
        ("2021-12-20", "2024-12-19", "met"),
        ("2024-12-19", "2024-12-20", "needs_review"),
        ("2024-12-20", "2024-12-21", "not_met"),
        ("2021-12-19", "2022-03-01", "not_met"),
    ],
)
def test_the_review_is_applied_for_and_decided_inside_the_proof(applied: str, decided: str, status: str) -> None:
    history = someone.senior_proof_issued("2021-12-20", "2024-12-19").senior_review_decided(decided, applied)
    assert ask(history, "certificate.senior_route", "2025-01-01", NATION).node.status == status


def test_a_failed_review_leaves_the_route_open_while_the_proof_is_valid() -> None:
    history = someone.senior_proof_issued("2021-12-20", "2024-12-19").senior_review_decided(
        "2022-03-01", "2022-01-10", result="fail"
    )
    assert ask(history, "certificate.senior_route", "2022-06-01", NATION).node.status == "pending"


def test_a_new_job_ends_the_one_before_on_the_previous_day_unless_it_is_concurrent() -> None:
    history = (
        someone.employed("2021-01-01", ZHENGZHOU)
        .employed("2022-01-01", ZHENGZHOU, concurrent=True)
        .employed("2023-01-01", ZHENGZHOU)
    )
    first, side, last = facts_of(history).employments
    assert (first.last, side.last, last.last) == (date(2022, 12, 31), None, None)


def test_an_end_without_an_id_ends_every_job_begun_by_then() -> None:
    history = (
        someone.employed("2021-01-01", ZHENGZHOU)
        .employed("2022-01-01", ZHENGZHOU, concurrent=True)
        .left("2022-06-30")
        .employed("2022-07-01", ZHENGZHOU)
    )
    assert [job.last for job in facts_of(history).employments] == [date(2022, 6, 30), date(2022, 6, 30), None]


def test_an_end_with_an_id_ends_that_job_alone() -> None:
    history = (
        someone.employed("2021-01-01", ZHENGZHOU)
        .employed("2022-01-01", ZHENGZHOU, concurrent=True)
        .left("2022-06-30", employment=2)
    )
    assert [job.last for job in facts_of(history).employments] == [None, date(2022, 6, 30)]


def test_facts_count_by_their_dates_not_by_when_they_were_learned() -> None:
    history = someone.employed("2023-01-01", "510107").employed("2021-01-01", "510108")
    assert [job.last for job in facts_of(history).employments] == [date(2022, 12, 31), None]


def test_what_cannot_count_is_kept_and_told() -> None:
    history = (
        someone.promoted("2022-01-01", 11)
        .left("2022-01-01", employment=99)
        .employed("2023-01-01", ZHENGZHOU)
        .employed("2023-01-01", ZHENGZHOU)
    )
    problems = [finding.problem for finding in facts_of(history).findings]
    assert problems == ["employment_unknown", "no_employment", "ends_before_it_begins"]


def test_a_correction_that_no_longer_fits_becomes_a_finding() -> None:
    history = someone.corrected(2, level="expert").certified("2021-10-17")
    answer = ask(history, "certificate", "2023-01-01", NATION)
    assert answer.node.result.level == "junior"
    assert [finding.problem for finding in facts_of(history).findings] == ["target_would_be_invalid"]


def test_evidence_names_the_event_and_its_correction() -> None:
    history = someone.certified("2021-10-17").corrected(1, occurred_on="2021-10-18")
    answer = ask(history, "certificate", "2023-01-01", NATION)
    assert [source.event_id for source in answer.node.sources] == [id_of(1), id_of(2)]
    assert plain(answer.node.result)["since"] == "2021-10-18"


def test_days_left_over_make_no_month_by_themselves() -> None:
    answer = ask(someone.employed("2021-01-01", CHENGDU), "professional_years", "2021-01-30", NATION)
    assert plain(answer.node.result) == {"years": 0, "months": 0}
    assert answer.until == date(2021, 1, 30)


@pytest.mark.parametrize(
    "end",
    [
        someone.certificate_withdrawn("2022-01-01"),
        someone.registration_ended("2022-01-01"),
        someone.left("2022-01-01"),
        someone.promotion_ended("2022-01-01"),
        someone.supervisor_ended("2022-01-01"),
    ],
)
def test_an_end_that_finds_nothing_is_told(end: Life) -> None:
    assert [finding.problem for finding in facts_of(end).findings] == ["nothing_to_end"]


def test_what_is_given_anew_on_the_day_of_its_end_never_holds_and_that_is_told() -> None:
    """An end no longer holds on its own day (design §5), whichever of the two was recorded first."""
    history = (
        someone.registered("2021-01-01")
        .registration_ended("2022-01-01")
        .registered("2022-01-01")
        .certificate_withdrawn("2022-01-01")
        .certified("2022-01-01")
    )
    findings = [(finding.event_id, finding.problem) for finding in facts_of(history).findings]
    assert findings == [(id_of(5), "never_held"), (id_of(3), "never_held")]
    told_of = ask(history, "registration", "2022-01-01", NATION).node
    assert (told_of.status, plain(told_of.result)["valid_until"]) == ("lapsed", "2021-12-31")
    assert plain(told_of.result)["valid_from"] == "2021-01-01", "the one that held is told, not the one that never did"


def test_an_end_that_ends_something_is_no_finding() -> None:
    history = (
        someone.employed("2021-01-01", ZHENGZHOU).promoted("2021-01-01", 11).left("2022-06-30").certified("2020-01-01")
    )
    assert facts_of(history).findings == ()


def test_an_employment_without_a_day_is_no_experience() -> None:
    history = someone.employed("2022-01-01", ZHENGZHOU).left("2021-12-31", employment=1)
    assert ask(history, "professional_years", "2022-06-01", NATION).node.status == "none"
