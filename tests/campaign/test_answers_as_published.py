"""Every answer about every random career, and its standing, is what its published JSON Schema says."""

import json

from services.projections.answers import standing_document
from services.projections.policy.answer import alternatives, explained, judgement
from services.projections.standing import stand
from tests.campaign.careers import questioned_days
from tests.campaign.test_answer_schemas import whole
from tests.campaign.test_oracle import PLACES, drawing, played, rules_of
from tests.published import wrong


def test_every_answer_is_as_published(seed: int) -> None:
    _, facts, answers = played(seed)
    for place, _, question, given in answers:
        assert wrong("determination", whole(given, question, facts.findings)) == [], (seed, place, question)


def test_the_standing_of_a_random_career_is_as_published(seed: int) -> None:
    life, facts, _ = played(seed)
    random = drawing(seed)
    for as_of in questioned_days(random, life, 1):
        found = stand(rules_of(life, random.choice(PLACES)), facts, as_of, alternatives=True)
        told = {
            name: {**judgement(one), "alternatives": alternatives(one), "explanation": explained(one)}
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
            determinations=json.loads(json.dumps(told, default=str)),
        )
        assert wrong("standing", document) == []
