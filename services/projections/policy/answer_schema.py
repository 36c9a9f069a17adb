"""JSON Schema of what clients read: one determination, a standing, a figure. Pure; `make contracts` writes them.

Strict, so that a test can hold every answer against it: no member that is not named, each determination with its own
fields and words (docs/glossary.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from contracts.events.schema import DIALECT
from contracts.events.values import (
    FIRST_DAY,
    JURISDICTION_PATTERN,
    LAST_DAY,
    LEDGER_PATTERN,
    PRACTITIONER_PATTERN,
    CertificateLevel,
    DeterminationId,
    ExamLevel,
    ExamSubject,
    MoneyUnit,
    SupervisorRank,
)
from services.projections.policy.determination import Status
from services.projections.policy.readings import ALTERNATIVES

Schema = Mapping[str, Any]

TEXTS: Sequence[str] = ("zh", "en")
DAY: Schema = {"type": "string", "format": "date", "description": f"a civil date in China, from {FIRST_DAY}"}
FIGURE: Schema = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$", "description": "a plain decimal"}
DIGEST: Schema = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
CODE: Schema = {"type": "string", "pattern": "^[a-z0-9_:.]+$"}
READING: Schema = {"type": "string", "pattern": "^R-[0-9]{2}$"}
PLACE: Schema = {"type": "string", "pattern": JURISDICTION_PATTERN}
EVENT: Schema = {"type": "string", "minLength": 1}
STATUS: Schema = {"enum": list(get_args(Status))}
BOOLEAN: Schema = {"type": "boolean"}
WHOLE_NUMBER: Schema = {"type": "integer", "minimum": 0}


def or_null(schema: Schema) -> Schema:
    """Return a schema that also takes null: nothing missing ever becomes false or zero."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(values: Iterable[str]) -> Schema:
    """Return a schema of a closed vocabulary, or null."""
    return {"enum": [*values, None]}


def list_of(schema: Schema) -> Schema:
    """Return a schema of a list that names nothing twice."""
    return {"type": "array", "items": schema, "uniqueItems": True}


