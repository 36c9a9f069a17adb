"""Which text answers on which day: one after the other, with gaps, side by side, and inherited (ADR 0021)."""

from collections.abc import Mapping
from datetime import date

import pytest
from msgspec import to_builtins

from contracts.policies.packs import PinnedPack
from services.core.answers.rolling import spans_of, with_windows
from services.core.questions.advice import TextInForce
from services.core.questions.known import UndatedQuestion, person_known
from services.core.questions.standing import STANDING, Standing, stand, stored
from services.core.questions.timeline import Budget, walk_days
from services.core.questions.whole import whole_answer
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.payment import PaymentResult
from services.core.rules.kinds.talent import TalentResult
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Determination, Question, result_of
from tests.documents import Document, document_of, pack_with, text_of
from tests.lives import CHENGDU, NATION, PINNED, ZHENGZHOU, Life, facts_of, recorded, rules_of, someone, worker

LIAOCHENG = "371500"
IN_OFFICE = someone.employed("2021-01-01", LIAOCHENG, direct_service=False)
FUJIAN, FUZHOU, XIAMEN = "350000", "350100", "350200"
WORKER = (
    worker("510107", "2021-06-01")
    .certified("2021-10-17")
    .registered("2026-01-15", "2029-01-14")
    .served("2026-10-01")
    .assessed("2026-01-01", "2028-12-31")
)
IN_FUJIAN = someone.employed("2018-01-01", FUZHOU).certified("2018-06-17").registered("2020-01-01", "2026-12-31")


def packs_with(place: str, *texts: Document) -> Mapping[str, PinnedPack]:
    return {**PINNED, place: pack_with(place, *texts)}


def answer_on(rules: Rules, history: Life, determination: str, on: str, period: int | None = None) -> Determination:
    return evaluate(rules, facts_of(history), Question(determination, date.fromisoformat(on), period))


RENEWED = packs_with(
    CHENGDU, text_of(CHENGDU, "2027-06-01", "2032-05-31"), text_of(CHENGDU, "2022-03-01", "2027-02-28")
)


def test_an_answer_in_a_gap_changes_on_the_day_on_which_the_next_text_begins() -> None:
    """CD-35, R-02: the text ends on 2027-02-28; its successor begins on 2027-06-01."""
    facts = facts_of(someone.employed("2026-01-01", "510107", direct_service=False))
    rules = compose("510107", RENEWED, ())
    assert stand(rules, facts, date(2027, 2, 1)).next_change_on == date(2027, 3, 1)
    assert stand(rules, facts, date(2027, 3, 1)).next_change_on == date(2027, 6, 1)


def talent_routes(text: Document) -> Document:
    """Return the routes to professional quality in a text, by their names."""
    return {
        name: route for way in text["rules"]["talent"]["talent"]["quality"]["any_of"] for name, route in way.items()
    }


def test_a_text_renewed_with_another_rolling_window_changes_the_row_of_somebody_without_any_hours() -> None:
    """LC-03: status, reason, hours and clause stay as they are, but the window reaches back three years, not five."""
    renewed = text_of(LIAOCHENG, "2026-03-01", only=["talent"])
    talent_routes(renewed)["hours"]["trained"]["window"]["rolling_years"]["years"] = 3
    packs = packs_with(LIAOCHENG, renewed, *document_of(LIAOCHENG)["editions"])
    rules, facts = compose(LIAOCHENG, packs, ()), facts_of(IN_OFFICE)
    row = stand(rules, facts, date(2026, 1, 5))
    assert row.next_change_on == date(2026, 3, 1)
    windows = [served(stand(rules, facts, date(2026, month, 5)), date(2026, month, 9)) for month in (2, 6)]
    assert windows == [("2021-02-10", "2026-02-09"), ("2023-06-10", "2026-06-09")]


