"""What is missing for a better answer, with dates and figures, as codes. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import assert_never, get_args

from contracts.events.values import TrainingUnit
from contracts.policies.language import (
    Allowance,
    Condition,
    CountedHours,
    Entitlement,
    ExamComplete,
    HighestCertificate,
    Ladder,
    ProfessionalYears,
    RecognizedQualification,
    RegistrationTerm,
    SeniorRoute,
    SupervisorRankHeld,
    TalentRoutes,
    TitleByCertificate,
    Undefined,
)
from services.core.calendar import AskedDay
from services.core.questions import advice
from services.core.questions.advice import Advice, Ways
from services.core.questions.inquiry import Inquiry
from services.core.questions.unmet import certificate, registration, to_meet
from services.core.rules.conditions import CERTIFICATE_LEVELS, best_certificate
from services.core.rules.hours import decimal_text
from services.core.rules.kinds.entitlements import AllowanceResult, EntitlementResult
from services.core.rules.kinds.examination import subjects_to_pass
from services.core.rules.kinds.ladder import GradeResult
from services.core.rules.kinds.talent import TalentResult
from services.core.rules.kinds.training_hours import HoursResult
from services.core.rules.parts import spec_of
from services.core.rules.verdict import HOLDING, Decision, Node, result_of

DECISIONS: Sequence[Decision] = get_args(Decision)


def missing(inquiry: Inquiry, node: Node) -> Iterator[Advice]:
    """Yield what would change the answer if it were recorded."""
    if node.status == "undefined_in_policy" or (node.status == "not_in_force" and not inquiry.rule.clause):
        yield advice.PlainNeed(code="rule", need="rule", from_=inquiry.as_of)
    elif node.status == "not_applicable":
        yield from _to_apply(inquiry, node)
    elif node.status != "not_in_force":
        decisions = tuple(_decisions(inquiry, node))
        needs = () if node.status in HOLDING else tuple(_needs(inquiry, node))
        yield from decisions
        yield from needs
        if node.status == "needs_review" and not decisions and not needs:
            yield advice.PlainNeed(code="review", need="review", from_=inquiry.as_of)


def _decisions(inquiry: Inquiry, node: Node) -> Iterator[Advice]:
    """Yield each decision that the answer waits for, by the reason that leaves it open."""
    if node.status != "needs_review":
        return
    for part in (node, *node.children):
        # A rule repeats the reason of its condition; the decision is listed once, with the clause of the condition.
        repeated = part is node and any(child.reason == node.reason for child in node.children)
        decision = next((candidate for candidate in DECISIONS if candidate == part.reason), None)
        if part.status == "needs_review" and decision and not repeated:
            yield advice.DecisionNeed(need="review", from_=inquiry.as_of, reason=decision, clause=part.clause)


def _needs(inquiry: Inquiry, node: Node) -> Iterator[Advice]:
    """Yield what an answer that does not hold lacks, by the kind of its rule."""
    day = inquiry.as_of
    match spec_of(inquiry.rule):
        case HighestCertificate(levels=levels, national_only=national_only):
            yield certificate(day, levels, national_only=national_only)
        case TitleByCertificate(titles=titles):
            yield certificate(day, titles, national_only=True)
        case RegistrationTerm():
            yield registration(inquiry)
        case RecognizedQualification():
            yield advice.PlainNeed(code="recognition", need="recognition", from_=day)
        case SupervisorRankHeld():
            yield advice.PlainNeed(code="supervisor", need="supervisor", from_=day)
        case ProfessionalYears():
            yield advice.PlainNeed(code="direct_service", need="direct_service", from_=day)
        case ExamComplete() as exam:
            yield from _subjects(inquiry, exam)
        case SeniorRoute():
            yield from _senior_route(inquiry, node)
        case Ladder():
            yield from _grade(inquiry, node)
        case CountedHours() as hours:
            yield from _hours(inquiry, node, hours)
        case Allowance(conditions=conditions):
            result = result_of(node, AllowanceResult)
            by_name = {str(name): condition for name, condition in conditions.items()}
            for name in (*result.missing, *result.unresolved):
                yield to_meet(inquiry, name, by_name[name])
        case Entitlement(any_of=grounds):
            yield from _any_of(inquiry, grounds, result_of(node, EntitlementResult).missing, "ground")
        case TalentRoutes() as talent:
            yield from _talent(inquiry, node, talent)
        case Undefined():
            return
        case other:
            assert_never(other)


def _subjects(inquiry: Inquiry, exam: ExamComplete) -> Iterator[Advice]:
    """Yield each subject still to be passed, with a last day if earlier passes would no longer count after it."""
    for subject, until in subjects_to_pass(exam, inquiry.facts, inquiry.question):
        need, day = f"exam_subject:{subject}", inquiry.as_of
        if until is None:
            yield advice.SubjectNeed(code="exam_subject", need=need, from_=day, subject=subject)
        else:
            yield advice.SubjectNeed(code="exam_subject_by", need=need, from_=day, until=until, subject=subject)


def _senior_route(inquiry: Inquiry, node: Node) -> Iterator[Advice]:
    proofs = [proof for proof in inquiry.facts.senior_proofs if proof.first <= inquiry.as_of]
    if node.status == "pending":
        last = max(proof.last for proof in proofs)
        yield advice.SeniorReviewNeed(need="senior_review", from_=inquiry.as_of, until=last)
    elif node.status == "not_met":
        yield advice.PlainNeed(
            code="senior_proof_new" if proofs else "senior_proof", need="senior_proof", from_=inquiry.as_of
        )


def _grade(inquiry: Inquiry, node: Node) -> Iterator[Advice]:
    result = result_of(node, GradeResult)
    if not result.missing:
        yield advice.PlainNeed(code="post", need="post", from_=inquiry.as_of)
        return
    enough = tuple(dropwhile(lambda level: level != result.band, CERTIFICATE_LEVELS))
    for need in result.missing:
        yield certificate(inquiry.as_of, enough, need=need, national_only=True)


def _hours(inquiry: Inquiry, node: Node, hours: CountedHours) -> Iterator[Advice]:
    result = result_of(node, HoursResult)
    short, window = result.shortfall_hours, result.window
    if window is None or short in (None, decimal_text(0)):
        return
    if hours.window.rolling_years is not None:
        yield _rolling(inquiry, hours.unit, short)
        return
    # Hours help only as long as the text is in force.
    ends = inquiry.text_ends
    until = window.last if ends is None else min(window.last, ends)
    yield advice.HoursNeed(
        code="hours" if inquiry.as_of <= until else "hours_late", need=hours.unit, amount=short, until=until
    )


def _rolling(inquiry: Inquiry, unit: TrainingUnit, short: str, one_of: Ways | None = None) -> Advice:
    return advice.HoursNeed(code="hours_rolling", need=unit, amount=short, from_=inquiry.as_of, one_of=one_of)


def _talent(inquiry: Inquiry, node: Node, talent: TalentRoutes) -> Iterator[Advice]:
    """Yield the ways of being engaged, if work is required and missing, and the routes to quality, if none holds."""
    result = result_of(node, TalentResult)
    if talent.engagement_required and not result.engaged:
        yield from _any_of(inquiry, talent.engaged, talent.engaged, "engagement")
    if result.route is not None:
        return
    held = {"certificate": talent.certificate, "degree": talent.degree}
    routes = {name: condition for name, condition in held.items() if condition}
    one_of: Ways | None = "route" if len(routes) + (talent.hours is not None) > 1 else None
    for name, condition in routes.items():
        yield to_meet(inquiry, name, condition, one_of)
    if talent.hours and result.shortfall_hours is not None:
        yield _rolling(inquiry, talent.hours.hours.unit, result.shortfall_hours, one_of)


def _any_of(
    inquiry: Inquiry, conditions: Mapping[str, Condition], names: Collection[str], ways: Ways
) -> Iterator[Advice]:
    """Yield what would meet each named condition, any one of which is enough."""
    for name in names:
        yield to_meet(inquiry, name, conditions[name], ways if len(conditions) > 1 else None)


def _to_apply(inquiry: Inquiry, node: Node) -> Iterator[Advice]:
    """Yield what would make the rule apply to this person; once the deciding day has passed, only facts of that day."""
    hours = inquiry.rule.hours
    if node.decided_on is not None and node.decided_on < inquiry.as_of:
        yield advice.FactsOfADay(on=node.decided_on)
        return
    if any(child.status != "met" for child in node.children):
        if hours and hours.applies_to:
            yield to_meet(inquiry, "employment", hours.applies_to)
        return
    if node.reason == "no_window":
        yield registration(inquiry)
    levels = hours.required_by_level if hours else None
    if levels and best_certificate(inquiry.facts, AskedDay(inquiry.as_of), inquiry.context, national_only=True) is None:
        yield certificate(inquiry.as_of, levels, national_only=True)
