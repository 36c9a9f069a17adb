"""Packs of a place and of those around it."""

from typing import Any

import msgspec

from contracts.policies.shipped import FOLDER, shipped
from tests.lives import ask, someone

CORE = FOLDER.parents[1] / "services" / "core"


def test_a_district_inherits_its_city_and_everything_the_nation() -> None:
    history = someone.employed("2021-01-01", "410103").certified("2021-10-17")
    district = ask(history, "allowance", "2023-01-01", "410103")
    assert (district.node.status, district.policy.jurisdiction) == ("eligible", "410100")
    assert ask(history, "certificate", "2023-01-01", "410103").policy.jurisdiction == "100000"


def test_a_citys_rule_looks_for_work_in_the_city_whichever_district_is_asked_about() -> None:
    history = someone.employed("2021-01-01", "410103").certified("2021-10-17")
    assert ask(history, "allowance", "2023-01-01", "410105").node.status == "eligible"


def test_a_place_without_a_text_has_national_answers_only() -> None:
    history = someone.employed("2021-01-01", "370100").certified("2021-10-17")
    assert ask(history, "allowance", "2023-01-01", "370100").node.status == "undefined_in_policy"
    assert ask(history, "certificate", "2023-01-01", "370100").node.status == "valid"


def test_no_place_is_named_in_the_code() -> None:
    """If a place needs code, the vocabulary is not right yet."""
    judging = [path for room in ("facts", "rules", "questions") for path in (CORE / room).rglob("*.py")]
    names = [name for pack in shipped().values() for name in _names(msgspec.json.decode(pack.document))]
    found = [(path.name, name) for path in judging for name in names if name in path.read_text().lower()]
    assert judging
    assert found == []


def _names(document: dict[str, Any]) -> list[str]:
    if document["jurisdiction"] == "100000":
        return []
    return [document["name"]["en"].lower(), document["name"]["zh"], document["jurisdiction"]]
