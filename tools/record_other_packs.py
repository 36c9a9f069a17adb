"""Answers to record under packs that could have been written, and under local standards that compete.

Every shipped place has one text, so careers under the shipped packs never meet what follows a text, lies beside it or
fills the gap after it; and few of them meet two standards of one day. Here the packs are drawn as `make campaign` draws
them, and each answer is looked at on both sides of its turns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any, get_args

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contracts.document import plain
from contracts.events.values import LAST_DAY, NATION, DeterminationId
from contracts.places import stem
from contracts.policies.language import Edition, LocalStandard
from services.core.calendar import Window, next_change
from services.core.rules.verdict import Determination, Question
from tests.campaign.careers import EMPLOYERS, Career, career
from tests.campaign.packs import careers_for, packs_around
from tools.recorded import Judge, JudgedCareer, Packs
from tools.sorts import Sort, form_of, numbered, questions

PACKS_ABOUT_EACH = 4
"""Drawn packs whose texts are about a determination."""
CAREERS_UNDER_PACKS = 10
ANSWERS_OF_A_SORT = 2
FIRST, LAST = date(2016, 1, 1), date(2031, 12, 31)
ONE_DAY = timedelta(days=1)
DAYS_OF_STANDARDS = (date(2020, 2, 29), date(2021, 7, 12), date(2022, 3, 1), date(2024, 3, 1))
"""Few enough that standards share a day."""
MOST_STANDARDS = 5
OF_STANDARDS = ("allowance", "reward.exam")
LEVELS = ("junior", "intermediate", "senior")


@dataclass(frozen=True, eq=False)
class DrawnPacks:
    """The packs of a place and around it with their texts, and the seeds of careers to be judged by them."""

    place: str
    packs: Packs
    texts: Mapping[str, Sequence[Edition]]
    seeds: tuple[int, ...]

    def texts_on(self, answer: Determination) -> Sort:
        """Return which texts of the place that answered are in force on the day, and which of them answered."""
        texts = self.texts[answer.policy.jurisdiction]
        having = [text for text in texts if answer.determination in text.rules]
        in_force = (Window(one.in_force.first_day, one.in_force.last_day or LAST_DAY) for one in having)
        return tuple(
            (answer.as_of in days, text.edition == answer.policy.edition)
            for days, text in zip(in_force, having, strict=True)
        )


@dataclass(frozen=True)
class OtherAnswers:
    """Questions about one career under drawn packs, each of which reached a new sort of answer."""

    drawn: DrawnPacks
    life: Career
    questions: Sequence[Question]


class Reached:
    """How many answers there are of each sort."""

    def __init__(self) -> None:
        self._answers: dict[Sort, int] = {}

    def add(self, sorts: Sequence[Sort]) -> bool:
        """Count an answer, if any of its sorts has too few. Say whether it was counted."""
        if all(self._answers.get(sort, 0) >= ANSWERS_OF_A_SORT for sort in sorts):
            return False
        for sort in sorts:
            self._answers[sort] = self._answers.get(sort, 0) + 1
        return True


def other_answers() -> Iterator[OtherAnswers]:
    """Yield what is recorded under drawn packs: the same at every call while packs and careers are drawn alike."""
    reached = Reached()
    for number, drawn in enumerate(_all_drawn()):
        judge = Judge(drawn.packs)
        for seed in drawn.seeds:
            life = numbered(_with_standards(career(seed), drawn.place, Random(f"{number} {seed}")))  # noqa: S311 - drawn again, no secret.
            judged = judge.career(life.events, life.standards)
            new = [question for question, sorts in _answers(judged, drawn) if reached.add(sorts)]
            if new:
                yield OtherAnswers(drawn, life, new)


def _all_drawn() -> list[DrawnPacks]:
    """Return packs about every determination."""
    drawn: list[DrawnPacks] = []

    def keep(data: st.DataObject, name: DeterminationId) -> None:
        seeds = [data.draw(careers_for(name)) for _ in range(CAREERS_UNDER_PACKS)]
        place = data.draw(st.sampled_from([career(seed).home for seed in seeds]))
        around = data.draw(packs_around(place, name))
        documents = {at: msgspec.Raw(pinned.document) for at, pinned in around.packs.items()}
        texts = {at: pinned.pack.editions for at, pinned in around.packs.items()}
        drawn.append(DrawnPacks(place, documents, texts, tuple(dict.fromkeys(seeds))))

    alike = settings(
        max_examples=PACKS_ABOUT_EACH,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for name in get_args(DeterminationId):
        alike(given(st.data(), st.just(name))(keep))()
    return drawn


def _with_standards(life: Career, place: str, random: Random) -> Career:
    """Return the career with standards of the place and of its city, so close that only their order tells which."""
    cities = (place, f"{place[:4]}00")
    standards = [
        {
            "position": 100_000 + number,
            "standard_id": f"S{number}",
            "jurisdiction": random.choice(cities),
            "determination": random.choice(OF_STANDARDS),
            "effective_from": random.choice(DAYS_OF_STANDARDS).isoformat(),
            "tiers": {level: str(100 * number + 100) for level in LEVELS},
            "unit": "CNY_per_month",
            "adds_employer_types": sorted(random.sample(EMPLOYERS, 3)),
        }
        for number in range(random.randint(0, MOST_STANDARDS))
    ]
    return replace(life, standards=tuple(standards))


def _answers(judged: JudgedCareer, drawn: DrawnPacks) -> Iterator[tuple[Question, Sequence[Sort]]]:
    """Yield the questions about both sides of each turn, with the sorts of their answers."""
    for turn in _turns(judged, drawn.place):
        for before, after in zip(questions(turn - ONE_DAY), questions(turn), strict=True):
            answers = [judged.determination(drawn.place, question) for question in (before, after)]
            passage = tuple((answer.node.status, answer.node.reason) for answer in answers)
            for side, (question, answer) in enumerate(zip((before, after), answers, strict=True)):
                sorts = _sorts(answer, judged, drawn)
                yield question, [*sorts, (answer.determination, passage, side)]


def _turns(judged: JudgedCareer, place: str) -> list[date]:
    """Return the first days of what follows, for every question about the present day of all the years."""
    found = set()
    for first in questions(FIRST):
        question = first
        while (turn := next_change(judged.determination(place, question).until)) is not None and turn <= LAST:
            found.add(turn)
            question = Question(first.determination, turn, first.period, first.level)
    return sorted(found)


def _sorts(answer: Determination, judged: JudgedCareer, drawn: DrawnPacks) -> list[Sort]:
    """Return the sorts of an answer: by text, by form of the result with its days, and by what standards decide."""
    node, policy = answer.node, answer.policy
    status = (answer.determination, node.status, node.reason)
    result = plain(node.result)
    forms = [(form_of(name, value), _kind_of_day(value, policy.edition)) for name, value in result.items()]
    sorts: list[Sort] = [(*status, policy.jurisdiction == NATION, *drawn.texts_on(answer)), (*status, *forms)]
    if answer.determination in OF_STANDARDS:
        sorts.append((*status, *_work_and_standards(judged, answer)))
    return sorts


def _kind_of_day(value: Any, edition: str) -> str | None:
    """Say whether a value of a result is 29 February, or a day before the text, whose name is its first day."""
    if not isinstance(value, str) or len(value) != len(edition):
        return None
    return "leap" if value.endswith("-02-29") else "earlier" if value < edition else None


def _work_and_standards(judged: JudgedCareer, answer: Determination) -> Sort:
    """Return the roles held on the day, each with whether a standard adds its employer, and how standards compete."""
    standards = [
        one
        for one in judged.standards
        if one.determination == answer.determination and one.effective_from <= answer.as_of
    ]
    added = {employer for one in standards for employer in one.adds_employer_types}
    held = [job for job in judged.facts.employments if job.first <= answer.as_of <= (job.last or LAST_DAY)]
    work = frozenset((job.role, job.employer_type in added) for job in held)
    in_order = sorted(standards, key=lambda one: (one.effective_from, one.evidence.position))
    relations = frozenset(_relation(one, other) for one, other in pairwise(in_order))
    return work, relations


def _relation(one: LocalStandard, later: LocalStandard) -> Sort:
    """Return how two standards compete: by place, and by day."""
    closer = len(stem(later.jurisdiction)) - len(stem(one.jurisdiction))
    return closer, one.effective_from == later.effective_from
