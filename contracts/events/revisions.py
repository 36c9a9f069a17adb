"""What remains of a stream once its corrections and voids are applied.

A revision counts from the moment it is known, whatever its date, before or after its target. Visible corrections apply
in position order; a correction may itself be corrected or voided; a void is final. A revision that cannot apply changes
nothing and becomes a finding. The target of a revision is fixed: no correction moves it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from contracts.events.catalogue import CORRECTION, REVISION_TYPES, VOID
from contracts.events.codec import InvalidEvent, Leaf, parse_shape, read_data
from contracts.events.facts import Evidence, Fact, Finding, Problem, Stream
from contracts.events.versions import VERSIONS, Versions

_canonical_id = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z").match


class Recorded(Struct, frozen=True):
    """One event as the journal returns it; `raw` is its data in version `schema_version` of its type."""

    position: int
    version: int
    event_id: str
    type: str
    occurred_on: str
    raw: dict[str, Any]
    schema_version: int = 1

    @classmethod
    def of(cls, leaf: Leaf, position: int, version: int) -> "Recorded":
        """Return the event of a stored leaf."""
        event_id = str(leaf.event_id)
        return cls(position, version, event_id, leaf.type, leaf.occurred_on, leaf.data, leaf.schema_version)

    @classmethod
    def today(cls, number: int, event_id: str, type_: str, occurred_on: str, raw: dict[str, Any]) -> "Recorded":
        """Return an event of a history outside any ledger: `number` is its place there, its schema version the current
        one."""
        return cls(number, number, event_id, type_, occurred_on, raw, VERSIONS.current(type_))

    def raw_today(self) -> dict[str, Any]:
        """Return the data as JSON in its type's current version."""
        return VERSIONS.upcast(self.type, self.schema_version, self.raw)


def resolve(recorded: Iterable[Recorded], versions: Versions = VERSIONS) -> Stream:
    """Return what remains of one stream, in position order."""
    return _Resolution({event.event_id: event for event in recorded}, versions).stream()


def target_of(event: Recorded) -> str:
    """Return the event id that a correction or void names, in canonical form."""
    target: str = event.raw["target"]
    return target if _canonical_id(target) else str(UUID(target))


def reading_of(recorded: Iterable[Recorded], event_id: str, versions: Versions = VERSIONS) -> Recorded:
    """Return one event of a stream as its corrections leave it. Raises KeyError if the stream has no event of the
    id."""
    events = {event.event_id: event for event in recorded}
    return _Resolution(events, versions).reading(events[event_id])


def corrected(target: Recorded, correction: Recorded, versions: Versions = VERSIONS) -> Recorded:
    """Return the target with one more correction applied. Raises InvalidEvent if it would break the target's shape.

    Both are read and checked in the version current when the later of them was written: so a correction that applied
    once always does, whatever later releases accept. What only a later release can check, it has checked already. A
    correction whose patch is unchanged keeps its own version.
    """
    version = max(target.schema_version, versions.of_day(target.type, correction.schema_version))
    before = versions.upcast(target.type, target.schema_version, target.raw, to=version)
    patch = correction.raw["set"]
    occurred_on = patch.get("occurred_on", target.occurred_on)
    raw = merge_patch(before, patch.get("data", {}))
    if raw.get("target") != target.raw.get("target"):
        raise InvalidEvent("/target", "a correction cannot move a revision to another target")
    if versions.knows(target.type, version) and versions.knows(CORRECTION, correction.schema_version):
        parse_shape(versions.shape(target.type, version), date.fromisoformat(occurred_on), raw)
    else:
        read_data(target.type, raw, versions)
    if target.type == CORRECTION and raw["set"] == before["set"]:
        version = target.schema_version
    return structs.replace(target, occurred_on=occurred_on, raw=raw, schema_version=version)


def in_one_line(invalid: InvalidEvent) -> str:
    """Return in one line what is wrong, and where unless it is the whole."""
    return f"{invalid.pointer}: {invalid.detail}" if invalid.pointer else invalid.detail


