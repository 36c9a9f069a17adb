"""JSON Schema of the language in which packs are written, derived from its structs. Pure.

`make contracts` writes it, so that an editor can complete and check a pack while it is written. What it cannot say, the
authors' checks do.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, get_args

import msgspec
from msgspec import Struct

from contracts.events.values import DeterminationId
from contracts.policies.language import LANGUAGE, InForce, Pack
from contracts.policies.readings import ALTERNATIVES
from services.core.answers.shapes import Schema, members, titled
from services.core.rules.kinds.registry import KINDS, WORDS
from services.core.rules.parts import Named, Part
from services.core.rules.terms import TERMS

REF = "#/$defs/{name}"
PART, NODE, NAMED, CHOICE, RULE, EDITION = "part", "node", "named_part", "choice", "Rule", "Edition"


def pack_schema() -> dict[str, Any]:
    """Return the schema of a pack."""
    shapes = language_shapes()
    pack = _without(shapes["Pack"])
    return {
        **pack,
        **titled("policy_pack", "The rules of a place, or of the nation, as data."),
        "properties": {"language": {"const": LANGUAGE}, **pack["properties"]},
        "required": ["language", *pack["required"]],
        "$defs": {name: shape for name, shape in shapes.items() if name != "Pack"},
    }


@cache
def language_shapes() -> Mapping[str, Schema]:
    """Return the schemas of all that a pack is made of, by name; they refer to each other."""
    acting: tuple[type[Struct], ...] = (*WORDS.values(), *KINDS.values(), *TERMS.values())
    _, around = _components((Pack, InForce))
    refs, inside = _components(acting)
    shapes: dict[str, dict[str, Any]] = {name: _given(shape) for name, shape in around.items()}
    for name, shape in inside.items():
        shapes[name] = _with_choices(_given(shape))
    ref_of = dict(zip(acting, refs, strict=True))
    shapes |= {PART: _or_choice({"$ref": REF.format(name=NODE)}), NAMED: _named(), CHOICE: _choice()}
    shapes[NODE] = _node(shapes, ref_of)
    shapes["InForce"] = _with_choices(_without(shapes["InForce"], "choices"))
    shapes["WindowSpec"] |= _exactly_one(shapes["WindowSpec"]["properties"])
    shapes[RULE] = _rule(shapes[RULE], ref_of)
    shapes[EDITION] = _edition(shapes[EDITION], ref_of)
    for word in WORDS.values():
        if word.WHOLE:
            del shapes[word.__name__]
    return {name: shapes[name] for name in sorted(shapes) if name != "Term"}


def _components(kinds: Iterable[type[Struct]]) -> tuple[tuple[Schema, ...], Mapping[str, Schema]]:
    return msgspec.json.schema_components(kinds, schema_hook=_hook, ref_template=REF)


def _hook(kind: type) -> dict[str, Any]:
    return {"$ref": REF.format(name={Part: PART, Named: NAMED}[kind])}


def _given(schema: Any) -> Any:
    """Return a schema without null and defaults: what is not given is left out."""
    if isinstance(schema, list):
        return [_given(child) for child in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {name: _given(child) for name, child in schema.items() if name not in ("default", "title", "properties")}
    if "properties" in schema:
        kept["properties"] = {name: _given(member) for name, member in schema["properties"].items()}
    if "description" in schema:
        kept["description"] = " ".join(schema["description"].split())
    either = [one for one in kept.pop("anyOf", ()) if one != {"type": "null"}]
    if len(either) == 1:
        return {**either[0], **kept}
    return {**kept, "anyOf": either} if either else kept


def _with_choices(shape: Schema) -> dict[str, Any]:
    """Return the schema of an object in which each member may be a choice of readings."""
    properties = {name: _or_choice(member) for name, member in shape["properties"].items()}
    return {**shape, "properties": properties}


def _or_choice(schema: Schema) -> dict[str, Any]:
    return {"anyOf": [schema, {"$ref": REF.format(name=CHOICE), "additionalProperties": schema}]}


def _choice() -> dict[str, Any]:
    """Return the schema of a choice: one reading, and some of its alternatives."""
    return {
        "type": "object",
        "minProperties": 2,
        "oneOf": [
            {"required": [reading], "propertyNames": {"enum": [reading, *names]}}
            for reading, names in ALTERNATIVES.items()
        ],
    }


def _named() -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {"pattern": "^[a-z][a-z_]*(:[a-z_]+)?$"},
        "additionalProperties": {"$ref": REF.format(name=PART)},
    }


def _node(shapes: Mapping[str, Schema], ref_of: Mapping[type[Struct], Schema]) -> dict[str, Any]:
    """Return the schema of a part: exactly one word with its parameters, and perhaps a clause."""
    words = {
        name: shapes[word.__name__]["properties"][word.WHOLE] if word.WHOLE else ref_of[word]
        for name, word in WORDS.items()
    }
    return {**members({}, {**words, "clause": {"type": "string"}}), **_exactly_one(words)}


def _rule(shape: Schema, ref_of: Mapping[type[Struct], Schema]) -> dict[str, Any]:
    """Return the schema of a rule: its members, and exactly one kind with its parameters."""
    own = _without(shape, "kind", "parameters", "choices")
    kinds = {name: _or_choice(ref_of[kind]) for name, kind in KINDS.items()}
    return {**own, "properties": {**own["properties"], "terms": _terms(ref_of), **kinds}, **_exactly_one(kinds)}


def _edition(shape: Schema, ref_of: Mapping[type[Struct], Schema]) -> dict[str, Any]:
    rules = members({}, {name: {"$ref": REF.format(name=RULE)} for name in get_args(DeterminationId)})
    own = _without(shape)
    return {**own, "properties": {**own["properties"], "terms": _terms(ref_of), "rules": rules}}


def _terms(ref_of: Mapping[type[Struct], Schema]) -> Schema:
    return members({}, {name: ref_of[term] for name, term in TERMS.items()})


def _exactly_one(named: Iterable[str]) -> Schema:
    return {"oneOf": [{"required": [name]} for name in named]}


def _without(shape: Schema, *names: str) -> dict[str, Any]:
    """Return the schema of an object without some members, and with no others than those left."""
    return {
        **shape,
        "properties": {name: member for name, member in shape["properties"].items() if name not in names},
        "required": [name for name in shape["required"] if name not in names],
        "additionalProperties": False,
    }
