"""Loading packs for those who write them: shape and sense are checked, and a mistake is reported with its key, and in a
file with its line. Pure.

A pack that a ledger has pinned is not loaded but read (`contracts.policies.pinned`).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import msgspec

from contracts.document import Path, Read, shown
from contracts.policies.language import Pack
from contracts.policies.shape import bare, inner, is_struct, members_of
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
    try:
        pack = msgspec.convert(value, Pack)
    except msgspec.ValidationError as error:
        at, why = _located(value, Pack) or ((), str(error))
        raise InvalidPackError(where, at, why) from error
    for at, why in (*_emptied(value, ()), *wrong_in(pack)):
        raise InvalidPackError(where, at, why)
    return pack


def _emptied(value: Any, at: Path) -> Iterator[tuple[Path, str]]:
    """Yield the members of rules that are null: an emptied condition would silently require nothing."""
    if value is None:
        yield at, "is empty"
    elif isinstance(value, dict):
        for key, child in value.items():
            if key != "examples":
                yield from _emptied(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _emptied(child, (*at, index))


def _located(value: Any, kind: Any) -> tuple[Path, str] | None:
    """Return the keys of the innermost part of a document that has the wrong type, and why; None if none has."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        for key, child, child_kind in _members(value, kind):
            if inside := _located(child, child_kind):
                at, why = inside
                return (key, *at), why
        why = str(error).partition(" - at `")[0]
        unknown = re.fullmatch(r"Object contains unknown field `(.+)`", why)
        return ((unknown[1],) if unknown else ()), why
    return None


def _members(value: Any, kind: Any) -> Iterator[tuple[str | int, Any, Any]]:
    """Yield the parts of a value with the type that each should have."""
    kind = bare(kind)
    if is_struct(kind) and isinstance(value, dict):
        for name, member in members_of(kind).items():
            if name in value:
                yield name, value[name], member.type
    elif get_origin(kind) is Mapping and isinstance(value, dict):
        for name, child in value.items():
            yield name, name, get_args(kind)[0]
            yield name, child, inner(kind)
    elif get_origin(kind) is tuple and isinstance(value, list):
        yield from ((index, child, inner(kind)) for index, child in enumerate(value))
