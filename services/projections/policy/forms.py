"""Rules compiled to closures: one form for each kind of answer, with its result.

A form answers as if its text were in force; `evaluate` puts the days of the edition over it.
"""

from services.projections.policy.credentials import highest_certificate, qualification, registration, supervisor_rank
from services.projections.policy.determination import Context, Form
from services.projections.policy.entitlements import allowance, entitlement
from services.projections.policy.examination import exam_complete, senior_route
from services.projections.policy.experience import professional_years
from services.projections.policy.ladder import ladder
from services.projections.policy.pack import Rule
from services.projections.policy.training_hours import counted_hours


def compile_rule(name: str, rule: Rule, context: Context) -> Form:
    """Return the rule as a function of facts and question."""
    if rule.highest_certificate:
        return highest_certificate(rule.highest_certificate, name, rule, context)
    if rule.registration:
        return registration(rule.registration, name, rule, context)
    if rule.qualification:
        return qualification(rule.qualification, name, rule, context)
    if rule.exam:
        return exam_complete(rule.exam, name, rule, context)
    if rule.senior_route:
        return senior_route(rule.senior_route, name, rule, context)
    if rule.ladder:
        return ladder(rule.ladder, name, rule, context)
    if rule.hours:
        return counted_hours(rule.hours, name, rule, context)
    if rule.allowance:
        return allowance(rule.allowance, name, rule, context)
    if rule.entitlement:
        return entitlement(rule.entitlement, name, rule, context)
    if rule.supervisor_rank:
        return supervisor_rank(rule.supervisor_rank, name, rule, context)
    if rule.professional_years:
        return professional_years(rule.professional_years, name, rule, context)
    raise ValueError("a rule has exactly one form")
