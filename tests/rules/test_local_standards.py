"""Local standards: from the first day to the last, once recorded, unless they were entered by mistake (CD-26)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.revisions import Recorded
from contracts.policies.language import LocalStandard
from services.core.questions.known import UndatedQuestion, person_known
from services.core.questions.timeline import Budget, Cause, walk_days, walk_knowledge
from services.core.rules.local_standards import registered_standards
from services.core.rules.rulebook import Rulebook
from services.demo.lives import Life
from services.ledger.domain.career import as_recorded
from services.ledger.domain.rejections import (
    EndBeforeBeginning,
    LocalStandardEndsOtherwise,
    LocalStandardVoided,
    UnknownLocalStandard,
)
from services.ledger.domain.standards import (
    StandardHistory,
    ending,
    histories,
    history_of,
    standard_event,
    voiding,
    voiding_end,
)
from tests.lives import NATION, PINNED, ask, example, id_of, recorded, recorded_rules, someone

DISTRICT = "410103"
WORKER = someone.employed("2021-01-01", DISTRICT).certified("2021-10-17")
PAYS = someone.standard_registered("2024-01-01", DISTRICT, standard_id="pays")
ENDED = PAYS.standard_ended("pays", "2024-06-30")


def standards(life: Life) -> tuple[LocalStandard, ...]:
    return registered_standards(recorded_rules(life))


def amount(rules: Life, as_of: str) -> str | None:
    answer = ask(WORKER, "allowance", as_of, DISTRICT, standards=standards(rules))
    result: Any = answer.node.result
    given: str | None = result.amount
    return given


# What counts.


@pytest.mark.parametrize(
    ("as_of", "paid"), [("2023-12-31", None), ("2024-01-01", "200"), ("2024-06-30", "200"), ("2024-07-01", None)]
)
def test_a_standard_applies_from_its_first_day_through_its_last(as_of: str, paid: str | None) -> None:
    assert amount(ENDED, as_of) == paid


def test_until_its_end_is_known_a_standard_has_no_last_day() -> None:
    assert [amount(rules, "2024-07-01") for rules in (PAYS, ENDED)] == ["200", None]


def test_an_answer_holds_no_longer_than_the_standard_that_gives_its_amount() -> None:
    answer = ask(WORKER, "allowance", "2024-03-01", DISTRICT, standards=standards(ENDED))
    assert answer.until is not None
    assert answer.until <= date(2024, 6, 30)


def test_a_standard_that_was_voided_never_counted() -> None:
    assert [amount(PAYS.voided(1), day) for day in ("2024-01-01", "2024-06-30")] == [None, None]


def test_an_end_that_was_voided_ended_nothing_and_another_end_may_follow() -> None:
    assert amount(ENDED.voided(2), "2024-07-01") == "200"
    again = ENDED.voided(2).standard_ended("pays", "2024-09-30")
    assert [amount(again, day) for day in ("2024-09-30", "2024-10-01")] == ["200", None]


def test_the_end_of_one_standard_is_none_of_another() -> None:
    other = PAYS.standard_registered("2024-02-01", DISTRICT, standard_id="other").standard_ended("pays", "2024-06-30")
    assert [(one.standard_id, one.effective_until) for one in standards(other)] == [
        ("pays", date(2024, 6, 30)),
        ("other", None),
    ]


def test_a_measure_of_a_unit_names_the_unit() -> None:
    """R-27: 县（市、区）或有关单位."""
    [of_place, of_unit] = standards(
        PAYS.standard_registered("2024-02-01", DISTRICT, standard_id="unit", organization="O-1")
    )
    assert (of_place.organization, of_unit.organization) == (None, "O-1")


def test_the_voids_of_a_person_are_none_of_the_rules() -> None:
    life = PAYS + someone.trained().voided(2).voided(1)
    assert [event.type for event in recorded(life)] == ["training.completed", "event.voided"]
    assert [event.type for event in recorded_rules(life)] == ["local_standard.registered", "event.voided"]


def test_an_example_may_say_that_a_standard_ended() -> None:
    assert [event["event"] for event in example(ENDED)] == ["local_standard.registered", "local_standard.ended"]


# Timelines.


def days_of(rules: Life) -> list[tuple[str, tuple[Cause, ...]]]:
    known = person_known(recorded(WORKER), Rulebook(NATION, PINNED, standards(rules)))
    page = walk_days(known, UndatedQuestion("allowance", DISTRICT), date(2023, 6, 1), date(2024, 12, 31), Budget(1_000))
    return [(change.on.isoformat(), change.causes) for change in page.changes]


def test_the_end_of_a_standard_is_the_cause_of_the_day_after_its_last() -> None:
    [begins, ended] = days_of(ENDED)
    named = {"jurisdiction": DISTRICT, "standard": "pays"}
    assert begins[0] == "2024-01-01"
    [cause] = begins[1]
    assert (cause.cause, cause.turn, [event.event_id for event in cause.events]) == ("rule", "begins", [id_of(1)])
    assert ended[0] == "2024-07-01"
    [cause] = ended[1]
    assert {"jurisdiction": cause.jurisdiction, "standard": cause.standard} == named
    assert (cause.cause, cause.turn, [event.event_id for event in cause.events]) == ("rule", "ended", [id_of(2)])


def test_where_a_successor_begins_at_once_it_is_the_cause_and_not_the_end() -> None:
    replaced = ENDED.standard_registered("2024-07-01", DISTRICT, standard_id="more", tiers={"junior": "300"})
    [_, (day, [cause])] = days_of(replaced)
    assert (day, cause.standard, cause.turn) == ("2024-07-01", "more", "begins")


def test_over_what_was_known_an_end_and_its_void_are_causes() -> None:
    rules = [
        Recorded(event.position + 10, event.version, event.event_id, event.type, event.occurred_on, event.raw)
        for event in recorded_rules(ENDED.voided(2))
    ]
    page = walk_knowledge(
        UndatedQuestion("allowance", DISTRICT),
        date(2024, 7, 1),
        recorded(WORKER),
        rules,
        lambda own, known: person_known(own, Rulebook(NATION, PINNED, registered_standards(known))),
        Budget(1_000),
    )
    last_three = [(change.position, change.causes[0].cause) for change in page.changes][-3:]
    assert last_three == [(11, "rule"), (12, "rule"), (13, "rule")]


# What the ledger records.

BODY = {
    "standard_id": "s",
    "jurisdiction": DISTRICT,
    "determination": "allowance",
    "effective_from": "2024-01-01",
    "tiers": {"junior": "200"},
    "unit": "CNY_per_month",
}
TODAY = date(2026, 11, 22)


class Book:
    """The rule events of a ledger, as they are decided one after another."""

    def __init__(self) -> None:
        self.events = [as_recorded(standard_event("demo", NATION, BODY), 1, 1)]

    @property
    def history(self) -> StandardHistory:
        return history_of("s", self.events)

    def end(self, last_day: str) -> int:
        return self._record(ending("demo", self.history, {"last_day": last_day}))

    def void(self, reason: str = "误录") -> int:
        return self._record(voiding("demo", self.history, {"reason": reason}, TODAY))

    def void_end(self, reason: str = "误录") -> int:
        return self._record(voiding_end("demo", self.history, {"reason": reason}, TODAY))

    def _record(self, made: Any) -> int:
        """Return the position of what is made, or was made before."""
        if isinstance(made, Recorded):
            return made.position
        position = len(self.events) + 1
        self.events.append(as_recorded(made, position, position))
        return position

    def told(self) -> tuple[str | None, bool]:
        [history] = histories(self.events).values()
        document = history.document()
        return document["last_day"], document["voided"]


def test_an_end_that_is_sent_again_is_the_same_and_on_another_day_refused() -> None:
    book = Book()
    assert [book.end("2024-06-30"), book.end("2024-06-30")] == [2, 2]
    with pytest.raises(LocalStandardEndsOtherwise) as refused:
        book.end("2024-07-01")
    assert (refused.value.last_day, refused.value.position) == ("2024-06-30", 2)
    assert book.told() == ("2024-06-30", False)


def test_two_ends_decided_at_once_have_one_id_so_that_only_one_is_recorded() -> None:
    history = Book().history
    made = [ending("demo", history, {"last_day": day}) for day in ("2024-06-30", "2024-07-01")]
    assert len({event.event_id for event in made}) == 1


def test_a_standard_ends_on_its_first_day_at_the_earliest() -> None:
    with pytest.raises(EndBeforeBeginning):
        Book().end("2023-12-31")
    assert Book().end("2024-01-01") == 2


def test_after_its_void_an_end_may_be_made_again_even_on_the_same_day() -> None:
    book = Book()
    book.end("2024-06-30")
    assert [book.void_end(), book.void_end()] == [3, 3]
    assert book.told() == (None, False)
    assert [book.end("2024-06-30"), book.end("2024-06-30")] == [4, 4]
    assert book.told() == ("2024-06-30", False)
    assert len({event.event_id for event in book.events}) == 4


def test_a_void_that_is_sent_again_is_the_same_and_for_another_reason_refused() -> None:
    book = Book()
    assert [book.void(), book.void()] == [2, 2]
    with pytest.raises(LocalStandardVoided):
        book.void("another reason")
    assert book.told() == (None, True)


def test_a_standard_that_is_voided_cannot_be_ended_and_one_that_ended_can_be_voided() -> None:
    voided, ended = Book(), Book()
    voided.void()
    with pytest.raises(LocalStandardVoided):
        voided.end("2024-06-30")
    ended.end("2024-06-30")
    assert ended.void() == 3
    assert registered_standards(ended.events) == ()


def test_what_is_not_there_is_neither_ended_nor_voided() -> None:
    with pytest.raises(UnknownLocalStandard):
        history_of("other", Book().events)
    with pytest.raises(UnknownLocalStandard):
        Book().void_end()
