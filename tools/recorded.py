"""Recorded answers, and whether the engine still gives them.

There is one file for each engine, `tests/golden/engine-<number>.jsonl.xz`: a line with the packs, then a line for each
career, with its recorded events and local standards and the questions with their answers. The file names nothing in the
code, so it can be judged again however the code is rearranged; and it has its own packs, so that no change of a shipped
pack affects it. Beside the packs that were shipped it has others, drawn at random: with several texts a place.
"""

import lzma
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from contracts.events.revisions import Recorded, resolve
from contracts.events.values import ExamLevel
from contracts.policies.language import LocalStandard
from contracts.policies.packs import PinnedPack
from contracts.policies.pinned import name_of_today, read_pack
from services.core.answers.document import evidence
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.local_standards import registered_standards
from services.core.rules.verdict import Determination, Period, Question, judgement

FOLDER = Path(__file__).parents[1] / "tests" / "golden"
JUDGED = ("status", "reason", "result", "clauses", "readings", "evidence", "policy")
"""The members of an answer that are its judgement; the question is recorded beside them."""
AGREED: Mapping[int, Sequence[str]] = {1: ("status", "clauses"), 2: ("status", "clauses")}
"""The members in which the running engine agrees with an earlier one about the answers that the earlier one gave."""
JUDGED_OTHERWISE = frozenset({"certificate.senior_route", "grade", "reward.exam"})
"""What engine 3 judges otherwise than those before it, whatever the pack: the route (R-39), posts that a ladder does
not list (R-32), a measure for a certificate on which a person must decide."""

Packs: TypeAlias = Mapping[str, msgspec.Raw]


class RecordedAnswer(Struct, frozen=True, omit_defaults=True):
    """A question about a career, and the judgement. Its evidence is given as positions of events."""

    determination: str
    judged: Mapping[str, Any]
    period: Period | None = None
    level: ExamLevel | None = None


class RecordedDay(Struct, frozen=True, rename={"answers": "asked"}):
    """The answers under the rules of one place on one day."""

    place: str
    as_of: date
    answers: Sequence[RecordedAnswer]


class RecordedCareer(Struct, frozen=True, omit_defaults=True, rename={"days": "askings"}):
    """One person. `events` are in order of position, from 1; a standard has its own position.

    The answers are by the drawn packs with the index `drawn`, or by the shipped ones.
    """

    events: Sequence[Mapping[str, Any]]
    standards: Sequence[Mapping[str, Any]]
    days: Sequence[RecordedDay]
    drawn: int | None = None


class Head(Struct, frozen=True):
    """The first line of a record. Packs are whole documents by place."""

    engine: int
    packs: Packs
    drawn: Sequence[Packs] = ()


class Record(Struct, frozen=True):
    """The answers of one engine."""

    head: Head
    careers: Sequence[RecordedCareer]


class Judge:
    """The engine of today, judging by the packs of a record."""

    def __init__(self, packs: Packs) -> None:
        # Named by the place and not by the digest of today: the name of a pack is no judgement.
        self._packs = {place: replace(_pack(bytes(document)), digest=place) for place, document in packs.items()}

    def career(self, events: Sequence[Mapping[str, Any]], standards: Sequence[Mapping[str, Any]]) -> "JudgedCareer":
        """Return a career about which questions can be answered."""
        return JudgedCareer(self._packs, fold(resolve(_recorded(events))), registered_standards(_registered(standards)))


