"""The JSON Schema of the language takes a choice of readings, and what is empty, just where an author may write it."""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from contracts.events.values import DeterminationId
from contracts.keys import Path, shown
from contracts.policies.shipped import shipped
from services.core.answers.language_schema import pack_schema
from services.core.authoring.checks import wrong_in
from services.core.rules.kinds.registry import KINDS, WORDS
from services.core.rules.terms import TERMS
from tests.documents import Document, document_of

READING, ALTERNATIVE, FOREIGN = "R-01", "printed_date", "round_up"
"""A reading that acts in no rule of a shipped pack, its alternative, and the alternative of another reading."""
IDLE = "changes nothing of what"
"""What is said of an alternative with the value of its reading, as all have here: a schema cannot compare values."""
CHOICES: Mapping[str, Callable[[Any], Any]] = {
    "a choice": lambda value: {READING: value, ALTERNATIVE: value},
    "a choice in a choice": lambda value: {READING: {READING: value, ALTERNATIVE: value}, ALTERNATIVE: value},
    "a choice without an alternative": lambda value: {READING: value},
    "the alternative of another reading": lambda value: {READING: value, FOREIGN: value},
}
LANGUAGE_KEYS = frozenset(
    key
    for shape in pack_schema()["$defs"].values()
    for one in (shape, *shape.get("anyOf", ()))
    for key in one.get("properties", ())
    if key not in get_args(DeterminationId)
) | {"editions", "examples", "vocabulary", "notes", "language", "jurisdiction", "name", "status"}
OF_A_RULE = KINDS.keys() | WORDS.keys() | TERMS.keys()


def keys_in(value: Any, at: Path = ()) -> Iterator[Path]:
    """Yield the keys to every value, but to none inside an event of an example, which is not of the language."""
    yield at
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if at[-1:] != ("given",):
            yield from keys_in(child, (*at, key))


def part_around(document: Document, at: Path) -> tuple[Document, Path]:
    """Return as little of a pack as makes sense around a value, and the keys that lead to the value there."""
    editions = document["editions"]
    around = {key: value for key, value in document.items() if key in ("language", "jurisdiction", "name")}
    match at:
        case ("editions", int(number), "rules", name, *inside):
            bare = {
                key: value for key, value in editions[number].items() if key not in ("rules", "indicators", "terms")
            }
            only = {**bare, "rules": {name: editions[number]["rules"][name]}}
            return {**around, "editions": [only]}, ("editions", 0, "rules", name, *inside)
        case ("editions", int(number), *inside):
            return {**around, "editions": [editions[number]]}, ("editions", 0, *inside)
        case ("examples", int(number), *inside):
            bare = {key: value for key, value in editions[0].items() if key not in ("rules", "indicators", "terms")}
            return {**around, "editions": [bare], "examples": [document["examples"][number]]}, ("examples", 0, *inside)
    return document, at


def place_in_the_language(at: Path) -> Path:
    """Return what places have in common of which the language has one: the keys from the innermost word on, of which
    only those count that the language has."""
    words = [index for index, key in enumerate(at) if key in OF_A_RULE]
    start = at.index("told") if "told" in at else words[-1] if words else 0
    named = {index + 1 for index, key in enumerate(at) if key in ("told", "expect")}
    keys = [(key, index in named) for index, key in enumerate(at) if index >= start and isinstance(key, str)]
    return tuple("" if chosen or key not in LANGUAGE_KEYS else key for key, chosen in keys)


@cache
def places() -> list[Any]:
    """Return a place in a shipped pack for each place of the language."""
    found: dict[Path, Any] = {}
    for jurisdiction in shipped():
        for at in keys_in(document_of(jurisdiction)):
            if at:
                name = f"{jurisdiction} {shown(at)}"
                found.setdefault(place_in_the_language(at), pytest.param(jurisdiction, at, id=name))
    return list(found.values())


@cache
def schema() -> Draft202012Validator:
    return Draft202012Validator(pack_schema())


def emptied(value: Any) -> Any:
    return type(value)() if isinstance(value, list | dict) else value


def changed(document: Document, at: Path, change: Callable[[Any], Any]) -> Document:
    document = copy.deepcopy(document)
    around: Any = document
    for key in at[:-1]:
        around = around[key]
    around[at[-1]] = change(around[at[-1]])
    return document


@pytest.mark.parametrize(("jurisdiction", "at"), places())
def test_a_choice_fits_the_schema_where_the_checks_take_it(jurisdiction: str, at: Path) -> None:
    document, inside = part_around(document_of(jurisdiction), at)
    assert list(wrong_in(document)) == []
    for name, choice in CHOICES.items():
        tried = changed(document, inside, choice)
        by_checks = all(IDLE in why for _, why in wrong_in(tried))
        assert schema().is_valid(tried) is by_checks, (name, by_checks)


@pytest.mark.parametrize(("jurisdiction", "at"), places())
def test_what_is_emptied_fits_the_schema_where_the_checks_take_it(jurisdiction: str, at: Path) -> None:
    document, inside = part_around(document_of(jurisdiction), at)
    tried = changed(document, inside, emptied)
    by_checks = all(where != inside[: len(where)] for where, _ in wrong_in(tried))  # Neither there nor around it.
    assert schema().is_valid(tried) is by_checks
