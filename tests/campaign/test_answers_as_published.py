"""Every answer about every random career is what its published JSON Schema says."""

from tests.campaign.test_oracle import played
from tests.rules.test_answer_schemas import DETERMINATION, whole, wrong


def test_every_answer_is_as_published(seed: int) -> None:
    _, facts, answers = played(seed)
    for place, _, question, given in answers:
        assert wrong(DETERMINATION, whole(given, question, facts.findings)) == [], (seed, place, question)
