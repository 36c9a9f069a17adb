"""What remains of the streams of one person once corrections and voids are applied.

A revision changes events of its own stream only. It counts from the moment it is known, whatever its date, before or
after its target. Visible corrections apply in position order, each once however often it is sent; a correction may
itself be corrected or voided; a void is final. A revision that cannot apply changes nothing and becomes a finding. The
target of a revision is fixed, and so is the id that a link leads to: no correction moves them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeAlias
from uuid import UUID

from msgspec import Struct, json, structs

from contracts.events.catalogue import CORRECTION, LINKED, REVISION_TYPES, VOID, Data
from contracts.events.codec import InvalidEvent, Leaf, parse_shape, read_data
from contracts.events.facts import Evidence, Fact, Finding, Problem, Stream, Telling
from contracts.events.versions import VERSIONS, Versions
from contracts.folding import folded
from contracts.mistakes import Mistake, Mistakes, Phrase, phrase
from contracts.sentences import in_words

AHEAD_OF_UTC = timedelta(hours=8)
HOUR = len("2024-05-06T07")
"""The length of an instant up to its hour: it decides the day in China."""
MAX_CACHED_HOURS = 4_096
MOST_READ_AGAIN = 20
"""What a fact said is known up to so many of its revisions, so that one with thousands of them stays cheap."""

_canonical_id = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z").match


class Recorded(Struct, frozen=True):
    """One event as the journal returns it; `raw` is its data in version `schema_version` of its type.

    `recorded_at` is the instant in UTC as its leaf has it; None outside any ledger. `stream` is the practitioner id
    under which it is recorded; outside of any ledger there is one stream, without an id.
    """

    position: int
    version: int
    event_id: str
    type: str
    occurred_on: str
    raw: dict[str, Any]
    schema_version: int = 1
    recorded_at: str | None = None
    stream: str = ""

    @classmethod
    def of(cls, leaf: Leaf, position: int, version: int) -> "Recorded":
        """Return the event of a stored leaf."""
        return cls(
            position,
            version,
            str(leaf.event_id),
            leaf.type,
            leaf.occurred_on,
            leaf.data,
            leaf.schema_version,
            leaf.recorded_at,
            leaf.practitioner_id,
        )

    @classmethod
    def today(cls, number: int, event_id: str, type_: str, occurred_on: str, raw: dict[str, Any]) -> "Recorded":
        """Return an event of a history outside any ledger: `number` is its place there, its schema version the current
        one."""
        return cls(number, number, event_id, type_, occurred_on, raw, VERSIONS.current(type_))

    def raw_today(self) -> dict[str, Any]:
        """Return the data as JSON in its type's current version."""
        return VERSIONS.upcast(self.type, self.schema_version, self.raw)


def resolve(recorded: Iterable[Recorded], versions: Versions = VERSIONS) -> Stream:
    """Return what remains of one person's streams, in position order."""
    streams: dict[str, dict[str, Recorded]] = {}
    for event in recorded:
        streams.setdefault(event.stream, {})[event.event_id] = event
    resolved = [_Resolution(events, versions).stream() for events in streams.values()]
    if len(resolved) == 1:
        return resolved[0]
    return Stream(
        facts=tuple(sorted((fact for each in resolved for fact in each.facts), key=attrgetter("position"))),
        voided=tuple(sorted((fact for each in resolved for fact in each.voided), key=attrgetter("position"))),
        findings=tuple(finding for each in resolved for finding in each.findings),
    )


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
    version, occurred_on, raw = merged(target, correction, versions)
    if raw.get("target") != target.raw.get("target"):
        raise InvalidEvent(Mistakes.of("/target", phrase("moves-to-another-target")))
    if target.type == LINKED and raw.get("same_as") != target.raw["same_as"]:
        raise InvalidEvent(Mistakes.of("/same_as", phrase("links-to-another-id")))
    if versions.knows(target.type, version) and versions.knows(CORRECTION, correction.schema_version):
        parse_shape(versions.shape(target.type, version), date.fromisoformat(occurred_on), raw)
    else:
        read_data(target.type, raw, versions)
    if target.type == CORRECTION and raw["set"] == target.raw["set"]:
        version = target.schema_version
    return structs.replace(target, occurred_on=occurred_on, raw=raw, schema_version=version)


def merged(target: Recorded, correction: Recorded, versions: Versions) -> tuple[int, str, dict[str, Any]]:
    """Return the version, day and data of the target with the correction's patch over it, unchecked."""
    version = max(target.schema_version, versions.of_day(target.type, correction.schema_version))
    before = versions.upcast(target.type, target.schema_version, target.raw, to=version)
    patch = correction.raw["set"]
    return version, patch.get("occurred_on", target.occurred_on), merge_patch(before, patch.get("data", {}))


