"""Why an answer is what it is, and what would change it: every node and every need with its sentence."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs

from contracts.policies.language import Text
from contracts.policies.pinned import PinnedPack
from contracts.policies.readings import ALTERNATIVES, KNOWN_READINGS
from services.core.answers.document import answer
from services.core.questions.standing import DETERMINATIONS as ALL_DETERMINATIONS
from services.core.questions.whole import whole_answer
from services.core.rules.book import compose
from services.core.rules.verdict import Question
from services.core.words.catalogue import CHOICES, DETERMINATIONS, NEEDS, READINGS, REASONS, STATUSES
from services.core.words.sentences import measured, stands_in_words
from tests.lives import PINNED, Life, facts_of, id_of, someone, worker

CITY_WITH_ALLOWANCE, CITY_WITH_YEARLY_HOURS, CITY_WITH_ROLLING_HOURS = "510100", "410100", "371500"

WORKS_HERE = worker(CITY_WITH_ALLOWANCE)
WORKS_THERE = someone.employed("2022-06-01", CITY_WITH_YEARLY_HOURS)
CERTIFICATE = someone.certified("2021-10-17")
REGISTRATION = someone.registered("2022-05-10", "2025-05-09")
ATTESTED = someone.assessed("2024-01-01", "2029-12-31", on="2024-12-28")
ALL_CONDITIONS = WORKS_HERE + CERTIFICATE + REGISTRATION.served("2024-12-10") + ATTESTED


def asked(
    place: str,
    determination: str,
    as_of: str,
    life: Life = someone,
    *,
    period: int | None = None,
    level: Any = None,
    later: tuple[str, ...] = (),
    packs: Mapping[str, PinnedPack] = PINNED,
) -> dict[str, Any]:
    """Return the whole answer about somebody. `later` is `place@day` for each later place."""
    facts = facts_of(life)
    question = Question(determination, date.fromisoformat(as_of), period, level)
    moves = [(there, date.fromisoformat(day)) for there, _, day in (move.partition("@") for move in later)]
    return answer(
        whole_answer(compose(place, packs, ()), facts, question),
        question,
        ledger="l",
        practitioner_id="p",
        known_at_position=len(life),
        projected=False,
        place_until=moves[0][1] - timedelta(days=1) if moves else None,
        later=[
            whole_answer(compose(there, packs, ()), facts, Question(determination, day, period)) for there, day in moves
        ],
        findings=facts.findings,
    )


def needs(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what would change the answer, by need, without the sentences."""
    return {
        one["need"]: {name: value for name, value in one.items() if name not in ("need", "text")}
        for one in document["would_change"]
    }


def sentences(document: dict[str, Any]) -> list[str]:
    return [one["text"]["en"] for one in document["would_change"]]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from nodes(child)


def items(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in nodes(document["explanation"]) if "item" in node]


YEARLY = "continuing_education.annual"


def test_every_training_is_a_child_counted_or_not_and_why() -> None:
    document = asked(
        CITY_WITH_YEARLY_HOURS,
        YEARLY,
        "2023-09-30",
        WORKS_THERE.trained("2023-03-10", "20.0")
        .trained("2023-04-01", "8", subjects=["political"])
        .trained("2022-12-31", "4.5")
        .trained("2023-05-01", "6", "hour")
        .trained("2023-03-10", "20.0"),
    )
    told = [(one["item"]["days"], one["item"]["amount"], one["item"]["unit"], one["reason"]) for one in items(document)]
    assert told == [
        (["2022-12-31"], "4.5", "class_hour", "outside_window"),
        (["2023-03-10"], "20", "class_hour", None),
        (["2023-03-10"], "20", "class_hour", "duplicate"),
        (["2023-04-01"], "8", "class_hour", "not_professional_subject"),
        (["2023-05-01"], "6", "hour", "unit_not_convertible"),
    ]
    counted = [one["item"]["counted_amount"] for one in items(document)]
    assert counted == ["0", "20", "0", "0", "0"]
    assert items(document)[1]["text"]["zh"] == "2023-03-10：20学时，计入20学时"
    assert items(document)[2]["text"]["en"] == "2023-03-10: 20 class hours, not counted (recorded twice)"


