"""The examples of the API's documentation: one small ledger, the same in every answer."""

import json
from typing import Any

_DIGEST = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_LEAF_HASH = "dBKrgvgMI1Sy8QTJvm6tYVIR1+bOYNvrhQ7S2F0tFxs="
_RECORDED_AT = "2026-11-22T08:00:00.000000Z"

NEW_LEDGER: dict[str, Any] = {"jurisdiction": "510100", "title": "成都市社会工作者职业生涯账簿"}
LEDGER: dict[str, Any] = {
    "ledger": "chengdu",
    **NEW_LEDGER,
    "origin": "ledger.invalid",
    "created_at": "2026-11-22T07:59:00.000000Z",
    "founding_packs": {"100000": _DIGEST, "510100": _DIGEST},
}
NEW_EVENT: dict[str, Any] = {
    "event_id": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10",
    "type": "training.completed",
    "occurred_on": "2026-06-30",
    "data": {"amount": "59.5", "unit": "class_hour", "subjects": ["sw_practice"]},
    "source": {"system": "portal", "document": "培训证明 2026-17"},
}
_PLACE: dict[str, Any] = {"position": 2, "version": 2, "recorded_at": _RECORDED_AT, "leaf_hash": _LEAF_HASH}
APPENDED: dict[str, Any] = {"position": 2, "version": 2, "events": [{"event_id": NEW_EVENT["event_id"], **_PLACE}]}
BULK: dict[str, Any] = {"events": [{"practitioner_id": "P-1", **NEW_EVENT}, {"practitioner_id": "P-2", **NEW_EVENT}]}
BULK_ANSWER: dict[str, Any] = {
    "items": [
        {
            "index": 0,
            "status": 201,
            "event_id": NEW_EVENT["event_id"],
            "position": 2,
            "version": 2,
            "leaf_hash": _LEAF_HASH,
            "problem": None,
        },
        {
            "index": 1,
            "status": 409,
            "event_id": NEW_EVENT["event_id"],
            "position": None,
            "version": None,
            "leaf_hash": None,
            "problem": {
                "type": "/problems/event-id-taken",
                "title": "The event id holds other content",
                "status": 409,
                "detail": f"Event {NEW_EVENT['event_id']} is recorded at position 2 with other content.",
                "code": "event-id-taken",
                "errors": [{"pointer": "/event_id", "code": "event-id-taken", "detail": "…"}],
            },
        },
    ]
}
EVENT: dict[str, Any] = {
    **NEW_EVENT,
    "ledger": "chengdu",
    "practitioner_id": "P-1",
    **_PLACE,
    "recorded_by": "anonymous",
    "schema_version": 1,
}
NEW_STANDARD: dict[str, Any] = {
    "standard_id": "jinjiang-2024",
    "jurisdiction": "510104",
    "determination": "allowance",
    "effective_from": "2024-01-01",
    "tiers": {"junior": "200", "intermediate": "300", "senior": "500"},
    "unit": "CNY_per_month",
}
_STANDARD_EVENT = "c1a7b4de-5a52-5e1c-9b59-2f8f6f3e4c11"
STANDARD: dict[str, Any] = {
    **NEW_STANDARD,
    "position": 3,
    "event_id": _STANDARD_EVENT,
    "last_day": "2025-12-31",
    "voided": False,
}
NEW_STANDARD_END: dict[str, Any] = {"last_day": "2025-12-31"}
STANDARD_END: dict[str, Any] = {
    "standard_id": "jinjiang-2024",
    **NEW_STANDARD_END,
    "event_id": "8f0c6a52-3f0e-5b7e-8d55-0a9b7c1d2e34",
    "position": 4,
}
NEW_STANDARD_VOID: dict[str, Any] = {"reason": "登记有误：该区没有这一标准"}
STANDARD_VOID: dict[str, Any] = {
    "target": _STANDARD_EVENT,
    **NEW_STANDARD_VOID,
    "event_id": "2b7d9e10-77aa-5c3d-9a61-4e5f60718293",
    "position": 5,
}
NEW_ORGANIZATION: dict[str, Any] = {
    "event_id": "0190b6a0-8b1c-7c55-8f0e-3d2c1b0a9f8e",
    "occurred_on": "2024-01-01",
    "organization": "taoxilu",
    "name": "桃蹊路社区",
    "kind": "urban_community",
    "jurisdiction": "510108",
    "approved_posts": 3,
}
ORGANIZATION: dict[str, Any] = {**NEW_ORGANIZATION, "position": 3}
EVENT_LINE = json.dumps(EVENT, ensure_ascii=False) + "\n"
EVENT_FRAME = f"retry: 1000\n\nid: {EVENT['position']}\ndata: {EVENT_LINE}\n"
