"""The recorded answers together reach whatever random careers do."""

from functools import cache

from services.core.rules.engine import ENGINE
from tests.campaign.test_oracle import played
from tools.recorded import read_record, record_of


@cache
def recorded() -> frozenset[tuple[str, str, str | None, str]]:
    record = read_record(record_of(ENGINE))
    return frozenset(
        (one.determination, one.judged["status"], one.judged["reason"], asking.place)
        for career in record.careers
        for asking in career.askings
        for one in asking.asked
    )


def test_what_a_random_career_is_answered_is_among_the_recorded_answers(seed: int) -> None:
    """Else a change of it would not be seen: record again, with more careers."""
    reached = {
        (asked.determination, given.node.status, given.node.reason, place) for place, _, asked, given in played(seed)[2]
    }
    assert reached <= recorded(), seed
