"""Request bodies and answers of the ledger. An event's own shape is defined in `contracts.events` only."""

import re
from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from contracts import strict_json
from contracts.events.catalogue import CORRECTION
from contracts.events.codec import InvalidEvent, NewEvent
from contracts.events.mistakes import MistakesOfEvents, look_through, look_through_all, new_event, new_events
from contracts.events.one_step import events_in_one_step, item_in_one_step
from contracts.events.values import JURISDICTION_PATTERN, MAX_TEXT_CHARACTERS, PRACTITIONER_PATTERN, TEXT_PATTERN
from contracts.events.versions import VERSIONS
from contracts.mistakes import Misfit, Mistake, Mistakes, NamesMeant, phrase, said_of
from contracts.places import checked_code
from services.ledger.api import examples
from services.ledger.domain.career import Expectation
from services.runtime.http.entity_tags import EntityTag, TagCondition
from services.runtime.http.parameters import A_PRACTITIONER_ID
from services.runtime.journal import ORGANIZATIONS_STREAM, RULES_STREAM
from services.runtime.refusals import Refusal, pointer_to

MAX_EVENTS_IN_A_REQUEST = 100
MAX_EVENTS_IN_A_BULK = 10_000

ADDED_MEMBERS = ("ledger", "version", "position", "recorded_at", "recorded_by", "schema_version", "leaf_hash")
BESIDE_AN_EVENT = frozenset({"practitioner_id", *ADDED_MEMBERS})
MOST_TOLD_OF_AN_ITEM = 20
"""Of a bulk, where each of many items may have mistakes."""
OWN_STREAMS = (RULES_STREAM, ORGANIZATIONS_STREAM)

_text = re.compile(TEXT_PATTERN)
_practitioner_id = re.compile(PRACTITIONER_PATTERN)
_version = re.compile(r"v(0|[1-9][0-9]{0,9})\Z")


def _title(value: str) -> str:
    if not _text.match(value):
        raise Misfit(phrase("wrong-form", expected=phrase("plain-text")))
    return value


@dataclass(eq=False)
class InvalidBody(Refusal):
    """The body as a whole does not have the required shape."""

    mistakes: Mistakes


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewLedger(_Body):
    """A ledger to create. It never changes."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.NEW_LEDGER]})
    jurisdiction: Annotated[
        str,
        AfterValidator(checked_code),
        Field(json_schema_extra={"pattern": JURISDICTION_PATTERN}, description="GB/T 2260"),
    ]
    title: Annotated[
        str,
        AfterValidator(_title),
        Field(min_length=1, max_length=MAX_TEXT_CHARACTERS, json_schema_extra={"pattern": TEXT_PATTERN}),
    ]


class Ledger(_Answer):
    """One authority's book."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LEDGER]})
    ledger: str
    jurisdiction: str
    title: str
    origin: Annotated[str, Field(description="The first half of the name under which its checkpoints are signed.")]
    created_at: str
    founding_packs: Annotated[dict[str, str], Field(description="Jurisdiction to digest, pinned when it was created.")]


class LedgerWithHead(Ledger):
    """A ledger and its last position, 0 while it holds no event."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**examples.LEDGER, "head": 2}]})
    head: int


class LedgerPage(_Answer):
    """Ledgers in order of name. `next_after` is null on the last page."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ledgers": [examples.LEDGER], "next_after": None}]})
    ledgers: list[Ledger]
    next_after: str | None


class Receipt(_Answer):
    """Proof that an event is recorded for ever, and where."""

    event_id: UUID
    position: int
    version: int
    recorded_at: str
    leaf_hash: Annotated[str, Field(description="RFC 6962 leaf hash, standard base64.")]


class Appended(_Answer):
    """The last position and version, and a receipt for each event in the order sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.APPENDED]})
    position: int
    version: int
    events: list[Receipt]


class BulkItem(_Answer):
    """The outcome of one event. A member that does not apply is null."""

    index: Annotated[int, Field(description="Which event of the request, from 0.")]
    status: Annotated[int, Field(description="201 recorded, 200 recorded before, otherwise that of the problem.")]
    event_id: Annotated[UUID | None, Field(description="Null where none could be read.")]
    position: int | None
    version: int | None
    leaf_hash: Annotated[str | None, Field(description="RFC 6962 leaf hash, standard base64.")]
    problem: Annotated[dict[str, Any] | None, Field(description="RFC 9457; its pointers lead into the event.")]


class BulkAnswer(_Answer):
    """An item for each event, in the order sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.BULK_ANSWER]})
    items: list[BulkItem]


