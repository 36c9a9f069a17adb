"""Organizations: employers with their kind, place, approved posts and beds, in a stream of the ledger's own. Pure."""

from typing import Any

from contracts.events.catalogue import ORGANIZATION_TYPES, OrganizationRecorded
from contracts.events.codec import InvalidEvent, NewEvent, parse_event
from contracts.events.mistakes import MistakesOfEvents, look_through
from contracts.mistakes import Mistakes, no_object
from contracts.places import lies_in
from services.ledger.domain.rejections import OutsideJurisdiction

RECORDED = "organization.recorded"
ENVELOPE = ("event_id", "occurred_on", "source")
"""The members of a body that are not part of the data."""


def organization_event(ledger_jurisdiction: str, body: Any) -> NewEvent:
    """Return the event that records what `body` says of an organization.

    Raises InvalidEvent or PersonalDataInText with pointers into `body`, or OutsideJurisdiction.
    """
    if not isinstance(body, dict):
        raise InvalidEvent(Mistakes.of("", no_object(body)))
    envelope = {name: body[name] for name in ENVELOPE if name in body}
    data = {name: value for name, value in body.items() if name not in ENVELOPE}
    whole = {**envelope, "type": RECORDED, "data": data}
    try:
        event = parse_event(whole, types=ORGANIZATION_TYPES)
    except InvalidEvent:
        found = MistakesOfEvents()
        look_through(whole, "", found, ORGANIZATION_TYPES)
        raise found.behind("/data").refusal() from None  # The body is flat.
    if not isinstance(event.data, OrganizationRecorded):
        raise TypeError(event.data)
    if not lies_in(event.data.jurisdiction, ledger_jurisdiction):
        raise OutsideJurisdiction("/jurisdiction", event.data.jurisdiction, ledger_jurisdiction)
    return event
