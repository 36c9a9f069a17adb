"""A shipped pack with one thing changed by which it judges: a figure, a day, a code, a word, or a part left out."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from contracts.events.values import CertificateLevel
from contracts.keys import Path, shown
from contracts.policies.choices import reading_of
from contracts.policies.packs import PinnedPack
from contracts.policies.pinned import read_pack
from contracts.policies.readings import Assumption
from services.core.rules.kinds.exam_entry import Way
from services.core.rules.kinds.examination import ExamSubjects
from services.core.rules.kinds.registry import KINDS, WORDS
from services.core.rules.terms import TERMS
from services.core.rules.windows import RollingYears, WindowSpec

NAMES_OF_PARTS = ("tier", "names", "where", "covers")
OTHER_WORD: Mapping[str, str] = {"all_of": "any_of", "any_of": "all_of"}
NOBODY = {"nobody": {}}
PAST_PERIOD = {"period": {"first_day": "1990-01-01", "last_day": "1990-12-31"}}
ANOTHER_CODE = "another_code"
WINDOWS = frozenset(WindowSpec.__struct_fields__)
LEVELS = frozenset(get_args(CertificateLevel))


class Change(Struct, frozen=True):
    """One value changed: its keys in the document, and what stands there instead; None where it is left out.

    It acts on the rules of `about`, or, where that is empty, on any, and under the `assumption`.
    """

    at: Path
    value: Any
    about: tuple[str, ...]
    assumption: Assumption | None

    def __str__(self) -> str:
        """Say where, and what stands there instead."""
        instead = next(iter(self.value)) if isinstance(self.value, dict) else self.value
        return f"{shown(self.at)}: {'left out' if instead is None else instead}"


def changed(document: Any, change: Change) -> PinnedPack:
    """Return the pack of a document with the change."""
    other = deepcopy(document)
    *around, last = change.at
    inside = other
    for key in around:
        inside = inside[key]
    if change.value is None:
        del inside[last]
    else:
        inside[last] = change.value
    return read_pack(msgspec.json.encode(other, order="sorted"))


def changes(document: Any) -> Iterator[Change]:
    """Yield each change of the days, terms and kinds of a document, also where only another reading meets it."""
    for index, edition in enumerate(document["editions"]):
        at: Path = ("editions", index)
        yield from _within(edition["in_force"], (*at, "in_force"), tuple(edition["rules"]), None)
        yield from _of_terms(edition.get("terms", {}), (*at, "terms"), ())
        for name, rule in edition["rules"].items():
            kind = next(key for key in rule if key in KINDS)
            yield from _within(rule[kind], (*at, "rules", name, kind), (name,), None)
            yield from _of_terms(rule.get("terms", {}), (*at, "rules", name, "terms"), (name,))


def _of_terms(terms: Mapping[str, Any], at: Path, about: tuple[str, ...]) -> Iterator[Change]:
    for name, term in terms.items():
        yield from _within(term, (*at, name), about, None)


def _within(value: Any, at: Path, about: tuple[str, ...], assumption: Assumption | None) -> Iterator[Change]:
    if reading := reading_of(value):
        for name, child in value.items():
            taken = assumption or (None if name == reading else Assumption(reading, name))
            yield from _within(child, (*at, name), about, taken)
        return
    for other in _others(value, at):
        yield Change(at, None if other == value else other, about, assumption)
    match value:
        case dict():
            for key, child in value.items():
                if key == "clause" or key in NAMES_OF_PARTS:
                    continue
                if child is True or (len(value) > 1 and value.keys() <= LEVELS):
                    yield Change((*at, key), None, about, assumption)
                yield from _within(child, (*at, key), about, assumption)
        case list():
            for index, child in enumerate(value):
                if len(value) > 1 and not isinstance(child, dict):
                    yield Change((*at, index), None, about, assumption)
                else:
                    yield from _within(child, (*at, index), about, assumption)


def _others(value: Any, at: Path) -> Iterator[Any]:
    """Yield what may stand in place of a value."""
    match value:
        case bool() | list():
            return
        case int():
            yield value + 1
        case str():
            yield _other_text(value, at)
        case dict():
            words = [key for key in value if key in WORDS]
            if at[-2] in OTHER_WORD:  # A part with its name.
                return
            if len(words) == 1 and words[0] in OTHER_WORD and len(value[words[0]]) > 1:
                yield {OTHER_WORD[words[0]]: value[words[0]]}
            elif words == ["for_review"]:
                yield value["for_review"]
            if len(words) == 1:
                yield NOBODY
            elif len(value) == 1 and value.keys() <= WINDOWS:
                yield PAST_PERIOD


def _other_text(text: str, at: Path) -> Any:
    """Return another figure, day or code: for one of several codes another of them, for the only one a list of one."""
    if text.replace(".", "").isdigit():
        return str(Decimal(text) + 1)
    if text[:4].isdigit():
        return (date.fromisoformat(text) + timedelta(days=1)).isoformat()
    one_of, several_of = CODES[next(key for key in reversed(at) if key in CODES)]
    codes = several_of if isinstance(at[-1], int) or at[-1] in LEVELS else one_of
    if text not in codes:
        return ANOTHER_CODE
    return codes[(codes.index(text) + 1) % len(codes)] if len(codes) > 1 else [*several_of[:1]] or text


def _codes_of(hint: Any, *, several: bool) -> Sequence[str]:
    """Return the codes that a member may be, or, with `several`, those of which it may have several."""
    if get_origin(hint) is Literal:
        return [] if several else [code for code in get_args(hint) if isinstance(code, str)]
    listed = get_origin(hint) in (tuple, Mapping)
    if listed and not several:
        return []
    return [code for part in get_args(hint) for code in _codes_of(part, several=several and not listed)]


def _codes_of_members() -> Iterator[tuple[str, tuple[Sequence[str], Sequence[str]]]]:
    """Yield each member with its codes; of two members of one name, the one that has codes last."""
    shapes = (*WORDS.values(), *KINDS.values(), *TERMS.values(), ExamSubjects, Way, RollingYears, WindowSpec)
    members = ((name, hint) for shape in shapes for name, hint in get_type_hints(shape).items())
    codes = [(name, (_codes_of(hint, several=False), _codes_of(hint, several=True))) for name, hint in members]
    yield from sorted(codes, key=lambda member: any(member[1]))


CODES: Mapping[str | int, tuple[Sequence[str], Sequence[str]]] = dict(_codes_of_members())
"""The codes that each member may be, and those of which it may have several."""
