"""The OpenAPI document: the framework's, completed so that programs can be made from it (ADR-0032)."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from contracts.problems import PROBLEMS
from services.core.answers import schema as answers
from services.core.answers.pack_schemas import ORGANIZATIONS_COUNTED, PEOPLE_COUNTED
from services.core.answers.schema import answer_schemas
from services.core.answers.shapes import POLICY, TEXT
from services.ledger.api import documented
from services.projections.api.examples import examples
from services.runtime.http.languages import OF_PROBLEMS
from services.runtime.http.problems import MEDIA_TYPE, documented_problems, example_document
from services.runtime.http.schemas import (
    RESULT,
    Schema,
    apart,
    each,
    hoisted,
    naming,
    pascal,
    ref,
    typed,
    unconditional,
    union,
)

LICENSE = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
SERVERS = ({"url": "/", "description": "The service that gives this document."},)
FRAMEWORK_SCHEMAS = ("HTTPValidationError", "ValidationError")
ANY_REQUEST = documented_problems(
    "malformed-request", "head-too-slow", "foreign-host", "head-too-large", "internal-error", "too-many-connections"
)
ANY_ROUTE = documented_problems("invalid-parameter", "database-unavailable")
ANY_BODY = documented_problems(
    "malformed-json",
    "body-incomplete",
    "body-too-slow",
    "body-too-large",
    "unsupported-media-type",
    "unsupported-encoding",
)
SERVICE_PREFIX = "/v1/"
PAGE = "text/html"
PROBLEM = "Problem"
CODE: Schema = {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"}
DETERMINATION, TIMELINE, POLICY_ON_A_DAY = "determination", "timeline", "policy"
AXES = {"as_of": "TimelineOfDays", "known_at": "TimelineOfKnowledge"}
PARTS: Mapping[str, Schema] = {
    "Text": TEXT,
    "Alternative": answers.ALTERNATIVE,
    "Finding": answers.FINDING,
    "Evidence": answers.EVIDENCE,
    "CountedItem": answers.ITEM,
    "StatusAndResult": answers.SUMMARY,
    "PolicyApplied": POLICY,
    "PeopleCounted": PEOPLE_COUNTED,
    "OrganizationsCounted": ORGANIZATIONS_COUNTED,
}
"""The parts of answers that have a name, wherever they stand."""


def install(app: FastAPI) -> None:
    """Make `/openapi.json` show the actual answers: problem documents, never the framework's own error shape."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(build())  # It keeps the document as `openapi_schema`.
        return app.openapi_schema or build()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document.


def operation_id(route: APIRoute) -> str:
    """Return the name of the route's function as clients call it: `appendEvents`."""
    verb, *rest = route.name.split("_")
    return verb + "".join(map(str.capitalize, rest))


def _complete(document: dict[str, Any]) -> None:
    document["security"] = []  # Access is open: the service answers on its own machine alone.
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _add_problems(operation, of_the_service=path.startswith(SERVICE_PREFIX))
            _simplify_parameters(operation)
    components = document["components"]
    schemas = components["schemas"]
    for name in FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    _restore_nulls(schemas)
    components["schemas"] = {name: each(schema, typed) for name, schema in sorted((schemas | _schemas()).items())}
    components["examples"] = _examples()
    _drop_unused(document)