class Event(_Answer):
    """An event as it is read: its envelope and what the ledger added, flat, its data in its type's current version.

    A correction is in the version of its day, `schema_version`: its patch was written in the shapes of that day.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EVENT]})
    event_id: UUID
    type: str
    occurred_on: date
    data: dict[str, Any]
    source: dict[str, str] | None = None
    ledger: str
    practitioner_id: str
    version: int
    position: int
    recorded_at: str
    recorded_by: str
    schema_version: int
    leaf_hash: str


class RevisedEvent(Event):
    """An event with the ids of the corrections and voids that have an effect on it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**examples.EVENT, "corrected_by": [], "voided_by": []}]})
    corrected_by: list[UUID]
    voided_by: list[UUID]


class EventPage(_Answer):
    """Events in order and where the whole ends, in one snapshot. `next_after` repeats `after` on an empty page."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"events": [examples.EVENT], "next_after": 2, "head": 2}]}
    )
    events: list[Event]
    next_after: int
    head: int


class Standard(_Answer):
    """A local standard with the position from which it is known. One that is voided never counted."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STANDARD]})
    standard_id: str
    jurisdiction: str
    determination: str
    effective_from: date
    tiers: dict[str, str]
    unit: str
    adds_employer_types: list[str] | None = None
    organization: Annotated[
        str | None, Field(description="The unit whose measure it is; none for a measure of the place.")
    ] = None
    position: int
    event_id: UUID
    last_day: Annotated[date | None, Field(description="The last day on which it applies, if it was ended.")]
    voided: bool


class StandardEnd(_Answer):
    """The end of a local standard, and the position from which it is known."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STANDARD_END]})
    standard_id: str
    last_day: date
    event_id: UUID
    position: int


class StandardVoid(_Answer):
    """The void of a local standard or of its end, and the position from which it is known."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STANDARD_VOID]})
    target: Annotated[UUID, Field(description="The event that never counted.")]
    reason: str
    authority: str | None = None
    event_id: UUID
    position: int


class Organization(_Answer):
    """An organization as its latest record by a day has it, and where that stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ORGANIZATION]})
    organization: str
    name: str
    kind: str
    jurisdiction: str
    approved_posts: int | None = None
    beds: int | None = None
    occurred_on: Annotated[date, Field(description="The day from which on it is so.")]
    event_id: UUID
    position: int


class OrganizationPage(_Answer):
    """Organizations in order of id. `next_after` is null on the last page."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"organizations": [examples.ORGANIZATION], "next_after": None, "head": 3}]}
    )
    organizations: list[Organization]
    next_after: str | None
    head: int


