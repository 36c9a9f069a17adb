"""A kind of rule: its parameters, how it is compiled to a function of facts, day and question, and what it lacks."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, TypeAlias

from msgspec import Struct, structs

from contracts.events.values import Day
from contracts.policies.language import Rule, Tree
from services.core.calendar import ONE_DAY, AskedDay
from services.core.facts.facts import Facts
from services.core.rules.combine import one_way, parts_of
from services.core.rules.needs import AnswerNeed, Ways
from services.core.rules.parts import Context, Lack, Part
from services.core.rules.result import Result
from services.core.rules.verdict import Determination, Node, Question, Run, Status
from services.core.rules.windows import Counted, Counting, no_window

Evaluator: TypeAlias = Callable[[Facts, AskedDay, Question, Counted], Node]
"""Answers a question about one person as if its text were in force.

It compares days only with the `AskedDay`, never with `as_of` of the question.
"""


class Compiled(Struct, frozen=True):
    """A compiled rule: its answer, the days that it counts, and the run by which an answer says since when it holds."""

    answer: Evaluator
    counting: Counting = no_window
    run: Run | None = None


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of rule. Its fields are its parameters; one that is left out does not restrict."""

    STATUSES: ClassVar[frozenset[Status]]
    """The statuses that an answer may have if its rule is in force and applies to the person."""
    RESULTS: ClassVar[tuple[type[Result], ...]]
    """What an answer may give; where there are several, `gives` says which."""
    OF_A_LEVEL: ClassVar[bool] = False
    """Whether a question is about one level of the exam."""
    SILENT: ClassVar[Tree] = {}
    """The parameters by which a place answers whose text does not mention the matter."""

    @property
    def gives(self) -> type[Result]:
        """The result of an answer."""
        return self.RESULTS[0]

    @property
    def outermost(self) -> tuple[str, ...]:
        """The names of the parts of which an answer consists."""
        return ()

    @abstractmethod
    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        """Return the rule as functions, which answer as if its edition were in force."""

    @abstractmethod
    def needs(self, inquiry: "Inquiry", node: Node) -> Iterator[AnswerNeed]:
        """Yield what the answer lacks, which does not hold."""


class Inquiry(Struct, frozen=True):
    """A question, the facts of the person, and the rule that answers it, of which `kind` has the parameters.

    `evaluate` is asked again: for another day, or for facts that would be so.
    """

    facts: Facts
    question: Question
    rule: Rule
    kind: Kind
    context: Context
    evaluate: Callable[[Facts, Question], Determination]

    def on(self, day: Day) -> Determination:
        """Return the answer for another day."""
        return self.evaluate(self.facts, structs.replace(self.question, as_of=day))

    def if_so(self, facts: Facts) -> Determination:
        """Return the answer for other facts."""
        return self.evaluate(facts, self.question)

    @property
    def as_of(self) -> Day:
        """The day asked about."""
        return self.question.as_of

    def lack(self, need: str) -> Lack:
        """Return what a condition is asked whose needs are told under this name."""
        return Lack(self.facts, self.as_of, self.context, need)

    def to_meet(
        self,
        combined: Part,
        node: Node,
        ways: Ways | None = None,
        statuses: Sequence[Status] = ("not_met", "needs_review"),
    ) -> Iterator[AnswerNeed]:
        """Yield what each part that fails needs, and then each that is open, under its own name; of these `statuses`.

        Where the parts are `ways`, any one of them is enough, and what one of them needs is one need. What one part
        needs and another part that fails asks for is told by that other part, which alone is told where the one is
        about what the other gives.
        """
        parts, verdicts = parts_of(combined), {child.rule: child for child in node.children}
        one_of = ways if len(parts) > 1 else None
        failing = frozenset(child.rule for child in node.children if child.status == "not_met")
        for status in statuses:
            for named in parts:
                verdict = verdicts[named.name]
                if verdict.status == status and named.part.word.about not in failing:
                    lack = structs.replace(self.lack(named.name), failing=failing)
                    needs = one_way(named.part, lack, verdict) if one_of else named.part.word.needs(lack, verdict)
                    for need in needs:
                        if need.need not in failing - {named.name}:
                            yield structs.replace(need, one_of=one_of) if one_of else need

    @property
    def text_ends(self) -> Day | None:
        """The last day of the text that answers; None where it has none, or another text takes over."""
        last = self.context.last_day
        if last is None:
            return None
        here, next_day = self.on(self.as_of).policy, self.on(last + ONE_DAY).policy
        return last if (here.jurisdiction, here.edition) == (next_day.jurisdiction, next_day.edition) else None
