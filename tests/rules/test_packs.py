"""The packs, checked by their own examples and against the documents that they quote."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct, structs

from contracts.events.values import NATION
from contracts.policies.language import Condition, Edition, Example, Indicator, Pack, Rule, Text
from contracts.policies.shipped import FOLDER, shipped
from services.core.answers.document import explanation
from services.core.authoring.examples import play
from services.core.authoring.load import InvalidPackError, load_pack
from services.core.calendar import ONE_DAY, add_months
from services.core.rules.parts import hours_asked, named_conditions
from tests.documents import text_with
from tests.lives import ask, someone

PINNED = shipped()
EXAMPLES = [
    pytest.param(place, example, id=f"{pinned.pack.name.en}: {example.name}")
    for place, pinned in PINNED.items()
    for example in pinned.pack.examples
]


@pytest.mark.parametrize(("place", "example"), EXAMPLES)
def test_an_example_holds(place: str, example: Example) -> None:
    assert play(PINNED, place, example) == []


# The sources: what a rule quotes stands in the document, and what it cites in the register.

ROOT = Path(__file__).parents[2]
REGISTER = (ROOT / "docs/policies/rules.md").read_text()
LOCAL = {place: pinned.pack for place, pinned in PINNED.items() if place != NATION}


def rules_of(pack: Pack) -> Iterator[tuple[Edition, str, Rule]]:
    for edition in pack.editions:
        for name, rule in edition.determinations.items():
            yield edition, name, rule


def indicators_of(pack: Pack) -> Iterator[tuple[str, Indicator]]:
    for edition in pack.editions:
        yield from edition.indicators.items()


def quoting(pack: Pack) -> Iterator[tuple[str, Rule | Indicator]]:
    """Yield the parts of a pack that quote its document."""
    yield from ((name, rule) for _, name, rule in rules_of(pack))
    yield from indicators_of(pack)


def texts_of(part: Any) -> Iterator[Text]:
    """Yield every sentence that a rule or a part of it gives as that of its clause."""
    members = part if isinstance(part, Mapping) else structs.asdict(part) if isinstance(part, Struct) else {}
    for name, value in members.items():
        if name == "text" and isinstance(value, Text):
            yield value
        yield from texts_of(value)


def document(place: str) -> str:
    """Return the document that the pack's file names, without the blanks and line ends of the scan."""
    head = next(path.read_text() for path in FOLDER.glob("*.yaml") if f'jurisdiction: "{place}"' in path.read_text())
    named = re.search(r"docs/policies/source/[a-z0-9-]+\.txt", head.partition("\n")[0])
    assert named, f"the first line of the pack of {place} names its document"
    return without_blanks((ROOT / named[0]).read_text())


def phrases(sentence: str) -> list[str]:
    """Return what a Chinese sentence says, cut at its marks; names of clauses are ours."""
    own = re.sub(r"（[A-Z]{2}-[0-9]{2}）", "，", sentence)
    return [phrase for phrase in re.split(r"[，、；：。（）]|……", without_blanks(own)) if phrase]


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("place", LOCAL)
def test_the_key_terms_of_every_rule_and_figure_stand_in_its_document(place: str) -> None:
    text = document(place)
    terms = [(name, term) for name, one in quoting(LOCAL[place]) for term in one.key_terms]
    assert [(name, term) for name, term in terms if without_blanks(term) not in text] == []


@pytest.mark.parametrize("place", LOCAL)
def test_a_text_says_what_its_document_says_and_no_reading_of_it(place: str) -> None:
    """What the ledger reads into a clause belongs in its interpretation."""
    said = document(place)
    texts = [(name, text.zh) for name, one in quoting(LOCAL[place]) for text in texts_of(one)]
    assert [(name, phrase) for name, text in texts for phrase in phrases(text) if phrase not in said] == []


@pytest.mark.parametrize("reading", ["R-16", "R-19"])
def test_an_interpretation_that_names_a_reading_which_its_rule_does_not_list_is_refused(reading: str) -> None:
    document = msgspec.json.decode(shipped()["371500"].document)
    role = text_with(document, "allowance")["determinations"]["allowance"]["allowance"]["conditions"]["role"]
    role["interpretation"]["en"] += f" ({reading})"
    with pytest.raises(InvalidPackError, match=rf"role\.interpretation: names {reading}, which the rule does not list"):
        load_pack(msgspec.json.encode(document))


