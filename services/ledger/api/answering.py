"""Answers of the ledger as HTTP responses."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from fastapi import Response

from services.runtime.http.entity_tags import strong_tag

JSON = "application/json"


def as_json(
    value: Any, status: int = 200, *, etag: int | None = None, headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """Return the answer as JSON. `etag` is the version of a stream."""
    tag = {} if etag is None else {"ETag": strong_tag(f"v{etag}")}
    return Response(msgspec.json.encode(value), status, {**tag, **headers}, JSON)