def members(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Return a schema of an object that has these members and no other."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


TEXT = members({lang: {"type": "string", "minLength": 1} for lang in TEXTS})
WINDOW = members({"from": DAY, "until": DAY})
LEVEL = one_of(get_args(CertificateLevel))
HOURS: Mapping[str, Schema] = {
    "counted_hours": or_null(FIGURE),
    "required_hours": or_null(FIGURE),
    "shortfall_hours": or_null(FIGURE),
    "window": or_null(WINDOW),
    "met_on": or_null(DAY),
    "not_counted": {"type": "array", "items": members({"event_id": EVENT, "reason": CODE})},
}
LEVEL_SINCE: Mapping[str, Schema] = {"level": LEVEL, "since": or_null(DAY)}
TALENT: Mapping[str, Schema] = {
    "route": one_of(("certificate", "degree", "hours")),
    "engaged": or_null(BOOLEAN),
    **HOURS,
}
ENTITLEMENT: Mapping[str, Schema] = {"basis": or_null(CODE), "missing": list_of(CODE)}
RESULTS: Mapping[str, Mapping[str, Schema]] = {
    "certificate": LEVEL_SINCE,
    "qualification": LEVEL_SINCE,
    "registration": {"valid_from": or_null(DAY), "valid_until": or_null(DAY)},
    "title": {
        "title": one_of(("junior", "intermediate", "senior")),
        "deemed": or_null(BOOLEAN),
        "since": or_null(DAY),
    },
    "exam.complete": {"window": or_null(WINDOW), "subjects": list_of({"enum": list(get_args(ExamSubject))})},
    "certificate.senior_route": {},
    "grade": {
        "recorded_post_level": or_null(WHOLE_NUMBER),
        "conforming_post_level": or_null(WHOLE_NUMBER),
        "post": or_null({"type": "string"}),
        "band": one_of(("junior", "intermediate", "senior")),
        "conforming_since": or_null(DAY),
        "missing": list_of(CODE),
        "reference_only": or_null(BOOLEAN),
    },
    "talent": TALENT,
    "talent.quality": TALENT,
    "continuing_education.annual": HOURS,
    "continuing_education.plan_period": HOURS,
    "continuing_education.registration_term": HOURS,
    "allowance": {
        "tier": LEVEL,
        "amount": or_null(FIGURE),
        "unit": one_of(get_args(MoneyUnit)),
        "standard": or_null({"type": "string"}),
        "missing": list_of(CODE),
        "unresolved": list_of(CODE),
        "eligible_since": or_null(DAY),
    },
    "benefit.child_education": ENTITLEMENT,
    "benefit.settlement": ENTITLEMENT,
    "benefit.apartment": ENTITLEMENT,
    "reward.new_talent": ENTITLEMENT,
    "reward.exam": ENTITLEMENT,
    "supervisor": {"rank": one_of(get_args(SupervisorRank)), "since": or_null(DAY)},
    "technical_staff": LEVEL_SINCE,
    "professional_years": {"years": or_null(WHOLE_NUMBER), "months": or_null(WHOLE_NUMBER)},
}
"""The fields of each determination's result."""

ITEM = members(
    {
        "days": {"type": "array", "items": DAY, "minItems": 1, "uniqueItems": True},
        "amount": FIGURE,
        "unit": {"enum": ["hour", "class_hour", "day"]},
        "counted": BOOLEAN,
        "counted_amount": FIGURE,
    }
)
NODE: Mapping[str, Schema] = {
    "rule": CODE,
    "status": STATUS,
    "reason": or_null(CODE),
    "clause": or_null({"type": "string", "minLength": 1}),
    "text": TEXT,
    "interpretation": or_null(TEXT),
    "inputs": list_of(EVENT),
    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
}
EXPLANATION = members(
    {**NODE, "readings": {"type": "array", "items": members({"reading": READING, "text": TEXT})}}, {"item": ITEM}
)
NEED = members(
    {"need": CODE, "text": TEXT},
    {
        **dict.fromkeys(("from", "until", "on", "ended_on", "held_until", "granted_until", "last_recorded_on"), DAY),
        "amount": FIGURE,
        "unit": {"enum": ["hour", "class_hour", "day"]},
        "status": STATUS,
        "reason": or_null(CODE),
        "result": members(
            {},
            {
                **dict.fromkeys(("level", "title", "rank", "tier"), LEVEL),
                **dict.fromkeys(("amount", "counted_hours", "required_hours"), or_null(FIGURE)),
                "recorded_post_level": or_null(WHOLE_NUMBER),
                **dict.fromkeys(("missing", "unresolved"), list_of(CODE)),
            },
        ),
        "levels": list_of({"enum": list(get_args(CertificateLevel))}),
        "within_months": WHOLE_NUMBER,
    },
)
ALTERNATIVE = members(
    {
        "reading": READING,
        "choice": {"enum": sorted({choice for choices in ALTERNATIVES.values() for choice in choices})},
        "status": STATUS,
        "text": TEXT,
    }
)
POLICY = members(
    {
        "jurisdiction": PLACE,
        "edition": {"type": "string", "minLength": 1},
        "digest": DIGEST,
        "document": {"type": "string", "minLength": 1},
        "last_verified_on": DAY,
        "source_status": {"enum": ["confirmed", "secondary", "memory"]},
        "standards": list_of({"type": "string"}),
    }
)
CLAUSE: Schema = {"type": "string", "minLength": 1}
NUMBERS: Schema = {
    "type": "object",
    "additionalProperties": WHOLE_NUMBER,
    "propertyNames": {"pattern": CODE["pattern"]},
}
REACHED: Schema = one_of(("met", "not_met", "pending", "needs_review", "not_in_force"))
TOLD_BY: Schema = {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": NUMBERS}
FEWER: Schema = {
    "type": "object",
    "properties": {"counted": WHOLE_NUMBER, "status": REACHED},
    "required": ["counted", "status"],
    "additionalProperties": {"type": "array", "items": CODE, "minItems": 1},
    "description": "a second figure, which leaves out those with these values of a field",
}
PEOPLE_COUNTED = members(
    {
        **dict.fromkeys(("counted", "open", "not_counted"), WHOLE_NUMBER),
        "excluded": NUMBERS,
        "statuses": NUMBERS,
        "of": or_null(WHOLE_NUMBER),
        "share": or_null({"type": "string", "pattern": r"^[01]\.[0-9]{4}$", "description": "rounded down"}),
        "by": or_null(TOLD_BY),
        "status": REACHED,
        "without": or_null(FEWER),
    }
)
OF_ONE_PERSON = frozenset({"source_status", "standards"})
"""What is told of the policy where one person is answered, and not of a figure."""
FINDING = members({"event_id": EVENT, "problem": CODE, "detail": {"type": "string"}}, {"target": EVENT})
ABOUT: Mapping[str, Schema] = {
    "ledger": {"type": "string", "pattern": LEDGER_PATTERN},
    "practitioner_id": {"type": "string", "pattern": PRACTITIONER_PATTERN},
    "jurisdiction": PLACE,
    "as_of": DAY,
    "known_at_position": {"type": "integer", "minimum": 1},
    "projected": BOOLEAN,
}
CHANGE = or_null({**DAY, "description": f"null where nothing can change; after {LAST_DAY} nothing is known"})


def determination_schema() -> dict[str, Any]:
    """Return the schema of the whole answer to one question."""
    of_each = [
        {
            "if": {"properties": {"determination": {"const": name}}},
            "then": {"properties": {"result": members(fields)}},
        }
        for name, fields in RESULTS.items()
    ]
    return {
        **_head("determination", "The whole answer to one question about one practitioner."),
        **members(
            {
                "determination": {"enum": list(get_args(DeterminationId))},
                **ABOUT,
                **_judgement({"type": "object"}),
                "alternatives": list_of(ALTERNATIVE),
                "evidence": list_of(
                    members({"event_id": EVENT, "position": {"type": "integer", "minimum": 1}, "type": CODE})
                ),
                "findings": {"type": "array", "items": FINDING},
                "would_change": {"type": "array", "items": NEED},
                "holds_until": CHANGE,
                "next_change_on": CHANGE,
                "policy": POLICY,
                "explanation": EXPLANATION,
                "answer_digest": DIGEST,
            },
            {"period": {"type": "string", "pattern": "^[0-9]{4}$"}, "level": {"enum": list(get_args(ExamLevel))}},
        ),
        "allOf": of_each,
        "$defs": {"node": members(NODE, {"item": ITEM})},
    }


def standing_schema() -> dict[str, Any]:
    """Return the schema of every determination of one practitioner."""
    included = {"alternatives": list_of(ALTERNATIVE), "explanation": EXPLANATION}
    determinations = {
        name: members(_judgement(members(fields)), included)
        for name, fields in RESULTS.items()
        if name != "exam.complete"
    }
    return {
        **_head("standing", "Every determination of one practitioner but exam.complete."),
        **members({**ABOUT, "next_change_on": CHANGE, "determinations": members(determinations)}),
        "$defs": {"node": members(NODE, {"item": ITEM})},
    }


def indicator_schema() -> dict[str, Any]:
    """Return the schema of one figure."""
    return {
        **_head("indicator", "How many people of a place one determination answers so, with target and deadline."),
        **members(
            {
                "indicator": {"type": "string", "pattern": "^I-[0-9]{2}$"},
                "jurisdiction": PLACE,
                "clause": CLAUSE,
                "name": TEXT,
                "text": TEXT,
                "interpretation": or_null(TEXT),
                "determination": {"enum": [name for name in RESULTS if name != "exam.complete"]},
                "target": or_null({"type": "integer", "minimum": 1}),
                "deadline": or_null(DAY),
                "ledger": ABOUT["ledger"],
                "as_of": DAY,
                "decided_on": {**DAY, "description": "the earlier of the day asked about and the deadline"},
                "known_at_position": WHOLE_NUMBER,
                "projected": BOOLEAN,
                "final": BOOLEAN,
                "figure": PEOPLE_COUNTED,
                "readings": list_of(READING),
                "policy": members(
                    {name: POLICY["properties"][name] for name in POLICY["required"] if name not in OF_ONE_PERSON}
                ),
            }
        ),
    }


def _head(title: str, description: str) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": f"{title}.json", "title": title, "description": description}


def _judgement(result: Schema) -> Mapping[str, Schema]:
    return {
        "status": STATUS,
        "reason": or_null(CODE),
        "result": result,
        "clauses": list_of({"type": "string", "minLength": 1}),
        "readings": list_of(READING),
    }
