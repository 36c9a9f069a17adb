"""The digest of a pack: it covers everything that judges or is cited, and nothing that only describes it. Pure.

For language 2 it is computed from the document, with the choices of its readings, without what only describes. For
language 1 it is computed from the pack as read, member by member, so that a name chosen by a pack, such as of a ground,
can never be mistaken for a member that is left out. Left out are every `Text`, what that language marks as descriptive,
and members that have their default.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo

from contracts.policies.language_1 import DESCRIPTIVE, Text
from contracts.policies.shape import bare, members_of

DESCRIBED_IN_INDICATORS = ("name", "text", "interpretation", "key_terms")
"""Members of an indicator that count nobody. Of a rule only `told` judges nobody."""


def digest_of(pack: Struct) -> str:
    """Return the digest, `sha256:` and 64 digits. Two packs share it only if they have the same rules."""
    return _hash_of(rules_of(pack))


def digest_of_document(document: Mapping[str, Any]) -> str:
    """Return the digest of a document of language 2."""
    return _hash_of(rules_of_document(document))


def rules_of_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a document of language 2 that the digest covers. Of words for codes only the codes count."""
    vocabulary = document.get("vocabulary", {})
    return {
        **_without(document, "name", "notes", "examples"),
        "vocabulary": {kind: sorted(words) for kind, words in vocabulary.items()},
        "editions": [_rules_of_edition(edition) for edition in document["editions"]],
    }


def _rules_of_edition(edition: Mapping[str, Any]) -> dict[str, Any]:
    rules, indicators = edition.get("rules", {}), edition.get("indicators", {})
    return {
        **_without(edition, "last_verified_on"),
        "rules": {name: _without(rule, "told") for name, rule in rules.items()},
        "indicators": {name: _without(indicator, *DESCRIBED_IN_INDICATORS) for name, indicator in indicators.items()},
    }


def _without(members: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in names}


def _hash_of(value: Any) -> str:
    return "sha256:" + hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def rules_of(part: Any) -> Any:
    """Return the part of a pack, or of a struct in it, that the digest covers, as JSON values."""
    if isinstance(part, Struct):
        values = ((name, getattr(part, member.name), default) for name, member, default in _ruling(type(part)))
        return {name: rules_of(value) for name, value, default in values if value != default}
    if isinstance(part, Mapping):
        return {name: rules_of(child) for name, child in part.items()}
    if isinstance(part, tuple):
        return [rules_of(child) for child in part]
    return msgspec.to_builtins(part)


def is_descriptive(member: FieldInfo) -> bool:
    """Say whether a member of the language judges nothing and only describes other members."""
    return bare(member.type) is Text or _is_marked(member.type)


@cache
def _ruling(shape: type[Struct]) -> Sequence[tuple[str, FieldInfo, Any]]:
    """Return the members that the digest covers, each with its name in a document and its default."""
    return [
        (name, member, member.default if member.default_factory is NODEFAULT else member.default_factory())
        for name, member in members_of(shape).items()
        if not is_descriptive(member)
    ]


def _is_marked(kind: Any) -> bool:
    return get_origin(kind) is Annotated and DESCRIPTIVE in get_args(kind)[1:]
