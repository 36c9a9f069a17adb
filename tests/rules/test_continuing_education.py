"""60 class hours a calendar year (ZZ-18), and the national figure of a registration term (N-10)."""

from datetime import date

import pytest

from contracts.document import plain
from services.core.answers.document import evidence
from services.core.questions.whole import WholeAnswer, whole_answer
from services.core.rules.book import compose
from services.core.rules.reckoning import HoursResult
from services.core.rules.verdict import Question, result_of
from tests.documents import Document, invented_rule, invented_text, pack_with
from tests.lives import NATION, PINNED, ZHENGZHOU, Life, alternatives, ask, facts_of, id_of, someone

ANNUAL, TERM = "continuing_education.annual", "continuing_education.registration_term"
JOB = someone.employed("2020-03-01", ZHENGZHOU)


def left_out(answer):
    return [(item.event_id, item.reason) for item in answer.node.result.not_counted]


@pytest.mark.parametrize(("day", "status"), [("2023-12-30", "pending"), ("2023-12-31", "not_met")])
def test_a_shortfall_is_pending_before_the_last_day_and_not_met_on_it(day: str, status: str) -> None:
    assert ask(JOB.trained("2023-03-10", "59.99"), ANNUAL, day, ZHENGZHOU).node.status == status


def test_sixty_itself_is_enough_and_says_when() -> None:
    answer = ask(JOB.trained("2023-09-01", "20").trained("2023-03-10", "40"), ANNUAL, "2023-12-31", ZHENGZHOU)
    assert answer.node.status == "met"
    assert plain(answer.node.result)["met_on"] == "2023-09-01"
    assert answer.node.result.shortfall_hours == "0"


def test_each_item_left_out_has_the_first_reason_that_applies() -> None:
    history = (
        JOB.trained("2023-05-01", "10", subjects=["general"])
        .trained("2023-05-02", "10", unit="hour")
        .trained("2023-05-03", "10", proof_no="A-1")
        .trained("2022-05-03", "10", proof_no="A-1", subjects=["political"])
        .trained("2022-06-01", "10", subjects=["general"])
        .trained("2023-07-01", "10")
        .voided(7)
    )
    assert left_out(ask(history, ANNUAL, "2023-12-31", ZHENGZHOU)) == [
        (id_of(2), "not_professional_subject"),
        (id_of(3), "unit_not_convertible"),
        (id_of(5), "duplicate"),
        (id_of(6), "outside_window"),
        (id_of(7), "voided"),
    ]


def test_hours_after_the_day_asked_about_are_outside() -> None:
    answer = ask(JOB.trained("2023-07-01", "60"), ANNUAL, "2023-06-30", ZHENGZHOU)
    assert left_out(answer) == [(id_of(2), "outside_window")]
    assert answer.until == date(2023, 6, 30)


def test_a_report_without_a_proof_number_is_a_duplicate_when_everything_agrees() -> None:
    """R-10; a different amount is a different training."""
    history = (
        JOB.trained("2023-05-01", "20", course="个案")
        .trained("2023-05-01", "20.0", course="个案")
        .trained("2023-05-01", "21", course="个案")
    )
    answer = ask(history, ANNUAL, "2023-12-31", ZHENGZHOU)
    assert answer.node.result.counted_hours == "41"
    assert ("R-10", "met") in alternatives(answer)


def test_when_the_first_of_two_reports_is_voided_the_second_counts() -> None:
    history = JOB.trained("2023-05-01", "60", proof_no="A").trained("2023-05-01", "60", proof_no="A").voided(2)
    answer = ask(history, ANNUAL, "2023-12-31", ZHENGZHOU)
    assert answer.node.status == "met"
    assert left_out(answer) == [(id_of(2), "voided")]


def test_all_hours_would_do_under_the_other_reading_of_professional() -> None:
    """R-09."""
    answer = ask(JOB.trained("2023-05-01", "60", subjects=["political"]), ANNUAL, "2024-01-10", ZHENGZHOU, period=2023)
    assert answer.node.status == "not_met"
    assert ("R-09", "met") in alternatives(answer)


def test_hours_in_another_unit_that_could_not_change_the_answer_need_no_review() -> None:
    """R-07: 40 hours are at most 53.33 class hours."""
    answer = ask(JOB.trained("2023-05-01", "40", unit="hour"), ANNUAL, "2023-12-31", ZHENGZHOU)
    assert answer.node.status == "not_met"
    assert "R-07" not in {reading for reading, _ in alternatives(answer)}