def _add_problems(operation: dict[str, Any], *, of_the_service: bool) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    known = [ANY_REQUEST]
    if of_the_service:
        known += [ANY_ROUTE, ANY_BODY if "requestBody" in operation else {}]
    for problems in known:
        for status, problem in problems.items():
            described = responses.setdefault(str(status), {"description": problem["description"], "content": {}})
            media = described["content"].setdefault(MEDIA_TYPE, {})
            media.setdefault("examples", {}).update(problem["content"][MEDIA_TYPE]["examples"])
    is_a_page = any(PAGE in response.get("content", {}) for response in responses.values())
    for response in responses.values():
        if media := response.get("content", {}).get(MEDIA_TYPE):
            media["schema"] = ref(PROBLEM)
            media["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in media["examples"]}
            if is_a_page:  # Whoever asks for it as a page is told as a page why there is none.
                response["content"][PAGE] = {"schema": {"type": "string"}}


def _simplify_parameters(operation: dict[str, Any]) -> None:
    """Describe a parameter that is left out as such: it is never null."""
    for parameter in operation.get("parameters", ()):
        schema = typed({word: value for word, value in parameter["schema"].items() if word != "description"})
        if "anyOf" in schema:
            [given] = [one for one in schema["anyOf"] if one != {"type": "null"}]
            schema = {**given, **{word: value for word, value in schema.items() if word != "anyOf"}}
        parameter["schema"] = schema


def _restore_nulls(schemas: dict[str, Any]) -> None:
    """Give the examples back what the framework drops: their nulls."""
    for model in _models(BaseModel):
        if model.__name__ in schemas and model.__module__.startswith("services."):
            extra = model.model_config.get("json_schema_extra")
            if isinstance(extra, Mapping):
                schemas[model.__name__] |= extra


def _models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in root.__subclasses__():
        yield model
        yield from _models(model)


def _schemas() -> dict[str, Schema]:
    """Return every schema that is ours and not the framework's, by the name of its component."""
    schemas: dict[str, Schema] = {PROBLEM: _problem(), "ProblemError": _problem_error(), **documented.components()}
    for name, schema in answer_schemas().items():
        for component, part in _of_an_answer(name, schema).items():
            if schemas.setdefault(component, part) != part:
                raise ValueError(f"two schemas have the name {component}")
    return schemas


def _of_an_answer(name: str, schema: Schema) -> dict[str, Schema]:
    """Return the components of an answer: its own, and those of its parts."""

    def named(definition: str) -> str:
        if name == POLICY_ON_A_DAY:  # The words of the language, some of which are names of answers, too.
            return "Pack" + pascal(definition)
        kind, _, of = definition.partition(".")
        return pascal(of) + RESULT if of else pascal(kind)

    whole, definitions = hoisted(each(schema, naming(PARTS)), named)
    found: dict[str, Schema] = {**_parts(), **definitions}
    if name == DETERMINATION:
        alternatives = apart(whole, DETERMINATION)
        names = {value: pascal(value) + pascal(DETERMINATION) for value in alternatives}
        found |= {names[value]: alternative for value, alternative in alternatives.items()}
        found[pascal(name)] = union(DETERMINATION, names, schema["description"])
    elif name == TIMELINE:
        found |= {AXES[axis["properties"]["axis"]["const"]]: axis for axis in whole["oneOf"]}
        found[pascal(name)] = union("axis", AXES, schema["description"])
    else:
        found[pascal(name)] = whole
    return {component: each(part, unconditional) for component, part in found.items()}


def _parts() -> dict[str, Schema]:
    """Return the named parts, each with references to the others."""
    by_name = naming(PARTS)
    return {
        name: {**part, "properties": {member: each(inside, by_name) for member, inside in part["properties"].items()}}
        for name, part in PARTS.items()
    }


def _problem() -> Schema:
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "description": "Why a request was refused, or failed (RFC 9457). Rely on `code` and `status`; titles, details "
        "and remedies may be reworded. Some codes have further members.",
        "required": ["type", "title", "status", "detail", "code", "remedy"],
        "properties": {
            "type": {**text, "description": "The page of this problem, relative to the service."},
            "title": {**text, "description": "What the code means."},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {**text, "description": "What it was this time."},
            "code": CODE,
            "remedy": {**text, "description": "What to do."},
            "errors": {
                "type": "array",
                "minItems": 1,
                "description": "Each mistake and its place.",
                "items": ref("ProblemError"),
            },
        },
    }


def _problem_error() -> Schema:
    return {
        "type": "object",
        "required": ["pointer", "code", "detail"],
        "properties": {
            "pointer": {
                "type": "string",
                "description": "A JSON pointer into the body, `?name` for a parameter, `{name}` in the path, or the "
                "name of a header.",
            },
            "code": {
                **CODE,
                "description": "What is wrong there; the problem's own code where that says all. New codes may come.",
            },
            "detail": {"type": "string", "minLength": 1},
        },
    }


def _examples() -> dict[str, Any]:
    """Return every example to which a route refers. The framework would drop the nulls of one in its place."""
    problems = {code: {"value": example_document(code, OF_PROBLEMS)} for code in PROBLEMS}
    return problems | {name: {"value": example} for name, example in examples().items()}


def _drop_unused(document: dict[str, Any]) -> None:
    """Leave out components to which nothing refers: an application of one service has fewer routes."""
    components = document["components"]
    used: set[str] = set()
    open_ = list(_references(document["paths"]))
    while open_:
        if (one := open_.pop()) not in used:
            used.add(one)
            kind, name = one.split("/")[2:]
            open_ += _references(components[kind][name])
    for kind, named in components.items():
        components[kind] = {name: value for name, value in named.items() if f"#/components/{kind}/{name}" in used}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(target := value.get("$ref"), str):
            yield target
        if isinstance(discriminator := value.get("discriminator"), Mapping):
            yield from discriminator["mapping"].values()
        for child in value.values():
            yield from _references(child)
    elif isinstance(value, list):
        for child in value:
            yield from _references(child)
