"""The rules of one ledger: its pinned packs and its local standards."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct

from contracts.events.catalogue import PolicyAdopted
from contracts.events.codec import read_data
from contracts.events.revisions import Recorded
from contracts.places import parents
from contracts.policies.language import LocalStandard
from contracts.policies.packs import PinnedPack
from contracts.policies.shipped import shipped
from services.core.rules.book import Rules
from services.core.rules.local_standards import registered_standards
from services.core.rules.rulebook import Rulebook, UnreadPack, unreadable_rules
from services.runtime import journal
from services.runtime.journal import MAX_READ_AT_ONCE, RULES_STREAM, Connection
from services.runtime.ledgers import LedgerRow, UnreadablePack, ledger_named, pinned_pack

T = TypeVar("T")

MAX_COMPOSED = 1_024
MAX_KNOWN = 20_000
"""Local standards of all states of rules that are kept, each state counting as one more: some 50 MB."""
MAX_PACKS = 1_024


class LedgerRules(Struct, frozen=True):
    """A ledger's rules as known at one position. `position` is that of the last rule event, 0 without any."""

    ledger: LedgerRow
    position: int
    digests: Mapping[str, str]
    standards: tuple[LocalStandard, ...]


class PolicyBooks:
    """Packs by digest, rulebooks of them, and what each ledger knew of its rules at a position, kept in memory: none
    of them changes once made.

    `most` limits the rulebooks and the places composed in them; of each table the least recently used go first.
    """

    def __init__(self, most: int = MAX_COMPOSED) -> None:
        self._most = most
        self._packs: OrderedDict[str, PinnedPack] = OrderedDict()
        self._unread: OrderedDict[frozenset[tuple[str, str]], Mapping[str, UnreadPack]] = OrderedDict()
        self._rulebooks: OrderedDict[tuple[Any, ...], Rulebook] = OrderedDict()
        self._known: OrderedDict[tuple[str, int], LedgerRules] = OrderedDict()
        self._known_size = 0

    async def known(self, connection: Connection, ledger: str, position: int) -> LedgerRules:
        """Return the rules as the ledger knows them at a position. Raises UnknownLedger."""
        at = ledger, await journal.last_position(connection, ledger, RULES_STREAM, up_to=position)
        if (known := self._known.pop(at, None)) is None:
            known = await rulebook_at(connection, await ledger_named(connection, ledger), position)
            self._known_size += 1 + len(known.standards)
        self._known[at] = known
        while len(self._known) > 1 and self._known_size > MAX_KNOWN:
            _, forgotten = self._known.popitem(last=False)
            self._known_size -= 1 + len(forgotten.standards)
        return known

    async def known_one_after_another(self, connection: Connection, ledger: str, position: int) -> list[LedgerRules]:
        """Return the packs as the ledger knew them up to a position, from its founding on, without local standards."""
        row = await ledger_named(connection, ledger)
        adopted = [
            event
            for event in await journal.stream(connection, ledger, RULES_STREAM, up_to=position)
            if event.type == "policy.adopted"
        ]
        return await _read_apart(len(adopted), _one_after_another, row, adopted)

    async def rulebook(self, connection: Connection, known: LedgerRules) -> Rulebook:
        """Return the rules of every place, as a ledger knows them; for a place whose pack is unreadable, why."""
        of_the_ledger = (known.ledger.ledger, known.position) if known.standards else ()
        key = (known.ledger.jurisdiction, tuple(sorted(known.digests.items())), *of_the_ledger)
        if (kept := self._rulebooks.pop(key, None)) is None:
            kept = await self._read(connection, known)
        if not kept.unreadable:  # Not cached: a repaired pack is read at the next question.
            self._rulebooks[key] = kept
        while len(self._rulebooks) > 1 and sum(1 + len(kept) for kept in self._rulebooks.values()) > self._most:
            self._rulebooks.popitem(last=False)
        return kept

    async def rules(self, connection: Connection, known: LedgerRules, place: str) -> Rules:
        """Return the rules of a place, as a ledger knows them. Raises UnreadablePack if its own pack, or one around it,
        is unreadable."""
        rulebook = await self.rulebook(connection, known)
        check_readable(rulebook, parents(place))
        return rulebook.rules(place)

    async def _read(self, connection: Connection, known: LedgerRules) -> Rulebook:
        packs: dict[str, PinnedPack] = {}
        unreadable: dict[str, UnreadPack] = {}
        for place, digest in known.digests.items():
            try:
                packs[place] = await self.pack(connection, digest)
            except UnreadablePack as error:
                unreadable[place] = UnreadPack(digest, error.why)
        read = frozenset((place, pinned.digest) for place, pinned in packs.items())
        if read not in self._unread:  # The same digests have the same rules: they are looked at once.
            self._unread[read] = unreadable_rules(packs)
            _keep_at_most(self._unread, MAX_PACKS)
        self._unread.move_to_end(read)
        unread = self._unread[read]
        packs = {place: pinned for place, pinned in packs.items() if place not in unread}
        unreadable |= unread
        return Rulebook(known.ledger.jurisdiction, packs, known.standards, unreadable)

    async def pack(self, connection: Connection, digest: str) -> PinnedPack:
        """Return the pack of a digest. Raises UnreadablePack.

        Its texts are those of this release if that ships the same rules: digests cover no texts.
        """
        if digest not in self._packs:
            same = next((pack for pack in shipped().values() if pack.digest == digest), None)
            self._packs[digest] = same or await pinned_pack(connection, digest)
            _keep_at_most(self._packs, MAX_PACKS)
        self._packs.move_to_end(digest)
        return self._packs[digest]


def _keep_at_most(table: OrderedDict[Any, Any], most: int) -> None:
    while len(table) > most:
        table.popitem(last=False)


def check_readable(rulebook: Rulebook, places: Iterable[str]) -> None:
    """Raise UnreadablePack if the pack of one of the places cannot be read."""
    for place in places:
        if (unread := rulebook.unreadable.get(place)) is not None:
            raise UnreadablePack(unread.digest, unread.why)


async def rulebook_at(connection: Connection, ledger: LedgerRow, position: int) -> LedgerRules:
    """Return the rules as the ledger knows them at a position."""
    rule_events = await journal.stream(connection, ledger.ledger, RULES_STREAM, up_to=position)
    return await _read_apart(len(rule_events), rulebook_of, ledger, rule_events)


def _one_after_another(ledger: LedgerRow, adopted: Sequence[Recorded]) -> list[LedgerRules]:
    return [rulebook_of(ledger, adopted[:count]) for count in range(len(adopted) + 1)]


async def _read_apart(number: int, read: Callable[..., T], *arguments: Any) -> T:
    """Return what is read of so many events: in a thread if these are many."""
    return read(*arguments) if number <= MAX_READ_AT_ONCE else await asyncio.to_thread(read, *arguments)


def rulebook_of(ledger: LedgerRow, rule_events: Sequence[Recorded]) -> LedgerRules:
    """Return the rules of a ledger that has recorded these rule events."""
    return LedgerRules(
        ledger=ledger,
        position=rule_events[-1].position if rule_events else 0,
        digests={**ledger.founding_packs, **_adopted(rule_events)},
        standards=registered_standards(rule_events),
    )


def _adopted(rule_events: Sequence[Recorded]) -> dict[str, str]:
    adopted = [event for event in rule_events if event.type == "policy.adopted"]
    facts = [read_data(event.type, event.raw) for event in adopted]
    return {fact.jurisdiction: fact.digest for fact in facts if isinstance(fact, PolicyAdopted)}