def test_days_are_never_converted_so_a_shortfall_needs_review() -> None:
    answer = ask(JOB.trained("2023-05-01", "1", unit="day"), ANNUAL, "2023-12-31", ZHENGZHOU)
    assert answer.node.status == "needs_review"
    met = ask(JOB.trained("2023-05-01", "1", unit="day").trained("2023-05-02", "60"), ANNUAL, "2023-12-31", ZHENGZHOU)
    assert met.node.status == "met"


def test_a_correction_moves_hours_into_the_year_from_the_moment_it_is_known() -> None:
    history = JOB.trained("2024-01-01", "60")
    assert ask(history, ANNUAL, "2024-02-01", ZHENGZHOU, period=2023).node.status == "not_met"
    moved = history.corrected(2, occurred_on="2023-12-31")
    assert ask(moved, ANNUAL, "2024-02-01", ZHENGZHOU, period=2023).node.status == "met"


# Who is concerned: R-31, R-37.


@pytest.mark.parametrize(
    ("role", "direct_service", "status"),
    [
        ("other", False, "not_applicable"),
        ("other", True, "not_met"),
        ("social_worker", False, "not_met"),
        ("community_worker", False, "not_met"),
        ("full_time_community_worker", False, "not_met"),
    ],
)
@pytest.mark.parametrize("employer_type", ["enterprise", "government"])
def test_practitioners_are_those_with_a_role_in_social_work_or_in_direct_service(
    employer_type: str, role: str, direct_service: bool, status: str
) -> None:
    """R-31; under the alternative every employee is one."""
    job = someone.employed(
        "2023-01-01", "410103", employer_type=employer_type, role=role, direct_service=direct_service
    )
    answer = ask(job, ANNUAL, "2024-01-10", ZHENGZHOU, period=2023)
    assert answer.node.status == status
    assert (("R-31", "not_met") in alternatives(answer)) is (status == "not_applicable")


def test_who_left_with_the_hours_has_met_the_figure() -> None:
    """R-37; under the alternative only the last day counts."""
    history = JOB.trained("2023-05-01", "60").left("2023-12-30")
    gone = ask(history, ANNUAL, "2024-02-01", ZHENGZHOU, period=2023)
    assert (gone.node.status, gone.node.result.counted_hours, gone.until) == ("met", "60", None)
    assert alternatives(gone) == {("R-37", "not_applicable")}
    stayed = ask(JOB.trained("2023-05-01", "60"), ANNUAL, "2024-02-01", ZHENGZHOU, period=2023)
    assert alternatives(stayed) == set()


@pytest.mark.parametrize(
    ("as_of", "status", "reason"),
    [
        ("2023-11-30", "pending", "shortfall_window_open"),
        ("2023-12-01", "needs_review", "left_before_the_deciding_day"),
        ("2023-12-31", "needs_review", "left_before_the_deciding_day"),
        ("2024-01-10", "needs_review", "left_before_the_deciding_day"),
    ],
)
def test_on_who_left_without_the_hours_a_person_decides_from_the_day_after(
    as_of: str, status: str, reason: str
) -> None:
    """R-37."""
    history = someone.employed("2022-01-01", "410103").trained("2023-05-01", "20").left("2023-11-30")
    answer = ask(history, ANNUAL, as_of, ZHENGZHOU, period=2023)
    assert (answer.node.status, answer.node.reason, answer.node.result.shortfall_hours) == (status, reason, "40")
    assert (("R-37", "not_applicable") in alternatives(answer)) is (status == "needs_review")


@pytest.mark.parametrize(("last_day", "status"), [("2022-12-31", "not_applicable"), ("2023-01-01", "needs_review")])
def test_one_day_of_work_within_the_year_is_enough_and_none_is_no_concern(last_day: str, status: str) -> None:
    """R-37."""
    history = someone.employed("2022-01-01", ZHENGZHOU).left(last_day)
    assert ask(history, ANNUAL, "2024-01-10", ZHENGZHOU, period=2023).node.status == status


