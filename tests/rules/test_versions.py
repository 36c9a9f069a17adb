"""What is stored reads as it did, whatever its type has become since."""

from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET, UnsetType, structs
from msgspec.structs import asdict

from contracts.events.catalogue import ALL_TYPES, CORRECTION, Data, EventCorrected, Session, TrainingCompleted
from contracts.events.codec import (
    NewEvent,
    in_todays_version,
    leaf_bytes,
    read_leaf,
)
from contracts.events.revisions import Recorded, corrected, resolve
from contracts.events.schema import event_schema, schema_name
from contracts.events.versions import VERSIONS, BrokenPromise, Step, Versions
from services.core.facts.fold import fold
from services.ledger.domain.career import Append, Career, KnownEvent, Receipt, as_recorded
from services.ledger.domain.decide import decide
from services.ledger.domain.rejections import EventIdTaken, TargetWouldBeInvalid
from services.ledger.domain.stream import GrowingStream
from tests.deciding import E1, INSTANT, ME, new_event, uuid_of
from tests.lives import someone
from tests.releases import LATER, TODAY, TOMORROW, TRAINING

SCHEMAS = Path(__file__).parents[2] / "contracts/schemas/events"
HELD_IN_ENGLISH = someone.trained(language="en", called="e1")
LONGER = someone.corrected("e1", amount="13", called="c1")
IN_ENGLISH = someone.corrected("e1", language="en", called="c1")


# What no next version may be.


class Renamed(Data, frozen=True):
    amount: str
    unit: str
    topics: tuple[str, ...]


class WithAPrice(TrainingCompleted, frozen=True, kw_only=True):
    price: int


class WithANumber(TrainingCompleted, frozen=True):
    amount: int  # type: ignore[assignment]  # Forbidden, and so is what follows.


class SessionSomewhere(Session, frozen=True):
    place: str = "here"


class WithOtherSessions(TrainingCompleted, frozen=True):
    sessions: tuple[SessionSomewhere, ...] | UnsetType = UNSET


class OnlineUnlessTold(TrainingCompleted, frozen=True):
    mode: str | UnsetType = "online"  # type: ignore[assignment]


def test_the_first_version_is_one_and_every_step_begins_another() -> None:
    assert {TODAY.current(type_) for type_ in ALL_TYPES} == {1}
    assert (TOMORROW.current(TRAINING), LATER.current(TRAINING)) == (2, 3)
    assert LATER.current("event.voided") == 1


def test_corrections_have_another_version_with_every_step_of_any_type() -> None:
    """It tells in which shapes a patch was written, also where its target is not known yet."""
    assert LATER.current(CORRECTION) == 3
    assert [LATER.of_day(TRAINING, correction) for correction in (1, 2, 3)] == [1, 2, 3]
    assert [LATER.of_day("event.voided", correction) for correction in (1, 2, 3)] == [1, 1, 1]
    assert LATER.shape(CORRECTION, 2) is EventCorrected


def test_old_data_is_given_the_defaults_of_what_was_added_and_newer_data_keeps_its_own() -> None:
    old, newer = {"amount": "1"}, {"amount": "1", "language": "en"}
    assert LATER.upcast(TRAINING, 1, old) == {"amount": "1", "language": "zh"}
    assert LATER.upcast(TRAINING, 2, newer) == LATER.upcast(TRAINING, 1, newer) == newer
    assert LATER.upcast(TRAINING, 1, old, to=1) == {"amount": "1"}
    assert old == {"amount": "1"}, "the argument stays as it is"


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (Renamed, "it has no member subjects"),
        (WithANumber, "amount has another type than before"),
        (WithOtherSessions, "sessions has another type than before"),
        (OnlineUnlessTold, "mode has another meaning when it is left out"),
        (WithAPrice, "price has no default"),
    ],
    ids=["renames", "changes a type", "changes what is inside", "changes a default", "adds without a default"],
)
def test_a_step_that_breaks_what_is_stored_is_refused(after: type[Data], why: str) -> None:
    with pytest.raises(BrokenPromise, match=why):
        Versions({**ALL_TYPES, TRAINING: after}, [Step(TRAINING, TrainingCompleted)])


@pytest.mark.parametrize("type_", ALL_TYPES)
def test_the_shape_of_every_version_is_the_one_that_was_released(type_: str) -> None:
    for version in range(1, VERSIONS.current(type_) + 1):
        released = msgspec.json.decode((SCHEMAS / f"{schema_name(type_, version)}.json").read_bytes())
        kept = event_schema(type_, version)
        assert (kept["properties"], kept["$defs"]) == (released["properties"], released["$defs"])


def test_a_leaf_is_shown_in_todays_version_and_kept_in_its_own() -> None:
    leaf = read_leaf(leaf_of(new_event(E1)))
    shown = in_todays_version(leaf, TOMORROW)
    assert (shown.schema_version, shown.data["language"]) == (2, "zh")
    assert (leaf.schema_version, leaf.data) == (1, new_event(E1).raw)


def test_a_correction_is_shown_in_the_version_of_its_patch() -> None:
    leaf = read_leaf(leaf_of(new_event(LONGER)))
    assert in_todays_version(leaf, TOMORROW) == leaf


def test_what_only_a_later_release_knows_is_shown_as_it_is() -> None:
    leaf = read_leaf(leaf_of(new_event(HELD_IN_ENGLISH, TOMORROW)))
    assert in_todays_version(leaf, TODAY) == leaf
    unknown = structs.replace(leaf, type="oath.sworn")
    assert in_todays_version(unknown, TODAY) == unknown


def test_what_is_written_carries_the_version_in_which_it_was_judged() -> None:
    assert b'"schema_version":1' in leaf_of(new_event(E1))
    assert b'"schema_version":2' in leaf_of(new_event(E1, TOMORROW))


