"""Allowance, benefits and rewards: conditions that must all hold, or grounds of which one is enough."""

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
    CompiledCondition,
    compile_condition,
    fitting_employments,
    level_held,
    measured_by,
    standards_at,
)
from services.core.rules.result import Code, Figure, Result
from services.core.rules.verdict import Compiled, Context, Node, Question, Reason, Status, make_node


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
    """The first ground that holds, or all grounds if none does."""

    basis: Code | None = None
    missing: tuple[Code, ...] = ()

    KEY: ClassVar = "basis"


def allowance(spec: Allowance, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer whether all conditions hold, with the tier, and the amount if a local standard names it (CD-26)."""
    in_order = {key: spec.conditions[key] for key in get_args(AllowanceCondition) if key in spec.conditions}
    conditions = _compiled(in_order, rule, context)
    certificate, role = spec.conditions["certificate"].certificate, spec.conditions["role"].employed
    if certificate is None or role is None:
        raise ValueError("an allowance requires a certificate and a role")

    def run(facts: Facts, day: AskedDay) -> Status:
        return _status_of([condition(facts, day) for condition in conditions])

    def answer(facts: Facts, day: AskedDay, _question: Question) -> Node:
        nodes = [condition(facts, day) for condition in conditions]
        status, since = _status_of(nodes), None
        if status == "eligible":
            since = context.start_of_run(run, facts, day, status)
            if context.assumes("first_of_next_month") and not day.reached(add_months(since.replace(day=1), 1)):
                status, since = "not_eligible", None
        tier = None if status == "not_eligible" else level_held(certificate, facts, day, context)
        standard = _standard(role, tier, facts, day, context) if status == "eligible" else None
        return make_node(
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
            standards=_standards_used(context, standard, nodes),
        )

    return Compiled(answer, run=run)


def _compiled(conditions: Mapping[Any, Condition], rule: Rule, context: Context) -> Sequence[CompiledCondition]:
    return [compile_condition(key, condition, rule.clause, context) for key, condition in conditions.items()]


def _status_of(nodes: Sequence[Node]) -> Status:
    """Return the status of an allowance whose conditions must all hold."""
    statuses = {node.status for node in nodes}
    if "not_met" in statuses:
        return "not_eligible"
    return "needs_review" if "needs_review" in statuses else "eligible"


def _standards_used(context: Context, amount_from: LocalStandard | None, nodes: Sequence[Node]) -> tuple[str, ...]:
    """Return the ids of the local standards that give the amount or that a condition rests on."""
    evidence = {source for node in nodes for source in node.sources}
    used = (standard for standard in context.standards if standard is amount_from or standard.evidence in evidence)
    return tuple(standard.standard_id for standard in used)


def _first_reason(nodes: Sequence[Node]) -> Reason | None:
    """Return the reason of the first condition that fails, or else of the first that is open."""
    failing = [node.reason for node in nodes if node.status == "not_met"]
    unresolved = [node.reason for node in nodes if node.status == "needs_review"]
    return next(iter((*failing, *unresolved)), None)


def _standard(
    role: Employed, tier: CertificateLevel | None, facts: Facts, day: AskedDay, context: Context
) -> LocalStandard | None:
    """Return the best local standard that names the tier."""
    places = measured_by(context, fitting_employments(role, context, facts, day))
    return next((standard for standard in standards_at(context, places, day) if tier in standard.tiers), None)


def _why_none_holds(grounds: Sequence[Node]) -> Reason | None:
    """Return why none of the grounds holds: their reason, if it is the same for all."""
    reasons = {ground.reason for ground in grounds}
    return reasons.pop() if len(reasons) == 1 else "no_ground_holds"


def entitlement(spec: Entitlement, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer whether any one ground holds."""
    grounds = _compiled(spec.any_of, rule, context)

    def answer(facts: Facts, day: AskedDay, _question: Question) -> Node:
        nodes = [ground(facts, day) for ground in grounds]
        met = next((node for node in nodes if node.status == "met"), None)
        unresolved = next((node for node in nodes if node.status == "needs_review"), None)
        return make_node(
            name,
            rule,
            "eligible" if met else "needs_review" if unresolved else "not_eligible",
            children=tuple(nodes),
            reason=None if met else unresolved.reason if unresolved else _why_none_holds(nodes),
            result=EntitlementResult(met.rule if met else None, () if met or unresolved else tuple(spec.any_of)),
            standards=_standards_used(context, None, [met] if met else []),
        )

    return Compiled(answer)
