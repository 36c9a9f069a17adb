"""Local standards: dated district measures recorded in the ledger's own stream. Pure."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from contracts.events.catalogue import LocalStandardRegistered
from contracts.events.codec import NewEvent, parse_data
from contracts.events.values import FIRST_DAY
from contracts.events.versions import VERSIONS
from contracts.places import lies_in
from services.ledger.domain.rejections import OutsideJurisdiction

REGISTERED = "local_standard.registered"
STANDARDS_NAMESPACE = UUID("5f0f4a8e-6a0e-5f0c-9c39-5c3d2b7f6a11")
"""The namespace of the event ids of local standards. Fixed for ever: the id is derived again when a standard is sent
again."""


def standard_event(ledger: str, ledger_jurisdiction: str, body: Any) -> NewEvent:
    """Return the event that registers the standard `body`. Its id comes from the ledger and the standard's own id.

    Raises InvalidEvent with pointers into `body`, or OutsideJurisdiction.
    """
    effective_from = FIRST_DAY
    with suppress(TypeError, KeyError, ValueError):  # parse_data reports what is wrong with it.
        effective_from = date.fromisoformat(body["effective_from"])
    standard = parse_data(REGISTERED, effective_from, body)
    if not isinstance(standard, LocalStandardRegistered):
        raise TypeError(standard)
    if not lies_in(standard.jurisdiction, ledger_jurisdiction):
        raise OutsideJurisdiction("/jurisdiction", standard.jurisdiction, ledger_jurisdiction)
    event_id = uuid5(STANDARDS_NAMESPACE, f"{ledger}/{standard.standard_id}")
    return NewEvent(event_id, REGISTERED, VERSIONS.current(REGISTERED), effective_from, standard, body)