def test_one_hour_is_told_as_one_and_everything_else_as_several() -> None:
    document = asked(
        CITY_WITH_YEARLY_HOURS,
        YEARLY,
        "2023-09-30",
        WORKS_THERE.trained("2023-03-10", "58.5").trained("2023-04-10", "0.5").trained("2023-05-10", "1", "day"),
    )
    assert [one["text"]["en"] for one in items(document)[1:]] == [
        "2023-04-10: 0.5 class hours, counted: 0.5 class hours",
        "2023-05-10: 1 training day, not counted (recorded in another unit, never converted)",
    ]
    assert "1 class hour by 2023-12-31" in sentences(document)
    paid = {amount: measured(amount, "CNY_per_month").en for amount in ("1", "350")}
    assert paid == {"1": "1 CNY per month", "350": "350 CNY per month"}


def test_of_sessions_across_the_edge_the_part_inside_the_window_is_told() -> None:
    sessions = [{"day": "2022-12-31", "amount": "4"}, {"day": "2023-01-01", "amount": "6"}]
    document = asked(
        CITY_WITH_YEARLY_HOURS, YEARLY, "2023-09-30", WORKS_THERE.trained("2023-01-01", "10", sessions=sessions)
    )
    (one,) = items(document)
    assert one["item"] == {
        "days": ["2022-12-31", "2023-01-01"],
        "amount": "10",
        "unit": "class_hour",
        "counted": True,
        "counted_amount": "6",
    }
    assert one["inputs"] == [id_of(2)]


def test_the_first_degree_is_told_as_an_item_of_its_own() -> None:
    """N-11: a social work degree counts 90 hours, once."""
    term = "continuing_education.registration_term"
    document = asked(CITY_WITH_ALLOWANCE, term, "2023-09-30", CERTIFICATE + REGISTRATION.graduated("2023-06-30"))
    assert [(one["rule"], one["item"]["counted_amount"]) for one in items(document)] == [("first_degree", "90")]


def test_what_is_counted_adds_up_to_the_figure_of_the_answer() -> None:
    document = asked(
        CITY_WITH_YEARLY_HOURS,
        YEARLY,
        "2023-12-31",
        WORKS_THERE.trained("2023-03-10", "20.5").trained("2023-06-15", "24"),
    )
    assert document["result"]["counted_hours"] == "44.5"
    assert sum(float(one["item"]["counted_amount"]) for one in items(document)) == 44.5


def test_the_readings_of_an_answer_are_given_in_words() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-05-10", ALL_CONDITIONS)
    assert [one["reading"] for one in document["explanation"]["readings"]] == document["readings"]
    assert all(one["text"]["zh"] and one["text"]["en"] for one in document["explanation"]["readings"])


def test_missing_hours_have_their_figure_and_the_last_day() -> None:
    """ZZ-18: "16 class hours by 2023-12-31"."""
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2023-09-30", WORKS_THERE.trained("2023-03-10", "44"))
    assert needs(document)["class_hour"] == {"amount": "16", "until": "2023-12-31"}
    assert sentences(document)[0] == "16 class hours by 2023-12-31"
    assert needs(document)["time"] == {"on": "2023-12-31", "status": "not_met", "reason": "shortfall"}


def test_after_the_window_only_what_was_completed_inside_it_changes_the_answer() -> None:
    document = asked(
        CITY_WITH_YEARLY_HOURS, YEARLY, "2024-02-01", WORKS_THERE.trained("2023-03-10", "59.5"), period=2023
    )
    assert document["status"] == "not_met"
    assert needs(document)["class_hour"] == {"amount": "0.5", "until": "2023-12-31"}
    assert "recorded late" in sentences(document)[0]


def test_hours_help_no_longer_than_the_text_is_in_force() -> None:
    pack = PINNED[CITY_WITH_YEARLY_HOURS].pack
    (edition,) = pack.editions
    ending = structs.replace(edition, in_force=structs.replace(edition.in_force, last_day=date(2023, 10, 31)))
    pinned = PinnedPack("sha256:0", structs.replace(pack, editions=(ending,)))
    document = asked(
        CITY_WITH_YEARLY_HOURS, YEARLY, "2023-09-30", WORKS_THERE, packs={**PINNED, CITY_WITH_YEARLY_HOURS: pinned}
    )
    assert needs(document)["class_hour"] == {"amount": "60", "until": "2023-10-31"}


@pytest.mark.parametrize(
    ("last_day", "opens"),
    [
        ("2025-05-09", "2025-02-10"),
        ("2025-05-31", "2025-03-01"),
        ("2024-05-30", "2024-03-01"),
        ("2025-01-31", "2024-11-01"),
    ],
)
def test_renewal_opens_in_the_last_three_months_of_the_term(last_day: str, opens: str) -> None:
    """N-07; counted backwards as R-04 counts years: the same day three months before the last one is out (R-05)."""
    granted = someone.registered("2022-05-10", last_day)
    document = asked(
        CITY_WITH_ALLOWANCE, "registration", "2024-06-01" if last_day > "2024-06" else "2024-01-01", granted
    )
    assert needs(document)["renewal"] == {"from": opens, "until": last_day}
    told = f"renewal opens {opens} and closes {last_day}; it asks for the continuing education of the term (N-07)"
    assert told in sentences(document)


