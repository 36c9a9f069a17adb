"""Whoever sends an event with mistakes is told all of them at once, in words that need no knowledge of our library."""

from typing import Any

import pytest

from contracts.events.codec import InvalidEvent, PersonalDataInText, PrivateNotEnabled, UnknownType
from contracts.events.mistakes import new_event, new_events
from contracts.mistakes import MOST_TOLD
from contracts.sentences import in_one_sentence, in_words
from tests.rules.test_codec import training

PHONE = "13800138000"


def told(refused: InvalidEvent) -> dict[str, str]:
    return {mistake.pointer: in_words(mistake.what, "en") for mistake in refused.mistakes.told}


def refusal_of(event: Any) -> InvalidEvent:
    with pytest.raises(InvalidEvent) as raised:
        new_event(event)
    return raised.value


def test_every_mistake_of_an_event_is_told_with_what_was_expected_and_found() -> None:
    refused = refusal_of(
        {
            **training(
                data={"amount": 12.5, "unit": "week", "subjects": ["sw_ethics", "sw"], "provider": "x" * 501},
                event_id=7,
                occurred_on="2024-02-30",
                source={"document": 1, "colour": "red"},
            ),
            "data_": {},
        }
    )
    assert told(refused) == {
        "/event_id": "must be a UUID, not 7",
        "/occurred_on": "'2024-02-30' is not a day of the calendar as YYYY-MM-DD",
        "/data/amount": "must be a text, not 12.5",
        "/data/unit": "must be one of hour, class_hour, day, not 'week'",
        "/data/subjects/1": "must be one of sw_knowledge, sw_practice, sw_ethics, sw_supervision, political, general, "
        "not 'sw'",
        "/data/provider": "must have 500 or fewer characters, and has 501",
        "/source/document": "must be a text, not 1",
        "/source/colour": "is not a member here",
        "/data_": "is not a member here: data is",
    }
    assert in_one_sentence(refused.mistakes, "en") == "9 mistakes, the first at /event_id: must be a UUID, not 7"


def test_what_is_missing_is_told_with_what_it_must_be() -> None:
    assert told(refusal_of({"type": "training.completed", "data": {}})) == {
        "/event_id": "is missing: it must be a UUID",
        "/occurred_on": "is missing: it must be a day as YYYY-MM-DD",
        "/data/amount": "is missing: it must be a decimal string above zero, "
        "up to five digits before the point and two after it",
        "/data/unit": "is missing: it must be one of hour, class_hour, day",
        "/data/subjects": "is missing: it must be a list",
    }


def test_every_contradiction_of_members_that_are_right_by_themselves_is_told() -> None:
    sessions = [{"day": "1800-01-01", "amount": "1"}]
    data = {"ended_on": "2020-01-01", "started_on": "2200-01-01", "sessions": sessions}
    assert told(refusal_of(training(data=data))).keys() == {"/data/sessions/0/day"}
    data = {"ended_on": "2020-01-01", "started_on": "2030-01-01", "sessions": [{"day": "2020-01-01", "amount": "1"}]}
    assert told(refusal_of(training(data=data))) == {
        "/data/sessions": "the sessions add up to 1, not to amount 12.5",
        "/data/ended_on": "must equal occurred_on, 2024-05-06",
    }


def test_every_mistake_of_a_patch_is_told() -> None:
    patch = {"Aa": 1, "hours": 1.5, "beds": 10**9, "sessions": [{"amount": ""}], "course": None}
    correction = training(type="event.corrected")
    correction["data"] = {"target": "x", "set": {"data": patch, "occurred": "2024-01-01"}, "reason": "r"}
    assert told(refusal_of(correction)) == {
        "/data/target": "'x' is not a UUID",
        "/data/set/occurred": "is not a member here: occurred_on is",
        "/data/set/data/Aa": "no event has a member of this name",
        "/data/set/data/hours": "amounts are decimal strings; no member takes a number with a point",
        "/data/set/data/beds": "no member takes a number beyond 99999",
        "/data/set/data/sessions/0/amount": "a text has 1 to 500 characters and no control characters",
    }


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (training(type="training.done"), UnknownType),
        (training(private={}), PrivateNotEnabled),
        (training(data={"provider": PHONE}), PersonalDataInText),
        (training(data={"provider": PHONE}, private={}), PrivateNotEnabled),
        (training(data={"provider": PHONE, "unit": "week"}), InvalidEvent),
        (training(type="training.done", source={"document": PHONE}), UnknownType),
        (training(type="training.done", event_id=1), InvalidEvent),
    ],
)
def test_the_shape_of_an_event_is_refused_before_its_content(event: dict[str, Any], kind: type[InvalidEvent]) -> None:
    assert type(refusal_of(event)) is kind


def test_a_type_that_is_nearly_right_is_told_with_those_that_are() -> None:
    detail = "'training.complete' is not an event type here, but training.completed is: GET /v1/event-types lists them"
    assert told(refusal_of(training(type="training.complete"))) == {"/type": detail}


def test_the_mistakes_of_all_events_are_told_with_their_place_in_the_list() -> None:
    events = [training(), training(data={"unit": "week"}), 7, training(data={"provider": PHONE})]
    with pytest.raises(InvalidEvent) as raised:
        new_events(events, "/events")
    assert [*told(raised.value)] == ["/events/1/data/unit", "/events/2", "/events/3/data/provider"]
    assert [event.raw for event in new_events([training(), training()], "/events")] == [training()["data"]] * 2


def test_of_very_many_mistakes_the_first_are_told_and_all_are_counted() -> None:
    refused = refusal_of(training(data={f"member_{number}": 1 for number in range(1_000)}))
    assert (len(refused.mistakes.told), refused.mistakes.count) == (MOST_TOLD, 1_000)


@pytest.mark.parametrize(
    ("value", "found"),
    [("x" * 500, f"'{'x' * 39}…'"), (True, "true"), (None, "null"), ({}, "an object"), ([], "a list"), (3.0, "3.0")],
)
def test_what_was_found_is_quoted_in_short(value: Any, found: str) -> None:
    event = training() | {"data": {**training()["data"], "unit": value}}
    assert told(refusal_of(event))["/data/unit"].endswith(f"not {found}")
