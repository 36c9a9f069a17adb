"""Checks of a pack for those who write it: does it have the shape of the language, and does it make sense? Pure.

Each check yields the keys that lead to a mistake, and what is wrong there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, get_origin

from contracts.events.values import LAST_DAY
from contracts.keys import Path
from contracts.policies.choices import reading_of, written_at
from contracts.policies.decoding import RULE_MEMBERS
from contracts.policies.language import LANGUAGE, Edition, Pack
from contracts.policies.shape import MalformedPackError, bare, inner, is_struct, members_of
from services.core.authoring.choice_checks import wrong_choices
from services.core.authoring.example_checks import Wrong, wrong_in_example
from services.core.authoring.indicator_checks import wrong_in_indicator
from services.core.authoring.part_checks import listed, outside, repeats, unreadable, wrong_parts
from services.core.authoring.rule_checks import wrong_in_rule, wrong_names
from services.core.authoring.variants import Variant, variants
from services.core.rules.kinds.registry import KINDS

_clause = re.compile(r"(?P<prefix>[A-Z]{1,2})-[0-9]+[a-z]?")
NATIONAL_PREFIX = "N"
WRITTEN = f"packs are written in language {LANGUAGE} (docs/explanation/rules.md)"


def wrong_in(document: Any) -> Iterator[Wrong]:
    """Yield every mistake in a document. If its shape is wrong, only that is told."""
    if refused := list(_refused(document)):
        yield from refused
        return
    try:
        under = list(variants(document))
    except MalformedPackError as error:
        yield error.at, error.why
        return
    yield from dict.fromkeys(_sense(document, under))


def _refused(document: Any) -> Iterator[Wrong]:
    """Yield why a document is not read: its language, emptied members, or keys of its rules that say nothing."""
    if not isinstance(document, Mapping):
        yield (), "is not an object"
        return
    language = document.get("language", 1)
    if type(language) is not int:
        yield ("language",), f"{language!r} is not the number {LANGUAGE}; {WRITTEN}"
    elif language != LANGUAGE:
        yield ("language",) if "language" in document else (), f"is written in language {language}; {WRITTEN}"
    else:
        yield from _emptied(document, ())
        yield from _strange(document)


def _strange(document: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield the keys of rules that the language does not have."""
    known = RULE_MEMBERS | KINDS.keys()
    editions = document.get("editions")
    for index, edition in enumerate(editions if isinstance(editions, list) else ()):
        rules = edition.get("rules") if isinstance(edition, Mapping) else None
        for name, rule in rules.items() if isinstance(rules, Mapping) else ():
            for key in rule if isinstance(rule, Mapping) else ():
                if key not in known:
                    yield ("editions", index, "rules", name, key), f"{key!r} is neither a member of a rule nor a kind"


