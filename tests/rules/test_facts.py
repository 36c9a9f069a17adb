"""Facts are as recorded; only rules judge them."""

from tests.lives import facts_of, id_of, someone


def test_a_pass_keeps_its_score_and_whose_line_was_applied() -> None:
    """N-04."""
    by_local_line = someone.passed(score="59.99", pass_line="local")  # noqa: S106 - an exam's pass line, no password.
    history = by_local_line.passed(score="8").passed("2024-06-06")
    assert [(one.score, one.pass_line) for one in facts_of(history).exam_passes] == [
        (5999, "local"),
        (800, None),
        (None, None),
    ]


def test_a_training_keeps_its_subjects() -> None:
    """R-09."""
    history = someone.trained(subjects=["political"]).trained(subjects=["general", "sw_ethics"])
    assert [one.subjects for one in facts_of(history).trainings] == [("political",), ("general", "sw_ethics")]


def test_each_later_report_of_a_training_names_the_one_recorded_first() -> None:
    """R-10: whatever their days; a voided report is none of them."""
    report = someone.trained("2023-05-01", proof_no="A-1")
    history = (report * 2 + someone.trained("2023-03-01", proof_no="A-1").trained("2023-05-01")).voided(1)
    assert [(one.event_id, one.repeats, one.voided) for one in facts_of(history).trainings] == [
        (id_of(1), None, True),
        (id_of(2), None, False),
        (id_of(3), id_of(2), False),
        (id_of(4), None, False),
    ]


def test_every_record_of_service_is_kept_in_order_of_its_day() -> None:
    history = someone.served("2024-03-01", platform="甲").served("2024-01-01", platform="乙", verified=False)
    assert [(str(one.day), one.platform, one.verified) for one in facts_of(history).services] == [
        ("2024-01-01", "乙", False),
        ("2024-03-01", "甲", True),
    ]


def test_an_application_for_the_review_is_one_with_its_decision() -> None:
    """R-39: undecided until then; a decision without a recorded application tells of it by its own `applied_on`."""
    applied = someone.senior_review_applied("2024-12-19").senior_review_applied("2023-03-01")
    history = applied.senior_review_decided("2025-03-10", "2024-12-19").senior_review_decided(
        "2022-06-01", "2022-01-10", result="fail"
    )
    told = [
        (str(one.applied_on), one.decided_on and str(one.decided_on), one.passed, [s.event_id for s in one.sources])
        for one in facts_of(history).senior_reviews
    ]
    assert told == [
        ("2022-01-10", "2022-06-01", False, [id_of(4)]),
        ("2023-03-01", None, None, [id_of(2)]),
        ("2024-12-19", "2025-03-10", True, [id_of(1), id_of(3)]),
    ]
