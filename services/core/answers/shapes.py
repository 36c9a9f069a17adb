"""The parts of the JSON Schemas of answers. Those of results are derived from the result structs. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta, Struct, structs

from contracts.events.schema import DIALECT
from contracts.events.values import FIRST_DAY, JURISDICTION_PATTERN, LEDGER_PATTERN, CertificateLevel, DeterminationId
from services.core.rules.kinds.registry import ANSWERS, OF_A_LEVEL
from services.core.rules.result import Code, Figure
from services.core.rules.verdict import Status

Schema = Mapping[str, Any]

TEXTS: Sequence[str] = ("zh", "en")
DAY: Schema = {"type": "string", "format": "date", "description": f"a civil date in China, from {FIRST_DAY}"}
DIGEST: Schema = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
WORDS: Schema = {"type": "string", "minLength": 1}
READING: Schema = {"type": "string", "pattern": "^R-[0-9]{2}$"}
PLACE: Schema = {"type": "string", "pattern": JURISDICTION_PATTERN}
EVENT = WORDS
STATUS: Schema = {"enum": list(get_args(Status))}
INSTANT: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9-]{10}T[0-9:]{8}\.[0-9]{6}Z$",
    "description": "UTC, to the microsecond",
}
BOOLEAN: Schema = {"type": "boolean"}
WHOLE_NUMBER: Schema = {"type": "integer", "minimum": 0}
AT_LEAST_ONE: Schema = {"type": "integer", "minimum": 1}
JUDGED_BY: Schema = {**AT_LEAST_ONE, "description": "the number of the code that judged; another may judge otherwise"}
DETERMINATION: Schema = {"enum": list(get_args(DeterminationId))}


def or_null(schema: Schema) -> Schema:
    """Return a schema that also allows null: nothing unknown ever becomes false or zero."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(values: Iterable[str]) -> Schema:
    """Return a schema of a closed vocabulary, or null."""
    return {"enum": [*values, None]}


def list_of(schema: Schema) -> Schema:
    """Return a schema of a list without repeats."""
    return {"type": "array", "items": schema, "uniqueItems": True}


def members(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Return a schema of an object with these members and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


TEXT = members(dict.fromkeys(TEXTS, WORDS))
LEVEL = one_of(get_args(CertificateLevel))


def schema_of(kind: Any) -> Schema:
    """Return the schema of a field of a result."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (inner,) = (argument for argument in arguments if argument is not NoneType)
        schema = schema_of(inner)
        return one_of(schema["enum"]) if "enum" in schema else or_null(schema)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        item = schema_of(arguments[0])
        return {"type": "array", "items": item} if "properties" in item else list_of(item)
    if origin is Annotated:
        return _of_text(arguments[1])
    if isinstance(kind, type) and issubclass(kind, Struct):
        return members({field.encode_name: schema_of(field.type) for field in structs.fields(kind)})
    return PLAIN[kind]


def _of_text(meta: Meta) -> Schema:
    constraints = {"minLength": meta.min_length, "pattern": meta.pattern, "description": meta.description}
    return {"type": "string", **{name: value for name, value in constraints.items() if value is not None}}


PLAIN: Mapping[Any, Schema] = {date: DAY, bool: BOOLEAN, int: WHOLE_NUMBER, str: {"type": "string"}}
FIGURE, CODE = schema_of(Figure), schema_of(Code)
RESULTS: Mapping[str, Mapping[str, Schema]] = {
    name: schema_of(ANSWERS[name].result)["properties"] for name in get_args(DeterminationId)
}
"""The fields of each determination's result."""
IN_A_STANDING = {name: fields for name, fields in RESULTS.items() if name not in OF_A_LEVEL}
LEDGER: Schema = {"type": "string", "pattern": LEDGER_PATTERN}
NUMBERS: Schema = {
    "type": "object",
    "additionalProperties": WHOLE_NUMBER,
    "propertyNames": {"pattern": CODE["pattern"]},
}
POLICY = members(
    {
        "jurisdiction": PLACE,
        "edition": WORDS,
        "digest": DIGEST,
        "document": WORDS,
        "last_verified_on": DAY,
        "source_status": {"enum": ["confirmed", "secondary", "memory"]},
        "standards": list_of({"type": "string"}),
    }
)


def titled(title: str, description: str) -> dict[str, Any]:
    """Return the head of a schema document."""
    return {"$schema": DIALECT, "$id": f"{title}.json", "title": title, "description": description}
