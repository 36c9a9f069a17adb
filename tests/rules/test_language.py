"""The language of rules, tried on invented texts: what each word says, how words combine, what terms and choices do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from msgspec import structs

from contracts.policies.packs import PinnedPack, UnreadablePackError
from services.core.rules.book import compose
from services.core.rules.combine import names_of
from services.core.rules.kinds.registry import WORDS, part_of
from services.core.rules.verdict import Node, Question
from tests.documents import Document, document_of, invented_rule, invented_text, pack_with, text_of
from tests.lives import (
    CHENGDU,
    NATION,
    PINNED,
    ZHENGZHOU,
    Answered,
    Life,
    alternatives,
    facts_of,
    someone,
    standard,
    worker,
)

CITY, DISTRICT = "990100", "990102"
DAY = "2025-06-30"
REWARD, TERM = "reward.exam", "continuing_education.registration_term"
MET: Document = {"employed": {"anywhere": True}}
NOT_MET: Document = {"nobody": {}}
OPEN: Document = {"a_person_decides": {"because": "conditions_elsewhere"}}
WORKS = worker(DISTRICT, "2024-06-01")


def answered(
    rules: Mapping[str, Document], life: Life, determination: str, standards: Sequence[Any] = (), **members: Any
) -> Answered:
    """Return the answer of an invented city whose text has these rules."""
    packs = {**PINNED, CITY: pack_with(CITY, invented_text(rules=rules, **members))}
    return Answered(compose(CITY, packs, standards), facts_of(life), Question(determination, date.fromisoformat(DAY)))


def ground(part: Document, life: Life = WORKS, standards: Sequence[Any] = ()) -> Node:
    """Return what a part says of somebody, as the only ground of a reward."""
    rule = invented_rule(entitlement={"requires": {"any_of": [{"ground": part}]}})
    [node] = answered({REWARD: rule}, life, REWARD, standards).node.children
    return node


def named(combinator: str, *parts: Document) -> Document:
    return {combinator: [{f"part_{number}": part} for number, part in enumerate(parts)]}


# Words.

NOBODY_YET = someone
LOCAL = someone.certified("2024-06-01", scope="local")
LEADING = someone.talent_designated("2024-06-01", "national_leading", jurisdiction=ZHENGZHOU)
OF_THE_PLACE = {"authority": "of_the_place"}
REGISTERED = {
    "all_of": [
        {"certificate": {"holds_certificate": {}}},
        {"registration": {"registered": {"covers": "certificate", "covering": "its_level_or_earlier"}}},
    ]
}


def local_in(place: str) -> Life:
    return someone.certified("2024-06-01", scope="local", valid_in=place)


ATTESTED = {"attested": {"without_one": OPEN}}
REWARDED = {
    "all_of": [
        {"certificate": {"holds_certificate": {"scope": "national"}}},
        {"measure": {"measured": {"names": "certificate"}}},
    ]
}
WORDS_SAID: Mapping[str, Sequence[tuple[Document, Life, str]]] = {
    "employed": [
        ({"employed": {}}, WORKS, "met"),
        ({"employed": {}}, worker(ZHENGZHOU), "not_met"),
        ({"employed": {"anywhere": True}}, worker(ZHENGZHOU), "met"),
        ({"employed": {"roles": ["social_worker"]}}, WORKS, "not_met"),
        (
            {"employed": {"direct_service": True}},
            someone.employed("2024-06-01", DISTRICT, direct_service=False),
            "not_met",
        ),
    ],
    "holds_certificate": [
        ({"holds_certificate": {}}, someone.certified("2024-06-01", "basic", scope="510000"), "met"),
        ({"holds_certificate": {"levels": ["senior"]}}, someone.certified("2024-06-01"), "not_met"),
        ({"holds_certificate": {"scope": "national"}}, someone.certified("2024-06-01"), "met"),
        ({"holds_certificate": {"scope": "national"}}, LOCAL, "not_met"),
        ({"holds_certificate": {"scope": "local_unsaid"}}, LOCAL, "met"),
        ({"holds_certificate": {"scope": "local_unsaid"}}, someone.certified("2024-06-01"), "not_met"),
        ({"holds_certificate": {"scope": "local_unsaid"}}, local_in(CITY), "not_met"),
        ({"holds_certificate": {"scope": "local_here"}}, LOCAL, "not_met"),
        ({"holds_certificate": {"scope": "local_here"}}, local_in(CITY), "met"),
        ({"holds_certificate": {"scope": "local_here"}}, local_in("990000") + WORKS, "met"),
        ({"holds_certificate": {"scope": "local_here"}}, local_in(DISTRICT) + WORKS, "met"),
        ({"holds_certificate": {"scope": "local_here"}}, local_in(DISTRICT), "not_met"),
        ({"holds_certificate": {"scope": "local_here"}}, local_in("990103") + WORKS, "not_met"),
        ({"holds_certificate": {"obtained": "in_force"}}, someone.certified("2024-05-01"), "met"),
        ({"holds_certificate": {"obtained": "in_force"}}, someone.certified("2024-04-30"), "not_met"),
        ({"holds_certificate": {"obtained": "earlier"}}, someone.certified("2024-04-30"), "met"),
        ({"holds_certificate": {"obtained": "earlier"}}, someone.certified("2024-05-01"), "not_met"),
    ],
    "recognized": [
        ({"recognized": {}}, someone.qualification_recognized("2024-06-01", "junior", CITY), "met"),
        ({"recognized": {}}, someone.qualification_recognized("2024-06-01", "junior", ZHENGZHOU), "not_met"),
    ],
    "registered": [
        ({"registered": {}}, someone.registered("2022-06-30"), "met"),
        ({"registered": {}}, someone.registered("2022-06-29"), "not_met"),
        (REGISTERED, someone.certified("2024-01-15").registered("2024-01-15"), "met"),
        (REGISTERED, someone.certified("2024-01-16").registered("2024-01-15"), "needs_review"),
        (REGISTERED, someone.certified("2024-01-16").registered("2024-01-15", level="junior"), "met"),
        (REGISTERED, someone.certified("2024-01-15").registered("2024-01-15", level="senior"), "needs_review"),
        (REGISTERED, someone.certified("2024-01-16", "basic").registered("2024-01-15", level="senior"), "met"),
        (REGISTERED, someone.certified("2024-01-16").registered("2024-01-15").registered("2024-01-16"), "met"),
        (REGISTERED, someone.certified("2024-01-15").registered("2022-06-29"), "not_met"),
        (REGISTERED, someone.registered("2024-01-15"), "not_met"),
    ],
    "holds_degree": [
        ({"holds_degree": {}}, someone.graduated("2020-07-01", field="sociology"), "met"),
        ({"holds_degree": {"fields": ["social_work"]}}, someone.graduated("2020-07-01", field="sociology"), "not_met"),
        ({"holds_degree": {"levels": ["college"]}}, someone.graduated("2020-07-01", "college"), "met"),
        ({"holds_degree": {"levels": ["college"]}}, someone.graduated("2020-07-01", "secondary"), "not_met"),
    ],
    "served": [
        ({"served": {}}, someone.served("2001-01-01", verified=False), "met"),
        ({"served": {"verified": True}}, someone.served("2025-06-01", verified=False), "not_met"),
        ({"served": {"within_months": 12}}, someone.served("2024-07-01"), "met"),
        ({"served": {"within_months": 12}}, someone.served("2024-06-30"), "not_met"),
        ({"served": {"at_least": 2}}, someone.served("2025-06-01"), "not_met"),
    ],
    "attested": [
        (ATTESTED, someone.assessed("2025-01-01", "2025-12-31"), "met"),
        (ATTESTED, someone.assessed("2025-01-01", "2025-12-31", professional_role=False), "not_met"),
        (ATTESTED, NOBODY_YET, "needs_review"),
        ({"attested": {"without_one": NOT_MET}}, NOBODY_YET, "not_met"),
    ],
    "designated": [
        ({"designated": {"talents": ["high_level"]}}, someone.talent_designated("2001-01-01", "high_level"), "met"),
        ({"designated": {"talents": ["high_level"]}}, someone.talent_designated("2024-06-01", "yi_leading"), "not_met"),
        ({"designated": {"conferred": "in_force"}}, someone.talent_designated("2024-05-01", "yi_leading"), "met"),
        ({"designated": {"conferred": "in_force"}}, someone.talent_designated("2024-04-30", "yi_leading"), "not_met"),
        ({"designated": {"ranks": ["senior"]}}, someone.supervisor_designated("2024-06-01", "senior"), "met"),
        ({"designated": {"ranks": ["senior"]}}, someone.supervisor_designated("2024-06-01", "junior"), "not_met"),
        *[
            ({"designated": {**OF_THE_PLACE, **asked}}, designation, status)
            for place, status in [
                (CITY, "met"),
                (DISTRICT, "met"),
                ("990000", "met"),
                (NATION, "met"),
                ("990200", "not_met"),
                (ZHENGZHOU, "not_met"),
                (None, "needs_review"),
            ]
            for asked, designation in [
                ({"ranks": ["senior"]}, someone.supervisor_designated("2024-06-01", "senior", jurisdiction=place)),
                ({"talents": ["high_level"]}, someone.talent_designated("2024-06-01", jurisdiction=place)),
                ({"other_talents_than": ["yi_leading"]}, someone.talent_designated("2024-06-01", jurisdiction=place)),
            ]
        ],
        ({"designated": {**OF_THE_PLACE, "talents": ["national_leading"]}}, LEADING, "met"),
        ({"designated": {**OF_THE_PLACE, "other_talents_than": ["national_leading"]}}, LEADING, "not_met"),
    ],
    "trained": [
        (
            {"trained": {"window": {"rolling_years": {"years": 1, "edge": edge}}, "unit": "hour", "at_least": "8"}},
            someone.trained("2024-06-30", amount, unit),
            status,
        )
        for edge, amount, unit, status in [
            ("closed", "8", "hour", "met"),
            ("open", "8", "hour", "not_met"),
            ("whole_calendar_years", "8", "hour", "met"),
            ("closed", "7.5", "hour", "not_met"),
            ("closed", "8", "class_hour", "needs_review"),
        ]
    ],
    "not_granted": [
        ({"not_granted": {}}, NOBODY_YET, "met"),
        ({"not_granted": {}}, someone.benefit_granted("2024-06-01", determination="benefit.apartment"), "met"),
        ({"not_granted": {}}, someone.benefit_granted("2024-06-01", determination=REWARD), "needs_review"),
    ],
    "measured": [
        (REWARDED, someone.certified("2024-06-01", "senior"), "met"),
        (REWARDED, someone.certified("2024-06-01", "junior"), "needs_review"),
        (REWARDED, NOBODY_YET, "not_met"),
    ],
    "for_review": [
        ({"for_review": MET}, WORKS, "needs_review"),
        ({"for_review": OPEN}, WORKS, "needs_review"),
        ({"for_review": NOT_MET}, WORKS, "not_met"),
    ],
    "a_person_decides": [
        (OPEN, WORKS, "needs_review"),
        ({"a_person_decides": {"because": "no_test"}}, WORKS, "needs_review"),
    ],
    "nobody": [(NOT_MET, WORKS, "not_met")],
    "all_of": [(named("all_of", MET, MET), WORKS, "met"), (named("all_of", MET, NOT_MET), WORKS, "not_met")],
    "any_of": [(named("any_of", NOT_MET, MET), WORKS, "met"), (named("any_of", NOT_MET, OPEN), WORKS, "needs_review")],
}
SAID = [
    pytest.param(part, life, status, id=f"{word}-{number}-{status}")
    for word, cases in WORDS_SAID.items()
    for number, (part, life, status) in enumerate(cases, 1)
]
REWARDS_FOR_SENIORS = structs.replace(standard(CITY, "2024-05-01", {"senior": "1000"}), determination=REWARD)


@pytest.mark.parametrize(("part", "life", "status"), SAID)
def test_each_word_is_met_not_met_or_open(part: Document, life: Life, status: str) -> None:
    assert ground(part, life, [REWARDS_FOR_SENIORS]).status == status


def test_every_word_is_tried() -> None:
    assert set(WORDS_SAID) == set(WORDS)


# Combining parts.


def test_a_part_is_named_in_the_explanation_at_any_depth_with_its_own_clause_or_that_of_its_rule() -> None:
    inner = {"any_of": [{"work": {**MET, "clause": "XX-05"}}, {"promise": NOT_MET}]}
    node = ground({"all_of": [{"one_of_two": inner}, {"other": MET}]})
    [either, other] = node.children
    assert [(part.rule, part.clause) for part in (node, either, other)] == [
        ("ground", "XX-04"),
        ("one_of_two", "XX-04"),
        ("other", "XX-04"),
    ]
    assert [(part.rule, part.clause) for part in either.children] == [("work", "XX-05"), ("promise", "XX-04")]


def test_why_none_of_several_is_met_is_told_if_all_say_the_same_or_only_one_could_be_met() -> None:
    senior, junior = ({"holds_certificate": {"levels": [level]}} for level in ("senior", "junior"))
    assert ground(named("any_of", senior, junior)).reason == "no_certificate"
    assert ground(named("any_of", senior, {"holds_degree": {}})).reason == "no_ground_holds"
    assert ground(named("any_of", senior, {"for_review": {"holds_degree": {}}})).reason == "no_certificate"


# What a rule tells by the names of its parts.

CERTIFIED = {"holds_certificate": {"scope": "national"}}


def payment(*parts: Document, **members: Any) -> Mapping[str, Document]:
    """Return an allowance whose tier is the level of the part named `certificate`."""
    requires = {"all_of": [*parts, {"certificate": CERTIFIED}]}
    return {"allowance": invented_rule(payment={"requires": requires, "tier": "certificate"}, **members)}


def test_an_allowance_names_each_part_that_fails_and_each_that_is_open_in_the_order_of_the_text() -> None:
    rules = payment({"zeal": NOT_MET}, {"merit": OPEN}, {"work": MET}, {"age": NOT_MET})
    result = answered(rules, WORKS.certified("2024-06-01"), "allowance").node.result
    assert (result.missing, result.unresolved, result.tier) == (("zeal", "age"), ("merit",), None)


def test_the_tier_of_an_allowance_is_the_highest_level_that_the_named_part_gives_however_it_is_met() -> None:
    either = {"any_of": [{"local": {"holds_certificate": {"levels": ["basic"]}}}, {"national": CERTIFIED}]}
    rule = invented_rule(payment={"requires": {"all_of": [{"work": MET}, {"proof": either}]}, "tier": "proof"})
    life = WORKS.certified("2024-06-01", "basic", scope="510000").certified("2024-06-02", "senior")
    paid = [standard(DISTRICT, "2024-06-01", {"senior": "700"})]
    packs = {**PINNED, CITY: pack_with(CITY, invented_text(rules={"allowance": rule}))}
    rules = compose(DISTRICT, packs, paid)
    result = Answered(rules, facts_of(life), Question("allowance", date.fromisoformat(DAY))).node.result
    assert (result.tier, result.amount) == ("senior", "700")


def test_the_basis_of_a_benefit_is_the_first_ground_that_is_met_and_without_one_all_are_missing() -> None:
    def result(*grounds: Document) -> Any:
        rule = invented_rule(entitlement={"requires": {"any_of": [*grounds]}})
        return answered({REWARD: rule}, WORKS, REWARD).node.result

    assert result({"zeal": NOT_MET}, {"work": MET}, {"home": MET}).basis == "work"
    assert result({"zeal": NOT_MET}, {"age": NOT_MET}).missing == ("zeal", "age")
    assert result({"zeal": NOT_MET}, {"age": OPEN}).missing == ()


def test_the_route_to_professional_quality_is_the_first_that_is_met() -> None:
    def result(*routes: Document) -> Any:
        talent = {"quality": {"any_of": [*routes]}, "engaged": {"any_of": [{"work": MET}]}, "asked": ["quality"]}
        return answered({"talent.quality": invented_rule(talent=talent)}, WORKS, "talent.quality").node.result

    assert result({"degree": NOT_MET}, {"years": MET}, {"merit": MET}).route == "years"
    assert result({"degree": NOT_MET}, {"years": OPEN}).route is None


def test_a_part_asks_of_the_certificates_that_an_earlier_part_gives_and_of_no_later_one() -> None:
    juniors = {"holds_certificate": {"levels": ["junior"]}}
    both = someone.certified("2024-06-01", "senior").certified("2024-06-02", "junior")
    measure = {"measured": {"names": "certificate"}}
    of_juniors = {"all_of": [{"certificate": juniors}, {"measure": measure}]}
    assert ground(of_juniors, both, [REWARDS_FOR_SENIORS]).status == "needs_review"
    assert ground(REWARDED, both, [REWARDS_FOR_SENIORS]).status == "met"
    with pytest.raises(UnreadablePackError, match="no part before this one is named 'certificate'"):
        ground({"all_of": [{"measure": measure}, {"certificate": juniors}]}, both)


# Choices of readings.


def test_a_reading_is_taken_by_its_value_and_another_choice_is_told_where_the_status_would_differ() -> None:
    roles = {"R-17": ["full_time_community_worker"], "synonyms": ["full_time_community_worker", "community_worker"]}
    life = someone.employed("2024-06-01", DISTRICT, role="community_worker").certified("2024-06-01")
    answer = answered(payment({"work": {"employed": {"roles": roles}}}), life, "allowance")
    assert (answer.node.status, alternatives(answer)) == ("not_eligible", {("R-17", "eligible")})
    assert set(answer.readings) == {"R-11", "R-17"}


def test_a_choice_may_stand_for_a_whole_part() -> None:
    record = {"R-16": {"served": {"within_months": 12}}, "any_record_ever": {"served": {}}}
    answer = answered(payment({"record": record}), WORKS.certified("2024-06-01").served("2023-01-01"), "allowance")
    assert (answer.node.status, alternatives(answer)) == ("not_eligible", {("R-16", "eligible")})


def test_the_readings_of_an_answer_are_those_met_in_its_rule_its_terms_and_the_days_of_its_text() -> None:
    days = {"first_day": {"R-01": "2024-05-01", "printed_date": "2024-05-02"}}
    text = invented_text(rules=payment({"work": MET}, readings=["R-14"])) | {"in_force": days}
    packs = {**PINNED, CITY: pack_with(CITY, text)}
    answer = Answered(compose(CITY, packs, ()), facts_of(WORKS), Question("allowance", date.fromisoformat(DAY)))
    assert answer.readings == ("R-01", "R-11", "R-14")


# Terms.


def until_when_registered(packs: Mapping[str, PinnedPack]) -> tuple[Any, Any, Any]:
    """Return what three answers of Chengdu say of a registration of 2022-05-10 without a printed last day: its last
    day, the status of an allowance on 2025-09-01, and the last day of the term in which hours are counted."""
    life = worker("510107").certified("2021-10-17").registered("2022-05-10").served("2025-08-01") + someone.assessed(
        "2025-01-01", "2025-12-31"
    )
    rules, day = compose("510107", packs, ()), date(2025, 9, 1)
    registration, allowance, term = (
        Answered(rules, facts_of(life), Question(name, day)).node for name in ("registration", "allowance", TERM)
    )
    return registration.result.valid_until, allowance.status, term.result.window.last


def with_months(place: str, months: int) -> Mapping[str, PinnedPack]:
    """Return the shipped packs, with registrations of so many months where this one says how long they are valid."""
    editions = document_of(place)["editions"]
    for edition in editions:
        if "registration" in edition.get("terms", {}):
            edition["terms"]["registration"]["months"] = months
    return {**PINNED, place: pack_with(place, *editions)}


def test_a_term_is_said_once_and_governs_every_rule() -> None:
    """C14, N-07: the months of a registration."""
    assert until_when_registered(PINNED) == (date(2025, 5, 10), "not_eligible", date(2025, 5, 10))
    assert until_when_registered(with_months(NATION, 48)) == (date(2026, 5, 10), "eligible", date(2026, 5, 10))


def test_a_term_of_a_place_governs_every_rule_that_answers_there() -> None:
    """C14: also the national ones, so that a registration and the allowance that rests on it never disagree."""
    text = text_of(CHENGDU, "2022-03-01", "2027-02-28")
    text["terms"] = {"registration": {"months": 48, "last_day": "corresponding"}}
    packs = {**PINNED, CHENGDU: pack_with(CHENGDU, text)}
    assert until_when_registered(packs) == (date(2026, 5, 10), "eligible", date(2026, 5, 10))


def test_a_rule_may_define_a_term_for_itself_alone() -> None:
    own = {"certificate": {"counts_from": "issue"}}
    life = WORKS.certified("2025-07-01", issued_on="2025-06-01")
    rules = {**payment({"work": MET}, terms=own), "certificate": invented_rule(holding={"of": "certificates"})}
    assert answered(rules, life, "allowance").node.status == "eligible"
    assert answered(rules, life, "certificate").node.status == "none"


def test_a_rule_that_needs_a_term_which_no_text_of_the_place_defines_cannot_be_read() -> None:
    packs = {CITY: pack_with(CITY, invented_text(rules=payment({"work": MET}), terms={}))}
    with pytest.raises(UnreadablePackError, match="no text of the place defines the term certificate"):
        compose(CITY, packs, ()).answering(facts_of(WORKS), Question("allowance", date.fromisoformat(DAY)))


# What is no part.


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({}, "exactly one word"),
        ({"employed": {}, "served": {}}, "exactly one word"),
        ({"is_kind": {}}, "no word 'is_kind'"),
        ({"employed": {"colour": "red"}}, "colour"),
        ({"employed": {"roles": ["king"]}}, "king"),
        ({"all_of": {"work": MET}}, "must be a list, not an object"),
        ({"all_of": [{"work": MET, "home": MET}]}, "one key"),
        ({"any_of": [MET]}, "no word 'anywhere'"),
        ({"served": {"at_least": 0}}, "must be 1 or more"),
        ({"trained": {"window": {"registration_term": {}}, "unit": "hour", "at_least": "8"}}, "registration_term"),
        ({"measured": {}}, "names"),
    ],
)
def test_what_the_language_does_not_have_is_refused_at_every_level(part: Document, why: str) -> None:
    with pytest.raises(UnreadablePackError, match=why):
        ground({"for_review": {"all_of": [{"inside": part}]}})


def test_only_what_combines_has_names_of_its_own_parts() -> None:
    assert names_of(part_of(named("any_of", MET, OPEN))) == ("part_0", "part_1")
    assert names_of(part_of(MET)) == ()
