"""What an edit of a pack can change at most, found from the keys that differ."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from contracts.policies.shipped import shipped, shipped_pack
from services.core.authoring.edits import Edit, edits_between

CHENGDU = shipped()["510100"]


def edited(change: Callable[[dict[str, Any]], object]) -> list[Edit]:
    """Return the edits that a change of the allowance makes."""
    document = copy.deepcopy(CHENGDU.current)
    change(document["editions"][0]["rules"]["allowance"])
    return edits_between(CHENGDU, shipped_pack(document))


def parts(rule: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of the allowance by their names."""
    return {name: part for named in rule["payment"]["requires"]["all_of"] for name, part in named.items()}


def recent(rule: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked of a service record that is enough by itself."""
    served: dict[str, Any] = parts(rule)["service_record"]["R-16"]["any_of"][0]["recent"]["served"]
    return served


@pytest.mark.parametrize(
    ("change", "turns"),
    [
        (lambda rule: recent(rule).update(within_months=6), "answers"),
        (lambda rule: parts(rule)["service_record"]["any_record_ever"]["served"].update(at_least=2), "alternatives"),
        (lambda rule: rule.update(readings=["R-03"]), "alternatives"),
        (lambda rule: rule.update(clause="CD-26"), "citations"),
        (lambda rule: rule["told"]["role"]["text"].update(en="Another wording."), "words"),
    ],
)
def test_an_edit_of_a_rule_tells_the_most_that_it_can_change(
    change: Callable[[dict[str, Any]], object], turns: str
) -> None:
    assert [edit.turns for edit in edited(change)] == [turns]


@pytest.mark.parametrize("packs", [(None, CHENGDU), (CHENGDU, None)], ids=["new", "gone"])
def test_a_pack_that_is_new_or_gone_is_one_edit_of_everything(packs: tuple[Any, Any]) -> None:
    assert [(edit.at, edit.turns) for edit in edits_between(*packs)] == [((), "answers")]


def test_what_is_written_otherwise_and_means_the_same_is_no_edit() -> None:
    again = msgspec.json.decode(msgspec.json.encode(CHENGDU.current))
    assert edits_between(CHENGDU, shipped_pack(again)) == []
