"""Old stored versions are read in the shape of today; stored bytes never change."""

from typing import Any

import pytest

from contracts.events import versions as module
from contracts.events.codec import leaf_bytes, parse_event, read_leaf
from contracts.events.versions import STEPS, current_version, upcast
from tests.deciding import INSTANT, training

STORED = leaf_bytes(
    training("e1", provider="学院"),
    ledger="chengdu",
    practitioner_id="P-1",
    recorded_at=INSTANT,
    recorded_by="anonymous",
)


def provider_as_object(data: dict[str, Any]) -> dict[str, Any]:
    """A second version of training.completed: the provider becomes an object."""
    return {**data, "provider": {"name": data["provider"]}} if "provider" in data else data


def amount_split(data: dict[str, Any]) -> dict[str, Any]:
    """A third one: amount and unit become one member."""
    rest = {name: value for name, value in data.items() if name not in ("amount", "unit")}
    return {**rest, "length": {data["unit"]: data["amount"]}}


STEPS_TO_3 = {("training.completed", 1): provider_as_object, ("training.completed", 2): amount_split}


def test_a_type_without_steps_is_in_version_one() -> None:
    assert current_version("training.completed", {}) == 1
    assert upcast("training.completed", 1, {"amount": "1"}, {}) == {"amount": "1"}


def test_each_step_adds_a_version() -> None:
    assert current_version("training.completed", STEPS_TO_3) == 3
    assert current_version("event.voided", STEPS_TO_3) == 1


def test_an_old_event_goes_through_every_step_and_a_newer_one_through_the_rest() -> None:
    old = {"amount": "1", "unit": "hour", "provider": "学院"}
    second = {"amount": "1", "unit": "hour", "provider": {"name": "学院"}}
    newest = {"length": {"hour": "1"}, "provider": {"name": "学院"}}
    assert upcast("training.completed", 1, old, STEPS_TO_3) == newest
    assert upcast("training.completed", 2, second, STEPS_TO_3) == newest
    assert upcast("training.completed", 3, newest, STEPS_TO_3) == newest
    assert old["provider"] == "学院", "the argument stays as it is"


def test_a_stored_leaf_is_read_in_the_second_version_once_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_leaf(STORED).data["provider"] == "学院"
    steps = {("training.completed", 1): provider_as_object}
    monkeypatch.setattr(module.upcast, "__defaults__", (steps,))
    monkeypatch.setattr(module.current_version, "__defaults__", (steps,))
    read = read_leaf(STORED)
    assert read.data["provider"] == {"name": "学院"}
    assert read.schema_version == 1, "the leaf says in which version it was written"
    rewritten = leaf_bytes(
        parse_event({**_envelope(), "data": {**_data(), "provider": "学院"}}),
        ledger="chengdu",
        practitioner_id="P-1",
        recorded_at=INSTANT,
        recorded_by="anonymous",
    )
    assert b'"schema_version":2' in rewritten, "what is written now carries the new version"


def test_no_step_is_left_out() -> None:
    for type_, version in STEPS:
        assert version == 1 or (type_, version - 1) in STEPS


def _data() -> dict[str, Any]:
    return {"amount": "12.5", "unit": "hour", "subjects": ["sw_practice"]}


def _envelope() -> dict[str, Any]:
    return {
        "event_id": "00000000-0000-4000-8000-000000000001",
        "type": "training.completed",
        "occurred_on": "2024-05-06",
    }
