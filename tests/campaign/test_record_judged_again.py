"""An engine repeats every judgement that it ever recorded; otherwise it is another engine."""

import pytest
from msgspec.structs import fields, replace

from services.core.answers.digest import Judged
from services.core.rules.engine import ENGINE
from tools.recorded import (
    AGREED,
    FOLDER,
    JUDGED,
    changed_answers,
    read_record,
    record_of,
    without_what_was_to_change,
)

RAISED = f"ENGINE is {ENGINE} now: record what it judges with `python -m tools.record`"
RARELY = 300
"""Of so many careers of an earlier engine one is judged for each that `--careers` asks for."""
ABOUT = {
    "determination",
    "ledger",
    "practitioner_id",
    "jurisdiction",
    "as_of",
    "period",
    "level",
    "year",
    "known_at_position",
}


def test_an_engine_judges_as_it_was_recorded_to() -> None:
    """A judgement that is meant to change raises ENGINE: stored rows and answers of before name another one."""
    path = record_of(ENGINE)
    assert path.exists(), RAISED
    changed = list(changed_answers(read_record(path)))
    assert not changed, "\n".join([f"{len(changed)} answers have changed, and ENGINE has not:", *changed[:20]])


@pytest.mark.parametrize("engine", AGREED)
def test_an_engine_still_agrees_with_an_earlier_one_where_nothing_was_to_change(
    engine: int, pytestconfig: pytest.Config
) -> None:
    """Engine 1 judged packs of language 1 as they are, and those after it as they are rewritten in language 2."""
    record = read_record(record_of(engine))
    some = record.careers[:: max(1, RARELY // pytestconfig.getoption("--careers"))]
    record = without_what_was_to_change(replace(record, careers=some))
    assert list(changed_answers(record, AGREED[engine])) == []


def test_every_earlier_record_that_is_kept_is_compared() -> None:
    assert {path.name for path in FOLDER.glob("engine-*")} == {record_of(one).name for one in (*AGREED, ENGINE)}


def test_a_changed_answer_is_told_with_its_question_and_both_judgements() -> None:
    """This shows that the test above would notice a change."""
    record = read_record(record_of(ENGINE))
    career = record.careers[0]
    day = career.days[0]
    [changed, *others] = day.answers
    changed = replace(changed, judged={**changed.judged, "status": "perhaps", "clauses": ["X-1"]})
    altered = replace(career, days=[replace(day, answers=[changed, *others])])
    [told] = changed_answers(replace(record, careers=[altered]))
    assert told.startswith(f"career 1, {day.place}, {day.as_of}, {changed.determination}: ")
    assert 'status "perhaps" -> "' in told
    assert 'clauses ["X-1"] -> ["' in told


def test_what_is_recorded_is_what_the_digest_of_an_answer_covers() -> None:
    assert {*JUDGED, *ABOUT, "engine"} == {field.name for field in fields(Judged)}
