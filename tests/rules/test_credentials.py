"""What a person holds: certificate (N-01), registration (N-07), exam (N-03), senior route (N-05), experience (N-06)."""

from datetime import date

import pytest

from contracts.document import plain
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from tests.documents import Document, invented_rule, invented_text, pack_with
from tests.lives import (
    CHENGDU,
    NATION,
    PINNED,
    ZHENGZHOU,
    Life,
    alternatives,
    ask,
    facts_of,
    findings_of,
    id_of,
    someone,
)

INTERMEDIATE = {"level": "intermediate", "score": "70"}
LOCALLY = {"pass_line": "local"}


def exam(history: Life, as_of: str = "2025-12-31") -> dict[str, object]:
    answer = ask(history, "exam.complete", as_of, NATION, level="intermediate")
    return {"status": answer.node.status, **plain(answer.node.result)}


def test_a_level_is_held_since_it_or_a_higher_one_was_held_without_a_break() -> None:
    """Design §5, *Since*."""
    higher = someone.certified("2015-06-01").certified("2020-06-01", "intermediate")
    lost = higher.certificate_withdrawn("2023-01-01", "intermediate")
    assert plain(ask(higher, "certificate", "2022-12-31", NATION).node.result)["since"] == "2020-06-01"
    assert plain(ask(lost, "certificate", "2024-06-01", NATION).node.result) == {
        "level": "junior",
        "since": "2015-06-01",
    }
    # With a day between them on which nothing was held, the run begins anew.
    gap = someone.certified("2020-06-01", "intermediate").certificate_withdrawn("2023-01-01", "intermediate")
    assert (
        plain(ask(gap.certified("2023-01-02"), "certificate", "2024-06-01", NATION).node.result)["since"]
        == "2023-01-02"
    )
    none = gap.certified("2022-12-31")
    assert plain(ask(none, "certificate", "2024-06-01", NATION).node.result)["since"] == "2020-06-01"


def test_a_title_is_held_since_it_or_a_higher_one_was_held_also_under_a_text_with_other_titles() -> None:
    """LC-15: under the first text an intermediate certificate gives the senior title, under the second its own."""
    first = invented_text("2020-01-01", "2023-12-31", rules={"title": titles(intermediate="senior")})
    second = invented_text("2024-01-01", rules={"title": titles(intermediate="intermediate")})
    lower = invented_text("2020-01-01", "2023-12-31", rules={"title": titles(intermediate="junior")})

    def since(*texts: Document) -> object:
        rules = compose("990100", {**PINNED, "990100": pack_with("990100", *texts)}, ())
        facts = facts_of(someone.certified("2021-06-01", "intermediate"))
        return plain(evaluate(rules, facts, Question("title", date(2024, 6, 1))).node.result)["since"]

    assert since(second, first) == "2021-06-01"
    assert since(second, lower) == "2024-01-01"


def titles(**titles_of: str) -> Document:
    return invented_rule(holding={"of": "certificates", "scope": "national", "titles": titles_of})


def test_a_designation_of_another_rank_begins_anew() -> None:
    """A rank is what an authority designated; a higher one says nothing of a lower one."""
    history = someone.supervisor_designated(
        "2023-01-01", "senior", last_day="2023-12-31", jurisdiction=CHENGDU
    ).supervisor_designated("2024-01-01", "junior", last_day="2025-12-31", jurisdiction=CHENGDU)
    answer = ask(history, "supervisor", "2024-06-01", CHENGDU)
    assert plain(answer.node.result) == {"rank": "junior", "since": "2024-01-01"}


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


