"""A pack that could not be meant is refused when it is loaded; packs compose by place."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from contracts.policies.shipped import FOLDER, DuplicateKeyError, read_yaml, shipped, shipped_pack
from services.projections.packs import InvalidPackError, load_pack
from services.projections.policy.forms import FORMS
from services.projections.policy.operators import OPERATORS
from services.projections.policy.pack import Condition, Rule
from tests.histories import ask, certified, employed

DOCUMENT = msgspec.json.decode(shipped()["410100"].document)
Change = Callable[[dict[str, Any]], None]


def changed(change: Change) -> bytes:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return msgspec.json.encode(document)


def rule(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["editions"][0]["determinations"][name]
    return found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda d: d.update(colour="red"), "unknown field `colour`", id="an unknown key"),
        pytest.param(lambda d: d.update(editions=[]), "at least one edition", id="no edition"),
        pytest.param(lambda d: rule(d, "grade").pop("clause"), "missing required field `clause`", id="no clause"),
        pytest.param(lambda d: rule(d, "grade").pop("ladder"), "exactly one of", id="a rule without a form"),
        pytest.param(
            lambda d: rule(d, "grade").update(supervisor_rank={}), "exactly one of", id="a rule with two forms"
        ),
        pytest.param(
            lambda d: rule(d, "grade").update(readings=["R-99"]), "readings register", id="an unknown reading"
        ),
        pytest.param(
            lambda d: rule(d, "grade")["ladder"]["bands"][0]["post_levels"].append(9), "two bands", id="a level twice"
        ),
        pytest.param(
            lambda d: d["editions"].append(copy.deepcopy(d["editions"][0])), "overlap", id="editions that overlap"
        ),
        pytest.param(
            lambda d: rule(d, "allowance")["allowance"]["conditions"]["role"].update(registered={}),
            "exactly one of",
            id="a condition with two operators",
        ),
        pytest.param(
            lambda d: d["editions"][0]["determinations"].update({"fame": rule(d, "grade")}),
            "fame",
            id="no such question",
        ),
    ],
)
def test_a_pack_is_refused_with(change: Change, message: str) -> None:
    with pytest.raises(InvalidPackError, match=message):
        load_pack(changed(change))


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("jurisdiction: '410100'\nname: {zh: 甲}\nname: {zh: 乙}\n")
    with pytest.raises(DuplicateKeyError, match=r"line 3: 'name' stands twice"):
        read_yaml(path)


def test_yaml_words_stay_words_and_days_stay_days(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("on: 2022-03-01\nno: yes\nfine: true\n")
    assert read_yaml(path) == {"on": "2022-03-01", "no": "yes", "fine": True}


def test_the_digest_covers_rules_and_not_words() -> None:
    digest = shipped_pack(DOCUMENT).digest
    reworded = copy.deepcopy(DOCUMENT)
    rule(reworded, "grade")["text"]["en"] = "Other words."
    reworded["editions"][0]["last_verified_on"] = "2030-01-01"
    reworded["examples"] = []
    assert shipped_pack(reworded).digest == digest
    rule(reworded, "continuing_education.annual")["hours"]["required"] = "61"
    assert shipped_pack(reworded).digest != digest


def test_every_pack_file_is_shipped_under_its_own_place() -> None:
    assert len(shipped()) == len(list(FOLDER.glob("*.yaml")))
    assert all(yaml.safe_load(one.document)["jurisdiction"] == place for place, one in shipped().items())


def test_a_district_inherits_its_city_and_everything_the_nation() -> None:
    history = [employed("2021-01-01", "410103"), certified("2021-10-17")]
    district = ask(history, "allowance", "2023-01-01", "410103")
    assert (district.node.status, district.policy.jurisdiction) == ("eligible", "410100")
    assert ask(history, "certificate", "2023-01-01", "410103").policy.jurisdiction == "100000"


def test_a_citys_rule_looks_for_work_in_the_city_whichever_district_is_asked_about() -> None:
    history = [employed("2021-01-01", "410103"), certified("2021-10-17")]
    assert ask(history, "allowance", "2023-01-01", "410105").node.status == "eligible"


def test_a_place_without_a_text_has_national_answers_only() -> None:
    history = [employed("2021-01-01", "370100"), certified("2021-10-17")]
    assert ask(history, "allowance", "2023-01-01", "370100").node.status == "undefined_in_policy"
    assert ask(history, "certificate", "2023-01-01", "370100").node.status == "valid"


def test_no_place_is_named_in_the_code() -> None:
    """If a place needs code, the vocabulary is not right yet."""
    judging = [FOLDER.parents[1] / "services" / "projections" / folder for folder in ("facts", "policy")]
    names = [name for one in shipped().values() for name in _names(msgspec.json.decode(one.document))]
    found = [
        (path.name, name)
        for folder in judging
        for path in folder.rglob("*.py")
        for name in names
        if name in path.read_text().lower()
    ]
    assert found == []


def _names(document: dict[str, Any]) -> list[str]:
    if document["jurisdiction"] == "100000":
        return []
    return [document["name"]["en"].lower(), document["name"]["zh"], document["jurisdiction"]]


def test_every_word_of_the_vocabulary_is_compiled() -> None:
    about_rules = {"clause", "further_clauses", "text", "key_terms", "readings", "source_status"}
    assert set(Rule.__struct_fields__) - about_rules == set(FORMS)
    assert set(Condition.__struct_fields__) - {"text", "clause"} == set(OPERATORS)
