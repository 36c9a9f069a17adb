"""Where two versions of a pack differ, key by key, and what such a difference can turn. Pure."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from contracts.policies.digest import is_said
from contracts.policies.language import Pack
from contracts.policies.shape import bare, inner, is_struct, members_of
from contracts.policies.shipped import Shipped

Turns = Literal["answers", "alternatives", "figures", "citations", "words"]

CITATIONS = frozenset({"clause", "further_clauses", "source_status"})
READINGS = frozenset({"readings", "alternatives", "synonyms"})


class Edit(Struct, frozen=True):
    """One key with another value. None stands for a key that is not there: in a pack no value is null.

    `turns` is the most that it can change of an answer: status and result, the other readings that are told with it,
    what it cites, or its wording; or of no answer, but of a figure that counts them.
    """

    at: tuple[str, ...]
    before: Any
    after: Any
    turns: Turns


def edits_between(before: Shipped | None, after: Shipped | None) -> list[Edit]:
    """Return what differs, in the order of the keys; a pack, edition or rule that is new or gone is one edit."""
    old, new = _document(before), _document(after)
    if old and new:
        gone, come = (sorted({*one["editions"]} - {*other["editions"]}) for one, other in ((old, new), (new, old)))
        if len(gone) == len(come) == 1:  # The same text under another name, as where its first day was changed.
            new["editions"][gone[0]] = new["editions"].pop(come[0])
    return list(_edits((), old, new))


def _document(pack: Shipped | None) -> dict[str, Any] | None:
    """Return a pack with its editions by name."""
    if pack is None:
        return None
    document = msgspec.json.decode(pack.document)
    return {**document, "editions": {one["edition"]: one for one in document["editions"]}}


def _edits(at: tuple[str, ...], before: Any, after: Any) -> Iterator[Edit]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _edits((*at, key), before.get(key), after.get(key))
    elif _of_mappings(before) and _of_mappings(after) and "examples" not in at:
        for index, (one, other) in enumerate(zip_longest(before, after)):
            yield from _edits((*at, str(index)), one, other)
    else:
        yield Edit(at, before, after, _turns(at))


def _of_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _turns(at: tuple[str, ...]) -> Turns:
    members = list(_members_on(at))
    names = {member.name for member in members}
    if "document" in names or any(map(is_said, members)):
        return "words"
    if "indicators" in names:
        return "figures"
    if names & READINGS:
        return "alternatives"
    return "citations" if names & CITATIONS else "answers"


def _members_on(at: tuple[str, ...]) -> Iterator[FieldInfo]:
    """Yield the members of the language that lead to a key. Names that a pack chooses, as of a ground, are none."""
    kind: Any = Pack
    for key in at:
        kind = bare(kind)
        if not is_struct(kind):
            kind = inner(kind)
        elif member := members_of(kind).get(key):
            yield member
            kind = member.type
