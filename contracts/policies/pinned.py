"""Reading a pinned or shipped document as a pack, without checking it again. Pure.

The checks for those who write packs (`services.core.authoring`) may become stricter: a document that was valid once can
be read for ever. So only the shape of the language is checked here, which within a version never takes less than it
took. A rule is read when it is first asked. Language 1 ignores members that it does not know, and the digest shows
that they are there: the reader of a stored document must compare it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias, get_origin

import msgspec
from msgspec import Struct

from contracts.policies import language_1
from contracts.policies.choices import choices_in
from contracts.policies.decoding import pack_of
from contracts.policies.digest import digest_of, digest_of_document
from contracts.policies.language import LANGUAGE
from contracts.policies.packs import PinnedPack, UnreadablePackError
from contracts.policies.shape import bare, inner, is_struct, members_of
from contracts.policies.upcast import upcast

Document: TypeAlias = dict[str, Any]
RENAMED = {"qualification": "recognition"}
"""Determinations by the names that they once had."""


class Version(Struct, frozen=True):
    """A version of the language: how the digest of its documents is taken, and the step that rewrites one for the next.

    A document has the digest of the version in which it is written, so neither ever changes.
    """

    digest: Callable[[Document], str]
    to_next: Callable[[Document], Document] | None = None


def read_pack(document: bytes) -> PinnedPack:
    """Return the pack in a document, with the digest of its rules. Raises UnreadablePackError."""
    try:
        value = msgspec.json.decode(document, type=Document)
    except msgspec.MsgspecError as error:
        raise UnreadablePackError(f"it is not a JSON object: {error}") from error
    number = value.get("language", 1)
    if type(number) is not int or number not in VERSIONS:
        raise UnreadablePackError(f"it is written in language {number!r}, which this release does not know")
    try:
        digest = VERSIONS[number].digest(value)
        while (to_next := VERSIONS[number].to_next) is not None:
            value, number = to_next(value), number + 1
        value = _in_names_of_today(value)
        pack = pack_of(value)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadablePackError(f"it does not have the shape of a pack: {error}") from error
    return PinnedPack(digest, pack, value, choices_in(value["editions"]))


def _in_names_of_today(document: Document) -> Document:
    """Return a document in which each determination has the name by which it is asked."""

    def about(indicator: Document) -> Document:
        named = indicator.get("determination")
        return indicator if named is None else {**indicator, "determination": name_of_today(named)}

    def edition(given: Document) -> Document:
        rules = {name_of_today(name): rule for name, rule in given.get("rules", {}).items()}
        indicators = {name: about(indicator) for name, indicator in given.get("indicators", {}).items()}
        return {**given, "rules": rules, **({"indicators": indicators} if indicators else {})}

    def example(given: Document) -> Document:
        return {**given, "expect": {name_of_today(name): answer for name, answer in given["expect"].items()}}

    editions, examples = map(edition, document["editions"]), map(example, document.get("examples", ()))
    return {**document, "editions": [*editions], **({"examples": [*examples]} if "examples" in document else {})}


def name_of_today(determination: str) -> str:
    """Return the name by which a determination is asked, whatever an earlier release called it."""
    return RENAMED.get(determination, determination)


def _digest_of_first(value: Document) -> str:
    return digest_of(_as(value, language_1.Pack))


VERSIONS: Mapping[int, Version] = {1: Version(_digest_of_first, upcast), LANGUAGE: Version(digest_of_document)}


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