@pytest.mark.parametrize(("last_day", "status"), [("2021-12-31", "not_applicable"), ("2022-01-01", "needs_review")])
@pytest.mark.parametrize("as_of", ["2022-06-30", "2023-01-10"])
def test_who_left_within_the_year_in_which_the_text_began_is_concerned(last_day: str, status: str, as_of: str) -> None:
    """R-37: whoever did that work during the window. ZZ-18 is in force from 2022-02-09 and speaks of the year."""
    history = someone.employed("2021-01-01", ZHENGZHOU).left(last_day)
    answer = ask(history, ANNUAL, as_of, ZHENGZHOU, period=2022)
    assert answer.node.status == status
    assert (("R-37", "not_applicable") in alternatives(answer)) is (status == "needs_review")


@pytest.mark.parametrize(
    ("next_job", "place"),
    [
        ({"role": "full_time_community_worker"}, "510107"),
        ({"employer_type": "government", "role": "other", "direct_service": False}, "410103"),
    ],
)
@pytest.mark.parametrize(("hours", "status"), [("60", "met"), ("20", "needs_review")])
def test_another_place_or_another_role_is_leaving_too(
    next_job: dict[str, object], place: str, hours: str, status: str
) -> None:
    """R-37: 60 class hours by 2024-02-01, then another job from 2024-07-01."""
    history = someone.employed("2022-01-01", "410103").trained("2024-02-01", hours)
    answer = ask(history.employed("2024-07-01", place, **next_job), ANNUAL, "2024-12-31", ZHENGZHOU)
    assert answer.node.status == status


def test_work_that_begins_after_the_day_asked_about_concerns_nobody_yet() -> None:
    history = someone.employed("2023-06-01", ZHENGZHOU)
    before = ask(history, ANNUAL, "2023-05-31", ZHENGZHOU)
    assert (before.node.status, before.until) == ("not_applicable", date(2023, 5, 31))
    assert ask(history, ANNUAL, "2023-06-01", ZHENGZHOU).node.status == "pending"
    ahead = ask(history, ANNUAL, "2023-05-31", ZHENGZHOU, period=2024)
    assert (ahead.node.status, ahead.until) == ("not_applicable", date(2023, 5, 31))


def test_of_those_who_left_every_employee_would_be_concerned_under_the_other_reading() -> None:
    """R-31 acts on who left as on who stayed."""
    job = someone.employed("2023-01-01", ZHENGZHOU, role="other", direct_service=False).left("2023-11-30")
    answer = ask(job, ANNUAL, "2024-01-10", ZHENGZHOU, period=2023)
    assert (answer.node.status, alternatives(answer)) == ("not_applicable", {("R-31", "needs_review")})


def test_hours_in_another_unit_leave_the_answer_open_before_the_question_who_is_concerned_does() -> None:
    history = someone.employed("2023-01-01", ZHENGZHOU).trained("2023-05-01", "60", unit="hour").left("2023-11-30")
    node = ask(history, ANNUAL, "2024-01-10", ZHENGZHOU, period=2023).node
    assert (node.status, node.reason) == ("needs_review", "unit_not_convertible")


# Windows.


def test_a_closed_year_holds_for_ever() -> None:
    assert ask(JOB.left("2025-01-31"), ANNUAL, "2024-02-01", ZHENGZHOU, period=2023).until is None


def test_without_a_period_the_answer_ends_with_the_year() -> None:
    assert ask(JOB, ANNUAL, "2024-12-31", ZHENGZHOU).until == date(2024, 12, 31)


def test_a_part_year_shows_the_full_figure_and_that_pro_rata_would_differ() -> None:
    """R-22: one month of twelve would be 5 class hours."""
    answer = ask(
        someone.employed("2022-12-01", ZHENGZHOU).trained("2022-12-20", "5"),
        ANNUAL,
        "2023-01-10",
        ZHENGZHOU,
        period=2022,
    )
    assert answer.node.status == "not_met"
    assert result_of(answer.node, HoursResult).required_hours == "60"
    assert ("R-22", "met") in alternatives(answer)


def test_pro_rata_counts_the_months_of_work_that_the_rule_concerns() -> None:
    """R-22, CX-08: six of sixty months in a community make it 16 hours, whatever was worked in an enterprise before."""
    enterprise = someone.employed("2019-01-01", "532301", employer_type="enterprise")
    history = enterprise.employed("2025-07-01", "532301").trained("2025-08-01", "16", unit="hour")
    answer = ask(history, "continuing_education.plan_period", "2025-12-31", "532300")
    assert (answer.node.status, ("R-22", "met") in alternatives(answer)) == ("not_met", True)


