"""The grammar in which the ledger's decisions are told: given(...).when(...).then_rejected(...).

An event is called by a short name such as "e1"; its id is made from the name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from contracts.events.catalogue import ALL_TYPES
from contracts.events.codec import NewEvent, parse_event
from contracts.events.revisions import Recorded
from services.ledger.domain.career import Answer, Append, Known
from services.ledger.domain.draft import Draft
from services.ledger.domain.rejections import Rejection
from services.ledger.domain.stream import GrowingStream
from tests.lives import Life, http

LEDGER = "chengdu"
ME, SOMEBODY_ELSE = "P-1", "P-2"
INSTANT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NAMES = UUID("8a1c1f3e-2f83-5d9f-9a7e-0d2f4f6a1b11")


def id_of(name: str) -> UUID:
    return uuid5(NAMES, name)


def event(name: str, type_: str, occurred_on: str = "2024-05-06", *, source: Any = None, **data: Any) -> NewEvent:
    """Return a valid event. Raises InvalidEvent."""
    envelope = {"event_id": str(id_of(name)), "type": type_, "occurred_on": occurred_on, "data": data}
    return parse_event(envelope if source is None else {**envelope, "source": source}, types=ALL_TYPES)


def training(name: str, amount: str = "12.5", **more: Any) -> NewEvent:
    return event(name, "training.completed", amount=amount, unit="hour", subjects=["sw_practice"], **more)


def enrolled(name: str = "enrolled") -> NewEvent:
    return event(name, "practitioner.enrolled", identity_type="mainland")


def void(name: str, target: str) -> NewEvent:
    return event(name, "event.voided", target=str(id_of(target)), reason="typed twice")


def correction(name: str, target: str, **set_: Any) -> NewEvent:
    return event(name, "event.corrected", target=str(id_of(target)), set=set_, reason="typed wrongly")


def data(**members: Any) -> dict[str, Any]:
    """Return the part of a correction that patches data."""
    return {"data": members}


def new_events(life: Life) -> list[NewEvent]:
    """Return the events of a life as the ledger reads them. Raises InvalidEvent."""
    return [parse_event(body, types=ALL_TYPES) for body in http(life)]


@dataclass
class Given:
    """A ledger as the events of a test leave it."""

    events: Sequence[tuple[str, NewEvent]]

    def when(
        self, *events: NewEvent, to: str = ME, expected_version: int | None = None, recorded_by: str = "anonymous"
    ) -> "Outcome":
        """Ask to append `events` to one stream."""
        command = Append(to, events, expected_version, recorded_by)
        draft = self._draft(to)
        before = len(draft.entries)
        try:
            answer = draft.add(command)
        except Rejection as rejection:
            assert len(draft.entries) == before, "a refused command leaves nothing behind"
            return Outcome(None, rejection, [])
        return Outcome(answer, None, [str(entry.event.event_id) for entry in draft.entries[before:]])

    def _draft(self, to: str) -> Draft:
        """Return a draft that knows the given events as the journal would give them."""
        versions: dict[str, int] = {to: 0}
        known: dict[UUID, Known] = {}
        streams = {to: GrowingStream()}
        recorder = Draft(LEDGER, 0, INSTANT, _Zeros())
        for owner, one in self.events:
            versions[owner] = versions.get(owner, 0) + 1
            position = len(recorder.entries) + 1
            # Given is what happened, not what would be accepted: it is put in without being decided.
            recorded = Recorded(
                position, versions[owner], str(one.event_id), one.type, one.occurred_on.isoformat(), one.raw
            )
            streams.setdefault(owner, GrowingStream()).add(recorded)
            stand_in = recorder.add(Append(owner, [training(f"stand-in for {one.event_id}")])).events[0]
            known[one.event_id] = Known(owner, one.content, replace(stand_in, event_id=one.event_id))
        return Draft(LEDGER, len(self.events), INSTANT, versions, known, streams)


@dataclass
class Outcome:
    """What became of a command."""

    answer: Answer | None
    rejection: Rejection | None
    appended: list[str]

    def then_appended(self, *names: str) -> Answer:
        assert self.answer is not None, self.rejection
        assert self.appended == [str(id_of(name)) for name in names]
        assert not self.answer.replay
        return self.answer

    def then_replayed(self) -> Answer:
        assert self.answer is not None, self.rejection
        assert self.answer.replay
        assert self.appended == []
        return self.answer

    def then_rejected(self, rejection: type[Rejection], **facts: Any) -> None:
        assert type(self.rejection) is rejection, self.rejection or self.answer
        for name, value in facts.items():
            assert getattr(self.rejection, name) == value, name


class _Zeros(dict[str, int]):
    def __missing__(self, _: str) -> int:
        return 0


def given(*events: NewEvent | tuple[str, NewEvent]) -> Given:
    """Tell what the ledger holds: events of P-1, or (practitioner, event) for another."""
    return Given([one if isinstance(one, tuple) else (ME, one) for one in events])
