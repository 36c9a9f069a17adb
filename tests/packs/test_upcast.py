"""Packs of language 1 say the same in language 2: their figures as terms, their readings as choices where they act.

The examples stand in `upcast.yaml`: forms, operators, terms, days.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contracts.policies.decoding import pack_of
from contracts.policies.readings import ALTERNATIVES
from contracts.policies.shipped import read_yaml
from contracts.policies.upcast import upcast
from tools.old_packs import kept

Object = dict[str, Any]

TESTS = Path(__file__).parents[1]
PROMISED = msgspec.json.decode((TESTS / "golden" / "pack-language-1.json").read_bytes())
CASES: Mapping[str, Mapping[str, Object]] = read_yaml(TESTS / "packs" / "upcast.yaml")
TEXTS: list[Object] = [
    text for kept_text in kept().texts if "language" not in (text := msgspec.json.decode(kept_text.document))
]
"""Every text that a pack of this repository had in language 1."""
SIX_PLACES = {"100000", "350000", "371500", "410100", "510100", "532300"}
OF_A_CONDITION = {"text", "interpretation", "clause"}
OF_A_RULE = {*OF_A_CONDITION, "document", "further_clauses", "key_terms", "readings", "source_status"}
BESIDE_THE_KIND = {"clause", "further_clauses", "document", "source_status", "readings", "terms", "told"}
CITY, NATION = "990100", "100000"
TEXT, WHY = {"zh": "规则。", "en": "The rule."}, {"zh": "解释。", "en": "Read so."}
WORKS = {"text": {"zh": "从业人员。", "en": "Is a practitioner."}, "interpretation": WHY, "employed": {}}
TOLD_OF_WORK = {"text": WORKS["text"], "interpretation": WHY}
FIVE_YEARS = {"window": {"rolling_years": 5}, "unit": "hour", "required": "120"}


def pack(*editions: Object, place: str = CITY, **members: Any) -> Object:
    """Return a pack of language 1 with these editions, or with one, as it is in language 2."""
    named = {"edition": "2024", "clause": "SY-01", "document": "文件", "last_verified_on": "2026-11-21"}
    given = [
        {**named, "in_force": {"first_day": "2024-01-01"}, "determinations": {}, **own} for own in editions or [{}]
    ]
    return upcast({"jurisdiction": place, "name": TEXT, "editions": given, **members})


def rule(form: Object, *readings: str, name: str = "allowance", place: str = CITY, **edition: Any) -> Object:
    """Return a rule that has this form in language 1."""
    given = {name: {"clause": "SY-02", "text": TEXT, "readings": list(readings), **form}}
    return dict(pack({"determinations": given, **edition}, place=place)["editions"][0]["rules"][name])


def kind(form: Object, *readings: str, name: str = "allowance") -> Object:
    """Return the kind of a rule that has this form in language 1."""
    return {key: value for key, value in rule(form, *readings, name=name).items() if key not in BESIDE_THE_KIND}


def node(condition: Object, *readings: str, place: str = CITY) -> Any:
    """Return the node of a condition of language 1."""
    form = {"entitlement": {"any_of": {"ground": {"text": TEXT, **condition}}}}
    (ground,) = rule(form, *readings, place=place)["entitlement"]["requires"]["any_of"]
    return ground["ground"]


def cases(part: str) -> list[Any]:
    """Return the examples of a part of a pack: the readings listed, what stands before, and what after."""
    return [
        pytest.param(case.get("readings", []), case["before"], case["after"], id=name)
        for name, case in CASES[part].items()
    ]


@pytest.mark.parametrize(("readings", "before", "after"), cases("forms"))
def test_a_form_becomes_a_kind(readings: list[str], before: Object, after: Object) -> None:
    assert kind(before, *readings) == after


@pytest.mark.parametrize(("readings", "before", "after"), cases("operators"))
def test_an_operator_becomes_a_node(readings: list[str], before: Object, after: Object) -> None:
    assert node(before, *readings) == after


@pytest.mark.parametrize(("readings", "before", "after"), cases("terms"))
def test_a_rule_has_the_terms_that_it_asks_for(readings: list[str], before: Object, after: Object) -> None:
    assert rule(before, *readings).get("terms", {}) == after


@pytest.mark.parametrize(("readings", "before", "after"), cases("in_force"))
def test_an_edition_has_its_days(readings: list[str], before: Object, after: Object) -> None:
    (edition,) = pack({"in_force": before, "readings": readings})["editions"]
    assert edition["in_force"] == after


@pytest.mark.parametrize(
    ("part", "shape", "others"), [("forms", "Rule", OF_A_RULE), ("operators", "Condition", OF_A_CONDITION)]
)
def test_every_form_and_operator_has_an_example(part: str, shape: str, others: set[str]) -> None:
    tried = {name for case in CASES[part].values() for name in case["before"]}
    assert tried - others == PROMISED[shape].keys() - others


def test_where_the_text_is_silent_about_grades_the_post_is_told() -> None:
    assert kind({"undefined": {}}, name="grade") == {"undefined": {"tells": "post"}}


def test_what_asks_or_answers_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="allowance: a rule has exactly one form"):
        rule({})
    with pytest.raises(ValueError, match="a condition has exactly one operator"):
        node({})
    with pytest.raises(ValueError, match="a window has exactly one kind"):
        rule({"hours": {**FIVE_YEARS, "window": {}}})


def test_an_edition_may_end_under_one_reading_alone() -> None:
    counted = {"reading": "R-02", "choice": "civil_count", "last_day": "2029-01-01"}
    (edition,) = pack({"in_force": {"first_day": "2024-01-01", "alternatives": [counted]}})["editions"]
    assert edition["in_force"]["last_day"] == {"R-02": None, "civil_count": "2029-01-01"}


# The nation.


def test_national_rules_never_lapse_and_the_oldest_have_no_beginning() -> None:
    newer, older = {"first_day": "2018-03-06"}, {"first_day": "2006-07-20", "last_day": "2018-03-05"}
    editions = pack({"in_force": newer}, {"in_force": older}, {"in_force": older}, place=NATION)["editions"]
    assert [edition["in_force"]["first_day"] for edition in editions] == ["2018-03-06", "1900-01-01", "2006-07-20"]
    assert not any("last_day" in edition["in_force"] for edition in editions)


def test_a_reading_of_an_edition_is_named_where_the_edition_is_silent() -> None:
    """So answers keep the readings that they were recorded with."""
    in_force = pack_of(pack({"readings": ["R-01"]})).editions[0].in_force
    assert (in_force.first_day.isoformat(), in_force.choices) == ("2024-01-01", {"R-01": ()})


def test_every_title_was_conferred_while_national_rules_were_in_force() -> None:
    newly = {"talent": {"talents": ["high_level"], "while_in_force": True}}
    assert node(newly, "R-23", place=NATION) == {"designated": {"talents": ["high_level"]}}


def test_the_nation_alone_has_the_words_of_the_titles() -> None:
    titles = pack(place=NATION)["vocabulary"]["talents"]
    assert titles.keys() == set(PROMISED["DesignatedTalent"]["talents"]["words"])
    assert titles["yi_leading"] == {"zh": "彝乡领军人才", "en": "Yi leading talent"}
    assert "vocabulary" not in pack()


# What surrounds the kind of a rule.


def test_a_rule_keeps_what_it_cites_and_lists_its_readings_after_those_of_its_edition() -> None:
    cited = {"further_clauses": ["SY-03"], "document": "另一文件", "source_status": "secondary"}
    assert rule({"supervisor_rank": {}, **cited}, "R-14", "R-01", readings=["R-01"]) == {
        "clause": "SY-02",
        **cited,
        "readings": ["R-01", "R-14"],
        "holding": {"of": "supervisions"},
        "told": {"rule": {"text": TEXT}},
    }


def test_a_reading_of_the_edition_is_a_choice_in_each_of_its_rules() -> None:
    terms = rule({"highest_certificate": {}}, readings=["R-11"])["terms"]
    assert terms == {"certificate": {"counts_from": {"R-11": "approval", "issue_date": "issue"}}}


def test_sentences_are_told_under_the_names_of_the_parts() -> None:
    of_the_rule = {"text": TEXT, "interpretation": WHY, "key_terms": ["津贴"]}
    allowance = {"allowance": {"conditions": {"role": WORKS, "certificate": WORKS}}}
    assert rule({**allowance, **of_the_rule})["told"] == {
        "rule": of_the_rule,
        "role": TOLD_OF_WORK,
        "certificate": TOLD_OF_WORK,
    }
    assert rule({"entitlement": {"any_of": {"works": WORKS}}})["told"]["works"] == TOLD_OF_WORK
    assert rule({"hours": {**FIVE_YEARS, "applies_to": WORKS}})["told"]["concerns"] == TOLD_OF_WORK


def test_sentences_of_talent_are_told_under_its_routes_and_its_work() -> None:
    concerned = {**FIVE_YEARS, "applies_to": WORKS}
    hours = {"clause": "SY-06", "text": TEXT, "interpretation": WHY, "hours": concerned}
    talent = {"hours": hours, "certificate": WORKS, "engagement_required": True, "engaged": {"works": WORKS}}
    assert rule({"talent": talent})["told"] == {
        "rule": {"text": TEXT},
        "certificate": TOLD_OF_WORK,
        "hours": {"text": TEXT, "interpretation": WHY},
        "works": TOLD_OF_WORK,
        "concerns": TOLD_OF_WORK,
    }


def test_indicators_and_examples_stay_as_they_are() -> None:
    about = {"clause": "SY-09", "name": TEXT, "text": TEXT, "interpretation": WHY, "key_terms": ["人数"]}
    counted = {"determination": "certificate", "counted": ["valid"], "open": ["needs_review"], "by": "level"}
    aimed = {"target": 7, "deadline": "2025-12-31", "each_year": False, "share": True}
    indicator = {**about, **counted, **aimed, "readings": ["R-25"], "unless_missing": "role", "without": ["basic"]}
    assert indicator.keys() == PROMISED["Indicator"].keys()
    example = {"name": "none", "as_of": "2024-01-01", "given": [], "expect": {"allowance": {"amount": None}}}
    written = pack({"indicators": {"I-01": indicator}}, examples=[example])
    assert written["editions"][0]["indicators"] == {"I-01": indicator}
    assert written["examples"] == [example]


def test_what_language_1_did_not_have_is_left_out() -> None:
    """A reader of language 1 passed over the members of a later release."""
    later: Object = {"later": 1}
    condition = {**WORKS, "text": {**WORKS["text"], "fr": "Est praticien."}, "employed": later, **later}
    wider = rule({"allowance": {"conditions": {"role": condition}, **later}, **later}, **later)
    assert wider == rule({"allowance": {"conditions": {"role": WORKS}}})
    assert pack(**later) == pack()


# Every text that a pack of this repository had in language 1; those shipped last are among them.


def test_every_old_text_has_its_editions_rules_and_indicators() -> None:
    assert {text["jurisdiction"] for text in TEXTS} == SIX_PLACES
    for text in TEXTS:
        written = upcast(turned(text))
        assert (written["language"], written["examples"]) == (2, text["examples"])
        for before, after in zip(text["editions"], written["editions"], strict=True):
            assert after["edition"] == before["edition"]
            assert list(after["rules"]) == sorted(before["determinations"])
            assert after.get("indicators") == before.get("indicators")
            assert list(after.get("indicators", ())) == sorted(before.get("indicators", ()))


def test_neither_the_order_of_members_nor_a_null_says_anything() -> None:
    for text in TEXTS:
        assert upcast(turned(text)) == upcast(with_nulls(text)) == upcast(text)


def test_the_document_itself_stays_as_it_is() -> None:
    for text in TEXTS:
        before = deepcopy(text)
        upcast(text)
        assert text == before


def test_every_choice_is_of_a_reading_that_its_rule_lists_with_the_alternatives_of_its_day() -> None:
    """R-10 has one more since: a pinned pack is asked nothing that it does not say."""
    since = {"R-10": ("alike_counts_once",)}
    for written in rules_of_old_texts():
        met = dict(choices(written))
        assert met.keys() <= set(written.get("readings", ()))
        assert {reading: (*names, *since.get(reading, ())) for reading, names in met.items()} == {
            reading: ALTERNATIVES[reading] for reading in met
        }


def test_everything_told_is_the_rule_or_a_child() -> None:
    for written in rules_of_old_texts():
        (kind,) = written.keys() - BESIDE_THE_KIND
        assert written["told"].keys() <= {"rule", *children(written[kind])}


def rules_of_old_texts() -> Iterator[Object]:
    for text in TEXTS:
        for edition in upcast(text)["editions"]:
            yield from edition["rules"].values()


def turned(value: Any) -> Any:
    """Return the value with the members of each object in reverse order."""
    if isinstance(value, dict):
        return {name: turned(child) for name, child in reversed(value.items())}
    return [turned(child) for child in value] if isinstance(value, list) else value


def with_nulls(text: Object) -> Object:
    """Return the text with a null for what its editions and rules may have and do not."""
    text = deepcopy(text)
    optional = [name for name, promised in PROMISED["Rule"].items() if promised["default"] is None]
    for edition in text["editions"]:
        edition["in_force"].setdefault("last_day", None)
        for given in edition["determinations"].values():
            given.update({name: None for name in optional if name not in given})
    return text


def choices(value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each choice in a value: its reading and the names of the alternatives, in order."""
    if isinstance(value, dict):
        names = list(value)
        if names and names[0].startswith("R-"):
            yield names[0], tuple(names[1:])
    for child in _inside(value):
        yield from choices(child)


def children(value: Any) -> Iterator[str]:
    """Yield the names of the children of every combinator in a value, and `concerns`."""
    if isinstance(value, dict):
        yield from (name for name in value if name == "concerns")
        yield from (name for word in ("all_of", "any_of") for child in value.get(word, ()) for name in child)
    for child in _inside(value):
        yield from children(child)


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
