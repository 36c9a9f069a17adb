"""Words and parts: what the logic of a rule is made of, and how it is compiled to closures. Pure.

A part is a word with its parameters, and perhaps a clause of its own. A word that is a condition asks one question
about one person on one day; one that combines has parts inside.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeAlias, TypeVar

from msgspec import Struct, structs

from contracts.events.values import Day
from contracts.policies.language import LocalStandard
from contracts.policies.packs import UnreadablePackError
from services.core.calendar import AskedDay, first_day_of_run
from services.core.facts.facts import Facts
from services.core.rules.needs import ConditionNeed
from services.core.rules.result import EMPTY, Result
from services.core.rules.terms import TermOfLaw, Terms
from services.core.rules.verdict import Decision, Node, Reason, Run, Verdict

Check: TypeAlias = Callable[[Facts, AskedDay], Verdict]
"""A compiled word."""
Ask: TypeAlias = Callable[[Facts, AskedDay], Node]
"""A compiled part with its name and clause."""
T = TypeVar("T", bound=TermOfLaw)


class Word(Struct, frozen=True, forbid_unknown_fields=True):
    """A word of the language. Its fields are its parameters; one that is left out does not restrict."""

    FOR_REVIEW: ClassVar[Decision] = "left_to_a_person"
    """Why an answer is open if a person must decide on what meets this word."""
    WHOLE: ClassVar[str | None] = None
    """The one field that a document gives in place of an object of parameters."""

    def for_review_because(self) -> Decision:
        """Return why an answer is open if a person must decide on what meets this word with its parameters."""
        return self.FOR_REVIEW

    @property
    def about(self) -> str | None:
        """The name of the part that gives what this word is about; until that is met, nothing is advised for this."""
        return None

    @abstractmethod
    def compile(self, context: "Context") -> Check:
        """Return the word as a function of facts and day."""

    @abstractmethod
    def needs(self, lack: "Lack", verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield what would meet the word, whose verdict is not met or open."""


class Lack(Struct, frozen=True):
    """What a part is asked that does not hold: about whom, on which day, and under which name its needs are told.

    `failing` are the names of parts before it that fail; nothing is advised for what is about what one of them gives.
    """

    facts: Facts
    as_of: Day
    context: "Context"
    need: str
    failing: frozenset[str] = frozenset()

    def members(self) -> dict[str, Any]:
        """Return the members that each need has."""
        return {"need": self.need, "from_": self.as_of}


class Part:
    """A word, and the clause that it has besides that of its rule, if any."""

    __slots__ = ("clause", "word")

    def __init__(self, word: Word, clause: str | None) -> None:
        self.word = word
        self.clause = clause


class Named:
    """A part under its name."""

    __slots__ = ("name", "part")

    def __init__(self, name: str, part: Part) -> None:
        self.name = name
        self.part = part


class Context(Struct, frozen=True):
    """What a rule is compiled for: what it answers, its clause and terms, the days of its edition, the local standards.

    `jurisdiction` is that of the pack, inside which its rules look for work; `place` is the one asked about.
    `first_text_on` is the day on which the first text of the pack about the determination began; if several texts, of
    this place or around it, are about it, `run_of_texts` asks the one that answers on each day. `siblings` are the
    parts before the one that is compiled, by their names. Where the text gives no rule, an answer is `silence`, for the
    reason `why_silent`. `national_titles` count wherever they were conferred (R-36).
    """

    jurisdiction: str
    place: str
    first_day: Day
    last_day: Day | None
    first_text_on: Day
    terms: Terms
    clause: str
    determination: str
    silence: Result = EMPTY
    why_silent: Reason = "no_standard_in_the_text"
    run_of_texts: Run | None = None
    standards: tuple[LocalStandard, ...] = ()
    siblings: Mapping[str, Ask] = {}
    national_titles: frozenset[str] = frozenset()

    def term(self, kind: type[T]) -> T:
        """Return a term that governs the rule. Raises UndefinedTermError."""
        return self.terms.of(kind)

    def sibling(self, name: str) -> Ask:
        """Return a part before this one. Raises UnreadablePackError."""
        if name not in self.siblings:
            raise UnreadablePackError(f"no part before this one is named {name!r}")
        return self.siblings[name]

    def ask(self, name: str, part: Part) -> Ask:
        """Return a part as a function of facts and day that answers with its name and clause."""
        check, clause = part.word.compile(self), part.clause or self.clause

        def ask_part(facts: Facts, day: AskedDay) -> Node:
            verdict = check(facts, day)
            return Node(
                verdict.status,
                verdict.reason,
                verdict.sources,
                verdict.children,
                verdict.held,
                verdict.jobs,
                verdict.detail,
                rule=name,
                clause=clause,
            )

        return ask_part

    def beside(self, name: str, ask: Ask) -> "Context":
        """Return the context of the parts that come after this one."""
        return structs.replace(self, siblings={**self.siblings, name: ask})

    def start_of_run(self, run: Run, facts: Facts, day: AskedDay, value: object) -> Day:
        """Return the first day of the unbroken run of `value`, which holds on `day`, across successive texts."""
        return self.start_while(run, facts, day, lambda at: at == value)

    def start_while(self, run: Run, facts: Facts, day: AskedDay, stands: Callable[[Any], bool]) -> Day:
        """Return the first of the days, unbroken up to `day`, on which what `run` gives stands, across texts."""
        over_texts = self.run_of_texts or run
        return first_day_of_run(lambda at: stands(over_texts(facts, at)), True, day, self.first_text_on)


def words_of(value: Any) -> Iterator[Word]:
    """Yield every word in a part, or in the parameters of a kind, in the order of the text."""
    match value:
        case Part(word=word):
            yield word
            yield from words_of(word)
        case Named(part=part):
            yield from words_of(part)
        case tuple():
            for item in value:
                yield from words_of(item)
        case Struct():
            for field in value.__struct_fields__:
                yield from words_of(getattr(value, field))
