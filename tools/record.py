"""Record what the engine judges, so that no judgement changes unnoticed.

Draws careers as `make campaign` does, asks every question under the rules of every place on a few days of each, and
keeps a small set that together reaches every (determination, status, reason, place) and every form of result found.
Adds lives written by hand, whose answers turn on a day that drawn careers do not meet.
Does the same under drawn packs with several texts and competing standards, on both sides of every turn.
A record of the running engine is only replaced if every answer in it still holds. That of an earlier engine stays,
after its changed answers have been shown: tests say in which members of its answers the running engine still agrees.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from random import Random

import msgspec

from contracts.document import plain
from contracts.events.values import NATION
from contracts.policies.shipped import shipped
from services.cli.progress import shown
from services.core.rules.engine import ENGINE
from services.core.rules.verdict import Determination, Question
from services.demo.forms import http
from services.demo.lives import Life, someone
from tests.campaign.careers import PLACES, Career, career, questioned_days
from tools.record_other_packs import other_answers
from tools.recorded import (
    FOLDER,
    Head,
    Judge,
    JudgedCareer,
    Packs,
    Record,
    RecordedAnswer,
    RecordedCareer,
    RecordedDay,
    changed_answers,
    read_record,
    record_of,
    write_record,
)
from tools.sorts import Sort, form_of, numbered, questions

CAREERS = 5_000
RARE: Sequence[tuple[Life, date]] = (
    # The month from 31 January ends on 29 February, so 28 days of service are none (N-17).
    (someone.employed("2020-01-31").left("2020-02-27"), date(2020, 3, 1)),
)
"""Lives with a day on which to ask. Each turns on a day that the calendar seldom has."""
DAYS_PER_CAREER = 3
MOST_SHOWN = 20
ROOM_OF_ANSWERS = 5
"""The size of the answers of one day, in events."""


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
    packs = {place: msgspec.Raw(pack.document) for place, pack in shipped().items()}
    careers = [*under_shipped_packs(packs, options.careers), *on_rare_days(packs)]
    drawn_packs, under_drawn = under_drawn_packs()
    careers += under_drawn
    write_record(path, Record(Head(ENGINE, packs, drawn_packs), careers))
    answers = sum(len(day.answers) for career in careers for day in career.days)
    sys.stdout.write(f"{path.name}: {len(careers)} careers, {answers:,} answers, {path.stat().st_size:,} B\n")
    return 0


def under_shipped_packs(packs: Packs, careers: int) -> Iterator[RecordedCareer]:
    """Yield careers with the answers to be recorded under the rules of every place."""
    judge = Judge(packs)
    chosen = covering(drawn(judge, careers))
    for life, days in groupby(chosen, key=lambda day: day.life):
        judged = judge.career(life.events, life.standards)
        recorded = [_recorded_day(judged, day.place, day.as_of, questions(day.as_of)) for day in days]
        yield RecordedCareer(life.events, life.standards, recorded)


def on_rare_days(packs: Packs) -> Iterator[RecordedCareer]:
    """Yield the lives written by hand, with the answers to be recorded under the rules of the nation."""
    judge = Judge(packs)
    for life, as_of in RARE:
        events = http(life)
        yield RecordedCareer(events, (), [_recorded_day(judge.career(events, ()), NATION, as_of, questions(as_of))])


def under_drawn_packs() -> tuple[Sequence[Packs], Sequence[RecordedCareer]]:
    """Return drawn packs, and careers with the answers to be recorded under them."""
    packs: list[Packs] = []
    careers = []
    for drawn_packs, of_packs in groupby(other_answers(), key=lambda other: other.drawn):
        judge = Judge(drawn_packs.packs)
        for other in of_packs:
            judged = judge.career(other.life.events, other.life.standards)
            days = groupby(sorted(other.questions, key=_day_of), key=_day_of)
            recorded = [_recorded_day(judged, drawn_packs.place, as_of, about) for as_of, about in days]
            careers.append(RecordedCareer(other.life.events, other.life.standards, recorded, len(packs)))
        packs.append(drawn_packs.packs)
    return packs, careers


def _day_of(question: Question) -> date:
    return question.as_of


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


def _days(judge: Judge, life: Career) -> Iterator[Drawn]:
    judged = judge.career(life.events, life.standards)
    for as_of in questioned_days(Random(life.seed), life, DAYS_PER_CAREER):  # noqa: S311 - drawn again, no secret.
        for place in PLACES:
            answers = (judged.determination(place, question) for question in questions(as_of))
            yield Drawn(life, place, as_of, frozenset(sort for answer in answers for sort in _sorts(place, answer)))


def _recorded_day(judged: JudgedCareer, place: str, as_of: date, about: Iterable[Question]) -> RecordedDay:
    answers = [
        RecordedAnswer(question.determination, judged.judged(place, question), question.period, question.level)
        for question in about
    ]
    return RecordedDay(place, as_of, answers)


def _sorts(place: str, answer: Determination) -> tuple[Sort, Sort]:
    """Return two sorts of an answer: by status and place, and by status and form of the result."""
    node = answer.node
    reached = (answer.determination, node.status, node.reason)
    return (*reached, place), (*reached, *(form_of(name, value) for name, value in plain(node.result).items()))


if __name__ == "__main__":
    sys.exit(main())
