"""Judging a page of people: rows, figures and what-if agree about the same people, and no person's error affects
another."""

import pickle
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context

import pytest
from msgspec import structs

from contracts.document import plain
from contracts.events.revisions import Recorded
from contracts.places import lies_in
from contracts.policies.packs import Shipped
from contracts.policies.shipped import shipped, shipped_pack
from services.core.authoring.effects import EffectOfEdits
from services.core.questions.count import classify, indicators_of
from services.core.questions.effect import effect_of
from services.core.questions.judge import Unreadable, answer_each, judge
from services.core.questions.standing import STANDING, Standing, stored
from services.core.questions.whatif import Comparison, Person, comparison_of
from services.core.rules.rulebook import Rulebook
from services.demo.cohort import cohort_of
from services.whatif.report import effect_lines
from tests.documents import document_of, text_with
from tests.lives import CHENGDU, NATION, PINNED, ZHENGZHOU, recorded, someone

DAYS = (date(2021, 3, 1), date(2023, 12, 31), date(2025, 6, 30), date(2026, 6, 1))
RULEBOOK = Rulebook(NATION, PINNED, ())
LIFE = someone.employed("2022-06-01", ZHENGZHOU).certified("2022-03-01").registered("2023-01-01")
SOUND = Person("sound", recorded(LIFE))
BROKEN = Person("broken", (Recorded(1, 1, "e1", "certificate.obtained", "2022-03-01", {"level": 7}),))


def without_service_record() -> Mapping[str, Shipped]:
    """Return the shipped packs, Chengdu's with an allowance that asks for no service record."""
    document = document_of(CHENGDU)
    requires = text_with(document, "allowance")["rules"]["allowance"]["payment"]["requires"]
    requires["all_of"] = [part for part in requires["all_of"] if "service_record" not in part]
    return {**shipped(), CHENGDU: shipped_pack(document)}


@dataclass(frozen=True)
class Cohort:
    """Plausible careers, and what a change of a pack does to them."""

    people: Sequence[Person]
    comparison: Comparison


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    after = without_service_record()
    found = cohort_of(CHENGDU, shipped(), after, practitioners=60, seed=3)
    careers = [person for person in found.people if not person.is_example]
    return Cohort(careers, comparison_of(CHENGDU, shipped(), after, found, with_alternatives=False))


def rows(people: Sequence[Person], rulebook: Rulebook, day: date) -> list[Standing]:
    judged = judge(people, rulebook, day)
    assert not any(isinstance(one, Unreadable) for one in judged)
    return [one for one in judged if isinstance(one, Standing)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_figure_counts_the_answers_that_rows_have(cohort: Cohort, day: date) -> None:
    standings = rows(cohort.people, RULEBOOK, day)
    for asked in indicators_of(PINNED.values(), day):
        place, name = asked.pinned.pack.jurisdiction, asked.indicator.determination
        if asked.decided_on != day or name is None:  # One of organizations alone asks nobody anything.
            continue
        for row, found in zip(standings, answer_each(cohort.people, RULEBOOK, [name], day, place), strict=True):
            if not lies_in(row.jurisdiction, place):
                assert found is None
                continue
            assert isinstance(found, Sequence)
            assert found == [row.determinations[name]]
            provided = [plain(row.determinations[other].node.result) for other in asked.indicator.provided]
            counted, kept = (
                classify(asked.indicator, one.node.status, plain(one.node.result), provided)
                for one in (*found, row.determinations[name])
            )
            assert counted == kept


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_change_of_a_pack_touches_on_a_day_those_whose_rows_of_the_day_differ(cohort: Cohort, day: date) -> None:
    before = rows(cohort.people, cohort.comparison.before, day)
    after = rows(cohort.people, cohort.comparison.after, day)
    touched = 0
    for person, was, now in zip(cohort.people, before, after, strict=True):
        spans = cohort.comparison.spans(person) or []
        assert not isinstance(spans, Unreadable)
        told = {label for label, span in spans if span.first <= day <= span.last}
        differing = {name for name in STANDING if said(was, name) != said(now, name)}
        assert told == differing, person.name
        touched += bool(differing)
    assert touched or day < date(2022, 1, 1)


def said(row: Standing, name: str) -> Mapping[str, object]:
    kept = stored(row.determinations[name])
    return {"status": kept["status"], "result": kept["result"]}


def test_what_the_events_of_one_person_raise_is_their_own_for_rows_figures_and_what_if(cohort: Cohort) -> None:
    people, day = (SOUND, BROKEN, SOUND), DAYS[2]
    [first, broken, last] = judge(people, RULEBOOK, day)
    [counted, not_counted, again] = answer_each(people, RULEBOOK, ["certificate"], day, NATION)
    assert isinstance(first, Standing)
    assert isinstance(counted, Sequence)
    assert (first, counted) == (last, again)
    spans = cohort.comparison.spans(BROKEN)
    assert isinstance(spans, Unreadable)
    assert broken == not_counted == spans
    assert spans.error.startswith("InvalidEvent: ")


def test_what_if_names_who_cannot_be_judged_and_does_not_say_that_nobody_is_touched(cohort: Cohort) -> None:
    effect = effect_of(cohort.comparison, [SOUND, BROKEN])
    assert [one.partition(": ")[0] for one in effect.unreadable] == ["broken"]
    lines = list(effect_lines("HEAD", EffectOfEdits(**structs.asdict(effect), edits=())))
    assert f"  cannot be judged: {effect.unreadable[0]}" in lines
    assert not any("Nobody's answer changes" in line for line in lines)


def test_a_page_is_judged_in_another_process_as_here(cohort: Cohort) -> None:
    people = (*cohort.people[:20], BROKEN)
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(judge, people, cohort.comparison.before, DAYS[2]).result(timeout=60)
    assert there == judge(people, cohort.comparison.before, DAYS[2])


def test_a_rulebook_travels_without_what_it_has_composed() -> None:
    used = Rulebook(CHENGDU, PINNED, ())
    used.rules("510107")
    there = pickle.loads(pickle.dumps(used))  # noqa: S301 - made on this line.
    assert {place: (pinned.digest, pinned.pack) for place, pinned in there.packs.items()} == {
        place: (pinned.digest, pinned.pack) for place, pinned in PINNED.items()
    }
    assert (there.home, there.standards, len(there)) == (CHENGDU, (), 0)


def test_of_many_places_the_one_left_longest_is_composed_anew() -> None:
    book = Rulebook(NATION, PINNED, (), most_places=2)
    first, second = book.rules("410102"), book.rules("410103")
    assert book.rules("410102") is first
    book.rules("410104")
    assert book.rules("410102") is first
    assert book.rules("410103") is not second
