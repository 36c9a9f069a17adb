"""Deciding on the revisions alone agrees with deciding on the whole stream, and costs a step for each of them."""

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.events.catalogue import CORRECTION, REVISION_TYPES, VOID
from contracts.events.codec import InvalidEvent, NewEvent
from contracts.events.revisions import Recorded, corrected, reading_of
from contracts.events.revisions import target_of as recorded_target
from contracts.events.versions import Versions
from services.ledger.domain import stream as module
from services.ledger.domain.career import Append, Career, KnownEvent, Receipt, as_recorded, target_of
from services.ledger.domain.decide import decide
from services.ledger.domain.rejections import Rejection, TargetWouldBeInvalid, VoidOfAVoid
from services.ledger.domain.stream import GrowingStream
from tests.deciding import ME, given, new_events, uuid_of
from tests.lives import Life, id_of, recorded, someone

NAMES = [f"n{number}" for number in range(8)]
PATCHES: list[dict[str, Any]] = [
    {"amount": "1"},
    {"amount": "2"},
    {"amount": "1e3"},
    {"reason": "by another"},
    {"target": id_of("n0")},
    {"nickname": "x"},  # Valid in no event: what it is applied to no longer applies itself.
    {"set": {"data": {"amount": "3"}}},
    {"set": {"data": {"nickname": "x"}}},
    {"set": {"data": {"nickname": None}}},
    {"set": {"data": {"set": {"data": {"amount": "4"}}}}},
    {"occurred_on": "2024-05-07"},
]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Facts, voids and corrections of eight names in any order; what they name may come later, or never.

    Most name one of the last two events, so that chains come about, and circles where these name them in turn.
    """
    made = someone
    names = draw(st.permutations(NAMES))
    for index, name in enumerate(names):
        near = st.sampled_from(names[max(0, index - 2) : index + 2])
        target = draw(st.one_of(near, near, st.sampled_from(NAMES)))
        kind = draw(st.sampled_from(["fact", "void", "correction", "correction", "correction"] if index else ["fact"]))
        if kind == "fact":
            made = made.trained(called=name)
        elif kind == "void":
            made = made.voided(target, called=name)
        else:
            made = made.corrected(target, **draw(st.sampled_from(PATCHES)), called=name)
    return made


def assert_reads_alike(stream: GrowingStream, whole: Sequence[Recorded]) -> None:
    for one in whole:
        assert stream.reading(one.event_id) == reading_of(whole, one.event_id)


@for_all(lives(), st.lists(st.sets(st.sampled_from(NAMES)), min_size=8, max_size=8))
def test_a_stream_that_grows_reads_as_the_whole_stream_does(told: Life, asked: list[set[str]]) -> None:
    """Whichever events were read before."""
    stream = GrowingStream()
    whole: list[Recorded] = []
    for one, names in zip(recorded(told), asked, strict=True):
        stream.add(one)
        whole.append(one)
        for known in whole:
            if known.event_id in {id_of(name) for name in names}:
                assert stream.reading(known.event_id) == reading_of(whole, known.event_id)
    assert_reads_alike(stream, whole)


@for_all(lives(), st.integers(0, 8), st.sets(st.sampled_from(NAMES)), st.booleans())
def test_a_rehearsal_leaves_nothing_behind(told: Life, before: int, asked: set[str], read_all_before: bool) -> None:
    whole = recorded(told)
    stream = GrowingStream(whole[:before])
    if read_all_before:
        assert_reads_alike(stream, whole[:before])
    with stream.rehearsal():
        for one in whole[before:]:
            stream.add(one)
        for name in asked:
            stream.reading(id_of(name))
    assert [*stream.events.values()] == [*whole[:before]]
    assert_reads_alike(stream, whole[:before])
    named = {recorded_target(one) for one in whole[:before] if one.type in REVISION_TYPES}
    assert {name for name in NAMES if stream.names(id_of(name))} == {name for name in NAMES if id_of(name) in named}
    for one in whole[before:]:
        stream.add(one)
    assert_reads_alike(stream, whole)


HISTORIES = {
    "patches that reach down a chain": (
        someone.trained(called="n0")
        .corrected("n0", amount="1", called="n1")
        .corrected("n1", set={"data": {"amount": "2"}}, called="n2")
        .corrected("n2", set={"data": {"set": {"data": {"amount": "3"}}}}, called="n3")
    ),
    "patches that switch each other off, and a void": (
        someone.trained(called="n0")
        .corrected("n0", amount="1", called="n1")
        .corrected("n1", set={"data": {"nickname": "x"}}, called="n2")
        .corrected("n2", set={"data": {"nickname": "x"}}, called="n3")
        .voided("n3", called="n4")
    ),
    "a circle of three and a correction of it": (
        someone.corrected("n2", reason="1", called="n1")
        .corrected("n3", reason="2", called="n2")
        .corrected("n1", reason="3", called="n3")
        .corrected("n1", set={"data": {"reason": "4"}}, called="n4")
    ),
    "a circle through a void": (
        someone.trained(called="n0")
        .voided("n2", called="n1")
        .corrected("n3", reason="2", called="n2")
        .corrected("n1", reason="3", called="n3")
        .corrected("n3", set={"data": {"reason": "4"}}, called="n4")
    ),
}


@pytest.mark.parametrize("told", HISTORIES.values(), ids=HISTORIES)
def test_in_every_order_each_event_and_each_rehearsal_reads_as_the_whole_stream_does(told: Life) -> None:
    for order in permutations(told):
        whole = recorded(sum(order, someone))
        stream = GrowingStream()
        for count, one in enumerate(whole, 1):
            stream.add(one)
            assert_reads_alike(stream, whole[:count])
            with stream.rehearsal():
                for later in whole[count:]:
                    stream.add(later)
                assert_reads_alike(stream, whole)
            assert_reads_alike(stream, whole[:count])


def refusal_on_the_whole(whole: Sequence[Recorded], new: Sequence[NewEvent]) -> tuple[type[Rejection], str] | None:
    """Return which rejection the first refused event meets, and where, looking at all events each time."""
    events = list(whole)
    for index, one in enumerate(new):
        known = {other.event_id: other for other in events}
        next_one = as_recorded(one, 0, 0)
        if one.type == VOID:
            void_itself = {**known, next_one.event_id: next_one}.get(str(target_of(one)))
            if void_itself is not None and void_itself.type == VOID:
                return VoidOfAVoid, f"/events/{index}/data/target"
        named = {recorded_target(other) for other in events if other.type in REVISION_TYPES}
        if one.type == CORRECTION and next_one.event_id not in named and str(target_of(one)) in known:
            try:
                corrected(reading_of(events, str(target_of(one))), next_one)
            except InvalidEvent:
                return TargetWouldBeInvalid, f"/events/{index}/data/set"
        events.append(next_one)
    return None


@for_all(lives(), st.lists(st.integers(1, 3), min_size=8, max_size=8))
def test_the_revisions_and_the_targets_decide_as_the_whole_stream_does(told: Life, sizes: list[int]) -> None:
    """Commands of one to three events, each after those that were accepted before it."""
    whole: list[Recorded] = []
    stream = GrowingStream()
    for size in sizes:
        new, told = new_events(told[:size]), told[size:]
        if not new:
            return
        targets = {str(target_of(one)) for one in new if one.type in REVISION_TYPES}
        for one in whole:
            if one.event_id in targets and one.event_id not in stream.events:
                stream.add(one)
        expected = refusal_on_the_whole(whole, new)
        career = Career(len(whole), known_of(whole), stream)
        if expected:
            with pytest.raises(expected[0]) as refused:
                decide(career, Append(ME, new))
            assert refused.value.pointer == expected[1]  # type: ignore[attr-defined]  # Both kinds have one.
            continue
        decide(career, Append(ME, new))
        for one in new:
            whole.append(as_recorded(one, len(whole) + 1, len(whole) + 1))
            if one.type in REVISION_TYPES:
                stream.add(whole[-1])


def known_of(whole: Sequence[Recorded]) -> dict[Any, KnownEvent]:
    nothing = Receipt.of(uuid_of("nothing"), 0, 0, "", b"")
    return {uuid_of(name): KnownEvent(ME, b"", nothing) for name in NAMES if id_of(name) in {e.event_id for e in whole}}


LENGTH = 300


def chain(number: int) -> Life:
    if not number:
        return someone.corrected("fact", amount="13", called="c0")
    return someone.corrected(f"c{number - 1}", reason="x", called=f"c{number}")


def chain_of_patches_that_switch_each_other_off(number: int) -> Life:
    if not number:
        return chain(number)
    return someone.corrected(f"c{number - 1}", set={"data": {"amount": "13"}}, called=f"c{number}")


def many_of_one_event(number: int) -> Life:
    return someone.corrected("fact", amount=f"{number + 1}", called=f"c{number}")


def each_corrected_itself(number: int) -> Life:
    return many_of_one_event(number).corrected(f"c{number}", set={"data": {"amount": "13"}}, called=f"d{number}")


def every_other_one_voided(number: int) -> Life:
    corrected_itself = each_corrected_itself(number)
    return corrected_itself.voided(f"c{number}", called=f"v{number}") if number % 2 else corrected_itself


def a_chain_beside_corrections_of_its_root(number: int) -> Life:
    return chain(number).corrected("fact", amount=f"{number + 1}", called=f"d{number}")


SHAPES = [
    chain,
    chain_of_patches_that_switch_each_other_off,
    many_of_one_event,
    each_corrected_itself,
    every_other_one_voided,
    a_chain_beside_corrections_of_its_root,
]


@pytest.mark.parametrize("together", [False, True], ids=["one event a command", "several events a command"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_deciding_costs_a_few_patches_for_each_event(
    shape: Callable[[int], Life], together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    patches = 0

    def counted(target: Recorded, patch: Recorded, versions: Versions) -> Recorded:
        nonlocal patches
        patches += 1
        return corrected(target, patch, versions)

    monkeypatch.setattr(module, "corrected", counted)
    stream = GrowingStream(recorded(someone.trained(called="fact")))
    told = 0
    for number in range(LENGTH):
        new = new_events(shape(number))
        for command in [new] if together else [[one] for one in new]:
            decide(Career(0, {}, stream), Append(ME, command))
            for one in command:
                stream.add(as_recorded(one, 0, 0))
        told += len(new)
    assert patches <= 3 * told


def test_a_long_chain_of_corrections_is_decided() -> None:
    chain = someone.trained(called="c0").corrected("c0", amount="13", called="c1")
    for n in range(2, 2_000):
        chain = chain.corrected(f"c{n - 1}", reason=f"reason {n}", called=f"c{n}")
    given(chain).when(someone.corrected("c1999", reason="the last", called="last")).then_appended("last")
