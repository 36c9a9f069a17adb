"""msgspec's errors about an event, in our words: its own sentences change with its version, ours do not.

Clients read them in problems, people in findings, which may be requested again years later.
"""

import re

import msgspec

from contracts.events.catalogue import Broken
from contracts.events.values import (
    AMOUNT_PATTERN,
    DIGEST_PATTERN,
    JURISDICTION_PATTERN,
    PRACTITIONER_PATTERN,
    SCORE_PATTERN,
    TEXT_PATTERN,
)

MAX_NAME_CHARACTERS = 100
NO_SUCH_VALUE = "has a value that this member does not take"
"""For any message of msgspec that is not foreseen here."""

_KINDS = {
    "array": "a list",
    "bool": "true or false",
    "date": "a day as YYYY-MM-DD",
    "float": "a number with a point",
    "int": "a whole number",
    "null": "null",
    "object": "an object",
    "str": "a text",
    "uuid": "a UUID",
}
_PATTERNS = {
    AMOUNT_PATTERN: "a decimal string above zero, up to five digits before the point and two after it",
    SCORE_PATTERN: "a decimal string from 0 to 100 with up to two digits after the point",
    TEXT_PATTERN: "a text without control or bidirectional control characters",
    JURISDICTION_PATTERN: "a six-digit code of GB/T 2260",
    DIGEST_PATTERN: "a digest: sha256: and 64 of 0-9 a-f",
    PRACTITIONER_PATTERN: "an id: a letter or digit, then up to 63 of A-Z a-z 0-9 . _ -",
}
_BEGINNINGS = {
    "Invalid RFC3339 encoded date": "is not a day of the calendar as YYYY-MM-DD",
    "Invalid UUID": "is not a UUID",
    "Invalid enum value": "is not one of the values that this member takes",
}
_COUNTED = {"array": "entries", "object": "members", "str": "characters"}
_unknown_member = re.compile(r"Object contains unknown field `([\s\S]*)`")
_missing_member = re.compile(r"Object missing required field `(\w+)`")
_other_kind = re.compile(r"Expected `(\w+)`, got `(\w+)`")
_bound = re.compile(r"Expected `(\w+)`(?: of length)? (>=|<=) (\d+)")
_path_part = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+|\.\.\.)\]")


def explain(error: msgspec.ValidationError) -> tuple[str, str]:
    """Return a JSON pointer to the fault, and what is wrong there or what to send instead."""
    message, _, path = str(error).partition(" - at `")
    at = _pointer(path.rstrip("`"))
    if isinstance(error.__cause__, Broken):
        return at + error.__cause__.pointer, error.__cause__.detail
    if unknown := _unknown_member.search(message):
        name = unknown[1].replace("~", "~0").replace("/", "~1")[:MAX_NAME_CHARACTERS]
        return f"{at}/{name}", "is not a member here"
    if missing := _missing_member.search(message):
        return f"{at}/{missing[1]}", "is missing"
    return at, _in_our_words(message)


def _in_our_words(message: str) -> str:
    for pattern, meaning in _PATTERNS.items():
        if pattern in message.replace("\\\\", "\\"):
            return f"must be {meaning}"
    for beginning, meaning in _BEGINNINGS.items():
        if message.startswith(beginning):
            return meaning
    if (other := _other_kind.fullmatch(message)) and _KINDS.keys() >= {other[1], other[2]}:
        return f"must be {_KINDS[other[1]]}, not {_KINDS[other[2]]}"
    if bound := _bound.fullmatch(message):
        return _within(kind=bound[1], at_least=bound[2] == ">=", figure=bound[3])
    return NO_SUCH_VALUE


def _within(kind: str, *, at_least: bool, figure: str) -> str:
    if kind in _COUNTED:
        return f"must have {figure} or {'more' if at_least else 'fewer'} {_COUNTED[kind]}"
    return f"must be {figure} or {'more' if at_least else 'less'}"


def _pointer(path: str) -> str:
    """Return msgspec's `$.sessions[0].day` as `/sessions/0/day`."""
    return "".join(f"/{name or index}" for name, index in _path_part.findall(path) if index != "...")
