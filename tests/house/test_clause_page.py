"""Every clause of the documents has a line that says where it is met, and every line is true."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from contracts.policies.shipped import REGISTER, shipped
from services.core.authoring.clauses import register_clauses, register_indicators
from tests.documents import text_with
from tools.clauses import Line, citations_by_prefix, disagreements, read_lines
from tools.reference import clause_reference

TEXT = REGISTER.read_text()
CLAUSES = register_clauses(TEXT)
INDICATORS = register_indicators(TEXT)
LINES = read_lines()


def documents() -> list[dict[str, Any]]:
    return [msgspec.json.decode(item.document) for item in shipped().values()]


def differing(lines: Mapping[str, Line], packs: list[dict[str, Any]] | None = None) -> list[str]:
    return disagreements(CLAUSES, INDICATORS, lines, citations_by_prefix(documents() if packs is None else packs))


def test_the_clauses_of_each_document_and_the_indicators_are_numbered_without_a_gap() -> None:
    """A row that is lost, or that nothing can read, leaves one."""
    numbers = defaultdict(list)
    for id_ in (*(clause.id for clause in CLAUSES), *INDICATORS):
        prefix, _, number = id_.partition("-")
        numbers[prefix].append(int(number))
    assert {"CD", "CX", "FJ", "LC", "ZZ", "I"} <= numbers.keys()
    assert [prefix for prefix, found in numbers.items() if found != [*range(1, len(found) + 1)]] == []


def test_each_clause_of_the_register_has_its_line() -> None:
    assert {clause.id for clause in CLAUSES} == LINES.keys()
    assert differing(LINES) == []


def test_every_indicator_of_the_register_belongs_to_a_clause() -> None:
    assert {item for line in LINES.values() for item in line.reported + line.indicators} == INDICATORS.keys()


def test_the_page_has_a_row_for_every_clause() -> None:
    page = clause_reference()
    for clause in CLAUSES:
        [row] = [line for line in page.splitlines() if line.startswith(f"| {clause.id} |")]
        assert row.split("|")[4].strip(), clause.id


def test_a_clause_without_a_line_is_told() -> None:
    lines = {id_: line for id_, line in LINES.items() if id_ != "FJ-09"}
    assert differing(lines) == ["FJ-09: has no line"]


def cited_for(clause: str, line: Line) -> set[str]:
    """Return the clauses that a pack must cite for a line to be true."""
    return {line.under.get(name, clause) for name in line.computed} | ({line.edition} if line.edition else set())


def without_rule(determination: str) -> Callable[[dict[str, Any]], None]:
    return lambda document: text_with(document, determination)["rules"].pop(determination)


@pytest.mark.parametrize(
    ("place", "determination", "message"),
    [
        ("371500", "allowance", "LC-24: no rule for allowance of Liaocheng cites LC-24"),
        ("532300", "continuing_education.plan_period", "CX-08: no rule for continuing_education.plan_period"),
        ("510100", "grade", "CD-19: no rule for grade of Chengdu cites CD-19"),
        ("532300", "grade", "CX-17: no rule for grade of Chuxiong cites CX-17"),
        ("100000", "continuing_education.registration_term", "CD-05: no rule for continuing_education.registration"),
    ],
)
def test_a_clause_removed_from_a_pack_breaks_the_build(place: str, determination: str, message: str) -> None:
    packs = documents()
    [document] = [item for item in packs if item["jurisdiction"] == place]
    without_rule(determination)(document)
    assert [item for item in differing(LINES, packs) if item.startswith(message)]


BY_A_PACK = sorted({clause for id_, line in LINES.items() for clause in cited_for(id_, line)})


@pytest.mark.parametrize("clause", BY_A_PACK)
def test_no_clause_is_told_as_computed_that_no_pack_cites(clause: str) -> None:
    other = f"{clause.partition('-')[0]}-00"
    uncited = [
        msgspec.json.decode(item.document.replace(clause.encode(), other.encode())) for item in shipped().values()
    ]
    assert [item for item in differing(LINES, uncited) if item.endswith(f" cites {clause}")]


REPORTED = [(clause, item) for clause, line in LINES.items() for item in line.reported]


@pytest.mark.parametrize(("clause", "indicator"), REPORTED)
def test_an_indicator_removed_from_a_pack_or_put_under_another_clause_breaks_the_build(
    clause: str, indicator: str
) -> None:
    for edit in (lambda figures: figures.pop(indicator), lambda figures: figures[indicator].update(clause="XX-01")):
        packs = documents()
        [figures] = [
            edition["indicators"]
            for document in packs
            for edition in document["editions"]
            if indicator in edition.get("indicators", {})
        ]
        edit(figures)
        assert [item for item in differing(LINES, packs) if item.startswith(f"{clause}: no indicator {indicator} of ")]


def test_a_figure_that_a_pack_begins_to_report_must_be_told() -> None:
    packs = documents()
    [chengdu] = [item for item in packs if item["jurisdiction"] == "510100"]
    figure = {"clause": "CD-03", "determination": "certificate"}
    text_with(chengdu, "I-07")["indicators"]["I-10"] = figure
    message = "CD-03: the pack of Chengdu reports I-10 under it, but its line does not"
    assert differing(LINES, packs) == [message]
    figure["determination"] = "continuing_education.annual"
    unanswered = "I-10: no rule answers continuing_education.annual, which the pack of Chengdu counts by it"
    assert differing(LINES, packs) == [message, unanswered]


def test_a_clause_that_a_pack_begins_to_use_must_be_told() -> None:
    packs = documents()
    [chengdu] = [item for item in packs if item["jurisdiction"] == "510100"]
    chengdu["editions"][0]["rules"]["reward.exam"] = {"clause": "CD-07"}
    assert differing(LINES, packs) == ["CD-07: the pack of Chengdu computes reward.exam by it, but its line does not"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (Line(recorded=("training.finished",)), "training.finished is not an event type or a field of one"),
        (
            Line(recorded=("training.completed.colour",)),
            "training.completed.colour is not an event type or a field of one",
        ),
        (Line(needs="counts"), "is R in the register, and nothing here says where"),
        (Line(recorded=("training.completed",), indicators=("I-99",)), "I-99 is not an indicator of the register"),
        (Line(recorded=("training.completed",), institutional=True), "is institutional, and something else beside it"),
        (Line(recorded=("training.completed",), computed=("wealth",)), "wealth is not a determination"),
        (Line(recorded=("training.completed",), reported=("I-99",)), "I-99 is not an indicator of the register"),
        (Line(recorded=("training.completed",), indicators=("I-20",)), "I-20 is not reported, and nothing here says"),
    ],
)
def test_a_line_that_names_what_does_not_exist_is_told(line: Line, message: str) -> None:
    """FJ-06 is R: recorded."""
    assert [item for item in differing({**LINES, "FJ-06": line}) if item.startswith(f"FJ-06: {message}")]


@pytest.mark.parametrize("clause", ["CX-19", "CX-29", "CX-33", "LC-17"])
def test_what_is_decided_elsewhere_is_not_told_as_computed(clause: str) -> None:
    [row] = [line for line in clause_reference().splitlines() if line.startswith(f"| {clause} |")]
    assert "recorded: `promotion.granted." in row
    assert "not computed, decided elsewhere: " in row
    assert "computed: " not in row


@pytest.mark.parametrize(
    "line",
    [
        Line(decided_elsewhere="the pay"),
        Line(
            recorded=("promotion.granted",), decided_elsewhere="the pay", computed=("grade",), under={"grade": "CX-17"}
        ),
    ],
)
def test_what_is_decided_elsewhere_is_computed_nowhere_and_rests_on_what_is_recorded(line: Line) -> None:
    [message] = differing({**LINES, "CX-19": line})
    assert message.startswith("CX-19: is decided elsewhere, so nothing computes it")


def test_the_page_names_the_indicator_where_the_ledgers_facts_decide_a_figure() -> None:
    page = clause_reference()
    for clause, indicator in REPORTED:
        [row] = [line for line in page.splitlines() if line.startswith(f"| {clause} |")]
        assert f"`GET …/indicators/{indicator}`" in row
    [row] = [line for line in page.splitlines() if line.startswith("| ZZ-02 |")]
    assert "not reported: I-14" in row


def test_a_line_for_a_clause_that_the_register_lacks_is_told() -> None:
    assert differing({**LINES, "FJ-99": Line(institutional=True)}) == ["FJ-99: the register has no such clause"]
