"""The JSON Schema of the language takes what the authors' checks take, and refuses what an editor should underline."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.policies.shipped import shipped
from services.core.answers.language_schema import pack_schema
from services.core.rules.kinds.registry import KINDS, WORDS
from services.core.rules.terms import TERMS
from tests.documents import document_of

CHENGDU = "510100"
Change = Callable[[dict[str, Any]], Any]


@cache
def schema() -> Draft202012Validator:
    Draft202012Validator.check_schema(pack_schema())
    return Draft202012Validator(pack_schema())


@pytest.mark.parametrize("place", shipped())
def test_every_shipped_pack_fits(place: str) -> None:
    assert [error.json_path for error in schema().iter_errors(document_of(place))] == []


def test_every_word_kind_and_term_of_the_language_is_in_it() -> None:
    shapes = pack_schema()["$defs"]
    assert shapes["node"]["properties"].keys() == {*WORDS, "clause"}
    assert shapes["Rule"]["properties"].keys() >= {*KINDS}
    assert shapes["terms"]["properties"].keys() == {*TERMS}


def allowance(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["editions"][0]["rules"]["allowance"]
    return found


def required(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts that the allowance requires, by their names."""
    found: list[dict[str, Any]] = allowance(document)["payment"]["requires"]["all_of"]
    return found


def part(document: dict[str, Any], index: int) -> dict[str, Any]:
    """Return one of the parts that the allowance requires."""
    found: dict[str, Any]
    (found,) = required(document)[index].values()
    return found


def roles(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = part(document, 0)["employed"]["roles"]
    return found


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda d: required(d).__setitem__(2, {"R-34": required(d)[2], "every_certificate_held": required(d)[3]}),
            id="a named part",
        ),
        pytest.param(
            lambda d: part(d, 2).update(registered={"R-34": {}, "every_certificate_held": {"covers": "certificate"}}),
            id="the parameters of a word",
        ),
        pytest.param(
            lambda d: roles(d).update(synonyms=["social_worker", {"R-17": "other", "synonyms": "community_worker"}]),
            id="an item of a list",
        ),
        pytest.param(
            lambda d: roles(d).update(synonyms={"R-31": ["other"], "every_employee": ["social_worker"]}),
            id="a value of another choice",
        ),
        pytest.param(
            lambda d: d["editions"][0].update(
                terms={"exam": {"R-25": {"pass_mark": "60"}, "start_of_year": {"pass_mark": "70"}}}
            ),
            id="a term",
        ),
    ],
)
def test_a_choice_may_stand_for(change: Change) -> None:
    """Every place is tried in `tests/campaign/test_language_in_schema.py`."""
    document = document_of(CHENGDU)
    change(document)
    assert [error.json_path for error in schema().iter_errors(document)] == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.pop("language"), id="no language"),
        pytest.param(lambda d: d.update(language=1), id="the first language"),
        pytest.param(lambda d: d.update(colour="red"), id="an unknown key"),
        pytest.param(lambda d: d["editions"][0].update(colour="red"), id="an unknown key of an edition"),
        pytest.param(lambda d: allowance(d).update(choices={}), id="what is found and never written"),
        pytest.param(lambda d: d["editions"][0].pop("clause"), id="an edition without a clause"),
        pytest.param(lambda d: d["editions"][0]["in_force"].update(colour="red"), id="an unknown key of the days"),
        pytest.param(lambda d: d["editions"][0]["rules"].update(fame={}), id="no such question"),
        pytest.param(lambda d: d["editions"][0].update(terms={"salary": {}}), id="no such term"),
        pytest.param(lambda d: d["editions"][0].update(terms={"exam": {}}), id="half a term"),
        pytest.param(lambda d: allowance(d).pop("payment"), id="a rule without a kind"),
        pytest.param(lambda d: allowance(d).update(registration={}), id="a rule with two kinds"),
        pytest.param(lambda d: allowance(d)["payment"].update(colour="red"), id="an unknown parameter"),
        pytest.param(lambda d: allowance(d)["payment"].update(begins="next_moon"), id="an unknown value"),
        pytest.param(lambda d: allowance(d)["payment"].update(begins=None), id="nothing"),
        pytest.param(lambda d: part(d, 2).update(served={}), id="a part with two words"),
        pytest.param(lambda d: part(d, 2).clear(), id="a part without a word"),
        pytest.param(lambda d: part(d, 2).update(salary={}), id="an unknown word"),
        pytest.param(lambda d: part(d, 2).update(registered={"colour": "red"}), id="an unknown parameter of a word"),
        pytest.param(lambda d: part(d, 0)["employed"]["roles"].pop("R-17"), id="an alternative without its reading"),
        pytest.param(lambda d: part(d, 0)["employed"]["roles"].update({"R-05": []}), id="two readings in one choice"),
        pytest.param(lambda d: part(d, 0)["employed"]["roles"].update(sum=[]), id="the alternative of another reading"),
        pytest.param(lambda d: part(d, 0)["employed"]["roles"].update(synonyms=["king"]), id="a wrong alternative"),
        pytest.param(lambda d: part(d, 3)["any_record_ever"].update(salary={}), id="an unknown word in an alternative"),
        pytest.param(
            lambda d: part(d, 2).update(clause={"R-17": "CD-25", "synonyms": "CD-26"}), id="a choice for a clause"
        ),
        pytest.param(lambda d: d["examples"][0]["expect"].update(fame="valid"), id="an expected answer of no question"),
        pytest.param(
            lambda d: d["examples"][0]["expect"].update(allowance={"colour": "red"}), id="a field that no answer has"
        ),
    ],
)
def test_a_pack_does_not_fit_with(change: Change) -> None:
    document = document_of(CHENGDU)
    change(document)
    assert not schema().is_valid(document)
