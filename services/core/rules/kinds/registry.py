"""The kinds of rule: how each is compiled, with its result and its statuses.

A compiled rule answers as if its edition were in force; `evaluate` then applies the days of the edition.
"""

from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct

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
from services.core.rules.kinds.credentials import (
    LevelHeld,
    RankHeld,
    RegistrationHeld,
    highest_certificate,
    qualification,
    registration,
    supervisor_rank,
)
from services.core.rules.kinds.entitlements import AllowanceResult, EntitlementResult, allowance, entitlement
from services.core.rules.kinds.examination import ExamResult, exam_complete, senior_route
from services.core.rules.kinds.experience import YearsServed, professional_years
from services.core.rules.kinds.ladder import GradeResult, ladder
from services.core.rules.kinds.talent import TalentResult, talent
from services.core.rules.kinds.title import TitleHeld, title_by_certificate
from services.core.rules.kinds.training_hours import HoursResult, counted_hours
from services.core.rules.kinds.undefined import undefined
from services.core.rules.parts import Spec, spec_of
from services.core.rules.result import Result
from services.core.rules.verdict import Compiled, Context, Status

HELD: frozenset[Status] = frozenset({"valid", "none"})
HOURS: frozenset[Status] = frozenset({"met", "pending", "not_met", "needs_review"})
TALENT: frozenset[Status] = frozenset({"met", "not_met", "needs_review"})
ENTITLED: frozenset[Status] = frozenset({"eligible", "not_eligible", "needs_review"})


class Kind(Struct, frozen=True):
    """What answers a determination: the spec of its rule, its result, and the statuses it may have.

    The statuses are those of a rule that is in force and applies to the person.
    """

    spec: type[Spec]
    result: type[Result]
    statuses: frozenset[Status]


KINDS: Mapping[str, Kind] = {
    "certificate": Kind(HighestCertificate, LevelHeld, HELD),
    "qualification": Kind(RecognizedQualification, LevelHeld, HELD),
    "registration": Kind(RegistrationTerm, RegistrationHeld, frozenset({"valid", "lapsed", "none"})),
    "title": Kind(TitleByCertificate, TitleHeld, HELD),
    "exam.complete": Kind(ExamComplete, ExamResult, frozenset({"met", "not_met"})),
    "certificate.senior_route": Kind(SeniorRoute, Result, HOURS),
    "grade": Kind(Ladder, GradeResult, frozenset({"conforming", "not_conforming", "none"})),
    "talent": Kind(TalentRoutes, TalentResult, TALENT),
    "talent.quality": Kind(TalentRoutes, TalentResult, TALENT),
    "continuing_education.annual": Kind(CountedHours, HoursResult, HOURS),
    "continuing_education.plan_period": Kind(CountedHours, HoursResult, HOURS),
    "continuing_education.registration_term": Kind(CountedHours, HoursResult, HOURS),
    "allowance": Kind(Allowance, AllowanceResult, ENTITLED),
    "benefit.child_education": Kind(Entitlement, EntitlementResult, ENTITLED),
    "benefit.settlement": Kind(Entitlement, EntitlementResult, ENTITLED),
    "benefit.apartment": Kind(Entitlement, EntitlementResult, ENTITLED),
    "reward.new_talent": Kind(Entitlement, EntitlementResult, ENTITLED),
    "reward.exam": Kind(Entitlement, EntitlementResult, ENTITLED),
    "supervisor": Kind(SupervisorRankHeld, RankHeld, HELD),
    "technical_staff": Kind(HighestCertificate, LevelHeld, HELD),
    "professional_years": Kind(ProfessionalYears, YearsServed, HELD),
}


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
        case Undefined():
            return undefined(name, rule, context, KINDS[name].result())
        case other:
            assert_never(other)