@pytest.mark.parametrize("edge", ["open", "closed", "whole_calendar_years"])
@pytest.mark.parametrize("no_such_day", ["month_end", "next_day"])
def test_a_row_serves_the_window_that_an_answer_of_the_day_has(edge: str, no_such_day: str) -> None:
    """R-04, R-05: on 29 February there is no such day five years ago."""
    text = text_of(LIAOCHENG, "2020-07-08", only=["talent"])
    talent_routes(text)["hours"]["trained"]["window"]["rolling_years"]["edge"] = edge
    text["terms"] = {"calendar": {"no_such_day": no_such_day}}
    rules, facts = compose(LIAOCHENG, packs_with(LIAOCHENG, text), ()), facts_of(IN_OFFICE)
    row = stand(rules, facts, date(2024, 2, 27))
    for day in (date(2024, 2, 27), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)):
        window = result_of(evaluate(rules, facts, Question("talent", day)).node, TalentResult).window
        assert served(row, day) == tuple(to_builtins(window).values())


def served(row: Standing, day: date) -> tuple[str, str]:
    """Return the window of hours that a row serves on a later day."""
    kept = {"talent": to_builtins(stored(row.determinations["talent"]))}
    spans = {name: span for name, span in spans_of(row).items() if name in kept}
    window = with_windows(kept, spans, day)["talent"]["result"]["window"]
    return window["from"], window["until"]


def test_from_the_first_day_of_a_gap_to_its_last_the_text_begun_last_answers_that_it_is_over() -> None:
    rules = compose("510107", RENEWED, ())
    answers = [
        answer_on(rules, WORKER, "allowance", on) for on in ("2027-03-01", "2027-04-14", "2027-04-17", "2027-05-31")
    ]
    assert {each.node.status for each in answers} == {"not_in_force"}
    assert {each.policy.edition for each in answers} == {"2022-03-01"}
    assert {each.until for each in answers} == {date(2027, 5, 31)}
    assert answer_on(rules, WORKER, "allowance", "2027-06-01").policy.edition == "2027-06-01"


def test_before_the_first_text_the_first_one_answers() -> None:
    rules, day = compose("510107", RENEWED, ()), date(2021, 12, 31)
    answer = whole_answer(rules, facts_of(WORKER), Question("allowance", day))
    assert (answer.node.status, answer.policy.edition, answer.until) == (
        "not_in_force",
        "2022-03-01",
        date(2022, 2, 28),
    )
    assert TextInForce(code="in_force", need="in_force", from_=date(2022, 3, 1)) in answer.would_change


def test_a_text_that_begins_next_year_changes_nothing_of_today_but_the_day_of_change() -> None:
    today = date(2026, 11, 22)
    ahead = packs_with(CHENGDU, text_of(CHENGDU, "2027-01-01", "2032-05-31"), *document_of(CHENGDU)["editions"])
    now = stand(rules_of("510107"), facts_of(WORKER), today).determinations
    then = stand(compose("510107", ahead, ()), facts_of(WORKER), today).determinations
    assert {name: each.node for name, each in now.items()} == {name: each.node for name, each in then.items()}
    assert (now["allowance"].until, then["allowance"].until) == (date(2027, 2, 28), date(2026, 12, 31))


def test_a_city_answers_while_its_own_text_is_in_force_and_the_province_before_and_after() -> None:
    """FJ-17: the province's text is in force from 2021-01-28."""
    city = text_of(FUJIAN, "2022-01-01", "2023-12-31", only=["allowance"])
    rules = compose(FUZHOU, packs_with(FUZHOU, city), ())
    elsewhere = rules_of(XIAMEN)
    days = ("2021-06-01", "2021-12-31", "2022-01-01", "2023-12-31", "2024-01-01", "2025-06-01")
    answers = [answer_on(rules, IN_FUJIAN, "allowance", on) for on in days]
    assert [each.policy.jurisdiction for each in answers] == [FUJIAN, FUJIAN, FUZHOU, FUZHOU, FUJIAN, FUJIAN]
    for on, each in zip(days, answers, strict=True):
        if each.policy.jurisdiction == FUJIAN:
            moved = IN_FUJIAN.but(someone.employed("2018-01-01", XIAMEN))
            assert each.node.status == answer_on(elsewhere, moved, "allowance", on).node.status
    assert answers[0].until == date(2021, 12, 31)


