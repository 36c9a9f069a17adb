"""Answers of the ledger as HTTP responses."""

from typing import Any

import msgspec
from fastapi import Response

JSON = "application/json"


def as_json(value: Any, status: int = 200, *, etag: int | None = None) -> Response:
    """Return the answer as JSON. `etag` is the version of a stream."""
    headers = None if etag is None else {"ETag": f'"v{etag}"'}
    return Response(msgspec.json.encode(value), status, headers, JSON)