@pytest.mark.parametrize(
    ("history", "day", "reason"),
    [
        (someone.registered("2022-01-01", "2024-12-31").registration_ended("2023-01-01"), "2023-01-01", "cancelled"),
        (
            someone.registered("2022-01-01", "2024-12-31").registration_ended("2023-01-01", "refused"),
            "2026-01-01",
            "refused",
        ),
        (someone.registered("2022-01-01", "2024-12-31"), "2025-01-01", "lapsed"),
        (someone.registered("2022-01-01", "2024-12-31").registration_ended("2025-03-01"), "2025-03-01", "lapsed"),
    ],
)
def test_a_registration_that_is_over_says_why(history: Life, day: str, reason: str) -> None:
    """One reason, one cause: cancelled, refused, or its term has passed; an end after that changes nothing."""
    node = ask(history, "registration", day, NATION).node
    assert (node.status, node.reason) == ("lapsed", f"registration_{reason}")
    allowance = ask(history, "allowance", day, "510107").node
    assert [child.reason for child in allowance.children if child.rule == "registration"] == [f"registration_{reason}"]


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


@pytest.mark.parametrize(("as_of", "status"), [("2025-12-31", "not_met"), ("2026-01-01", "met")])
def test_a_pass_of_an_exam_year_to_come_counts_from_that_year_on(as_of: str, status: str) -> None:
    """Design §3: dates in the data decide."""
    to_come = someone.passed("2025-06-15", "comprehensive", exam_year=2026).passed("2025-06-15", exam_year=2026)
    answer = ask(to_come, "exam.complete", as_of, NATION, level="junior")
    assert answer.node.status == status
    assert answer.until == (date(2025, 12, 31) if status == "not_met" else None)


def test_who_needs_a_local_line_is_told_that_the_certificate_is_valid_only_there() -> None:
    """N-04, A25."""
    one_by_the_local_line = someone.passed("2025-06-15", "comprehensive", score="40", **LOCALLY).passed(
        "2025-06-15", score="75"
    )
    answer = ask(one_by_the_local_line, "exam.complete", "2025-12-31", NATION, level="junior")
    assert (answer.node.status, answer.node.reason) == ("met", "passed_by_a_local_line")
    unscored = someone.passed("2025-06-15", "comprehensive", **LOCALLY).passed("2025-06-15", score="75")
    answer = ask(unscored, "exam.complete", "2025-12-31", NATION, level="junior")
    assert answer.node.reason == "passed_by_a_local_line"


def test_a_pass_by_the_mark_is_one_whatever_line_was_applied_and_goes_before_one_by_a_local_line() -> None:
    by_the_mark = someone.passed("2024-06-15", "comprehensive", score="60", **LOCALLY).passed("2024-06-15", score="75")
    again = by_the_mark.passed("2025-06-15", "comprehensive", score="40", **LOCALLY).passed("2025-06-15")
    for life in (by_the_mark, again):
        answer = ask(life, "exam.complete", "2025-12-31", NATION, level="junior")
        assert (answer.node.status, answer.node.reason) == ("met", None)
        assert plain(answer.node.result)["window"] == {"from": "2024-01-01", "until": "2024-12-31"}


# The senior route: R-39.


PROOF = someone.senior_proof_issued("2022-01-10", "2025-01-09")
APPLIED = PROOF.senior_review_applied("2025-01-09")
PASSED = APPLIED.senior_review_decided("2025-04-20", "2025-01-09")


def route(life: Life, as_of: str) -> tuple[str, str | None, set[tuple[str, str]]]:
    answer = ask(life, "certificate.senior_route", as_of, NATION)
    return answer.node.status, answer.node.reason, alternatives(answer)


@pytest.mark.parametrize(
    ("applied", "decided", "status"),
    [
        ("2022-01-10", "2025-01-09", "met"),
        ("2025-01-09", "2025-01-10", "met"),
        ("2025-01-10", "2025-01-11", "not_met"),
        ("2022-01-09", "2022-03-01", "not_met"),
    ],
)
def test_the_review_is_applied_for_inside_the_proof_whenever_it_is_decided(
    applied: str, decided: str, status: str
) -> None:
    assert route(PROOF.senior_review_decided(decided, applied), "2025-02-01")[0] == status


def test_the_route_is_open_through_the_last_day_of_the_proof() -> None:
    assert route(PROOF, "2025-01-09") == ("pending", "review_not_yet_applied_for", set())
    assert route(PROOF, "2025-01-10") == ("not_met", "proof_expired", set())
    assert ask(PROOF, "certificate.senior_route", "2024-06-01", NATION).until == date(2025, 1, 9)


