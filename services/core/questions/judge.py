"""Judging a page of people, each by the rules of their own place, or of one that concerns them. Pure.

A page, its rulebook and its answers can be pickled, so another process can judge a page. Rows, figures and what-if all
come through here: if the events of one person raise an error, that person is unreadable, and all others are judged.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct, structs

from contracts.events.revisions import Recorded
from contracts.events.values import Day
from contracts.places import lies_in
from services.core.facts.place import place_on, place_until
from services.core.questions.known import Knowledge, UndatedQuestion, person_known
from services.core.questions.standing import Standing, stand
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import UNJUDGED, Determination

T = TypeVar("T")


class History(Protocol):
    """The events of one person, read only when the person is judged. Reading may raise."""

    def recorded(self) -> Sequence[Recorded]:
        """Return the whole stream in order."""


class Unreadable(Struct, frozen=True):
    """Why a person cannot be judged: the type of the error that their events raise, a colon, and its message."""

    error: str


def judge(people: Iterable[History], rulebook: Rulebook, today: Day) -> list[Standing | Unreadable]:
    """Return the standing of each person on `today`, in the order given."""
    return [ask_one(person, rulebook, lambda known: _standing(known, today)) for person in people]


def answer_each(
    people: Iterable[History],
    rulebook: Rulebook,
    determinations: Sequence[str],
    day: Day,
    within: str,
    concerned: bool = False,
) -> list[Sequence[Determination] | Unreadable | None]:
    """Return the answers of each person to the same questions on `day`, in the order given; at least one is asked.

    They are None where the person's place lies outside `within`; if `concerned`, only where the rule of `within` on
    the first question does not concern the person either. The place of an unreadable person is unknown.
    """
    questions = [UndatedQuestion(name) for name in determinations]
    return [ask_one(one, rulebook, lambda known: _answers(known, questions, day, within, concerned)) for one in people]


def ask_one(person: History, rulebook: Rulebook, ask: Callable[[Knowledge], T]) -> T | Unreadable:
    """Return what `ask` returns for a person; if reading, folding or asking raises, the person is unreadable."""
    try:
        return ask(person_known(person.recorded(), rulebook))
    except Exception as error:  # Whatever it is, all others must be judged.
        return Unreadable(f"{type(error).__name__}: {error}")


def _standing(known: Knowledge, today: Day) -> Standing:
    place = place_on(known.facts, today, known.home)
    return stand(known.rules(place), known.facts, today, place_until(known.facts, today, known.home))


def _answers(
    known: Knowledge, questions: Sequence[UndatedQuestion], day: Day, within: str, concerned: bool
) -> Sequence[Determination] | None:
    if lies_in(place_on(known.facts, day, known.home), within):
        return [known.answer(question, day) for question in questions]
    if not concerned:
        return None
    answers = [known.answer(structs.replace(question, place=within), day) for question in questions]
    return None if answers[0].node.status in UNJUDGED else answers
