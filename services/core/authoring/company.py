"""Checks of a pack in the company of those around it: what its rules take from them must be there. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from contracts.keys import Path
from contracts.places import parents
from contracts.policies.choices import Choices, merged, written_at
from contracts.policies.language import Edition, Pack, Rule, Text
from contracts.policies.packs import PinnedPack, UnreadablePackError
from contracts.policies.readings import Assumption
from services.core.authoring.example_checks import Wrong
from services.core.authoring.part_checks import listed, readings_named
from services.core.authoring.variants import parts_in
from services.core.rules.book import talents_of
from services.core.rules.conditions.designated import Designated
from services.core.rules.kinds.registry import kind_of_rule
from services.core.rules.parts import Context
from services.core.rules.term_book import TermBook
from services.core.rules.terms import Terms

Chain: TypeAlias = list[Pack]
"""The pack of a place and those from which it inherits, most specific first."""


def wrong_in_company(place: str, packs: Mapping[str, PinnedPack]) -> Iterator[Wrong]:
    """Yield what the rules of a place lack among `packs`: a term, a word for a title, a reading that a sentence names.

    The pack of the place must be free of other mistakes.
    """
    pinned = packs[place]
    document = pinned.current
    alternatives = [Assumption(reading, choice) for reading, choices in pinned.choices.items() for choice in choices]
    found: dict[Wrong, None] = {}
    for assumption in (None, *alternatives):
        around = [packs[code] for code in parents(place) if code in packs]
        chain = [pack.assuming(assumption) if assumption else pack.pack for pack in around]
        found |= {(written_at(at, document, assumption), why): None for at, why in _wrong(chain)}
    yield from found


def _wrong(chain: Chain) -> Iterator[Wrong]:
    own, book, titles = chain[0], TermBook(chain), talents_of(chain)
    for index, edition in enumerate(own.editions):
        for name, rule in edition.rules.items():
            at: Path = ("editions", index, "rules", name)
            try:
                used = list(_terms_used(name, own, edition, rule, book))
            except UnreadablePackError as error:
                yield at, str(error)
                continue
            yield from _titles(rule, titles, at)
            yield from _other_alternatives(edition, rule, used, at)
            yield from _interpretations(edition, rule, used, at)


def _terms_used(name: str, own: Pack, edition: Edition, rule: Rule, book: TermBook) -> Iterator[Choices]:
    """Yield the choices of each term that compiling the rule asks for, on whatever day. Raises UnreadablePackError."""
    for variant in book.of(rule).of_every_day():
        terms = Terms(variant)
        kind_of_rule(rule).compile(name, rule, _context(own, edition, name, rule, terms))
        yield from terms.used


def _context(pack: Pack, edition: Edition, name: str, rule: Rule, terms: Terms) -> Context:
    return Context(
        jurisdiction=pack.jurisdiction,
        place=pack.jurisdiction,
        first_day=edition.in_force.first_day,
        last_day=edition.in_force.last_day,
        first_text_on=edition.in_force.first_day,
        terms=terms,
        clause=rule.clause,
        determination=name,
    )


def _titles(rule: Rule, known: Mapping[str, Text], at: Path) -> Iterator[Wrong]:
    """Yield the titles for which neither the pack nor one around it has words."""
    for part, where in parts_in(kind_of_rule(rule), (*at, rule.kind)):
        if isinstance(part, Designated):
            named = {"talents": part.talents, "other_talents_than": part.other_talents_than}
            for member, titles in {**named, "perhaps": part.perhaps and (part.perhaps,)}.items():
                if strange := sorted({*(titles or ())} - {*known}):
                    yield (*where, member), f"{listed(strange)} is in no vocabulary of this pack or one around it"


def _other_alternatives(edition: Edition, rule: Rule, used_by_terms: Iterable[Choices], at: Path) -> Iterator[Wrong]:
    """Yield the readings with other alternatives in a term than in the rule that uses it or the days of its text."""
    own = {**merged((edition.in_force.choices, rule.choices))}
    for choices in used_by_terms:
        for reading, names in choices.items():
            if names != own.setdefault(reading, names):
                yield at, f"{reading} has other alternatives in a term that the rule uses: {listed(names)}"


def _interpretations(edition: Edition, rule: Rule, used_by_terms: Iterable[Choices], at: Path) -> Iterator[Wrong]:
    """Yield the interpretations that name a reading which is none of the rule, of its terms or of its days."""
    used = {*rule.readings, *merged((edition.in_force.choices, rule.choices, *used_by_terms))}
    for name, told in rule.told.items():
        if strange := sorted(readings_named(told.interpretation) - used):
            yield (*at, "told", name, "interpretation"), f"names {listed(strange)}, by which the rule is not read"
