"""msgspec's messages about a value, in our words: its own sentences change with its version, ours do not. Pure."""

import re
from collections.abc import Mapping

from contracts.events.values import (
    AMOUNT_PATTERN,
    CODE_PATTERN,
    DIGEST_PATTERN,
    JURISDICTION_PATTERN,
    PRACTITIONER_PATTERN,
    SCORE_PATTERN,
    TEXT_PATTERN,
)

NO_SUCH_VALUE = "has a value that this member does not take"
"""For any message of msgspec that is not foreseen here."""

NO_PATTERNS: Mapping[str, str] = {}

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
    CODE_PATTERN: "a code of a-z and _ that begins with a letter, up to 64 characters",
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
_other_kind = re.compile(r"Expected `([\w |]+)`, got `(\w+)`")
_bound = re.compile(r"Expected `(\w+)`(?: of length)? (>=|<=) (\d+)")


def unknown_member(message: str) -> str | None:
    """Return the member that an object has and may not have, if the message is about one."""
    found = _unknown_member.search(message)
    return found[1] if found else None


def missing_member(message: str) -> str | None:
    """Return the member that an object lacks, if the message is about one."""
    found = _missing_member.search(message)
    return found[1] if found else None


def in_our_words(message: str, further_patterns: Mapping[str, str] = NO_PATTERNS) -> str:
    """Return what to send instead of a value. `further_patterns` are those of texts in the caller's own types."""
    for pattern, meaning in {**_PATTERNS, **further_patterns}.items():
        if pattern in message.replace("\\\\", "\\"):
            return f"must be {meaning}"
    for beginning, meaning in _BEGINNINGS.items():
        if message.startswith(beginning):
            return meaning
    if other := _other_kind.fullmatch(message):
        expected = other[1].split(" | ")
        if _KINDS.keys() >= {*expected, other[2]}:
            return f"must be {' or '.join(_KINDS[kind] for kind in expected)}, not {_KINDS[other[2]]}"
    if bound := _bound.fullmatch(message):
        return _within(kind=bound[1], at_least=bound[2] == ">=", figure=bound[3])
    return NO_SUCH_VALUE


def _within(kind: str, *, at_least: bool, figure: str) -> str:
    if kind in _COUNTED:
        return f"must have {figure} or {'more' if at_least else 'fewer'} {_COUNTED[kind]}"
    return f"must be {figure} or {'more' if at_least else 'less'}"
