"""A stream that grows while it is decided about, and what its revisions name. Pure."""

from collections.abc import Iterable

from contracts.events.catalogue import REVISION_TYPES
from contracts.events.codec import InvalidEvent
from contracts.events.revisions import VOID, Recorded, corrected, reading_of, target_of


class GrowingStream:
    """The events of one stream by id. `named` holds the ids that its revisions name.

    A reading is kept and corrected with each correction that comes, so that a thousand corrections of one event cost a
    thousand steps and not a million.
    """

    def __init__(self, stream: Iterable[Recorded]) -> None:
        self.events = {event.event_id: event for event in stream}
        self.named = {target_of(event) for event in self.events.values() if event.type in REVISION_TYPES}
        self._readings: dict[str, Recorded] = {}

    def copy(self) -> "GrowingStream":
        """Return a stream that grows by itself."""
        other = GrowingStream(())
        other.events, other.named, other._readings = dict(self.events), set(self.named), dict(self._readings)
        return other

    def add(self, new: Recorded) -> None:
        """Take in the next event."""
        self.events[new.event_id] = new
        if new.type not in REVISION_TYPES:
            return
        target = target_of(new)
        self.named.add(target)
        # A revision of a fact changes that fact's reading; one of a revision may change others.
        if target in self.events and self.events[target].type in REVISION_TYPES:
            self._readings.clear()
        elif new.type == VOID or new.event_id in self.named:
            self._readings.pop(target, None)
        elif target in self._readings:
            self._correct(target, new)

    def reading(self, target: str) -> Recorded:
        """Return an event of the stream as its corrections leave it."""
        if target not in self._readings:
            self._readings[target] = reading_of(self.events.values(), target)
        return self._readings[target]

    def _correct(self, target: str, correction: Recorded) -> None:
        try:
            self._readings[target] = corrected(self._readings[target], correction)
        except InvalidEvent:  # It will be a finding, and changes nothing.
            del self._readings[target]


NO_EVENTS = GrowingStream(())
