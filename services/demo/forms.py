"""The forms that a life is written in: as a client sends it, as the journal returns it, as a pack's example. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from contracts.events.catalogue import ORGANIZATION_TYPES, PRACTITIONER_TYPES, RULE_TYPES
from contracts.events.revisions import Recorded
from services.demo.lives import DEFAULT_PERSON, Happening, Life, Name

Json: TypeAlias = dict[str, Any]

NAMES = UUID("8a1c1f3e-2f83-5d9f-9a7e-0d2f4f6a1b11")
REFERENCES = ("target", "employment")
"""Members of an event's data that name another event."""


def id_of(name: Name, person: str = DEFAULT_PERSON) -> str:
    """Return the id of an event of this name: the same in every life of the person, another for another person."""
    if isinstance(name, UUID):
        return str(name)
    if person != DEFAULT_PERSON:
        return str(uuid5(NAMES, f"{person}/{name}"))
    return str(UUID(int=name) if isinstance(name, int) else uuid5(NAMES, name))


def ids_of(life: Life) -> list[str]:
    """Return the ids of its events."""
    named = enumerate((event.name for event in life.events), start=1)
    return [id_of(number if name is None else name, life.person) for number, name in named]


def http(life: Life) -> list[Json]:
    """Return the events as a client sends them."""
    ids = ids_of(life)
    return [
        {"event_id": event_id, "type": event.type, "occurred_on": event.occurred_on, "data": data}
        | ({"source": event.source} if event.source else {})
        for event_id, (event, data) in zip(ids, referring_by(ids, life), strict=True)
    ]


def recorded(life: Life) -> tuple[Recorded, ...]:
    """Return the person's events as the journal returns them."""
    events = tuple(_journal(life))
    of_rules = _rule_events(events)
    about_people = (event for event in events if event.type not in ORGANIZATION_TYPES)
    return tuple(event for event in about_people if event.event_id not in of_rules)


def recorded_rules(life: Life) -> tuple[Recorded, ...]:
    """Return the life's events of the ledger's rules as the journal returns them; `raw` is what a client posts."""
    events = tuple(_journal(life))
    of_rules = _rule_events(events)
    return tuple(event for event in events if event.event_id in of_rules)


def recorded_organizations(life: Life) -> tuple[Recorded, ...]:
    """Return the life's events about organizations as the journal returns them."""
    return tuple(event for event in _journal(life) if event.type in ORGANIZATION_TYPES)


def example(life: Life) -> list[Json]:
    """Return the life as `given` of an example in a pack, where events are named by number only."""
    numbered = [id_of(number) for number in range(1, len(life) + 1)]
    return [{"event": event.type, "on": event.occurred_on, **data} for event, data in referring_by(numbered, life)]


def referring_by(ids: Sequence[str], life: Life) -> Iterator[tuple[Happening, Json]]:
    """Yield each event and its data, which refers to other events by `ids`, one for each event in order."""
    by_name: dict[Name, str] = dict(enumerate(ids, start=1))
    by_name |= {event.name: own for event, own in zip(life.events, ids, strict=True) if event.name is not None}
    for event in life.events:
        named = {member: event.data[member] for member in REFERENCES if member in event.data}
        meant = {member: by_name.get(name) or id_of(name, life.person) for member, name in named.items()}
        yield event, {**event.data, **meant}


def _rule_events(events: Sequence[Recorded]) -> frozenset[str]:
    """Return the ids of the events of the ledger's rules: those of their types, and the voids of these."""
    own = {event.event_id for event in events if event.type in RULE_TYPES.keys() - PRACTITIONER_TYPES.keys()}
    return frozenset(own | {event.event_id for event in events if event.raw.get("target") in own})


def _journal(life: Life) -> Iterator[Recorded]:
    ids = ids_of(life)
    for number, (event, data) in enumerate(referring_by(ids, life), start=1):
        yield Recorded.today(number, ids[number - 1], event.type, event.occurred_on, data)
