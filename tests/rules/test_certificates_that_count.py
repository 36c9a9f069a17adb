"""Which certificates count: local ones in their place (R-35), and those that a registration covers (R-34)."""

import pytest
from msgspec import structs

from services.core.answers.document import explained
from tests.lives import (
    CHENGDU,
    CHENGDU_WORKER,
    Answered,
    Life,
    alternatives,
    ask,
    id_of,
    someone,
    standard,
    worker,
)

LIAOCHENG = "371500"
DAY = "2024-12-28"
PAYS = standard("510107", "2022-06-01", {"junior": "200", "intermediate": "300"})


def with_certificate(level: str, **more: str) -> Life:
    return CHENGDU_WORKER.but(someone.certified("2021-10-17", level, **more))


def allowance(life: Life, as_of: str = DAY, place: str = CHENGDU) -> Answered:
    return ask(life, "allowance", as_of, place, standards=[PAYS])


# Local certificates: R-35.


@pytest.mark.parametrize("level", ["basic", "junior"])
@pytest.mark.parametrize(
    ("valid_in", "status"),
    [
        ("510100", "eligible"),
        ("510107", "eligible"),
        ("510000", "eligible"),
        ("510108", "not_eligible"),
        ("410000", "not_eligible"),
    ],
)
def test_a_local_certificate_counts_for_work_where_it_is_valid(level: str, valid_in: str, status: str) -> None:
    answer = allowance(with_certificate(level, scope="local", valid_in=valid_in))
    assert answer.node.status == status
    assert answer.node.result.missing == (() if status == "eligible" else ("certificate",))
    assert answer.node.result.tier == (level if status == "eligible" else None)


def test_where_no_place_is_recorded_a_basic_certificate_counts_and_another_is_for_a_person() -> None:
    basic, junior = (allowance(with_certificate(level, scope="local")) for level in ("basic", "junior"))
    assert (basic.node.status, basic.node.result.tier) == ("eligible", "basic")
    assert (junior.node.status, junior.node.result.unresolved) == ("needs_review", ("certificate",))
    assert (junior.node.reason, junior.node.result.tier) == ("place_of_certificate_unsaid", "junior")
    assert junior.node.result.amount is None


def test_a_doubtful_certificate_beside_a_sure_one_is_left_aside() -> None:
    answer = allowance(with_certificate("intermediate", scope="local") + someone.certified("2021-10-18"))
    assert (answer.node.status, answer.node.result.tier, answer.node.result.amount) == ("eligible", "junior", "200")


def test_a_local_certificate_goes_with_the_move() -> None:
    life = with_certificate("junior", scope="local", valid_in="510107")
    moved = life.employed("2024-12-28", "510108", role="full_time_community_worker")
    assert allowance(moved, "2024-12-27").node.status == "eligible"
    assert allowance(moved, "2024-12-28").node.result.missing == ("certificate",)


@pytest.mark.parametrize("place", ["371500", "532300", "410100", "350000"])
def test_no_other_city_takes_a_local_certificate(place: str) -> None:
    life = worker(place).certified("2021-10-17", scope="local", valid_in=place).registered("2022-04-01")
    assert ask(life, "allowance", DAY, place).node.result.missing == ("certificate",)


def test_the_answer_on_a_certificate_says_that_it_is_valid_only_locally() -> None:
    local = someone.certified("2021-10-17", scope="local", valid_in="510100")
    answer = ask(local, "certificate", DAY, CHENGDU)
    assert (answer.node.status, answer.node.reason, answer.node.result.level) == (
        "valid",
        "valid_only_locally",
        "junior",
    )
    assert ask(local.certified("2022-10-17"), "certificate", DAY, CHENGDU).node.reason is None


def test_a_local_certificate_above_a_national_one_is_shown_and_the_national_one_is_named() -> None:
    """§5 shows the highest level; nothing that asks for a national certificate takes the local one."""
    both = CHENGDU_WORKER.certified("2022-10-17", "senior", scope="local", valid_in="540000")
    answer = ask(both, "certificate", DAY, CHENGDU)
    assert (answer.node.result.level, answer.node.reason) == ("senior", "valid_only_locally")
    assert [(child.rule, child.status) for child in answer.node.children] == [("certificate:junior", "met")]
    (told,) = explained(answer)["children"]
    assert told["text"] == {"zh": "全国证书：初级", "en": "national certificate: junior"}
    assert ask(both, "title", DAY, "371500").node.result.title == "junior"
    assert ask(both, "technical_staff", DAY, "410100").node.result.level == "junior"
    assert ask(both.promoted("2023-01-01", 7), "grade", DAY, CHENGDU).node.result.missing == ("certificate:senior",)
    alone = someone.certified("2022-10-17", scope="local", valid_in="510100")
    assert ask(alone, "certificate", DAY, CHENGDU).node.children == ()


def test_a_certificate_that_was_withdrawn_is_told_as_that() -> None:
    withdrawn = CHENGDU_WORKER.certificate_withdrawn("2024-12-28")
    assert allowance(withdrawn).node.reason == "certificate_withdrawn"


# Registered certificates: R-34.


def test_the_tier_follows_the_certificate_that_is_registered() -> None:
    later = CHENGDU_WORKER.certified("2024-10-15", "intermediate")
    for day in ("2024-12-10", DAY):
        answer = allowance(later, day)
        assert (answer.node.result.tier, answer.node.result.amount) == ("junior", "200")
    assert ask(later, "certificate", DAY, CHENGDU).node.result.level == "intermediate"
    assert id_of(2) in {source.event_id for node in answer.node.children for source in node.sources}


