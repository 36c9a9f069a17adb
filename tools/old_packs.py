"""Keep every text that a pack of this repository ever had, with what it answers, in tests/golden/old-packs.json.xz.

Ledgers pin packs, so each text must answer for ever as it did; tests/rules/test_old_packs.py asks all of them again.
Run it when changed packs are committed: their texts are added, and what is kept stays. It writes nothing where an
answer is no longer the one that is kept.
"""

import argparse
import lzma
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct, structs

from contracts.events.revisions import Recorded, resolve
from contracts.events.values import NATION, Day, ExamLevel
from contracts.policies.pinned import PinnedPack, read_pack
from contracts.policies.shipped import FOLDER, shipped, shipped_pack
from contracts.strict_yaml import read_strictly
from services.cli.progress import Tell, shown
from services.core.facts.fold import fold
from services.core.questions.standing import STANDING
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.local_standards import registered_standards
from services.core.rules.result import plain
from services.core.rules.verdict import Question
from services.demo.cohort import cohort_of
from services.demo.places import place_of, standards_of

ROOT = FOLDER.parents[1]
FILE = ROOT / "tests" / "golden" / "old-packs.json.xz"
DAYS = (date(2022, 12, 31), date(2025, 6, 30), date(2027, 6, 30))
CAREERS, SEED = 120, 10
"""How many lives are drawn for a place; of them stay as many as add most to what is answered."""
LIVES_OF_A_PLACE = 3
MOST_TOLD = 20


class Asked(Struct, frozen=True):
    """One question."""

    determination: str
    level: ExamLevel | None = None


Event = tuple[str, str, str, dict[str, Any]]
"""Id, type, day and data."""


class Life(Struct, frozen=True):
    """A person under the rules of a place, and the local standards there."""

    place: str
    events: Sequence[Event]
    standards: Sequence[Event]


class Text(Struct, frozen=True):
    """A pack as it once was. `nation` is the digest of the national pack beside it; `answers` are numbers of answers,
    life by life of the place, day by day, question by question."""

    digest: str
    nation: str
    document: msgspec.Raw
    answers: Sequence[int]

    @property
    def pinned(self) -> PinnedPack:
        """The pack as a ledger that has pinned it reads it."""
        return read_pack(bytes(self.document))


class OldPacks(Struct, frozen=True):
    """Everything that is kept. An answer is a status and a result."""

    days: Sequence[Day]
    asked: Sequence[Asked]
    lives: Sequence[Life]
    answers: Sequence[tuple[str, Mapping[str, Any]]]
    texts: Sequence[Text]

    def packs_with(self, text: Text) -> dict[str, PinnedPack]:
        """Return a text with the national pack of its day."""
        national = next(one for one in self.texts if one.digest == text.nation)
        return {one.pack.jurisdiction: one for one in (national.pinned, text.pinned)}

    def questions(self, place: str) -> Iterator[tuple[Life, Day, Asked]]:
        """Yield what is asked of a pack of a place, in the order of its answers."""
        lives = (life for life in self.lives if life.place == place)
        return ((life, day, asked) for life in lives for day in self.days for asked in self.asked)


def kept(path: Path = FILE) -> OldPacks:
    """Return what is kept. Raises FileNotFoundError."""
    return msgspec.json.decode(lzma.decompress(path.read_bytes()), type=OldPacks)


def recorded(events: Sequence[Event]) -> list[Recorded]:
    """Return events as a journal gives them."""
    return [Recorded(number, number, *event) for number, event in enumerate(events, start=1)]


class Answering:
    """Lives under some packs, each folded and each place composed once."""

    def __init__(self, packs: Mapping[str, PinnedPack]) -> None:
        self._packs = packs
        self._known: dict[int, Any] = {}

    def answer(self, life: Life, day: Day, asked: Asked) -> tuple[str, Mapping[str, Any]]:
        """Return status and result as an answer has them."""
        if id(life) not in self._known:
            rules = compose(life.place, self._packs, registered_standards(recorded(life.standards)))
            self._known[id(life)] = rules, fold(resolve(recorded(life.events)))
        rules, facts = self._known[id(life)]
        node = evaluate(rules, facts, Question(asked.determination, day, None, asked.level)).node
        return node.status, plain(node.result)


def texts_of_history(tell: Tell) -> list[Text]:
    """Return every text that a file of contracts/policies had in a commit, the oldest first, without answers.

    One that differs from another in nothing but comments or the order of its keys is the same text.
    """
    found: dict[bytes, Text] = {}
    commits = _git("log", "--reverse", "--format=%H", "--", f"{_inside()}/*.yaml").split()
    for number, commit in enumerate(commits, start=1):
        tell(number, len(commits), f"read {len(found)} texts")
        names = _git("ls-tree", "--name-only", commit, f"{_inside()}/").split()
        files = [(name, _git("show", f"{commit}:{name}")) for name in names if name.endswith(".yaml")]
        packs = {pack.jurisdiction: pack for pack in (shipped_pack(read_strictly(raw, at).value) for at, raw in files)}
        for pack in packs.values():
            text = Text(pack.digest, packs[NATION].digest, msgspec.Raw(pack.document), ())
            found.setdefault(pack.document, text)
    return list(found.values())


