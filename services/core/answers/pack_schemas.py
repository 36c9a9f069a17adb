"""JSON Schema of what clients read about figures and packs. Pure."""

from collections.abc import Mapping
from typing import Any

from services.core.answers.language_schema import language_shapes
from services.core.answers.shapes import (
    AT_LEAST_ONE,
    BOOLEAN,
    CODE,
    DAY,
    DETERMINATION,
    DIGEST,
    IN_A_STANDING,
    JUDGED_BY,
    LEDGER,
    NUMBERS,
    PLACE,
    POLICY,
    READING,
    TEXT,
    WHOLE_NUMBER,
    WORDS,
    Schema,
    list_of,
    members,
    one_of,
    or_null,
    titled,
)

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
ORGANIZATIONS_COUNTED = members(
    {
        **dict.fromkeys(("organizations", "met", "not_met", "needs_review", "below"), WHOLE_NUMBER),
        "below_rounded_up": or_null(WHOLE_NUMBER),
        **dict.fromkeys(("counted", "open"), WHOLE_NUMBER),
        "of": or_null(WHOLE_NUMBER),
        "ratio": or_null({"type": "string", "pattern": r"^[0-9]+\.[0-9]{4}$", "description": "rounded down"}),
        "posts_held": WHOLE_NUMBER,
        "excluded": NUMBERS,
        "people_left_out": NUMBERS,
        "unreadable": WHOLE_NUMBER,
        "status": REACHED,
    }
)
ASKED_OF_ORGANIZATIONS = members(
    {
        "counts": {"enum": ["organizations", "approved_posts", "posts_held", "people"]},
        "at_least": NUMBERS,
        "reckoned": {"enum": ["each", "on_average", "together"]},
        "per_hundred": one_of(("approved_posts", "beds")),
        "rounded": one_of(("down",)),
        "roles": list_of(CODE),
    }
)
OF_ONE_PERSON = frozenset({"source_status", "standards"})
"""Members of the policy that an answer about a person has and a figure has not."""
INDICATOR: Mapping[str, Schema] = {
    "indicator": {"type": "string", "pattern": "^I-[0-9]{2}$"},
    "jurisdiction": PLACE,
    "clause": WORDS,
    "name": TEXT,
    "text": TEXT,
    "interpretation": or_null(TEXT),
    "determination": one_of(IN_A_STANDING),
    "target": or_null(AT_LEAST_ONE),
    "lower_bound": {**BOOLEAN, "description": "there may be others whom the text means"},
    "organizations": or_null(ASKED_OF_ORGANIZATIONS),
    "deadline": or_null(DAY),
}
OF_A_WHOLE_PACK = frozenset({"Pack", "Edition", "InForce", "Example", "Vocabulary"})
PACK: Mapping[str, Schema] = {"jurisdiction": PLACE, "name": TEXT, "digest": DIGEST}
EDITION: Mapping[str, Schema] = {
    "edition": WORDS,
    "clause": WORDS,
    "document": WORDS,
    "first_day": DAY,
    "last_day": or_null(DAY),
    "last_verified_on": DAY,
}


def indicators_schema() -> dict[str, Any]:
    """Return the schema of the list of indicators."""
    return {
        **titled("indicators", "The figures that the packs of a ledger ask for."),
        **members({"indicators": list_of(members(INDICATOR))}),
    }


def indicator_schema() -> dict[str, Any]:
    """Return the schema of one figure."""
    return {
        **titled(
            "indicator", "How many people of a place one determination answers so, or how its organizations stand."
        ),
        **members(
            {
                **INDICATOR,
                "ledger": LEDGER,
                "as_of": DAY,
                "decided_on": {**DAY, "description": "the earlier of the day asked about and the deadline"},
                "known_at_position": WHOLE_NUMBER,
                "projected": BOOLEAN,
                "engine": JUDGED_BY,
                "final": BOOLEAN,
                "figure": {"anyOf": [PEOPLE_COUNTED, ORGANIZATIONS_COUNTED]},
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
    return {**titled("policies", "The packs of this release."), **members({"policies": list_of(pack)})}


def policy_schema() -> dict[str, Any]:
    """Return the schema of the rules and indicators of a place's packs on a day."""
    shapes = language_shapes()
    edition = members(
        {
            **EDITION,
            "terms": shapes["Edition"]["properties"]["terms"],
            "determinations": shapes["Edition"]["properties"]["rules"],
            "indicators": shapes["Edition"]["properties"]["indicators"],
        }
    )
    pack = members({**PACK, "editions": {"type": "array", "items": edition}})
    return {
        **titled("policy", "What the packs of a place say on a day, the most specific first."),
        **members({"jurisdiction": PLACE, "on": DAY, "packs": {"type": "array", "items": pack}}),
        "$defs": {name: shape for name, shape in shapes.items() if name not in OF_A_WHOLE_PACK},
    }


def policy_watch_schema() -> dict[str, Any]:
    """Return the schema of the list of texts that expire, and of when each was last verified."""
    about = {"jurisdiction": PLACE, "name": TEXT, "edition": EDITION["edition"]}
    ends = members({**about, "determination": or_null(DETERMINATION), "clause": WORDS, "last_day": DAY})
    verified = members({**about, "last_verified_on": DAY})
    return {
        **titled("policy_watch", "Last days of packs, and when each text was last looked at."),
        **members({"on": DAY, "ending": list_of(ends), "ended": list_of(ends), "verified": list_of(verified)}),
    }


def pack_schemas() -> tuple[dict[str, Any], ...]:
    """Return every schema about figures and packs."""
    return indicators_schema(), indicator_schema(), policies_schema(), policy_schema(), policy_watch_schema()
