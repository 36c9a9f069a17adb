"""The parts of rules and conditions: which operator, which form, which conditions inside. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, get_args

from msgspec import Struct, structs

from contracts.policies.language import (
    Allowance,
    Attested,
    Condition,
    CountedHours,
    DecidedElsewhere,
    DesignatedSupervisor,
    DesignatedTalent,
    Employed,
    Entitlement,
    ExamComplete,
    ExamReward,
    HighestCertificate,
    HoldsCertificate,
    HoldsDegree,
    Ladder,
    ProfessionalYears,
    RecognizedQualification,
    Registered,
    RegistrationTerm,
    Rule,
    SeniorRoute,
    Served,
    SupervisorRankHeld,
    TalentRoutes,
    Text,
    TitleByCertificate,
    Undefined,
)

Operator: TypeAlias = (
    Employed
    | HoldsCertificate
    | HoldsDegree
    | ExamReward
    | Registered
    | Served
    | Attested
    | DesignatedTalent
    | DesignatedSupervisor
    | DecidedElsewhere
)
"""What a condition asks: exactly one of its members."""
Spec: TypeAlias = (
    HighestCertificate
    | RegistrationTerm
    | RecognizedQualification
    | ExamComplete
    | SeniorRoute
    | Ladder
    | CountedHours
    | Allowance
    | Entitlement
    | SupervisorRankHeld
    | ProfessionalYears
    | TalentRoutes
    | TitleByCertificate
    | Undefined
)
"""How a rule answers: exactly one of its members."""


def _members(whole: type[Struct], kinds: Any) -> Sequence[str]:
    return tuple(field.name for field in structs.fields(whole) if set(get_args(field.type)) & set(get_args(kinds)))


OPERATORS = _members(Condition, Operator)
"""The members of a condition, of which exactly one is given."""
FORMS = _members(Rule, Spec)
"""The members of a rule, of which exactly one is given."""


def operator_of(condition: Condition) -> Operator:
    """Return the operator of a condition. Raises ValueError if it has none."""
    operator: Operator = _given(condition, OPERATORS)
    return operator


def spec_of(rule: Rule) -> Spec:
    """Return the form of a rule. Raises ValueError if it has none."""
    spec: Spec = _given(rule, FORMS)
    return spec


def _given(whole: Struct, names: Iterable[str]) -> Any:
    for name in names:
        if (part := getattr(whole, name)) is not None:
            return part
    raise ValueError(f"exactly one of {', '.join(names)} is given")


def named_conditions(rule: Rule) -> dict[str, Condition]:
    """Return all conditions inside a rule by their names."""
    return {name: value for name, value in _parts(rule) if isinstance(value, Condition)}


def hours_asked(rule: Rule) -> CountedHours | None:
    """Return the hours that a rule requires; None if it requires none."""
    return next((value for _, value in _parts(rule) if isinstance(value, CountedHours)), None)


def _parts(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, Struct):
        members: Iterable[tuple[str, Any]] = structs.asdict(part).items()
    elif isinstance(part, Mapping):
        members = part.items()
    else:
        return
    for name, value in members:
        yield name, value
        if not isinstance(value, Condition | Text):
            yield from _parts(value)
