"""What may be recorded is told over HTTP: in JSON Schema, with an example, and in both languages."""

from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker

from contracts.events.catalogue import ALL_TYPES
from contracts.problems import PROBLEMS
from services.ledger.api.event_types import EventType, EventTypes
from tests.api.client import EVENTS, LEDGER, NEW_LEDGER, assert_problem

TYPES = "/v1/event-types"


def accepts(schema: dict[str, Any], value: Any) -> bool:
    Draft202012Validator.check_schema(schema)
    valid: bool = Draft202012Validator(schema, format_checker=FormatChecker()).is_valid(value)
    return valid


async def test_every_event_type_is_told_whole(client: httpx.AsyncClient) -> None:
    listed = (await client.get(TYPES)).json()
    EventTypes.model_validate(listed)
    assert [one["type"] for one in listed["event_types"]] == list(ALL_TYPES)
    for short in listed["event_types"]:
        whole = (await client.get(short["url"])).json()
        EventType.model_validate(whole)
        assert whole.items() >= short.items()
        example = whole["example"]
        assert accepts(whole["schema"], example)
        assert accepts(whole["data_schema"], example["data"])
        assert not accepts(whole["schema"], {**example, "colour": "red"})
        assert not accepts(whole["data_schema"], {**example["data"], "colour": "red"})
        assert whole["versions"][-1] == whole["version"]
        assert whole["members"].keys() == set(ALL_TYPES[short["type"]].__struct_fields__)
        words = [
            whole["name"],
            *(text for one in whole["members"].values() for text in (one["name"], *one["codes"].values())),
        ]
        assert all(text["zh"] and text["en"] for text in words)


async def test_the_codes_of_a_member_are_told_in_words(client: httpx.AsyncClient) -> None:
    members = (await client.get(f"{TYPES}/training.completed")).json()["members"]
    assert members["unit"] == {
        "name": {"zh": "计量单位", "en": "unit"},
        "codes": {
            "hour": {"zh": "小时", "en": "hours"},
            "class_hour": {"zh": "学时", "en": "class hours"},
            "day": {"zh": "天", "en": "training days"},
        },
    }
    assert members["provider"]["codes"] == {}


async def test_a_type_that_does_not_exist_is_refused_with_those_that_are_near(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{TYPES}/training.complete")
    assert_problem(answer, 404, "unknown-event-type", "{type}")
    assert "training.completed" in answer.json()["detail"]
    assert (await client.get(f"{TYPES}/zzz")).json()["detail"].endswith("Near: –.")


async def test_every_page_that_a_problem_names_is_there(app: FastAPI, client: httpx.AsyncClient) -> None:
    """Nobody who only has the service is sent to a file of its repository."""
    for code, problem in PROBLEMS.items():
        for words in (problem.zh, problem.en):
            assert "contracts/" not in words.remedy + words.detail, code
    await client.put(LEDGER, json=NEW_LEDGER)
    refused = await client.post(EVENTS, json={"events": [{"type": "x"}]})
    assert f"GET {TYPES} lists them" in refused.text
