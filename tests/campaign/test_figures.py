"""Each figure, day, word and code by which a shipped pack judges is read from it: changed, it gives somebody another
answer.

The people are those of the examples of all packs, portraits, and random careers at home. `CAREERS=10000 make campaign`
draws more of the last.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Any, TypeAlias, get_args

import msgspec
import pytest

from contracts.events.revisions import Recorded, resolve
from contracts.events.values import (
    NATION,
    CertificateLevel,
    Day,
    DeterminationId,
    EmployerType,
    ExamLevel,
    Role,
    TrainingSubject,
)
from contracts.keys import Path
from contracts.places import lies_in, parents
from contracts.policies.language import LocalStandard
from contracts.policies.packs import PinnedPack, UnreadablePackError
from contracts.policies.readings import Assumption
from contracts.policies.shipped import shipped
from services.core.authoring.examples import example_standards, example_stream
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.questions.whole import whole_answer
from services.core.rules.book import Rules, compose, talents_of
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.verdict import Question
from services.demo.forms import recorded as recorded_life
from services.demo.lives import someone
from services.demo.places import place_of
from services.demo.portraits import portraits
from tests.campaign.careers import career
from tests.campaign.changes import Change, changed, changes
from tests.campaign.test_oracle import recorded, standards_of

PACKS: Mapping[str, PinnedPack] = shipped()
DOCUMENTS: Mapping[str, Any] = {place: msgspec.json.decode(pack.document) for place, pack in shipped().items()}
CHANGES = [(place, change) for place, document in DOCUMENTS.items() for change in changes(document)]
DETERMINATIONS: Sequence[DeterminationId] = get_args(DeterminationId)
LEVELS: Sequence[ExamLevel] = get_args(ExamLevel)
AFTER = [timedelta(days=days) for days in (-1, 0, 1, 370, 1110)]
"""Days around a fact, and those on which a year's window or a registration's term after it is over."""
SAMPLED = [date(year, month, 31) for year in range(2019, 2030) for month in (3, 12)]
CAREERS_EACH = 5
"""Careers drawn for one of `--careers`."""
MOST_DAYS, DAYS_A_ROUND = 30, 6
CAREERS_OF_A_CAMPAIGN, ONE_OF = 300, 9
ASKED_WHOLE = 60
"""People whose advice is compared too, if no status or result changes."""

OTHER_TALENTS = "talent:other.for_review.designated.other_talents_than"
NOTHING_CHANGES: Mapping[tuple[str, str], str] = {
    (
        place,
        f"editions[0].rules.{benefit}.entitlement.requires.any_of[2].{OTHER_TALENTS}[1]: left out",
    ): "whoever holds the title meets the part before this one, and any one is enough"
    for place, benefit in (
        ("371500", "benefit.settlement"),
        ("532300", "benefit.settlement"),
        ("532300", "benefit.child_education"),
        ("350000", "benefit.settlement"),
    )
}
"""Changes that change no answer, and why they cannot."""


class Person:
    """Where a person is at home, what is true of them, the standards there, and on which days they are asked about."""

    def __init__(
        self, home: str, stream: Sequence[Recorded], standards: tuple[LocalStandard, ...], *first: Day
    ) -> None:
        self.home = home
        self.facts = fold(resolve(stream))
        self.standards = standards
        told = {date.fromisoformat(event.occurred_on) + after for event in stream for after in AFTER}
        days = sorted(told | {*SAMPLED} | {day + after for day in edges_of(home) for after in AFTER[:3]})
        Random(home).shuffle(days)  # noqa: S311 - days that can be drawn again, no secrets.
        self.days = (*first, *days)[:MOST_DAYS]
        self._rules: dict[Assumption | None, Rules] = {}
        self._before: dict[object, object] = {}

    def before(self, ask: "Ask", question: Question, change: Change) -> object:
        """Return what the shipped packs answer."""
        key = ask, question, change.assumption
        if key not in self._before:
            if change.assumption not in self._rules:
                self._rules[change.assumption] = rules_for(self.home, self.standards, PACKS, change)
            self._before[key] = ask(self._rules[change.assumption], self.facts, question)
        return self._before[key]


@cache
def people(careers: int) -> Sequence[Person]:
    return [_never_registered(), *_in_examples(), *_in_portraits(), *_at_an_edge(), *_drawn(CAREERS_EACH * careers)]


def _never_registered() -> Person:
    """Return somebody whose certificate was issued long after its approval: until when to register it is advice."""
    life = someone.certified("2024-05-26", issued_on="2024-09-20")
    return Person(NATION, recorded_life(life), (), date(2024, 10, 1), date(2025, 6, 1))


def _in_examples() -> Iterator[Person]:
    for place, pack in PACKS.items():
        for example in pack.pack.examples:
            home, stream = example.jurisdiction or place, example_stream(example.given)
            yield Person(home, stream, example_standards(example.given), example.as_of)


def _in_portraits() -> Iterator[Person]:
    talents = talents_of(pack.pack for pack in PACKS.values())
    for place, pack in PACKS.items():
        if place != NATION:
            for year in sorted({edition.in_force.first_day.year for edition in pack.pack.editions}):
                for _, life in portraits(place, year, talents, place_of(pack.pack).platform):
                    yield Person(place, recorded_life(life), ())


def _at_an_edge() -> Iterator[Person]:
    """Yield people in whom what no portrait has decides: a record not verified, a post in an employment before,
    training in one subject, work of each kind that was left, or one post under one certificate."""
    job = {"employer_type": "public_institution", "role": "full_time_community_worker"}
    for place in PACKS:
        worker = someone.employed("2019-05-01", place, **job).certified("2020-10-18", "intermediate")
        registered = worker.registered("2021-01-01", "2023-12-31")
        unverified = registered.served("2023-03-01", verified=False)
        moved = worker.promoted("2022-05-01", 9).left("2023-02-28").employed("2023-03-01", place, **job)
        for life in (unverified, unverified.assessed("2022-01-01", "2024-12-31"), moved):
            yield Person(place, recorded_life(life), ())
        for employer_type, role, direct in product(get_args(EmployerType), get_args(Role), (True, False)):
            work: Any = {"employer_type": employer_type, "role": role, "direct_service": direct}
            left = someone.employed("2022-06-01", place, **work).left("2023-11-30")
            yield Person(place, recorded_life(left), (), date(2023, 12, 31), date(2025, 12, 31))
        for level, post_level in product(get_args(CertificateLevel), range(1, 14)):
            posted = someone.employed("2019-05-01", place, employer_type="public_institution", role="social_worker")
            promoted = posted.certified("2020-10-18", level).promoted("2022-05-01", post_level)
            yield Person(place, recorded_life(promoted), (), date(2023, 12, 31))
        for subject in get_args(TrainingSubject):
            yield Person(place, recorded_life(registered.trained("2022-06-01", "99", "hour", subjects=[subject])), ())


def _drawn(careers: int) -> Iterator[Person]:
    for life in map(career, range(careers)):
        yield Person(life.home, recorded(life), standards_of(life))


def edges_of(home: str) -> set[Day]:
    """Return the first and last days of the texts of a place and of those around it."""
    texts = [text for place in parents(home) if place in PACKS for text in PACKS[place].pack.editions]
    return {day for text in texts for day in (text.in_force.first_day, text.in_force.last_day) if day is not None}


@cache
def asking_for(place: str, term: Path) -> Sequence[str]:
    """Return the determinations that cannot be answered somewhere without a term of a pack.

    A term without which all are answered is asked for by the advice to who is registered.
    """
    packs = {**PACKS, place: changed(DOCUMENTS[place], Change(term, None, (), None))}
    somewhere = [compose(home, packs, ()) for home in PACKS]
    return [name for name in DETERMINATIONS if any(is_unreadable(rules, name) for rules in somewhere)] or [
        "registration"
    ]


def is_unreadable(rules: Rules, determination: str) -> bool:
    try:
        evaluate(rules, Facts(), Question(determination, SAMPLED[-1], None, "junior"))
    except UnreadablePackError:
        return True
    return False


def questions(days: Sequence[Day], about: Sequence[str]) -> Iterator[Question]:
    for name, day in product(about, days):
        for level in LEVELS if name in OF_A_LEVEL else (None,):
            yield Question(name, day, None, level)


def rules_for(
    home: str, standards: tuple[LocalStandard, ...], packs: Mapping[str, PinnedPack], change: Change
) -> Rules:
    rules = compose(home, packs, standards)
    return rules.assuming(change.assumption) if change.assumption else rules


def judged(rules: Rules, facts: Facts, question: Question) -> object:
    answer = evaluate(rules, facts, question)
    return answer.node.status, answer.node.reason, answer.node.result, answer.until


def told(rules: Rules, facts: Facts, question: Question) -> object:
    answer = whole_answer(rules, facts, question)
    return answer.would_change, answer.alternatives


Ask: TypeAlias = Callable[[Rules, Facts, Question], object]


def is_seen(place: str, change: Change, everybody: Sequence[Person]) -> bool:
    """Say whether anybody at home in the place of the pack has another answer: on few days first, then on more.

    A rule that cannot be read without what is left out, or with another word in its place, is seen as well.
    """
    packs = {**PACKS, place: changed(DOCUMENTS[place], change)}
    here = sorted((one for one in everybody if lies_in(one.home, place)), key=lambda one: one.home != place)
    rounds = [(judged, here, days) for days in batched(MOST_DAYS, DAYS_A_ROUND)]
    about = change.about or asking_for(place, change.at[:4])
    after: dict[Person, Rules] = {}
    for ask, asked, days in (*rounds, (told, here[:ASKED_WHOLE], slice(0, DAYS_A_ROUND))):
        for one in asked:
            if one not in after:
                after[one] = rules_for(one.home, one.standards, packs, change)
            for question in questions(one.days[days], about):
                try:
                    if ask(after[one], one.facts, question) != one.before(ask, question, change):
                        return True
                except UnreadablePackError:
                    assert change.value is None or isinstance(change.value, dict), change
                    return True
    return False


def batched(most: int, each: int) -> Iterator[slice]:
    return (slice(first, first + each) for first in range(0, most, each))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try all changes in a campaign, and otherwise one of several, so that every pack and kind of value has some."""
    if "change" in metafunc.fixturenames:
        some = CHANGES[:: 1 if metafunc.config.getoption("--careers") >= CAREERS_OF_A_CAMPAIGN else ONE_OF]
        metafunc.parametrize(("place", "change"), some, ids=[f"{place} {change}" for place, change in some])


def test_a_value_of_a_pack_changed_changes_an_answer(place: str, change: Change, pytestconfig: pytest.Config) -> None:
    seen = is_seen(place, change, people(pytestconfig.getoption("--careers")))
    assert seen != ((place, str(change)) in NOTHING_CHANGES)
