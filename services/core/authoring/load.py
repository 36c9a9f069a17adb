"""Loading packs for those who write them: shape and sense are checked, and a mistake is reported with its key, and in a
file with its line. Pure.

A pack that a ledger has pinned is not loaded but read (`contracts.policies.pinned`).
"""

from typing import Any

import msgspec

from contracts.document import Read
from contracts.keys import Path, shown
from contracts.policies.decoding import pack_of
from contracts.policies.language import Pack
from services.core.authoring.checks import wrong_in


class InvalidPackError(ValueError):
    """A pack has a mistake. `at` are the keys that lead to it."""

    def __init__(self, where: str, at: Path, why: str) -> None:
        super().__init__(f"{where}: {shown(at) or 'the pack'}: {why}")
        self.at, self.why = at, why


def load_pack(document: bytes) -> Pack:
    """Return the pack of a canonical document. Raises InvalidPackError naming the place and the key."""
    value = msgspec.json.decode(document)
    return _checked(value, str(value.get("jurisdiction", "?")) if isinstance(value, dict) else "?")


def load_pack_file(file: str, read: Read) -> Pack:
    """Return the pack of a YAML file as read. Raises InvalidPackError naming file, line and key."""
    try:
        return _checked(read.value, file)
    except InvalidPackError as error:
        raise InvalidPackError(f"{file}, line {read.line_of(error.at)}", error.at, error.why) from error


def _checked(value: Any, where: str) -> Pack:
    for at, why in wrong_in(value):
        raise InvalidPackError(where, at, why)
    return pack_of(value)
