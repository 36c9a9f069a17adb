"""What a page says beside the answers: the day of a designation, and what every national answer says besides."""

from datetime import date
from typing import Any

from contracts.policies.language import Text
from services.core.rules.verdict import Question
from services.core.words.sentences import Lang
from services.projections.pages.page import About, FactLine
from services.projections.pages.rendering import as_html, as_text
from services.projections.pages.standing import page_of
from tests.explaining import CITY_WITH_ALLOWANCE, asked
from tests.lives import Life, facts_of, recorded, rules_of, someone

TODAY = "2026-11-29"
DESIGNATED = someone.supervisor_designated("2019-05-10", "senior", jurisdiction=CITY_WITH_ALLOWANCE)


def pages(life: Life, *determinations: str, lang: Lang = "zh") -> list[str]:
    """Return the page of some answers as text and as HTML."""
    answers: list[dict[str, Any]] = [asked(CITY_WITH_ALLOWANCE, name, TODAY, life) for name in determinations]
    rules, facts, day = rules_of(CITY_WITH_ALLOWANCE), facts_of(life), date.fromisoformat(TODAY)
    about = About(
        ledger="l",
        practitioner_id="p",
        linked=(),
        jurisdiction=CITY_WITH_ALLOWANCE,
        place=Text(zh="某地", en="a place"),
        as_of=day,
        known_at_position=len(life),
        recorded_at="2026-01-01 09:00:00+08:00",
        projected=False,
        moves_on=None,
        moves_to="",
        applied={name: rules.answering(facts, Question(name, day)).provision for name in determinations},
    )
    lines = {event.event_id: FactLine(event.position, event.occurred_on, "…") for event in recorded(life)}
    page = page_of(about, answers, lines, lang=lang, other_language="?")
    return [as_text(page), as_html(page)]


def test_beside_the_day_since_which_a_designation_counts_stands_the_day_on_which_it_was_made() -> None:
    """CD-06: not before the text is in force; the designation is older."""
    for page in pages(DESIGNATED, "supervisor"):
        assert "2022-03-01（2019-05-10被认定）" in page
    for page in pages(DESIGNATED, "supervisor", lang="en"):
        assert "2022-03-01 (designated on 2019-05-10)" in page


def test_the_day_of_a_designation_is_not_told_twice() -> None:
    newer = someone.supervisor_designated("2023-05-10", "senior", jurisdiction=CITY_WITH_ALLOWANCE)
    for page in pages(newer, "supervisor"):
        assert "被认定）" not in page


def test_what_every_national_answer_says_besides_stands_once_on_a_page() -> None:
    """N-26, N-25."""
    for page in pages(someone, "certificate", "registration", "allowance"):
        assert page.count("N-26：中共中央办公厅、国务院办公厅2026年3月1日") == 1
        assert page.count("N-25：2023年起社会工作由中央社会工作部主管") == 1
    for page in pages(someone, "allowance"):
        assert "N-26" not in page
