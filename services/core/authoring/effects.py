"""What an edited pack does to people: its edits, and whose answers they change. Pure."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import structs

from contracts.policies.packs import Shipped
from services.core.authoring.edits import Edit, edits_between
from services.core.questions.effect import Effect, effect_of
from services.core.questions.whatif import Cohort, Comparison, comparison_of


class EffectOfEdits(Effect, frozen=True):
    """The effect of a change, with the edits that make it up."""

    edits: Sequence[Edit]


def edits_compared(
    place: str, before: Mapping[str, Shipped], after: Mapping[str, Shipped], cohort: Cohort
) -> Comparison:
    """Return the comparison for the edits of one place's pack, also under other readings if an edit concerns them."""
    edits = edits_between(before.get(place), after.get(place))
    return comparison_of(
        place, before, after, cohort, with_alternatives=any(edit.turns == "alternatives" for edit in edits)
    )


def effect_of_edits(
    place: str,
    before: Mapping[str, Shipped],
    after: Mapping[str, Shipped],
    cohort: Cohort,
    tell: Callable[[], None] = lambda: None,
) -> EffectOfEdits:
    """Return what the edits of one place's pack do to a cohort. `tell` is called once for each person."""
    effect = effect_of(edits_compared(place, before, after, cohort), cohort.people, tell)
    return EffectOfEdits(**structs.asdict(effect), edits=edits_between(before.get(place), after.get(place)))
