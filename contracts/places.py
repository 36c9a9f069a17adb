"""Places by their GB/T 2260 codes, which nest by digits: 510107 in 510100 in 510000 in the nation. Pure."""

import re

from contracts.events.values import JURISDICTION_PATTERN, NATION
from contracts.mistakes import Misfit, phrase

_code = re.compile(JURISDICTION_PATTERN)


def is_code(text: str) -> bool:
    """Say whether a text has the form of a code. Whether such a place exists is not checked."""
    return _code.match(text) is not None


def checked_code(text: str) -> str:
    """Return the code. Raises Misfit if the text does not have the form of one."""
    if not is_code(text):
        raise Misfit(phrase("wrong-form", expected=phrase("place-code")))
    return text


def parents(jurisdiction: str) -> tuple[str, ...]:
    """Return the jurisdiction, its city, its province and the nation, each once."""
    codes = (jurisdiction, jurisdiction[:4] + "00", jurisdiction[:2] + "0000", NATION)
    return tuple(dict.fromkeys(codes))


def stem(jurisdiction: str) -> str:
    """Return the digits with which every place inside the jurisdiction begins; none for the nation."""
    if jurisdiction == NATION:
        return ""
    return jurisdiction.removesuffix("00").removesuffix("00")


def lies_in(jurisdiction: str, outer: str) -> bool:
    """Say whether `jurisdiction` is `outer` or lies inside it."""
    return jurisdiction.startswith(stem(outer))


def around_both(jurisdiction: str, other: str) -> str:
    """Return the smallest place in which both lie: one of them, if the other lies in it."""
    return next(outer for outer in parents(jurisdiction) if lies_in(other, outer))
