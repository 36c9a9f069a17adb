"""Parts of which either is enough: two that one fact would meet are refused."""

from typing import Any

import msgspec
import pytest

from services.core.authoring.load import InvalidPackError, load_pack
from tests.documents import document_of, text_with

HOURS = {"window": {"rolling_years": {"years": 5, "edge": "open"}}, "unit": "hour", "at_least": "60"}


def rule(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = text_with(document, name)["rules"][name]
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"holds_certificate": {"levels": ["junior"], "scope": "national"}},
         {"holds_certificate": {"levels": ["senior", "junior"]}}),
        ({"holds_certificate": {"levels": ["junior"]}}, {"holds_certificate": {}}),
        ({"holds_degree": {"fields": ["sociology"]}}, {"holds_degree": {"fields": ["social_work", "sociology"]}}),
        ({"employed": {}}, {"employed": {"roles": ["social_worker"]}}),
        ({"served": {"within_months": 12}}, {"served": {"within_months": 6, "at_least": 2}}),
        ({"registered": {}}, {"registered": {}}),
        ({"recognized": {}}, {"recognized": {"levels": ["senior"]}}),
        ({"attested": {"without_one": {"nobody": {}}}}, {"attested": {"without_one": {"nobody": {}}}}),
        ({"designated": {"ranks": ["junior", "senior"]}}, {"designated": {"ranks": ["senior"]}}),
        ({"for_review": {"designated": {"talents": ["high_level"]}}},
         {"for_review": {"designated": {"talents": ["high_level"]}}}),
        ({"any_of": [{"a": {"registered": {}}}, {"b": {"employed": {}}}]}, {"registered": {}}),
        ({"a_person_decides": {"because": "no_test"}}, {"a_person_decides": {"because": "no_test"}}),
        ({"holds_certificate": {"scope": "local_here"}}, {"holds_certificate": {}}),
        ({"holds_certificate": {"obtained": "earlier"}}, {"holds_certificate": {"levels": ["senior"]}}),
        ({"holds_degree": {"levels": ["doctor"]}}, {"holds_degree": {"levels": ["doctor"]}}),
        ({"holds_degree": {"levels": ["doctor"]}}, {"holds_degree": {"fields": ["social_work"]}}),
        ({"designated": {}}, {"designated": {}}),
        ({"designated": {}}, {"designated": {"talents": ["high_level"]}}),
        ({"designated": {"talents": ["high_level"]}}, {"designated": {"other_talents_than": ["national_leading"]}}),
        ({"designated": {"other_talents_than": ["high_level"]}},
         {"designated": {"other_talents_than": ["national_leading"]}}),
        ({"trained": HOURS}, {"trained": HOURS | {"at_least": "120"}}),
    ],
    ids=lambda ground: next(iter(ground)),
)  # fmt: skip
@pytest.mark.parametrize("whole", ["entitlement", "talent"])
def test_two_grounds_that_one_fact_would_meet_are_refused(
    whole: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    with pytest.raises(InvalidPackError, match=r"any_of\[1\]\.other: matches the same fact as one"):
        load_pack(either(whole, first, second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"holds_certificate": {"levels": ["junior"]}}, {"holds_certificate": {"levels": ["senior"]}}),
        ({"employed": {"roles": ["social_worker"]}}, {"employed": {"roles": ["community_worker"]}}),
        ({"employed": {"employer_types": ["village"]}}, {"employed": {"employer_types": ["charity"]}}),
        ({"designated": {"ranks": ["senior"]}}, {"designated": {"talents": ["high_level"]}}),
        ({"designated": {"talents": ["high_level"]}}, {"for_review": {"designated": {}}}),
        ({"designated": {"talents": ["high_level"]}}, {"designated": {"other_talents_than": ["high_level"]}}),
        ({"designated": {"ranks": ["senior"]}}, {"designated": {}}),
        ({"holds_certificate": {"scope": "local_here"}}, {"holds_certificate": {"scope": "national"}}),
        ({"holds_certificate": {"obtained": "in_force"}}, {"holds_certificate": {"obtained": "earlier"}}),
        ({"holds_degree": {"levels": ["doctor"]}}, {"holds_degree": {"levels": ["master"]}}),
        ({"trained": HOURS}, {"trained": HOURS | {"unit": "class_hour"}}),
        ({"holds_degree": {"fields": ["sociology"]}}, {"for_review": {"holds_degree": {}}}),
        ({"holds_degree": {"levels": ["college"], "fields": ["sociology"]}},
         {"holds_degree": {"levels": ["doctor"], "fields": ["sociology"]}}),
    ],
)  # fmt: skip
def test_two_grounds_that_no_fact_meets_both_of_stand_beside_each_other(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert load_pack(either("entitlement", first, second))


def either(whole: str, first: dict[str, Any], second: dict[str, Any]) -> bytes:
    """Return a pack in which either of two parts is enough, as grounds or as ways of being engaged."""
    document = document_of("371500")
    text = {"zh": "其一。", "en": "Either."}
    named = {"entitlement": ("benefit.settlement", "requires"), "talent": ("talent", "engaged")}
    name, key = named[whole]
    changed = rule(document, name)
    before = changed[whole][key]["any_of"]
    changed[whole][key] = {"any_of": [{"one": first}, {"other": second}]}
    gone = {"recent", "older", *(next(iter(part)) for part in before)}
    told = {part: said for part, said in changed["told"].items() if part not in gone}
    if "trained" in first:
        changed["readings"] = sorted({"R-03", *changed.get("readings", ())})
    changed["told"] = told | {"one": {"text": text}, "other": {"text": text}}
    return msgspec.json.encode(document)
