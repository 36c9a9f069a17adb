"""msgspec's messages about a value, as phrases of ours: its sentences change with its version, ours do not. Pure."""

import re
from functools import reduce

from contracts.events.values import (
    AMOUNT_PATTERN,
    CODE_PATTERN,
    DIGEST_PATTERN,
    JURISDICTION_PATTERN,
    PRACTITIONER_PATTERN,
    SCORE_PATTERN,
    TEXT_PATTERN,
)
from contracts.mistakes import Phrase, phrase

UNFORESEEN = phrase("unforeseen")
"""For any message of msgspec that is not foreseen here."""

_KINDS = {
    "array": phrase("list"),
    "bool": phrase("true-or-false"),
    "date": phrase("day"),
    "float": phrase("number-with-a-point"),
    "int": phrase("whole-number"),
    "null": phrase("null"),
    "object": phrase("object"),
    "str": phrase("text"),
    "uuid": phrase("uuid"),
}
_PATTERNS = {
    AMOUNT_PATTERN: phrase("amount"),
    SCORE_PATTERN: phrase("score"),
    TEXT_PATTERN: phrase("plain-text"),
    JURISDICTION_PATTERN: phrase("place-code"),
    DIGEST_PATTERN: phrase("digest"),
    CODE_PATTERN: phrase("code-of-a-vocabulary"),
    PRACTITIONER_PATTERN: phrase("id"),
}
_BEGINNINGS = {
    "Invalid RFC3339 encoded date": phrase("not-a-day"),
    "Invalid UUID": phrase("not-a-uuid"),
    "Invalid enum value": phrase("not-taken"),
}
_COUNTED = {"array": phrase("entries"), "object": phrase("members"), "str": phrase("characters")}
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


def is_about(message: str, pattern: str) -> bool:
    """Say whether a message is about a text that a pattern does not take."""
    return pattern in message.replace("\\\\", "\\")


def said_in(message: str) -> Phrase:
    """Return what a message says of a value."""
    for pattern, form in _PATTERNS.items():
        if is_about(message, pattern):
            return phrase("wrong-form", expected=form)
    for beginning, meaning in _BEGINNINGS.items():
        if message.startswith(beginning):
            return meaning
    if other := _other_kind.fullmatch(message):
        expected = other[1].split(" | ")
        if _KINDS.keys() >= {*expected, other[2]}:
            return phrase("wrong-kind", expected=_either([_KINDS[kind] for kind in expected]), found=_KINDS[other[2]])
    if bound := _bound.fullmatch(message):
        return _within(kind=bound[1], at_least=bound[2] == ">=", bound=bound[3])
    return UNFORESEEN


def _either(kinds: list[Phrase]) -> Phrase:
    return reduce(lambda one, other: phrase("either", one=one, other=other), kinds)


def _within(kind: str, *, at_least: bool, bound: str) -> Phrase:
    if kind in _COUNTED:
        return phrase("too-few" if at_least else "too-many", bound=bound, counted=_COUNTED[kind])
    return phrase("too-small" if at_least else "too-large", bound=bound)
