"""The mistakes of one request, collected to be told at once: codes with facts, which `sentences.py` words. Pure."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Literal, Self, TypeAlias, Union

from msgspec import Struct

MOST_TOLD = 100
MOST_NEAR = 3
MOST_LOOKED_UP = 10
"""Names of one request for which those are looked up that may be meant: each takes a millisecond or two."""
MAX_SHOWN_CHARACTERS = 40
NONE_NEAR = "–"

Fact: TypeAlias = Union[str, int, date, Decimal, "Quoted", "Names", "Phrase"]
"""What fills a sentence. A text stands in it as it is in every language: the name of a member, a code, a pattern."""


class Quoted(Struct, frozen=True):
    """A text that somebody sent, to be set in quotes."""

    text: str


class Names(Struct, frozen=True):
    """Names in a line, at least one. `between` is the phrase that stands between the last two."""

    names: tuple[str, ...]
    between: Literal["comma", "or", "and"] = "comma"


class Phrase(Struct, frozen=True):
    """What is said of something, or a part of that: the code of a sentence, and the facts that fill it."""

    code: str
    facts: Mapping[str, Fact] = {}


class Mistake(Struct, frozen=True):
    """One mistake. `pointer` is a JSON pointer into the body, or names a parameter or header."""

    pointer: str
    what: Phrase


class Misfit(ValueError):
    """A value is not what it must be."""

    def __init__(self, what: Phrase) -> None:
        super().__init__(what)
        self.what = what


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

    def nearest(self, name: str, names: Collection[str]) -> str | None:
        """Return the nearest one; None without any, or where too many were looked up before."""
        return next(iter(self.near(name, names)), None)


class Mistakes:
    """The first mistakes that were found, at most `most`, and how many there are.

    `meant` looks up names for all mistakes of a request, if they are told in several of these.
    """

    def __init__(self, most: int = MOST_TOLD, meant: NamesMeant | None = None) -> None:
        self.told: list[Mistake] = []
        self.count = 0
        self.meant = NamesMeant() if meant is None else meant
        self._most = most

    @classmethod
    def of(cls, pointer: str, what: Phrase) -> "Mistakes":
        """Return a mistake as the only one."""
        only = Mistakes()
        only.add(pointer, what)
        return only

    @property
    def first(self) -> Mistake:
        """The first mistake. There must be one."""
        return self.told[0]

    @property
    def are_told_no_more(self) -> bool:
        """Whether a further mistake is counted only: what is said of it need not be made."""
        return len(self.told) >= self._most

    def add(self, pointer: str, what: Phrase) -> None:
        """Add a mistake, or count it where there are too many."""
        self.count += 1
        if not self.are_told_no_more:
            self.told.append(Mistake(pointer, what))

    def add_elsewhere(self, others: "Mistakes") -> None:
        """Add those of others that are at places where nothing is told yet."""
        known = {mistake.pointer for mistake in self.told}
        for mistake in others.told:
            if mistake.pointer not in known:
                self.add(mistake.pointer, mistake.what)

    def add_untold(self, count: int) -> None:
        """Count mistakes without telling them."""
        self.count += count

    def behind(self, prefix: str) -> Self:
        """Return the same mistakes with pointers that begin behind `prefix`: there the members stand higher."""
        lifted = copy(self)
        lifted.told = [Mistake(told.pointer.removeprefix(prefix), told.what) for told in self.told]
        return lifted


def phrase(code: str, **facts: Fact | None) -> Phrase:
    """Return the phrase of a code. A fact that is None is not known, and left out."""
    return Phrase(code, {name: fact for name, fact in facts.items() if fact is not None})


def one_of(names: Collection[str]) -> Phrase:
    """Return what a value must be that has to be one of some names."""
    return phrase("one-of", names=Names(tuple(names)))


def no_object(value: Any) -> Phrase:
    """Return what is said of a body that has no members."""
    return said_of(value, phrase("wrong-kind", expected=phrase("object")))


def said_of(value: Any, what: Phrase) -> Phrase:
    """Return what is said of a value with the value itself, and how much it holds."""
    count = {"count": len(value)} if isinstance(value, str | list | dict) else {}
    return Phrase(what.code, {**what.facts, "found": shown(value), **count})


def shown(value: Any) -> Fact:
    """Return a value as a sentence quotes it: a long text is cut, a list or object only named."""
    match value:
        case str():
            cut = value if len(value) <= MAX_SHOWN_CHARACTERS else value[: MAX_SHOWN_CHARACTERS - 1] + "…"
            return Quoted(cut)
        case None:
            return phrase("null")
        case bool():
            return str(value).lower()
        case dict():
            return phrase("object")
        case list():
            return phrase("list")
    return str(value)[:MAX_SHOWN_CHARACTERS]


def near(name: str, names: Collection[str]) -> list[str]:
    """Return the names that somebody may have meant, the nearest first."""
    return get_close_matches(name[:MAX_SHOWN_CHARACTERS], names, MOST_NEAR)


def listed_near(name: str, names: Collection[str]) -> Names:
    """Return the names that somebody may have meant; a dash if there is none."""
    return Names(tuple(near(name, names)) or (NONE_NEAR,))