def test_renewal_is_told_where_an_allowance_rests_on_the_registration() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS)
    assert document["status"] == "eligible"
    assert needs(document) == {
        "renewal": {"from": "2025-02-10", "until": "2025-05-09"},
        "time": {"on": "2025-05-10", "status": "not_eligible", "reason": "registration_lapsed"},
        "in_force": {"until": "2027-02-28"},
    }
    assert "the rule ends 2027-02-28" in sentences(document)


def test_a_registration_that_is_renewed_already_needs_no_renewal() -> None:
    renewed = REGISTRATION.registered("2025-05-10", "2028-05-09", on="2025-03-01", is_first=False)
    document = asked(CITY_WITH_ALLOWANCE, "registration", "2025-04-01", renewed)
    assert "renewal" not in needs(document)


def test_renewal_is_advised_only_where_it_would_change_the_answer() -> None:
    """CD-25: not where the role is missing all the same, nor where the text ends before the registration does."""
    roleless = ALL_CONDITIONS.without("employment.started")
    assert "renewal" not in needs(asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", roleless))
    assert "renewal" in needs(asked(CITY_WITH_ALLOWANCE, "registration", "2025-01-10", roleless))
    unattested = ALL_CONDITIONS.without("assessment.recorded")
    assert "renewal" in needs(asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", unattested))


@pytest.mark.parametrize(("last_day", "advised"), [("2027-02-27", True), ("2027-02-28", False), ("2027-05-09", False)])
def test_a_registration_that_outlasts_the_text_needs_no_renewal_for_it(last_day: str, advised: bool) -> None:
    """CD-35: the text ends on 2027-02-28."""
    granted = someone.registered("2025-01-02", last_day)
    given = ALL_CONDITIONS.but(granted)
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-06-10", given)
    assert document["status"] == "eligible"
    assert ("renewal" in needs(document)) is advised


def test_after_a_cancelled_registration_both_days_are_told_each_as_what_it_is() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "registration", "2025-01-10", REGISTRATION.registration_ended("2024-03-01"))
    assert document["result"] == {"valid_from": "2022-05-10", "valid_until": "2024-02-29"}
    assert needs(document)["registration"] == {
        "from": "2025-01-10",
        "held_until": "2024-02-29",
        "ended_on": "2024-03-01",
        "granted_until": "2025-05-09",
    }
    (sentence,) = sentences(document)
    assert (
        sentence == "a new registration, from 2025-01-10; the last one, granted until 2025-05-09, ended on 2024-03-01"
    )


def test_after_a_lapse_a_new_registration_is_needed_from_the_day_asked_about() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-05-10", ALL_CONDITIONS)
    assert needs(document)["registration"] == {"from": "2025-05-10", "held_until": "2025-05-09"}


def test_a_missing_certificate_is_told_by_the_levels_that_would_do() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", WORKS_HERE)
    assert needs(document)["certificate"]["levels"] == ["basic", "junior", "intermediate", "senior"]
    there = asked(CITY_WITH_YEARLY_HOURS, "allowance", "2025-01-10", WORKS_THERE)
    assert needs(there)["certificate"]["levels"] == ["junior", "intermediate", "senior"]


def test_where_a_higher_certificate_serves_too_it_is_told_as_that() -> None:
    """CD-19, CD-25: a post of level 10 needs the intermediate certificate or the senior one."""
    holder = WORKS_HERE.certified("2021-10-17")
    grade = asked(CITY_WITH_ALLOWANCE, "grade", "2025-01-10", holder.promoted("2022-04-01", 10))
    assert needs(grade)["certificate:intermediate"]["levels"] == ["intermediate", "senior"]
    assert sentences(grade)[0] == "a national certificate: intermediate or higher"
    assert grade["would_change"][0]["text"]["zh"] == "须取得全国证书：中级或以上"
    assert sentences(asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", WORKS_HERE))[0] == (
        "a certificate: basic or higher"
    )
    top = asked(CITY_WITH_ALLOWANCE, "grade", "2025-01-10", holder.promoted("2022-04-01", 7))
    assert sentences(top)[0] == "a national certificate: senior"


def test_an_old_service_record_is_told_by_its_day() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-12-10", ALL_CONDITIONS)
    assert needs(document)["service_record"] == {
        "from": "2025-12-10",
        "within_months": 12,
        "last_recorded_on": "2024-12-10",
    }


def test_before_a_rule_begins_its_first_day_is_told_and_after_its_end_that_it_has_ended() -> None:
    before = asked(CITY_WITH_ALLOWANCE, "allowance", "2022-02-28", WORKS_HERE)
    assert needs(before)["in_force"] == {"from": "2022-03-01"}
    after = asked(CITY_WITH_ALLOWANCE, "allowance", "2027-03-01", WORKS_HERE)
    assert needs(after)["rule"] == {"from": "2027-03-01", "ended_on": "2027-02-28"}


def test_of_a_rule_that_no_text_has_a_new_text_is_needed() -> None:
    assert list(needs(asked(CITY_WITH_ALLOWANCE, YEARLY, "2025-01-10", WORKS_HERE))) == ["rule"]


def test_needs_of_which_any_is_enough_are_told_as_that() -> None:
    """CD-29 names two grounds, LC-03 to LC-06 three routes and two ways of being engaged; CX-24 has one ground."""
    schooling = asked(CITY_WITH_ALLOWANCE, "benefit.child_education", "2025-01-10", WORKS_HERE)
    grounds = [need for need in needs(schooling) if need.startswith(("supervisor", "talent"))]
    assert len(grounds) == 2
    assert all(one.endswith(" (any one ground is enough)") for one in sentences(schooling)[:2])
    talent = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-01-10")
    ways = [one.rpartition(" (")[2] for one in sentences(talent)]
    assert ways == [
        *["any one way of being engaged is enough)"] * 2,
        *["any one route to professional quality is enough)"] * 3,
    ]
    assert "any one" not in sentences(asked("532300", "benefit.settlement", "2025-01-10"))[0]


def test_a_reason_that_only_repeats_the_status_is_not_told_twice() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "registration", "2024-01-10", REGISTRATION)
    assert needs(document)["time"]["reason"] == "registration_lapsed"
    assert sentences(document)[-1] == "if nothing new is recorded, from 2025-05-10: lapsed"


