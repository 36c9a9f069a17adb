"""Whether events may be appended to a stream. Pure: the same career and command give the same decision."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from msgspec import Struct

from contracts.events.catalogue import REVISION_TYPES
from contracts.events.codec import NewEvent
from contracts.events.revisions import CORRECTION, Finding, Recorded, resolve
from contracts.events.revisions import target_of as target_recorded
from services.ledger.domain.career import Append, Career, Receipt, as_recorded, target_of
from services.ledger.domain.rejections import (
    CorrectionCycle,
    CorrectionWouldUndoAnother,
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

    An event that an earlier revision named is accepted whatever becomes of that revision: whoever records a fact does
    not answer for what others said about it before.
    """
    stream = list(career.stream)
    for event in append:
        new = as_recorded(event, position=0, version=career.version)
        if event.type in REVISION_TYPES:
            pointer = f"/events/{command.events.index(event)}/data/target"
            target = target_of(event)
            _check_owner(career, command, target, pointer)
            _check_effect(stream, new, target, pointer)
        stream.append(new)


def _check_owner(career: Career, command: Append, target: UUID, pointer: str) -> None:
    known = career.known.get(target)
    if known is not None and known.practitioner_id != command.practitioner_id:
        raise TargetOfAnotherPractitioner(pointer, target, known.practitioner_id)


def _check_effect(stream: Sequence[Recorded], new: Recorded, target: UUID, pointer: str) -> None:
    """Raise the rejection of a revision that could not be applied, or that would keep another from being applied."""
    chain = _tied_to(new, stream)
    named_before = any(_names(event, new.event_id) for event in chain)
    before = {finding.event_id for finding in resolve(chain).findings}
    for finding in resolve([*chain, new]).findings:
        if finding.event_id == new.event_id:
            _refuse(finding, target, pointer, named_before=named_before)
        elif new.type == CORRECTION and finding.event_id not in before and not named_before:
            raise CorrectionWouldUndoAnother(pointer, finding.event_id, finding.target, finding.detail)


def _refuse(finding: Finding, target: UUID, pointer: str, *, named_before: bool) -> None:
    match finding.problem:
        case "target_unknown":
            return
        case "void_of_a_void":
            raise VoidOfAVoid(pointer, target)
        case "correction_cycle":
            raise CorrectionCycle(pointer, target)
        case "target_would_be_invalid":
            if not named_before:
                raise TargetWouldBeInvalid(pointer, target, finding.detail)
        case _ as never:
            assert_never(never)


def _tied_to(new: Recorded, stream: Sequence[Recorded]) -> list[Recorded]:
    """Return the events of `stream` that hang together with `new` by targets: no others can be affected by it."""
    neighbours: dict[str, set[str]] = {}
    for event in (*stream, new):
        if event.type in REVISION_TYPES:
            target = target_recorded(event)
            neighbours.setdefault(event.event_id, set()).add(target)
            neighbours.setdefault(target, set()).add(event.event_id)
    tied, ahead = {new.event_id}, [new.event_id]
    while ahead:
        found = neighbours.get(ahead.pop(), set()) - tied
        tied |= found
        ahead.extend(found)
    return [event for event in stream if event.event_id in tied]


def _names(event: Recorded, event_id: str) -> bool:
    return event.type in REVISION_TYPES and target_recorded(event) == event_id
