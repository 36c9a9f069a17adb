"""The packs, checked by their own examples and against the documents that they quote."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from contracts.events.values import NATION
from contracts.policies.language import Edition, Example, Indicator, Pack, Rule, Text, Told
from contracts.policies.shipped import FOLDER, shipped
from services.core.answers.document import explanation
from services.core.authoring.company import wrong_in_company
from services.core.authoring.examples import play
from services.core.authoring.lacking_examples import lacking_examples
from services.core.authoring.rule_checks import OF_THE_RULE
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
        for name, rule in edition.rules.items():
            yield edition, name, rule


def indicators_of(pack: Pack) -> Iterator[tuple[str, Indicator]]:
    for edition in pack.editions:
        yield from edition.indicators.items()


def quoting(pack: Pack) -> Iterator[tuple[str, Told | Indicator]]:
    """Yield what quotes the document of a pack: what is told about each rule and its parts, and the figures."""
    yield from ((f"{name} {part}", told) for _, name, rule in rules_of(pack) for part, told in rule.told.items())
    yield from indicators_of(pack)


def document(place: str) -> str:
    """Return the document that the pack's file names, without the blanks and line ends of the scan."""
    head = next(path.read_text() for path in FOLDER.glob("*.yaml") if f'jurisdiction: "{place}"' in path.read_text())
    named = re.search(r"docs/policies/source/[a-z0-9-]+\.txt", head.partition("\n")[0])
    assert named, f"the first line of the pack of {place} names its document"
    return without_blanks((ROOT / named[0]).read_text())


def quoted(sentence: str) -> re.Pattern[str]:
    """Return what a document says that is quoted so: verbatim but for marks and blanks, with …… where something is left
    out. Names of clauses are ours."""
    pieces = re.sub(r"（[A-Z]{2}-[0-9]{2}）", "", sentence).split("……")
    return re.compile(".*?".join(re.escape(words_alone(piece)) for piece in pieces))


def words_alone(text: str) -> str:
    """Return a text without marks and blanks, with one form of each letter and digit."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one)[0] in "LN")


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
    said = words_alone(document(place))
    texts = [(name, one.text.zh) for name, one in quoting(LOCAL[place])]
    assert [(name, text) for name, text in texts if not quoted(text).search(said)] == []


@pytest.mark.parametrize(
    ("sentence", "is_quoted"),
    [
        ("取得学历，相关专业只要是社会学、社会政策等专业。", True),
        ("取得 学历……社会学……等专业", True),
        ("取得学历，社会学、社会政策等专业。", False),
        ("取得学历：社会学、社会政策等专业", False),
        ("社会学……取得学历", False),
        ("……等专业（LC-05）", True),
        ("取得学历，相关专业只要是社会学等专业", False),
    ],
)
def test_a_quote_says_where_it_leaves_words_out(sentence: str, is_quoted: bool) -> None:
    """A32."""
    document = words_alone("取得学历，相关专业只要是 社会学、社会政策等专业；")
    assert bool(quoted(sentence).search(document)) is is_quoted


def test_what_the_ledger_reads_into_a_clause_stands_beside_it_in_the_explanation() -> None:
    """LC-24: that the county or the unit must have a measure (R-27) is a reading; the clause says related rules."""
    answer = ask(someone, "allowance", "2022-01-01", "371500")
    tree = explanation(answer.node, answer.ground.told, OF_THE_RULE)
    assert "有关单位的办法" not in tree["text"]["zh"]
    assert "发放须有县（市、区）或有关单位的办法（R-27）" in tree["interpretation"]["zh"]
    role = next(child for child in tree["children"] if child["rule"] == "role")
    assert (role["text"]["zh"], "R-17" in role["interpretation"]["en"]) == ("社区工作者。", True)


def test_a_text_is_told_as_it_stands_and_braces_in_it_mean_nothing() -> None:
    hours = ask(someone, "continuing_education.annual", "2024-01-01", "410100")
    braced = {**hours.ground.told, OF_THE_RULE: Told(Text(zh="{counted_hours}学时", en="{"))}
    assert explanation(hours.node, braced, OF_THE_RULE)["text"] == {"zh": "{counted_hours}学时", "en": "{"}


@pytest.mark.parametrize("place", PINNED)
def test_every_rule_and_figure_quotes_something(place: str) -> None:
    pack = PINNED[place].pack
    assert [name for _, name, rule in rules_of(pack) if not rule.told[OF_THE_RULE].key_terms] == []
    assert [name for name, one in indicators_of(pack) if not one.key_terms] == []


@pytest.mark.parametrize("place", PINNED)
def test_a_pack_lacks_nothing_in_the_company_of_those_around_it(place: str) -> None:
    assert list(wrong_in_company(place, PINNED)) == []


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
        assert one.clause in clause.split(", ")
        number = re.fullmatch(r"≥ ([0-9,]+)", target)
        assert one.target == (int(number[1].replace(",", "")) if number else None), id_
        assert one.each_year is (day == "each year"), id_
        assert one.deadline == (date.fromisoformat(day) if re.match(r"20", day) else None), id_
        assert not one.deadline or "R-25" in one.readings


def row_of(clause: str) -> str:
    """Return what the register says of a national fact."""
    return next(line for line in REGISTER.splitlines() if line.startswith(f"| {clause} |"))


def noted(clause: str) -> set[str]:
    """Return how far the register could confirm a national fact: C, C2 or M, several where its parts differ.

    That nothing was found is confirmed by nothing.
    """
    found = set(re.findall(r"\b(?:C2?|M)\b", row_of(clause).rstrip("| ").rpartition("|")[2]))
    return {"M"} if "not found" in row_of(clause) else found


def test_a_national_fact_is_told_as_confirmed_exactly_where_the_register_confirmed_it() -> None:
    for _, name, rule in rules_of(PINNED[NATION].pack):
        facts = [noted(clause) for clause in (rule.clause, *rule.further_clauses)]
        if {"C2"} in facts or {"M"} in facts:
            assert rule.source_status != "confirmed", name
        elif all(fact == {"C"} for fact in facts):
            assert rule.source_status == "confirmed", name


def test_a_national_answer_names_the_document_that_states_it() -> None:
    registration = ask(someone, "registration", "2024-01-01", "350100")
    assert registration.policy.document == "民发〔2009〕44号"
    [recognition] = [rule.document for _, name, rule in rules_of(PINNED[NATION].pack) if name == "recognition"]
    assert recognition
    assert ask(someone, "recognition", "2024-01-01", "350100").policy.document == recognition
    assert ask(someone, "allowance", "2024-01-01", "350100").policy.document == LOCAL["350000"].editions[0].document


# The examples of a pack are its tests: every outcome that a rule can have, and both sides of every day that decides.


@pytest.mark.parametrize("place", PINNED)
def test_a_pack_has_examples_of_every_outcome_and_of_both_sides_of_every_day(place: str) -> None:
    """Its rules, the days of its texts, and the windows in which hours are counted."""
    assert list(lacking_examples(PINNED[place].pack)) == []
