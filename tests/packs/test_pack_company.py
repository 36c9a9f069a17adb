"""What a pack takes from those around it must be there: terms, words for titles, readings that its sentences name."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.keys import shown
from contracts.policies.shipped import shipped, shipped_pack
from services.core.authoring.company import wrong_in_company
from tests.documents import document_of, text_with

CHENGDU, LIAOCHENG, ZHENGZHOU, NATION = "510100", "371500", "410100", "100000"
ANNUAL = "continuing_education.annual"
Change = Callable[[dict[str, Any]], Any]


def wrong(place: str, change: Change, of: str | None = None) -> list[str]:
    """Return what a place lacks after its pack, or that of another place, was changed."""
    changed = of or place
    document = document_of(changed)
    change(document)
    packs = {**shipped(), changed: shipped_pack(document)}
    return [f"{shown(at)}: {why}" for at, why in wrong_in_company(place, packs)]


@pytest.mark.parametrize("place", shipped())
def test_the_shipped_packs_lack_nothing(place: str) -> None:
    assert wrong(place, lambda document: None) == []


def test_a_term_that_no_text_defines_is_told_at_each_rule_that_needs_it() -> None:
    told = wrong(LIAOCHENG, lambda nation: text_with(nation, "registration").pop("terms"), of=NATION)
    assert told == [
        "editions[0].rules.allowance: no text of the place defines the term registration",
    ]


def test_a_place_may_define_the_term_itself() -> None:
    def define(document: dict[str, Any]) -> None:
        document["editions"][0]["terms"] = {"exam": {"clause": "LC-04", "pass_mark": "60"}}

    assert wrong(LIAOCHENG, define) == []


@pytest.mark.parametrize("reading", ["R-16", "R-19"])
def test_a_sentence_that_names_a_reading_by_which_its_rule_is_not_read_is_told(reading: str) -> None:
    def name_it(document: dict[str, Any]) -> None:
        text_with(document, "allowance")["rules"]["allowance"]["told"]["role"]["interpretation"]["en"] += (
            f" ({reading})"
        )

    at = "editions[0].rules.allowance.told.role.interpretation"
    assert wrong(LIAOCHENG, name_it) == [f"{at}: names {reading}, by which the rule is not read"]


def test_a_sentence_may_name_the_reading_of_a_term_of_the_law() -> None:
    """R-12 has its choice in the national pack, and the allowance rests on it."""

    def name_it(document: dict[str, Any]) -> None:
        told = text_with(document, "allowance")["rules"]["allowance"]["told"]
        told["registration"]["interpretation"]["en"] += " (R-12, R-05)"

    assert wrong(LIAOCHENG, name_it) == []


def test_a_title_without_words_in_any_pack_is_told() -> None:
    def ask_for_it(document: dict[str, Any]) -> None:
        ground = text_with(document, "benefit.settlement")["rules"]["benefit.settlement"]
        ground["entitlement"]["requires"]["any_of"][0]["talent:high_level"]["designated"]["talents"] = ["star"]

    at = "editions[0].rules.benefit.settlement.entitlement.requires.any_of[0].talent:high_level.designated.talents"
    assert wrong(LIAOCHENG, ask_for_it) == [f"{at}: star is in no vocabulary of this pack or one around it"]


def test_a_part_can_be_measured_by_one_before_it_and_by_no_other() -> None:
    """A name inside another part is out of sight."""

    def hide(document: dict[str, Any]) -> None:
        allowance = text_with(document, "allowance")["rules"]["allowance"]
        parts = allowance["payment"]["requires"]["all_of"]
        parts[0] = {"role": {"any_of": [{"hidden": {"holds_certificate": {}}}]}}
        parts.append({"measure": {"measured": {"names": "hidden"}}})

    assert wrong(LIAOCHENG, hide) == ["editions[0].rules.allowance: no part before this one is named 'hidden'"]


def test_what_is_lacking_only_under_an_alternative_is_told() -> None:
    def ask_elsewhere(document: dict[str, Any]) -> None:
        allowance = text_with(document, "allowance")["rules"]["allowance"]
        roles = allowance["payment"]["requires"]["all_of"][0]
        roles["role"] = {"R-17": roles["role"], "synonyms": {"designated": {"talents": ["star"]}}}

    at = "editions[0].rules.allowance.payment.requires.all_of[0].role.synonyms.designated.talents"
    assert wrong(CHENGDU, ask_elsewhere) == [f"{at}: star is in no vocabulary of this pack or one around it"]


def test_a_reading_has_the_same_alternatives_in_a_rule_and_in_the_terms_that_it_uses() -> None:
    """Otherwise one assumption would take an alternative in the rule, and the reading itself in the term."""

    def wrong_if_begun(on: dict[str, str]) -> list[str]:
        return wrong(ZHENGZHOU, lambda document: document["editions"][0]["in_force"].update(first_day=on))

    assert wrong_if_begun({"R-09": "2022-02-09", "all_hours": "2022-03-01"}) == []
    assert wrong_if_begun({"R-10": "2022-02-09", "sum": "2022-03-01"}) == [
        f"editions[0].rules.{ANNUAL}: R-10 has other alternatives in a term that the rule uses: sum, alike_counts_once"
    ]
