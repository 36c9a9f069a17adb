"""Local standards: dated measures of a place, recorded, ended and voided in the ledger's own stream of rules. Pure.

The ids of these events follow from the ledger, the standard and what was recorded of it before. So a request that is
sent again makes the same event, and of two that contradict each other only one can be recorded.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from contracts.events.catalogue import VOID, Data, LocalStandardEnded, LocalStandardRegistered
from contracts.events.codec import InvalidEvent, NewEvent, canonical
from contracts.events.mistakes import MistakesOfEvents, look_through_data, new_data
from contracts.events.revisions import Recorded, target_of
from contracts.events.values import FIRST_DAY, Day
from contracts.events.versions import VERSIONS
from contracts.mistakes import Mistakes, no_object, phrase
from contracts.places import lies_in
from services.ledger.domain.rejections import (
    EndBeforeBeginning,
    LocalStandardEndsOtherwise,
    LocalStandardVoided,
    OutsideJurisdiction,
    UnknownLocalStandard,
)

REGISTERED, ENDED = "local_standard.registered", "local_standard.ended"
STANDARDS_NAMESPACE = UUID("5f0f4a8e-6a0e-5f0c-9c39-5c3d2b7f6a11")
"""The namespace of the event ids of local standards. Fixed for ever: the id is derived again when a standard is sent
again."""


class StandardHistory(Struct, frozen=True):
    """What the ledger recorded of one standard: its registration, its ends in order, and the first void of each."""

    registered: Recorded
    ends: Sequence[Recorded]
    voids: Mapping[str, Recorded]

    @property
    def void(self) -> Recorded | None:
        """The void of the standard, which never counted then."""
        return self.voids.get(self.registered.event_id)

    @property
    def end(self) -> Recorded | None:
        """The end that stands."""
        return next((end for end in reversed(self.ends) if end.event_id not in self.voids), None)

    def document(self) -> dict[str, Any]:
        """Return the standard as clients read it: as registered, with its last day, and whether it was voided."""
        return {
            **self.registered.raw_today(),
            "position": self.registered.position,
            "event_id": self.registered.event_id,
            "last_day": self.end.raw["last_day"] if self.end else None,
            "voided": self.void is not None,
        }


def standard_event(ledger: str, ledger_jurisdiction: str, body: Any) -> NewEvent:
    """Return the event that registers the standard `body`.

    Raises InvalidEvent with pointers into `body`, or OutsideJurisdiction.
    """
    effective_from = _day_in(body, "effective_from")
    standard = new_data(REGISTERED, effective_from, body)
    if not isinstance(standard, LocalStandardRegistered):
        raise TypeError(standard)
    if not lies_in(standard.jurisdiction, ledger_jurisdiction):
        raise OutsideJurisdiction("/jurisdiction", standard.jurisdiction, ledger_jurisdiction)
    return _event(REGISTERED, effective_from, standard, body, ledger, standard.standard_id)


def histories(rule_events: Iterable[Recorded]) -> dict[str, StandardHistory]:
    """Return what was recorded of each standard, by its id, in order of registration."""
    events = list(rule_events)
    voids: dict[str, Recorded] = {}
    for event in events:
        if event.type == VOID:
            voids.setdefault(target_of(event), event)
    ends: defaultdict[str, list[Recorded]] = defaultdict(list)
    for event in events:
        if event.type == ENDED:
            ends[event.raw["standard_id"]].append(event)
    return {
        id_: StandardHistory(registered, ends[id_], voids)
        for registered in events
        if registered.type == REGISTERED and (id_ := registered.raw["standard_id"])
    }


def history_of(standard_id: str, rule_events: Iterable[Recorded]) -> StandardHistory:
    """Return what was recorded of one standard. Raises UnknownLocalStandard."""
    history = histories(rule_events).get(standard_id)
    if history is None:
        raise UnknownLocalStandard(standard_id)
    return history


def ending(ledger: str, history: StandardHistory, body: Any) -> NewEvent | Recorded:
    """Return the event that ends the standard on the last day in `body`, or the same end where it is recorded.

    Raises InvalidEvent with pointers into `body`, EndBeforeBeginning, LocalStandardEndsOtherwise, LocalStandardVoided.
    """
    standard_id = history.registered.raw["standard_id"]
    last_day = _day_in(body, "last_day")
    raw, data = _completed(ENDED, last_day, body, "standard_id", standard_id)
    if not isinstance(data, LocalStandardEnded):
        raise TypeError(data)
    if (end := history.end) is not None:
        if end.raw["last_day"] == raw["last_day"]:
            return end
        raise LocalStandardEndsOtherwise("/last_day", standard_id, end.raw["last_day"], end.position)
    if history.void is not None:
        raise LocalStandardVoided("", standard_id, history.void.position)
    if (effective_from := date.fromisoformat(history.registered.raw["effective_from"])) > last_day:
        raise EndBeforeBeginning("/last_day", standard_id, effective_from)
    return _event(ENDED, last_day, data, raw, ledger, standard_id, "end", str(len(history.ends)))


def voiding(ledger: str, history: StandardHistory, body: Any, today: Day) -> NewEvent | Recorded:
    """Return the event that voids the standard for the reason in `body`, or the same void where it is recorded.

    Raises InvalidEvent with pointers into `body`, or LocalStandardVoided.
    """
    return _void(ledger, history, history.registered, body, today, "void")


def voiding_end(ledger: str, history: StandardHistory, body: Any, today: Day) -> NewEvent | Recorded:
    """Return the event that voids the last end of the standard, or the same void where it is recorded.

    Raises InvalidEvent with pointers into `body`, UnknownLocalStandard where no end was ever recorded, or
    LocalStandardVoided.
    """
    standard_id = history.registered.raw["standard_id"]
    if not history.ends:
        raise UnknownLocalStandard(f"{standard_id}/end")
    number = str(len(history.ends) - 1)
    return _void(ledger, history, history.ends[-1], body, today, "end", number, "void")


def _void(
    ledger: str, history: StandardHistory, target: Recorded, body: Any, today: Day, *name: str
) -> NewEvent | Recorded:
    standard_id = history.registered.raw["standard_id"]
    raw, data = _completed(VOID, today, body, "target", target.event_id)
    if (void := history.voids.get(target.event_id)) is not None:
        if void.raw == raw:
            return void
        raise LocalStandardVoided("/reason", standard_id, void.position)
    return _event(VOID, today, data, raw, ledger, standard_id, *name)


def _event(type_: str, on: Day, data: Data, raw: dict[str, Any], *name: str) -> NewEvent:
    """Return the event whose id follows from its name: the ledger, the standard, and which of its events it is."""
    event_id = uuid5(STANDARDS_NAMESPACE, "/".join(name))
    return NewEvent(event_id, type_, VERSIONS.current(type_), on, data, canonical(raw))


def _completed(type_: str, on: Day, body: Any, name: str, value: str) -> tuple[dict[str, Any], Data]:
    """Return the body with the member that the path decides, and as data. Raises InvalidEvent with all mistakes; it is
    one if the body has that member."""
    if not isinstance(body, dict):
        raise InvalidEvent(Mistakes.of("", no_object(body)))
    if name not in body:
        raw = {name: value, **body}
        return raw, new_data(type_, on, raw)
    found = MistakesOfEvents()
    found.add(f"/{name}", phrase("named-by-the-path"))
    look_through_data(type_, on, {**body, name: value}, "", found)
    raise found.refusal()


def _day_in(body: Any, name: str) -> Day:
    """Return a day in a body; any day if there is none, which new_data reports."""
    with suppress(TypeError, KeyError, ValueError):
        return date.fromisoformat(body[name])
    return FIRST_DAY
