"""The parts of a document of JSON values: the keys that lead to each, and its line in the text. Pure."""

from collections.abc import Mapping
from typing import Any, TypeAlias

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
