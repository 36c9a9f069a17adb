"""A document of the language as a pack, under one set of readings. Pure."""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct

from contracts.keys import Path
from contracts.policies.choices import choices_in, resolved
from contracts.policies.language import Edition, InForce, Pack, Rule, Term
from contracts.policies.readings import Assumption
from contracts.policies.shape import MalformedPackError, fitted, members_of

T = TypeVar("T", bound=Struct)

DERIVED = frozenset({"choices"})
"""Members that are found in a document, and never written in it."""
RULE_MEMBERS = frozenset(members_of(Rule)) - DERIVED - {"kind", "parameters"}
"""The members of a rule beside its kind, which is the one other key."""


def pack_of(document: Any, assumption: Assumption | None = None) -> Pack:
    """Return the pack with the choices of its readings made. Raises MalformedPackError."""
    given = _members(document, Pack, (), also=frozenset({"language"}))
    given.pop("language", None)
    editions = _list(given.pop("editions", None), ("editions",))
    rest = {name: _as(value, Pack, name) for name, value in given.items()}
    return _made(
        Pack,
        (),
        editions=tuple(_edition(value, ("editions", index), assumption) for index, value in enumerate(editions)),
        **rest,
    )


def kind_of(rule: Mapping[str, Any], at: Path = ()) -> str:
    """Return the kind of a rule in a document: its one key that is no member. Raises MalformedPackError."""
    kinds = [key for key in rule if key not in RULE_MEMBERS]
    if len(kinds) != 1:
        raise MalformedPackError(at, f"a rule has exactly one kind, not {len(kinds)}: {', '.join(kinds)}".rstrip(": "))
    return kinds[0]


def _edition(value: Any, at: Path, assumption: Assumption | None) -> Edition:
    given = _members(value, Edition, at)
    if "in_force" not in given:
        raise MalformedPackError(at, "in_force is missing")
    where = (*at, "in_force")
    days = _members(given.pop("in_force"), InForce, where)
    rules, terms = given.pop("rules", {}), given.pop("terms", {})
    return _made(
        Edition,
        at,
        in_force=_made(
            InForce,
            where,
            **{name: _as(resolved(day, assumption), InForce, name, where) for name, day in days.items()},
            choices=choices_in(days),
        ),
        terms=_terms(terms, (*at, "terms"), assumption),
        rules={
            name: _rule(rule, (*at, "rules", name), assumption)
            for name, rule in sorted(_mapping(rules, (*at, "rules")).items())
        },
        **{name: _as(value, Edition, name, at) for name, value in given.items()},
    )


def _rule(value: Any, at: Path, assumption: Assumption | None) -> Rule:
    given = dict(_mapping(value, at))
    kind = kind_of(given, at)
    parameters = _mapping(given.pop(kind), (*at, kind))
    terms = given.pop("terms", {})
    return _made(
        Rule,
        at,
        kind=kind,
        parameters=resolved(parameters, assumption),
        choices=choices_in(parameters),
        terms=_terms(terms, (*at, "terms"), assumption),
        **{name: _as(member, Rule, name, at) for name, member in given.items()},
    )


def _terms(value: Any, at: Path, assumption: Assumption | None) -> dict[str, Term]:
    return {
        name: Term(resolved(_mapping(term, (*at, name)), assumption), choices_in(term))
        for name, term in _mapping(value, at).items()
    }


def _members(value: Any, shape: type[Struct], at: Path, also: frozenset[str] = frozenset()) -> dict[str, Any]:
    given = dict(_mapping(value, at))
    for key in given:
        if key not in members_of(shape).keys() - DERIVED | also:
            raise MalformedPackError((*at, key), f"{key!r} is not a member here")
    return given


def _mapping(value: Any, at: Path) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise MalformedPackError(at, "is not an object" if value is not None else "is empty")
    return value


def _list(value: Any, at: Path) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise MalformedPackError(at, "is not a list, or is empty")
    return value


def _as(value: Any, shape: type[Struct], name: str, at: Path = ()) -> Any:
    try:
        return fitted(value, members_of(shape)[name].type)
    except MalformedPackError as error:
        raise MalformedPackError((*at, name, *error.at), error.why) from error


def _made(shape: type[T], at: Path, **members: Any) -> T:
    if missing := [name for name, member in members_of(shape).items() if member.required and name not in members]:
        raise MalformedPackError(at, f"{missing[0]} is missing")
    return shape(**members)
