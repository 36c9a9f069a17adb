"""One stored event: its row, its leaf, checked before it is read, and the event as clients read it. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw, Struct

from contracts.events.codec import (
    Leaf,
    UnreadableLeaf,
    in_todays_version,
    leaf_as_written,
    leaf_hash,
    read_leaf,
)
from contracts.events.revisions import Recorded
from services.runtime.refusals import Refusal

NO_SOURCE: Collection[Any] = (None, Raw(b"null"))

L = TypeVar("L", bound=Leaf)


@dataclass(eq=False)
class DamagedEvent(Refusal):
    """What is stored is not what was recorded."""

    position: int

    def __str__(self) -> str:
        return (
            f"what is stored at position {self.position} is not what was recorded there: {self.__cause__ or 'its hash'}"
        )


class Stored(Struct, frozen=True):
    """One event as its row holds it. `event_id` and `type` are set only if it was looked up by id."""

    ledger: str
    position: int
    practitioner_id: str
    version: int
    leaf: bytes
    leaf_hash: bytes
    event_id: UUID | None = None
    type: str | None = None


class StoredStream(Struct, frozen=True):
    """One stream, or the revisions of one, as its rows hold it, in order of version."""

    practitioner_id: str
    events: list[Stored]

    @property
    def position(self) -> int:
        """The position of the last event."""
        return self.events[-1].position

    @property
    def version(self) -> int:
        """The version of the last event."""
        return self.events[-1].version

    def leaves(self) -> Iterator[tuple[Stored, Leaf]]:
        """Yield the events of a whole stream with their leaves. Raises DamagedEvent, also for a missing version."""
        for version, stored in enumerate(self.events, 1):
            if stored.version != version:
                raise DamagedEvent(stored.position)
            yield stored, leaf_of(stored)

    def recorded(self) -> list[Recorded]:
        """Return the events of a whole stream, read. Raises DamagedEvent."""
        return [Recorded.of(leaf, stored.position, stored.version) for stored, leaf in self.leaves()]


class PackedStream(Struct, frozen=True):
    """A long stream, whose events stay bytes, page by page, until whoever computes reads them: so they cost little
    memory, and hardly any time to hand on. `position` and `version` are those of the last event."""

    practitioner_id: str
    pages: list[bytes]
    position: int
    version: int

    def leaves(self) -> Iterator[tuple[Stored, Leaf]]:
        """Yield the events with their leaves. Raises DamagedEvent, also for a missing version."""
        return self._unpacked().leaves()

    def recorded(self) -> list[Recorded]:
        """Return the events, read. Raises DamagedEvent."""
        return self._unpacked().recorded()

    def _unpacked(self) -> StoredStream:
        return StoredStream(self.practitioner_id, [stored for page in self.pages for stored in _PAGE.decode(page)])


_PAGE = msgspec.msgpack.Decoder(list[Stored])


def packed(page: list[Stored]) -> bytes:
    """Return a page of a stream as PackedStream keeps it."""
    return msgspec.msgpack.encode(page)


class StoredPerson(Struct, frozen=True):
    """One person: the streams that links make one, under the id that they lead to."""

    practitioner_id: str
    streams: Sequence[StoredStream | PackedStream]

    @property
    def position(self) -> int:
        """The position of the last event."""
        return max(stream.position for stream in self.streams)

    @property
    def version(self) -> int:
        """How many events there are: the sum of the streams' versions.

        With the last position it tells every state of a person from every other: a new link is an event of the person's
        own, and a voided one leaves fewer.
        """
        return sum(stream.version for stream in self.streams)

    @property
    def others(self) -> list[str]:
        """The ids that are linked to the person's."""
        return [stream.practitioner_id for stream in self.streams if stream.practitioner_id != self.practitioner_id]

    def recorded(self) -> list[Recorded]:
        """Return the events of all streams in order of position, read. Raises DamagedEvent."""
        events = [event for stream in self.streams for event in stream.recorded()]
        return events if len(self.streams) == 1 else sorted(events, key=attrgetter("position"))


class EventAsRead(Struct, frozen=True):
    """An event as clients read it: its envelope and what the ledger added, flat. `data` and `source` are what is
    encoded as JSON, or the JSON that was stored."""

    event_id: UUID
    type: str
    occurred_on: str | date
    data: Any
    ledger: str
    practitioner_id: str
    version: int
    position: int
    recorded_at: str
    recorded_by: str
    schema_version: int
    leaf_hash: bytes
    source: Any = UNSET


def as_read(stored: Stored) -> EventAsRead:
    """Return an event as clients read it, the data in its type's current version, a correction in that of its day.
    Raises DamagedEvent."""
    _check_hash(stored)
    try:
        written = leaf_as_written(stored.leaf)
    except UnreadableLeaf as error:
        raise DamagedEvent(stored.position) from error
    leaf = in_todays_version(leaf_of(stored)) if written is None else _of_its_row(written, stored)
    return EventAsRead(
        leaf.event_id,
        leaf.type,
        leaf.occurred_on,
        leaf.data,
        leaf.ledger,
        leaf.practitioner_id,
        stored.version,
        stored.position,
        leaf.recorded_at,
        leaf.recorded_by,
        leaf.schema_version,
        stored.leaf_hash,
        UNSET if leaf.source in NO_SOURCE else leaf.source,
    )


def leaf_of(stored: Stored) -> Leaf:
    """Return the leaf of an event.

    Raises DamagedEvent if it does not match its hash, cannot be read, or belongs to another ledger, person, id or type
    than its row."""
    _check_hash(stored)
    try:
        leaf = read_leaf(stored.leaf)
    except UnreadableLeaf as error:
        raise DamagedEvent(stored.position) from error
    return _of_its_row(leaf, stored)


def _check_hash(stored: Stored) -> None:
    if leaf_hash(stored.leaf) != stored.leaf_hash:
        raise DamagedEvent(stored.position)


def _of_its_row(leaf: L, stored: Stored) -> L:
    if (leaf.ledger, leaf.practitioner_id) != (stored.ledger, stored.practitioner_id):
        raise DamagedEvent(stored.position)
    if stored.event_id not in (None, leaf.event_id) or stored.type not in (None, leaf.type):
        raise DamagedEvent(stored.position)
    return leaf
