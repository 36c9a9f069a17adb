"""The local standards registered by the rule events of a ledger. Pure."""

from collections.abc import Iterable

from msgspec import UNSET

from contracts.events.catalogue import LocalStandardRegistered
from contracts.events.codec import read_data
from contracts.events.facts import Evidence
from contracts.events.revisions import Recorded
from contracts.policies.language import LocalStandard


def registered_standards(rule_events: Iterable[Recorded]) -> tuple[LocalStandard, ...]:
    """Return the standards in order of registration, ignoring other rule events. Raises InvalidEvent."""
    read = ((event, read_data(event.type, event.raw)) for event in rule_events)
    return tuple(_standard(event, data) for event, data in read if isinstance(data, LocalStandardRegistered))


def _standard(event: Recorded, data: LocalStandardRegistered) -> LocalStandard:
    return LocalStandard(
        standard_id=data.standard_id,
        jurisdiction=data.jurisdiction,
        determination=data.determination,
        effective_from=data.effective_from,
        tiers=data.tiers,
        unit=data.unit,
        adds_employer_types=() if data.adds_employer_types is UNSET else data.adds_employer_types,
        evidence=Evidence(event.event_id, event.position, event.type),
    )
