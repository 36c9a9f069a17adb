"""What stands of a stream after its corrections and voids, in every order."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest
from msgspec.structs import asdict

from contracts.events.catalogue import RegistrationGranted, TrainingCompleted
from contracts.events.facts import Stream
from contracts.events.revisions import merge_patch, resolve
from services.ledger.domain.revised_by import revised_by
from tests.lives import Life, id_of, recorded, someone


def standing(*lives: Life) -> Stream:
    """Return what stands of lives, one after another."""
    return resolve(recorded(sum(lives, someone)))


def amounts(stream: Stream) -> list[str]:
    return [fact.data.amount for fact in stream.facts if isinstance(fact.data, TrainingCompleted)]


def problems(stream: Stream) -> dict[str, str]:
    return {finding.event_id: finding.problem for finding in stream.findings}


def test_an_event_stands_as_it_was_recorded() -> None:
    stream = standing(someone.trained(called="e1"))
    assert amounts(stream) == ["12.5"]
    assert (stream.voided, stream.findings) == ((), ())


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_voided_event_never_counted(order: Sequence[int]) -> None:
    life = [*someone.trained(called="e1").voided("e1", called="v1")]
    stream = standing(*(life[index] for index in order))
    assert stream.facts == ()
    assert [fact.event_id for fact in stream.voided] == [id_of("e1")]
    assert stream.findings == ()


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_corrected_event_reads_as_corrected(order: Sequence[int]) -> None:
    life = [*someone.trained(called="e1").corrected("e1", occurred_on="2024-05-07", amount="13", called="c1")]
    (fact,) = standing(*(life[index] for index in order)).facts
    assert isinstance(fact.data, TrainingCompleted)
    assert (fact.data.amount, fact.occurred_on.isoformat()) == ("13", "2024-05-07")
    assert [revision.event_id for revision in fact.evidence] == [id_of("e1"), id_of("c1")]


def test_corrections_apply_in_the_order_of_their_positions() -> None:
    first, second = someone.corrected("e1", amount="13", called="c1"), someone.corrected("e1", amount="14", called="c2")
    assert amounts(standing(someone.trained(called="e1"), first, second)) == ["14"]
    assert amounts(standing(second, first, someone.trained(called="e1"))) == ["13"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_corrected_correction_applies_as_corrected(order: Sequence[int]) -> None:
    life = [
        *someone.trained(called="e1")
        .corrected("e1", amount="13", called="c1")
        .corrected("c1", set={"data": {"amount": "14"}}, called="c2")
    ]
    stream = standing(*(life[index] for index in order))
    assert amounts(stream) == ["14"]
    assert stream.findings == ()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_voided_correction_does_not_apply(order: Sequence[int]) -> None:
    life = [*someone.trained(called="e1").corrected("e1", amount="13", called="c1").voided("c1", called="v1")]
    assert amounts(standing(*(life[index] for index in order))) == ["12.5"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_void_cannot_be_voided(order: Sequence[int]) -> None:
    life = [*someone.trained(called="e1").voided("e1", called="v1").voided("v1", called="v2")]
    stream = standing(*(life[index] for index in order))
    assert stream.facts == ()
    assert problems(stream) == {id_of("v2"): "void_of_a_void"}


def test_a_second_void_changes_nothing() -> None:
    stream = standing(someone.trained(called="e1").voided("e1", called="v1").voided("e1", called="v2"))
    assert (stream.facts, stream.findings) == ((), ())


def test_corrections_in_a_circle_do_not_apply() -> None:
    circle = someone.corrected("c2", reason="x", called="c1").corrected("c1", reason="y", called="c2")
    into_it = someone.corrected("c1", reason="z", called="c3")
    stream = standing(someone.trained(called="e1"), circle, into_it)
    assert problems(stream) == {id_of("c1"): "correction_cycle", id_of("c2"): "correction_cycle"}
    assert amounts(stream) == ["12.5"]


def test_a_revision_without_its_target_is_a_finding() -> None:
    assert problems(standing(someone.voided("e9", called="v1").corrected("e9", amount="13", called="c1"))) == {
        id_of("v1"): "target_unknown",
        id_of("c1"): "target_unknown",
    }


def test_a_correction_that_would_make_its_target_invalid_does_not_apply() -> None:
    stream = standing(someone.corrected("e1", amount="1e3", called="c1").trained(called="e1"))
    assert amounts(stream) == ["12.5"]
    assert problems(stream) == {id_of("c1"): "target_would_be_invalid"}


def test_a_correction_cannot_move_a_revision_to_another_target() -> None:
    life = someone.trained(called="e1").trained(amount="1", called="e2").voided("e1", called="v1")
    stream = standing(life.corrected("v1", target=id_of("e2"), called="c1"))
    assert amounts(stream) == ["1"]
    assert problems(stream) == {id_of("c1"): "target_would_be_invalid"}


def test_a_member_is_removed_by_null() -> None:
    (fact,) = standing(someone.registered("2024-01-01", "2026-12-31").corrected(1, valid_until=None)).facts
    assert asdict(fact.data) == asdict(RegistrationGranted(first=True, valid_from=date(2024, 1, 1)))


def test_what_corrects_and_voids_an_event_leaves_out_what_has_no_effect() -> None:
    life = (
        someone.trained(called="e1")
        .corrected("e1", amount="13", called="c1")
        .corrected("e1", amount="14", called="c2")
        .corrected("e1", amount="1e3", called="c3")
        .voided("c2", called="v1")
        .voided("e1", called="v2")
    )
    revision = revised_by(recorded(life), id_of("e1"))
    assert revision.corrected_by == [id_of("c1")]
    assert revision.voided_by == [id_of("v2")]


def test_a_merge_patch_leaves_its_arguments_alone() -> None:
    target, patch = {"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": {"e": None, "f": 3}}}
    assert merge_patch(target, patch) == {"a": {"c": 2, "d": {"f": 3}}}
    assert target == {"a": {"b": 1, "c": 2}}
