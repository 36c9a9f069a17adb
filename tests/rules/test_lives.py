"""The grammar of lives: it has a word for each fact, its shortest form is valid, and every form means the same."""

from datetime import date
from uuid import UUID

import pytest

from contracts.events.catalogue import ALL_TYPES
from contracts.events.codec import parse_event
from contracts.events.revisions import resolve
from services.core.authoring.examples import example_standards, example_stream
from services.core.rules.local_standards import registered_standards
from tests.lives import CHENGDU_WORKER, Life, example, http, id_of, recorded, recorded_rules, someone

JOINING = {"of", "without", "but", "then"}
REVISING = {"corrected", "voided"}
WORDS = {name for name in vars(Life) if not name.startswith("_")} - JOINING - {"events", "person"}
SHORTEST = [getattr(someone, word)() for word in sorted(WORDS - REVISING)]
EVERYTHING = sum(SHORTEST, someone).corrected(1, occurred_on="2024-05-07").voided(2)


def is_valid(life: Life) -> bool:
    return [parse_event(body, types=ALL_TYPES).type for body in http(life)] == [life.events[0].type]


@pytest.mark.parametrize("type_", ALL_TYPES)
def test_every_event_type_of_the_catalogue_can_be_told(type_: str) -> None:
    assert is_valid(someone.then(type_))


def test_no_two_words_tell_of_the_same_event_type() -> None:
    types = [event.type for event in EVERYTHING.events]
    assert sorted(types) == sorted(set(types))


@pytest.mark.parametrize("life", SHORTEST, ids=lambda life: str(life.events[0].type))
def test_the_shortest_form_of_each_fact_is_a_valid_event(life: Life) -> None:
    assert is_valid(life)


def test_a_life_is_known_in_the_order_in_which_it_is_told_whatever_the_days() -> None:
    late = someone.trained("2024-01-01").trained("2023-01-01")
    assert [(event.position, event.version, event.occurred_on) for event in recorded(late)] == [
        (1, 1, "2024-01-01"),
        (2, 2, "2023-01-01"),
    ]


def test_a_day_is_told_as_text_or_as_a_date() -> None:
    first, last = date(2024, 1, 1), date(2026, 12, 31)
    assert someone.registered(first, last) == someone.registered("2024-01-01", "2026-12-31")


def test_telling_more_leaves_what_was_told_as_it_is() -> None:
    before = CHENGDU_WORKER.events
    CHENGDU_WORKER.left("2025-01-31").corrected(1, role="other")
    assert CHENGDU_WORKER.events == before


def test_an_event_is_referred_to_by_its_number_or_its_name() -> None:
    life = someone.trained().trained(called="course").voided(1).voided("course").voided(2).voided(9)
    targets = [body["data"]["target"] for body in http(life)[2:]]
    assert targets == [id_of(1), id_of("course"), id_of("course"), id_of(9)]


def test_an_id_serves_as_a_name() -> None:
    own = UUID("0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10")
    assert [body["event_id"] for body in http(someone.trained(called=own))] == [str(own)]


def test_another_persons_life_has_event_ids_of_its_own() -> None:
    life = someone.trained(called="course").voided("course").trained()
    ours, theirs = http(life), http(life.of("P-2"))
    assert not {body["event_id"] for body in ours} & {body["event_id"] for body in theirs}
    assert theirs[1]["data"]["target"] == theirs[0]["event_id"] == id_of("course", "P-2")


def test_a_correction_sets_a_day_members_or_both_and_takes_a_member_away() -> None:
    life = someone.trained(course="x").corrected(1, occurred_on="2024-05-07").corrected(1, amount="3", course=None)
    (fact,) = resolve(recorded(life)).facts
    assert (fact.occurred_on, fact.data) == (
        date(2024, 5, 7),
        resolve(recorded(someone.trained("2024-05-07", "3"))).facts[0].data,
    )


def test_one_part_of_a_life_may_be_other_than_it_was_or_missing() -> None:
    other = CHENGDU_WORKER.but(someone.certified("2020-10-17", "senior"))
    assert [event.type for event in other.events] == [event.type for event in CHENGDU_WORKER.events]
    assert other.events[1].data["level"] == "senior"
    assert len(CHENGDU_WORKER.without("certificate.obtained", "service.recorded")) == 3


def test_the_example_of_a_life_is_read_as_the_life_with_what_it_tells_of_the_rules() -> None:
    life = someone.standard_registered("2024-01-01", "510107").trained().employed().left(employment=3).voided(2)
    assert example_stream(example(life)) == recorded(life)
    assert example_standards(example(life)) == registered_standards(recorded_rules(life)) != ()


def test_in_an_example_events_go_by_their_numbers_whatever_they_are_called() -> None:
    (_, void) = example(someone.trained(called="course").voided("course"))
    assert void == {"event": "event.voided", "on": "2024-05-06", "target": id_of(1), "reason": "重复登记"}
