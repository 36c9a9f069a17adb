"""What may be appended to a stream: sending again, expected versions, sizes."""

from itertools import permutations

import pytest

from services.ledger.domain.rejections import DuplicateEventId, EventIdTaken, EventTooLarge, VersionMismatch
from tests.deciding import ME, SOMEBODY_ELSE, correction, data, enrolled, event, given, id_of, training


def test_a_first_event_has_position_and_version_one() -> None:
    answer = given().when(training("e1")).then_appended("e1")
    assert (answer.position, answer.version) == (1, 1)
    assert (answer.events[0].position, answer.events[0].version) == (1, 1)


def test_positions_count_for_the_ledger_and_versions_for_the_stream() -> None:
    answer = given(training("e1"), (SOMEBODY_ELSE, training("e2"))).when(training("e3"), training("e4"))
    assert [(one.position, one.version) for one in answer.then_appended("e3", "e4").events] == [(3, 2), (4, 3)]


def test_an_event_sent_again_is_answered_with_its_first_receipt() -> None:
    answer = given(training("e1"), training("e2")).when(training("e1")).then_replayed()
    assert (answer.position, answer.version) == (1, 1)


def test_a_replay_is_recognized_before_the_expected_version_is_looked_at() -> None:
    given(training("e1"), training("e2")).when(training("e1"), expected_version=0).then_replayed()


def test_a_batch_with_known_and_new_events_appends_the_new_ones() -> None:
    answer = given(training("e1")).when(training("e1"), training("e2")).then_appended("e2")
    assert [one.position for one in answer.events] == [1, 2]
    assert (answer.position, answer.version) == (2, 2)


def test_receipts_stand_in_the_order_in_which_the_events_were_sent() -> None:
    answer = given(training("e1"), training("e2")).when(training("e3"), training("e2"), training("e1"))
    assert [one.event_id for one in answer.then_appended("e3").events] == [id_of("e3"), id_of("e2"), id_of("e1")]


def test_a_partly_known_batch_must_still_meet_the_expected_version() -> None:
    given(training("e1")).when(training("e1"), training("e2"), expected_version=0).then_rejected(
        VersionMismatch, current=1
    )


@pytest.mark.parametrize(
    "other",
    [
        training("e1", amount="13"),
        training("e1", occurred_on="2024-05-07"),
        training("e1", source={"system": "portal"}),
        event("e1", "service.recorded", platform="portal", verified=True),
    ],
    ids=["data", "occurred_on", "source", "type"],
)
def test_other_content_under_a_known_id_is_refused(other: object) -> None:
    given(enrolled(), training("e1")).when(other).then_rejected(  # type: ignore[arg-type]  # An event, as parametrized.
        EventIdTaken, event_id=id_of("e1"), position=2, pointer="/events/0/event_id"
    )


def test_the_id_of_another_practitioners_event_is_refused_without_saying_where_it_stands() -> None:
    given((SOMEBODY_ELSE, training("e1"))).when(training("e1"), to=ME).then_rejected(EventIdTaken, position=None)


def test_the_order_of_members_does_not_make_other_content() -> None:
    turned = event("e1", "training.completed", subjects=["sw_practice"], unit="hour", amount="12.5")
    given(training("e1")).when(turned).then_replayed()


def test_one_id_twice_in_a_batch_is_refused_even_with_the_same_content() -> None:
    given().when(training("e1"), training("e2"), training("e1")).then_rejected(
        DuplicateEventId, event_id=id_of("e1"), pointer="/events/2/event_id"
    )


def test_a_stream_at_the_expected_version_takes_the_events() -> None:
    given(training("e1"), training("e2")).when(training("e3"), expected_version=2).then_appended("e3")


@pytest.mark.parametrize("expected", [0, 1, 3, 9_999_999_999])
def test_a_stream_at_another_version_refuses_with_its_own(expected: int) -> None:
    given(training("e1"), training("e2")).when(training("e3"), expected_version=expected).then_rejected(
        VersionMismatch, practitioner_id=ME, current=2
    )


def test_a_stream_that_must_not_exist_yet_may_be_begun_once() -> None:
    given((SOMEBODY_ELSE, training("e0"))).when(training("e1"), expected_version=0).then_appended("e1")
    given(training("e1")).when(training("e2"), expected_version=0).then_rejected(VersionMismatch, current=1)


def test_an_event_whose_leaf_would_not_fit_is_refused_with_its_size() -> None:
    patch = {f"member_{letters}": "字" * 500 for letters in map("".join, permutations("abcdefgh", 2))}
    given(training("e1")).when(training("e2"), correction("c1", "e9", **data(**patch))).then_rejected(
        EventTooLarge, pointer="/events/1", limit_bytes=65_535
    )