def drawn_lives() -> list[Life]:
    """Return some lives for each place that has a pack, which together are answered in many ways."""
    lives = []
    for place, pack in shipped().items():
        standards = [
            (body["standard_id"], "local_standard.registered", body["effective_from"], body)
            for body in (standards_of([place_of(pack.pack)]) if place != NATION else ())
        ]
        people = cohort_of(place, shipped(), shipped(), CAREERS, SEED).people
        streams = ([(one.event_id, one.type, one.occurred_on, one.raw) for one in person.events] for person in people)
        lives += _those_that_add_most([Life(place, events, standards) for events in streams])
    return lives


def _those_that_add_most(lives: Sequence[Life]) -> list[Life]:
    answering = Answering(shipped())
    reached = {
        number: {(asked, *map(str, answering.answer(life, day, asked))) for day in DAYS for asked in _asked()}
        for number, life in enumerate(lives)
    }
    chosen: list[Life] = []
    covered: set[Any] = set()
    while len(chosen) < LIVES_OF_A_PLACE:
        best = max(reached, key=lambda number: (len(reached[number] - covered), -number))
        covered |= reached[best]
        chosen.append(lives[best])
    return chosen


def _asked() -> list[Asked]:
    return [*(Asked(name) for name in STANDING), *(Asked("exam.complete", level) for level in get_args(ExamLevel))]


def answered(old: OldPacks) -> OldPacks:
    """Return the same with what every text answers today."""
    numbers: dict[bytes, int] = {}
    texts = []
    for text in old.texts:
        answering = Answering(old.packs_with(text))
        questions = old.questions(text.pinned.pack.jurisdiction)
        given = [msgspec.json.encode(answering.answer(*question), order="sorted") for question in questions]
        texts.append(structs.replace(text, answers=[numbers.setdefault(one, len(numbers)) for one in given]))
    return structs.replace(old, texts=texts, answers=[msgspec.json.decode(one) for one in numbers])


def changed_answers(old: OldPacks, text: Text, packs: Mapping[str, PinnedPack]) -> Iterator[str]:
    """Yield, for each answer that these packs give otherwise than a text did, the question and both answers."""
    answering, place = Answering(packs), text.pinned.pack.jurisdiction
    for number, (life, day, asked) in zip(text.answers, old.questions(place), strict=True):
        was, now = old.answers[number], answering.answer(life, day, asked)
        if was != now:
            who = f"{place}, pack {text.digest}, life {old.lives.index(life)}"
            yield f"{who}: {asked.determination} {asked.level or ''} on {day}: {was} -> {now}"


def all_changed_answers(old: OldPacks) -> Iterator[str]:
    """Yield what is answered otherwise today by any text as it is kept."""
    for text in old.texts:
        yield from changed_answers(old, text, old.packs_with(text))


def main(arguments: Sequence[str]) -> int:
    """Return 0 when the file is written, 1 when an answer is not the one that is kept."""
    record = _parser().parse_args(arguments).record
    old = kept() if FILE.exists() else OldPacks(DAYS, _asked(), drawn_lives(), (), ())
    if not record and (changed := list(all_changed_answers(old))):
        sys.stderr.write("\n".join([*changed[:MOST_TOLD], f"{len(changed)} answers are others: see --record\n"]))
        return 1
    with shown() as tell:
        found = texts_of_history(tell)
    known = {bytes(text.document) for text in old.texts}
    come = [text for text in found if bytes(text.document) not in known]
    new = answered(structs.replace(old, texts=[*old.texts, *come]))
    packed = lzma.compress(msgspec.json.encode(new), preset=9 | lzma.PRESET_EXTREME)
    FILE.write_bytes(packed)
    asked = sum(len(text.answers) for text in new.texts)
    sys.stdout.write(f"{len(new.texts)} texts, {len(come)} of them new; {asked:,} questions; {len(packed):,} bytes\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.old_packs", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--record", action="store_true", help="keep what is answered now: a judgement was to change")
    return parser


def _inside() -> str:
    return FOLDER.relative_to(ROOT).as_posix()


def _git(*arguments: str) -> str:
    git = shutil.which("git") or "git"
    done = subprocess.run([git, "-C", str(ROOT), *arguments], capture_output=True, check=True, encoding="utf-8")  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