def test_what_the_ledger_reads_into_a_clause_stands_beside_it_in_the_explanation() -> None:
    """LC-24: that a county's measure is needed (R-27) is a reading; the clause says related rules."""
    tree = explanation(ask(someone, "allowance", "2022-01-01", "371500").node)
    assert "县级办法" not in tree["text"]["zh"]
    assert "县级办法" in tree["interpretation"]["zh"]
    role = next(child for child in tree["children"] if child["rule"] == "role")
    assert (role["text"]["zh"], "R-17" in role["interpretation"]["en"]) == ("社区工作者。", True)


def test_a_text_is_told_as_it_stands_and_braces_in_it_mean_nothing() -> None:
    hours = ask(someone, "continuing_education.annual", "2024-01-01", "410100").node
    braced = structs.replace(hours, text=Text(zh="{counted_hours}学时", en="{"))
    assert explanation(braced)["text"] == {"zh": "{counted_hours}学时", "en": "{"}


@pytest.mark.parametrize("place", PINNED)
def test_every_rule_and_figure_quotes_something(place: str) -> None:
    assert [name for name, one in quoting(PINNED[place].pack) if not one.key_terms] == []


@pytest.mark.parametrize("place", PINNED)
def test_every_clause_that_a_pack_cites_has_its_row_in_the_register(place: str) -> None:
    cited = re.findall(r"\b(?!R-)[A-Z]{1,2}-[0-9]{2}\b", shipped()[place].document.decode())
    assert len(cited) > len(PINNED[place].pack.editions)
    assert sorted({clause for clause in cited if f"| {clause} |" not in REGISTER}) == []


@pytest.mark.parametrize("place", LOCAL)
def test_a_local_pack_cites_its_own_document_alone(place: str) -> None:
    rules = [clause for _, _, rule in rules_of(LOCAL[place]) for clause in (rule.clause, *rule.further_clauses)]
    figures = [one.clause for _, one in indicators_of(LOCAL[place])]
    assert len({clause.split("-")[0] for clause in (*rules, *figures)}) == 1


def registered(id_: str) -> list[str]:
    """Return the cells of an indicator's row in the register: id, name, target, test day, what is counted, clause."""
    [row] = [line for line in REGISTER.splitlines() if line.startswith(f"| {id_} |")]
    return [cell.strip() for cell in row.strip("| ").split(" | ")]


def test_an_indicator_has_the_clause_target_and_deadline_of_the_register_and_stands_in_one_pack() -> None:
    """R-25: a year alone means its 31 December. A number of hours or about so many people is no target of people."""
    figures = [one for pack in LOCAL.values() for one in indicators_of(pack)]
    assert len(dict(figures)) == len(figures)
    for id_, one in figures:
        _, _, target, day, _, clause = registered(id_)
        assert one.clause == clause
        number = re.fullmatch(r"≥ ([0-9,]+)", target)
        assert one.target == (int(number[1].replace(",", "")) if number else None), id_
        assert one.each_year is (day == "each year"), id_
        assert one.deadline == (date.fromisoformat(day) if re.match(r"20", day) else None), id_
        assert not one.deadline or "R-25" in one.readings


def noted(clause: str) -> set[str]:
    """Return how far the register could confirm a national fact: C, C2 or M, several where its parts differ."""
    row = next(line for line in REGISTER.splitlines() if line.startswith(f"| {clause} |"))
    return set(re.findall(r"\b(?:C2?|M)\b", row.rstrip("| ").rpartition("|")[2]))


def test_a_national_fact_is_told_as_confirmed_exactly_where_the_register_confirmed_it() -> None:
    for _, name, rule in rules_of(PINNED[NATION].pack):
        facts = [noted(clause) for clause in (rule.clause, *rule.further_clauses)]
        if {"C2"} in facts or {"M"} in facts:
            assert rule.source_status != "confirmed", name
        elif all(fact == {"C"} for fact in facts):
            assert rule.source_status == "confirmed", name


def test_a_national_rule_names_the_document_that_states_it() -> None:
    """The edition lists four; no answer may name one that does not speak of its matter."""
    sources = {name: rule.document for _, name, rule in rules_of(PINNED[NATION].pack)}
    assert sources["registration"] == "民发〔2009〕44号"
    assert all(sources.values())
    assert ask(someone, "qualification", "2024-01-01", "350100").policy.document == sources["qualification"]
    assert ask(someone, "allowance", "2024-01-01", "350100").policy.document == LOCAL["350000"].editions[0].document


