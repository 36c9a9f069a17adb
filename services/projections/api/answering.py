"""What the answers of several routes share: media types, headers and their description in the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Response

from services.runtime.http.entity_tags import digest_tag
from services.runtime.http.schemas import pascal, ref

JSON, CSV, HTML, TEXT = "application/json", "text/csv", "text/html", "text/plain"
FROM_ROW = {"Served-From": "row", "Vary": "Accept"}
FROM_EVENTS = {"Served-From": "events", "Vary": "Accept"}


def documented_answer(
    name: str,
    description: str,
    others: Mapping[str, str] | None = None,
    headers: Mapping[str, Any] | None = None,
) -> dict[int | str, dict[str, Any]]:
    """Return `responses` for the OpenAPI document of a route whose answers follow the JSON Schema `name`.

    `others` are examples of the answer in further media types. `services.server.openapi` adds schema and example.
    """
    example = {"$ref": f"#/components/examples/{name}"}
    media = {"schema": ref(pascal(name)), "examples": {name: example}}
    texts = {media_type: {"schema": {"type": "string"}, "example": text} for media_type, text in (others or {}).items()}
    described = {} if headers is None else {"headers": headers}
    return {200: {"description": description, **described, "content": {"application/json": media, **texts}}}


def as_tagged_json(answer: Mapping[str, Any] | msgspec.Raw, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer as JSON, with an entity tag: a client that has it is told so instead."""
    return tagged(as_json(answer, headers))


def tagged(answer: Response) -> Response:
    """Return the whole answer with the digest of its bytes as entity tag."""
    answer.headers["ETag"] = digest_tag(bytes(answer.body))
    return answer


def as_json(answer: Mapping[str, Any] | msgspec.Raw, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer as JSON."""
    return Response(msgspec.json.encode(answer), headers=headers, media_type=JSON)