def test_who_is_not_concerned_is_told_by_what_would_concern_them() -> None:
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2023-09-30", WORKS_HERE)
    assert document["status"] == "not_applicable"
    assert needs(document)["employment"] == {"from": "2023-09-30"}


def test_what_time_does_is_what_asking_on_that_day_gives() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS)
    on = date.fromisoformat(needs(document)["time"]["on"])
    before = asked(CITY_WITH_ALLOWANCE, "allowance", str(on - timedelta(days=1)), ALL_CONDITIONS)
    then = asked(CITY_WITH_ALLOWANCE, "allowance", str(on), ALL_CONDITIONS)
    assert (before["status"], then["status"]) == ("eligible", needs(document)["time"]["status"])


SENIOR = someone.certified("2022-06-18", "senior", basis="exam_and_review")
WITHDRAWN = someone.certificate_withdrawn("2025-03-01", "senior")


def test_a_level_that_a_known_withdrawal_will_take_is_told_where_the_status_stays() -> None:
    """LC-16: without the senior certificate the intermediate one gives the title."""
    lower = someone.certified("2020-10-18", "intermediate")
    title = asked(CITY_WITH_ROLLING_HOURS, "title", "2025-01-10", lower + SENIOR + WITHDRAWN)
    assert (title["status"], title["result"]["title"]) == ("valid", "senior")
    assert needs(title)["time"] == {
        "on": "2025-03-01",
        "status": "valid",
        "reason": None,
        "result": {"title": "intermediate"},
    }
    assert sentences(title) == ["if nothing new is recorded, from 2025-03-01: title intermediate"]
    assert title["would_change"][0]["text"]["zh"] == "若无新的记录，自2025-03-01起职称级别变为中级"
    alone = asked(CITY_WITH_ROLLING_HOURS, "title", "2025-01-10", SENIOR + WITHDRAWN)
    assert needs(alone)["time"] == {"on": "2025-03-01", "status": "none", "reason": "certificate_withdrawn"}
    gone = asked(CITY_WITH_ROLLING_HOURS, "title", "2025-03-01", lower + SENIOR + WITHDRAWN)
    assert (gone["result"]["title"], gone["would_change"]) == ("intermediate", [])


