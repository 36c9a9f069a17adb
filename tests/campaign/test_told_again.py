"""Whatever a life tells again, of every type and at any place in it, is judged as if told once (ADR-0028)."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, get_args

import pytest
from msgspec import structs

from contracts.events.catalogue import PRACTITIONER_TYPES, REVISION_TYPES
from contracts.events.values import DeterminationId, ExamLevel
from services.core.facts.facts import Facts
from services.core.facts.sameness import ABSENT_MEANS
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.verdict import Question
from tests.lives import CHENGDU, ZHENGZHOU, Life, facts_of, findings_of, id_of, rules_of, someone

_EVERYTHING = (
    someone.enrolled("2019-01-01", jurisdiction="410100")
    .graduated("2018-07-01", "master", institution="成都大学（望江校区）")
    .passed("2020-06-18", "practice", "intermediate", score="70")
    .senior_proof_issued("2022-12-20", "2025-12-19")
    .senior_review_applied("2023-05-01", committee="四川省评委会")
    .senior_review_decided("2023-09-01", "2023-05-01")
    .certified("2020-10-18", "intermediate")
    .certified("2018-10-18", "junior")
    .certificate_withdrawn("2021-10-18", "junior")
    .registered("2021-01-15", "2024-01-14")
    .registration_ended("2023-06-01")
    .employed("2017-01-01", "410103", employer="金水区社工站", role="social_worker", called="first job")
    .left("2020-12-31", employment="first job")
    .employed("2021-01-01", "510107", role="full_time_community_worker", employer="武侯区某社区", called="job")
    .employed("2022-01-01", "410103", concurrent=True)
    .promoted("2021-06-01", 12, "社会工作师", decision_no="川人社〔2021〕9号", employment="job")
    .promotion_ended("2023-12-31", reason="岗位调整")
    .promoted("2024-01-01", 10, "社会工作师", employment="job")
    .trained("2023-03-01", "30", proof_no="ZZ-2023-001", provider="社会工作协会")
    .trained("2023-04-01", "12", course="小组工作", provider="社区学院")
    .served("2024-03-10", platform="成都社工管理服务平台", hours="2", task="帮困")
    .assessed("2024-01-01", "2024-12-31", on="2024-01-20")
    .supervisor_designated("2022-05-10", authority="成都市民政局")
    .supervisor_ended("2023-05-09")
    .talent_designated("2022-05-01", "sichuan_high_end", authority="四川省民政厅")
    .qualification_declared("2018-01-01")
    .qualification_recognized("2018-06-01", "junior", "350000")
    .honor_recorded("2022-01-01")
    .role_recorded("2022-01-01")
    .benefit_granted("2023-02-01", determination="benefit.apartment")
    .complaint_decided("2022-01-01")
    .sanction_imposed("2022-01-01")
    .sanction_lifted("2022-06-01")
    .allowance_decided("2024-05-06")
)
NOT_ABOUT_FACTS = {*REVISION_TYPES, "practitioner.linked"}
_OTHERS = sorted(PRACTITIONER_TYPES.keys() - NOT_ABOUT_FACTS - {event.type for event in _EVERYTHING.events})
EVERYTHING = replace(
    _EVERYTHING,
    events=tuple(
        replace(event, name=event.name or f"fact {at}")
        for at, event in enumerate(sum(map(someone.then, _OTHERS), _EVERYTHING).events)
    ),
)
"""At least one event of every type that is about a person, each with a name that it keeps wherever it stands."""
AT = [date(2021, 6, 1), date(2023, 6, 1), date(2024, 5, 31)]


def judged(life: Life, place: str) -> dict[tuple[Any, ...], Any]:
    """Return status and result of everything, but for the list of what was left out, which names each event."""
    facts, rules = facts_of(life), rules_of(place)
    answers = {}
    for determination in get_args(DeterminationId):
        levels: tuple[Any, ...] = get_args(ExamLevel) if determination in OF_A_LEVEL else (None,)
        for question in [Question(determination, day, None, level) for level in levels for day in AT]:
            node = evaluate(rules, facts, question).node
            result = {name: getattr(node.result, name) for name in node.result.__struct_fields__}
            result.pop("not_counted", None)
            answers[determination, question.as_of, question.level] = node.status, result
    return answers


@cache
def everything_judged(place: str) -> dict[tuple[Any, ...], Any]:
    return judged(EVERYTHING, place)


def told_once(facts: Facts) -> Facts:
    """Return the facts without what says another again."""
    return structs.replace(
        facts,
        trainings=tuple(one for one in facts.trainings if one.repeats is None and not one.voided),
    )


def in_words(facts: Facts) -> str:
    """Return facts without the positions of their events, which differ where something is told in between."""
    return re.sub(r"position=[0-9]+", "", repr(facts))


def problems(life: Life) -> list[tuple[str, str]]:
    return [(finding.event_id, finding.problem) for finding in findings_of(life)]


def again(life: Life, *, naming_doubles: bool) -> Life:
    """Return the events once more, each under another id. What names a job names it, or else the double of it."""
    events = []
    for event in life.events:
        job = event.data.get("employment")
        named = {"employment": f"{job} again"} if job and naming_doubles else {}
        events.append(replace(event, name=f"{event.name} again", data={**event.data, **named}))
    return replace(life, events=tuple(events))


@pytest.mark.parametrize("number", range(len(EVERYTHING)), ids=[event.type for event in EVERYTHING.events])
def test_a_fact_told_twice_changes_nothing_but_the_findings(number: int) -> None:
    """Wherever after the first it is told; and with its void it is as if neither had been."""
    double = again(EVERYTHING[number : number + 1], naming_doubles=False)
    name = double.events[0].name
    assert name
    once, at_once = facts_of(EVERYTHING), EVERYTHING[: number + 1] + double + EVERYTHING[number + 1 :]
    for life in (EVERYTHING + double, at_once):
        assert in_words(told_once(facts_of(life))) == in_words(told_once(once))
        assert (id_of(name), "told_twice") in problems(life)
    voided = (EVERYTHING + double).voided(name)
    assert told_once(facts_of(voided)) == told_once(once)
    assert problems(voided) == problems(EVERYTHING)


@pytest.mark.parametrize("naming_doubles", [False, True])
@pytest.mark.parametrize("place", [CHENGDU, ZHENGZHOU])
def test_a_whole_life_sent_again_is_judged_as_it_was(place: str, naming_doubles: bool) -> None:
    """Under new ids, where what names a job may name the double of it."""
    twice = EVERYTHING + again(EVERYTHING, naming_doubles=naming_doubles)
    assert judged(twice, place) == everything_judged(place)
    assert [problem for _, problem in problems(twice)].count("told_twice") == len(EVERYTHING)


LESS = [
    (at, member.name)
    for at, event in enumerate(EVERYTHING.events)
    if event.type != "training.completed"  # Of which R-10 speaks.
    for member in structs.fields(PRACTITIONER_TYPES[event.type])
    if not member.required and member.name in event.data
    if (PRACTITIONER_TYPES[event.type], member.name) not in ABSENT_MEANS
]


@pytest.mark.parametrize(("number", "member"), LESS, ids=[f"{EVERYTHING.events[at].type} {name}" for at, name in LESS])
@pytest.mark.parametrize("place", [CHENGDU, ZHENGZHOU])
def test_what_is_told_again_with_less_or_with_more_is_judged_as_the_fuller(
    place: str, number: int, member: str
) -> None:
    """Whichever of the two is recorded first: they are one fact."""
    before, fuller, after = EVERYTHING[:number], EVERYTHING[number : number + 1], EVERYTHING[number + 1 :]
    less = without(again(fuller, naming_doubles=False), member)
    for first, second in ((fuller, less), (less, fuller)):
        life = before + first + second + after
        assert judged(life, place) == everything_judged(place)
        # A post that names no job says that of the one to which it falls.
        finding = "told_twice" if member == "employment" else "told_in_part"
        assert (id_of(second.events[0].name or 0), finding) in problems(life)


def without(life: Life, member: str) -> Life:
    events = (
        replace(event, data={name: value for name, value in event.data.items() if name != member})
        for event in life.events
    )
    return replace(life, events=tuple(events))
