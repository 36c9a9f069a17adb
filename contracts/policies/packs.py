"""Packs as ledgers pin them, and why one cannot be read. How they are read stands in `pinned`. Pure."""

from typing import Any

from msgspec import Struct, field, structs

from contracts.policies.choices import NONE, Choices
from contracts.policies.decoding import pack_of
from contracts.policies.language import Pack
from contracts.policies.readings import Assumption
from contracts.policies.shape import MalformedPackError


class UnreadablePackError(ValueError):
    """A document is not a pack, or is written in a language that this release does not know. The message says why."""


class PinnedPack(Struct, frozen=True):
    """A pack with its digest, by which ledgers pin it and answers name it.

    `current` is its document in the newest version of the language, as JSON values. From it the pack under other
    readings is made when it is asked for, and then kept; what is kept is not pickled.
    """

    digest: str
    pack: Pack
    current: dict[str, Any]
    choices: Choices = NONE
    _assumed: dict[Assumption, Pack] = field(default_factory=dict)

    def assuming(self, assumption: Assumption) -> Pack:
        """Return the pack with one reading taken by an alternative; the same pack if it does not have that choice.

        Raises UnreadablePackError.
        """
        if assumption.choice not in self.choices.get(assumption.reading, ()):
            return self.pack
        if assumption not in self._assumed:
            try:
                self._assumed[assumption] = pack_of(self.current, assumption)
            except MalformedPackError as error:
                raise UnreadablePackError(f"under {assumption.reading} {assumption.choice}: {error}") from error
        return self._assumed[assumption]

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), {**structs.asdict(self), "_assumed": {}})


class Shipped(PinnedPack, frozen=True, kw_only=True):
    """A pack as a ledger pins and stores it: `document` is its canonical JSON."""

    document: bytes

    @property
    def jurisdiction(self) -> str:
        """The place of the pack."""
        return self.pack.jurisdiction


def _unpickled(kind: type[PinnedPack], members: dict[str, Any]) -> PinnedPack:
    return kind(**members)
