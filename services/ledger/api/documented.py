"""Request bodies for the OpenAPI document, generated from the event structs, whose shape is defined once."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

import msgspec

from contracts.events.catalogue import ALL_TYPES, PRACTITIONER_TYPES
from contracts.events.schema import event_schema
from contracts.events.values import PRACTITIONER_PATTERN, CertificateLevel
from services.ledger.api import examples
from services.ledger.api.wire import ADDED_MEMBERS, MAX_EVENTS_IN_A_BULK, MAX_EVENTS_IN_A_REQUEST
from services.runtime.http.schemas import Schema, each, hoisted, in_a_request, ref, union

JSON = "application/json"
LINES = ("application/jsonl", "application/x-ndjson")
STANDARD, STANDARD_END, VOID = "local_standard.registered", "local_standard.ended", "event.voided"
ORGANIZATION = "organization.recorded"
OF_A_RULE = (STANDARD, STANDARD_END, VOID, ORGANIZATION)
"""The types whose data is the body of a route of its own."""


def append_body() -> dict[str, Any]:
    """Return the `requestBody` of an append."""
    return _request_body("NewEvents", {"events": [examples.NEW_EVENT]})


def bulk_body() -> dict[str, Any]:
    """Return the `requestBody` of a bulk append."""
    body = _request_body("BulkEvents", examples.BULK)
    lines = "".join(msgspec.json.encode(event).decode() + "\n" for event in examples.BULK["events"])
    for media_type in LINES:
        body["requestBody"]["content"][media_type] = {"schema": {"type": "string", "minLength": 1}, "example": lines}
    return body


def standard_body() -> dict[str, Any]:
    """Return the `requestBody` that registers a local standard."""
    return _request_body("NewStandard", examples.NEW_STANDARD)


def standard_end_body() -> dict[str, Any]:
    """Return the `requestBody` that ends a local standard."""
    return _request_body("NewStandardEnd", examples.NEW_STANDARD_END)


def standard_void_body() -> dict[str, Any]:
    """Return the `requestBody` that voids a local standard, or its end."""
    return _request_body("NewStandardVoid", examples.NEW_STANDARD_VOID)


def organization_body() -> dict[str, Any]:
    """Return the `requestBody` that records an organization."""
    return _request_body("NewOrganization", examples.NEW_ORGANIZATION)


@cache
def components() -> Mapping[str, Schema]:
    """Return the schema of every body, and of every part of one, by the names of their components."""
    events: dict[str, Schema] = {}
    parts: dict[str, Schema] = {}
    data: dict[str, str] = {}
    for type_ in dict.fromkeys((*PRACTITIONER_TYPES, *OF_A_RULE)):
        event, definitions = hoisted(event_schema(type_), str)
        data[type_] = ALL_TYPES[type_].__name__
        events[type_] = event
        parts |= definitions
    parts["Source"] = {**parts["Source"], "minProperties": 1}
    parts["Patch"] = {**parts["Patch"], "minProperties": 1}
    bodies = {
        **{f"{data[type_]}Event": events[type_] for type_ in PRACTITIONER_TYPES},
        "NewEvent": union(
            "type",
            {type_: f"{data[type_]}Event" for type_ in PRACTITIONER_TYPES},
            "A fact about a person. Its type says what `data` holds.",
        ),
        "NewEvents": _events("NewEvent", MAX_EVENTS_IN_A_REQUEST),
        "BulkEvent": _bulk_event(next(iter(events.values()))["properties"]),
        "BulkEvents": _events("BulkEvent", MAX_EVENTS_IN_A_BULK),
        "NewStandard": _with_levels_only(parts[data[STANDARD]]),
        "NewStandardEnd": _without(parts[data[STANDARD_END]], "standard_id"),
        "NewStandardVoid": _without(parts[data[VOID]], "target"),
        "NewOrganization": _flat(events[ORGANIZATION], parts[data[ORGANIZATION]]),
    }
    used = {data[type_] for type_ in PRACTITIONER_TYPES} | parts.keys() - set(data.values())
    named = {name: part for name, part in parts.items() if name in used} | bodies
    return {name: each(schema, in_a_request) for name, schema in named.items()}


def _bulk_event(envelope: Mapping[str, Schema]) -> Schema:
    """Return the schema of an event of a bulk: one that is wrong is refused by itself, not with the others."""
    return {
        "description": "An event as in *Append events*, and whose it is. What its type says of `data` is checked for "
        "each event by itself.",
        "type": "object",
        "required": ["practitioner_id", "event_id", "type", "occurred_on", "data"],
        "additionalProperties": False,
        "properties": {
            "practitioner_id": {"type": "string", "pattern": PRACTITIONER_PATTERN},
            **envelope,
            "type": {"type": "string", "enum": list(PRACTITIONER_TYPES)},
            "data": {"type": "object"},
            **{name: {"description": "As the feed has it; left out."} for name in ADDED_MEMBERS},
        },
    }


def _with_levels_only(standard: Schema) -> Schema:
    """Return the schema of a standard whose tiers are levels of certificates."""
    properties = standard["properties"]
    levels = {"type": "string", "enum": list(get_args(CertificateLevel))}
    return {**standard, "properties": {**properties, "tiers": {**properties["tiers"], "propertyNames": levels}}}


def _flat(event: Schema, data: Schema) -> Schema:
    """Return the schema of an event and its data in one flat object, without the type that the route has."""
    envelope = {name: member for name, member in event["properties"].items() if name not in ("type", "data")}
    required = ["event_id", "occurred_on", *data["required"]]
    return {**data, "properties": {**envelope, **data["properties"]}, "required": required}


def _without(schema: Schema, name: str) -> dict[str, Any]:
    """Return the schema without a member that the path decides."""
    properties = {key: member for key, member in schema["properties"].items() if key != name}
    return {**schema, "properties": properties, "required": [key for key in schema["required"] if key != name]}


def _request_body(name: str, example: Mapping[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {JSON: {"schema": ref(name), "example": example}}}}


def _events(name: str, at_most: int) -> Schema:
    return {
        "type": "object",
        "required": ["events"],
        "additionalProperties": False,
        "properties": {"events": {"type": "array", "minItems": 1, "maxItems": at_most, "items": ref(name)}},
    }
