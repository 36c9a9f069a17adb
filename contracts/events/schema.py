"""JSON Schema of every event type, made from its struct."""

from typing import Any

import msgspec

from contracts.events.catalogue import ALL_TYPES
from contracts.events.codec import Source
from contracts.events.examples import example_event
from contracts.events.values import FIRST_DAY, LAST_DAY
from contracts.events.versions import VERSIONS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema(type_: str, version: int | None = None) -> dict[str, Any]:
    """Return the self-contained schema of an event as a client sends it, in the current or an earlier version."""
    shape = ALL_TYPES[type_] if version is None else VERSIONS.shape(type_, version)
    (data, source), definitions = msgspec.json.schema_components((shape, Source), ref_template="#/$defs/{name}")
    return {
        "$schema": DIALECT,
        "$id": f"{schema_name(type_, version)}.json",
        "title": type_,
        "description": (shape.__doc__ or "").strip(),
        "type": "object",
        "properties": {
            "event_id": {
                "type": "string",
                "format": "uuid",
                "description": "made by the client, version 7 recommended",
            },
            "type": {"const": type_},
            "occurred_on": {
                "type": "string",
                "format": "date",
                "description": f"a civil date in China, {FIRST_DAY} to {LAST_DAY}",
            },
            "data": data,
            "source": source,
        },
        "required": ["event_id", "type", "occurred_on", "data"],
        "additionalProperties": False,
        "examples": [example_event(type_)],
        "$defs": definitions,
    }


def schema_name(type_: str, version: int | None = None) -> str:
    """Return the released name of a version of a type, by default the current one; its schema never changes."""
    return f"{type_}.v{version or VERSIONS.current(type_)}"


def data_schema(type_: str, version: int | None = None) -> dict[str, Any]:
    """Return the self-contained schema of the `data` of an event, in the current or an earlier version."""
    shape = ALL_TYPES[type_] if version is None else VERSIONS.shape(type_, version)
    (data,), definitions = msgspec.json.schema_components((shape,), ref_template="#/$defs/{name}")
    return {
        "$schema": DIALECT,
        "$id": f"{schema_name(type_, version)}.data.json",
        **data,
        "examples": [example_event(type_)["data"]],
        "$defs": definitions,
    }
