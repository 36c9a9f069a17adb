"""Each word of a condition says why it is not met, and what would meet it; whoever follows the advice meets it.

Tried on an invented text that has the condition as its only ground. A new word needs a line in `CASES`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import pytest
from msgspec import Struct, structs

from contracts.policies.language import LocalStandard, Text
from services.core.questions.advice import Advice
from services.core.rules import needs
from services.core.rules.book import Rules, compose
from services.core.rules.kinds.registry import WORDS
from services.core.rules.verdict import Node, Question, Status
from services.core.words.advice import advice_in_words
from tests.documents import Document, invented_rule, invented_text, pack_with
from tests.lives import PINNED, ZHENGZHOU, Answered, Life, facts_of, someone, standard

CITY, DISTRICT = "990100", "990102"
REWARD, GROUND = "reward.exam", "ground"
UNTRIED = {"all_of", "any_of", "nobody", "not_granted", "for_review"}
"""Words that say only what their parts say, that nothing can meet, or that nobody can be advised to meet.

tests/rules/test_language.py tries them.
"""
DAY = date(2025, 6, 30)
PLATFORM = "某地服务平台"
REWARDS = standard(CITY, "2024-05-01", {"intermediate": "1000", "senior": "2000"})
WORKS = someone.employed("2024-06-01", DISTRICT, role="community_worker")


class Case(Struct, frozen=True, eq=False):
    """A condition, lives that do not meet it on `DAY`, and the status of whoever has followed the advice.

    `follows` is None where no fact can fill the need, because a person must decide.
    """

    asks: Document
    lives: Mapping[str, Life]
    follows: Status | None = "eligible"
    standards: Sequence[LocalStandard] = ()


NOTHING = {"nothing recorded": someone}
UNCERTIFIED = {
    **NOTHING,
    "another level": someone.certified("2020-01-01", "basic"),
    "a day early": someone.certified("2025-07-01", "senior"),
    "withdrawn": someone.certified("2020-01-01", "senior").certificate_withdrawn("2025-06-30", "senior"),
}
UNTITLED = {
    **NOTHING,
    "another title": someone.talent_designated("2024-06-01", "yi_leading"),
    "a day early": someone.talent_designated("2025-07-01", "high_level"),
}
UNCERTIFIED_AT_ALL = {name: life for name, life in UNCERTIFIED.items() if name != "another level"}
CERTIFIED = someone.certified("2020-01-01")
THREE_YEARS = {"rolling_years": {"years": 3, "edge": "open"}}
ATTESTED = {"attested": {"without_one": {"a_person_decides": {"because": "conditions_elsewhere"}}}}
MEASURED = {
    "all_of": [
        {"certificate": {"holds_certificate": {"levels": ["intermediate", "senior"], "scope": "national"}}},
        {"measure": {"measured": {"names": "certificate"}}},
    ]
}
CASES: Mapping[str, Sequence[Case]] = {
    "employed": [
        Case(
            {"employed": {"roles": ["community_worker"], "employer_types": ["urban_community"]}},
            {
                **NOTHING,
                "elsewhere": someone.employed("2024-06-01", ZHENGZHOU, role="community_worker"),
                "left a day ago": WORKS.left("2025-06-29"),
                "another role": someone.employed("2024-06-01", DISTRICT, role="social_worker"),
            },
        ),
        Case({"employed": {"direct_service": True, "anywhere": True}}, {**NOTHING, "left": WORKS.left("2025-06-29")}),
    ],
    "holds_certificate": [
        Case({"holds_certificate": {"levels": ["intermediate", "senior"], **scope}}, UNCERTIFIED)
        for scope in ({"scope": "national"}, {})
    ],
    "recognized": [
        Case(
            {"recognized": {"levels": ["intermediate", "senior"]}},
            {
                "declared": someone.qualification_declared("2025-06-30"),
                "recognized elsewhere": someone.qualification_recognized("2024-06-30", "intermediate", ZHENGZHOU),
            },
        )
    ],
    "holds_degree": [
        Case({"holds_degree": {"levels": ["bachelor"]}}, NOTHING),
        Case(
            {"holds_degree": {"fields": ["social_work"]}},
            {
                **NOTHING,
                "another field": someone.graduated("2020-07-01", field="sociology"),
                "a day early": someone.graduated("2025-07-01"),
            },
        ),
    ],
    "measured": [Case(MEASURED, UNCERTIFIED, standards=[structs.replace(REWARDS, determination=REWARD)])],
    "registered": [
        Case(
            {"registered": {}},
            {
                "certified a year ago": someone.certified("2024-06-30"),
                "certified long ago": someone.certified("2020-01-01"),
                "certified locally": someone.certified("2020-01-01", "basic"),
                "lapsed a day ago": CERTIFIED.registered("2022-06-30", "2025-06-29"),
                "cancelled today": CERTIFIED.registered("2024-06-30", "2027-06-29").registration_ended("2025-06-30"),
                "refused today": CERTIFIED.registered("2024-06-30", "2027-06-29").registration_ended(
                    "2025-06-30", "refused"
                ),
            },
        ),
        # The certificate comes first, and then its registration.
        Case({"registered": {}}, UNCERTIFIED_AT_ALL, follows="not_eligible"),
    ],
    "served": [
        Case(
            {"served": {"within_months": 12, "verified": True}},
            {
                **NOTHING,
                "a day too long ago": someone.served("2024-06-30"),
                "a day early": someone.served("2025-07-01"),
                "unverified": someone.served("2025-06-01", verified=False),
            },
        ),
        Case(
            {"served": {"within_months": 12, "platforms": [PLATFORM]}},
            {
                **NOTHING,
                "on another platform": someone.served("2025-06-01", platform="另一服务平台"),
                "there, a day too long ago": someone.served("2024-06-30", platform=PLATFORM),
            },
        ),
        Case({"served": {}}, {**NOTHING, "a day early": someone.served("2025-07-01")}),
        Case({"served": {"within_months": 12, "at_least": 2}}, {"one of two": someone.served("2025-06-01")}),
    ],
    "attested": [
        Case(
            ATTESTED,
            {**NOTHING, "expired": someone.assessed("2024-01-01", "2025-06-29", on="2025-01-01")},
            follows=None,
        ),
        Case({"attested": {"without_one": {"nobody": {}}}}, NOTHING),
        # Without the denial no assessment covers the day, so a person must look.
        Case(
            ATTESTED,
            {"denied": someone.assessed("2025-01-01", "2025-12-31", professional_role=False, called="denial")},
            follows="needs_review",
        ),
    ],
    "designated": [
        Case({"designated": {"talents": ["high_level"]}}, UNTITLED),
        Case(
            {"designated": {"talents": ["high_level"], "conferred": "in_force"}},
            {**UNTITLED, "a day before the text": someone.talent_designated("2024-04-30", "high_level")},
        ),
        Case(
            {"designated": {"talents": ["high_level"], "authority": "of_the_place"}},
            {**UNTITLED, "of another place": someone.talent_designated("2024-06-01", jurisdiction=ZHENGZHOU)},
        ),
        Case(
            {"designated": {"ranks": ["senior"], "authority": "of_the_place"}},
            {**NOTHING, "another's": someone.supervisor_designated("2024-06-01", "senior", jurisdiction=ZHENGZHOU)},
        ),
        Case(
            {"designated": {"ranks": ["intermediate", "senior"]}},
            {
                **NOTHING,
                "another rank": someone.supervisor_designated("2024-06-01", "junior"),
                "ended a day ago": someone.supervisor_designated("2024-06-01", "senior").supervisor_ended("2025-06-29"),
            },
        ),
    ],
    "trained": [
        Case(
            {"trained": {"window": THREE_YEARS, "unit": "hour", "at_least": "90"}},
            {
                **NOTHING,
                "half an hour short": someone.trained("2025-05-05", "89.5", "hour"),
                "a day too long ago": someone.trained("2022-06-30", "90", "hour"),
            },
        )
    ],
    "a_person_decides": [
        Case({"a_person_decides": {"because": because}}, NOTHING, follows=None)
        for because in ("conditions_elsewhere", "no_test")
    ],
}
TRIED = [
    pytest.param(case, life, id=f"{name}-{number}-{about}")
    for name, cases in CASES.items()
    for number, case in enumerate(cases, 1)
    for about, life in case.lives.items()
]


@cache
def rules_of(case: Case) -> Rules:
    """Return an invented text that has the condition as the only ground of a reward."""
    rule = invented_rule(entitlement={"requires": {"any_of": [{GROUND: case.asks}]}})
    packs = {**PINNED, CITY: pack_with(CITY, invented_text(rules={REWARD: rule}))}
    return compose(CITY, packs, case.standards)


def ask(case: Case, life: Life, day: date = DAY) -> Answered:
    return Answered(rules_of(case), facts_of(life), Question(REWARD, day))


def judged(answer: Answered) -> Node:
    (condition,) = answer.node.children
    return condition


def would_meet(answer: Answered) -> Advice:
    """Return the first advice, which is what would meet the only ground."""
    return answer.would_change[0]


def following(life: Life, need: Advice) -> Life:
    """Return the life after what the advice names has come true, on the first day on which it helps."""
    match need:
        case needs.EmploymentNeed(from_=day) as job:
            (role, *_), (employer_type, *_) = job.roles or ("social_worker",), job.employer_types or ("charity",)
            return life.employed(day, DISTRICT, role=role, employer_type=employer_type)
        case needs.PlainNeed(code="direct_service", from_=day):
            return life.employed(day, ZHENGZHOU)
        case needs.PlainNeed(code="recognition", from_=day):
            return life.qualification_recognized(day, "intermediate", CITY)
        case needs.CertificateNeed(from_=day, levels=(level, *_)):
            return life.certified(day, level)
        case needs.DegreeNeed(from_=day, levels=levels, fields=fields):
            return life.graduated(day, levels[0] if levels else "bachelor", fields[0] if fields else "sociology")
        case needs.RegistrationNeed(from_=day):
            return life.registered(day)
        case needs.ServiceRecordNeed(from_=day):
            return life.served(day, platform=PLATFORM)
        case needs.ServiceRecordsNeed(from_=day, at_least=number, counted=counted):
            return sum([someone.served(day)] * (number - counted), life)
        case needs.AssessmentNeed(code="professional_role_denied"):
            return life.voided("denial")
        case needs.AssessmentNeed(on=day):
            return life.assessed(day, day, on=day)
        case needs.TalentTitleNeed(from_=day, titles=(title, *_)):
            return life.talent_designated(day, title, jurisdiction=CITY)
        case needs.RankNeed(from_=day, ranks=(rank, *_)):
            return life.supervisor_designated(day, rank, jurisdiction=CITY)
        case needs.HoursNeed(from_=day, amount=amount, need=unit):
            return life.trained(day, amount, unit)
    raise AssertionError(f"nothing here follows {need}: add how to, or say `follows=None` in the case")


def test_every_word_is_tried() -> None:
    assert set(CASES) == set(WORDS) - UNTRIED


@pytest.mark.parametrize(("case", "life"), TRIED)
def test_a_condition_that_is_not_met_says_why(case: Case, life: Life) -> None:
    condition = judged(ask(case, life))
    assert condition.status in ("not_met", "needs_review")
    assert condition.reason is not None


@pytest.mark.parametrize(
    "asks",
    [
        {"designated": {"talents": ["high_level"], "conferred": "in_force"}},
        {"holds_degree": {}},
        {"recognized": {}},
        {"employed": {}},
    ],
)
def test_nobody_is_sent_for_what_would_only_leave_the_answer_to_a_person(asks: Document) -> None:
    answer = ask(Case({"for_review": asks}, NOTHING), someone)
    assert (answer.node.status, answer.would_change) == ("not_eligible", ())


@pytest.mark.parametrize(("case", "life"), TRIED)
def test_what_would_meet_a_condition_has_a_sentence_without_gaps(case: Case, life: Life) -> None:
    sentence = advice_in_words(REWARD, would_meet(ask(case, life)), {})
    assert sentence.zh != sentence.en
    assert not set("{}") & set(sentence.zh + sentence.en)
    assert "UNSET" not in sentence.en


@pytest.mark.parametrize(
    ("asks", "zh", "en"),
    [
        ({}, "须有服务记录", "a service record"),
        ({"verified": True}, "须有经核实的服务记录", "a verified service record"),
        ({"within_months": 6}, "须有近6个月内服务记录", "a service record within the last 6 months"),
        ({"platforms": ["甲", "乙"]}, "须在甲或乙上有服务记录", "a service record on 甲 or 乙"),
        (
            {"within_months": 6, "verified": True},
            "须有近6个月内经核实的服务记录",
            "a verified service record within the last 6 months",
        ),
        (
            {"at_least": 2, "verified": True},
            "须有至少2次经核实的服务记录；已计入0次",
            "at least 2 verified service records; counted so far: 0",
        ),
    ],
)
def test_a_service_record_is_told_to_be_verified_only_where_the_text_asks_for_that(
    asks: Document, zh: str, en: str
) -> None:
    case = Case({"served": asks}, NOTHING)
    assert advice_in_words(REWARD, would_meet(ask(case, someone)), {}) == Text(zh=zh, en=en)


@pytest.mark.parametrize(("case", "life"), TRIED)
def test_whoever_follows_the_advice_meets_the_condition(case: Case, life: Life) -> None:
    need = would_meet(ask(case, life))
    if case.follows is None:
        assert need.need == "review"
        return
    first = max(DAY, getattr(need, "from_", DAY))
    assert ask(case, following(life, need), first).node.status == case.follows
