"""What is missing for an answer to be another, with dates and figures, as codes. Pure."""

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
from services.core.questions.asked import Asked
from services.core.questions.unmet import certificate, registration, to_meet
from services.core.rules.conditions import LEVELS, best_certificate
from services.core.rules.hours import printed
from services.core.rules.kinds.entitlements import AllowanceResult, EntitlementResult
from services.core.rules.kinds.examination import subjects_to_pass
from services.core.rules.kinds.ladder import GradeResult
from services.core.rules.kinds.talent import TalentResult
from services.core.rules.kinds.training_hours import HoursResult
from services.core.rules.parts import spec_of
from services.core.rules.verdict import HOLDING, Decision, Node, result_of

DECISIONS: Sequence[Decision] = get_args(Decision)


def missing(asked: Asked, node: Node) -> Iterator[Advice]:
    """Yield what would change the answer were it recorded."""
    if node.status == "undefined_in_policy" or (node.status == "not_in_force" and not asked.rule.clause):
        yield advice.Plain(code="rule", need="rule", from_=asked.as_of)
    elif node.status == "not_applicable":
        yield from _to_apply(asked, node)
    elif node.status != "not_in_force":
        decisions = tuple(_decisions(asked, node))
        needs = () if node.status in HOLDING else tuple(_needs(asked, node))
        yield from decisions
        yield from needs
        if node.status == "needs_review" and not decisions and not needs:
            yield advice.Plain(code="review", need="review", from_=asked.as_of)


def _decisions(asked: Asked, node: Node) -> Iterator[Advice]:
    """Yield the decisions that a person has to take where the answer waits for one, each by what leaves it open."""
    if node.status != "needs_review":
        return
    for part in (node, *node.children):
        # A form repeats the reason of its part; the decision is told once, with the clause of the part.
        repeated = part is node and any(child.reason == node.reason for child in node.children)
        decision = next((one for one in DECISIONS if one == part.reason), None)
        if part.status == "needs_review" and decision and not repeated:
            yield advice.PersonDecides(need="review", from_=asked.as_of, reason=decision, clause=part.clause)


def _needs(asked: Asked, node: Node) -> Iterator[Advice]:
    """Yield what a rule of each kind lacks where it does not hold."""
    day = asked.as_of
    match spec_of(asked.rule):
        case HighestCertificate(levels=levels, national_only=national_only):
            yield certificate(day, levels, national_only=national_only)
        case TitleByCertificate(titles=titles):
            yield certificate(day, titles, national_only=True)
        case RegistrationTerm():
            yield registration(asked)
        case RecognizedQualification():
            yield advice.Plain(code="recognition", need="recognition", from_=day)
        case SupervisorRankHeld():
            yield advice.Plain(code="supervisor", need="supervisor", from_=day)
        case ProfessionalYears():
            yield advice.Plain(code="direct_service", need="direct_service", from_=day)
        case ExamComplete() as exam:
            yield from _subjects(asked, exam)
        case SeniorRoute():
            yield from _senior_route(asked, node)
        case Ladder():
            yield from _grade(asked, node)
        case CountedHours() as hours:
            yield from _hours(asked, node, hours)
        case Allowance(conditions=conditions):
            lacks, named = result_of(node, AllowanceResult), {str(name): one for name, one in conditions.items()}
            for name in (*lacks.missing, *lacks.unresolved):
                yield to_meet(asked, name, named[name])
        case Entitlement(any_of=grounds):
            yield from _any_of(asked, grounds, result_of(node, EntitlementResult).missing, "ground")
        case TalentRoutes() as talent:
            yield from _talent(asked, node, talent)
        case Undefined():
            return
        case other:
            assert_never(other)


def _subjects(asked: Asked, exam: ExamComplete) -> Iterator[Advice]:
    """Yield each subject still to be passed, with its last day where passes in years that still count wait for it."""
    for subject, until in subjects_to_pass(exam, asked.facts, asked.question):
        need, day = f"exam_subject:{subject}", asked.as_of
        if until is None:
            yield advice.Subject(code="exam_subject", need=need, from_=day, subject=subject)
        else:
            yield advice.Subject(code="exam_subject_by", need=need, from_=day, until=until, subject=subject)


