"""What may be appended to a stream: replays, expected versions, sizes."""

from dataclasses import replace
from itertools import permutations

import pytest

from services.ledger.domain.career import Expectation
from services.ledger.domain.rejections import DuplicateEventId, EventIdTaken, EventTooLarge, VersionMismatch, WeakTag
from tests.deciding import E1, E2, E3, E4, ME, SOMEBODY_ELSE, given, uuid_of
from tests.lives import Life, someone


def test_a_first_event_has_position_and_version_one() -> None:
    answer = given().when(E1).then_appended("e1")
    assert (answer.position, answer.version) == (1, 1)
    assert (answer.events[0].position, answer.events[0].version) == (1, 1)


def test_positions_count_for_the_ledger_and_versions_for_the_stream() -> None:
    answer = given(E1, (SOMEBODY_ELSE, E2)).when(E3, E4)
    assert [(receipt.position, receipt.version) for receipt in answer.then_appended("e3", "e4").events] == [
        (3, 2),
        (4, 3),
    ]


def test_an_event_sent_again_is_answered_with_its_first_receipt() -> None:
    answer = given(E1, E2).when(E1).then_replayed()
    assert (answer.position, answer.version) == (1, 1)


def test_a_replay_is_recognized_before_the_expected_version_is_looked_at() -> None:
    given(E1, E2).when(E1, expected_version=0).then_replayed()


def test_a_batch_with_known_and_new_events_appends_the_new_ones() -> None:
    answer = given(E1).when(E1, E2).then_appended("e2")
    assert [receipt.position for receipt in answer.events] == [1, 2]
    assert (answer.position, answer.version) == (2, 2)


def test_receipts_stand_in_the_order_in_which_the_events_were_sent() -> None:
    answer = given(E1, E2).when(E3, E2, E1)
    assert [receipt.event_id for receipt in answer.then_appended("e3").events] == [
        uuid_of("e3"),
        uuid_of("e2"),
        uuid_of("e1"),
    ]


def test_a_partly_known_batch_must_still_meet_the_expected_version() -> None:
    given(E1).when(E1, E2, expected_version=0).then_rejected(VersionMismatch, current=1)


@pytest.mark.parametrize(
    "other",
    [
        someone.trained(amount="13", called="e1"),
        someone.trained("2024-05-07", called="e1"),
        someone.trained(source={"system": "portal"}, called="e1"),
        someone.served(called="e1"),
    ],
    ids=["data", "occurred_on", "source", "type"],
)
def test_other_content_under_a_known_id_is_refused(other: Life) -> None:
    given(someone.enrolled().trained(called="e1")).when(other).then_rejected(
        EventIdTaken, event_id=uuid_of("e1"), position=2, pointer="/events/0/event_id"
    )


def test_the_id_of_another_practitioners_event_is_refused_without_saying_where_it_stands() -> None:
    given((SOMEBODY_ELSE, E1)).when(E1, to=ME).then_rejected(EventIdTaken, position=None)


def test_the_order_of_members_does_not_make_other_content() -> None:
    (first,) = E1.events
    turned = Life((replace(first, data=dict(reversed([*first.data.items()]))),))
    given(E1).when(turned).then_replayed()


def test_one_id_twice_in_a_batch_is_refused_even_with_the_same_content() -> None:
    given().when(E1, E2, E1).then_rejected(DuplicateEventId, event_id=uuid_of("e1"), pointer="/events/2/event_id")


def test_a_stream_at_the_expected_version_takes_the_events() -> None:
    given(E1, E2).when(E3, expected_version=2).then_appended("e3")


@pytest.mark.parametrize("expected", [0, 1, 3, 9_999_999_999])
def test_a_stream_at_another_version_refuses_with_its_own(expected: int) -> None:
    given(E1, E2).when(E3, expected_version=expected).then_rejected(VersionMismatch, practitioner_id=ME, current=2)


def test_a_stream_that_must_not_exist_yet_may_be_begun_once() -> None:
    given((SOMEBODY_ELSE, someone.trained(called="e0"))).when(E1, expected_version=0).then_appended("e1")
    given(E1).when(E2, expected_version=0).then_rejected(VersionMismatch, current=1)


@pytest.mark.parametrize(
    ("expected", "met_at"),
    [
        (Expectation(), {0, 1, 2}),
        (Expectation(exists=True), {1, 2}),
        (Expectation(exists=False), {0}),
        (Expectation(one_of=[1, 7]), {1}),
        (Expectation(one_of=[]), set()),
        (Expectation(none_of=[1, 7]), {0, 2}),
        (Expectation(exists=True, none_of=[1]), {2}),
        (Expectation(exists=False, one_of=[1]), set()),
    ],
)
def test_an_append_happens_at_the_versions_that_its_client_expects(expected: Expectation, met_at: set[int]) -> None:
    for version, events in enumerate([(), (E1,), (E1, E2)]):
        outcome = given(*events).when(E3, expected=expected)
        if version in met_at:
            outcome.then_appended("e3")
        else:
            outcome.then_rejected(VersionMismatch, current=version)


def test_who_names_a_version_by_a_weak_tag_is_told_that_it_never_matches() -> None:
    given(E1).when(E2, expected=Expectation(one_of=[], weak=True)).then_rejected(WeakTag, current=1)
    given(E1).when(E2, expected=Expectation(one_of=[1], weak=True)).then_appended("e2")


def test_an_event_whose_leaf_would_not_fit_is_refused_with_its_size() -> None:
    patch = {f"member_{letters}": "字" * 500 for letters in map("".join, permutations("abcdefgh", 2))}
    given(E1).when(E2.corrected("e9", **patch, called="c1")).then_rejected(
        EventTooLarge, pointer="/events/1", limit_bytes=65_535
    )
