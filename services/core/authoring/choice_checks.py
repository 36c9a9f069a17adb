"""Checks of the choices of readings in a document: known, the same wherever a reading acts, and never idle. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct

from contracts.events.values import NATION
from contracts.keys import Path
from contracts.policies.choices import NONE, Choices, choices_in, reading_of
from contracts.policies.decoding import kind_of
from contracts.policies.readings import ALTERNATIVES, Assumption
from contracts.policies.shape import MalformedPackError
from services.core.authoring.example_checks import Wrong
from services.core.authoring.part_checks import listed
from services.core.authoring.variants import Variant, variant
from services.core.rules.parts import Named, Part


def wrong_choices(edition: Mapping[str, Any], under: Sequence[Variant], at: Path) -> Iterator[Wrong]:
    """Yield what is wrong in the choices of an edition's days, of each of its terms, and of each of its rules.

    `under` is the document under its readings, and then under each alternative.
    """
    alone = {key: value for key, value in edition.items() if key not in ("terms", "rules", "indicators")}
    days = {"in_force": edition["in_force"]}
    yield from _choices(days, under, at)
    yield from _without_effect(days, alone, at)
    for name, term in edition.get("terms", {}).items():
        yield from _choices({name: term}, under, (*at, "terms"))
        yield from _without_effect({name: term}, {**alone, "terms": {name: term}}, (*at, "terms"))
    for name, rule in edition.get("rules", {}).items():
        where = (*at, "rules", name)
        kind = kind_of(rule)
        acting = {key: rule[key] for key in (kind, "terms") if key in rule}
        yield from _choices(acting, under, where, before=choices_in(days))
        yield from _without_effect(acting, {**alone, "rules": {name: rule}}, where)
        chosen = choices_in(acting, edition["in_force"])
        for index, reading in enumerate(rule.get("readings", ())):
            if reading in chosen:
                yield (*where, "readings", index), f"{reading} has a choice here, and need not be listed"


def _choices(acting: Mapping[str, Any], under: Sequence[Variant], at: Path, before: Choices = NONE) -> Iterator[Wrong]:
    """Yield what is wrong in choices that are made together, also with those made `before`, in the days of a rule."""
    first = {reading: set(names) for reading, names in before.items()}
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


def _without_effect(acting: Mapping[str, Any], edition: Mapping[str, Any], at: Path) -> Iterator[Wrong]:
    """Yield the alternatives that change nothing where they stand, though the reading may act elsewhere, too.

    `edition` has nothing but the members `acting` and what surrounds them. A place is idle if, where the alternative is
    taken, the same is meant with the value of the reading there.
    """
    for where, reading, choice in _found(acting, at):
        for name in choice:
            if name in ALTERNATIVES.get(reading, ()):
                assumption = Assumption(reading, name)
                with suppress(MalformedPackError):  # What one place alone cannot keep is no idle choice.
                    kept = _put(edition, where[2:], choice[reading])
                    if _meant_alone(kept, assumption, acting, at) == _meant_alone(edition, assumption, acting, at):
                        yield (*where, name), f"{name} changes nothing of what {reading} says"


def _meant_alone(edition: Mapping[str, Any], assumption: Assumption, acting: Mapping[str, Any], at: Path) -> Any:
    """Return what members of an edition mean under an assumption. Raises MalformedPackError."""
    document = {"jurisdiction": NATION, "name": {"zh": "", "en": ""}, "editions": [edition]}
    return _meant(variant(document, assumption), acting, ("editions", 0, *at[2:]))


def _put(value: Any, at: Path, put: Any) -> Any:
    """Return a value in which what stands under these keys is another."""
    if not at:
        return put
    key, *inside = at
    if isinstance(value, list):
        return [_put(child, tuple(inside), put) if index == key else child for index, child in enumerate(value)]
    return {**value, key: _put(value[key], tuple(inside), put)}


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
