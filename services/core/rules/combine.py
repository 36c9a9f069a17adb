"""Combinators and constants: parts that must all be met, of which one is enough, or on which a person decides. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Literal

from msgspec import structs

from services.core.calendar import AskedDay
from services.core.facts.facts import Certificate, Employment, Facts, Recognition
from services.core.rules.conditions.certificates import CERTIFICATE_LEVELS
from services.core.rules.needs import AllOfNeeds, AnyOfNeeds, ConditionNeed, PlainNeed
from services.core.rules.parts import Ask, Check, Context, Lack, Named, Part, Word
from services.core.rules.verdict import Decision, Node, Reason, Status, Verdict


class AllOf(Word, frozen=True):
    """Met if all are; open if none fails and one is open."""

    WHOLE: ClassVar = "parts"
    parts: tuple[Named, ...]

    def compile(self, context: Context) -> Check:
        asks: list[Ask] = []
        for named in self.parts:
            asks.append(context.ask(named.name, named.part))
            context = context.beside(named.name, asks[-1])

        def check(facts: Facts, day: AskedDay) -> Verdict:
            nodes = tuple([ask(facts, day) for ask in asks])
            status = all_of(nodes)
            reason = None if status == "met" else _first_reason(nodes, status)
            return _combined(status, reason, nodes if status != "not_met" else (), nodes)

        return check

    def needs(self, lack: Lack, verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield what each part needs that is not met, once what it is about is."""
        for part, inside, node in self.lacking(lack, verdict):
            yield from part.word.needs(inside, node)

    def lacking(self, lack: Lack, verdict: Verdict) -> Iterator[tuple[Part, Lack, Node]]:
        """Yield each part that is not met and for which something can be advised now, with what it is asked."""
        failing = lack.failing | {node.rule for node in verdict.children if node.status == "not_met"}
        inside = structs.replace(lack, failing=failing)
        for named, node in zip(self.parts, verdict.children, strict=True):
            if node.status != "met" and named.part.word.about not in failing:
                yield named.part, inside, node