def test_what_a_city_has_and_the_province_has_not_is_not_in_force_before_its_text() -> None:
    city = text_of(ZHENGZHOU, "2023-01-01", only=["supervisor"])
    answer = answer_on(compose(FUZHOU, packs_with(FUZHOU, city), ()), IN_FUJIAN, "supervisor", "2022-12-31")
    assert (answer.policy.jurisdiction, answer.node.status) == (FUZHOU, "not_in_force")


def test_an_amendment_answers_for_its_one_rule_while_it_is_in_force() -> None:
    amendment = text_of(CHENGDU, "2024-01-01", "2025-12-31", only=["allowance"])
    rules = compose(CHENGDU, packs_with(CHENGDU, amendment, text_of(CHENGDU, "2022-03-01", "2027-02-28")), ())

    def texts(determination: str) -> list[str]:
        days = ("2023-12-31", "2024-01-01", "2025-12-31", "2026-01-01")
        return [answer_on(rules, WORKER, determination, on).policy.edition for on in days]

    assert texts("allowance") == ["2022-03-01", "2024-01-01", "2024-01-01", "2022-03-01"]
    assert texts("supervisor") == ["2022-03-01"] * 4


def test_the_day_that_decides_is_that_of_the_window_as_the_text_reckons_it() -> None:
    """ZZ-08: hours of 2023, asked about later, go by the text that was in force at the end of 2023."""
    newer = text_of(ZHENGZHOU, "2024-07-01")
    older = text_of(ZHENGZHOU, "2022-02-09", "2024-06-30")
    rules = compose(ZHENGZHOU, packs_with(ZHENGZHOU, newer, older), ())
    history = someone.employed("2022-03-01", ZHENGZHOU).trained("2023-05-01", "60")
    yearly = "continuing_education.annual"
    of_2023 = answer_on(rules, history, yearly, "2025-05-01", 2023)
    assert (of_2023.node.status, of_2023.policy.edition, of_2023.until) == ("met", "2022-02-09", None)
    assert answer_on(rules, history, yearly, "2025-05-01").policy.edition == "2024-07-01"
    running = answer_on(rules, history, yearly, "2024-05-01", 2024)
    assert (running.policy.edition, running.until) == ("2022-02-09", date(2024, 6, 30))


def test_a_national_text_is_in_force_in_its_own_days_like_any_other() -> None:
    first, second = text_of(NATION, "2010-01-01", "2012-12-31"), text_of(NATION, "2015-01-01")
    rules = compose(NATION, packs_with(NATION, second, first), ())
    days = ("2009-12-31", "2010-01-01", "2012-12-31", "2014-12-31", "2015-01-01")
    answers = [answer_on(rules, WORKER, "certificate", on) for on in days]
    assert [each.policy.edition for each in answers] == ["2010-01-01"] * 4 + ["2015-01-01"]
    assert [each.node.status for each in answers] == ["not_in_force", "none", "none", "not_in_force", "none"]
    assert [each.until for each in answers[:4]] == [
        *(date(2009, 12, 31), date(2012, 12, 31), date(2012, 12, 31), date(2014, 12, 31))
    ]


def test_the_end_of_a_text_is_advised_of_only_where_no_other_takes_over() -> None:
    """A renewal beyond the end of the text is worth advising where the next text asks for it, too."""
    alone = packs_with(CHENGDU, text_of(CHENGDU, "2022-03-01", "2027-02-28"))
    succeeded = packs_with(CHENGDU, text_of(CHENGDU, "2027-03-01"), text_of(CHENGDU, "2022-03-01", "2027-02-28"))

    def needs(packs: Mapping[str, PinnedPack]) -> list[tuple[str, str | None]]:
        question = Question("allowance", date(2027, 1, 10))
        answer = whole_answer(compose("510107", packs, ()), facts_of(WORKER), question)
        assert answer.node.status == "eligible"
        return [(each.need, getattr(each, "code", None)) for each in answer.would_change]

    assert needs(alone) == [("in_force", "rule_ends")]
    assert needs(succeeded) == [("renewal", "renewal"), ("time", "time")]


