"""Explanations of answers: what was counted, what it rests on, and all of it in words."""

import pytest

from services.core.words.catalogue import REASONS
from services.core.words.sentences import measured
from tests.explaining import (
    ALL_CONDITIONS,
    CERTIFICATE,
    CITY_WITH_ALLOWANCE,
    CITY_WITH_ROLLING_HOURS,
    CITY_WITH_YEARLY_HOURS,
    REGISTRATION,
    SENIOR,
    WITHDRAWN,
    WORKS_THERE,
    YEARLY,
    asked,
    items,
    nodes,
    rested_on,
    sentences,
)
from tests.lives import id_of, someone


def test_every_training_is_a_child_counted_or_not_and_why() -> None:
    document = asked(
        CITY_WITH_YEARLY_HOURS,
        YEARLY,
        "2023-09-30",
        WORKS_THERE.trained("2023-03-10", "20.0")
        .trained("2023-04-01", "8", subjects=["political"])
        .trained("2022-12-31", "4.5")
        .trained("2023-05-01", "6", "hour")
        .trained("2023-03-10", "20.0"),
    )
    lines = [
        (entry["item"]["days"], entry["item"]["amount"], entry["item"]["unit"], entry["reason"])
        for entry in items(document)
    ]
    assert lines == [
        (["2022-12-31"], "4.5", "class_hour", "outside_window"),
        (["2023-03-10"], "20", "class_hour", None),
        (["2023-03-10"], "20", "class_hour", "duplicate"),
        (["2023-04-01"], "8", "class_hour", "not_professional_subject"),
        (["2023-05-01"], "6", "hour", "unit_not_convertible"),
    ]
    counted = [entry["item"]["counted_amount"] for entry in items(document)]
    assert counted == ["0", "20", "0", "0", "0"]
    assert items(document)[1]["text"]["zh"] == "2023-03-10：20学时，计入20学时"
    assert items(document)[2]["text"]["en"] == "2023-03-10: 20 class hours, not counted (recorded twice)"


def test_one_hour_is_told_as_one_and_everything_else_as_several() -> None:
    document = asked(
        CITY_WITH_YEARLY_HOURS,
        YEARLY,
        "2023-09-30",
        WORKS_THERE.trained("2023-03-10", "58.5").trained("2023-04-10", "0.5").trained("2023-05-10", "1", "day"),
    )
    assert [entry["text"]["en"] for entry in items(document)[1:]] == [
        "2023-04-10: 0.5 class hours, counted: 0.5 class hours",
        "2023-05-10: 1 training day, not counted (recorded in another unit, never converted)",
    ]
    assert "1 class hour by 2023-12-31" in sentences(document)
    paid = {amount: measured(amount, "CNY_per_month").en for amount in ("1", "350")}
    assert paid == {"1": "1 CNY per month", "350": "350 CNY per month"}


def test_of_sessions_across_the_edge_the_part_inside_the_window_is_told() -> None:
    sessions = [{"day": "2022-12-31", "amount": "4"}, {"day": "2023-01-01", "amount": "6"}]
    document = asked(
        CITY_WITH_YEARLY_HOURS, YEARLY, "2023-09-30", WORKS_THERE.trained("2023-01-01", "10", sessions=sessions)
    )
    (entry,) = items(document)
    assert entry["item"] == {
        "days": ["2022-12-31", "2023-01-01"],
        "amount": "10",
        "unit": "class_hour",
        "counted": True,
        "counted_amount": "6",
    }
    assert entry["inputs"] == [id_of(2)]


def test_a_degree_is_told_as_an_item_of_its_own() -> None:
    """N-11: a social work degree counts as 90 hours."""
    term = "continuing_education.registration_term"
    document = asked(CITY_WITH_ALLOWANCE, term, "2023-09-30", CERTIFICATE + REGISTRATION.graduated("2023-06-30"))
    assert [(entry["rule"], entry["item"]["counted_amount"]) for entry in items(document)] == [("degree", "90")]


def test_what_is_counted_adds_up_to_the_figure_of_the_answer() -> None:
    document = asked(
        CITY_WITH_YEARLY_HOURS,
        YEARLY,
        "2023-12-31",
        WORKS_THERE.trained("2023-03-10", "20.5").trained("2023-06-15", "24"),
    )
    assert document["result"]["counted_hours"] == "44.5"
    assert sum(float(entry["item"]["counted_amount"]) for entry in items(document)) == 44.5


def test_the_readings_of_an_answer_are_given_in_words() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-05-10", ALL_CONDITIONS)
    assert [entry["reading"] for entry in document["explanation"]["readings"]] == document["readings"]
    assert all(entry["text"]["zh"] and entry["text"]["en"] for entry in document["explanation"]["readings"])


def test_a_rolling_window_is_told_without_a_deadline() -> None:
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", WORKS_THERE)
    (hours,) = [node for node in nodes(document["explanation"]) if node["rule"] == "hours"]
    assert (hours["status"], hours["reason"]) == ("not_met", "shortfall_of_last_years")
    assert REASONS["shortfall_of_last_years"] == ("近年时数不足", "not enough hours in the last years")


def test_where_a_certificate_was_withdrawn_the_answer_rests_on_that() -> None:
    for determination in ("certificate", "title", "allowance"):
        document = asked(CITY_WITH_ROLLING_HOURS, determination, "2025-03-01", SENIOR + WITHDRAWN)
        assert rested_on(document) == [1, 2], determination
    assert asked("100000", "certificate", "2025-03-01", SENIOR + WITHDRAWN)["reason"] == "certificate_withdrawn"
    assert asked("100000", "certificate", "2022-06-17", SENIOR + WITHDRAWN)["reason"] == "no_certificate"


def test_a_job_that_does_not_fit_is_told_with_its_record() -> None:
    elsewhere = ALL_CONDITIONS.but(someone.employed("2021-01-01", CITY_WITH_ALLOWANCE, role="other"))
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", elsewhere)
    assert (document["reason"], rested_on(document)[0]) == ("no_fitting_employment", 1)


def test_a_title_conferred_before_the_text_is_told_as_that() -> None:
    """R-23: the title is there, and it is not newly obtained."""
    early = someone.talent_designated("2021-05-01", "national_leading")
    document = asked(CITY_WITH_ALLOWANCE, "reward.new_talent", "2023-06-01", early)
    grounds = {node["rule"]: node for node in document["explanation"]["children"]}
    [title, _] = grounds["talent:national_leading"]["children"]
    assert (title["reason"], title["inputs"]) == ("conferred_on_another_day", [id_of(1)])
    assert document["reason"] == "conferred_on_another_day"


def test_a_grade_rests_on_the_appointment_that_conforms_too() -> None:
    """R-19."""
    life = WORKS_THERE.certified("2022-06-18").promoted("2023-11-01", 13).promoted("2024-03-01", 8)
    document = asked(CITY_WITH_YEARLY_HOURS, "grade", "2024-06-30", life)
    assert (document["status"], document["result"]["conforming_post_level"]) == ("not_conforming", 13)
    assert rested_on(document) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("place", "determination", "reason"),
    [
        ("371500", "grade", "no_standard_in_the_text"),
        ("371500", "technical_staff", "no_such_rule"),
        ("110101", "allowance", "no_text_known"),
    ],
)
def test_why_there_is_no_rule_to_go_by_is_told_apart(place: str, determination: str, reason: str) -> None:
    """A text that leaves the matter open (LC-14), one that does not speak of it, a place whose text is not known."""
    document = asked(place, determination, "2025-01-10")
    assert (document["status"], document["reason"]) == ("undefined_in_policy", reason)