class StandardPage(_Answer):
    """Local standards in the order in which they were registered. `next_after` is null on the last page."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"local_standards": [examples.STANDARD], "next_after": None, "head": 3}]}
    )
    local_standards: list[Standard]
    next_after: int | None
    head: int


def read_append(body: bytes) -> Any:
    """Return the events of a body as a tuple, or its JSON value if they have to be looked at one by one. Raises
    MalformedJson."""
    return events_in_one_step(body, MAX_EVENTS_IN_A_REQUEST) or strict_json.parse(body)


def events_of(body: Any) -> Sequence[NewEvent]:
    """Return the events of `{"events": [...]}` as `read_append` has read it.

    Raises InvalidBody, or InvalidEvent and its kin, with all mistakes.
    """
    if isinstance(body, tuple):  # No JSON value is one.
        return body
    if _is_list_of_events(body, MAX_EVENTS_IN_A_REQUEST):
        return new_events(body["events"], "/events")
    found = _mistakes_of_body(body, MAX_EVENTS_IN_A_REQUEST)
    if isinstance(body, dict) and isinstance(events := body.get("events"), list):
        look_through_all(events[:MAX_EVENTS_IN_A_REQUEST], "/events", found)
    raise InvalidBody(found)


def list_of_events(body: Any, at_most: int) -> list[Any]:
    """Return the list in `{"events": [...]}`, its items unchecked. Raises InvalidBody."""
    if _is_list_of_events(body, at_most):
        events: list[Any] = body["events"]
        return events
    found = _mistakes_of_body(body, at_most)
    raise InvalidBody(found)


def _is_list_of_events(body: Any, at_most: int) -> bool:
    if not isinstance(body, dict) or len(body) != 1:
        return False
    events = body.get("events")
    return isinstance(events, list) and 1 <= len(events) <= at_most


def _mistakes_of_body(body: Any, at_most: int) -> MistakesOfEvents:
    found = MistakesOfEvents()
    events = body.get("events") if isinstance(body, dict) else None
    if not isinstance(events, list):
        found.add("/events", phrase("no-list-of-events"))
    elif not 1 <= len(events) <= at_most:
        found.add("/events", phrase("wrong-number-of-events", most=at_most, count=len(events)))
    for name in body if isinstance(body, dict) else ():
        if name != "events":
            found.add(pointer_to(name), phrase("unknown-member"))
    return found


def check_count(events: Sized, at_most: int) -> None:
    """Raise InvalidBody if a request has no events or too many."""
    if not 1 <= len(events) <= at_most:
        raise InvalidBody(Mistakes.of("/events", phrase("wrong-number-of-events", most=at_most)))


def item_at_once(item: bytes) -> tuple[str, NewEvent] | None:
    """Return what `item_of` does, or None if that has to look at its JSON value."""
    read = item_in_one_step(item)
    return read if read is not None and _practitioner_id.match(read[0]) else None


def item_of(item: Any, meant: NamesMeant | None = None) -> tuple[str, NewEvent]:
    """Return the practitioner id of an item of a bulk, and its event. Raises InvalidEvent or its kin with all mistakes.
    `meant` is that of all items.

    A line of a feed is an item: what its ledger added is left out, because this ledger adds its own.
    """
    if not isinstance(item, dict):
        expected = phrase("wrong-kind", expected=phrase("event-with-its-person"))
        raise InvalidEvent(Mistakes.of("", said_of(item, expected)))
    event = {name: value for name, value in item.items() if name not in BESIDE_AN_EVENT}
    if not any(_mistakes_beside(item)):
        return item["practitioner_id"], new_event(event, most=MOST_TOLD_OF_AN_ITEM, meant=meant)
    found = MistakesOfEvents(MOST_TOLD_OF_AN_ITEM, meant)
    for mistake in _mistakes_beside(item):
        found.add(mistake.pointer, mistake.what)
    look_through(event, "", found)
    raise found.refusal()


def _mistakes_beside(item: dict[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong beside the event of an item."""
    written_in = item.get("schema_version")
    if item.get("type") == CORRECTION and written_in not in (None, VERSIONS.current(CORRECTION)):
        yield Mistake("/schema_version", phrase("patch-of-another-release"))
    practitioner_id = item.get("practitioner_id")
    if practitioner_id in OWN_STREAMS:
        yield Mistake("/practitioner_id", phrase("has-routes-of-its-own", stream=practitioner_id))
    elif not isinstance(practitioner_id, str) or not _practitioner_id.match(practitioner_id):
        yield Mistake("/practitioner_id", phrase("wrong-form", expected=A_PRACTITIONER_ID))


def event_id_of(item: Any) -> UUID | None:
    """Return the event id of an unchecked item, if it has a valid one."""
    try:
        return UUID(item["event_id"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def expectation(if_match: TagCondition | None, if_none_match: TagCondition | None) -> Expectation:
    """Return at which versions of the stream the conditions of a request let it append (RFC 9110, 13.1)."""
    exists, one_of, weak = None, None, False
    if if_match is not None:
        exists = True if if_match.any_state else None
        one_of = None if if_match.any_state else _versions(tag for tag in if_match.tags if not tag.weak)
        weak = any(tag.weak for tag in if_match.tags)
    if if_none_match is None:
        return Expectation(exists, one_of, weak=weak)
    if if_none_match.any_state:
        # Together with `If-Match: *` this asks for what cannot be.
        return Expectation(exists=False, one_of=() if exists else one_of, weak=weak)
    return Expectation(exists, one_of, _versions(if_none_match.tags), weak)


def _versions(tags: Iterable[EntityTag]) -> frozenset[int]:
    """Return the versions that tags name. One that this service never gives names none."""
    return frozenset(int(match[1]) for tag in tags if (match := _version.match(tag.opaque)))