def test_the_trainings_that_leave_an_answer_open_are_its_evidence() -> None:
    """R-07."""
    answer = ask(
        JOB.trained("2023-05-05", "12", unit="day").trained("2023-06-05", "5"), ANNUAL, "2023-12-31", ZHENGZHOU
    )
    assert answer.node.status == "needs_review"
    assert [source.position for source in evidence(answer.node)] == [1, 2, 3]


def test_the_term_is_the_latest_one_begun() -> None:
    history = (
        someone.certified("2018-10-18").registered("2019-01-01", "2021-12-31").registered("2022-01-01", "2024-12-31")
    )
    answer = ask(history.trained("2021-06-01", "72", unit="hour"), TERM, "2022-01-01", "100000")
    assert answer.node.status == "pending"
    assert plain(answer.node.result)["window"] == {"from": "2022-01-01", "until": "2024-12-31"}


def test_a_term_that_another_one_followed_is_asked_for_by_its_first_day() -> None:
    """N-10: the two terms overlap by a day, and each stays answerable for ever."""
    first, second = date(2022, 5, 10), date(2025, 5, 9)
    history = (
        someone.certified("2021-06-01")
        .registered("2022-05-10", "2025-05-09")
        .trained("2023-05-10", "60", unit="hour")
        .registered("2025-05-09", "2028-05-08", on="2025-03-15", is_first=False)
    )

    def asked(day: str, period: date | None = None) -> tuple[str, str | None]:
        node = ask(history, TERM, day, NATION, period=period).node
        return node.status, node.result.shortfall_hours

    assert (asked("2025-05-08"), asked("2025-05-09")) == (("pending", "12"), ("pending", "72"))
    assert asked("2025-05-08", first) == ("pending", "12")
    assert asked("2025-05-09", first) == asked("2026-11-29", first) == ("not_met", "12")
    assert asked("2025-05-09", second) == asked("2025-05-08", second) == ("pending", "72")
    assert ask(history, TERM, "2026-11-29", NATION, period=first).until is None


def test_a_term_that_nobody_granted_does_not_apply() -> None:
    history = someone.certified("2021-06-01").registered("2022-05-10", "2025-05-09")
    answer = ask(history, TERM, "2026-11-29", NATION, period=date(2022, 5, 9))
    assert (answer.node.status, answer.node.reason, answer.would_change) == ("not_applicable", "no_such_term", ())
    assert ask(history, TERM, "2022-05-09", NATION).node.reason == "no_window"


def test_the_level_of_a_closed_term_is_that_of_its_last_day() -> None:
    history = someone.certified("2021-06-01").registered("2022-05-10", "2025-05-09")
    raised = [history.certified(on, "intermediate") for on in ("2025-05-09", "2025-05-10")]
    answers = [ask(life, TERM, "2026-11-29", NATION, period=date(2022, 5, 10)).node.result for life in raised]
    assert [answer.required_hours for answer in answers] == ["90", "72"]


def test_a_term_is_asked_for_under_the_text_of_its_deciding_day() -> None:
    """N-27: 123号 is of 2009-09-07; a term that had ended by then is under no text."""
    history = someone.certified("2006-10-18").registered("2006-11-01", "2009-09-06")
    assert ask(history, TERM, "2012-01-01", NATION, period=date(2006, 11, 1)).node.status == "not_in_force"
    longer = someone.certified("2006-10-18").registered("2006-11-01", "2009-09-07")
    assert ask(longer, TERM, "2012-01-01", NATION, period=date(2006, 11, 1)).node.status == "not_met"


STUDIED = someone.certified("2020-10-18", "intermediate").registered("2021-01-15", "2024-01-14")


@pytest.mark.parametrize(
    ("degrees", "counted"),
    [
        (["2020-07-01", "2023-07-01"], "90"),
        (["2021-01-14"], "0"),
        (["2021-01-15"], "90"),
        (["2024-01-14"], "90"),
        (["2024-01-15"], "0"),
        (["2021-07-01", "2023-07-01"], "180"),
    ],
)
def test_each_social_work_degree_of_the_term_counts_as_a_lump_sum(degrees: list[str], counted: str) -> None:
    """N-11, R-41."""
    history = sum((someone.graduated(day) for day in degrees), STUDIED)
    assert ask(history, TERM, "2024-06-01", NATION).node.result.counted_hours == counted