def _senior_route(asked: Asked, node: Node) -> Iterator[Advice]:
    proofs = [proof for proof in asked.facts.senior_proofs if proof.first <= asked.as_of]
    if node.status == "pending":
        last = max(proof.last for proof in proofs)
        yield advice.SeniorReview(need="senior_review", from_=asked.as_of, until=last)
    elif node.status == "not_met":
        yield advice.Plain(
            code="senior_proof_new" if proofs else "senior_proof", need="senior_proof", from_=asked.as_of
        )


def _grade(asked: Asked, node: Node) -> Iterator[Advice]:
    result = result_of(node, GradeResult)
    if not result.missing:
        yield advice.Plain(code="post", need="post", from_=asked.as_of)
        return
    enough = tuple(dropwhile(lambda level: level != result.band, LEVELS))
    for need in result.missing:
        yield certificate(asked.as_of, enough, need=need, national_only=True)


def _hours(asked: Asked, node: Node, hours: CountedHours) -> Iterator[Advice]:
    result = result_of(node, HoursResult)
    short, window = result.shortfall_hours, result.window
    if window is None or short in (None, printed(0)):
        return
    if hours.window.rolling_years is not None:
        yield _rolling(asked, hours.unit, short)
        return
    # Hours help no longer than the text is in force.
    ends = asked.context.last_day
    until = window.last if ends is None else min(window.last, ends)
    yield advice.Hours(
        code="hours" if asked.as_of <= until else "hours_late", need=hours.unit, amount=short, until=until
    )


def _rolling(asked: Asked, unit: TrainingUnit, short: str, one_of: Ways | None = None) -> Advice:
    return advice.Hours(code="hours_rolling", need=unit, amount=short, from_=asked.as_of, one_of=one_of)


def _talent(asked: Asked, node: Node, talent: TalentRoutes) -> Iterator[Advice]:
    """Yield the ways of being engaged where the work is asked for and lacks, and each route where none holds."""
    result = result_of(node, TalentResult)
    if talent.engagement_required and not result.engaged:
        yield from _any_of(asked, talent.engaged, talent.engaged, "engagement")
    if result.route is not None:
        return
    held = {"certificate": talent.certificate, "degree": talent.degree}
    routes = {name: condition for name, condition in held.items() if condition}
    one_of: Ways | None = "route" if len(routes) + (talent.hours is not None) > 1 else None
    for name, condition in routes.items():
        yield to_meet(asked, name, condition, one_of)
    if talent.hours and result.shortfall_hours is not None:
        yield _rolling(asked, talent.hours.hours.unit, result.shortfall_hours, one_of)


def _any_of(asked: Asked, conditions: Mapping[str, Condition], names: Collection[str], ways: Ways) -> Iterator[Advice]:
    """Yield what would meet each of the conditions of these names, of which any one is enough."""
    for name in names:
        yield to_meet(asked, name, conditions[name], ways if len(conditions) > 1 else None)


def _to_apply(asked: Asked, node: Node) -> Iterator[Advice]:
    """Yield what would make the rule concern this person; once its day has passed, only that day can."""
    hours = asked.rule.hours
    if node.decided_on is not None and node.decided_on < asked.as_of:
        yield advice.FactsOfADay(on=node.decided_on)
        return
    if any(child.status != "met" for child in node.children):
        if hours and hours.applies_to:
            yield to_meet(asked, "employment", hours.applies_to)
        return
    if node.reason == "no_window":
        yield registration(asked)
    levels = hours.required_by_level if hours else None
    if levels and best_certificate(asked.facts, AskedDay(asked.as_of), asked.context, national_only=True) is None:
        yield certificate(asked.as_of, levels, national_only=True)
