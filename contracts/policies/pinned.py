"""Reading a pinned or shipped document as a pack, without checking it again. Pure.

The checks for those who write packs (`services.core.authoring`) may become stricter, a word may be dropped, a member
may be added: a document that was valid once can be read for ever. So no word, pattern or range is checked here, and
members that the language does not know are ignored. That no rule is lost in this way is what the digest is for: the
reader of a stored document must compare it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_origin

import msgspec
from msgspec import Struct

from contracts.policies.digest import digest_of
from contracts.policies.language import LANGUAGE, Pack
from contracts.policies.packs import PinnedPack, UnreadablePackError
from contracts.policies.shape import bare, inner, is_struct, members_of


class Version(Struct, frozen=True):
    """A version of the language: the shape of its packs, and the step that rewrites a document for the next version.

    A document has the digest of the version in which it is written, so the shape of an older version never changes.
    """

    shape: type[Struct]
    to_next: Callable[[dict[str, Any]], dict[str, Any]] | None = None


VERSIONS: Mapping[int, Version] = {LANGUAGE: Version(Pack)}


def read_pack(document: bytes, versions: Mapping[int, Version] = VERSIONS) -> PinnedPack:
    """Return the pack in a document, with the digest of its rules. Raises UnreadablePackError."""
    try:
        value = msgspec.json.decode(document, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise UnreadablePackError(f"it is not a JSON object: {error}") from error
    number = value.get("language", 1)
    if not isinstance(number, int) or number not in versions:
        raise UnreadablePackError(f"it is written in language {number!r}, which this release does not know")
    pack = _pack(value, versions[number].shape)
    digest = digest_of(pack)
    while (to_next := versions[number].to_next) is not None:
        value, number = to_next(value), number + 1
        pack = _pack(value, versions[number].shape)
    return PinnedPack(digest, pack)


def _pack(value: dict[str, Any], shape: type[Struct]) -> Any:
    try:
        return _as(value, shape)
    except (AttributeError, TypeError, ValueError) as error:
        raise UnreadablePackError(f"it does not have the shape of a pack: {error}") from error


def _as(value: Any, kind: Any) -> Any:
    """Return a JSON value as this type of the language: a struct, map, tuple or day; anything else unchanged.

    Maps are sorted by key. The digest does not cover their order, so the order of a document must change no answer.
    """
    kind = bare(kind)
    if value is None:
        return None
    if is_struct(kind):
        known = ((members_of(kind).get(name), child) for name, child in value.items())
        return kind(**{member.name: _as(child, member.type) for member, child in known if member})
    if get_origin(kind) is tuple:
        return tuple(_as(child, inner(kind)) for child in value)
    if get_origin(kind) is Mapping:
        return {name: _as(child, inner(kind)) for name, child in sorted(value.items())}
    return date.fromisoformat(value) if kind is date else value
