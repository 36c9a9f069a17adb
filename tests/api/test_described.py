"""The OpenAPI document: complete, in words that generators read, and as strict as the service (ADR-0032)."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

import contracts
from contracts.problems import PROBLEMS
from services.runtime.http.schemas import pascal
from tests.published import PUBLISHED

DESCRIBED: dict[str, Any] = json.loads(
    (Path(contracts.__file__).parent / "openapi" / "openapi.json").read_text(encoding="utf-8")
)
MAX_ID_CHARACTERS = 40
VERBS = {"append", "create", "end", "list", "read", "record", "register", "void", "watch"}
PAGE = "text/html"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
SCHEMAS: dict[str, Any] = DESCRIBED["components"]["schemas"]
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{method} {path}": operation
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
}


def resolved(value: Any) -> Any:
    """Return what a reference leads to, or the value itself."""
    if isinstance(value, Mapping) and "$ref" in value:
        found: Any = DESCRIBED
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return found
    return value


def inside(schema: Any) -> Draft202012Validator:
    """Return a schema as the document has it: every reference must lead to somewhere inside the document."""
    return Draft202012Validator({**schema, "components": DESCRIBED["components"]}, format_checker=FormatChecker())


def every(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object of a JSON value."""
    if isinstance(value, Mapping):
        yield value
    for child in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from every(child)


def answers() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield operation, status, media type and description of every answer."""
    for name, operation in OPERATIONS.items():
        for status, answer in operation["responses"].items():
            for media_type, media in answer.get("content", {}).items():
                yield name, status, media_type, media


async def test_the_service_gives_the_document_that_is_published(client: httpx.AsyncClient) -> None:
    assert (await client.get("/openapi.json")).json() == DESCRIBED


def test_every_reference_leads_to_a_component() -> None:
    references = [value["$ref"] for value in every(DESCRIBED) if isinstance(value.get("$ref"), str)]
    assert len(references) > len(SCHEMAS)
    assert [target for target in references if not re.fullmatch(r"#/components/\w+/[\w.-]+", target)] == []
    for target in references:
        assert resolved({"$ref": target}), target
    assert "$defs" not in json.dumps(DESCRIBED)


def test_the_name_of_a_component_is_one_that_programs_can_use() -> None:
    assert [name for name in SCHEMAS if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []


def test_every_answer_in_every_form_has_a_schema() -> None:
    assert len(list(answers())) > len(OPERATIONS)
    assert [where for *where, media in answers() if not media.get("schema")] == []
    texts = [media["schema"] for *_, media_type, media in answers() if media_type.startswith("text/")]
    assert texts
    assert all(schema == {"type": "string"} for schema in texts)


def test_every_refusal_and_failure_is_a_problem() -> None:
    refusals = [answer for answer in answers() if answer[1][0] in "45" and answer[2] not in ("application/json", PAGE)]
    assert {name for name, *_ in refusals} == set(OPERATIONS)
    for where in refusals:
        assert where[2] == "application/problem+json", where
        assert where[3]["schema"] == PROBLEM, where
        assert where[3]["examples"].keys() <= PROBLEMS.keys(), where
        assert {PROBLEMS[code].status for code in where[3]["examples"]} == {int(where[1])}
    in_json = {answer[:2] for answer in answers() if answer[1][0] in "45" and answer[2] == "application/json"}
    assert in_json == {("get /readyz", "503")}, "what is not ready is told in the shape of what is"


def test_where_a_page_is_described_its_problems_are_pages_too() -> None:
    described = {name for name, status, media_type, _ in answers() if status == "200" and media_type == PAGE}
    assert described
    for name, operation in OPERATIONS.items():
        for status, answer in operation["responses"].items():
            if "application/problem+json" in answer.get("content", {}):
                assert (PAGE in answer["content"]) == (name in described), (name, status)


def test_an_operation_has_a_short_name_of_its_own_that_begins_with_what_it_does() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)
    assert [name for name in names if len(name) > MAX_ID_CHARACTERS] == []
    assert [name for name in names if not re.fullmatch(rf"({'|'.join(VERBS)})([A-Z][a-z]+)+", name)] == []


def test_alternatives_that_have_names_are_told_apart_by_a_member() -> None:
    unions = {name: schema for name, schema in SCHEMAS.items() if "discriminator" in schema}
    assert unions.keys() == {"NewEvent", "Determination", "Timeline"}
    for name, schema in unions.items():
        by = schema["discriminator"]["propertyName"]
        mapping = schema["discriminator"]["mapping"]
        assert [{"$ref": target} for target in mapping.values()] == schema["oneOf"], name
        for value, target in mapping.items():
            assert resolved({"$ref": target})["properties"][by]["const"] == value


def examples() -> Iterator[tuple[str, Any, Any]]:
    """Yield where an example stands, its schema and its value."""
    for name, operation in OPERATIONS.items():
        bodies = operation.get("requestBody", {}).get("content", {})
        media_of = {**{f"body {kind}": media for kind, media in bodies.items()}}
        media_of |= {" ".join(where): media for *where, media in answers() if where[0] == name}
        for where, media in media_of.items():
            named = [resolved(one)["value"] for one in media.get("examples", {}).values()]
            for value in [*named, *([media["example"]] if "example" in media else [])]:
                yield f"{name}: {where}", media["schema"], value
        for parameter in operation.get("parameters", ()):
            for value in parameter["schema"].get("examples", ()):
                yield f"{name}: {parameter['name']}", parameter["schema"], value
    for name, schema in SCHEMAS.items():
        for value in schema.get("examples", ()):
            yield name, {"$ref": f"#/components/schemas/{name}"}, value


def test_every_example_is_what_its_schema_says() -> None:
    seen = list(examples())
    assert len(seen) > len(OPERATIONS) * 5
    wrong = [
        (where, error.message[:200]) for where, schema, value in seen for error in inside(schema).iter_errors(value)
    ]
    assert wrong == []
    assert "{detail}" not in json.dumps(DESCRIBED["components"]["examples"])


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_schema_of_an_answer_is_that_of_its_route(name: str) -> None:
    [media] = [media for _, status, _, media in answers() if status == "200" and name in media.get("examples", {})]
    assert media["schema"] == {"$ref": f"#/components/schemas/{pascal(name)}"}
    assert media["examples"] == {name: {"$ref": f"#/components/examples/{name}"}}
    assert SCHEMAS[pascal(name)]["description"] == PUBLISHED[name]["description"]
    example = DESCRIBED["components"]["examples"][name]["value"]
    assert not inside(media["schema"]).is_valid({**example, "extra": 1})
