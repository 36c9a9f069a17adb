"""Demo careers: the same from the same plan, acceptable to every ledger, and as the rules of examination have them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import get_args

import msgspec
import pytest
from msgspec.structs import fields

from contracts.events.catalogue import ALL_TYPES, Patch
from contracts.events.codec import Source, parse_event
from contracts.events.revisions import Recorded, resolve
from contracts.events.values import EducationField, EducationLevel
from contracts.places import lies_in
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.facts.oddities import findings_of
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.reckoning import HoursResult
from services.core.rules.verdict import Determination, Question, result_of
from services.demo.careers import Plan, career, careers, second_id
from services.demo.places import Event, ends_of, mistaken_of, organizations_of, places_within, standards_of
from services.demo.telling import Career
from services.ledger.domain.career import Append
from services.ledger.domain.draft import Draft
from services.ledger.domain.standards import standard_event
from services.ledger.domain.stream import GrowingStream
from services.runtime.showcase import SHOWCASE
from tests.lives import CHENGDU, NATION, PINNED, ZHENGZHOU

UNTIL = date(2026, 11, 22)
PRACTITIONERS = 300
ANNUAL, TERM = "continuing_education.annual", "continuing_education.registration_term"


def plan(seed: int = 1, until: date = UNTIL, years: int = 8, jurisdiction: str = NATION) -> Plan:
    return Plan(seed, until, years, places_within(jurisdiction, PINNED))


@pytest.fixture(scope="module")
def told() -> list[Career]:
    """The careers of a national demo."""
    return list(careers(plan(), PRACTITIONERS))


def recorded(events: Sequence[Event]) -> list[Recorded]:
    return [
        Recorded(n, n, event["event_id"], event["type"], event["occurred_on"], event["data"])
        for n, event in enumerate(events, start=1)
    ]


def facts_of(events: Sequence[Event]) -> Facts:
    return fold(resolve(recorded(events)))


def ask(events: Sequence[Event], determination: str, as_of: str, place: str) -> Determination:
    return evaluate(compose(place, PINNED, ()), facts_of(events), Question(determination, date.fromisoformat(as_of)))


def test_service_is_recorded_on_the_platform_that_the_text_names() -> None:
    """CD-10; elsewhere the demo invents one."""
    platforms = {place.jurisdiction: place.platform for place in places_within(NATION, PINNED)}
    assert platforms[CHENGDU] == "成都社工管理服务平台"
    assert platforms[ZHENGZHOU] == "郑州市社会工作服务平台"


def of_type(events: Sequence[Event], type_: str) -> Iterator[Event]:
    return (event for event in events if event["type"] == type_)


def ids_in(told: Sequence[Career]) -> set[str]:
    return {event["event_id"] for one in told for event in one.events}


def test_the_same_plan_gives_the_same_bytes(told: list[Career]) -> None:
    assert msgspec.json.encode(list(careers(plan(), PRACTITIONERS))) == msgspec.json.encode(told)


def test_another_seed_gives_other_people_and_the_same_showcase() -> None:
    ours, others = (list(careers(plan(seed), 50)) for seed in (1, 2))
    assert ours[0] == others[0]
    assert ours[0].practitioner_id == SHOWCASE
    assert not ids_in(ours[1:]) & ids_in(others[1:])
    assert not {one.practitioner_id for one in ours[1:]} & {one.practitioner_id for one in others[1:]}


def test_no_event_id_stands_twice(told: list[Career]) -> None:
    assert len(ids_in(told)) == sum(len(one.events) for one in told)


def test_a_later_day_of_the_same_year_only_adds_events(told: list[Career]) -> None:
    earlier = list(careers(plan(until=date(2026, 2, 1)), PRACTITIONERS))
    assert [one.practitioner_id for one in earlier] == [one.practitioner_id for one in told]
    for before, after in zip(earlier, told, strict=True):
        assert after.events[: len(before.events)] == before.events
    assert sum(len(one.events) for one in earlier) < sum(len(one.events) for one in told)


@pytest.mark.parametrize("jurisdiction", [NATION, CHENGDU, ZHENGZHOU, "510107", "440300"])
def test_a_ledger_accepts_every_event_of_a_career_that_lies_inside_it(jurisdiction: str) -> None:
    for one in careers(plan(jurisdiction=jurisdiction), 60):
        draft = Draft(
            "demo",
            0,
            datetime(2026, 11, 22, tzinfo=UTC),
            {one.practitioner_id: 0},
            {},
            {one.practitioner_id: GrowingStream()},
        )
        answer = draft.add(Append(one.practitioner_id, [parse_event(event) for event in one.events]))
        assert len(answer.events) == len(one.events)
        for event in one.events:
            if "jurisdiction" in event["data"]:
                assert lies_in(event["data"]["jurisdiction"], jurisdiction)
            assert event["occurred_on"] <= UNTIL.isoformat()


@pytest.mark.parametrize("jurisdiction", [NATION, CHENGDU, "510107", "440300"])
def test_a_ledger_accepts_every_local_standard(jurisdiction: str) -> None:
    bodies = standards_of(places_within(jurisdiction, PINNED))
    events = [standard_event("demo", jurisdiction, body) for body in bodies]
    assert len({event.event_id for event in events}) == len(events)
    assert (len(events) > 0) == (jurisdiction != "440300")


def test_nothing_that_a_career_tells_is_found_odd_but_what_is_told_twice(told: list[Career]) -> None:
    """A training (R-10); and a job or post that somebody takes up anew, with no end of the one before it."""
    streams = [resolve(recorded(one.events)) for one in told]
    findings = [finding for stream in streams for finding in findings_of(stream, fold(stream))]
    assert {finding.problem for finding in findings} == {"told_twice", "nearly_told_twice"}


def test_every_type_and_every_member_of_it_occurs_in_the_demo(told: list[Career]) -> None:
    """But the adoption of a pack: a ledger of the demo goes by those that it was founded with."""
    places = places_within(NATION, PINNED)
    events = [event for one in (*told, second_id(plan())) for event in one.events]
    bodies = [(event["type"], event["data"]) for event in events]
    bodies += [("local_standard.registered", body) for body in (*standards_of(places), *mistaken_of(places))]
    bodies += [("local_standard.ended", {"standard_id": id_, **end}) for id_, end in ends_of(places).items()]
    bodies += [("organization.recorded", body) for body in organizations_of(places)]
    seen = {(type_, member) for type_, body in bodies for member in body}
    members = {(type_, member.name) for type_, struct in ALL_TYPES.items() for member in fields(struct)}
    assert {type_ for type_, _ in members - seen} == {"policy.adopted"}, members - seen
    assert {member for event in events for member in event.get("source", {})} == {*Source.__struct_fields__}
    patches = (event["data"]["set"] for event in events if event["type"] == "event.corrected")
    assert {member for patch in patches for member in patch} == {*Patch.__struct_fields__}


def test_every_level_and_field_of_education_occurs(told: list[Career]) -> None:
    degrees = [degree["data"] for one in told for degree in of_type(one.events, "education.recorded")]
    assert {degree["level"] for degree in degrees} == {*get_args(EducationLevel)}
    assert {degree["field"] for degree in degrees} == {*get_args(EducationField)}


def test_some_register_anew_on_the_day_on_which_a_registration_ends(told: list[Career]) -> None:
    """Where the person moves to, or of a higher certificate."""
    anew = 0
    for one in told:
        begun = {event["data"]["valid_from"] for event in of_type(one.events, "registration.granted")}
        anew += sum(event["occurred_on"] in begun for event in of_type(one.events, "registration.ended"))
    assert anew > 10


def test_a_certificate_by_a_local_line_is_valid_in_its_place_alone(told: list[Career]) -> None:
    """N-04, R-35."""
    by_a_local_line = 0
    for one in told:
        marks = {exam["data"].get("score", "60") for exam in of_type(one.events, "exam.subject_passed")}
        local = [event["data"] for event in of_type(one.events, "certificate.obtained")]
        local = [data for data in local if data["scope"] == "local"]
        assert all("valid_in" in data for data in local)
        by_a_local_line += any(float(mark) < 60 for mark in marks) and bool(local)
    assert by_a_local_line > 5


def test_a_career_of_eight_years_has_15_to_30_events_and_few_of_them_revise(told: list[Career]) -> None:
    types = Counter(event["type"] for one in told for event in one.events)
    assert 15 <= types.total() / len(told) <= 30
    assert 0.01 < (types["event.corrected"] + types["event.voided"]) / types.total() < 0.04


def test_a_certificate_follows_its_subjects_passed_in_time(told: list[Career]) -> None:
    """N-03: junior all subjects in one exam year, intermediate all three in two consecutive ones; N-05: senior."""
    seen = Counter[str]()
    for one in told:
        passed = defaultdict(set)
        for exam in of_type(one.events, "exam.subject_passed"):
            passed[exam["data"]["level"], exam["data"]["exam_year"]].add(exam["data"]["subject"])
        for certificate in of_type(one.events, "certificate.obtained"):
            level, year = certificate["data"]["level"], int(certificate["occurred_on"][:4])
            seen[level] += 1
            if level == "junior":
                assert len(passed["junior", year]) == 2
            elif level == "intermediate":
                assert len(passed["intermediate", year] | passed["intermediate", year - 1]) == 3
            elif level == "senior":
                reviews = of_type(one.events, "senior_review.decided")
                assert any(review["data"]["result"] == "pass" for review in reviews)
            else:
                assert certificate["data"]["basis"] == "local_test"
    assert min(seen[level] for level in ("basic", "junior", "intermediate")) > 0


def test_who_registers_holds_a_certificate_and_registers_for_three_years(told: list[Career]) -> None:
    renewals = 0
    for one in told:
        approved = [event["occurred_on"] for event in of_type(one.events, "certificate.obtained")]
        for registration in of_type(one.events, "registration.granted"):
            first = registration["data"]["valid_from"]
            renewals += not registration["data"]["first"]
            assert min(approved) <= first
            if last := registration["data"].get("valid_until"):
                assert (date.fromisoformat(last) - date.fromisoformat(first)).days in (1094, 1095)
    assert renewals > 20


def test_the_answers_about_the_careers_are_spread(told: list[Career]) -> None:
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    # One place in five asks for hours in a year, so its own demo is looked at beside the nation's.
    for one in (*told, *careers(plan(jurisdiction=ZHENGZHOU), PRACTITIONERS // 2)):
        facts = facts_of(one.events)
        for job in reversed(facts.employments):
            if job.holds_on(UNTIL):
                rules = compose(job.jurisdiction, PINNED, ())
                for name in ("allowance", "grade", "registration"):
                    statuses[name][evaluate(rules, facts, Question(name, UNTIL)).node.status] += 1
                for name in (ANNUAL, TERM):
                    statuses[name][evaluate(rules, facts, Question(name, date(2025, 12, 31))).node.status] += 1
                break
    assert {"eligible", "not_eligible", "needs_review"} <= statuses["allowance"].keys()
    assert {"conforming", "not_conforming", "none"} <= statuses["grade"].keys()
    assert {"valid", "lapsed", "none"} <= statuses["registration"].keys()
    assert {"met", "not_met", "needs_review"} <= statuses[ANNUAL].keys()
    assert {"met", "pending", "needs_review"} <= statuses[TERM].keys()
    for name in ("allowance", ANNUAL):
        met, not_met = ("eligible", "not_eligible") if name == "allowance" else ("met", "not_met")
        assert min(statuses[name][met], statuses[name][not_met]) > 10


# The showcase.


def showcase(jurisdiction: str, *, corrected: bool = True) -> list[Event]:
    events = career(plan(jurisdiction=jurisdiction), 1).events
    return [event for event in events if corrected or event["type"] != "event.corrected"]


@pytest.mark.parametrize("jurisdiction", [NATION, ZHENGZHOU])
def test_half_an_hour_short_was_an_error_of_the_record(jurisdiction: str) -> None:
    before = ask(showcase(jurisdiction, corrected=False), ANNUAL, "2022-12-31", ZHENGZHOU)
    assert (before.node.status, result_of(before.node, HoursResult).shortfall_hours) == ("not_met", "0.5")
    assert ask(showcase(jurisdiction), ANNUAL, "2022-12-31", ZHENGZHOU).node.status == "met"


def test_where_no_year_counts_she_was_half_an_hour_short_of_the_term() -> None:
    before = ask(showcase(CHENGDU, corrected=False), TERM, "2022-12-01", CHENGDU)
    assert (before.node.status, result_of(before.node, HoursResult).shortfall_hours) == ("not_met", "0.5")
    assert ask(showcase(CHENGDU), TERM, "2022-12-01", CHENGDU).node.status == "met"


@pytest.mark.parametrize(("jurisdiction", "place"), [(NATION, ZHENGZHOU), (ZHENGZHOU, ZHENGZHOU), (CHENGDU, CHENGDU)])
@pytest.mark.parametrize(
    ("as_of", "determination", "status"),
    [
        ("2022-03-31", "grade", "conforming"),
        ("2022-04-01", "grade", "not_conforming"),
        ("2022-10-19", "grade", "not_conforming"),
        ("2022-10-20", "grade", "conforming"),
        ("2022-12-01", "registration", "valid"),
        ("2022-12-02", "registration", "lapsed"),
        ("2024-05-12", "registration", "lapsed"),
        ("2024-05-13", "registration", "valid"),
    ],
)
def test_the_showcase_is_as_its_story_says(
    jurisdiction: str, place: str, as_of: str, determination: str, status: str
) -> None:
    assert ask(showcase(jurisdiction), determination, as_of, place).node.status == status


@pytest.mark.parametrize(
    ("as_of", "status"), [("2024-05-12", "not_eligible"), ("2024-05-13", "eligible"), ("2026-11-22", "eligible")]
)
def test_where_she_moves_the_allowance_waits_for_the_registration(as_of: str, status: str) -> None:
    assert ask(showcase(NATION), "allowance", as_of, CHENGDU).node.status == status
