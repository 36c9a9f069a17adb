"""JSON Schema of what clients read: the answers about a person, about many, and about packs. Pure.

`make contracts` writes them, and the OpenAPI document refers to them.

Strict, so that a test can hold every answer against it: no member that is not named, each determination with its own
fields and words (docs/glossary.md).
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import msgspec

from contracts.events.schema import DIALECT
from contracts.events.values import (
    LAST_DAY,
    LEDGER_PATTERN,
    PRACTITIONER_PATTERN,
    CertificateLevel,
    ExamLevel,
)
from contracts.policies.language import Indicator, Rule
from contracts.policies.readings import ALTERNATIVES
from services.core.answers.shapes import (
    AT_LEAST_ONE,
    BOOLEAN,
    CODE,
    DAY,
    DETERMINATION,
    DIGEST,
    EVENT,
    FIGURE,
    INSTANT,
    JUDGED_BY,
    LEVEL,
    PLACE,
    READING,
    RESULTS,
    STATUS,
    TEXT,
    WHOLE_NUMBER,
    WORDS,
    Schema,
    list_of,
    members,
    one_of,
    or_null,
)

IN_A_STANDING = {name: fields for name, fields in RESULTS.items() if name != "exam.complete"}
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
        {**NODE, "readings": {"type": "array", "items": members({"reading": READING, "text": TEXT})}}, {"item": ITEM}
    ),
}
EXPLANATION: Schema = {"$ref": "#/$defs/explanation"}
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
NEED_MEMBERS = frozenset(NEED["properties"]) - {"text"}
"""What clients read of a need beside its sentence."""
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
        "edition": WORDS,
        "digest": DIGEST,
        "document": WORDS,
        "last_verified_on": DAY,
        "source_status": {"enum": ["confirmed", "secondary", "memory"]},
        "standards": list_of({"type": "string"}),
    }
)
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
    "known_at_position": AT_LEAST_ONE,
    "projected": BOOLEAN,
    "engine": JUDGED_BY,
}
OF_A_QUESTION: Mapping[str, Schema] = {
    "period": {"type": "string", "pattern": "^[0-9]{4}$"},
    "level": {"enum": list(get_args(ExamLevel))},
}
CHANGE = or_null({**DAY, "description": f"null where nothing can change; after {LAST_DAY} nothing is known"})
EVIDENCE = members({"event_id": EVENT, "position": AT_LEAST_ONE, "type": CODE})
CAUSING: Schema = {**list_of(EVIDENCE), "minItems": 1}
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
INDICATOR: Mapping[str, Schema] = {
    "indicator": {"type": "string", "pattern": "^I-[0-9]{2}$"},
    "jurisdiction": PLACE,
    "clause": WORDS,
    "name": TEXT,
    "text": TEXT,
    "interpretation": or_null(TEXT),
    "determination": {"enum": list(IN_A_STANDING)},
    "target": or_null(AT_LEAST_ONE),
    "deadline": or_null(DAY),
}
PACK: Mapping[str, Schema] = {"jurisdiction": PLACE, "name": TEXT, "digest": DIGEST}
EDITION: Mapping[str, Schema] = {
    "edition": WORDS,
    "clause": WORDS,
    "document": WORDS,
    "first_day": DAY,
    "last_day": or_null(DAY),
    "last_verified_on": DAY,
}


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


def determination_schema() -> dict[str, Any]:
    """Return the schema of the whole answer to one question."""
    return {
        **_head("determination", "The whole answer to one question about one practitioner."),
        **members({"determination": DETERMINATION, **ABOUT, **WHOLE}, OF_A_QUESTION),
        "allOf": _for_each_determination(_with_result),
        "$defs": {**TREE, **RESULT_SHAPES},
    }


def standing_schema() -> dict[str, Any]:
    """Return the schema of every determination of one practitioner."""
    included = {"alternatives": list_of(ALTERNATIVE), "explanation": EXPLANATION}
    return {
        **_head("standing", "Every determination of one practitioner but exam.complete."),
        **members({**ABOUT, "next_change_on": CHANGE, "determinations": _determinations(included)}),
        "$defs": {**TREE, **RESULT_SHAPES},
    }


def timeline_schema() -> dict[str, Any]:
    """Return the schema of one answer along the days, or along what was known of one day."""
    about = {
        **{name: ABOUT[name] for name in ("ledger", "practitioner_id", "known_at_position", "projected", "engine")},
        "determination": DETERMINATION,
        "jurisdiction": or_null(PLACE),
        "truncated": BOOLEAN,
    }
    said = {"status": STATUS, "result": {"type": "object"}}
    over_days = {
        **about,
        "axis": {"const": "as_of"},
        "from": DAY,
        "to": DAY,
        "opening": members(said),
        "changes": _changes({"on": DAY, **said}, DAY_CAUSE),
        "next_from": or_null(DAY),
    }
    over_knowledge = {
        **about,
        "axis": {"const": "known_at"},
        "from": or_null(DAY),
        "to": or_null(DAY),
        "as_of": DAY,
        "opening": or_null(members(said)),
        "changes": _changes({"position": AT_LEAST_ONE, "recorded_at": INSTANT, **said}, KNOWLEDGE_CAUSE),
        "next_after": or_null(AT_LEAST_ONE),
    }
    return {
        **_head("timeline", "The answer at the beginning, and every change of it with its causes."),
        "oneOf": [members(axis, OF_A_QUESTION) for axis in (over_days, over_knowledge)],
        "allOf": _for_each_determination(
            lambda result: _inside({"opening": _with_result(result), "changes": {"items": _with_result(result)}})
        ),
        "$defs": RESULT_SHAPES,
    }


def comparison_schema() -> dict[str, Any]:
    """Return the schema of one question, or of all, under several packs. Findings, which are of the facts, and the
    digest, which is of an answer really given, are not in it."""
    about = {name: schema for name, schema in ABOUT.items() if name != "jurisdiction"}
    one = {name: schema for name, schema in WHOLE.items() if name not in ("findings", "answer_digest")}
    standing = members({"next_change_on": CHANGE, "determinations": _determinations()})
    place = members({"jurisdiction": PLACE, "name": TEXT, "answer": {"anyOf": [members(one), standing]}})

    def answered(schema: Schema) -> Schema:
        return _inside({"places": {"items": _inside({"answer": schema})}})

    return {
        **_head("comparison", "The same question under several packs, as if the employment were in each place."),
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
        "$defs": {**TREE, **RESULT_SHAPES},
    }


def cohort_schema() -> dict[str, Any]:
    """Return the schema of a page of people by the answer to one question."""
    person = {
        "practitioner_id": ABOUT["practitioner_id"],
        "jurisdiction": PLACE,
        "status": STATUS,
        "result": {"anyOf": [RESULT[name] for name in IN_A_STANDING]},
    }
    return {
        **_head("cohort", "A page of people by the answer to one question, and how many have each status."),
        **members(
            {
                "standings": {"type": "array", "items": members(person)},
                "counts": NUMBERS,
                "next_cursor": or_null(WORDS),
                "position": WHOLE_NUMBER,
                "engine": {**JUDGED_BY, "description": "the number of the code that judged every row that is not due"},
                "rows_due": BOOLEAN,
            }
        ),
        "$defs": RESULT_SHAPES,
    }


def indicators_schema() -> dict[str, Any]:
    """Return the schema of the list of indicators."""
    return {
        **_head("indicators", "The figures that the packs of a ledger ask for."),
        **members({"indicators": list_of(members(INDICATOR))}),
    }


def indicator_schema() -> dict[str, Any]:
    """Return the schema of one figure."""
    return {
        **_head("indicator", "How many people of a place one determination answers so, with target and deadline."),
        **members(
            {
                **INDICATOR,
                "ledger": ABOUT["ledger"],
                "as_of": DAY,
                "decided_on": {**DAY, "description": "the earlier of the day asked about and the deadline"},
                "known_at_position": WHOLE_NUMBER,
                "projected": BOOLEAN,
                "engine": JUDGED_BY,
                "final": BOOLEAN,
                "figure": PEOPLE_COUNTED,
                "readings": list_of(READING),
                "policy": members(
                    {name: POLICY["properties"][name] for name in POLICY["required"] if name not in OF_ONE_PERSON}
                ),
            }
        ),
    }


def policies_schema() -> dict[str, Any]:
    """Return the schema of the list of packs."""
    edition = members(
        {**EDITION, "determinations": list_of(DETERMINATION), "indicators": list_of(INDICATOR["indicator"])}
    )
    pack = members({**PACK, "editions": {"type": "array", "items": edition, "minItems": 1}})
    return {**_head("policies", "The packs of this release."), **members({"policies": list_of(pack)})}


def policy_schema() -> dict[str, Any]:
    """Return the schema of what the packs of a place say on a day."""
    (rule, indicator), shapes = msgspec.json.schema_components([Rule, Indicator], ref_template="#/$defs/{name}")
    contents = {
        "readings": list_of(READING),
        "determinations": members({}, dict.fromkeys(RESULTS, rule)),
        "indicators": {
            "type": "object",
            "propertyNames": INDICATOR["indicator"],
            "additionalProperties": indicator,
        },
    }
    edition = members({**EDITION, **contents})
    pack = members({**PACK, "edition": or_null(edition)})
    return {
        **_head("policy", "What the packs of a place say on a day, the most specific first."),
        **members({"jurisdiction": PLACE, "on": DAY, "packs": {"type": "array", "items": pack}}),
        "$defs": shapes,
    }


def policy_watch_schema() -> dict[str, Any]:
    """Return the schema of what runs out."""
    about = {"jurisdiction": PLACE, "name": TEXT, "edition": EDITION["edition"]}
    ends = members({**about, "determination": or_null(DETERMINATION), "clause": WORDS, "last_day": DAY})
    verified = members({**about, "last_verified_on": DAY})
    return {
        **_head("policy_watch", "Last days of packs, and when each text was last looked at."),
        **members({"on": DAY, "ending": list_of(ends), "ended": list_of(ends), "verified": list_of(verified)}),
    }


def answer_schemas() -> dict[str, dict[str, Any]]:
    """Return every schema by its name."""
    schemas = (
        *(determination_schema(), standing_schema(), timeline_schema(), comparison_schema(), cohort_schema()),
        *(indicators_schema(), indicator_schema(), policies_schema(), policy_schema(), policy_watch_schema()),
    )
    return {schema["title"]: schema for schema in schemas}


def _head(title: str, description: str) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": f"{title}.json", "title": title, "description": description}


def _determinations(optional: Mapping[str, Schema] | None = None) -> Schema:
    return members({name: members(_judgement(RESULT[name]), optional) for name in IN_A_STANDING})


def _for_each_determination(then: Callable[[Schema], Schema]) -> list[Schema]:
    """Return what an answer must be where it is that of a determination with this result."""
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