def test_a_registration_that_names_a_level_covers_the_certificate_of_that_level() -> None:
    both = CHENGDU_WORKER.certified("2024-10-15", "intermediate")
    named = both.registered("2024-12-28", "2027-12-27", level="intermediate")
    before, after = allowance(named, "2024-12-27"), allowance(named, "2024-12-28")
    assert (before.node.result.tier, after.node.result.tier) == ("junior", "intermediate")
    assert after.node.result.amount == "300"


@pytest.mark.parametrize(("obtained", "covered"), [("2022-04-01", True), ("2022-04-02", False)])
def test_a_registration_that_names_none_covers_what_was_obtained_by_its_first_day(obtained: str, covered: bool) -> None:
    answer = allowance(CHENGDU_WORKER.but(someone.certified(obtained)))
    assert answer.node.status == ("eligible" if covered else "needs_review")
    assert answer.node.result.tier == ("junior" if covered else None)
    assert answer.node.result.unresolved == (() if covered else ("registration",))
    assert answer.node.result.missing == ()
    if not covered:
        assert answer.node.reason == "certificate_not_registered"
        assert alternatives(answer) == {("R-34", "eligible")}


def test_the_day_of_obtaining_is_that_of_the_reading_of_certificates() -> None:
    """R-11: approved before the first day of the registration, issued after it."""
    life = CHENGDU_WORKER.but(someone.certified("2022-03-31", issued_on="2022-04-02"))
    assert ("R-11", "needs_review") in alternatives(allowance(life))


def test_a_registration_of_another_level_covers_nothing_held_but_a_basic_certificate() -> None:
    registered = someone.registered("2022-04-01", "2025-03-31", level="senior")
    assert allowance(CHENGDU_WORKER.but(registered)).node.result.unresolved == ("registration",)
    basic = with_certificate("basic", scope="local").but(registered)
    assert (allowance(basic).node.status, allowance(basic).node.result.tier) == ("eligible", "basic")


def test_without_any_certificate_it_is_the_certificate_alone_that_is_missing() -> None:
    answer = allowance(CHENGDU_WORKER.without("certificate.obtained"))
    assert (answer.node.result.missing, answer.node.result.unresolved) == (("certificate",), ())


def test_in_liaocheng_too_the_tier_is_that_of_the_registered_certificate() -> None:
    job = worker("371502", "2019-03-01").certified("2019-06-16").certified("2021-10-17", "intermediate")
    slip = job.registered("2020-09-01", "2023-08-31", level="intermediate", called="slip")
    wrong = ask(slip, "allowance", "2020-12-01", LIAOCHENG)
    assert (wrong.node.status, wrong.node.result.unresolved) == ("needs_review", ("registration",))
    assert ("R-34", "eligible") in alternatives(wrong)
    right = slip.corrected("slip", level="junior").registered("2023-09-01", "2026-08-31", is_first=False)
    tiers = {day: ask(right, "allowance", day, LIAOCHENG).node.result.tier for day in ("2023-08-31", "2023-09-01")}
    assert tiers == {"2023-08-31": "junior", "2023-09-01": "intermediate"}
    assert ask(right, "title", "2022-06-01", LIAOCHENG).node.result.title == "intermediate"


def test_a_units_measure_pays_its_own_people_alone() -> None:
    """R-27, LC-24."""
    county = standard("371502", "2021-01-01", {"junior": "100"}, position=1_000)
    unit = structs.replace(
        standard("371502", "2021-01-01", {"junior": "150"}, position=1_001), standard_id="unit", organization="unit-1"
    )
    paid = {}
    for organization in ("unit-1", "unit-2", None):
        job = someone.employed("2021-01-01", "371502", organization=organization)
        life = job.certified("2021-10-17").registered("2022-04-01")
        result = ask(life, "allowance", DAY, LIAOCHENG, standards=[county, unit]).node.result
        paid[organization] = result.amount, result.standard
    assert paid == {"unit-1": ("150", "unit"), "unit-2": ("100", county.standard_id), None: ("100", county.standard_id)}


def test_of_a_unit_s_measure_and_its_county_s_the_one_that_took_effect_last_gives_the_amount() -> None:
    """CD-26: the most specific place, then the latest first day; a unit is no place."""
    unit = structs.replace(standard("371502", "2022-01-01", {"junior": "100"}), standard_id="u", organization="O-1")
    county = standard("371502", "2025-01-01", {"junior": "300"})
    life = someone.employed("2021-01-01", "371502", organization="O-1").certified("2021-10-17").registered("2024-04-01")
    paid = [
        ask(life, "allowance", day, LIAOCHENG, standards=[unit, county]).node.result.amount
        for day in ("2024-12-31", "2025-01-01")
    ]
    assert paid == ["100", "300"]


def test_a_widening_by_a_unit_is_for_its_own_people_alone() -> None:
    """CD-26."""
    unit = structs.replace(standard("510107", "2022-06-01", {"junior": "1"}, adds=["charity"]), organization="unit-1")
    for organization, status in (("unit-1", "eligible"), (None, "not_eligible")):
        job = someone.employed(
            "2021-01-01", "510107", employer_type="charity", role="social_worker", organization=organization
        )
        assert ask(CHENGDU_WORKER.but(job), "allowance", DAY, CHENGDU, standards=[unit]).node.status == status
