"""The local standards that the rule events of a ledger amount to. Pure."""

from collections.abc import Iterable, Mapping

from msgspec import UNSET

from contracts.events.catalogue import LocalStandardEnded, LocalStandardRegistered
from contracts.events.facts import Evidence, Fact
from contracts.events.revisions import Recorded, resolve
from contracts.policies.language import LocalStandard


def registered_standards(rule_events: Iterable[Recorded]) -> tuple[LocalStandard, ...]:
    """Return the standards that count, in order of registration, each with its last day if it was ended.

    One that was voided never counted, and an end that was voided ended nothing. Of several ends of one standard, the
    one recorded last counts. Other rule events are ignored. Raises InvalidEvent.
    """
    counting = resolve(rule_events).facts
    ends = {
        end.standard_id: (fact, end) for fact in counting if isinstance(end := fact.data, LocalStandardEnded)
    }  # Each replaces the one recorded before it.
    return tuple(
        _standard(fact, data, ends) for fact in counting if isinstance(data := fact.data, LocalStandardRegistered)
    )


def _standard(
    registered: Fact, data: LocalStandardRegistered, ends: Mapping[str, tuple[Fact, LocalStandardEnded]]
) -> LocalStandard:
    ended, end = ends.get(data.standard_id, (None, None))
    return LocalStandard(
        standard_id=data.standard_id,
        jurisdiction=data.jurisdiction,
        determination=data.determination,
        effective_from=data.effective_from,
        tiers=data.tiers,
        unit=data.unit,
        adds_employer_types=() if data.adds_employer_types is UNSET else data.adds_employer_types,
        evidence=_evidence(registered),
        effective_until=end.last_day if end else None,
        ended_by=_evidence(ended) if ended else None,
        organization=None if data.organization is UNSET else data.organization,
    )


def _evidence(fact: Fact) -> Evidence:
    return Evidence(fact.event_id, fact.position, fact.type)
