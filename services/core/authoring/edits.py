"""Where two versions of a pack differ, key by key, and what each difference can change in answers. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from contracts.policies.choices import reading_of
from contracts.policies.digest import DESCRIBED_IN_INDICATORS
from contracts.policies.packs import Shipped

Reach = Literal["answers", "alternatives", "figures", "citations", "words"]

CITATIONS = frozenset({"clause", "further_clauses", "source_status"})
WORDS_OF_A_PACK = frozenset({"name", "vocabulary", "examples"})
WORDS_OF_AN_EDITION = frozenset({"document", "last_verified_on"})
WORDS_OF_A_RULE = frozenset({"told", "document"})


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
    document = pack.current
    return {**document, "editions": {edition["edition"]: edition for edition in document["editions"]}}


def _edits(at: tuple[str, ...], before: Any, after: Any, *, of_alternative: bool = False) -> Iterator[Edit]:
    """Yield the edits inside a value; `of_alternative` if it only acts under an alternative of a reading."""
    if before == after:
        return
    before, after = _comparable(before, after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        reading = reading_of(before) if reading_of(before) == reading_of(after) else None
        for key in sorted({*before, *after}):
            alternative = of_alternative or (reading is not None and key != reading)
            yield from _edits((*at, key), before.get(key), after.get(key), of_alternative=alternative)
    else:
        yield Edit(at, before, after, "alternatives" if of_alternative else _reach_of(at))


def _comparable(before: Any, after: Any) -> tuple[Any, Any]:
    """Return two values so that like is beside like: a choice and what has none, and named parts by their names."""
    if before is not None and after is not None:
        old, new = reading_of(before), reading_of(after)
        if old and not new:
            return before, {old: after}
        if new and not old:
            return {new: before}, after
    parts = _by_name(before), _by_name(after)
    if all(parts) and _in_one_order(*parts):
        return parts
    return before, after


def _by_name(value: Any) -> dict[str, Any]:
    """Return a list of named parts by their names; nothing if it is none."""
    if not isinstance(value, list) or not all(isinstance(item, Mapping) and len(item) == 1 for item in value):
        return {}
    return {name: part for item in value for name, part in item.items()}


def _in_one_order(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Say whether the names that both have come in the same order, in which answers list them."""
    return [name for name in before if name in after] == [name for name in after if name in before]


def _reach_of(at: tuple[str, ...]) -> Reach:
    match at:
        case (part, *_) if part in WORDS_OF_A_PACK:
            return "words"
        case ("editions", _, part, *_) if part in WORDS_OF_AN_EDITION:
            return "words"
        case ("editions", _, "rules", _, part, *_) if part in WORDS_OF_A_RULE:
            return "words"
        case ("editions", _, "indicators", _, part, *_) if part in DESCRIBED_IN_INDICATORS:
            return "words"
        case ("editions", _, "indicators", *_):
            return "figures"
        case ("editions", _, "rules", _, "readings", *_):
            return "alternatives"
        case (*_, part) if part in CITATIONS:
            return "citations"
    return "answers"
