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
from services.core.answers.shapes import RESULTS, STATUS, Schema, members, titled
from services.core.rules.kinds.registry import KINDS, WORDS
from services.core.rules.parts import Named, Part
from services.core.rules.terms import TERMS

REF = "#/$defs/{name}"
PART, NODE, NAMED, CHOICE = "part", "node", "named_part", "choice"
RULE, EDITION, EXAMPLE = "Rule", "Edition", "Example"
TERM_TEXTS, READING_PATTERN = "terms", "^R-[0-9]{2}$"
TERMS_OF_A_TEXT = {"$ref": REF.format(name=TERM_TEXTS)}
NEVER_A_CHOICE = frozenset({"clause"})
"""Members in which the authors' checks refuse a choice, although readings are made there."""


def pack_schema() -> dict[str, Any]:
    """Return the schema of a pack as an author writes it: what is empty and may be left out is left out."""
    shapes = {name: _filled(shape) for name, shape in language_shapes().items()}
    shapes[EXAMPLE]["properties"]["given"].pop("minItems")  # Somebody of whom nothing is recorded.
    for may_be_left_out in (shapes["Vocabulary"], shapes[TERM_TEXTS], shapes[EDITION]["properties"]["rules"]):
        may_be_left_out["minProperties"] = 1
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
    unread = {name: _given(shape) for name, shape in inside.items()}
    shapes |= {name: _with_choices(shape, name) for name, shape in unread.items()}
    ref_of = dict(zip(acting, refs, strict=True))
    shapes[PART] = _or_choice({"$ref": REF.format(name=NODE)}, REF.format(name=PART))
    shapes |= {NAMED: _or_choice(_named(), REF.format(name=NAMED)), CHOICE: _choice()}
    shapes[NODE] = _node(unread, ref_of)
    shapes["InForce"] = _with_choices(_without(shapes["InForce"], "choices"), "InForce")
    shapes["WindowSpec"] |= _exactly_one(shapes["WindowSpec"]["properties"])
    shapes[TERM_TEXTS] = {**_terms(ref_of)}
    shapes[RULE] = _rule(shapes[RULE], ref_of)
    shapes[EDITION] = _edition(shapes[EDITION])
    shapes[EXAMPLE] = _example(shapes[EXAMPLE])
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


def _filled(schema: Any) -> Any:
    """Return a schema whose lists and maps are not empty. An object of parameters that may all be left out may be."""
    if isinstance(schema, list):
        return [_filled(child) for child in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {key: _filled(child) for key, child in schema.items()}
    if made.get("type") == "array":
        return {"minItems": 1, **made}
    if made.get("type") == "object" and isinstance(made.get("additionalProperties"), Mapping):
        return {"minProperties": 1, **made}
    return made


def _with_choices(shape: Schema, name: str) -> dict[str, Any]:
    """Return the schema of an object of this name in which each member may be a choice of readings, and all inside."""
    within = f"{REF.format(name=name)}/properties"
    properties = {
        member: schema if member in NEVER_A_CHOICE else _at_will(schema, f"{within}/{member}")
        for member, schema in shape["properties"].items()
    }
    return {**shape, "properties": properties}


def _at_will(schema: Schema, at: str) -> Schema:
    """Return the schema of a value that may be a choice, as may each value inside. `at` refers to what is returned."""
    if schema.get("$ref") in (REF.format(name=PART), REF.format(name=NAMED)):
        return schema
    return _or_choice(_inside_at_will(schema, f"{at}/anyOf/0"), at)


def _inside_at_will(schema: Schema, at: str) -> Schema:
    """Return the schema of a value in which each item, and each value of a map, may be a choice."""
    made = dict(schema)
    if "anyOf" in made:
        made["anyOf"] = [_inside_at_will(one, f"{at}/anyOf/{index}") for index, one in enumerate(made["anyOf"])]
    if "items" in made:
        made["items"] = _at_will(made["items"], f"{at}/items")
    if isinstance(made.get("additionalProperties"), Mapping):
        made["additionalProperties"] = _at_will(made["additionalProperties"], f"{at}/additionalProperties")
        made.setdefault("propertyNames", {"not": {"pattern": READING_PATTERN}})
    return made


def _or_choice(schema: Schema, at: str) -> dict[str, Any]:
    """Return the schema of a value or a choice, whose values may be choices too. `at` refers to what is returned."""
    return {"anyOf": [schema, {"$ref": REF.format(name=CHOICE), "additionalProperties": {"$ref": at}}]}


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


def _node(unread: Mapping[str, Schema], ref_of: Mapping[type[Struct], Schema]) -> dict[str, Any]:
    """Return the schema of a part: exactly one word with its parameters, and perhaps a clause.

    `unread` are the schemas of the words without choices.
    """
    within = f"{REF.format(name=NODE)}/properties"
    words = {
        name: _at_will(
            unread[word.__name__]["properties"][word.WHOLE] if word.WHOLE else ref_of[word], f"{within}/{name}"
        )
        for name, word in WORDS.items()
    }
    return {**members({}, {**words, "clause": {"type": "string"}}), **_exactly_one(words)}


def _rule(shape: Schema, ref_of: Mapping[type[Struct], Schema]) -> dict[str, Any]:
    """Return the schema of a rule: its members, and exactly one kind with its parameters."""
    own = _without(shape, "kind", "parameters", "choices")
    within = f"{REF.format(name=RULE)}/properties"
    kinds = {name: _or_choice(ref_of[kind], f"{within}/{name}") for name, kind in KINDS.items()}
    return {**own, "properties": {**own["properties"], "terms": TERMS_OF_A_TEXT, **kinds}, **_exactly_one(kinds)}


def _edition(shape: Schema) -> dict[str, Any]:
    rules = members({}, {name: {"$ref": REF.format(name=RULE)} for name in get_args(DeterminationId)})
    own = _without(shape)
    return {**own, "properties": {**own["properties"], "terms": TERMS_OF_A_TEXT, "rules": rules}}


def _example(shape: Schema) -> dict[str, Any]:
    """Return the schema of an example; what its events say is not of the language."""
    expect = members({}, {name: _expected(name) for name in get_args(DeterminationId)})
    return {**shape, "properties": {**shape["properties"], "expect": {**expect, "minProperties": 1}}}


def _expected(name: str) -> Schema:
    """Return the schema of what an example expects of an answer: its status, or any of its fields as well."""
    fields: dict[str, Schema] = {field: {} for field in RESULTS[name]}
    of_answer = members({}, {"status": STATUS, **fields})
    return {"anyOf": [STATUS, {**of_answer, "minProperties": 1}]}


def _terms(ref_of: Mapping[type[Struct], Schema]) -> Schema:
    """Return the schema of the terms of a text or a rule, each of which may be a choice."""
    within = f"{REF.format(name=TERM_TEXTS)}/properties"
    return members({}, {name: _or_choice(ref_of[term], f"{within}/{name}") for name, term in TERMS.items()})


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
