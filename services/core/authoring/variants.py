"""A document under each set of readings that its choices allow, decoded as it will be judged by. Pure.

A mistake in an alternative would be met only by whoever asks under that reading, so every alternative is decoded.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from contracts.keys import Path
from contracts.policies.choices import choices_in, written_at
from contracts.policies.decoding import pack_of
from contracts.policies.language import Pack, Term
from contracts.policies.readings import Assumption
from contracts.policies.shape import MalformedPackError, fitted
from services.core.rules.kinds.kind import Kind
from services.core.rules.kinds.registry import WORDS, kind_of_rule
from services.core.rules.parts import Named, Part
from services.core.rules.terms import TERMS, TermOfLaw

NAMES_OF_WORDS = {word: name for name, word in WORDS.items()}


class Variant(Struct, frozen=True):
    """A document under one set of readings. The kinds of its rules, and the terms, are by the keys that lead there."""

    assumption: Assumption | None
    pack: Pack
    kinds: Mapping[Path, Kind]
    terms: Mapping[Path, TermOfLaw]


def variants(document: Any) -> Iterator[Variant]:
    """Yield the document under its readings, and then under each alternative. Raises MalformedPackError."""
    yield variant(document, None)
    for reading, choices in choices_in(document.get("editions")).items():
        for choice in choices:
            yield variant(document, Assumption(reading, choice))


def variant(document: Any, assumption: Assumption | None) -> Variant:
    """Return the document under one set of readings. Raises MalformedPackError with the keys in the document."""
    try:
        pack = pack_of(document, assumption)
        kinds: dict[Path, Kind] = {}
        terms: dict[Path, TermOfLaw] = {}
        for index, edition in enumerate(pack.editions):
            terms |= _terms(edition.terms, ("editions", index, "terms"))
            for name, rule in edition.rules.items():
                at = ("editions", index, "rules", name)
                terms |= _terms(rule.terms, (*at, "terms"))
                try:
                    kinds[at] = kind_of_rule(rule)
                except MalformedPackError as error:
                    raise MalformedPackError((*at, *error.at), error.why) from error
    except MalformedPackError as error:
        raise MalformedPackError(written_at(error.at, document, assumption), error.why) from error
    return Variant(assumption, pack, kinds, terms)


def _terms(terms: Mapping[str, Term], at: Path) -> dict[Path, TermOfLaw]:
    made: dict[Path, TermOfLaw] = {}
    for name, term in terms.items():
        if name not in TERMS:
            raise MalformedPackError((*at, name), f"the language has no term {name!r}")
        try:
            made[*at, name] = fitted(term.parameters, TERMS[name])
        except MalformedPackError as error:
            raise MalformedPackError((*at, name, *error.at), error.why) from error
    return made


def parts_in(value: Any, at: Path) -> Iterator[tuple[Any, Path]]:
    """Yield every struct and named part inside a value with the keys that lead to it, the value itself first."""
    match value:
        case Part(word=word):
            name = NAMES_OF_WORDS[type(word)]
            yield word, (*at, name)
            yield from parts_in(getattr(word, word.WHOLE), (*at, name)) if word.WHOLE else _fields(word, (*at, name))
        case Named(name=name, part=part):
            yield value, (*at, name)
            yield from parts_in(part, (*at, name))
        case Struct():
            yield value, at
            yield from _fields(value, at)
        case tuple():
            for index, child in enumerate(value):
                yield from parts_in(child, (*at, index))
        case Mapping():
            for key, child in value.items():
                yield from parts_in(child, (*at, key))


def _fields(struct: Struct, at: Path) -> Iterator[tuple[Any, Path]]:
    for name in struct.__struct_fields__:
        yield from parts_in(getattr(struct, name), (*at, name))
