"""Which corrections and voids have an effect on one event. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from contracts.events.catalogue import CORRECTION, REVISION_TYPES, VOID
from contracts.events.revisions import Recorded, resolve, target_of


class RevisedBy(Struct, frozen=True):
    """Event ids, in the order of the stream."""

    corrected_by: list[str]
    voided_by: list[str]


def revised_by(stream: Sequence[Recorded], event_id: str) -> RevisedBy:
    """Return the corrections and voids of the event. A revision that cannot apply, or is voided itself, is left out."""
    without_effect = {finding.event_id for finding in resolve(stream).findings}
    revisions = [event for event in stream if event.type in REVISION_TYPES and event.event_id not in without_effect]
    voided = {target_of(event) for event in revisions if event.type == VOID}
    naming = [event for event in revisions if target_of(event) == event_id]
    return RevisedBy(
        corrected_by=[e.event_id for e in naming if e.type == CORRECTION and e.event_id not in voided],
        voided_by=[e.event_id for e in naming if e.type == VOID],
    )
