"""What the examples of a pack leave untried is told: an outcome of a rule, a side of a day that decides."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from contracts.keys import shown
from contracts.policies.decoding import pack_of
from contracts.policies.language import LANGUAGE
from contracts.policies.shipped import shipped, shipped_pack
from services.core.authoring.lacking_examples import STATUSES, lacking_examples, of_part
from services.core.rules.kinds.registry import KINDS, part_of
from tests.documents import Document, document_of, invented_rule, invented_text

ZHENGZHOU, CHENGDU, LIAOCHENG, CHUXIONG, NATION = "410100", "510100", "371500", "532300", "100000"
ANNUAL = "continuing_education.annual"
WINDOW = "has no examples of hours and of answers on both sides of the first and the last day of its window"
RECORD = "has no examples of answers on both sides of the day on which a record of service stops counting"


def lacks(place: str, name: str, kept: Callable[[dict[str, Any]], bool]) -> list[str]:
    """Return what is told of a rule if only some of a pack's examples ask about it."""
    document = document_of(place)
    for example in document["examples"]:
        if name in example["expect"] and not kept(example):
            del example["expect"][name]
    found = list(lacking_examples(shipped_pack(document).pack))
    assert {shown(at).partition(".rules.")[2] for at, _ in found} <= {name}
    return [why for _, why in found]


def status(example: dict[str, Any], name: str) -> str:
    expected = example["expect"][name]
    return str(expected if isinstance(expected, str) else expected.get("status"))


@pytest.mark.parametrize("place", shipped())
def test_a_shipped_pack_lacks_nothing(place: str) -> None:
    assert lacks(place, "", lambda _: True) == []


def test_a_rule_without_an_example_lacks_each_outcome_and_each_day() -> None:
    assert lacks(CHENGDU, "benefit.apartment", lambda _: False) == [
        "has no example in which it is not_eligible",
        "has no example in which it is needs_review",
        "has no example as of 2022-03-01, the first day of its text",
        "has no example as of 2022-02-28, the day before its text",
        "has no example as of 2027-02-28, the last day of its text",
        "has no example as of 2027-03-01, the day after its text",
    ]


@pytest.mark.parametrize("outcome", STATUSES)
def test_an_outcome_that_no_example_has_is_told(outcome: Any) -> None:
    told = lacks(ZHENGZHOU, ANNUAL, lambda one: status(one, ANNUAL) not in STATUSES[outcome])
    words = {"met": "met", "not_met": "not_met", "open": "needs_review or pending"}
    assert f"has no example in which it is {words[outcome]}" in told


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (ZHENGZHOU, ANNUAL),
        (LIAOCHENG, "talent"),
        (CHUXIONG, "continuing_education.plan_period"),
        (NATION, "continuing_education.registration_term"),
    ],
)
def test_a_window_of_hours_on_whose_days_no_example_trains_is_told(place: str, name: str) -> None:
    def is_without_training(example: dict[str, Any]) -> bool:
        return all(event["event"] != "training.completed" for event in example["given"])

    assert WINDOW in lacks(place, name, is_without_training)


def test_one_side_of_a_window_of_hours_is_not_enough() -> None:
    assert lacks(ZHENGZHOU, ANNUAL, lambda one: not one["as_of"].endswith("12-30")) == [WINDOW]


def test_a_record_of_service_is_tried_on_both_sides_of_the_day_on_which_it_stops_counting() -> None:
    assert lacks(CHENGDU, "allowance", lambda one: one["as_of"] != "2023-01-19") == [RECORD]


def test_both_sides_of_the_day_on_which_a_record_of_another_platform_stops_counting_are_not_enough() -> None:
    document = document_of(CHENGDU)
    for example in document["examples"]:
        if example["as_of"] in ("2023-01-19", "2023-01-20"):
            for event in example["given"]:
                event |= {"platform": "另一平台"} if event["event"] == "service.recorded" else {}
    assert [why for _, why in lacking_examples(pack_of(document, None))] == [RECORD]