def test_an_application_made_inside_keeps_the_route_open_until_it_is_decided() -> None:
    """Some sources want the decision inside the three years, too."""
    assert route(APPLIED, "2025-01-09") == ("pending", "review_undecided", set())
    assert route(APPLIED, "2025-01-10") == ("pending", "review_undecided", {("R-39", "not_met")})
    assert route(PASSED, "2025-04-19") == ("pending", "review_undecided", {("R-39", "not_met")})
    assert route(PASSED, "2025-04-20") == ("met", None, {("R-39", "not_met")})


def test_a_decision_that_is_dated_before_the_proof_is_not_inside_it() -> None:
    """R-39, of dates that cannot be: the other reading asks for a decision between both days of the proof."""
    decided = PROOF.senior_review_decided("2022-01-09", "2022-03-01")
    assert route(decided, "2025-02-01") == ("met", None, {("R-39", "not_met")})
    on_the_first_day = PROOF.senior_review_decided("2022-01-10", "2022-03-01")
    assert route(on_the_first_day, "2025-02-01") == ("met", None, set())


def test_a_decision_tells_of_its_application_also_where_that_was_not_recorded() -> None:
    decided = PROOF.senior_review_decided("2025-04-20", "2025-01-09")
    assert route(decided, "2025-01-10")[:2] == ("pending", "review_undecided")
    assert route(decided, "2025-01-08")[:2] == ("pending", "review_not_yet_applied_for")


def test_a_failed_review_leaves_the_route_open_while_the_proof_is_valid() -> None:
    failed = PROOF.senior_review_applied("2022-02-10").senior_review_decided("2022-03-01", "2022-02-10", result="fail")
    assert route(failed, "2022-06-01")[:2] == ("pending", "review_failed")
    assert route(failed, "2025-01-10")[:2] == ("not_met", "review_failed")
    again = failed.senior_review_applied("2023-02-10")
    assert route(again, "2023-02-09")[:2] == ("pending", "review_failed")
    assert route(again, "2023-02-10")[:2] == ("pending", "review_undecided")
    assert route(again.senior_review_decided("2023-05-01", "2023-02-10"), "2023-05-01")[:2] == ("met", None)
    late = APPLIED.senior_review_decided("2025-04-20", "2025-01-09", result="fail")
    assert route(late, "2025-04-19")[:2] == ("pending", "review_undecided")
    assert route(late, "2025-04-20") == ("not_met", "review_failed", set())


def test_of_two_proofs_the_one_that_led_furthest_gives_the_reason() -> None:
    two = PROOF.senior_proof_issued("2022-06-01", "2025-05-31")
    failed = two.senior_review_decided("2025-03-01", "2025-02-10", result="fail")
    assert route(failed, "2025-02-28")[:2] == ("pending", "review_undecided")
    assert route(failed, "2025-05-31")[:2] == ("pending", "review_failed")
    assert route(failed, "2025-06-01")[:2] == ("not_met", "review_failed")


def test_a_passed_review_says_that_its_certificate_was_withdrawn() -> None:
    """§5 lets a passed review be enough, and a withdrawal ends the certificate alone; so it is told, not judged."""
    senior = {"level": "senior", "basis": "exam_and_review"}
    gone = PASSED.certified("2025-04-20", **senior).certificate_withdrawn("2026-01-01", "senior")
    assert route(gone, "2025-12-31")[:2] == ("met", None)
    assert route(gone, "2026-01-01")[:2] == ("met", "certificate_withdrawn")
    sources = ask(gone, "certificate.senior_route", "2026-01-01", NATION).node.sources
    assert "certificate.withdrawn" in {source.type for source in sources}
    anew = gone.senior_proof_issued("2026-02-01", "2029-01-31").senior_review_decided("2026-06-01", "2026-03-01")
    assert route(anew, "2026-06-01")[:2] == ("met", None)
    unproved = someone.certified("2025-04-20", **senior).certificate_withdrawn("2026-01-01", "senior")
    assert route(unproved, "2026-01-01")[0] == "not_applicable", "a withdrawn certificate proves nothing"


