"""Packs as ledgers pin them, and why one cannot be read. How they are read stands in `pinned`. Pure."""

from msgspec import Struct

from contracts.policies.language import Pack


class UnreadablePackError(ValueError):
    """A document is not a pack, or is written in a language that this release does not know. The message says why."""


class PinnedPack(Struct, frozen=True):
    """A pack with its digest, by which ledgers pin it and answers name it."""

    digest: str
    pack: Pack


class Shipped(PinnedPack, frozen=True):
    """A pack as a ledger pins and stores it: `document` is its canonical JSON."""

    document: bytes

    @property
    def jurisdiction(self) -> str:
        """The place of the pack."""
        return self.pack.jurisdiction
