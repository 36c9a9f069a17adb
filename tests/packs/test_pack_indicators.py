"""What a pack may ask for as an indicator, and what it is refused for."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from contracts.policies.shipped import shipped, shipped_pack
from services.core.authoring.load import InvalidPackError, load_pack
from tests.documents import document_of, text_with
from tests.lives import CHENGDU, ZHENGZHOU

CHUXIONG, FUJIAN = "532300", "350000"
ASKED: dict[str, Any] = {"counts": "approved_posts", "at_least": {"village": 1}, "reckoned": "each"}


def edited(place: str, id_: str, edit: Callable[[dict[str, Any]], object]) -> bytes:
    """Return the document of a pack with one of its indicators changed."""
    document = document_of(place)
    edit(text_with(document, id_)["indicators"][id_])
    return msgspec.json.encode(document)


def alone(place: str, id_: str, members: dict[str, Any]) -> bytes:
    """Return the document of a pack that has nothing but one of its indicators, with other members, and its rule."""
    document = document_of(place)
    text = text_with(document, id_)
    indicator = text["indicators"][id_]
    asked = (indicator.get("determination"), *indicator.get("provided", ()))
    rules = {name: rule for name, rule in text["rules"].items() if name in asked}
    text |= {"rules": rules, "indicators": {id_: indicator | members}}
    del document["examples"]
    return msgspec.json.encode(document | {"editions": [text]})


@pytest.mark.parametrize(
    ("place", "id_", "members", "message"),
    [
        (CHENGDU, "I-07", {"counted": []}, "I-07.counted: is empty"),
        (CHENGDU, "I-07", {"counted": ["met"]}, "I-07.counted: certificate is never met"),
        (CHENGDU, "I-07", {"open": ["valid"]}, "I-07.open: valid is counted already"),
        (CHENGDU, "I-07", {"by": "since"}, "I-07.by: certificate has no field since of a few words"),
        (CHENGDU, "I-07", {"without": ["doctor"]}, "I-07.without: doctor is not a level of certificate"),
        (CHENGDU, "I-07", {"determination": "exam.complete"}, "exam.complete has no answer in a standing"),
        (CHENGDU, "I-07", {"having": {"rank": ["x"]}}, "I-07.having.rank: certificate has no field rank"),
        (CHUXIONG, "I-02", {"having": {"route": ["luck"]}}, "I-02.having.route: luck is not a route of talent"),
        (CHENGDU, "I-07", {"target": 0}, "I-07.target: must be 1 or more"),
        (CHENGDU, "I-07", {"deadline": "2025-02-30"}, "I-07.deadline: is not a day of the calendar"),
        (CHENGDU, "I-07", {"readings": ["R-25", "R-99"]}, "I-07.readings: R-99 is not in the readings register"),
        (CHENGDU, "I-07", {"readings": ["R-25"]}, "I-07.interpretation: names R-24, R-35, which the indicator"),
        (CHENGDU, "I-07", {"key_terms": []}, "I-07.key_terms: an indicator quotes at least one term"),
        (CHENGDU, "I-07", {"clause": " "}, "I-07.clause: is empty"),
        (CHENGDU, "I-07", {"colour": "red"}, "I-07.colour: 'colour' is not a member here"),
        (CHENGDU, "I-07", {"name": {"zh": "持证人数", "en": ""}}, "I-07.name.en: is empty"),
        (CHENGDU, "I-08", {"share": True}, "I-08.organizations: leaves nothing for share to say"),
        (CHENGDU, "I-08", {"counted": ["valid"]}, "I-08.organizations: leaves nothing for counted to say"),
        (CHENGDU, "I-08", {"organizations": ASKED | {"at_least": {}}}, "I-08.organizations.at_least: is empty"),
        (CHENGDU, "I-08", {"organizations": ASKED | {"at_least": {"castle": 1}}}, "castle"),
        (
            CHENGDU,
            "I-08",
            {"organizations": ASKED | {"roles": ["other"]}},
            "I-08.organizations.counts: must be people where roles or a determination say who",
        ),
        (
            CHENGDU,
            "I-08",
            {"organizations": ASKED | {"rounded": "down"}},
            "I-08.organizations.rounded: leaves no remainder without per_hundred",
        ),
        (
            CHENGDU,
            "I-08",
            {"organizations": ASKED | {"counts": "organizations", "per_hundred": "beds"}},
            "I-08.organizations.per_hundred: is asked of each organization",
        ),
        (ZHENGZHOU, "I-17", {"deadline": "2025-12-31"}, "I-17.deadline: must be left out where each_year is given"),
        (FUJIAN, "I-25", {"unless_missing": "registration"}, "registration is not a condition of allowance here"),
        (CHENGDU, "I-07", {"provided": {"allowance": "degree"}}, "degree is not a condition of allowance here"),
    ],
)
def test_an_indicator_that_could_mean_nothing_is_refused(
    place: str, id_: str, members: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidPackError, match=message.replace(".", r"\.")):
        load_pack(alone(place, id_, members))


def test_an_indicator_that_counts_neither_answers_nor_organizations_is_refused() -> None:
    with pytest.raises(InvalidPackError, match=r"I-08\.determination: is missing"):
        load_pack(edited(CHENGDU, "I-08", lambda indicator: indicator.pop("organizations")))


def test_an_id_that_is_none_of_the_register_is_refused() -> None:
    document = document_of(CHENGDU)
    indicators = text_with(document, "I-07")["indicators"]
    indicators["holders"] = indicators.pop("I-07")
    with pytest.raises(InvalidPackError, match="holders"):
        load_pack(msgspec.json.encode(document))


def test_a_figure_that_a_pack_asks_for_is_a_rule_and_its_sentence_is_not() -> None:
    def digest(edit: Callable[[dict[str, Any]], object]) -> str:
        return shipped_pack(msgspec.json.decode(edited(CHENGDU, "I-07", edit))).digest

    shipped_one = shipped()[CHENGDU].digest
    assert digest(lambda indicator: indicator.update(name={"zh": "持证人数", "en": "holders"})) == shipped_one
    assert digest(lambda indicator: indicator.update(target=40_000)) != shipped_one
