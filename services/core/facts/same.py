"""What an event means that names another. Pure."""

from collections.abc import Mapping
from typing import TypeAlias

Same: TypeAlias = Mapping[str, str]
"""The event id of what counts, by that of each double of it."""


def meant(event_id: str, same: Same) -> str:
    """Return the event that counts where this one is named: itself, or the one of which it is a double."""
    return same.get(event_id, event_id)
