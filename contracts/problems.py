"""Every refusal of the service in words: `problems.yaml`, read once."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct

from contracts.languages import Lang
from contracts.mistakes import Phrase
from contracts.strict_yaml import read_strictly

FILE = Path(__file__).with_name("problems.yaml")


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """A problem in one language: what it means, this occurrence of it, when it happens, and what to do.

    Only `detail` has fields, which the facts of a refusal fill.
    """

    title: str
    detail: str
    when: str
    remedy: str


class ExampleOfAPhrase(Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase whose facts are the same in every language."""

    code: str
    facts: dict[str, str | int] = {}

    def made(self) -> Phrase:
        """Return the phrase."""
        return Phrase(self.code, self.facts)


class Example(Struct, frozen=True, forbid_unknown_fields=True):
    """One occurrence: its place in the request, what is wrong there, and the facts."""

    pointer: str | None = None
    mistake: ExampleOfAPhrase | None = None
    facts: dict[str, ExampleOfAPhrase | str | int | float] = {}


class Problem(Struct, frozen=True, forbid_unknown_fields=True):
    """What one code means."""

    status: int
    zh: Words
    en: Words
    example: Example = Example()

    def words(self, lang: Lang) -> Words:
        """Return the words in one language."""
        return self.zh if lang == "zh" else self.en


def _read() -> Mapping[str, Problem]:
    value = read_strictly(FILE.read_text(encoding="utf-8"), str(FILE)).value
    return MappingProxyType(msgspec.convert(value, dict[str, Problem]))


PROBLEMS = _read()
"""Every problem by its code."""
