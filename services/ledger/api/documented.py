"""Request bodies for the OpenAPI document, generated from the event structs, whose shape is defined once."""

from collections.abc import Mapping
from typing import Any

import msgspec

from contracts.events.catalogue import (
    PRACTITIONER_TYPES,
    EventVoided,
    LocalStandardEnded,
    LocalStandardRegistered,
    OrganizationRecorded,
)
from contracts.events.schema import event_schema
from contracts.events.values import PRACTITIONER_PATTERN
from services.ledger.api import examples
from services.ledger.api.wire import ADDED_MEMBERS, MAX_EVENTS_IN_A_BULK, MAX_EVENTS_IN_A_REQUEST

_REF = "#/$defs/"


def append_body() -> dict[str, Any]:
    """Return the `requestBody` of an append: one alternative for each event type."""
    schema = _events({"oneOf": [_event(type_) for type_ in PRACTITIONER_TYPES]}, MAX_EVENTS_IN_A_REQUEST)
    return _request_body(schema, {"events": [examples.NEW_EVENT]})


def bulk_body() -> dict[str, Any]:
    """Return the `requestBody` of a bulk append. What `data` holds is documented at the append for one person."""
    item = {
        "description": "An event as in *Append events*, and whose it is.",
        "type": "object",
        "required": ["practitioner_id", "event_id", "type", "occurred_on", "data"],
        "additionalProperties": False,
        "properties": {
            "practitioner_id": {"type": "string", "pattern": PRACTITIONER_PATTERN},
            "event_id": {"type": "string", "format": "uuid"},
            "type": {"enum": list(PRACTITIONER_TYPES)},
            "occurred_on": {"type": "string", "format": "date"},
            "data": {"type": "object"},
            "source": {"type": "object"},
            **{name: {"description": "As the feed has it; left out."} for name in ADDED_MEMBERS},
        },
    }
    body = _request_body(_events(item, MAX_EVENTS_IN_A_BULK), examples.BULK)
    lines = "".join(msgspec.json.encode(event).decode() + "\n" for event in examples.BULK["events"])
    for media_type in ("application/jsonl", "application/x-ndjson"):
        body["requestBody"]["content"][media_type] = {"schema": {"type": "string"}, "example": lines}
    return body


def standard_body() -> dict[str, Any]:
    """Return the `requestBody` that registers a local standard."""
    return _request_body(_schema_of(LocalStandardRegistered), examples.NEW_STANDARD)


def standard_end_body() -> dict[str, Any]:
    """Return the `requestBody` that ends a local standard."""
    return _request_body(_without(_schema_of(LocalStandardEnded), "standard_id"), examples.NEW_STANDARD_END)


def standard_void_body() -> dict[str, Any]:
    """Return the `requestBody` that voids a local standard, or its end."""
    return _request_body(_without(_schema_of(EventVoided), "target"), examples.NEW_STANDARD_VOID)


def organization_body() -> dict[str, Any]:
    """Return the `requestBody` that records an organization: an event and its data, in one flat object."""
    schema = _schema_of(OrganizationRecorded)
    envelope = {
        "event_id": {"type": "string", "format": "uuid"},
        "occurred_on": {"type": "string", "format": "date"},
        "source": {"type": "object"},
    }
    members = {**envelope, **schema["properties"]}
    required = ["event_id", "occurred_on", *schema["required"]]
    return _request_body({**schema, "properties": members, "required": required}, examples.NEW_ORGANIZATION)


def _without(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the schema without a member that the path decides."""
    properties = {key: member for key, member in schema["properties"].items() if key != name}
    return {**schema, "properties": properties, "required": [key for key in schema["required"] if key != name]}


def _request_body(schema: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}


def _events(item: Mapping[str, Any], at_most: int) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["events"],
        "additionalProperties": False,
        "properties": {"events": {"type": "array", "minItems": 1, "maxItems": at_most, "items": item}},
    }


def _event(type_: str) -> Any:
    """Return the released schema of an event type without the members of a stand-alone document."""
    schema = event_schema(type_)
    definitions = schema.pop("$defs")
    return _inlined({name: member for name, member in schema.items() if not name.startswith("$")}, definitions)


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
