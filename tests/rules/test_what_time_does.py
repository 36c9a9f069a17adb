"""What time alone will do to an answer, and what would keep it as it is."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.policies.language import Text
from services.core.words.advice import changes_in_words
from tests.explaining import (
    ALL_CONDITIONS,
    CERTIFICATE,
    CITY_WITH_ALLOWANCE,
    CITY_WITH_ROLLING_HOURS,
    CITY_WITH_YEARLY_HOURS,
    REGISTRATION,
    SENIOR,
    WITHDRAWN,
    WORKS_HERE,
    WORKS_THERE,
    YEARLY,
    asked,
    needs,
    sentences,
)
from tests.lives import someone


def test_a_reason_that_only_repeats_the_status_is_not_told_twice() -> None:
    leaving = WORKS_THERE.trained("2023-03-10", "44").left("2023-06-30")
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2023-06-30", leaving)
    assert needs(document)["time"]["reason"] == "left_before_the_deciding_day"
    over = asked(CITY_WITH_ALLOWANCE, "registration", "2024-01-10", REGISTRATION)
    assert sentences(over)[-1] == (
        "if nothing new is recorded, from 2025-05-10: lapsed (the term of the registration is over)"
    )


def test_what_time_does_is_what_asking_on_that_day_gives() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS)
    on = date.fromisoformat(needs(document)["time"]["on"])
    before = asked(CITY_WITH_ALLOWANCE, "allowance", str(on - timedelta(days=1)), ALL_CONDITIONS)
    then = asked(CITY_WITH_ALLOWANCE, "allowance", str(on), ALL_CONDITIONS)
    assert (before["status"], then["status"]) == ("eligible", needs(document)["time"]["status"])


def test_a_level_that_a_known_withdrawal_will_take_is_told_where_the_status_stays() -> None:
    """LC-16: without the senior certificate the intermediate one gives the title."""
    lower = someone.certified("2020-10-18", "intermediate")
    title = asked(CITY_WITH_ROLLING_HOURS, "title", "2025-01-10", lower + SENIOR + WITHDRAWN)
    assert (title["status"], title["result"]["title"]) == ("valid", "senior")
    assert needs(title)["time"] == {
        "on": "2025-03-01",
        "status": "valid",
        "reason": None,
        "result": {"title": "intermediate"},
    }
    assert sentences(title) == ["if nothing new is recorded, from 2025-03-01: title intermediate"]
    assert title["would_change"][0]["text"]["zh"] == "若无新的记录，自2025-03-01起职称级别变为中级"
    alone = asked(CITY_WITH_ROLLING_HOURS, "title", "2025-01-10", SENIOR + WITHDRAWN)
    assert needs(alone)["time"] == {"on": "2025-03-01", "status": "none", "reason": "certificate_withdrawn"}
    gone = asked(CITY_WITH_ROLLING_HOURS, "title", "2025-03-01", lower + SENIOR + WITHDRAWN)
    assert (gone["result"]["title"], gone["would_change"]) == ("intermediate", [])


def test_what_will_be_missing_as_well_is_told_where_the_status_stays() -> None:
    """CD-25, R-16: of who is refused for want of the registration, the service record will be open, too."""
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-05-10", ALL_CONDITIONS)
    assert document["holds_until"] == "2025-12-09"
    assert needs(document)["time"] == {
        "on": "2025-12-10",
        "status": "not_eligible",
        "reason": "registration_lapsed",
        "result": {"unresolved": ["service_record"]},
    }
    assert "if nothing new is recorded, from 2025-12-10: service record for a person to decide" in sentences(document)


def test_a_mark_that_time_takes_away_is_told_where_the_status_stays() -> None:
    """CD-19: without the senior certificate the holder exceeds the post no more."""
    life = WORKS_HERE + CERTIFICATE + SENIOR + WITHDRAWN.promoted("2022-07-01", 11)
    document = asked(CITY_WITH_ALLOWANCE, "grade", "2025-01-10", life)
    assert document["reason"] == "holder_exceeds"
    assert document["holds_until"] == "2025-02-28"
    assert needs(document)["time"] == {"on": "2025-03-01", "status": "conforming", "reason": None}
    assert "if nothing new is recorded, from 2025-03-01: still the post conforms" in sentences(document)


AGEING = someone.trained("2021-03-10", "120", "hour")
"""Reaches the figure of five years until 2026-03-09."""


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        (
            {"missing": ["certificate", "registration", "role"]},
            "缺项变为证书、登记和任职",
            "certificate, registration and role missing",
        ),
        ({"missing": []}, "缺项变为无", "nothing missing"),
        (
            {"missing": ["certificate", "long_service"]},
            "缺项变为证书和long_service",
            "certificate and long_service missing",
        ),
        (
            {"unresolved": ["professional_role"]},
            "待审核的事项变为发挥专业作用",
            "professional role for a person to decide",
        ),
        (
            {"tier": "senior", "amount": "500"},
            "档次变为高级，金额变为500元/月",
            "tier senior, amount 500 CNY per month",
        ),
        ({"tier": None}, "档次变为无", "tier none"),
    ],
)
def test_what_time_changes_while_the_status_stays_is_told_in_words(changed: dict[str, Any], zh: str, en: str) -> None:
    assert changes_in_words(changed, "CNY_per_month") == Text(zh=zh, en=en)


def test_hours_that_leave_a_rolling_window_are_told_with_what_would_keep_the_status() -> None:
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", WORKS_THERE + AGEING)
    assert document["result"]["route"] == "hours"
    assert needs(document)["time"] == {
        "on": "2026-03-10",
        "status": "not_met",
        "reason": "no_professional_quality",
        "amount": "120",
        "unit": "hour",
    }
    assert any("another 120 hours by then would prevent it" in sentence for sentence in sentences(document))


def test_hours_that_leave_the_window_are_told_also_where_another_route_holds() -> None:
    """LC-06: with the certificate the talent stays, and fewer hours are counted."""
    given = WORKS_THERE + CERTIFICATE + AGEING.trained("2022-03-10", "8", "hour")
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", given)
    assert document["holds_until"] == "2026-03-09"
    assert needs(document)["time"] == {
        "on": "2026-03-10",
        "status": "met",
        "reason": None,
        "result": {"counted_hours": "8"},
    }
    assert sentences(document) == ["if nothing new is recorded, from 2026-03-10: 8 hours counted"]


@pytest.mark.parametrize("hours", ["120", "40"])
def test_hours_keep_no_status_that_turns_because_the_engagement_ends(hours: str) -> None:
    life = (
        someone.employed("2022-06-01", CITY_WITH_YEARLY_HOURS, direct_service=False)
        .served("2025-04-01")
        .graduated("2019-06-30")
        .trained("2021-03-10", hours, "hour")
    )
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", life)
    assert needs(document)["time"] == {
        "on": "2026-04-01",
        "status": "needs_review",
        "reason": "service_records_in_question",
    }
    assert not any("would prevent it" in sentence for sentence in sentences(document))


def test_an_answer_stands_over_days_on_which_something_might_happen_and_nothing_does() -> None:
    """N-10: hours that are reached stay reached when the term ends."""
    term = "continuing_education.registration_term"
    document = asked(
        CITY_WITH_ALLOWANCE,
        term,
        "2024-01-10",
        CERTIFICATE + REGISTRATION.trained("2023-03-10", "72", "hour"),
    )
    assert document["status"] == "met"
    assert (document["holds_until"], document["next_change_on"]) == (None, None)
    short = asked(
        CITY_WITH_ALLOWANCE,
        term,
        "2024-01-10",
        CERTIFICATE + REGISTRATION.trained("2023-03-10", "71", "hour"),
    )
    assert (short["holds_until"], short["next_change_on"]) == ("2025-05-08", "2025-05-09")


def test_a_figure_that_a_certificate_to_come_will_raise_is_told() -> None:
    """N-10: from the intermediate certificate on the term asks for 90 hours."""
    life = someone.certified("2020-06-18").certified("2023-10-21", "intermediate") + REGISTRATION
    document = asked("100000", "continuing_education.registration_term", "2023-09-01", life)
    assert "if nothing new is recorded, from 2023-10-21: hours required: 90" in sentences(document)
