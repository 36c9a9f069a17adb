"""What the journal says of everything that some commands name: all that deciding about them needs.

How much that is depends on the commands and on the corrections of their people, never on the length of a career. It is
read before the head is locked, and again under the lock only where somebody else has appended in between.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from contracts.events.catalogue import REVISION_TYPES
from contracts.events.codec import Leaf, content
from contracts.events.revisions import Recorded
from services.ledger.domain.career import Append, Known, Receipt
from services.ledger.domain.draft import Draft
from services.ledger.domain.stream import GrowingStream
from services.runtime import journal
from services.runtime.journal import Connection, DamagedEvent, Head, Stored
from services.runtime.slices import in_slices

MAX_REVISIONS_READ = 2_000  # At once; about 20 ms of work.
MAX_KEPT_EVENTS = 20_000
MIN_KEPT_EVENTS = 100  # A shorter stream is read again as fast.


class KeptStreams:
    """The longest streams of the last batches: whoever corrects a person often corrects that person again."""

    def __init__(self) -> None:
        self._streams: OrderedDict[tuple[str, str], tuple[GrowingStream, int]] = OrderedDict()
        self._events = 0

    def take(self, ledger: str, practitioner_id: str) -> tuple[GrowingStream, int]:
        """Remove and return a stream, and the version up to which it has the revisions. Empty if it was not kept.

        A stream is put back once what was added to it is committed. If that fails, it is read again.
        """
        stream, version = self._streams.pop((ledger, practitioner_id), (GrowingStream(), 0))
        self._events -= len(stream.events)
        return stream, version

    def put(self, ledger: str, practitioner_id: str, stream: GrowingStream, version: int) -> None:
        """Keep a stream that has the revisions up to a version. Beyond MAX_KEPT_EVENTS, the oldest ones go."""
        self._streams[ledger, practitioner_id] = stream, version
        self._events += len(stream.events)
        while self._events > MAX_KEPT_EVENTS:
            _, (oldest, _) = self._streams.popitem(last=False)
            self._events -= len(oldest.events)


class View:
    """What is known of one ledger up to `position`. A draft made of it sees what is learned later.

    What is damaged is known as well: it fails the commands that rest on it (`check`), and no others.
    """

    def __init__(self, ledger: str, kept: KeptStreams) -> None:
        self.position = -1
        self.versions: dict[str, int] = {}
        self._ledger = ledger
        self._kept = kept
        self._known: dict[UUID, Known] = {}
        self._streams: dict[str, GrowingStream] = {}
        self._read: dict[str, int] = {}  # The version up to which each of the streams has the revisions.
        self._damaged: dict[UUID, DamagedEvent] = {}
        self._damaged_streams: dict[str, DamagedEvent] = {}

    def draft(self, head: Head, recorded_at: datetime) -> Draft:
        """Return an empty draft of what follows `head`."""
        return Draft(self._ledger, head.position, recorded_at, self.versions, self._known, self._streams)

    async def learn(self, connection: Connection, commands: Sequence[Append]) -> int:
        """Read what the commands need, and return how many of them, from the first, it was read for.

        At least one. The others have to wait where more than MAX_REVISIONS_READ revisions would be read. Raises
        UnknownLedger.
        """
        people = {command.practitioner_id for command in commands}
        head, versions = await journal.versions(connection, self._ledger, people)
        self.position = head.position
        self.versions.update(versions)
        self._take_streams(commands)
        await self._learn_events(connection, commands)
        while True:
            await self._learn_revisions(connection, commands)
            if count := self._count_ready(commands):
                break
        async for _ in in_slices(self._steps(commands[:count])):
            pass
        return count

    def check(self, command: Append) -> None:
        """Raise DamagedEvent if the command repeats or revises such an event, or revises anything in its stream."""
        for event_id in (*(event.event_id for event in command.events), *command.targets):
            if event_id in self._damaged:
                raise self._damaged[event_id]
        if command.targets and command.practitioner_id in self._damaged_streams:
            raise self._damaged_streams[command.practitioner_id]

    def keep(self, draft: Draft) -> None:
        """Keep the long streams for the next view, as a committed draft leaves them."""
        for person, version in self._read.items():
            if person in self._damaged_streams:
                continue
            if version == self.versions[person] and len(self._streams[person].events) >= MIN_KEPT_EVENTS:
                self._kept.put(self._ledger, person, draft.stream(person), draft.versions.get(person, version))

    def _take_streams(self, commands: Iterable[Append]) -> None:
        for command in commands:
            owner = command.practitioner_id
            if command.targets and owner not in self._streams:
                self._streams[owner], self._read[owner] = self._kept.take(self._ledger, owner)

    async def _learn_events(self, connection: Connection, commands: Iterable[Append]) -> None:
        """Read the events that the commands repeat or revise."""
        repeated = {event.event_id for command in commands for event in command.events} - self._known.keys()
        revised = {
            target
            for command in commands
            for target in command.targets
            if str(target) not in self._streams[command.practitioner_id].events
        }
        found = await journal.events_by_id(connection, self._ledger, repeated | revised)
        async for event_id, stored in in_slices(found.items()):
            if stored.position > self.position:
                continue  # Appended by another process just now: it will be read under the lock.
            try:
                leaf = journal.leaf_of(stored)
            except DamagedEvent as damage:
                self._damaged[event_id] = damage
                continue
            self._known[event_id] = _known(stored, leaf)
            stream = self._streams.get(leaf.practitioner_id)
            if event_id in revised and stream is not None and leaf.type not in REVISION_TYPES:
                stream.add(Recorded.of(leaf, stored.position, stored.version))

    async def _learn_revisions(self, connection: Connection, commands: Iterable[Append]) -> None:
        """Read the next MAX_REVISIONS_READ revisions of the people in the order of the commands."""
        people = dict.fromkeys(command.practitioner_id for command in commands if command.targets)
        behind = {person: self._read[person] for person in people if self._read[person] < self.versions[person]}
        if not behind:
            return
        found = await journal.revisions(connection, self._ledger, behind, up_to=self.position, limit=MAX_REVISIONS_READ)
        async for stored in in_slices(stored for stream in found for stored in stream.events):
            try:
                revision = Recorded.of(journal.leaf_of(stored), stored.position, stored.version)
            except DamagedEvent as damage:
                self._damaged_streams[stored.practitioner_id] = damage
            else:
                self._streams[stored.practitioner_id].add(revision)
        unfinished = found[-1] if sum(len(stored.events) for stored in found) == MAX_REVISIONS_READ else None
        for person in behind:
            if unfinished and person == unfinished.practitioner_id:
                self._read[person] = unfinished.version
                break
            self._read[person] = self.versions[person]

    def _count_ready(self, commands: Sequence[Append]) -> int:
        for count, command in enumerate(commands):
            owner = command.practitioner_id
            if command.targets and self._read[owner] < self.versions[owner]:
                return count
        return len(commands)

    def _steps(self, commands: Iterable[Append]) -> Iterator[None]:
        """Read the targets, so that a long reading does not come under the lock, nor holds the loop."""
        for command in commands:
            for target in command.targets:
                yield from self._streams[command.practitioner_id].steps_to(str(target))


def _known(stored: Stored, leaf: Leaf) -> Known:
    return Known(
        leaf.practitioner_id,
        content(leaf.type, leaf.occurred_on, leaf.data, leaf.source),
        Receipt.of(leaf.event_id, stored.position, stored.version, leaf.recorded_at, stored.leaf_hash),
    )
