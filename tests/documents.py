"""Documents of packs in the newest language, for tests that change a shipped one or invent one."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec

from contracts.policies.language import LANGUAGE
from contracts.policies.packs import Shipped
from contracts.policies.shipped import shipped, shipped_pack

Document = dict[str, Any]
LAW: Document = {
    "calendar": {"no_such_day": {"R-05": "month_end", "round_up": "next_day"}},
    "certificate": {"counts_from": {"R-11": "approval", "issue_date": "issue"}},
    "registration": {"months": 36, "last_day": {"R-12": "corresponding", "day_before": "day_before"}},
    "first_registration": {"within_months": 12, "counted_from": {"R-40": "approval", "issue": "issue"}},
    "renewal": {"last_months": 3},
    "exam": {"pass_mark": "60"},
    "first_exam": {"junior": 2008, "intermediate": 2008, "senior": 2019},
    "senior_proof": {"months": 36},
    "training": {
        "professional": {"R-09": ["sw_knowledge", "sw_practice", "sw_ethics"], "all_hours": "every_subject"},
        "at_the_edge": {"R-08": "by_session", "pro_rata_by_day": "by_day"},
        "told_twice": {"R-10": "once", "sum": "each"},
        "minutes_of_class_hour": {"R-07": [60, 45], "one_to_one": [60], "forty_five_minutes": [45]},
        "degrees": ["social_work"],
    },
}
"""Every term, for a text that nobody wrote."""
MOST_KEPT = 64
"""Packs that are read once. Random ones hardly ever come again."""
SENTENCE = {"zh": "符合条件。", "en": "Meets the condition."}


def document_of(place: str) -> Document:
    """Return the document of a shipped pack, to be changed at will."""
    document: Document = msgspec.json.decode(_shipped_document(place))
    return document


@cache
def _shipped_document(place: str) -> bytes:
    return msgspec.json.encode(shipped()[place].current)


def text_with(document: Document, name: str) -> Document:
    """Return the latest text of a pack that has a rule or a figure of this name."""
    return next(
        text for text in document["editions"] if name in text.get("rules", {}) or name in text.get("indicators", {})
    )


def text_of(place: str, first: str, last: str | None = None, only: Sequence[str] = ()) -> Document:
    """Return all that a shipped pack says as one text, in force on other days; with `only` some of its rules."""
    editions = document_of(place)["editions"]
    text: Document = {"terms": {}, "rules": {}}
    for edition in reversed(editions):
        text["terms"] |= edition.get("terms", {})
        text["rules"] |= edition.get("rules", {})
    rules = {name: rule for name, rule in text["rules"].items() if name in only or not only}
    in_force = {"first_day": first} | ({"last_day": last} if last else {})
    described = {name: editions[0][name] for name in ("clause", "document", "last_verified_on")}
    return {**described, "edition": first, "in_force": in_force, "terms": text["terms"], "rules": rules}


def pack_with(place: str, *texts: Document) -> Shipped:
    """Return a pack of these texts, the latest first, as a ledger pins it."""
    name = {"zh": "某地", "en": "A place"}
    document = {"language": LANGUAGE, "jurisdiction": place, "name": name, "editions": [*texts]}
    return _read_once(msgspec.json.encode(document, order="sorted"))


@lru_cache(MOST_KEPT)
def _read_once(document: bytes) -> Shipped:
    return shipped_pack(msgspec.json.decode(document))


def invented_text(first: str = "2024-05-01", last: str | None = None, **members: Any) -> Document:
    """Return a text that nobody wrote, with its rules. Unless it has terms of its own, it has them all."""
    in_force = {"first_day": first} | ({"last_day": last} if last else {})
    described = {"clause": "XX-09", "document": "虚构", "last_verified_on": "2026-11-21"}
    return {"edition": first, "in_force": in_force, **described, "terms": LAW, **members}


def invented_rule(**members: Any) -> Document:
    """Return a rule of a kind that is given with its parameters, and of other members if any."""
    return {"clause": "XX-04", "told": {"rule": {"text": SENTENCE}}, **members}
