"""msgspec's errors about an event, as mistakes. Pure."""

import re

import msgspec

from contracts.events.catalogue import Broken
from contracts.mistakes import Mistake, phrase
from contracts.wording import missing_member, said_in, unknown_member

MAX_NAME_CHARACTERS = 100
_path_part = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+|\.\.\.)\]")


def explain(error: msgspec.ValidationError, pointer: str = "") -> Mistake:
    """Return what is wrong, and where below `pointer`."""
    message, _, path = str(error).partition(" - at `")
    at = pointer + _pointer(path.rstrip("`"))
    if isinstance(error.__cause__, Broken):
        return Mistake(at + error.__cause__.pointer, error.__cause__.what)
    if (unknown := unknown_member(message)) is not None:
        name = unknown.replace("~", "~0").replace("/", "~1")[:MAX_NAME_CHARACTERS]
        return Mistake(f"{at}/{name}", phrase("unknown-member"))
    if missing := missing_member(message):
        return Mistake(f"{at}/{missing}", phrase("missing"))
    return Mistake(at, said_in(message))


def _pointer(path: str) -> str:
    """Return msgspec's `$.sessions[0].day` as `/sessions/0/day`."""
    return "".join(f"/{name or index}" for name, index in _path_part.findall(path) if index != "...")
