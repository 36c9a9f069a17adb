"""`payment`: an allowance: who is entitled, at which tier, and how much a local standard gives."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from contracts.events.values import CertificateLevel, Day, MoneyUnit
from contracts.policies.language import Rule
from services.core.calendar import AskedDay, add_months
from services.core.facts.facts import Facts
from services.core.rules.amounts import level_given, names, standard_for, standards_used
from services.core.rules.combine import AllOf, names_of
from services.core.rules.kinds.entitlement import ENTITLED
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed
from services.core.rules.parts import Context, Part
from services.core.rules.result import Code, Figure, Result
from services.core.rules.verdict import Node, Question, Status, make_node
from services.core.rules.windows import Counted


class PaymentResult(Result, frozen=True):
    """The tier, the amount that a local standard states for it, and the conditions that fail or are open."""

    tier: CertificateLevel | None = None
    amount: Figure | None = None
    unit: MoneyUnit | None = None
    standard: str | None = None
    missing: tuple[Code, ...] = ()
    unresolved: tuple[Code, ...] = ()
    eligible_since: Day | None = None

    KEY: ClassVar = "tier"
    ANNOUNCED: ClassVar = ("tier", "amount", "missing", "unresolved")


class Payment(Kind, frozen=True):
    """Whoever meets `requires` is entitled, from the first day on or from the month after it (R-13).

    The part named `tier` gives the level; a local standard gives its amount (CD-26).
    """

    STATUSES: ClassVar = frozenset(ENTITLED.values())
    RESULTS: ClassVar = (PaymentResult,)

    requires: Part
    tier: str
    begins: Literal["first_day", "next_month"] | None = None

    def __post_init__(self) -> None:
        """Refuse a payment without parts to name, or whose tier is none of them."""
        if not isinstance(self.requires.word, AllOf):
            raise ValueError("a payment requires all_of several parts")
        if self.tier not in [named.name for named in self.requires.word.parts]:
            raise ValueError(f"the tier {self.tier!r} is not one of the parts")

    @property
    def outermost(self) -> tuple[str, ...]:
        return names_of(self.requires)

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        requires = context.ask("rule", self.requires)

        def run(facts: Facts, day: AskedDay) -> Status:
            return ENTITLED[requires(facts, day).status]

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            verdict = requires(facts, day)
            nodes = verdict.children
            status, since = ENTITLED[verdict.status], None
            if status == "eligible":
                since = context.start_of_run(run, facts, day, status)
                if self.begins == "next_month" and not day.reached(add_months(since.replace(day=1), 1)):
                    status, since = "not_eligible", None
            tier = None if status == "not_eligible" else level_given(nodes, self.tier)
            standard = standard_for(verdict, tier, facts, day, context) if status == "eligible" else None
            return make_node(
                name,
                rule,
                status,
                sources=(standard.evidence,) if standard else (),
                children=nodes,
                reason=verdict.reason,
                result=PaymentResult(
                    tier=tier,
                    amount=standard.tiers[tier] if standard and tier else None,
                    unit=standard.unit if standard else None,
                    standard=standard.standard_id if standard else None,
                    missing=names(nodes, "not_met"),
                    unresolved=names(nodes, "needs_review"),
                    eligible_since=since,
                ),
                standards=standards_used(context, nodes, standard),
            )

        return Compiled(answer, run=run)

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield what each condition needs that fails, and then each that is open."""
        return inquiry.to_meet(self.requires, node)
