"""Corrections and voids in every order in which they may arrive (design §3)."""

import pytest

from contracts.events.codec import NewEvent
from services.ledger.domain.rejections import (
    TargetOfAnotherPractitioner,
    TargetWouldBeInvalid,
    VoidOfAVoid,
)
from tests.deciding import SOMEBODY_ELSE, correction, data, event, given, id_of, training, void

REVISIONS = [void("r1", "e1"), correction("r1", "e1", **data(amount="13"))]
BY_KIND = pytest.mark.parametrize("revision", REVISIONS, ids=["void", "correction"])
TARGET = "/events/0/data/target"


def promoted(name: str) -> NewEvent:
    return event(name, "registration.granted", first=True, valid_from="2024-01-01", valid_until="2026-12-31")


@BY_KIND
def test_a_revision_may_follow_its_target(revision: NewEvent) -> None:
    given(training("e1")).when(revision).then_appended("r1")


@BY_KIND
def test_a_revision_may_come_before_its_target(revision: NewEvent) -> None:
    given().when(revision).then_appended("r1")
    given(revision).when(training("e1")).then_appended("e1")


@BY_KIND
def test_a_revision_and_its_target_may_come_together_in_either_order(revision: NewEvent) -> None:
    given().when(training("e1"), revision).then_appended("e1", "r1")
    given().when(revision, training("e1")).then_appended("r1", "e1")


@BY_KIND
def test_a_revision_of_another_practitioners_event_is_refused(revision: NewEvent) -> None:
    given((SOMEBODY_ELSE, training("e1"))).when(revision).then_rejected(
        TargetOfAnotherPractitioner, target=id_of("e1"), pointer=TARGET
    )


@BY_KIND
def test_a_revision_of_a_rule_event_is_refused(revision: NewEvent) -> None:
    adopted = event("e1", "policy.adopted", jurisdiction="510100", edition="2024-01-01", digest="sha256:" + "0" * 64)
    given(("_rules", adopted)).when(revision).then_rejected(TargetOfAnotherPractitioner)


@BY_KIND
def test_a_target_that_comes_later_in_another_stream_is_accepted(revision: NewEvent) -> None:
    given(revision).when(training("e1"), to=SOMEBODY_ELSE).then_appended("e1")


def test_a_void_cannot_be_voided() -> None:
    given(training("e1"), void("v1", "e1")).when(void("v2", "v1")).then_rejected(
        VoidOfAVoid, target=id_of("v1"), pointer=TARGET
    )


def test_a_void_that_was_named_by_an_earlier_void_is_accepted() -> None:
    given(training("e1"), void("v2", "v1")).when(void("v1", "e1")).then_appended("v1")


def test_a_void_of_itself_is_refused() -> None:
    given().when(void("v1", "v1")).then_rejected(VoidOfAVoid)


def test_a_second_void_of_one_event_is_accepted() -> None:
    given(training("e1"), void("v1", "e1")).when(void("v2", "e1")).then_appended("v2")


def test_a_correction_may_be_voided() -> None:
    given(training("e1"), correction("c1", "e1", **data(amount="13"))).when(void("v1", "c1")).then_appended("v1")


def test_a_correction_may_be_corrected() -> None:
    again = correction("c2", "c1", **data(set={"data": {"amount": "14"}}))
    given(training("e1"), correction("c1", "e1", **data(amount="13"))).when(again).then_appended("c2")


@pytest.mark.parametrize(
    "patch",
    [data(amount="1e3"), data(amount=None), data(nickname="x"), data(sessions=[{"day": "2024-05-06", "amount": "1"}])],
    ids=["malformed member", "member removed that must be there", "unknown member", "sessions that do not add up"],
)
def test_a_correction_that_would_make_its_target_invalid_is_refused(patch: dict[str, object]) -> None:
    given(training("e1")).when(correction("c1", "e1", **patch)).then_rejected(
        TargetWouldBeInvalid, target=id_of("e1"), pointer="/events/0/data/set"
    )


def test_a_target_that_an_earlier_correction_would_make_invalid_is_accepted() -> None:
    given(correction("c1", "e1", **data(amount="1e3"))).when(training("e1")).then_appended("e1")


def test_a_correction_that_an_earlier_one_would_make_useless_is_accepted() -> None:
    before = correction("c2", "c1", **data(set={"data": {"amount": "1e3"}}))
    given(training("e1"), before).when(correction("c1", "e1", **data(amount="13"))).then_appended("c1")


def test_a_correction_cannot_turn_the_target_of_another_one() -> None:
    turned = correction("c2", "c1", **data(target=str(id_of("e2"))))
    given(training("e1"), training("e2"), correction("c1", "e1", **data(amount="13"))).when(turned).then_rejected(
        TargetWouldBeInvalid, target=id_of("c1")
    )


def test_a_correction_that_closes_a_circle_is_accepted_and_changes_nothing() -> None:
    """Its target is known and stays valid; that neither applies is a finding."""
    first = correction("c1", "c2", **data(reason="x"))
    given(first).when(correction("c2", "c1", **data(reason="y"))).then_appended("c2")
    given().when(correction("c1", "c1", **data(reason="x"))).then_appended("c1")


def test_a_correction_that_keeps_another_from_applying_is_accepted() -> None:
    """No event is invalid by it; that c2 no longer applies is a finding."""
    later = correction("c1", "e1", **data(valid_until="2024-06-30"))
    earlier_start = correction("c2", "e1", **data(valid_from="2024-06-01"))
    moved = correction("c3", "c1", **data(set={"data": {"valid_until": "2024-03-31"}}))
    given(promoted("e1"), later, earlier_start).when(moved).then_appended("c3")


def test_each_correction_of_a_batch_is_checked_against_what_the_ones_before_it_leave() -> None:
    shorter = correction("c1", "e1", **data(valid_until="2024-06-30"))
    too_late = correction("c2", "e1", **data(valid_from="2024-07-01"))
    given(promoted("e1")).when(too_late, shorter).then_rejected(TargetWouldBeInvalid, pointer="/events/1/data/set")
    given(promoted("e1")).when(shorter, void("v1", "c1"), too_late).then_appended("c1", "v1", "c2")


def test_a_void_may_keep_a_correction_from_applying() -> None:
    later = correction("c1", "e1", **data(valid_until="2027-12-31"))
    start = correction("c2", "e1", **data(valid_from="2027-06-01"))
    given(promoted("e1"), later, start).when(void("v1", "c1")).then_appended("v1")


def test_revisions_of_other_events_do_not_matter() -> None:
    broken = correction("c0", "e0", **data(amount="1e3"))
    given(broken, training("e0"), training("e1")).when(correction("c1", "e1", **data(amount="13"))).then_appended("c1")


def test_a_long_chain_of_corrections_is_decided() -> None:
    chain = [training("c0"), correction("c1", "c0", **data(amount="13"))]
    chain += [correction(f"c{n}", f"c{n - 1}", **data(reason=f"reason {n}")) for n in range(2, 2_000)]
    given(*chain).when(correction("last", "c1999", **data(reason="the last"))).then_appended("last")
