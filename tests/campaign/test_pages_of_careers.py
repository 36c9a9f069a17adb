"""Whatever a career holds, its page can be rendered in both languages and says what the answers say."""

import re
from typing import get_args

import pytest

from contracts.events.revisions import resolve
from contracts.policies.language import Text
from contracts.policies.shipped import shipped
from services.core.facts.oddities import findings_of
from services.core.questions.standing import STANDING
from services.core.questions.whole import whole_answer
from services.core.rules.book import talents_of
from services.core.rules.verdict import Question
from services.core.words.catalogue import DETERMINATION_NAMES, REASONS, STATUSES
from services.core.words.events import Names
from services.core.words.sentences import Lang
from services.projections.api.pages import facts_in_words
from services.projections.pages.page import About
from services.projections.pages.rendering import as_html, as_text
from services.projections.pages.standing import page_of
from tests.api.test_pages import Outline
from tests.campaign.careers import Career, questioned_days
from tests.campaign.test_oracle import PLACES, drawing, played, recorded, rules_of
from tests.published import whole_document

CODE_WORD = re.compile(r"[a-z]+[_:.][a-z_]+")


@pytest.mark.parametrize("lang", get_args(Lang))
def test_a_page_can_be_made_of_every_career(seed: int, lang: Lang) -> None:
    life, facts, _ = played(seed)
    random = drawing(seed)
    rules = rules_of(life, random.choice(PLACES))
    (as_of, *_) = questioned_days(random, life, 1)
    asked = [Question(name, as_of) for name in STANDING]
    findings = findings_of(resolve(recorded(life)), facts)
    answers = [whole_document(whole_answer(rules, facts, question), question, findings) for question in asked]
    about = About(
        ledger="l",
        practitioner_id="p",
        linked=(),
        jurisdiction=rules.jurisdiction,
        place=Text(zh="某地", en="a place"),
        as_of=as_of,
        known_at_position=len(life.events),
        recorded_at="2026-01-01 09:00:00+08:00",
        projected=False,
        moves_on=None,
        moves_to="",
        applied={name: rules.answering(facts, Question(name, as_of)).provision for name in STANDING},
    )
    lines = dict(
        facts_in_words(
            recorded(life), rules.standards, Names(talents=talents_of(pack.pack for pack in shipped().values())), lang
        )
    )
    page = page_of(about, answers, lines, lang=lang, other_language="?")
    shown, text = Outline(as_html(page)).text, as_text(page)
    for answer in answers:
        zh, en = DETERMINATION_NAMES[answer["determination"]]
        title = zh if lang == "zh" else en
        assert title in shown
        assert title in text
        assert answer["status"] in STATUSES
        assert answer["reason"] is None or answer["reason"] in REASONS, answer["reason"]
    assert all(fact.text for fact in page.facts)
    # Codes are written with underscores, colons or dots; what people wrote in a career has none. What a correction sets
    # stays as it came where its event has no such member.
    assert [word for word in CODE_WORD.findall(text) if word not in set_by_corrections(life)] == []


def set_by_corrections(life: Career) -> str:
    return str([event["data"]["set"] for event in life.events if event["type"] == "event.corrected"])


def test_every_place_is_asked() -> None:
    assert {pack[:2] for pack in shipped()} - {"10"} <= {place[:2] for place in PLACES}
