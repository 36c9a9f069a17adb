"""Rules compiled to closures: one form for each kind of answer, with its result.

A form answers as if its text were in force; `evaluate` puts the days of the edition over it.
"""

from typing import assert_never

from contracts.policies.language import (
    Allowance,
    CountedHours,
    Entitlement,
    ExamComplete,
    HighestCertificate,
    Ladder,
    ProfessionalYears,
    RecognizedQualification,
    RegistrationTerm,
    Rule,
    SeniorRoute,
    SupervisorRankHeld,
    TalentRoutes,
    TitleByCertificate,
    Undefined,
)
from services.core.rules.kinds.credentials import highest_certificate, qualification, registration, supervisor_rank
from services.core.rules.kinds.entitlements import allowance, entitlement
from services.core.rules.kinds.examination import exam_complete, senior_route
from services.core.rules.kinds.experience import professional_years
from services.core.rules.kinds.ladder import ladder
from services.core.rules.kinds.talent import talent
from services.core.rules.kinds.title import title_by_certificate
from services.core.rules.kinds.training_hours import counted_hours
from services.core.rules.kinds.undefined import undefined
from services.core.rules.parts import spec_of
from services.core.rules.verdict import Compiled, Context


def compile_rule(name: str, rule: Rule, context: Context) -> Compiled:
    """Return the rule as a function of facts and question."""
    match spec_of(rule):
        case HighestCertificate() as spec:
            return highest_certificate(spec, name, rule, context)
        case RegistrationTerm() as spec:
            return registration(spec, name, rule, context)
        case RecognizedQualification() as spec:
            return qualification(spec, name, rule, context)
        case ExamComplete() as spec:
            return exam_complete(spec, name, rule, context)
        case SeniorRoute() as spec:
            return senior_route(spec, name, rule, context)
        case Ladder() as spec:
            return ladder(spec, name, rule, context)
        case CountedHours() as spec:
            return counted_hours(spec, name, rule, context)
        case Allowance() as spec:
            return allowance(spec, name, rule, context)
        case Entitlement() as spec:
            return entitlement(spec, name, rule, context)
        case SupervisorRankHeld() as spec:
            return supervisor_rank(spec, name, rule, context)
        case ProfessionalYears() as spec:
            return professional_years(spec, name, rule, context)
        case TalentRoutes() as spec:
            return talent(spec, name, rule, context)
        case TitleByCertificate() as spec:
            return title_by_certificate(spec, name, rule, context)
        case Undefined() as spec:
            return undefined(spec, name, rule, context)
        case other:
            assert_never(other)
