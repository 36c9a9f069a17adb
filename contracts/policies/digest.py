"""The digest of a pack: of everything in it that judges or is cited, and of nothing that only says it in words. Pure.

It is taken of the pack as read, member by member of the language, so a name that a pack chooses freely, as of a ground,
can never be taken for a member that is left out. Left out are every `Text`, what the language marks as `said`, and
members that have their default: whether a default is written makes no difference, and neither does a member that
a later release adds to the language.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo

from contracts.policies.language import SAID, Text
from contracts.policies.shape import bare, members_of


def digest_of(pack: Struct) -> str:
    """Return the digest, `sha256:` and 64 digits, of which two packs share one only if they have the same rules."""
    return "sha256:" + hashlib.sha256(msgspec.json.encode(rules_of(pack), order="sorted")).hexdigest()


def rules_of(part: Any) -> Any:
    """Return what the digest covers of a pack or of a part of it, as values of JSON."""
    if isinstance(part, Struct):
        values = ((name, getattr(part, member.name), default) for name, member, default in _ruling(type(part)))
        return {name: rules_of(value) for name, value, default in values if value != default}
    if isinstance(part, Mapping):
        return {name: rules_of(child) for name, child in part.items()}
    if isinstance(part, tuple):
        return [rules_of(child) for child in part]
    return msgspec.to_builtins(part)


def is_said(member: FieldInfo) -> bool:
    """Say whether a member of the language only says in words what others rule."""
    return bare(member.type) is Text or _is_marked(member.type)


@cache
def _ruling(shape: type[Struct]) -> Sequence[tuple[str, FieldInfo, Any]]:
    """Return the members that rule, each with its name in a document and its default."""
    return [
        (name, member, member.default if member.default_factory is NODEFAULT else member.default_factory())
        for name, member in members_of(shape).items()
        if not is_said(member)
    ]


def _is_marked(kind: Any) -> bool:
    return get_origin(kind) is Annotated and SAID in get_args(kind)[1:]
