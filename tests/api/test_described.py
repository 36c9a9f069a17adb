"""The OpenAPI document has a schema and an example for every answer."""

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from services.runtime.http.schemas import pascal
from tests.published import PUBLISHED


@pytest.fixture
async def described(client: httpx.AsyncClient) -> dict[str, Any]:
    return dict((await client.get("/openapi.json")).json())


def inside(described: dict[str, Any], name: str) -> Draft202012Validator:
    """Return a published schema as the document has it: every reference must lead to somewhere inside the document."""
    schema = {"$ref": f"#/components/schemas/{pascal(name)}", "components": described["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


async def test_no_answer_in_json_is_described_by_an_empty_schema(described: dict[str, Any]) -> None:
    answers = {
        f"{method} {path} {status}": answer["content"]["application/json"].get("schema")
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        for status, answer in operation["responses"].items()
        if "application/json" in answer.get("content", {})
    }
    assert len(answers) > len(PUBLISHED)
    assert [where for where, schema in answers.items() if not schema] == []


@pytest.mark.parametrize("name", PUBLISHED)
async def test_the_published_schema_of_an_answer_is_that_of_its_route(described: dict[str, Any], name: str) -> None:
    [media] = [
        media
        for operations in described["paths"].values()
        for operation in operations.values()
        if (media := operation["responses"].get("200", {}).get("content", {}).get("application/json", {}))
        and name in media.get("examples", {})
    ]
    assert media["schema"] == {"$ref": f"#/components/schemas/{pascal(name)}"}
    assert media["examples"] == {name: {"$ref": f"#/components/examples/{name}"}}
    assert described["components"]["schemas"][pascal(name)]["description"] == PUBLISHED[name]["description"]


@pytest.mark.parametrize("name", PUBLISHED)
async def test_the_example_of_an_answer_is_what_its_schema_says(described: dict[str, Any], name: str) -> None:
    example = described["components"]["examples"][name]["value"]
    assert [error.message for error in inside(described, name).iter_errors(example)] == []
    assert not inside(described, name).is_valid({**example, "extra": 1})