def test_a_level_falls_also_for_who_moves_inside_one_city_before() -> None:
    facts = ALL_CONDITIONS + SENIOR + WITHDRAWN
    moved = asked("510107", "allowance", "2025-01-10", facts, later=("510108@2025-02-01", "510107@2025-04-01"))
    times = [(one["on"], one["status"], one.get("result")) for one in moved["would_change"] if one["need"] == "time"]
    assert times == [
        ("2025-03-01", "eligible", {"tier": "junior"}),
        ("2025-05-10", "not_eligible", None),
    ]


def test_what_will_be_missing_as_well_is_told_where_the_status_stays() -> None:
    """CD-25: who is refused for want of the registration will lack the service record, too."""
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-05-10", ALL_CONDITIONS)
    assert document["holds_until"] == "2025-12-09"
    assert needs(document)["time"] == {
        "on": "2025-12-10",
        "status": "not_eligible",
        "reason": "registration_lapsed",
        "result": {"missing": ["registration", "service_record"]},
    }
    assert "if nothing new is recorded, from 2025-12-10: registration and service record missing" in sentences(document)


def test_a_mark_that_time_takes_away_is_told_where_the_status_stays() -> None:
    """CD-19: without the senior certificate the holder exceeds the post no more."""
    life = WORKS_HERE + CERTIFICATE + SENIOR + WITHDRAWN.promoted("2022-07-01", 11)
    document = asked(CITY_WITH_ALLOWANCE, "grade", "2025-01-10", life)
    assert document["reason"] == "holder_exceeds"
    assert document["holds_until"] == "2025-02-28"
    assert needs(document)["time"] == {"on": "2025-03-01", "status": "conforming", "reason": None}
    assert "if nothing new is recorded, from 2025-03-01: still the post conforms" in sentences(document)


AGEING = someone.trained("2021-03-10", "120", "hour")
"""Reaches the figure of five years until 2026-03-09."""


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        (
            {"missing": ["certificate", "registration", "role"]},
            "缺项变为证书、登记和任职",
            "certificate, registration and role missing",
        ),
        ({"missing": []}, "缺项变为无", "nothing missing"),
        (
            {"unresolved": ["professional_role"]},
            "待审核的事项变为发挥专业作用",
            "professional role for a person to decide",
        ),
        (
            {"tier": "senior", "amount": "500"},
            "档次变为高级，金额变为500元/月",
            "tier senior, amount 500 CNY per month",
        ),
        ({"tier": None}, "档次变为无", "tier none"),
    ],
)
def test_what_time_changes_while_the_status_stays_is_told_in_words(changed: dict[str, Any], zh: str, en: str) -> None:
    assert stands_in_words(changed, "CNY_per_month") == Text(zh=zh, en=en)


def test_hours_that_leave_a_rolling_window_are_told_with_what_would_keep_the_status() -> None:
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", WORKS_THERE + AGEING)
    assert document["result"]["route"] == "hours"
    assert needs(document)["time"] == {
        "on": "2026-03-10",
        "status": "not_met",
        "reason": "no_professional_quality",
        "amount": "120",
        "unit": "hour",
    }
    assert any("another 120 hours by then would prevent it" in one for one in sentences(document))


def test_hours_that_leave_the_window_are_told_also_where_another_route_holds() -> None:
    """LC-06: with the certificate the talent stays, and fewer hours are counted."""
    given = WORKS_THERE + CERTIFICATE + AGEING.trained("2022-03-10", "8", "hour")
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", given)
    assert document["holds_until"] == "2026-03-09"
    assert needs(document)["time"] == {
        "on": "2026-03-10",
        "status": "met",
        "reason": None,
        "result": {"counted_hours": "8"},
    }
    assert sentences(document) == ["if nothing new is recorded, from 2026-03-10: 8 hours counted"]


@pytest.mark.parametrize("hours", ["120", "40"])
def test_hours_keep_no_status_that_turns_because_the_engagement_ends(hours: str) -> None:
    life = (
        someone.employed("2022-06-01", CITY_WITH_YEARLY_HOURS, direct_service=False)
        .served("2025-04-01")
        .graduated("2019-06-30")
        .trained("2021-03-10", hours, "hour")
    )
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", life)
    assert needs(document)["time"] == {"on": "2026-04-01", "status": "not_met", "reason": "not_engaged"}
    assert not any("would prevent it" in one for one in sentences(document))


def test_a_rolling_window_is_told_without_a_deadline() -> None:
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", WORKS_THERE)
    (hours,) = [node for node in nodes(document["explanation"]) if node["rule"] == "hours"]
    assert (hours["status"], hours["reason"]) == ("not_met", "shortfall_of_last_years")
    assert REASONS["shortfall_of_last_years"] == ("近年时数不足", "not enough hours in the last years")


