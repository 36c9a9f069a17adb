"""`entitlement`: a benefit or reward to which any one of several grounds may entitle."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from contracts.policies.language import LocalStandard, Rule
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.combine import AnyOf, names_of
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed
from services.core.rules.parts import Context, Part
from services.core.rules.result import Code, Result
from services.core.rules.verdict import Node, Question, Status, Verdict, make_node
from services.core.rules.windows import Counted

ENTITLED: Mapping[Status, Status] = {"met": "eligible", "needs_review": "needs_review", "not_met": "not_eligible"}
"""The status of an entitlement, by that of what it requires."""


class EntitlementResult(Result, frozen=True):
    """The first ground that holds, or all grounds if none does."""

    basis: Code | None = None
    missing: tuple[Code, ...] = ()

    KEY: ClassVar = "basis"


class Entitlement(Kind, frozen=True):
    """Whoever meets one of the grounds that `requires` names is entitled."""

    STATUSES: ClassVar = frozenset(ENTITLED.values())
    RESULTS: ClassVar = (EntitlementResult,)

    requires: Part

    def __post_init__(self) -> None:
        """Refuse an entitlement without grounds to name."""
        if not isinstance(self.requires.word, AnyOf):
            raise ValueError("an entitlement requires any_of several grounds")

    @property
    def outermost(self) -> tuple[str, ...]:
        return names_of(self.requires)

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        requires = context.ask("rule", self.requires)

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            verdict = requires(facts, day)
            nodes = verdict.children
            met = next((node for node in nodes if node.status == "met"), None)
            missing = tuple([node.rule for node in nodes]) if verdict.status == "not_met" else ()
            return make_node(
                name,
                rule,
                ENTITLED[verdict.status],
                children=nodes,
                reason=verdict.reason,
                result=EntitlementResult(met.rule if met else None, missing),
                standards=standards_used(context, [met] if met else []),
            )

        return Compiled(answer)

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield what each ground needs, unless one of them waits for a decision."""
        if node.status == "not_eligible":
            yield from inquiry.to_meet(self.requires, node, "ground")


def standards_used(
    context: Context, nodes: Iterable[Verdict], amount_from: LocalStandard | None = None
) -> tuple[str, ...]:
    """Return the ids of the local standards that give the amount or that a part rests on."""
    if not context.standards:
        return ()
    evidence = set(_sources(nodes))
    used = (standard for standard in context.standards if standard is amount_from or standard.evidence in evidence)
    return tuple(standard.standard_id for standard in used)


def _sources(nodes: Iterable[Verdict]) -> Iterable[object]:
    for node in nodes:
        yield from node.sources
        yield from _sources(node.children)
