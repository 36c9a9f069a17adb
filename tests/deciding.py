"""The grammar for tests of the ledger's decisions: given(...).when(...).then_rejected(...).

The events given and sent are lives (`tests/lives.py`), whose events are called by short names such as "e1".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from contracts.events.catalogue import ALL_TYPES
from contracts.events.codec import NewEvent, parse_event
from contracts.events.revisions import Recorded
from contracts.events.versions import VERSIONS, Versions
from services.ledger.domain.career import ANY_VERSION, Answer, Append, Expectation, KnownEvent
from services.ledger.domain.draft import Draft
from services.ledger.domain.links import LinkInForce, follow
from services.ledger.domain.rejections import Rejection
from services.ledger.domain.stream import GrowingStream
from tests.lives import Life, http, id_of, someone

LEDGER = "chengdu"
ME, SOMEBODY_ELSE = "P-1", "P-2"
INSTANT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
E1, E2, E3, E4 = (someone.trained(called=name) for name in ("e1", "e2", "e3", "e4"))
"""Trainings, where any event would do."""


def uuid_of(name: str) -> UUID:
    """Return the id of an event of this name as the ledger has it."""
    return UUID(id_of(name))


def new_events(*lives: Life, versions: Versions = VERSIONS) -> list[NewEvent]:
    """Return the events of lives, one after another, as a release of these versions reads them. Raises InvalidEvent."""
    return [parse_event(body, types=ALL_TYPES, versions=versions) for body in http(sum(lives, someone))]


def new_event(life: Life, versions: Versions = VERSIONS) -> NewEvent:
    """Return the only event of a life as a release of these versions reads it. Raises InvalidEvent."""
    (event,) = new_events(life, versions=versions)
    return event


def appending(
    *lives: Life,
    to: str = ME,
    expected_version: int | None = None,
    expected: Expectation = ANY_VERSION,
    recorded_by: str = "anonymous",
) -> Append:
    """Return the command to append lives to one stream."""
    if expected_version is not None:
        expected = Expectation(one_of=[expected_version])
    return Append(to, new_events(*lives), expected, recorded_by)


@dataclass
class Given:
    """A ledger as the events of a test leave it."""

    events: Sequence[tuple[str, NewEvent]]

    def when(
        self,
        *lives: Life,
        to: str = ME,
        expected_version: int | None = None,
        expected: Expectation = ANY_VERSION,
        recorded_by: str = "anonymous",
    ) -> "Outcome":
        """Ask to append `lives` to one stream."""
        command = appending(
            *lives, to=to, expected_version=expected_version, expected=expected, recorded_by=recorded_by
        )
        draft = self._draft(to)
        before = len(draft.entries)
        try:
            answer = draft.add(command)
        except Rejection as rejection:
            assert len(draft.entries) == before, "a refused command leaves nothing behind"
            return Outcome(None, rejection, [])
        return Outcome(answer, None, [str(entry.event.event_id) for entry in draft.entries[before:]])

    def _draft(self, to: str) -> Draft:
        """Return a draft that knows the given events as the journal would return them."""
        versions = _Zeros({to: 0})
        known: dict[UUID, KnownEvent] = {}
        streams = {to: GrowingStream()}
        links: dict[str, LinkInForce | None] = {}
        recorder = Draft(LEDGER, 0, INSTANT, _Zeros())
        for owner, one in self.events:
            versions[owner] = versions.get(owner, 0) + 1
            position = len(recorder.entries) + 1
            # Given is what happened, not what would be accepted: it is put in without being decided.
            recorded = Recorded(
                position, versions[owner], str(one.event_id), one.type, one.occurred_on.isoformat(), one.raw
            )
            stream = streams.setdefault(owner, GrowingStream())
            stream.add(recorded)
            follow(links, owner, one, is_voided=stream.has_voided(recorded.event_id))
            stand_in = appending(someone.trained(called=f"stand-in for {one.event_id}"), to=owner)
            receipt = replace(recorder.add(stand_in).events[0], event_id=one.event_id)
            known[one.event_id] = KnownEvent(owner, one.content, receipt)
        return Draft(LEDGER, len(self.events), INSTANT, versions, known, streams, links)


@dataclass
class Outcome:
    """The outcome of a command."""

    answer: Answer | None
    rejection: Rejection | None
    appended: list[str]

    def then_appended(self, *names: str) -> Answer:
        assert self.answer is not None, self.rejection
        assert self.appended == [id_of(name) for name in names]
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


def given(*lives: Life | tuple[str, Life]) -> Given:
    """Return a ledger that holds these lives: of P-1, or (practitioner, life) of another."""
    owned = ((ME, one) if isinstance(one, Life) else one for one in lives)
    return Given([(owner, event) for owner, life in owned for event in new_events(life)])
