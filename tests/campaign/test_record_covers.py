"""The recorded answers together cover every outcome that random careers reach."""

from functools import cache

from services.core.rules.engine import ENGINE
from tests.campaign.test_oracle import played
from tools.recorded import read_record, record_of


@cache
def recorded() -> frozenset[tuple[str, str, str | None, str]]:
    record = read_record(record_of(ENGINE))
    return frozenset(
        (answer.determination, answer.judged["status"], answer.judged["reason"], day.place)
        for career in record.careers
        for day in career.days
        for answer in day.answers
    )


def test_what_a_random_career_is_answered_is_among_the_recorded_answers(seed: int) -> None:
    """Else a change of it would not be seen: record again, with more careers."""
    reached = {
        (asked.determination, given.node.status, given.node.reason, place) for place, _, asked, given in played(seed)[2]
    }
    assert reached <= recorded(), seed