def test_who_waits_for_a_person_is_told_first_what_that_person_decides() -> None:
    life = WORKS_THERE.graduated("2018-07-01", "college", "other").trained("2024-03-10", "120")
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", life)
    assert document["status"] == "needs_review"
    assert sentences(document)[:2] == [
        "the registrar must decide whether the field of study is a related one (LC-05)",
        "a person must decide how training recorded in another unit counts (LC-06, R-07)",
    ]
    assert [one["reason"] for one in document["would_change"][:2]] == ["field_not_listed", "unit_not_convertible"]


def test_hours_in_another_unit_are_for_a_person_before_more_hours_are_advised() -> None:
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2023-09-30", WORKS_THERE.trained("2023-03-10", "60", "hour"))
    assert document["status"] == "needs_review"
    assert [one["need"] for one in document["would_change"]][:2] == ["review", "class_hour"]
    assert "R-07" in sentences(document)[0]


HIGH_LEVEL = someone.talent_designated("2023-05-01", "high_level")
RECOGNIZED = someone.qualification_recognized("2023-05-01", "intermediate", "350000")
LATE = someone.senior_proof_issued("2021-06-01", "2024-05-31").senior_review_decided("2024-09-01", "2024-03-01")
DENIED = someone.assessed("2024-01-01", "2029-12-31", on="2024-12-29", professional_role=False)


@pytest.mark.parametrize(
    ("determination", "place", "given", "decision"),
    [
        (
            "talent.quality",
            "532300",
            someone,
            "the registrar must decide whether the required knowledge and skill are there",
        ),
        ("allowance", "350000", RECOGNIZED, "whether the recognized qualification amounts to passing the exam"),
        ("reward.new_talent", CITY_WITH_ALLOWANCE, HIGH_LEVEL, "covered by “and the like” (CD-30)"),
        ("reward.exam", "532300", CERTIFICATE, "a local standard on record that rewards the level held"),
        ("benefit.apartment", CITY_WITH_ALLOWANCE, someone, "by the conditions of the other documents (CD-24)"),
        ("certificate.senior_route", CITY_WITH_ALLOWANCE, LATE, "applied for in time and decided late counts (N-05)"),
        (
            "allowance",
            CITY_WITH_ALLOWANCE,
            ALL_CONDITIONS[1:] + DENIED,
            "which of the contradicting assessments holds",
        ),
    ],
)
def test_every_answer_that_waits_for_a_person_names_the_decision(
    determination: str, place: str, given: Life, decision: str
) -> None:
    document = asked(place, determination, "2025-01-10", worker(place) + given)
    assert document["status"] == "needs_review"
    assert decision in sentences(document)[0]
    assert sum(one["need"] == "review" for one in document["would_change"]) == 1


def test_against_a_denial_another_attestation_is_not_advised() -> None:
    """R-15: a second assessment would contradict the first, and a person would have to decide."""
    denied = ALL_CONDITIONS.but(DENIED)
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", denied)
    assert document["status"] == "not_eligible"
    assert sentences(document)[0].endswith("denies the professional role would have to be corrected or voided")


def test_the_first_pass_proof_is_not_called_a_new_one() -> None:
    route = "certificate.senior_route"
    assert sentences(asked(CITY_WITH_ALLOWANCE, route, "2025-01-10")) == ["a pass proof"]
    assert sentences(asked(CITY_WITH_ALLOWANCE, route, "2025-01-10", LATE[:1])) == ["a new pass proof"]


def test_nobody_must_decide_where_the_answer_is_plain() -> None:
    life = WORKS_THERE.trained("2024-03-10", "8")
    assert "review" not in needs(asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", life))


def test_who_goes_where_other_rules_hold_is_told_what_those_give() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2025-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS, later=(move,))
    then = asked(CITY_WITH_YEARLY_HOURS, "allowance", "2025-04-01", ALL_CONDITIONS)
    assert needs(document)["place"] == {
        "until": "2025-03-31",
        "on": "2025-04-01",
        "status": then["status"],
        "reason": then["reason"],
    }
    assert "time" not in needs(document)


def test_who_goes_from_one_text_without_the_rule_to_another_is_told_nothing_of_it() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2025-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "title", "2025-01-10", ALL_CONDITIONS, later=(move,))
    assert list(needs(document)) == ["rule"]
    there = f"{CITY_WITH_ROLLING_HOURS}@2025-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "title", "2025-01-10", ALL_CONDITIONS, later=(there,))
    assert needs(document)["place"]["status"] == "valid"