# The examples of a pack are its tests: every outcome that a rule can have, and both sides of every day that decides.

HOLDS = frozenset({"valid", "met", "eligible", "conforming"})
FAILS = frozenset({"none", "not_met", "not_eligible", "not_conforming", "lapsed"})
OPEN = frozenset({"pending", "needs_review", "undefined_in_policy"})
RULES = [
    pytest.param(pinned.pack, edition, name, rule, id=f"{pinned.pack.name.en}: {name}")
    for pinned in PINNED.values()
    for edition, name, rule in rules_of(pinned.pack)
]


def asked(pack: Pack, name: str) -> list[tuple[Example, str]]:
    """Return the examples that ask a question, each with the status expected."""
    found = [(example, example.expect[name]) for example in pack.examples if name in example.expect]
    return [(example, one if isinstance(one, str) else one.get("status", "")) for example, one in found]


def outcomes(rule: Rule) -> list[frozenset[str]]:
    """Return what a rule can say while it is in force and applies: that it holds, fails, or is open."""
    conditions = named_conditions(rule).values()
    if rule.undefined or (conditions and all(one.decided_elsewhere for one in conditions)):
        return [OPEN]
    never_fails = rule.talent is not None and rule.talent.open_test and not rule.talent.engagement_required
    left_open = rule.senior_route or hours_asked(rule) or never_fails or any(map(left_to_a_person, conditions))
    return [HOLDS, *([] if never_fails else [FAILS]), *([OPEN] if left_open else [])]


def left_to_a_person(one: Condition) -> bool:
    unlisted = (one.degree and one.degree.open_list) or (one.talent and not one.talent.listed)
    stands_in = one.certificate and one.certificate.recognized_for_review
    return bool(one.attested or one.exam_reward or one.decided_elsewhere or unlisted or stands_in)


@pytest.mark.parametrize(("pack", "edition", "name", "rule"), RULES)
def test_a_rule_has_an_example_of_every_outcome(pack: Pack, edition: Edition, name: str, rule: Rule) -> None:
    statuses = {status for _, status in asked(pack, name)}
    assert [sorted(kind) for kind in outcomes(rule) if not kind & statuses] == []


@pytest.mark.parametrize(("pack", "edition", "name", "rule"), RULES)
def test_a_rule_has_an_example_on_both_sides_of_every_day_of_its_edition(
    pack: Pack, edition: Edition, name: str, rule: Rule
) -> None:
    """National rules do not depend on an edition."""
    if pack.jurisdiction == NATION:
        return
    said = {(example.as_of, status == "not_in_force") for example, status in asked(pack, name)}
    first, last = edition.in_force.first_day, edition.in_force.last_day
    assert {(first - ONE_DAY, True), (first, False)} <= said
    assert last is None or {(last, False), (last + ONE_DAY, True)} <= said


@pytest.mark.parametrize(("pack", "edition", "name", "rule"), [one for one in RULES if hours_asked(one.values[3])])
def test_hours_have_an_example_on_both_sides_of_every_day_of_their_window(
    pack: Pack, edition: Edition, name: str, rule: Rule
) -> None:
    found = [example for example, _ in asked(pack, name)]
    given = [event for example in found for event in example.given]
    trained = {event["on"] for event in given if event["event"] == "training.completed"}
    days = {example.as_of.isoformat() for example in found}
    counted = hours_asked(rule)
    assert counted
    window = counted.window
    if window.rolling_years:
        lasts = {add_months(date.fromisoformat(day), 12 * window.rolling_years) for day in trained}
        assert any({(last - ONE_DAY).isoformat(), last.isoformat()} <= days for last in lasts)
        return
    terms = [(event["valid_from"], event["valid_until"]) for event in given if "valid_until" in event]
    years = [(f"{day[:4]}-01-01", f"{day[:4]}-12-31") for day in trained]
    fixed = (
        [(window.from_day.isoformat(), window.until_day.isoformat())] if window.from_day and window.until_day else []
    )
    begins_and_ends = fixed or (years if window.calendar_year else terms)
    assert any({moved(first, -1), first, last, moved(last, 1)} <= trained for first, last in begins_and_ends)
    assert any({moved(last, -1), last} <= days for _, last in begins_and_ends)


def moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + days * ONE_DAY).isoformat()
