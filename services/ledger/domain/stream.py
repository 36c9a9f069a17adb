"""How the events of one stream read as corrections and voids are added to it. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from contracts.events.catalogue import CORRECTION, REVISION_TYPES
from contracts.events.codec import InvalidEvent
from contracts.events.revisions import Recorded, corrected, target_of
from contracts.events.versions import VERSIONS, Versions


class GrowingStream:
    """The revisions of one stream in its order, and those of its other events that a decision looks at.

    Reads every event as `contracts.events.revisions` does. For each event read through it, it keeps the reading before
    the first correction and after each of them. So a new correction costs one step, and a revision of a revision undoes
    only the steps that depend on it.
    """

    def __init__(self, events: Iterable[Recorded] = (), versions: Versions = VERSIONS) -> None:
        self.versions = versions
        self.events: dict[str, Recorded] = {}
        self._targets: dict[str, str] = {}
        self._corrections: dict[str, list[str]] = {}  # For each target, in the order of the stream.
        self._places: dict[str, int] = {}  # For each correction, its index among those of its target.
        self._voids: Counter[str] = Counter()  # How many voids name each target.
        self._circular: set[str] = set()
        self._steps: dict[str, list[Recorded]] = {}
        for event in events:
            self.add(event)

    def names(self, event_id: str) -> bool:
        """Whether a revision has the event as its target."""
        return bool(self._corrections.get(event_id) or self._voids[event_id])

    def has_voided(self, event_id: str) -> bool:
        """Whether a void has the event as its target."""
        return self._voids[event_id] > 0

    def add(self, new: Recorded) -> None:
        """Add the next revision, or any other event."""
        self.events[new.event_id] = new
        if new.type not in REVISION_TYPES:
            return
        target = self._targets[new.event_id] = target_of(new)
        if new.type == CORRECTION:
            corrections = self._corrections.setdefault(target, [])
            self._places[new.event_id] = len(corrections)
            corrections.append(new.event_id)
        else:
            self._voids[target] += 1
            self._undo_steps_on(target)
        # An event that no earlier revision names cannot close a cycle, and most are not named.
        if self.names(new.event_id) and (circle := self._circle(new.event_id)):
            self._circular.update(circle)
            self._undo_steps_on_each(circle)
        if new.type == CORRECTION:
            self._take_its_step(target)

    def reading(self, event_id: str) -> Recorded:
        """Return the event as its corrections leave it. Raises KeyError for an event that was never added."""
        for _ in self.steps_to(event_id):
            pass
        return self._steps[event_id][-1]

    def steps_to(self, event_id: str) -> Iterator[bool]:
        """Prepare a reading step by step: there may be thousands. No step for an event that was never added.

        Yields whether the step is final and need not be taken again. Without recursion, because a chain of corrections
        may be longer than Python's stack.
        """
        unread = [event_id] if event_id in self.events else []
        while unread:
            steps = self._steps.setdefault(unread[-1], [self.events[unread[-1]]])
            corrections = self._corrections.get(unread[-1], ())
            if len(steps) > len(corrections):
                unread.pop()
                continue
            taken = len(steps)
            correction = corrections[taken - 1]
            if self._voids[correction] or correction in self._circular:
                steps.append(steps[-1])
            elif self._is_read(correction):
                steps.append(self._patched(steps[-1], self._steps[correction][-1]))
            else:
                unread.append(correction)
            yield len(steps) > taken

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """At the end of the block, remove whatever was added inside it."""
        count = len(self.events)
        try:
            yield
        finally:
            while len(self.events) > count:
                self._remove(next(reversed(self.events.values())))

    def _remove(self, last: Recorded) -> None:
        del self.events[last.event_id]
        self._steps.pop(last.event_id, None)
        if last.type not in REVISION_TYPES:
            return
        if last.event_id in self._circular:
            circle = self._circle(last.event_id)
            self._circular.difference_update(circle)
            self._undo_steps_on_each(circle)
        target = self._targets.pop(last.event_id)
        if last.type == CORRECTION:
            self._corrections[target].pop()
            del self._places[last.event_id]
            self._undo_its_step(target)
        else:
            self._voids[target] -= 1
            self._undo_steps_on(target)

    def _is_read(self, event_id: str) -> bool:
        return len(self._steps.get(event_id, ())) > len(self._corrections.get(event_id, ()))

    def _take_its_step(self, target: str) -> None:
        """Apply the newest correction of an event, if its reading lacks it."""
        steps = self._steps.get(target, [])
        if len(steps) == len(self._corrections[target]):
            before = steps[-1]
            self._compare_patches(target, before, self.reading(target))

    def _undo_its_step(self, target: str) -> None:
        """Drop the newest correction of an event, which was removed, from its reading."""
        steps = self._steps.get(target, [])
        if len(steps) == len(self._corrections[target]) + 2:
            before = steps.pop()
            self._compare_patches(target, before, steps[-1])

    def _compare_patches(self, event_id: str, before: Recorded, after: Recorded) -> None:
        # Only the patch of a correction has an effect. So most corrections of corrections undo nothing further on.
        if before.raw.get("set") != after.raw.get("set"):
            self._undo_steps_on(event_id)

    def _undo_steps_on(self, event_id: str) -> None:
        """Undo the steps that apply this event, if it is a correction: those of its target, of the target of that..."""
        while (place := self._places.get(event_id)) is not None:
            event_id = self._targets[event_id]
            steps = self._steps.get(event_id, [])
            if len(steps) <= place + 1:
                return  # This step was not taken, so no later one was.
            del steps[place + 1 :]

    def _undo_steps_on_each(self, event_ids: Iterable[str]) -> None:
        for event_id in event_ids:
            self._undo_steps_on(event_id)

    def _circle(self, event_id: str) -> list[str]:
        """Return the revisions that lead from this one back to it, from target to target. Empty if none do."""
        path = {event_id: None}
        link = self._targets[event_id]
        while link in self._targets and link not in path:
            path[link] = None
            link = self._targets[link]
        return list(path) if link == event_id else []

    def _patched(self, event: Recorded, correction: Recorded) -> Recorded:
        try:
            return corrected(event, correction, self.versions)
        except InvalidEvent:  # It becomes a finding and changes nothing.
            return event


NO_EVENTS = GrowingStream()