def test_every_answer_under_texts_of_other_kinds_can_be_told_whole() -> None:
    """ZZ-23 asks for other conditions than CD-25, and Fujian's text says of the grade that there is no rule yet."""
    texts = (
        text_of(FUJIAN, "2027-03-01"),
        text_of(ZHENGZHOU, "2025-01-01", "2026-12-31"),
        text_of(CHENGDU, "2022-03-01", "2024-12-31"),
    )
    rules = compose("510107", packs_with(CHENGDU, *texts), ())
    for name in STANDING:
        for on in ("2022-02-28", "2024-06-01", "2026-06-01", "2027-01-15", "2027-06-01"):
            answer = whole_answer(rules, facts_of(WORKER), Question(name, date.fromisoformat(on)))
            assert answer.until is None or answer.until >= date.fromisoformat(on)


@pytest.mark.parametrize("determination", ["supervisor", "talent"])
def test_where_no_text_has_the_matter_the_texts_of_the_place_say_so_each_in_its_days(determination: str) -> None:
    """Fujian's text knows neither."""
    texts = text_of(FUJIAN, "2027-01-01"), text_of(FUJIAN, "2021-01-28", "2025-12-31")
    rules = compose(FUJIAN, packs_with(FUJIAN, *texts), ())
    days = ("2021-01-27", "2021-01-28", "2026-01-01", "2027-01-01")
    answers = [answer_on(rules, IN_FUJIAN, determination, on) for on in days]
    assert [(each.node.status, each.policy.edition) for each in answers] == [
        ("not_in_force", "2021-01-28"),
        ("undefined_in_policy", "2021-01-28"),
        ("not_in_force", "2021-01-28"),
        ("undefined_in_policy", "2027-01-01"),
    ]


LONG = sum(
    (someone.served(f"{year}-06-01") for year in range(2023, 2028)),
    worker("510107", "2023-06-01")
    .certified("2021-10-17")
    .registered("2023-06-01", "2029-01-14")
    .assessed("2023-01-01", "2028-12-31"),
)


@pytest.mark.parametrize(
    ("ends", "begins", "since"),
    [
        pytest.param("2025-02-28", "2025-03-01", "2023-06-01", id="without a gap the run goes on"),
        pytest.param("2025-02-28", "2025-03-02", "2025-03-02", id="after a gap it begins anew"),
        pytest.param("2027-02-28", "2025-03-01", "2023-06-01", id="an amendment is no break"),
    ],
)
def test_since_when_somebody_is_eligible_is_followed_over_the_texts_of_the_place(
    ends: str, begins: str, since: str
) -> None:
    """Design §5: the unbroken run, over successive texts, never before the first day of the first of them."""
    texts = text_of(CHENGDU, begins, "2026-12-31"), text_of(CHENGDU, "2022-03-01", ends)
    answer = answer_on(compose(CHENGDU, packs_with(CHENGDU, *texts), ()), LONG, "allowance", "2026-01-01")
    assert (answer.node.status, result_of(answer.node, PaymentResult).eligible_since) == (
        "eligible",
        date.fromisoformat(since),
    )


def test_the_run_of_a_city_does_not_reach_back_into_the_text_of_its_province() -> None:
    city = text_of(FUJIAN, "2022-01-01", only=["allowance"])
    rules = compose(FUZHOU, packs_with(FUZHOU, city), ())
    assert answer_on(rules, IN_FUJIAN, "allowance", "2021-06-01").node.status == "eligible"
    assert result_of(answer_on(rules, IN_FUJIAN, "allowance", "2022-06-01").node, PaymentResult).eligible_since == date(
        2022, 1, 1
    )


