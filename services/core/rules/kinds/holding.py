"""`holding`: what a person holds and since when: certificate, title, recognized qualification, supervisor's rank."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import ClassVar, Literal, TypeAlias

from msgspec import Struct

from contracts.events.values import CertificateLevel, Day, SupervisorRank
from contracts.policies.language import Rule
from services.core.calendar import ONE_DAY, AskedDay
from services.core.facts.facts import Certificate, Facts, Sources
from services.core.rules.conditions.certificates import (
    CERTIFICATE_LEVELS,
    Scope,
    Span,
    best_recognition,
    certificate_need,
    certificates_held,
    recognition_needs,
    spans_held,
    why_none_is_held,
)
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed, PlainNeed
from services.core.rules.parts import Context
from services.core.rules.result import Result
from services.core.rules.terms import CertificateTerm
from services.core.rules.verdict import Node, Question, Reason, make_node
from services.core.rules.windows import Counted

TitleLevel: TypeAlias = Literal["junior", "intermediate", "senior"]
Level: TypeAlias = CertificateLevel | SupervisorRank
BestOn: TypeAlias = Callable[[Facts, AskedDay], "Best | None"]
"""Returns the highest that is held on a day."""
LevelOn: TypeAlias = Callable[[Facts, AskedDay], "Level | None"]
"""Returns its level; not what it rests on."""
WhyNone: TypeAlias = Callable[[Facts, AskedDay], tuple[Sources, Reason]]

FEW = 8
"""Of up to so many things, the best on each day of a run is found soonest by looking at every one."""


class Best(Struct, frozen=True):
    """The highest level held, what it rests on, and what the level alone does not say.

    `national` is the highest certificate that is valid nationally, where the one shown is valid only locally.
    """

    level: Level
    sources: Sources
    remark: Reason | None = None
    national: Certificate | None = None


class LevelHeld(Result, frozen=True):
    """The level of a certificate, and the first day of holding it or a higher one without a break; or the level of a
    recognized qualification, and the first day of holding it without a break."""

    level: CertificateLevel | None = None
    since: Day | None = None

    KEY: ClassVar = "level"
    ANNOUNCED: ClassVar = ("level",)


class RankHeld(Result, frozen=True):
    """The rank of a supervisor, and the first day of holding it without a break."""

    rank: SupervisorRank | None = None
    since: Day | None = None

    KEY: ClassVar = "rank"
    ANNOUNCED: ClassVar = ("rank",)


class TitleHeld(Result, frozen=True):
    """The title that a certificate gives, whether the text only deems it held, and the first day of holding it or a
    higher one without a break. A title is not a post, and no post is ever inferred from it (R-20)."""

    title: TitleLevel | None = None
    deemed: bool | None = None
    since: Day | None = None

    KEY: ClassVar = "title"
    ANNOUNCED: ClassVar = ("title",)


class Holding(Kind, frozen=True):
    """The highest of what is held, and since when: certificates, recognized qualifications, supervisor designations.

    With `titles`, the title that the certificate gives; `deemed` if the text only deems it held.
    """

    STATUSES: ClassVar = frozenset({"valid", "none"})
    RESULTS: ClassVar = (LevelHeld, TitleHeld, RankHeld)

    of: Literal["certificates", "recognitions", "supervisions"]
    levels: tuple[CertificateLevel, ...] | None = None
    scope: Scope | None = None
    titles: Mapping[CertificateLevel, TitleLevel] | None = None
    deemed: bool = False

    @property
    def gives(self) -> type[Result]:
        if self.of == "supervisions":
            return RankHeld
        return LevelHeld if self.titles is None else TitleHeld

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        best_on, why_none = self._shelf(context)
        by_turns, things = self._level_by_turns(context), attrgetter(self.of)

        def shown_on(facts: Facts, day: AskedDay) -> Level | None:
            if by_turns and len(things(facts)) > FEW:
                level = by_turns(facts, day)
                return self._shown(level) if level else None
            best = best_on(facts, day)
            return self._shown(best.level) if best else None

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            if best := best_on(facts, day):
                shown = self._shown(best.level)
                since = context.start_while(shown_on, facts, day, lambda at: at == shown or self._is_higher(at, shown))
                result = self._result(best.level, since)
                children = (_national(best.national, rule),) if best.national else ()
                return make_node(
                    name, rule, "valid", sources=best.sources, children=children, reason=best.remark, result=result
                )
            sources, why = why_none(facts, day)
            return make_node(name, rule, "none", sources=sources, reason=why, result=self._result(None, None))

        return Compiled(answer, run=shown_on)

    def needs(self, inquiry: Inquiry, _node: Node) -> Iterator[AnswerNeed]:
        """Yield a certificate, recognition or designation."""
        match self.of:
            case "certificates":
                yield certificate_need(inquiry.lack("certificate").members(), self._levels, self.scope)
            case "recognitions":
                yield from recognition_needs(inquiry.lack("recognition"))
            case "supervisions":
                yield PlainNeed(code="supervisor", **inquiry.lack("supervisor").members())

    def _shown(self, level: Level) -> Level:
        """Return the level, or the title that it gives."""
        return level if self.titles is None or level not in self.titles else self.titles[level]

    def _is_higher(self, held: Level | None, shown: Level) -> bool:
        """Say whether who holds this certificate holds the lower one too. A rank or a recognition is what it is."""
        is_above = held is not None and CERTIFICATE_LEVELS.index(held) > CERTIFICATE_LEVELS.index(shown)
        return self.of == "certificates" and is_above

    @property
    def _levels(self) -> tuple[CertificateLevel, ...] | None:
        return tuple(self.titles) if self.titles is not None else self.levels

    def _shelf(self, context: Context) -> tuple[BestOn, WhyNone]:
        """Return the functions that look for what is held, and say why nothing is."""
        if self.of == "supervisions":
            return _best_supervision, lambda _facts, _day: ((), "no_supervisor_designation")
        levels = self._levels
        if self.of == "recognitions":
            return _best_recognition(levels or CERTIFICATE_LEVELS, context), lambda _f, _d: ((), "not_recognized_here")
        held_on = certificates_held(context, levels, self.scope)

        def best(facts: Facts, day: AskedDay) -> Best | None:
            held = held_on(facts, day)
            if not held:
                return None
            national = next((one for one in held if one.national), None)
            if national and national.level == held[0].level:
                return Best(held[0].level, held[0].sources)
            return Best(held[0].level, held[0].sources, "valid_only_locally", national)

        return best, lambda facts, day: why_none_is_held(facts, day, levels, self.scope)

    def _level_by_turns(self, context: Context) -> LevelOn | None:
        """Return the function that gives the level of the best by turns; None for what depends on where a person works
        on the day."""
        if self.of == "supervisions":
            return _by_turns(_spans_of_supervisions, asked=self.of)
        if self.of == "recognitions" or self.scope == "local_here":
            return None
        by_issue = context.term(CertificateTerm).by_issue
        return _by_turns(spans_held(context, self._levels, self.scope), (self.of, self._levels, self.scope, by_issue))

    def _result(self, level: Level | None, since: Day | None) -> Result:
        if self.of == "supervisions":
            return RankHeld(_rank(level), since)
        if self.titles is None:
            return LevelHeld(level, since)
        return TitleHeld(self.titles[level], self.deemed, since) if level else TitleHeld()


def _national(certificate: Certificate, rule: Rule) -> Node:
    """Return the part of an answer that names the highest certificate valid nationally, below the one shown."""
    named = f"certificate:{certificate.level}"
    return Node("met", None, certificate.sources, held=(certificate,), rule=named, clause=rule.clause)


def _rank(level: Level | None) -> SupervisorRank | None:
    return None if level is None or level == "basic" else level


def _best_recognition(levels: Sequence[CertificateLevel], context: Context) -> BestOn:
    def best(facts: Facts, day: AskedDay) -> Best | None:
        recognition = best_recognition(facts, day, context, levels)
        return Best(recognition.level, recognition.sources) if recognition else None

    return best


def _best_supervision(facts: Facts, day: AskedDay) -> Best | None:
    held = [
        supervision
        for supervision in facts.supervisions
        # A rank that the vocabulary no longer has cannot be compared with the others.
        if day.within(supervision.first, supervision.last) and supervision.rank in CERTIFICATE_LEVELS
    ]
    best = max(held, key=lambda supervision: CERTIFICATE_LEVELS.index(supervision.rank), default=None)
    return Best(best.rank, best.sources) if best else None


def _spans_of_supervisions(facts: Facts) -> Iterator[tuple[Level, Span]]:
    for one in facts.supervisions:
        if one.rank in CERTIFICATE_LEVELS:
            yield one.rank, (one.first, None if one.last is None else one.last + ONE_DAY)


def _by_turns(spans: Callable[[Facts], Iterable[tuple[Level, Span]]], asked: Hashable) -> LevelOn:
    """Return the function that gives the highest level of the spans on a day, by the turns of each level."""

    def level_on(facts: Facts, day: AskedDay) -> Level | None:
        turns: Sequence[tuple[Level, Sequence[Day]]] | None = facts.derived.get(asked)
        if turns is None:
            turns = facts.derived[asked] = _turns_by_level(spans(facts))
        return next((level for level, of_level in turns if day.count_reached(of_level) % 2), None)

    return level_on


def _turns_by_level(spans: Iterable[tuple[Level, Span]]) -> Sequence[tuple[Level, Sequence[Day]]]:
    """Return the turns of each level, the highest first."""
    by_level: dict[Level, list[Span]] = {}
    for level, span in spans:
        by_level.setdefault(level, []).append(span)
    return [(level, _turns(by_level[level])) for level in reversed(CERTIFICATE_LEVELS) if level in by_level]


def _turns(spans: Iterable[Span]) -> Sequence[Day]:
    """Return the days on which one of the spans begins where none was, and on which none is any more, by turns."""
    turns: list[Day] = []
    for first, gone in sorted(spans, key=itemgetter(0)):
        if gone is not None and gone <= first:
            continue
        if turns and first <= turns[-1]:
            if gone is not None and gone <= turns[-1]:
                continue
            turns.pop()
        else:
            turns.append(first)
        if gone is None:
            break
        turns.append(gone)
    return turns
