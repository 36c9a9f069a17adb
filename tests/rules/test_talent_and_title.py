"""Who counts as social work talent, and the title that a certificate is deemed to give."""

import pytest

from contracts.document import plain
from services.core.calendar import RollingSpan
from tests.lives import Life, alternatives, ask, someone

LIAOCHENG, CHUXIONG, FUJIAN = "371500", "532300", "350000"


def educated(on: str, field: str, level: str = "college") -> Life:
    return someone.graduated(on, level, field)


# Title: LC-15, LC-16.


@pytest.mark.parametrize("level", ["junior", "intermediate", "senior"])
def test_each_national_level_is_deemed_to_give_its_title(level: str) -> None:
    answer = ask(someone.certified("2021-10-17", level), "title", "2021-12-01", LIAOCHENG)
    assert (answer.node.status, answer.node.result.title, answer.node.result.deemed) == ("valid", level, True)


def test_a_local_basic_certificate_gives_no_title() -> None:
    local = someone.certified("2021-10-17", "basic", scope="local", basis="local_test")
    assert ask(local, "title", "2021-12-01", LIAOCHENG).node.status == "none"


def test_the_title_rises_with_the_certificate_and_counts_from_the_rise() -> None:
    history = someone.certified("2020-10-18").certified("2022-06-18", "intermediate")
    answer = ask(history, "title", "2023-01-01", LIAOCHENG)
    assert (answer.node.result.title, str(answer.node.result.since)) == ("intermediate", "2022-06-18")
    assert str(ask(history, "title", "2022-06-17", LIAOCHENG).until) == "2022-06-17"


def test_a_certificate_older_than_the_text_gives_the_title_from_the_texts_first_day() -> None:
    answer = ask(someone.certified("2015-10-17"), "title", "2021-01-01", LIAOCHENG)
    assert str(answer.node.result.since) == "2020-07-08"


def test_a_title_is_cited_with_the_clause_of_the_map() -> None:
    node = ask(someone.certified("2021-10-17"), "title", "2021-12-01", LIAOCHENG).node
    assert (node.clause, node.further_clauses) == ("LC-15", ("LC-16",))


def test_no_other_place_prints_a_title() -> None:
    """FJ-25 asks for a map and prints none."""
    for place in (CHUXIONG, FUJIAN, "510100", "410100"):
        assert ask(someone.certified("2021-10-17"), "title", "2023-01-01", place).node.status == "undefined_in_policy"


# Talent in Liaocheng: LC-03 to LC-06.


def test_the_first_route_that_holds_is_named_certificate_before_degree_before_hours() -> None:
    hours = someone.trained("2022-01-01", "120", "hour")
    degree = educated("2018-07-01", "social_work")
    routes = [
        ask(history, "talent.quality", "2023-01-01", LIAOCHENG).node.result.route
        for history in (hours, hours + degree, hours + degree + someone.certified("2021-10-17"))
    ]
    assert routes == ["hours", "degree", "certificate"]


@pytest.mark.parametrize(
    "field", ["social_work", "sociology", "social_policy", "civil_affairs_management", "community_management"]
)
def test_each_field_that_the_text_names_is_enough(field: str) -> None:
    assert ask(educated("2018-07-01", field), "talent.quality", "2023-01-01", LIAOCHENG).node.status == "met"


def test_another_field_may_stand_behind_the_open_list_and_needs_review() -> None:
    node = ask(educated("2018-07-01", "other"), "talent.quality", "2023-01-01", LIAOCHENG).node
    assert (node.status, node.reason, node.result.route) == ("needs_review", "field_not_listed", None)


def test_quality_without_engagement_is_not_talent_even_where_the_quality_is_open() -> None:
    for history in (someone.certified("2021-10-17"), educated("2018-07-01", "other")):
        node = ask(history, "talent", "2023-01-01", LIAOCHENG).node
        assert (node.status, node.reason, node.result.engaged) == ("not_met", "not_engaged", False)


def test_engagement_without_quality_is_not_talent() -> None:
    node = ask(someone.employed("2021-01-01", LIAOCHENG), "talent", "2023-01-01", LIAOCHENG).node
    assert (node.status, node.reason, node.result.engaged) == ("not_met", "no_professional_quality", True)


def test_engagement_is_asked_for_wherever_the_person_works() -> None:
    history = someone.certified("2021-10-17").employed("2021-01-01", "110101")
    assert ask(history, "talent", "2023-01-01", LIAOCHENG).node.status == "met"


def test_employment_without_direct_service_is_no_engagement_and_a_verified_record_is() -> None:
    history = someone.certified("2021-10-17").employed("2021-01-01", LIAOCHENG, direct_service=False)
    assert ask(history, "talent", "2023-01-01", LIAOCHENG).node.status == "not_met"
    assert ask(history.served("2022-01-02"), "talent", "2023-01-01", LIAOCHENG).node.status == "met"
    assert ask(history.served("2022-06-01", verified=False), "talent", "2023-01-01", LIAOCHENG).node.status == (
        "not_met"
    )


@pytest.mark.parametrize("place", [LIAOCHENG, CHUXIONG])
def test_an_older_record_leaves_it_open_whether_somebody_is_engaged(place: str) -> None:
    """R-42: LC-03 and CX-01 state no number; under the alternative any verified record shows it."""
    history = someone.certified("2020-10-17").served("2022-01-01")
    last, after = (ask(history, "talent", day, place) for day in ("2022-12-31", "2023-01-01"))
    assert (last.node.status, last.node.result.engaged, str(last.until)) == ("met", True, "2022-12-31")
    assert (after.node.status, after.node.result.engaged) == ("needs_review", None)
    assert (after.node.reason, after.until) == ("service_records_in_question", None)
    assert alternatives(after) == {("R-42", "met")}
    unverified = ask(
        someone.certified("2020-10-17").served("2022-01-01", verified=False), "talent", "2023-01-01", place
    )
    assert (unverified.node.status, unverified.node.result.engaged, alternatives(unverified)) == (
        "not_met",
        False,
        set(),
    )


