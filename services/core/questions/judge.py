"""Judging a page of people, each by the rules of their own place. Pure.

A page, its rulebook and its answers can be pickled, so another process can judge a page. Rows, figures and what-if all
come through here: if the events of one person raise an error, that person is unreadable, and all others are judged.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from contracts.events.revisions import Recorded
from contracts.events.values import Day
from contracts.places import lies_in
from services.core.facts.place import place_on, place_until
from services.core.questions.known import Knowledge, UndatedQuestion, person_known
from services.core.questions.standing import Standing, stand
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Determination

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
    people: Iterable[History], rulebook: Rulebook, determination: str, day: Day, within: str
) -> list[Determination | Unreadable | None]:
    """Return the answer of each person to one question on `day`, in the order given.

    It is None where the person's place lies outside `within`. The place of an unreadable person is unknown.
    """
    question = UndatedQuestion(determination)
    return [ask_one(person, rulebook, lambda known: _answer(known, question, day, within)) for person in people]


def ask_one(person: History, rulebook: Rulebook, ask: Callable[[Knowledge], T]) -> T | Unreadable:
    """Return what `ask` returns for a person; if reading, folding or asking raises, the person is unreadable."""
    try:
        return ask(person_known(person.recorded(), rulebook))
    except Exception as error:  # Whatever it is, all others must be judged.
        return Unreadable(f"{type(error).__name__}: {error}")


def _standing(known: Knowledge, today: Day) -> Standing:
    place = place_on(known.facts, today, known.home)
    return stand(known.rules(place), known.facts, today, place_until(known.facts, today, known.home))


def _answer(known: Knowledge, question: UndatedQuestion, day: Day, within: str) -> Determination | None:
    return known.answer(question, day) if lies_in(known.place(question, day), within) else None