@pytest.mark.parametrize("on", ["2025-04-20", "2025-06-20"])
def test_a_passed_review_says_that_it_is_on_record_as_failed_too(on: str) -> None:
    """§5 lets a passed review be enough and knows no needs_review here; so it is told, not judged."""
    both = PASSED.senior_review_decided(on, "2025-01-09", result="fail")
    assert route(both, "2025-06-20")[:2] == ("met", "review_decided_both_ways")
    sources = ask(both, "certificate.senior_route", "2025-06-20", NATION).node.sources
    assert {id_of(3), id_of(4)} <= {source.event_id for source in sources}
    assert route(both, "2025-06-19")[:2] == ("met", "review_decided_both_ways" if on < "2025-06-19" else None)
    held = both.certified("2025-05-15", "senior", basis="exam_and_review")
    assert route(held, "2025-06-20")[:2] == ("met", None), "the certificate in hand"
    of_another = PASSED.senior_review_decided(on, "2024-01-09", result="fail")
    assert route(of_another, "2025-06-20")[:2] == ("met", None)


def test_a_review_decided_again_to_the_same_result_is_decided_on_the_first_day() -> None:
    gone = PASSED.certified("2025-04-20", "senior", basis="exam_and_review").certificate_withdrawn(
        "2026-01-01", "senior"
    )
    again = gone.senior_review_decided("2026-02-01", "2025-01-09")
    assert len(facts_of(again).senior_reviews) == 1
    assert route(again, "2026-02-01") == route(gone, "2026-02-01")


def test_without_a_proof_the_question_does_not_arise() -> None:
    assert route(someone, "2025-01-09") == ("not_applicable", "no_proof", set())
    assert route(PROOF, "2022-01-09") == ("not_applicable", "no_proof", set())
    assert route(someone.senior_review_applied("2025-01-09"), "2025-01-09")[0] == "not_applicable"


def test_the_certificate_in_hand_goes_before_any_doubt_about_how_it_was_obtained() -> None:
    senior = {"level": "senior", "basis": "exam_and_review"}
    held = PROOF.certified("2025-05-15", **senior)
    assert route(held, "2025-05-14")[0] == "not_met"
    assert route(held, "2025-05-15") == ("met", None, set())
    assert route(someone.certified("2025-05-15", **senior), "2025-05-15")[0] == "met"
    assert route(someone.certified("2025-05-15", **senior, scope="local"), "2025-05-15")[0] == "not_applicable"


def test_a_new_proof_opens_the_route_again() -> None:
    again = PROOF.senior_proof_issued("2026-01-10", "2029-01-09")
    assert route(again, "2026-01-09")[0] == "not_met"
    assert route(again, "2026-01-10")[0] == "pending"
    assert route(again.senior_review_decided("2026-05-01", "2025-06-01"), "2026-06-01")[0] == "pending"


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
        .employed("2023-01-01", CHENGDU, role="social_worker")
    )
    problems = [finding.problem for finding in findings_of(history)]
    assert problems == ["employment_unknown", "no_employment", "ends_before_it_begins"]


def test_a_correction_that_no_longer_fits_becomes_a_finding() -> None:
    history = someone.corrected(2, level="expert").certified("2021-10-17")
    answer = ask(history, "certificate", "2023-01-01", NATION)
    assert answer.node.result.level == "junior"
    assert [finding.problem for finding in findings_of(history)] == ["target_would_be_invalid"]


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
    assert [finding.problem for finding in findings_of(end)] == ["nothing_to_end"]


def test_an_end_that_ends_something_is_no_finding() -> None:
    history = (
        someone.employed("2021-01-01", ZHENGZHOU).promoted("2021-01-01", 11).left("2022-06-30").certified("2020-01-01")
    )
    assert findings_of(history) == ()


def test_an_employment_without_a_day_is_no_experience() -> None:
    history = someone.employed("2022-01-01", ZHENGZHOU).left("2021-12-31", employment=1)
    assert ask(history, "professional_years", "2022-06-01", NATION).node.status == "none"
