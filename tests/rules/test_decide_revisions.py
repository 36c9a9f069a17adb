"""Corrections and voids in every order in which they may arrive (design §3)."""

import pytest

from services.ledger.domain.rejections import (
    TargetOfAnotherPractitioner,
    TargetWouldBeInvalid,
    VoidOfAVoid,
)
from tests.deciding import E1, E2, SOMEBODY_ELSE, given, uuid_of
from tests.lives import Life, id_of, someone

REVISIONS = [someone.voided("e1", called="r1"), someone.corrected("e1", amount="13", called="r1")]
BY_KIND = pytest.mark.parametrize("revision", REVISIONS, ids=["void", "correction"])
TARGET = "/events/0/data/target"


REGISTERED = someone.registered("2024-01-01", "2026-12-31", called="e1")


@BY_KIND
def test_a_revision_may_follow_its_target(revision: Life) -> None:
    given(E1).when(revision).then_appended("r1")


@BY_KIND
def test_a_revision_may_come_before_its_target(revision: Life) -> None:
    given().when(revision).then_appended("r1")
    given(revision).when(E1).then_appended("e1")


@BY_KIND
def test_a_revision_and_its_target_may_come_together_in_either_order(revision: Life) -> None:
    given().when(E1, revision).then_appended("e1", "r1")
    given().when(revision, E1).then_appended("r1", "e1")


@BY_KIND
def test_a_revision_of_another_practitioners_event_is_refused(revision: Life) -> None:
    given((SOMEBODY_ELSE, E1)).when(revision).then_rejected(
        TargetOfAnotherPractitioner, target=uuid_of("e1"), pointer=TARGET
    )


@BY_KIND
def test_a_revision_of_a_rule_event_is_refused(revision: Life) -> None:
    given(("_rules", someone.policy_adopted(called="e1"))).when(revision).then_rejected(TargetOfAnotherPractitioner)


@BY_KIND
def test_a_target_that_comes_later_in_another_stream_is_accepted(revision: Life) -> None:
    given(revision).when(E1, to=SOMEBODY_ELSE).then_appended("e1")


def test_a_void_cannot_be_voided() -> None:
    given(E1.voided("e1", called="v1")).when(someone.voided("v1", called="v2")).then_rejected(
        VoidOfAVoid, target=uuid_of("v1"), pointer=TARGET
    )


def test_a_void_that_was_named_by_an_earlier_void_is_accepted() -> None:
    given(E1.voided("v1", called="v2")).when(someone.voided("e1", called="v1")).then_appended("v1")


def test_a_void_of_itself_is_refused() -> None:
    given().when(someone.voided("v1", called="v1")).then_rejected(VoidOfAVoid)


def test_a_second_void_of_one_event_is_accepted() -> None:
    given(E1.voided("e1", called="v1")).when(someone.voided("e1", called="v2")).then_appended("v2")


def test_a_correction_may_be_voided() -> None:
    given(E1.corrected("e1", amount="13", called="c1")).when(someone.voided("c1", called="v1")).then_appended("v1")


def test_a_correction_may_be_corrected() -> None:
    again = someone.corrected("c1", set={"data": {"amount": "14"}}, called="c2")
    given(E1.corrected("e1", amount="13", called="c1")).when(again).then_appended("c2")


@pytest.mark.parametrize(
    "patch",
    [{"amount": "1e3"}, {"amount": None}, {"nickname": "x"}, {"sessions": [{"day": "2024-05-06", "amount": "1"}]}],
    ids=["malformed member", "member removed that must be there", "unknown member", "sessions that do not add up"],
)
def test_a_correction_that_would_make_its_target_invalid_is_refused(patch: dict[str, object]) -> None:
    given(E1).when(someone.corrected("e1", **patch, called="c1")).then_rejected(
        TargetWouldBeInvalid, target=uuid_of("e1"), pointer="/events/0/data/set"
    )


def test_a_target_that_an_earlier_correction_would_make_invalid_is_accepted() -> None:
    given(someone.corrected("e1", amount="1e3", called="c1")).when(E1).then_appended("e1")


def test_a_correction_that_an_earlier_one_would_make_useless_is_accepted() -> None:
    before = someone.corrected("c1", set={"data": {"amount": "1e3"}}, called="c2")
    given(E1, before).when(someone.corrected("e1", amount="13", called="c1")).then_appended("c1")


def test_a_correction_cannot_turn_the_target_of_another_one() -> None:
    turned = someone.corrected("c1", target=id_of("e2"), called="c2")
    given(E1, E2.corrected("e1", amount="13", called="c1")).when(turned).then_rejected(
        TargetWouldBeInvalid, target=uuid_of("c1")
    )


def test_a_correction_that_closes_a_circle_is_accepted_and_changes_nothing() -> None:
    """Its target is known and stays valid; that neither applies is a finding."""
    first = someone.corrected("c2", reason="x", called="c1")
    given(first).when(someone.corrected("c1", reason="y", called="c2")).then_appended("c2")
    given().when(someone.corrected("c1", reason="x", called="c1")).then_appended("c1")


def test_a_correction_that_keeps_another_from_applying_is_accepted() -> None:
    """No event is invalid by it; that c2 no longer applies is a finding."""
    later = someone.corrected("e1", valid_until="2024-06-30", called="c1")
    earlier_start = someone.corrected("e1", valid_from="2024-06-01", called="c2")
    moved = someone.corrected("c1", set={"data": {"valid_until": "2024-03-31"}}, called="c3")
    given(REGISTERED, later, earlier_start).when(moved).then_appended("c3")


def test_each_correction_of_a_batch_is_checked_against_what_the_ones_before_it_leave() -> None:
    shorter = someone.corrected("e1", valid_until="2024-06-30", called="c1")
    too_late = someone.corrected("e1", valid_from="2024-07-01", called="c2")
    given(REGISTERED).when(too_late, shorter).then_rejected(TargetWouldBeInvalid, pointer="/events/1/data/set")
    given(REGISTERED).when(shorter, someone.voided("c1", called="v1"), too_late).then_appended("c1", "v1", "c2")


def test_a_void_may_keep_a_correction_from_applying() -> None:
    later = someone.corrected("e1", valid_until="2027-12-31", called="c1")
    start = someone.corrected("e1", valid_from="2027-06-01", called="c2")
    given(REGISTERED, later, start).when(someone.voided("c1", called="v1")).then_appended("v1")


def test_revisions_of_other_events_do_not_matter() -> None:
    broken = someone.corrected("e0", amount="1e3", called="c0")
    given(broken, someone.trained(called="e0"), E1).when(
        someone.corrected("e1", amount="13", called="c1")
    ).then_appended("c1")
