"""Rewards: for the exam by a local measure (CX-12, FJ-10), and for a newly obtained title (CD-30)."""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from contracts.policies.language import LocalStandard
from tests.lives import CHENGDU, Answered, Life, alternatives, ask, id_of, someone, standard

CHUXIONG, FUJIAN, XIAMEN = "532300", "350000", "350203"
EXAM, NEW_TALENT = "reward.exam", "reward.new_talent"
DAY = "2026-11-29"


def rewarding(place: str, effective_from: str = "2026-01-01", **about: Any) -> LocalStandard:
    reward = standard(place, effective_from, about.pop("tiers", {"junior": "1000", "intermediate": "2000"}))
    return structs.replace(reward, determination=EXAM, unit="CNY_once", **about)


MEASURE = rewarding(XIAMEN)
WORKS = someone.employed("2024-01-01", XIAMEN)


def reward(
    life: Life, as_of: str = DAY, place: str = XIAMEN, *, by: LocalStandard | None = MEASURE, determination: str = EXAM
) -> Answered:
    return ask(life, determination, as_of, place, standards=[by] if by else [])


def evidence(answer: Answered) -> set[str]:
    def of(node: Any) -> set[str]:
        return {source.event_id for source in node.sources}.union(*map(of, node.children))

    return of(answer.node)


# Who: those in social service.


@pytest.mark.parametrize(
    ("employer_type", "status", "unresolved"),
    [
        ("urban_community", "eligible", ()),
        ("village", "eligible", ()),
        ("public_institution", "eligible", ()),
        ("government", "eligible", ()),
        ("mass_organization", "eligible", ()),
        ("social_organization", "needs_review", ("service",)),
        ("social_work_agency", "needs_review", ("service",)),
        ("charity", "needs_review", ("service",)),
        ("enterprise", "needs_review", ("service",)),
    ],
)
def test_a_clause_that_names_the_bodies_leaves_others_to_a_person(
    employer_type: str, status: str, unresolved: tuple[str, ...]
) -> None:
    """CX-12 names Party, mass and self-governing organizations, public service and social management, and 等."""
    life = someone.employed("2022-01-01", CHUXIONG, employer_type=employer_type).certified("2024-10-18")
    answer = reward(life, place=CHUXIONG, by=rewarding(CHUXIONG))
    assert (answer.node.status, answer.node.result.unresolved) == (status, unresolved)
    fujian = someone.employed("2022-01-01", XIAMEN, employer_type=employer_type).certified("2024-10-18")
    assert reward(fujian).node.status == "eligible", "FJ-10 names no bodies"


def test_without_the_service_a_measure_that_names_the_level_is_not_open() -> None:
    """A1 (b): what is lacking is the service, and nothing about the measure waits for a person."""
    indirect = someone.employed("2023-01-01", XIAMEN, employer_type="enterprise", role="other", direct_service=False)
    answer = reward(indirect.certified("2024-10-18"))
    assert answer.node.result.missing == ("service",)
    assert answer.node.result.unresolved == ()
    assert reward(indirect.certified("2024-10-18"), by=None).node.result.unresolved == ("measure",)
    assert reward(someone.certified("2024-10-18")).node.result.unresolved == ()


@pytest.mark.parametrize(("effective_from", "status"), [(DAY, "eligible"), ("2026-11-30", "needs_review")])
def test_the_first_day_of_a_measure_counts(effective_from: str, status: str) -> None:
    answer = reward(WORKS.certified("2024-10-18"), by=rewarding(XIAMEN, effective_from))
    assert answer.node.status == status


@pytest.mark.parametrize(("obtained", "status"), [("2021-01-28", "eligible"), ("2021-01-27", "needs_review")])
def test_a_certificate_of_the_first_day_of_the_text_counts(obtained: str, status: str) -> None:
    assert reward(WORKS.certified(obtained)).node.status == status


@pytest.mark.parametrize(
    "life",
    [
        someone.enrolled("2010-01-01").certified("2010-10-18"),
        someone.employed("2020-01-01", XIAMEN, employer_type="enterprise", role="other", direct_service=False)
        + someone.certified("2022-10-18"),
        someone.employed("2020-01-01", CHUXIONG).certified("2022-10-18"),
        WORKS.left("2026-11-28").certified("2024-10-18"),
    ],
    ids=["no job ever", "no direct service", "service elsewhere", "left the day before"],
)
def test_who_is_not_in_direct_service_in_the_place_has_no_reward(life: Life) -> None:
    answer = reward(life)
    assert (answer.node.status, answer.node.result.missing) == ("not_eligible", ("service",))
    assert (answer.node.result.tier, answer.node.result.amount) == (None, None)
    assert "employment_here" in [need.code for need in answer.would_change if need.need == "service"]


