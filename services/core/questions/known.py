"""What a state of a ledger knows about one person, and the answers that follow from it on any day. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from msgspec import Struct, structs

from contracts.events.facts import Stream
from contracts.events.revisions import Recorded, resolve
from contracts.events.values import Day, ExamLevel
from contracts.policies.language import LocalStandard
from services.core.calendar import earliest, next_change
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.facts.place import place_on, place_until
from services.core.facts.same import meant
from services.core.facts.sameness import sameness_of
from services.core.questions.standing import stored
from services.core.rules.book import Rules
from services.core.rules.evaluate import evaluate
from services.core.rules.result import EMPTY, Result
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Determination, Period, Question, Status

EVALUATIONS_PER_FOLD = 8
"""Roughly this many evaluations of one question take as long as folding all events once."""


class UndatedQuestion(Struct, frozen=True):
    """A question for many days. Without a `place`, the rules of the person's place on each day answer it.

    With `of_status`, answers are compared by their status alone, without their result.
    """

    determination: str
    place: str | None = None
    period: Period | None = None
    level: ExamLevel | None = None
    of_status: bool = False
    year: int | None = None

    def on(self, day: Day) -> Question:
        """Return the question for one day."""
        return Question(self.determination, day, self.period, self.level, self.year)


class AnswerSummary(Struct, frozen=True):
    """The part of an answer that timelines show and compare, without a rolling window, which moves every day."""

    status: Status
    result: Result


@dataclass(frozen=True)
class Knowledge:
    """What a state of the ledger knows about one person, and the rules at that state."""

    stream: Stream
    facts: Facts
    rulebook: Rulebook

    @property
    def home(self) -> str:
        """The place of a person for whom no fact names another."""
        return self.rulebook.home

    @property
    def standards(self) -> tuple[LocalStandard, ...]:
        """The local standards that are known."""
        return self.rulebook.standards

    def rules(self, place: str) -> Rules:
        """Return the rules of a place."""
        return self.rulebook.rules(place)

    def place(self, question: UndatedQuestion, day: Day) -> str:
        """Return the place whose rules answer on `day`."""
        return question.place or place_on(self.facts, day, self.home)

    def answer(self, question: UndatedQuestion, day: Day) -> Determination:
        """Return the answer on `day`."""
        return evaluate(self.rules(self.place(question, day)), self.facts, question.on(day))

    def summary(self, question: UndatedQuestion, day: Day) -> AnswerSummary:
        """Return the summary of the answer on `day`."""
        return summarize(question, self.answer(question, day))

    def next_day(self, question: UndatedQuestion, day: Day, answer: Determination) -> Day | None:
        """Return the first day on which the answer of `day`, or the place that gives it, may change."""
        moves = None if question.place else place_until(self.facts, day, self.home)
        return next_change(earliest((answer.until, moves)))

    def without(self, facts: Collection[str], standards: Collection[str] = ()) -> "Knowledge":
        """Return this knowledge without the facts of these event ids and their doubles, and without these beginnings
        and ends of standards."""
        same = sameness_of(self.stream.facts).repeats
        stream = Stream(
            tuple(fact for fact in self.stream.facts if meant(fact.event_id, same) not in facts),
            self.stream.voided,
            self.stream.findings,
        )
        begun = (standard for standard in self.standards if standard.evidence.event_id not in standards)
        kept = tuple(
            structs.replace(standard, effective_until=None, ended_by=None)
            if standard.ended_by is not None and standard.ended_by.event_id in standards
            else standard
            for standard in begun
        )
        return Knowledge(stream, fold(stream), self.rulebook.knowing(kept))

    @property
    def folding_cost(self) -> int:
        """The cost of folding, in events."""
        return 1 + len(self.stream.facts) + len(self.stream.voided)

    @property
    def evaluation_cost(self) -> int:
        """The cost of one evaluation, in events folded."""
        return 1 + self.folding_cost // EVALUATIONS_PER_FOLD


def summarize(question: UndatedQuestion, determination: Determination) -> AnswerSummary:
    """Return the part of an answer that timelines show and compare."""
    if question.of_status:
        return AnswerSummary(determination.node.status, EMPTY)
    kept = stored(determination)
    return AnswerSummary(kept["status"], kept["result"])


def person_known(own: Sequence[Recorded], rulebook: Rulebook) -> Knowledge:
    """Return the knowledge that a stream gives under a rulebook."""
    stream = resolve(own)
    return Knowledge(stream, fold(stream), rulebook)


def employed_in(facts: Facts, place: str) -> Facts:
    """Return the facts as if every employment, and every post in it, were in `place`."""
    posts = tuple(
        structs.replace(post, employment=structs.replace(post.employment, jurisdiction=place))
        if post.employment
        else post
        for post in facts.posts
    )
    jobs = tuple(structs.replace(job, jurisdiction=place) for job in facts.employments)
    return structs.replace(facts, employments=jobs, posts=posts)
