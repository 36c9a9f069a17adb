"""Whose designation counts, and for what: benefits, rewards and supervisors (R-36)."""

import pytest

from services.core.words.advice import advice_in_words
from tests.lives import CHENGDU, ZHENGZHOU, Answered, Life, alternatives, ask, someone

LIAOCHENG, CHUXIONG, FUJIAN = "371500", "532300", "350000"
SETTLEMENT, SCHOOLING, APARTMENT = "benefit.settlement", "benefit.child_education", "benefit.apartment"
NEW_TALENT = "reward.new_talent"
DAY = "2026-11-29"
HIGH_LEVEL, OF_SETTLEMENT = "talent:high_level", ("talent:high_level", "talent:national_leading", "talent:other")


def titled(talent: str, place: str | None = None, on: str = "2022-05-01") -> Life:
    return someone.talent_designated(on, talent, jurisdiction=place)


def supervising(place: str | None = None, rank: str = "senior") -> Life:
    return someone.supervisor_designated("2019-05-01", rank, jurisdiction=place)


def advice(answer: Answered) -> list[str]:
    return [advice_in_words("", entry, answer.ground.talents).zh for entry in answer.would_change]


# Benefits by title: LC-22, CX-24, FJ-16.


@pytest.mark.parametrize("asked", [LIAOCHENG, CHUXIONG, FUJIAN])
@pytest.mark.parametrize(
    ("authority", "status"),
    [
        ("here", "eligible"),
        ("inside", "eligible"),
        ("around", "eligible"),
        ("elsewhere", "not_eligible"),
        (None, "needs_review"),
    ],
)
def test_a_title_counts_by_an_authority_of_the_place_in_it_or_around_it(
    asked: str, authority: str | None, status: str
) -> None:
    places = {"here": asked, "inside": f"{asked[:2]}{asked[2:4].replace('00', '01')}02", "around": "100000"}
    place = "440000" if authority == "elsewhere" else places.get(authority) if authority else None
    answer = ask(titled("high_level", place), SETTLEMENT, DAY, asked)
    assert answer.node.status == status
    expected = {
        "eligible": ((), ()),
        "needs_review": ((), (HIGH_LEVEL,)),
        "not_eligible": (OF_SETTLEMENT, ()),
    }
    assert (answer.node.result.missing, answer.node.result.unresolved) == expected[status]
    if status != "eligible":
        assert ("R-36", "eligible") in alternatives(answer)


def test_a_designation_counts_from_its_day() -> None:
    assert ask(titled("high_level", LIAOCHENG, DAY), SETTLEMENT, DAY, LIAOCHENG).node.status == "eligible"
    assert ask(titled("high_level", LIAOCHENG, DAY), SETTLEMENT, "2026-11-28", LIAOCHENG).node.status == "not_eligible"


def test_the_place_is_that_of_the_text_wherever_inside_it_one_asks() -> None:
    assert ask(titled("high_level", "371502"), SETTLEMENT, DAY, "371521").node.status == "eligible"


@pytest.mark.parametrize("asked", ["350102", "371502", "532301"])
def test_national_leading_talent_counts_everywhere(asked: str) -> None:
    job = someone.employed("2021-01-01", "350102", employer_type="social_work_agency", role="social_worker")
    for place in (None, "440000"):
        answer = ask(job + titled("national_leading", place), SETTLEMENT, DAY, asked)
        assert (answer.node.status, answer.node.result.basis) == ("eligible", "talent:national_leading")


@pytest.mark.parametrize("asked", [LIAOCHENG, CHUXIONG, FUJIAN])
@pytest.mark.parametrize(
    ("talent", "place", "status"),
    [
        ("government_special_allowance", None, "needs_review"),
        ("government_special_allowance", "440000", "needs_review"),
        ("yi_leading", None, "needs_review"),
        ("yi_leading", "100000", "needs_review"),
        ("yi_leading", "440000", "not_eligible"),
    ],
)
def test_whether_a_title_that_the_text_does_not_name_is_high_level_is_for_the_authority(
    asked: str, talent: str, place: str | None, status: str
) -> None:
    answer = ask(titled(talent, place), SETTLEMENT, DAY, asked)
    assert answer.node.status == status
    if status == "needs_review":
        assert answer.node.result.unresolved == ("talent:other",)
    if answer.node.reason == "title_perhaps_enough":
        assert advice(answer)[0].startswith("所获称号是否属于高层次人才，须由主管部门认定（")


def test_schooling_is_by_the_same_titles_in_chuxiong_alone() -> None:
    title = titled("high_level", "100000")
    assert ask(title, SCHOOLING, DAY, CHUXIONG).node.status == "eligible"
    assert ask(title, SCHOOLING, DAY, LIAOCHENG).node.status == "undefined_in_policy"
    assert ask(title, SCHOOLING, DAY, FUJIAN).node.status == "undefined_in_policy"


def test_without_a_title_the_answer_is_no_and_names_the_titles_of_the_text_alone() -> None:
    answer = ask(someone, SETTLEMENT, DAY, LIAOCHENG)
    assert (answer.node.status, answer.node.reason) == ("not_eligible", "no_talent_title")
    assert [need.need for need in answer.would_change] == ["talent:high_level", "talent:national_leading"]


