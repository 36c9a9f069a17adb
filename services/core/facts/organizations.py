"""The organizations of a ledger: what its events amount to on a day. Pure."""

from collections.abc import Mapping

from msgspec import Struct

from contracts.events.catalogue import OrganizationRecorded
from contracts.events.facts import Evidence, Stream
from contracts.events.values import LAST_DAY, Day, EmployerType
from services.core.facts.optional import known


class Organization(Struct, frozen=True):
    """An organization as its latest record has it. `on` is the day from which on it is so."""

    organization: str
    name: str
    kind: EmployerType
    jurisdiction: str
    approved_posts: int | None
    beds: int | None
    on: Day
    evidence: Evidence


def organizations_of(stream: Stream, as_of: Day = LAST_DAY) -> Mapping[str, Organization]:
    """Return the organizations by id, in order of id, as the latest record of each by `as_of` has them.

    The latest is that of the latest day; of several of one day it is the one recorded last. It counts as a whole: what
    it leaves out is not known, whatever an earlier one said.
    """
    latest: dict[str, Organization] = {}
    for fact in sorted(stream.facts, key=lambda fact: (fact.occurred_on, fact.position)):
        if isinstance(data := fact.data, OrganizationRecorded) and fact.occurred_on <= as_of:
            latest[data.organization] = Organization(
                organization=data.organization,
                name=data.name,
                kind=data.kind,
                jurisdiction=data.jurisdiction,
                approved_posts=known(data.approved_posts),
                beds=known(data.beds),
                on=fact.occurred_on,
                evidence=Evidence(fact.event_id, fact.position, fact.type),
            )
    return dict(sorted(latest.items()))
