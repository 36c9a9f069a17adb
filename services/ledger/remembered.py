"""What this process knows of the versions of streams, of all ledgers together."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

MAX_REMEMBERED_STREAMS = 100_000
"""Some 25 MB."""

Era: TypeAlias = object
"""The time in which one lane alone has written to its ledger. What an earlier era knew counts for nothing."""


class RememberedVersions:
    """Versions by era and stream. Those used least recently are forgotten first: reading one again costs a query."""

    def __init__(self, most: int = MAX_REMEMBERED_STREAMS) -> None:
        self._most = most
        self._versions: OrderedDict[tuple[Era, str], int] = OrderedDict()

    def __len__(self) -> int:
        """How many versions are remembered."""
        return len(self._versions)

    def of(self, era: Era, streams: Iterable[str]) -> dict[str, int]:
        """Return the versions of those streams that are remembered."""
        known: dict[str, int] = {}
        for stream in streams:
            if (version := self._versions.get((era, stream))) is not None:
                self._versions.move_to_end((era, stream))
                known[stream] = version
        return known

    def put(self, era: Era, versions: Mapping[str, int]) -> None:
        """Remember versions."""
        for stream, version in versions.items():
            self._versions[era, stream] = version
            self._versions.move_to_end((era, stream))
        while len(self._versions) > self._most:
            self._versions.popitem(last=False)