def test_a_doubtful_title_beside_a_sure_one_is_left_aside() -> None:
    both = titled("high_level", None, "2021-05-01") + titled("high_level", LIAOCHENG)
    answer = ask(both, SETTLEMENT, DAY, LIAOCHENG)
    assert (answer.node.status, answer.node.result.basis) == ("eligible", HIGH_LEVEL)


# Schooling in Chengdu: CD-29.


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("510100", "eligible"),
        ("510107", "eligible"),
        ("510000", "eligible"),
        ("440300", "not_eligible"),
        (None, "needs_review"),
    ],
)
def test_a_senior_supervisor_of_chengdu_is_one_whom_an_authority_of_chengdu_designated(
    place: str | None, status: str
) -> None:
    job = someone.employed("2024-01-01", "510107", employer_type="social_work_agency", role="social_worker")
    answer = ask(job + supervising(place), SCHOOLING, DAY, "510107")
    assert answer.node.status == status
    assert (("R-36", "eligible") in alternatives(answer)) == (status != "eligible")


def test_no_other_rank_or_title_has_schooling_in_chengdu() -> None:
    for life in (supervising("510100", "intermediate"), titled("high_level", "510100"), titled("sichuan_high_end")):
        assert ask(life, SCHOOLING, DAY, CHENGDU).node.status == "not_eligible"
    assert ask(titled("national_leading"), SCHOOLING, DAY, CHENGDU).node.status == "eligible"


# Supervisors: CD-06, ZZ-33 name no authority.


@pytest.mark.parametrize("city", [CHENGDU, ZHENGZHOU])
@pytest.mark.parametrize("authority", [CHENGDU, "440300", None])
def test_the_rank_of_a_supervisor_is_held_whoever_designated(city: str, authority: str | None) -> None:
    answer = ask(supervising(authority), "supervisor", DAY, city)
    assert (answer.node.status, answer.node.result.rank, answer.alternatives) == ("valid", "senior", ())


# New titles: CD-30 asks for no authority, and its list is open.


@pytest.mark.parametrize(
    ("talent", "status"),
    [
        ("sichuan_high_end", "eligible"),
        ("national_leading", "eligible"),
        ("yi_leading", "needs_review"),
        ("high_level", "needs_review"),
    ],
)
def test_a_new_title_is_rewarded_if_it_is_named_and_open_if_it_is_not(talent: str, status: str) -> None:
    assert ask(titled(talent), NEW_TALENT, DAY, CHENGDU).node.status == status
    assert ask(titled(talent, on="2022-02-28"), NEW_TALENT, DAY, CHENGDU).node.status == "not_eligible"


def test_nobody_in_chengdu_is_sent_for_the_title_of_another_place() -> None:
    told = advice(ask(someone, NEW_TALENT, DAY, CHENGDU))
    assert told[:2] == [
        "须在规定施行期内被认定为全国社会工作领军人才（各种情形具备其一即可）",
        "须在规定施行期内被认定为四川省社会工作高端人才（各种情形具备其一即可）",
    ]
    assert not any("彝乡" in entry for entry in told)


# Talent apartments: CD-24.


@pytest.mark.parametrize(
    ("life", "concerned"),
    [
        (someone.enrolled("2021-01-01", jurisdiction="510107"), False),
        (someone.employed("2021-01-01", "410103"), False),
        (
            someone.employed("2021-06-01", "510107", employer_type="enterprise", role="other", direct_service=False),
            True,
        ),
        (someone.certified("2021-10-18"), True),
    ],
)
def test_the_apartments_concern_who_holds_a_certificate_or_works_in_the_city(life: Life, concerned: bool) -> None:
    answer = ask(life, APARTMENT, DAY, CHENGDU)
    assert answer.node.status == ("needs_review" if concerned else "not_eligible")
    assert answer.node.result.missing == (() if concerned else ("concerned",))
    assert answer.node.result.unresolved == ("talent_apartment_policy",)
    assert ("review" in [need.need for need in answer.would_change]) == concerned


@pytest.mark.parametrize(
    ("life", "status", "unresolved"),
    [
        (
            someone.certified("2021-10-18", scope="local", valid_in="540000"),
            "not_eligible",
            ("talent_apartment_policy",),
        ),
        (
            someone.certified("2021-10-18", scope="local", valid_in="510000"),
            "needs_review",
            ("talent_apartment_policy",),
        ),
        (someone.certified("2021-10-18", scope="local"), "needs_review", ("concerned", "talent_apartment_policy")),
        (someone.certified("2021-10-18", "basic", scope="local"), "needs_review", ("talent_apartment_policy",)),
    ],
)
def test_a_certificate_valid_elsewhere_makes_nobody_concerned(
    life: Life, status: str, unresolved: tuple[str, ...]
) -> None:
    """R-35."""
    answer = ask(life, APARTMENT, DAY, CHENGDU)
    assert (answer.node.status, answer.node.result.unresolved) == (status, unresolved)
    assert answer.node.result.missing == (("concerned",) if status == "not_eligible" else ())
