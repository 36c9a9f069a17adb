"""The keys that lead to a part of a document. Pure."""

from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


def shown(path: Path) -> str:
    """Return a path as people write it: editions[0].rules.grade.clause."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
