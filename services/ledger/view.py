"""What the journal holds about everything that some commands name: all that deciding on them needs.

How much that is depends on the commands and on the corrections of their people, never on the length of a career. It is
read before the head is locked, and again under the lock only if another process has appended in between.
"""

import logging
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.events.catalogue import REVISION_TYPES
from contracts.events.codec import Leaf, content
from contracts.events.revisions import Recorded
from services.ledger.domain.career import Append, KnownEvent, Receipt
from services.ledger.domain.draft import Draft
from services.ledger.domain.links import LinkInForce
from services.ledger.domain.stream import GrowingStream
from services.runtime import journal
from services.runtime.journal import Connection, Head
from services.runtime.slices import in_slices
from services.runtime.stored_events import DamagedEvent, Stored, leaf_of

_log = logging.getLogger(__name__)

MAX_REVISIONS_READ = 2_000  # Read at once; about 20 ms of work.
MAX_BYTES_READ = 4 * 1024**2  # Leaves read at once; in memory they take four times as much.
MAX_KEPT_EVENTS = 20_000
MAX_KEPT_BYTES = 16 * 1024**2
MIN_KEPT_EVENTS = 100  # A shorter stream is reread as fast.
MIN_KEPT_BYTES = 256 * 1024


@dataclass(slots=True)
class Reading:
    """The revisions of one person, as far as they have been read."""

    stream: GrowingStream = field(default_factory=GrowingStream)
    version: int = 0
    """The version up to which the stream was read."""
    bytes: int = 0
    """Size of the leaves."""

    @property
    def takes_long(self) -> bool:
        """Whether keeping it saves enough."""
        return len(self.stream.events) >= MIN_KEPT_EVENTS or self.bytes >= MIN_KEPT_BYTES