def test_in_a_text_that_an_amendment_interrupted_each_day_is_judged_by_the_text_of_that_day() -> None:
    """Nobody was eligible under the amendment, which asks for a higher certificate."""
    amendment = text_of(CHENGDU, "2024-01-01", "2024-12-31", only=["allowance"])
    parts = amendment["rules"]["allowance"]["payment"]["requires"]["all_of"]
    [certificate] = [part["certificate"] for part in parts if "certificate" in part]
    national = certificate["any_of"][0]["national"]
    national["holds_certificate"]["levels"] = ["senior"]
    texts = amendment, text_of(CHENGDU, "2022-03-01")
    answer = answer_on(compose(CHENGDU, packs_with(CHENGDU, *texts), ()), LONG, "allowance", "2026-01-01")
    assert (answer.node.status, result_of(answer.node, PaymentResult).eligible_since) == ("eligible", date(2025, 1, 1))


def test_days_on_which_the_text_of_a_city_said_otherwise_break_the_run_of_its_province() -> None:
    city = text_of(CHENGDU, "2022-01-01", "2023-12-31", only=["allowance"])
    rules = compose(FUZHOU, packs_with(FUZHOU, city), ())
    before, during, after = (
        answer_on(rules, IN_FUJIAN, "allowance", on) for on in ("2021-12-31", "2023-06-01", "2024-06-01")
    )
    assert [each.node.status for each in (before, during, after)] == ["eligible", "not_eligible", "eligible"]
    assert result_of(after.node, PaymentResult).eligible_since == date(2024, 1, 1)


def test_a_timeline_names_the_texts_by_which_an_answer_changed_also_where_another_place_takes_over() -> None:
    city = text_of(CHENGDU, "2022-01-01", "2023-12-31", only=["allowance"])
    rules = Rulebook(NATION, packs_with(FUZHOU, city), ())
    page = walk_days(
        person_known(recorded(IN_FUJIAN), rules),
        UndatedQuestion("allowance", FUZHOU),
        date(2021, 6, 1),
        date(2025, 12, 31),
        Budget(1_000),
    )
    assert [
        (
            str(change.on),
            change.summary.status,
            *((each.jurisdiction, each.edition, each.turn) for each in change.causes),
        )
        for change in page.changes
    ] == [
        ("2022-01-01", "not_eligible", (FUZHOU, "2022-01-01", "begins")),
        ("2024-01-01", "eligible", (FUZHOU, "2022-01-01", "ended")),
    ]


def test_before_its_own_first_day_no_national_document_is_in_force() -> None:
    """N-27: each began on its own day."""
    rules = rules_of("110105")
    registered = answer_on(rules, IN_FUJIAN, "registration", "2009-04-07")
    assert (registered.node.status, registered.until) == ("not_in_force", date(2009, 4, 7))
    assert answer_on(rules, IN_FUJIAN, "certificate", "2009-04-07").node.status == "none"


@pytest.mark.parametrize("on", ["1990-01-01", "2012-01-01", "2024-01-01"])
def test_where_no_text_is_known_none_begins_and_each_national_document_is_named(on: str) -> None:
    answer = answer_on(rules_of("110105"), IN_FUJIAN, "allowance", on)
    assert (answer.node.status, answer.node.reason, answer.until) == ("undefined_in_policy", "no_text_known", None)
    documents = [text.document for text in PINNED[NATION].pack.editions]
    assert answer.policy.document.split("; ") == documents[::-1]


def test_a_national_document_with_two_texts_is_named_once_where_it_is_silent() -> None:
    text = document_of(NATION)["editions"][0]
    earlier = {**text, "edition": "2000-01-01", "in_force": {"first_day": "2000-01-01", "last_day": "2001-01-01"}}
    answer = answer_on(compose("110105", packs_with(NATION, text, earlier), ()), IN_FUJIAN, "allowance", "2024-01-01")
    assert (answer.node.status, answer.policy.document) == ("undefined_in_policy", text["document"])