class _Resolution:
    """One pass over one stream. Every revision has one fixed target, so the targets form chains, or a cycle."""

    def __init__(self, events: Mapping[str, Recorded], versions: Versions) -> None:
        self.events = events
        self.versions = versions
        self.findings: list[Finding] = []
        self.read: dict[str, Recorded] = {}
        self.applied: dict[str, list[Recorded]] = {}
        self.targets = {id_: target_of(event) for id_, event in events.items() if event.type in REVISION_TYPES}
        self.circular = _circular(self.targets)
        self.voided = {target for id_, target in self.targets.items() if self._is(id_, VOID) and self._can_void(id_)}
        self.corrections: dict[str, list[Recorded]] = {}
        for id_, target in self.targets.items():
            if self._is(id_, CORRECTION) and id_ not in self.voided and self._can_correct(id_):
                self.corrections.setdefault(target, []).append(events[id_])

    def stream(self) -> Stream:
        # Revisions are read too: a correction that cannot apply to a revision is a finding.
        readings = [self.reading(event) for event in self.events.values()]
        about_people = [self._fact(reading) for reading in readings if reading.event_id not in self.targets]
        return Stream(
            facts=tuple(fact for fact in about_people if fact.event_id not in self.voided),
            voided=tuple(fact for fact in about_people if fact.event_id in self.voided),
            findings=tuple(self.findings),
        )

    def _is(self, event_id: str, type_: str) -> bool:
        return event_id in self.events and self.events[event_id].type == type_

    def _can_void(self, void: str) -> bool:
        if self._is(self.targets[void], VOID):
            self._find(void, "void_of_a_void", "a void cannot be voided")
            return False
        return self._has_target(void)

    def _can_correct(self, correction: str) -> bool:
        if correction in self.circular:
            self._find(correction, "correction_cycle", "the correction corrects itself through others")
            return False
        return self._has_target(correction)

    def _has_target(self, revision: str) -> bool:
        if self.targets[revision] not in self.events:
            self._find(revision, "target_unknown", "the stream has no event of this id yet")
            return False
        return True

    def reading(self, event: Recorded) -> Recorded:
        """Return the event as its corrections leave it. Each is read once, so each finding is made once.

        Without recursion, because a chain of corrections may be longer than Python's stack.
        """
        unread = [event]
        while unread:
            corrections = self.corrections.get(unread[-1].event_id, ())
            first = [correction for correction in corrections if correction.event_id not in self.read]
            if first:
                unread.extend(reversed(first))
            else:
                done = unread.pop()
                if done.event_id not in self.read:
                    self.read[done.event_id] = self._patched(done)
        return self.read[event.event_id]

    def _patched(self, event: Recorded) -> Recorded:
        patched, applied = event, []
        for correction in self.corrections.get(event.event_id, ()):
            try:
                patched = corrected(patched, self.read[correction.event_id], self.versions)
            except InvalidEvent as invalid:
                self._find(correction.event_id, "target_would_be_invalid", in_one_line(invalid))
                continue
            applied.append(correction)
        if applied:
            self.applied[event.event_id] = applied
        return patched

    def _fact(self, reading: Recorded) -> Fact:
        day = date.fromisoformat(reading.occurred_on)
        data = read_data(reading.type, reading.raw, self.versions)
        return Fact(reading.event_id, reading.position, reading.type, day, data, self._evidence(reading))

    def _evidence(self, event: Recorded) -> tuple[Evidence, ...]:
        """Return the evidence of the event and of every correction that it rests on, each followed by its own.

        Collected for facts only: kept for each link of a long chain, it would be quadratic.
        """
        evidence, ahead = [], [event]
        while ahead:
            done = ahead.pop()
            evidence.append(Evidence(done.event_id, done.position, done.type))
            ahead.extend(reversed(self.applied.get(done.event_id, ())))
        return tuple(evidence)

    def _find(self, event_id: str, problem: Problem, detail: str) -> None:
        self.findings.append(Finding(event_id, self.targets[event_id], problem, detail))


def _circular(targets: Mapping[str, str]) -> set[str]:
    """Return the revisions that lead back to themselves from target to target."""
    walked: set[str] = set()
    circular: set[str] = set()
    for start in targets:
        path: dict[str, int] = {}
        link = start
        while link in targets and link not in walked and link not in path:
            path[link] = len(path)
            link = targets[link]
        if link in path:
            circular.update(list(path)[path[link] :])
        walked.update(path)
    return circular


def merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` patched (RFC 7396). Neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