class JudgedCareer:
    """The facts of one person, and the rules of any place."""

    def __init__(self, packs: Mapping[str, PinnedPack], facts: Facts, standards: tuple[LocalStandard, ...]) -> None:
        self._packs, self.facts, self.standards = packs, facts, standards
        self._rules: dict[str, Rules] = {}

    def determination(self, place: str, question: Question) -> Determination:
        """Return the answer of the engine."""
        if place not in self._rules:
            self._rules[place] = compose(place, self._packs, self.standards)
        return evaluate(self._rules[place], self.facts, question)

    def judged(self, place: str, question: Question) -> dict[str, Any]:
        """Return the answer as it is recorded."""
        determination = self.determination(place, question)
        policy = {
            name: value for name, value in to_builtins(determination.policy).items() if name != "last_verified_on"
        }
        members = {
            **judgement(determination),
            "evidence": [answer.position for answer in evidence(determination.node)],
            "policy": {**policy, "source_status": determination.ground.source_status},
        }
        judged: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(members))
        return judged


def record_of(engine: int) -> Path:
    """Return the path of the record of an engine."""
    return FOLDER / f"engine-{engine}.jsonl.xz"


def read_record(path: Path) -> Record:
    """Return a record. Raises FileNotFoundError."""
    head, *careers = lzma.decompress(path.read_bytes()).splitlines()
    line = msgspec.json.Decoder(RecordedCareer)
    return Record(msgspec.json.decode(head, type=Head), [line.decode(career) for career in careers])


def write_record(path: Path, record: Record) -> None:
    """Write a record, compressed."""
    lines = msgspec.json.Encoder().encode_lines([record.head, *record.careers])
    path.write_bytes(lzma.compress(lines, preset=9 | lzma.PRESET_EXTREME))


def without_what_was_to_change(record: Record) -> Record:
    """Return the record of an earlier engine without the answers that the running one gives otherwise on purpose."""
    return only_about(record, lambda determination: determination not in JUDGED_OTHERWISE)


def only_about(record: Record, wanted: Callable[[str], bool]) -> Record:
    """Return a record with the answers to the wanted determinations alone."""

    def kept(day: RecordedDay) -> RecordedDay:
        return replace(day, answers=[one for one in day.answers if wanted(one.determination)])

    careers = [replace(career, days=[*map(kept, career.days)]) for career in record.careers]
    return replace(record, careers=careers)


def changed_answers(record: Record, members: Sequence[str] = JUDGED) -> Iterator[str]:
    """Yield a line for each answer of which a member differs today: the question, and these before and after."""
    by_shipped, by_drawn = Judge(record.head.packs), [Judge(packs) for packs in record.head.drawn]
    for number, career in enumerate(record.careers, start=1):
        judge = by_shipped if career.drawn is None else by_drawn[career.drawn]
        judged = judge.career(career.events, career.standards).judged
        for day in career.days:
            for answer in day.answers:
                name = name_of_today(answer.determination)
                now = judged(day.place, Question(name, day.as_of, answer.period, answer.level))
                if changed := [name for name in members if answer.judged.get(name) != now.get(name)]:
                    yield _described(number, day, answer, now, changed)


@cache
def _pack(document: bytes) -> PinnedPack:
    """Return the pack in a document. Most drawn packs lie around the same national one."""
    return read_pack(document)


def _described(
    number: int, day: RecordedDay, answer: RecordedAnswer, now: Mapping[str, Any], changed: Sequence[str]
) -> str:
    about = [word for word in (answer.determination, answer.period, answer.level) if word is not None]
    members = [f"{name} {_json(answer.judged.get(name))} -> {_json(now.get(name))}" for name in changed]
    question = f"career {number}, {day.place}, {day.as_of}, {' '.join(map(str, about))}"
    return f"{question}: {'; '.join(members)}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _recorded(events: Sequence[Mapping[str, Any]]) -> list[Recorded]:
    return [
        Recorded(position, position, event["event_id"], event["type"], event["occurred_on"], event["data"])
        for position, event in enumerate(events, start=1)
    ]


def _registered(standards: Sequence[Mapping[str, Any]]) -> list[Recorded]:
    return [
        Recorded(
            standard["position"],
            1,
            f"standard-{standard['standard_id']}",
            "local_standard.registered",
            standard["effective_from"],
            {name: value for name, value in standard.items() if name != "position"},
        )
        for standard in standards
    ]
