"""Members of events that may be absent. Pure."""

from typing import TypeVar

from msgspec import UNSET, UnsetType

T = TypeVar("T")


def known(value: T | UnsetType) -> T | None:
    """Return the value; None if it is absent."""
    return None if value is UNSET else value
