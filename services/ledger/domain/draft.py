"""The events that one batch will append: its commands are decided in order, each seeing the effects of those before it.
Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from contracts.events.codec import timestamp
from services.ledger.domain.career import Answer, Append, Career, Entry, KnownEvent, Receipt, as_recorded, seal
from services.ledger.domain.decide import decide
from services.ledger.domain.links import LinkInForce
from services.ledger.domain.stream import GrowingStream

INSTANT_STEP = timedelta(microseconds=1)


def instant_behind(head: datetime, now: datetime) -> datetime:
    """Return the instant of a batch: now, but after everything that the ledger has recorded or answered for by instant.

    So an answer as of an instant never changes, whatever the clocks do.
    """
    return max(now, head + INSTANT_STEP)


class Draft:
    """Entries that follow position `head`, all recorded at one instant.

    `versions` has every stream that a command will name or link to; `known` is what the ledger holds of the ids that
    the commands name; `streams` has those that corrections, voids and links go to, and `links` the links of the people
    whom links name. `streams` and `links` grow by the entries of the draft. The caller may add to all of them for the
    next commands.
    """

    def __init__(
        self,
        ledger: str,
        head: int,
        recorded_at: datetime,
        versions: Mapping[str, int],
        known: Mapping[UUID, KnownEvent] | None = None,
        streams: Mapping[str, GrowingStream] | None = None,
        links: dict[str, LinkInForce | None] | None = None,
    ) -> None:
        self.entries: list[Entry] = []
        self.versions: dict[str, int] = {}
        self.recorded_at = recorded_at
        self._recorded_text = timestamp(recorded_at)
        self._ledger = ledger
        self._head = head
        self._versions_before = versions
        self._known = {} if known is None else known
        self._streams = {} if streams is None else streams
        self._links = {} if links is None else links
        self._positions: dict[UUID, int] = {}
        self._pending: dict[str, list[int]] = {}

    def add(self, command: Append) -> Answer:
        """Add the command's events to the draft, or none of them. Raises a Rejection."""
        version = self._version(command.practitioner_id)
        decision = decide(self._career(command, version), command)
        entries = [
            seal(event, command, self._ledger, version + count, self.recorded_at)
            for count, event in enumerate(decision.append, 1)
        ]
        first = self._head + len(self.entries) + 1
        receipts = []
        for position, entry in enumerate(entries, first):
            self.entries.append(entry)
            self._positions[entry.event.event_id] = position
            self._pending.setdefault(entry.practitioner_id, []).append(position)
            receipts.append(self._receipt(entry, position))
        self._links.update(decision.links)
        if entries:
            self.versions[command.practitioner_id] = entries[-1].version
        if decision.receipts:
            appended = iter(receipts)
            receipts = [decision.receipts.get(event.event_id) or next(appended) for event in command.events]
            return Answer(
                max(receipt.position for receipt in receipts),
                max(receipt.version for receipt in receipts),
                receipts,
                replay=not entries,
            )
        return Answer(receipts[-1].position, receipts[-1].version, receipts, replay=False)

    def _version(self, practitioner_id: str) -> int:
        return self.versions.get(practitioner_id) or self._versions_before[practitioner_id]

    def _career(self, command: Append, version: int) -> Career:
        if not (self._known or command.rests_on_stream or self._repeats(command)):
            return Career(version)
        named = [event.event_id for event in command.events]
        known = {id_: event for id_ in (*named, *command.targets) if (event := self._known_event(id_)) is not None}
        if not command.rests_on_stream:
            return Career(version, known)
        people = [id_ for id_ in command.linked_to if self._version(id_)]
        return Career(version, known, self.stream(command.practitioner_id), self._links, people)

    def _repeats(self, command: Append) -> bool:
        return bool(self._positions) and any(event.event_id in self._positions for event in command.events)

    def _known_event(self, event_id: UUID) -> KnownEvent | None:
        if event_id in self._positions:
            position = self._positions[event_id]
            entry = self._entry(position)
            return KnownEvent(entry.practitioner_id, entry.event.content, self._receipt(entry, position))
        return self._known.get(event_id)

    def stream(self, practitioner_id: str) -> GrowingStream:
        """Return one of the `streams` with all entries of the draft in it."""
        stream = self._streams[practitioner_id]
        for position in self._pending.pop(practitioner_id, ()):
            entry = self._entry(position)
            stream.add(as_recorded(entry.event, position, entry.version))
        return stream

    def _entry(self, position: int) -> Entry:
        return self.entries[position - self._head - 1]

    def _receipt(self, entry: Entry, position: int) -> Receipt:
        return Receipt.of(entry.event.event_id, position, entry.version, self._recorded_text, entry.leaf_hash)