def test_the_last_day_of_service_is_still_one() -> None:
    assert reward(WORKS.left(DAY).certified("2024-10-18")).node.status == "eligible"


# For what: the highest level that a measure names, with its amount.


def test_the_reward_is_that_of_the_highest_level_with_its_amount_and_the_certificate() -> None:
    answer = reward(WORKS.certified("2024-10-18").certified("2026-09-30", "intermediate"))
    result = answer.node.result
    assert (answer.node.status, result.tier, result.amount) == ("eligible", "intermediate", "2000")
    assert (result.unit, result.standard, result.basis) == ("CNY_once", MEASURE.standard_id, None)
    assert answer.policy.standards == (MEASURE.standard_id,)
    assert evidence(answer) == {id_of(1), id_of(3), MEASURE.evidence.event_id}


def test_the_day_before_the_higher_certificate_the_lower_one_is_rewarded() -> None:
    life = WORKS.certified("2024-10-18").certified("2026-09-30", "intermediate")
    answer = reward(life, "2026-09-29")
    assert (answer.node.result.tier, answer.node.result.amount) == ("junior", "1000")
    assert answer.until == date(2026, 9, 29)


def test_a_lower_level_is_rewarded_where_the_measure_names_no_higher_one() -> None:
    juniors = rewarding(XIAMEN, tiers={"junior": "1000"})
    higher = WORKS.certified("2024-10-18", "intermediate")
    assert reward(higher, by=juniors).node.status == "needs_review"
    assert reward(higher.certified("2025-10-18"), by=juniors).node.result.tier == "junior"


@pytest.mark.parametrize("place", [CHUXIONG, FUJIAN])
def test_without_a_measure_the_reward_is_open_and_the_person_has_nothing_to_do(place: str) -> None:
    answer = reward(someone.employed("2021-01-01", place).certified("2022-10-18"), place=place, by=None)
    assert (answer.node.status, answer.node.reason) == ("needs_review", "no_local_standard_known")
    assert (answer.node.result.missing, answer.node.result.unresolved) == ((), ("measure",))
    assert (answer.node.result.amount, answer.node.result.standard) == (None, None)
    assert [need.need for need in answer.would_change] == ["review"]


def test_a_measure_rewards_from_its_first_day() -> None:
    life = WORKS.certified("2024-10-18")
    before, after = reward(life, "2025-12-31"), reward(life, "2026-01-01")
    assert (before.node.status, before.until) == ("needs_review", date(2025, 12, 31))
    assert (after.node.status, after.node.result.amount) == ("eligible", "1000")


@pytest.mark.parametrize(("asked", "status"), [(FUJIAN, "eligible"), (XIAMEN, "eligible"), ("350205", "needs_review")])
def test_a_countys_measure_rewards_who_serves_there(asked: str, status: str) -> None:
    assert reward(WORKS.certified("2024-10-18"), place=asked).node.status == status


def test_a_measure_where_somebody_only_works_without_service_rewards_nobody() -> None:
    beside = someone.employed("2024-01-01", "350205", concurrent=True, direct_service=False)
    life = WORKS + beside + someone.certified("2024-10-18")
    assert reward(life, place=FUJIAN, by=rewarding("350205")).node.status == "needs_review"


def test_a_standard_of_the_allowance_is_no_reward() -> None:
    life = WORKS.certified("2024-10-18")
    assert reward(life, by=standard(XIAMEN, "2022-01-01", {"junior": "200"})).node.status == "needs_review"


def test_a_units_measure_rewards_its_own_people_alone() -> None:
    """R-27."""
    of_unit = rewarding(XIAMEN, organization="unit-1")
    certificate = someone.certified("2024-10-18")
    for organization, status in (("unit-1", "eligible"), ("unit-2", "needs_review"), (None, "needs_review")):
        job = someone.employed("2024-01-01", XIAMEN, organization=organization)
        assert reward(job + certificate, by=of_unit).node.status == status, organization


