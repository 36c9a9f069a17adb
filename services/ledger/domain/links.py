"""Whether a link may be recorded, and which links the events of a draft leave in force. Pure."""

from collections.abc import Iterable, Mapping, MutableMapping
from uuid import UUID

from msgspec import Struct

from contracts.events.catalogue import EventVoided, PractitionerLinked
from contracts.events.codec import NewEvent
from contracts.events.identity import person_of, streams_of
from services.ledger.domain.rejections import LinkedAlready, LinkInACircle, LinkToNobody, TooManyLinked

MAX_IDS_OF_ONE = 16
"""Ids of one person. Each question about the person reads the streams of all."""


class LinkInForce(Struct, frozen=True):
    """The one link of a stream that counts: its event, and the id that it leads to."""

    event_id: UUID
    same_as: str


def links_to(events: Iterable[NewEvent]) -> list[str]:
    """Return the ids that links among the events lead to."""
    return [event.data.same_as for event in events if isinstance(event.data, PractitionerLinked)]


def follow(
    links: MutableMapping[str, LinkInForce | None], practitioner_id: str, event: NewEvent, *, is_voided: bool
) -> None:
    """Note what one more event of a stream does to its link. `is_voided`: an earlier void names the event.

    A stream whose link was voided is noted with None: whatever is read later of the time before says otherwise.
    """
    match event.data:
        case PractitionerLinked(same_as=same_as) if not is_voided:
            links[practitioner_id] = LinkInForce(event.event_id, same_as)
        case EventVoided(target=target):
            link = links.get(practitioner_id)
            if link is not None and link.event_id == target:
                links[practitioner_id] = None


def check_link(
    links: Mapping[str, LinkInForce | None],
    practitioner_id: str,
    link: PractitionerLinked,
    pointer: str,
    *,
    is_known: bool,
) -> None:
    """Raise LinkedAlready, LinkInACircle, LinkToNobody or TooManyLinked.

    `links` has all links of both people; `is_known`: the ledger has events of the id that the link leads to.
    """
    same_as = {stream: other.same_as for stream, other in links.items() if other is not None}
    if practitioner_id in same_as:
        raise LinkedAlready(pointer, practitioner_id, same_as[practitioner_id])
    if person_of(link.same_as, same_as) == practitioner_id:
        raise LinkInACircle(pointer, practitioner_id, link.same_as)
    if not is_known:
        raise LinkToNobody(pointer, link.same_as)
    ids = len(streams_of(practitioner_id, same_as)) + len(streams_of(link.same_as, same_as))
    if ids > MAX_IDS_OF_ONE:
        raise TooManyLinked(pointer, ids, MAX_IDS_OF_ONE)
