"""The command to append, what deciding on it needs, and its outcome."""

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import force_setattr

from contracts.events.catalogue import REVISION_TYPES, EventCorrected, EventVoided
from contracts.events.codec import MAX_LEAF_BYTES, NewEvent, leaf_bytes, leaf_hash
from contracts.events.revisions import Recorded
from services.ledger.domain.links import LinkInForce, links_to
from services.ledger.domain.rejections import EventTooLarge
from services.ledger.domain.stream import NO_EVENTS, GrowingStream

ANONYMOUS = "anonymous"
"""The recorder while access is open."""


class Expectation(Struct, frozen=True):
    """At which versions of the stream a client's append is to happen; by default at any. A stream without events has
    version 0.

    `exists` is whether the stream must, or must not, have events. `weak` tells that the client named a version by a tag
    that never matches, because it is weak (RFC 9110, 13.1.1).
    """

    exists: bool | None = None
    one_of: Collection[int] | None = None
    none_of: Collection[int] = ()
    weak: bool = False

    def is_met_by(self, version: int) -> bool:
        """Whether the append may happen at this version."""
        return (
            self.exists in (None, version > 0)
            and (self.one_of is None or version in self.one_of)
            and version not in self.none_of
        )


ANY_VERSION = Expectation()


class Append(Struct, frozen=True):
    """Append `events` to one stream, all or none, at the expected version.

    `targets` are the events that corrections and voids among them name, `linked_to` the ids that links lead to.
    """

    practitioner_id: str
    events: Sequence[NewEvent]
    expected: Expectation = ANY_VERSION
    recorded_by: str = ANONYMOUS
    targets: Sequence[UUID] = ()
    linked_to: Sequence[str] = ()

    def __post_init__(self) -> None:
        targets = [target_of(event) for event in self.events if event.type in REVISION_TYPES]
        if targets:
            force_setattr(self, "targets", targets)
        if linked_to := links_to(self.events):
            force_setattr(self, "linked_to", linked_to)

    @property
    def rests_on_stream(self) -> bool:
        """Whether deciding needs the revisions of the stream itself."""
        return bool(self.targets or self.linked_to)


class Receipt(Struct, frozen=True):
    """Proof that one event is recorded for ever, and where."""

    event_id: UUID
    position: int
    version: int
    recorded_at: str
    leaf_hash: str

    @classmethod
    def of(cls, event_id: UUID, position: int, version: int, recorded_at: str, hash_: bytes) -> "Receipt":
        """Return the receipt, the hash in standard base64 with padding."""
        return cls(event_id, position, version, recorded_at, b64encode(hash_).decode())


class Answer(Struct, frozen=True):
    """The outcome of an append. A replay appended nothing: its receipts are the first ones."""

    position: int
    version: int
    events: Sequence[Receipt]
    replay: bool


class KnownEvent(Struct, frozen=True):
    """An event that the ledger holds: enough of it to recognize a repeated one."""

    practitioner_id: str
    content: bytes
    receipt: Receipt


class Career(Struct, frozen=True):
    """What deciding needs.

    `known` has those of the command's ids and targets that the ledger holds, in any stream. The others are used only if
    the command rests on its stream. `stream` has the revisions of the stream and those of the targets that are the
    practitioner's, and a decision leaves it as it was. `links` has the links of the stream's person and of the people
    linked to, `people` those ids linked to of which the ledger has events.
    """

    version: int = 0
    known: Mapping[UUID, KnownEvent] = {}
    stream: GrowingStream = NO_EVENTS
    links: Mapping[str, LinkInForce | None] = {}
    people: Collection[str] = ()


class Entry(Struct, frozen=True):
    """An event with its position and version, ready to be written."""

    practitioner_id: str
    version: int
    event: NewEvent
    leaf: bytes
    leaf_hash: bytes


def seal(event: NewEvent, command: Append, ledger: str, version: int, recorded_at: datetime) -> Entry:
    """Return the event with its leaf and the leaf's hash. Raises EventTooLarge."""
    leaf = leaf_bytes(
        event,
        ledger=ledger,
        practitioner_id=command.practitioner_id,
        recorded_at=recorded_at,
        recorded_by=command.recorded_by,
    )
    if len(leaf) > MAX_LEAF_BYTES:
        raise EventTooLarge(f"/events/{command.events.index(event)}", len(leaf), MAX_LEAF_BYTES)
    return Entry(command.practitioner_id, version, event, leaf, leaf_hash(leaf))


def target_of(revision: NewEvent) -> UUID:
    """Return the id of the event that a correction or void names."""
    if not isinstance(revision.data, EventCorrected | EventVoided):
        raise TypeError(revision.type)
    return revision.data.target


def as_recorded(event: NewEvent, position: int, version: int) -> Recorded:
    """Return a new event as the journal will return it."""
    event_id, occurred_on = str(event.event_id), event.occurred_on.isoformat()
    return Recorded(position, version, event_id, event.type, occurred_on, event.raw, event.schema_version)
