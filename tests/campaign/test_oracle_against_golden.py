"""The second reading plays the golden life histories itself: it must know them, or its agreement says nothing."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import yaml

from tests.campaign.life import Life
from tests.campaign.oracle import OTHERWISE, oracle

FOLDER = Path(__file__).parents[1] / "golden"
CASES = [case for name in ("cases", "revised") for case in yaml.safe_load((FOLDER / f"{name}.yaml").read_text())]
AMOUNTS = {"counted_hours", "required_hours", "shortfall_hours", "amount"}
ASKS = [
    pytest.param(case, ask, id=f"{case['id']} {ask['ask']['determination']} {ask['ask']['as_of']} #{number}")
    for case in CASES
    for number, ask in enumerate(case["asks"])
]


def event_id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def known(case: dict[str, Any], ask: dict[str, Any]) -> list[dict[str, Any]]:
    """The events recorded up to the one that the case names, each with its position."""
    events = [{**event, "position": number} for number, event in enumerate(case["events"], start=1)]
    last = ask["ask"].get("known_after", ask.get("known_after", events[-1]["id"]))
    return events[: [event["id"] for event in events].index(last) + 1]


def as_recorded(event: dict[str, Any]) -> dict[str, Any]:
    data = dict(event["data"])
    data |= {name: event_id(data[name]) for name in ("target", "employment") if name in data}
    return {
        "event_id": event_id(event["id"]),
        "type": event["type"],
        "occurred_on": str(event["occurred_on"]),
        "data": data,
    }


def as_standard(event: dict[str, Any]) -> dict[str, Any]:
    effective_from = str(event["data"]["effective_from"])
    return {
        **event["data"],
        "standard_id": event["id"],
        "position": event["position"],
        "effective_from": effective_from,
    }


def same(field: str, expected: Any, got: Any) -> bool:
    if field == "not_counted":
        have = {(item["event_id"], item["reason"]) for item in got}
        return all((event_id(item["event"]), item["reason"]) in have for item in expected)
    if field in AMOUNTS and expected is not None and got is not None:
        return Fraction(expected) == Fraction(got)
    return sorted(expected) == sorted(got) if isinstance(expected, list) else bool(expected == got)


@pytest.mark.parametrize(("case", "ask"), ASKS)
def test_the_naive_reading_gives_what_the_life_history_must_give(case: dict[str, Any], ask: dict[str, Any]) -> None:
    events = known(case, ask)
    recorded = [as_recorded(event) for event in events if event["type"] != "local_standard"]
    standards = [as_standard(event) for event in events if event["type"] == "local_standard"]
    asked = ask["ask"]
    question = (
        asked["determination"],
        date.fromisoformat(str(asked["as_of"])),
        asked["jurisdiction"],
        int(asked["period"]) if "period" in asked else None,
        asked.get("level"),
        standards,
    )
    answer = oracle(recorded, *question)
    assert answer["status"] == ask["expect"]["status"]
    for field, expected in ask["expect"].get("result", {}).items():
        assert same(field, expected, answer["result"].get(field, "unread")), field
    under = {(taken.split()[0], oracle(Life(recorded, taken), *question)["status"]) for taken in OTHERWISE}
    readable = {reading for reading, _ in under}
    named = {(one["reading"], one["status"]) for one in ask["expect"].get("alternatives", ()) if "status" in one}
    assert {each for each in named if each[0] in readable} <= under