@lru_cache(MAX_CACHED_HOURS)
def _day_in_china(hour: str) -> date:
    """Return the day in China (Asia/Shanghai) on which an hour in UTC begins."""
    return (datetime.fromisoformat(hour) + AHEAD_OF_UTC).date()


def in_one_line(invalid: InvalidEvent) -> str:
    """Return in one line what is wrong first, as findings quote it."""
    return in_words(in_the_target(invalid.mistakes.first), "en")


def in_the_target(mistake: Mistake) -> Phrase:
    """Return what is said of a mistake at another place than that of the event which it is in: where, unless it is the
    whole."""
    if not mistake.pointer:
        return mistake.what
    return phrase("in-the-target", member=mistake.pointer, what=mistake.what)


Correct: TypeAlias = Callable[[Recorded, Recorded], Recorded | str]
"""Returns the first as the second corrects it, or why it cannot."""


def _remembered(correct: Correct) -> Correct:
    """Return a function that corrects the same by the same only once.

    They are the same by identity: events of one stream, and what the function returned, which it keeps alive.
    """
    made: dict[tuple[int, int], Recorded | str] = {}

    def remembered(target: Recorded, correction: Recorded) -> Recorded | str:
        both = id(target), id(correction)
        if both not in made:
            made[both] = correct(target, correction)
        return made[both]

    return remembered


class _Readings:
    """How events read once their corrections, those that count, have been applied to them."""

    def __init__(self, corrections: Mapping[str, Sequence[Recorded]], correct: Correct) -> None:
        self.corrections = corrections
        self.correct = correct
        self.read: dict[str, Recorded] = {}
        self.applied: dict[str, list[Recorded]] = {}
        self.said: dict[str, list[tuple[int, Recorded]]] = {}
        self.refused: list[tuple[str, str]] = []
        """The corrections that would break what they correct, each with what would be wrong."""

    def of(self, event: Recorded) -> Recorded:
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
        patched, applied, said = event, [], [(event.position, event)]
        for correction in self.corrections.get(event.event_id, ()):
            made = self.correct(patched, self.read[correction.event_id])
            if isinstance(made, str):
                self.refused.append((correction.event_id, made))
            else:
                patched = made
                applied.append(correction)
                said.append((max(correction.position, event.position), patched))
        if applied:
            self.applied[event.event_id] = applied
            self.said[event.event_id] = said
        return patched