@pytest.mark.parametrize("side", ["2023-06-19", "2023-06-20"])
def test_a_record_of_service_is_tried_where_work_is_asked_of_talent(side: str) -> None:
    assert RECORD in lacks(CHUXIONG, "talent", lambda one: one["as_of"] != side)


PLAN = "continuing_education.plan_period"


@pytest.mark.parametrize(
    ("edge", "no_such_day", "trained", "last"),
    [
        ("open", "month_end", "2023-07-01", "2026-06-30"),
        ("closed", "month_end", "2023-07-01", "2026-07-01"),
        ("whole_calendar_years", "month_end", "2023-07-01", "2026-12-31"),
        ("open", "month_end", "2024-02-29", "2027-02-28"),
        ("open", "next_day", "2024-02-29", "2027-02-28"),
        ("closed", "month_end", "2024-02-28", "2027-02-28"),
        ("open", "next_day", "2021-03-01", "2024-02-28"),
        ("open", "month_end", "2021-03-01", "2024-02-29"),
    ],
)
def test_hours_in_years_that_roll_are_tried_on_the_last_day_on_which_they_count_and_the_day_after(
    edge: str, no_such_day: str, trained: str, last: str
) -> None:
    """R-04, R-05."""
    days = [(date.fromisoformat(last) + timedelta(days=number)).isoformat() for number in range(-2, 4)]
    right = [pair for pair in pairwise(days) if WINDOW not in rolling_lacks(edge, no_such_day, trained, pair)]
    assert right == [(days[2], days[3])]


def rolling_lacks(edge: str, no_such_day: str, trained: str, days: Sequence[str]) -> list[str]:
    """Return what is told of three years that roll if answers are asked of on these days alone."""
    window = {"rolling_years": {"years": 3, "edge": edge}}
    rule = invented_rule(training={"window": window, "unit": "hour", "at_least": "90"})
    text = invented_text("2020-01-01", rules={PLAN: rule}, terms={"calendar": {"no_such_day": no_such_day}})
    given = [
        {"event": "training.completed", "on": trained, "amount": "90", "unit": "hour", "subjects": ["sw_practice"]}
    ]
    named = {"jurisdiction": "990100", "name": {"zh": "某地", "en": "A place"}, "editions": [text]}
    examples = [{"name": day, "as_of": day, "given": given, "expect": {PLAN: "met"}} for day in days]
    pack = pack_of({"language": LANGUAGE, **named, "examples": examples}, None)
    return [why for _, why in lacking_examples(pack)]


def test_entry_to_an_exam_can_be_open_too() -> None:
    told = lacks(NATION, "exam.entry", lambda one: status(one, "exam.entry") != "needs_review")
    assert "has no example in which it is needs_review" in told


@pytest.mark.parametrize(
    ("part", "outcomes"),
    [
        ({"employed": {}}, {"met", "not_met"}),
        ({"nobody": {}}, {"not_met"}),
        ({"for_review": {"employed": {}}}, {"open", "not_met"}),
        ({"any_of": [{"a": {"employed": {}}}, {"b": {"a_person_decides": {"because": "no_test"}}}]}, {"met", "open"}),
        (
            {"all_of": [{"a": {"employed": {}}}, {"b": {"a_person_decides": {"because": "no_test"}}}]},
            {"not_met", "open"},
        ),
        ({"all_of": [{"a": {"employed": {}}}, {"b": {"nobody": {}}}]}, {"not_met"}),
    ],
)
def test_what_a_part_can_come_to_follows_from_what_it_combines(part: Document, outcomes: set[str]) -> None:
    assert set(of_part(part_of(part))) == outcomes


def test_every_kind_can_hold_fail_or_be_open_by_its_statuses() -> None:
    known = frozenset().union(*STATUSES.values()) | {"not_in_force", "not_applicable"}
    assert {name: sorted(kind.STATUSES - known) for name, kind in KINDS.items() if kind.STATUSES - known} == {}
