"""Documents of JSON values: a value as one, the keys that lead to its parts, and their lines in a text. Pure."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


class Read(Struct, frozen=True):
    """The value of a text, and the line on which each part begins, counted from 1."""

    value: Any
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """Return the line of a part, or of the nearest part around it."""
        return next(self.lines[path[:length]] for length in range(len(path), -1, -1) if path[:length] in self.lines)


def shown(path: Path) -> str:
    """Return a path as people write it: editions[0].determinations.grade.clause."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def plain(value: Any) -> Any:
    """Return a value as decoded JSON: dates as text, tuples as lists, structs as objects."""
    return msgspec.json.decode(msgspec.json.encode(value))
