"""Rules compiled to closures: one form for each kind of answer, with its result.

A form answers as if its text were in force; `evaluate` puts the days of the edition over it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.policies.language import Rule
from services.core.rules.kinds.credentials import highest_certificate, qualification, registration, supervisor_rank
from services.core.rules.kinds.entitlements import allowance, entitlement
from services.core.rules.kinds.examination import exam_complete, senior_route
from services.core.rules.kinds.experience import professional_years
from services.core.rules.kinds.ladder import ladder
from services.core.rules.kinds.talent import talent
from services.core.rules.kinds.title import title_by_certificate
from services.core.rules.kinds.training_hours import counted_hours
from services.core.rules.kinds.undefined import undefined
from services.core.rules.verdict import Compiled, Context

FORMS: Mapping[str, Callable[[Any, str, Rule, Context], Compiled]] = {
    "highest_certificate": highest_certificate,
    "registration": registration,
    "qualification": qualification,
    "exam": exam_complete,
    "senior_route": senior_route,
    "ladder": ladder,
    "hours": counted_hours,
    "allowance": allowance,
    "entitlement": entitlement,
    "supervisor_rank": supervisor_rank,
    "professional_years": professional_years,
    "talent": talent,
    "title": title_by_certificate,
    "undefined": undefined,
}
"""The members of a rule, of which exactly one is given, and what compiles each."""


def compile_rule(name: str, rule: Rule, context: Context) -> Compiled:
    """Return the rule as a function of facts and question."""
    for form, compiled in FORMS.items():
        spec = getattr(rule, form)
        if spec is not None:
            return compiled(spec, name, rule, context)
    raise ValueError("a rule has exactly one form")