class AnyOf(Word, frozen=True):
    """Met if one is; open if none is met and one is open. All are asked: names and reasons need each."""

    WHOLE: ClassVar = "parts"
    parts: tuple[Named, ...]

    def compile(self, context: Context) -> Check:
        asks = [context.ask(named.name, named.part) for named in self.parts]
        proper = [number for number, named in enumerate(self.parts) if not isinstance(named.part.word, ForReview)]
        only = proper[0] if len(proper) == 1 else None

        def check(facts: Facts, day: AskedDay) -> Verdict:
            nodes = tuple([ask(facts, day) for ask in asks])
            status = any_of(nodes)
            reason = _why(status, nodes, only)
            if status == "not_met":
                return Verdict(status, reason, children=nodes)
            return _combined(status, reason, [node for node in nodes if node.status == status], nodes)

        return check

    def for_review_because(self) -> Decision:
        """Return what a person must decide whichever part is met; nothing in particular if that differs."""
        because = {named.part.word.for_review_because() for named in self.parts}
        return because.pop() if len(because) == 1 else self.FOR_REVIEW

    def needs(self, lack: Lack, verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield what one of the parts needs next; if there are several ways, as one need, under the same name."""
        ways: list[ConditionNeed] = []
        for named, node in zip(self.parts, verdict.children, strict=True):
            if named.part.word.about not in lack.failing:
                ways += one_way(named.part, lack, node)
        if len(ways) > 1:
            yield AnyOfNeeds(any_of=tuple(ways), **lack.members())
        else:
            yield from ways


class ForReview(Word, frozen=True):
    """Never met: a person decides on whoever meets the part inside."""

    WHOLE: ClassVar = "part"
    part: Part

    def compile(self, context: Context) -> Check:
        check, reason = self.part.word.compile(context), self.part.word.for_review_because()

        def for_review(facts: Facts, day: AskedDay) -> Verdict:
            verdict = check(facts, day)
            if verdict.status != "met":
                return verdict
            return structs.replace(verdict, status="needs_review", reason=reason)

        return for_review

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield nothing: nobody is sent for what would only leave the answer to a person."""
        yield from ()


class APersonDecides(Word, frozen=True):
    """Never met: a person decides, because the text leaves the conditions to another one, or names no test."""

    because: Literal["conditions_elsewhere", "no_test"]

    def compile(self, context: Context) -> Check:
        reason: Reason = (
            "conditions_stand_elsewhere" if self.because == "conditions_elsewhere" else "quality_has_no_test"
        )
        verdict = Verdict("needs_review", reason)
        return lambda _facts, _day: verdict

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a decision."""
        yield PlainNeed(code="review", **lack.members())


class Nobody(Word, frozen=True):
    """Never met by anybody."""

    def compile(self, context: Context) -> Check:
        verdict = Verdict("not_met", "no_ground_holds")
        return lambda _facts, _day: verdict

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield nothing: nobody can meet it."""
        yield from ()


def one_way(part: Part, lack: Lack, verdict: Verdict) -> Iterator[ConditionNeed]:
    """Yield what a part needs that is one way of several, as one need; nothing where it leads nowhere."""
    every = tuple(_all_along(part, lack, verdict))
    if len(every) > 1:
        yield AllOfNeeds(all_of=every, **lack.members())
    else:
        yield from every


def _all_along(part: Part, lack: Lack, verdict: Verdict) -> Sequence[ConditionNeed]:
    """Return what a part needs; nothing if for some of it nothing can be done, as the rest would be done in vain."""
    if not isinstance(part.word, AllOf):
        return [*part.word.needs(lack, verdict)]
    found: list[ConditionNeed] = []
    for inner, inside, node in part.word.lacking(lack, verdict):
        needs = _all_along(inner, inside, node)
        if not needs:
            return ()
        found += needs
    return found


def parts_of(part: Part) -> tuple[Named, ...]:
    """Return the parts that a part combines; none if it is a condition."""
    return part.word.parts if isinstance(part.word, AllOf | AnyOf) else ()


def names_of(part: Part) -> tuple[str, ...]:
    """Return the names of the parts that a part combines; none if it is a condition."""
    return tuple(named.name for named in parts_of(part))


def all_of(nodes: Iterable[Verdict]) -> Status:
    """Return the status of parts that must all be met."""
    statuses = {node.status for node in nodes}
    return "not_met" if "not_met" in statuses else "needs_review" if "needs_review" in statuses else "met"


def any_of(nodes: Iterable[Verdict]) -> Status:
    """Return the status of parts of which one is enough."""
    statuses = {node.status for node in nodes}
    return "met" if "met" in statuses else "needs_review" if "needs_review" in statuses else "not_met"


def _first_reason(nodes: Iterable[Node], status: Status) -> Reason | None:
    for node in nodes:
        if node.status == status:
            return node.reason
    return None


def _why(status: Status, nodes: Sequence[Node], only: int | None) -> Reason | None:
    """Return why none is met: the reason of the first that is open, or that of all if it is the same.

    Else it is the reason of those that rest on something recorded, if that is the same. If all but the one numbered
    `only` are for review, none of them could have been met, and its reason is told.
    """
    if status == "met":
        return None
    if status == "needs_review":
        return _first_reason(nodes, status)
    if only is not None:
        return nodes[only].reason
    for told in (nodes, [node for node in nodes if _recorded(node)]):
        reasons = {node.reason for node in told}
        if len(reasons) == 1:
            return reasons.pop()
    return "no_ground_holds"


def _recorded(node: Node) -> bool:
    """Say whether a part rests on something recorded."""
    return bool(node.sources) or any(_recorded(child) for child in node.children)


def _combined(status: Status, reason: Reason | None, giving: Iterable[Node], nodes: tuple[Node, ...]) -> Verdict:
    """Return a verdict with what the nodes that decide it give, the highest certificate first."""
    held: list[Certificate | Recognition] = []
    jobs: list[Employment] = []
    for node in giving:
        held += node.held
        jobs += node.jobs
    if len(held) > 1:
        held.sort(key=lambda one: CERTIFICATE_LEVELS.index(one.level), reverse=True)
    return Verdict(status, reason, children=nodes, held=tuple(held), jobs=tuple(jobs))
