"""Indicators: who is counted, on which day, and whether the figure reaches the target."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pytest

from contracts.document import plain
from contracts.policies.packs import PinnedPack
from services.core.questions.count import (
    Classification,
    DatedIndicator,
    classify,
    classify_unreadable,
    figure,
    indicators_of,
    share,
)
from services.core.questions.judge import Unreadable, answer_each
from services.core.questions.whatif import Person
from services.core.rules.rulebook import Rulebook
from tests.documents import document_of, pack_with, text_with
from tests.lives import CHENGDU, NATION, PINNED, ZHENGZHOU, Life, recorded, someone

CHUXIONG, FUJIAN = "532300", "350000"
NOBODY = someone
RULEBOOK = Rulebook(NATION, PINNED, ())


def indicator_on(id_: str, as_of: str, packs: Sequence[PinnedPack] = tuple(PINNED.values())) -> DatedIndicator:
    [indicator] = [dated for dated in indicators_of(packs, date.fromisoformat(as_of)) if dated.id == id_]
    return indicator


def classified(dated: DatedIndicator, *people: Life) -> Counter[Classification]:
    """Return how the people of a national ledger count, each judged by the rules of their own place."""
    classes: Counter[Classification] = Counter()
    names = (str(dated.indicator.determination), *dated.indicator.provided)
    here, day, told = dated.pinned.pack.jurisdiction, dated.decided_on, [Person("P", recorded(life)) for life in people]
    for answers in answer_each(told, RULEBOOK, names, day, here, dated.looks_back):
        if answers is not None:
            assert not isinstance(answers, Unreadable)
            result, *provided = (plain(answer.node.result) for answer in answers)
            classes[classify(dated.indicator, answers[0].node.status, result, provided)] += 1
    return classes


def count(id_: str, as_of: str, *people: Life) -> dict[str, Any]:
    dated = indicator_on(id_, as_of)
    return figure(dated, classified(dated, *people))


def holder(on: str, place: str, level: str = "junior", **data: Any) -> Life:
    return someone.employed("2020-01-01", place, **data).certified(on, level)


def with_target(id_: str, as_of: str, target: int) -> DatedIndicator:
    """Return an indicator with a target small enough for a test."""
    dated = indicator_on(id_, as_of)
    return msgspec.structs.replace(dated, indicator=msgspec.structs.replace(dated.indicator, target=target))


# Who counts.


def test_nobody_outside_the_place_is_counted_and_everybody_in_its_districts_is() -> None:
    """CD-02: 全市."""
    report = count("I-07", "2024-06-30", holder("2023-01-01", "510107"), holder("2023-01-01", ZHENGZHOU), NOBODY)
    assert (report["counted"], report["not_counted"], report["statuses"]) == (1, 0, {"valid": 1})


def test_who_moved_away_before_the_day_is_counted_where_they_went() -> None:
    moved = holder("2023-01-01", CHENGDU).employed("2024-01-01", "410103")
    assert [count(id_, "2023-12-31", moved)["counted"] for id_ in ("I-07", "I-11")] == [1, 0]
    assert [count(id_, "2024-01-01", moved)["counted"] for id_ in ("I-07", "I-11")] == [0, 1]


def test_a_person_with_two_certificates_is_counted_once_by_the_higher() -> None:
    report = count("I-07", "2024-06-30", holder("2021-01-01", CHENGDU).certified("2023-01-01", "senior"))
    assert (report["counted"], report["by"]) == (1, {"level": {"senior": 1}})


def test_those_on_whom_a_person_must_decide_are_told_apart() -> None:
    """CX-01: who provides service directly without a national certificate is for the registrar to decide."""
    engaged = someone.employed("2022-01-01", CHUXIONG)
    idle = someone.employed("2022-01-01", CHUXIONG, direct_service=False)
    report = count("I-01", "2024-06-30", engaged, idle, holder("2022-01-01", CHUXIONG))
    assert (report["counted"], report["open"], report["not_counted"]) == (1, 1, 1)


def test_whom_the_rule_does_not_concern_is_no_part_of_a_share() -> None:
    """CX-08 names communities, public institutions and charities; an enterprise is none of them."""
    report = count(
        "I-06",
        "2025-12-31",
        someone.employed("2022-01-01", CHUXIONG).trained("2023-05-01", "160", "hour"),
        someone.employed("2022-01-01", CHUXIONG),
        someone.employed("2022-01-01", CHUXIONG, employer_type="enterprise").trained("2023-05-01", "160", "hour"),
    )
    assert (report["counted"], report["not_counted"], report["of"], report["share"]) == (1, 1, 2, "0.5000")
    assert report["excluded"] == {"not_applicable": 1}


CHUXIONG_COUNTY, CHENGDU_DISTRICT, ZHENGZHOU_DISTRICT = "532301", "510107", "410103"


def test_who_left_within_the_plan_is_counted_wherever_they_are_now() -> None:
    """CX-08, R-37: with the hours they met it, without them a person must decide; neither is lost to the share."""
    worked = someone.employed("2021-01-01", CHUXIONG_COUNTY).left("2024-06-30")
    with_hours = worked.trained("2022-05-01", "160", "hour")
    for life in (with_hours, with_hours.enrolled("2024-07-01", jurisdiction=CHENGDU_DISTRICT)):
        elsewhere = life.employed("2024-07-01", CHENGDU_DISTRICT)
        for gone in (life, elsewhere):
            report = count("I-06", "2026-11-29", gone)
            assert (report["counted"], report["of"], report["excluded"]) == (1, 1, {})
    short = count("I-06", "2026-11-29", worked.employed("2024-07-01", CHENGDU_DISTRICT))
    assert (short["counted"], short["open"], short["of"]) == (0, 1, 1)


def test_who_left_within_the_year_is_counted_in_that_year_alone() -> None:
    """ZZ-18, R-37."""
    moved = (
        someone.employed("2023-01-01", ZHENGZHOU_DISTRICT)
        .trained("2024-02-01", "60")
        .employed("2024-07-01", CHENGDU_DISTRICT)
    )
    assert [count("I-17", day, moved)["of"] for day in ("2023-12-31", "2024-06-30", "2024-12-31")] == [1, 1, 1]
    assert [count("I-17", day, moved)["counted"] for day in ("2024-06-30", "2024-12-31")] == [1, 1]
    assert count("I-17", "2025-12-31", moved)["statuses"] == {}


def test_who_works_here_beside_their_main_work_elsewhere_is_counted_here() -> None:
    both = someone.employed("2023-01-01", CHENGDU_DISTRICT).employed("2023-01-02", ZHENGZHOU_DISTRICT, concurrent=True)
    report = count("I-17", "2024-12-31", both.trained("2024-02-01", "60"))
    assert (report["counted"], report["of"]) == (1, 1)


def test_who_left_before_the_plan_or_never_did_such_work_here_is_no_part() -> None:
    early = someone.employed("2020-01-01", CHUXIONG_COUNTY).left("2020-12-31").employed("2021-01-01", CHENGDU_DISTRICT)
    firm = someone.employed("2022-01-01", CHUXIONG_COUNTY, employer_type="enterprise").employed("2023-01-01", "510107")
    for life in (early, firm, someone.employed("2021-01-01", CHENGDU_DISTRICT)):
        report = count("I-06", "2026-11-29", life.trained("2022-05-01", "160", "hour"))
        assert (report["of"], report["excluded"], report["statuses"]) == (0, {}, {})


def test_only_hours_of_a_window_are_asked_of_who_has_gone() -> None:
    assert {dated.id for dated in indicators_of(PINNED.values(), date(2025, 12, 31)) if dated.looks_back} == {
        "I-06",
        "I-17",
    }


def test_the_share_of_community_workers_leaves_out_who_is_none() -> None:
    """FJ-11: 提高城乡社区工作者持有专业证书比例."""
    report = count(
        "I-25",
        "2023-06-30",
        holder("2022-01-01", "350102"),
        someone.employed("2020-01-01", "350102"),
        someone.employed("2020-01-01", "350102"),
        holder("2022-01-01", "350102", role="social_worker"),
    )
    assert (report["counted"], report["of"], report["share"]) == (1, 3, "0.3333")
    assert report["excluded"] == {"lacks_role": 1}


def test_each_calendar_year_counts_for_itself() -> None:
    """ZZ-18, R-06: 60 class hours in 2023, none in 2024."""
    person = someone.employed("2022-01-01", ZHENGZHOU).trained("2023-05-01", "60")
    assert [count("I-17", day, person)["counted"] for day in ("2023-12-31", "2024-12-31")] == [1, 0]
    assert [indicator_on("I-17", day).deadline for day in ("2023-12-31", "2024-01-01")] == [
        date(2023, 12, 31),
        date(2024, 12, 31),
    ]


def test_before_its_text_is_in_force_nobody_is_part_of_a_figure() -> None:
    report = count("I-11", "2022-02-08", holder("2021-01-01", ZHENGZHOU))
    assert (report["counted"], report["excluded"], report["status"]) == (0, {"not_in_force": 1}, "not_in_force")


def test_who_cannot_be_judged_is_open() -> None:
    report = figure(indicator_on("I-07", "2024-06-30"), Counter({classify_unreadable(): 2}))
    assert (report["open"], report["counted"], report["statuses"]) == (2, 0, {})


def test_holders_are_counted_among_the_talent_of_whom_they_are_a_part() -> None:
    """CX-03: 其中. A holder who is not engaged is no talent, and who only serves holds nothing; neither is a holder."""
    engaged = holder("2022-01-01", CHUXIONG)
    people = (
        engaged,
        holder("2022-01-01", CHUXIONG, direct_service=False),
        someone.employed("2022-01-01", CHUXIONG),
        someone.enrolled(jurisdiction=CHUXIONG).certified("2021-10-18"),
    )
    talent, holders = (count(id_, "2024-06-30", *people) for id_ in ("I-01", "I-02"))
    assert (holders["counted"], holders["open"], holders["not_counted"]) == (1, 0, 3)
    assert holders["counted"] <= talent["counted"]


def test_a_holder_on_whom_a_person_must_decide_as_talent_is_open() -> None:
    dated = indicator_on("I-02", "2024-06-30")
    asked = [classify(dated.indicator, "needs_review", {"route": route}).counted_as for route in ("certificate", None)]
    assert asked == ["open", "not_counted"]


# Which day, and the target.


def test_the_figure_is_that_of_the_deadline_however_much_later_it_is_asked_for() -> None:
    """CD-02, R-25: 到2025年 is 31 December 2025. Who obtains the certificate the day after came too late."""
    people = holder("2025-12-31", CHENGDU), holder("2026-01-01", CHENGDU)
    days = [indicator_on("I-07", day).decided_on.isoformat() for day in ("2025-12-30", "2025-12-31", "2026-11-22")]
    assert days == ["2025-12-30", "2025-12-31", "2025-12-31"]
    assert [count("I-07", day, *people)["counted"] for day in ("2025-12-30", "2025-12-31", "2026-11-22")] == [0, 1, 1]


def test_a_figure_is_final_from_the_deadline_on() -> None:
    assert [indicator_on("I-07", day).final for day in ("2025-12-30", "2025-12-31", "2026-01-01")] == [
        False,
        True,
        True,
    ]
    assert [indicator_on("I-19", day).final for day in ("2025-12-31", "2199-12-31")] == [False, False]


@pytest.mark.parametrize(
    ("as_of", "target", "status"),
    [
        ("2025-12-30", 1, "met"),
        ("2025-12-30", 2, "pending"),
        ("2025-12-31", 1, "met"),
        ("2025-12-31", 2, "needs_review"),
        ("2026-11-22", 3, "not_met"),
    ],
)
def test_a_target_is_pending_before_its_deadline_and_then_met_or_not_or_for_a_person_to_judge(
    as_of: str, target: int, status: str
) -> None:
    """One counts and one is open: the open one could lift the figure to 2, and never to 3."""
    dated = with_target("I-01", as_of, target)
    people = holder("2022-01-01", CHUXIONG), someone.employed("2022-01-01", CHUXIONG)
    assert figure(dated, classified(dated, *people))["status"] == status


@pytest.mark.parametrize(("id_", "place"), [("I-11", ZHENGZHOU), ("I-20", FUJIAN)])
@pytest.mark.parametrize(
    ("as_of", "target", "status"),
    [("2025-12-30", 2, "pending"), ("2025-12-31", 1, "met"), ("2025-12-31", 2, "needs_review")],
)
def test_a_figure_that_only_bounds_the_truth_from_below_never_misses_its_target(
    id_: str, place: str, as_of: str, target: int, status: str
) -> None:
    """ZZ-02 and FJ-02 do not say who is talent: there may be more than the holders."""
    dated = with_target(id_, as_of, target)
    assert figure(dated, classified(dated, holder("2023-01-01", place)))["status"] == status


def test_social_work_posts_are_counted_by_those_who_hold_them() -> None:
    """ZZ-02: 岗位. Vacant posts are not on record, so too few held is for a person to judge."""
    post = someone.employed("2022-01-01", "410103")
    people = post.promoted("2023-01-01"), post.promoted("2023-01-01").certified("2021-10-18"), post
    report = count("I-12", "2025-12-31", *people)
    assert (report["counted"], report["status"]) == (2, "needs_review")


@pytest.mark.parametrize("id_", ["I-06", "I-17", "I-19", "I-25"])
def test_where_the_text_names_no_number_of_people_none_is_reached_or_missed(id_: str) -> None:
    assert count(id_, "2026-01-01")["status"] is None


def test_holders_are_told_with_the_basic_level_and_without_it() -> None:
    """R-24: the text uses 持有职业水平证书 in both senses."""
    dated = with_target("I-07", "2025-12-31", 2)
    people = holder("2023-01-01", CHENGDU, "basic"), holder("2023-01-01", CHENGDU, "intermediate")
    report = figure(dated, classified(dated, *people))
    assert (report["counted"], report["status"]) == (2, "met")
    assert report["without"] == {"level": ["basic"], "counted": 1, "status": "not_met"}
    assert report["by"] == {"level": {"basic": 1, "intermediate": 1}}


@pytest.mark.parametrize(
    ("level", "valid_in", "counted", "open_"),
    [
        ("junior", CHENGDU, 1, 0),
        ("junior", "410100", 0, 0),
        ("junior", None, 0, 1),
        ("basic", "410100", 0, 0),
        ("basic", None, 1, 0),
    ],
)
def test_a_local_certificate_counts_where_it_holds(level: str, valid_in: str | None, counted: int, open_: int) -> None:
    """R-35: a figure reads a certificate as the allowance of its place does."""
    place = {"valid_in": valid_in} if valid_in else {}
    person = someone.employed("2020-01-01", "510107").certified("2021-10-17", level, scope="local", **place)
    report = count("I-07", "2025-12-31", person)
    assert (report["counted"], report["open"]) == (counted, open_)


def test_a_share_is_rounded_down_and_of_nobody_there_is_none() -> None:
    assert [share(2, 3), share(3, 3), share(0, 7), share(99_999, 100_000)] == ["0.6666", "1.0000", "0.0000", "0.9999"]
    assert (count("I-17", "2024-12-31")["of"], count("I-17", "2024-12-31")["share"]) == (0, None)


def test_who_left_their_job_stays_where_the_ledger_is() -> None:
    """Without employment and enrolment a person's place is the ledger's: here the nation, which is no city."""
    gone = holder("2023-01-01", CHENGDU).left("2024-01-31")
    assert [count("I-07", day, gone)["counted"] for day in ("2024-01-31", "2024-02-01")] == [1, 0]


def test_a_later_edition_asks_for_its_own_figure_from_its_first_day_on() -> None:
    document = document_of(CHENGDU)
    newer = msgspec.json.decode(msgspec.json.encode(text_with(document, "I-07")))
    newer |= {"edition": "2027-03-01", "in_force": {"first_day": "2027-03-01"}}
    newer["indicators"]["I-07"] |= {"target": 50_000, "deadline": "2030-12-31"}
    pinned = pack_with(CHENGDU, newer, *document["editions"])
    targets = {
        day: indicator_on("I-07", day, [pinned]).indicator.target for day in ("2026-11-22", "2027-02-28", "2027-03-01")
    }
    assert targets == {"2026-11-22": 35_000, "2027-02-28": 35_000, "2027-03-01": 50_000}
