"""JSON Schema of what clients read: the answers about a person, about many, and about packs. Pure.

`make contracts` writes them, and the OpenAPI document refers to them.

Strict, so that a test can hold every answer against it: no member that is not named, each determination with its own
fields and words (docs/glossary.md).
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from contracts.events.values import (
    LAST_DAY,
    PRACTITIONER_PATTERN,
    CertificateLevel,
    EducationLevel,
    ExamLevel,
)
from contracts.policies.readings import ALTERNATIVES
from services.core.answers.pack_schemas import pack_schemas
from services.core.answers.shapes import (
    AT_LEAST_ONE,
    BOOLEAN,
    CODE,
    DAY,
    DETERMINATION,
    DIGEST,
    EVENT,
    FIGURE,
    IN_A_STANDING,
    INSTANT,
    JUDGED_BY,
    LEDGER,
    LEVEL,
    NUMBERS,
    PLACE,
    POLICY,
    READING,
    RESULTS,
    STATUS,
    TEXT,
    WHOLE_NUMBER,
    WORDS,
    Schema,
    list_of,
    members,
    or_null,
    titled,
)

RESULT: Mapping[str, Schema] = {name: {"$ref": f"#/$defs/result.{name}"} for name in RESULTS}
RESULT_SHAPES: Mapping[str, Schema] = {f"result.{name}": members(fields) for name, fields in RESULTS.items()}

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
    "clause": or_null(WORDS),
    "text": TEXT,
    "interpretation": or_null(TEXT),
    "inputs": list_of(EVENT),
    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
}
TREE: Mapping[str, Schema] = {
    "node": members(NODE, {"item": ITEM}),
    "explanation": members(
        {
            **NODE,
            "readings": {"type": "array", "items": members({"reading": READING, "text": TEXT})},
            "notes": {"type": "array", "items": members({"clause": WORDS, "text": TEXT})},
        },
        {"item": ITEM},
    ),
}
EXPLANATION: Schema = {"$ref": "#/$defs/explanation"}
YEAR: Schema = {"type": "integer", "minimum": 1900, "maximum": 2199}
NEED: Schema = {"$ref": "#/$defs/need"}
ITS_NEEDS: Schema = {"type": "array", "items": NEED, "minItems": 2}
A_NEED = members(
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
        "levels": list_of({"enum": [*get_args(CertificateLevel), *get_args(EducationLevel)]}),
        "within_months": WHOLE_NUMBER,
        "at_least": WHOLE_NUMBER,
        "counted": WHOLE_NUMBER,
        "exam_year": YEAR,
        "years": WHOLE_NUMBER,
        **dict.fromkeys(("any_of", "all_of"), ITS_NEEDS),
    },
)
NEED_MEMBERS = frozenset(A_NEED["properties"]) - {"text", "any_of", "all_of"}
"""The members of a need that clients read beside its sentence."""
ALTERNATIVE = members(
    {
        "reading": READING,
        "choice": {"enum": sorted({choice for choices in ALTERNATIVES.values() for choice in choices})},
        "status": STATUS,
        "text": TEXT,
    }
)
FINDING = members({"event_id": EVENT, "problem": CODE, "detail": {"type": "string"}}, {"target": EVENT})
ABOUT: Mapping[str, Schema] = {
    "ledger": LEDGER,
    "practitioner_id": {"type": "string", "pattern": PRACTITIONER_PATTERN},
    "jurisdiction": PLACE,
    "as_of": DAY,
    "known_at_position": AT_LEAST_ONE,
    "projected": BOOLEAN,
    "engine": JUDGED_BY,
}
OF_A_QUESTION: Mapping[str, Schema] = {
    "period": {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$"},
    "level": {"enum": list(get_args(ExamLevel))},
    "year": YEAR,
}
CHANGE = or_null({**DAY, "description": f"null where nothing can change; after {LAST_DAY} nothing is known"})
EVIDENCE = members({"event_id": EVENT, "position": AT_LEAST_ONE, "type": CODE})
CAUSING: Schema = {**list_of(EVIDENCE), "minItems": 1}
SUMMARY = members({"status": STATUS, "result": {"type": "object"}})
KNOWLEDGE_CAUSE = members({"cause": {"enum": ["fact", "correction", "rule"]}, "events": CAUSING})
DAY_CAUSE: Schema = {
    "oneOf": [
        members({"cause": {"const": "fact"}, "events": CAUSING}),
        members({"cause": {"const": "rule"}, "events": CAUSING, "jurisdiction": PLACE, "standard": WORDS}),
        members(
            {
                "cause": {"const": "rule"},
                "jurisdiction": PLACE,
                "edition": WORDS,
                "turn": {"enum": ["begins", "ended"]},
            }
        ),
        members({"cause": {"const": "time"}}),
    ]
}
"""A fact, a local standard, an edition, or time alone."""


def _judgement(result: Schema) -> Mapping[str, Schema]:
    return {
        "status": STATUS,
        "reason": or_null(CODE),
        "result": result,
        "clauses": list_of(WORDS),
        "readings": list_of(READING),
    }


WHOLE: Mapping[str, Schema] = {
    **_judgement({"type": "object"}),
    "alternatives": list_of(ALTERNATIVE),
    "evidence": list_of(EVIDENCE),
    "findings": {"type": "array", "items": FINDING},
    "would_change": {"type": "array", "items": NEED},
    "holds_until": CHANGE,
    "next_change_on": CHANGE,
    "policy": POLICY,
    "explanation": EXPLANATION,
    "answer_digest": DIGEST,
}

OF_A_WHOLE: Mapping[str, Schema] = {**TREE, "need": A_NEED, **RESULT_SHAPES}
"""The definitions to which a whole answer refers."""


def determination_schema() -> dict[str, Any]:
    """Return the schema of the whole answer to one question."""
    return {
        **titled("determination", "The whole answer to one question about one practitioner."),
        **members({"determination": DETERMINATION, **ABOUT, **WHOLE}, OF_A_QUESTION),
        "allOf": _for_each_determination(_with_result),
        "$defs": OF_A_WHOLE,
    }


def standing_schema() -> dict[str, Any]:
    """Return the schema of every determination of one practitioner."""
    included = {"alternatives": list_of(ALTERNATIVE), "explanation": EXPLANATION}
    return {
        **titled("standing", "Every determination of one practitioner but those of a level of the exam."),
        **members({**ABOUT, "next_change_on": CHANGE, "determinations": _determinations(included)}),
        "$defs": {**TREE, **RESULT_SHAPES},
    }


def timeline_schema() -> dict[str, Any]:
    """Return the schema of a timeline: one answer over the days, or over what was known about one day."""
    about = {
        **{name: ABOUT[name] for name in ("ledger", "practitioner_id", "known_at_position", "projected", "engine")},
        "determination": DETERMINATION,
        "jurisdiction": or_null(PLACE),
        "truncated": BOOLEAN,
    }
    over_days = {
        **about,
        "axis": {"const": "as_of"},
        "from": DAY,
        "to": DAY,
        "opening": SUMMARY,
        "changes": _changes({"on": DAY, **SUMMARY["properties"]}, DAY_CAUSE),
        "next_from": or_null(DAY),
    }
    over_knowledge = {
        **about,
        "axis": {"const": "known_at"},
        "from": or_null(DAY),
        "to": or_null(DAY),
        "as_of": DAY,
        "opening": or_null(SUMMARY),
        "changes": _changes(
            {"position": AT_LEAST_ONE, "recorded_at": INSTANT, **SUMMARY["properties"]}, KNOWLEDGE_CAUSE
        ),
        "next_after": or_null(AT_LEAST_ONE),
    }
    return {
        **titled("timeline", "The answer at the beginning, and every change of it with its causes."),
        "oneOf": [members(axis, OF_A_QUESTION) for axis in (over_days, over_knowledge)],
        "allOf": _for_each_determination(
            lambda result: _inside({"opening": _with_result(result), "changes": {"items": _with_result(result)}})
        ),
        "$defs": RESULT_SHAPES,
    }


def comparison_schema() -> dict[str, Any]:
    """Return the schema of the answers to one question, or to all, under several packs.

    It has no findings, which are about the facts, and no digest, as the answers are hypothetical.
    """
    about = {name: schema for name, schema in ABOUT.items() if name != "jurisdiction"}
    of_one_question = {name: schema for name, schema in WHOLE.items() if name not in ("findings", "answer_digest")}
    standing = members({"next_change_on": CHANGE, "determinations": _determinations()})
    place = members({"jurisdiction": PLACE, "name": TEXT, "answer": {"anyOf": [members(of_one_question), standing]}})

    def answered(schema: Schema) -> Schema:
        return _inside({"places": {"items": _inside({"answer": schema})}})

    return {
        **titled("comparison", "The same question under several packs, as if the employment were in each place."),
        **members(
            {
                "determination": {"enum": ["standing", *DETERMINATION["enum"]]},
                **about,
                "places": {"type": "array", "items": place, "minItems": 1},
            },
            OF_A_QUESTION,
        ),
        "allOf": [
            _where("standing", answered({"required": ["determinations"]})),
            *_for_each_determination(lambda result: answered({"required": ["result"], **_with_result(result)})),
        ],
        "$defs": OF_A_WHOLE,
    }


def cohort_schema() -> dict[str, Any]:
    """Return the schema of a page of people, selected by their answer to one question."""
    person = {
        "practitioner_id": ABOUT["practitioner_id"],
        "jurisdiction": PLACE,
        "status": STATUS,
        "result": {"anyOf": [RESULT[name] for name in IN_A_STANDING]},
    }
    return {
        **titled("cohort", "A page of people by the answer to one question, and how many have each status."),
        **members(
            {
                "standings": {"type": "array", "items": members(person)},
                "counts": NUMBERS,
                "next_cursor": or_null(WORDS),
                "position": WHOLE_NUMBER,
                "engine": {**JUDGED_BY, "description": "the number of the code that judged every row"},
                "rows_due": BOOLEAN,
            }
        ),
        "$defs": RESULT_SHAPES,
    }


def answer_schemas() -> dict[str, dict[str, Any]]:
    """Return every schema by its name."""
    schemas = (
        *(determination_schema(), standing_schema(), timeline_schema(), comparison_schema(), cohort_schema()),
        *pack_schemas(),
    )
    return {schema["title"]: schema for schema in schemas}


def _determinations(optional: Mapping[str, Schema] | None = None) -> Schema:
    return members({name: members(_judgement(RESULT[name]), optional) for name in IN_A_STANDING})


def _for_each_determination(then: Callable[[Schema], Schema]) -> list[Schema]:
    """Return the constraints on an answer whose determination has this result."""
    return [_where(name, then(result)) for name, result in RESULT.items()]


def _where(determination: str, then: Schema) -> Schema:
    return {"if": _inside({"determination": {"const": determination}}), "then": then}


def _with_result(result: Schema) -> Schema:
    return _inside({"result": result})


def _inside(properties: Mapping[str, Schema]) -> Schema:
    return {"properties": properties}


def _changes(change: Mapping[str, Schema], cause: Schema) -> Schema:
    causes = {"type": "array", "items": cause, "minItems": 1}
    return {"type": "array", "items": members({**change, "causes": causes})}
