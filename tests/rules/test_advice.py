"""What would change an answer: each need with its figures and days, and its sentence."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from contracts.policies.packs import PinnedPack
from services.core.questions.whole import whole_answer
from services.core.rules.book import compose
from services.core.rules.needs import ServiceRecordsNeed
from services.core.rules.verdict import Question
from services.core.words.advice import advice_in_words
from tests.documents import Document, invented_rule, invented_text, pack_with, text_of
from tests.explaining import (
    ALL_CONDITIONS,
    CERTIFICATE,
    CITY_WITH_ALLOWANCE,
    CITY_WITH_ROLLING_HOURS,
    CITY_WITH_YEARLY_HOURS,
    REGISTRATION,
    WORKS_HERE,
    WORKS_THERE,
    YEARLY,
    asked,
    needs,
    sentences,
)
from tests.lives import CHENGDU_WORKER, PINNED, Life, facts_of, someone, worker


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
    place = CITY_WITH_YEARLY_HOURS
    ending = pack_with(place, text_of(place, "2022-02-09", "2023-10-31"))
    document = asked(place, YEARLY, "2023-09-30", WORKS_THERE, packs={**PINNED, place: ending})
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
    granted = CERTIFICATE.registered("2022-05-10", last_day)
    document = asked(
        CITY_WITH_ALLOWANCE, "registration", "2024-06-01" if last_day > "2024-06" else "2024-01-01", granted
    )
    assert needs(document)["renewal"] == {"from": opens, "until": last_day}
    sentence = f"renewal opens {opens} and closes {last_day}; it requires the continuing education of the term (N-07)"
    assert sentence in sentences(document)


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


def test_after_a_lapse_the_registration_is_missing_from_the_day_asked_about() -> None:
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
    top = asked(CITY_WITH_ALLOWANCE, "grade", "2025-01-10", holder.promoted("2022-04-01", 7))
    assert sentences(top)[0] == "a national certificate: senior"


@pytest.mark.parametrize("level", ["basic", "junior"])
def test_where_a_certificate_valid_elsewhere_is_not_enough_the_sentence_says_which_one_is(level: str) -> None:
    """R-35, CD-25: a certificate of the level is held, but it is neither national nor valid in the city."""
    elsewhere = WORKS_HERE.certified("2021-10-17", level, scope="local", valid_in="540000")
    for life in (elsewhere, WORKS_HERE):
        document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", life)
        assert document["would_change"][0]["text"] == {
            "zh": "须取得全国证书或在本地有效的证书：员级或以上",
            "en": "a certificate that is national or valid in this place: basic or higher",
        }


@pytest.mark.parametrize("place", [CITY_WITH_ALLOWANCE, CITY_WITH_ROLLING_HOURS])
def test_a_registration_of_a_certificate_that_is_not_enough_is_no_advice(place: str) -> None:
    """CD-25, LC-24 ask that the certificate be registered: first there must be one."""
    elsewhere = someone.employed("2021-01-01", place, role="full_time_community_worker").certified(
        "2021-10-17", scope="local", valid_in="540000"
    )
    document = asked(place, "allowance", "2025-01-10", elsewhere)
    assert document["result"]["missing"][:2] == ["certificate", "registration"]
    assert "certificate" in needs(document)
    assert "registration" not in needs(document)


def test_an_old_service_record_is_told_by_its_day() -> None:
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-12-10", ALL_CONDITIONS)
    assert needs(document)["service_record"] == {
        "from": "2025-12-10",
        "within_months": 12,
        "last_recorded_on": "2024-12-10",
    }


def requiring_records(at_least: int) -> Mapping[str, PinnedPack]:
    """Return the packs with an allowance in Chengdu that requires so many service records within twelve months."""
    text = text_of(CITY_WITH_ALLOWANCE, "2022-03-01", "2027-02-28")
    for part in text["rules"]["allowance"]["payment"]["requires"]["all_of"]:
        if "service_record" in part:
            part["service_record"] = {"served": {"within_months": 12, "at_least": at_least, "verified": True}}
    return {**PINNED, CITY_WITH_ALLOWANCE: pack_with(CITY_WITH_ALLOWANCE, text)}


@pytest.mark.parametrize(
    ("on", "reason", "counted"),
    [
        ("2024-12-09", "no_recent_service_record", 0),
        ("2024-12-10", "too_few_service_records", 1),
        ("2025-02-01", "too_few_service_records", 2),
        ("2025-12-09", "too_few_service_records", 2),
        ("2025-12-10", "too_few_service_records", 1),
        ("2026-02-01", "no_recent_service_record", 0),
    ],
)
def test_where_several_service_records_are_required_it_is_told_how_many_count(
    on: str, reason: str, counted: int
) -> None:
    rules = compose("510107", requiring_records(3), ())
    answer = whole_answer(
        rules, facts_of(CHENGDU_WORKER.served("2025-02-01")), Question("allowance", date.fromisoformat(on))
    )
    [record] = [child for child in answer.node.children if child.rule == "service_record"]
    assert (record.status, record.reason) == ("not_met", reason)
    [need] = [entry for entry in answer.would_change if isinstance(entry, ServiceRecordsNeed)]
    assert (need.need, need.at_least, need.counted) == ("service_record", 3, counted)
    assert advice_in_words("allowance", need, {}).en == (
        f"at least 3 verified service records within the last 12 months; counted so far: {counted}"
    )


def test_enough_service_records_lack_none() -> None:
    rules, worker = compose("510107", requiring_records(2), ()), CHENGDU_WORKER.served("2025-02-01")
    answer = whole_answer(rules, facts_of(worker), Question("allowance", date(2025, 2, 1)))
    assert (answer.node.status, answer.until) == ("eligible", date(2025, 3, 31))
    assert not any(isinstance(entry, ServiceRecordsNeed) for entry in answer.would_change)


JOB, DEGREE, SENIOR = (
    {"employed": {"anywhere": True}},
    {"holds_degree": {"levels": ["bachelor"]}},
    {"holds_certificate": {"levels": ["senior"]}},
)
A_JOB, A_DEGREE, A_SENIOR = "an employment", "a bachelor degree in any field", "a certificate: senior"


def needed(combinator: str, *parts: Document) -> list[str]:
    """Return the sentences on what somebody lacks of whom nothing is recorded, under a rule with these parts."""
    requires = {combinator: [{f"part_{number}": part} for number, part in enumerate(parts)]}
    rule = invented_rule(entitlement={"requires": requires})
    packs = {**PINNED, "990100": pack_with("990100", invented_text(rules={"reward.exam": rule}))}
    return sentences(asked("990100", "reward.exam", "2025-06-30", packs=packs))


def combined(combinator: str, *parts: Document) -> Document:
    return {combinator: [{f"inner_{number}": part} for number, part in enumerate(parts)]}


def test_needs_of_which_one_is_enough_are_told_as_one_need_wherever_their_part_stands() -> None:
    either = f"one of these ways: {A_SENIOR}; {A_DEGREE}"
    assert needed("all_of", combined("any_of", SENIOR, DEGREE), JOB) == [either, A_JOB]
    assert needed("all_of", combined("any_of", SENIOR, {"nobody": {}}), JOB) == [A_SENIOR, A_JOB]
    assert needed("any_of", combined("any_of", SENIOR, DEGREE), JOB) == [
        f"{either} (any one ground is enough)",
        f"{A_JOB} (any one ground is enough)",
    ]


def test_needs_that_are_only_together_one_way_are_told_together() -> None:
    both = combined("all_of", JOB, DEGREE)
    together = f"all of these together: {A_JOB}; {A_DEGREE}"
    assert needed("all_of", both, SENIOR) == [A_JOB, A_DEGREE, A_SENIOR]
    assert needed("any_of", both, SENIOR) == [
        f"{together} (any one ground is enough)",
        f"{A_SENIOR} (any one ground is enough)",
    ]
    assert needed("all_of", combined("any_of", SENIOR, both)) == [f"one of these ways: {A_SENIOR}; ({together})"]


@pytest.mark.parametrize(
    "hopeless",
    [
        {"nobody": {}},
        {"for_review": SENIOR},
        {"recognized": {}},
        {"holds_certificate": {"scope": "local_here"}},
        combined("any_of", {"nobody": {}}, {"for_review": DEGREE}),
    ],
)
def test_of_a_way_on_which_some_part_cannot_be_met_nothing_is_advised(hopeless: Document) -> None:
    """Of whom nothing is recorded: nobody is sent for the rest of what would be of no use."""
    way = combined("all_of", JOB, hopeless)
    assert needed("any_of", way, SENIOR) == [f"{A_SENIOR} (any one ground is enough)"]
    assert needed("all_of", combined("any_of", way, SENIOR)) == [A_SENIOR]
    assert needed("all_of", combined("any_of", combined("all_of", SENIOR, way), DEGREE)) == [A_DEGREE]
    assert needed("any_of", way, combined("all_of", way, SENIOR)) == []


def test_nothing_is_advised_for_what_is_about_a_part_outside_that_fails() -> None:
    registered, served = {"registered": {"covers": "part_0"}}, {"served": {}}
    national = {"holds_certificate": {"scope": "national", "levels": ["senior"]}}
    a_record = "a service record"
    for inside in (combined("all_of", registered, served), combined("all_of", served, combined("all_of", registered))):
        assert needed("all_of", national, inside) == ["a national certificate: senior", a_record]
    assert needed("all_of", national, combined("any_of", registered, served)) == [
        "a national certificate: senior",
        a_record,
    ]


def test_a_need_with_needs_inside_gives_each_of_them_to_programs() -> None:
    requires = {"all_of": [{"proof": combined("any_of", SENIOR, combined("all_of", JOB, DEGREE))}]}
    rule = invented_rule(entitlement={"requires": requires})
    packs = {**PINNED, "990100": pack_with("990100", invented_text(rules={"reward.exam": rule}))}
    document = asked("990100", "reward.exam", "2025-06-30", packs=packs)
    [proof] = document["would_change"]
    senior, both = proof["any_of"]
    assert (proof["need"], senior["levels"]) == ("proof", ["senior"])
    assert [need["text"]["en"] for need in both["all_of"]] == [A_JOB, A_DEGREE]


def test_before_a_rule_begins_its_first_day_is_told_and_after_its_end_that_it_has_ended() -> None:
    before = asked(CITY_WITH_ALLOWANCE, "allowance", "2022-02-28", WORKS_HERE)
    assert needs(before)["in_force"] == {"from": "2022-03-01"}
    after = asked(CITY_WITH_ALLOWANCE, "allowance", "2027-03-01", WORKS_HERE)
    assert needs(after)["rule"] == {"from": "2027-03-01", "ended_on": "2027-02-28"}


@pytest.mark.parametrize(
    ("determination", "as_of", "zh", "en"),
    [
        (YEARLY, "2025-01-10", "文件没有规定此事，个人无须办理", "no text has a rule for it"),
        (
            "allowance",
            "2027-03-01",
            "规定已于2027-02-28期满，没有新的文件，个人无须办理",
            "the rule ended on 2027-02-28 and no new text is on file",
        ),
    ],
)
def test_that_no_text_has_a_rule_is_told_as_a_fact_and_not_as_something_to_bring(
    determination: str, as_of: str, zh: str, en: str
) -> None:
    document = asked(CITY_WITH_ALLOWANCE, determination, as_of, WORKS_HERE)
    assert list(needs(document)) == ["rule"]
    assert document["would_change"][0]["text"] == {"zh": zh, "en": f"{en}; there is nothing for the person to do"}


def test_needs_of_which_any_is_enough_are_told_as_that() -> None:
    """CD-29 names two grounds, LC-03 to LC-06 three routes and two ways of being engaged; CX-12 asks for everything."""
    schooling = asked(CITY_WITH_ALLOWANCE, "benefit.child_education", "2025-01-10", WORKS_HERE)
    grounds = [need for need in needs(schooling) if need.startswith(("supervisor", "talent"))]
    assert len(grounds) == 2
    assert all(entry.endswith(" (any one ground is enough)") for entry in sentences(schooling)[:2])
    talent = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-01-10")
    ways = [entry.rpartition(" (")[2] for entry in sentences(talent)]
    assert ways == [
        *["any one way of being engaged is enough)"] * 2,
        *["any one route to professional quality is enough)"] * 3,
    ]
    assert "any one" not in sentences(asked("532300", "reward.exam", "2025-01-10"))[0]


TERM = "continuing_education.registration_term"


@pytest.mark.parametrize(
    ("place", "determination", "as_of", "life"),
    [
        (CITY_WITH_YEARLY_HOURS, YEARLY, "2023-09-30", WORKS_HERE),
        (CITY_WITH_YEARLY_HOURS, YEARLY, "2024-09-30", WORKS_THERE.left("2023-12-30")),
        ("532300", "continuing_education.plan_period", "2023-09-30", someone),
        ("100000", TERM, "2022-01-10", someone),
        ("100000", TERM, "2025-01-10", REGISTRATION),
        ("100000", TERM, "2022-01-10", CERTIFICATE),
    ],
    ids=["works elsewhere", "left last year", "no work", "no certificate", "registered without one", "not registered"],
)
def test_whom_a_duty_does_not_concern_is_not_advised_to_come_under_it(
    place: str, determination: str, as_of: str, life: Life
) -> None:
    """ZZ-18, CX-08, N-10."""
    document = asked(place, determination, as_of, life)
    assert (document["status"], document["would_change"]) == ("not_applicable", [])


def test_on_the_last_day_it_is_told_what_is_short_and_that_the_period_ends() -> None:
    """ZZ-18: nobody makes up sixty hours in a day."""
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2023-12-31", WORKS_THERE)
    assert needs(document)["class_hour"] == {"amount": "60", "until": "2023-12-31"}
    assert document["would_change"][0]["text"]["zh"] == "期限今日届满，尚缺60学时"
    eve = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2023-12-30", WORKS_THERE)
    assert eve["would_change"][0]["text"]["zh"] == "2023-12-31前（含当日）还需完成60学时"


@pytest.mark.parametrize("as_of", ["2023-11-15", "2023-12-31", "2024-01-01", "2024-03-01"])
def test_who_has_left_is_told_what_a_person_decides_and_no_hours_to_make_up(as_of: str) -> None:
    """R-37: the duty may be none any more, on each day of the period and after it."""
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, as_of, WORKS_THERE.left("2023-10-31"), period=2023)
    assert (document["status"], document["result"]["shortfall_hours"]) == ("needs_review", "60")
    assert [entry["need"] for entry in document["would_change"] if entry["need"] != "time"] == ["review"]


def test_who_waits_for_a_person_is_told_first_what_that_person_decides() -> None:
    life = WORKS_THERE.graduated("2018-07-01", "college", "other").trained("2024-03-10", "120")
    document = asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", life)
    assert document["status"] == "needs_review"
    assert sentences(document)[:2] == [
        "the registrar must decide whether the field of study is a related one (LC-05)",
        "a person must decide how training recorded in another unit counts (LC-06, R-07)",
    ]
    assert [entry["reason"] for entry in document["would_change"][:2]] == ["field_not_listed", "unit_not_convertible"]


def test_hours_in_another_unit_are_for_a_person_before_more_hours_are_advised() -> None:
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2023-09-30", WORKS_THERE.trained("2023-03-10", "60", "hour"))
    assert document["status"] == "needs_review"
    assert [entry["need"] for entry in document["would_change"]][:2] == ["review", "class_hour"]
    assert "R-07" in sentences(document)[0]


HIGH_LEVEL = someone.talent_designated("2023-05-01", "high_level")


REWARDED = someone.employed("2021-01-01", "532301").certified("2021-10-17")


RECOGNIZED = someone.qualification_recognized("2023-05-01", "intermediate", "350000")


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
        ("reward.exam", "532300", REWARDED, "no local standard on record rewards the level held"),
        ("benefit.apartment", CITY_WITH_ALLOWANCE, CERTIFICATE, "by the conditions of the other documents (CD-24)"),
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
    assert sum(entry["need"] == "review" for entry in document["would_change"]) == 1


def test_against_a_denial_another_attestation_is_not_advised() -> None:
    """R-15: a second assessment would contradict the first, and a person would have to decide."""
    denied = ALL_CONDITIONS.but(DENIED)
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", denied)
    assert document["status"] == "not_eligible"
    assert sentences(document)[0] == "the assessment that covers 2025-01-10 may be reviewed if it is disputed"
    assert document["would_change"][0]["text"]["zh"] == "如对覆盖2025-01-10的评估有异议，可申请复核"


PROOF = someone.senior_proof_issued("2022-01-10", "2025-01-09")
FAILED = PROOF.senior_review_decided("2023-03-01", "2022-09-10", result="fail")
UNDECIDED = someone.senior_proof_issued("2020-01-01", "2022-12-31").senior_review_applied("2021-12-31")
TWO_PROOFS = UNDECIDED.senior_proof_issued("2023-01-01", "2024-12-31")
OVERLAPPING = UNDECIDED.senior_proof_issued("2022-01-01", "2023-12-31")


@pytest.mark.parametrize(
    ("as_of", "given", "advised"),
    [
        ("2025-01-08", PROOF, ["须在2025-01-09前（含当日）申报评审"]),
        ("2025-01-09", PROOF, ["今日为申报末日，须于今日申报评审"]),
        ("2025-01-10", PROOF, ["须取得新的成绩合格证明"]),
        ("2025-01-08", FAILED, ["须在2025-01-09前（含当日）申报评审"]),
        ("2025-01-09", FAILED, ["今日为申报末日，须于今日申报评审"]),
        ("2025-01-10", FAILED, ["须取得新的成绩合格证明"]),
        ("2025-01-09", PROOF.senior_review_applied("2025-01-09"), []),
        ("2025-01-10", PROOF.senior_review_applied("2025-01-09"), []),
        ("2025-01-09", someone, []),
        ("2024-12-30", TWO_PROOFS, ["须在2024-12-31前（含当日）申报评审"]),
        ("2024-12-31", TWO_PROOFS, ["今日为申报末日，须于今日申报评审"]),
        ("2025-01-01", TWO_PROOFS, []),
        ("2022-06-30", UNDECIDED.senior_proof_issued("2020-01-01", "2022-06-30"), []),
        ("2022-06-30", OVERLAPPING, ["须在2023-12-31前（含当日）申报评审"]),
    ],
)
def test_the_review_is_to_be_applied_for_while_the_proof_is_valid(as_of: str, given: Life, advised: list[str]) -> None:
    """N-05, R-39. Who never sat the senior exam is told of no step, nor is who waits for the decision, unless a proof
    lasts longer than that of the application."""
    document = asked("100000", "certificate.senior_route", as_of, given)
    steps = [entry["text"]["zh"] for entry in document["would_change"] if entry["need"] != "time"]
    assert steps == advised


def test_nobody_must_decide_where_the_answer_is_plain() -> None:
    life = WORKS_THERE.trained("2024-03-10", "8")
    assert "review" not in needs(asked(CITY_WITH_ROLLING_HOURS, "talent", "2025-05-10", life))


def test_once_a_year_is_over_only_its_own_days_make_a_rule_apply() -> None:
    """ZZ-18, R-37: who did not work in the city in 2023 is not concerned by that year, whatever is begun later."""
    document = asked(CITY_WITH_YEARLY_HOURS, YEARLY, "2024-03-01", someone.trained("2023-03-10", "60"), period=2023)
    assert document["status"] == "not_applicable"
    assert needs(document) == {"facts": {"from": "2023-01-01", "until": "2023-12-31"}}
    assert sentences(document) == [
        "what was so from 2023-01-01 to 2023-12-31 decides, so only facts of those days recorded late can change this"
    ]


@pytest.mark.parametrize("life", [WORKS_HERE, WORKS_HERE.qualification_declared("2025-01-11")])
def test_who_has_no_qualification_from_elsewhere_is_not_told_of_its_recognition(life: Life) -> None:
    assert needs(asked(CITY_WITH_ALLOWANCE, "recognition", "2025-01-10", life)) == {}


@pytest.mark.parametrize(
    "life",
    [
        WORKS_HERE.qualification_declared("2025-01-10"),
        WORKS_HERE.qualification_recognized("2024-05-01", "junior", "350000"),
    ],
    ids=["declared", "recognized elsewhere"],
)
def test_who_has_one_is_told_that_an_authority_must_recognize_it_for_the_place(life: Life) -> None:
    """E32: the declaration alone has no effect."""
    document = asked(CITY_WITH_ALLOWANCE, "recognition", "2025-01-10", life)
    assert (document["status"], list(needs(document))) == ("none", ["recognition"])


def test_nobody_is_sent_for_what_leaves_a_benefit_to_a_person_all_the_same() -> None:
    """CD-24: the conditions for an apartment stand in other documents."""
    document = asked(CITY_WITH_ALLOWANCE, "benefit.apartment", "2025-01-10")
    assert (document["status"], list(needs(document))) == ("not_eligible", ["in_force"])


def test_whom_hours_may_concern_is_told_what_a_person_decides_and_the_hours_that_would_settle_it() -> None:
    """R-38."""
    life = someone.employed("2021-01-01", "532301", employer_type="social_work_agency")
    document = asked("532300", "continuing_education.plan_period", "2023-09-30", life)
    assert document["status"] == "needs_review"
    review, hours = document["would_change"][:2]
    assert "whether the employer is covered by “and the like” (CX-08)" in review["text"]["en"]
    assert (hours["need"], hours["amount"], hours["until"]) == ("hour", "160", "2025-12-31")


@pytest.mark.parametrize(
    ("level", "zh", "en"),
    [
        ("junior", "所持证书可聘任到初级专业技术岗位", "the certificate held is enough for a junior technical post"),
        (
            "intermediate",
            "所持证书可聘任到初级或中级专业技术岗位",
            "enough for a junior or intermediate technical post",
        ),
    ],
)
def test_without_a_post_it_is_told_which_bands_the_certificate_opens(level: str, zh: str, en: str) -> None:
    """ZZ-11, ZZ-12: no post follows from a certificate."""
    document = asked(CITY_WITH_YEARLY_HOURS, "grade", "2023-09-30", WORKS_THERE.certified("2021-10-17", level))
    assert document["status"] == "none"
    [post] = [entry for entry in document["would_change"] if entry["need"] == "post"]
    assert post["text"]["zh"].startswith(zh)
    assert en in post["text"]["en"]


def test_without_post_and_certificate_both_are_told() -> None:
    assert sentences(asked(CITY_WITH_YEARLY_HOURS, "grade", "2023-09-30", WORKS_THERE))[0] == (
        "a national certificate and an appointment to a post of a level that the text lists"
    )


def test_a_record_that_is_old_or_elsewhere_is_for_a_person_and_one_on_the_platform_would_settle_it() -> None:
    """CD-10, R-16."""
    elsewhere = ALL_CONDITIONS.but(someone.served("2024-12-10", platform="全国志愿服务信息系统"))
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-01-10", elsewhere)
    assert document["status"] == "needs_review"
    assert [entry["text"]["en"] for entry in document["would_change"][:2]] == [
        "a person must decide whether the service records on file are enough (CD-25)",
        "a verified service record on 成都社工管理服务平台 within the last 12 months",
    ]
    assert document["would_change"][1]["text"]["zh"] == "须在成都社工管理服务平台上有近12个月内经核实的服务记录"


def advised_subjects(as_of: str, level: str, life: Life) -> dict[str, int]:
    document = asked("100000", "exam.complete", as_of, life, level=level)
    entries = [entry for entry in document["would_change"] if entry["need"].startswith("exam_subject:")]
    assert not any("until" in entry for entry in entries), "no day is told on which no exam is held"
    return {entry["need"].partition(":")[2]: entry["exam_year"] for entry in entries}


def test_exam_subjects_are_advised_for_the_next_exam_by_the_years_that_then_count() -> None:
    """N-03: two consecutive years; a pass of the year before the next exam counts in it, an older one no more."""
    older = someone.passed("2022-06-18", "comprehensive", "intermediate", score="70")
    assert advised_subjects("2022-12-31", "intermediate", older) == {"practice": 2023, "law_and_policy": 2023}
    everything = dict.fromkeys(("comprehensive", "practice", "law_and_policy"), 2024)
    assert advised_subjects("2023-12-31", "intermediate", older) == everything
    newer = older.passed("2023-06-18", "practice", "intermediate", score="70")
    assert advised_subjects("2024-01-01", "intermediate", newer) == {"comprehensive": 2024, "law_and_policy": 2024}


def test_a_pass_that_lapses_before_the_next_exam_is_to_be_passed_again() -> None:
    """A24: of the junior exam one subject of two, and no exam left in the year."""
    half = someone.passed("2026-05-24", score="80", subject="comprehensive")
    assert advised_subjects("2026-11-29", "junior", half) == {"comprehensive": 2027, "practice": 2027}
    document = asked("100000", "exam.complete", "2026-11-29", half, level="junior")
    assert sentences(document)[0].startswith("another pass in the comprehensive subject, in the exam of 2027")
    assert sentences(document)[1] == "a pass in the practice subject, in the exam of 2027"


LOCAL_LINE: dict[str, Any] = {"pass_line": "local"}


def subjects_by_the_mark(life: Life, as_of: str = "2026-11-29", level: str = "intermediate") -> dict[str, int]:
    document = asked("100000", "exam.complete", as_of, life, level=level)
    entries = [entry for entry in document["would_change"] if entry["need"].startswith("exam_subject_by_the_mark:")]
    return {entry["need"].partition(":")[2]: entry["exam_year"] for entry in entries}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"score": "58", **LOCAL_LINE}, True),
        ({"score": "60", **LOCAL_LINE}, False),
        (LOCAL_LINE, True),
        ({}, False),
    ],
    ids=["below the mark", "at the mark", "unscored by a local line", "nothing said"],
)
def test_who_would_complete_the_exam_by_a_local_line_is_told_what_to_pass_again_while_that_still_counts(
    said: dict[str, Any], told: bool
) -> None:
    """N-04: with the other subjects alone the certificate would be valid only in that place."""
    life = someone.passed("2026-06-14", "comprehensive", "intermediate", **said)
    life = life.passed("2026-06-14", "practice", "intermediate", score="75")
    assert advised_subjects("2026-11-29", "intermediate", life) == {"law_and_policy": 2027}
    assert subjects_by_the_mark(life) == ({"comprehensive": 2027} if told else {})
    if told:
        document = asked("100000", "exam.complete", "2026-11-29", life, level="intermediate")
        assert document["would_change"][1]["text"] == {
            "zh": "科目综合能力只按地方合格标准合格，照此取得的证书只在当地有效；"
            "须全国有效的，须在2027年度考试中按全国合格标准重新通过",
            "en": "the comprehensive subject is passed only by a local line, so the certificate would be valid only in "
            "that place; to be valid everywhere, it must be passed again by the mark in the exam of 2027",
        }
        followed = life.passed("2027-06-12", "law_and_policy", "intermediate", score="70")
        again = followed.passed("2027-06-12", "comprehensive", "intermediate", score="60")
        reasons = [
            asked("100000", "exam.complete", "2027-11-29", one, level="intermediate")["reason"]
            for one in (followed, again)
        ]
        assert reasons == ["passed_by_a_local_line", None]


def test_a_pass_by_a_local_line_that_counts_no_more_or_beside_one_by_the_mark_is_no_matter() -> None:
    by_line = someone.passed("2025-06-14", "comprehensive", "intermediate", score="58", **LOCAL_LINE)
    assert subjects_by_the_mark(by_line, "2025-11-29") == {"comprehensive": 2026}
    assert subjects_by_the_mark(by_line) == {}, "it is to be passed again all the same"
    both = by_line.passed("2026-06-13", "comprehensive", "intermediate", score="60")
    assert subjects_by_the_mark(both) == {}
    assert subjects_by_the_mark(by_line.certified("2025-09-01", "intermediate"), "2025-11-29") == {}


@pytest.mark.parametrize(
    ("as_of", "given", "year"),
    [
        ("2026-06-30", someone, 2026),
        ("2026-07-01", someone, 2027),
        ("2026-06-01", someone.passed("2026-05-24", score="80", level="senior"), 2027),
        ("2026-05-23", someone.passed("2026-05-24", score="80", level="senior"), 2026),
    ],
)
def test_the_next_exam_is_that_of_the_year_until_its_month_is_over_or_it_was_sat(
    as_of: str, given: Life, year: int
) -> None:
    assert advised_subjects(as_of, "junior", given) == {"comprehensive": year, "practice": year}


def test_of_a_rule_that_a_text_never_had_neither_begin_nor_end_is_told() -> None:
    for day in ("2021-01-01", "2027-03-05"):
        document = asked(CITY_WITH_ALLOWANCE, "title", day)
        assert (document["status"], next(iter(needs(document)))) == ("not_in_force", "rule")
        assert "in_force" not in needs(document)


def test_the_next_exam_is_never_one_before_the_first() -> None:
    """N-01: the junior exam since 2008, the senior exam since 2019."""
    assert set(advised_subjects("2006-10-01", "junior", someone).values()) == {2008}
    assert set(advised_subjects("2016-10-01", "senior", someone).values()) == {2019}


def test_who_holds_the_certificate_of_the_level_or_a_higher_one_is_sent_to_no_exam() -> None:
    half = someone.passed("2021-05-24", score="80", subject="comprehensive")
    for level in ("junior", "intermediate"):
        holder = half.certified("2021-10-18", level)
        assert asked("100000", "exam.complete", "2026-11-29", holder, level="junior")["status"] == "not_met"
        assert advised_subjects("2026-11-29", "junior", holder) == {}
    lower = half.certified("2021-10-18")
    assert set(advised_subjects("2026-11-29", "intermediate", lower)) == {"comprehensive", "practice", "law_and_policy"}
    local = half.certified("2021-10-18", scope="local")
    assert set(advised_subjects("2026-11-29", "junior", local)) == {"comprehensive", "practice"}
