"""JSON Schemas as parts of one OpenAPI document: named, and in the words that generators of clients read. Pure."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from services.runtime.http.parameters import DAY_PATTERN

Schema: TypeAlias = Mapping[str, Any]
Change: TypeAlias = Callable[[Schema], Schema]

COMPONENT = "#/components/schemas/"
DEFINITION = "#/$defs/"
BY_NAME = frozenset({"properties", "patternProperties", "$defs"})
LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SINGLE = frozenset({"items", "additionalProperties", "propertyNames", "not", "if", "then", "else"})
OF_A_FILE = frozenset({"$schema", "$id", "$defs", "title"})
CIVIL_DAY = {"type": "string", "format": "date"}
RESULT = "Result"
"""How the component of the result of a determination ends."""

_word = re.compile(r"[A-Za-z0-9]+")


def ref(name: str) -> dict[str, str]:
    """Return a reference to a component."""
    return {"$ref": COMPONENT + name}


def pascal(name: str) -> str:
    """Return the name of a component for a name of ours, such as `continuing_education.annual`."""
    return "".join(word[0].upper() + word[1:] for word in _word.findall(name))


def each(schema: Any, change: Change) -> Any:
    """Return the schema with `change` made to it and then to each schema inside of what that returned."""
    if not isinstance(schema, Mapping):
        return schema
    changed: dict[str, Any] = {}
    for word, value in change(schema).items():
        if word in BY_NAME:
            changed[word] = {name: each(child, change) for name, child in value.items()}
        elif word in LISTS:
            changed[word] = [each(child, change) for child in value]
        elif word in SINGLE:
            changed[word] = each(value, change)
        else:
            changed[word] = value
    return changed


def naming(parts: Mapping[str, Schema]) -> Change:
    """Return what replaces each of these parts, wherever it stands, by a reference to the component of its name."""
    names = {_key(part): name for name, part in parts.items()}

    def replaced(schema: Schema) -> Schema:
        name = names.get(_key(schema))
        return schema if name is None else ref(name)

    return replaced


def hoisted(schema: Schema, name_of: Callable[[str], str]) -> tuple[Schema, dict[str, Schema]]:
    """Return a schema without its definitions, and these by the names of their components; all refer to components."""

    def referring(inside: Schema) -> Schema:
        if not (target := inside.get("$ref", "")).startswith(DEFINITION):
            return inside
        return ref(name_of(target.removeprefix(DEFINITION)))

    definitions = {name_of(name): each(part, referring) for name, part in schema.get("$defs", {}).items()}
    return each({word: value for word, value in schema.items() if word not in OF_A_FILE}, referring), definitions


def typed(schema: Schema) -> Schema:
    """Return a schema whose texts say that they are texts, and that has no title: a component has a name."""
    plain = {word: value for word, value in schema.items() if word != "title" or not isinstance(value, str)}
    words = [plain["const"]] if "const" in plain else plain.get("enum", ())
    if "type" not in plain and words:
        kinds = {str: "string", type(None): "null"}
        named = [kinds[kind] for kind in kinds if any(type(word) is kind for word in words)]
        return {"type": named[0] if len(named) == 1 else named, **plain}
    return plain


def unconditional(schema: Schema) -> Schema:
    """Return the schema of an answer without its conditions between members, which no generator reads, and without
    unions that nothing tells apart. The published schema has them."""
    kept = dict(schema)
    for word in LISTS & kept.keys():
        alternatives = [one for one in kept[word] if not _is_condition(one)]
        if alternatives:
            kept[word] = alternatives
        else:
            del kept[word]
    results = [one for one in kept.get("anyOf", ()) if str(one.get("$ref", "")).endswith(RESULT)]
    return {"type": "object"} if len(results) > 1 else kept


def apart(schema: Schema, by: str) -> dict[str, Schema]:
    """Return the alternatives of an answer that says by `if` and `then` what holds for each value of member `by`.

    They are told apart by that value, and named by it in the order of the conditions.
    """
    shape = {word: value for word, value in schema.items() if word != "allOf"}
    alternatives: dict[str, Schema] = {}
    for condition in schema["allOf"]:
        value = condition["if"]["properties"][by]
        members = {**shape["properties"], **condition["then"]["properties"], by: value}
        alternatives[value["const"]] = {**shape, "properties": members}
    return alternatives


def union(by: str, names: Mapping[str, str], description: str) -> dict[str, Any]:
    """Return a schema of alternatives, components told apart by the value of member `by`."""
    return {
        "description": description,
        "oneOf": [ref(name) for name in names.values()],
        "discriminator": {
            "propertyName": by,
            "mapping": {value: COMPONENT + name for value, name in names.items()},
        },
    }


def in_a_request(schema: Schema) -> Schema:
    """Return the schema of what a client sends, its days within the bounds that are checked."""
    return {**schema, "pattern": DAY_PATTERN} if CIVIL_DAY.items() <= schema.items() else schema


def _is_condition(schema: Schema) -> bool:
    return "if" in schema or schema.keys() <= {"required", "propertyNames"}


def _key(schema: Schema) -> str:
    return json.dumps(schema, sort_keys=True)