class KeptStreams:
    """The longest streams of recent batches: a person corrected once is often corrected again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Reading] = OrderedDict()
        self._events = 0
        self._bytes = 0

    def take(self, ledger: str, practitioner_id: str) -> Reading:
        """Remove and return what was read of a stream, empty if it was not kept.

        The caller puts it back once its additions are committed. If that fails, it is read again.
        """
        reading = self._kept.pop((ledger, practitioner_id), None)
        if reading is None:
            return Reading()
        self._count(reading, -1)
        return reading

    def put(self, ledger: str, practitioner_id: str, reading: Reading) -> None:
        """Keep a stream, however long it is, so that its next reader need not start over. The oldest others are dropped
        while all hold more than MAX_KEPT_EVENTS or MAX_KEPT_BYTES."""
        while self._events > MAX_KEPT_EVENTS or self._bytes > MAX_KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._count(oldest, -1)
        self._kept[ledger, practitioner_id] = reading
        self._count(reading, 1)

    def _count(self, reading: Reading, times: int) -> None:
        self._events += times * len(reading.stream.events)
        self._bytes += times * reading.bytes


class View:
    """What is known of one ledger up to `position`. A draft made from it also sees what is read later.

    Damaged events are noted as well: they fail the commands that rest on them (`check`), and no others.
    """

    def __init__(self, ledger: str, kept: KeptStreams) -> None:
        self.position = -1
        self.versions: dict[str, int] = {}
        self._ledger = ledger
        self._kept = kept
        self._known: dict[UUID, KnownEvent] = {}
        self._links: dict[str, LinkInForce | None] = {}
        self._streams: dict[str, GrowingStream] = {}
        self._read: dict[str, Reading] = {}
        self._damaged: dict[UUID, DamagedEvent] = {}
        self._damaged_streams: dict[str, DamagedEvent] = {}

    def draft(self, head: Head, recorded_at: datetime) -> Draft:
        """Return an empty draft of what follows `head`."""
        return Draft(self._ledger, head.position, recorded_at, self.versions, self._known, self._streams, self._links)

    async def learn(self, connection: Connection, commands: Sequence[Append], limit_s: float = math.inf) -> int:
        """Read what the commands need, and return for how many of them, from the first, that is complete.

        The others wait if more would have to be read than the limits allow at once; so does even the first one if that
        takes longer than `limit_s`: `keep` then keeps what was read, and the next view continues from there. Raises
        UnknownLedger.
        """
        until = time.perf_counter() + limit_s
        people = {id_ for command in commands for id_ in (command.practitioner_id, *command.linked_to)}
        head, versions = await journal.versions(connection, self._ledger, people)
        if head.position != self.position:
            self._links.clear()
        self.position = head.position
        self.versions.update(versions)
        await self._learn_links(connection, commands)
        self._take_streams(commands)
        await self._learn_events(connection, commands)
        await self._learn_revisions(connection, commands)
        while not (count := self._count_ready(commands)) and time.perf_counter() < until:
            await self._learn_revisions(connection, commands)
        async for read, has_progress in in_slices(self._read_targets(commands[:count])):
            if has_progress and time.perf_counter() > until:
                return read
        return count

    def check(self, command: Append) -> None:
        """Raise DamagedEvent if the command repeats or revises a damaged event, or rests on its stream."""
        for event_id in (*(event.event_id for event in command.events), *command.targets):
            if event_id in self._damaged:
                raise self._damaged[event_id]
        if command.rests_on_stream and command.practitioner_id in self._damaged_streams:
            raise self._damaged_streams[command.practitioner_id]

    def keep(self, draft: Draft) -> None:
        """Keep the long streams, as a committed draft leaves them, for the next view."""
        appended = Counter[str]()
        for entry in draft.entries:
            appended[entry.practitioner_id] += len(entry.leaf)
        for person, reading in self._read.items():
            if person in self._damaged_streams:
                continue
            if self._is_read(person):
                draft.stream(person)
                reading.version = draft.versions.get(person, reading.version)
                reading.bytes += appended[person]
            if reading.takes_long:
                self._kept.put(self._ledger, person, reading)

    def _take_streams(self, commands: Iterable[Append]) -> None:
        for command in commands:
            owner = command.practitioner_id
            if command.rests_on_stream and owner not in self._read:
                self._read[owner] = self._kept.take(self._ledger, owner)
                self._streams[owner] = self._read[owner].stream

    async def _learn_links(self, connection: Connection, commands: Iterable[Append]) -> None:
        """Read the links of the people whom links name. What a draft has changed of them already stays."""
        linked = {
            id_ for command in commands if command.linked_to for id_ in (command.practitioner_id, *command.linked_to)
        }
        if linked:
            links = await journal.links(connection, self._ledger, linked, up_to=self.position)
            for stream, link in links.items():
                self._links.setdefault(stream, LinkInForce(link.event_id, link.same_as))

    async def _learn_events(self, connection: Connection, commands: Iterable[Append]) -> None:
        """Read the events that the commands repeat or revise."""
        repeated = {event.event_id for command in commands for event in command.events} - self._known.keys()
        revised = {
            target
            for command in commands
            for target in command.targets
            if str(target) not in self._streams[command.practitioner_id].events
        }
        events_by_id = await journal.events_by_id(connection, self._ledger, repeated | revised)
        async for event_id, stored in in_slices(events_by_id.items()):
            if stored.position > self.position:
                continue  # Another process has just appended it: it will be read under the lock.
            try:
                leaf = leaf_of(stored)
                self._known[event_id] = _known(stored, leaf)
                stream = self._streams.get(leaf.practitioner_id)
                if event_id in revised and stream is not None and leaf.type not in REVISION_TYPES:
                    stream.add(Recorded.of(leaf, stored.position, stored.version))
            except Exception as error:  # Whatever it is, it fails only the commands that name the event.
                self._damaged[event_id] = _damage(error, stored.position)

    async def _learn_revisions(self, connection: Connection, commands: Iterable[Append]) -> None:
        """Read the next revisions of the people in the order of the commands, up to the limits."""
        people = dict.fromkeys(command.practitioner_id for command in commands if command.rests_on_stream)
        behind = {person: self._read[person].version for person in people if not self._is_read(person)}
        if not behind:
            return
        events_by_id = await journal.revisions(
            connection,
            self._ledger,
            behind,
            up_to=self.position,
            limit=MAX_REVISIONS_READ,
            limit_bytes=MAX_BYTES_READ,
        )
        events = bytes_ = 0
        async for stored in in_slices(stored for stream in events_by_id for stored in stream.events):
            events += 1
            bytes_ += len(stored.leaf)
            self._learn_revision(stored)
        unfinished = events_by_id[-1] if events == MAX_REVISIONS_READ or bytes_ >= MAX_BYTES_READ else None
        for person in behind:
            is_last = unfinished is not None and unfinished.practitioner_id == person
            goes_on = (
                is_last and person not in self._damaged_streams
            )  # A command that revises a damaged stream is refused.
            self._read[person].version = unfinished.version if unfinished and goes_on else self.versions[person]
            if is_last:
                break

    def _learn_revision(self, stored: Stored) -> None:
        reading = self._read[stored.practitioner_id]
        try:
            reading.stream.add(Recorded.of(leaf_of(stored), stored.position, stored.version))
        except Exception as error:  # Whatever it is, it fails only the commands that revise something of this person.
            self._damaged_streams[stored.practitioner_id] = _damage(error, stored.position)
        else:
            reading.bytes += len(stored.leaf)

    def _is_read(self, person: str) -> bool:
        return self._read[person].version >= self.versions[person]

    def _count_ready(self, commands: Sequence[Append]) -> int:
        for count, command in enumerate(commands):
            if command.rests_on_stream and not self._is_read(command.practitioner_id):
                return count
        return len(commands)

    def _read_targets(self, commands: Iterable[Append]) -> Iterator[tuple[int, bool]]:
        """Read the targets, so that a long reading neither happens under the lock nor blocks the event loop.

        Yields for how many commands they are read, and whether the next view could continue from here."""
        for count, command in enumerate(commands):
            owner = command.practitioner_id
            for target in command.targets:
                if owner in self._damaged_streams:
                    break
                stream = self._streams[owner]
                try:
                    for is_taken in stream.steps_to(str(target)):
                        yield count, is_taken
                except Exception as error:  # As in `_learn_revision`.
                    self._damaged_streams[owner] = _damage(error, stream.events[str(target)].position)


def _damage(error: Exception, position: int) -> DamagedEvent:
    """Return an error from reading an event for a decision as that event's damage."""
    if isinstance(error, DamagedEvent):
        return error
    _log.error("the event at position %s cannot be read", position, exc_info=error)
    damage = DamagedEvent(position)
    damage.__cause__ = error
    return damage


def _known(stored: Stored, leaf: Leaf) -> KnownEvent:
    return KnownEvent(
        leaf.practitioner_id,
        content(leaf.type, leaf.occurred_on, leaf.data, leaf.source),
        Receipt.of(leaf.event_id, stored.position, stored.version, leaf.recorded_at, stored.leaf_hash),
    )
