"""The rules that one ledger goes by: the packs that it has pinned and the local standards that it knows."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from contracts.events.catalogue import PolicyAdopted
from contracts.events.codec import read_data
from contracts.events.revisions import Recorded
from contracts.places import parents
from contracts.policies.language import LocalStandard
from contracts.policies.pinned import PinnedPack
from contracts.policies.shipped import shipped
from services.core.rules.book import Rules, compose
from services.core.rules.local_standards import registered_standards
from services.runtime import journal
from services.runtime.journal import RULES_STREAM, Connection
from services.runtime.ledgers import LedgerRow, pinned_pack

MAX_COMPOSED = 1_024
"""Places of a nation in use at once; the one left longest goes first."""


class Rulebook(Struct, frozen=True):
    """What one position of a ledger knows of rules. `position` is that of its last rule event, 0 without any."""

    ledger: LedgerRow
    position: int
    digests: Mapping[str, str]
    standards: tuple[LocalStandard, ...]


class PolicyBooks:
    """Packs by digest and compositions of them, kept in memory: both never change once made."""

    def __init__(self) -> None:
        self._packs: dict[str, PinnedPack] = {}
        self._composed: OrderedDict[tuple[Any, ...], Rules] = OrderedDict()

    async def rules(self, connection: Connection, book: Rulebook, jurisdiction: str) -> Rules:
        """Return the composed rules of a place. Raises UnreadablePack of its own packs, and of those around it."""
        known = tuple((one.evidence.event_id, one.evidence.position) for one in book.standards)
        digests = {place: book.digests[place] for place in parents(jurisdiction) if place in book.digests}
        key = (jurisdiction, tuple(digests.items()), known)
        if key not in self._composed:
            packs = {place: await self.pack(connection, digest) for place, digest in digests.items()}
            self._composed[key] = compose(jurisdiction, packs, book.standards)
            if len(self._composed) > MAX_COMPOSED:
                self._composed.popitem(last=False)
        self._composed.move_to_end(key)
        return self._composed[key]

    async def pack(self, connection: Connection, digest: str) -> PinnedPack:
        """Return the pack of a digest. Raises UnreadablePack.

        It has the words of this release where that ships the same rules: a digest is taken of none.
        """
        if digest not in self._packs:
            same = next((one for one in shipped().values() if one.digest == digest), None)
            self._packs[digest] = same or await pinned_pack(connection, digest)
        return self._packs[digest]


async def rulebook_at(connection: Connection, ledger: LedgerRow, position: int) -> Rulebook:
    """Return the rules as the ledger knows them at a position."""
    return rulebook_of(ledger, await journal.stream(connection, ledger.ledger, RULES_STREAM, up_to=position))


def rulebook_of(ledger: LedgerRow, rule_events: Sequence[Recorded]) -> Rulebook:
    """Return the rules of a ledger that has recorded these rule events."""
    return Rulebook(
        ledger=ledger,
        position=rule_events[-1].position if rule_events else 0,
        digests={**ledger.founding_packs, **_adopted(rule_events)},
        standards=registered_standards(rule_events),
    )


def _adopted(rule_events: Sequence[Recorded]) -> dict[str, str]:
    adopted = [event for event in rule_events if event.type == "policy.adopted"]
    facts = [read_data(event.type, event.raw) for event in adopted]
    return {fact.jurisdiction: fact.digest for fact in facts if isinstance(fact, PolicyAdopted)}
