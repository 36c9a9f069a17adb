"""A part has one word and a rule one kind, all of them known, and a mistake in them is told with its keys."""

import pickle
from typing import Any

import pytest

from contracts.policies.language import Rule
from services.core.rules.kinds.kind import Kind
from services.core.rules.kinds.registry import KINDS, WORDS, UnknownWordError, kind_of_rule, part_of
from services.core.rules.parts import Word
from services.core.rules.terms import TERMS, TermOfLaw


@pytest.mark.parametrize(("known", "base"), [(WORDS, Word), (KINDS, Kind), (TERMS, TermOfLaw)])
def test_what_is_written_is_known_under_one_name(known: dict[str, type], base: type) -> None:
    assert sorted(kind.__name__ for kind in known.values()) == sorted(kind.__name__ for kind in base.__subclasses__())


WRONG = {
    "no word": ({}, (), "exactly one word, not none"),
    "two words": ({"registered": {}, "nobody": {}}, (), "exactly one word, not registered, nobody"),
    "an unknown word": ({"rich": {}}, ("rich",), "the language has no word 'rich'"),
    "an unknown parameter": ({"served": {"often": True}}, ("served", "often"), "'often' is not a member here"),
    "a wrong type": ({"employed": {"roles": ["king"]}}, ("employed", "roles", 0), "social_worker, other, not 'king'"),
    "a wrong clause": ({"registered": {}, "clause": 5}, ("clause",), "not a whole number"),
    "a part that is none": ({"any_of": [{"one": 3}]}, ("any_of", 0, "one"), "an object with one word"),
    "a list of words": ({"any_of": ["one"]}, ("any_of", 0), "an object with one word"),
    "two names": ({"any_of": [{"one": {}, "two": {}}]}, ("any_of", 0), "an object with one key"),
    "a mistake deep inside": (
        {"all_of": [{"a": {"nobody": {}}}, {"b": {"for_review": {"attested": {"without_one": {"rich": {}}}}}}]},
        ("all_of", 1, "b", "for_review", "attested", "without_one", "rich"),
        "no word 'rich'",
    ),
}


@pytest.mark.parametrize(("part", "at", "why"), WRONG.values(), ids=WRONG)
def test_a_part_is_refused_with_the_keys_that_lead_to_the_mistake(
    part: Any, at: tuple[str | int, ...], why: str
) -> None:
    with pytest.raises(UnknownWordError) as caught:
        part_of(part)
    assert caught.value.at == at
    assert why in caught.value.why


def test_a_mistake_in_a_rule_has_the_keys_from_its_kind_on() -> None:
    with pytest.raises(UnknownWordError) as unknown:
        kind_of_rule(Rule("XX-01", "lottery", {}, {}))
    assert unknown.value.at == ("lottery",)
    window = {"rolling_years": {"years": 0, "edge": "open"}}
    with pytest.raises(UnknownWordError) as wrong:
        kind_of_rule(Rule("XX-01", "training", {"window": window, "unit": "hour", "at_least": "60"}, {}))
    assert wrong.value.at == ("training", "window", "rolling_years", "years")


def test_a_mistake_that_a_worker_process_finds_can_be_handed_over() -> None:
    mistake = UnknownWordError(("any_of", 0), "two keys")
    handed_over = pickle.loads(pickle.dumps(mistake))  # noqa: S301 - made on the line before.
    assert (handed_over.at, str(handed_over)) == (mistake.at, str(mistake))
