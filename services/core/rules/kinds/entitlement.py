"""`entitlement`: a benefit or reward: who is entitled, by which ground, and how much a local standard gives."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from contracts.events.values import CertificateLevel, MoneyUnit
from contracts.policies.language import LocalStandard, Rule
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.amounts import level_given, names, standard_for, standards_used
from services.core.rules.combine import AllOf, AnyOf, APersonDecides, names_of, parts_of
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed
from services.core.rules.parts import Context, Part
from services.core.rules.result import Code, Figure, Result
from services.core.rules.verdict import Node, Question, Status, make_node
from services.core.rules.windows import Counted

ENTITLED: Mapping[Status, Status] = {"met": "eligible", "needs_review": "needs_review", "not_met": "not_eligible"}
"""The status of an entitlement, by that of what it requires."""


class EntitlementResult(Result, frozen=True):
    """The first ground that holds, and the conditions or grounds that fail or are open."""

    basis: Code | None = None
    missing: tuple[Code, ...] = ()
    unresolved: tuple[Code, ...] = ()

    KEY: ClassVar = "basis"


class RewardResult(EntitlementResult, frozen=True):
    """Besides, the tier, and the amount that a local standard states for it."""

    tier: CertificateLevel | None = None
    amount: Figure | None = None
    unit: MoneyUnit | None = None
    standard: str | None = None

    KEY: ClassVar = "tier"
    ANNOUNCED: ClassVar = ("tier", "amount", "missing", "unresolved")


class Entitlement(Kind, frozen=True):
    """Whoever meets one of the grounds that `requires` names, or all of its conditions, is entitled.

    The part named `tier` gives the level that is rewarded; a local standard gives its amount (FJ-10).
    """

    STATUSES: ClassVar = frozenset(ENTITLED.values())
    RESULTS: ClassVar = (EntitlementResult, RewardResult)

    requires: Part
    tier: str | None = None

    def __post_init__(self) -> None:
        """Refuse an entitlement without parts to name, or whose tier is none of them."""
        if not isinstance(self.requires.word, AllOf | AnyOf):
            raise ValueError("an entitlement requires any_of several grounds, or all_of several conditions")
        if self.tier is not None and self.tier not in names_of(self.requires):
            raise ValueError(f"the tier {self.tier!r} is not one of the parts")

    @property
    def gives(self) -> type[Result]:
        return EntitlementResult if self.tier is None else RewardResult

    @property
    def outermost(self) -> tuple[str, ...]:
        return names_of(self.requires)

    @property
    def by_grounds(self) -> bool:
        """Whether any one of the parts is enough."""
        return isinstance(self.requires.word, AnyOf)

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        requires = context.ask("rule", self.requires)

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            verdict = requires(facts, day)
            status, nodes = ENTITLED[verdict.status], verdict.children
            basis = [node for node in nodes if node.status == "met"][:1] if self.by_grounds else []
            tier = None if self.tier is None or status == "not_eligible" else level_given(nodes, self.tier)
            standard = standard_for(verdict, tier, facts, day, context) if tier and status == "eligible" else None
            return make_node(
                name,
                rule,
                status,
                sources=(standard.evidence,) if standard else (),
                children=nodes,
                reason=verdict.reason,
                result=self._result(verdict, basis, tier, standard),
                standards=standards_used(context, basis if self.by_grounds else nodes, standard),
            )

        return Compiled(answer)

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield what each ground needs, or each condition that fails, unless a person must decide first.

        Nothing if a person must decide all the same, whatever is met besides.
        """
        if node.status == "not_eligible" and not self._left_to_a_person:
            yield from inquiry.to_meet(self.requires, node, "ground" if self.by_grounds else None, ("not_met",))

    @property
    def _left_to_a_person(self) -> bool:
        words = [named.part.word for named in parts_of(self.requires)]
        return not self.by_grounds and any(isinstance(word, APersonDecides) for word in words)

    def _result(
        self,
        verdict: Node,
        basis: Sequence[Node],
        tier: CertificateLevel | None,
        standard: LocalStandard | None,
    ) -> Result:
        """Return the result. Of grounds those are named that would have to hold, or to be decided, for any to."""
        of_status = (verdict.status,) if self.by_grounds else ("not_met", "needs_review")
        missing, unresolved = (
            names(verdict.children, status) if status in of_status else () for status in ("not_met", "needs_review")
        )
        told = basis[0].rule if basis else None
        if self.tier is None:
            return EntitlementResult(told, missing, unresolved)
        amount = standard.tiers[tier] if standard and tier else None
        unit, standard_id = (standard.unit, standard.standard_id) if standard else (None, None)
        return RewardResult(told, missing, unresolved, tier, amount, unit, standard_id)
