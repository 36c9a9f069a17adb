"""What a change of packs does to many people: how many answers change, how, and on which days. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, get_args

from msgspec import Struct

from contracts.events.values import Day
from services.core.questions.judge import Unreadable
from services.core.questions.whatif import ComparedAnswer, Comparison, Difference, Person, Span, digest_at
from services.core.rules.verdict import HOLDING

Way: TypeAlias = tuple[str, Difference, tuple[str, str] | None]
"""The label of the question, what differs in its answer, and the statuses before and after if they differ."""
DIFFERENCES: Sequence[Difference] = get_args(Difference)


class Sample(Struct, frozen=True):
    """One person affected by a change, with both answers on the first day on which they differ."""

    person: str
    events: int
    on: Day
    before: ComparedAnswer
    after: ComparedAnswer


class Change(Struct, frozen=True):
    """The people whose answers to one determination differ in one way, and when. `days` is the sum over the people.

    For alternatives only the first day is known: `days` and `last_day` are None. `before` and `after` are statuses,
    None if the status stays; then `fields` names what differs in the result. The sample is the person with the fewest
    events, preferably a career.
    """

    determination: str
    kind: Difference
    before: str | None
    after: str | None
    careers: int
    examples: int
    days: int | None
    first_day: Day
    last_day: Day | None
    fields: Sequence[str]
    sample: Sample


class PeopleCount(Struct, frozen=True):
    """How many people were asked; how many of them get another status on some day, or only another answer."""

    asked: int
    other_status: int
    other_answer: int


class Effect(Struct, frozen=True):
    """What the change of one place's pack does. `careers` counts those that have worked in the place.

    `unreadable` names each person who cannot be judged, with the error: a fault in the code or in a pack.
    """

    jurisdiction: str
    name: str
    digests: tuple[str | None, str | None]
    determinations: Sequence[str]
    careers: PeopleCount
    examples: PeopleCount
    changes: Sequence[Change]
    unreadable: Sequence[str]


def effect_of(comparison: Comparison, people: Iterable[Person], tell: Callable[[], None] = lambda: None) -> Effect:
    """Return what the change of one place's pack does to people. `tell` is called once for each of them."""
    differences: list[tuple[Person, set[Difference]]] = []
    by_way: dict[Way, list[tuple[Person, list[Span]]]] = {}
    unreadable: list[str] = []
    for person in people:
        tell()
        all_spans = comparison.spans(person)
        if isinstance(all_spans, Unreadable):
            unreadable.append(f"{person.name}: {all_spans.error}")
        if all_spans is None or isinstance(all_spans, Unreadable):
            continue
        differences.append((person, {span.kind for _, span in all_spans}))
        spans_by_way: dict[Way, list[Span]] = {}
        for label, span in all_spans:
            spans_by_way.setdefault((label, span.kind, span.turn), []).append(span)
        for way, spans in spans_by_way.items():
            by_way.setdefault(way, []).append((person, spans))
    place, before, after = comparison.place, comparison.before.packs, comparison.after.packs
    return Effect(
        jurisdiction=place,
        name=(after.get(place) or before[place]).pack.name.en,
        digests=(digest_at(before, place), digest_at(after, place)),
        determinations=list(comparison.questions),
        careers=_counted(own for person, own in differences if not person.is_example),
        examples=_counted(own for person, own in differences if person.is_example),
        changes=sorted((_change(way, touched) for way, touched in by_way.items()), key=_what_matters),
        unreadable=unreadable,
    )


def _counted(differences: Iterable[set[Difference]]) -> PeopleCount:
    people = list(differences)
    other_status = sum("status" in person for person in people)
    return PeopleCount(len(people), other_status, sum(map(bool, people)) - other_status)


def _change(way: Way, touched: Sequence[tuple[Person, Sequence[Span]]]) -> Change:
    determination, kind, statuses = way
    spans = [span for _, spans_of_person in touched for span in spans_of_person]
    examples = sum(person.is_example for person, _ in touched)
    person, (first, *_) = min(touched, key=lambda entry: (entry[0].is_example, len(entry[0].events)))
    before, after = statuses or (None, None)
    return Change(
        determination=determination,
        kind=kind,
        before=before,
        after=after,
        careers=len(touched) - examples,
        examples=examples,
        days=sum((span.last - span.first).days + 1 for span in spans) if kind != "alternatives" else None,
        first_day=min(span.first for span in spans),
        last_day=max(span.last for span in spans) if kind != "alternatives" else None,
        fields=[] if statuses else sorted({name for span in spans for name in span.fields}),
        sample=Sample(person.name, len(person.events), first.first, first.before, first.after),
    )


def _what_matters(change: Change) -> tuple[Any, ...]:
    """Sort by kind of difference; gains and losses first, open cases last; then by number of people."""
    turn = (change.before or "", change.after or "")
    people = (-change.careers, -change.examples)
    return (
        DIFFERENCES.index(change.kind),
        "pending" in turn,
        HOLDING.isdisjoint(turn),
        *people,
        change.determination,
        *turn,
    )
