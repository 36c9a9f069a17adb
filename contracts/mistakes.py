"""The mistakes of one request, collected to be told at once. Pure."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

MOST_TOLD = 100
MOST_NEAR = 3
MOST_LOOKED_UP = 10
"""Names of one request for which those are looked up that may be meant: each takes a millisecond or two."""
MAX_SHOWN_CHARACTERS = 40
NONE_NEAR = "–"
_KINDS = ((type(None), "null"), (bool, "true or false"), (dict, "an object"), (list, "a list"))


class Mistake(Struct, frozen=True):
    """One mistake. `pointer` is a JSON pointer into the body, or names a parameter or header."""

    pointer: str
    detail: str


class NamesMeant:
    """Looks up the names that somebody may have meant, for the first different names of one request."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], Sequence[str]] = {}

    def near(self, name: str, names: Collection[str]) -> Sequence[str]:
        """Return the nearest ones first; none where too many were looked up before."""
        asked = (name[:MAX_SHOWN_CHARACTERS], *names)
        if asked not in self._found and len(self._found) < MOST_LOOKED_UP:
            self._found[asked] = near(name, names)
        return self._found.get(asked, ())


class Mistakes:
    """The first mistakes that were found, at most `most`, and how many there are.

    `meant` looks up names for all mistakes of a request, if they are told in several of these.
    """

    def __init__(self, most: int = MOST_TOLD, meant: NamesMeant | None = None) -> None:
        self.told: list[Mistake] = []
        self.count = 0
        self.meant = NamesMeant() if meant is None else meant
        self._most = most

    @property
    def are_told_no_more(self) -> bool:
        """Whether a further mistake is counted only: its words need not be made."""
        return len(self.told) >= self._most

    def add(self, pointer: str, detail: str) -> None:
        """Add a mistake, or count it where there are too many."""
        self.count += 1
        if not self.are_told_no_more:
            self.told.append(Mistake(pointer, detail))

    def add_elsewhere(self, others: "Mistakes") -> None:
        """Add those of others that are at places where nothing is told yet."""
        known = {mistake.pointer for mistake in self.told}
        for mistake in others.told:
            if mistake.pointer not in known:
                self.add(mistake.pointer, mistake.detail)

    def add_untold(self, count: int) -> None:
        """Count mistakes without telling them."""
        self.count += count

    def lift(self, prefix: str) -> None:
        """Let pointers begin behind `prefix`, for a body in which its members stand one level higher."""
        self.told = [Mistake(told.pointer.removeprefix(prefix), told.detail) for told in self.told]

    def in_one_sentence(self) -> str:
        """Return what is wrong first, and of how many."""
        first = self.told[0]
        if self.count == 1:
            return first.detail
        return f"{self.count} mistakes, the first at {first.pointer or 'the whole body'}: {first.detail}"


def shown(value: Any) -> str:
    """Return a value as a sentence quotes it: a long text is cut, a list or object only named."""
    if isinstance(value, str):
        cut = value if len(value) <= MAX_SHOWN_CHARACTERS else value[: MAX_SHOWN_CHARACTERS - 1] + "…"
        return repr(cut)
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return str(value).lower() if kind is bool else name
    return str(value)[:MAX_SHOWN_CHARACTERS]


def near(name: str, names: Collection[str]) -> list[str]:
    """Return the names that somebody may have meant, the nearest first."""
    return get_close_matches(name[:MAX_SHOWN_CHARACTERS], names, MOST_NEAR)


def listed_near(name: str, names: Collection[str]) -> str:
    """Return the names that somebody may have meant in one line; a dash if there is none."""
    return ", ".join(near(name, names)) or NONE_NEAR
