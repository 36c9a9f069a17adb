"""msgspec's errors about an event, in our words.

Clients read them in problems, people in findings, which may be requested again years later.
"""

import re

import msgspec

from contracts.events.catalogue import Broken
from contracts.wording import in_our_words, missing_member, unknown_member

MAX_NAME_CHARACTERS = 100
_path_part = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+|\.\.\.)\]")


def explain(error: msgspec.ValidationError) -> tuple[str, str]:
    """Return a JSON pointer to the fault, and what is wrong there or what to send instead."""
    message, _, path = str(error).partition(" - at `")
    at = _pointer(path.rstrip("`"))
    if isinstance(error.__cause__, Broken):
        return at + error.__cause__.pointer, error.__cause__.detail
    if (unknown := unknown_member(message)) is not None:
        name = unknown.replace("~", "~0").replace("/", "~1")[:MAX_NAME_CHARACTERS]
        return f"{at}/{name}", "is not a member here"
    if missing := missing_member(message):
        return f"{at}/{missing}", "is missing"
    return at, in_our_words(message)


def _pointer(path: str) -> str:
    """Return msgspec's `$.sessions[0].day` as `/sessions/0/day`."""
    return "".join(f"/{name or index}" for name, index in _path_part.findall(path) if index != "...")
