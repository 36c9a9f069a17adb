"""The OpenAPI document: the framework's, completed with the answers that every route may give."""

import json
from typing import Any

from fastapi import FastAPI

from services.core.answers.schema import answer_schemas
from services.projections.api.examples import examples
from services.runtime.http.problems import documented_problems

FRAMEWORK_SCHEMAS = ("HTTPValidationError", "ValidationError")
ANY_ROUTE = documented_problems("invalid-parameter", "foreign-host", "database-unavailable")
ANY_BODY = documented_problems("malformed-json", "body-too-slow", "body-too-large", "unsupported-media-type")
SERVICE_PREFIX = "/v1/"


def install(app: FastAPI) -> None:
    """Make `/openapi.json` show the actual answers: problem documents, never the framework's own error shape."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = build()
            for path, operations in document["paths"].items():
                if path.startswith(SERVICE_PREFIX):
                    for operation in operations.values():
                        _add_problems(operation)
            for name in FRAMEWORK_SCHEMAS:
                document["components"]["schemas"].pop(name, None)
            _add_answers(document)
        return app.openapi_schema or build()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document.


def _add_problems(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    for known in (ANY_ROUTE, ANY_BODY if "requestBody" in operation else {}):
        for status, problem in known.items():
            documented = responses.setdefault(str(status), {"description": problem["description"], "content": {}})
            for media_type, media in problem["content"].items():
                examples = documented["content"].setdefault(media_type, {}).setdefault("examples", {})
                examples.update(media["examples"])


def _add_answers(document: dict[str, Any]) -> None:
    """Add what the routes refer to: the published schema and an example of each answer. The framework would drop every
    null of the example."""
    paths, components = json.dumps(document["paths"]), document["components"]
    components["examples"] = {}
    for name, example in examples().items():
        if f'"#/components/examples/{name}"' in paths:
            components["examples"][name] = {"value": example}
            components["schemas"][name] = _component(name)


def _component(name: str) -> Any:
    """Return a published schema as a part of the document, with its internal references adjusted."""
    schema = {member: value for member, value in answer_schemas()[name].items() if member not in ("$schema", "$id")}
    return json.loads(json.dumps(schema).replace('"#/$defs/', f'"#/components/schemas/{name}/$defs/'))
