"""Record what the engine judges, so that no judgement changes unnoticed.

Draws careers as `make campaign` does, asks every question under the rules of every place on a few days of each, and
keeps a small set that together reaches every (determination, status, reason, place) and every form of result found.
A record of the running engine is only replaced if every answer in it still holds. The record of an earlier engine is
deleted, after its changed answers have been shown.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from random import Random
from typing import Any, get_args
from uuid import UUID

import msgspec

from contracts.document import plain
from contracts.events.values import DeterminationId, ExamLevel
from contracts.policies.shipped import shipped
from services.cli.progress import shown
from services.core.rules.engine import ENGINE
from services.core.rules.verdict import Determination, Question
from tests.campaign.careers import PLACES, Career, career, questioned_days
from tools.recorded import (
    FOLDER,
    Head,
    Judge,
    JudgedCareer,
    Record,
    RecordedAnswer,
    RecordedCareer,
    RecordedDay,
    changed_answers,
    read_record,
    record_of,
    write_record,
)

CAREERS = 5_000
DAYS_PER_CAREER = 3
MOST_SHOWN = 20
PERIODS = (None, 0, -1, -2, 1)
"""Periods of the annual figure, in years from that of the day; None asks without a period."""
OWN_WORDS = frozenset({"post", "standard"})
"""Members of a result that hold free text."""
ROOM_OF_ANSWERS = 5
"""The size of the answers of one day, in events."""

Sort = tuple[Any, ...]


@dataclass(frozen=True)
class Drawn:
    """One day of a career under the rules of one place, and the sorts of answer that it reaches."""

    life: Career
    place: str
    as_of: date
    reaches: frozenset[Sort]


def main() -> int:
    """Return 0 if the record is written, 1 if an answer of the running engine has changed."""
    parser = argparse.ArgumentParser(prog="python -m tools.record", description=__doc__)
    parser.add_argument("--careers", type=int, default=CAREERS, help=f"how many are drawn ({CAREERS:,})")
    options = parser.parse_args()
    path = record_of(ENGINE)
    before = sorted(FOLDER.glob("engine-*.jsonl.xz"))
    for recorded_before in before:
        record = read_record(recorded_before)
        changed = list(changed_answers(record))
        lines = [*changed[:MOST_SHOWN], f"{len(changed):,} answers of engine {record.head.engine} have changed"]
        sys.stderr.write("\n".join(lines) + "\n")
        if changed and recorded_before == path:
            sys.stderr.write("raise ENGINE in services/core/rules/engine.py first\n")
            return 1
    judge = Judge({place: pack.document for place, pack in shipped().items()})
    chosen = covering(drawn(judge, options.careers))
    head = Head(ENGINE, {place: msgspec.Raw(pack.document) for place, pack in shipped().items()})
    careers = [_recorded(judge, life, list(days)) for life, days in groupby(chosen, key=lambda day: day.life)]
    write_record(path, Record(head, careers))
    for recorded_before in before:
        if recorded_before != path:
            recorded_before.unlink()
    answers = sum(len(day.answers) for career in careers for day in career.days)
    sys.stdout.write(f"{path.name}: {len(careers)} careers, {answers:,} answers, {path.stat().st_size:,} B\n")
    return 0


def drawn(judge: Judge, careers: int) -> list[Drawn]:
    """Return the days, in the order drawn, on which a new sort of answer came up."""
    reached: set[Sort] = set()
    chosen = []
    with shown() as tell:
        for seed in range(careers):
            tell(seed, careers, f"{seed:,} of {careers:,} careers, {len(reached):,} sorts of answer")
            for day in _days(judge, numbered(career(seed))):
                if not day.reaches <= reached:
                    reached |= day.reaches
                    chosen.append(day)
    return chosen


def covering(days: Sequence[Drawn]) -> list[Drawn]:
    """Return a small subset of the days, in their order, that reaches every sort which all of them reach.

    Chooses greedily the day that reaches most missing sorts for its size, the first among equals.
    """
    missing = set().union(*(day.reaches for day in days))
    chosen = []
    while missing:
        best = max(days, key=lambda day: len(day.reaches & missing) / (len(day.life.events) + ROOM_OF_ANSWERS))
        missing -= best.reaches
        chosen.append(best)
    return sorted(chosen, key=days.index)


def numbered(life: Career) -> Career:
    """Return the career with numbers as event ids: random ids would be half of its compressed size."""
    events = msgspec.json.encode(life.events).decode()
    for number, event in enumerate(life.events, start=1):
        events = events.replace(event["event_id"], str(UUID(int=number)))
    return replace(life, events=tuple(msgspec.json.decode(events)))


def questions(as_of: date) -> Iterator[Question]:
    """Yield every question about a day; for the annual figure also those about the years around it."""
    for name in get_args(DeterminationId):
        if name == "exam.complete":
            yield from (Question(name, as_of, level=level) for level in get_args(ExamLevel))
        elif name == "continuing_education.annual":
            yield from (Question(name, as_of, None if years is None else as_of.year + years) for years in PERIODS)
        else:
            yield Question(name, as_of)


def _days(judge: Judge, life: Career) -> Iterator[Drawn]:
    judged = judge.career(life.events, life.standards)
    for as_of in questioned_days(Random(life.seed), life, DAYS_PER_CAREER):  # noqa: S311 - drawn again, no secret.
        for place in PLACES:
            answers = (judged.determination(place, question) for question in questions(as_of))
            yield Drawn(life, place, as_of, frozenset(sort for answer in answers for sort in _sorts(place, answer)))


def _recorded(judge: Judge, life: Career, days: Sequence[Drawn]) -> RecordedCareer:
    judged = judge.career(life.events, life.standards)
    return RecordedCareer(life.events, life.standards, [_recorded_day(judged, day) for day in days])


def _recorded_day(judged: JudgedCareer, day: Drawn) -> RecordedDay:
    answers = [
        RecordedAnswer(question.determination, judged.judged(day.place, question), question.period, question.level)
        for question in questions(day.as_of)
    ]
    return RecordedDay(day.place, day.as_of, answers)


def _sorts(place: str, answer: Determination) -> tuple[Sort, Sort]:
    """Return two sorts of an answer: by status and place, and by status and form of the result."""
    node = answer.node
    reached = (answer.determination, node.status, node.reason)
    return (*reached, place), (*reached, *(_form(name, value) for name, value in plain(node.result).items()))


def _form(name: str, value: Any) -> Any:
    """Return a value of a result with every day, figure and free text replaced."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        return frozenset(_form(name, item["reason"] if isinstance(item, Mapping) else item) for item in value)
    is_code = isinstance(value, str) and name not in OWN_WORDS and not value[:1].isdigit()
    return value if is_code else "…"


if __name__ == "__main__":
    sys.exit(main())