def test_members_that_only_a_later_release_knows_are_left_out() -> None:
    (fact,) = resolve([recorded(new_event(HELD_IN_ENGLISH, TOMORROW))], TODAY).facts
    assert asdict(fact.data) == asdict(new_event(E1).data)


def test_a_person_of_an_earlier_release_has_the_same_facts() -> None:
    life = [recorded(new_event(E1)), recorded(new_event(LONGER))]
    assert fold(resolve(life, LATER)) == fold(resolve(life, TODAY))


def test_the_same_bytes_sent_again_after_a_new_version_are_the_same_event() -> None:
    """Also where that version would not take them as new: they are compared as they were sent."""
    known = {uuid_of("e1"): KnownEvent(ME, new_event(E1).content, RECEIPT)}
    decision = decide(Career(1, known), Append(ME, [new_event(E1, TOMORROW)]))
    assert (decision.append, decision.receipts) == ([], {uuid_of("e1"): RECEIPT})


def test_what_says_more_than_at_first_is_another_event() -> None:
    known = {uuid_of("e1"): KnownEvent(ME, new_event(E1).content, RECEIPT)}
    with pytest.raises(EventIdTaken):
        decide(Career(1, known), Append(ME, [new_event(HELD_IN_ENGLISH, TOMORROW)]))


def test_a_patch_of_an_earlier_version_applies_as_it_did() -> None:
    """Whatever the version of today takes: this one would take no training in Chinese."""
    target, patch = recorded(new_event(E1)), recorded(new_event(LONGER))
    patched = corrected(target, patch, LATER)
    assert (patched.raw, patched.schema_version) == ({**target.raw, "amount": "13"}, 1)


def test_a_patch_of_today_is_applied_to_old_data_as_it_reads_today() -> None:
    target, patch = recorded(new_event(E1)), recorded(new_event(IN_ENGLISH, TOMORROW))
    assert corrected(target, patch, TOMORROW).raw == {**target.raw, "language": "en"}
    longer = recorded(new_event(LONGER, TOMORROW))
    assert corrected(target, longer, TOMORROW).raw == {**target.raw, "amount": "13", "language": "zh"}
    removed = recorded(new_event(someone.corrected("e1", language=None, called="c1"), TOMORROW))
    assert corrected(target, removed, TOMORROW).raw == target.raw


def test_a_patch_that_named_what_no_event_had_does_not_apply_once_there_is_such_a_member() -> None:
    early = [recorded(new_event(IN_ENGLISH)), recorded(new_event(E1))]
    for versions in (TODAY, TOMORROW):
        stream = resolve(early, versions)
        assert [finding.problem for finding in stream.findings] == ["target_would_be_invalid"]
    assert stream.facts[0].data.language == "zh"  # type: ignore[attr-defined]  # Of the type of tomorrow.


def test_a_patch_that_came_before_its_target_is_judged_in_the_version_of_the_target() -> None:
    patch, target = recorded(new_event(LONGER)), recorded(new_event(HELD_IN_ENGLISH, TOMORROW))
    assert corrected(target, patch, TOMORROW).raw == {**target.raw, "amount": "13"}


def test_a_patch_stays_one_of_its_day_when_only_its_reason_is_corrected() -> None:
    patch = recorded(new_event(LONGER))
    reason = someone.corrected("c1", reason="misread", called="c2")
    assert corrected(patch, recorded(new_event(reason, LATER)), LATER).schema_version == 1
    other = someone.corrected("c1", set={"data": {"amount": "14"}}, called="c2")
    assert corrected(patch, recorded(new_event(other, LATER)), LATER).schema_version == 3


def test_a_new_correction_is_judged_by_the_version_of_today() -> None:
    """Behind it the target stands in that version, so all of it must be valid there."""
    stream = GrowingStream([recorded(new_event(E1))], LATER)
    known = {uuid_of("e1"): KnownEvent(ME, new_event(E1).content, RECEIPT)}
    with pytest.raises(TargetWouldBeInvalid):
        decide(Career(1, known, stream), Append(ME, [new_event(LONGER, LATER)]))
    message = new_event(IN_ENGLISH, LATER)
    assert decide(Career(1, known, stream), Append(ME, [message])).append == [message]


def test_a_correction_that_a_later_release_took_applies_after_that_release_is_taken_back() -> None:
    target = recorded(new_event(HELD_IN_ENGLISH, TOMORROW))
    for patch in (LONGER, IN_ENGLISH):
        taken = recorded(new_event(patch, TOMORROW))
        assert corrected(target, taken, TODAY).raw == corrected(target, taken, TOMORROW).raw


def test_a_new_correction_of_what_only_a_later_release_can_check_is_refused() -> None:
    held = new_event(HELD_IN_ENGLISH, TOMORROW)
    known = {uuid_of("e1"): KnownEvent(ME, held.content, RECEIPT)}
    stream = GrowingStream([recorded(held)], TODAY)
    with pytest.raises(TargetWouldBeInvalid) as refused:
        decide(Career(1, known, stream), Append(ME, [new_event(LONGER)]))
    assert refused.value.mistakes.first.what.code == "of-a-later-release"


RECEIPT = Receipt.of(uuid_of("e1"), 1, 1, "2026-11-22T08:00:00.000000Z", b"")


def recorded(event: NewEvent) -> Recorded:
    """Return the event as the journal gives it."""
    return as_recorded(event, 1, 1)


def leaf_of(event: NewEvent) -> bytes:
    return leaf_bytes(event, ledger="chengdu", practitioner_id=ME, recorded_at=INSTANT, recorded_by="anonymous")