def test_the_first_degree_alone_would_count_under_the_other_reading() -> None:
    """R-41: a diploma of 2012 takes the lump sum from the master of 2023."""
    history = STUDIED.graduated("2012-07-01", "college").graduated("2023-07-01", "master")
    answer = ask(history, TERM, "2024-01-14", NATION)
    assert (answer.node.status, alternatives(answer)) == ("met", {("R-41", "not_met")})
    assert "R-41" not in {reading for reading, _ in alternatives(ask(STUDIED, TERM, "2024-01-14", NATION))}


def test_a_degree_reported_twice_counts_once() -> None:
    """R-41."""
    answer = ask(STUDIED.graduated("2023-07-01").graduated("2023-07-01"), TERM, "2024-01-14", NATION)
    assert answer.node.result.counted_hours == "90"


def test_the_employment_year_is_the_one_that_holds_the_deciding_day() -> None:
    """R-06; a job begun later says nothing about an earlier year."""
    history = someone.employed("2020-01-01", ZHENGZHOU).employed("2025-05-01", ZHENGZHOU).trained("2023-02-01", "60")
    assert alternatives(ask(history, ANNUAL, "2026-06-01", ZHENGZHOU, period=2023)) == set()
    running = someone.employed("2020-03-01", ZHENGZHOU).trained("2022-12-10", "60")
    assert ("R-06", "met") in alternatives(ask(running, ANNUAL, "2023-02-15", ZHENGZHOU))
    ahead = ask(JOB.trained("2023-03-01", "60"), ANNUAL, "2023-06-01", ZHENGZHOU, period=2026)
    assert (ahead.node.status, alternatives(ahead)) == ("pending", set())


def test_reports_of_other_session_days_are_other_trainings() -> None:
    def in_sessions(second: str) -> Life:
        days = [{"day": "2023-05-01", "amount": "10"}, {"day": second, "amount": "10"}]
        return someone.trained("2023-05-09", "20", sessions=days)

    answer = ask(JOB + in_sessions("2023-05-02") + in_sessions("2023-05-03"), ANNUAL, "2023-12-31", ZHENGZHOU)
    assert answer.node.result.counted_hours == "40"


def test_a_move_between_districts_of_the_city_leaves_a_year_already_met() -> None:
    history = someone.employed("2022-01-01", "410103").trained("2023-05-05", "60").employed("2024-03-01", "410105")
    assert ask(history, ANNUAL, "2024-03-01", "410105", period=2023).node.status == "met"


CANCELLED = someone.certified("2021-01-01").registered("2025-01-01", "2027-12-31").registration_ended("2026-02-01")


@pytest.mark.parametrize(
    ("as_of", "life", "told"),
    [
        ("2026-01-31", CANCELLED, []),
        ("2026-02-01", CANCELLED, ["review"]),
        ("2026-11-29", CANCELLED, ["review"]),
        ("2027-12-31", CANCELLED, ["review"]),
        ("2028-01-01", CANCELLED, ["review"]),
        ("2026-11-29", CANCELLED.registered("2026-02-01", "2029-01-31"), ["hour"]),
        ("2026-11-29", CANCELLED.without("registration.ended"), ["hour"]),
        ("2026-11-29", CANCELLED.but(someone.registration_ended("2028-01-01")), ["hour"]),
    ],
    ids=["before", "cancelled", "later", "last day", "after it", "transferred", "not ended", "ended late"],
)
def test_of_a_registration_that_ends_early_no_hours_are_asked_and_once_it_has_ended_the_registrar_is(
    as_of: str, life: Life, told: list[str]
) -> None:
    """N-07, N-10: hours lead to the renewal of a registration, and this one is not renewed; the answer stands."""
    answer = ask(life, TERM, as_of, NATION)
    assert answer.node.status == ("pending" if as_of < "2027-12-31" else "not_met")
    assert [entry.need for entry in answer.would_change if entry.need != "time"] == told


