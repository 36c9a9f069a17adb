"""A page of people judged, each by the rules of their own place. Pure; a page, its rulebook and its answers can be
pickled, so another process can take one.

Rows, figures and what-if all come through here: where the events of one person raise an error, that is this person's
own, and the others are judged.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from contracts.events.revisions import Recorded
from contracts.events.values import Day
from contracts.places import lies_in
from services.core.facts.place import place_on, place_until
from services.core.questions.known import Asked, Knowledge, person_known
from services.core.questions.standing import Standing, stand
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Determination

T = TypeVar("T")


class History(Protocol):
    """The events of one person. They are read only when the person is judged, and reading may raise."""

    def recorded(self) -> Sequence[Recorded]:
        """Return the whole stream in order."""


class Unreadable(Struct, frozen=True):
    """Why somebody cannot be judged: the error of their own events, with its kind before the colon."""

    error: str


def judge(people: Iterable[History], rulebook: Rulebook, today: Day) -> list[Standing | Unreadable]:
    """Return each person's standing on a day, in the order given."""
    return [ask_one(person, rulebook, lambda known: _standing(known, today)) for person in people]


def answer_each(
    people: Iterable[History], rulebook: Rulebook, determination: str, day: Day, within: str
) -> list[Determination | Unreadable | None]:
    """Return each person's answer to one question on a day, in the order given; None where their place lies outside
    `within`. The place of who is unreadable is not known."""
    asked = Asked(determination)
    return [ask_one(person, rulebook, lambda known: _answer(known, asked, day, within)) for person in people]


def ask_one(person: History, rulebook: Rulebook, ask: Callable[[Knowledge], T]) -> T | Unreadable:
    """Return what `ask` makes of a person under a rulebook; whatever is raised meanwhile makes them unreadable."""
    try:
        return ask(person_known(person.recorded(), rulebook))
    except Exception as error:  # Whatever it is, the others are judged.
        return Unreadable(f"{type(error).__name__}: {error}")


def _standing(known: Knowledge, today: Day) -> Standing:
    place = place_on(known.facts, today, known.home)
    return stand(known.rules(place), known.facts, today, place_until(known.facts, today, known.home))


def _answer(known: Knowledge, asked: Asked, day: Day, within: str) -> Determination | None:
    return known.answer(asked, day) if lies_in(known.place(asked, day), within) else None
