"""Whether events may be appended to a stream. Pure: the same career and command give the same decision."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from contracts.events.catalogue import REVISION_TYPES, VOID, PractitionerLinked
from contracts.events.codec import InvalidEvent, NewEvent
from contracts.events.mistakes import mistakes_of_correction
from contracts.events.revisions import Recorded, corrected
from contracts.mistakes import Mistakes, phrase
from services.ledger.domain.career import Append, Career, Receipt, as_recorded, target_of
from services.ledger.domain.links import LinkInForce, check_link, follow
from services.ledger.domain.rejections import (
    DuplicateEventId,
    EventIdTaken,
    TargetOfAnotherPractitioner,
    TargetWouldBeInvalid,
    VersionMismatch,
    VoidOfAVoid,
    WeakTag,
)
from services.ledger.domain.stream import GrowingStream


class Decision(Struct, frozen=True):
    """The events to append, none for a replay, the receipts of those already recorded, and the links afterwards."""

    append: Sequence[NewEvent]
    receipts: dict[UUID, Receipt]
    links: Mapping[str, LinkInForce | None] = {}


def decide(career: Career, command: Append) -> Decision:
    """Return what to append. Raises a Rejection.

    Events already recorded are recognized before the expected version is checked: a client that lost the answer sends
    the same request again and gets the same receipts, whatever happened since.
    """
    _refuse_repeated_ids(command)
    receipts = _first_receipts(career, command) if career.known else {}
    append = [event for event in command.events if event.event_id not in receipts] if receipts else command.events
    if append and not command.expected.is_met_by(career.version):
        raise (WeakTag if command.expected.weak else VersionMismatch)(command.practitioner_id, career.version)
    links = _check_in_order(career, command, append) if command.rests_on_stream else {}
    return Decision(append, receipts, links)


def _refuse_repeated_ids(command: Append) -> None:
    if len(command.events) == 1:
        return
    seen: set[UUID] = set()
    for index, event in enumerate(command.events):
        if event.event_id in seen:
            raise DuplicateEventId(f"/events/{index}/event_id", event.event_id)
        seen.add(event.event_id)


def _first_receipts(career: Career, command: Append) -> dict[UUID, Receipt]:
    """Return the first receipts of events already recorded. Raises EventIdTaken if an id belongs to another event."""
    receipts = {}
    for index, event in enumerate(command.events):
        known = career.known.get(event.event_id)
        if known is None:
            continue
        if (known.practitioner_id, known.content) != (command.practitioner_id, event.content):
            own = known.practitioner_id == command.practitioner_id
            position = known.receipt.position if own else None
            raise EventIdTaken(f"/events/{index}/event_id", event.event_id, position)
        receipts[event.event_id] = known.receipt
    return receipts


def _check_in_order(career: Career, command: Append, append: Sequence[NewEvent]) -> Mapping[str, LinkInForce | None]:
    """Check each correction, void and link against what the events before it leave, and return the links afterwards.

    An event that an earlier revision named is accepted whatever that does to it: its sender is not responsible for
    revisions recorded before.
    """
    stream, links = career.stream, dict(career.links)
    with stream.rehearsal():
        for count, event in enumerate(append, 1):
            new = as_recorded(event, position=0, version=career.version)
            pointer = f"/events/{command.events.index(event)}/data"
            is_voided = stream.has_voided(new.event_id)
            if event.type in REVISION_TYPES:
                target = target_of(event)
                _check_owner(career, command, target, f"{pointer}/target")
                if event.type == VOID:
                    _check_void(stream, new, target, f"{pointer}/target")
                elif not stream.names(new.event_id):
                    _check_correction(stream, new, target, f"{pointer}/set")
            elif isinstance(event.data, PractitionerLinked) and not is_voided:
                is_known = event.data.same_as in career.people
                check_link(links, command.practitioner_id, event.data, f"{pointer}/same_as", is_known=is_known)
            follow(links, command.practitioner_id, event, is_voided=is_voided)
            if count < len(append):
                stream.add(new)
    return links


def _check_owner(career: Career, command: Append, target: UUID, pointer: str) -> None:
    known = career.known.get(target)
    if known is not None and known.practitioner_id != command.practitioner_id:
        raise TargetOfAnotherPractitioner(pointer, target)


def _check_void(stream: GrowingStream, void: Recorded, target: UUID, pointer: str) -> None:
    known = void if str(target) == void.event_id else stream.events.get(str(target))
    if known is not None and known.type == VOID:
        raise VoidOfAVoid(pointer, target)


def _check_correction(stream: GrowingStream, correction: Recorded, target: UUID, pointer: str) -> None:
    """Raise TargetWouldBeInvalid if the target is known and the patch would break its shape, or if nobody can tell."""
    known = stream.events.get(str(target))
    if known is None:
        return
    if not stream.versions.knows(known.type, known.schema_version):
        raise TargetWouldBeInvalid(pointer, target, Mistakes.of(pointer, phrase("of-a-later-release")))
    reading = stream.reading(str(target))
    try:
        corrected(reading, correction, stream.versions)
    except InvalidEvent as invalid:
        mistakes = mistakes_of_correction(reading, correction, invalid, pointer, stream.versions)
        raise TargetWouldBeInvalid(pointer, target, mistakes) from invalid
