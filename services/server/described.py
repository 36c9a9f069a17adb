"""`/openapi.json`, encoded when it is first read: it is large, and the same until the next release."""

from functools import cache

import msgspec
from fastapi import FastAPI, Response

from services.runtime.http.entity_tags import digest_tag

URL = "/openapi.json"
JSON = "application/json"


def install(app: FastAPI) -> None:
    """Serve the OpenAPI document as the application composes it."""

    @cache
    def encoded() -> tuple[bytes, str]:
        body = msgspec.json.encode(app.openapi())
        return body, digest_tag(body)

    async def read() -> Response:
        body, tag = encoded()
        return Response(body, headers={"ETag": tag}, media_type=JSON)

    app.add_api_route(URL, read, include_in_schema=False)