def _emptied(value: Any, at: Path) -> Iterator[Wrong]:
    """Yield the members of rules that are null: an emptied condition would silently require nothing."""
    if value is None:
        yield at, "is empty"
    elif isinstance(value, dict):
        for key, child in value.items():
            if key != "examples":
                yield from _emptied(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _emptied(child, (*at, index))


def _sense(document: Mapping[str, Any], under: Sequence[Variant]) -> Iterator[Wrong]:
    """Yield what makes no sense, in the order of the document, and what does not under an alternative."""
    pack = under[0].pack
    yield from wrong_parts({"name": pack.name, "vocabulary": pack.vocabulary}, ())
    yield from _order(pack)
    for index, edition in enumerate(pack.editions):
        at: Path = ("editions", index)
        written = document["editions"][index]
        yield from unreadable({"document": edition.document, "edition": edition.edition}, at)
        yield from _clauses(written, edition.clause, at)
        yield from wrong_choices(written, under, at)
        for name, rule in edition.rules.items():
            where = (*at, "rules", name)
            for variant in under:
                for path, why in wrong_names(variant.kinds[where], (*where, rule.kind)):
                    yield written_at(path, document, variant.assumption), why
            yield from wrong_in_rule(pack, edition, name, [variant.kinds[where] for variant in under], where)
        for id_, indicator in edition.indicators.items():
            yield from wrong_in_indicator(edition, indicator, (*at, "indicators", id_))
    yield from _idle(document, Pack, ())
    for variant in under:
        for path, why in _under_readings(variant):
            yield written_at(path, document, variant.assumption), why
    yield from _examples(pack)


def _idle(value: Any, kind: Any, at: Path) -> Iterator[Wrong]:
    """Yield the lists and maps that are empty and could be left out: they say nothing, in another digest.

    Those in the parameters of kinds, words and terms are never empty, whether they can be left out or not.
    """
    kind = bare(kind)
    if is_struct(kind):
        for name, member in members_of(kind).items():
            if name in value:
                if not member.required and value[name] in ([], {}):
                    yield (*at, name), "is empty"
                yield from _idle(value[name], member.type, (*at, name))
    elif get_origin(kind) is tuple:
        for index, child in enumerate(value):
            yield from _idle(child, inner(kind), (*at, index))
    elif get_origin(kind) is Mapping:
        for key, child in value.items():
            if child == []:
                yield (*at, key), "is empty"
            yield from _idle(child, inner(kind), (*at, key))


def _order(pack: Pack) -> Iterator[Wrong]:
    """Yield editions out of order, those that begin on one day about one matter, and two of one name."""
    for index, (newer, older) in enumerate(pairwise(pack.editions), start=1):
        if newer.in_force.first_day < older.in_force.first_day:
            yield ("editions", index, "in_force"), f"edition {older.edition} begins later than the one before it"
    yield from _begun_together(pack)
    if twice := repeats(edition.edition for edition in pack.editions):
        yield ("editions",), f"{listed(twice)} is listed twice"


def _begun_together(pack: Pack) -> Iterator[Wrong]:
    """Yield editions that begin on one day about one matter: neither is the one begun last."""
    for (_, first), (index, second) in combinations(enumerate(pack.editions), 2):
        if first.in_force.first_day != second.in_force.first_day:
            continue
        together = f"editions {first.edition} and {second.edition} begin on one day and both"
        if both := sorted({*first.rules, *first.indicators} & {*second.rules, *second.indicators}):
            yield ("editions", index, "in_force"), f"{together} have {listed(both)}"
        if both := sorted(first.terms.keys() & second.terms.keys()):
            yield ("editions", index, "in_force"), f"{together} define {listed(both)}"


def _clauses(written: Any, own_clause: str, at: Path) -> Iterator[Wrong]:
    """Yield the citations that are not clauses of the register, or that are clauses of another place.

    What a word of the law means may stand in the law itself.
    """
    own = _clause.fullmatch(own_clause)
    for key, clause in _citations(written, at):
        if not isinstance(clause, str):
            yield key, "is a choice of readings, which a clause never is"
        elif not (matched := _clause.fullmatch(clause)):
            yield key, f"{clause!r} is not a clause of the register" if clause.strip() else "is empty"
        elif own and matched["prefix"] not in {own["prefix"], NATIONAL_PREFIX if "terms" in key else own["prefix"]}:
            yield key, f"{clause} is not a clause of a place whose edition is {own_clause}"


def _citations(value: Any, at: Path) -> Iterator[tuple[Path, Any]]:
    """Yield each clause with its keys, and each choice in the place of one."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            if key == "clause" and (isinstance(child, str) or reading_of(child)):
                yield (*at, key), child
            elif key == "further_clauses":
                yield from (((*at, key, index), clause) for index, clause in enumerate(child))
            else:
                yield from _citations(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _citations(child, (*at, index))


def _under_readings(variant: Variant) -> Iterator[Wrong]:
    """Yield what is wrong in the days, terms and rules of a pack under one set of readings."""
    yield from _begun_together(variant.pack)
    for index, edition in enumerate(variant.pack.editions):
        yield from _days(edition, ("editions", index))
    for at, term in variant.terms.items():
        yield from wrong_parts(term, at, never_empty=True)
        if term.clause is None and "rules" not in at:  # The terms of a rule have its clause.
            yield at, "has no clause that defines it"
    for at, kind in variant.kinds.items():
        rule = variant.pack.editions[int(at[1])].rules[at[-1]]  # type: ignore[index]  # Keys of a rule.
        yield from wrong_parts(kind, (*at, rule.kind), never_empty=True)


def _days(edition: Edition, at: Path) -> Iterator[Wrong]:
    in_force = edition.in_force
    if (in_force.last_day or LAST_DAY) < in_force.first_day:
        yield (*at, "in_force"), "ends before it begins"
    yield from outside(in_force, (*at, "in_force"))
    yield from outside(edition, at)


def _examples(pack: Pack) -> Iterator[Wrong]:
    for index, example in enumerate(pack.examples):
        at: Path = ("examples", index)
        yield from outside(example, at)
        yield from unreadable({"name": example.name}, at)
        if example.name in [earlier.name for earlier in pack.examples[:index]]:
            yield (*at, "name"), f"two examples are called {example.name!r}"
        yield from wrong_in_example(example, at)