def test_where_the_same_rules_go_on_after_a_job_ends_the_status_is_told_and_no_other_rules() -> None:
    document = asked(
        CITY_WITH_ALLOWANCE,
        "allowance",
        "2025-01-10",
        ALL_CONDITIONS.left("2025-01-31", employment=1),
        later=(f"{CITY_WITH_ALLOWANCE}@2025-02-01",),
    )
    assert "if nothing new is recorded, from 2025-02-01: not eligible (no employment within the scope)" in sentences(
        document
    )
    assert "place" not in needs(document)


def test_a_move_inside_one_city_leaves_what_time_does_as_it_is() -> None:
    moved = asked("510107", "allowance", "2025-01-10", ALL_CONDITIONS, later=("510108@2025-02-01", "510107@2025-03-01"))
    stayed = asked("510107", "allowance", "2025-01-10", ALL_CONDITIONS)
    assert needs(moved)["time"]["on"] == "2025-05-10"
    assert needs(moved) == needs(stayed)


def test_national_rules_go_on_wherever_the_person_goes() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2025-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "registration", "2025-01-10", ALL_CONDITIONS, later=(move,))
    assert needs(document)["time"] == {"on": "2025-05-10", "status": "lapsed", "reason": "registration_lapsed"}
    assert "place" not in needs(document)


def test_what_turns_before_the_place_changes_is_told_first() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2026-04-01"
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS, later=(move,))
    assert needs(document)["time"]["on"] == "2025-05-10"
    assert "place" not in needs(document)


def test_an_answer_stands_over_days_on_which_something_might_happen_and_nothing_does() -> None:
    """N-10: hours that are reached stay reached when the term ends."""
    term = "continuing_education.registration_term"
    document = asked(
        CITY_WITH_ALLOWANCE,
        term,
        "2024-01-10",
        CERTIFICATE + REGISTRATION.trained("2023-03-10", "72", "hour"),
    )
    assert document["status"] == "met"
    assert (document["holds_until"], document["next_change_on"]) == (None, None)
    short = asked(
        CITY_WITH_ALLOWANCE,
        term,
        "2024-01-10",
        CERTIFICATE + REGISTRATION.trained("2023-03-10", "71", "hour"),
    )
    assert (short["holds_until"], short["next_change_on"]) == ("2025-05-08", "2025-05-09")


def test_every_code_that_an_answer_may_show_has_words() -> None:
    assert set(READINGS) == KNOWN_READINGS
    assert set(CHOICES) >= {choice for choices in ALTERNATIVES.values() for choice in choices}
    assert set(DETERMINATIONS) == set(ALL_DETERMINATIONS)
    tables = (STATUSES, REASONS, READINGS, CHOICES, DETERMINATIONS)
    assert all(zh and en and zh != en for table in tables for zh, en in table.values())
    assert all(text.zh and text.en for text in NEEDS.values())


# What an answer that says no rests on, and what it is no use to do.


def rested_on(document: dict[str, Any]) -> list[int]:
    return [one["position"] for one in document["evidence"]]


def test_where_a_certificate_was_withdrawn_the_answer_rests_on_that() -> None:
    for determination in ("certificate", "title", "allowance"):
        document = asked(CITY_WITH_ROLLING_HOURS, determination, "2025-03-01", SENIOR + WITHDRAWN)
        assert rested_on(document) == [1, 2], determination
    assert asked("100000", "certificate", "2025-03-01", SENIOR + WITHDRAWN)["reason"] == "certificate_withdrawn"
    assert asked("100000", "certificate", "2022-06-17", SENIOR + WITHDRAWN)["reason"] == "no_certificate"


def test_a_job_that_does_not_fit_is_told_with_its_record() -> None:
    elsewhere = ALL_CONDITIONS.but(someone.employed("2021-01-01", CITY_WITH_ALLOWANCE, role="other"))
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", elsewhere)
    assert (document["reason"], rested_on(document)[0]) == ("no_fitting_employment", 1)


def test_a_title_conferred_before_the_text_is_told_as_that() -> None:
    """R-23: the title is there, and it is not newly obtained."""
    early = someone.talent_designated("2021-05-01", "national_leading")
    document = asked(CITY_WITH_ALLOWANCE, "reward.new_talent", "2023-06-01", early)
    grounds = {node["rule"]: (node["reason"], node["inputs"]) for node in document["explanation"]["children"]}
    assert grounds["talent:national_leading"] == ("conferred_on_another_day", [id_of(1)])
    assert document["reason"] == "no_ground_holds"


