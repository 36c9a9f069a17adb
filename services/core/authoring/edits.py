"""Where two versions of a pack differ, key by key, and what each difference can change in answers. Pure."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from contracts.policies.digest import is_descriptive
from contracts.policies.language import Pack
from contracts.policies.packs import Shipped
from contracts.policies.shape import bare, inner, is_struct, members_of

Reach = Literal["answers", "alternatives", "figures", "citations", "words"]

CITATIONS = frozenset({"clause", "further_clauses", "source_status"})
READINGS = frozenset({"readings", "alternatives", "synonyms"})


class Edit(Struct, frozen=True):
    """One key whose value differs. None stands for a missing key, since no value in a pack is null.

    `turns` is the most that the edit can change: the status and result of answers, their alternatives, their citations,
    their wording, or only the figures that count them.
    """

    at: tuple[str, ...]
    before: Any
    after: Any
    turns: Reach


def edits_between(before: Shipped | None, after: Shipped | None) -> list[Edit]:
    """Return the edits in the order of their keys. A whole pack, edition or rule that is new or gone is one edit."""
    old, new = _document(before), _document(after)
    if old and new:
        gone, added = (sorted({*these["editions"]} - {*those["editions"]}) for these, those in ((old, new), (new, old)))
        if len(gone) == len(added) == 1:  # The same edition under another name, as when its first day was changed.
            new["editions"][gone[0]] = new["editions"].pop(added[0])
    return list(_edits((), old, new))


def _document(pack: Shipped | None) -> dict[str, Any] | None:
    """Return the document of a pack with its editions by name."""
    if pack is None:
        return None
    document = msgspec.json.decode(pack.document)
    return {**document, "editions": {edition["edition"]: edition for edition in document["editions"]}}


def _edits(at: tuple[str, ...], before: Any, after: Any) -> Iterator[Edit]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _edits((*at, key), before.get(key), after.get(key))
    elif _of_mappings(before) and _of_mappings(after) and "examples" not in at:
        for index, (old, new) in enumerate(zip_longest(before, after)):
            yield from _edits((*at, str(index)), old, new)
    else:
        yield Edit(at, before, after, _reach_of(at))


def _of_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _reach_of(at: tuple[str, ...]) -> Reach:
    members = list(_members_on(at))
    names = {member.name for member in members}
    if "document" in names or any(map(is_descriptive, members)):
        return "words"
    if "indicators" in names:
        return "figures"
    if names & READINGS:
        return "alternatives"
    return "citations" if names & CITATIONS else "answers"


def _members_on(at: tuple[str, ...]) -> Iterator[FieldInfo]:
    """Yield the members of the language that lead to a key, without names chosen by the pack, such as of a ground."""
    kind: Any = Pack
    for key in at:
        kind = bare(kind)
        if not is_struct(kind):
            kind = inner(kind)
        elif member := members_of(kind).get(key):
            yield member
            kind = member.type