# A text that only says what a word means, from a day on.

FOUR_YEARS = {"registration": {"clause": "CD-25", "months": 48, "last_day": "corresponding"}}
WITHOUT_A_PRINTED_DAY = (
    worker("510107", "2021-06-01")
    .certified("2021-10-17")
    .registered("2022-06-01")
    .served("2025-12-20")
    .assessed("2022-01-01", "2028-12-31")
)


def amended_terms(in_force: Document, **begins: str) -> Rules:
    """Return the rules of Chengdu with a text that only makes a registration valid for four years."""
    document = document_of(CHENGDU)
    [text] = document["editions"]
    text["rules"]["allowance"]["payment"].update(begins)
    described = {name: text[name] for name in ("clause", "document", "last_verified_on")}
    amendment = {**described, "edition": "amendment", "in_force": in_force, "terms": FOUR_YEARS}
    return compose("510107", packs_with(CHENGDU, amendment, text), ())


def test_an_amended_term_gives_and_takes_from_its_day_on() -> None:
    """The registration lapsed on 2025-06-01; from 2026-01-01 on it is valid to 2026-06-01."""
    rules = amended_terms({"first_day": "2026-01-01"})
    before, after = (answer_on(rules, WITHOUT_A_PRINTED_DAY, "allowance", on) for on in ("2025-12-31", "2026-01-01"))
    assert (before.node.status, before.until) == ("not_eligible", date(2025, 12, 31))
    assert after.node.status == "eligible"
    assert to_builtins(after.node.result)["eligible_since"] == "2026-01-01"
    assert answer_on(rules, WITHOUT_A_PRINTED_DAY, "registration", "2025-12-31").node.status == "lapsed"
    assert answer_on(rules, WITHOUT_A_PRINTED_DAY, "registration", "2026-01-01").node.status == "valid"


def test_what_begins_with_the_next_month_counts_from_the_day_of_an_amended_term() -> None:
    rules = amended_terms({"first_day": "2026-01-02"}, begins="next_month")
    assert answer_on(rules, WITHOUT_A_PRINTED_DAY, "allowance", "2026-01-31").node.status == "not_eligible"
    assert answer_on(rules, WITHOUT_A_PRINTED_DAY, "allowance", "2026-02-01").node.status == "eligible"


def test_a_reading_that_moves_the_days_of_another_text_is_an_alternative() -> None:
    """Under it the amendment would define the term already, though on the day another text answers."""
    rules = amended_terms({"first_day": {"R-01": "2026-06-01", "printed_date": "2026-01-01"}})
    question = Question("allowance", date(2026, 3, 1))
    answer = whole_answer(rules, facts_of(WITHOUT_A_PRINTED_DAY), question)
    assert answer.node.status == "not_eligible"
    assert "R-01" not in answer.readings
    assert [(other.reading, other.status) for other in answer.alternatives if other.reading == "R-01"] == [
        ("R-01", "eligible")
    ]


@pytest.mark.parametrize(
    ("last_day", "status"),
    [("2021-12-31", "not_applicable"), ("2022-01-01", "needs_review"), ("2022-03-01", "needs_review")],
)
def test_who_left_within_the_year_is_concerned_whichever_text_was_in_force_by_then(last_day: str, status: str) -> None:
    """R-37 asks for work during the window, and ZZ-18 speaks of the whole year, also of 2022."""
    annual = "continuing_education.annual"
    texts = text_of(ZHENGZHOU, "2022-07-01", "2032-06-30"), text_of(ZHENGZHOU, "2022-02-09", "2022-06-30")
    left = someone.employed("2021-01-01", ZHENGZHOU).left(last_day)
    rules = compose(ZHENGZHOU, packs_with(ZHENGZHOU, *texts), ())
    assert answer_on(rules, left, annual, "2023-01-10", 2022).node.status == status