# When: a certificate obtained since the rule is in force.


@pytest.mark.parametrize(("obtained", "status"), [("2021-01-27", "needs_review"), ("2021-01-28", "eligible")])
def test_on_a_certificate_older_than_the_rule_a_person_must_decide(obtained: str, status: str) -> None:
    answer = reward(WORKS.certified(obtained))
    assert answer.node.status == status
    assert answer.node.result.tier == "junior"
    if status == "needs_review":
        assert (answer.node.reason, answer.node.result.unresolved) == (
            "certificate_older_than_the_rule",
            ("certificate",),
        )


def test_an_older_certificate_beside_a_new_one_is_left_aside() -> None:
    answer = reward(WORKS.certified("2019-10-18", "intermediate").certified("2024-10-18"))
    assert (answer.node.status, answer.node.result.tier) == ("eligible", "junior")


JUNIORS = rewarding(XIAMEN, tiers={"junior": "1000"})


@pytest.mark.parametrize(
    ("obtained", "status", "reason"),
    [("2021-01-27", "needs_review", "certificate_older_than_the_rule"), ("2021-01-28", "eligible", None)],
)
def test_where_a_measure_names_the_level_of_an_older_certificate_alone_its_age_is_what_is_open(
    obtained: str, status: str, reason: str | None
) -> None:
    """FJ-10: a new one of a level that no measure names does not hide that one names the level of the older one."""
    answer = reward(WORKS.certified(obtained).certified("2026-09-30", "intermediate"), by=JUNIORS)
    assert (answer.node.status, answer.node.reason) == (status, reason)
    assert answer.node.result.tier == "junior"
    assert {id_of(2), JUNIORS.evidence.event_id} <= evidence(answer)
    if reason:
        assert (answer.node.result.amount, answer.node.result.unresolved) == (None, ("measure",))
        assert [getattr(entry, "reason", None) for entry in answer.would_change] == [reason]


def test_a_measure_that_names_no_level_held_at_any_time_is_none_of_this_person() -> None:
    seniors = rewarding(XIAMEN, tiers={"senior": "3000"})
    answer = reward(WORKS.certified("2010-10-18").certified("2026-09-30", "intermediate"), by=seniors)
    assert (answer.node.reason, answer.node.result.tier) == ("no_local_standard_known", None)


def test_which_certificates_are_new_hangs_on_when_the_text_began() -> None:
    assert ("R-01", "needs_review") in alternatives(reward(WORKS.certified("2021-01-28")))


# Once: what was granted already.


def test_a_reward_that_was_granted_is_not_simply_due_again() -> None:
    life = WORKS.certified("2024-10-18").benefit_granted("2026-03-01", "一次性考试奖励", determination=EXAM)
    before, after = reward(life, "2026-02-28"), reward(life, "2026-03-01")
    assert (before.node.status, before.until) == ("eligible", date(2026, 2, 28))
    assert (after.node.status, after.node.reason) == ("needs_review", "granted_already")
    assert (after.node.result.unresolved, after.node.result.amount) == (("not_yet_granted",), None)
    assert id_of(3) in evidence(after)


@pytest.mark.parametrize("determination", [None, "reward.new_talent"])
def test_a_grant_of_something_else_changes_nothing(determination: str | None) -> None:
    life = WORKS.certified("2024-10-18").benefit_granted("2026-03-01", determination=determination)
    assert reward(life).node.status == "eligible"


def test_a_title_that_was_rewarded_is_not_simply_rewarded_again() -> None:
    title = someone.talent_designated("2022-05-01", "national_leading")
    life = title.benefit_granted("2022-09-01", "领军人才奖励", determination=NEW_TALENT)
    before, after = (reward(life, on, CHENGDU, determination=NEW_TALENT) for on in ("2022-08-31", "2022-09-01"))
    assert (before.node.status, before.node.result.basis) == ("eligible", "talent:national_leading")
    assert (after.node.status, after.node.reason, after.node.result.basis) == ("needs_review", "granted_already", None)
    assert after.node.result.unresolved == ("talent:national_leading",)


def test_a_grant_without_a_title_makes_nobody_wait() -> None:
    life = someone.benefit_granted("2022-09-01", determination=NEW_TALENT)
    assert reward(life, place=CHENGDU, determination=NEW_TALENT).node.status == "not_eligible"
