"""The rule register: its clauses and indicators, and the citations of a pack that are not among them. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct

from contracts.keys import Path

_clause_row = re.compile(r"^\| (?P<id>[A-Z]{2}-[0-9]+) \| (?P<path>[^|]+) \| (?P<kinds>[RCPI](?:,[RCPI])*) \|", re.M)
_national_row = re.compile(r"^\| (?P<id>N-[0-9]+[a-z]?) \|", re.M)
_indicator_row = re.compile(r"^\| (?P<id>I-[0-9]+) \| (?P<name>[^|]+) \|", re.M)


class Clause(Struct, frozen=True):
    """A row of the register. `kinds` are the letters of its column T."""

    id: str
    path: str
    kinds: tuple[str, ...]


def register_clauses(text: str) -> list[Clause]:
    """Return the clauses of the five documents as the register lists them."""
    return [
        Clause(row["id"], row["path"].strip(), tuple(row["kinds"].split(","))) for row in _clause_row.finditer(text)
    ]


def known_clauses(text: str) -> frozenset[str]:
    """Return every id that a pack may cite: the clauses of the five documents and the national facts."""
    national = {row["id"] for row in _national_row.finditer(text)}
    return frozenset(national | {clause.id for clause in register_clauses(text)})


def unknown_clauses(value: Any, known: Collection[str], at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield each citation of a pack document that the register does not have, with its keys. Examples do not cite."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            if key == "clause" and isinstance(child, str) and child not in known:
                yield (*at, key), child
            elif key == "further_clauses":
                yield from (((*at, key, index), clause) for index, clause in enumerate(child) if clause not in known)
            elif key != "examples":
                yield from unknown_clauses(child, known, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from unknown_clauses(child, known, (*at, index))


def register_indicators(text: str) -> dict[str, str]:
    """Return the indicators of the register by id."""
    return {row["id"]: row["name"].strip() for row in _indicator_row.finditer(text)}
