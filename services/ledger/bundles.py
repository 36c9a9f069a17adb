"""The feed in bundles: so many events as they are sent, checked and written once for all readers.

What is recorded never changes, so a bundle whose events are all recorded is kept; those used least recently go first.
"""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import accumulate

import msgspec
from msgspec import Struct

from services.runtime import journal
from services.runtime.journal import Connection, DamagedLedger
from services.runtime.stored_events import DamagedEvent, Stored, as_read

BUNDLE_EVENTS = 128
"""Written in some 0.3 ms."""
MAX_KEPT_BYTES = 32 * 1024**2
"""Some 50,000 events."""


class Bundle(Struct, frozen=True):
    """Events of consecutive positions, the first behind `after`, as JSON with commas between them."""

    after: int
    written: bytes
    ends: Sequence[int]
    """Where each event ends in `written`."""

    @classmethod
    def of(cls, after: int, events: Sequence[Stored]) -> "Bundle":
        """Return the bundle of these events. Raises DamagedEvent."""
        written = [msgspec.json.encode(as_read(stored)) for stored in events]
        ends = [end + commas for commas, end in enumerate(accumulate(map(len, written)))]
        return cls(after, b",".join(written), ends)

    def part(self, after: int, up_to: int) -> bytes:
        """Return the events behind position `after` up to `up_to`, inclusive, of which the bundle has at least one."""
        first = max(after - self.after, 0)
        last = min(up_to - self.after, len(self.ends))
        return self.written[self.ends[first - 1] + 1 if first else 0 : self.ends[last - 1]]


class Bundles:
    """The bundles that this process keeps, of all ledgers together."""

    def __init__(self, most_bytes: int = MAX_KEPT_BYTES) -> None:
        self._kept: OrderedDict[tuple[str, int], Bundle] = OrderedDict()
        self._most_bytes = most_bytes
        self.kept_bytes = 0

    async def read(self, connection: Connection, ledger: str, after: int, up_to: int, head: int) -> bytes:
        """Return the events behind position `after` up to `up_to`, inclusive, with commas between them. `head` is a
        position that the ledger has reached. Raises DamagedEvent, and DamagedLedger if an event is missing."""
        if after == up_to:
            return b""
        parts = []
        for start in range(after - after % BUNDLE_EVENTS, up_to, BUNDLE_EVENTS):
            end = start + BUNDLE_EVENTS
            bundle = await self._whole(connection, ledger, start) if end <= head else None
            if bundle is None:
                bundle = await _written(connection, ledger, max(after, start), min(up_to, end))
            parts.append(bundle.part(after, up_to))
        return b",".join(parts)

    async def _whole(self, connection: Connection, ledger: str, start: int) -> Bundle | None:
        """Return a whole bundle; None if it holds what is damaged, perhaps beside what is asked for."""
        if (kept := self._kept.get((ledger, start))) is not None:
            self._kept.move_to_end((ledger, start))
            return kept
        try:
            bundle = await _written(connection, ledger, start, start + BUNDLE_EVENTS)
        except (DamagedEvent, DamagedLedger):
            return None
        self._keep(ledger, bundle)
        return bundle

    def _keep(self, ledger: str, bundle: Bundle) -> None:
        if (ledger, bundle.after) not in self._kept:  # Another reader may have kept it meanwhile.
            self._kept[ledger, bundle.after] = bundle
            self.kept_bytes += len(bundle.written)
        while self.kept_bytes > self._most_bytes:
            _, gone = self._kept.popitem(last=False)
            self.kept_bytes -= len(gone.written)


async def _written(connection: Connection, ledger: str, after: int, up_to: int) -> Bundle:
    """Return the events behind position `after` up to `up_to`, inclusive. Raises DamagedLedger if one is missing, and
    DamagedEvent."""
    page = await journal.feed_page(connection, ledger, after=after, limit=up_to - after)
    if len(page.events) < up_to - after or page.events[-1].position != up_to:
        raise DamagedLedger(ledger)
    return Bundle.of(after, page.events)
