"""Request bodies for the OpenAPI document, generated from the event structs: their shape is written once."""

from collections.abc import Mapping
from typing import Any

import msgspec

from contracts.events.catalogue import PRACTITIONER_TYPES, Data, LocalStandardRegistered
from contracts.events.codec import Source
from services.ledger.api import examples
from services.ledger.api.wire import MAX_EVENTS_IN_A_REQUEST

_REF = "#/$defs/"


def append_body() -> dict[str, Any]:
    """Return the `requestBody` of an append: one alternative for each event type."""
    schema = {
        "type": "object",
        "required": ["events"],
        "additionalProperties": False,
        "properties": {
            "events": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_EVENTS_IN_A_REQUEST,
                "items": {"oneOf": [_event_schema(type_, shape) for type_, shape in PRACTITIONER_TYPES.items()]},
            }
        },
    }
    return _request_body(schema, {"events": [examples.NEW_EVENT]})


def standard_body() -> dict[str, Any]:
    """Return the `requestBody` that registers a local standard."""
    return _request_body(_schema_of(LocalStandardRegistered), examples.NEW_STANDARD)


def _request_body(schema: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}


def _event_schema(type_: str, shape: type[Data]) -> dict[str, Any]:
    return {
        "title": type_,
        "description": shape.__doc__,
        "type": "object",
        "required": ["event_id", "type", "occurred_on", "data"],
        "additionalProperties": False,
        "properties": {
            "event_id": {"type": "string", "format": "uuid"},
            "type": {"const": type_},
            "occurred_on": {"type": "string", "format": "date"},
            "data": _schema_of(shape),
            "source": _schema_of(Source),
        },
    }


def _schema_of(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON Schema with every reference replaced by what it refers to."""
    (schema,), definitions = msgspec.json.schema_components([shape], ref_template=_REF + "{name}")
    inlined: dict[str, Any] = _inlined(schema, definitions)
    return inlined


def _inlined(value: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        if "$ref" in value:
            return _inlined(definitions[value["$ref"].removeprefix(_REF)], definitions)
        return {name: _inlined(child, definitions) for name, child in value.items()}
    if isinstance(value, list):
        return [_inlined(child, definitions) for child in value]
    return value
