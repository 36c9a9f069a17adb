"""Facts are as recorded; only rules judge them."""

from tests.lives import facts_of, id_of, someone


def test_a_pass_keeps_its_score_and_whose_line_was_applied() -> None:
    """N-04."""
    by_local_line = someone.passed(score="59.99", pass_line="local")  # noqa: S106 - an exam's pass line, no password.
    history = by_local_line.passed(score="8").passed()
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
