"""Documents of JSON values: a value as one, and the lines of its parts in a text. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from contracts.keys import Path


class Read(Struct, frozen=True):
    """The value of a text, and the line on which each part begins, counted from 1."""

    value: Any
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """Return the line of a part, or of the nearest part around it."""
        return next(self.lines[path[:length]] for length in range(len(path), -1, -1) if path[:length] in self.lines)


def plain(value: Any) -> Any:
    """Return a value as decoded JSON: dates as text, tuples as lists, structs as objects."""
    return msgspec.json.decode(msgspec.json.encode(value))
