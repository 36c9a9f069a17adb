"""What a change of packs does to invented people: who they are, and whose answers differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count

from contracts.policies.packs import Shipped
from services.core.authoring.edits import Edit, edits_between
from services.core.authoring.effects import EffectOfEdits, edits_compared, effect_of_edits
from services.core.questions.judge import Unreadable
from services.core.questions.whatif import Person, Span, changed_places
from services.demo.cohort import cohort_of

Tell = Callable[[int, int, str], None]
"""Called with how many people were judged, of how many, and a line about it."""


def effects_between(
    before: Mapping[str, Shipped],
    after: Mapping[str, Shipped],
    practitioners: int,
    seed: int,
    tell: Tell,
) -> list[EffectOfEdits]:
    """Return the effect of every changed pack."""
    places = changed_places(before, after)
    cohorts = {place: cohort_of(place, before, after, practitioners, seed) for place in places}
    people = sum(len(cohort.people) for cohort in cohorts.values())
    numbers = count(1)

    def count_person() -> None:
        tell(next(numbers), people, f"asked {people:,} people")

    return [effect_of_edits(place, before, after, cohort, count_person) for place, cohort in cohorts.items()]


def spans_of(
    name: str, before: Mapping[str, Shipped], after: Mapping[str, Shipped], practitioners: int, seed: int
) -> Iterator[tuple[str, Person, Sequence[tuple[str, Span]] | Unreadable | None]]:
    """Yield the named person for each changed pack whose people include them, with the place of that pack and the days
    on which the answers differ; None if they never worked there."""
    for place in changed_places(before, after):
        cohort = cohort_of(place, before, after, practitioners, seed)
        for person in cohort.people:
            if person.name == name:
                yield place, person, edits_compared(place, before, after, cohort).spans(person)


def reworded_packs(before: Mapping[str, Shipped], after: Mapping[str, Shipped]) -> dict[str, list[Edit]]:
    """Return the packs that keep their digest although their texts differ."""
    return {
        place: edits_between(before[place], pack)
        for place, pack in after.items()
        if place in before and before[place].digest == pack.digest and before[place].document != pack.document
    }
