"""The rules of every place that one ledger goes by, composed on demand. Pure, and picklable."""

from collections import OrderedDict
from collections.abc import Mapping

from msgspec import Struct

from contracts.places import parents
from contracts.policies.language import LocalStandard
from contracts.policies.pinned import PinnedPack, UnreadablePackError
from services.core.rules.book import Rules, compose

MAX_PLACES = 1_024
"""Places of a nation whose rules one rulebook keeps; those left longest go first."""


class UnreadPack(Struct, frozen=True):
    """A pack that cannot be read, under the digest by which a ledger has pinned it, and why."""

    digest: str
    why: str

    def __str__(self) -> str:
        return f"pack {self.digest}: {self.why}"


NOTHING: Mapping[str, UnreadPack] = {}


class Rulebook:
    """The rules of every place: packs by place and the local standards known. `home` is the place of who has no other.

    `unreadable` has the places whose pack cannot be read. What is composed is kept for at most `most_places`, and
    stays behind where a rulebook is pickled.
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
        """Return the rules of a place. Raises UnreadablePackError of its own pack, and of those around it."""
        for code in parents(place):
            if code in self.unreadable:
                raise UnreadablePackError(str(self.unreadable[code]))
        rules = self._composed.pop(place, None) or compose(place, self.packs, self.standards)
        self._composed[place] = rules
        if len(self._composed) > self._most_places:
            self._composed.popitem(last=False)
        return rules

    def knowing(self, standards: tuple[LocalStandard, ...]) -> "Rulebook":
        """Return the same with these local standards known; what is composed serves both if they are the same."""
        if standards == self.standards:
            return self
        return Rulebook(self.home, self.packs, standards, self.unreadable, self._most_places)

    def __len__(self) -> int:
        """Return of how many places the rules are kept."""
        return len(self._composed)

    def __reduce__(self) -> tuple[type["Rulebook"], tuple[object, ...]]:
        return Rulebook, (self.home, self.packs, self.standards, self.unreadable, self._most_places)
