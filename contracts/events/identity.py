"""Which streams are about one person: `practitioner.linked` leads from the stream in which it stands to another. Pure.

A link counts from its position on until it is voided. Each stream has one link at most, and none leads back to its own
stream: so every person has one stream without a link, and its id is the id of the person (ADR-0027).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from contracts.events.catalogue import LINKED, VOID
from contracts.events.revisions import Recorded, target_of

Links: TypeAlias = Mapping[str, str]
"""Where the links of some streams lead that are in force, by the stream in which they stand."""


def person_of(practitioner_id: str, links: Links) -> str:
    """Return the id of the person whose stream this is."""
    walked = set()
    while practitioner_id in links and practitioner_id not in walked:  # What is damaged may hold a circle.
        walked.add(practitioner_id)
        practitioner_id = links[practitioner_id]
    return practitioner_id


def streams_of(practitioner_id: str, links: Links) -> list[str]:
    """Return the streams of the person whose stream this is, the one that the others lead to first."""
    person = person_of(practitioner_id, links)
    return [person, *(other for other in links if other != person and person_of(other, links) == person)]


def links_among(recorded: Iterable[Recorded]) -> Links:
    """Return the links that these events leave in force; with a stream come all its events up to one position."""
    events = list(recorded)
    voided = {(event.stream, target_of(event)) for event in events if event.type == VOID}
    return {
        event.stream: event.raw["same_as"]
        for event in events
        if event.type == LINKED and (event.stream, event.event_id) not in voided
    }


def events_of(practitioner_id: str, recorded: Sequence[Recorded]) -> list[Recorded]:
    """Return those of some events that are the person's, as these events alone link their streams."""
    streams = set(streams_of(practitioner_id, links_among(recorded)))
    return [event for event in recorded if event.stream in streams]
