"""The golden life histories, played through the pure core. `.ci/run` plays the same ones over HTTP."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import yaml

from contracts.document import plain
from contracts.events.revisions import Recorded, resolve
from services.core.facts.fold import fold
from services.core.rules.book import compose
from services.core.rules.local_standards import registered_standards
from services.core.rules.verdict import Question
from tests.lives import PINNED, Answered, rules_of

FOLDER = Path(__file__).parents[1] / "golden"
CASES = [
    case for name in ("cases", "revised") for case in yaml.load((FOLDER / f"{name}.yaml").read_text(), yaml.CSafeLoader)
]
ASKS = [
    pytest.param(case, ask, id=f"{case['id']} {ask['ask']['determination']} {ask['ask']['as_of']} #{number}")
    for case in CASES
    for number, ask in enumerate(case["asks"])
    if ask["ask"]["jurisdiction"] in PINNED
]
REGISTERED = "local_standard.registered"
AMOUNTS = {"counted_hours", "required_hours", "shortfall_hours", "amount"}


def event_id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def positions(case: dict[str, Any]) -> dict[str, int]:
    return {event["id"]: number for number, event in enumerate(case["events"], start=1)}


def answer(case: dict[str, Any], ask: dict[str, Any]) -> Answered:
    known = positions(case)
    up_to = known[ask["known_after"]] if "known_after" in ask else len(known)
    people, standards = [], []
    for event in case["events"]:
        position = known[event["id"]]
        if position > up_to:
            continue
        if event["type"] == "local_standard":
            data = {"standard_id": event["id"], **event["data"], "effective_from": str(event["data"]["effective_from"])}
            standards.append(
                Recorded(position, position, event_id(event["id"]), REGISTERED, data["effective_from"], data)
            )
            continue
        data = dict(event["data"])
        if "target" in data:
            data["target"] = event_id(data["target"])
        people.append(
            Recorded(position, position, event_id(event["id"]), event["type"], str(event["occurred_on"]), data)
        )
    place = ask["jurisdiction"]
    rules = compose(place, PINNED, registered_standards(standards)) if standards else rules_of(place)
    period = int(ask["period"]) if "period" in ask else None
    question = Question(ask["determination"], date.fromisoformat(str(ask["as_of"])), period, ask.get("level"))
    return Answered(rules, fold(resolve(people)), question)


def same(field: str, expected: Any, got: Any) -> bool:
    if field == "not_counted":
        have = {(item["event_id"], item["reason"]) for item in got}
        return all((event_id(item["event"]), item["reason"]) in have for item in expected)
    if field in AMOUNTS and expected is not None and got is not None:
        return Decimal(expected) == Decimal(got)
    if isinstance(expected, list):
        return sorted(expected) == sorted(got)
    return bool(expected == got)


@pytest.mark.parametrize(("case", "ask"), ASKS)
def test_a_life_history_gives_its_expected_answer(case: dict[str, Any], ask: dict[str, Any]) -> None:
    given = answer(case, ask["ask"])
    expected = ask["expect"]
    result = plain(given.node.result)
    assert given.node.status == expected["status"]
    for field, value in expected.get("result", {}).items():
        assert same(field, value, result.get(field)), (field, value, result)
    alternatives = {(other.reading, other.status) for other in given.alternatives}
    assert {(other["reading"], other["status"]) for other in expected.get("alternatives", [])} <= alternatives
