"""Allowance, benefits and rewards: conditions that must hold together, or grounds of which one is enough."""

from contracts.events.values import CertificateLevel, Day
from services.projections.facts.facts import Facts, Sources
from services.projections.facts.windows import (
    add_months,
    earliest,
    first_day_of_run,
    last_day_before_next,
)
from services.projections.policy.determination import Context, Form, Node, Question, Status, as_need, made
from services.projections.policy.operators import (
    Op,
    best_certificate,
    compile_condition,
    fitting_employment,
    standards_at,
)
from services.projections.policy.pack import (
    Allowance,
    Employed,
    Entitlement,
    Rule,
)


def allowance(spec: Allowance, name: str, rule: Rule, context: Context) -> Form:
    """Answer whether all conditions hold, with the tier, and the amount where a local standard names it (CD-26)."""
    ops: dict[str, Op] = {
        key: compile_condition(key, condition, rule.clause, context) for key, condition in spec.conditions.items()
    }
    certificate = spec.conditions["certificate"].certificate
    role = spec.conditions["role"].employed
    if certificate is None or role is None:
        raise ValueError("an allowance asks for a certificate and a role")

    def answers(facts: Facts, day: Day) -> tuple[Status, list[Node]]:
        nodes = [op(facts, day) for op in ops.values()]
        if any(node.status == "not_met" for node in nodes):
            return "not_eligible", nodes
        return ("needs_review" if any(node.status == "needs_review" for node in nodes) else "eligible"), nodes

    def state(facts: Facts, day: Day) -> tuple[bool, Day | None]:
        status, nodes = answers(facts, day)
        return status == "eligible", earliest(node.until for node in nodes)

    def form(facts: Facts, question: Question) -> Node:
        day = question.as_of
        status, nodes = answers(facts, day)
        until = earliest(node.until for node in nodes)
        missing = [node.rule for node in nodes if node.status == "not_met"]
        unresolved = [node.rule for node in nodes if node.status == "needs_review"]
        tier: CertificateLevel | None = None
        amount = since = None
        standards: tuple[str, ...] = ()
        sources: Sources = ()
        if status != "not_eligible":
            best, _ = best_certificate(facts, day, context, certificate.levels, national_only=certificate.national_only)
            tier = best.level if best else None
        if status == "eligible":
            since = first_day_of_run(lambda at: state(facts, at), context.first_day, day)
            if context.assumes("first_of_next_month") and day < add_months(since.replace(day=1), 1):
                status, tier, since = "not_eligible", None, None
        if status == "eligible":
            amount, standards, sources = _amount(role, tier, facts, day, context)
            until = earliest((until, last_day_before_next(day, (s.effective_from for s in context.standards))))
        decisive = [node for node in nodes if node.status == "not_met"] or [
            node for node in nodes if node.status == "needs_review"
        ]
        return made(
            name,
            rule,
            status,
            until,
            sources=sources,
            children=tuple(nodes),
            reason=decisive[0].reason if decisive else None,
            result={
                "tier": tier,
                "amount": amount,
                "standard": standards[0] if standards else None,
                "missing": missing,
                "unresolved": unresolved,
                "eligible_since": since,
            },
            would_change=tuple(as_need(what, day) for what in (*missing, *unresolved)),
            standards=standards,
        )

    return form


def _amount(
    role: Employed, tier: CertificateLevel | None, facts: Facts, day: Day, context: Context
) -> tuple[str | None, tuple[str, ...], Sources]:
    """Return the amount of the best local standard that names the tier, its id and its event."""
    job = fitting_employment(role, context, facts, day)
    if job is not None and tier is not None:
        for standard in standards_at(context, job.jurisdiction, day):
            if tier in standard.tiers:
                return standard.tiers[tier], (standard.standard_id,), (standard.evidence,)
    return None, (), ()


def entitlement(spec: Entitlement, name: str, rule: Rule, context: Context) -> Form:
    """Answer whether any one ground holds."""
    ops: dict[str, Op] = {
        key: compile_condition(key, condition, rule.clause, context) for key, condition in spec.any_of.items()
    }

    def form(facts: Facts, question: Question) -> Node:
        nodes = [op(facts, question.as_of) for op in ops.values()]
        met = next((node for node in nodes if node.status == "met"), None)
        open_ = any(node.status == "needs_review" for node in nodes)
        missing = [] if met or open_ else list(ops)
        return made(
            name,
            rule,
            "eligible" if met else "needs_review" if open_ else "not_eligible",
            earliest(node.until for node in nodes),
            children=tuple(nodes),
            reason=None if met else nodes[0].reason,
            result={"basis": met.rule if met else None, "missing": missing},
            would_change=tuple(as_need(what, question.as_of) for what in missing),
        )

    return form
