"""Every answer is what its published JSON Schema says, and the schema takes nothing else."""

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from contracts.events.values import DeterminationId
from services.core.answers.schema import answer_schemas
from services.core.answers.shapes import RESULTS
from services.core.questions.standing import DETERMINATIONS
from services.core.rules.verdict import Question
from services.projections.api.examples import examples
from tests.campaign.test_oracle import played
from tests.published import PUBLISHED, whole_document, wrong
from tests.rules import test_golden as golden


@pytest.mark.parametrize(("case", "ask"), golden.ASKS)
def test_the_answer_to_a_golden_case_is_as_published(case: dict[str, Any], ask: dict[str, Any]) -> None:
    asked = ask["ask"]
    period = int(asked["period"]) if "period" in asked else None
    question = Question(asked["determination"], date.fromisoformat(str(asked["as_of"])), period, asked.get("level"))
    assert wrong("determination", whole_document(golden.answer(case, asked), question)) == []


def test_the_published_schemas_are_those_of_the_code() -> None:
    assert json.loads(json.dumps(answer_schemas())) == PUBLISHED


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_schema_is_one_and_names_every_member(name: str) -> None:
    Draft202012Validator.check_schema(PUBLISHED[name])
    assert [at for at, shape in objects(PUBLISHED[name], name) if not names_its_members(shape)] == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_schema_defines_what_it_refers_to(name: str) -> None:
    """A check of the schema itself does not follow its references."""
    referred = {*re.findall(r'"\$ref": "#/([^"]*)"', json.dumps(PUBLISHED[name]))}
    assert [at for at in sorted(referred) if not is_defined(PUBLISHED[name], at.split("/"))] == []


def is_defined(schema: Any, keys: Sequence[str]) -> bool:
    """Say whether a schema has something under these keys, of which those into a list are numbers."""
    for key in keys:
        inside = dict(enumerate(schema)) if isinstance(schema, list) else schema
        found = int(key) if isinstance(schema, list) else key
        if found not in inside:
            return False
        schema = inside[found]
    return True


def names_its_members(shape: dict[str, Any]) -> bool:
    """Say whether an object takes no other members; a choice of readings names those of each reading."""
    return "additionalProperties" in shape or all("propertyNames" in one for one in shape.get("oneOf", [{}]))


def objects(schema: Any, at: str) -> Iterator[tuple[str, Any]]:
    """Yield every object that a schema describes; a result is described once more, by determination."""
    if isinstance(schema, list):
        for number, child in enumerate(schema):
            yield from objects(child, f"{at}/{number}")
    elif isinstance(schema, dict):
        if schema.get("type") == "object" and not at.endswith("/result"):
            yield at, schema
        for name, child in schema.items():
            yield from objects(child, f"{at}/{name}")


def test_every_determination_has_its_fields_in_the_schema() -> None:
    assert set(RESULTS) == set(DETERMINATIONS) == set(get_args(DeterminationId))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("status",), "perhaps"),
        (("result", "tier"), False),
        (("result", "guess"), None),
        (("as_of",), "2025-02-30"),
        (("explanation", "text", "zh"), ""),
        (("answer_digest",), "sha256:0"),
        (("extra",), 1),
    ],
)
def test_the_schema_refuses_what_no_answer_says(path: tuple[str, ...], value: object) -> None:
    _, _, answers = played(0)
    question, given = next((ask, given) for _, _, ask, given in answers if ask.determination == "allowance")
    document = deepcopy(whole_document(given, question))
    assert wrong("determination", document) == []
    place = document
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert wrong("determination", document) != []


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("timeline", ("changes", 0, "result", "tier"), None),
        ("timeline", ("changes", 0, "causes"), []),
        ("timeline", ("changes", 0, "causes", 0, "cause"), "time"),
        ("timeline", ("axis",), "known_at"),
        ("timeline", ("next_from",), ""),
        ("comparison", ("places", 0, "answer", "result"), {}),
        ("comparison", ("places", 0, "answer", "answer_digest"), "sha256:" + "0" * 64),
        ("comparison", ("determination",), "standing"),
        ("cohort", ("standings", 0, "status"), "perhaps"),
        ("cohort", ("standings", 0, "result", "level"), None),
        ("indicator", ("figure", "share"), 0.5),
        ("indicators", ("indicators", 0, "indicator"), "I-7"),
        ("policies", ("policies", 0, "editions", 0, "last_day"), False),
        ("policy", ("packs", 0, "editions", 0, "determinations", "wealth"), {}),
        ("policy_watch", ("ending", 0, "determination"), "wealth"),
    ],
)
def test_the_schema_of_an_answer_refuses_what_none_says(name: str, path: tuple[str | int, ...], value: object) -> None:
    document = deepcopy(examples()[name])
    assert wrong(name, document) == []
    place: Any = document
    for member in path[:-1]:
        place = place[member]
    place[path[-1]] = value
    assert wrong(name, document) != []
