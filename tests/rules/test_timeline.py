"""A timeline: the days, or the states of knowledge, on which an answer changes, and why."""

from collections.abc import Sequence
from datetime import date

import pytest

from contracts.events.revisions import Recorded
from contracts.policies.language import LocalStandard
from services.core.questions.known import AnswerSummary, Knowledge, UndatedQuestion, employed_in, person_known
from services.core.questions.standing import STANDING
from services.core.questions.timeline import Budget, DayChange, DaysPage, KnowledgePage, walk_days, walk_knowledge
from services.core.rules.kinds.payment import PaymentResult
from services.core.rules.kinds.talent import TalentResult
from services.core.rules.reckoning import HoursResult
from services.core.rules.result import EMPTY
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import ResultOf
from tests.lives import CHENGDU, NATION, PINNED, ZHENGZHOU, Life, id_of, recorded, someone, standard, worker

LIAOCHENG = "371500"
ALLOWANCE_IN_CHENGDU = (
    worker("510107", "2021-06-01")
    .certified("2021-10-17")
    .registered("2022-04-01", "2025-03-31")
    .served("2024-12-10")
    .assessed("2024-01-01", "2025-12-31")
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def knowledge(history: Life, standards: Sequence[LocalStandard] = (), home: str = CHENGDU) -> Knowledge:
    return person_known(recorded(history), Rulebook(home, PINNED, tuple(standards)))


def walk(
    known: Knowledge, determination: str, first: str, last: str, place: str | None = None, changes: int = 1_000
) -> DaysPage:
    return walk_days(known, UndatedQuestion(determination, place), day(first), day(last), Budget(changes))


def statuses(page: DaysPage) -> list[tuple[str, str]]:
    return [(change.on.isoformat(), change.summary.status) for change in page.changes]


def given(summary: AnswerSummary, kind: type[ResultOf]) -> ResultOf:
    """Return the result of an answer, which is of this type."""
    assert isinstance(summary.result, kind)
    return summary.result


def causes(change: DayChange) -> list[tuple[str, tuple[str, ...]]]:
    return [(cause.cause, tuple(evidence.event_id for evidence in cause.events)) for cause in change.causes]


def test_a_life_in_chengdu_is_told_by_its_turning_days_with_their_causes() -> None:
    """CD-25, CD-35: in force from 2022-03-01, registration first, then records of service, then a lapse."""
    page = walk(knowledge(ALLOWANCE_IN_CHENGDU), "allowance", "2021-01-01", "2025-12-31", "510107")
    assert page.opening.status == "not_in_force"
    assert [
        (change.on.isoformat(), change.summary.status, [*given(change.summary, PaymentResult).missing], causes(change))
        for change in page.changes
    ] == [
        ("2022-03-01", "not_eligible", ["registration", "service_record"], [("rule", ())]),
        ("2022-04-01", "not_eligible", ["service_record"], [("fact", (id_of(3),))]),
        ("2024-01-01", "not_eligible", ["service_record"], [("fact", (id_of(5),))]),
        ("2024-12-10", "eligible", [], [("fact", (id_of(4),))]),
        ("2025-04-01", "not_eligible", ["registration"], [("time", ())]),
        ("2025-12-10", "not_eligible", ["registration"], [("time", ())]),
    ]


def test_the_cause_rule_names_the_edition_that_began_or_ended() -> None:
    """R-02: the last day is 2027-02-28."""
    history = someone.employed("2021-01-01", "510107")
    page = walk(knowledge(history), "benefit.apartment", "2022-02-01", "2027-12-31", "510107")
    rows = [
        (change.on, cause.jurisdiction, cause.edition, cause.turn) for change in page.changes for cause in change.causes
    ]
    assert rows == [
        (day("2022-03-01"), CHENGDU, "2022-03-01", "begins"),
        (day("2027-03-01"), CHENGDU, "2022-03-01", "ended"),
    ]


def test_a_local_standard_is_a_cause_on_its_day_alone() -> None:
    """CD-26."""
    known = knowledge(ALLOWANCE_IN_CHENGDU, [standard("510107", "2025-01-01", {"junior": "200"})])
    page = walk(known, "allowance", "2024-12-15", "2025-03-31")
    assert [(change.on, given(change.summary, PaymentResult).amount) for change in page.changes] == [
        (day("2025-01-01"), "200")
    ]
    [cause] = page.changes[0].causes
    assert (cause.cause, cause.standard, cause.jurisdiction) == ("rule", "510107-2025-01-01", "510107")


def test_a_fact_of_the_day_that_decides_nothing_is_no_cause() -> None:
    history = ALLOWANCE_IN_CHENGDU.certified("2025-04-01", "basic", scope="local", basis="local_test")
    page = walk(knowledge(history), "allowance", "2025-03-01", "2025-04-30")
    assert [causes(change) for change in page.changes] == [[("time", ())]]


def test_two_facts_of_which_each_would_do_are_named_together() -> None:
    history = someone.certified("2023-05-06").certified("2023-05-06", basis="exam_and_review")
    page = walk(knowledge(history), "technical_staff", "2023-01-01", "2023-12-31", ZHENGZHOU)
    assert [causes(change) for change in page.changes] == [[("fact", (id_of(1), id_of(2)))]]


def test_a_fact_and_time_may_both_be_causes() -> None:
    """The old registration ends on its printed day (time), the new one, with another last day, begins (fact)."""
    history = someone.registered("2022-04-01", "2025-03-31").registered("2025-04-01", "2028-03-31")
    page = walk(knowledge(history), "registration", "2025-01-01", "2025-12-31", NATION)
    assert [causes(change) for change in page.changes] == [[("fact", (id_of(2),)), ("time", ())]]


def test_the_end_of_work_is_felt_on_the_day_after_its_last_day() -> None:
    history = (
        someone.employed("2023-01-01", ZHENGZHOU).certified("2020-01-01").promoted("2023-02-01", 12).left("2024-06-30")
    )
    page = walk(knowledge(history), "grade", "2024-01-01", "2024-12-31", ZHENGZHOU)
    assert [(change.on, causes(change)) for change in page.changes] == [(day("2024-07-01"), [("fact", (id_of(4),))])]


def test_a_corrected_fact_is_a_cause_together_with_its_corrections() -> None:
    history = someone.certified("2023-05-06").corrected(1, occurred_on="2023-07-08")
    page = walk(knowledge(history), "technical_staff", "2023-01-01", "2023-12-31", ZHENGZHOU)
    assert [(change.on, causes(change)) for change in page.changes] == [
        (day("2023-07-08"), [("fact", (id_of(1), id_of(2)))])
    ]


def test_hours_that_age_out_of_a_rolling_window_change_the_answer_and_the_window_alone_does_not() -> None:
    """LC-06, R-04: 120 hours of five years; the same day five years ago is out."""
    history = someone.trained("2018-05-06", "20", "hour").trained("2021-02-03", "100", "hour")
    page = walk(knowledge(history), "talent.quality", "2021-03-01", "2024-12-31", LIAOCHENG)
    assert page.opening.status == "met"
    assert given(page.opening, TalentResult).window is None
    assert statuses(page) == [("2023-05-06", "not_met")]
    assert causes(page.changes[0]) == [("time", ())]


def test_asked_of_the_status_alone_a_change_of_the_result_is_none() -> None:
    question = UndatedQuestion("allowance", "510107", of_status=True)
    page = walk_days(knowledge(ALLOWANCE_IN_CHENGDU), question, day("2021-01-01"), day("2025-12-31"), Budget(1_000))
    assert statuses(page) == [
        ("2022-03-01", "not_eligible"),
        ("2024-12-10", "eligible"),
        ("2025-04-01", "not_eligible"),
    ]
    assert {change.summary.result == EMPTY for change in page.changes} == {True}
    assert [cause.cause for change in page.changes for cause in change.causes] == ["rule", "fact", "time"]


def test_without_a_place_the_rules_follow_the_person() -> None:
    history = ALLOWANCE_IN_CHENGDU.employed("2025-02-01", ZHENGZHOU)
    page = walk(knowledge(history), "benefit.apartment", "2025-01-01", "2025-12-31")
    assert page.opening.status == "needs_review"
    assert statuses(page) == [("2025-02-01", "undefined_in_policy")]
    assert causes(page.changes[0]) == [("fact", (id_of(6),))]


@pytest.mark.parametrize("determination", STANDING)
def test_pages_join_into_the_whole(determination: str) -> None:
    known = knowledge(ALLOWANCE_IN_CHENGDU)
    whole = walk(known, determination, "2020-01-01", "2030-12-31")
    assert whole.next_from is None
    joined, at = [], "2020-01-01"
    while True:
        page = walk(known, determination, at, "2030-12-31", changes=1)
        joined += page.changes
        if page.next_from is None:
            break
        at = page.next_from.isoformat()
    assert tuple(joined) == whole.changes


def test_a_walk_that_costs_too_much_takes_one_step_and_says_where_to_go_on() -> None:
    known = knowledge(ALLOWANCE_IN_CHENGDU)
    question = UndatedQuestion("allowance", CHENGDU)
    page = walk_days(known, question, day("2021-05-31"), day("2030-12-31"), Budget(1_000, work=1))
    assert page.next_from == day("2021-06-01")


def learned(history: Life, determination: str, as_of: str, place: str, after: int = 0) -> KnowledgePage:
    def known(own: Sequence[Recorded], _rules: Sequence[Recorded]) -> Knowledge:
        return person_known(own, Rulebook(CHENGDU, PINNED, ()))

    return walk_knowledge(
        UndatedQuestion(determination, place), day(as_of), recorded(history), [], known, Budget(1_000), after=after
    )


def test_what_was_learned_of_a_day_is_told_by_position() -> None:
    history = (
        someone.employed("2023-01-01", ZHENGZHOU)
        .trained("2023-03-01", "40")
        .trained("2023-09-01", "20")
        .served("2023-10-01")
        .corrected(2, amount="30")
        .voided(5)
    )
    page = learned(history, "continuing_education.annual", "2023-12-31", ZHENGZHOU)
    assert page.opening is None
    assert [
        (
            change.position,
            change.summary.status,
            given(change.summary, HoursResult).counted_hours,
            change.causes[0].cause,
        )
        for change in page.changes
    ] == [
        (1, "not_met", "0", "fact"),
        (2, "not_met", "40", "fact"),
        (3, "met", "60", "fact"),
        (5, "not_met", "50", "correction"),
        (6, "met", "60", "correction"),
    ]


def test_a_walk_over_knowledge_opens_with_what_was_known_before() -> None:
    history = someone.employed("2023-01-01", ZHENGZHOU).trained("2023-03-01", "40").trained("2023-09-01", "20")
    page = learned(history, "continuing_education.annual", "2023-12-31", ZHENGZHOU, after=2)
    assert page.opening is not None
    assert given(page.opening, HoursResult).counted_hours == "40"
    assert [change.position for change in page.changes] == [3]


def test_rules_alone_tell_nothing_of_a_person() -> None:
    rule = Recorded(1, 1, id_of(1), "local_standard.registered", "2024-01-01", {})
    question = UndatedQuestion("allowance", CHENGDU)
    page = walk_knowledge(question, day("2024-01-01"), [], [rule], lambda *_: knowledge(someone), Budget(1_000))
    assert page == KnowledgePage(None, (), None)


def test_employments_and_the_posts_in_them_are_moved_together() -> None:
    """ZZ-12 asked of somebody who works in Chengdu: as if the employment were in Zhengzhou (design §5)."""
    history = someone.employed("2023-01-01", "510107").certified("2020-01-01").promoted("2023-02-01", 13)
    facts = knowledge(history).facts
    moved = employed_in(facts, ZHENGZHOU)
    assert {job.jurisdiction for job in moved.employments} == {ZHENGZHOU}
    assert [post.employment and post.employment.jurisdiction for post in moved.posts] == [ZHENGZHOU]
    assert facts.employments[0].jurisdiction == "510107"
