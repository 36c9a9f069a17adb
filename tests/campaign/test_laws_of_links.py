"""One life under one id, and under two that are linked, answers the same; a link and its void leave no trace.

Over random careers, on the pure part of ADR-0027: which streams are one person's, and what is folded of them.
"""

from collections.abc import Sequence
from functools import cache

from msgspec import structs

from contracts.events.catalogue import LINKED, REVISION_TYPES, VOID
from contracts.events.identity import events_of
from contracts.events.revisions import Recorded, resolve
from services.core.facts.fold import fold
from tests.campaign.careers import Event, career
from tests.campaign.test_laws_of_facts import Answers, answers_about, answers_as_recorded, numbered
from tests.campaign.test_oracle import drawing

GIVEN_UP, KEPT = "given-up", "kept"
IDS = (GIVEN_UP, KEPT)
LINK, ITS_VOID = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@cache
def apart(seed: int) -> Sequence[Recorded]:
    """Return a career recorded under two ids, each revision where its target is."""
    random, events = drawing(seed), {event["event_id"]: event for event in career(seed).events}
    stream = {event_id: random.choice(IDS) for event_id in events}
    return [
        structs.replace(event, stream=stream[_root(events[event.event_id], events)])
        for event in numbered(career(seed).events)
    ]


def _root(event: Event, events: dict[str, Event]) -> str:
    """Return the fact that an event is, or that it revises, by its id."""
    while event["type"] in REVISION_TYPES:
        event = events[event["data"]["target"]]
    return str(event["event_id"])


def of_id_given_up(event_id: str, type_: str, **data: str) -> Recorded:
    return Recorded(0, 0, event_id, type_, "2026-11-30", data, stream=GIVEN_UP)


def test_one_life_under_two_ids_that_are_linked_answers_as_under_one(seed: int) -> None:
    """Wherever the link stands among its events."""
    told = apart(seed)
    at = drawing(seed).randint(0, len(told))
    linked = [*told[:at], of_id_given_up(LINK, LINKED, same_as=KEPT), *told[at:]]
    for asked_of in IDS:
        assert answers_of(seed, asked_of, linked) == answers_as_recorded(seed), (seed, asked_of)


def test_a_link_and_its_void_are_as_if_neither_had_been(seed: int) -> None:
    told = apart(seed)
    link = of_id_given_up(LINK, LINKED, same_as=KEPT)
    void = of_id_given_up(ITS_VOID, VOID, target=LINK, reason="并非一人")
    for asked_of in IDS:
        assert answers_of(seed, asked_of, [*told, link, void]) == answers_of(seed, asked_of, told), (seed, asked_of)


def answers_of(seed: int, practitioner_id: str, events: Sequence[Recorded]) -> Answers:
    """Return the answers about the person whose id this is, of a ledger that holds these events."""
    ledger = [structs.replace(event, position=position) for position, event in enumerate(events, start=1)]
    return answers_about(seed, fold(resolve(events_of(practitioner_id, ledger))))
