"""Every answer about every random career, and its standing, is what its published JSON Schema says."""

from datetime import UTC, datetime

from contracts.document import plain
from contracts.events.revisions import resolve
from services.core.answers.document import alternatives, explained
from services.core.facts.oddities import findings_of
from services.core.questions.standing import stand
from services.core.questions.timeline import Budget
from services.core.questions.whole import alternatives_of
from services.core.rules.verdict import Question, judgement
from services.projections.api.timeline import History, along_days, along_knowledge
from services.projections.ask import standing_document
from services.runtime.ledgers import LedgerRow
from tests.campaign.careers import career, questioned_days
from tests.campaign.test_oracle import PINNED, PLACES, drawing, played, recorded, recorded_rules, rules_of
from tests.campaign.test_timelines import ENOUGH, asked_of
from tests.published import recomputed, whole_document, wrong

TIMELINES_PER_CAREER = 3


def test_every_answer_is_as_published(seed: int) -> None:
    life, facts, answers = played(seed)
    findings = findings_of(resolve(recorded(life)), facts)
    for place, _, question, given in answers:
        document = whole_document(given, question, findings)
        assert wrong("determination", document) == [], (seed, place, question)
        assert recomputed(document) == document["answer_digest"], (seed, place, question)


def test_the_standing_of_a_random_career_is_as_published(seed: int) -> None:
    life, facts, _ = played(seed)
    random = drawing(seed)
    for as_of in questioned_days(random, life, 1):
        rules = rules_of(life, random.choice(PLACES))
        found = stand(rules, facts, as_of)
        told = {
            name: {
                **judgement(one),
                "alternatives": alternatives(alternatives_of(rules, facts, Question(name, as_of), one)),
                "explanation": explained(one),
            }
            for name, one in found.determinations.items()
        }
        document = standing_document(
            ledger="l",
            practitioner_id="p",
            jurisdiction=found.jurisdiction,
            as_of=as_of,
            known_at_position=1,
            projected=False,
            next_change_on=found.next_change_on,
            determinations=plain(told),
        )
        assert wrong("standing", document) == []


def test_the_timelines_of_a_random_career_are_as_published(seed: int) -> None:
    life = career(seed)
    own = recorded(life)
    rule_events = recorded_rules(life, after=len(own))
    if not own:
        return  # Of a person without events there is no answer at all: 404.
    known_on = {event.position: "2025-01-01T00:00:00.000000Z" for event in (*own, *rule_events)}
    digests = {place: pinned.digest for place, pinned in PINNED.items()}
    ledger = LedgerRow("l", life.home, "t", "o", datetime(2025, 1, 1, tzinfo=UTC), digests)
    packs = {pinned.digest: pinned for pinned in PINNED.values()}
    history = History(ledger, max(known_on), own, rule_events, known_on, packs)
    random = drawing(seed)
    day = questioned_days(random, life, 1)[0]
    for asked in random.sample(asked_of(seed), TIMELINES_PER_CAREER):
        about = {"ledger": "l", "practitioner_id": "p", "determination": asked.determination, "jurisdiction": None}
        days = along_days({**about, "axis": "as_of"}, history, asked, None, None, day, Budget(ENOUGH))
        knowledge = along_knowledge(
            {**about, "axis": "known_at"}, history, asked, day, day, (None, None), 0, Budget(ENOUGH)
        )
        assert wrong("timeline", days) == [], (seed, asked)
        assert wrong("timeline", knowledge) == [], (seed, asked)
