"""Each operator of a condition says why it is not met, and what would meet it; whoever follows the advice meets it.

Tried on an invented pack that has the condition as its only ground. A new operator needs a line in `CASES`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from msgspec import Struct, structs

from contracts.policies import language
from contracts.policies.language import Condition, Entitlement, LocalStandard, Rule, Text
from contracts.policies.pinned import PinnedPack
from contracts.policies.shipped import read_yaml, shipped_pack
from services.core.questions import advice
from services.core.questions.advice import Advice
from services.core.questions.whole import WholeAnswer, whole_answer
from services.core.rules.book import compose
from services.core.rules.parts import OPERATORS
from services.core.rules.verdict import Node, Question, Status
from services.core.words.advice import advice_in_words
from tests.lives import PINNED, ZHENGZHOU, Life, facts_of, someone, standard

CITY, DISTRICT = "990100", "990102"
INVENTED = shipped_pack(read_yaml(Path(__file__).parent / "sixth_place.yaml")).pack
REWARD, GROUND = "reward.exam", "ground"
DAY = date(2025, 6, 30)
TEXT = Text(zh="符合条件。", en="Meets the condition.")
REWARDS = standard(CITY, "2024-05-01", {"intermediate": "1000", "senior": "2000"})
WORKS = someone.employed("2024-06-01", DISTRICT, role="community_worker")


class Case(Struct, frozen=True):
    """A condition, lives that do not meet it on `DAY`, and the status of whoever has followed the advice.

    `follows` is None where no fact can fill the need, because a person must decide.
    """

    asks: Struct
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
CASES: Mapping[str, Sequence[Case]] = {
    "employed": [
        Case(
            language.Employed(roles=("community_worker",), employer_types=("urban_community",)),
            {
                **NOTHING,
                "elsewhere": someone.employed("2024-06-01", ZHENGZHOU, role="community_worker"),
                "left a day ago": WORKS.left("2025-06-29"),
                "another role": someone.employed("2024-06-01", DISTRICT, role="social_worker"),
            },
        ),
        Case(language.Employed(direct_service=True, anywhere=True), {**NOTHING, "left": WORKS.left("2025-06-29")}),
    ],
    "certificate": [
        Case(language.HoldsCertificate(("intermediate", "senior"), national_only=national), UNCERTIFIED)
        for national in (True, False)
    ],
    "degree": [
        Case(
            language.HoldsDegree(("social_work",), open_list=False),
            {
                **NOTHING,
                "another field": someone.graduated("2020-07-01", field="sociology"),
                "a day early": someone.graduated("2025-07-01"),
            },
        ),
        Case(language.HoldsDegree(("social_work",), open_list=True), NOTHING),
    ],
    "exam_reward": [
        Case(
            language.ExamReward(("intermediate", "senior")),
            UNCERTIFIED,
            standards=[structs.replace(REWARDS, determination=REWARD)],
        )
    ],
    "registered": [
        Case(
            language.Registered(),
            {
                **NOTHING,
                "lapsed a day ago": someone.registered("2022-06-30", "2025-06-29"),
                "ended today": someone.registered("2024-06-30", "2027-06-29").registration_ended("2025-06-30"),
                "a day early": someone.registered("2025-07-01"),
            },
        )
    ],
    "served": [
        Case(
            language.Served(within_months=12, at_least=1),
            {
                **NOTHING,
                "a day too long ago": someone.served("2024-06-30"),
                "a day early": someone.served("2025-07-01"),
                "unverified": someone.served("2025-06-01", verified=False),
            },
        )
    ],
    "attested": [
        Case(
            language.Attested(),
            {**NOTHING, "expired": someone.assessed("2024-01-01", "2025-06-29", on="2025-01-01")},
            follows=None,
        ),
        # Without the denial no assessment covers the day, so a person must look.
        Case(
            language.Attested(),
            {"denied": someone.assessed("2025-01-01", "2025-12-31", professional_role=False, called="denial")},
            follows="needs_review",
        ),
    ],
    "talent": [
        Case(language.DesignatedTalent(("high_level",)), UNTITLED),
        Case(
            language.DesignatedTalent(("high_level",), while_in_force=True),
            {**UNTITLED, "a day before the text": someone.talent_designated("2024-04-30", "high_level")},
        ),
        Case(
            language.DesignatedTalent(("high_level",), while_in_force=True, listed=False),
            UNTITLED,
            follows="needs_review",
        ),
    ],
    "supervisor": [
        Case(
            language.DesignatedSupervisor(("intermediate", "senior")),
            {
                **NOTHING,
                "another rank": someone.supervisor_designated("2024-06-01", "junior"),
                "ended a day ago": someone.supervisor_designated("2024-06-01", "senior").supervisor_ended("2025-06-29"),
            },
        )
    ],
    "decided_elsewhere": [Case(language.DecidedElsewhere(), NOTHING, follows=None)],
}
TRIED = [
    pytest.param(name, case, life, id=f"{name}-{number}-{about}")
    for name, cases in CASES.items()
    for number, case in enumerate(cases, 1)
    for about, life in case.lives.items()
]


def ask(name: str, case: Case, life: Life, day: date = DAY) -> WholeAnswer:
    """Return the answer of an invented pack that has the condition as the only ground of a reward."""
    condition = Condition(TEXT, **{name: case.asks})
    rule = Rule("XX-04", TEXT, entitlement=Entitlement({GROUND: condition}))
    (edition,) = INVENTED.editions
    pack = structs.replace(INVENTED, editions=(structs.replace(edition, determinations={REWARD: rule}),))
    packs = {**PINNED, CITY: PinnedPack("sha256:0", pack)}
    return whole_answer(compose(CITY, packs, case.standards), facts_of(life), Question(REWARD, day))


def judged(answer: WholeAnswer) -> Node:
    (condition,) = answer.node.children
    return condition


def would_meet(answer: WholeAnswer) -> Advice:
    """Return the first advice, which is what would meet the only ground."""
    return answer.would_change[0]


def following(life: Life, need: Advice) -> Life:
    """Return the life after what the advice names has come true, on the first day on which it helps."""
    match need:
        case advice.EmploymentNeed(from_=day, spec=job):
            (role, *_), (employer_type, *_) = job.roles or ("social_worker",), job.employer_types or ("charity",)
            return life.employed(day, DISTRICT, role=role, employer_type=employer_type)
        case advice.PlainNeed(code="direct_service", from_=day):
            return life.employed(day, ZHENGZHOU)
        case (
            advice.CertificateNeed(from_=day, levels=(level, *_))
            | advice.RewardedLevelNeed(from_=day, rewarded=(level, *_))
        ):
            return life.certified(day, level)
        case advice.DegreeNeed(from_=day, fields=(field, *_)):
            return life.graduated(day, field=field)
        case advice.RegistrationNeed(from_=day):
            return life.registered(day)
        case advice.ServiceRecordNeed(from_=day):
            return life.served(day)
        case advice.AssessmentNeed(code="professional_role_denied"):
            return life.voided("denial")
        case advice.TalentTitleNeed(from_=day, titles=(title, *_)):
            return life.talent_designated(day, title)
        case advice.RankNeed(from_=day, ranks=(rank, *_)):
            return life.supervisor_designated(day, rank)
    raise AssertionError(f"nothing here follows {need}: add how to, or say `follows=None` in the case")


def test_every_operator_is_tried() -> None:
    assert set(CASES) == set(OPERATORS)


@pytest.mark.parametrize(("name", "case", "life"), TRIED)
def test_a_condition_that_is_not_met_says_why(name: str, case: Case, life: Life) -> None:
    condition = judged(ask(name, case, life))
    assert condition.status in ("not_met", "needs_review")
    assert condition.reason is not None


@pytest.mark.parametrize(("name", "case", "life"), TRIED)
def test_what_would_meet_a_condition_has_a_sentence_without_gaps(name: str, case: Case, life: Life) -> None:
    sentence = advice_in_words(REWARD, would_meet(ask(name, case, life)))
    assert sentence.zh != sentence.en
    assert not set("{}") & set(sentence.zh + sentence.en)
    assert "UNSET" not in sentence.en


@pytest.mark.parametrize(("name", "case", "life"), TRIED)
def test_whoever_follows_the_advice_meets_the_condition(name: str, case: Case, life: Life) -> None:
    need = would_meet(ask(name, case, life))
    if case.follows is None:
        assert need.need == "review"
        return
    first = max(DAY, getattr(need, "from_", DAY))
    assert ask(name, case, following(life, need), first).node.status == case.follows
