"""Answers that were recorded once, and whether the engine still gives them.

One file for each engine, `tests/golden/engine-<number>.jsonl.xz`: a line with the packs, then a line for each career,
its events and local standards as they are recorded and the questions with what was judged. It names nothing of the
code, so it can be judged again however the code is rearranged; and it has its own packs, so a change of a shipped pack
changes none of it.
"""

import lzma
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, to_builtins

from contracts.events.revisions import Recorded, resolve
from contracts.events.values import ExamLevel
from contracts.policies.language import LocalStandard
from contracts.policies.pinned import PinnedPack, read_pack
from services.core.answers.document import evidence
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.local_standards import registered_standards
from services.core.rules.verdict import Determination, Question, judgement

FOLDER = Path(__file__).parents[1] / "tests" / "golden"
JUDGED = ("status", "reason", "result", "clauses", "readings", "evidence", "policy")
"""The members of an answer that the engine answers for; its question stands beside them."""


class Asked(Struct, frozen=True, omit_defaults=True):
    """A question about a career, and what was judged. Evidence is the positions of events."""

    determination: str
    judged: Mapping[str, Any]
    period: int | None = None
    level: ExamLevel | None = None


class Asking(Struct, frozen=True):
    """What was asked of one place on one day."""

    place: str
    as_of: date
    asked: Sequence[Asked]


class RecordedCareer(Struct, frozen=True):
    """`events` stand in order of position, from 1; a standard says its own."""

    events: Sequence[Mapping[str, Any]]
    standards: Sequence[Mapping[str, Any]]
    askings: Sequence[Asking]


class Head(Struct, frozen=True):
    """The first line of a record. `packs` are whole documents by place."""

    engine: int
    packs: Mapping[str, msgspec.Raw]


class Record(Struct, frozen=True):
    """What one engine judged."""

    head: Head
    careers: Sequence[RecordedCareer]


class Judge:
    """The engine of today on the packs of a record."""

    def __init__(self, packs: Mapping[str, bytes]) -> None:
        # By the place, not by the digest of today: how a pack is named is no judgement.
        self._packs = {place: PinnedPack(place, read_pack(document).pack) for place, document in packs.items()}

    def career(self, events: Sequence[Mapping[str, Any]], standards: Sequence[Mapping[str, Any]]) -> "JudgedCareer":
        """Return a career that can be asked about."""
        return JudgedCareer(self._packs, fold(resolve(_recorded(events))), registered_standards(_registered(standards)))


class JudgedCareer:
    """What is true of one person, and the rules of any place."""

    def __init__(self, packs: Mapping[str, PinnedPack], facts: Facts, standards: tuple[LocalStandard, ...]) -> None:
        self._packs, self._facts, self._standards = packs, facts, standards
        self._rules: dict[str, Rules] = {}

    def determination(self, place: str, question: Question) -> Determination:
        """Return the answer as the engine gives it."""
        if place not in self._rules:
            self._rules[place] = compose(place, self._packs, self._standards)
        return evaluate(self._rules[place], self._facts, question)

    def judged(self, place: str, question: Question) -> dict[str, Any]:
        """Return the answer as it is recorded."""
        given = self.determination(place, question)
        policy = {name: value for name, value in to_builtins(given.policy).items() if name != "last_verified_on"}
        members = {
            **judgement(given),
            "evidence": [one.position for one in evidence(given.node)],
            "policy": {**policy, "source_status": given.source_status},
        }
        judged: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(members))
        return judged


def record_of(engine: int) -> Path:
    """Return the file with what that engine judged."""
    return FOLDER / f"engine-{engine}.jsonl.xz"


def read_record(path: Path) -> Record:
    """Return a record. Raises FileNotFoundError."""
    head, *careers = lzma.decompress(path.read_bytes()).splitlines()
    line = msgspec.json.Decoder(RecordedCareer)
    return Record(msgspec.json.decode(head, type=Head), [line.decode(career) for career in careers])


def write_record(path: Path, record: Record) -> None:
    """Write a record, packed small."""
    lines = msgspec.json.Encoder().encode_lines([record.head, *record.careers])
    path.write_bytes(lzma.compress(lines, preset=9 | lzma.PRESET_EXTREME))


def changed_answers(record: Record) -> Iterator[str]:
    """Yield, for each answer that differs today, the question and each member with what it was and what it is."""
    judge = Judge({place: bytes(document) for place, document in record.head.packs.items()})
    for number, career in enumerate(record.careers, start=1):
        judged = judge.career(career.events, career.standards).judged
        for asking in career.askings:
            for one in asking.asked:
                now = judged(asking.place, Question(one.determination, asking.as_of, one.period, one.level))
                if now != one.judged:
                    yield _told(number, asking, one, now)


def _told(number: int, asking: Asking, one: Asked, now: Mapping[str, Any]) -> str:
    about = [word for word in (one.determination, one.period, one.level) if word is not None]
    members = [
        f"{name} {_json(one.judged.get(name))} -> {_json(now.get(name))}"
        for name in JUDGED
        if one.judged.get(name) != now.get(name)
    ]
    question = f"career {number}, {asking.place}, {asking.as_of}, {' '.join(map(str, about))}"
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