def test_what_is_open_for_talent_is_told_with_what_would_settle_it() -> None:
    """R-42."""
    history = someone.certified("2020-10-17").served("2022-01-01")
    decision, *needs = ask(history, "talent", "2023-01-01", LIAOCHENG).would_change
    assert (decision.need, decision.reason, decision.clause) == ("review", "service_records_in_question", "LC-03")
    assert [need.need for need in needs] == ["direct_service", "service_record"]
    assert str(needs[1].last_recorded_on) == "2022-01-01"


def test_the_hours_are_told_whichever_route_holds() -> None:
    history = someone.certified("2021-10-17").trained("2022-01-01", "30", "hour")
    result = ask(history, "talent.quality", "2023-01-01", LIAOCHENG).node.result
    assert (result.route, result.counted_hours, result.shortfall_hours) == ("certificate", "30", "90")


def test_the_hours_route_ends_by_itself_on_the_day_before_the_hours_age_out() -> None:
    answer = ask(someone.trained("2022-01-01", "120", "hour"), "talent.quality", "2023-01-01", LIAOCHENG)
    assert (answer.node.rolling, str(answer.until)) == (RollingSpan(5), "2026-12-31")
    after = ask(someone.trained("2022-01-01", "120", "hour"), "talent.quality", "2027-01-01", LIAOCHENG)
    assert after.node.status == "not_met"


def test_the_same_day_five_years_ago_is_out_unless_both_ends_count() -> None:
    answer = ask(someone.trained("2020-07-08", "120", "hour"), "talent.quality", "2025-07-08", LIAOCHENG)
    assert answer.node.status == "not_met"
    assert ("R-04", "met") in alternatives(answer)


def test_on_29_february_a_training_of_1_march_counts_unless_month_ends_are_rounded_up() -> None:
    answer = ask(someone.trained("2019-03-01", "120", "hour"), "talent.quality", "2024-02-29", LIAOCHENG)
    assert answer.node.status == "met"
    assert ("R-05", "not_met") in alternatives(answer)


def test_class_hours_that_could_be_enough_need_review_and_degrees_make_them_idle() -> None:
    history = someone.trained("2022-01-01", "120", "class_hour")
    answer = ask(history, "talent.quality", "2023-01-01", LIAOCHENG)
    assert answer.node.status == "needs_review"
    assert {("R-07", "met"), ("R-07", "not_met")} <= alternatives(answer)
    degree = educated("2018-07-01", "sociology")
    assert ask(history + degree, "talent.quality", "2023-01-01", LIAOCHENG).node.status == "met"


def test_what_is_missing_for_talent_is_named_route_by_route() -> None:
    """LC-05: a degree in one of the fields; nobody is sent for one on which a person would have to decide."""
    needs = [need.need for need in ask(someone, "talent", "2023-01-01", LIAOCHENG).would_change]
    assert needs == ["direct_service", "service_record", "certificate", "degree", "hour"]


def test_before_the_text_the_hours_are_told_and_nothing_is_judged() -> None:
    node = ask(someone.trained("2019-01-01", "120", "hour"), "talent", "2020-07-07", LIAOCHENG).node
    assert (node.status, node.result.counted_hours, node.result.route) == ("not_in_force", "120", None)


# Talent in Chuxiong: CX-01.


@pytest.mark.parametrize(
    ("history", "talent", "quality"),
    [
        (someone, "not_met", "needs_review"),
        (someone.certified("2021-10-17"), "not_met", "met"),
        (someone.employed("2021-01-01", CHUXIONG), "needs_review", "needs_review"),
        (someone.employed("2021-01-01", CHUXIONG).certified("2021-10-17"), "met", "met"),
        (
            someone.employed("2021-01-01", CHUXIONG) + educated("2018-07-01", "social_work"),
            "needs_review",
            "needs_review",
        ),
    ],
)
def test_without_a_test_of_quality_who_has_no_certificate_is_for_a_person_to_judge(
    history: Life, talent: str, quality: str
) -> None:
    assert ask(history, "talent", "2023-01-01", CHUXIONG).node.status == talent
    assert ask(history, "talent.quality", "2023-01-01", CHUXIONG).node.status == quality


# Where the text gives no rule.


@pytest.mark.parametrize(("place", "clause"), [(LIAOCHENG, "LC-14"), (CHUXIONG, "CX-17"), (FUJIAN, "FJ-14")])
def test_a_scale_still_to_be_drawn_up_is_undefined_cites_its_clause_and_tells_the_post(place: str, clause: str) -> None:
    history = someone.employed("2021-01-01", place).promoted("2022-08-01", 12, "助理社会工作师")
    node = ask(history, "grade", "2023-01-01", place).node
    assert (node.status, node.clause) == ("undefined_in_policy", clause)
    given = {name: value for name, value in plain(node.result).items() if value}
    assert given == {"recorded_post_level": 12, "post": "助理社会工作师"}


def test_an_undefined_scale_is_not_yet_in_force_before_its_text() -> None:
    assert ask(someone, "grade", "2021-01-27", FUJIAN).node.status == "not_in_force"
    assert ask(someone, "grade", "2021-01-28", FUJIAN).node.status == "undefined_in_policy"


def test_an_assessment_has_no_part_in_the_other_places() -> None:
    history = someone.employed("2021-01-01", FUJIAN).certified("2021-10-17").assessed("2021-01-01", "2025-12-31")
    assert ask(history, "allowance", "2023-01-01", FUJIAN).node.status == "eligible"
