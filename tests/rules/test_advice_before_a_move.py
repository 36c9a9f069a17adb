"""What would change the answer for a person who is about to come under the rules of another place."""

from tests.explaining import (
    ALL_CONDITIONS,
    CITY_WITH_ALLOWANCE,
    CITY_WITH_ROLLING_HOURS,
    CITY_WITH_YEARLY_HOURS,
    SENIOR,
    WITHDRAWN,
    asked,
    needs,
    sentences,
)
from tests.lives import someone


def test_a_level_falls_also_for_who_moves_inside_one_city_before() -> None:
    registered = someone.registered("2022-06-18", "2025-05-09", is_first=False, level="senior")
    facts = ALL_CONDITIONS + SENIOR + registered + WITHDRAWN
    moved = asked("510107", "allowance", "2025-01-10", facts, later=("510108@2025-02-01", "510107@2025-04-01"))
    times = [
        (entry["on"], entry["status"], entry.get("result"))
        for entry in moved["would_change"]
        if entry["need"] == "time"
    ]
    assert times == [
        ("2025-03-01", "eligible", {"tier": "junior"}),
        ("2025-05-10", "not_eligible", None),
    ]


def test_who_goes_where_other_rules_hold_is_told_what_those_give() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2025-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS, later=(move,))
    then = asked(CITY_WITH_YEARLY_HOURS, "allowance", "2025-04-01", ALL_CONDITIONS)
    assert needs(document)["place"] == {
        "until": "2025-03-31",
        "on": "2025-04-01",
        "status": then["status"],
        "reason": then["reason"],
    }
    assert "time" not in needs(document)


def test_who_goes_from_one_text_without_the_rule_to_another_is_told_nothing_of_it() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2025-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "title", "2025-01-10", ALL_CONDITIONS, later=(move,))
    assert list(needs(document)) == ["rule"]
    there = f"{CITY_WITH_ROLLING_HOURS}@2025-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "title", "2025-01-10", ALL_CONDITIONS, later=(there,))
    assert needs(document)["place"]["status"] == "valid"


def test_where_the_same_rules_go_on_after_a_job_ends_the_status_is_told_and_no_other_rules() -> None:
    document = asked(
        CITY_WITH_ALLOWANCE,
        "allowance",
        "2025-01-10",
        ALL_CONDITIONS.left("2025-01-31", employment=1),
        later=(f"{CITY_WITH_ALLOWANCE}@2025-02-01",),
    )
    assert "if nothing new is recorded, from 2025-02-01: not eligible (no employment within the scope)" in sentences(
        document
    )
    assert "place" not in needs(document)


def test_a_move_inside_one_city_leaves_what_time_does_as_it_is() -> None:
    moved = asked("510107", "allowance", "2025-01-10", ALL_CONDITIONS, later=("510108@2025-02-01", "510107@2025-03-01"))
    stayed = asked("510107", "allowance", "2025-01-10", ALL_CONDITIONS)
    assert needs(moved)["time"]["on"] == "2025-05-10"
    assert needs(moved) == needs(stayed)


def test_national_rules_go_on_wherever_the_person_goes() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2025-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "registration", "2025-01-10", ALL_CONDITIONS, later=(move,))
    assert needs(document)["time"] == {"on": "2025-05-10", "status": "lapsed", "reason": "registration_lapsed"}
    assert "place" not in needs(document)


def test_what_turns_before_the_place_changes_is_told_first() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2026-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS, later=(move,))
    assert needs(document)["time"]["on"] == "2025-05-10"
    assert "place" not in needs(document)


def test_no_renewal_is_advised_that_opens_when_other_rules_answer() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2025-02-01"
    assert "renewal" not in needs(asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS, later=(move,)))
    later_move = f"{CITY_WITH_YEARLY_HOURS}@2025-03-01"
    kept = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS, later=(later_move,))
    assert needs(kept)["renewal"]["from"] == "2025-02-10"
