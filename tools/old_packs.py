"""Keep every text that a pack of this repository ever had, with its answers, in tests/golden/old-packs.json.xz.

Ledgers pin packs, so each text must answer for ever as it did; tests/campaign/test_old_packs.py evaluates all of them
again. Run this after changed packs are committed: it adds their texts and keeps the others. It writes nothing if any
answer has changed.
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

from contracts.document import plain
from contracts.events.revisions import Recorded, resolve
from contracts.events.values import NATION, Day, ExamLevel
from contracts.policies.packs import PinnedPack
from contracts.policies.pinned import read_pack
from contracts.policies.shipped import FOLDER, shipped, shipped_pack
from contracts.strict_yaml import read_strictly
from services.cli.progress import Tell, shown
from services.core.facts.fold import fold
from services.core.questions.standing import STANDING
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.local_standards import registered_standards
from services.core.rules.verdict import Question
from services.demo.cohort import cohort_of
from services.demo.places import place_of, standards_of

ROOT = FOLDER.parents[1]
FILE = ROOT / "tests" / "golden" / "old-packs.json.xz"
DAYS = (date(2022, 12, 31), date(2025, 6, 30), date(2027, 6, 30))
CAREERS, SEED = 120, 10
"""The number of lives drawn for a place; of them the few are kept that together have most different answers."""
LIVES_OF_A_PLACE = 3
MOST_SHOWN = 20


class KeptQuestion(Struct, frozen=True):
    """A question about any life and day."""

    determination: str
    level: ExamLevel | None = None


Event = tuple[str, str, str, dict[str, Any]]
"""Id, type, day and data."""


class Life(Struct, frozen=True):
    """A person under the rules of a place, and the local standards there."""

    place: str
    events: Sequence[Event]
    standards: Sequence[Event]


class PackText(Struct, frozen=True):
    """A pack as it once was. `nation` is the digest of the national pack of the same commit.

    `answers` are indexes of answers: for each life of the place, for each day, for each question.
    """

    digest: str
    nation: str
    document: msgspec.Raw
    answers: Sequence[int]

    @property
    def pinned(self) -> PinnedPack:
        """The pack as read by a ledger that has pinned it."""
        return read_pack(bytes(self.document))


class OldPacks(Struct, frozen=True, rename={"questions": "asked"}):
    """The content of the file. An answer is a status and a result."""

    days: Sequence[Day]
    questions: Sequence[KeptQuestion]
    lives: Sequence[Life]
    answers: Sequence[tuple[str, Mapping[str, Any]]]
    texts: Sequence[PackText]

    def packs_with(self, text: PackText) -> dict[str, PinnedPack]:
        """Return a text with the national pack of its commit."""
        national = next(other for other in self.texts if other.digest == text.nation)
        return {pinned.pack.jurisdiction: pinned for pinned in (national.pinned, text.pinned)}

    def asked_of(self, place: str) -> Iterator[tuple[Life, Day, KeptQuestion]]:
        """Yield the lives, days and questions for a pack of a place, in the order of its answers."""
        lives = (life for life in self.lives if life.place == place)
        return ((life, day, question) for life in lives for day in self.days for question in self.questions)


def kept(path: Path = FILE) -> OldPacks:
    """Return the content of the file. Raises FileNotFoundError."""
    return msgspec.json.decode(lzma.decompress(path.read_bytes()), type=OldPacks)


def recorded(events: Sequence[Event]) -> list[Recorded]:
    """Return events as the journal reads them."""
    return [Recorded(number, number, *event) for number, event in enumerate(events, start=1)]


class Answering:
    """Answers about lives under some packs. Each life is folded, and its place composed, once."""

    def __init__(self, packs: Mapping[str, PinnedPack]) -> None:
        self._packs = packs
        self._known: dict[int, Any] = {}

    def answer(self, life: Life, day: Day, question: KeptQuestion) -> tuple[str, Mapping[str, Any]]:
        """Return the status and the result, as JSON."""
        if id(life) not in self._known:
            rules = compose(life.place, self._packs, registered_standards(recorded(life.standards)))
            self._known[id(life)] = rules, fold(resolve(recorded(life.events)))
        rules, facts = self._known[id(life)]
        node = evaluate(rules, facts, Question(question.determination, day, None, question.level)).node
        return node.status, plain(node.result)


def texts_of_history(tell: Tell) -> list[PackText]:
    """Return every text that a file of contracts/policies had in any commit, oldest first, without answers.

    Texts that differ only in comments or in the order of keys are the same text.
    """
    texts: dict[bytes, PackText] = {}
    commits = _git("log", "--reverse", "--format=%H", "--", f"{_inside()}/*.yaml").split()
    for number, commit in enumerate(commits, start=1):
        tell(number, len(commits), f"read {len(texts)} texts")
        names = _git("ls-tree", "--name-only", commit, f"{_inside()}/").split()
        files = [(name, _git("show", f"{commit}:{name}")) for name in names if name.endswith(".yaml")]
        packs = {pack.jurisdiction: pack for pack in (shipped_pack(read_strictly(raw, at).value) for at, raw in files)}
        for pack in packs.values():
            text = PackText(pack.digest, packs[NATION].digest, msgspec.Raw(pack.document), ())
            texts.setdefault(pack.document, text)
    return list(texts.values())


def drawn_lives() -> list[Life]:
    """Return a few lives for each place that has a pack, which together have many different answers."""
    lives = []
    for place, pack in shipped().items():
        standards = [
            (body["standard_id"], "local_standard.registered", body["effective_from"], body)
            for body in (standards_of([place_of(pack.pack)]) if place != NATION else ())
        ]
        people = cohort_of(place, shipped(), shipped(), CAREERS, SEED).people
        streams = (
            [(event.event_id, event.type, event.occurred_on, event.raw) for event in person.events] for person in people
        )
        lives += _most_different([Life(place, events, standards) for events in streams])
    return lives


def _most_different(lives: Sequence[Life]) -> list[Life]:
    answering, questions = Answering(shipped()), _questions()
    reached = {
        number: {(question, *map(str, answering.answer(life, day, question))) for day in DAYS for question in questions}
        for number, life in enumerate(lives)
    }
    chosen: list[Life] = []
    covered: set[Any] = set()
    while len(chosen) < LIVES_OF_A_PLACE:
        best = max(reached, key=lambda number: (len(reached[number] - covered), -number))
        covered |= reached[best]
        chosen.append(lives[best])
    return chosen


def _questions() -> list[KeptQuestion]:
    exams = (KeptQuestion(name, level) for name in sorted(OF_A_LEVEL) for level in get_args(ExamLevel))
    return [*map(KeptQuestion, STANDING), *exams]


def answered(old: OldPacks) -> OldPacks:
    """Return the same with the answers that every text gives today."""
    numbers: dict[bytes, int] = {}
    texts = []
    for text in old.texts:
        answering = Answering(old.packs_with(text))
        asked = old.asked_of(text.pinned.pack.jurisdiction)
        answers = [msgspec.json.encode(answering.answer(*question), order="sorted") for question in asked]
        texts.append(structs.replace(text, answers=[numbers.setdefault(answer, len(numbers)) for answer in answers]))
    return structs.replace(old, texts=texts, answers=[msgspec.json.decode(answer) for answer in numbers])


def changed_answers(old: OldPacks, text: PackText, packs: Mapping[str, PinnedPack]) -> Iterator[str]:
    """Yield a line for each kept answer of a text that these packs no longer give: the question and both answers."""
    answering, place = Answering(packs), text.pinned.pack.jurisdiction
    for number, (life, day, question) in zip(text.answers, old.asked_of(place), strict=True):
        was, now = old.answers[number], answering.answer(life, day, question)
        if was != now:
            who = f"{place}, pack {text.digest}, life {old.lives.index(life)}"
            yield f"{who}: {question.determination} {question.level or ''} on {day}: {was} -> {now}"


def all_changed_answers(old: OldPacks) -> Iterator[str]:
    """Yield a line for each kept answer that its text no longer gives."""
    for text in old.texts:
        yield from changed_answers(old, text, old.packs_with(text))


def main(arguments: Sequence[str]) -> int:
    """Return 0 if the file is written, 1 if an answer differs from the one that is kept."""
    record = _parser().parse_args(arguments).record
    old = kept() if FILE.exists() else OldPacks(DAYS, _questions(), drawn_lives(), (), ())
    if not record and (changed := list(all_changed_answers(old))):
        sys.stderr.write("\n".join([*changed[:MOST_SHOWN], f"{len(changed)} answers have changed: see --record\n"]))
        return 1
    with shown() as tell:
        texts = texts_of_history(tell)
    known = {bytes(text.document) for text in old.texts}
    added = [text for text in texts if bytes(text.document) not in known]
    new = answered(structs.replace(old, texts=[*old.texts, *added]))
    packed = lzma.compress(msgspec.json.encode(new), preset=9 | lzma.PRESET_EXTREME)
    FILE.write_bytes(packed)
    answers = sum(len(text.answers) for text in new.texts)
    sys.stdout.write(f"{len(new.texts)} texts, {len(added)} of them new; {answers:,} answers; {len(packed):,} bytes\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.old_packs", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--record", action="store_true", help="keep today's answers, because a change of judgement was intended"
    )
    return parser


def _inside() -> str:
    return FOLDER.relative_to(ROOT).as_posix()


def _git(*arguments: str) -> str:
    git = shutil.which("git") or "git"
    done = subprocess.run([git, "-C", str(ROOT), *arguments], capture_output=True, check=True, encoding="utf-8")  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
