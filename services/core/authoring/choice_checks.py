"""Checks of the choices of readings in a document: known, the same wherever a reading acts, and never idle. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from contracts.keys import Path
from contracts.policies.choices import choices_in, reading_of
from contracts.policies.decoding import kind_of
from contracts.policies.readings import ALTERNATIVES, Assumption
from services.core.authoring.example_checks import Wrong
from services.core.authoring.part_checks import listed
from services.core.authoring.variants import Variant
from services.core.rules.parts import Named, Part


def wrong_choices(edition: Mapping[str, Any], under: Sequence[Variant], at: Path) -> Iterator[Wrong]:
    """Yield what is wrong in the choices of an edition's days, of each of its terms, and of each of its rules.

    `under` is the document under its readings, and then under each alternative.
    """
    yield from _choices({"in_force": edition["in_force"]}, under, at)
    for name, term in edition.get("terms", {}).items():
        yield from _choices({name: term}, under, (*at, "terms"))
    for name, rule in edition.get("rules", {}).items():
        where = (*at, "rules", name)
        kind = kind_of(rule)
        acting = {key: rule[key] for key in (kind, "terms") if key in rule}
        yield from _choices(acting, under, where)
        chosen = choices_in(acting, edition["in_force"])
        for index, reading in enumerate(rule.get("readings", ())):
            if reading in chosen:
                yield (*where, "readings", index), f"{reading} has a choice here, and need not be listed"


def _choices(acting: Mapping[str, Any], under: Sequence[Variant], at: Path) -> Iterator[Wrong]:
    """Yield what is wrong in choices that are made together."""
    first: dict[str, set[str]] = {}
    for where, reading, choice in _found(acting, at):
        names = set(choice) - {reading}
        if strange := sorted(names - set(ALTERNATIVES.get(reading, ()))):
            yield (*where, strange[0]), f"{listed(strange)} is not an alternative of {reading}"
        if not names:
            yield where, f"{reading} has no alternative"
        if names != first.setdefault(reading, names):
            yield where, f"{reading} has other alternatives than before in the same rule: {listed(sorted(names))}"
    readings = choices_in(acting)
    meant = {
        v.assumption: _meant(v, acting, at) for v in under if v.assumption is None or v.assumption.reading in readings
    }
    for reading, alternatives in readings.items():
        for name in alternatives:
            if meant[Assumption(reading, name)] == meant[None]:
                where = next(
                    where for where, other, choice in _found(acting, at) if other == reading and name in choice
                )
                yield (*where, name), f"{name} changes nothing of what {reading} says"


def _found(value: Any, at: Path) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Yield each choice with the keys that lead to it."""
    if isinstance(value, Mapping):
        if reading := reading_of(value):
            yield at, reading, value
        for key, child in value.items():
            yield from _found(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _found(child, (*at, index))


def _meant(variant: Variant, acting: Mapping[str, Any], at: Path) -> Any:
    """Return what the members `acting` mean under a set of readings."""
    inside = {(*at, key) for key in acting}
    made: dict[Path, Any] = {**variant.kinds, **variant.terms}
    made |= {("editions", n, "in_force"): edition.in_force for n, edition in enumerate(variant.pack.editions)}
    return {where: meaning(value) for where, value in made.items() if where == at or {where, where[:-1]} & inside}


def meaning(value: Any) -> Any:
    """Return a kind, a term or days so that what judges alike is equal, whichever clauses it cites.

    The order of what may stand in a list plays no part; that of named parts does, since answers list them.
    """
    match value:
        case Part(word=word):
            return meaning(word)
        case Named(name=name, part=part):
            return name, meaning(part)
        case Struct():
            judging = [name for name in value.__struct_fields__ if name not in ("clause", "choices")]
            return type(value), [meaning(getattr(value, name)) for name in judging]
        case Mapping():
            return {key: meaning(child) for key, child in value.items()}
        case tuple():
            items = [meaning(item) for item in value]
            return items if any(isinstance(item, Named | Struct) for item in value) else sorted(items, key=repr)
    return value