def test_a_grade_rests_on_the_appointment_that_conforms_too() -> None:
    """R-19."""
    life = WORKS_THERE.certified("2022-06-18").promoted("2023-11-01", 13).promoted("2024-03-01", 8)
    document = asked(CITY_WITH_YEARLY_HOURS, "grade", "2024-06-30", life)
    assert (document["status"], document["result"]["conforming_post_level"]) == ("not_conforming", 13)
    assert rested_on(document) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("place", "determination", "reason"),
    [
        ("371500", "grade", "no_standard_in_the_text"),
        ("371500", "technical_staff", "no_such_rule"),
        ("110101", "allowance", "no_text_known"),
    ],
)
def test_why_there_is_no_rule_to_go_by_is_told_apart(place: str, determination: str, reason: str) -> None:
    """A text that leaves the matter open (LC-14), one that does not speak of it, a place whose text is not known."""
    document = asked(place, determination, "2025-01-10")
    assert (document["status"], document["reason"]) == ("undefined_in_policy", reason)


def test_once_its_day_has_passed_only_that_day_makes_a_rule_apply() -> None:
    """ZZ-18: who did not work in the city at the end of 2023 is not concerned by that year, whatever is begun later."""
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2024-03-01", someone.trained("2023-03-10", "60"), period=2023)
    assert document["status"] == "not_applicable"
    assert needs(document) == {"facts": {"on": "2023-12-31"}}
    assert list(needs(asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2024-03-01"))) == ["employment"]


def test_a_figure_that_a_certificate_to_come_will_raise_is_told() -> None:
    """N-10: from the intermediate certificate on the term asks for 90 hours."""
    life = someone.certified("2020-06-18").certified("2023-10-21", "intermediate") + REGISTRATION
    document = asked("100000", "continuing_education.registration_term", "2023-09-01", life)
    assert "if nothing new is recorded, from 2023-10-21: hours required: 90" in sentences(document)


def test_no_renewal_is_advised_that_opens_when_other_rules_answer() -> None:
    move = f"{CITY_WITH_YEARLY_HOURS}@2025-02-01"
    assert "renewal" not in needs(asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS, later=(move,)))
    later_move = f"{CITY_WITH_YEARLY_HOURS}@2025-03-01"
    kept = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", ALL_CONDITIONS, later=(later_move,))
    assert needs(kept)["renewal"]["from"] == "2025-02-10"


def test_exam_subjects_are_advised_by_the_years_that_still_count() -> None:
    """N-03: two consecutive years; a pass of the year before waits until the end of this one, an older one no more."""

    def advised(as_of: str, life: Life) -> dict[str, str | None]:
        document = asked("100000", "exam.complete", as_of, life, level="intermediate")
        return {one["need"].partition(":")[2]: one.get("until") for one in document["would_change"]}

    older = someone.passed("2022-06-18", "comprehensive", "intermediate", score="70")
    assert advised("2023-12-31", older) == {"practice": "2023-12-31", "law_and_policy": "2023-12-31"}
    newer = older.passed("2023-06-18", "practice", "intermediate", score="70")
    assert set(advised("2024-01-01", older)) == {"comprehensive", "practice", "law_and_policy"}
    assert advised("2024-01-01", newer) == dict.fromkeys(("comprehensive", "law_and_policy"), "2024-12-31")


def test_on_the_day_of_an_end_a_new_registration_is_advised_from_the_next() -> None:
    ended = REGISTRATION.registration_ended("2025-03-01")
    assert needs(asked("100000", "registration", "2025-03-01", ended))["registration"]["from"] == "2025-03-02"
    assert needs(asked("100000", "registration", "2025-03-09", ended))["registration"]["from"] == "2025-03-09"


def test_a_term_of_hours_needs_a_registration_and_a_certificate() -> None:
    """N-10."""
    term = "continuing_education.registration_term"
    assert list(needs(asked("100000", term, "2025-01-10"))) == ["registration", "certificate"]
    assert list(needs(asked("100000", term, "2025-01-10", REGISTRATION))) == ["certificate"]
    assert list(needs(asked("100000", term, "2025-01-10", CERTIFICATE))) == ["registration"]


def test_of_a_rule_that_a_text_never_had_neither_begin_nor_end_is_told() -> None:
    for day in ("2021-01-01", "2027-03-05"):
        document = asked(CITY_WITH_ALLOWANCE, "title", day)
        assert (document["status"], next(iter(needs(document)))) == ("not_in_force", "rule")
        assert "in_force" not in needs(document)
