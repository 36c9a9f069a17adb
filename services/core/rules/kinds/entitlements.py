"""Allowance, benefits and rewards: conditions that must hold together, or grounds of which one is enough."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, get_args

from contracts.events.values import CertificateLevel, Day, MoneyUnit
from contracts.policies.language import (
    Allowance,
    AllowanceCondition,
    Condition,
    Employed,
    Entitlement,
    LocalStandard,
    Rule,
)
from services.core.calendar import AskedDay, add_months
from services.core.facts.facts import Facts
from services.core.rules.conditions import (
    Op,
    compile_condition,
    fitting_employments,
    level_held,
    measured_by,
    standards_at,
)
from services.core.rules.result import Code, Figure, Result
from services.core.rules.verdict import Compiled, Context, Node, Question, Reason, Status, made


class AllowanceResult(Result, frozen=True):
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


class EntitlementResult(Result, frozen=True):
    """The first ground that holds, or all of them where none does."""

    basis: Code | None = None
    missing: tuple[Code, ...] = ()

    KEY: ClassVar = "basis"


def allowance(spec: Allowance, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer whether all conditions hold, with the tier, and the amount where a local standard names it (CD-26)."""
    told = {key: spec.conditions[key] for key in get_args(AllowanceCondition) if key in spec.conditions}
    ops = _compiled(told, rule, context)
    certificate, role = spec.conditions["certificate"].certificate, spec.conditions["role"].employed
    if certificate is None or role is None:
        raise ValueError("an allowance asks for a certificate and a role")

    def judge(facts: Facts, day: AskedDay) -> tuple[Status, list[Node]]:
        nodes = [op(facts, day) for op in ops.values()]
        statuses = {node.status for node in nodes}
        if "not_met" in statuses:
            return "not_eligible", nodes
        return ("needs_review" if "needs_review" in statuses else "eligible"), nodes

    def run(facts: Facts, day: AskedDay) -> Status:
        return judge(facts, day)[0]

    def form(facts: Facts, day: AskedDay, _question: Question) -> Node:
        status, nodes = judge(facts, day)
        since = None
        if status == "eligible":
            since = context.since_when(run, facts, day, status)
            if context.assumes("first_of_next_month") and not day.reached(add_months(since.replace(day=1), 1)):
                status, since = "not_eligible", None
        tier, standard = None, None
        if status != "not_eligible":
            tier = level_held(certificate, facts, day, context)
        if status == "eligible":
            standard = _standard(role, tier, facts, day, context)
        widening = {source for node in nodes for source in node.sources}
        return made(
            name,
            rule,
            status,
            sources=(standard.evidence,) if standard else (),
            children=tuple(nodes),
            reason=_first_reason(nodes),
            result=AllowanceResult(
                tier=tier,
                amount=standard.tiers[tier] if standard and tier else None,
                unit=standard.unit if standard else None,
                standard=standard.standard_id if standard else None,
                missing=tuple(node.rule for node in nodes if node.status == "not_met"),
                unresolved=tuple(node.rule for node in nodes if node.status == "needs_review"),
                eligible_since=since,
            ),
            standards=tuple(s.standard_id for s in context.standards if s is standard or s.evidence in widening),
        )

    return Compiled(form, run=run)


def _compiled(conditions: Mapping[Any, Condition], rule: Rule, context: Context) -> Mapping[str, Op]:
    return {key: compile_condition(key, condition, rule.clause, context) for key, condition in conditions.items()}


def _first_reason(nodes: Sequence[Node]) -> Reason | None:
    """Return why the first condition fails, or else why the first one is open."""
    failing = [node.reason for node in nodes if node.status == "not_met"]
    unresolved = [node.reason for node in nodes if node.status == "needs_review"]
    return next(iter((*failing, *unresolved)), None)


def _standard(
    role: Employed, tier: CertificateLevel | None, facts: Facts, day: AskedDay, context: Context
) -> LocalStandard | None:
    """Return the best local standard that names the tier."""
    places = measured_by(context, fitting_employments(role, context, facts, day))
    return next((found for found in standards_at(context, places, day) if tier in found.tiers), None)


def _none_holds(grounds: Sequence[Node]) -> Reason | None:
    """Return why none of the grounds holds: the reason of all where they agree."""
    reasons = {ground.reason for ground in grounds}
    return reasons.pop() if len(reasons) == 1 else "no_ground_holds"


def entitlement(spec: Entitlement, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer whether any one ground holds."""
    ops = _compiled(spec.any_of, rule, context)

    def form(facts: Facts, day: AskedDay, _question: Question) -> Node:
        nodes = [op(facts, day) for op in ops.values()]
        met = next((node for node in nodes if node.status == "met"), None)
        unresolved = next((node for node in nodes if node.status == "needs_review"), None)
        rested_on = set(met.sources) if met else set()
        return made(
            name,
            rule,
            "eligible" if met else "needs_review" if unresolved else "not_eligible",
            children=tuple(nodes),
            reason=None if met else unresolved.reason if unresolved else _none_holds(nodes),
            result=EntitlementResult(met.rule if met else None, () if met or unresolved else tuple(ops)),
            standards=tuple(s.standard_id for s in context.standards if s.evidence in rested_on),
        )

    return Compiled(form)