def test_the_registrar_is_asked_by_what_ended_the_registration() -> None:
    (asking, _) = ask(CANCELLED, TERM, "2026-11-29", NATION).would_change
    assert plain(asking) == {
        "code": "registration_cancelled",
        "need": "review",
        "from": "2026-11-29",
        "one_of": None,
        "held_until": "2026-01-31",
        "ended_on": "2026-02-01",
        "granted_until": "2027-12-31",
    }


def test_of_a_past_term_that_ended_early_nothing_is_asked_beside_a_registration_in_force() -> None:
    """`period` names the term (N-10)."""
    anew = CANCELLED.registered("2026-02-01", "2029-01-31")
    answer = ask(anew, TERM, "2026-11-29", NATION, period=date(2025, 1, 1))
    assert (answer.node.status, [entry.need for entry in answer.would_change]) == ("pending", ["time"])


CITY, DISTRICT = "990100", "990102"
COMMUNITY: Document = {"employed": {"roles": ["community_worker"]}}
FROM_JULY = someone.employed("2023-07-01", DISTRICT, role="community_worker")


def share_owed(
    life: Life, as_of: str = "2023-12-31", concerns: Document = COMMUNITY, at_least: str = "12"
) -> WholeAnswer:
    """Return the answer of an invented city in which whoever joined midway owes a share by months."""
    window = {"window": {"calendar_year": {}}, "unit": "hour", "at_least": at_least}
    rule = invented_rule(training=window | {"concerns": concerns, "joined_midway": "by_month"})
    packs = {**PINNED, CITY: pack_with(CITY, invented_text("2020-05-01", rules={ANNUAL: rule}))}
    return whole_answer(compose(CITY, packs, ()), facts_of(life), Question(ANNUAL, date.fromisoformat(as_of)))


def test_whoever_joined_midway_is_told_the_share_that_is_owed() -> None:
    """R-22: six months of twelve."""
    answer = share_owed(FROM_JULY.trained("2023-08-01", "4", "hour").trained("2023-09-01", "2", "hour"))
    result = result_of(answer.node, HoursResult)
    assert (answer.node.status, result.required_hours, result.shortfall_hours) == ("met", "6", "0")
    assert result.met_on == date(2023, 9, 1)
    assert [need for need in answer.would_change if need.need == "hour"] == []


def test_whoever_is_short_of_a_share_is_advised_what_is_missing_of_it() -> None:
    """R-22."""
    answer = share_owed(FROM_JULY.trained("2023-08-01", "5.5", "hour"), "2023-11-30")
    result = result_of(answer.node, HoursResult)
    assert (answer.node.status, result.required_hours, result.shortfall_hours) == ("pending", "6", "0.5")
    assert result.met_on is None
    assert [need.amount for need in answer.would_change if need.need == "hour"] == ["0.5"]


def test_a_share_that_is_no_whole_hundredth_is_told_rounded_up_so_that_the_advice_is_enough() -> None:
    """R-22: one month of twelve is 0.8333 hours."""
    life = someone.employed("2023-12-01", DISTRICT, role="community_worker")
    result = result_of(share_owed(life, at_least="10").node, HoursResult)
    assert (result.required_hours, result.shortfall_hours) == ("0.84", "0.84")
    assert share_owed(life.trained("2023-12-02", "0.83", "hour"), at_least="10").node.status == "not_met"
    assert share_owed(life.trained("2023-12-02", "0.84", "hour"), at_least="10").node.status == "met"


HOLDS: Document = {"holds_certificate": {}}


@pytest.mark.parametrize(
    ("concerns", "months"),
    [
        ({"all_of": [{"job": COMMUNITY}, {"proof": HOLDS}]}, 3),
        ({"any_of": [{"job": COMMUNITY}, {"proof": HOLDS}]}, 6),
        ({"all_of": [{"job": COMMUNITY}, {"any": {"employed": {"anywhere": True}}}]}, 6),
        ({"for_review": COMMUNITY}, 6),
    ],
)
def test_a_share_has_the_months_in_which_the_rule_may_concern_the_person(concerns: Document, months: int) -> None:
    """R-22: what stands beside the work is asked of each month too."""
    life = someone.employed("2021-01-01", ZHENGZHOU, role="other").employed(
        "2023-07-01", DISTRICT, role="community_worker"
    )
    answer = share_owed(life.certified("2023-10-09"), concerns=concerns)
    assert result_of(answer.node, HoursResult).required_hours == str(months)
