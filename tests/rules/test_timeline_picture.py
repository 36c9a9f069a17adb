"""The picture of a timeline, and the table beside it."""

import itertools
from datetime import date
from xml.etree import ElementTree

import pytest

from services.core.facts.place import place_on
from services.core.questions.known import person_known
from services.core.questions.standing import STANDING
from services.core.rules.evaluate import evaluate
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Question
from services.core.words.sentences import Lang
from services.projections.pages.page import FAILS, NEITHER, OPEN, FactLine
from services.projections.pages.timeline_svg import lanes_of, places_of, timeline_svg, timeline_table
from tests.lives import PINNED, recorded, someone, standard
from tests.rules.test_timeline import ALLOWANCE_IN_CHENGDU, knowledge

AS_OF = date(2025, 5, 10)
PLACE = "510107"
SVG = "{http://www.w3.org/2000/svg}"
KNOWN = knowledge(ALLOWANCE_IN_CHENGDU, [standard(PLACE, "2024-12-15", {"junior": "200"})])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_is_well_formed_and_needs_neither_style_nor_script_nor_another_host(lang: Lang) -> None:
    first, last, lanes = lanes_of(KNOWN, PLACE, STANDING, AS_OF)
    drawn = timeline_svg(first, last, AS_OF, lanes, lang)
    tree = ElementTree.fromstring(drawn)  # noqa: S314 - drawn by this test's own call.
    assert {element.tag.removeprefix(SVG) for element in tree.iter()}.isdisjoint({"style", "script", "image", "use"})
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in attributes if name == "style" or name.startswith("on") or name.endswith("href")}
    assert tree.attrib["role"] == "img"
    assert tree.attrib["aria-label"]


def test_every_status_is_told_by_its_word_and_its_mark_with_its_days() -> None:
    first, last, lanes = lanes_of(KNOWN, PLACE, ["allowance"], AS_OF)
    tree = ElementTree.fromstring(timeline_svg(first, last, AS_OF, lanes, "en"))  # noqa: S314 - as above.
    titles = [title.text for group in tree.iter(f"{SVG}g") for title in group.iter(f"{SVG}title")]
    assert titles == [
        "the rule is not in force 2020-01-01 – 2022-02-28",
        "not eligible 2022-03-01 – 2024-12-09",
        "eligible in principle 2024-12-10 – 2025-03-31",
        "not eligible 2025-04-01 – 2026-12-31",
    ]
    words = {text.text for group in tree.iter(f"{SVG}g") for text in group.iter(f"{SVG}text")}
    assert "✗ not eligible" in words


def test_the_spans_of_a_lane_follow_each_other_day_by_day_over_all_days_shown() -> None:
    first, last, lanes = lanes_of(KNOWN, PLACE, STANDING, AS_OF)
    assert (first, last) == (date(2020, 1, 1), date(2026, 12, 31))
    for lane in lanes:
        spans = lane.spans
        assert (spans[0].first, spans[-1].last) == (first, last)
        for before, after in itertools.pairwise(spans):
            assert (after.first - before.last).days == 1


def test_a_question_on_which_no_rule_ever_decides_has_no_lane() -> None:
    _, _, lanes = lanes_of(KNOWN, PLACE, STANDING, AS_OF)
    assert {"allowance", "registration", "benefit.apartment"} <= {lane.determination for lane in lanes}
    assert "title" not in {lane.determination for lane in lanes}


def test_the_table_names_causes_and_escapes_every_text() -> None:
    odd = standard(PLACE, "2024-12-15", {"junior": "200"})
    history = ALLOWANCE_IN_CHENGDU.promoted("2023-01-01", 12)
    known = person_known(recorded(history), Rulebook(PLACE, PINNED, (odd,)))
    _, _, lanes = lanes_of(known, PLACE, ["allowance", "grade"], AS_OF)
    lines = {fact.event_id: FactLine(fact.position, "", "<b>&</b>") for fact in known.stream.facts}
    figure = timeline_table(lanes, lines, "en")
    assert "the text of 2022-03-01 coming into force" in figure
    assert "time passing" in figure
    assert "record 4: &lt;b&gt;&amp;&lt;/b&gt;" in figure
    assert "<b>" not in figure
    ElementTree.fromstring(f"<div>{figure}</div>")  # noqa: S314 - as above.


AWAY_FOR_A_YEAR = knowledge(
    someone.employed("2021-01-01", "410105")
    .certified("2021-10-17")
    .registered("2021-12-01", "2026-12-31")
    .employed("2023-01-01", "510107")
    .employed("2024-01-01", "410105")
)


def test_where_no_place_is_asked_for_each_day_is_drawn_by_the_rules_of_the_persons_place_on_it() -> None:
    _, _, (lane,) = lanes_of(AWAY_FOR_A_YEAR, None, ["continuing_education.annual"], AS_OF)
    drawn = {span.first: span.status for span in lane.spans}
    silent = {day for day, status in drawn.items() if status == "undefined_in_policy"}
    assert date(2023, 1, 1) in silent, "Chengdu has no annual figure"
    assert drawn[date(2024, 1, 1)] == "pending", "Zhengzhou has one"
    for day, status in drawn.items():
        place = place_on(AWAY_FOR_A_YEAR.facts, day, AWAY_FOR_A_YEAR.home)
        question = Question("continuing_education.annual", day)
        assert evaluate(AWAY_FOR_A_YEAR.rules(place), AWAY_FOR_A_YEAR.facts, question).node.status == status


def test_the_places_of_the_days_shown_are_told_in_turn_each_with_its_first_day() -> None:
    assert places_of(AWAY_FOR_A_YEAR, date(2022, 1, 1), date(2026, 12, 31)) == [
        (date(2022, 1, 1), "410105"),
        (date(2023, 1, 1), "510107"),
        (date(2024, 1, 1), "410105"),
    ]
    assert places_of(AWAY_FOR_A_YEAR, date(2022, 1, 1), date(2022, 12, 31)) == [(date(2022, 1, 1), "410105")]


def test_who_never_sat_the_senior_exam_has_no_lane_of_it_and_who_did_is_neutral_before() -> None:
    _, _, lanes = lanes_of(KNOWN, PLACE, ["certificate.senior_route"], AS_OF)
    assert lanes == []
    sat = someone.senior_proof_issued("2021-03-01", "2024-02-29")
    _, _, (lane,) = lanes_of(knowledge(sat), PLACE, ["certificate.senior_route"], AS_OF)
    assert [(span.status, span.kind) for span in lane.spans] == [
        ("not_applicable", NEITHER),
        ("pending", OPEN),
        ("not_met", FAILS),
    ]