class _Resolution:
    """One pass over one stream. Every revision has one fixed target, so the targets form chains, or a cycle."""

    def __init__(self, events: Mapping[str, Recorded], versions: Versions) -> None:
        self.events = events
        self.versions = versions
        self.findings: list[Finding] = []
        self.targets = {id_: target_of(event) for id_, event in events.items() if event.type in REVISION_TYPES}
        self.circular = _circular(self.targets)
        self.voided = {target for id_, target in self.targets.items() if self._is(id_, VOID) and self._can_void(id_)}
        self.contents: dict[str, tuple[Any, ...]] = {}
        corrections = (
            events[id_]
            for id_ in self.targets
            if self._is(id_, CORRECTION) and id_ not in self.voided and self._can_correct(id_)
        )
        self.readings = _Readings(self._told_once(corrections, self._told_twice), self._corrected)

    def reading(self, event: Recorded) -> Recorded:
        """Return the event as its corrections leave it."""
        return self.readings.of(event)

    def stream(self) -> Stream:
        # Revisions are read too: a correction that cannot apply to a revision is a finding.
        readings = [self.reading(event) for event in self.events.values()]
        for correction, invalid in self.readings.refused:
            self._find(correction, "target_would_be_invalid", invalid)
        about_people = [self._fact(reading) for reading in readings if reading.event_id not in self.targets]
        standing = (fact for fact in about_people if fact.event_id not in self.voided)
        revisions = self._revisions()
        return Stream(
            facts=tuple(
                structs.replace(fact, before=self._before(fact, revisions[fact.event_id]))
                if fact.event_id in revisions
                else fact
                for fact in standing
            ),
            voided=tuple(fact for fact in about_people if fact.event_id in self.voided),
            findings=tuple(self.findings),
        )

    def _told_once(
        self, corrections: Iterable[Recorded], told_twice: Callable[[str, str], None] = lambda _id, _first: None
    ) -> Mapping[str, Sequence[Recorded]]:
        """Return the corrections by target, each once however often it was sent."""
        by_target: dict[str, list[Recorded]] = {}
        first: dict[tuple[Any, ...], str] = {}
        for correction in corrections:
            id_ = correction.event_id
            if id_ not in self.contents:
                self.contents[id_] = _said(correction, self.targets[id_])
            told = first.setdefault(self.contents[id_], id_)
            if told == id_:
                by_target.setdefault(self.targets[id_], []).append(correction)
            else:
                told_twice(id_, told)
        return by_target

    def _corrected(self, target: Recorded, correction: Recorded) -> Recorded | str:
        try:
            return corrected(target, correction, self.versions)
        except InvalidEvent as invalid:
            return in_one_line(invalid)

    def _told_twice(self, correction: str, first: str) -> None:
        self._find(correction, "told_twice", f"says the same as {first}")

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

    def _fact(self, reading: Recorded) -> Fact:
        occurred_on, data = self._telling(reading)
        return Fact(
            event_id=reading.event_id,
            position=reading.position,
            type=reading.type,
            occurred_on=occurred_on,
            data=data,
            evidence=self._evidence(reading),
            recorded_on=self._recorded(reading),
        )

    def _telling(self, event: Recorded) -> tuple[date, Data]:
        return date.fromisoformat(event.occurred_on), read_data(event.type, event.raw, self.versions)

    def _revisions(self) -> Mapping[str, Sequence[Recorded]]:
        """Return what revises each fact or one of its revisions, in order, whether it still counts or not."""
        facts: dict[str, str] = {}
        revisions: dict[str, list[Recorded]] = {}
        for id_ in self.targets:
            path: dict[str, None] = {}
            link = id_
            while link in self.targets and link not in facts and link not in path:
                path[link] = None
                link = self.targets[link]
            facts.update(dict.fromkeys(path, facts.get(link, link)))
            revisions.setdefault(facts[id_], []).append(self.events[id_])
        return revisions

    def _before(self, fact: Fact, revisions: Sequence[Recorded]) -> tuple[Telling, ...]:
        """Return what a fact said when it was recorded and after each of its revisions, but for what it says now."""
        said: dict[tuple[date, Data], int] = {}
        for since, reading in self._readings(self.events[fact.event_id], revisions):
            said.setdefault(self._telling(reading), since)
        now = fact.occurred_on, fact.data
        return tuple(Telling(*telling, since) for telling, since in said.items() if telling != now)

    def _readings(self, event: Recorded, revisions: Sequence[Recorded]) -> Iterator[tuple[int, Recorded]]:
        """Yield how an event read, and from which position on. To read it anew is seldom needed.

        Only what revises another revision changes more than adding one correction to those that there were.
        """
        if all(self.targets[one.event_id] == event.event_id for one in revisions):
            yield from self.readings.said.get(event.event_id, ())[:MOST_READ_AGAIN]
            return
        early = sum(one.position < event.position for one in revisions)
        correct = _remembered(self._corrected)
        yield event.position, event
        if early:
            yield event.position, self._read_by(event, revisions[:early], correct)
        # After the last it reads as it does now.
        for known in range(early, min(MOST_READ_AGAIN, len(revisions) - 1)):
            yield revisions[known].position, self._read_by(event, revisions[: known + 1], correct)

    def _read_by(self, event: Recorded, revisions: Iterable[Recorded], correct: Correct) -> Recorded:
        """Return how an event read when these were known of the revisions that lead to it, none of which is circular.

        What revises one that is not known has no effect, and neither has a void of a void.
        """
        voided = {self.targets[one.event_id] for one in revisions if one.type == VOID}
        corrections = [one for one in revisions if one.type == CORRECTION and one.event_id not in voided]
        return _Readings(self._told_once(corrections), correct).of(event)

    def _recorded(self, event: Recorded) -> date | None:
        """Return the day on which the event reads as it does: that of its last correction, if it has any."""
        instants = [
            told.recorded_at for told in (event, *self.readings.applied.get(event.event_id, ())) if told.recorded_at
        ]
        return _day_in_china(max(instants)[:HOUR]) if instants else None

    def _evidence(self, event: Recorded) -> tuple[Evidence, ...]:
        """Return the evidence of the event and of every correction that it rests on, each followed by its own.

        Collected for facts only: kept for each link of a long chain, it would be quadratic.
        """
        evidence, ahead = [], [event]
        while ahead:
            done = ahead.pop()
            evidence.append(Evidence(done.event_id, done.position, done.type))
            ahead.extend(reversed(self.readings.applied.get(done.event_id, ())))
        return tuple(evidence)

    def _find(self, event_id: str, problem: Problem, detail: str) -> None:
        self.findings.append(Finding(event_id, self.targets[event_id], problem, detail))


def _said(correction: Recorded, target: str) -> tuple[Any, ...]:
    """Return what two corrections have in common if they are the same, sent twice (ADR-0028)."""
    raw = correction.raw
    texts = folded(raw["reason"]), folded(raw.get("authority", ""))
    return target, correction.occurred_on, json.encode(raw["set"], order="deterministic"), *texts


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
