"""What a state of a ledger knows of one person, and what the rules then say of any day. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from msgspec import Struct, structs

from contracts.events.revisions import Recorded, Stream, resolve
from contracts.events.values import Day, ExamLevel
from contracts.policies.language import LocalStandard
from services.core.calendar import earliest, next_change
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.facts.place import place_on, place_until
from services.core.questions.standing import stored
from services.core.rules.book import Rules
from services.core.rules.evaluate import evaluate
from services.core.rules.result import EMPTY, Result
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Determination, Question, Status

EVALUATIONS_PER_FOLD = 8
"""About as many evaluations of one question take as long as folding all events once."""


class Asked(Struct, frozen=True):
    """One question for many days. Without a `place` it is put to the rules of the person's place on each day.

    With `of_status` the status alone is told and compared, and no result.
    """

    determination: str
    place: str | None = None
    period: int | None = None
    level: ExamLevel | None = None
    of_status: bool = False


class Said(Struct, frozen=True):
    """What of an answer a timeline tells and compares. A rolling window, which moves every day, is left out."""

    status: Status
    result: Result


@dataclass(frozen=True)
class Knowledge:
    """What a state of the ledger knows of one person and of the rules."""

    stream: Stream
    facts: Facts
    rulebook: Rulebook

    @property
    def home(self) -> str:
        """The place of the person where no fact names another."""
        return self.rulebook.home

    @property
    def standards(self) -> tuple[LocalStandard, ...]:
        """The local standards that are known."""
        return self.rulebook.standards

    def rules(self, place: str) -> Rules:
        """Return the rules of a place."""
        return self.rulebook.rules(place)

    def place(self, asked: Asked, day: Day) -> str:
        """Return the place whose rules answer on the day."""
        return asked.place or place_on(self.facts, day, self.home)

    def answer(self, asked: Asked, day: Day) -> Determination:
        """Return the answer of a day."""
        question = Question(asked.determination, day, asked.period, asked.level)
        return evaluate(self.rules(self.place(asked, day)), self.facts, question)

    def said(self, asked: Asked, day: Day) -> Said:
        """Return what the answer of a day says."""
        return said_by(asked, self.answer(asked, day))

    def next_day(self, asked: Asked, day: Day, answer: Determination) -> Day | None:
        """Return the first day on which the answer, or the place that gives it, may change."""
        moves = None if asked.place else place_until(self.facts, day, self.home)
        return next_change(earliest((answer.until, moves)))

    def without(self, facts: Collection[str], standards: Collection[str] = ()) -> "Knowledge":
        """Return the same without some facts and standards, by event id: what would be said had they not been."""
        stream = Stream(
            tuple(fact for fact in self.stream.facts if fact.event_id not in facts),
            self.stream.voided,
            self.stream.findings,
        )
        kept = tuple(one for one in self.standards if one.evidence.event_id not in standards)
        return Knowledge(stream, fold(stream), self.rulebook.knowing(kept))

    @property
    def size(self) -> int:
        """The number of events behind it, which is what it costs to fold them."""
        return 1 + len(self.stream.facts) + len(self.stream.voided)

    @property
    def glance(self) -> int:
        """What an evaluation costs, in events folded."""
        return 1 + self.size // EVALUATIONS_PER_FOLD


def said_by(asked: Asked, determination: Determination) -> Said:
    """Return what a timeline tells of an answer."""
    if asked.of_status:
        return Said(determination.node.status, EMPTY)
    kept = stored(determination)
    return Said(kept["status"], kept["result"])


def person_known(own: Sequence[Recorded], rulebook: Rulebook) -> Knowledge:
    """Return what a stream and the rules beside it amount to."""
    stream = resolve(own)
    return Knowledge(stream, fold(stream), rulebook)


def employed_in(facts: Facts, place: str) -> Facts:
    """Return the facts as if every employment were in the place; posts go with their employment."""
    posts = tuple(
        structs.replace(post, employment=structs.replace(post.employment, jurisdiction=place))
        if post.employment
        else post
        for post in facts.posts
    )
    jobs = tuple(structs.replace(job, jurisdiction=place) for job in facts.employments)
    return structs.replace(facts, employments=jobs, posts=posts)
