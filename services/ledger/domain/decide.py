"""Whether events may be appended to a stream. Pure: the same career and command give the same decision."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from contracts.events.catalogue import REVISION_TYPES
from contracts.events.codec import InvalidEvent, NewEvent
from contracts.events.revisions import VOID, Recorded, corrected, reading_of, told
from contracts.events.revisions import target_of as target_recorded
from services.ledger.domain.career import Append, Career, Receipt, as_recorded, target_of
from services.ledger.domain.rejections import (
    DuplicateEventId,
    EventIdTaken,
    TargetOfAnotherPractitioner,
    TargetWouldBeInvalid,
    VersionMismatch,
    VoidOfAVoid,
)


class Decision(Struct, frozen=True):
    """The events to append, none for a replay, and the receipts of those that are recorded already."""

    append: Sequence[NewEvent]
    receipts: dict[UUID, Receipt]


def decide(career: Career, command: Append) -> Decision:
    """Return what to append. Raises a Rejection.

    What is recorded already is recognized before the expected version is looked at: a client that lost the answer
    sends the same request again and gets the same receipts, whatever happened since.
    """
    _refuse_repeated_ids(command)
    receipts = _first_receipts(career, command) if career.known else {}
    append = [event for event in command.events if event.event_id not in receipts] if receipts else command.events
    if append and command.expected_version not in (None, career.version):
        raise VersionMismatch(command.practitioner_id, career.version)
    if command.targets:
        _check_revisions(career, command, append)
    return Decision(append, receipts)


def _refuse_repeated_ids(command: Append) -> None:
    if len(command.events) == 1:
        return
    seen: set[UUID] = set()
    for index, event in enumerate(command.events):
        if event.event_id in seen:
            raise DuplicateEventId(f"/events/{index}/event_id", event.event_id)
        seen.add(event.event_id)


def _first_receipts(career: Career, command: Append) -> dict[UUID, Receipt]:
    """Return the first receipts of what is recorded already. Raises EventIdTaken where an id is another event's."""
    receipts = {}
    for index, event in enumerate(command.events):
        known = career.known.get(event.event_id)
        if known is None:
            continue
        if (known.practitioner_id, known.content) != (command.practitioner_id, event.content):
            raise EventIdTaken(f"/events/{index}/event_id", event.event_id, known.receipt.position)
        receipts[event.event_id] = known.receipt
    return receipts


def _check_revisions(career: Career, command: Append, append: Sequence[NewEvent]) -> None:
    """Check each correction and void against the stream as the events before it leave it.

    An event that an earlier revision named is accepted whatever becomes of it: whoever records it does not answer for
    what others said about it before.
    """
    view = _View(career.stream)
    for event in append:
        new = as_recorded(event, position=0, version=career.version)
        if event.type in REVISION_TYPES:
            target = target_of(event)
            pointer = f"/events/{command.events.index(event)}/data"
            _check_owner(career, command, target, f"{pointer}/target")
            if event.type == VOID:
                _check_void(view, new, target, f"{pointer}/target")
            elif new.event_id not in view.named:
                _check_correction(view, new, target, f"{pointer}/set")
        view.add(new)


class _View:
    """A stream that grows. `named` holds the ids that its revisions name; readings are kept until they may change."""

    def __init__(self, stream: Sequence[Recorded]) -> None:
        self.events = {event.event_id: event for event in stream}
        self.named = {target_recorded(event) for event in stream if event.type in REVISION_TYPES}
        self._readings: dict[str, Recorded] = {}

    def add(self, new: Recorded) -> None:
        """Take in the next event."""
        self.events[new.event_id] = new
        if new.type in REVISION_TYPES:
            target = target_recorded(new)
            self.named.add(target)
            # A revision of a fact changes that fact's reading; one of a revision may change others.
            if target in self.events and self.events[target].type in REVISION_TYPES:
                self._readings.clear()
            elif new.type == VOID or new.event_id in self.named:
                self._readings.pop(target, None)

    def reading(self, target: str) -> Recorded:
        """Return an event of the stream as its corrections leave it."""
        if target not in self._readings:
            self._readings[target] = reading_of(self.events.values(), target)
        return self._readings[target]

    def keep(self, reading: Recorded) -> None:
        """Keep what the next correction will find, so that a batch need not be read from the start each time."""
        self._readings[reading.event_id] = reading


def _check_owner(career: Career, command: Append, target: UUID, pointer: str) -> None:
    known = career.known.get(target)
    if known is not None and known.practitioner_id != command.practitioner_id:
        raise TargetOfAnotherPractitioner(pointer, target, known.practitioner_id)


def _check_void(view: _View, void: Recorded, target: UUID, pointer: str) -> None:
    known = void if str(target) == void.event_id else view.events.get(str(target))
    if known is not None and known.type == VOID:
        raise VoidOfAVoid(pointer, target)


def _check_correction(view: _View, correction: Recorded, target: UUID, pointer: str) -> None:
    """Raise TargetWouldBeInvalid where the target is known and, patched, would break its shape."""
    if str(target) not in view.events:
        return
    try:
        view.keep(corrected(view.reading(str(target)), correction))
    except InvalidEvent as invalid:
        raise TargetWouldBeInvalid(pointer, target, told(invalid)) from invalid
