"""What stands of a stream after its corrections and voids, in every order."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import asdict

from contracts.events.catalogue import RegistrationGranted, TrainingCompleted
from contracts.events.codec import NewEvent
from contracts.events.revisions import Stream, merge_patch, resolve
from services.ledger.domain.career import as_recorded
from services.ledger.domain.revised import revised
from tests.deciding import correction, data, event, id_of, training, void


def standing(*events: NewEvent) -> Stream:
    return resolve([as_recorded(one, number, number) for number, one in enumerate(events, 1)])


def amounts(stream: Stream) -> list[str]:
    return [fact.data.amount for fact in stream.facts if isinstance(fact.data, TrainingCompleted)]


def problems(stream: Stream) -> dict[str, str]:
    return {finding.event_id: finding.problem for finding in stream.findings}


def test_an_event_stands_as_it_was_recorded() -> None:
    stream = standing(training("e1"))
    assert amounts(stream) == ["12.5"]
    assert (stream.voided, stream.findings) == ((), ())


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_voided_event_never_counted(order: Sequence[int]) -> None:
    told = [training("e1"), void("v1", "e1")]
    stream = standing(*(told[index] for index in order))
    assert stream.facts == ()
    assert [fact.event_id for fact in stream.voided] == [str(id_of("e1"))]
    assert stream.findings == ()


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_corrected_event_reads_as_corrected(order: Sequence[int]) -> None:
    told = [training("e1"), correction("c1", "e1", occurred_on="2024-05-07", **data(amount="13"))]
    (fact,) = standing(*(told[index] for index in order)).facts
    assert isinstance(fact.data, TrainingCompleted)
    assert (fact.data.amount, fact.occurred_on.isoformat()) == ("13", "2024-05-07")
    assert [one.event_id for one in fact.evidence] == [str(id_of("e1")), str(id_of("c1"))]


def test_corrections_apply_in_the_order_of_their_positions() -> None:
    first, second = correction("c1", "e1", **data(amount="13")), correction("c2", "e1", **data(amount="14"))
    assert amounts(standing(training("e1"), first, second)) == ["14"]
    assert amounts(standing(second, first, training("e1"))) == ["13"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_corrected_correction_applies_as_corrected(order: Sequence[int]) -> None:
    told = [
        training("e1"),
        correction("c1", "e1", **data(amount="13")),
        correction("c2", "c1", **data(set={"data": {"amount": "14"}})),
    ]
    stream = standing(*(told[index] for index in order))
    assert amounts(stream) == ["14"]
    assert stream.findings == ()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_voided_correction_does_not_apply(order: Sequence[int]) -> None:
    told = [training("e1"), correction("c1", "e1", **data(amount="13")), void("v1", "c1")]
    assert amounts(standing(*(told[index] for index in order))) == ["12.5"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_void_cannot_be_voided(order: Sequence[int]) -> None:
    told = [training("e1"), void("v1", "e1"), void("v2", "v1")]
    stream = standing(*(told[index] for index in order))
    assert stream.facts == ()
    assert problems(stream) == {str(id_of("v2")): "void_of_a_void"}


def test_a_second_void_changes_nothing() -> None:
    stream = standing(training("e1"), void("v1", "e1"), void("v2", "e1"))
    assert (stream.facts, stream.findings) == ((), ())


def test_corrections_in_a_circle_do_not_apply() -> None:
    circle = [correction("c1", "c2", **data(reason="x")), correction("c2", "c1", **data(reason="y"))]
    into_it = correction("c3", "c1", **data(reason="z"))
    stream = standing(training("e1"), *circle, into_it)
    assert problems(stream) == {str(id_of("c1")): "correction_cycle", str(id_of("c2")): "correction_cycle"}
    assert amounts(stream) == ["12.5"]


def test_a_revision_without_its_target_is_a_finding() -> None:
    assert problems(standing(void("v1", "e9"), correction("c1", "e9", **data(amount="13")))) == {
        str(id_of("v1")): "target_unknown",
        str(id_of("c1")): "target_unknown",
    }


def test_a_correction_that_would_make_its_target_invalid_does_not_apply() -> None:
    stream = standing(correction("c1", "e1", **data(amount="1e3")), training("e1"))
    assert amounts(stream) == ["12.5"]
    assert problems(stream) == {str(id_of("c1")): "target_would_be_invalid"}


def test_a_correction_cannot_move_a_revision_to_another_target() -> None:
    moved = correction("c1", "v1", **data(target=str(id_of("e2"))))
    stream = standing(training("e1"), training("e2", amount="1"), void("v1", "e1"), moved)
    assert amounts(stream) == ["1"]
    assert problems(stream) == {str(id_of("c1")): "target_would_be_invalid"}


def test_a_member_is_removed_by_null() -> None:
    granted = event("e1", "registration.granted", first=True, valid_from="2024-01-01", valid_until="2026-12-31")
    (fact,) = standing(granted, correction("c1", "e1", **data(valid_until=None))).facts
    assert asdict(fact.data) == asdict(RegistrationGranted(first=True, valid_from=date(2024, 1, 1)))


def test_what_corrects_and_voids_an_event_leaves_out_what_has_no_effect() -> None:
    told = [
        training("e1"),
        correction("c1", "e1", **data(amount="13")),
        correction("c2", "e1", **data(amount="14")),
        correction("c3", "e1", **data(amount="1e3")),
        void("v1", "c2"),
        void("v2", "e1"),
    ]
    found = revised([as_recorded(one, number, number) for number, one in enumerate(told, 1)], str(id_of("e1")))
    assert found.corrected_by == [str(id_of("c1"))]
    assert found.voided_by == [str(id_of("v2"))]


REVISIONS = st.lists(
    st.one_of(
        st.builds(lambda n, t: ("void", n, t), st.integers(0, 9), st.integers(0, 9)),
        st.builds(lambda n, t: ("amount", n, t), st.integers(0, 9), st.integers(0, 9)),
        st.builds(lambda n, t: ("invalid", n, t), st.integers(0, 9), st.integers(0, 9)),
        st.builds(lambda n, t: ("reason", n, t), st.integers(0, 9), st.integers(0, 9)),
    ),
    unique_by=lambda one: one[1],
    max_size=8,
)


def told_as(kind: str, name: int, target: int) -> NewEvent:
    match kind:
        case "void":
            return void(f"n{name}", f"n{target}")
        case "amount":
            return correction(f"n{name}", f"n{target}", **data(amount=f"{name + 1}"))
        case "invalid":
            return correction(f"n{name}", f"n{target}", **data(amount="1e3"))
    return correction(f"n{name}", f"n{target}", **data(reason=f"by {name}"))


@for_all(REVISIONS, st.integers(0, 9), st.integers(0, 8))
def test_when_the_fact_arrives_makes_no_difference(
    revisions: list[tuple[str, int, int]], fact: int, before: int
) -> None:
    """The order of corrections matters; whether the fact comes before, between or after them must not."""
    told = [told_as(*one) for one in revisions if one[1] != fact]
    early = standing(training(f"n{fact}"), *told)
    late = standing(*told[:before], training(f"n{fact}"), *told[before:])
    assert amounts(early) == amounts(late)
    assert len(early.voided) == len(late.voided)
    assert problems(early) == problems(late)


@for_all(REVISIONS)
def test_whatever_is_recorded_can_be_read(revisions: list[tuple[str, int, int]]) -> None:
    stream = standing(training("n0"), *(told_as(*one) for one in revisions if one[1] != 0))
    assert len(stream.facts) + len(stream.voided) == 1


def test_a_merge_patch_leaves_its_arguments_alone() -> None:
    target, patch = {"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": {"e": None, "f": 3}}}
    assert merge_patch(target, patch) == {"a": {"c": 2, "d": {"f": 3}}}
    assert target == {"a": {"b": 1, "c": 2}}
