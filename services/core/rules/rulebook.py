"""The rules of one ledger for every place, composed on demand. Pure, and picklable."""

import pickle
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache

from msgspec import Struct

from contracts.places import parents
from contracts.policies.language import LocalStandard
from contracts.policies.packs import PinnedPack, UnreadablePackError
from services.core.rules.book import Rules, compose
from services.core.rules.kinds.registry import ANSWERS

MAX_PLACES = 1_024
"""Places whose composed rules one rulebook keeps; the least recently used go first."""
MAX_KEPT = 16
"""Rulebooks that a process keeps of those that another one gave it."""


class UnreadPack(Struct, frozen=True):
    """The digest of a pinned pack that cannot be read, and why it cannot."""

    digest: str
    why: str

    def __str__(self) -> str:
        return f"pack {self.digest}: {self.why}"


def unreadable_rules(packs: Mapping[str, PinnedPack]) -> dict[str, UnreadPack]:
    """Return the places with a rule that cannot be read, or that lacks a term, among these packs, and why."""
    unread: dict[str, UnreadPack] = {}
    for place, pinned in packs.items():
        try:
            compose(place, packs, ()).check(ANSWERS)
        except UnreadablePackError as error:
            unread[place] = UnreadPack(pinned.digest, str(error))
    return unread


NOTHING: Mapping[str, UnreadPack] = {}


class Rulebook:
    """Packs by place and the known local standards. `home` is the place of people for whom no fact names another.

    `unreadable` has the places whose pack cannot be read. Composed rules are kept for at most `most_places` places and
    are not pickled.
    """

    def __init__(
        self,
        home: str,
        packs: Mapping[str, PinnedPack],
        standards: tuple[LocalStandard, ...],
        unreadable: Mapping[str, UnreadPack] = NOTHING,
        most_places: int = MAX_PLACES,
    ) -> None:
        self.home = home
        self.packs = packs
        self.standards = standards
        self.unreadable = unreadable
        self._most_places = most_places
        self._composed: OrderedDict[str, Rules] = OrderedDict()

    def rules(self, place: str) -> Rules:
        """Return the rules of a place. Raises UnreadablePackError if its pack, or one it inherits, is unreadable."""
        for code in parents(place):
            if code in self.unreadable:
                raise UnreadablePackError(str(self.unreadable[code]))
        rules = self._composed.pop(place, None) or compose(place, self.packs, self.standards)
        self._composed[place] = rules
        if len(self._composed) > self._most_places:
            self._composed.popitem(last=False)
        return rules

    def knowing(self, standards: tuple[LocalStandard, ...]) -> "Rulebook":
        """Return a rulebook with these local standards: this one, with its composed rules, if it has the same."""
        if standards == self.standards:
            return self
        return Rulebook(self.home, self.packs, standards, self.unreadable, self._most_places)

    def __len__(self) -> int:
        """Return the number of places whose composed rules are kept."""
        return len(self._composed)

    def __reduce__(self) -> tuple[Callable[[bytes], "Rulebook"], tuple[bytes]]:
        return _again, (self._pickled,)

    @cached_property
    def _pickled(self) -> bytes:
        return pickle.dumps((self.home, self.packs, self.standards, self.unreadable, self._most_places))


@lru_cache(MAX_KEPT)
def _again(pickled: bytes) -> Rulebook:
    """Return the same rulebook, with what it has composed, whenever the process gets it again."""
    return Rulebook(*pickle.loads(pickled))  # noqa: S301 - pickled by the same release, for another of its processes
